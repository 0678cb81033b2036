"""Answers for the closed sets of words that items, ledger and drafts are described with; nothing but enumerations."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a stream is for (RFC 6154 special-use names, and the calendar)."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFTS = "drafts"
    TRASH = "trash"
    JUNK = "junk"
    ARCHIVE = "archive"
    OTHER = "other"
    CALENDAR = "calendar"


#: Streams whose mail can be a contact; the others are watched for our own drafts alone.
CONTACT_ROLES = frozenset({Role.INBOX, Role.SENT, Role.ARCHIVE, Role.OTHER})


class Sensitivity(StrEnum):
    """How private an item says it is (RFC 5545 CLASS, RFC 4356 / Outlook sensitivity)."""

    NORMAL = "normal"
    PERSONAL = "personal"
    PRIVATE = "private"
    CONFIDENTIAL = "confidential"


class Response(StrEnum):
    """A participation status (RFC 5545 PARTSTAT)."""

    NEEDS_ACTION = "needs-action"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    DELEGATED = "delegated"


class AttendeeKind(StrEnum):
    """What an attendee is (RFC 5545 CUTYPE)."""

    PERSON = "person"
    GROUP = "group"
    ROOM = "room"
    RESOURCE = "resource"


class EventStatus(StrEnum):
    """RFC 5545 STATUS of an event."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


class StoreLevel(StrEnum):
    """How much of a matched item is kept: nothing but its header, the first 200 characters, or the whole text."""

    METADATA = "metadata"
    EXCERPT = "excerpt"
    BODY = "body"


class Detail(StrEnum):
    """How far an interaction has been read; ``HEADER`` still waits for its text."""

    HEADER = "header"
    TEXT = "text"


class RunKind(StrEnum):
    """Why a stream was read; the ledger adds up for each kind."""

    FORWARD = "forward"
    SEARCH = "search"
    RETRY = "retry"
    RECHECK = "recheck"


class Skip(StrEnum):
    """Why a change was not logged."""

    NO_STAKEHOLDER = "no_stakeholder"
    AUTOMATED = "automated"
    NEWSLETTER = "newsletter"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    INTERNAL = "internal"
    PRIVATE = "private"
    MEETING_MAIL = "meeting_mail"
    OWN_DRAFT = "own_draft"
    DUPLICATE = "duplicate"
    EXCLUDED = "excluded"
    UNREADABLE = "unreadable"


class Withdrawal(StrEnum):
    """What became of the wish to remove a draft of ours."""

    WITHDRAWN = "withdrawn"
    TOUCHED = "touched"  # its version is no longer ours: left alone
    MISSING = "missing"


class InteractionKind(StrEnum):
    MAIL_IN = "mail_in"
    MAIL_OUT = "mail_out"
    MEETING = "meeting"
    CALL = "call"


class InteractionState(StrEnum):
    DONE = "done"
    PLANNED = "planned"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class DraftState(StrEnum):
    """The life of a draft: planned, placed, then what the manager made of it."""

    PLANNED = "planned"
    PLACED = "placed"
    UNCERTAIN = "uncertain"
    EDITED = "edited"
    SENT = "sent"
    DISCARDED = "discarded"
    OBSOLETE = "obsolete"
    FAILED = "failed"


class Certainty(StrEnum):
    """How sure a match is."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    QUESTION = "question"
