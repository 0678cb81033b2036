"""Answers for ``syncagent check``: everything that must be right for the main job, each with its cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import click

from syncagent.cli.house import house
from syncagent.cli.lazy import Command
from syncagent.cli.output import clean, json_lines, json_option, moment, show
from syncagent.cli.session import configuration
from syncagent.cli.settings import Settings
from syncagent.clock import StopSignal, SystemClock
from syncagent.config_keys import Config
from syncagent.crm import ledger, people, rates, schema
from syncagent.crm.database import Connection
from syncagent.crm.rates import Rate
from syncagent.errors import ExitCode, SyncAgentError
from syncagent.model import Finding
from syncagent.rulebook.check import rules_check
from syncagent.rulebook.load import find_rules_folder
from syncagent.wiring import House, Nobody

#: Over how long the matching rate is taken, and how many items say anything about it.
LATELY, ENOUGH = timedelta(days=30), 50

#: A clock that stands this far before our own last note was put back.
_DRIFT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Line:
    """A finding, and the mailbox that it is about; empty: the whole installation."""

    mailbox: str
    finding: Finding


@click.command(cls=Command)
@json_option
@click.pass_obj
def check(settings: Settings, as_json: bool) -> int:
    """Look at configuration, rules, database, clock and people, and at every mailbox; name the cure of each trouble.

    Nothing is read for the database and nothing is written into a mailbox. The exit code is 1 when something is wrong.

    \b
    Example:  syncagent check
    """
    lines = list(findings(settings))
    if as_json:
        json_lines(
            {"mailbox": one.mailbox, "ok": one.finding.ok, "what": one.finding.what, "cure": one.finding.cure}
            for one in lines
        )
    else:
        show_findings(lines)
    return ExitCode.DONE if all(one.finding.ok for one in lines) else ExitCode.ATTENTION


def show_findings(lines: Iterable[Line]) -> None:
    """Each finding on a line, its cure below it."""
    for one in lines:
        whose = f"{one.mailbox}: " if one.mailbox else ""
        show(f"{'ok ' if one.finding.ok else 'BAD'}  {whose}{clean(one.finding.what)}")
        if not one.finding.ok and one.finding.cure:
            show(f"     What to do: {clean(one.finding.cure)}")


def findings(settings: Settings) -> Iterator[Line]:
    """Everything that was looked at, in the order in which it is to be cured. Raises ``ConfigProblems``."""
    config = configuration(settings)
    yield Line("", Finding(True, f"{config.file} names {_number(len(config.mailboxes), 'mailbox', 'mailboxes')}."))
    rules = _rules(config)
    yield from (Line("", finding) for finding in rules)
    try:
        with house(settings) as opened:
            yield from (Line("", finding) for finding in _database(opened))
            with opened.database.read() as connection:
                yield Line("", _clock(connection, opened))
                yield Line("", _people(connection))
                shares = rates.recent(connection, since=opened.clocks.system.now() - LATELY)
            for row in opened.mailboxes:
                yield from (Line(row.settings.name, finding) for finding in _mailbox(opened, row.settings.name))
                if row.settings.name in shares:
                    yield Line(row.settings.name, _share(shares[row.settings.name]))
    except SyncAgentError as error:
        if all(finding.ok for finding in rules):  # else it is about the same mistakes
            yield Line("", Finding(False, error.message, error.cure))
        yield Line("", Finding(False, "The mailboxes were not looked at.", "Cure what stands above, and check again."))


def _rules(config: Config) -> list[Finding]:
    folders = [find_rules_folder(), *([config.rules.folder] if config.rules.folder.is_dir() else [])]
    problems = rules_check(folders)
    if not problems:
        return [Finding(True, f"The rules are right ({', '.join(str(folder) for folder in folders)}).")]
    return [Finding(False, str(problem), "Correct the file: syncagent rules check.") for problem in problems]


def _database(opened: House) -> list[Finding]:
    """One line when all is well, else what is not."""
    found = schema.check(opened.database)
    bad = [finding for finding in found if not finding.ok]
    return bad or [Finding(True, f"The database is sound and at the newest revision ({opened.database.dialect}).")]


def _clock(connection: Connection, opened: House) -> Finding:
    now, zone = SystemClock().now(), opened.config.agent.time_zone
    notes = [row["last_good_at"] for row in ledger.status(connection, now=now, late_after=LATELY)]
    last = max((at for at in notes if at is not None), default=None)
    said = f"The clock says {moment(now, zone)} ({zone})"
    if last is not None and last > now + _DRIFT:
        return Finding(False, f"{said}, but the last reading was at {moment(last, zone)}.", "Set the clock right.")
    return Finding(True, f"{said}.")


def _people(connection: Connection) -> Finding:
    known = len({row[1] for row in people.rows(connection).addresses})
    if known:
        return Finding(True, f"The database knows {_number(known, 'stakeholder', 'stakeholders')}.")
    return Finding(False, "No stakeholder is known: nothing would be logged.", "syncagent people import FILE")


def _mailbox(opened: House, name: str) -> list[Finding]:
    row = next(row for row in opened.mailboxes if row.settings.name == name)
    try:
        mailbox = opened.open_mailbox(row, StopSignal(), Nobody())
    except SyncAgentError as error:
        return [Finding(False, error.message, error.cure)]
    try:
        return list(mailbox.desk.source.check())
    finally:
        mailbox.close()


def _share(rate: Rate) -> Finding:
    """The matching rate; when nothing at all matched, people or domains are wrong."""
    said = f"{rate.logged} of {rate.seen} items read in the last {LATELY.days} days were logged ({rate.share:.0%})."
    if rate.seen >= ENOUGH and not rate.logged:
        return Finding(False, said, "Compare `syncagent people list` with the addresses of your customers' mail.")
    return Finding(True, said)


def _number(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
