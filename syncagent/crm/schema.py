"""Answers for the shape of the database: makes, upgrades and checks it, refuses one that is newer; touches no row.

Alembic takes most of a second to import, so that is done only when there is something to migrate or to compare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import stamina
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import OperationalError

from syncagent.crm.database import BUSY_TIMEOUT_S, Database, translated
from syncagent.crm.tables.all import metadata
from syncagent.crm.views.v1 import V1
from syncagent.errors import StoreError
from syncagent.model import Finding

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.schema import SchemaItem

T = TypeVar("T")

#: The newest revision of ``migrations/versions``; a test compares them.
HEAD = "0001"

#: The views that a database at ``HEAD`` has.
VIEWS = V1

_UPDATE = "Update the program, or name another database in config.toml (agent.database)."
_RESTORE = "Restore the last backup; mail is read again from there."
_BY_HAND = "Somebody changed the database by hand: restore the last backup, or undo that change."

_BASE = "base"
_MIGRATIONS = Path(__file__).resolve().parent / "migrations"

#: PostgreSQL: "sync" and "schm" in ASCII; whoever holds this lock changes the shape of the database.
_LOCK = 0x73796E637363686D


def ensure(database: Database) -> None:
    """What every command begins with: a database at the newest revision, made or upgraded where it is not yet.

    Costs one row when there is nothing to do. Raises ``StoreError`` when the database is newer than the program, is not
    ours, or cannot be used.
    """
    if _patiently(lambda: _read_revision(database)) != HEAD:
        upgrade(database)


def upgrade(database: Database) -> tuple[str | None, str]:
    """Makes the tables and views of a fresh database, or upgrades an older one; returns the old and the new revision.

    All of it happens in one transaction, together with the row that says so: whatever goes wrong, nothing was done.
    A second program that comes at the same time waits, and then finds nothing to do. Raises as ``ensure`` does.
    """
    return move(database, HEAD)


def move(database: Database, revision: str) -> tuple[str | None, str]:
    """Steps up or down to a revision, or down to no tables at all with "base"; otherwise like ``upgrade``.

    What only the newer shape can hold is lost on the way down. For tests and repairs: no command offers it.
    """
    return _patiently(lambda: _move(database, revision))


def revision_of(connection: Connection) -> str | None:
    """The revision that a database says it has; None for one that no migration has touched."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def check(database: Database) -> list[Finding]:
    """What ``syncagent db check`` shows: revision, soundness of an SQLite file, tables and views; changes nothing."""
    with database.read() as connection:
        revision = _revision_finding(connection)
        findings = [revision, *(_sound(connection) if database.dialect == "sqlite" else ())]
        if revision.ok:
            findings += [*_tables_as_expected(connection), *_views_as_expected(connection)]
    return findings


def config(connection: Connection) -> Config:
    """Alembic's configuration; it works on ``connection`` and inside the transaction that is open there."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def known_revisions(connection: Connection) -> list[str]:
    """Every revision that this program has a migration for, the oldest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(config(connection))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def _read_revision(database: Database) -> str | None:
    with database.read() as connection:
        return revision_of(connection)


def _move(database: Database, target: str) -> tuple[str | None, str]:
    from alembic import command

    with _rebuilding(database) as connection:
        old = revision_of(connection)
        if old == target:
            return old, target
        known = known_revisions(connection)
        if old is not None and old not in known:
            raise StoreError(_newer(old), cure=_UPDATE)
        if old is None:
            _refuse_strangers(connection)
        back = target == _BASE or (old is not None and known.index(target) < known.index(old))
        (command.downgrade if back else command.upgrade)(config(connection), target)
    return old, target


@contextmanager
def _rebuilding(database: Database) -> Iterator[Connection]:
    """A write transaction in which tables may be dropped and made anew, as one program at a time.

    SQLite empties the tables that point at a table that is dropped (ON DELETE CASCADE), and a migration in batch mode
    drops each table that it changes. So foreign keys are switched off, which is possible only before the transaction
    begins, and are looked through before it ends: https://www.sqlite.org/lang_altertable.html#otheralter
    """
    if database.dialect != "sqlite":
        with database.write() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection
        return
    with translated(), database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise StoreError(
                    "The upgrade was undone: some rows of the database point at rows that are not there.",
                    cure=_RESTORE,
                )
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def _refuse_strangers(connection: Connection) -> None:
    """A database without a revision must hold nothing that ours would collide with."""
    looked_at = inspect(connection)
    ours = {*metadata.tables, *(view.name for view in VIEWS)}
    taken = sorted(ours.intersection([*looked_at.get_table_names(), *looked_at.get_view_names()]))
    if taken:
        raise StoreError(
            f"The database already holds tables of another program ({', '.join(taken)}).",
            cure="Name an empty database in config.toml (agent.database).",
        )


