"""Answers for the way into the database: engine, transactions, retries and clear errors; touches no table.

A transaction is short and never open while a provider or a file is being read. Writers begin as writers: on SQLite with
BEGIN IMMEDIATE behind one lock of the process, so that none of them finds out at commit time that it came second.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import stamina
from sqlalchemy import Connection as Connection  # the one name of SQLAlchemy that use cases hand through
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from syncagent.errors import Retry, StoreError

T = TypeVar("T")

#: How long a writer waits for another program that holds the SQLite file, in seconds.
BUSY_TIMEOUT_S = 10.0

#: How often a whole transaction is tried again when another writer came first.
ATTEMPTS = 5

#: PostgreSQL: serialization failure, deadlock, and a unique key that another writer took first.
_CONFLICTS = frozenset({"40001", "40P01", "23505"})


class Conflict(StoreError):
    """Another writer came first; the transaction may be tried again from its beginning."""

    retry = Retry.NOW


class Database:
    """One database, shared by all threads of the process."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self._write_lock = threading.Lock()
        self.engine = self._engine()

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    @property
    def file(self) -> Path | None:
        """The database file; None for a server or a database in memory."""
        if self.dialect != "sqlite" or not self.url.database or self.url.database == ":memory:":
            return None
        return Path(self.url.database)

    def _engine(self) -> Engine:
        if self.url.get_backend_name() == "sqlite":
            engine = create_engine(self.url, connect_args={"timeout": BUSY_TIMEOUT_S})
            event.listen(engine, "connect", _prepare_sqlite)
            return engine
        return create_engine(self.url, pool_pre_ping=True, pool_size=16, max_overflow=16)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading; sees one state of the database throughout."""
        with translated(), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block and undone when the block raises."""
        with translated():
            if self.dialect == "sqlite":
                with self._write_lock, self.engine.connect() as connection:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    yield connection
                    connection.commit()
            else:
                with self.engine.begin() as connection:
                    yield connection

    def retrying(self, work: Callable[[Connection], T]) -> T:
        """Runs ``work`` in a write transaction; again from its beginning when another writer came first."""
        for attempt in stamina.retry_context(on=Conflict, attempts=ATTEMPTS, wait_initial=0.02, wait_max=0.5):
            with attempt, self.write() as connection:
                return work(connection)
        raise AssertionError("the retry loop ends by returning or raising")

    def close(self) -> None:
        self.engine.dispose()


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    # The driver's own transaction control begins too late for BEGIN IMMEDIATE: it is switched off, and we begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # a committed page survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


@contextmanager
def translated() -> Iterator[None]:
    """Turns the driver's errors into ours; what it cannot name stays what it is: a bug."""
    try:
        yield
    except IntegrityError as error:
        if _sqlstate(error) in _CONFLICTS or "UNIQUE constraint failed" in str(error.orig):
            raise Conflict("Another writer stored the same thing first.", detail=type(error.orig).__name__) from error
        raise
    except OperationalError as error:
        _raise_operational(error)
        raise
    except DBAPIError as error:
        if _sqlstate(error) in _CONFLICTS:
            raise Conflict("Another writer came first.", detail=str(_sqlstate(error))) from error
        if type(error.orig) is sqlite3.DatabaseError:  # a damaged file, or one that is no database
            _raise_operational(error)
        raise


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


#: What SQLite says, what it means, and what to do about it.
_SQLITE_TROUBLE = (
    ("database is locked", "The database is locked by another program.", "Close the other program and try again."),
    ("disk is full", "The disk is full; nothing was half written.", "Free some space and try again."),
    ("disk i/o error", "The disk could not be written or read.", "Check the disk and its free space, then try again."),
    ("readonly database", "The database is read-only.", "Give the account of syncagent the right to write it."),
    ("unable to open", "The database file cannot be opened.", "Check that its folder exists and may be written."),
    ("not a database", "The file is not a syncagent database.", "Check agent.database in config.toml."),
    ("malformed", "The database file is damaged.", "Restore the last backup; mail is read again from there."),
)


def _raise_operational(error: DBAPIError) -> None:
    """Raises what the error means; returns when it can mean nothing but a bug, such as a table that is not there."""
    if _sqlstate(error) in _CONFLICTS:
        raise Conflict("Another writer came first.", detail=str(_sqlstate(error))) from error
    said = str(error.orig).lower()
    kind = type(error.orig).__name__
    for words, message, cure in _SQLITE_TROUBLE:
        if words in said:
            raise StoreError(message, cure=cure, detail=kind) from error
    if not isinstance(error.orig, sqlite3.Error):
        cure = "Check that it runs and that agent.database in config.toml is right."
        raise StoreError("The database server cannot be used.", cure=cure, detail=kind) from error
