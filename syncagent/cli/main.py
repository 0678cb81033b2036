"""Answers for the program ``syncagent``: its commands by name, its global options, and the exit code.

Nothing heavy is imported here: a command is loaded when it is called.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

from syncagent.cli.lazy import LazyGroup
from syncagent.cli.settings import Settings

#: Every command: its sentence in ``syncagent --help``, and where it is.
COMMANDS = {
    "demo": ("Make a small world of mailboxes and run the main job on it.", "syncagent.cli.demo_command:demo"),
    "init": ("Write config.toml: asks what it must know, then checks.", "syncagent.cli.init:init"),
    "check": ("Look at every mailbox and at the installation; name each cure.", "syncagent.cli.check:check"),
    "people": ("Import and list the stakeholders of key accounts.", "syncagent.cli.people:people"),
    "sync": ("Read all mailboxes once, then place the drafts that are due.", "syncagent.cli.sync:sync"),
    "run": ("Sync and report on schedule until told to stop.", "syncagent.cli.run:run"),
    "backfill": ("Look back in the mailboxes for some or all stakeholders.", "syncagent.cli.backfill:backfill"),
    "interactions": ("Show what was logged.", "syncagent.cli.interactions:interactions"),
    "drafts": ("Show what was prepared, and what became of it.", "syncagent.cli.drafts:drafts"),
    "explain": ("Say why: an interaction, a draft, or any mail or meeting.", "syncagent.cli.explain:explain"),
    "report": ("Make the weekly report of contacts.", "syncagent.cli.report:report"),
    "status": ("Show how far each folder and calendar is read.", "syncagent.cli.status:status"),
    "failures": ("Show what could not be read, and have it tried again.", "syncagent.cli.failures:failures"),
    "rules": ("Check and list the rules that decide on drafts.", "syncagent.cli.rules:rules"),
    "db": ("Upgrade and check the database.", "syncagent.cli.database:db"),
}


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version  # only here: it is slow to load

        click.echo(f"syncagent {version('syncagent')}")
        ctx.exit()


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Reads mail and calendars of key account managers, logs their contacts in a CRM database and prepares follow-ups
    as drafts. It never sends anything.

    \b
    See it at work:   syncagent demo
    Begin for real:   syncagent init
                      syncagent people import people.csv
                      syncagent sync
    """
    import logging

    from syncagent import logs

    logs.setup(level=logging.INFO if ctx.ensure_object(Settings).verbose else logging.WARNING)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code; never raises for what went wrong."""
    _prepare(sys.stdout)
    _prepare(sys.stderr)
    settings = Settings()
    try:
        outcome = cli.main(
            args=None if arguments is None else list(arguments),
            prog_name="syncagent",
            standalone_mode=False,
            obj=settings,
        )
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else 0
    except BrokenPipeError:  # whoever read our output has had enough, and the interpreter must not try again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except SystemExit as end:  # click's own way out when nobody reads our output any more
        return end.code if isinstance(end.code, int) else 1
    except BaseException as error:  # noqa: BLE001 - the last place where anything can be told to a person
        from syncagent.cli.errors import explain

        return explain(error, verbose=settings.verbose)


def _prepare(stream: object) -> None:
    """Into a pipe or file goes UTF-8 whatever the locale says; a terminal that lacks a letter shows a question mark."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")
