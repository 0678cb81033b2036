"""When the daemon does what: every few minutes, and on Monday at eight where the manager is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syncagent.clock import FixedClock
from syncagent.config_keys import Schedule
from syncagent.daemon.timetable import LONGEST_WAIT_S, Timetable
from tests.unit.daemon.wall import hang

SUNDAY = datetime(2026, 11, 22, 20, tzinfo=UTC)


def happenings(
    monkeypatch: pytest.MonkeyPatch, *, zones: list[str], hours: float, settings: Schedule | None = None
) -> list[tuple[str, datetime]]:
    """What happens from Sunday evening on, and when."""
    clock = FixedClock(SUNDAY)
    hang(monkeypatch, clock)
    seen: list[tuple[str, datetime]] = []
    timetable = Timetable(
        settings or Schedule(sync_every_minutes=60),
        zones,
        sync=lambda: seen.append(("sync", clock.now())),
        reports=lambda: seen.append(("report", clock.now())),
    )
    while clock.now() < SUNDAY + timedelta(hours=hours):
        wait = timetable.wait_s()
        assert 0 <= wait <= LONGEST_WAIT_S
        clock.advance(timedelta(seconds=max(wait, 0.001)))
        timetable.run_due()
    return seen


def times(seen: list[tuple[str, datetime]], what: str) -> list[str]:
    return [f"{at:%d %H:%M}" for name, at in seen if name == what]


def test_passes_come_every_few_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = happenings(monkeypatch, zones=[], hours=0.5, settings=Schedule(sync_every_minutes=5))
    assert times(seen, "sync") == [f"22 20:{minute:02}" for minute in (5, 10, 15, 20, 25, 30)]


def test_a_single_minute_is_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = happenings(monkeypatch, zones=[], hours=0.05, settings=Schedule(sync_every_minutes=1))
    assert times(seen, "sync") == ["22 20:01", "22 20:02", "22 20:03"]


def test_reports_come_in_each_zone_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = happenings(monkeypatch, zones=["Asia/Baku", "Europe/Berlin", "Asia/Baku"], hours=24)
    assert times(seen, "report") == ["23 04:00", "23 07:00"]


def test_a_week_later_they_come_again_across_a_change_of_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.unit.daemon.test_timetable.SUNDAY", datetime(2026, 10, 18, 20, tzinfo=UTC))
    seen = happenings(monkeypatch, zones=["Europe/Berlin"], hours=24 * 9, settings=Schedule(sync_every_minutes=1440))
    assert times(seen, "report") == ["19 06:00", "26 07:00"]


def test_another_day_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Schedule(sync_every_minutes=1440, report_at="tuesday 17:30")
    assert times(happenings(monkeypatch, zones=["Asia/Baku"], hours=72, settings=settings), "report") == ["24 13:30"]


def test_a_zone_that_the_library_does_not_know_is_left_to_the_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = happenings(monkeypatch, zones=["Asia/Nowhere"], hours=24)
    assert times(seen, "report") == []
    assert len(times(seen, "sync")) == 24


def test_a_computer_that_slept_catches_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FixedClock(SUNDAY)
    hang(monkeypatch, clock)
    seen: list[str] = []
    timetable = Timetable(
        Schedule(), ["Asia/Baku"], sync=lambda: seen.append("sync"), reports=lambda: seen.append("report")
    )
    clock.advance(timedelta(days=20))
    assert timetable.wait_s() == 0
    timetable.run_due()
    assert seen == ["sync", "report"]
    timetable.run_due()
    assert seen == ["sync", "report"]
