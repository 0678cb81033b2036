"""The newest revision is what the models say, on both databases, and everything in it is explained."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from syncagent.crm import migrations, schema
from syncagent.crm.database import Database
from syncagent.crm.tables.all import metadata
from syncagent.crm.views.v1 import V1

#: Table or view, and column (None: itself), to its comment.
Comments = dict[tuple[str, str | None], str | None]

MIGRATIONS = Path(migrations.__file__).parent
VERSIONS = sorted((MIGRATIONS / "versions").glob("*.py"))

#: What others have built on. It changes only until the first release; after that a change means a new version.
HASH_OF_V1 = "24636cfc2db05111"


def scripts() -> ScriptDirectory:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        found = ScriptDirectory.from_config(schema.config(connection))
    engine.dispose()
    return found


def anatomy(connection: sa.Connection) -> dict[str, Any]:
    """Everything that can be known of the tables, by name, whatever the order in which it was made."""
    looked_at = sa.inspect(connection)
    found: dict[str, Any] = {}
    for table in looked_at.get_table_names():
        if table == "alembic_version":
            continue
        found[table] = {
            "columns": by_name(looked_at.get_columns(table)),
            "key": looked_at.get_pk_constraint(table),
            "points at": by_name(looked_at.get_foreign_keys(table)),
            "indexes": by_name(looked_at.get_indexes(table)),
            "uniques": by_name(looked_at.get_unique_constraints(table)),
            "checks": by_name(looked_at.get_check_constraints(table)),
        }
        if connection.dialect.name == "postgresql":
            found[table]["comment"] = looked_at.get_table_comment(table)
        else:
            rows = connection.exec_driver_sql(f"PRAGMA table_list({table})").mappings()
            found[table]["without rowid"] = [row["wr"] for row in rows]
    return found


def by_name(things: list[Any]) -> dict[str, str]:
    return {thing["name"]: repr({**thing, "type": repr(thing.get("type"))}) for thing in things}


def test_head_equals_the_models(database: Database) -> None:
    schema.upgrade(database)
    with database.read() as connection:
        assert schema.differences(connection) == []
        assert [finding for finding in schema.check(database) if not finding.ok] == []


def test_head_is_built_exactly_as_the_models(database: Database, new_database_url: Callable[[], str]) -> None:
    schema.upgrade(database)
    from_models = Database(new_database_url())
    with from_models.write() as connection:
        metadata.create_all(connection)
        expected = anatomy(connection)
    from_models.close()
    with database.read() as connection:
        assert anatomy(connection) == expected


def test_the_head_that_every_command_compares_with_is_the_last_script() -> None:
    assert scripts().get_heads() == [schema.HEAD]


def test_the_files_are_numbered_in_their_order() -> None:
    revisions = [script.revision for script in reversed(list(scripts().walk_revisions()))]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert [path.name.split("_")[0] for path in VERSIONS] == revisions
    for before, after in pairwise(revisions):
        assert scripts().get_revision(after).down_revision == before


@pytest.mark.parametrize("path", [*VERSIONS, *MIGRATIONS.glob("revision_*/*.py")], ids=lambda path: path.stem)
def test_a_revision_does_not_follow_the_living_tables(path: Path) -> None:
    def imported() -> Iterator[str]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)

    ours = [name for name in imported() if name.startswith("syncagent.")]
    assert [name for name in ours if not name.startswith(("syncagent.crm.migrations.", "syncagent.crm.views."))] == []


def test_version_1_of_the_views_has_not_changed() -> None:
    said = [[view.sql("postgresql"), view.sql("sqlite"), *(column.kind for column in view.columns)] for view in V1]
    text = json.dumps([*said, *comments_of_views().values()])
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == HASH_OF_V1, (
        "Others have built on version 1 of the views: a change means a new version (syncagent/crm/views/v1.py)."
    )


def test_every_view_is_named_with_its_version_and_explained() -> None:
    assert [view.name for view in V1 if not view.name.endswith("_v1")] == []
    assert [place for place, text in comments_of_views().items() if not is_sentence(text)] == []


def test_every_table_and_column_is_explained() -> None:
    assert [place for place, text in comments_of_tables().items() if not is_sentence(text)] == []


def is_sentence(text: str | None) -> bool:
    return text is not None and len(text) > 3 and text.endswith(".")


def comments_of_tables() -> Comments:
    found: Comments = {}
    for table in metadata.sorted_tables:
        found[table.name, None] = table.comment
        found.update(((table.name, column.name), column.comment) for column in table.columns)
    return found


def comments_of_views() -> Comments:
    found: Comments = {}
    for view in V1:
        found[view.name, None] = view.comment
        found.update(((view.name, column.name), column.comment) for column in view.columns)
    return found


@pytest.mark.postgres
@pytest.mark.parametrize("new_database_url", ["postgres"], indirect=True)
def test_the_comments_are_in_the_database(database: Database) -> None:
    schema.upgrade(database)
    with database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT c.relname, a.attname, d.description FROM pg_description AS d"
            " JOIN pg_class AS c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'"
            " LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0"
        )
        assert {(row[0], row[1]): row[2] for row in found} == comments_of_tables() | comments_of_views()
