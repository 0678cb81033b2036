"""Answers for ``syncagent rules check``: every mistake in the files, and every letter tried on samples."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from syncagent.errors import ConfigProblems, Problem
from syncagent.rulebook import samples
from syncagent.rulebook.decide import decide
from syncagent.rulebook.load import read
from syncagent.rulebook.rule import Rule
from syncagent.rulebook.settings import RuleSettings
from syncagent.rulebook.templates import render


def rules_check(folders: Sequence[Path]) -> list[Problem]:
    """All that is wrong in ``folders``; empty when they can be used. Reads files, writes nothing, raises nothing."""
    reading = read(folders)
    # One word per place: a line that fails for several samples fails for one reason.
    first: dict[str, Problem] = {}
    for rule in reading.rules.values():
        for problem in _rendered(rule, reading.broken):
            first.setdefault(problem.where, problem)
    return [*reading.problems, *first.values()]


def _rendered(rule: Rule, broken: Container[str]) -> Iterator[Problem]:
    """What fails when each letter of ``rule`` that is not ``broken`` is written for each sample, in each language."""
    for facts in samples.SAMPLES:
        decision = decide(rule, facts, now=samples.NOW, settings=RuleSettings())
        for language in [each for each, template in rule.templates.items() if template.file not in broken]:
            try:
                render(rule, facts, dataclasses.replace(decision, language=language), now=samples.NOW)
            except ConfigProblems as error:
                yield from error.problems
