"""Answers for ``syncagent failures``: what could not be read, and having it tried again."""

from __future__ import annotations

import click

from syncagent.cli.house import working
from syncagent.cli.lazy import Command, Group
from syncagent.cli.output import Column, json_lines, json_option, moment, say, table
from syncagent.cli.session import reading
from syncagent.cli.settings import Settings
from syncagent.cli.sync import work
from syncagent.crm import failures as stored


@click.group(cls=Group, invoke_without_command=True)
@json_option
@click.pass_context
def failures(ctx: click.Context, as_json: bool) -> None:
    """Show what could not be read. Each is tried again by itself, after longer and longer waits.

    \b
    Examples:  syncagent failures --json
               syncagent failures retry 12
    """
    if ctx.invoked_subcommand is not None:
        return
    with reading(ctx.ensure_object(Settings)) as opened, opened.database.read() as connection:
        rows = stored.listed(connection)
    if as_json:
        json_lines(rows)
        return
    table(
        [
            Column("Id", right=True),
            Column("Mailbox"),
            Column("Folder", wide=True),
            Column("Item", wide=True),
            Column("Tries", right=True),
            Column("Next try"),
            Column("Reason", wide=True),
        ],
        [
            (
                row["id"],
                row["mailbox"],
                row["stream"],
                row["item"],
                row["attempts"],
                moment(row["next_at"], opened.zone, empty="when asked"),
                row["reason"],
            )
            for row in rows
        ],
    )
    say(f"{len(rows)} items wait for another try." if rows else "Everything could be read.")


@failures.command("retry", cls=Command)
@click.argument("number", metavar="ID", type=int)
@click.pass_obj
def retry(settings: Settings, number: int) -> int:
    """Try ID again now, in a pass over its mailbox.

    \b
    Example:  syncagent failures retry 12
    """
    with working(settings) as house:
        now = house.clocks.system.now()
        mailbox = house.database.retrying(lambda connection: stored.ask_again(connection, number, now=now))
        code = work(settings, house, [mailbox])
        with house.database.read() as connection:
            still = [row for row in stored.listed(connection) if row["id"] == number]
    for row in still:
        say(f"{number} still cannot be read: {row['reason']}")
    return code
