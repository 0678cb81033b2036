"""Answers for ``syncagent db``: bringing the database to the newest shape, and looking whether it is sound."""

from __future__ import annotations

import click

from syncagent.cli.lazy import Command, Group
from syncagent.cli.output import say, show
from syncagent.cli.session import configuration, database_of
from syncagent.cli.settings import Settings
from syncagent.crm import schema
from syncagent.errors import ExitCode


@click.group(cls=Group)
def db() -> None:
    """Upgrade and check the database.

    \b
    Example:  syncagent db check
    """


@db.command(cls=Command)
@click.pass_obj
def upgrade(settings: Settings) -> None:
    """Make the database, or bring it to the newest shape; in one transaction, so that nothing is ever half done.

    Every command does this by itself when it is needed; here it can be done at a time of your choice.

    \b
    Example:  syncagent db upgrade
    """
    database = database_of(configuration(settings))
    try:
        old, new = schema.upgrade(database)
    finally:
        database.close()
    if old == new:
        show(f"The database is at the newest revision already ({new}).")
    else:
        show(f"The database was {'made' if old is None else f'upgraded from {old}'}; it is at revision {new}.")


@db.command(cls=Command)
@click.pass_obj
def check(settings: Settings) -> int:
    """Look whether the database is sound and shaped as this program expects; changes nothing.

    \b
    Example:  syncagent db check
    """
    database = database_of(configuration(settings))
    if database.file is not None and not database.file.exists():
        say("There is no database yet. What to do: syncagent db upgrade, or the first sync, makes it.")
        return ExitCode.ATTENTION
    try:
        findings = schema.check(database)
    finally:
        database.close()
    for finding in findings:
        show(f"{'ok  ' if finding.ok else 'BAD '}  {finding.what}")
        if finding.cure:
            say(f"      What to do: {finding.cure}")
    return ExitCode.DONE if all(finding.ok for finding in findings) else ExitCode.ATTENTION
