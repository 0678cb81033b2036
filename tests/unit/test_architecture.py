"""The house of docs/architecture.md holds, and the checker that says so can tell when it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests import architecture
from tests.architecture import CHECKS, Module, read_tree
from tests.conftest import ROOT

Check = Callable[[Iterable[Module]], Iterator[str]]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_is_in_order(check: Check) -> None:
    modules = read_tree(ROOT)
    assert modules, "no source was read"
    assert list(check(modules)) == []


def test_rules_are_data() -> None:
    assert not list((ROOT / "rules").rglob("*.py"))


def test_the_imported_connectors_are_ours() -> None:
    ours, theirs = find_spec("syncagent"), find_spec("connectors")
    assert ours is not None and ours.origin is not None
    assert theirs is not None and theirs.origin is not None, "connectors is not installed"
    assert Path(theirs.origin).parent.parent == Path(ours.origin).parent.parent


# What the checker must find: a file, its source, and a piece of the message.
VIOLATIONS = [
    ("syncagent/model.py", "from syncagent.ports import Source", "model (layer 0) must not know ports"),
    ("syncagent/errors.py", "import pydantic", "standard library alone, not on pydantic"),
    ("syncagent/ports.py", "def f():\n    import requests", "standard library alone, not on requests"),
    ("syncagent/config.py", "from syncagent import secrets", "config (layer 2) must not know secrets"),
    ("syncagent/crm/page.py", "from syncagent.matching.verdict import Verdict", "crm (layer 3) must not know matching"),
    ("syncagent/crm/page.py", "from ..matching.verdict import Verdict", "crm (layer 3) must not know matching"),
    ("syncagent/crm/page.py", "def f():\n    from syncagent.sync import pull", "crm (layer 3) must not know sync"),
    ("syncagent/matching/a.py", "import connectors.files", "matching (layer 3) must not know connectors"),
    ("syncagent/reports/a.py", "from syncagent.sync.pull import pull", "reports (layer 4) must not know sync"),
    ("syncagent/sync/a.py", "from connectors.files import Files", "sync (layer 4) must not know connectors"),
    ("syncagent/sync/a.py", "from syncagent import wiring", "sync (layer 4) must not know wiring"),
    ("syncagent/daemon/a.py", "from syncagent.cli.main import main", "daemon (layer 6) must not know cli"),
    ("connectors/files.py", "from syncagent.crm.engine import Engine", "connectors (layer 3) must not know crm"),
    ("connectors/files.py", "from syncagent.config import Config", "connectors (layer 3) must not know config"),
    (
        "connectors/files.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from syncagent.config import Config",
        "connectors (layer 3) must not know config",
    ),
    ("syncagent/attic/a.py", "", "attic has no layer"),
    ("syncagent/__init__.py", "from syncagent import model", "__init__ holds a docstring or nothing"),
    ("syncagent/sync/a.py", "import sqlalchemy as sa", "sqlalchemy may be imported only in syncagent.crm"),
    ("syncagent/sync/a.py", "from alembic.config import Config", "alembic may be imported only in syncagent.crm"),
    ("syncagent/wiring.py", "def f():\n    import msal", "msal may be imported only in connectors"),
    (
        "syncagent/wiring.py",
        "from importlib import import_module\nimport_module('exchangelib')",
        "exchangelib may be imported only in connectors",
    ),
    ("syncagent/drafting/a.py", "from jinja2 import Template", "jinja2 may be imported only in syncagent.rulebook"),
    ("syncagent/reports/a.py", "import css_inline", "css_inline may be imported only in syncagent.rulebook"),
    ("connectors/files.py", "import icalendar", "icalendar may be imported only in syncagent.formats"),
    ("syncagent/config.py", "import keyring", "keyring may be imported only in syncagent.secrets"),
    ("syncagent/rulebook/a.py", "import vl_convert", "vl_convert may be imported only in syncagent.reports"),
    ("syncagent/daemon/a.py", "from rich.console import Console", "rich may be imported only in syncagent.cli"),
    ("syncagent/sync/a.py", "from datetime import UTC, datetime\nx = datetime.now(UTC)", "datetime.datetime.now"),
    ("syncagent/sync/a.py", "import datetime as dt\nx = dt.datetime.utcnow", "datetime.datetime.utcnow"),
    ("syncagent/sync/a.py", "from datetime import date as day\nx = day.today()", "datetime.date.today"),
    ("connectors/files.py", "import time\ntime.sleep(1)", "time.sleep belongs in clock.py"),
    ("connectors/files.py", "from time import time as now\nx = now()", "time.time belongs in clock.py"),
    ("syncagent/sync/a.py", "from functools import partial\nshow = partial(print)", "print belongs in cli/"),
    ("syncagent/sync/utils.py", "", "not utils"),
    ("syncagent/crm/__init__.py", "from syncagent.crm.page import Page", "__init__ holds a docstring or nothing"),
    ("syncagent/sync/a.py", "x = 1\n" * 401, "split it by noun"),
    ("syncagent/sync/a.py", "def long():\n" + "    x = 1\n" * 80, "long has 81 lines"),
    ("syncagent/sync/a.py", "try:\n    x = 1\nexcept:\n    raise", "a bare except"),
    ("syncagent/sync/a.py", "try:\n    x = 1\nexcept Exception:\n    pass", "swallowed in silence"),
    ("syncagent/sync/a.py", "try:\n    x = 1\nexcept (KeyError, BaseException):\n    ...", "swallowed in silence"),
    ("syncagent/sync/a.py", "import contextlib\nwith contextlib.suppress(Exception):\n    x = 1", "swallowed"),
]


def tree_of(root: Path, files: dict[str, str]) -> list[Module]:
    for name, source in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        docstring = "" if path.name == "__init__.py" else '"""A sentence."""\n'
        path.write_text(f"{docstring}{source}\n", encoding="utf-8")
    return read_tree(root)


def findings(modules: list[Module]) -> list[str]:
    return [finding for check in CHECKS for finding in check(modules)]


@pytest.mark.parametrize(("name", "source", "expected"), VIOLATIONS)
def test_a_violation_is_found(tmp_path: Path, name: str, source: str, expected: str) -> None:
    found = findings(tree_of(tmp_path, {name: source}))
    assert len(found) == 1
    assert expected in found[0]
    assert name in found[0].replace("\\", "/")


def test_a_module_without_a_sentence_is_found(tmp_path: Path) -> None:
    (tmp_path / "syncagent").mkdir()
    (tmp_path / "syncagent" / "logs.py").write_text("x = 1\n", encoding="utf-8")
    assert "begins without a sentence" in findings(read_tree(tmp_path))[0]


def test_a_cycle_is_shown_whole(tmp_path: Path) -> None:
    modules = tree_of(
        tmp_path,
        {
            "syncagent/crm/a.py": "from syncagent.crm.b import x",
            "syncagent/crm/b.py": "from syncagent.crm import c",
            "syncagent/crm/c.py": "import syncagent.crm.a",
        },
    )
    assert findings(modules) == [
        "import cycle: syncagent.crm.a -> syncagent.crm.b -> syncagent.crm.c -> syncagent.crm.a"
    ]


def test_an_import_inside_a_function_or_for_types_makes_no_cycle(tmp_path: Path) -> None:
    modules = tree_of(
        tmp_path,
        {
            "syncagent/crm/a.py": "from syncagent.crm.b import x",
            "syncagent/crm/b.py": "def f():\n    from syncagent.crm.a import y",
            "syncagent/crm/c.py": "from syncagent.crm.d import x",
            "syncagent/crm/d.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import syncagent.crm.c",
        },
    )
    assert findings(modules) == []


def test_what_is_allowed_is_not_reported(tmp_path: Path) -> None:
    modules = tree_of(
        tmp_path,
        {
            "connectors/__init__.py": '"""Connectors."""',
            "connectors/files.py": "import msal\nfrom connectors.maildir import x\nfrom syncagent.formats import mime",
            "connectors/maildir.py": "from syncagent import clock, errors, model, ports",
            "syncagent/clock.py": "import time\nfrom datetime import UTC, datetime\nx = datetime.now(UTC), time.time()",
            "syncagent/cli/main.py": "import click\nfrom syncagent.daemon.loop import run\nprint('hello')",
            "syncagent/crm/engine.py": "import sqlalchemy\nfrom syncagent.config import Config",
            "syncagent/daemon/loop.py": "import syncagent.wiring\nfrom time import strftime\nx = strftime",
            "syncagent/sync/pull.py": "from syncagent.crm.engine import x\ntry:\n    x()\nexcept KeyError:\n    pass",
            "syncagent/wiring.py": "from connectors.files import Files\nfrom syncagent.sync.pull import pull",
        },
    )
    assert findings(modules) == []


def test_the_table_names_no_stranger() -> None:
    named = {name for unit in architecture.HOUSE.values() for name in unit.never | unit.beside}
    assert named <= set(architecture.HOUSE)
