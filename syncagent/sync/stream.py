"""Answers for reading one stream to its end: baseline, forward, remembered failures, searches; each in the ledger."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from syncagent.crm import failures, ledger, mailboxes, search_jobs
from syncagent.crm.database import Connection
from syncagent.crm.mailboxes import StreamState
from syncagent.errors import CursorLost, Stopped, SyncAgentError
from syncagent.model import Page, Ref, Span
from syncagent.ports import Point, Stop
from syncagent.sync.page import Desk, Reading, take_in
from syncagent.vocabulary import RunKind

log = logging.getLogger(__name__)

#: How far a re-read goes back behind the last good reading: clocks differ, and mail arrives late.
REREAD_OVERLAP = timedelta(days=2)

#: A slice of time is not cut finer than this, even when the provider caps it.
FINEST_SLICE = timedelta(hours=1)

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def read_forward(desk: Desk, stream: StreamState, stop: Stop) -> Span | None:
    """Reads everything new up to now. Returns of which times it was a complete re-read, to be compared; else None.

    The stream counts as complete up to the moment before the first page was asked for.
    """
    began_at = desk.clocks.system.now()
    stream = _with_baseline(desk, stream, stop)
    desk.saw(Point.STREAM_STARTED, stream)
    try:
        complete = _pull_all(desk, stream, stop, began_at)
    except CursorLost as lost:
        log.warning("cursor lost, reading again", extra={"action": "cursor_lost", "reason": lost.detail})
        stream = _order_reread(desk, stream)
        complete = _pull_all(desk, stream, stop, began_at)
    desk.saw(Point.STREAM_FINISHED, stream)
    return complete if stream.reread_since_at is not None else None


def _with_baseline(desk: Desk, stream: StreamState, stop: Stop) -> StreamState:
    while not stream.baseline_done:
        _look_at(stop)
        step = desk.source.baseline(stream.stream, stream.baseline)
        keep = partial(
            mailboxes.step_baseline, stream_id=stream.id, cursor=step.cursor, resume=step.resume, done=step.done
        )
        desk.database.retrying(keep)
        stream = _again(desk, stream)
        if stream.baseline_done and desk.source.traits().searches:
            _order_history(desk, stream)
    return stream


def _order_history(desk: Desk, stream: StreamState) -> None:
    """History by interest: what lies before the baseline is searched for, overlapping it."""
    index = desk.people.current()
    query = index.query(Span())
    since = desk.policy.history_since
    desk.database.retrying(
        lambda connection: search_jobs.order(
            connection,
            emails=sorted(query.emails),
            domains=sorted(query.domains),
            since=datetime.combine(since, datetime.min.time(), UTC) if since else None,
            now=desk.clocks.system.now(),
            stream_ids=[stream.id],
        )
    )


def _order_reread(desk: Desk, stream: StreamState) -> StreamState:
    """After a lost cursor: read again from a little before the last good reading, never jump ahead."""
    last = stream.complete_to_at
    since = last - REREAD_OVERLAP if last else _BEGINNING
    cursor = desk.source.rewind(stream.stream, Span(since=since if last else None))
    desk.database.retrying(lambda connection: mailboxes.begin_reread(connection, stream.id, cursor=cursor, since=since))
    return _again(desk, stream)


def _pull_all(desk: Desk, stream: StreamState, stop: Stop, began_at: datetime) -> Span | None:
    """Reads on to the last page; returns of which times the connector calls the round a complete snapshot."""
    _look_at(stop)
    page = desk.source.pull(stream.stream, stream.cursor)
    if page.last and not page.changes and not page.marks and page.cursor == stream.cursor:
        _keep_quiet(desk, stream, began_at)
        return page.complete

    complete: list[Span | None] = []

    def read(run_id: int) -> None:
        complete.append(_take_all(desk, stream, stop, page, run_id))

    _in_ledger(desk, stream, RunKind.FORWARD, read)
    ended_at = desk.clocks.system.now()
    desk.database.retrying(partial(mailboxes.went_well, stream_id=stream.id, began_at=began_at, ended_at=ended_at))
    return complete[0]


def _take_all(desk: Desk, stream: StreamState, stop: Stop, page: Page, run_id: int) -> Span | None:
    """Takes in a page and everything after it; returns what the last page says of completeness."""
    while True:
        desk.saw(Point.PAGE_READ, stream, seen=len(page.changes), total=page.total)
        take_in(
            desk,
            Reading(
                stream,
                run_id,
                RunKind.FORWARD,
                page.changes,
                cursor=page.cursor,
                marks=page.marks,
                total=page.total,
            ),
        )
        if page.last:
            return page.complete
        _look_at(stop)
        page = desk.source.pull(stream.stream, page.cursor)


def _keep_quiet(desk: Desk, stream: StreamState, began_at: datetime) -> None:
    """Nothing is new, as nearly always: one short transaction says so."""
    ended_at = desk.clocks.system.now()

    def keep(connection: Connection) -> None:
        ledger.quiet(connection, stream.id, began_at=began_at, ended_at=ended_at)
        mailboxes.went_well(connection, stream.id, began_at=began_at, ended_at=ended_at)

    desk.database.retrying(keep)


def retry_failures(desk: Desk, stream: StreamState, stop: Stop) -> None:
    """Tries again what could not be read and is due."""
    with desk.database.read() as connection:
        due = failures.due(connection, stream.id, now=desk.clocks.system.now())
    if not due:
        return
    refs = tuple(Ref(stream.stream.id, remote_id) for remote_id in due)

    def read(run_id: int) -> None:
        _look_at(stop)
        changes = desk.source.revisit(refs)
        take_in(desk, Reading(stream, run_id, RunKind.RETRY, changes, asked_again=refs))

    _in_ledger(desk, stream, RunKind.RETRY, read)


def search(desk: Desk, stream: StreamState, stop: Stop) -> None:
    """Does the search jobs of a stream, a page at a time; a job that was cut off goes on where it was."""
    while True:
        with desk.database.read() as connection:
            jobs = search_jobs.open_jobs(connection, stream.id)
        if not jobs:
            return
        _in_ledger(desk, stream, RunKind.SEARCH, partial(_search_one, desk, stream, stop, jobs[0]))


def _search_one(desk: Desk, stream: StreamState, stop: Stop, job: search_jobs.Job, run_id: int) -> None:
    position = job.position
    while True:
        _look_at(stop)
        page = desk.source.search(stream.stream, job.query, position)
        desk.saw(Point.PAGE_READ, stream, seen=len(page.changes))
        middle = _middle(job, desk) if page.capped else None
        done = page.last and middle is None
        take_in(desk, Reading(stream, run_id, RunKind.SEARCH, page.changes, job_step=(job.id, page.position, done)))
        if middle is not None:
            keep = partial(search_jobs.split, job=job, middle=middle, now=desk.clocks.system.now())
            desk.database.retrying(keep)
            return
        if done:
            return
        position = page.position


def _middle(job: search_jobs.Job, desk: Desk) -> datetime | None:
    """Where to cut a slice of time that the provider did not give whole; None when it is too fine to cut."""
    since, until = job.query.span.since or _BEGINNING, job.query.span.until or desk.clocks.system.now()
    return since + (until - since) / 2 if until - since > FINEST_SLICE else None


def _in_ledger(desk: Desk, stream: StreamState, kind: RunKind, read: Callable[[int], None]) -> None:
    """Runs ``read`` as a run of the ledger, whatever ends it."""
    run_id = desk.database.retrying(
        lambda connection: ledger.begin(connection, stream.id, kind, now=desk.clocks.system.now())
    )
    error = "Bug"
    try:
        read(run_id)
        error = ""
    except SyncAgentError as known:
        error = known.code
        raise
    finally:
        desk.database.retrying(
            lambda connection: ledger.end(connection, run_id, error=error, now=desk.clocks.system.now())
        )


def _again(desk: Desk, stream: StreamState) -> StreamState:
    with desk.database.read() as connection:
        return next(one for one in mailboxes.streams(connection, stream.mailbox_id) if one.id == stream.id)


def _look_at(stop: Stop) -> None:
    if stop.requested():
        raise Stopped("Stopped as asked; everything up to here is kept.")
