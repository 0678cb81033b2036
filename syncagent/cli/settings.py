"""Answers for the options that every command knows; light, because even ``--help`` loads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import click


@dataclass(slots=True)
class Settings:
    """What was said before, or behind, the name of the command."""

    config: str | None = None
    now: datetime | None = None  # as it was written: naive means in the zone of the configuration
    verbose: bool = False


def moment(value: str) -> datetime:
    """A day or a time in ISO 8601; one without an offset stays naive until the configuration's zone is known."""
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        raise click.BadParameter(
            f"“{value}” is neither a day (2026-11-20) nor a time (2026-11-20T09:30+04:00)."
        ) from None


def in_zone(at: datetime | date, zone: str) -> datetime:
    """An aware time: what has no offset is taken in ``zone``, and a day begins at its midnight there."""
    if not isinstance(at, datetime):
        at = datetime.combine(at, time.min)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def _kept(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
        if value:
            setattr(ctx.ensure_object(Settings), name, value)

    return keep


def global_options(*, hidden: bool) -> list[click.Parameter]:
    """``--config``, ``--now`` and ``--verbose``: shown at the program, and understood at each command as well."""
    return [
        click.Option(
            ["--config"],
            metavar="FILE",
            help="The configuration to use; else SYNCAGENT_CONFIG, ./config.toml, or the one of this user.",
            callback=_kept("config"),
            expose_value=False,
            hidden=hidden,
        ),
        click.Option(
            ["--now"],
            metavar="TIME",
            type=moment,
            help="Let it be this time (2026-11-20T09:30) for everything that is due. A rehearsal on network mailboxes.",
            callback=_kept("now"),
            expose_value=False,
            hidden=hidden,
        ),
        click.Option(
            ["--verbose"],
            is_flag=True,
            help="Say more on stderr, and show where an unexpected error came from.",
            callback=_kept("verbose"),
            expose_value=False,
            hidden=hidden,
        ),
    ]
