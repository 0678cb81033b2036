"""A wall clock for the library ``schedule``, and a stop signal whose waiting moves it."""

from __future__ import annotations

import datetime as real
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import schedule

from syncagent.clock import FixedClock, StopSignal


def hang(monkeypatch: pytest.MonkeyPatch, clock: FixedClock) -> None:
    """Lets ``schedule`` read ``clock``; the computer's own zone is UTC."""

    class Datetime(real.datetime):
        @classmethod
        def now(cls, tz: real.tzinfo | None = None) -> real.datetime:
            return clock.now().astimezone(tz) if tz else clock.now().replace(tzinfo=None)

        def astimezone(self, tz: real.tzinfo | None = None) -> real.datetime:
            return super().astimezone(tz or real.UTC)

    stand_in = SimpleNamespace(datetime=Datetime, timedelta=real.timedelta, time=real.time)
    monkeypatch.setattr(schedule, "datetime", stand_in)


class SleepyStop(StopSignal):
    """Time goes by while one waits; ``on_wait`` may look on and request the stop."""

    def __init__(self, clock: FixedClock, on_wait: Callable[[float], None]) -> None:
        super().__init__()
        self._clock, self._on_wait = clock, on_wait

    def wait(self, seconds: float) -> bool:
        assert seconds >= 0
        self._clock.advance(real.timedelta(seconds=max(seconds, 0.001)))
        self._on_wait(seconds)
        return self.requested()
