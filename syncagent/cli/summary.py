"""Answers for the tables that more than one command shows: what a pass did, what was logged, what was prepared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from syncagent.cli.output import Column, moment, say, show, table
from syncagent.cli.progress import Tally
from syncagent.crm import interactions
from syncagent.crm.database import Connection
from syncagent.wiring import House
from syncagent.work import PassResult

_MAIL = {"mail_in": "mail in", "mail_out": "mail out"}


def show_pass(result: PassResult, tally: Tally) -> None:
    """What a pass did, mailbox by mailbox, and what stopped some of it."""
    table(
        [Column("Mailbox"), Column("Folders", right=True), Column("Read", right=True), Column("Logged", right=True)],
        [
            (one.mailbox, one.streams, tally.seen[one.mailbox], tally.logged[one.mailbox])
            for one in sorted(result.mailboxes, key=lambda one: one.mailbox)
        ],
    )
    show(f"Drafts: {result.planned} newly due, {result.placed} placed.")
    show_troubles(result)


def show_troubles(result: PassResult) -> None:
    """Each thing that went wrong with its cure, on stderr."""
    for one in result.mailboxes:
        for stream, error in one.troubles.items():
            say(f"{one.mailbox}{f' / {stream}' if stream else ''}: {error.message}")
            if error.cure:
                say(f"  What to do: {error.cure}")


def show_rehearsal(copy: House, result: PassResult, tally: Tally, began_at: datetime) -> None:
    """What a rehearsal would have logged and drafted."""
    zone = copy.config.agent.time_zone
    say("A rehearsal: nothing was written.")
    with copy.database.read() as connection:
        now = copy.clocks.domain.now()
        new = list(interactions.listed(connection, now=now, logged_since=began_at))
        show_interactions(connection, new, zone)
    show(f"Would log {len(new)} interactions out of {tally.seen.total()} items that are new or changed.")
    table(
        [Column("Draft to", wide=True), Column("Subject", wide=True), Column("Language")],
        [(", ".join(to.name or to.email for to in draft.to), draft.subject, draft.language) for draft in result.papers],
        wrap=True,
    )
    show(f"Would place {len(result.papers)} drafts.")
    show_troubles(result)


def show_interactions(connection: Connection, rows: Sequence[Mapping[str, Any]], zone: str) -> None:
    """Interactions as a table, in their order; people are shown by their names."""
    names = interactions.names_of(connection, (match["address"] for row in rows for match in row["match"]))
    table(
        [
            Column("Id", right=True),
            Column("When"),
            Column("What"),
            Column("Account", wide=True),
            Column("With", wide=True),
            Column("Subject", wide=True),
        ],
        [
            (
                row["id"],
                moment(row["at"], zone),
                _what(row),
                ", ".join(row["accounts"]),
                _people((match["address"] for match in row["match"]), names),
                row["subject"],
            )
            for row in rows
        ],
    )


def _what(row: Mapping[str, Any]) -> str:
    """One word or two: of a meeting that did not take place, or not yet, how it stands says more than its kind."""
    if row["kind"] in _MAIL:
        return _MAIL[row["kind"]]
    return str(row["kind"] if row["state"] == "done" else row["state"])


def _people(emails: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(names.get(email, email) for email in emails))


def show_drafts(connection: Connection, rows: Sequence[Mapping[str, Any]], zone: str) -> None:
    """Drafts as a table, in their order; people are shown by their names."""
    names = interactions.names_of(connection, (email for row in rows for email in row["to"]))
    table(
        [
            Column("Id", right=True),
            Column("State"),
            Column("Due"),
            Column("Mailbox"),
            Column("To", wide=True),
            Column("Subject", wide=True),
        ],
        [
            (
                row["id"],
                row["state"],
                moment(row["due_at"], zone),
                row["mailbox"],
                _people(row["to"], names),
                row["subject"] or "(not written yet)",
            )
            for row in rows
        ],
        wrap=True,
    )
