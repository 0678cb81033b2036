"""Answers for ``syncagent rules``: checking the files of rules, and showing what they say."""

from __future__ import annotations

from pathlib import Path

import click

from syncagent.cli.lazy import Command, Group
from syncagent.cli.output import Column, json_lines, json_option, say, show, table
from syncagent.cli.session import configuration
from syncagent.cli.settings import Settings
from syncagent.errors import ExitCode
from syncagent.rulebook.check import rules_check
from syncagent.rulebook.load import find_rules_folder, load
from syncagent.rulebook.rule import Condition, Rule


@click.group(cls=Group)
def rules() -> None:
    """Check and list the rules that decide on drafts.

    \b
    Example:  syncagent rules check
    """


@rules.command(cls=Command)
@click.pass_obj
def check(settings: Settings) -> int:
    """Read every rule and template, ours and yours, and try each letter on samples; writes nothing.

    Each mistake is named with file and line, and the exit code is 1.

    \b
    Example:  syncagent rules check
    """
    folders = _folders(settings)
    problems = rules_check(folders)
    for problem in problems:
        show(str(problem))
    if problems:
        say(f"What to do: correct {len(problems)} mistakes in the files named above.")
        return ExitCode.ATTENTION
    say(f"All rules are right: {', '.join(load(folders).rules)}.")
    return ExitCode.DONE


@rules.command("list", cls=Command)
@json_option
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """Show the rules that are switched on.

    \b
    Example:  syncagent rules list --json
    """
    found = load(_folders(settings)).rules.values()
    if as_json:
        json_lines(_row(rule) for rule in found)
        return
    table(
        [Column("Rule"), Column("Kind"), Column("Languages"), Column("What for", wide=True)],
        [(rule.name, rule.kind.value, ", ".join(rule.templates), rule.title) for rule in found],
    )


def _folders(settings: Settings) -> list[Path]:
    own = configuration(settings).rules.folder
    return [find_rules_folder(), *([own] if own.is_dir() else [])]


def _row(rule: Rule) -> dict[str, object]:
    return {
        "rule": rule.name,
        "title": rule.title,
        "purpose": rule.purpose,
        "kind": rule.kind.value,
        "trigger": rule.trigger.value,
        "wait_hours": rule.wait.total_seconds() / 3600,
        "due_within_hours": rule.due_within_hours,
        "when": [_condition(one) for one in rule.when],
        "unless": [_condition(one) for one in rule.unless],
        "to": rule.draft.to,
        "cc": rule.draft.cc,
        "template": rule.draft.template,
        "languages": list(rule.templates),
        "hash": rule.hash,
    }


def _condition(one: Condition) -> dict[str, object]:
    return {"name": one.name, "options": list(one.options)}
