"""Answers for the weekly report as plain text, 80 columns wide; pure."""

from __future__ import annotations

from collections.abc import Iterator

from syncagent.crm.reporting_rows import Counts
from syncagent.reports.lines import one_line, padded, width_of, wrapped
from syncagent.reports.phrases import DOT, Phrases
from syncagent.reports.weekly_report import AccountWeek, FollowUp, Person, Status, WeeklyReport

WIDTH = 80

#: Between a label and its number; on the page it has done its work, and a search for the phrase should find it.
_NO_BREAK = "\u00a0"

_NUMBER, _LAST = 9, 14
_NAME = WIDTH - 3 * _NUMBER - _LAST


def to_text(report: WeeklyReport, language: str) -> str:
    """The whole report; no line is wider than 80 columns, and what is overdue begins with an exclamation mark."""
    phrases = Phrases(report, language)
    parts = (_head, _follow_ups, _contacts, _untouched, _silent, _next_meetings, _foot)
    lines = (line.rstrip() for part in parts for line in part(report, phrases))
    return "\n".join(lines).replace(_NO_BREAK, " ") + "\n"


def _head(report: WeeklyReport, phrases: Phrases) -> Iterator[str]:
    yield from wrapped(phrases.subject, WIDTH)
    yield from wrapped(phrases.byline, WIDTH)
    yield ""
    yield from wrapped(DOT.join(f"{label}: {number}" for label, number in phrases.totals), WIDTH)


def _heading(text: str) -> Iterator[str]:
    yield ""
    yield text
    yield "-" * width_of(text)


def _follow_ups(report: WeeklyReport, phrases: Phrases) -> Iterator[str]:
    yield from _heading(phrases.words.follow_ups)
    yield from wrapped(phrases.follow_up_numbers, WIDTH)
    for item in report.follow_ups.items:
        yield from _follow_up(item, phrases)


def _follow_up(item: FollowUp, phrases: Phrases) -> Iterator[str]:
    sign = "!" if item.status is Status.OVERDUE else "-"
    yield from wrapped(f"{sign} {phrases.occasion_of(item)}", WIDTH, hanging="  ")
    yield from wrapped(phrases.status_of(item), WIDTH, indent="  ")


def _contacts(report: WeeklyReport, phrases: Phrases) -> Iterator[str]:
    words = phrases.words
    yield from _heading(words.by_account)
    if not report.touched:
        yield words.none
        return
    yield _row("", (words.column_in, words.column_out, words.column_meetings), words.column_last)
    for account in report.touched:
        yield from _account(account, phrases)
    yield _row(words.total, _numbers(report.totals), "")
    yield from wrapped(words.counted_once, WIDTH)


def _account(account: AccountWeek, phrases: Phrases) -> Iterator[str]:
    yield _row(one_line(account.name), _numbers(account.counts), "")
    for note in phrases.notes_on(account):
        yield from wrapped(note, WIDTH, indent="  ", hanging="    ")
    for person in account.touched:
        yield from _person(person, phrases)


def _person(person: Person, phrases: Phrases) -> Iterator[str]:
    name, roles = f"  {one_line(person.name)}", phrases.roles_of(person)
    together = f"{name} ({roles})"
    fits = bool(roles) and width_of(together) < _NAME
    yield _row(together if fits else name, _numbers(person.counts), phrases.short_day(person.last_contact_at))
    if roles and not fits:
        yield from wrapped(f"({roles})", WIDTH, indent="    ")


def _numbers(counts: Counts) -> tuple[str, str, str]:
    return str(counts.mails_in), str(counts.mails_out), str(counts.meetings)


def _row(name: str, numbers: tuple[str, str, str], last: str) -> str:
    cells = "".join(padded(number, _NUMBER, right=True) for number in numbers)
    return f"{padded(name, _NAME)}{cells}{padded(last, _LAST, right=True)}"


def _untouched(report: WeeklyReport, phrases: Phrases) -> Iterator[str]:
    if report.untouched:
        yield from _heading(phrases.words.untouched_accounts)
    for account in report.untouched:
        yield from wrapped(f"- {phrases.last_contact_with(account)}", WIDTH, hanging="  ")


def _silent(report: WeeklyReport, phrases: Phrases) -> Iterator[str]:
    yield from _heading(phrases.words.silent)
    yield phrases.silent_why if report.silent else phrases.words.none
    for silent in report.silent:
        yield from wrapped(f"- {phrases.silence_of(silent)}", WIDTH, hanging="  ")


def _next_meetings(report: WeeklyReport, phrases: Phrases) -> Iterator[str]:
    yield from _heading(phrases.words.next_meetings)
    yield phrases.next_meetings_why if report.next_meetings else phrases.words.none
    for meeting in report.next_meetings:
        yield from wrapped(f"- {phrases.time_of(meeting)}", WIDTH, hanging="  ")
        yield from wrapped(phrases.content_of(meeting), WIDTH, indent="  ")
        yield from wrapped(phrases.people_of(meeting), WIDTH, indent="  ")


def _foot(report: WeeklyReport, phrases: Phrases) -> Iterator[str]:
    yield ""
    yield from wrapped(phrases.made, WIDTH)
