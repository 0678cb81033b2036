"""What the tests of migrations share: a database of either kind, closed afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from syncagent.crm.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database; the test runs on SQLite and PostgreSQL."""
    opened = Database(database_url)
    yield opened
    opened.close()
