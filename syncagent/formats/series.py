"""Answers for series: which occurrences of one UID lie in a window, and which component tells of each (RFC 5545 3.8.5).

Pure. Rules, dates, exceptions, overrides and ``RANGE=THISANDFUTURE`` come together here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from syncagent.errors import BadItem
from syncagent.formats.components import Component
from syncagent.formats.limits import OCCURRENCES
from syncagent.formats.moments import Length, Moment, length_between, moment_of, read_length, read_moment
from syncagent.formats.recurrence import Effort, expand
from syncagent.formats.rules import Rule, read_rule
from syncagent.formats.zones import Zones
from syncagent.model import Span

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One meeting: when it is, its ``Event.recurrence_id``, and the component that tells of it."""

    component: Component
    start: Moment
    end_at: datetime
    recurrence_id: str


def is_recurring(component: Component) -> bool:
    """Whether the component repeats by itself."""
    return bool(component.all("RRULE") or component.all("RDATE"))


def single(component: Component, zones: Zones) -> Occurrence:
    """The occurrence of a component that does not repeat, or of an override without its series. Raises ``BadItem``."""
    start = _start(component, zones)
    original = component.first("RECURRENCE-ID")
    key = read_moment(original, zones, floating=start.zone).key if original else ""
    return Occurrence(component, start, _length(component, start, zones).end_of(start), key)


def version(component: Component) -> tuple[int, str]:
    """Which of two components that tell of the same thing is newer (RFC 5546 2.1.5): the greater one."""
    sequence = component.text("SEQUENCE")
    return int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0, component.text("DTSTAMP")


def occurrences(
    master: Component, overrides: Sequence[Component], zones: Zones, window: Span, effort: Effort
) -> tuple[list[Occurrence], list[str]]:
    """All occurrences that overlap the window, overrides at the time that they were moved to, in order of time.

    The second list has a reason for each override that cannot be read. Raises ``BadItem`` when a date or rule of the
    master cannot be read, when ``effort`` is used up, and when the window holds more than ``limits.OCCURRENCES``:
    an endless series needs a window that ends.
    """
    series = _Series(master, zones, window, effort)
    series.override(overrides)
    return series.within(), series.broken


def _start(component: Component, zones: Zones) -> Moment:
    found = component.first("DTSTART")
    if not found:
        raise BadItem("The event has no start.")
    return read_moment(found, zones)


def _length(component: Component, start: Moment, zones: Zones) -> Length:
    """How long an event lasts; without DTEND and DURATION a day for a date, nothing for a time (RFC 5545 3.6.1)."""
    end = component.first("DTEND")
    if end:
        return length_between(start, read_moment(end, zones, floating=start.zone))
    duration = component.first("DURATION")
    length = read_length(duration.value) if duration else Length()
    return Length(days=max(1, length.days)) if start.is_date else length


@dataclass(frozen=True, slots=True)
class _Override:
    """A component that stands for one occurrence, or for that and all later ones."""

    component: Component
    original: Moment
    start: Moment
    length: Length
    and_future: bool

    @property
    def shift(self) -> timedelta:
        return self.start.wall - self.original.wall


