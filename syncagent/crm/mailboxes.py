"""Answers for mailboxes and their streams: what the configuration names, what the provider lists, how each fares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, update

from syncagent.crm import people
from syncagent.crm.tables.mailboxes import Mailbox
from syncagent.crm.tables.mailboxes import Stream as StreamRow
from syncagent.crm.tables.people import OurAddress, OurPerson
from syncagent.crm.types import UtcDateTime, new_id
from syncagent.errors import Retry, SyncAgentError
from syncagent.model import Stream
from syncagent.vocabulary import Role


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """A mailbox as the configuration names it."""

    name: str
    kind: str
    manager: str
    addresses: tuple[str, ...]
    language: str
    zone: str
    store: str
    signature: str
    history_since: date | None
    deliver_report: bool


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A mailbox as the workers use it."""

    id: int
    our_person_id: int
    settings: MailboxSettings
    paused: bool


@dataclass(frozen=True, slots=True)
class StreamState:
    """How far a stream is read."""

    id: int
    mailbox_id: int
    stream: Stream
    cursor: str
    baseline: str
    baseline_done: bool
    reread_since_at: datetime | None
    round: int
    retry_at: datetime | None
    complete_to_at: datetime | None
    gapless_since_at: datetime | None


def adopt(connection: Connection, settings: Sequence[MailboxSettings], *, now: datetime) -> list[MailboxRow]:
    """Brings the mailboxes to what the configuration says. One that it no longer names keeps its history."""
    found = [_adopt_one(connection, wanted) for wanted in settings]
    connection.execute(
        update(Mailbox)
        .where(Mailbox.name.not_in([wanted.name for wanted in settings]), Mailbox.removed_at.is_(None))
        .values(removed_at=now)
    )
    return found


def _adopt_one(connection: Connection, wanted: MailboxSettings) -> MailboxRow:
    person_id = _our_person(connection, wanted)
    values = {
        "kind": wanted.kind,
        "our_person_id": person_id,
        "language": wanted.language,
        "zone": wanted.zone,
        "store": wanted.store,
        "signature": wanted.signature,
        "history_since": wanted.history_since,
        "deliver_report": wanted.deliver_report,
        "removed_at": None,
    }
    row = connection.execute(select(Mailbox.id, Mailbox.paused_at).where(Mailbox.name == wanted.name)).first()
    if row is None:
        result = connection.execute(insert(Mailbox).values(name=wanted.name, **values))
        return MailboxRow(new_id(result), person_id, wanted, paused=False)
    connection.execute(update(Mailbox).where(Mailbox.id == row.id).values(**values))
    return MailboxRow(row.id, person_id, wanted, paused=row.paused_at is not None)


def _our_person(connection: Connection, wanted: MailboxSettings) -> int:
    """The manager, known by any of the mailbox's addresses; a new address of ours changes what matching knows."""
    known: dict[str, int] = {
        row.email: row.our_person_id
        for row in connection.execute(
            select(OurAddress.email, OurAddress.our_person_id).where(OurAddress.email.in_(wanted.addresses))
        )
    }
    values = {"name": wanted.manager, "language": wanted.language, "zone": wanted.zone}
    if wanted.addresses[0] in known:
        person_id = known[wanted.addresses[0]]
        connection.execute(update(OurPerson).where(OurPerson.id == person_id).values(**values))
    else:
        result = connection.execute(insert(OurPerson).values(email=wanted.addresses[0], **values))
        person_id = new_id(result)
    new = [email for email in wanted.addresses if known.get(email) != person_id]
    for email in new:
        if email in known:
            connection.execute(update(OurAddress).where(OurAddress.email == email).values(our_person_id=person_id))
        else:
            connection.execute(insert(OurAddress).values(email=email, our_person_id=person_id))
    if new:
        people.bump(connection)
    return person_id


_FRESH: dict[str, Any] = {
    "cursor": "",
    "baseline": "",
    "baseline_done": False,
    "round": 0,
    "error": "",
    "message": "",
    "cure": "",
}


