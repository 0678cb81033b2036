"""The same commands on a database server: for teams."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.program import TIMEOUT_S, World, command, environment
from tests.servers import PostgresServer

pytestmark = [pytest.mark.acceptance, pytest.mark.postgres]


@pytest.fixture
def world(tmp_path: Path, postgres: PostgresServer) -> Iterator[World]:
    name = postgres.create_database()
    made = World(tmp_path / "world", more=f'[agent]\ndatabase = "{address(postgres, name)}"\n')
    made.receives()
    made.plans("gunel@xezer.example")
    made.import_people()
    yield made
    postgres.drop_database(name)


def address(postgres: PostgresServer, name: str) -> str:
    """As a user writes it: the driver is the program's business."""
    return re.sub(r"^postgresql\+\w+:", "postgresql:", postgres.url(name))


def test_the_main_job(world: World) -> None:
    world.good("sync")
    before = world.rows("interactions"), world.rows("drafts")
    assert sorted(row["kind"] for row in before[0]) == ["mail_in", "meeting"]
    assert [row["state"] for row in before[1]] == ["placed"]
    world.good("sync")
    assert (world.rows("interactions"), world.rows("drafts")) == before
    assert world.run("status").returncode == 0
    world.good("db", "check")
    world.good("report", "weekly", "--out", str(world.folder / "out"))
    assert "Would log 0 interactions" in world.good("sync", "--dry-run")


def test_there_is_one_at_a_time(world: World) -> None:
    arguments = command("--config", str(world.config), "run")
    first = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment())
    try:
        assert first.stderr is not None
        assert '"daemon_started"' in first.stderr.readline()
        second = world.run("sync")
        assert second.returncode == 3
        assert f"(process {first.pid} on " in second.stderr
    finally:
        first.terminate()
        first.communicate(timeout=TIMEOUT_S)
    assert first.returncode == 0
    world.good("sync")


def test_a_server_that_is_away(world: World) -> None:
    world.configure('[agent]\ndatabase = "postgresql://nobody@127.0.0.1:9/crm"\n')
    for arguments in (("sync",), ("status",), ("people", "list")):
        done = world.run(*arguments)
        assert done.returncode == 4
        assert "The database server cannot be used" in done.stderr
        assert "What to do: " in done.stderr
