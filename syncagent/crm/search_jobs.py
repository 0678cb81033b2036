"""Answers for looking back: jobs that search a stream for certain people, newest first, resumable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from syncagent.crm import people
from syncagent.crm.tables.mailboxes import Mailbox, SearchJob
from syncagent.crm.tables.mailboxes import Stream as StreamRow
from syncagent.model import Query, Span
from syncagent.vocabulary import Role

#: Streams that are never searched: what lies there is no contact.
_NOT_SEARCHED = (Role.DRAFTS.value, Role.TRASH.value, Role.JUNK.value)


@dataclass(frozen=True, slots=True)
class Job:
    """A search that is still to do, with its frozen query."""

    id: int
    stream_id: int
    query: Query
    position: str


def order(
    connection: Connection,
    *,
    emails: Sequence[str],
    domains: Sequence[str],
    since: datetime | None,
    now: datetime,
    stream_ids: Sequence[int] | None = None,
) -> int:
    """A job for each stream, or each of the given ones, to look back for these people; returns how many.

    A stream that has not been read yet needs none: its first reading knows them already.
    """
    if not emails and not domains:
        return 0
    readable = (
        select(StreamRow.id)
        .join(Mailbox, Mailbox.id == StreamRow.mailbox_id)
        .where(
            Mailbox.removed_at.is_(None),
            StreamRow.gone_at.is_(None),
            StreamRow.baseline_done,
            StreamRow.role.not_in(_NOT_SEARCHED),
        )
    )
    if stream_ids is not None:
        readable = readable.where(StreamRow.id.in_(stream_ids))
    rows = [
        {
            "stream_id": stream_id,
            "emails": sorted(emails),
            "domains": sorted(domains),
            "people_version": people.version(connection),
            "since_at": since,
            "until_at": None,
            "position": "",
            "created_at": now,
        }
        for stream_id in connection.scalars(readable).all()
    ]
    if rows:
        connection.execute(insert(SearchJob), rows)
    return len(rows)


def open_jobs(connection: Connection, stream_id: int) -> list[Job]:
    """The jobs of a stream that are still to do, oldest first."""
    found = connection.execute(
        select(SearchJob.__table__)
        .where(SearchJob.stream_id == stream_id, SearchJob.done_at.is_(None))
        .order_by(SearchJob.id)
    )
    return [
        Job(
            id=row.id,
            stream_id=row.stream_id,
            query=Query(frozenset(row.emails), frozenset(row.domains), Span(row.since_at, row.until_at)),
            position=row.position,
        )
        for row in found
    ]


def step(connection: Connection, job_id: int, *, position: str, done_at: datetime | None) -> None:
    """Keeps how far a job has come; to be called in the transaction that commits its page."""
    connection.execute(update(SearchJob).where(SearchJob.id == job_id).values(position=position, done_at=done_at))


def split(connection: Connection, job: Job, middle: datetime, *, now: datetime) -> None:
    """Replaces a job whose result the provider cut by two over the halves of its slice of time."""
    stored = connection.execute(select(SearchJob.__table__).where(SearchJob.id == job.id)).one()
    halves = ((middle, stored.until_at), (stored.since_at, middle))
    connection.execute(
        insert(SearchJob),
        [
            {
                "stream_id": stored.stream_id,
                "emails": stored.emails,
                "domains": stored.domains,
                "people_version": stored.people_version,
                "since_at": since,
                "until_at": until,
                "position": "",
                "created_at": now,
            }
            for since, until in halves
        ],
    )
    connection.execute(update(SearchJob).where(SearchJob.id == job.id).values(done_at=now))
