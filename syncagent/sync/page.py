"""Answers for one page on its way from the provider to the database: judge, fetch what matters, judge again, commit.

No transaction is open while the provider is asked. A page that was judged with older people is judged again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from syncagent.clock import Clocks
from syncagent.crm import pages, search_jobs
from syncagent.crm.database import Connection, Database
from syncagent.crm.mailboxes import MailboxRow, StreamState
from syncagent.crm.record import DraftGlimpse, ItemRecord, PageOutcome, PageRecord
from syncagent.errors import PeopleChanged
from syncagent.matching.index import PeopleIndex
from syncagent.matching.judge import Judgement
from syncagent.model import Change, Content, Event, Gone, Mail, Ref, Unreadable, Upsert
from syncagent.ports import Glimpse, Observer, Point, Source
from syncagent.sync.judging import Policy, first_judgement, may_be_our_draft, natural_key, record_of, second_judgement
from syncagent.sync.people import People
from syncagent.vocabulary import RunKind, Skip

#: Items whose text is asked for in one call.
FETCH_BATCH = 100

#: How often a page is judged anew because people changed meanwhile.
REJUDGEMENTS = 5

#: Reasons for which a meeting that was a contact is none any more.
_NO_CONTACT = frozenset({Skip.NO_STAKEHOLDER, Skip.INTERNAL, Skip.EXCLUDED})


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the work on one mailbox needs."""

    database: Database
    source: Source
    mailbox: MailboxRow
    policy: Policy
    people: People
    clocks: Clocks
    secret: bytes
    wake: tuple[tuple[str, timedelta], ...]  # rules that look at meetings, and how long after their end
    observer: Observer

    def saw(self, point: Point, stream: StreamState, **numbers: int | None) -> None:
        """Tells the observer."""
        self.observer.saw(Glimpse(point, self.mailbox.settings.name, stream.stream.name, **numbers))  # type: ignore[arg-type]  # the names are Glimpse's


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as it came, and why it was asked for."""

    stream: StreamState
    run_id: int
    kind: RunKind
    changes: Sequence[Change]
    cursor: str | None = None
    marks: Mapping[str, str | None] = field(default_factory=dict)
    asked_again: tuple[Ref, ...] = ()  # remembered failures that this page settles
    job_step: tuple[int, str, bool] | None = None  # search job, its new position, whether that was the last page
    total: int | None = None


def take_in(desk: Desk, reading: Reading) -> PageOutcome:
    """Takes a page into the database, whole or not at all. The provider is asked for nothing twice."""
    contents: dict[Ref, Content | Unreadable] = {}
    for _ in range(REJUDGEMENTS):
        record = _judged(desk, reading, desk.people.current(), contents)
        desk.saw(Point.COMMITTING, reading.stream, seen=record.seen)
        try:
            outcome = _commit(desk, reading, record)
        except PeopleChanged:
            continue
        desk.saw(Point.COMMITTED, reading.stream, seen=outcome.seen, logged=outcome.logged, total=reading.total)
        return outcome
    raise PeopleChanged(
        "The people keep changing while this page is judged.", cure="It is tried again in the next pass."
    )


def _commit(desk: Desk, reading: Reading, record: PageRecord) -> PageOutcome:
    with_step = reading.job_step

    def work(connection: Connection) -> PageOutcome:
        outcome = pages.commit(connection, record, secret=desk.secret)
        if with_step is not None:
            job_id, position, last = with_step
            search_jobs.step(connection, job_id, position=position, done_at=record.now if last else None)
        return outcome

    return desk.database.retrying(work)


@dataclass(slots=True)
class _Sorted:
    """The changes of a page by what becomes of them."""

    candidates: list[tuple[Upsert, Judgement]] = field(default_factory=list)
    items: list[ItemRecord] = field(default_factory=list)
    skipped: Counter[Skip] = field(default_factory=Counter)
    private: list[tuple[Ref, str]] = field(default_factory=list)
    dropped: list[tuple[Ref, Skip]] = field(default_factory=list)
    glimpses: list[DraftGlimpse] = field(default_factory=list)
    gone: list[Ref] = field(default_factory=list)
    unreadable: dict[Ref, Unreadable] = field(default_factory=dict)
    ignored: int = 0

    def fail(self, one: Unreadable) -> None:
        """Notes an item for a retry, once, however often the page names it."""
        if one.ref in self.unreadable:
            self.skipped[Skip.DUPLICATE] += 1
        else:
            self.unreadable[one.ref] = one

    def leave_out(self, change: Upsert, skip: Skip) -> None:
        """Counts an item that is not logged. A meeting may have been a contact before: then it leaves."""
        if skip is Skip.PRIVATE:
            self.private.append((change.ref, natural_key(change.item)))
        if isinstance(change.item, Event) and skip in _NO_CONTACT:
            self.dropped.append((change.ref, skip))
        else:
            self.skipped[skip] += 1


def _judged(desk: Desk, reading: Reading, index: PeopleIndex, contents: dict[Ref, Content | Unreadable]) -> PageRecord:
    found = _Sorted()
    for change in reading.changes:
        match change:
            case Upsert():
                _first(desk, reading, change, index, found)
            case Gone(ref):
                found.gone.append(ref)
            case Unreadable():
                found.fail(change)
    _fetch(desk, [change for change, _ in found.candidates], contents)
    for change, judged in found.candidates:
        _second(desk, change, judged, contents.get(change.ref), found)
    return PageRecord(
        stream_id=reading.stream.id,
        mailbox_id=desk.mailbox.id,
        owner_id=desk.mailbox.our_person_id,
        kind=reading.kind,
        run_id=reading.run_id,
        people_version=index.version,
        seen=len(reading.changes),
        items=tuple(found.items),
        gone=tuple(found.gone),
        unreadable=tuple(found.unreadable.values()),
        skipped=found.skipped,
        ignored=found.ignored,
        private=tuple(found.private),
        dropped=tuple(found.dropped),
        glimpses=tuple(found.glimpses),
        resolved=_resolved(reading, found),
        marks=reading.marks,
        cursor=reading.cursor,
        round=reading.stream.round,
        wake=desk.wake,
        now=desk.clocks.system.now(),
        domain_now=desk.clocks.domain.now(),
    )


def _resolved(reading: Reading, found: _Sorted) -> tuple[Ref, ...]:
    return tuple(ref for ref in reading.asked_again if ref not in found.unreadable)


def _first(desk: Desk, reading: Reading, change: Upsert, index: PeopleIndex, found: _Sorted) -> None:
    role = reading.stream.stream.role
    judged = first_judgement(change.item, reading.stream.stream, index, desk.policy)
    if may_be_our_draft(change.item, role, judged) and isinstance(change.item, Mail):
        mail = change.item
        found.glimpses.append(DraftGlimpse(change.ref, role, mail.marker, mail.message_id, change.version, mail.at))
    if change.known is not None and isinstance(change.item, Mail):
        # A later partial change of a mail tells flags and folders; who wrote what to whom never changes.
        found.ignored += 1
    elif judged.skip is not None:
        found.leave_out(change, judged.skip)
    elif isinstance(change.item, Event):
        found.items.append(record_of(change, judged, None, desk.policy))
    else:
        found.candidates.append((change, judged))


def _fetch(desk: Desk, wanted: Sequence[Upsert], contents: dict[Ref, Content | Unreadable]) -> None:
    contents.update((change.ref, change.content) for change in wanted if change.content is not None)
    missing = [change.ref for change in wanted if change.ref not in contents]
    for start in range(0, len(missing), FETCH_BATCH):
        contents.update(desk.source.fetch(missing[start : start + FETCH_BATCH]))


def _second(
    desk: Desk, change: Upsert, judged: Judgement, content: Content | Unreadable | None, found: _Sorted
) -> None:
    match content:
        case None:
            found.ignored += 1  # it left between the two steps; where it arrived, it is read again
        case Unreadable(_, reason):
            found.fail(Unreadable(change.ref, reason))
        case Content():
            mail = change.item
            final = second_judgement(judged, mail, content) if isinstance(mail, Mail) else judged
            if final.skip is not None:
                found.leave_out(change, final.skip)
            else:
                found.items.append(record_of(change, final, content, desk.policy))
