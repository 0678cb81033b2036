"""Answers for what is told after a pass: what it did, what stopped some of it, and what a rehearsal would have done."""

from __future__ import annotations

from datetime import datetime

from syncagent.cli.lists import show_interactions
from syncagent.cli.output import Column, say, show, table
from syncagent.cli.progress import Tally
from syncagent.crm import interactions
from syncagent.wiring import House
from syncagent.work import PassResult


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
