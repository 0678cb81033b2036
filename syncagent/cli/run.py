"""Answers for ``syncagent run``: the daemon from the outside, with its log and its signals."""

from __future__ import annotations

import logging
import sys

import click

from syncagent import logs
from syncagent.cli.house import working
from syncagent.cli.lazy import Command
from syncagent.cli.settings import Settings
from syncagent.cli.sync import lies_at_a_provider
from syncagent.clock import StopSignal
from syncagent.daemon.loop import Daemon
from syncagent.daemon.signals import asked_by_signals


@click.command(cls=Command)
@click.pass_obj
def run(settings: Settings) -> None:
    """Sync every few minutes and deliver the weekly report, until told to stop.

    How often and when is said in [schedule] of config.toml. It stays in the foreground: let your system start it.
    SIGTERM or Ctrl-C ends it after the page in hand. Its log goes to stderr, one JSON object a line, or in words on a
    terminal. One syncagent at a time works on a database: a second one ends at once with exit code 3.

    \b
    Example:  syncagent run 2>> syncagent.log
    """
    level = logging.DEBUG if settings.verbose else logging.INFO
    logs.setup(json_lines=not sys.stderr.isatty(), level=level)
    stop = StopSignal()
    with asked_by_signals(stop), working(settings) as house:
        if house.moved and lies_at_a_provider(house, ()):
            raise click.UsageError("--now moves the clock, and the daemon does not rehearse on network mailboxes.")
        Daemon(house, stop).run()
