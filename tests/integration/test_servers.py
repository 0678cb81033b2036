"""The databases that the fixtures hand out are empty, private to a test, and speak Unicode."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import servers
from tests.servers import PostgresServer, ServerMissing


def rows(url: str, *statements: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            *before, last = statements
            for statement in before:
                connection.execute(sa.text(statement))
            return [tuple(row) for row in connection.execute(sa.text(last))]
    finally:
        engine.dispose()


def test_a_database_is_empty_and_keeps_what_is_written(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
    rows(database_url, "CREATE TABLE t (name TEXT)", "SELECT name FROM t")
    rows(database_url, "INSERT INTO t VALUES ('Əliyev')", "SELECT name FROM t")
    assert rows(database_url, "SELECT name FROM t") == [("Əliyev",)]


def test_each_call_gives_another_database(new_database_url: Callable[[], str]) -> None:
    first, second = new_database_url(), new_database_url()
    rows(first, "CREATE TABLE t (name TEXT)", "SELECT name FROM t")
    assert rows(second, "CREATE TABLE t (name TEXT)", "SELECT name FROM t") == []


@pytest.mark.postgres
def test_a_database_can_be_a_copy_and_goes_away_under_an_open_connection(postgres: PostgresServer) -> None:
    template = postgres.create_database()
    rows(postgres.url(template), "CREATE TABLE t (name TEXT)", "INSERT INTO t VALUES ('a')", "SELECT name FROM t")
    copy = postgres.create_database(template=template)
    engine = sa.create_engine(postgres.url(copy))
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT lower('Ə'), name FROM t")).one() == ("ə", "a")
        postgres.drop_database(copy)
        with pytest.raises(sa.exc.OperationalError):
            connection.execute(sa.text("SELECT 1"))
    engine.dispose()
    postgres.drop_database(template)


def test_a_machine_without_a_server_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(servers, "PACKAGED", tmp_path)
    monkeypatch.setattr("os.get_exec_path", list)
    with pytest.raises(ServerMissing, match="apt-get install postgresql"), servers.running_postgres():
        pass
