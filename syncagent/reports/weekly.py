"""Answers for what a weekly report says: makes the facts of a week into a sorted value; pure, writes and draws nothing.

``weekly_json``, ``weekly_text``, ``weekly_html`` and ``weekly_chart`` show the value, each in its own way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from syncagent.crm.reporting_rows import OPEN_STATES, FollowUpRow, MeetingRow, PersonRow, WeekRows
from syncagent.errors import ConfigProblems, Problem
from syncagent.reports.alphabet import az_sort_key
from syncagent.reports.weekly_report import (
    AccountWeek,
    FollowUp,
    FollowUps,
    Meeting,
    Person,
    Silent,
    Status,
    WeeklyReport,
)
from syncagent.vocabulary import DraftState

_WEEK = re.compile(r"([12]\d{3})-W(\d{2})", re.ASCII)

#: What still has to be done comes first.
_TURN = {status: turn for turn, status in enumerate((Status.OVERDUE, Status.OPEN))}


def week_bounds(week: str | None, zone: str, now: datetime) -> tuple[str, datetime, datetime]:
    """The ISO week ``2026-W47`` from Monday to Monday, midnight in ``zone``: its label and both ends, in UTC.

    Without ``week`` it is the last one that is over, on Monday morning as on Sunday night. Across a change of the clock
    a week is an hour shorter or longer. Raises ``ConfigProblems`` for what is not a week.
    """
    here = ZoneInfo(zone)
    if week is None:
        today = now.astimezone(here).date()
        monday = today - timedelta(days=today.weekday() + 7)
    else:
        monday = _monday_of(week)
    start, end = (datetime.combine(day, time.min, tzinfo=here) for day in (monday, monday + timedelta(days=7)))
    year, number, _ = monday.isocalendar()
    return f"{year}-W{number:02}", start.astimezone(UTC), end.astimezone(UTC)


def _monday_of(week: str) -> date:
    found = _WEEK.fullmatch(week.strip().upper())
    try:
        if found is None:
            raise ValueError(week)
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        problem = Problem("", f"{week!r} is not a week of the calendar")
        raise ConfigProblems("--week", [problem], cure="Write year and ISO week, such as 2026-W47.") from error


def build(rows: WeekRows, *, week: str) -> WeeklyReport:
    """The report over ``rows``; ``week`` is the label that ``week_bounds`` gave with their start and end."""
    zone = rows.manager.zone
    people: dict[int, list[PersonRow]] = defaultdict(list)
    for row in rows.people:
        people[row.account_id].append(row)
    accounts = sorted(rows.accounts, key=lambda row: (az_sort_key(row.name), row.id))
    return WeeklyReport(
        week=week,
        manager=rows.manager.name,
        manager_email=rows.manager.email,
        zone=zone,
        since=rows.start_at,
        until=rows.end_at,
        made_at=rows.now,
        silent_days=(rows.now - rows.silent_since).days,
        totals=rows.totals,
        accounts=tuple(AccountWeek(row.name, row.counts, _people(people[row.id])) for row in accounts),
        follow_ups=_follow_ups(rows),
        silent=tuple(
            Silent(account.name, _person(row))
            for account in accounts
            for row in _in_order(people[account.id])
            if row.is_member and (row.last_contact_at is None or row.last_contact_at < rows.silent_since)
        ),
        next_meetings=tuple(
            _meeting(row, zone) for row in sorted(rows.next_meetings, key=lambda row: (row.at, row.interaction_id))
        ),
    )


def _in_order(rows: list[PersonRow]) -> list[PersonRow]:
    return sorted(rows, key=lambda row: (az_sort_key(row.name), row.stakeholder_id))


def _people(rows: list[PersonRow]) -> tuple[Person, ...]:
    return tuple(_person(row) for row in _in_order(rows))


def _person(row: PersonRow) -> Person:
    return Person(
        id=row.stakeholder_id,
        name=row.name or row.email,
        email=row.email,
        title=row.title,
        contact_person=row.contact_person,
        roles=row.roles,
        counts=row.counts,
        last_contact_at=row.last_contact_at,
    )


def _follow_ups(rows: WeekRows) -> FollowUps:
    items = [_follow_up(row, rows.now) for row in rows.follow_ups]
    of_week = [item.status for item in items if item.due_at >= rows.start_at]
    return FollowUps(
        due=len(of_week),
        done=of_week.count(Status.IN_TIME) + of_week.count(Status.LATE),
        late=of_week.count(Status.LATE),
        open=of_week.count(Status.OPEN) + of_week.count(Status.OVERDUE),
        discarded=of_week.count(Status.DISCARDED),
        earlier=len(items) - len(of_week),
        items=tuple(sorted(items, key=lambda item: (_TURN.get(item.status, len(_TURN)), item.due_at, item.id))),
    )


def _follow_up(row: FollowUpRow, now: datetime) -> FollowUp:
    return FollowUp(
        id=row.draft_id,
        meeting=row.meeting,
        met_at=row.met_at,
        accounts=tuple(sorted(row.accounts, key=az_sort_key)),
        to=row.to,
        due_at=row.due_at,
        sent_at=row.sent_at,
        state=row.state,
        status=_status(row, now),
    )


def _status(row: FollowUpRow, now: datetime) -> Status:
    if row.state is DraftState.DISCARDED:
        return Status.DISCARDED
    if row.state in OPEN_STATES:
        return Status.OVERDUE if row.due_at <= now else Status.OPEN
    return Status.LATE if row.sent_at is not None and row.sent_at > row.due_at else Status.IN_TIME


def _meeting(row: MeetingRow, zone: str) -> Meeting:
    local = row.at.astimezone(ZoneInfo(zone)).date()
    return Meeting(
        id=row.interaction_id,
        at=row.at,
        ended_at=row.ended_at,
        all_day=row.all_day,
        date=row.start_date if row.all_day and row.start_date else local,
        subject=row.subject,
        tentative=row.tentative,
        with_you=row.own,
        accounts=tuple(sorted(row.accounts, key=az_sort_key)),
        people=tuple(sorted(row.people, key=az_sort_key)),
        ours=tuple(sorted(row.ours, key=az_sort_key)),
    )
