"""``syncagent run`` as a process: one at a time, stopped in the middle of a page, killed, started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.program import TIMEOUT_S, World, command, environment

pytestmark = [pytest.mark.acceptance, pytest.mark.skipif(os.name == "nt", reason="POSIX signals")]


class Daemon:
    """A running daemon, and the log that it writes."""

    def __init__(self, world: World, log: Path) -> None:
        self.log = log
        with open(log, "ab") as stream:
            arguments = command("--config", str(world.config), "run")
            self.process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=stream, env=environment())

    def records(self) -> list[dict[str, Any]]:
        text = self.log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def actions(self) -> list[str]:
        return [record["action"] for record in self.records()]

    def until(self, holds: Callable[[], bool]) -> None:
        """Waits for something to happen outside of this process; there is no event to wait on."""
        end = time.monotonic() + TIMEOUT_S
        while not holds():
            assert self.process.poll() is None, f"the daemon ended: {self.log.read_text(encoding='utf-8')}"
            assert time.monotonic() < end, f"it did not happen: {self.log.read_text(encoding='utf-8')}"
            time.sleep(0.02)

    def has_done(self, action: str, times: int = 1) -> None:
        self.until(lambda: self.actions().count(action) >= times)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(TIMEOUT_S)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[World], Daemon]]:
    started: list[Daemon] = []

    def run(world: World) -> Daemon:
        started.append(Daemon(world, tmp_path / f"log-{len(started)}.jsonl"))
        return started[-1]

    yield run
    for daemon in started:
        if daemon.process.poll() is None:
            daemon.process.kill()
            daemon.process.wait()


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "world")
    made.receives()
    made.plans("gunel@xezer.example")
    made.import_people()
    return made


def inbox(world: World) -> list[bytes]:
    return [file.read_bytes() for part in ("cur", "new") for file in (world.mail() / part).iterdir()]


def reports(world: World) -> list[bytes]:
    return [raw for raw in inbox(world) if b".report@bizim.example>" in raw]


def test_it_works_at_once_and_ends_cleanly(world: World, start: Callable[[World], Daemon]) -> None:
    daemon = start(world)
    daemon.has_done("report_delivered")
    assert daemon.stop() == 0
    assert daemon.actions() == [
        "daemon_started",
        "pass_started",
        "pass_done",
        "report_delivered",
        "daemon_stopped",
    ]
    assert all(record["at"] and record["level"] and "message" in record for record in daemon.records())
    assert [row["state"] for row in world.rows("drafts")] == ["placed"]
    (report,) = reports(world)
    assert b"multipart/related" in report or b"text/html" in report
    (file,) = (world.folder / "reports").iterdir()
    assert file.name.startswith("weekly-") and file.name.endswith("-leyla.html")


def test_the_report_comes_once_however_often_it_starts(world: World, start: Callable[[World], Daemon]) -> None:
    for _ in range(2):
        daemon = start(world)
        daemon.has_done("pass_done")
        assert daemon.stop(signal.SIGINT) == 0
    assert len(reports(world)) <= 1
    daemon = start(world)
    daemon.has_done("pass_done")
    daemon.until(lambda: len(reports(world)) == 1)
    assert daemon.stop() == 0


def test_there_is_one_at_a_time(world: World, start: Callable[[World], Daemon]) -> None:
    first = start(world)
    first.has_done("pass_done")
    for arguments in (("run",), ("sync",), ("backfill",)):
        second = world.run(*arguments)
        assert second.returncode == 3
        assert f"process {first.process.pid}" in second.stderr
        assert "What to do: " in second.stderr
    # Looking and importing go on beside it.
    assert len(world.rows("interactions")) == 2
    world.import_people()
    assert first.stop() == 0
    world.good("sync")


def test_after_a_kill_the_next_one_starts(world: World, start: Callable[[World], Daemon]) -> None:
    first = start(world)
    first.has_done("pass_done")
    assert first.stop(signal.SIGKILL) == -signal.SIGKILL
    second = start(world)
    second.has_done("pass_done")
    assert second.stop() == 0
    assert len(world.drafts_in_folder()) == 1


def seen(world: World) -> int:
    return sum(row["seen"] for row in world.rows("status"))


@pytest.mark.slow
def test_a_stop_in_the_middle_of_a_pass_loses_and_doubles_nothing(
    tmp_path: Path, start: Callable[[World], Daemon]
) -> None:
    world = World(tmp_path / "large")
    number = 4000
    for item in range(number):
        world.receives("gunel@xezer.example" if item % 10 == 0 else "nobody@elsewhere.example", f"Məktub {item}")
    world.import_people()
    stopped = 0
    for _ in range(4):
        daemon = start(world)
        daemon.has_done("pass_started")
        journal = world.database.with_name("syncagent.db-wal")
        size = journal.stat().st_size if journal.exists() else 0
        daemon.until(lambda size=size, journal=journal: journal.exists() and journal.stat().st_size > size)  # type: ignore[misc]  # defaults bind the loop's values
        assert daemon.stop() == 0
        stopped += "pass_stopped" in daemon.actions()
        assert daemon.actions()[-1] == "daemon_stopped"
    world.good("sync")
    assert stopped, "no stop fell into a pass"
    assert seen(world) == number
    assert sorted(row["subject"] for row in world.rows("interactions")) == sorted(
        f"Məktub {item}" for item in range(0, number, 10)
    )


def test_a_folder_in_trouble_is_in_the_log_and_the_rest_goes_on(world: World, start: Callable[[World], Daemon]) -> None:
    away = world.folder / "away"
    world.mail().rename(away)
    daemon = start(world)
    daemon.has_done("pass_done")
    trouble = next(record for record in daemon.records() if record["action"] == "mailbox_failed")
    assert (trouble["mailbox"], trouble["level"]) == ("leyla", "warning")
    assert "report_delivered" not in daemon.actions()
    assert daemon.stop() == 0


def test_nothing_of_a_mail_is_in_the_log(world: World, start: Callable[[World], Daemon]) -> None:
    daemon = start(world)
    daemon.has_done("report_delivered")
    assert daemon.stop() == 0
    text = daemon.log.read_text(encoding="utf-8")
    assert "@" not in text
    assert "Təklif" not in text


def test_it_stands_down_without_a_configuration(tmp_path: Path) -> None:
    process = subprocess.run(
        command("--config", str(tmp_path / "none.toml"), "run"),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
        env=environment(),
    )
    assert process.returncode == 2
    assert "no such file" in process.stderr