def _patiently(work: Callable[[], T]) -> T:
    """Runs ``work``; on a new SQLite file again, when another program was making it at that moment.

    SQLite does not wait for its turn while a file is turned into one with a write-ahead log: it says "locked" at once.
    """
    for attempt in stamina.retry_context(on=_is_locked, attempts=50, timeout=BUSY_TIMEOUT_S, wait_max=0.2):
        with attempt:
            return work()
    raise AssertionError("the retry loop ends by returning or raising")


def _is_locked(error: Exception) -> bool:
    cause = error.__cause__
    return isinstance(cause, OperationalError) and "database is locked" in str(cause.orig)


def _newer(revision: str) -> str:
    return f"The database was written by a newer syncagent (revision {revision})."


def _revision_finding(connection: Connection) -> Finding:
    found = revision_of(connection)
    if found == HEAD:
        return Finding(True, f"The database is at the newest revision, {HEAD}.")
    if found is None:
        return Finding(False, "The database has no tables yet.", "Run `syncagent db upgrade`.")
    if found not in known_revisions(connection):
        return Finding(False, _newer(found), _UPDATE)
    return Finding(False, f"The database is at revision {found}; the newest is {HEAD}.", "Run `syncagent db upgrade`.")


def _sound(connection: Connection) -> Iterator[Finding]:
    """What SQLite itself finds in its file."""
    said = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars().all()
    if said == ["ok"]:
        yield Finding(True, "The database file is sound.")
    else:
        yield Finding(False, f"The database file is damaged: {'; '.join(map(str, said))}", _RESTORE)
    broken = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    if broken:
        yield Finding(False, f"Rows point at rows that are not there, in: {', '.join(sorted(broken))}.", _RESTORE)
    else:
        yield Finding(True, "Every row that is pointed at is there.")


def _tables_as_expected(connection: Connection) -> Iterator[Finding]:
    found = differences(connection)
    if not found:
        yield Finding(True, f"The {len(metadata.tables)} tables are as the program expects them.")
    for difference in found:
        yield Finding(False, f"The tables are not as the program expects them: {difference}.", _BY_HAND)


def _views_as_expected(connection: Connection) -> Iterator[Finding]:
    looked_at = inspect(connection)
    there = set(looked_at.get_view_names())
    wrong = False
    for view in VIEWS:
        expected = [column.name for column in view.columns]
        if view.name not in there or [column["name"] for column in looked_at.get_columns(view.name)] != expected:
            wrong = True
            yield Finding(False, f"The view {view.name} is missing or has other columns.", _BY_HAND)
    if not wrong:
        yield Finding(True, f"The {len(VIEWS)} views of the open interface are there.")


def differences(connection: Connection) -> list[str]:
    """Where the tables in the database are not those of the models, in words; tables of others are left alone."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(item: SchemaItem, name: str | None, kind: str, reflected: bool, _model: SchemaItem | None) -> bool:
        return not (kind == "table" and reflected and name not in metadata.tables)

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
    found: list[str] = []
    for entry in compare_metadata(context, metadata):
        # A change of a table comes alone, changes of one column come in a list.
        found += [_in_words(*difference) for difference in (entry if isinstance(entry, list) else [entry])]
    return found


def _in_words(kind: str, *what: Any) -> str:
    """A difference of Alembic's: ``add_column``, schema, table, column and the like."""
    action, _, thing = kind.partition("_")
    names = [part if isinstance(part, str) else getattr(part, "name", None) for part in what[:4]]
    place = ".".join(name for name in names if isinstance(name, str))
    said = {"add": "is missing", "remove": "is one too many"}.get(action, "differs")
    return f"{thing.replace('_', ' ')} {place} {said}"
