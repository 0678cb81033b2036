"""Answers for what time it is and for waiting; the only module that touches the wall clock and sleep.

Two clocks run in the house (docs/architecture.md): the *domain's* clock answers "what is due" and is moved by
``--now``; the *system's* clock dates the ledger, retries, tokens and alarms and always tells the truth.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells aware UTC time; every module that needs "now" is handed one."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """A clock that runs at the speed of another one, but ``shift`` away from it."""

    base: Clock
    shift: timedelta

    def now(self) -> datetime:
        return self.base.now() + self.shift


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is moved: for ``--now``, rehearsals and tests."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, step: timedelta) -> None:
        """Moves the clock by ``step``; never called by product code."""
        self.at += step


@dataclass(frozen=True, slots=True)
class Clocks:
    """The pair of clocks that wiring hands down."""

    domain: Clock
    system: Clock

    @property
    def shift(self) -> timedelta:
        """How far the domain's time is ahead of the system's."""
        return self.domain.now() - self.system.now()


def stopwatch() -> float:
    """Seconds from an arbitrary moment, monotonic; only differences mean anything."""
    return time.monotonic()


class StopSignal:
    """A request to stop that every loop of the house looks at (implements ``ports.Stop``).

    Set by the daemon's signal handlers; work in hand is finished up to the next page, never cut.
    """

    def __init__(self) -> None:
        self._event = threading.Event()

    def requested(self) -> bool:
        return self._event.is_set()

    def request(self) -> None:
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Sleeps up to ``seconds``; returns at once, with True, when a stop is requested."""
        return self._event.wait(seconds)
