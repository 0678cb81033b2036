"""Answers for ``syncagent demo``: a small world on disk, the real main job on it, and what came of it."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from syncagent.cli import summary
from syncagent.cli.demo import write
from syncagent.cli.demo.world import make_world
from syncagent.cli.house import working
from syncagent.cli.lazy import Command
from syncagent.cli.lists import show_drafts
from syncagent.cli.output import Column, say, show, table
from syncagent.cli.people import take_in
from syncagent.cli.progress import Tally, watched
from syncagent.cli.report import press_of
from syncagent.cli.settings import Settings, in_zone
from syncagent.clock import StopSignal, SystemClock
from syncagent.config_keys import Agent
from syncagent.crm import drafts, interactions
from syncagent.daemon.signals import asked_by_signals
from syncagent.errors import ConfigProblems, ExitCode, Problem, StoreError
from syncagent.formats.people_csv import read_people
from syncagent.reports.alphabet import SortKey, az_sort_key
from syncagent.reports.delivery import addressees, issue, write_file
from syncagent.vocabulary import InteractionKind, InteractionState
from syncagent.wiring import House
from syncagent.work import PassResult, whole_pass

_EVER = datetime.max.replace(tzinfo=UTC)


@click.command(cls=Command)
@click.argument("folder", metavar="[DIR]", default="syncagent-demo", type=click.Path(path_type=Path))
@click.option("--seed", metavar="N", type=int, help="Another number makes another world; 1 unless said otherwise.")
@click.option("--force", is_flag=True, help="Make the world anew where a demo was made before.")
@click.pass_obj
def demo(settings: Settings, folder: Path, seed: int | None, force: bool) -> int:
    """Make a small world of mailboxes in DIR and run the main job on it: two managers, three key accounts, some 400
    mails, meetings, and much that is nobody's contact.

    Nothing that is shown is prepared: mail is read, matched, logged and followed up as it would be for you. DIR is
    syncagent-demo unless said otherwise, and nothing outside of it is touched. Where a demo was made before, its world
    is kept and read again.

    \b
    Examples:  syncagent demo
               syncagent demo elsewhere --seed 7
    """
    now = in_zone(settings.now, Agent().time_zone) if settings.now else SystemClock().now()
    _make(folder, seed, now, force=force)
    settings.config = str(folder / write.CONFIG)
    stop = StopSignal()
    with working(settings) as house:
        people, _ = take_in(house.database, read_people((folder / write.PEOPLE).read_bytes(), write.PEOPLE))
        show(f"{folder / write.PEOPLE} names {people.added + people.changed + people.unchanged} stakeholders.")
        with asked_by_signals(stop), watched(settings) as tally:
            result = whole_pass(house, stop, tally)
        _show(house, result, tally, folder)
    return ExitCode.ATTENTION if result.troubled else ExitCode.DONE


def _make(folder: Path, seed: int | None, now: datetime, *, force: bool) -> None:
    """Writes the world, or leaves the one that is there. Raises ``ConfigProblems``, ``StoreError``."""
    old = _seed_of(folder)
    if old is not None and not force:
        if seed not in (None, old):
            problem = Problem(str(folder), f"holds the world of seed {old}")
            raise ConfigProblems("demo", [problem], cure="Name another folder, or make it anew with --force.")
        say(f"The demo in {folder} was made before: it is read again, and only what is new is added.")
        say("To make it anew: --force.")
        return
    try:
        write.write_world(make_world(1 if seed is None else seed, now), folder)
    except OSError as error:
        raise StoreError(
            f"The demo cannot be written into {folder} ({error.strerror or type(error).__name__}).",
            cure="Name another folder: syncagent demo DIR.",
        ) from error


def _seed_of(folder: Path) -> int | None:
    """The seed of the demo in a folder; None when there is no demo, or none that was written to its end."""
    try:
        seed = json.loads((folder / write.MARK).read_text(encoding="utf-8"))["seed"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return seed if isinstance(seed, int) and (folder / write.CONFIG).is_file() else None


def _show(house: House, result: PassResult, tally: Tally, folder: Path) -> None:
    show()
    show("What was read")
    summary.show_pass(result, tally)
    with house.database.read() as connection:
        logged = list(interactions.listed(connection, now=house.clocks.domain.now()))
        emails = (match["stakeholder"] for row in logged for match in row["match"])
        show()
        show("Contacts with key accounts (one interaction, however many of us have it)")
        _show_contacts(logged, interactions.names_of(connection, emails))
        prepared = sorted(drafts.listed(connection), key=lambda row: (row["due_at"] or _EVER, row["id"]))
        seen = interactions.visible(connection, (row["interaction"] for row in prepared), None)
        show()
        show("Follow-ups in the Drafts folders")
        show_drafts(connection, [row for row in prepared if row["interaction"] in seen], house.config.agent.time_zone)
    show()
    show("Weekly reports")
    press = press_of(house)
    for addressee in addressees(house.mailboxes):
        show(f"  {write_file(issue(press, addressee, None), press.folder)}")
    show()
    show(_next_steps(folder, logged))


#: The columns of the table of contacts. Whatever an interaction is, it is in exactly one of them.
_COLUMNS = ("In", "Out", "Met", "Planned", "Off")


def _column(row: Mapping[str, Any]) -> str:
    if row["kind"] == InteractionKind.MAIL_IN:
        return "In"
    if row["kind"] == InteractionKind.MAIL_OUT:
        return "Out"
    if row["state"] in (InteractionState.CANCELLED, InteractionState.DECLINED):
        return "Off"
    return "Met" if row["state"] == InteractionState.DONE else "Planned"


def _show_contacts(logged: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> None:
    """By account, and below it by stakeholder; an interaction with several of them counts for each."""
    accounts: dict[str, Counter[str]] = {}
    people: dict[str, dict[str, Counter[str]]] = {}
    total: Counter[str] = Counter()
    for row in logged:
        column = _column(row)
        total[column] += 1
        for account in row["accounts"]:
            accounts.setdefault(account, Counter())[column] += 1
        for account, who in {(match["account"], match["stakeholder"]) for match in row["match"]}:
            name = names.get(who, who) or "somebody else of its domain"
            people.setdefault(account, {}).setdefault(name, Counter())[column] += 1
    rows: list[tuple[object, ...]] = []
    for account, counts in sorted(accounts.items(), key=_alphabet):
        rows.append((account, *_cells(counts)))
        rows += [(f"  {who}", *_cells(of)) for who, of in sorted(people[account].items(), key=_alphabet)]
    rows.append(("Together", *_cells(total)))
    table([Column("Account and people", wide=True), *(Column(name, right=True) for name in (*_COLUMNS, "All"))], rows)


def _alphabet(item: tuple[str, Counter[str]]) -> SortKey:
    return az_sort_key(item[0])


def _cells(counts: Counter[str]) -> tuple[object, ...]:
    return (*(counts[name] or "" for name in _COLUMNS), counts.total())


def _next_steps(folder: Path, logged: list[dict[str, Any]]) -> str:
    call = f"syncagent --config {shlex.quote((folder / write.CONFIG).as_posix())}"
    example = f"i{logged[-1]['id']}" if logged else "ID"
    return f"""\
What to try next
  {call} interactions
  {call} explain {example}
  {call} report weekly
  {call} status
  {call} run
Drafts and mail lie in {folder / write.MAIL}: any mail program that reads Maildir shows them."""
