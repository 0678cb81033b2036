"""Every calendar file of the corpora is read, or refused with a reason that quotes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syncagent.errors import BadItem
from syncagent.formats.ical import read_events
from syncagent.model import Span

pytestmark = pytest.mark.corpora

WINDOW = Span(datetime(2010, 1, 1, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC))

#: Files without any VCALENDAR or VEVENT (contacts, single alarms, single time zones, fuzzers' findings), of 163.
MOST_REFUSED = 18


@pytest.fixture(scope="module")
def files(corpora: Path) -> list[Path]:
    return sorted((corpora / "icalendar").rglob("*.ics"))


def test_every_calendar_is_read_or_refused_with_a_reason(files: list[Path]) -> None:
    assert len(files) == 163
    counts: Counter[str] = Counter()
    for path in files:
        try:
            found = read_events(path.read_bytes(), window=WINDOW, zone="Asia/Baku")
        except BadItem as error:
            counts["refused"] += 1
            assert error.message.endswith(".")
            continue
        counts["events"] += len(found.events)
        assert all(reason.endswith(".") and "\n" not in reason for _, reason in found.unreadable)
        for one in found.events:
            assert one.start_at <= one.end_at
            assert one.uid
    assert counts["refused"] <= MOST_REFUSED
    assert counts["events"] >= 79


@pytest.mark.parametrize(
    ("name", "events", "unreadable"),
    [
        ("issue_1050_multiple_calendars.ics", 0, 2),  # two calendars, whose events have no start
        ("issue_1081_invalid_rrule_freq.ics", 0, 1),
        ("broken_dtstart.ics", 0, 1),
    ],
)
def test_what_is_broken_is_named(files: list[Path], name: str, events: int, unreadable: int) -> None:
    [path] = [path for path in files if path.name == name]
    found = read_events(path.read_bytes(), window=WINDOW, zone="Asia/Baku")
    assert (len(found.events), len(found.unreadable)) == (events, unreadable)
