"""What all tests share: databases on SQLite and PostgreSQL, the corpora, and a test run that repeats itself in CI.

A server or corpus that is missing skips the test with the reason at home and fails it where CI=true.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest

from tests.servers import PostgresServer, ServerMissing, running_postgres

# The suites that connectors inherit are no test files, but their assertions shall explain themselves too.
pytest.register_assert_rewrite("tests.contract")

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# In CI the same examples are tried in every run; at home others each time. A loaded machine is no failure.
hypothesis.settings.register_profile("home", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "home")


def missing(reason: str) -> NoReturn:
    """Ends a test whose surroundings are missing: skipped at home, failed in CI."""
    if IN_CI:
        pytest.fail(f"in CI nothing may be missing: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the settings of the person at the keyboard out of the tests: ours by name, and the server's."""
    for name in os.environ:
        if name.startswith(("PG", "SYNCAGENT_")) and name != "SYNCAGENT_CORPORA":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A private PostgreSQL, started when the first test of this worker asks for it."""
    try:
        with running_postgres() as server:
            yield server
    except ServerMissing as problem:
        missing(str(problem))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """A function whose every call gives the URL of one more empty database; the test runs on SQLite and PostgreSQL."""
    if request.param == "sqlite":
        numbers = iter(range(1_000_000))
        yield lambda: f"sqlite:///{(tmp_path / f'database-{next(numbers)}.db').as_posix()}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    made: list[str] = []

    def create() -> str:
        made.append(server.create_database())
        return server.url(made[-1])

    yield create
    for name in made:
        server.drop_database(name)


@pytest.fixture
def database_url(new_database_url: Callable[[], str]) -> str:
    """The URL of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    return new_database_url()


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of shared corpora: SYNCAGENT_CORPORA, else ``shared/corpora`` beside the checkout."""
    named = os.environ.get("SYNCAGENT_CORPORA")
    folder = Path(named) if named else ROOT.parent / "shared" / "corpora"
    if not folder.is_dir():
        missing(f"no corpora at {folder}; SYNCAGENT_CORPORA names another place")
    return folder
