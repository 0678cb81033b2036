"""Answers for what a rule's TOML file may say: its shape, and each mistake in it as a problem with line and hint."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from syncagent.errors import Problem
from syncagent.rulebook.conditions import PREDICATES
from syncagent.rulebook.recipients import GROUPS
from syncagent.rulebook.rule import Condition, DraftKind, Trigger
from syncagent.rulebook.source import at_line, key_lines, line_of, unknown

_DURATION = re.compile(r"(\d{1,4}) *(minute|hour|day)s?")

Key = tuple[str, ...]


def _duration(value: object) -> object:
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be a time such as “15 minutes”, “2 hours” or “1 day”")
    return timedelta(**{f"{found[2]}s": int(found[1])})


Text = Annotated[str, Field(min_length=1)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]


class DraftTable(BaseModel):
    """``[draft]``: what is drafted, and to whom."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    template: Text
    to: Text = "took_part"
    cc: Text = "nobody"


class RuleFile(BaseModel):
    """A whole rule file. ``when`` and ``unless`` are read by ``conditions``, against the table of predicates."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    enabled: bool = True
    title: Text
    purpose: Text
    kind: Annotated[DraftKind, Field(strict=False)]
    trigger: Annotated[Trigger, Field(strict=False)]
    wait: Duration = timedelta()
    due_within_hours: Annotated[int, Field(ge=1, le=24 * 365)] | None = None
    when: dict[str, Any] = {}
    unless: dict[str, Any] = {}
    draft: DraftTable


def parse(text: str, file: str) -> tuple[RuleFile | None, list[Problem]]:
    """Reads a rule file; None when it is switched off, or wrong (then there are problems).

    A file that says ``enabled = false`` needs to say nothing else.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error), re.DOTALL)
        line = (int(found[2]) if found[2] else text.rstrip().count("\n") + 1) if found else None
        return None, [Problem(at_line(file, line), f"is not TOML: {found[1] if found else error}")]
    lines = key_lines(text)
    off = data.get("enabled") is False
    rule, faults = _validated(data)
    faults = [*faults, *_condition_faults(data), *_group_faults(data)]
    problems = [
        Problem(at_line(file, line_of(lines, key)), what) for key, what, missing in faults if not (off and missing)
    ]
    return (None if off or problems else rule), sorted(problems, key=lambda each: _line(each.where))


def conditions(table: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions of a checked ``when`` or ``unless`` table, in the order of the file."""
    return tuple(Condition(name, () if value is True else tuple(value)) for name, value in table.items())


Fault = tuple[Key, str, bool]  # which key, what is wrong, and whether it is only that something is missing


def _validated(data: dict[str, Any]) -> tuple[RuleFile | None, list[Fault]]:
    try:
        return RuleFile.model_validate(data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [(tuple(map(str, each["loc"])), _sentence(each), each["type"] == "missing") for each in details]


def _sentence(detail: ErrorDetails) -> str:
    key = ".".join(map(str, detail["loc"]))
    wording = _WORDING.get(detail["type"])
    if wording is not None:
        return wording(key, detail)
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{key} {message}"


def _known_keys(table: str) -> Collection[str]:
    model: type[BaseModel] = DraftTable if table == "draft" else RuleFile
    return model.model_fields.keys()


_ENUMS: Mapping[str, Collection[str]] = {
    "kind": [each.value for each in DraftKind],
    "trigger": [each.value for each in Trigger],
}

_WORDING: Mapping[str, Callable[[str, ErrorDetails], str]] = {
    "extra_forbidden": lambda key, detail: unknown("key", key.rpartition(".")[2], _known_keys(key.rpartition(".")[0])),
    "missing": lambda key, detail: f"“{key}” is missing",
    "enum": lambda key, detail: unknown(key, detail["input"], _ENUMS[key]),
    "dict_type": lambda key, detail: f"{key} must be a table, [{key}]",
    "model_type": lambda key, detail: f"{key} must be a table, [{key}]",
    "string_too_short": lambda key, detail: f"{key} must not be empty",
}


def _condition_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    for group in ("when", "unless"):
        table = data.get(group)
        for name, value in table.items() if isinstance(table, dict) else ():
            for what in _value_faults(group, name, value):
                yield (group, name), what, False


def _value_faults(group: str, name: str, value: object) -> Iterator[str]:
    predicate = PREDICATES.get(name)
    if predicate is None:
        yield unknown("condition", name, PREDICATES)
    elif not predicate.choices:
        if value is not True:
            other = {"when": "unless", "unless": "when"}[group]
            hint = f"; for the opposite write “{name} = true” under [{other}]" if value is False else ""
            yield f"{name} takes “true” and nothing else{hint}"
    elif not isinstance(value, list) or not value:
        yield f"{name} takes a list of these: {', '.join(predicate.choices)}"
    else:
        yield from (unknown(name, each, predicate.choices) for each in value if each not in predicate.choices)


def _group_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    draft = data.get("draft")
    for key in ("to", "cc") if isinstance(draft, dict) else ():
        group = draft.get(key) if isinstance(draft, dict) else None
        if isinstance(group, str) and group and group not in GROUPS:
            yield ("draft", key), unknown("group of people", group, GROUPS), False


def _line(where: str) -> int:
    number = where.rpartition(":")[2]
    return int(number) if number.isdigit() else 0
