"""Answers for the whole house at the command line: opened alone, or beside others, and given back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from syncagent.cli.session import configuration, database_of, moved_to
from syncagent.cli.settings import Settings
from syncagent.crm.instance import alone
from syncagent.wiring import House, open_house


@contextmanager
def working(settings: Settings) -> Iterator[House]:
    """The whole house, for this process alone. Raises ``AlreadyRunning``, ``ConfigProblems`` and ``StoreError``."""
    config = configuration(settings)
    database = database_of(config)
    try:
        with alone(database):
            yield open_house(config, now=moved_to(settings, config), database=database)
    finally:
        database.close()


@contextmanager
def house(settings: Settings) -> Iterator[House]:
    """The whole house, beside others that work in it: for what is short, or reads only."""
    config = configuration(settings)
    database = database_of(config)
    try:
        yield open_house(config, now=moved_to(settings, config), database=database)
    finally:
        database.close()
