"""Answers for the meetings of the demo's world: who meets whom, when, and about what. Pure.

Some meetings are *open*: they have ended and nobody of ours writes to those who took part afterwards, so that there is
something for syncagent to do. ``hushed`` tells the letter writers whom they must leave alone from when on.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from syncagent.cli.demo.cast import DOMAIN, Account, Cast, Named, Person
from syncagent.cli.demo.letter import BAKU, slots, working_moment, zone
from syncagent.cli.demo.phrases import Agenda, phrases

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Guest:
    """One invited, with their answer (an RFC 5545 PARTSTAT)."""

    who: Named
    answer: str = "NEEDS-ACTION"
    room: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """An entry of one or two calendars. All-day ones begin at local midnight.

    ``zone_style`` is how its times are written: iana, windows or utc. ``moved`` and ``dropped`` are occurrences of a
    weekly series, by their number from 0: one that was moved to another hour, one that was taken out.
    """

    uid: str
    kind: str  # for tests and for whoever reads the code: open, closed, lunch, private, …
    start: datetime
    length: timedelta
    subject: str
    organizer: Named
    calendars: tuple[str, ...]  # mailbox names
    language: str
    invited_at: datetime
    guests: tuple[Guest, ...] = ()
    points: tuple[str, ...] = ()
    location: str = ""
    zone_style: str = "iana"
    cancelled: bool = False
    private: bool = False
    all_day: bool = False
    weeks: int = 1
    moved: int = -1
    dropped: int = -1
    by_mail: bool = True

    @property
    def end(self) -> datetime:
        """The end of the (first) occurrence."""
        return self.start + self.length


def make_meetings(rng: random.Random, cast: Cast, now: datetime) -> tuple[Meeting, ...]:
    """About 25 meetings of the last 60 and the next 30 days, the open ones among them."""
    planner = _Planner(rng, cast, now)
    return (*planner.long_ago(), *planner.lately(), *planner.just_now(), *planner.ahead(), planner.series())


def hushed(cast: Cast, meetings: Iterable[Meeting]) -> Mapping[str, datetime]:
    """To which addresses nobody of ours may write any more, and since when, so that open meetings stay open."""
    since: dict[str, datetime] = {}
    for meeting in meetings:
        if meeting.kind != "open":
            continue
        took_part = {guest.who.email for guest in meeting.guests if guest.answer != "DECLINED"}
        took_part.add(meeting.organizer.email)
        for account in cast.accounts:
            for person in account.people:
                if took_part.intersection(person.emails):
                    since.update((email, min(meeting.end, since.get(email, meeting.end))) for email in person.emails)
    return since


class _Planner:
    """Fills the calendars. Two people of each account are for open meetings and left alone afterwards."""

    def __init__(self, rng: random.Random, cast: Cast, now: datetime) -> None:
        self._rng = rng
        self._cast = cast
        self._now = now
        self._taken: set[tuple[str, date, int]] = set()
        self._agendas: dict[str, list[Agenda]] = {}  # by language, those that have not been used yet
        self._quiet = {account.name: tuple(rng.sample(account.people, 2)) for account in cast.accounts}

    def long_ago(self) -> Iterator[Meeting]:
        """Meetings that ended too long ago for a follow-up; none is near the limit of 14 days."""
        first, second, third = self._cast.accounts
        yield self._meeting("past", -self._rng.randrange(50, 57), first, self._others(first, 2))
        exchange = self._meeting("past", -self._rng.randrange(42, 48), second, self._others(second, 1), theirs=True)
        yield replace(exchange, zone_style="windows")
        yield self._meeting("past", -self._rng.randrange(34, 40), third, self._others(third, 2), theirs=True)
        yield self._meeting("call", -self._rng.randrange(28, 32), first, self._others(first, 1))
        yield self._meeting("past", -self._rng.randrange(22, 26), third, self._others(third, 2), both=True)
        yield self._meeting("cancelled", -self._rng.randrange(18, 20), second, self._others(second, 1))
        yield self._leave(self._cast.managers[1], self._day(-self._rng.randrange(26, 30)))

    def lately(self) -> Iterator[Meeting]:
        """The last days before the last two: some followed up, some open, some that need nothing."""
        first, second, third = self._cast.accounts
        yield self._meeting("open", -self._rng.randrange(8, 11), third, self._quiet[third.name][:1])
        yield self._meeting("closed", -self._rng.randrange(8, 11), second, self._others(second, 2))
        yield self._meeting("open", -self._rng.randrange(5, 7), first, self._quiet[first.name])
        yield self._meeting("closed", -self._rng.randrange(5, 8), first, self._others(first, 1), theirs=True)
        yield self._meeting("declined", -self._rng.randrange(6, 9), second, self._others(second, 1), theirs=True)
        yield self._meeting("refused", -self._rng.randrange(4, 7), third, self._others(third, 1))
        yield self._meeting("lunch", -self._rng.randrange(7, 10), second, self._others(second, 1))
        yield self._meeting("cancelled", -self._rng.randrange(4, 6), first, self._others(first, 1))
        yield self._meeting("private", -self._rng.randrange(9, 12), first, self._others(first, 1))
        yield self._meeting("fair", -self._rng.randrange(5, 8), third, self._others(third, 1), both=True)
        yield self._internal(-3)

    def just_now(self) -> Iterator[Meeting]:
        """Three open meetings that have ended within the last two days, one of them in both calendars."""
        starts = self._recent_starts()
        first, second, third = self._cast.accounts
        yield self._meeting("open", 0, first, self._quiet[first.name][:1], start=starts[0])
        yield self._meeting("open", 0, second, self._quiet[second.name], start=starts[1], theirs=True)
        # One of the guests could not come: a letter to them alone would not be a follow-up.
        guests = (*self._quiet[third.name], *self._others(third, 1))
        yield self._meeting("open", 0, third, guests, start=starts[2], both=True, absent=guests[-1])

    def ahead(self) -> Iterator[Meeting]:
        """Meetings to come."""
        first, second, third = self._cast.accounts
        yield self._meeting("future", self._rng.randrange(2, 4), second, self._others(second, 2))
        yield self._meeting("future", self._rng.randrange(5, 9), first, self._quiet[first.name][1:], theirs=True)
        yield self._meeting("future", self._rng.randrange(10, 14), third, self._others(third, 2), both=True)
        yield self._meeting("future", self._rng.randrange(18, 28), third, self._others(third, 1), theirs=True)
        yield self._internal(self._rng.randrange(4, 8))

    def series(self) -> Meeting:
        """A weekly meeting over eight weeks; one occurrence was moved, one taken out."""
        second = self._cast.accounts[1]
        base = self._meeting("series", -38, second, self._others(second, 2))
        return replace(base, weeks=8, moved=3, dropped=1)

    def _meeting(
        self,
        kind: str,
        days: int,
        account: Account,
        people: Sequence[Person],
        *,
        start: datetime | None = None,
        theirs: bool = False,
        both: bool = False,
        absent: Person | None = None,
    ) -> Meeting:
        """A meeting with ``people`` of the account; ``theirs`` says that the first of them invites."""
        rng, language = self._rng, people[0].language
        managers = self._cast.managers if both else (self._owner(account),)
        start = start or self._slot(managers, self._day(days), hours=(12,) if kind == "lunch" else (10, 11, 14, 15, 16))
        agenda = self._agenda(kind, language, start, people)
        host = people[0] if theirs else managers[0]
        guests = [self._guest(person, kind, ours=False, absent=person is absent) for person in people]
        guests += [self._guest(manager, kind, ours=True, absent=False) for manager in managers]
        if not theirs and kind in ("past", "closed", "future"):
            guests.append(Guest(Named("Görüş otağı 3", f"otaq3@{DOMAIN}"), "ACCEPTED", room=True))
        meeting = Meeting(
            uid=self._uid(host),
            kind=kind,
            start=start.astimezone(zone(host)) if kind != "fair" else start,
            length=timedelta(minutes=rng.choice((45, 60, 60, 75))),
            subject=agenda.subject,
            organizer=host.main,
            calendars=tuple(manager.mailbox for manager in managers),
            language=language,
            invited_at=self._invited(start),
            guests=tuple(guest for guest in guests if guest.who != host.main or not theirs),
            points=agenda.points,
            location=self._place(kind, account, theirs=theirs),
            zone_style=self._zone_style(host, theirs=theirs),
            cancelled=kind == "cancelled",
            private=kind == "private",
            by_mail=kind not in ("private", "lunch", "fair"),
        )
        if kind == "fair":
            midnight = datetime.combine(start.date(), time(), BAKU)
            return replace(meeting, start=midnight, length=timedelta(days=1), all_day=True)
        return meeting

    def _agenda(self, kind: str, language: str, at: datetime, people: Sequence[Person]) -> Agenda:
        said = phrases(language)
        values = slots(self._rng, self._cast, language, at) | {"n": people[0].name}
        match kind:
            case "lunch":
                plain = Agenda(said.lunch, ())
            case "fair":
                plain = Agenda(said.fair, ())
                values["n"] = people[0].company
            case "call":
                plain = said.call
            case "series":
                plain = said.series
            case _:
                left = self._agendas.setdefault(language, [])
                if not left:
                    left += self._rng.sample(said.agendas, len(said.agendas))
                plain = left.pop()
        subject = plain.subject.format(**values)
        return Agenda(subject[0].upper() + subject[1:], tuple(point.format(**values) for point in plain.points))

    def _guest(self, person: Person, kind: str, *, ours: bool, absent: bool) -> Guest:
        if ours:
            return Guest(person.main, "DECLINED" if kind == "declined" else "ACCEPTED")
        if absent or kind == "refused":
            return Guest(person.main, "DECLINED")
        return Guest(person.main, self._rng.choice(("ACCEPTED", "ACCEPTED", "ACCEPTED", "TENTATIVE", "NEEDS-ACTION")))

    def _internal(self, days: int) -> Meeting:
        leyla, other = self._cast.managers
        start = self._slot((leyla, other), self._day(days))
        guests = tuple(Guest(person.main, "ACCEPTED") for person in (other, *self._cast.colleagues[:2]))
        return Meeting(
            uid=self._uid(leyla),
            kind="internal",
            start=start,
            length=HOUR,
            subject="Şöbə iclası: əsas müştərilər üzrə vəziyyət",
            organizer=leyla.main,
            calendars=(leyla.mailbox, other.mailbox),
            language="az",
            invited_at=self._invited(start),
            guests=guests,
            points=("Müştərilər üzrə açıq məsələlər", "Gələn həftənin görüşləri"),
            by_mail=False,
        )

    def _leave(self, who: Person, day: date) -> Meeting:
        """Two days off, with nobody else in the entry."""
        start = datetime.combine(day, time(), BAKU)
        return Meeting(
            uid=self._uid(who),
            kind="leave",
            start=start,
            length=timedelta(days=2),
            subject="Məzuniyyət",
            organizer=who.main,
            calendars=(who.mailbox,),
            language="az",
            invited_at=self._invited(start),
            all_day=True,
            by_mail=False,
        )

    def _others(self, account: Account, count: int) -> tuple[Person, ...]:
        quiet = self._quiet[account.name]
        return tuple(self._rng.sample([person for person in account.people if person not in quiet], count))

    def _owner(self, account: Account) -> Person:
        return self._cast.managers[1 if account is self._cast.accounts[1] else 0]

    def _day(self, days: int) -> date:
        """A working day about ``days`` from today, moved away from today when that is a weekend."""
        day = (self._now.astimezone(BAKU) + timedelta(days=days)).date()
        while day.weekday() > 4:
            day += timedelta(days=1 if days > 0 else -1)
        return day

    def _slot(self, who: Sequence[Person], day: date, hours: Sequence[int] = (10, 11, 14, 15, 16)) -> datetime:
        """A free hour of that day for all of ``who``."""
        free = [hour for hour in hours if not any((person.name, day, hour) in self._taken for person in who)]
        hour = self._rng.choice(free or list(hours))
        self._taken.update((person.name, day, hour) for person in who)
        return datetime.combine(day, time(hour), BAKU)

    def _recent_starts(self) -> list[datetime]:
        """Three starts of meetings that have ended within the last two days: by day, on working days if possible."""
        latest = self._now.astimezone(BAKU).replace(minute=0, second=0, microsecond=0) - 2 * HOUR
        hours = [latest - HOUR * back for back in range(44)]
        day = [start for start in hours if 9 <= start.hour <= 16]
        working = [start for start in day if start.weekday() < 5]
        return sorted(self._rng.sample(working if len(working) >= 3 else day, 3))

    def _invited(self, start: datetime) -> datetime:
        latest = self._now.astimezone(BAKU) - timedelta(days=1)
        day = min(start - timedelta(days=self._rng.randrange(4, 11)), latest).date()
        return working_moment(self._rng, day - timedelta(days=max(0, day.weekday() - 4)))

    def _uid(self, host: Person) -> str:
        if host.habit.client == "outlook":
            return f"040000008200E00074C5B7101A82E00800000000{self._rng.getrandbits(256):064X}"
        return f"{uuid.UUID(int=self._rng.getrandbits(128), version=4)}@{host.emails[0].partition('@')[2]}"

    def _place(self, kind: str, account: Account, *, theirs: bool) -> str:
        if kind == "call":
            return ""
        if kind == "lunch":
            return "Xəzər restoranı, Bakı bulvarı"
        if kind == "fair":
            return "Bakı Ekspo Mərkəzi"
        return f"{account.name}, baş ofis" if theirs else "Bizim Texnologiya, 3-cü mərtəbə"

    def _zone_style(self, host: Person, *, theirs: bool) -> str:
        """Outlook of a customer writes Windows' names of time zones, other programs IANA names or UTC."""
        if not theirs:
            return "iana"
        if host.habit.client == "outlook":
            return "windows"
        return self._rng.choice(("iana", "utc"))
