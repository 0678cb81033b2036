"""The daemon's life: what it does in which order, and that nothing but a stop ends it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from syncagent.clock import Clocks, FixedClock, StopSignal
from syncagent.config_keys import Schedule
from syncagent.crm.mailboxes import MailboxRow, MailboxSettings
from syncagent.daemon import loop
from syncagent.daemon.loop import Daemon
from syncagent.errors import AuthNeeded, Stopped, StoreError, Unreachable
from syncagent.reports.delivery import Addressee, Delivery
from syncagent.sync.mailbox import MailboxResult
from syncagent.work import PassResult
from tests.unit.daemon.wall import SleepyStop, hang

#: A Monday, six in the morning in Baku: two hours before reports are due.
EARLY = datetime(2026, 11, 23, 2, tzinfo=UTC)


def row(name: str, person: int) -> MailboxRow:
    settings = MailboxSettings(
        name, "memory", name.title(), (f"{name}@bizim.az",), "az", "Asia/Baku", "excerpt", "", None, deliver_report=True
    )
    return MailboxRow(person, person, settings, paused=False)


@dataclass
class Stage:
    """A house of which only the outside is there, and a daemon in it; what happens is written down."""

    monkeypatch: pytest.MonkeyPatch
    clock: FixedClock = field(default_factory=lambda: FixedClock(EARLY))
    happened: list[str] = field(default_factory=list)
    delivered: set[tuple[str, str]] = field(default_factory=set)
    passes: list[Callable[[], PassResult]] = field(default_factory=list)
    deliveries: list[Exception] = field(default_factory=list)
    waits: int = 0
    most_waits: int = 3

    def __post_init__(self) -> None:
        hang(self.monkeypatch, self.clock)
        self.monkeypatch.setattr(loop, "whole_pass", self._pass)
        self.monkeypatch.setattr(loop, "is_due", self._is_due)
        self.monkeypatch.setattr(loop, "deliver", self._deliver)
        self.stop = SleepyStop(self.clock, self._on_wait)

    def _on_wait(self, _seconds: float) -> None:
        self.waits += 1
        if self.waits >= self.most_waits:
            self.stop.request()

    def _pass(self, _house: Any, _stop: StopSignal, _observer: Any) -> PassResult:
        self.happened.append(f"pass {self.clock.now():%d %H:%M}")
        return self.passes.pop(0)() if self.passes else good()

    def _is_due(self, _press: Any, addressee: Addressee, week: str) -> bool:
        return (addressee.mailbox, week) not in self.delivered

    def _deliver(self, _press: Any, addressee: Addressee, week: str, _box: Any) -> Delivery:
        if self.deliveries:
            raise self.deliveries.pop(0)
        self.happened.append(f"report {addressee.mailbox} {week} {self.clock.now():%d %H:%M}")
        self.delivered.add((addressee.mailbox, week))
        return Delivery(week, addressee.mailbox, Path("report.html"), in_inbox=True)

    def run(self, *, minutes: int = 5, most_waits: int = 3) -> list[str]:
        self.most_waits = most_waits
        house = SimpleNamespace(
            config=SimpleNamespace(
                schedule=Schedule(sync_every_minutes=minutes),
                folder=Path(),
                report=SimpleNamespace(silent_after_days=30),
            ),
            database=None,
            clocks=Clocks(self.clock, self.clock),
            secret=b"",
            mailboxes=(row("leyla", 1), row("rauf", 2)),
            open_mailbox=lambda *_: SimpleNamespace(outbox=SimpleNamespace(box=None), close=lambda: None),
        )
        Daemon(house, self.stop).run()  # type: ignore[arg-type]  # a house with what the daemon looks at
        return self.happened


def good() -> PassResult:
    return PassResult([MailboxResult("leyla", 3), MailboxResult("rauf", 3)])


def raising(error: Exception) -> Callable[[], PassResult]:
    def run() -> PassResult:
        raise error

    return run


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    staged = Stage(monkeypatch)
    staged.delivered |= {("leyla", "2026-W46"), ("rauf", "2026-W46")}
    return staged


def test_the_first_pass_comes_at_once_and_the_next_on_schedule(stage: Stage) -> None:
    assert stage.run(minutes=5, most_waits=11) == ["pass 23 02:00", "pass 23 02:05", "pass 23 02:10"]


def test_reports_come_at_their_time_and_once(stage: Stage) -> None:
    happened = stage.run(minutes=90, most_waits=200)
    assert happened == [
        "pass 23 02:00",
        "pass 23 03:30",
        "report leyla 2026-W47 23 04:00",
        "report rauf 2026-W47 23 04:00",
        "pass 23 05:00",
    ]


def test_a_report_that_was_missed_is_made_up_for_after_the_first_pass(stage: Stage) -> None:
    stage.clock.at = datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert stage.run(most_waits=1) == [
        "pass 25 10:00",
        "report leyla 2026-W47 25 10:00",
        "report rauf 2026-W47 25 10:00",
    ]


def test_nothing_is_reported_of_a_mailbox_that_could_not_be_read(stage: Stage) -> None:
    stage.clock.at = datetime(2026, 11, 25, 10, tzinfo=UTC)
    troubled = PassResult([MailboxResult("leyla", 3), MailboxResult("rauf", 0, {"": AuthNeeded("sign in")})])
    stage.passes = [lambda: troubled]
    assert stage.run(most_waits=6) == [
        "pass 25 10:00",
        "report leyla 2026-W47 25 10:00",
        "pass 25 10:05",
        "report rauf 2026-W47 25 10:05",
    ]


@pytest.mark.parametrize("error", [StoreError("disk full"), RuntimeError("a bug")], ids=["expected", "bug"])
def test_a_failing_pass_ends_nothing(stage: Stage, error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "syncagent")
    stage.passes = [raising(error)]
    assert stage.run(most_waits=6) == ["pass 23 02:00", "pass 23 02:05"]
    assert "pass_failed" in actions(caplog)


@pytest.mark.parametrize("error", [Unreachable("away"), RuntimeError("a bug")], ids=["expected", "bug"])
def test_a_failing_report_is_tried_again_and_keeps_nobody_from_theirs(stage: Stage, error: Exception) -> None:
    stage.clock.at = datetime(2026, 11, 25, 10, tzinfo=UTC)
    stage.deliveries = [error]
    assert stage.run(most_waits=6) == [
        "pass 25 10:00",
        "report rauf 2026-W47 25 10:00",
        "pass 25 10:05",
        "report leyla 2026-W47 25 10:05",
    ]


def test_a_stop_in_the_middle_of_a_pass_ends_it(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "syncagent")
    stage.passes = [raising(Stopped("Stopped as asked."))]
    assert stage.run() == ["pass 23 02:00"]
    assert stage.waits == 0
    assert actions(caplog) == ["daemon_started", "pass_started", "pass_stopped", "daemon_stopped"]


def test_the_log_has_the_numbers_of_a_pass_and_the_cure_of_a_trouble(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "syncagent")
    troubles = {"INBOX": Unreachable("The folder is away.", cure="Put it back.")}
    stage.passes = [lambda: PassResult([MailboxResult("leyla", 3, troubles)], planned=2, placed=1)]
    stage.run(most_waits=1)
    records = {record.action: record for record in caplog.records}  # type: ignore[attr-defined]  # ours have one
    trouble, done = records["stream_failed"], records["pass_done"]
    assert trouble.getMessage() == "The folder is away. Put it back."
    assert (trouble.mailbox, trouble.stream, trouble.error) == ("leyla", "INBOX", "Unreachable")  # type: ignore[attr-defined]  # as above
    assert (done.planned, done.placed, done.troubled) == (2, 1, 1)  # type: ignore[attr-defined]  # as above


def actions(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.action for record in caplog.records if hasattr(record, "action")]
