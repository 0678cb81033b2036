"""Writes docs/commands.md from the commands themselves. With ``--check`` it only tells, by exit 1, that it is stale."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from syncagent.cli.main import cli

PAGE = Path(__file__).parent / "commands.md"

HEAD = """# Commands

Made from the program's own help by `make docs`; a test holds it up to date. Data goes to stdout, everything else to
stderr. With `--json` each line is one JSON object (UTF-8, times with offset). Exit codes: 0 done · 1 something needs
attention · 2 wrong usage or configuration · 3 already running · 4 the surroundings do not allow it (disk full, database
locked or newer).
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_sections(cli, "syncagent")]) + "\n"


def _sections(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
    yield f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from _sections(found, f"{name} {inner}")


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text("utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
