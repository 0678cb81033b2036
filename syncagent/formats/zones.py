"""Answers for time zones of calendars: IANA names, Windows names, and zones that a file defines itself. Pure.

Reads the time zone database of the system or of the ``tzdata`` package, as ``zoneinfo`` finds it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from syncagent.errors import BadItem
from syncagent.formats.components import Component
from syncagent.formats.limits import ZONE_YEARS
from syncagent.formats.recurrence import Effort, expand
from syncagent.formats.rules import read_rule

_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?")
_LOCAL = re.compile(r"(\d{8}T\d{6})")
#: Names that only say UTC; an event in UTC has no zone of its own.
_UTC_NAMES = frozenset({"utc", "gmt", "z", "etc/utc", "etc/gmt", "utc0", "tzone://microsoft/utc"})


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone, and its IANA name where it has one (empty for UTC and for one that only the file knows)."""

    name: str
    tz: tzinfo


UTC_ZONE = Zone("", UTC)


def named_zone(name: str) -> Zone | None:
    """The zone with this IANA or Windows name; None when nobody knows it. Global prefixes are cut off.

    RFC 5545 3.8.3.1 lets a TZID begin with ``/`` and a vendor's path, of which only the end names the zone.
    """
    name = name.strip().strip('"')
    if name.lower() in _UTC_NAMES:
        return UTC_ZONE
    candidates = [WINDOWS_TO_OLSON.get(name, ""), name]
    if name.startswith("/"):
        pieces = name.strip("/").split("/")
        candidates += ["/".join(pieces[-depth:]) for depth in (3, 2, 1) if len(pieces) >= depth]
    for candidate in filter(None, candidates):
        try:
            return Zone(candidate, ZoneInfo(candidate))
        except (KeyError, ValueError, OSError):  # unknown; not a relative path; a folder of the database
            continue
    return None


class Zones:
    """The zones of one calendar.

    A name that is known to the world is looked up there, although the file may define it too: programs write along a
    definition that is cut to a few years or was right when they were built (Asia/Baku still with summer time).
    RFC 7809 leaves such definitions out for the same reason.
    """

    def __init__(self, definitions: Iterable[Component], default: Zone, effort: Effort) -> None:
        self.default = default
        self._effort = effort
        self._definitions = {definition.text("TZID"): definition for definition in definitions}
        self._found: dict[str, Zone] = {}

    def find(self, tzid: str) -> Zone:
        """The zone for a TZID; the default one, as for floating times, when nobody knows it."""
        if tzid not in self._found:
            self._found[tzid] = named_zone(tzid) or self._defined(tzid) or self.default
        return self._found[tzid]

    def _defined(self, tzid: str) -> Zone | None:
        definition = self._definitions.get(tzid)
        if definition is None:
            return None
        return named_zone(definition.text("X-LIC-LOCATION") or "?") or _read_zone(definition, self._effort)


@dataclass(frozen=True, slots=True)
class _Onset:
    """A change of offset, at a moment of naive UTC."""

    at: datetime
    before: timedelta
    after: timedelta


class _DefinedZone(tzinfo):
    """A VTIMEZONE as Python's time zone (RFC 5545 3.6.5), within ``limits.ZONE_YEARS``."""

    def __init__(self, onsets: list[_Onset], first: timedelta) -> None:
        self._offsets = [first, *(onset.after for onset in onsets)]
        self._utc = [onset.at for onset in onsets]
        # A wall time that comes twice is the earlier one, and one that never comes keeps the offset before the gap
        # (RFC 5545 3.3.5); both are the later of the two walls for fold=0.
        self._walls = [onset.at + max(onset.before, onset.after) for onset in onsets]
        self._folded_walls = [onset.at + min(onset.before, onset.after) for onset in onsets]

    def utcoffset(self, dt: datetime | None) -> timedelta:
        if dt is None:
            return self._offsets[0]
        walls = self._folded_walls if dt.fold else self._walls
        return self._offsets[bisect_right(walls, dt.replace(tzinfo=None, fold=0))]

    def dst(self, dt: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, dt: datetime | None) -> str:
        return ""

    def fromutc(self, dt: datetime) -> datetime:
        place = bisect_right(self._utc, dt.replace(tzinfo=None))
        local = dt + self._offsets[place]
        # The hour after the clock went back is the second one of its name.
        twice = place > 0 and local.replace(tzinfo=None) < self._utc[place - 1] + self._offsets[place - 1]
        return local.replace(fold=int(twice))


def _read_zone(definition: Component, effort: Effort) -> Zone | None:
    """The zone that a VTIMEZONE defines; None when nothing of it can be read."""
    onsets: list[_Onset] = []
    for observance in definition.children:
        try:
            onsets += _onsets(observance, effort)
        except BadItem:
            continue
    if not onsets:
        return None
    onsets.sort(key=lambda onset: onset.at)
    return Zone("", _DefinedZone(onsets, onsets[0].before))


def _onsets(observance: Component, effort: Effort) -> list[_Onset]:
    """When a STANDARD or DAYLIGHT part begins: at DTSTART, and then by its rules and dates."""
    before, after = _offset(observance.text("TZOFFSETFROM")), _offset(observance.text("TZOFFSETTO"))
    start = _local(observance.text("DTSTART"))
    if before is None or after is None or start is None:
        raise BadItem("A time zone of the calendar cannot be read.")
    first, last = (datetime.combine(date(year, 1, 1), time.min) for year in ZONE_YEARS)
    walls = {start}
    for found in observance.all("RDATE"):
        walls.update(filter(None, map(_local, found.values)))
    for found in observance.all("RRULE"):
        rule = read_rule(found.value, start, zone=timezone(before))  # UNTIL is in UTC, onsets are in the time before
        walls.update(expand(rule, start, since=max(start, first), until=last, effort=effort))
    return [_Onset(wall - before, before, after) for wall in walls]


def _offset(value: str) -> timedelta | None:
    found = _OFFSET.fullmatch(value)
    if not found:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return None if size >= timedelta(days=1) else -size if found[1] == "-" else size


def _local(value: str) -> datetime | None:
    found = _LOCAL.match(value.strip())
    try:
        return datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
