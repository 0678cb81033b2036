"""Answers for the shape in which the sync core hands a judged page to the database; values only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from syncagent.model import Document, Item, Match, Ref, Unreadable
from syncagent.vocabulary import AttendeeKind, InteractionKind, Response, Role, RunKind, Skip, StoreLevel

_NEVER = datetime.min.replace(tzinfo=UTC)

#: From which field of an item a column of an interaction is made, where the names differ.
_MADE_FROM = {"at": "start_at", "ended_at": "end_at", "author": "organizer", "meeting_kind": "subject"}


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """A person of an item as its header shows them."""

    role: str  # from, sender, to, cc, bcc, organizer or attendee
    email: str
    name: str
    ours: bool
    response: Response | None = None
    kind: AttendeeKind = AttendeeKind.PERSON


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """An item that was recognised. Text that the store level does not allow is empty already."""

    ref: Ref
    version: str
    kind: InteractionKind
    item: Item
    known: frozenset[str] | None
    parties: tuple[PartyRecord, ...]
    matches: tuple[Match, ...]
    store: StoreLevel
    thread_key: str = ""
    meeting_kind: str = ""
    language: str = ""
    excerpt: str = ""
    text: str = ""
    agenda: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    text_read: bool = True  # False: the text waits on the work list

    def tells(self, column: str) -> bool:
        """Whether the provider told what this column of an interaction is made from; a partial change tells some."""
        return self.known is None or _MADE_FROM.get(column, column) in self.known


@dataclass(frozen=True, slots=True)
class DraftGlimpse:
    """A mail that may be a draft of ours, or what became of one."""

    ref: Ref
    role: Role
    marker: str
    message_id: str
    version: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A whole page, judged: everything that one transaction writes."""

    stream_id: int
    mailbox_id: int
    owner_id: int  # our person whose mailbox it is
    kind: RunKind
    run_id: int
    people_version: int
    seen: int
    items: tuple[ItemRecord, ...] = ()
    gone: tuple[Ref, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    skipped: Counter[Skip] = field(default_factory=Counter)
    ignored: int = 0
    private: tuple[tuple[Ref, str], ...] = ()  # where something private lies, and its natural key
    glimpses: tuple[DraftGlimpse, ...] = ()
    resolved: tuple[Ref, ...] = ()  # remembered failures that were read, or are gone
    marks: Mapping[str, str | None] = field(default_factory=dict)
    cursor: str | None = None  # None: the page moves no cursor (search, retry)
    round: int = 0
    wake: tuple[tuple[str, timedelta], ...] = ()  # rules that look at meetings, and how long after their end
    dropped: tuple[tuple[Ref, Skip], ...] = ()  # meetings that are no contact any more, if they ever were
    now: datetime = _NEVER  # the system's time
    domain_now: datetime = _NEVER  # the domain's: what is past


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What a page did; ``seen`` is the sum of the rest."""

    seen: int
    logged: int
    updated: int
    removed: int
    ignored: int
    failed: int
    skipped: Counter[Skip]
