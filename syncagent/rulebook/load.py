"""Answers for reading folders of rules: finds the shipped one, lays the user's own over it, checks everything in both.

Touches the file system for reading only. A folder holds, in any depth, ``NAME.toml`` (a rule), ``NAME.LANGUAGE.j2``
(a letter) and at its top ``letter.css`` (how letters look). A file of a later folder replaces its namesake.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import css_inline

from syncagent.errors import ConfigProblems, NotFound, Problem
from syncagent.rulebook import rule_file
from syncagent.rulebook.rule import DraftPlan, Rule, Rulebook, Template
from syncagent.rulebook.source import at_line, key_lines, line_of, read_text, unknown
from syncagent.rulebook.templates import inspect

STYLE = "letter.css"

_TEMPLATE = re.compile(r"(?P<stem>.+)\.(?P<language>[a-z]{2,3})\.j2")
_LOADS = re.compile(r"url\s*\(|@import|expression\s*\(", re.IGNORECASE)


@dataclass(slots=True)
class Reading:
    """What folders hold: the rules that are right in themselves, everything that is wrong, and the broken letters."""

    rules: dict[str, Rule] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)  # files of templates


def find_rules_folder(setting: Path | None = None) -> Path:
    """The folder of shipped rules: the one set, else the packaged copy, else the one of the checkout.

    Raises ``NotFound`` when it is not there.
    """
    package = Path(str(resources.files("syncagent")))
    candidates = (setting,) if setting is not None else (package / "_rules", package.parent / "rules")
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise NotFound(
        f"There is no folder of rules at {candidates[-1]}.", cure="Set the right folder, or install syncagent again."
    )


def load(folders: Sequence[Path]) -> Rulebook:
    """The rules of ``folders``, a later one over an earlier one, without those that are switched off.

    Raises ``ConfigProblems`` that lists every mistake of every file with ``file:line`` and a suggestion.
    """
    reading = read(folders)
    if reading.problems:
        raise ConfigProblems("rules", reading.problems, cure="Correct the files and run `syncagent rules check`.")
    return Rulebook(reading.rules, _hash(*(part for each in reading.rules.values() for part in (each.name, each.hash))))


def read(folders: Sequence[Path]) -> Reading:
    """Like ``load``, but hands over what can be used beside what is wrong."""
    reading = Reading()
    texts = _texts(folders, reading)
    templates = _templates(texts, reading)
    style = _style(texts, reading)
    for name in sorted(texts):
        if name.endswith(".toml"):
            _read_rule(name.removesuffix(".toml"), texts[name], templates, style, reading)
    return reading


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as read: where it lies, and its text."""

    file: str
    text: str


def _texts(folders: Sequence[Path], reading: Reading) -> dict[str, _Source]:
    """All files of rules, by their path inside their folder; the last folder that has one wins."""
    paths: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            reading.problems.append(Problem(str(folder), "is not a folder"))
            continue
        for path in sorted(folder.rglob("*")):
            if path.is_file() and (path.suffix in {".toml", ".j2"} or path.name == STYLE):
                paths[path.relative_to(folder).as_posix()] = path
    texts: dict[str, _Source] = {}
    for name, path in sorted(paths.items()):
        text = read_text(path)
        if isinstance(text, Problem):
            reading.problems.append(text)
        else:
            texts[name] = _Source(str(path), text)
    return texts


def _templates(texts: Mapping[str, _Source], reading: Reading) -> dict[str, dict[str, Template]]:
    """Templates by their name and language, each checked."""
    templates: dict[str, dict[str, Template]] = {}
    for name, source in texts.items():
        if not name.endswith(".j2"):
            continue
        found = _TEMPLATE.fullmatch(name)
        if found is None:
            what = "must be named NAME.LANGUAGE.j2, such as formal.az.j2"
            reading.problems.append(Problem(source.file, what))
            continue
        template = Template(found["language"], source.text, source.file)
        if faults := inspect(template):
            reading.problems.extend(faults)
            reading.broken.add(template.file)
        templates.setdefault(found["stem"], {})[template.language] = template
    return templates


def _style(texts: Mapping[str, _Source], reading: Reading) -> str:
    source = texts.get(STYLE)
    if source is None:
        return ""
    for found in _LOADS.finditer(source.text):
        line = source.text[: found.start()].count("\n") + 1
        reading.problems.append(Problem(at_line(source.file, line), "a letter must load nothing from elsewhere"))
    try:
        css_inline.inline_fragment("<p></p>", source.text, load_remote_stylesheets=False)
    except css_inline.InlineError as error:
        reading.problems.append(Problem(source.file, f"is not CSS: {error}"))
    return source.text


def _read_rule(
    name: str, source: _Source, templates: Mapping[str, Mapping[str, Template]], style: str, reading: Reading
) -> None:
    """Adds the rule of one file, or its problems."""
    parsed, problems = rule_file.parse(source.text, source.file)
    reading.problems.extend(problems)
    if parsed is None:
        return
    plan = DraftPlan(parsed.draft.template, parsed.draft.to, parsed.draft.cc)
    letters = templates.get(plan.template)
    if letters is None:
        line = line_of(key_lines(source.text), ("draft", "template"))
        reading.problems.append(Problem(at_line(source.file, line), unknown("template", plan.template, templates)))
        return
    languages = sorted(letters)
    reading.rules[name] = Rule(
        name=name,
        title=parsed.title,
        purpose=parsed.purpose,
        kind=parsed.kind,
        trigger=parsed.trigger,
        wait=parsed.wait,
        due_within_hours=parsed.due_within_hours,
        when=rule_file.conditions(parsed.when),
        unless=rule_file.conditions(parsed.unless),
        draft=plan,
        templates={language: letters[language] for language in languages},
        style=style,
        hash=_hash(source.text, style, *(part for each in languages for part in (each, letters[each].text))),
    )


def _hash(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()
