"""Every step goes up and down with rows, all or nothing, once, and for one program at a time."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from syncagent.crm import schema
from syncagent.crm.database import Database
from syncagent.errors import StoreError
from tests.migration.rows import NUMBER_OF_ROWS, counts, fill, tables_of

LAST = schema.HEAD
NEXT = f"{int(LAST) + 1:04}"

#: A later revision as CONTRIBUTING.md describes it: under the views, in batch mode, on a table that others point at.
SCRIPT = """
from alembic import op
import sqlalchemy as sa
from syncagent.crm.views.definition import create, drop
from syncagent.crm.schema import VIEWS

revision = "REVISION"
down_revision = "BEFORE"

def upgrade():
    drop(op.get_bind(), VIEWS)
    with op.batch_alter_table("interaction", recreate=RECREATE) as batch:
        batch.add_column(sa.Column("mood", sa.String))
    with op.batch_alter_table("contact", recreate=RECREATE, table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(sa.Column("mood", sa.String))
    create(op.get_bind(), VIEWS)
    AT_THE_END

def downgrade():
    drop(op.get_bind(), VIEWS)
    with op.batch_alter_table("interaction", recreate=RECREATE) as batch:
        batch.drop_column("mood")
    with op.batch_alter_table("contact", recreate=RECREATE, table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.drop_column("mood")
    create(op.get_bind(), VIEWS)
"""


def add_revision(monkeypatch: pytest.MonkeyPatch, folder: Path, dialect: str, at_the_end: str = "pass") -> None:
    """Lets the program have one more revision than it has."""
    shutil.copytree(schema._MIGRATIONS, folder)
    recreate = repr("always" if dialect == "sqlite" else "never")
    text = SCRIPT
    for word, value in {"REVISION": NEXT, "BEFORE": LAST, "RECREATE": recreate, "AT_THE_END": at_the_end}.items():
        text = text.replace(word, value)
    (folder / "versions" / f"{NEXT}_next.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(schema, "_MIGRATIONS", folder)
    monkeypatch.setattr(schema, "HEAD", NEXT)


def test_a_fresh_database_is_made_and_then_left_alone(database: Database) -> None:
    assert schema.upgrade(database) == (None, schema.HEAD)
    with database.write() as connection:
        fill(connection)
        before = counts(connection)
    assert schema.upgrade(database) == (schema.HEAD, schema.HEAD)
    schema.ensure(database)
    with database.read() as connection:
        assert counts(connection) == before
        assert set(before.values()) == {NUMBER_OF_ROWS}


def test_every_revision_goes_down_and_up_again_with_rows(database: Database) -> None:
    with database.read() as connection:
        revisions = schema.known_revisions(connection)
    before = "base"
    for revision in revisions:
        schema.move(database, revision)
        with database.write() as connection:
            fill(connection)
            full = counts(connection)
            assert min(full.values()) > 0
        schema.move(database, before)
        with database.read() as connection:
            left = counts(connection)
            assert left == {name: full[name] for name in left}
        schema.move(database, revision)
        with database.write() as connection:
            fill(connection)
            assert counts(connection) == full
        before = revision
    with database.read() as connection:
        assert [finding for finding in schema.check(database) if not finding.ok] == []
        for view in schema.VIEWS:
            connection.exec_driver_sql(f"SELECT * FROM {view.name}").all()


def test_down_to_the_base_leaves_nothing(database: Database) -> None:
    schema.upgrade(database)
    with database.write() as connection:
        fill(connection)
    assert schema.move(database, "base") == (schema.HEAD, "base")
    with database.read() as connection:
        assert tables_of(connection) == []
        assert sa.inspect(connection).get_view_names() == []
        assert schema.revision_of(connection) is None
    assert schema.upgrade(database) == (None, schema.HEAD)


def test_a_table_is_rebuilt_without_losing_the_rows_that_point_at_it(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    schema.upgrade(database)
    with database.write() as connection:
        fill(connection)
        full = counts(connection)
        contacts = contents(connection, "contact_v1")
    add_revision(monkeypatch, tmp_path / "migrations", database.dialect)
    schema.ensure(database)
    with database.read() as connection:
        assert schema.revision_of(connection) == NEXT
        assert counts(connection) == full
        assert contents(connection, "contact_v1") == contacts
        assert "mood" in {column["name"] for column in sa.inspect(connection).get_columns("interaction")}
    assert schema.move(database, LAST) == (NEXT, LAST)
    with database.read() as connection:
        assert counts(connection) == full
        assert schema.differences(connection) == []
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        connection.exec_driver_sql("UPDATE contact SET account_id = 99")  # foreign keys are on again


def contents(connection: sa.Connection, view: str) -> list[sa.Row[tuple[object, ...]]]:
    return sorted(connection.exec_driver_sql(f"SELECT * FROM {view}").all(), key=repr)


def test_a_step_that_fails_has_done_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    schema.upgrade(database)
    with database.write() as connection:
        fill(connection)
        full = counts(connection)
    add_revision(monkeypatch, tmp_path / "migrations", database.dialect, "raise RuntimeError('half-way')")
    with pytest.raises(RuntimeError, match="half-way"):
        schema.upgrade(database)
    with database.read() as connection:
        assert schema.revision_of(connection) == LAST
        assert counts(connection) == full
        assert schema.differences(connection) == []
    monkeypatch.undo()
    assert [finding for finding in schema.check(database) if not finding.ok] == []


@pytest.mark.parametrize("new_database_url", ["sqlite"], indirect=True)
def test_a_step_that_would_leave_rows_without_what_they_point_at_is_undone(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    schema.upgrade(database)
    with database.write() as connection:
        fill(connection)
    add_revision(monkeypatch, tmp_path / "migrations", "sqlite", "op.execute('DELETE FROM account')")
    with pytest.raises(StoreError, match="undone"):
        schema.upgrade(database)
    with database.read() as connection:
        assert schema.revision_of(connection) == LAST
        assert counts(connection)["account"] == NUMBER_OF_ROWS


CHILD = """
import sys
import alembic.command
from syncagent.crm import schema
from syncagent.crm.database import Database
print("ready", flush=True)
sys.stdin.readline()
database = Database(sys.argv[1])
print(*schema.upgrade(database))
schema.ensure(database)
"""


def test_programs_that_start_together_upgrade_once(database: Database, database_url: str) -> None:
    """Each is ready, with everything imported, before the first may go."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    said = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0] * 4, said
    made, *found = sorted((answer.strip() for answer, _ in said), reverse=True)
    assert made == f"None {schema.HEAD}"
    assert found == [f"{schema.HEAD} {schema.HEAD}"] * 3
    assert [finding for finding in schema.check(database) if not finding.ok] == []
