"""Answers for what commands look into: configuration and database; opens them and gives them back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from syncagent import config as config_file
from syncagent.cli.settings import Settings, in_zone
from syncagent.clock import FixedClock, SystemClock
from syncagent.config_keys import Config
from syncagent.crm import schema
from syncagent.crm.database import Database
from syncagent.errors import ConfigProblems, Problem


@dataclass(frozen=True, slots=True)
class Reading:
    """A database to be looked into, at the domain's ``now``."""

    config: Config
    database: Database
    now: datetime

    @property
    def zone(self) -> str:
        """The zone in which times are shown and days begin."""
        return self.config.agent.time_zone


def configuration(settings: Settings) -> Config:
    """The configuration that the options, the environment or the working folder name. Raises ``ConfigProblems``."""
    return config_file.load(config_file.find(settings.config, os.environ, Path.cwd()))


def moved_to(settings: Settings, config: Config) -> datetime | None:
    """Where ``--now`` puts the domain's clock; None when it runs."""
    return None if settings.now is None else in_zone(settings.now, config.agent.time_zone)


def database_of(config: Config) -> Database:
    """The configured database, not opened yet. Raises ``ConfigProblems`` when its driver is not installed."""
    try:
        return Database(config.agent.database)
    except ModuleNotFoundError as error:
        raise ConfigProblems(
            str(config.file),
            [Problem("agent.database", f"needs {error.name}, which is not installed")],
            cure="Install syncagent with the extra for it: pip install 'syncagent[postgres]'.",
        ) from error


@contextmanager
def reading(settings: Settings) -> Iterator[Reading]:
    """The database for commands that only look; made or upgraded where it is not yet."""
    config = configuration(settings)
    database = database_of(config)
    clock = FixedClock(now) if (now := moved_to(settings, config)) else SystemClock()
    try:
        schema.ensure(database)
        yield Reading(config, database, clock.now())
    finally:
        database.close()
