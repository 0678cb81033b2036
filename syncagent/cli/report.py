"""Answers for ``syncagent report``: the weekly report on screen, in a pipe or in files."""

from __future__ import annotations

from pathlib import Path

import click

from syncagent.cli.house import house
from syncagent.cli.lazy import Command, Group
from syncagent.cli.output import as_json, json_lines, show
from syncagent.cli.settings import Settings
from syncagent.crm import interactions
from syncagent.errors import NotFound
from syncagent.reports.delivery import Addressee, Issue, Press, addressees, issue, write_file
from syncagent.reports.files import write_whole
from syncagent.reports.weekly_html import to_file_html
from syncagent.reports.weekly_json import to_json
from syncagent.reports.weekly_text import to_text
from syncagent.wiring import House


@click.group(cls=Group)
def report() -> None:
    """Make reports of contacts.

    \b
    Example:  syncagent report weekly
    """


@report.command(cls=Command)
@click.option("--week", metavar="WEEK", help="An ISO week such as 2026-W47; else the last one that is over.")
@click.option("--manager", metavar="WHO", help="Only for this one: a name, an address or a mailbox.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "text", "json"]),
    help="How to show it; text on stdout and html in files unless said otherwise.",
)
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Write a file for each manager into DIR.")
@click.pass_obj
def weekly(settings: Settings, week: str | None, manager: str | None, form: str | None, out: Path | None) -> None:
    """Make the weekly report of each manager, or of one: contacts by account, follow-ups, who is silent, what is next.

    Each report is in the language of its manager. With --out the names of the files are shown.

    \b
    Examples:  syncagent report weekly --manager leyla
               syncagent report weekly --week 2026-W47 --out reports
    """
    with house(settings) as opened:
        made = [issue(press_of(opened), one, week) for one in _chosen(opened, manager)]
        if out is not None:
            for one in made:
                show(str(_write(one, out, form or "html")))
        elif form == "json":
            json_lines(to_json(one.report) for one in made)
        elif form == "html":
            if len(made) != 1:
                raise click.UsageError("Several reports in HTML: name one --manager, or write files with --out DIR.")
            show(to_file_html(made[0].report, made[0].language, chart=made[0].chart))
        else:
            show("\n\n".join(to_text(one.report, one.language).rstrip() for one in made))


def press_of(opened: House) -> Press:
    """What making reports needs, out of the house; files go beside the configuration."""
    return Press(
        database=opened.database,
        clocks=opened.clocks,
        secret=opened.secret,
        folder=opened.config.folder / "reports",
        silent_after_days=opened.config.report.silent_after_days,
    )


def _chosen(opened: House, manager: str | None) -> list[Addressee]:
    """Those whose report is wanted, also when they do not want it in their inbox. Raises ``NotFound``."""
    everybody = addressees(opened.mailboxes, all_managers=True)
    if manager is None:
        return everybody
    with opened.database.read() as connection:
        who = interactions.one_of_us(connection, manager)
    chosen = [one for one in everybody if one.our_person_id == who]
    if not chosen:
        names = ", ".join(one.manager for one in everybody)
        raise NotFound(f"{manager} has no mailbox here.", cure=f"These have: {names}.")
    return chosen


def _write(made: Issue, folder: Path, form: str) -> Path:
    if form == "html":
        return write_file(made, folder)
    path = folder / made.file_name("json" if form == "json" else "txt")
    text = as_json(to_json(made.report)) + "\n" if form == "json" else to_text(made.report, made.language)
    write_whole(path, text.encode())
    return path
