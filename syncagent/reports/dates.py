"""Answers for how days and times are written in a report: in the manager's zone, by CLDR's patterns; pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

#: From the first day of a week to its last.
SIX_DAYS = timedelta(days=6)


def long_day(day: date, locale: str) -> str:
    """``20 noyabr 2026, cümə``."""
    return format_date(day, "full", locale)


def short_day(day: date, locale: str) -> str:
    """``20 noy 2026``."""
    return format_date(day, "d MMM y", locale)


def day_of(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def clock_time(at: datetime, zone: str) -> str:
    """``11:00``, on a clock of 24 hours in every language."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def days_between(first: date, last: date, locale: str) -> str:
    """``16–22 noyabr 2026``, ``30 noyabr – 6 dekabr 2026``: what both ends share is written once, at the end.

    CLDR's own intervals put the year first in Azerbaijani, which no reader here would write.
    """
    end = format_date(last, "d MMMM y", locale)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{format_date(first, 'd MMMM' if first.year == last.year else 'd MMMM y', locale)} – {end}"
