"""Answers for how an interaction looks in one mailbox and where it lies there; writes them in sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from syncagent.crm import contacts
from syncagent.crm.record import ItemRecord, PageRecord
from syncagent.crm.resolve import Resolved, event_values
from syncagent.crm.tables.interactions import Document, Interaction, Location, Sighting
from syncagent.crm.types import chunks, insert_for, upsert
from syncagent.model import Event
from syncagent.vocabulary import Detail, Sensitivity

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Copy:
    """One interaction in the mailbox of the page, with every record of the page that showed it."""

    resolved: Resolved
    records: list[ItemRecord]
    sighting_id: int = 0
    stored: Any = field(default=None)  # the sighting's row before this page; None when it is new
    changed: bool = False


def write(connection: Connection, page: PageRecord, resolved: Sequence[Resolved]) -> tuple[int, int, int]:
    """Writes the sightings of a page. Returns how many records were logged, updated, and told nothing new."""
    copies = _copies(resolved)
    _load(connection, page.mailbox_id, copies)
    _update_interactions(connection, page, copies)
    _insert_sightings(connection, page, copies)
    _update_sightings(connection, copies)
    changed_people = contacts.write(
        connection,
        page,
        [(copy.resolved, copy.records[-1], copy.sighting_id, copy.stored is None) for copy in copies.values()],
    )
    for copy in copies.values():
        if copy.resolved.interaction_id in changed_people:
            copy.changed = copy.resolved.changed = True
    _place(connection, page, copies)
    logged = sum(1 for copy in copies.values() if copy.stored is None)
    updated = sum(1 for copy in copies.values() if copy.stored is not None and copy.changed)
    return logged, updated, sum(len(copy.records) for copy in copies.values()) - logged - updated


def _copies(resolved: Sequence[Resolved]) -> dict[int, _Copy]:
    copies: dict[int, _Copy] = {}
    for one in resolved:
        copy = copies.get(one.interaction_id)
        if copy is None:
            copies[one.interaction_id] = _Copy(one, [one.record])
        else:
            copy.records.append(one.record)
    return copies


def _load(connection: Connection, mailbox_id: int, copies: dict[int, _Copy]) -> None:
    for some in chunks(copies):
        for row in connection.execute(
            select(Sighting.__table__).where(Sighting.mailbox_id == mailbox_id, Sighting.interaction_id.in_(some))
        ):
            copies[row.interaction_id].stored = row
            copies[row.interaction_id].sighting_id = row.id


def _update_interactions(connection: Connection, page: PageRecord, copies: dict[int, _Copy]) -> None:
    """Takes over what a newer version of a meeting says, and the text of a mail that was waited for."""
    rows: list[dict[str, Any]] = []
    for copy in copies.values():
        stored, record = copy.resolved.stored, copy.records[-1]
        if stored is None:
            continue
        wanted: dict[str, Any] = {}
        if isinstance(record.item, Event) and _is_newer(record.item, stored, own=copy.stored is not None):
            wanted = {**event_values(record.item), "meeting_kind": record.meeting_kind}
            wanted.pop("series_id")
            wanted = {name: value for name, value in wanted.items() if record.tells(name)}
        if record.text_read and stored.detail == Detail.HEADER.value:
            wanted |= {"detail": Detail.TEXT.value, "language": record.language}
        different = {name: value for name, value in wanted.items() if getattr(stored, name) != value}
        if different:
            copy.changed = copy.resolved.changed = True
        if different or stored.gone_at is not None:
            rows.append({"key": stored.id, **{name: different.get(name, getattr(stored, name)) for name in _UPDATED}})
    if rows:
        values: dict[str, Any] = {name: bindparam(name) for name in _UPDATED}
        connection.execute(
            update(Interaction)
            .where(Interaction.id == bindparam("key"))
            .values(**values, changed_at=page.now, gone_at=None),
            rows,
        )


_UPDATED = (
    "subject",
    "at",
    "ended_at",
    "all_day",
    "start_date",
    "zone",
    "status",
    "meeting_kind",
    "sequence",
    "stamp_at",
    "author",
    "detail",
    "language",
)


def _is_newer(event: Event, stored: Any, *, own: bool) -> bool:
    """Whether this copy has the say: by SEQUENCE, then DTSTAMP (RFC 5546 2.1.5); among equals the mailbox's own later
    word.
    """
    mine = (event.sequence, event.stamp_at or _BEGINNING)
    theirs = (stored.sequence, stored.stamp_at or _BEGINNING)
    return mine > theirs or (mine == theirs and own)


def _insert_sightings(connection: Connection, page: PageRecord, copies: dict[int, _Copy]) -> None:
    rows = [
        {
            "interaction_id": interaction_id,
            "mailbox_id": page.mailbox_id,
            "seen_at": page.now,
            **_values(copy.records[-1]),
        }
        for interaction_id, copy in sorted(copies.items())
        if copy.stored is None
    ]
    if not rows:
        return
    statement = insert_for(connection, Sighting).returning(Sighting.id, Sighting.interaction_id)
    for row in connection.execute(statement, rows):
        copies[row.interaction_id].sighting_id = row.id
    _insert_documents(connection, [copy for copy in copies.values() if copy.stored is None])


def _values(record: ItemRecord) -> dict[str, Any]:
    response = record.item.own_response if isinstance(record.item, Event) else None
    return {
        "sensitivity": record.item.sensitivity.value,
        "store": record.store.value,
        "own_response": response.value if response else "",
        "excerpt": record.excerpt,
        "text": record.text,
        "agenda": list(record.agenda),
    }


def _update_sightings(connection: Connection, copies: dict[int, _Copy]) -> None:
    rows: list[dict[str, Any]] = []
    texts: list[_Copy] = []
    for copy in copies.values():
        if copy.stored is None:
            continue
        record = copy.records[-1]
        wanted = _values(record)
        if not isinstance(record.item, Event):
            # A mail never changes; only the text that it waited for can come.
            waited = copy.resolved.stored is not None and copy.resolved.stored.detail == Detail.HEADER.value
            wanted = wanted if waited and record.text_read else {}
            if wanted:
                texts.append(copy)
        different = {name: value for name, value in wanted.items() if getattr(copy.stored, name) != value}
        copy.changed |= bool(different)
        if different or copy.stored.gone_at is not None:
            rows.append(
                {
                    "key": copy.stored.id,
                    **{name: different.get(name, getattr(copy.stored, name)) for name in _values(record)},
                }
            )
    if rows:
        values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "key"}
        connection.execute(
            update(Sighting).where(Sighting.id == bindparam("key")).values(**values, gone_at=None),
            rows,
        )
    _insert_documents(connection, texts)


def _insert_documents(connection: Connection, copies: Sequence[_Copy]) -> None:
    rows = [
        {
            "sighting_id": copy.sighting_id,
            "position": position,
            "name": document.name,
            "media_type": document.media_type,
            "size": document.size,
        }
        for copy in copies
        for position, document in enumerate(copy.records[-1].documents)
    ]
    upsert(connection, Document, rows, key=["sighting_id", "position"], update=["name", "media_type", "size"])


def _place(connection: Connection, page: PageRecord, copies: dict[int, _Copy]) -> None:
    """Keeps where the items lie now; a ref that lay elsewhere before (a shifted series) is moved to its sighting."""
    rows = [
        {
            "sighting_id": copy.sighting_id,
            "stream_id": page.stream_id,
            "remote_id": record.ref.id,
            "version": record.version,
            "round": page.round,
            "gone_at": None,
        }
        for copy in copies.values()
        for record in copy.records
    ]
    upsert(
        connection,
        Location,
        rows,
        key=["stream_id", "remote_id"],
        update=["sighting_id", "version", "round", "gone_at"],
    )


def purge(connection: Connection, interaction_ids: Sequence[int], mailbox_id: int) -> None:
    """Removes the text of a mailbox's copies that turned out to be private; the contact itself remains."""
    for some in chunks(interaction_ids):
        mine = Sighting.interaction_id.in_(some), Sighting.mailbox_id == mailbox_id
        connection.execute(delete(Document).where(Document.sighting_id.in_(select(Sighting.id).where(*mine))))
        connection.execute(
            update(Sighting).where(*mine).values(excerpt="", text="", agenda=[], sensitivity=Sensitivity.PRIVATE.value)
        )


def documents_of(connection: Connection, sighting_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The documents of some sightings, in their order, as the outside sees them."""
    found: dict[int, list[dict[str, Any]]] = {}
    for some in chunks(sighting_ids):
        for row in connection.execute(
            select(Document.__table__)
            .where(Document.sighting_id.in_(some))
            .order_by(Document.sighting_id, Document.position)
        ):
            found.setdefault(row.sighting_id, []).append({"name": row.name, "type": row.media_type, "size": row.size})
    return found
