"""Answers for the occurrences of a recurrence rule: a filter over days and times, bounded in every direction. Pure.

Own code instead of ``dateutil.rrule``, on which ``recurring_ical_events`` rests: that one cannot be interrupted. A rule
that never comes true (``FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30``) keeps it busy for seconds, ``FREQ=MINUTELY`` from DTSTART
to the end of the window; one file may hold thousands of either. Here every step is counted, and a rule without COUNT
begins at the window, not at DTSTART.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import count, product

from syncagent.errors import BadItem
from syncagent.formats.limits import FILE_STEPS, RULE_STEPS
from syncagent.formats.rules import Frequency, Rule

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_STEP = {
    Frequency.SECONDLY: timedelta(seconds=1),
    Frequency.MINUTELY: timedelta(minutes=1),
    Frequency.HOURLY: timedelta(hours=1),
}


@dataclass(slots=True)
class Effort:
    """How many candidates the rules of one file may still try."""

    file_left: int = FILE_STEPS
    rule_left: int = RULE_STEPS

    def begin_rule(self) -> None:
        self.rule_left = RULE_STEPS

    def spend(self, steps: int) -> None:
        """Raises ``BadItem`` when the rule, or all rules of the file together, have tried enough."""
        self.rule_left -= steps
        self.file_left -= steps
        if self.rule_left < 0 or self.file_left < 0:
            raise BadItem("The recurrence rule asks for more dates than can be worked out.")


def expand(
    rule: Rule,
    start: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    effort: Effort | None = None,
    start_counts: bool = False,
) -> Iterator[datetime]:
    """The starts that ``rule`` yields for a series from ``start`` on, in order, from ``since`` to ``until`` inclusive.

    All times are naive and local to the series. A start that does not fit the rule is not among them; with
    ``start_counts`` it uses up one of COUNT all the same (RFC 5545 3.3.10: "DTSTART always counts as the first
    occurrence"). Raises ``BadItem`` when ``effort`` is used up, so an endless rule may be asked for without ``until``.
    """
    effort = effort or Effort()
    effort.begin_rule()
    ends = [end for end in (rule.until, until) if end is not None]
    last = min(ends, default=None)
    # COUNT counts from the start; any other rule can begin with the period in which ``since`` lies.
    begin = start if since is None or rule.count is not None else max(start, since)
    left = rule.count
    for at in _candidates(rule, start, begin, last, effort):
        if at < start:
            continue
        if last is not None and at > last:
            return
        if left is not None:
            if start_counts and left == rule.count and at != start:
                left -= 1
            if left <= 0:
                return
            left -= 1
        if since is None or at >= since:
            yield at


def _candidates(
    rule: Rule, start: datetime, begin: datetime, last: datetime | None, effort: Effort
) -> Iterator[datetime]:
    """What the rule yields period by period, from the period of ``begin`` to that of ``last``; maybe a little more."""
    if rule.frequency >= Frequency.DAILY:
        effort.spend(len(rule.by_hour) * len(rule.by_minute) * len(rule.by_second))
        times = [time(*one) for one in product(sorted(rule.by_hour), sorted(rule.by_minute), sorted(rule.by_second))]
        for days in _day_periods(rule, start.date(), begin.date(), last.date() if last else date.max, effort):
            yield from _picked(rule, days, times, effort)
        return
    for at in _time_periods(rule, start, begin, last, effort):
        minutes = sorted(rule.by_minute) if rule.frequency is Frequency.HOURLY else [at.minute]
        seconds = sorted(rule.by_second) if rule.frequency > Frequency.SECONDLY else [at.second]
        times = [time(at.hour, minute, second) for minute, second in product(minutes, seconds)]
        yield from _picked(rule, [at.date()], times, effort)


def _picked(rule: Rule, days: list[date], times: list[time], effort: Effort) -> Iterator[datetime]:
    """The candidates of one period: every day at every time, or those of them that BYSETPOS names."""
    size = len(days) * len(times)
    chosen: Iterator[int] | list[int] = iter(range(size))
    if rule.by_position:
        places = {place - 1 if place > 0 else size + place for place in rule.by_position}
        chosen = sorted(place for place in places if 0 <= place < size)
    for index in chosen:
        effort.spend(1)
        yield datetime.combine(days[index // len(times)], times[index % len(times)])


def _day_periods(rule: Rule, start: date, begin: date, last: date, effort: Effort) -> Iterator[list[date]]:
    """The days that pass the rule, year by year, month by month, week by week or day by day."""
    match rule.frequency:
        case Frequency.YEARLY:
            periods = _years(rule, start, begin, last)
        case Frequency.MONTHLY:
            periods = _months(rule, start, begin, last)
        case Frequency.WEEKLY:
            periods = _weeks(rule, start, begin, last)
        case _:
            periods = _single_days(rule, start, begin, last)
    for days in periods:
        effort.spend(len(days) or 1)
        yield [day for day in days if _passes(rule, day)]


def _years(rule: Rule, start: date, begin: date, last: date) -> Iterator[list[date]]:
    """Calendar years; with BYWEEKNO years of whole weeks, which is what their numbers count (ISO 8601)."""
    first, end = _year_of(rule, start), min(_year_of(rule, last), MAXYEAR - 1)
    skipped = (_year_of(rule, begin) - first) // rule.interval
    for year in range(first + skipped * rule.interval, end + 1, rule.interval):
        if rule.by_week:
            yield _days_between(_first_week(year, rule.week_start), _first_week(year + 1, rule.week_start))
        else:
            months = sorted(rule.by_month) or range(1, 13)
            yield [day for month in months for day in _days_of_month(year, month)]


def _year_of(rule: Rule, day: date) -> int:
    return _week_year(day, rule.week_start) if rule.by_week else day.year


def _months(rule: Rule, start: date, begin: date, last: date) -> Iterator[list[date]]:
    first, end = _month_number(start), min(_month_number(last), _month_number(date.max) - 1)
    skipped = (_month_number(begin) - first) // rule.interval
    for number in range(first + skipped * rule.interval, end + 1, rule.interval):
        month = number % 12 + 1
        yield _days_of_month(number // 12, month) if not rule.by_month or month in rule.by_month else []


def _weeks(rule: Rule, start: date, begin: date, last: date) -> Iterator[list[date]]:
    first = start - timedelta(days=(start.weekday() - rule.week_start) % 7)
    step = rule.interval * 7
    for days in count((begin - first).days // step * step, step):
        if days > (last - first).days or days > (date.max - first).days - 7:
            return
        monday = first + timedelta(days=days)
        yield _days_between(monday, monday + _WEEK)


def _single_days(rule: Rule, start: date, begin: date, last: date) -> Iterator[list[date]]:
    skipped = (begin - start).days // rule.interval
    for days in range(skipped * rule.interval, (last - start).days + 1, rule.interval):
        yield [start + timedelta(days=days)]


def _time_periods(
    rule: Rule, start: datetime, begin: datetime, last: datetime | None, effort: Effort
) -> Iterator[datetime]:
    """The hours, minutes or seconds that pass the rule; what cannot pass is jumped over, a day or an hour at once."""
    first = start.replace(minute=0, second=0) if rule.frequency is Frequency.HOURLY else start
    first = first.replace(second=0) if rule.frequency is Frequency.MINUTELY else first
    step = _STEP[rule.frequency] * rule.interval
    at = first + (begin - first) // step * step
    try:
        while last is None or at <= last:
            effort.spend(1)
            barrier = _barrier(rule, at)
            if barrier is None:
                yield at
            at += step if barrier is None else -((at - barrier) // step) * step
    except OverflowError:
        return  # the end of the calendar


def _barrier(rule: Rule, at: datetime) -> datetime | None:
    """The moment up to which nothing passes when ``at`` does not; None when it does."""
    hour = at.replace(minute=0, second=0)
    if not _passes(rule, at.date()):
        return hour.replace(hour=0) + _DAY
    if rule.by_hour and at.hour not in rule.by_hour:
        return hour + timedelta(hours=1)
    if rule.frequency < Frequency.HOURLY and rule.by_minute and at.minute not in rule.by_minute:
        return at.replace(second=0) + timedelta(minutes=1)
    if rule.frequency is Frequency.SECONDLY and rule.by_second and at.second not in rule.by_second:
        return at + timedelta(seconds=1)
    return None


def _passes(rule: Rule, day: date) -> bool:
    """Whether a day fits all parts of the rule that speak of days."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_week and not _is_in(rule.by_week, *_week_place(day, rule.week_start)):
        return False
    if rule.by_year_day and not _is_in(rule.by_year_day, *_year_place(day)):
        return False
    if rule.by_month_day and not _is_in(rule.by_month_day, *_month_place(day)):
        return False
    return not rule.by_day or _is_weekday(rule, day)


def _is_weekday(rule: Rule, day: date) -> bool:
    """BYDAY: any such weekday, or the n-th of the month, or of the year when a yearly rule names no months."""
    weekday = day.weekday()
    if (0, weekday) in rule.by_day:
        return True
    within_year = rule.frequency is Frequency.YEARLY and not rule.by_month
    place, size = _year_place(day) if within_year else _month_place(day)
    from_start, from_end = (place - 1) // 7 + 1, -((size - place) // 7 + 1)
    return (from_start, weekday) in rule.by_day or (from_end, weekday) in rule.by_day


def _is_in(wanted: frozenset[int], place: int, size: int) -> bool:
    """Whether the ``place`` among ``size``, counted from the start or as -1 from the end, is wanted."""
    return place in wanted or place - size - 1 in wanted


def _month_place(day: date) -> tuple[int, int]:
    return day.day, monthrange(day.year, day.month)[1]


def _year_place(day: date) -> tuple[int, int]:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1, 366 if isleap(day.year) else 365


def _week_place(day: date, week_start: int) -> tuple[int, int]:
    year = _week_year(day, week_start)
    first, following = _first_week(year, week_start), _first_week(year + 1, week_start)
    return (day - first).days // 7 + 1, (following - first).days // 7


def _week_year(day: date, week_start: int) -> int:
    """The year that the week of ``day`` belongs to."""
    year = min(day.year, MAXYEAR - 1)
    if day >= _first_week(year + 1, week_start):
        return year + 1
    return year if day >= _first_week(year, week_start) else year - 1


def _first_week(year: int, week_start: int) -> date:
    """Where week 1 begins: the first week with at least four days in the year, so the one with 4 January."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _days_of_month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _days_between(first: date, end: date) -> list[date]:
    return [date.fromordinal(number) for number in range(first.toordinal(), end.toordinal())]
