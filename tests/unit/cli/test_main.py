"""The program's frame: help without weight, options before and behind, exit codes and messages of every kind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from syncagent import logs
from syncagent.cli import main as program
from syncagent.cli.errors import INTERRUPTED, explain
from syncagent.cli.lazy import Command, Group
from syncagent.cli.main import COMMANDS, cli, main
from syncagent.cli.settings import Settings, in_zone
from syncagent.errors import (
    AlreadyRunning,
    ConfigProblems,
    NotFound,
    Problem,
    Stopped,
    StoreError,
    SyncAgentError,
    Unreachable,
)

#: What makes a program slow to start; none of it may be loaded to show help or a version.
HEAVY = (
    "sqlalchemy",
    "alembic",
    "pydantic",
    "jinja2",
    "icalendar",
    "rich",
    "css_inline",
    "babel",
    "schedule",
    "keyring",
)


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """``main`` sets up logging on the streams of this test; they are gone afterwards."""
    yield
    logs.setup(stream=sys.__stderr__)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["snyc"], []])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom syncagent.cli.main import main\n"
        f"main({arguments!r})\n"
        f"sys.exit(','.join(name for name in {HEAVY!r} if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_the_sentence_in_the_list_begins_the_help_of_the_command(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert isinstance(command, Command | Group)
    assert command.help


def test_every_command_has_an_example() -> None:
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        leaves = command.commands.values() if isinstance(command, Group) else [command]
        for leaf in leaves:
            assert "Example" in (leaf.help or ""), leaf.name
            assert "syncagent " in (leaf.help or ""), leaf.name


def seen_settings(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Settings:
    found: list[Settings] = []

    @click.command(cls=Command)
    @click.pass_obj
    def look(settings: Settings) -> int:
        found.append(settings)
        return 7

    monkeypatch.setattr(type(cli), "get_command", lambda *_: look)
    monkeypatch.setitem(cli._table, "look", ("", ""))
    assert main(arguments) == 7
    return found[0]


def test_global_options_are_understood_before_and_behind_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    options = ("--config", "c.toml", "--now", "2026-11-20T09:30", "--verbose")
    before = seen_settings(monkeypatch, *options, "look")
    behind = seen_settings(monkeypatch, "look", *options)
    assert before == behind
    assert (before.config, before.verbose) == ("c.toml", True)
    assert before.now is not None
    assert in_zone(before.now, "Asia/Baku").isoformat() == "2026-11-20T09:30:00+04:00"


def test_a_time_with_an_offset_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = seen_settings(monkeypatch, "--now", "2026-11-20T09:30Z", "look")
    assert settings.now is not None
    assert in_zone(settings.now, "Asia/Baku").isoformat() == "2026-11-20T09:30:00+00:00"


CODES = [
    (SyncAgentError("a trouble"), 1),
    (Unreachable("away"), 1),
    (ConfigProblems("config.toml", [Problem("a", "wrong")]), 2),
    (NotFound("none"), 2),
    (click.UsageError("what?"), 2),
    (click.FileError("f", "no"), 2),
    (AlreadyRunning("busy"), 3),
    (StoreError("full"), 4),
    (OSError(28, "No space left on device"), 4),
    (Stopped("as asked"), 0),
    (RuntimeError("a bug"), 1),
    (PermissionError(13, "Permission denied"), 1),
    (KeyboardInterrupt(), INTERRUPTED),
    (click.Abort(), INTERRUPTED),
]


@pytest.mark.parametrize(("error", "code"), CODES, ids=lambda value: type(value).__name__ if value != 0 else "")
def test_exit_codes(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(error, verbose=False) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err
    assert "Traceback" not in said.err


def test_problems_are_listed_with_their_cure(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [Problem("agent.language", "must be one of: az, en"), Problem("", "is empty")]
    explain(ConfigProblems("c.toml", problems, cure="Correct it."), verbose=False)
    assert capsys.readouterr().err == (
        "c.toml cannot be used:\n  - agent.language: must be one of: az, en\n  - is empty\nWhat to do: Correct it.\n"
    )


def test_a_bug_is_short_and_says_nothing_of_anybody(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("leyla@bizim.az wrote: secret")
    except ValueError as error:
        explain(error, verbose=False)
        short = capsys.readouterr().err
        explain(error, verbose=True)
        long = capsys.readouterr().err
    assert "ValueError" in short and "--verbose" in short
    assert "test_main.py" not in short
    assert "test_main.py" in long
    for text in (short, long.replace('raise ValueError("leyla@bizim.az wrote: secret")', "")):
        assert "leyla@" not in text
    assert "wrote: secret" not in short


def test_the_detail_of_an_error_is_shown_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    error = StoreError("The disk is full.", detail="OperationalError")
    explain(error, verbose=False)
    assert "OperationalError" not in capsys.readouterr().err
    explain(error, verbose=True)
    assert "(StoreError: OperationalError)" in capsys.readouterr().err


def test_an_error_out_of_a_command_becomes_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.", cure="Free some space.")

    monkeypatch.setattr(program.cli, "main", fail)
    assert main(["status"]) == 4
    assert capsys.readouterr().err == "The disk is full.\nWhat to do: Free some space.\n"
