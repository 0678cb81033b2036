"""Answers for what is seen while a pass runs: a bar for each mailbox on a terminal, nothing anywhere else."""

from __future__ import annotations

import logging
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from syncagent import logs
from syncagent.cli.settings import Settings
from syncagent.ports import Glimpse, Point


@dataclass(slots=True)
class Tally:
    """Counts what a pass sees (implements ``ports.Observer``); told by the threads of all mailboxes at once."""

    seen: Counter[str] = field(default_factory=Counter)
    logged: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def saw(self, glimpse: Glimpse) -> None:
        if glimpse.point is Point.COMMITTED:
            with self._lock:
                self.seen[glimpse.mailbox] += glimpse.seen
                self.logged[glimpse.mailbox] += glimpse.logged


class Bars(Tally):
    """A tally that also moves a bar for each mailbox."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._totals: dict[str, dict[str, int]] = {}

    def saw(self, glimpse: Glimpse) -> None:
        super().saw(glimpse)
        with self._lock:
            self._move(glimpse)

    def _move(self, glimpse: Glimpse) -> None:
        totals = self._totals.setdefault(glimpse.mailbox, {})
        if glimpse.mailbox not in self._tasks:
            self._tasks[glimpse.mailbox] = self._progress.add_task("", total=None, mailbox=glimpse.mailbox, doing="")
        if glimpse.total is not None:
            totals[glimpse.stream] = max(glimpse.total, totals.get(glimpse.stream, 0))
        doing = glimpse.stream if glimpse.stream else _DOING.get(glimpse.point, "")
        self._progress.update(
            self._tasks[glimpse.mailbox],
            # What the streams that told their size will bring; more may be found behind them.
            total=max(sum(totals.values()), self.seen[glimpse.mailbox]) or None,
            completed=self.seen[glimpse.mailbox],
            doing=doing,
        )


_DOING = {Point.PLACING: "drafts", Point.PLACED: "drafts"}


@contextmanager
def watched(settings: Settings) -> Iterator[Tally]:
    """An observer for a pass. Bars are drawn on stderr when that is a terminal, and go when the block ends."""
    terminal = sys.stderr
    console = Console(file=terminal)
    if not console.is_terminal or console.is_dumb_terminal:
        yield Tally()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[mailbox]}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[doing]}", markup=False),
        TimeElapsedColumn(),
    )
    level = logging.INFO if settings.verbose else logging.WARNING
    with Progress(*columns, console=console, transient=True) as progress:
        logs.setup(level=level, stream=sys.stderr)  # the one that rich put there, which writes above the bars
        try:
            yield Bars(progress)
        finally:
            logs.setup(level=level, stream=terminal)
