"""Answers for the shape of a weekly report: what it says, sorted, before anybody shows it; values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from syncagent.crm.reporting_rows import Counts
from syncagent.vocabulary import DraftState


class Status(StrEnum):
    """How a follow-up stands: what was sent, what still has to be, and what the manager threw away."""

    IN_TIME = "in_time"
    LATE = "late"
    OPEN = "open"
    OVERDUE = "overdue"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Person:
    """A stakeholder in the account's part of the report."""

    id: int
    name: str
    email: str
    title: str
    contact_person: bool
    roles: tuple[str, ...]
    counts: Counts
    last_contact_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountWeek:
    """A key account with all its stakeholders, those without contact too."""

    name: str
    counts: Counts
    people: tuple[Person, ...]

    @property
    def touched(self) -> tuple[Person, ...]:
        """The stakeholders with a contact in the week."""
        return tuple(person for person in self.people if person.counts.total)

    @property
    def untouched(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if not person.counts.total)

    @property
    def last_contact_at(self) -> datetime | None:
        """The last contact with any of its stakeholders; None: never."""
        return max((person.last_contact_at for person in self.people if person.last_contact_at), default=None)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One follow-up and how it stands."""

    id: int
    meeting: str
    met_at: datetime
    accounts: tuple[str, ...]
    to: tuple[str, ...]
    due_at: datetime
    sent_at: datetime | None
    state: DraftState
    status: Status


@dataclass(frozen=True, slots=True)
class FollowUps:
    """The follow-ups of the week: ``due = done + open + discarded``. ``late`` of ``done`` came after their time.

    ``earlier`` counts those that were due before the week and still wait; they are among ``items`` too.
    """

    due: int
    done: int
    late: int
    open: int
    discarded: int
    earlier: int
    items: tuple[FollowUp, ...]  # what still has to be done first, each group by its time


@dataclass(frozen=True, slots=True)
class Silent:
    """A stakeholder with whom none of us had contact for too long."""

    account: str
    person: Person


@dataclass(frozen=True, slots=True)
class Meeting:
    """A planned meeting. ``ours`` are all of us who are expected; ``with_you`` says whether the manager is."""

    id: int
    at: datetime
    ended_at: datetime | None
    all_day: bool
    date: date  # of its first day, in the manager's zone
    subject: str
    tentative: bool
    with_you: bool
    accounts: tuple[str, ...]
    people: tuple[str, ...]
    ours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """A manager's week. Names are in the order of the Azerbaijani alphabet, meetings and follow-ups in that of time."""

    week: str
    manager: str
    manager_email: str
    zone: str
    since: datetime
    until: datetime  # exclusive
    made_at: datetime
    silent_days: int
    totals: Counts
    accounts: tuple[AccountWeek, ...]
    follow_ups: FollowUps
    silent: tuple[Silent, ...]
    next_meetings: tuple[Meeting, ...]

    @property
    def touched(self) -> tuple[AccountWeek, ...]:
        """The accounts with a contact in the week."""
        return tuple(account for account in self.accounts if account.counts.total)

    @property
    def untouched(self) -> tuple[AccountWeek, ...]:
        return tuple(account for account in self.accounts if not account.counts.total)
