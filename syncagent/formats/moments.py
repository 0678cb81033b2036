"""Answers for dates, times and durations of calendars (RFC 5545 3.3.4 to 3.3.6) as moments that know their zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from syncagent.errors import BadItem
from syncagent.formats.components import Property
from syncagent.formats.zones import UTC_ZONE, Zone, Zones

_MOMENT = re.compile(r"(\d{8})(?:T(\d{4})(\d{2})?(Z?))?")
_DURATION = re.compile(r"([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of a calendar: wall time and zone, or a date (then ``wall`` is its midnight)."""

    wall: datetime  # naive
    zone: Zone
    is_date: bool = False

    @property
    def at(self) -> datetime:
        """The instant in UTC; a wall time that a change of clocks leaves out or repeats as RFC 5545 3.3.5 reads it."""
        return self.wall.replace(tzinfo=self.zone.tz).astimezone(UTC)

    @property
    def key(self) -> str:
        """As ``Event.recurrence_id`` has it: the date, or the UTC instant."""
        return self.wall.date().isoformat() if self.is_date else f"{self.at:%Y-%m-%dT%H:%M:%SZ}"

    def moved_to(self, wall: datetime) -> Moment:
        return Moment(wall, self.zone, self.is_date)


@dataclass(frozen=True, slots=True)
class Length:
    """A duration: whole days follow the wall clock, the rest is exact (RFC 5545 3.8.5.3)."""

    days: int = 0
    exact: timedelta = timedelta(0)

    def end_of(self, start: Moment) -> datetime:
        """The instant in UTC at which something ends that begins at ``start``."""
        return start.moved_to(start.wall + timedelta(days=self.days)).at + self.exact


def read_moment(found: Property, zones: Zones, *, floating: Zone | None = None) -> Moment:
    """The DATE or DATE-TIME of a property; what it is, its value tells, whatever its VALUE parameter says.

    A time without zone is in ``floating``, else in the default zone of ``zones``. Raises ``BadItem``.
    """
    return moment_of(found.value, found.parameters.get("TZID", ""), zones, floating=floating)


def moment_of(value: str, tzid: str, zones: Zones, *, floating: Zone | None = None) -> Moment:
    """Like ``read_moment``, for one value of a list."""
    found = _MOMENT.fullmatch(value.strip().upper())
    if not found:
        raise BadItem("A date of the event cannot be read.")
    day, hours, seconds, utc = found.groups()
    zone = zones.find(tzid) if tzid else floating or zones.default
    try:
        wall = datetime.fromisoformat(f"{day}T{hours or '0000'}{min(int(seconds or 0), 59):02}")
        moment = Moment(wall, UTC_ZONE if utc else zone, is_date=hours is None)
        _ = moment.at  # a wall time at the very edge of the calendar has no instant in UTC
    except (ValueError, OverflowError):
        raise BadItem("A date of the event cannot be read.") from None
    return moment


def read_length(value: str) -> Length:
    """The DURATION ``value``; a negative one is none. Raises ``BadItem``."""
    found = _DURATION.fullmatch(value.strip().upper())
    if not found:
        raise BadItem("The duration of the event cannot be read.")
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:])
    if found[1] == "-":
        return Length()
    return Length(weeks * 7 + days, timedelta(hours=hours, minutes=minutes, seconds=seconds))


def length_between(start: Moment, end: Moment) -> Length:
    """How long something lasts that is told by its start and end; never less than nothing, for dates at least a day.

    Between times it is exact, so each occurrence lasts as long as the first, whatever the clocks do.
    """
    if start.is_date:
        return Length(days=max(1, (end.wall.date() - start.wall.date()).days))
    if end.is_date:
        end = Moment(datetime.combine(end.wall, time.min), start.zone)
    return Length(exact=max(timedelta(0), end.at - start.at))
