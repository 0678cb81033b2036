"""Answers for the weekly report as one JSON object; its keys are an outside interface and stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from syncagent.crm.reporting_rows import Counts
from syncagent.reports.weekly_report import AccountWeek, FollowUp, Meeting, Person, Silent, WeeklyReport


def to_json(report: WeeklyReport) -> dict[str, Any]:
    """The report with nothing left out; times are ISO 8601 with the offset of the manager's zone, or null.

    - ``week, manager, manager_email, zone, since, until`` (exclusive)``, made_at, silent_after_days``
    - ``totals``: ``in, out, meetings`` (each interaction once, also when it concerns two accounts)``, with_you,
      accounts, accounts_without_contact, stakeholders_in_contact, silent``
    - ``accounts``: ``[{account, contacts {in, out, meetings, with_you}, stakeholders [{id, email, name, title,
      contact_person, roles, in, out, meetings, with_you, last_contact_at}]}]``. An interaction with several people
      counts once in ``contacts`` and for each of them below it; ``with_you``: the manager took part.
    - ``follow_ups``: ``due`` (in the week)`` = done + open + discarded, late`` (of done)``, earlier`` (open since
      before the week)``, items [{id, meeting, met_at, accounts, to, due_at, sent_at, state, status}]``; status is
      in_time, late, open, overdue or discarded
    - ``silent``: ``[{account, id, email, name, title, contact_person, roles, last_contact_at}]``
    - ``next_meetings``: ``[{id, at, ended_at, all_day, date, subject, tentative, with_you, accounts, stakeholders,
      ours}]``
    """
    here = ZoneInfo(report.zone)
    in_contact = {person.id for account in report.accounts for person in account.touched}
    return {
        "week": report.week,
        "manager": report.manager,
        "manager_email": report.manager_email,
        "zone": report.zone,
        "since": _time(report.since, here),
        "until": _time(report.until, here),
        "made_at": _time(report.made_at, here),
        "silent_after_days": report.silent_days,
        "totals": _counts(report.totals)
        | {
            "accounts": len(report.accounts),
            "accounts_without_contact": len(report.untouched),
            "stakeholders_in_contact": len(in_contact),
            "silent": len(report.silent),
        },
        "accounts": [_account(account, here) for account in report.accounts],
        "follow_ups": {
            "due": report.follow_ups.due,
            "done": report.follow_ups.done,
            "late": report.follow_ups.late,
            "open": report.follow_ups.open,
            "discarded": report.follow_ups.discarded,
            "earlier": report.follow_ups.earlier,
            "items": [_follow_up(item, here) for item in report.follow_ups.items],
        },
        "silent": [_silent(silent, here) for silent in report.silent],
        "next_meetings": [_meeting(meeting, here) for meeting in report.next_meetings],
    }


def _time(at: datetime | None, here: ZoneInfo) -> str | None:
    return at.astimezone(here).isoformat() if at else None


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "in": counts.mails_in,
        "out": counts.mails_out,
        "meetings": counts.meetings,
        "with_you": counts.own,
    }


def _account(account: AccountWeek, here: ZoneInfo) -> dict[str, Any]:
    return {
        "account": account.name,
        "contacts": _counts(account.counts),
        "stakeholders": [_who(person, here) | _counts(person.counts) for person in account.people],
    }


def _who(person: Person, here: ZoneInfo) -> dict[str, Any]:
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "title": person.title,
        "contact_person": person.contact_person,
        "roles": list(person.roles),
        "last_contact_at": _time(person.last_contact_at, here),
    }


def _silent(silent: Silent, here: ZoneInfo) -> dict[str, Any]:
    return {"account": silent.account} | _who(silent.person, here)


def _follow_up(item: FollowUp, here: ZoneInfo) -> dict[str, Any]:
    return {
        "id": item.id,
        "meeting": item.meeting,
        "met_at": _time(item.met_at, here),
        "accounts": list(item.accounts),
        "to": list(item.to),
        "due_at": _time(item.due_at, here),
        "sent_at": _time(item.sent_at, here),
        "state": item.state.value,
        "status": item.status.value,
    }


def _meeting(meeting: Meeting, here: ZoneInfo) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "at": _time(meeting.at, here),
        "ended_at": _time(meeting.ended_at, here),
        "all_day": meeting.all_day,
        "date": meeting.date.isoformat(),
        "subject": meeting.subject,
        "tentative": meeting.tentative,
        "with_you": meeting.with_you,
        "accounts": list(meeting.accounts),
        "stakeholders": list(meeting.people),
        "ours": list(meeting.ours),
    }
