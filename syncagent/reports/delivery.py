"""Answers for the weekly report on its way to its manager: which is due, the file, the inbox, and that it comes once.

Reads the database, writes one file for each report and the row that says that it was delivered, and hands the mailbox a
notice through ``DraftBox.deliver``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from syncagent.clock import Clocks
from syncagent.crm import deliveries, reporting
from syncagent.crm.database import Database
from syncagent.crm.mailboxes import MailboxRow
from syncagent.crm.marks import keyed_hash
from syncagent.errors import Unsupported
from syncagent.model import Address, Notice
from syncagent.ports import DraftBox
from syncagent.reports import chart
from syncagent.reports.files import write_whole
from syncagent.reports.phrases import Phrases
from syncagent.reports.weekly import build, week_bounds
from syncagent.reports.weekly_chart import chart_spec, charted
from syncagent.reports.weekly_html import to_file_html, to_html
from syncagent.reports.weekly_report import WeeklyReport
from syncagent.reports.weekly_text import to_text

log = logging.getLogger(__name__)

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

#: The name under which the mail refers to its picture.
_CHART = "contacts"


@dataclass(frozen=True, slots=True)
class Press:
    """Everything that making reports needs."""

    database: Database
    clocks: Clocks
    secret: bytes
    folder: Path  # for the files
    silent_after_days: int


@dataclass(frozen=True, slots=True)
class Addressee:
    """A manager, and the mailbox into which the report is put."""

    our_person_id: int
    manager: str
    mailbox: str
    email: str
    zone: str


@dataclass(frozen=True)
class Issue:
    """One report of one manager, ready to be shown in any form."""

    report: WeeklyReport
    language: str
    addressee: Addressee

    @property
    def week(self) -> str:
        return self.report.week

    @cached_property
    def chart(self) -> bytes | None:
        """The picture; None when there is nothing to draw or it could not be drawn."""
        return chart.png(chart_spec(self.report, self.language)) if charted(self.report) else None

    def file_name(self, suffix: str) -> str:
        """``weekly-2026-W47-leyla.html``."""
        return f"weekly-{self.week}-{self.addressee.mailbox}.{suffix}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a report: the file, and whether it also lies in the inbox."""

    week: str
    mailbox: str
    path: Path
    in_inbox: bool


def addressees(mailboxes: Iterable[MailboxRow], *, all_managers: bool = False) -> list[Addressee]:
    """Each manager once, with the first of their mailboxes that wants the report; ``all_managers``: wanted or not."""
    found: dict[int, Addressee] = {}
    for row in mailboxes:
        if row.settings.deliver_report or all_managers:
            found.setdefault(
                row.our_person_id,
                Addressee(
                    our_person_id=row.our_person_id,
                    manager=row.settings.manager,
                    mailbox=row.settings.name,
                    email=row.settings.addresses[0],
                    zone=row.settings.zone,
                ),
            )
    return list(found.values())


def due_week(day: str, at: str, zone: str, now: datetime) -> str:
    """The week whose report was due last: the one that was over when clocks in ``zone`` last showed ``day`` ``at``."""
    here = ZoneInfo(zone)
    local = now.astimezone(here)
    back = (local.weekday() - _DAYS.index(day)) % 7
    moment = datetime.combine(local.date() - timedelta(days=back), time.fromisoformat(at), tzinfo=here)
    if moment > local:
        moment = datetime.combine(moment.date() - timedelta(days=7), moment.timetz())
    return week_bounds(None, zone, moment)[0]


def is_due(press: Press, addressee: Addressee, week: str) -> bool:
    """Whether the report of this week was not delivered yet."""
    with press.database.read() as connection:
        return not deliveries.is_delivered(connection, addressee.our_person_id, week)


def issue(press: Press, addressee: Addressee, week: str | None) -> Issue:
    """Makes the report of a week (None: the last one that is over). Raises ``ConfigProblems`` for what is no week."""
    now = press.clocks.domain.now()
    label, start, end = week_bounds(week, addressee.zone, now)
    with press.database.read() as connection:
        rows = reporting.week_of(
            connection,
            our_person_id=addressee.our_person_id,
            start_at=start,
            end_at=end,
            now=now,
            silent_since=now - timedelta(days=press.silent_after_days),
        )
    return Issue(build(rows, week=label), rows.manager.language, addressee)


def write_file(made: Issue, folder: Path) -> Path:
    """Writes the report as an HTML file that needs no other; returns where. Raises ``StoreError``."""
    path = folder / made.file_name("html")
    write_whole(path, to_file_html(made.report, made.language, chart=made.chart).encode())
    return path


def deliver(press: Press, addressee: Addressee, week: str, box: DraftBox) -> Delivery:
    """Writes the file, puts the report into the inbox, and remembers that it was delivered.

    Can be cut off anywhere and repeated: the file is written anew, and a mailbox takes a notice of the same id once.
    For a mailbox that cannot take notices the file is all. Raises what the mailbox raises else, and ``StoreError``.
    """
    made = issue(press, addressee, week)
    path = write_file(made, press.folder)
    in_inbox = False
    try:
        if box.traits().delivers:
            box.deliver(_notice(press, made))
            in_inbox = True
    except Unsupported as error:
        log.info("report not put into the inbox", extra={"action": "report_file_only", "error": error.code})
    press.database.retrying(
        partial(
            deliveries.remember,
            our_person_id=addressee.our_person_id,
            week=week,
            path=str(path),
            now=press.clocks.system.now(),
        )
    )
    return Delivery(week, addressee.mailbox, path, in_inbox)


def _notice(press: Press, made: Issue) -> Notice:
    addressee, picture = made.addressee, made.chart
    me = Address(addressee.email, addressee.manager)
    name = keyed_hash(press.secret, "report", addressee.email, made.week)
    return Notice(
        message_id=f"{name}.report@{addressee.email.rpartition('@')[2]}",
        from_=me,
        to=me,
        subject=Phrases(made.report, made.language).subject,
        text=to_text(made.report, made.language),
        html=to_html(made.report, made.language, chart_cid=_CHART if picture else None),
        at=press.clocks.domain.now(),
        images={_CHART: picture} if picture else {},
    )
