"""Answers for the shape in which the facts of a manager's week leave the database; values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from syncagent.vocabulary import DraftState

#: How far ahead meetings are listed.
MEETINGS_AHEAD = timedelta(days=14)

#: A follow-up in one of these states still has to be written or sent; a draft that failed is owed all the same.
OPEN_STATES = frozenset(
    {DraftState.PLANNED, DraftState.PLACED, DraftState.UNCERTAIN, DraftState.EDITED, DraftState.FAILED}
)


@dataclass(frozen=True, slots=True)
class ManagerRow:
    """Whose week it is."""

    id: int
    name: str  # the address where nobody told the name
    email: str
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Contacts of a week, each once. ``own`` of them the manager took part in; the others were colleagues alone."""

    mails_in: int = 0
    mails_out: int = 0
    meetings: int = 0
    own: int = 0

    @property
    def total(self) -> int:
        return self.mails_in + self.mails_out + self.meetings


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A key account; its counts include contacts with people of its domain whom nobody has named yet."""

    id: int
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A stakeholder at an account: a member at some time since the week began, or somebody with a contact in it."""

    account_id: int
    stakeholder_id: int
    name: str
    email: str  # main address; empty when none is known
    title: str
    contact_person: bool
    roles: tuple[str, ...]
    counts: Counts
    last_contact_at: datetime | None  # with any of us, up to now; None: never
    is_member: bool  # now


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A formal follow-up of the manager that was due in the week, or was due before it and is still open."""

    draft_id: int
    interaction_id: int
    meeting: str  # subject of the meeting; may be empty
    met_at: datetime
    accounts: tuple[str, ...]
    to: tuple[str, ...]
    due_at: datetime
    state: DraftState
    sent_at: datetime | None  # as the sent mail dates itself, else when it was found sent; None: not sent


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A planned meeting of the manager, or of any of us with one of the accounts."""

    interaction_id: int
    at: datetime
    ended_at: datetime | None
    all_day: bool
    start_date: date | None
    subject: str
    tentative: bool
    own: bool  # the manager is expected in it
    accounts: tuple[str, ...]
    people: tuple[str, ...]  # stakeholders, or addresses of the account that nobody has named
    ours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeekRows:
    """Everything that the weekly report is made of; in no particular order."""

    manager: ManagerRow
    start_at: datetime
    end_at: datetime
    now: datetime
    silent_since: datetime
    totals: Counts  # an interaction with two accounts counts once
    accounts: tuple[AccountRow, ...]
    people: tuple[PersonRow, ...]
    follow_ups: tuple[FollowUpRow, ...]
    next_meetings: tuple[MeetingRow, ...]