def adopt_streams(
    connection: Connection, mailbox_id: int, listed: Sequence[Stream], *, now: datetime
) -> list[StreamState]:
    """Brings the streams of a mailbox to what the provider lists; a stream that came back goes on where it was."""
    stored = {
        row.remote_id: row
        for row in connection.execute(
            select(StreamRow.id, StreamRow.remote_id, StreamRow.name, StreamRow.role, StreamRow.gone_at).where(
                StreamRow.mailbox_id == mailbox_id
            )
        )
    }
    for stream in listed:
        row = stored.pop(stream.id, None)
        values = {"name": stream.name, "role": stream.role.value, "gone_at": None}
        if row is None:
            connection.execute(insert(StreamRow).values(mailbox_id=mailbox_id, remote_id=stream.id, **values, **_FRESH))
        elif (row.name, row.role, row.gone_at) != (stream.name, stream.role.value, None):
            connection.execute(update(StreamRow).where(StreamRow.id == row.id).values(**values))
    vanished = [row.id for row in stored.values() if row.gone_at is None]
    if vanished:
        connection.execute(update(StreamRow).where(StreamRow.id.in_(vanished)).values(gone_at=now))
    return streams(connection, mailbox_id)


def streams(connection: Connection, mailbox_id: int) -> list[StreamState]:
    """The streams that the provider has now, in the order in which they were first listed."""
    return [
        StreamState(
            id=row.id,
            mailbox_id=row.mailbox_id,
            stream=Stream(row.remote_id, row.name, Role(row.role)),
            cursor=row.cursor,
            baseline=row.baseline,
            baseline_done=row.baseline_done,
            reread_since_at=row.reread_since_at,
            round=row.round,
            retry_at=row.retry_at,
            complete_to_at=row.complete_to_at,
            gapless_since_at=row.gapless_since_at,
        )
        for row in connection.execute(
            select(StreamRow.__table__)
            .where(StreamRow.mailbox_id == mailbox_id, StreamRow.gone_at.is_(None))
            .order_by(StreamRow.id)
        )
    ]


def step_baseline(connection: Connection, stream_id: int, *, cursor: str, resume: str, done: bool) -> None:
    """Keeps how far the walk to the first cursor has come."""
    values: dict[str, Any] = {"baseline": "" if done else resume, "baseline_done": done}
    if done:
        values["cursor"] = cursor
    connection.execute(update(StreamRow).where(StreamRow.id == stream_id).values(**values))


def begin_reread(connection: Connection, stream_id: int, *, cursor: str, since: datetime) -> None:
    """Orders the bounded re-read that follows a lost cursor. What is read under it is compared when it ends."""
    connection.execute(
        update(StreamRow)
        .where(StreamRow.id == stream_id)
        .values(cursor=cursor, reread_since_at=since, round=StreamRow.round + 1, gapless_since_at=None)
    )


def went_well(connection: Connection, stream_id: int, *, began_at: datetime, ended_at: datetime) -> None:
    """A forward reading came to its end: nothing that lay in the stream before ``began_at`` is missing."""
    connection.execute(
        update(StreamRow)
        .where(StreamRow.id == stream_id)
        .values(
            last_good_at=ended_at,
            complete_to_at=began_at,
            gapless_since_at=func.coalesce(StreamRow.gapless_since_at, literal(began_at, UtcDateTime)),
            reread_since_at=None,
            last_error_at=None,
            error="",
            message="",
            cure="",
            retry_at=None,
        )
    )


def went_wrong(connection: Connection, stream_ids: Sequence[int], error: SyncAgentError, *, now: datetime) -> None:
    """Keeps what stopped these streams, in words that hold nothing of any item."""
    connection.execute(
        update(StreamRow)
        .where(StreamRow.id.in_(stream_ids))
        .values(
            last_error_at=now,
            error=error.code,
            message=error.message,
            cure=error.cure,
            retry_at=error.retry_at if error.retry is Retry.AT else None,
        )
    )
