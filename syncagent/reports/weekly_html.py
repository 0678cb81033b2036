"""Answers for the weekly report as HTML, for mail (the chart as ``cid:``) and for a file (the chart inside); pure."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from syncagent.crm.reporting_rows import Counts
from syncagent.reports.lines import one_line
from syncagent.reports.markup import (
    BAND,
    CONTENT_WIDTH,
    GREY,
    LINE,
    PAPER,
    RED,
    SHADE,
    cell,
    escaped,
    page,
    picture,
    row,
    small,
    strong,
    table,
)
from syncagent.reports.phrases import DOT, Phrases
from syncagent.reports.weekly_report import (
    AccountWeek,
    FollowUp,
    Meeting,
    Person,
    Silent,
    Status,
    WeeklyReport,
)

T = TypeVar("T")

#: Gmail cuts a mail off at 102 KB.
MAIL_BYTES = 100_000

#: How many lines of each list a mail shows, and twice as many people in its table: the first number that fits.
_LINES_IN_MAIL = (60, 30, 15, 5)

_RULE = f"border-top:1px solid {LINE};"
_NO_LIMIT = 1_000_000


def to_html(report: WeeklyReport, language: str, *, chart_cid: str | None) -> str:
    """A document for a mail program, below 100 KB: what is too long says how much more there is.

    ``chart_cid`` names the attached picture; None: it could not be drawn, and the document says so.
    """
    source = None if chart_cid is None else f"cid:{chart_cid}"
    html = ""
    for lines in _LINES_IN_MAIL:
        html = _Page(report, language, chart=source, lines=lines, people=2 * lines).html()
        if len(html.encode()) <= MAIL_BYTES:
            break
    return html


def to_file_html(report: WeeklyReport, language: str, *, chart: bytes | None) -> str:
    """A document with everything in it that needs no other file; ``chart`` is a PNG, None: it could not be drawn."""
    source = None if chart is None else "data:image/png;base64," + base64.b64encode(chart).decode("ascii")
    return _Page(report, language, chart=source, lines=_NO_LIMIT, people=_NO_LIMIT).html()


class _Page:
    """One report on its way to HTML."""

    def __init__(self, report: WeeklyReport, language: str, *, chart: str | None, lines: int, people: int) -> None:
        self.report = report
        self.phrases = Phrases(report, language)
        self.words = self.phrases.words
        self.chart = chart
        self.lines = lines
        self.people_left = people

    def html(self) -> str:
        rows = [
            *self.head(),
            *self.numbers(),
            *self.section(self.words.follow_ups, self.follow_ups()),
            *self.section(self.words.by_account, self.contacts()),
            *self.untouched(),
            *self.section(self.words.silent, self.silent()),
            *self.section(self.words.next_meetings, self.next_meetings()),
            row(cell(escaped(self.phrases.made), size=12, color=GREY, padding="20px 24px", edge=_RULE)),
        ]
        return page(rows, title=self.phrases.subject, language=self.words.code)

    def head(self) -> Iterator[str]:
        title = f'<span style="font-size:20px;line-height:28px"><b>{escaped(self.words.title)}</b></span>'
        content = f"{title}<br>{escaped(self.phrases.span)}<br>{escaped(self.phrases.byline)}"
        yield row(cell(content, color=PAPER, background=BAND, padding="16px 24px"))

    def numbers(self) -> Iterator[str]:
        boxes = []
        for label, number in self.phrases.totals:
            big = f'<span style="font-size:26px;line-height:32px"><b>{number}</b></span>'
            content = f"{big}<br>{small(label)}"
            boxes.append(cell(content, align="center", background=SHADE, padding="10px 4px", width=CONTENT_WIDTH // 3))
        yield row(cell(table([row(*boxes)]), padding="16px 24px 0"))

    def section(self, heading: str, content: Iterator[str]) -> Iterator[str]:
        title = f'<span style="color:{BAND}"><b>{escaped(heading)}</b></span>'
        yield row(cell(title, size=16, padding="22px 24px 4px"))
        yield row(cell("".join(content), padding="0 24px"))

    def follow_ups(self) -> Iterator[str]:
        numbers = self.phrases.follow_up_numbers
        yield self.listed(self.report.follow_ups.items, self.follow_up, intro=numbers)

    def follow_up(self, item: FollowUp) -> str:
        occasion, status = self.phrases.occasion_of(item), self.phrases.status_of(item)
        if item.status is Status.OVERDUE:
            return f"{strong(occasion, color=RED)}<br>{strong(status, color=RED)}"
        if item.status is Status.OPEN:
            return f"{strong(occasion)}<br>{escaped(status)}"
        return f"{escaped(occasion)}<br>{small(status)}"

    def contacts(self) -> Iterator[str]:
        if not self.report.touched:
            yield escaped(self.words.none)
            return
        if self.chart is None:
            yield small(self.words.chart_missing)
        else:
            yield table([row(cell(picture(self.chart, alt=self.words.by_account), padding="4px 0 8px"))])
        yield table(self.account_rows(), layout=False)
        yield small(self.words.counted_once)

    def account_rows(self) -> Iterator[str]:
        words = self.words
        labels = (words.column_in, words.column_out, words.column_meetings)
        yield row(
            cell("&nbsp;", tag="th"),
            *(cell(small(label), tag="th", align="right") for label in labels),
        )
        accounts = self.report.touched
        for account in accounts[: self.lines]:
            yield from self.account(account)
        if len(accounts) > self.lines:
            left = self.phrases.more(len(accounts) - self.lines)
            yield row(cell(escaped(left), columns=4, color=GREY, edge=_RULE))
        yield row(cell(strong(words.total), edge=_RULE), *self.count_cells(self.report.totals, bold=True))

    def account(self, account: AccountWeek) -> Iterator[str]:
        name = cell(strong(one_line(account.name)), background=SHADE, edge=_RULE)
        yield row(name, *self.count_cells(account.counts, bold=True, background=SHADE))
        notes = "<br>".join(small(note) for note in self.phrases.notes_on(account))
        if notes:
            yield row(cell(notes, columns=4, background=SHADE, padding="0 4px 6px"))
        people = account.touched
        shown = people[: self.people_left]
        self.people_left -= len(shown)
        yield from map(self.person, shown)
        if len(people) > len(shown):
            left = self.phrases.more(len(people) - len(shown))
            yield row(cell(escaped(left), columns=4, color=GREY, padding="6px 4px 6px 12px", edge=_RULE))

    def person(self, person: Person) -> str:
        last = self.words.last_contact.format(when=self.phrases.short_day(person.last_contact_at))
        details = DOT.join(filter(None, [self.phrases.roles_of(person), last]))
        who = f"{escaped(one_line(person.name))}<br>{small(details)}"
        return row(cell(who, padding="6px 4px 6px 12px", edge=_RULE), *self.count_cells(person.counts))

    def count_cells(self, counts: Counts, *, bold: bool = False, background: str = "") -> Iterator[str]:
        for number in (counts.mails_in, counts.mails_out, counts.meetings):
            content = f"<b>{number}</b>" if bold else str(number)
            yield cell(content, align="right", background=background, padding="6px 4px 6px 0", edge=_RULE, width=44)

    def untouched(self) -> Iterator[str]:
        if self.report.untouched:
            lines = self.listed(self.report.untouched, lambda account: escaped(self.phrases.last_contact_with(account)))
            yield from self.section(self.words.untouched_accounts, iter([lines]))

    def silent(self) -> Iterator[str]:
        intro = self.phrases.silent_why if self.report.silent else self.words.none
        yield self.listed(self.report.silent, self.silence, intro=intro)

    def silence(self, silent: Silent) -> str:
        return escaped(self.phrases.silence_of(silent))

    def next_meetings(self) -> Iterator[str]:
        intro = self.phrases.next_meetings_why if self.report.next_meetings else self.words.none
        yield self.listed(self.report.next_meetings, self.meeting, intro=intro)

    def meeting(self, meeting: Meeting) -> str:
        lines = strong(self.phrases.time_of(meeting)), escaped(self.phrases.content_of(meeting))
        return "<br>".join([*lines, small(self.phrases.people_of(meeting))])

    def listed(self, items: Sequence[T], content: Callable[[T], str], *, intro: str = "") -> str:
        """A list with a rule above each line, cut where a mail would grow too long."""
        head = [row(cell(escaped(intro), padding="0 0 8px"))] if intro else []
        rows = [row(cell(content(item), padding="6px 0", edge=_RULE)) for item in items[: self.lines]]
        if len(items) > self.lines:
            rows.append(
                row(cell(escaped(self.phrases.more(len(items) - self.lines)), color=GREY, padding="6px 0", edge=_RULE))
            )
        return table([*head, *rows])