class _Series:
    """A master with its overrides."""

    def __init__(self, master: Component, zones: Zones, window: Span, effort: Effort) -> None:
        self.master = master
        self.zones = zones
        self.window = window
        self.effort = effort
        self.start = _start(master, zones)
        self.length = _length(master, self.start, zones)
        self.overrides: dict[str, _Override] = {}
        self.changes: list[_Override] = []  # those for the future too, in order
        self.broken: list[str] = []

    def override(self, components: Sequence[Component]) -> None:
        """Takes the overrides in; of two for the same occurrence the newer one stays."""
        for component in sorted(components, key=version):
            try:
                override = self._read_override(component)
            except BadItem as error:
                self.broken.append(error.message)
            else:
                self.overrides[override.original.key] = override
        changes = (override for override in self.overrides.values() if override.and_future)
        self.changes = sorted(changes, key=lambda change: change.original.wall)

    def _read_override(self, component: Component) -> _Override:
        found = component.all("RECURRENCE-ID")[0]
        start = _start(component, self.zones)
        return _Override(
            component=component,
            original=self._in_kind(read_moment(found, self.zones, floating=self.start.zone)),
            start=start,
            length=_length(component, start, self.zones),
            and_future=found.parameters.get("RANGE", "").upper() == "THISANDFUTURE",
        )

    def _in_kind(self, moment: Moment) -> Moment:
        """The moment as this series counts: a date, or a time in its zone (a bare date: that day at the usual time)."""
        if self.start.is_date or moment.is_date:
            return self.start.moved_to(datetime.combine(moment.wall, self.start.wall.time()))
        return self.start.moved_to(moment.at.astimezone(self.start.zone.tz).replace(tzinfo=None))

    def within(self) -> list[Occurrence]:
        found: dict[str, Occurrence] = {}
        excluded, excluded_days = self._exceptions()
        for original, length in self._originals():
            key = original.key
            if key in excluded or original.wall.date() in excluded_days or key in self.overrides:
                continue
            occurrence = self._occurrence(original, length)
            if self._overlaps(occurrence):
                found[key] = occurrence
                if len(found) > OCCURRENCES:
                    raise BadItem("The series has more occurrences than are read at once.")
        for key, override in self.overrides.items():
            if key in excluded or override.original.wall.date() in excluded_days:
                continue
            occurrence = Occurrence(override.component, override.start, override.length.end_of(override.start), key)
            if self._overlaps(occurrence):
                found[key] = occurrence
        return sorted(found.values(), key=lambda occurrence: (occurrence.start.at, occurrence.recurrence_id))

    def _occurrence(self, original: Moment, length: Length | None) -> Occurrence:
        """The occurrence at ``original``, as told by the last change for the future before it, else by the master."""
        change = next((change for change in reversed(self.changes) if change.original.wall < original.wall), None)
        if change is None:
            return Occurrence(self.master, original, (length or self.length).end_of(original), original.key)
        start = change.start.moved_to(original.wall + change.shift)
        return Occurrence(change.component, start, (length or change.length).end_of(start), original.key)

    def _overlaps(self, occurrence: Occurrence) -> bool:
        since, until = self.window.since, self.window.until
        start_at = occurrence.start.at
        if until is not None and start_at >= until:
            return False
        return since is None or occurrence.end_at > since or start_at >= since

    def _originals(self) -> Iterator[tuple[Moment, Length | None]]:
        """The original starts that may matter for the window, with the length of those that bring their own."""
        rules = [self._rule(found.value) for found in self.master.all("RRULE")]
        # A series whose rules all end before it begins is what is left of one that somebody deleted from its start on.
        if not rules or any(rule.until is None or rule.until >= self.start.wall for rule in rules):
            yield self.start, None
        for rule in rules:
            for wall in self._expanded(rule):
                yield self.start.moved_to(wall), None
        for found in self.master.all("RDATE"):
            for value in found.values:
                yield self._extra(value, found.parameters.get("TZID", ""))

    def _rule(self, text: str) -> Rule:
        return read_rule(text, self.start.wall, dates_only=self.start.is_date, zone=self.start.zone.tz)

    def _expanded(self, rule: Rule) -> Iterator[datetime]:
        since, until = self._reach()
        return expand(rule, self.start.wall, since=since, until=until, effort=self.effort, start_counts=True)

    def _reach(self) -> tuple[datetime | None, datetime | None]:
        """The walls between which an original start may lead to an occurrence in the window."""
        lengths = [self.length, *(change.length for change in self.changes)]
        margin = _DAY + max(timedelta(days=length.days) + length.exact for length in lengths)
        margin += max((abs(change.shift) for change in self.changes), default=timedelta(0))
        since, until = (
            at.astimezone(self.start.zone.tz).replace(tzinfo=None) if at else None
            for at in (self.window.since, self.window.until)
        )
        return since and since - margin, until and until + margin

    def _extra(self, value: str, tzid: str) -> tuple[Moment, Length | None]:
        """One value of RDATE: a date, a time, or a period with an end or length of its own (RFC 5545 3.8.5.2)."""
        begin, _, rest = value.partition("/")
        original = moment_of(begin, tzid, self.zones, floating=self.start.zone)
        length = None
        if rest:
            is_length = rest.strip().upper().startswith(("P", "+P", "-P"))
            end = None if is_length else moment_of(rest, tzid, self.zones, floating=self.start.zone)
            length = length_between(original, end) if end else read_length(rest)
        return self._in_kind(original), length

    def _exceptions(self) -> tuple[set[str], set[date]]:
        """The keys of excluded occurrences, and days of which a bare date excludes all."""
        keys: set[str] = set()
        days: set[date] = set()
        for found in self.master.all("EXDATE"):
            for value in found.values:
                moment = moment_of(value, found.parameters.get("TZID", ""), self.zones, floating=self.start.zone)
                if moment.is_date:
                    days.add(moment.wall.date())
                else:
                    keys.add(self._in_kind(moment).key)
        for found in self.master.all("EXRULE"):  # gone from RFC 5545, alive in old calendars
            keys.update(self.start.moved_to(wall).key for wall in self._expanded(self._rule(found.value)))
        return keys, days
