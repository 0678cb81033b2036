"""Answers for items that could not be read: remembered by name, tried again, never in the way of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from syncagent.crm.tables.mailboxes import Failure, Mailbox
from syncagent.crm.tables.mailboxes import Stream as StreamRow
from syncagent.crm.types import chunks, insert_for
from syncagent.errors import NotFound
from syncagent.model import Ref, Unreadable

#: After how many tries an item waits for a person to ask for it.
MAX_ATTEMPTS = 8

#: The first wait; it doubles with each try.
FIRST_WAIT = timedelta(minutes=15)


def remember(connection: Connection, stream_id: int, unreadable: Sequence[Unreadable], *, now: datetime) -> None:
    """Keeps items that could not be read, with the time of their next try."""
    rows = [
        {
            "stream_id": stream_id,
            "remote_id": one.ref.id,
            "reason": one.reason,
            "attempts": 1,
            "first_at": now,
            "last_at": now,
            "next_at": now + FIRST_WAIT,
            "resolved_at": None,
        }
        for one in {one.ref: one for one in unreadable}.values()
    ]
    if not rows:
        return
    statement = insert_for(connection, Failure)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["stream_id", "remote_id"],
            set_={
                "reason": statement.excluded.reason,
                "attempts": Failure.attempts + 1,
                "last_at": statement.excluded.last_at,
                "next_at": statement.excluded.next_at,
                "resolved_at": None,
            },
        ),
        sorted(rows, key=lambda row: str(row["remote_id"])),
    )
    _back_off(connection, stream_id, [str(row["remote_id"]) for row in rows], now)


def _back_off(connection: Connection, stream_id: int, remote_ids: Sequence[str], now: datetime) -> None:
    for some in chunks(remote_ids):
        again = connection.execute(
            select(Failure.id, Failure.attempts).where(
                Failure.stream_id == stream_id, Failure.remote_id.in_(some), Failure.attempts > 1
            )
        ).all()
        for row in again:
            wait = FIRST_WAIT * 2 ** (row.attempts - 1)
            next_at = now + wait if row.attempts < MAX_ATTEMPTS else None
            connection.execute(update(Failure).where(Failure.id == row.id).values(next_at=next_at))


def resolve(connection: Connection, stream_id: int, refs: Iterable[Ref], *, now: datetime) -> None:
    """Closes the failures of items that were read meanwhile, or are gone."""
    for some in chunks(dict.fromkeys(ref.id for ref in refs)):
        connection.execute(
            update(Failure)
            .where(Failure.stream_id == stream_id, Failure.remote_id.in_(some), Failure.resolved_at.is_(None))
            .values(resolved_at=now, next_at=None)
        )


def due(connection: Connection, stream_id: int, *, now: datetime, limit: int = 200) -> list[str]:
    """Ids of the items of a stream that are to be tried again."""
    return list(
        connection.scalars(
            select(Failure.remote_id)
            .where(Failure.stream_id == stream_id, Failure.resolved_at.is_(None), Failure.next_at <= now)
            .order_by(Failure.next_at)
            .limit(limit)
        )
    )


def ask_again(connection: Connection, failure_id: int, *, now: datetime) -> str:
    """Has an item tried in the next pass; returns the name of its mailbox. Raises ``NotFound``."""
    mailbox = connection.scalar(
        select(Mailbox.name)
        .join(StreamRow, StreamRow.mailbox_id == Mailbox.id)
        .join(Failure, Failure.stream_id == StreamRow.id)
        .where(Failure.id == failure_id, Failure.resolved_at.is_(None))
    )
    if mailbox is None:
        raise NotFound(f"No open failure has the id {failure_id}.", cure="syncagent failures --json lists them.")
    connection.execute(update(Failure).where(Failure.id == failure_id).values(next_at=now))
    return mailbox


def listed(connection: Connection) -> list[dict[str, Any]]:
    """The open failures, oldest first."""
    found = connection.execute(
        select(Failure.__table__, StreamRow.name.label("stream"), Mailbox.name.label("mailbox"))
        .join(StreamRow, StreamRow.id == Failure.stream_id)
        .join(Mailbox, Mailbox.id == StreamRow.mailbox_id)
        .where(Failure.resolved_at.is_(None))
        .order_by(Failure.first_at, Failure.id)
    )
    return [
        {
            "id": row.id,
            "mailbox": row.mailbox,
            "stream": row.stream,
            "item": row.remote_id,
            "reason": row.reason,
            "attempts": row.attempts,
            "first_at": row.first_at,
            "last_at": row.last_at,
            "next_at": row.next_at,
        }
        for row in found
    ]


def open_count(connection: Connection) -> dict[int, int]:
    """How many items of each stream wait for another try."""
    return {
        row.stream_id: row.number
        for row in connection.execute(
            select(Failure.stream_id, func.count().label("number"))
            .where(Failure.resolved_at.is_(None))
            .group_by(Failure.stream_id)
        )
    }
