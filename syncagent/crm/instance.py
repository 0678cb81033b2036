"""Answers for one syncagent at a time on a database: a lock that ends with its process, whatever ends that.

On SQLite it is a lock of the operating system on a file beside the database, which also holds the process's number; on
a server it is an advisory lock of a connection that is kept open. Touches no table.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import FileIO
from pathlib import Path

from sqlalchemy import text

from syncagent.clock import StopSignal
from syncagent.crm.database import Database, translated
from syncagent.errors import AlreadyRunning, StoreError

#: "syncrun1" in ASCII, as a signed 64-bit number: PostgreSQL's name for the lock, within this database.
_KEY = 0x73796E6372756E31

#: How often, and how long, the number of the holder is waited for, when it has just taken the lock.
_LOOKS, _LOOK_S = 20, 0.05

_CURE = "Wait until it is done, or stop it. A running daemon syncs by itself."

if sys.platform == "win32":
    import msvcrt

    #: Windows locks bytes against reading as well: one far behind the number that is written at the beginning.
    _FAR = 1 << 30

    def _take(file: FileIO) -> bool:
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: FileIO) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def alone(database: Database) -> AbstractContextManager[None]:
    """A block in which no other syncagent works on the database.

    Raises ``AlreadyRunning`` with the number of the process that does, ``StoreError`` when the lock cannot be made.
    """
    if database.dialect != "sqlite":
        return _advisory(database)
    file = database.file
    return nullcontext() if file is None else _beside(file.with_name(f"{file.name}.lock"))


@contextmanager
def _beside(path: Path) -> Iterator[None]:
    # The file stays when the lock ends: whoever removed it could remove the one that another process just locked.
    try:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)
    except OSError as error:
        raise StoreError(
            f"The lock file {path} cannot be written ({error.strerror or type(error).__name__}).",
            cure="Check that the folder of the database exists and may be written.",
        ) from error
    with file:
        _take_or_refuse(file)
        file.truncate(0)
        file.seek(0)
        file.write(str(os.getpid()).encode())
        try:
            yield
        finally:
            file.truncate(0)


def _take_or_refuse(file: FileIO) -> None:
    waiting = StopSignal()
    for _ in range(_LOOKS):
        if _take(file):
            return
        file.seek(0)
        holder = file.read(20).strip(b"\0 \n").decode("ascii", "replace")
        if holder:
            raise AlreadyRunning(f"Another syncagent works on this database already (process {holder}).", cure=_CURE)
        waiting.wait(_LOOK_S)
    raise AlreadyRunning("Another syncagent works on this database already.", cure=_CURE)


@contextmanager
def _advisory(database: Database) -> Iterator[None]:
    with translated():
        # Its own connection, taken out of the pool: the lock lives as long as it does.
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
    with connection:
        with translated():
            name = f"syncagent {os.getpid()} on {platform.node()}"[:63]
            connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})
            got = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY})
            holder = None if got else connection.scalar(_HOLDER, {"high": _KEY >> 32, "low": _KEY & 0xFFFFFFFF})
        if not got:
            process = str(holder or "").removeprefix("syncagent ")
            where = f" (process {process})" if process else ""
            raise AlreadyRunning(f"Another syncagent works on this database already{where}.", cure=_CURE)
        yield


_HOLDER = text(
    "SELECT a.application_name FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :high AND l.objid = :low AND l.objsubid = 1"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
