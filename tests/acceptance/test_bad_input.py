"""What a person or a machine may do wrong: a clear message with the cure, the right exit code, nothing half-written."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.program import World, run

pytestmark = [pytest.mark.acceptance, pytest.mark.skipif(os.name == "nt", reason="POSIX limits and modes")]

FAILURE = ("id", "mailbox", "stream", "item", "reason", "attempts", "first_at", "last_at", "next_at")


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "world")
    for number in range(60):
        made.receives(subject=f"Məktub {number}", text="Salam. " * 200)
    made.plans("gunel@xezer.example")
    made.import_people()
    return made


def outcome(world: World) -> tuple[list[str], list[str]]:
    interactions = sorted(row["subject"] for row in world.rows("interactions"))
    return interactions, [row["state"] for row in world.rows("drafts")]


def assert_nothing_is_broken(world: World) -> None:
    """The database is sound, the ledger adds up, and the next sync brings everything, once."""
    world.good("db", "check")
    for row in world.rows("status"):
        parts = ("logged", "updated", "removed", "ignored", "failed")
        assert row["seen"] == sum(row[name] for name in parts) + sum(row["skipped"].values())
    world.good("sync")
    assert outcome(world) == (
        sorted([*(f"Məktub {number}" for number in range(60)), "Layihənin müzakirəsi"]),
        ["placed"],
    )
    assert len(world.drafts_in_folder()) == 1
    assert list((world.mail() / ".Drafts" / "tmp").iterdir()) == []


# Configuration


def test_every_mistake_in_the_configuration_is_named_at_once(world: World) -> None:
    world.configure('[agent]\nlanguage = "klingon"\n[schedul]\nsync_every_minutes = 0\n')
    done = world.run("sync")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "  - agent.language: must be one of: az, en, ru, tr" in done.stderr
    assert "  - schedul: is not a key; did you mean schedule?" in done.stderr
    assert "What to do: " in done.stderr
    assert "Traceback" not in done.stderr


def test_no_configuration_at_all(tmp_path: Path) -> None:
    for arguments, said in ((("sync",), "there is none"), (("--config", "nowhere.toml", "sync"), "no such file")):
        done = run(*arguments, cwd=tmp_path, env={"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)})
        assert done.returncode == 2
        assert said in done.stderr
        assert "syncagent init" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("snyc",), "Did you mean sync?"),
        (("sync", "--mailboxes", "x"), "--mailbox"),
        (("explain",), "Missing argument"),
        (("failures", "retry", "x"), "not a valid integer"),
        (("--now", "yesterday", "status"), "neither a day"),
        (("interactions", "--since", "2026-13-01"), "neither a day"),
        ((), "Usage: "),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failure_that_does_not_exist(world: World) -> None:
    done = world.run("failures", "retry", "7")
    assert done.returncode == 2
    assert "No open failure has the id 7" in done.stderr


# People


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name;mail\nAnn;ann@x.example\n", "the column account is missing"),
        (b"account,name,emails\nX,Caf\xe9,a@x.example\n", "is not UTF-8"),
        (None, "No such file"),
    ],
    ids=["columns", "encoding", "missing"],
)
def test_a_file_of_people_that_is_none(world: World, content: bytes | None, said: str) -> None:
    before = world.rows("people", "list")
    file = world.folder / "other.csv"
    if content is not None:
        file.write_bytes(content)
    done = world.run("people", "import", str(file))
    assert done.returncode == 2
    assert said in done.stderr
    assert world.rows("people", "list") == before


# Folders


def without_special_rights() -> None:
    """Root reads everything: in the child, that power is dropped (CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH)."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.fixture
def closing() -> Iterator[Callable[[Path], None]]:
    """Takes all rights from a folder, and gives them back at the end."""
    closed: list[Path] = []

    def close(path: Path) -> None:
        path.chmod(0)
        closed.append(path)

    yield close
    for path in closed:
        path.chmod(0o700)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="drops rights as Linux does")
