"""Answers for ``syncagent people``: bringing the list of stakeholders into the database, and showing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from syncagent.cli.lazy import Command, Group
from syncagent.cli.output import Column, json_lines, json_option, moment, say, show, table
from syncagent.cli.session import reading
from syncagent.cli.settings import Settings
from syncagent.clock import SystemClock
from syncagent.crm import people as stored
from syncagent.crm import search_jobs
from syncagent.crm.database import Connection, Database
from syncagent.crm.people import ImportResult
from syncagent.errors import ConfigProblems, ExitCode, Problem
from syncagent.formats.people_csv import PeopleFile, read_people
from syncagent.matching.freemail import is_free_mail


@click.group(cls=Group)
def people() -> None:
    """Import and list the stakeholders of key accounts.

    \b
    Example:  syncagent people import people.csv
    """


@people.command("import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_(settings: Settings, file: Path) -> int:
    """Bring the database to what FILE says.

    FILE is a CSV file with at least the columns account, name and emails. People who are missing from it stay. The same
    file twice changes nothing. Rows that cannot be used are named with their line, and the rest goes in; then the exit
    code is 1. Whoever is new is looked for in the mailboxes by the next sync.

    \b
    Example:  syncagent people import people.csv
    """
    wanted = read_people(_bytes_of(file), str(file))
    with reading(settings) as opened:
        result, searches = take_in(opened.database, wanted)
    show(_told(result))
    if searches:
        say(f"The next sync looks back for them ({searches} folders and calendars).")
    if not wanted.problems:
        return ExitCode.DONE
    say(f"Not everything could be used ({len(wanted.problems)}):")
    for problem in wanted.problems:
        say(f"  {problem}")
    say("What to do: correct these rows and import the file again; the others are in.")
    return ExitCode.ATTENTION


def take_in(database: Database, wanted: PeopleFile) -> tuple[ImportResult, int]:
    """Imports, and orders the searches for whoever is new, in one transaction; returns how many searches."""
    now = SystemClock().now()

    def work(connection: Connection) -> tuple[ImportResult, int]:
        result = stored.import_people(connection, wanted, now=now)
        new = set(result.searched)
        emails = (
            [row[0] for row in stored.rows(connection).addresses if row[1] in new and row[3] is None] if new else []
        )
        # Nobody is known by such a domain alone (matching), and a search for one would bring the whole mailbox.
        domains = [domain for domain in result.new_domains if not is_free_mail(domain)]
        ordered = search_jobs.order(connection, emails=emails, domains=domains, since=None, now=now)
        return result, ordered

    return database.retrying(work)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigProblems(
            str(file),
            [Problem("", f"cannot be read ({error.strerror or type(error).__name__})")],
            cure="Check the path.",
        ) from error


def _told(result: ImportResult) -> str:
    changes = [
        f"{number} {word}"
        for number, word in (
            (result.added, "added"),
            (result.changed, "changed"),
            (result.unchanged, "unchanged"),
            (result.accounts, "accounts added or changed"),
        )
        if number
    ]
    return f"People: {', '.join(changes) or 'nothing to import'}."


@people.command("list", cls=Command)
@json_option
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """Show all stakeholders with their account, roles and last contact.

    \b
    Example:  syncagent people list --json
    """
    with reading(settings) as opened, opened.database.read() as connection:
        rows = stored.listed(connection)
    if as_json:
        json_lines(rows)
        return
    _show(rows, opened.zone)
    if rows:
        say(f"{len(rows)} people; * is the contact person of the account.")
    else:
        say("Nobody is known yet. What to do: syncagent people import FILE")


def _show(rows: Sequence[Mapping[str, Any]], zone: str) -> None:
    """The people below their accounts."""
    lines: list[tuple[str, ...]] = []
    for account, some in groupby(rows, key=lambda row: str(row["account"])):
        lines.append((account, "", "", ""))
        lines += [
            (
                f"  {row['name']}{'*' if row['contact_person'] else ''}",
                ", ".join(role.replace("_", " ") for role in row["decision_roles"]),
                ", ".join(row["emails"][:1]),
                moment(row["last_contact_at"], zone)[:10],
            )
            for row in some
        ]
    table(
        [Column("Account and name"), Column("Roles", wide=True), Column("E-mail", wide=True), Column("Last contact")],
        lines,
    )
