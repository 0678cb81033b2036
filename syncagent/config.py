"""Answers for reading config.toml: finds it, checks it whole, and says everything that is wrong at once.

Touches the file system only to look for the file and to read it. What may stand in it is ``config_keys``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import ValidationError

from syncagent.config_keys import KINDS, Agent, Config, Keys
from syncagent.config_values import Beside
from syncagent.errors import ConfigProblems, Problem
from syncagent.formats.addresses import normal

FILE_NAME = "config.toml"
VARIABLE = "SYNCAGENT_CONFIG"

#: The tables of one: ``[agent]``. ``[[mailbox]]`` is the only one that repeats.
SECTIONS: Mapping[str, type[Keys]] = {
    name: field.annotation
    for name, field in Config.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Keys)
}

_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")
_QUOTED = re.compile(r"'([^']*)'")


def find(explicit: str | None, env: Mapping[str, str], cwd: Path) -> Path:
    """The file to use: ``--config``, else SYNCAGENT_CONFIG, the working folder, the platform's configuration folder.

    The first two are taken at their word, whether or not the file exists. Raises ``ConfigProblems`` when there is none.
    """
    for named in (explicit, env.get(VARIABLE)):
        if named:
            return cwd / Path(named).expanduser()
    places = (cwd / FILE_NAME, platformdirs.user_config_path("syncagent", appauthor=False) / FILE_NAME)
    for place in places:
        if place.is_file():
            return place
    raise ConfigProblems(
        FILE_NAME,
        [Problem("", f"there is none, neither {places[0]} nor {places[1]}")],
        cure="Make one with `syncagent init`, or try syncagent on made-up mailboxes with `syncagent demo`.",
    )


def load(path: Path) -> Config:
    """The configuration in ``path``, complete and with absolute paths.

    Raises ``ConfigProblems`` with everything that is wrong, each with its dotted path. A value is shown only where the
    key cannot hold a secret.
    """
    path = path.absolute()
    raw = _parsed(path)
    folder = path.parent
    tables = {**{name: {} for name in SECTIONS}, **raw}  # so that defaults, too, are validated beside this folder
    problems: list[Problem] = []
    config = None
    try:
        config = Config.model_validate(tables, context=_beside(tables["agent"], folder))
    except ValidationError as error:
        problems += (_problem(dict(mistake), raw) for mistake in error.errors(include_url=False, include_input=False))
    problems += _clashes(raw, folder)
    if problems or config is None:
        raise ConfigProblems(str(path), problems, cure="Every key is explained in config.example.toml.")
    config._file = path
    return config


def _parsed(path: Path) -> dict[str, Any]:
    """The file as TOML has it; raises ``ConfigProblems`` with the line of a mistake in the syntax."""
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Windows' Notepad may put a byte order mark before it
    except FileNotFoundError:
        cure = "Check the path, or make one with `syncagent init`."
        raise ConfigProblems(str(path), [Problem("", "there is no such file")], cure=cure) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigProblems(
            str(path), [Problem(f"line {line}", "is not UTF-8 text")], cure="Save the file in the encoding UTF-8."
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigProblems(
            str(path), [Problem("", f"cannot be read ({reason})")], cure="Check the file and its permissions."
        ) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = str(error)
        place = _LINE.search(told)
        line = int(place[1]) if place else text.count("\n") + 1
        # The parser's own words may quote a key or a character of the line, never a value.
        told = _LINE.sub("", told).replace("(at end of document)", "at the end of the file").strip()
        what = f"is not valid TOML: {told}"
        cure = "Texts stand in quotes, and each key has a line of its own: key = value."
        raise ConfigProblems(str(path), [Problem(f"line {line}", what)], cure=cure) from None


def _beside(table: object, folder: Path) -> Beside:
    """``[agent]`` if it is valid, else its defaults: its mistakes are reported once, not again by each mailbox."""
    try:
        agent = Agent.model_validate(table, context=Beside(folder))
    except ValidationError:
        agent = Agent.model_validate({}, context=Beside(folder))
    return Beside(folder, agent.language, agent.time_zone, agent.store, agent.database_file)


def _clashes(raw: Mapping[str, Any], folder: Path) -> Iterator[Problem]:
    """What two mailboxes may not share: name, address, folder. Over the raw tables: no other mistake may hide it."""
    seen: dict[tuple[str, str], int] = {}
    for position, table in enumerate(_mailbox_tables(raw)):
        for key, value, shown in _identities(table, folder):
            first = seen.setdefault((key, value), position)
            if first != position:
                other = _mailbox_label(raw, first)
                yield Problem(f"{_mailbox_label(raw, position)}.{key}", f"“{shown}” is already used by {other}")
    if not raw.get("mailbox"):
        yield Problem("mailbox", "there is none: each mailbox is a table that begins with [[mailbox]]")


def _identities(table: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str, str]]:
    """Key, comparable value and shown value of everything that belongs to one mailbox alone."""
    name, addresses, path = table.get("name"), table.get("addresses"), table.get("path")
    if isinstance(name, str) and name:
        yield "name", unicodedata.normalize("NFC", name).casefold(), name
    if isinstance(addresses, list):
        for address in sorted({normal(item) for item in addresses if isinstance(item, str)} - {""}):
            yield "addresses", address, address
    if isinstance(path, str) and path:
        yield "path", str((folder / path).resolve()), path


def _mailbox_tables(raw: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    tables = raw.get("mailbox")
    return [table if isinstance(table, dict) else {} for table in tables] if isinstance(tables, list) else []


def _mailbox_label(raw: Mapping[str, Any], position: int) -> str:
    """``mailbox[leyla]``; one without a usable name is ``mailbox[#2]``, counted from 1."""
    name = _mailbox_tables(raw)[position].get("name")
    return f"mailbox[{name}]" if isinstance(name, str) and name.strip() else f"mailbox[#{position + 1}]"


def _problem(mistake: dict[str, Any], raw: Mapping[str, Any]) -> Problem:
    """A mistake that pydantic found, in words for whoever wrote the file."""
    loc: tuple[str | int, ...] = mistake["loc"]
    kind: str = mistake["type"]
    where, rest = (str(loc[0]), loc[1:]) if loc else ("", ())
    if len(loc) > 1 and loc[0] == "mailbox" and isinstance(loc[1], int):
        where, rest = _mailbox_label(raw, loc[1]), loc[2:]
    for step in rest:
        where += f"[#{step + 1}]" if isinstance(step, int) else f".{step}"
    if kind == "extra_forbidden":
        return Problem(where, _unknown(loc, raw))
    return Problem(where, _in_words(kind, mistake, loc))


def _in_words(kind: str, mistake: Mapping[str, Any], loc: Sequence[str | int]) -> str:
    details = mistake.get("ctx", {})
    match kind:
        case "missing":
            return "is missing"
        case "value_error":
            return str(details["error"])
        case "literal_error" | "enum":
            return f"must be one of: {', '.join(_QUOTED.findall(details['expected']))}"
        case "int_type":
            return "must be a whole number, without quotes"
        case "greater_than_equal":
            return f"must be at least {details['ge']}"
        case "less_than_equal":
            return f"must be at most {details['le']}"
        case "bool_type":
            return "must be true or false, without quotes"
        case "string_type" | "path_type":
            return 'must be text in quotes: "…"'
        case "tuple_type" if loc == ("mailbox",):
            return "must be written with two brackets: [[mailbox]]"
        case "tuple_type":
            return 'must be a list: ["…", "…"]'
        case "model_type" | "dict_type":
            return f"must be a table: [{loc[0]}]"
        case _:
            return str(mistake["msg"])


def _unknown(loc: Sequence[str | int], raw: Mapping[str, Any]) -> str:
    """What to say of a key that does not exist here: the nearest one, else where it belongs, else all that exist."""
    key, known = str(loc[-1]), _known(loc, raw)
    near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.6)
    if near:
        return f"is not a key; did you mean {near[0]}?"
    elsewhere = [f"[{name}]" for name, keys in SECTIONS.items() if key in keys.model_fields]
    if elsewhere:
        return f"is not a key here; it belongs into {' or '.join(elsewhere)}"
    return f"is not a key; there are: {', '.join(known)}"


def _known(loc: Sequence[str | int], raw: Mapping[str, Any]) -> Sequence[str]:
    """The keys that the table around ``loc`` may have."""
    if len(loc) == 1:
        return [*SECTIONS, "mailbox"]
    if loc[0] == "mailbox" and isinstance(loc[1], int):
        kind = _mailbox_tables(raw)[loc[1]].get("kind")
        return list(KINDS.get(kind if isinstance(kind, str) else "", next(iter(KINDS.values()))).model_fields)
    return list(_fields(SECTIONS.get(str(loc[0]))))


def _fields(model: type[Keys] | None) -> Iterable[str]:
    return model.model_fields if model else ()