def test_a_folder_that_may_not_be_read(world: World, closing: Callable[[Path], None]) -> None:
    closing(world.mail() / "cur")
    done = world.run("sync", preexec_fn=without_special_rights)
    assert done.returncode == 1
    assert "leyla / INBOX: " in done.stderr
    assert "What to do: " in done.stderr
    # The calendar is read all the same.
    assert [row["subject"] for row in world.rows("interactions")] == ["Layihənin müzakirəsi"]
    checked = world.run("check", preexec_fn=without_special_rights)
    assert checked.returncode == 1
    assert "INBOX" in checked.stdout
    (world.mail() / "cur").chmod(0o700)
    world.good("sync")
    assert len(world.rows("interactions")) == 61


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="drops rights as Linux does")
def test_a_mail_that_may_not_be_read_is_remembered_and_tried_again(world: World) -> None:
    file = world.receives(subject="Bağlı")
    file.chmod(0)
    assert world.run("sync", preexec_fn=without_special_rights).returncode == 0
    (failure,) = world.rows("failures")
    assert list(failure) == list(FAILURE)
    assert (failure["mailbox"], failure["stream"], failure["attempts"]) == ("leyla", "INBOX", 1)
    again = world.run("failures", "retry", str(failure["id"]), preexec_fn=without_special_rights)
    assert "still cannot be read" in again.stderr
    assert world.rows("failures")[0]["attempts"] == 2
    inbox = next(row for row in world.rows("status") if row["stream"] == "INBOX")
    assert (inbox["open_failures"], inbox["failed"]) == (1, 2)
    file.chmod(0o600)
    world.good("failures", "retry", str(failure["id"]))
    assert world.rows("failures") == []
    assert "Bağlı" in {row["subject"] for row in world.rows("interactions")}


def test_a_folder_that_is_not_there(world: World) -> None:
    world.mail().rename(world.folder / "elsewhere")
    done = world.run("sync")
    assert done.returncode == 1
    assert str(world.mail()) in done.stderr
    assert "What to do: " in done.stderr


# Disk


@pytest.mark.parametrize("kilobytes", [200, pytest.param(300, marks=pytest.mark.slow), 450])
def test_a_disk_that_takes_no_more(world: World, kilobytes: int) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    done = world.run("sync", preexec_fn=limited)
    assert done.returncode == 4, (done.stdout, done.stderr)
    assert "disk" in done.stderr.lower()
    assert "What to do: " in done.stderr
    assert "Traceback" not in done.stderr
    assert_nothing_is_broken(world)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1.2 MB, where one may be mounted."""
    point = tmp_path / "disk"
    point.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1200k", "tmpfs", point], capture_output=True, check=False
    )
    if not made or made.returncode != 0:
        pytest.skip("no disk can be mounted here; the limit on files tests the same")
    try:
        yield point
    finally:
        subprocess.run(["umount", point], check=True)


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    world = World(tmp_path / "world", more=f'[agent]\ndatabase = "sqlite:///{small_disk / "crm.db"}"\n')
    for number in range(60):
        world.receives(subject=f"Məktub {number}", text="Salam. " * 200)
    world.plans("gunel@xezer.example")
    world.import_people()
    ballast = small_disk / "ballast"
    with open(ballast, "wb") as file:
        free = shutil.disk_usage(small_disk).free
        file.write(b"x" * max(0, free - 100_000))
    done = world.run("sync")
    assert done.returncode == 4, (done.stdout, done.stderr)
    assert "disk" in done.stderr.lower()
    ballast.unlink()
    assert_nothing_is_broken(world)


def test_a_report_that_cannot_be_written(world: World) -> None:
    in_the_way = world.folder / "file"
    in_the_way.write_text("x", encoding="utf-8")
    done = world.run("report", "weekly", "--out", str(in_the_way / "reports"))
    assert done.returncode == 4
    assert "cannot be written" in done.stderr


# Database


def test_a_database_that_is_newer_than_the_program(world: World) -> None:
    with sqlite3.connect(world.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for arguments in (("sync",), ("status",), ("people", "list"), ("run",)):
        done = world.run(*arguments)
        assert done.returncode == 4, arguments
        assert "newer syncagent (revision 9999)" in done.stderr
        assert "Update the program" in done.stderr
    assert world.run("db", "check").returncode == 1


@pytest.mark.slow  # ten seconds are waited for the other program
def test_a_database_that_another_program_has_locked(world: World) -> None:
    connection = sqlite3.connect(world.database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    done = world.run("sync")
    assert done.returncode == 4
    assert "locked by another program" in done.stderr
    assert "What to do: Close the other program" in done.stderr
    connection.rollback()
    connection.close()
    assert_nothing_is_broken(world)


def test_a_file_that_is_no_database(world: World) -> None:
    world.database.unlink()
    world.database.write_bytes(b"This is a letter and no database. " * 100)
    before = world.database.read_bytes()
    done = world.run("status")
    assert done.returncode == 4
    assert "not a syncagent database" in done.stderr
    assert world.database.read_bytes() == before


def test_a_folder_for_the_database_that_is_not_there(world: World) -> None:
    world.configure('[agent]\ndatabase = "sqlite:///nowhere/crm.db"\n')
    for arguments in (("sync",), ("status",)):
        done = world.run(*arguments)
        assert done.returncode == 4
        assert "What to do: " in done.stderr
