"""Answers for the words of the house: what flows from a provider to the CRM and back, as frozen values.

Times named ``*_at`` are aware and in UTC. E-mail addresses are in normal form: lower case, domain in its A-label
(punycode) form, no brackets. Message-IDs are kept without angle brackets. Nothing here does any work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from syncagent.vocabulary import (
    AttendeeKind,
    Certainty,
    EventStatus,
    Response,
    Role,
    Sensitivity,
)


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322: normalised address and display name as written (may be empty)."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Where an item lies: a stream's stable id and the item's id inside it, both the provider's."""

    stream: str
    id: str


@dataclass(frozen=True, slots=True)
class Stream:
    """A folder or calendar: stable provider id, name as a person knows it, role."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as its header tells it (RFC 5322). Text and documents come with ``Content``."""

    message_id: str = ""  # without brackets; empty when the message has none
    from_: tuple[Address, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None  # the Date header; None when missing or nonsense
    received_at: datetime | None = None  # when the mailbox got it, if the provider knows
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    content_type: str = "text/plain"  # the top part's type with its parameters, lower case
    size: int | None = None  # bytes
    signals: Mapping[str, str] = field(default_factory=dict, hash=False)  # lower-case header name -> value
    sensitivity: Sensitivity = Sensitivity.NORMAL
    categories: tuple[str, ...] = ()
    is_draft: bool = False
    marker: str = ""  # our own mark on a draft of ours, else empty

    @property
    def author(self) -> Address | None:
        """The first of From; None for a message without one."""
        return self.from_[0] if self.from_ else None

    @property
    def at(self) -> datetime | None:
        """When it happened: as its author dated it, else as the mailbox received it."""
        return self.sent_at or self.received_at


@dataclass(frozen=True, slots=True)
class Attendee:
    """One invited (RFC 5545 ATTENDEE)."""

    address: Address
    response: Response = Response.NEEDS_ACTION
    kind: AttendeeKind = AttendeeKind.PERSON
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One meeting: a single event or one occurrence of a series, already expanded by the connector.

    ``recurrence_id`` is empty for a single event, else the original start: UTC instant as ``2026-11-20T06:00:00Z``, or
    the date as ``2026-11-20`` for an all-day series (RFC 5545 3.8.4.4). An all-day event has local dates beside
    its instants; ``end_date`` is exclusive.
    """

    uid: str
    start_at: datetime
    end_at: datetime
    recurrence_id: str = ""
    all_day: bool = False
    start_date: date | None = None
    end_date: date | None = None
    zone: str = ""  # IANA name of the original time zone; empty when floating or UTC
    organizer: Address | None = None
    attendees: tuple[Attendee, ...] = ()
    subject: str = ""
    description: str = ""  # plain text
    location: str = ""
    status: EventStatus = EventStatus.CONFIRMED
    sensitivity: Sensitivity = Sensitivity.NORMAL
    own_response: Response | None = None  # of this mailbox's owner; None when the provider does not tell
    sequence: int = 0
    stamp_at: datetime | None = None  # DTSTAMP: orders versions after SEQUENCE
    free: bool = False  # TRANSP:TRANSPARENT
    online_url: str = ""
    categories: tuple[str, ...] = ()
    information: bool = False  # METHOD:PUBLISH: a ticket or a holiday, not a meeting with its sender


Item = Mail | Event


@dataclass(frozen=True, slots=True)
class Document:
    """An attachment that a person would call a document: no inline picture, no calendar part."""

    name: str
    media_type: str
    size: int  # bytes after decoding


@dataclass(frozen=True, slots=True)
class Content:
    """What the second step of reading brings for one item."""

    text: str = ""  # plain text, made from HTML where that is all there is
    documents: tuple[Document, ...] = ()
    calendar_method: str = ""  # iTIP METHOD of a text/calendar part (RFC 5546), upper case; empty when there is none
    parts: tuple[str, ...] = ()  # media types of all leaf parts in order, lower case
    complete: bool = True  # False when a limit cut the text


@dataclass(frozen=True, slots=True)
class Upsert:
    """An item that is new or changed. ``known`` names the fields that the provider told; None means all."""

    ref: Ref
    item: Item
    version: str = ""  # changes when the item does; empty when the provider has none
    known: frozenset[str] | None = None
    content: Content | None = None  # when the provider hands over everything at once


@dataclass(frozen=True, slots=True)
class Gone:
    """An item is no longer at ``ref``: deleted, or moved (then it arrives elsewhere)."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that cannot be read. ``reason`` never quotes the item."""

    ref: Ref
    reason: str


Change = Upsert | Gone | Unreadable


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of time; None is unbounded."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Page:
    """Changes and the cursor that is valid after them.

    ``complete`` is set on the pages of a re-read only: the range of item times of which the round is a complete
    snapshot. ``marks`` are the connector's own notes, keyed by ``Known.key``: a value replaces, None removes.
    """

    changes: tuple[Change, ...]
    cursor: str
    last: bool
    complete: Span | None = None
    marks: Mapping[str, str | None] = field(default_factory=dict)
    total: int | None = None  # how many items the round will bring, for a progress bar; None when unknown


@dataclass(frozen=True, slots=True)
class Baseline:
    """A step of the walk to a forward cursor: ``cursor`` is valid once ``done``; else hand ``resume`` in again."""

    cursor: str
    done: bool
    resume: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Whose mail a search looks for, in a slice of time. All addresses and domains in normal form."""

    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    span: Span = Span()


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of a search, newest first. ``capped`` says that the provider cut the result: slice finer."""

    changes: tuple[Change, ...]
    position: str
    last: bool
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of ``syncagent check``: fine or not, what was looked at, and the cure."""

    ok: bool
    what: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class DraftMail:
    """A draft ready to be placed. ``marker`` is unique to its occasion and ``message_id`` is made from it."""

    marker: str
    message_id: str
    from_: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    text: str
    html: str
    at: datetime
    language: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A report or alarm for the manager's own inbox; its ``images`` are referred to as ``cid:NAME``."""

    message_id: str
    from_: Address
    to: Address
    subject: str
    text: str
    html: str
    at: datetime
    images: Mapping[str, bytes] = field(default_factory=dict)  # PNG


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a draft lies after it was stored, and its version then (nobody else has touched that version)."""

    ref: Ref
    version: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Present:
    """A marked message was found, in a stream of this role."""

    ref: Ref
    role: Role
    version: str


@dataclass(frozen=True, slots=True)
class Absent:
    """No marked message in Drafts, Outbox, Sent or Trash, and all of them were looked through."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The look-up was not conclusive; ``reason`` says why."""

    reason: str


Whereabouts = Present | Absent | CannotTell


@dataclass(frozen=True, slots=True)
class SourceTraits:
    """What a source can do. ``searches`` False: history is read forward from an empty cursor."""

    searches: bool
    network: bool


@dataclass(frozen=True, slots=True)
class DraftTraits:
    """What a draft box can do beyond placing, finding and withdrawing."""

    annotates: bool
    delivers: bool


@dataclass(frozen=True, slots=True)
class Match:
    """Who an address belongs to, and the evidence in words."""

    email: str
    certainty: Certainty
    account_id: int
    stakeholder_id: int | None  # None: matched by the account's domain alone
    reason: str


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of a decision: which condition, which value, how it went, in a sentence."""

    step: str
    value: str
    verdict: str
    why: str
