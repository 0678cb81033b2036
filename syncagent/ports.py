"""Answers for the contracts between the core and the outside: Protocols only, no code.

Glossary. A **mailbox** is one person's mail and calendar at one provider. A **stream** is a folder or calendar in it.
An **item** is a mail or an event. A **ref** says where an item lies. A **cursor** is an opaque string that only the
connector understands; it names a point in a stream's history of changes. A **mark** is a connector's own note about
an item, under a keyed hash of its id, so that unmatched mail leaves nothing readable behind.

All calls block and bring one page, so that work can be interrupted, shared out and resumed anywhere. Connectors raise
only ``errors.SyncAgentError``; they never retry without end, never decide on a full re-read and never drop an item in
silence. ``tests/contract`` holds a suite for ``Source`` and one for ``DraftBox``; every connector inherits both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from syncagent.clock import Clock
from syncagent.model import (
    Address,
    Baseline,
    Change,
    Content,
    DraftMail,
    DraftTraits,
    Finding,
    Notice,
    Page,
    Placed,
    Query,
    Ref,
    SearchPage,
    SourceTraits,
    Span,
    Stream,
    Unreadable,
    Whereabouts,
)
from syncagent.vocabulary import Withdrawal


class Source(Protocol):
    """Reads one mailbox. Never changes anything in it, not even a read flag."""

    def traits(self) -> SourceTraits:
        """What this source can do; constant, no call to the provider."""
        ...

    def check(self) -> Sequence[Finding]:
        """Looks whether everything needed is there: sign-in, permissions, folders; names each cure. Never raises."""
        ...

    def streams(self) -> Sequence[Stream]:
        """All folders and calendars, in an order of the source's choosing; ids stay when a name changes.

        Raises ``AuthNeeded``, ``AccessDenied``, ``Unreachable``.
        """
        ...

    def baseline(self, stream: Stream, resume: str) -> Baseline:
        """One step towards a forward cursor, as cheap as the provider allows (ids only). ``resume`` is empty at first.

        A source whose traits say that it does not search returns its empty cursor at once: the pulls that follow bring
        everything there is.
        """
        ...

    def pull(self, stream: Stream, cursor: str) -> Page:
        """What is new, changed or gone since ``cursor``: headers only.

        A page can be asked for again any number of times with the same cursor. Order is free and repeats are allowed.
        The cursor of a page never points past a change that the page or an earlier one did not bring. Events arrive
        expanded, one by one, within the window of ``Surroundings``. Raises ``CursorLost``, ``StreamGone`` and the
        rest.
        """
        ...

    def rewind(self, stream: Stream, span: Span) -> str:
        """A cursor from which ``pull`` reads ``span`` again and then everything since; its pages say ``complete``."""
        ...

    def search(self, stream: Stream, query: Query, position: str) -> SearchPage:
        """What lies in the stream and matches the query, newest first. ``position`` is empty at first."""
        ...

    def fetch(self, refs: Sequence[Ref]) -> Mapping[Ref, Content | Unreadable]:
        """Text and documents. A ref that is gone is missing from the answer; an unreadable one is ``Unreadable``."""
        ...

    def revisit(self, refs: Sequence[Ref]) -> Sequence[Change]:
        """These items once more, as ``pull`` would hand them over now: for retries and for ``explain``.

        One change for each ref that was asked for; an item that is no longer there is ``Gone``.
        """
        ...

    def locate(self, key: str) -> Sequence[Ref]:
        """Where the mail with this Message-ID (no brackets), or the events with this UID, lie now."""
        ...

    def close(self) -> None:
        """Gives back connections and files; the object is not used afterwards."""
        ...


class DraftBox(Protocol):
    """Writes the only things that we ever write into a mailbox: drafts of our own and notices to its owner."""

    def traits(self) -> DraftTraits: ...

    def place(self, draft: DraftMail, reply_to: Ref | None) -> Placed:
        """Stores the draft in the Drafts folder, once per call: the caller looks with ``find`` before it repeats."""
        ...

    def find(self, marker: str) -> Whereabouts:
        """Looks for the draft with this marker in Drafts, Outbox, Sent and Trash."""
        ...

    def withdraw(self, ref: Ref, *, marker: str, if_version: str) -> Withdrawal:
        """Removes the draft of ours at ``ref`` if it still carries ``marker`` and its version is ``if_version``."""
        ...

    def annotate(self, ref: Ref, *, if_version: str, category: str) -> str | None:
        """Shows ``category`` on the draft; returns its new version, or None when it was touched or is gone."""
        ...

    def deliver(self, notice: Notice) -> Ref:
        """Puts a notice into the owner's inbox without sending. Delivering the same ``message_id`` again does nothing.

        Raises ``Unsupported`` when the provider cannot do that without sending.
        """
        ...

    def close(self) -> None: ...


class Known(Protocol):
    """What the database knows of one mailbox's items; handed in to connectors, read-only."""

    def key(self, stream: str, item: str) -> str:
        """The keyed hash under which marks of this item are kept."""
        ...

    def marks(self, stream: str, keys: Sequence[str]) -> Mapping[str, str]:
        """The marks that exist among ``keys``."""
        ...

    def all_marks(self, stream: str) -> Iterator[tuple[str, str]]:
        """Every mark of the stream, in the order of its key."""
        ...

    def refs(self, stream: str, prefix: str = "") -> Sequence[str]:
        """Ids of the logged items that lie in the stream and start with ``prefix``."""
        ...


class TokenVault(Protocol):
    """Keeps sign-in tokens. ``store`` is durable when it returns; ``lock`` holds between processes."""

    def load(self, name: str) -> bytes | None: ...

    def store(self, name: str, token: bytes) -> None: ...

    def lock(self, name: str) -> AbstractContextManager[None]: ...


class Budget(Protocol):
    """The requests and quota of one mailbox; later shared by many machines."""

    def spend(self, *, requests: int = 1, units: int = 0) -> None:
        """Takes from the budget; raises ``RateLimited`` with the time to come back when it is used up."""
        ...


class Stop(Protocol):
    """Whether to come to an end: a connector looks between two calls to its provider and raises ``Stopped``."""

    def requested(self) -> bool: ...

    def wait(self, seconds: float) -> bool: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that a connector is handed in beside its own settings."""

    mailbox: str
    owner: tuple[Address, ...]  # the manager's addresses, the first one is the address of drafts
    zone: str  # IANA name: for floating times and all-day dates
    exclude: frozenset[str]  # folders, labels or categories that are never read, folded to lower case
    calendar_days_back: int
    calendar_days_ahead: int
    clock: Clock  # the domain's: only for the calendar window and dates of drafts
    known: Known
    vault: TokenVault
    budget: Budget
    stop: Stop


class Point(StrEnum):
    """The moments of a pass that an observer hears of, in their order."""

    STREAM_STARTED = "stream_started"
    PAGE_READ = "page_read"
    COMMITTING = "committing"
    COMMITTED = "committed"
    STREAM_FINISHED = "stream_finished"
    INTENT_STORED = "intent_stored"
    PLACING = "placing"
    PLACED = "placed"
    PLACE_STORED = "place_stored"


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What an observer sees: numbers and names of ours, never anything of an item."""

    point: Point
    mailbox: str
    stream: str = ""
    seen: int = 0
    logged: int = 0
    total: int | None = None
    at: datetime | None = None


class Observer(Protocol):
    """Watches a pass: the progress bar, and the tests that kill the process at a named point."""

    def saw(self, glimpse: Glimpse) -> None: ...
