"""Answers for the daemon's life: a pass at once and then on schedule, reports when they are due, a clean end.

One failing pass, mailbox or report never ends it: it is in the log and tried again at the next turn. Which reports are
due is decided from the database, so that one that fell into a time when the computer was off is made up for, once.
"""

from __future__ import annotations

import logging
import os

from syncagent.clock import StopSignal, stopwatch
from syncagent.daemon.timetable import Timetable
from syncagent.errors import Stopped, SyncAgentError
from syncagent.reports.delivery import Addressee, Press, addressees, deliver, due_week, is_due
from syncagent.wiring import House, Nobody
from syncagent.work import PassResult, whole_pass

log = logging.getLogger(__name__)


class Daemon:
    """Works in one house until it is asked to stop."""

    def __init__(self, house: House, stop: StopSignal) -> None:
        self._house = house
        self._stop = stop
        self._press = Press(
            database=house.database,
            clocks=house.clocks,
            secret=house.secret,
            folder=house.config.folder / "reports",
            silent_after_days=house.config.report.silent_after_days,
        )
        self._addressees = addressees(house.mailboxes)
        self._read: set[str] = set()  # mailboxes that the last pass could read

    def run(self) -> None:
        """Returns when a stop was requested and the page in hand is committed."""
        settings = self._house.config.schedule
        zones = (addressee.zone for addressee in self._addressees)
        timetable = Timetable(settings, zones, sync=self._sync, reports=self._report)
        log.info(
            "started", extra={"action": "daemon_started", "pid": os.getpid(), "every": settings.sync_every_minutes}
        )
        try:
            self._sync()
            while not self._stop.wait(timetable.wait_s()):
                timetable.run_due()
        except Stopped:
            log.info("stopped within a pass", extra={"action": "pass_stopped"})
        log.info("stopped", extra={"action": "daemon_stopped"})

    def _sync(self) -> None:
        """One pass, and the reports that are due after it. Raises ``Stopped``."""
        began = stopwatch()
        log.info("pass started", extra={"action": "pass_started"})
        try:
            result = whole_pass(self._house, self._stop, Nobody())
        except Stopped:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the next pass may go well
            _failed("pass_failed", error)
            return
        _tell(result, stopwatch() - began)
        self._read = {one.mailbox for one in result.mailboxes if "" not in one.troubles}
        self._report()

    def _report(self) -> None:
        """Delivers the reports that are due and were not delivered. Nothing is reported that was not read first."""
        settings = self._house.config.schedule
        now = self._house.clocks.domain.now()
        for addressee in self._addressees:
            if self._stop.requested():
                return
            week = due_week(settings.report_day, settings.report_time, addressee.zone, now)
            if addressee.mailbox in self._read:
                self._deliver(addressee, week)

    def _deliver(self, addressee: Addressee, week: str) -> None:
        try:
            if not is_due(self._press, addressee, week):
                return
            row = next(row for row in self._house.mailboxes if row.settings.name == addressee.mailbox)
            box = self._house.open_mailbox(row, self._stop, Nobody())
            try:
                done = deliver(self._press, addressee, week, box.outbox.box)
            finally:
                box.close()
        except Stopped:
            raise
        except Exception as error:  # noqa: BLE001 - one manager's report must not keep the others from theirs
            _failed("report_failed", error, mailbox=addressee.mailbox, week=week)
            return
        log.info(
            "report delivered",
            extra={
                "action": "report_delivered",
                "mailbox": addressee.mailbox,
                "week": week,
                "file": done.path.name,
                "inbox": done.in_inbox,
            },
        )


def _tell(result: PassResult, seconds: float) -> None:
    for one in result.mailboxes:
        for stream, error in one.troubles.items():
            log.warning(
                "%s",
                error.sentence,
                extra={
                    "action": "stream_failed" if stream else "mailbox_failed",
                    "mailbox": one.mailbox,
                    "stream": stream,
                    "error": error.code,
                },
            )
    log.info(
        "pass done",
        extra={
            "action": "pass_done",
            "mailboxes": len(result.mailboxes),
            "troubled": sum(bool(one.troubles) for one in result.mailboxes),
            "planned": result.planned,
            "placed": result.placed,
            "seconds": round(seconds, 3),
        },
    )


def _failed(action: str, error: Exception, **more: str) -> None:
    """What is expected is told in a sentence, anything else with its traceback."""
    if isinstance(error, SyncAgentError):
        log.error("%s", error.sentence, extra={"action": action, "error": error.code, **more})
    else:
        log.error("unexpected error", exc_info=error, extra={"action": action, **more})
