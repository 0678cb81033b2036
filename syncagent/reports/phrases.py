"""Answers for the phrases of a weekly report in one language, the same for text and HTML; pure, and not yet escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from syncagent.crm.reporting_rows import MEETINGS_AHEAD
from syncagent.reports import dates
from syncagent.reports.lines import fitted, one_line
from syncagent.reports.weekly_report import AccountWeek, FollowUp, Meeting, Person, Silent, Status, WeeklyReport
from syncagent.reports.words import words_for
from syncagent.vocabulary import DraftState

#: More names than this in one sentence are not read.
NAMES_SHOWN = 12

#: Where a subject is cut, in columns: two lines of a text.
LONGEST_SUBJECT = 150

#: Between the parts of a line.
DOT = " · "

#: States in which nothing lies in the Drafts folder that the manager could send.
_WITHOUT_DRAFT = frozenset({DraftState.PLANNED, DraftState.FAILED})


class Phrases:
    """Says the parts of one report in one language."""

    def __init__(self, report: WeeklyReport, language: str) -> None:
        self.words = words_for(language)
        self._report = report
        self._zone = report.zone

    @property
    def span(self) -> str:
        """The days of the week, the last one included."""
        first = dates.day_of(self._report.since, self._zone)
        return dates.days_between(first, first + dates.SIX_DAYS, self.words.locale)

    @property
    def subject(self) -> str:
        """The subject of the mail that brings the report."""
        return f"{self.words.title}: {self.span}"

    @property
    def byline(self) -> str:
        return f"{one_line(self._report.manager)}, {self._report.week}"

    @property
    def totals(self) -> tuple[tuple[str, int], ...]:
        """The three numbers of the week with their labels."""
        totals, words = self._report.totals, self.words
        return (
            (words.mails_in, totals.mails_in),
            (words.mails_out, totals.mails_out),
            (words.meetings, totals.meetings),
        )

    @property
    def follow_up_numbers(self) -> str:
        """What was due and what became of it; what is zero and goes without saying is left out."""
        numbers, words = self._report.follow_ups, self.words
        if not numbers.items:
            return words.none
        done = words.done.format(number=numbers.done)
        said = [words.due.format(number=numbers.due)]
        said.append(f"{done} ({words.late.format(number=numbers.late)})" if numbers.late else done)
        others = ((words.open, numbers.open), (words.discarded, numbers.discarded), (words.earlier, numbers.earlier))
        return DOT.join([*said, *(phrase.format(number=number) for phrase, number in others if number)])

    @property
    def silent_why(self) -> str:
        return self.words.silent_why.format(days=self._report.silent_days)

    @property
    def next_meetings_why(self) -> str:
        return self.words.next_meetings_why.format(days=MEETINGS_AHEAD.days)

    @property
    def made(self) -> str:
        return self.words.made.format(when=self.moment(self._report.made_at), zone=self._zone)

    def short_day(self, at: datetime | None) -> str:
        """``20 noy 2026``, or that it never was."""
        if at is None:
            return self.words.never
        return dates.short_day(dates.day_of(at, self._zone), self.words.locale)

    def moment(self, at: datetime) -> str:
        return f"{self.short_day(at)}, {dates.clock_time(at, self._zone)}"

    def roles_of(self, person: Person) -> str:
        """The decision roles and whether it is the contact person; a role that has no word yet keeps its code."""
        named = [self.words.roles.get(role) or one_line(role) for role in person.roles]
        return ", ".join([*named, *([self.words.contact_person] if person.contact_person else [])])

    def subject_of(self, subject: str) -> str:
        return fitted(one_line(subject), LONGEST_SUBJECT) or self.words.no_subject

    def occasion_of(self, item: FollowUp) -> str:
        """The meeting that a follow-up belongs to: subject, day, accounts."""
        return DOT.join([self.subject_of(item.meeting), self.short_day(item.met_at), *self._cleaned(item.accounts)])

    def status_of(self, item: FollowUp) -> str:
        """How a follow-up stands, by when it is due or when it was sent, and to whom."""
        words = self.words
        status = words.statuses[item.status]
        when = words.due_at.format(when=self.moment(item.due_at))
        said = [f"{status}, {when}"]
        if item.status in (Status.IN_TIME, Status.LATE) and item.sent_at is not None:
            said = [f"{status}: {self.moment(item.sent_at)}"]
        if item.state in _WITHOUT_DRAFT:
            said.append(words.no_draft)
        return DOT.join([*said, self._listed(item.to)])

    def notes_on(self, account: AccountWeek) -> list[str]:
        """What the numbers of an account do not show: colleagues' share, and who had no contact."""
        notes = []
        if account.counts.own != account.counts.total:
            notes.append(self.words.with_you.format(number=account.counts.own))
        if account.untouched:
            names = self._listed([person.name for person in account.untouched])
            notes.append(self.words.untouched_people.format(names=names))
        return notes

    def last_contact_with(self, account: AccountWeek) -> str:
        """An account and its last contact."""
        return f"{one_line(account.name)}{DOT}{self._last_contact(account.last_contact_at)}"

    def silence_of(self, silent: Silent) -> str:
        """A silent stakeholder: name, roles, account, last contact."""
        roles = self.roles_of(silent.person)
        name = one_line(silent.person.name)
        who = f"{name} ({roles})" if roles else name
        return DOT.join([who, one_line(silent.account), self._last_contact(silent.person.last_contact_at)])

    def time_of(self, meeting: Meeting) -> str:
        """Day and time of a meeting, and whether it is still uncertain."""
        day = dates.long_day(meeting.date, self.words.locale)
        said = [day, self.words.all_day if meeting.all_day else self._hours(meeting)]
        return DOT.join([*said, *([self.words.tentative] if meeting.tentative else [])])

    def content_of(self, meeting: Meeting) -> str:
        """Subject and accounts of a meeting."""
        return DOT.join([self.subject_of(meeting.subject), *self._cleaned(meeting.accounts)])

    def people_of(self, meeting: Meeting) -> str:
        """Who is expected in a meeting, theirs and ours."""
        ours = [self.words.ours.format(names=self._listed(meeting.ours))] if meeting.ours else []
        return DOT.join([self._listed(meeting.people), *ours])

    def more(self, left: int) -> str:
        """That ``left`` further lines are not shown here."""
        return self.words.more.format(number=left)

    def _hours(self, meeting: Meeting) -> str:
        begin = dates.clock_time(meeting.at, self._zone)
        if meeting.ended_at is None:
            return begin
        same_day = dates.day_of(meeting.ended_at, self._zone) == dates.day_of(meeting.at, self._zone)
        end = dates.clock_time(meeting.ended_at, self._zone) if same_day else self.moment(meeting.ended_at)
        return f"{begin}–{end}"

    def _last_contact(self, at: datetime | None) -> str:
        return self.words.last_contact.format(when=self.short_day(at))

    def _cleaned(self, names: Sequence[str]) -> list[str]:
        return [one_line(name) for name in names]

    def _listed(self, names: Sequence[str]) -> str:
        shown = self._cleaned(names[:NAMES_SHOWN])
        left = len(names) - len(shown)
        return ", ".join([*shown, *([self.more(left)] if left else [])])
