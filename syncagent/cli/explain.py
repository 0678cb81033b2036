"""Answers for ``syncagent explain``: why something was logged, drafted, or neither."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime

import click

from syncagent.cli.house import house
from syncagent.cli.lazy import Command
from syncagent.cli.output import clean, json_lines, json_option, paragraph
from syncagent.cli.session import reading
from syncagent.cli.settings import Settings
from syncagent.clock import StopSignal
from syncagent.crm import explain as stored
from syncagent.crm import interactions
from syncagent.crm.database import Connection
from syncagent.crm.explain import Explanation
from syncagent.errors import NotFound
from syncagent.sync.anew import look_anew
from syncagent.wiring import Nobody

_NUMBER = re.compile(r"(?P<kind>[id]?)(?P<number>\d{1,18})")


@click.command(cls=Command)
@click.argument("what", metavar="ID")
@click.option("--as", "viewer", metavar="WHO", help="As this one of us sees it: a name, an address or a mailbox.")
@json_option
@click.pass_obj
def explain(settings: Settings, what: str, viewer: str | None, as_json: bool) -> None:
    """Say why: why something was logged, why a draft was made, why something was not logged.

    ID is i12 for an interaction, d3 for a draft, a plain number for both, or a Message-ID or a meeting's UID. What is
    stored is told from the database. Of anything else nothing was kept, so it is looked up in the mailboxes and judged
    once more.

    \b
    Examples:  syncagent explain i12
               syncagent explain "<20261120.1@kur-su.example>"
    """
    key = what.strip().removeprefix("<").removesuffix(">")
    with reading(settings) as opened, opened.database.read() as connection:
        who = interactions.one_of_us(connection, viewer) if viewer else None
        number = _NUMBER.fullmatch(key)
        if number:
            found = _numbered(connection, number["kind"], int(number["number"]), now=opened.now, viewer=who)
        else:
            found = stored.of_key(connection, key, now=opened.now, viewer=who)
    if not found and not number:
        found = _anew(settings, key)
    if not found:
        cure = (
            "Ids are shown by `syncagent interactions` and `syncagent drafts`; a Message-ID stands in a mail's header."
        )
        raise NotFound(f"Nothing has the id {clean(what)}, neither in the database nor in a mailbox.", cure=cure)
    if as_json:
        json_lines(asdict(one) for one in found)
    else:
        for one in found:
            _show(one)


def _numbered(
    connection: Connection, kind: str, number: int, *, now: datetime, viewer: int | None
) -> list[Explanation]:
    """Interactions and drafts are numbered each for themselves: a plain number may be both."""
    found = []
    if kind != "d":
        found.append(stored.of_interaction(connection, number, now=now, viewer=viewer))
    if kind != "i":
        found.append(stored.of_draft(connection, number, viewer=viewer))
    return [one for one in found if one is not None]


def _anew(settings: Settings, key: str) -> list[Explanation]:
    found: list[Explanation] = []
    with house(settings) as opened:
        for row in opened.mailboxes:
            mailbox = opened.open_mailbox(row, StopSignal(), Nobody())
            try:
                found += look_anew(mailbox.desk, key)
            finally:
                mailbox.close()
    return found


def _show(one: Explanation) -> None:
    paragraph(one.subject)
    paragraph(one.answer, indent=2)
    for step in one.trace:
        value = f": {step.value}" if step.value else ""
        paragraph(f"- {step.step}{value} [{step.verdict}]", indent=2, hanging=4)
        if step.why:
            paragraph(step.why, indent=6)
