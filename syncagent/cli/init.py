"""Answers for ``syncagent init``: a first config.toml out of a few answers, checked before it is put in place."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from syncagent import config as config_file
from syncagent.cli.check import findings, show_findings
from syncagent.cli.lazy import Command
from syncagent.cli.output import say, show
from syncagent.cli.settings import Settings
from syncagent.config_keys import Agent
from syncagent.errors import ConfigProblems, Problem
from syncagent.formats.addresses import normal
from syncagent.matching.freemail import is_free_mail
from syncagent.reports.files import write_whole
from syncagent.secrets import installation_key


@dataclass(slots=True)
class Answers:
    """What goes into the file."""

    manager: str
    addresses: list[str]
    path: str
    name: str
    language: str
    time_zone: str
    domains: list[str]


@click.command(cls=Command)
@click.option("--manager", metavar="NAME", help="Whose mailbox it is, as people read the name.")
@click.option("--address", "addresses", metavar="EMAIL", multiple=True, help="An address of this mailbox; repeatable.")
@click.option("--path", metavar="DIR", help="The folder of mail: a Maildir, or folders with mbox or .eml files.")
@click.option("--name", metavar="WORD", help="A short name for the mailbox; else taken from the address.")
@click.option("--language", metavar="CODE", help="az, en, ru or tr: of reports, and of drafts when nobody's is known.")
@click.option("--time-zone", metavar="ZONE", help="Such as Asia/Baku.")
@click.option("--domain", "domains", metavar="DOMAIN", multiple=True, help="An e-mail domain of ours; repeatable.")
@click.option("--force", is_flag=True, help="Replace a config.toml that is there already.")
@click.pass_obj
def init(settings: Settings, /, force: bool, **given: Any) -> int:
    """Write config.toml for a mailbox in a folder on this computer, make the key, and check.

    Asks for whatever was not said as an option. With --manager, --address and --path nothing is asked. The file goes to
    --config, else into this folder; one that is there already is left alone.

    \b
    Examples:  syncagent init
               syncagent init --manager "Leyla Əliyeva" --address leyla@bizim.az --path ~/Maildir
    """
    target = (Path(settings.config).expanduser() if settings.config else Path(config_file.FILE_NAME)).absolute()
    if target.exists() and not force:
        raise ConfigProblems(
            str(target), [Problem("", "is there already")], cure="Edit it, or replace it with --force."
        )
    answers = _answers(**given)
    _put(target, _text(answers, target.parent))
    show(f"{target} is written.")
    settings.config = str(target)
    installation_key(config_file.load(target).secrets)
    lines = list(findings(settings))
    show_findings(lines)
    say(_next_steps(target))
    # No stakeholder is known yet, which is no fault of these answers: only what was found in the mailbox counts here.
    return 0 if all(one.finding.ok for one in lines if one.mailbox) else 1


def _answers(
    manager: str | None,
    addresses: tuple[str, ...],
    path: str | None,
    name: str | None,
    language: str | None,
    time_zone: str | None,
    domains: tuple[str, ...],
) -> Answers:
    """What was said as options, and what is asked for."""
    unattended = bool(manager and addresses and path)

    def asked(given: str | None, question: str, default: str | None = None) -> str:
        if given is not None:
            return given
        if unattended and default is not None:
            return default
        try:
            return str(click.prompt(question, default=default, err=True))
        except click.Abort:
            if sys.stdin.isatty():
                raise
            raise click.UsageError(f"No answer to “{question}”: give it as an option, see --help.") from None

    manager = asked(manager, "Manager (name as people read it)")
    all_addresses = list(addresses) or _parts(asked(None, "E-mail addresses of this mailbox (separated by commas)"))
    path = asked(path, "Folder of the mailbox (Maildir, or folders with mbox or .eml files)")
    local, _, domain = (normal(all_addresses[0]) if all_addresses else "").partition("@")
    ours = "" if not domain or is_free_mail(domain) else domain
    return Answers(
        manager=manager,
        addresses=all_addresses,
        path=path,
        name=asked(name, "Short name of the mailbox", local or "mailbox"),
        language=asked(language, "Language (az, en, ru, tr)", str(Agent().language)),
        time_zone=asked(time_zone, "Time zone", Agent().time_zone),
        domains=list(domains) or _parts(asked(None, "E-mail domains of your organisation (separated by commas)", ours)),
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]


def _put(target: Path, text: str) -> None:
    """Writes the file when it is right as a whole; else nothing changes. Raises ``ConfigProblems``, ``StoreError``."""
    draft = target.with_name(f".{target.name}.draft")
    write_whole(draft, text.encode())
    try:
        config_file.load(draft)
    except ConfigProblems as error:
        raise ConfigProblems("These answers", error.problems, cure="Run syncagent init again.") from error
    finally:
        draft.unlink()
    write_whole(target, text.encode())


def _text(answers: Answers, folder: Path) -> str:
    path = Path(answers.path).expanduser().absolute()
    shown = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
    return f"""\
# Written by `syncagent init`. Every key is explained in config.example.toml and docs/configuration.md.

[agent]
database = "sqlite:///syncagent.db"
language = {_toml(answers.language)}
time_zone = {_toml(answers.time_zone)}

[organisation]
# Mail and meetings among these domains alone are internal and never logged.
domains = {_toml_list(answers.domains)}

# One table for each mailbox: copy it for further managers.
[[mailbox]]
name = {_toml(answers.name)}
manager = {_toml(answers.manager)}
addresses = {_toml_list(answers.addresses)}
kind = "files"
path = {_toml(shown)}
"""


def _toml(text: str) -> str:
    """A basic string of TOML: JSON's, but that DEL must be escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_list(texts: list[str]) -> str:
    return f"[{', '.join(map(_toml, texts))}]"


def _next_steps(target: Path) -> str:
    option = "" if target == Path(config_file.FILE_NAME).absolute() else f" --config {target}"
    return f"""
Next:  syncagent{option} people import people.csv   who your stakeholders are
       syncagent{option} sync --dry-run             what would be logged and drafted
       syncagent{option} run                        do it every few minutes"""
