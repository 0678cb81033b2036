"""docs/schema.md says what the program says, and its examples run on both databases."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from syncagent.crm import schema
from syncagent.crm.database import Database
from tests.conftest import ROOT
from tests.integration.crm_rows import MONDAY, add, add_meeting, seed_people


def make_schema() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_schema", ROOT / "docs" / "make_schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_examples_of_the_page_run(database_url: str) -> None:
    week, silent, *others = make_schema().EXAMPLES.values()
    database = Database(database_url)
    schema.ensure(database)
    with database.write() as connection:
        seed_people(connection)
        add_meeting(connection, 1, datetime(2026, 11, 17, 6, tzinfo=UTC), kind="mail_in", subject="Görüş")
        for email in ("a@neft.az", "b@neft.az"):
            add(connection, "contact", interaction_id=1, email=email, account_id=1, at=MONDAY)
        assert [tuple(row) for row in connection.exec_driver_sql(week)] == [("Azərneft ASC", "mail_in", 1)]
        assert [row.name for row in connection.exec_driver_sql(silent)] == ["Gülşən Qədirova", "Rəşad Ağayev"]
        assert [connection.exec_driver_sql(query).all() for query in others] == [[], [], []]
    database.close()


def test_the_page_is_what_the_program_says() -> None:
    command = [sys.executable, "docs/make_schema.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_page_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = make_schema()
    monkeypatch.setattr(module, "PAGE", tmp_path / "schema.md")
    assert module.main(["--check"]) == 1
    assert module.main([]) == 0
    assert module.main(["--check"]) == 0
    (tmp_path / "schema.md").write_text("old", encoding="utf-8")
    assert module.main(["--check"]) == 1
    assert "make docs" in capsys.readouterr().err
