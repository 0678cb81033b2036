"""Answers for ``syncagent interactions``: what was logged."""

from __future__ import annotations

from datetime import datetime

import click

from syncagent.cli.lazy import Command
from syncagent.cli.lists import show_interactions
from syncagent.cli.output import json_lines, json_option, say
from syncagent.cli.session import reading
from syncagent.cli.settings import Settings, in_zone, moment
from syncagent.crm import interactions as stored


@click.command(cls=Command)
@click.option("--account", metavar="NAME", help="Only those with this account.")
@click.option("--since", metavar="TIME", type=moment, help="Only those from this day or time on.")
@click.option("--as", "viewer", metavar="WHO", help="As this one of us sees them: a name, an address or a mailbox.")
@json_option
@click.pass_obj
def interactions(
    settings: Settings, account: str | None, since: datetime | None, viewer: str | None, as_json: bool
) -> None:
    """Show what was logged: mail, meetings and calls, in the order of their time.

    Shown is what everybody may see. An interaction of which one copy is private is seen by the owner of an open copy
    alone, with --as, and carries the mark "private".

    \b
    Examples:  syncagent interactions --account "Azərsun" --since 2026-11-01
               syncagent interactions --json > interactions.jsonl
    """
    with reading(settings) as opened, opened.database.read() as connection:
        rows = stored.listed(
            connection,
            now=opened.now,
            account_id=stored.account_called(connection, account) if account else None,
            since=in_zone(since, opened.zone) if since else None,
            viewer=stored.one_of_us(connection, viewer) if viewer else None,
        )
        if as_json:
            json_lines(rows)
            return
        found = list(rows)
        show_interactions(connection, found, opened.zone)
    say(f"{len(found)} interactions. Why one was logged: syncagent explain i{found[-1]['id']}" if found else _NOTHING)


_NOTHING = "Nothing is logged here yet. What to do: syncagent sync"
