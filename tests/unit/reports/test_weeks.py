"""A week goes from Monday to Monday by the manager's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syncagent.errors import ConfigProblems, ExitCode
from syncagent.reports.weekly import week_bounds

BAKU, BERLIN, UTC_ZONE = "Asia/Baku", "Europe/Berlin", "UTC"


@pytest.mark.parametrize(
    ("zone", "now", "label"),
    [
        (BAKU, datetime(2026, 11, 22, 19, 59, 59, tzinfo=UTC), "2026-W46"),  # Sunday, a second before midnight
        (BAKU, datetime(2026, 11, 22, 20, 0, tzinfo=UTC), "2026-W47"),  # Monday 00:00
        (BAKU, datetime(2026, 11, 23, 4, 0, tzinfo=UTC), "2026-W47"),  # Monday 08:00, when the report is made
        (BAKU, datetime(2026, 11, 25, 9, 0, tzinfo=UTC), "2026-W47"),  # in the middle of the next week
        (UTC_ZONE, datetime(2026, 11, 22, 20, 0, tzinfo=UTC), "2026-W46"),  # still Sunday there
        (BAKU, datetime(2027, 1, 4, 4, 0, tzinfo=UTC), "2026-W53"),  # a year with 53 weeks
        (BAKU, datetime(2025, 1, 6, 4, 0, tzinfo=UTC), "2025-W01"),  # begins on 30 December 2024
    ],
)
def test_without_a_name_it_is_the_last_week_that_is_over(zone: str, now: datetime, label: str) -> None:
    found, start, end = week_bounds(None, zone, now)
    assert found == label
    assert (found, start, end) == week_bounds(label, zone, now)
    assert end <= now < end + timedelta(days=7)


@pytest.mark.parametrize(
    ("week", "zone", "start", "hours"),
    [
        ("2026-W47", BAKU, datetime(2026, 11, 15, 20, tzinfo=UTC), 168),
        ("2026-W13", BERLIN, datetime(2026, 3, 22, 23, tzinfo=UTC), 167),  # the clock goes forward on 29 March
        ("2026-W43", BERLIN, datetime(2026, 10, 18, 22, tzinfo=UTC), 169),  # and back on 25 October
        ("2025-W01", UTC_ZONE, datetime(2024, 12, 30, tzinfo=UTC), 168),
        (" 2026-w47 ", BAKU, datetime(2026, 11, 15, 20, tzinfo=UTC), 168),
    ],
)
def test_both_ends_are_midnight_there(week: str, zone: str, start: datetime, hours: int) -> None:
    label, since, until = week_bounds(week, zone, datetime(2026, 11, 23, tzinfo=UTC))
    assert label == week.strip().upper()
    assert (since, until - since) == (start, timedelta(hours=hours))
    assert since.tzinfo is UTC and until.tzinfo is UTC


@pytest.mark.parametrize(
    "week", ["2026-W54", "2025-W53", "2026-W00", "2026-47", "W47", "2026-W4", "", "٢٠٢٦-W47", "9999-W52"]
)
def test_what_is_no_week_is_refused_with_the_cure(week: str) -> None:
    with pytest.raises(ConfigProblems, match="is not a week of the calendar") as caught:
        week_bounds(week, BAKU, datetime(2026, 11, 23, tzinfo=UTC))
    assert caught.value.exit_code == ExitCode.USAGE
    assert "2026-W47" in caught.value.cure
