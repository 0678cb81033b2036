"""Answers for when the daemon does what, as the library ``schedule`` keeps it; touches the wall clock through it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

import schedule

from syncagent.config_keys import Schedule

log = logging.getLogger(__name__)

#: The longest time that is slept at once: a computer that slept itself has not counted it.
LONGEST_WAIT_S = 60.0


class Timetable:
    """Passes every few minutes, and reports at their time in each zone. Missed times are caught up once, not each."""

    def __init__(
        self,
        settings: Schedule,
        zones: Iterable[str],
        *,
        sync: Callable[[], None],
        reports: Callable[[], None],
    ) -> None:
        self._scheduler = schedule.Scheduler()
        self._scheduler.every(settings.sync_every_minutes).minutes.do(sync)
        for zone in sorted(set(zones)):
            weekly = getattr(self._scheduler.every(), settings.report_day)
            try:
                weekly.at(settings.report_time, zone).do(reports)
            except KeyError:
                # A zone that the library does not know yet: each pass looks for reports too, so it is minutes late.
                log.info("report time not scheduled", extra={"action": "zone_unknown", "zone": zone})

    def run_due(self) -> None:
        """Does what is due, in the order of its time. What a task raises comes through."""
        self._scheduler.run_pending()

    def wait_s(self) -> float:
        """How long to sleep before looking again."""
        idle = self._scheduler.idle_seconds
        return LONGEST_WAIT_S if idle is None else min(max(idle, 0.0), LONGEST_WAIT_S)
