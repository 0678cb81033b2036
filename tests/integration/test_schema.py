"""What every command begins with: cheap at the newest revision, and a clear word where the database cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncagent.crm import database as database_module
from syncagent.crm import schema
from syncagent.crm.database import Database
from syncagent.errors import ExitCode, StoreError


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def refusal(database: Database) -> StoreError:
    """What ``ensure`` says, which every command begins with; it must name a cure and end in the exit code 4."""
    with pytest.raises(StoreError) as caught:
        schema.ensure(database)
    database.close()
    assert caught.value.exit_code == ExitCode.SURROUNDINGS
    assert caught.value.cure
    return caught.value


def test_a_fresh_database_can_be_used_at_once(database: Database) -> None:
    schema.ensure(database)
    with database.read() as connection:
        assert schema.revision_of(connection) == schema.HEAD


def test_nothing_is_imported_when_there_is_nothing_to_do(database: Database, database_url: str) -> None:
    schema.ensure(database)
    program = (
        "import sys\n"
        "from syncagent.crm import schema\n"
        "from syncagent.crm.database import Database\n"
        "schema.ensure(Database(sys.argv[1]))\n"
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, database_url], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_newer_database_is_refused_and_left_alone(database: Database) -> None:
    schema.ensure(database)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9001'")
    error = refusal(database)
    assert error.message == "The database was written by a newer syncagent (revision 9001)."
    assert error.cure.startswith("Update the program")
    with database.read() as connection:
        assert schema.revision_of(connection) == "9001"
    (first, *_) = schema.check(database)
    assert (first.ok, first.what, first.cure) == (False, error.message, error.cure)


def test_a_database_of_another_program_is_refused_and_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE account (name TEXT)")
        connection.exec_driver_sql("CREATE TABLE invoice (name TEXT)")
    error = refusal(database)
    assert "another program (account)" in error.message
    with database.read() as connection:
        assert schema.revision_of(connection) is None


def test_a_database_that_others_use_as_well_is_no_problem(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE invoice (name TEXT)")
    schema.ensure(database)
    assert [finding for finding in schema.check(database) if not finding.ok] == []


def test_the_check_of_a_sound_database(database: Database) -> None:
    schema.ensure(database)
    findings = schema.check(database)
    assert [finding for finding in findings if not finding.ok or finding.cure] == []
    assert findings[0].what == f"The database is at the newest revision, {schema.HEAD}."
    assert len(findings) == (5 if database.dialect == "sqlite" else 3)


def test_the_check_of_an_empty_database_changes_nothing(database: Database) -> None:
    (first, *_) = schema.check(database)
    assert (first.ok, first.cure) == (False, "Run `syncagent db upgrade`.")
    with database.read() as connection:
        assert schema.revision_of(connection) is None


def test_the_check_names_what_somebody_changed_by_hand(database: Database) -> None:
    schema.ensure(database)
    with database.write() as connection:
        connection.exec_driver_sql("DROP VIEW stream_v1")
        connection.exec_driver_sql("DROP INDEX ix_wake_up_at")
        connection.exec_driver_sql("ALTER TABLE team ADD COLUMN mood INTEGER")
    bad = [finding for finding in schema.check(database) if not finding.ok]
    assert [finding.what.partition(": ")[2] or finding.what for finding in bad] == [
        "column team.mood is one too many.",
        "index ix_wake_up_at is missing.",
        "The view stream_v1 is missing or has other columns.",
    ]
    assert all(finding.cure for finding in bad)


def test_the_check_finds_rows_that_point_nowhere(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{(tmp_path / 'syncagent.db').as_posix()}")
    schema.ensure(database)
    with sqlite3.connect(tmp_path / "syncagent.db") as connection:
        connection.execute("INSERT INTO account_domain (account_id, domain) VALUES (7, 'azneft.az')")
    connection.close()
    bad = [finding.what for finding in schema.check(database) if not finding.ok]
    database.close()
    assert bad == ["Rows point at rows that are not there, in: account_domain."]


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "syncagent.db"
    path.write_text("Hörmətli Rəşad bəy, " * 100, encoding="utf-8")
    before = path.read_bytes()
    assert "not a syncagent database" in refusal(Database(f"sqlite:///{path.as_posix()}")).message
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    error = refusal(Database(f"sqlite:///{(tmp_path / 'nowhere' / 'syncagent.db').as_posix()}"))
    assert "cannot be opened" in error.message
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_may_not_be_written(tmp_path: Path) -> None:
    path = tmp_path / "syncagent.db"
    sqlite3.connect(path).execute("CREATE TABLE invoice (name TEXT)").connection.close()
    # Not by its mode: tests may run as root, who may write everything.
    error = refusal(Database(f"sqlite:///file:{path.as_posix()}?mode=ro&uri=true"))
    assert "read-only" in error.message


def test_a_database_that_another_program_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_S", 0.1)
    monkeypatch.setattr(schema, "BUSY_TIMEOUT_S", 0.1)
    other = sqlite3.connect(tmp_path / "syncagent.db")
    other.execute("BEGIN EXCLUSIVE")
    error = refusal(Database(f"sqlite:///{(tmp_path / 'syncagent.db').as_posix()}"))
    other.close()
    assert "locked by another program" in error.message


def test_a_server_that_does_not_answer() -> None:
    assert "server" in refusal(Database("postgresql+psycopg://nobody@127.0.0.1:1/none")).message
