"""Answers for ``syncagent backfill``: looking back in the mailboxes for some or all stakeholders."""

from __future__ import annotations

from datetime import datetime

import click

from syncagent.cli.house import working
from syncagent.cli.lazy import Command
from syncagent.cli.output import say
from syncagent.cli.settings import Settings, in_zone, moment
from syncagent.cli.sync import work
from syncagent.crm import people, search_jobs
from syncagent.errors import NotFound
from syncagent.formats.addresses import normal
from syncagent.model import Query, Span
from syncagent.wiring import House


@click.command(cls=Command)
@click.option("--stakeholder", metavar="EMAIL", help="Only for this person; else for everybody.")
@click.option("--since", metavar="TIME", type=moment, help="Only from this day or time on.")
@click.pass_obj
def backfill(settings: Settings, stakeholder: str | None, since: datetime | None) -> int:
    """Look back in all mailboxes for some or all stakeholders, the newest mail first.

    New people are looked for by themselves; this is for when something was missed. What is logged already stays as it
    is. It can be interrupted: the next sync goes on where it was.

    \b
    Example:  syncagent backfill --stakeholder a.ismayilova@qafqaz-qida.example --since 2026-01-01
    """
    with working(settings) as house:
        query = _query(house, stakeholder)
        since_at = in_zone(since, house.config.agent.time_zone) if since else None
        number = house.database.retrying(
            lambda connection: search_jobs.order(
                connection,
                emails=sorted(query.emails),
                domains=sorted(query.domains),
                since=since_at,
                now=house.clocks.system.now(),
            )
        )
        say(f"Looking back in {number} folders and calendars." if number else _NOTHING)
        return work(settings, house, ())


_NOTHING = "No folder was read yet: this first pass brings everything there is."


def _query(house: House, stakeholder: str | None) -> Query:
    index = house.people.current()
    if stakeholder is None:
        return index.query(Span())
    with house.database.read() as connection:
        found = people.by_email(connection, normal(stakeholder))
    if found is None:
        raise NotFound(f"No stakeholder has the address {stakeholder}.", cure="syncagent people list shows them all.")
    return index.query(Span(), stakeholder_ids=[found], account_ids=[])
