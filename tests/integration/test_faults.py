"""What goes wrong while reading, and that nothing is lost, doubled or passed over; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.memory.trouble import Call
from syncagent.crm.tables.interactions import Interaction
from syncagent.errors import AuthNeeded, RateLimited, Stopped, Unreachable
from syncagent.ports import Glimpse, Point
from syncagent.vocabulary import Role
from tests.lab import NOW, PEOPLE, Lab, mail_from, meeting


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    laboratory.import_people()
    yield laboratory
    laboratory.close()


class Cut(BaseException):
    """The power goes off."""


class CutAt:
    """An observer at whose nth sight of a point the process ends."""

    def __init__(self, point: Point, nth: int) -> None:
        self.point, self.left = point, nth

    def saw(self, glimpse: Glimpse) -> None:
        if glimpse.point is self.point:
            self.left -= 1
            if self.left == 0:
                raise Cut


POINTS = [Point.PAGE_READ, Point.COMMITTING, Point.COMMITTED]


@pytest.mark.parametrize("searches", [True, False])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("nth", [1, 2, 4])
def test_a_process_that_dies_anywhere_goes_on_without_loss_or_double(
    lab: Lab, point: Point, nth: int, searches: bool
) -> None:
    leyla = lab.manager(page_items=3, searches=searches)
    for number in range(10):
        leyla.receives(mail_from("gunel@xezer.az", f"Məktub {number}"))
    quiet, lab.observer = lab.observer, CutAt(point, nth)
    with pytest.raises(Cut):
        lab.sync()
    lab.observer = quiet
    lab.sync()
    assert lab.count(Interaction) == 10
    lab.ledger()


def test_an_unreadable_item_is_remembered_and_does_not_stop_the_others(lab: Lab) -> None:
    leyla = lab.manager(searches=False)
    bad = leyla.receives(mail_from("gunel@xezer.az", "Xarab"))
    leyla.box.spoil(bad)
    leyla.receives(mail_from("gunel@xezer.az", "Yaxşı"))
    lab.sync()
    booked = lab.ledger()
    assert (booked["logged"], booked["failed"]) == (1, 1)
    leyla.box.held(bad).unreadable = ""
    lab.sync()
    assert lab.count(Interaction) == 1, "it is not tried again before its time"
    lab.passes(timedelta(minutes=20))
    lab.sync()
    assert lab.count(Interaction) == 2
    with lab.database.read() as connection:
        from syncagent.crm import failures

        assert failures.listed(connection) == []


def test_a_lost_cursor_is_a_bounded_read_again_that_finds_what_left_meanwhile(lab: Lab) -> None:
    leyla = lab.manager(page_items=2, searches=False)
    refs = [leyla.receives(mail_from("gunel@xezer.az", f"Məktub {number}")) for number in range(6)]
    lab.sync()
    leyla.box.delete(refs[2])
    leyla.receives(mail_from("gunel@xezer.az", "Sonuncu"))
    leyla.box.lose_cursors(leyla.stream(Role.INBOX))
    lab.sync()
    gone = [row.subject for row in lab.interactions() if row.gone_at is not None]
    assert lab.count(Interaction) == 7
    assert gone == ["Məktub 2"]
    lab.ledger()


def test_repeated_and_shuffled_pages_change_nothing(lab: Lab) -> None:
    leyla = lab.manager(page_items=3)
    leyla.box.trouble.repeats = leyla.box.trouble.shuffles = True
    for number in range(8):
        leyla.receives(mail_from("gunel@xezer.az", f"Məktub {number}"))
    lab.sync()
    assert lab.count(Interaction) == 8
    lab.ledger()


def test_people_who_change_while_a_page_is_read_are_known_before_it_commits(lab: Lab) -> None:
    leyla = lab.manager(searches=False)
    leyla.receives(mail_from("late@newcustomer.com"))
    added = PEOPLE + "Yeni Müştəri,,yes,Late Comer,late@newcustomer.com,en,no\n"

    class ImportsMeanwhile:
        done = False

        def saw(self, glimpse: Glimpse) -> None:
            if glimpse.point is Point.COMMITTING and not self.done:
                self.done = True
                lab.import_people(added)

    lab.observer = ImportsMeanwhile()
    lab.sync()
    assert lab.contacts() == [("Təklif", "late@newcustomer.com", "Late Comer")]


def test_one_mailbox_in_trouble_does_not_stop_the_other(lab: Lab) -> None:
    leyla, orxan = lab.manager(), lab.manager("orxan")
    leyla.box.trouble.fail(Call.STREAMS, AuthNeeded("Sign in again.", cure="syncagent sign-in leyla"))
    orxan.receives(mail_from("gunel@xezer.az"))
    results = lab.sync()
    assert lab.count(Interaction) == 1
    assert [sorted(result.troubles) for result in results] == [[""], []]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (AuthNeeded("Sign in again.", cure="syncagent sign-in leyla"), "AuthNeeded"),
        (Unreachable("The server does not answer."), "Unreachable"),
    ],
)
def test_trouble_is_kept_with_its_stream_and_ends_with_the_next_good_run(
    lab: Lab, error: Exception, state: str
) -> None:
    leyla = lab.manager()
    leyla.receives(mail_from("gunel@xezer.az"))
    lab.sync()
    leyla.box.trouble.fail(Call.PULL, error)
    lab.sync()
    assert lab.stream_row(leyla, Role.INBOX).error == state
    lab.sync()
    row = lab.stream_row(leyla, Role.INBOX)
    assert (row.error, row.cure) == ("", "")


def test_a_provider_that_asks_to_slow_down_is_left_alone_until_then(lab: Lab) -> None:
    leyla = lab.manager()
    lab.sync()
    leyla.box.trouble.fail(Call.PULL, RateLimited("Slow down.", retry_at=NOW + timedelta(minutes=10)))
    lab.sync()
    leyla.box.trouble.calls.clear()
    lab.sync()
    assert "pull" not in leyla.box.trouble.calls
    lab.passes(timedelta(minutes=11))
    lab.sync()
    assert "pull" in leyla.box.trouble.calls


def test_a_bug_in_one_stream_does_not_stop_the_others(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    leyla = lab.manager()
    leyla.plans(meeting("gunel@xezer.az"))
    leyla.box.trouble.fail(Call.PULL, ZeroDivisionError("a bug"))
    lab.sync()
    assert lab.count(Interaction) == 1
    assert lab.stream_row(leyla, Role.INBOX).error == "Bug"


def test_a_stop_keeps_what_was_read_and_goes_on_later(lab: Lab) -> None:
    leyla = lab.manager(page_items=2)
    for number in range(6):
        leyla.receives(mail_from("gunel@xezer.az", f"Məktub {number}"))
    lab.sync()
    for number in range(6, 12):
        leyla.receives(mail_from("gunel@xezer.az", f"Məktub {number}"))

    class StopsAfterOnePage:
        def saw(self, glimpse: Glimpse) -> None:
            if glimpse.point is Point.COMMITTED and glimpse.logged:
                lab.stop.request()

    quiet, lab.observer = lab.observer, StopsAfterOnePage()
    with pytest.raises(Stopped):
        lab.sync()
    assert lab.count(Interaction) == 8
    lab.observer = quiet
    lab.go_on()
    lab.sync()
    assert lab.count(Interaction) == 12


def test_a_search_whose_result_is_cut_is_sliced_until_it_is_whole(lab: Lab) -> None:
    leyla = lab.manager(searches=True, search_cap=4, page_items=2)
    for number in range(20):
        mail = mail_from("gunel@xezer.az", f"Məktub {number}", sent_at=NOW - timedelta(days=30 * number, hours=1))
        leyla.receives(mail)
    lab.sync()
    assert lab.count(Interaction) == 20
    lab.ledger()


def test_a_stream_counts_as_complete_only_up_to_the_beginning_of_its_reading(lab: Lab) -> None:
    leyla = lab.manager()

    class TimeGoesBy:
        def saw(self, glimpse: Glimpse) -> None:
            if glimpse.point is Point.PAGE_READ:
                lab.passes(timedelta(minutes=1))

    lab.observer = TimeGoesBy()
    lab.sync()
    first = min(
        lab.stream_row(leyla, role).complete_to_at for role in (Role.INBOX, Role.SENT, Role.CALENDAR, Role.DRAFTS)
    )
    assert first == NOW
