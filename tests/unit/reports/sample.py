"""One week of one manager, as the database would tell it: small, and with every case that a report shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from syncagent.crm.reporting_rows import (
    AccountRow,
    Counts,
    FollowUpRow,
    ManagerRow,
    MeetingRow,
    PersonRow,
    WeekRows,
)
from syncagent.reports.weekly import build
from syncagent.reports.weekly_report import WeeklyReport
from syncagent.vocabulary import DraftState

#: Monday morning, 08:00 in Baku.
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
START, END = datetime(2026, 11, 15, 20, tzinfo=UTC), datetime(2026, 11, 22, 20, tzinfo=UTC)

AZERSUN, CINAR, XEZER = 1, 2, 3


def baku(day: int, clock: str = "00:00", *, month: int = 11) -> datetime:
    """A moment of 2026 by the clock of Baku (UTC+4)."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=4)


def person(
    id: int,
    name: str,
    account_id: int,
    counts: Counts | None = None,
    *,
    last: datetime | None = None,
    roles: tuple[str, ...] = (),
    contact_person: bool = False,
    is_member: bool = True,
) -> PersonRow:
    return PersonRow(
        account_id=account_id,
        stakeholder_id=id,
        name=name,
        email=f"p{id}@example.az",
        title="",
        contact_person=contact_person,
        roles=roles,
        counts=counts or Counts(),
        last_contact_at=last,
        is_member=is_member,
    )


def follow_up(
    id: int, meeting: str, met_at: datetime, state: DraftState, *, account: str, sent_at: datetime | None = None
) -> FollowUpRow:
    """A follow-up that is due 48 hours after its meeting."""
    return FollowUpRow(
        draft_id=id,
        interaction_id=100 + id,
        meeting=meeting,
        met_at=met_at,
        accounts=(account,),
        to=(f"p{id}@example.az",),
        due_at=met_at + timedelta(hours=48),
        state=state,
        sent_at=sent_at,
    )


def meeting(id: int, subject: str, at: datetime, *, account: str, people: tuple[str, ...], **more: Any) -> MeetingRow:
    """A meeting of an hour with the manager in it."""
    plain = MeetingRow(
        interaction_id=id,
        at=at,
        ended_at=at + timedelta(hours=1),
        all_day=False,
        start_date=None,
        subject=subject,
        tentative=False,
        own=True,
        accounts=(account,),
        people=people,
        ours=("Leyla Əliyeva",),
    )
    return replace(plain, **more)


def rows() -> WeekRows:
    return WeekRows(
        manager=ManagerRow(1, "Leyla Əliyeva", "leyla@bizim.az", "az", "Asia/Baku"),
        start_at=START,
        end_at=END,
        now=NOW,
        silent_since=NOW - timedelta(days=30),
        totals=Counts(mails_in=5, mails_out=4, meetings=2, own=9),
        accounts=(
            AccountRow(XEZER, "Xəzər Logistika", Counts()),
            AccountRow(CINAR, "Çinar Ticarət", Counts(1, 1, 1, own=3)),
            AccountRow(AZERSUN, "Azərsun Holdinq", Counts(4, 3, 1, own=6)),
        ),
        people=(
            person(4, "Xəyalə Babayeva", CINAR, Counts(1, 1, 1, own=3), last=baku(20, "11:00"), roles=("influencer",)),
            person(3, "Rəşad Quliyev", AZERSUN, Counts(2, 1, 0, own=3), last=baku(19, "09:12")),
            person(
                1,
                "Aysel Məmmədova",
                AZERSUN,
                Counts(2, 2, 1, own=3),
                last=baku(20, "17:40"),
                roles=("decision_maker", "influencer"),
                contact_person=True,
            ),
            person(2, "Elçin Əhmədov", AZERSUN, last=baku(2, "10:00")),
            person(6, "Cavid Həsənli", XEZER, last=baku(15, month=9), roles=("decision_maker",)),
            person(5, "Əfsanə Kərimli", XEZER),
        ),
        follow_ups=(
            follow_up(
                1,
                "Rüblük baxış",
                baku(17, "11:00"),
                DraftState.SENT,
                account="Azərsun Holdinq",
                sent_at=baku(18, "09:30"),
            ),
            follow_up(2, "Müqavilə danışığı", baku(18, "15:00"), DraftState.PLACED, account="Çinar Ticarət"),
            follow_up(3, "Təqdimat", baku(10, "10:00"), DraftState.FAILED, account="Azərsun Holdinq"),
            follow_up(4, "", baku(16, "10:00"), DraftState.DISCARDED, account="Azərsun Holdinq"),
            follow_up(
                5,
                "Layihə planı",
                baku(16, "12:00"),
                DraftState.SENT,
                account="Çinar Ticarət",
                sent_at=baku(19, "18:05"),
            ),
        ),
        next_meetings=(
            meeting(
                12,
                "İllik strategiya günü",
                baku(1, month=12),
                account="Çinar Ticarət",
                people=("Xəyalə Babayeva",),
                all_day=True,
                start_date=date(2026, 12, 1),
                tentative=True,
            ),
            meeting(
                11,
                "Rüblük baxış",
                baku(24, "11:00"),
                account="Azərsun Holdinq",
                people=("Rəşad Quliyev", "Aysel Məmmədova"),
                ours=("Leyla Əliyeva", "Kamran Məmmədov"),
            ),
        ),
    )


def report() -> WeeklyReport:
    return build(rows(), week="2026-W47")
