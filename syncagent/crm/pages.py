"""Answers for one page becoming one transaction: everything that it says, with the ledger and the cursor, or nothing.

Everything is written in sets, whatever the page holds: the number of statements does not grow with the number of items.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, select, update

from syncagent.crm import drafts, failures, ledger, marks, meetings, people, sightings, wake_ups
from syncagent.crm.record import ItemRecord, PageOutcome, PageRecord
from syncagent.crm.resolve import resolve
from syncagent.crm.tables.interactions import Interaction, Location, Sighting, Suppression
from syncagent.crm.tables.mailboxes import Stream
from syncagent.crm.tables.people import Revision
from syncagent.crm.types import chunks, upsert
from syncagent.errors import PeopleChanged
from syncagent.model import Ref, Span
from syncagent.vocabulary import InteractionKind, Skip


def commit(connection: Connection, page: PageRecord, *, secret: bytes) -> PageOutcome:
    """Writes a judged page in the transaction of ``connection``.

    Raises ``PeopleChanged``, before anything is written, when the page was judged with an older version of the people.
    """
    _hold_stream(connection, page)
    if people.version(connection) != page.people_version:
        raise PeopleChanged("The people changed while the page was read.")
    records, repeated = _once_each(page.items)
    resolved = resolve(connection, records, secret=secret, now=page.now, domain_now=page.domain_now)
    logged, updated, unchanged = sightings.write(connection, page, resolved)
    affected = [one for one in resolved if one.record.kind is InteractionKind.MEETING]
    meetings.settle(connection, affected)
    wake_ups.leave(connection, [one.interaction_id for one in affected if one.changed], page.wake)
    _hide_private(connection, page, secret=secret)
    drafts.observe(connection, page.mailbox_id, page.glimpses, now=page.now)
    drafts.left(connection, page.mailbox_id, page.gone, now=page.now)
    removed, ignored = _leave(connection, page.stream_id, page.gone, now=page.now)
    dropped = _drop(connection, page)
    removed += dropped.total()
    failures.remember(connection, page.stream_id, page.unreadable, now=page.now)
    failures.resolve(
        connection, page.stream_id, [*page.resolved, *(one.record.ref for one in resolved), *page.gone], now=page.now
    )
    skipped = Counter(page.skipped) + Counter(reason for _, reason in page.dropped) - dropped
    skipped[Skip.DUPLICATE] += unchanged + repeated
    outcome = PageOutcome(
        seen=page.seen,
        logged=logged,
        updated=updated,
        removed=removed,
        ignored=page.ignored + ignored,
        failed=len(page.unreadable),
        skipped=+skipped,
    )
    ledger.add(connection, page.stream_id, page.run_id, page.kind, outcome)
    marks.store(connection, page.stream_id, page.marks)
    if page.cursor is not None:
        connection.execute(update(Stream).where(Stream.id == page.stream_id).values(cursor=page.cursor))
    return outcome


def _hold_stream(connection: Connection, page: PageRecord) -> None:
    """Pages commit one after the other, as on SQLite, which has one writer anyway.

    An open and a private copy that committed side by side would not see each other, and the open one would stay
    visible. Holding the revision also keeps people from changing between the look at it and the commit.
    """
    connection.execute(select(Revision.number).where(Revision.name == "people").with_for_update())
    connection.execute(select(Stream.id).where(Stream.id == page.stream_id).with_for_update())


def _once_each(items: tuple[ItemRecord, ...]) -> tuple[list[ItemRecord], int]:
    """The last word on each ref: providers may repeat an item within a page."""
    last = {item.ref: item for item in items}
    return list(last.values()), len(items) - len(last)


def _leave(connection: Connection, stream_id: int, gone: tuple[Ref, ...], *, now: datetime) -> tuple[int, int]:
    """Marks places as left; an item is gone with its last place. Returns how many had been logged, and had not."""
    removed = 0
    for some in chunks(dict.fromkeys(ref.id for ref in gone)):
        left = (
            connection.execute(
                update(Location)
                .where(Location.stream_id == stream_id, Location.remote_id.in_(some), Location.gone_at.is_(None))
                .values(gone_at=now)
                .returning(Location.sighting_id)
            )
            .scalars()
            .all()
        )
        removed += len(left)
        close_empty(connection, sorted(set(left)), now=now)
    return removed, len(gone) - removed


def _drop(connection: Connection, page: PageRecord) -> Counter[Skip]:
    """Meetings that were logged and have no stakeholder any more leave; returns how many did, by the reason given."""
    logged: Counter[Skip] = Counter()
    reasons = {ref.id: reason for ref, reason in page.dropped}
    for some in chunks(reasons):
        living = connection.scalars(
            select(Location.remote_id).where(
                Location.stream_id == page.stream_id, Location.remote_id.in_(some), Location.gone_at.is_(None)
            )
        ).all()
        _leave(connection, page.stream_id, tuple(Ref("", remote_id) for remote_id in living), now=page.now)
        logged.update(reasons[remote_id] for remote_id in living)
    return logged


def close_empty(connection: Connection, sighting_ids: list[int], *, now: datetime) -> None:
    """Marks sightings without a living place as gone, and interactions without a living sighting likewise."""
    for some in chunks(sighting_ids):
        alive = select(Location.sighting_id).where(Location.sighting_id.in_(some), Location.gone_at.is_(None))
        closed = (
            connection.execute(
                update(Sighting)
                .where(Sighting.id.in_(some), Sighting.id.not_in(alive), Sighting.gone_at.is_(None))
                .values(gone_at=now)
                .returning(Sighting.interaction_id)
            )
            .scalars()
            .all()
        )
        living = select(Sighting.interaction_id).where(Sighting.interaction_id.in_(closed), Sighting.gone_at.is_(None))
        connection.execute(
            update(Interaction)
            .where(Interaction.id.in_(closed), Interaction.id.not_in(living))
            .values(gone_at=now, changed_at=now)
        )


def end_round(connection: Connection, stream_id: int, span: Span, *, now: datetime) -> int:
    """After a complete re-read of ``span``: places in it that no page showed are gone. Returns how many."""
    number = select(Stream.round).where(Stream.id == stream_id).scalar_subquery()
    unseen = (
        select(Location.id)
        .join(Sighting, Sighting.id == Location.sighting_id)
        .join(Interaction, Interaction.id == Sighting.interaction_id)
        .where(Location.stream_id == stream_id, Location.gone_at.is_(None), Location.round < number)
    )
    if span.since is not None:
        unseen = unseen.where(Interaction.at >= span.since)
    if span.until is not None:
        unseen = unseen.where(Interaction.at < span.until)
    left = (
        connection.execute(
            update(Location).where(Location.id.in_(unseen)).values(gone_at=now).returning(Location.sighting_id)
        )
        .scalars()
        .all()
    )
    close_empty(connection, sorted(set(left)), now=now)
    return len(left)


def _hide_private(connection: Connection, page: PageRecord, *, secret: bytes) -> None:
    """A private copy hides the interaction from everybody but the owner of an open one, whichever was read first."""
    if not page.private:
        return
    keys = {key: marks.keyed_hash(secret, "private", key) for _, key in page.private}
    rows = [{"key": key, "mailbox_id": page.mailbox_id, "created_at": page.now} for key in sorted(set(keys.values()))]
    upsert(connection, Suppression, rows, key=["key", "mailbox_id"])
    hidden = (
        connection.execute(
            update(Interaction)
            .where(Interaction.natural_key.in_(list(keys)))
            .values(private=True, changed_at=page.now)
            .returning(Interaction.id)
        )
        .scalars()
        .all()
    )
    sightings.purge(connection, hidden, page.mailbox_id)
