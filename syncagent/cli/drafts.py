"""Answers for ``syncagent drafts``: what was prepared, and what became of it."""

from __future__ import annotations

import click

from syncagent.cli.lazy import Command
from syncagent.cli.lists import show_drafts
from syncagent.cli.output import json_lines, json_option, say
from syncagent.cli.session import reading
from syncagent.cli.settings import Settings
from syncagent.crm import drafts as stored
from syncagent.crm import interactions


@click.command(cls=Command)
@click.option("--as", "viewer", metavar="WHO", help="As this one of us sees them: a name, an address or a mailbox.")
@json_option
@click.pass_obj
def drafts(settings: Settings, viewer: str | None, as_json: bool) -> None:
    """Show what was prepared, the newest first, and what became of it.

    A draft that follows a private meeting is shown to whoever may see the meeting (--as).

    \b
    Example:  syncagent drafts --json
    """
    with reading(settings) as opened, opened.database.read() as connection:
        who = interactions.one_of_us(connection, viewer) if viewer else None
        rows = stored.listed(connection)
        seen = interactions.visible(connection, (row["interaction"] for row in rows), who)
        rows = [row for row in rows if row["interaction"] in seen]
        if as_json:
            json_lines(rows)
            return
        show_drafts(connection, rows, opened.zone)
    say(f"{len(rows)} drafts. Why one was made: syncagent explain d{rows[0]['id']}" if rows else "No drafts yet.")
