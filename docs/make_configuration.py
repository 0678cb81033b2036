"""Answers for config.example.toml and docs/configuration.md: writes both anew from the models of config.toml.

    python docs/make_configuration.py

A test fails while one of them differs from what this would write.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from syncagent.config import SECTIONS
from syncagent.config_keys import KINDS, Keys, Mailbox

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "config.example.toml"
PAGE = ROOT / "docs" / "configuration.md"

#: What the example shows for keys that have no default, or whose default says nothing.
EXAMPLES: dict[str, Any] = {
    "name": "leyla",
    "manager": "Leyla Əliyeva",
    "addresses": ["leyla@bizim.az"],
    "kind": "files",
    "path": "mail/leyla",
}

EXAMPLE_HEAD = """\
# Every key of syncagent's config.toml with its default; docs/configuration.md shows the same as tables.
# Copy the file to config.toml and keep what you want to change: a key that is left out has its default.
# Relative paths count from the folder of config.toml. Written by docs/make_configuration.py.
"""

PAGE_HEAD = """\
# Configuration

syncagent reads one file, `config.toml`. It is looked for in this order, and the first one found is used:

1. the file given with `--config FILE`
2. the file that the environment variable `SYNCAGENT_CONFIG` names
3. `config.toml` in the working folder
4. `config.toml` in the platform's configuration folder (Linux: `~/.config/syncagent`, macOS:
   `~/Library/Application Support/syncagent`, Windows: `%LOCALAPPDATA%\\syncagent`)

Relative paths count from the folder of the file itself. Everything that is wrong is reported at once, each with its
place, such as `mailbox[leyla].time_zone`; the exit code is then 2. `config.example.toml` holds every key with its
default.

This page is written by `docs/make_configuration.py` from the program's own definitions.
"""


def example() -> str:
    """The text of config.example.toml."""
    parts = [EXAMPLE_HEAD]
    for name, model in SECTIONS.items():
        parts.append("\n".join([f"# {model.__doc__}", f"[{name}]", *_lines(model)]) + "\n")
    for kind, model in KINDS.items():
        lines = [f"# A table for each mailbox. This one is of the kind “{kind}”.", "[[mailbox]]", *_lines(model)]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def page() -> str:
    """The text of docs/configuration.md."""
    parts = [PAGE_HEAD]
    parts += [
        f"## [{name}]\n\n{model.__doc__}\n\n{_table(dict(model.model_fields))}" for name, model in SECTIONS.items()
    ]
    common = {key: field for key, field in Mailbox.model_fields.items() if key != "kind"}
    parts.append(f"## [[mailbox]]\n\nOne for each mailbox. {Mailbox.__doc__}\n\n{_table(common)}")
    for kind, model in KINDS.items():
        own = {key: field for key, field in model.model_fields.items() if key not in common}
        parts.append(f'### kind = "{kind}"\n\n{model.__doc__}\n\n{_table(own)}')
    return "\n".join(parts)


def _lines(model: type[Keys]) -> Iterator[str]:
    for key, field in model.model_fields.items():
        yield from textwrap.wrap(field.description or "", 116, initial_indent="# ", subsequent_indent="# ")
        yield f"{key} = {_toml(EXAMPLES[key] if field.is_required() else _default(field))}"


def _table(fields: Mapping[str, FieldInfo]) -> str:
    rows = ["| key | default | meaning |", "| --- | --- | --- |"]
    for key, field in fields.items():
        default = "required" if field.is_required() else f"`{_toml(_default(field))}`"
        rows.append(f"| `{key}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> Any:
    """A default as the file would say it."""
    match field.default:
        case Enum() as member:
            return member.value
        case Path() as path:
            return path.as_posix()
        case tuple() as values:
            return list(values)
        case other:
            return other


def _toml(value: Any) -> str:
    """``value`` as TOML: for texts, numbers, booleans and lists of texts JSON writes the same."""
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    EXAMPLE.write_text(example(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
