"""The weekly report reaches its manager once: file, inbox, and what happens when something breaks in between."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.memory.trouble import Call
from syncagent.crm import deliveries
from syncagent.errors import StoreError, Unreachable
from syncagent.model import Mail
from syncagent.reports import chart, delivery
from syncagent.reports.delivery import Addressee, Press, addressees, deliver, due_week, is_due, issue
from syncagent.reports.files import write_whole
from tests.lab import NOW, SECRET, Lab, Manager, mail_from

LAST_WEEK = "2026-W47"


@pytest.fixture
def lab(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    monkeypatch.setattr(chart, "png", lambda _spec: b"\x89PNG\r\n\x1a\n picture")
    laboratory = Lab(database_url)
    laboratory.import_people()
    yield laboratory
    laboratory.close()


@pytest.fixture
def leyla(lab: Lab) -> Manager:
    manager = lab.manager()
    manager.receives(mail_from("gunel@xezer.az", sent_at=NOW - timedelta(days=6)))
    lab.sync()
    return manager


def press(lab: Lab, folder: Path) -> Press:
    return Press(lab.database, lab.clocks, SECRET, folder / "reports", silent_after_days=30)


def addressee(manager: Manager) -> Addressee:
    (one,) = addressees([manager.row])
    return one


def notices(manager: Manager) -> list[Mail]:
    mails = [held.item for held in manager.box.all_held() if isinstance(held.item, Mail)]
    return [mail for mail in mails if mail.message_id.endswith(".report@bizim.az")]


def test_it_is_written_and_put_into_the_inbox_once(lab: Lab, leyla: Manager, tmp_path: Path) -> None:
    desk, to = press(lab, tmp_path), addressee(leyla)
    assert is_due(desk, to, LAST_WEEK)
    done = deliver(desk, to, LAST_WEEK, leyla.drafts)
    assert done.in_inbox
    assert done.path == tmp_path / "reports" / "weekly-2026-W47-leyla.html"
    page = done.path.read_text(encoding="utf-8")
    assert "Günel Əliyeva" in page
    assert "data:image/png;base64," in page
    (mail,) = notices(leyla)
    assert mail.subject == "Həftəlik təmas hesabatı: 16–22 noyabr 2026"
    assert [address.email for address in (*mail.from_, *mail.to)] == ["leyla@bizim.az"] * 2
    assert not is_due(desk, to, LAST_WEEK)
    assert is_due(desk, to, "2026-W46")
    deliver(desk, to, LAST_WEEK, leyla.drafts)
    assert len(notices(leyla)) == 1
    assert list(desk.folder.iterdir()) == [done.path]


def test_after_a_crash_between_inbox_and_database_it_is_not_there_twice(
    lab: Lab, leyla: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, to = press(lab, tmp_path), addressee(leyla)
    with monkeypatch.context() as crash:
        crash.setattr(deliveries, "remember", lambda *_args, **_more: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deliver(desk, to, LAST_WEEK, leyla.drafts)
    assert is_due(desk, to, LAST_WEEK)
    deliver(desk, to, LAST_WEEK, leyla.drafts)
    assert len(notices(leyla)) == 1
    assert not is_due(desk, to, LAST_WEEK)


def test_a_mailbox_that_takes_no_notices_leaves_it_at_the_file(lab: Lab, tmp_path: Path) -> None:
    leyla = lab.manager(delivers=False)
    desk, to = press(lab, tmp_path), addressee(leyla)
    done = deliver(desk, to, LAST_WEEK, leyla.drafts)
    assert not done.in_inbox
    assert done.path.is_file()
    assert not is_due(desk, to, LAST_WEEK)


def test_an_inbox_that_is_away_is_tried_again(lab: Lab, leyla: Manager, tmp_path: Path) -> None:
    desk, to = press(lab, tmp_path), addressee(leyla)
    leyla.box.trouble.fail(Call.DELIVER, Unreachable("away"))
    with pytest.raises(Unreachable):
        deliver(desk, to, LAST_WEEK, leyla.drafts)
    assert is_due(desk, to, LAST_WEEK)
    assert deliver(desk, to, LAST_WEEK, leyla.drafts).in_inbox


def test_without_contacts_there_is_a_report_without_a_picture(lab: Lab, tmp_path: Path) -> None:
    made = issue(press(lab, tmp_path), addressee(lab.manager()), None)
    assert made.week == LAST_WEEK
    assert made.chart is None


def test_a_manager_with_two_mailboxes_gets_one(lab: Lab) -> None:
    leyla = lab.manager()
    second = replace(leyla.row, id=99, settings=replace(leyla.row.settings, name="leyla2"))
    unwilling = replace(leyla.row, settings=replace(leyla.row.settings, deliver_report=False))
    assert [one.mailbox for one in addressees([leyla.row, second])] == ["leyla"]
    assert [one.mailbox for one in addressees([unwilling, second])] == ["leyla2"]
    assert addressees([unwilling]) == []
    assert len(addressees([unwilling], all_managers=True)) == 1


#: Local time in Baku (UTC+4), and the week that is due then when reports come on Monday at eight.
DUE = [
    ("2026-11-23T07:59", "2026-W46"),
    ("2026-11-23T08:00", "2026-W47"),
    ("2026-11-29T23:59", "2026-W47"),
    ("2026-11-30T00:30", "2026-W47"),
    ("2027-01-04T08:00", "2026-W53"),
]


@pytest.mark.parametrize(("local", "week"), DUE)
def test_which_week_is_due(local: str, week: str) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=UTC) - timedelta(hours=4)
    assert due_week("monday", "08:00", "Asia/Baku", now) == week


def test_due_across_a_change_of_the_clock() -> None:
    # On Sunday 25 October 2026 Berlin goes from UTC+2 to UTC+1: eight o'clock on Monday is 07:00 UTC.
    before, after = datetime(2026, 10, 26, 6, 59, tzinfo=UTC), datetime(2026, 10, 26, 7, 0, tzinfo=UTC)
    assert due_week("monday", "08:00", "Europe/Berlin", before) == "2026-W42"
    assert due_week("monday", "08:00", "Europe/Berlin", after) == "2026-W43"


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r" / "report.html"
    write_whole(path, b"old")

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left") as refused:
        write_whole(path, b"new")
    assert refused.value.exit_code == 4
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_the_press_needs_no_mailbox_for_a_file(lab: Lab, leyla: Manager, tmp_path: Path) -> None:
    made = issue(press(lab, tmp_path), addressee(leyla), LAST_WEEK)
    path = delivery.write_file(made, tmp_path)
    assert path.name == made.file_name("html")
    assert is_due(press(lab, tmp_path), addressee(leyla), LAST_WEEK)
