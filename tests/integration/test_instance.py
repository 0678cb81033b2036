"""One syncagent at a time works on a database, and the lock ends with its process; on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from syncagent.crm.database import Database
from syncagent.crm.instance import alone
from syncagent.errors import AlreadyRunning, StoreError

HOLDER = """
import sys
from syncagent.crm.database import Database
from syncagent.crm.instance import alone
with alone(Database(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(url: str) -> subprocess.Popen[str]:
    """Another process that holds the lock, until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_one_is_told_who_is_first(database_url: str) -> None:
    first = holder(database_url)
    database = Database(database_url)
    with pytest.raises(AlreadyRunning, match=rf"process {first.pid}\b") as refused, alone(database):
        pytest.fail("two held the lock")
    assert refused.value.exit_code == 3
    first.communicate()
    with alone(database):
        pass
    database.close()


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_the_lock_ends_with_a_killed_process(database_url: str) -> None:
    first = holder(database_url)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    database = Database(database_url)
    with alone(database):
        pass
    database.close()


def test_it_can_be_taken_again_and_also_refuses_within_the_process(database_url: str) -> None:
    database = Database(database_url)
    for _ in range(2):
        with alone(database), pytest.raises(AlreadyRunning), alone(Database(database_url)):
            pytest.fail("two held the lock")
    database.close()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'crm.db'}")
    with pytest.raises(StoreError, match="cannot be written") as refused, alone(database):
        pytest.fail("a lock without a folder")
    assert refused.value.exit_code == 4
    database.close()


def test_a_database_in_memory_needs_no_lock() -> None:
    database = Database("sqlite:///:memory:")
    with alone(database):
        pass
    database.close()
