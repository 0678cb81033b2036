"""Answers for lists that more than one command shows: interactions and drafts, with people by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syncagent.cli.output import Column, moment, table
from syncagent.crm import interactions
from syncagent.crm.database import Connection

_MAIL = {"mail_in": "mail in", "mail_out": "mail out"}


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
