"""Documentation is part of the build: every command and option is on its page, and every command explains itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from syncagent.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]


def commands(command: click.Command = cli, name: str = "syncagent") -> Iterator[tuple[str, click.Command]]:
    """Every command by its full name."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from commands(found, f"{name} {inner}")


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=[name for name, _ in commands()])
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert f"## {name}\n" in page
    assert command.help, "a command says what it does"
    section = page.split(f"## {name}\n", 1)[1].split("\n## ", 1)[0]
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:  # hidden: the global ones, once more
            assert parameter.help, f"{name} {parameter.opts[0]} says what it does"
            assert parameter.opts[-1] in section


def test_the_page_of_commands_is_up_to_date() -> None:
    checked = subprocess.run([sys.executable, str(ROOT / "docs" / "make_commands.py"), "--check"], check=False)
    assert checked.returncode == 0, "run `make docs`"
