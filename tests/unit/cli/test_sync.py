"""When a pass is for real and when it is a rehearsal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from syncagent.cli import run, sync
from syncagent.cli.settings import Settings


class Stage:
    """A house with one mailbox, of which only what the command looks at is there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, moved: bool, network: bool) -> None:
        self.done: list[str] = []
        self.closed = 0
        mailbox = SimpleNamespace(network=network, close=self._close)
        self.house = SimpleNamespace(
            moved=moved, chosen=lambda _names: ["row"], open_mailbox=lambda *_: mailbox, mailboxes=()
        )
        for module in (sync, run):
            monkeypatch.setattr(module, "working", self._working)
        monkeypatch.setattr(sync, "work", self._work)
        monkeypatch.setattr(sync, "rehearse", self._rehearse)

    def _close(self) -> None:
        self.closed += 1

    @contextmanager
    def _working(self, _settings: Settings) -> Iterator[Any]:
        yield self.house
        self.done.append("lock given back")

    def _work(self, _settings: Settings, _house: Any, names: Sequence[str]) -> int:
        self.done.append(f"pass over {list(names)}")
        return 0

    def _rehearse(self, _settings: Settings, names: Sequence[str]) -> int:
        self.done.append(f"rehearsal over {list(names)}")
        return 0

    def sync(self, *arguments: str) -> list[str]:
        outcome = CliRunner().invoke(sync.sync, list(arguments), obj=Settings(), standalone_mode=False)
        assert outcome.exception is None
        return self.done


@pytest.mark.parametrize(("moved", "network"), [(False, False), (False, True), (True, False)])
def test_a_pass_is_for_real(monkeypatch: pytest.MonkeyPatch, moved: bool, network: bool) -> None:
    stage = Stage(monkeypatch, moved=moved, network=network)
    assert stage.sync("--mailbox", "leyla") == ["pass over ['leyla']", "lock given back"]


def test_with_a_moved_clock_a_network_mailbox_is_only_rehearsed(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(monkeypatch, moved=True, network=True)
    assert stage.sync() == ["lock given back", "rehearsal over []"]
    assert stage.closed == 1


def test_a_rehearsal_takes_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(monkeypatch, moved=False, network=True)
    assert stage.sync("--dry-run", "--mailbox", "a", "--mailbox", "b") == ["rehearsal over ['a', 'b']"]


def test_the_daemon_does_not_rehearse(monkeypatch: pytest.MonkeyPatch) -> None:
    Stage(monkeypatch, moved=True, network=True)
    monkeypatch.setattr(run, "Daemon", lambda *_: pytest.fail("the daemon ran"))
    monkeypatch.setattr(run.logs, "setup", lambda **_: None)
    outcome = CliRunner().invoke(run.run, [], obj=Settings())
    assert outcome.exit_code == 2
    assert "does not rehearse" in outcome.output
