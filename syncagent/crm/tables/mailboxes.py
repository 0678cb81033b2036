"""Answers for mailboxes, their streams, and the ledger that proves what was read."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from syncagent.crm.tables.base import At, Base, Id, MaybeAt, told


class Mailbox(Base):
    __tablename__ = "mailbox"
    __table_args__ = ({"comment": "A manager's mail and calendar at one provider, as the configuration names it."},)

    id: Mapped[Id]
    name: Mapped[str] = told("Name in config.toml.", unique=True)
    kind: Mapped[str] = told("Connector: files, imap, microsoft, google, exchange or memory.")
    our_person_id: Mapped[int] = told("The manager.", of="our_person")
    language: Mapped[str] = told("Language of the manager.")
    zone: Mapped[str] = told("IANA time zone of the manager.")
    store: Mapped[str] = told("How much text is kept: metadata, excerpt or body.")
    signature: Mapped[str] = told("The manager's signature; may be empty.")
    history_since: Mapped[date | None] = told("Mail before this day is not logged; empty: all of it.")
    deliver_report: Mapped[bool] = told("Whether the weekly report is put into the inbox.")
    paused_at: Mapped[MaybeAt] = told("Since when it is paused; empty: it is not.")
    removed_at: Mapped[MaybeAt] = told("Since when the configuration no longer names it; empty: it does.")


class Stream(Base):
    __tablename__ = "stream"
    __table_args__ = (
        UniqueConstraint("mailbox_id", "remote_id"),
        {"comment": "A folder or calendar of a mailbox, how far it is read and how it fares."},
    )

    id: Mapped[Id]
    mailbox_id: Mapped[int] = told("Whose.", of="mailbox")
    remote_id: Mapped[str] = told("The provider's stable id.")
    name: Mapped[str] = told("Name as a person sees it.")
    role: Mapped[str] = told("inbox, sent, drafts, trash, junk, archive, other or calendar.")
    cursor: Mapped[str] = told("The connector's cursor: everything before it is committed. Empty: nothing is.")
    baseline: Mapped[str] = told("Where the walk to the first cursor goes on; empty before and after it.")
    baseline_done: Mapped[bool] = told("Whether there is a cursor to read forward from.")
    gapless_since_at: Mapped[MaybeAt] = told("Since when the forward reading has no gap; empty: not yet.")
    complete_to_at: Mapped[MaybeAt] = told("Start of the last forward reading that came to its end; empty: none did.")
    reread_since_at: Mapped[MaybeAt] = told("From when on items are being read again after a lost cursor; else empty.")
    round: Mapped[int] = told("Number of the last re-read; places not seen in it are gone when it ends.")
    last_good_at: Mapped[MaybeAt] = told("End of the last good run; empty: none yet.")
    last_error_at: Mapped[MaybeAt] = told("Time of the last error since the last good run; empty: none.")
    error: Mapped[str] = told("Name of that error; empty: none.")
    message: Mapped[str] = told("What happened, for a person; empty: nothing.")
    cure: Mapped[str] = told("What to do about it; empty: nothing.")
    retry_at: Mapped[MaybeAt] = told("Not to be tried before this time; empty: any time.")
    gone_at: Mapped[MaybeAt] = told("Since when the provider no longer has it; empty: it does.")


class Mark(Base):
    __tablename__ = "mark"
    __table_args__ = (
        {"comment": "A connector's own note about an item, under a keyed hash of its id.", "sqlite_with_rowid": False},
    )

    stream_id: Mapped[int] = told("Where.", of="stream", primary_key=True)
    key: Mapped[str] = told("Keyed hash of the item's id.", primary_key=True)
    value: Mapped[str] = told("The note; only its connector understands it.")


class SearchJob(Base):
    __tablename__ = "search_job"
    __table_args__ = (
        Index(None, "stream_id", "done_at"),
        {"comment": "A look back through a stream for certain people, newest first, resumable."},
    )

    id: Mapped[Id]
    stream_id: Mapped[int] = told("Where.", of="stream")
    emails: Mapped[list[Any]] = told("Addresses looked for, frozen when the job was made.")
    domains: Mapped[list[Any]] = told("Domains looked for, frozen likewise.")
    people_version: Mapped[int] = told("Revision of the people that the query was made from.")
    since_at: Mapped[MaybeAt] = told("Start of the slice; empty: from the beginning.")
    until_at: Mapped[MaybeAt] = told("End of the slice; empty: up to now.")
    position: Mapped[str] = told("The connector's position; empty before the first page.")
    created_at: Mapped[At] = told("When the job was made.")
    done_at: Mapped[MaybeAt] = told("When it came to its end; empty: still to do.")


class Run(Base):
    __tablename__ = "run"
    __table_args__ = (
        Index(None, "stream_id", "started_at"),
        {"comment": "One reading of a stream. Consecutive good runs that saw nothing share a row."},
    )

    id: Mapped[Id]
    stream_id: Mapped[int] = told("Which stream.", of="stream")
    kind: Mapped[str] = told("forward, search, retry or recheck.")
    started_at: Mapped[At] = told("When it began.")
    ended_at: Mapped[MaybeAt] = told("When it ended; empty: it is running, or was cut off.")
    pages: Mapped[int] = told("Pages committed.")
    seen: Mapped[int] = told("Changes handed over by committed pages.")
    logged: Mapped[int] = told("Those that made an interaction, or its sighting in a further mailbox.")
    updated: Mapped[int] = told("Those that changed one.")
    removed: Mapped[int] = told("Those that marked one as gone.")
    ignored: Mapped[int] = told("Partial changes or disappearances of what was not logged.")
    failed: Mapped[int] = told("Those remembered for a retry.")
    skipped: Mapped[dict[str, Any]] = told("Number by reason of those left out.")
    error: Mapped[str] = told("Name of the error that ended it; empty: it ended well, or is running.")


class Ledger(Base):
    __tablename__ = "ledger"
    __table_args__ = (
        {
            "comment": "Sums since the stream began: seen = logged + updated + removed + ignored + skipped + failed.",
            "sqlite_with_rowid": False,
        },
    )

    stream_id: Mapped[int] = told("Which stream.", of="stream", primary_key=True)
    kind: Mapped[str] = told("forward, search, retry or recheck.", primary_key=True)
    outcome: Mapped[str] = told("seen, logged, updated, removed, ignored, failed or skipped:REASON.", primary_key=True)
    number: Mapped[int] = told("How many.")


class Failure(Base):
    __tablename__ = "failure"
    __table_args__ = (
        UniqueConstraint("stream_id", "remote_id"),
        {"comment": "An item that could not be read and waits for its next try."},
    )

    id: Mapped[Id]
    stream_id: Mapped[int] = told("Where.", of="stream")
    remote_id: Mapped[str] = told("The provider's id of the item.")
    reason: Mapped[str] = told("Why; never quotes the item.")
    attempts: Mapped[int] = told("How often it was tried.")
    first_at: Mapped[At] = told("First try.")
    last_at: Mapped[At] = told("Last try.")
    next_at: Mapped[MaybeAt] = told("Next try; empty: only when asked for.")
    resolved_at: Mapped[MaybeAt] = told("When it was read, or gone; empty: still open.")
