"""Answers for which interaction each item of a page is: found, or made, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from syncagent.crm import identity, marks
from syncagent.crm.record import ItemRecord
from syncagent.crm.tables.interactions import Interaction, Series, Suppression
from syncagent.crm.types import chunks, insert_for, upsert
from syncagent.model import Event, Mail
from syncagent.vocabulary import Detail, EventStatus


@dataclass(slots=True)
class Resolved:
    """An item with the interaction that it is. ``changed``: the interaction says something else than before."""

    record: ItemRecord
    natural_key: str
    interaction_id: int = 0
    created: bool = False
    changed: bool = False
    stored: Any = field(default=None)  # the interaction's row as it was before this page; None when it was made


def resolve(
    connection: Connection, records: Sequence[ItemRecord], *, secret: bytes, now: datetime, domain_now: datetime
) -> list[Resolved]:
    """The interaction of each record; those that did not exist are made. Private elsewhere stays private here."""
    found = [Resolved(record, _key(record)) for record in records]
    _tell_apart(connection, found)
    _past_occurrences(connection, found, domain_now)
    _load(connection, found)
    missing = {one.natural_key: one for one in reversed(found) if not one.interaction_id}
    if missing:
        _make(connection, missing, secret=secret, now=now)
        _load(connection, [one for one in found if not one.interaction_id])
    return found


def _key(record: ItemRecord) -> str:
    return identity.mail_key(record.item) if isinstance(record.item, Mail) else identity.event_key(record.item)


def _tell_apart(connection: Connection, found: Sequence[Resolved]) -> None:
    """Two different mails that share a Message-ID get two keys (author and date both differ)."""
    mails = [one for one in found if isinstance(one.record.item, Mail) and one.record.item.message_id]
    ids = [one.record.item.message_id for one in mails if isinstance(one.record.item, Mail)]
    first: dict[str, tuple[str, datetime]] = {}
    for some in chunks(dict.fromkeys(ids)):
        keys = [f"m:{message_id}" for message_id in some]
        for row in connection.execute(
            select(Interaction.message_id, Interaction.author, Interaction.at).where(Interaction.natural_key.in_(keys))
        ):
            first[row.message_id] = (row.author, row.at)
    for one in mails:
        mail = one.record.item
        if not isinstance(mail, Mail):
            continue
        author, at = first.setdefault(
            mail.message_id, (identity.author_of(mail), mail.at or datetime.min.replace(tzinfo=UTC))
        )
        if not identity.same_mail(mail, author, at):
            one.natural_key = identity.second_mail_key(mail)


def _past_occurrences(connection: Connection, found: Sequence[Resolved], now: datetime) -> None:
    """A past occurrence that a shifted series brings under a new recurrence id stays the one that it was."""
    meetings = {one.natural_key: one for one in found if isinstance(one.record.item, Event) and one.record.item.uid}
    if not meetings:
        return
    known: set[str] = set()
    for some in chunks(meetings):
        known.update(connection.scalars(select(Interaction.natural_key).where(Interaction.natural_key.in_(some))))
    uids = {
        identity.uid_of(one.record.item.uid)
        for key, one in meetings.items()
        if key not in known and isinstance(one.record.item, Event)
    }
    held: dict[tuple[str, datetime], str] = {}
    for some in chunks(sorted(uids)):
        for row in connection.execute(
            select(Interaction.uid, Interaction.at, Interaction.natural_key).where(
                Interaction.uid.in_(some), Interaction.ended_at < now
            )
        ):
            held[row.uid, row.at] = row.natural_key
    for key, one in meetings.items():
        event = one.record.item
        if key not in known and isinstance(event, Event):
            one.natural_key = held.get((identity.uid_of(event.uid), event.start_at), key)


def _load(connection: Connection, found: Sequence[Resolved]) -> None:
    by_key: dict[str, Any] = {}
    for some in chunks(dict.fromkeys(one.natural_key for one in found)):
        for row in connection.execute(select(Interaction.__table__).where(Interaction.natural_key.in_(some))):
            by_key[row.natural_key] = row
    for one in found:
        stored = by_key.get(one.natural_key)
        if stored is not None:
            one.interaction_id = stored.id
            one.stored = None if one.created else stored


def _make(connection: Connection, missing: dict[str, Resolved], *, secret: bytes, now: datetime) -> None:
    hashes = {key: marks.keyed_hash(secret, "private", key) for key in missing}
    hidden: set[str] = set()
    for some in chunks(hashes.values()):
        hidden.update(connection.scalars(select(Suppression.key).where(Suppression.key.in_(some))))
    series = _series(connection, missing, now)
    rows = [_row(one, private=hashes[key] in hidden, series=series, now=now) for key, one in sorted(missing.items())]
    statement = insert_for(connection, Interaction).on_conflict_do_nothing(index_elements=["natural_key"])
    made = connection.execute(statement.returning(Interaction.natural_key), rows).scalars().all()
    for key in made:
        missing[key].created = missing[key].changed = True


def _series(connection: Connection, missing: dict[str, Resolved], now: datetime) -> dict[str, int]:
    uids = {
        identity.uid_of(one.record.item.uid)
        for one in missing.values()
        if isinstance(one.record.item, Event) and one.record.item.recurrence_id and one.record.item.uid
    }
    if not uids:
        return {}
    upsert(connection, Series, [{"uid": uid, "first_seen_at": now} for uid in uids], key=["uid"])
    ids: dict[str, int] = {}
    for some in chunks(sorted(uids)):
        ids.update(
            (row.uid, row.id) for row in connection.execute(select(Series.uid, Series.id).where(Series.uid.in_(some)))
        )
    return ids


def _row(one: Resolved, *, private: bool, series: dict[str, int], now: datetime) -> dict[str, Any]:
    record = one.record
    item = record.item
    row = (
        mail_values(item, now)
        if isinstance(item, Mail)
        else {**event_values(item), "series_id": series.get(identity.uid_of(item.uid))}
    )
    return {
        "natural_key": one.natural_key,
        "kind": record.kind.value,
        "meeting_kind": record.meeting_kind,
        "thread_key": record.thread_key,
        "language": record.language,
        "detail": (Detail.TEXT if record.text_read else Detail.HEADER).value,
        "private": private,
        "outcome": "open",
        "created_at": now,
        "changed_at": now,
        **row,
    }


def mail_values(mail: Mail, now: datetime) -> dict[str, Any]:
    """What an interaction takes from a mail. One without any date happened when we read it."""
    return {
        "subject": mail.subject,
        "at": mail.at or now,
        "ended_at": None,
        "all_day": False,
        "start_date": None,
        "zone": "",
        "status": EventStatus.CONFIRMED.value,
        "message_id": mail.message_id,
        "uid": "",
        "recurrence_id": "",
        "series_id": None,
        "sequence": 0,
        "stamp_at": None,
        "author": identity.author_of(mail),
    }


def event_values(event: Event) -> dict[str, Any]:
    """What an interaction takes from an event."""
    return {
        "subject": event.subject,
        "at": event.start_at,
        "ended_at": event.end_at,
        "all_day": event.all_day,
        "start_date": event.start_date,
        "zone": event.zone,
        "status": event.status.value,
        "message_id": "",
        "uid": identity.uid_of(event.uid),
        "recurrence_id": event.recurrence_id,
        "series_id": None,
        "sequence": event.sequence,
        "stamp_at": event.stamp_at,
        "author": event.organizer.email if event.organizer else "",
    }
