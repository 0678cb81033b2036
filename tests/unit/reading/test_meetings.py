"""What kind of meeting an event is, and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syncagent.model import Event
from syncagent.reading.meetings import meeting_kind, meeting_state
from syncagent.vocabulary import EventStatus, InteractionState, Response

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
END = START + timedelta(hours=1)
BEFORE, AFTER = START - timedelta(days=1), END
YES, NO, MAYBE, OPEN = Response.ACCEPTED, Response.DECLINED, Response.TENTATIVE, Response.NEEDS_ACTION


@pytest.mark.parametrize(
    ("subject", "location", "kind"),
    [
        ("Lunch with Leyla", "", "meal"),
        ("Birgə nahar", "", "meal"),
        ("ŞAM YEMƏYİ", "", "meal"),
        ("Обед с Анаром", "", "meal"),
        ("Öğle yemeği", "", "meal"),
        ("Danışıq", "Restoran Şərq", "meal"),
        ("Phone call with Leyla", "", "call"),
        ("Zəng: qiymətlər", "", "call"),
        ("Созвон по договору", "", "call"),
        ("Görüşme", "Telefon", "call"),
        ("Quick call", "Microsoft Teams", "call"),
        ("Lunch, then a call", "", "meal"),
        ("Layihə üzrə görüş", "Bakı ofisi", "meeting"),
        ("Call for tenders", "", "meeting"),
        ("Recall of the product", "", "meeting"),
        ("Technical review", "", "meeting"),
        ("Məzuniyyət", "", "other"),
        ("Командировка в Гянджу", "", "other"),
        ("", "", "meeting"),
    ],
)
def test_meeting_kind(subject: str, location: str, kind: str) -> None:
    assert meeting_kind(Event("u", START, END, subject=subject, location=location)) == kind


def test_a_link_makes_no_call() -> None:
    event = Event("u", START, END, subject="Qiymətlər", online_url="https://teams.example/l/1")
    assert meeting_kind(event) == "meeting"


def test_an_all_day_entry_is_no_meeting_unless_its_words_say_more() -> None:
    assert meeting_kind(Event("u", START, END, all_day=True, subject="Sərgi")) == "other"
    assert meeting_kind(Event("u", START, END, all_day=True, subject="Nahar")) == "meal"


CONFIRMED, TENTATIVE, CANCELLED = EventStatus.CONFIRMED, EventStatus.TENTATIVE, EventStatus.CANCELLED
STATES = [
    (CONFIRMED, [YES], [YES], BEFORE, InteractionState.PLANNED),
    (CONFIRMED, [YES], [YES], START, InteractionState.PLANNED),  # it is going on
    (CONFIRMED, [YES], [YES], AFTER, InteractionState.DONE),
    (CONFIRMED, [OPEN], [OPEN], AFTER, InteractionState.DONE),  # no answer is not a refusal
    (CONFIRMED, [], [], AFTER, InteractionState.DONE),
    (TENTATIVE, [YES], [MAYBE], BEFORE, InteractionState.TENTATIVE),
    (TENTATIVE, [YES], [MAYBE], AFTER, InteractionState.DONE),
    (CONFIRMED, [NO, NO], [YES], AFTER, InteractionState.DECLINED),
    (CONFIRMED, [NO, YES], [YES], AFTER, InteractionState.DONE),
    (CONFIRMED, [NO, OPEN], [YES], AFTER, InteractionState.DONE),
    (CONFIRMED, [YES], [NO, NO], BEFORE, InteractionState.DECLINED),
    (CONFIRMED, [YES], [NO, YES], AFTER, InteractionState.DONE),
    (TENTATIVE, [NO], [], BEFORE, InteractionState.DECLINED),
    (CANCELLED, [YES], [YES], BEFORE, InteractionState.CANCELLED),
    (CANCELLED, [NO], [NO], AFTER, InteractionState.CANCELLED),
]


@pytest.mark.parametrize(("status", "ours", "theirs", "now", "state"), STATES)
def test_meeting_state(
    status: EventStatus, ours: list[Response], theirs: list[Response], now: datetime, state: InteractionState
) -> None:
    assert meeting_state(status, ours, theirs, END, now) is state
