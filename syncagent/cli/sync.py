"""Answers for ``syncagent sync``: one pass for real, or a rehearsal of which nothing remains."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

import click

from syncagent.cli import summary
from syncagent.cli.house import working
from syncagent.cli.lazy import Command
from syncagent.cli.output import say
from syncagent.cli.progress import watched
from syncagent.cli.session import configuration, moved_to
from syncagent.cli.settings import Settings
from syncagent.clock import StopSignal, SystemClock
from syncagent.daemon.signals import asked_by_signals
from syncagent.errors import ExitCode
from syncagent.wiring import House, Nobody
from syncagent.work import rehearsed, whole_pass


@click.command(cls=Command)
@click.option("--mailbox", "names", metavar="NAME", multiple=True, help="Only this mailbox; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Show what would be logged and drafted; write nothing.")
@click.pass_obj
def sync(settings: Settings, names: tuple[str, ...], dry_run: bool) -> int:
    """Read all mailboxes once, then place the drafts that are due.

    Ctrl-C ends it after the page in hand; what was read is kept, and the next sync goes on from there. The exit code is
    1 when a mailbox or folder could not be read.

    \b
    Examples:  syncagent sync
               syncagent sync --mailbox leyla --dry-run
    """
    if dry_run:
        return rehearse(settings, names)
    with working(settings) as house:
        touches_network = house.moved and lies_at_a_provider(house, names)
        if not touches_network:
            return work(settings, house, names)
    say("With --now, network mailboxes are only rehearsed: nothing is written.")
    return rehearse(settings, names)


def work(settings: Settings, house: House, names: Sequence[str]) -> int:
    """A pass with its progress and its summary; returns the exit code. Raises ``Stopped``."""
    stop = StopSignal()
    with asked_by_signals(stop), watched(settings) as tally:
        result = whole_pass(house, stop, tally, names=names)
    summary.show_pass(result, tally)
    return ExitCode.ATTENTION if result.troubled else ExitCode.DONE


def rehearse(settings: Settings, names: Sequence[str]) -> int:
    """A pass on a copy of the database, and what it would have logged and drafted; returns the exit code."""
    config = configuration(settings)
    stop = StopSignal()
    began_at = SystemClock().now()
    with ExitStack() as stack:
        with asked_by_signals(stop), watched(settings) as tally:
            run = rehearsed(config, stop, tally, now=moved_to(settings, config), names=names)
            copy, result = stack.enter_context(run)
        summary.show_rehearsal(copy, result, tally, began_at)
    return ExitCode.ATTENTION if result.troubled else ExitCode.DONE


def lies_at_a_provider(house: House, names: Sequence[str]) -> bool:
    """Whether one of these mailboxes lies at a provider."""
    for row in house.chosen(names):
        mailbox = house.open_mailbox(row, StopSignal(), Nobody())
        mailbox.close()
        if mailbox.network:
            return True
    return False
