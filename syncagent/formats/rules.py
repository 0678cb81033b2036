"""Answers for recurrence rules (RFC 5545 3.3.10): reading one, and filling in what it leaves to the start. Pure.

A rule that leaves out what it repeats ("every year") takes it from DTSTART. Which parts are filled in when is said
nowhere as exactly as in RFC 8984 4.3.3.1, so that is what ``read_rule`` follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, tzinfo
from enum import IntEnum

from syncagent.errors import BadItem
from syncagent.formats.limits import RULE_VALUES


class Frequency(IntEnum):
    """FREQ, ordered from fine to coarse."""

    SECONDLY = 0
    MINUTELY = 1
    HOURLY = 2
    DAILY = 3
    WEEKLY = 4
    MONTHLY = 5
    YEARLY = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule with everything filled in; an empty set means that the part does not limit anything.

    ``by_day`` holds (ordinal, weekday from Monday = 0), with ordinal 0 for every such day. ``until`` is in the local
    time of the start and inclusive.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    by_second: frozenset[int] = frozenset()
    by_minute: frozenset[int] = frozenset()
    by_hour: frozenset[int] = frozenset()
    by_day: frozenset[tuple[int, int]] = frozenset()
    by_month_day: frozenset[int] = frozenset()
    by_year_day: frozenset[int] = frozenset()
    by_week: frozenset[int] = frozenset()
    by_month: frozenset[int] = frozenset()
    by_position: frozenset[int] = frozenset()
    week_start: int = 0


_WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_DAY = re.compile(r"([+-]?\d{1,3})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
#: The BY parts that are lists of numbers: field, smallest and largest amount, whether it may count from the end.
_NUMBERS = {
    "BYSECOND": ("by_second", 0, 60, False),
    "BYMINUTE": ("by_minute", 0, 59, False),
    "BYHOUR": ("by_hour", 0, 23, False),
    "BYMONTHDAY": ("by_month_day", 1, 31, True),
    "BYYEARDAY": ("by_year_day", 1, 366, True),
    "BYWEEKNO": ("by_week", 1, 53, True),
    "BYMONTH": ("by_month", 1, 12, False),
    "BYSETPOS": ("by_position", 1, 100_000, True),
}


def read_rule(text: str, start: datetime, *, dates_only: bool = False, zone: tzinfo = UTC) -> Rule:
    """The rule in ``text`` for a series that starts at ``start`` (naive, local to ``zone``; midnight for dates).

    Unknown parts are passed over. Raises ``BadItem``, naming the part, for a value that RFC 5545 does not allow, and
    for what is beyond it: calendars other than the Gregorian one and SKIP (RFC 7529).
    """
    parts: dict[str, str] = {}
    for part in text.strip().upper().split(";"):
        name, _, value = part.partition("=")
        parts.setdefault(name.strip(), value.strip())
    if parts.get("RSCALE", "GREGORIAN") not in ("GREGORIAN", "GREGORY") or parts.get("SKIP", "OMIT") != "OMIT":
        raise BadItem("The recurrence rule uses another calendar or SKIP (RFC 7529), which is not supported.")
    if parts.get("FREQ") not in Frequency.__members__:
        raise _bad("FREQ")
    rule = Rule(
        frequency=Frequency[parts["FREQ"]],
        interval=_positive(parts, "INTERVAL") or 1,
        count=_positive(parts, "COUNT"),
        until=_until(parts["UNTIL"], dates_only, zone) if "UNTIL" in parts else None,
        by_day=_days(parts.get("BYDAY", "")),
        week_start=_WEEKDAYS.get(parts.get("WKST", "MO"), 0),
        **{_NUMBERS[name][0]: _numbers(name, parts[name]) for name in _NUMBERS if parts.get(name)},
    )
    return _filled(_reduced(rule, dates_only), start)


def _bad(part: str) -> BadItem:
    return BadItem(f"The recurrence rule cannot be read: its {part} is wrong.")


def _positive(parts: dict[str, str], name: str) -> int | None:
    value = parts.get(name, "")
    if not value or (name == "COUNT" and value.startswith("-")):
        return None  # Outlook writes COUNT=-1 for a series without end
    if not value.isdecimal() or len(value) > 9 or int(value) == 0:
        raise _bad(name)
    return int(value)


def _until(value: str, dates_only: bool, zone: tzinfo) -> datetime:
    """The last moment in local time. A bare date on a timed series, common though not allowed, includes that day."""
    found = _UNTIL.fullmatch(value)
    if not found:
        raise _bad("UNTIL")
    try:
        at = datetime.fromisoformat(f"{found[1]}T{found[2] or '000000'}")
        # Midnight UTC on a series of dates means the date itself, any other time the local date then.
        if found[3] and not (dates_only and at.time() == time.min):
            at = at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise _bad("UNTIL") from None
    if dates_only:
        return datetime.combine(at, time.min)
    return at if found[2] else datetime.combine(at, time.max)


def _numbers(name: str, value: str) -> frozenset[int]:
    _, smallest, largest, from_end = _NUMBERS[name]
    words = value.split(",")
    if len(words) > RULE_VALUES:
        raise _bad(name)
    numbers = set()
    for word in words:
        try:
            number = int(word)
        except ValueError:
            raise _bad(name) from None
        if not smallest <= abs(number) <= largest or (number < 0 and not from_end):
            raise _bad(name)
        numbers.add(number)
    # RFC 5545 3.3.10: a leap second is taken as the second before it.
    return frozenset(min(number, 59) for number in numbers) if name == "BYSECOND" else frozenset(numbers)


def _days(value: str) -> frozenset[tuple[int, int]]:
    if not value:
        return frozenset()
    words = value.replace(" ", "").split(",")
    found = [_DAY.fullmatch(word) for word in words]
    if len(words) > RULE_VALUES:
        raise _bad("BYDAY")
    days = set()
    for day in found:
        if not day or abs(int(day[1] or 0)) > 53:
            raise _bad("BYDAY")
        days.add((int(day[1] or 0), _WEEKDAYS[day[2]]))
    return frozenset(days)


def _reduced(rule: Rule, dates_only: bool) -> Rule:
    """Without the parts that RFC 5545 3.3.10 says must be ignored or must not stand where they do."""
    if dates_only:
        rule = replace(rule, by_hour=frozenset(), by_minute=frozenset(), by_second=frozenset())
    if rule.frequency is not Frequency.YEARLY:
        rule = replace(rule, by_week=frozenset())
    if rule.frequency < Frequency.MONTHLY or rule.by_week:
        rule = replace(rule, by_day=frozenset((0, weekday) for _, weekday in rule.by_day))
    return rule


def _filled(rule: Rule, start: datetime) -> Rule:
    """With everything that the rule leaves to its start (RFC 8984 4.3.3.1)."""
    frequency = rule.frequency
    if frequency > Frequency.SECONDLY and not rule.by_second:
        rule = replace(rule, by_second=frozenset({start.second}))
    if frequency > Frequency.MINUTELY and not rule.by_minute:
        rule = replace(rule, by_minute=frozenset({start.minute}))
    if frequency > Frequency.HOURLY and not rule.by_hour:
        rule = replace(rule, by_hour=frozenset({start.hour}))
    if frequency is Frequency.WEEKLY and not rule.by_day:
        rule = replace(rule, by_day=frozenset({(0, start.weekday())}))
    if frequency is Frequency.MONTHLY and not rule.by_day and not rule.by_month_day:
        rule = replace(rule, by_month_day=frozenset({start.day}))
    if frequency is Frequency.YEARLY and not rule.by_year_day:
        if not rule.by_month and not rule.by_week and (rule.by_month_day or not rule.by_day):
            rule = replace(rule, by_month=frozenset({start.month}))
        if not rule.by_month_day and not rule.by_week and not rule.by_day:
            rule = replace(rule, by_month_day=frozenset({start.day}))
        if rule.by_week and not rule.by_month_day and not rule.by_day:
            rule = replace(rule, by_day=frozenset({(0, start.weekday())}))
    return rule
