"""The facts of a week become a report: sorted, counted, and every follow-up with its standing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from syncagent.crm.reporting_rows import Counts
from syncagent.reports.weekly import build
from syncagent.reports.weekly_json import to_json
from syncagent.reports.weekly_report import Status
from syncagent.vocabulary import DraftState
from tests.unit.reports.sample import NOW, START, XEZER, baku, follow_up, meeting, person, report, rows


def test_names_are_in_the_order_of_the_alphabet() -> None:
    assert [account.name for account in report().accounts] == ["Azərsun Holdinq", "Çinar Ticarət", "Xəzər Logistika"]
    azersun = report().accounts[0]
    assert [each.name for each in azersun.people] == ["Aysel Məmmədova", "Elçin Əhmədov", "Rəşad Quliyev"]
    assert [each.name for each in azersun.touched] == ["Aysel Məmmədova", "Rəşad Quliyev"]
    assert [each.person.name for each in report().silent] == ["Cavid Həsənli", "Əfsanə Kərimli"]


def test_silence_begins_when_it_was_told_to() -> None:
    since = NOW - timedelta(days=30)
    people = (
        person(1, "on the minute", XEZER, last=since),
        person(2, "a second before", XEZER, last=since - timedelta(seconds=1)),
        person(3, "never", XEZER),
        person(4, "left the account", XEZER, is_member=False),
    )
    silent = build(replace(rows(), people=people), week="2026-W47").silent
    assert [each.person.name for each in silent] == ["a second before", "never"]


@pytest.mark.parametrize(
    ("state", "sent_after_hours", "due_in_hours", "status"),
    [
        (DraftState.SENT, 47, -24, Status.IN_TIME),
        (DraftState.SENT, 48, -24, Status.IN_TIME),
        (DraftState.SENT, 49, -24, Status.LATE),
        (DraftState.PLACED, None, 1, Status.OPEN),
        (DraftState.EDITED, None, 0, Status.OVERDUE),
        (DraftState.PLANNED, None, -1, Status.OVERDUE),
        (DraftState.UNCERTAIN, None, -1, Status.OVERDUE),
        (DraftState.FAILED, None, -1, Status.OVERDUE),
        (DraftState.DISCARDED, None, -1, Status.DISCARDED),
    ],
)
def test_how_a_follow_up_stands(
    state: DraftState, sent_after_hours: int | None, due_in_hours: int, status: Status
) -> None:
    met_at = NOW + timedelta(hours=due_in_hours - 48)
    sent_at = None if sent_after_hours is None else met_at + timedelta(hours=sent_after_hours)
    row = follow_up(1, "Görüş", met_at, state, account="Azərsun Holdinq", sent_at=sent_at)
    [item] = build(replace(rows(), follow_ups=(row,)), week="2026-W47").follow_ups.items
    assert item.status is status


def test_follow_ups_add_up() -> None:
    found = report().follow_ups
    assert (found.due, found.done, found.late, found.open, found.discarded, found.earlier) == (4, 2, 1, 1, 1, 1)
    assert found.due == found.done + found.open + found.discarded
    assert len(found.items) == found.due + found.earlier


def test_what_is_still_to_do_comes_first() -> None:
    found = [(item.status, item.due_at) for item in report().follow_ups.items]
    assert [status for status, _ in found[:2]] == [Status.OVERDUE, Status.OVERDUE]
    assert [at for _, at in found] == sorted(at for _, at in found[:2]) + sorted(at for _, at in found[2:])


def test_a_follow_up_due_at_the_first_moment_of_the_week_belongs_to_it() -> None:
    due = [follow_up(1, "", START - timedelta(hours=48), DraftState.PLACED, account="A")]
    due += [follow_up(2, "", START - timedelta(hours=48, seconds=1), DraftState.PLACED, account="A")]
    found = build(replace(rows(), follow_ups=tuple(due)), week="2026-W47").follow_ups
    assert (found.due, found.earlier) == (1, 1)


def test_an_all_day_meeting_keeps_its_own_date() -> None:
    elsewhere = meeting(
        1, "Konfrans", baku(30, "23:00"), account="A", people=(), all_day=True, start_date=date(2026, 12, 1)
    )
    assert build(replace(rows(), next_meetings=(elsewhere,)), week="2026-W47").next_meetings[0].date == date(
        2026, 12, 1
    )
    assert report().next_meetings[0].date == date(2026, 11, 24)


def test_a_person_without_a_name_is_shown_by_address() -> None:
    nameless = build(replace(rows(), people=(person(9, "", XEZER),)), week="2026-W47").accounts[2].people[0]
    assert nameless.name == "p9@example.az"


def test_the_json_has_its_keys() -> None:
    found = to_json(report())
    assert list(found) == [
        *("week", "manager", "manager_email", "zone", "since", "until", "made_at", "silent_after_days", "totals"),
        *("accounts", "follow_ups", "silent", "next_meetings"),
    ]
    assert found["week"] == "2026-W47"
    assert (found["since"], found["until"]) == ("2026-11-16T00:00:00+04:00", "2026-11-23T00:00:00+04:00")
    assert found["totals"] == {
        "in": 5,
        "out": 4,
        "meetings": 2,
        "with_you": 9,
        "accounts": 3,
        "accounts_without_contact": 1,
        "stakeholders_in_contact": 3,
        "silent": 2,
    }
    assert found["accounts"][0]["contacts"] == {"in": 4, "out": 3, "meetings": 1, "with_you": 6}
    assert found["accounts"][1]["stakeholders"] == [
        {
            "id": 4,
            "email": "p4@example.az",
            "name": "Xəyalə Babayeva",
            "title": "",
            "contact_person": False,
            "roles": ["influencer"],
            "last_contact_at": "2026-11-20T11:00:00+04:00",
            "in": 1,
            "out": 1,
            "meetings": 1,
            "with_you": 3,
        }
    ]
    numbers = {key: value for key, value in found["follow_ups"].items() if key != "items"}
    assert numbers == {"due": 4, "done": 2, "late": 1, "open": 1, "discarded": 1, "earlier": 1}
    assert [item["status"] for item in found["follow_ups"]["items"]] == [
        *("overdue", "overdue", "discarded", "late", "in_time")
    ]
    assert found["silent"][1]["last_contact_at"] is None
    assert found["next_meetings"][1] == {
        "id": 12,
        "at": "2026-12-01T00:00:00+04:00",
        "ended_at": "2026-12-01T01:00:00+04:00",
        "all_day": True,
        "date": "2026-12-01",
        "subject": "İllik strategiya günü",
        "tentative": True,
        "with_you": True,
        "accounts": ["Çinar Ticarət"],
        "stakeholders": ["Xəyalə Babayeva"],
        "ours": ["Leyla Əliyeva"],
    }


def test_an_empty_week_is_a_report_too() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("accounts", "people", "follow_ups", "next_meetings"), ())
    found = to_json(build(replace(rows(), totals=Counts(), **nothing), week="2026-W47"))
    assert found["accounts"] == found["silent"] == found["next_meetings"] == found["follow_ups"]["items"] == []
    assert found["totals"]["in"] == 0
