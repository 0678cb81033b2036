"""Answers for what a rule may know about a meeting: frozen values, filled by whoever reads the database.

All ``*_at`` are aware and in UTC, all addresses in normal form. Nothing here does any work, and a rule or template sees
nothing that is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from syncagent.vocabulary import InteractionState


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody outside who took part. ``salutation`` is how they are addressed, as the stakeholder's record says it:
    a bare title (``xanım``, ``Mr``), a form (``Leyla xanım``) or a whole greeting (``Dear Ms Collins``)."""

    name: str
    email: str
    language: str
    title: str = ""
    formality: str = ""
    salutation: str = ""
    contact_person: bool = False
    account: str = ""
    opted_out: bool = False
    stakeholder_id: int | None = None  # None: known by the account's domain alone, or not at all


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of ours. ``zone`` is an IANA name; ``signature`` is plain text of several lines, empty when none is set."""

    name: str
    email: str
    language: str
    zone: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class StreamState:
    """Up to which moment of the domain's clock the forward reading of a stream is gapless; None when it never was."""

    mailbox: str
    stream: str
    complete_to: datetime | None


@dataclass(frozen=True, slots=True)
class Written:
    """A mail that a person of ours wrote to one of those who took part: neither automated nor meeting mail."""

    at: datetime
    by: str
    to: str
    message_id: str


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """All that is known about one meeting at the time of the decision."""

    interaction_id: int
    subject: str
    start_at: datetime
    end_at: datetime
    all_day: bool
    zone: str  # of the invitation; letters use the zone of the one who acts
    state: InteractionState
    meeting_kind: str  # meeting, call, meal or other
    private: bool
    internal: bool
    accounts: tuple[str, ...]
    key_account: bool
    took_part: tuple[Person, ...]  # outside, did not decline, no rooms; in the order of the invitation
    ours: tuple[Colleague, ...]  # ours who took part; the one who acts is among them
    actor: Colleague | None  # in whose name the letter is written; None when nobody of ours can
    actor_mailbox: str
    agenda: tuple[str, ...]
    documents: tuple[str, ...]  # names of documents exchanged on the subject
    next_meeting_at: datetime | None
    next_meeting_subject: str
    written: tuple[Written, ...]  # after the end, by the actor or one of ours who took part, to one of took_part
    rests_on: tuple[StreamState, ...]  # the streams in which such a mail would be seen
