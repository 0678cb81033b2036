"""Answers for ``syncagent status``: how far each folder and calendar is read, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import click

from syncagent.cli.lazy import Command
from syncagent.cli.output import Column, json_lines, json_option, moment, say, table
from syncagent.cli.session import reading
from syncagent.cli.settings import Settings
from syncagent.clock import SystemClock
from syncagent.crm import ledger
from syncagent.errors import ExitCode

#: A folder without a good run for this long is late (promise 6).
LATE_AFTER = timedelta(minutes=60)

_FINE = frozenset({"ok", "paused", "standby"})


@click.command(cls=Command)
@json_option
@click.pass_obj
def status(settings: Settings, as_json: bool) -> int:
    """Show how far each folder and calendar is read; the exit code is 1 when one needs attention.

    With --json every number is there: seen = logged + updated + removed + ignored + skipped + failed, since the folder
    was first read, together and for each kind of run.

    \b
    Example:  syncagent status --json
    """
    with reading(settings) as opened, opened.database.read() as connection:
        # The system's time and not the domain's: how late a folder is does not change with --now.
        rows = ledger.status(connection, now=SystemClock().now(), late_after=LATE_AFTER)
    needy = [row for row in rows if row["state"] not in _FINE]
    if as_json:
        json_lines(rows)
    else:
        _show(rows, opened.zone)
        _say_cures(needy)
    return ExitCode.ATTENTION if needy else ExitCode.DONE


def _show(rows: Sequence[Mapping[str, Any]], zone: str) -> None:
    table(
        [
            Column("Mailbox"),
            Column("Folder", wide=True),
            Column("State"),
            Column("Last good run"),
            Column("Seen", right=True),
            Column("Logged", right=True),
            Column("Skipped", right=True),
            Column("Failed", right=True),
        ],
        [
            (
                row["mailbox"],
                row["stream"],
                row["state"],
                moment(row["last_good_at"], zone, empty="never"),
                row["seen"],
                row["logged"],
                sum(row["skipped"].values()),
                row["open_failures"],
            )
            for row in rows
        ],
    )
    if not rows:
        say("Nothing was read yet. What to do: syncagent sync")


def _say_cures(needy: Sequence[Mapping[str, Any]]) -> None:
    for row in needy:
        message = (
            row["message"] or f"It was not read to its end for more than {LATE_AFTER // timedelta(minutes=1)} minutes."
        )
        say(f"{row['mailbox']} / {row['stream']}: {message}")
        say(f"  What to do: {row['cure'] or 'syncagent sync, or keep syncagent run going.'}")
