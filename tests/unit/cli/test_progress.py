"""What is seen while a pass runs: counts always, bars on a terminal alone."""

from __future__ import annotations

import io
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from rich.console import Console
from rich.progress import Progress

from syncagent.cli.progress import Bars, Tally, watched
from syncagent.cli.settings import Settings
from syncagent.ports import Glimpse, Point


def committed(mailbox: str, stream: str, seen: int, logged: int = 0, total: int | None = None) -> Glimpse:
    return Glimpse(Point.COMMITTED, mailbox, stream, seen=seen, logged=logged, total=total)


def test_only_what_is_committed_counts() -> None:
    tally = Tally()
    tally.saw(Glimpse(Point.PAGE_READ, "leyla", "INBOX", seen=5))
    tally.saw(committed("leyla", "INBOX", 5, 2))
    tally.saw(committed("leyla", "Sent", 3, 1))
    tally.saw(committed("rauf", "INBOX", 1))
    assert tally.seen == {"leyla": 8, "rauf": 1}
    assert tally.logged == {"leyla": 3, "rauf": 0}


def test_threads_may_tell_at_once() -> None:
    tally = Tally()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tally.saw(committed("leyla", "INBOX", 1, 1)), range(2000)))
    assert tally.seen["leyla"] == tally.logged["leyla"] == 2000


def test_a_bar_knows_the_streams_that_told_their_size() -> None:
    progress = Progress(console=Console(file=io.StringIO()))
    bars = Bars(progress)
    bars.saw(Glimpse(Point.STREAM_STARTED, "leyla", "INBOX"))
    (task,) = progress.tasks
    assert task.total is None
    bars.saw(Glimpse(Point.PAGE_READ, "leyla", "INBOX", seen=50, total=100))
    bars.saw(committed("leyla", "INBOX", 50, total=100))
    assert (task.completed, task.total) == (50, 100)
    bars.saw(committed("leyla", "INBOX", 50, total=100))
    bars.saw(committed("leyla", "Sent", 10, total=40))
    assert (task.completed, task.total) == (110, 140)
    assert task.fields["doing"] == "Sent"
    bars.saw(committed("leyla", "search", 70))
    assert (task.completed, task.total) == (180, 180)
    bars.saw(Glimpse(Point.PLACING, "leyla"))
    assert task.fields["doing"] == "drafts"
    bars.saw(committed("rauf", "INBOX", 1))
    assert len(progress.tasks) == 2


def test_where_there_is_no_terminal_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with watched(Settings()) as tally:
        tally.saw(committed("leyla", "INBOX", 1))
        assert not isinstance(tally, Bars)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    with watched(Settings()) as tally:
        assert isinstance(tally, Bars)
        tally.saw(committed("leyla", "INBOX", 1, total=2))
    assert "leyla" in terminal.getvalue()
