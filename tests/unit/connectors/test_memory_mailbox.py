"""The mailbox in memory: what can be ordered to go wrong does, and everything else stays as it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.memory.drafts import MemoryDraftBox
from connectors.memory.entry import open_draft_box, open_source
from connectors.memory.mailbox import MemoryMailbox
from connectors.memory.source import MemorySource
from connectors.memory.trouble import Call
from syncagent.clock import FixedClock, StopSignal
from syncagent.errors import AuthNeeded, ConfigProblems, RateLimited
from syncagent.model import Address, CannotTell, Event, Gone, Mail, Present, Query, Span, Stream, Upsert
from syncagent.ports import Surroundings
from syncagent.vocabulary import Role
from tests.contract.known import MemoryKnown
from tests.contract.world import Purse, make_surroundings, sample_draft

NOW = datetime(2026, 10, 27, tzinfo=UTC)
RAUF = Address("rauf@neft.example")


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(page_items=3)


@pytest.fixture
def inbox(mailbox: MemoryMailbox) -> Stream:
    return mailbox.add_stream("Inbox", Role.INBOX)


@pytest.fixture
def surroundings() -> Surroundings:
    return make_surroundings(MemoryKnown(), FixedClock(NOW), StopSignal(), Purse())


@pytest.fixture
def source(mailbox: MemoryMailbox, surroundings: Surroundings) -> MemorySource:
    return MemorySource(mailbox, surroundings)


@pytest.fixture
def box(mailbox: MemoryMailbox, surroundings: Surroundings) -> MemoryDraftBox:
    return MemoryDraftBox(mailbox, surroundings)


def mail(number: int) -> Mail:
    return Mail(message_id=f"{number}@x", from_=(RAUF,), subject="Salam", sent_at=NOW + timedelta(hours=number))


def test_a_failure_comes_when_and_as_often_as_it_was_ordered(
    mailbox: MemoryMailbox, inbox: Stream, source: MemorySource
) -> None:
    mailbox.trouble.fail(Call.PULL, RateLimited("slow down"), times=2, wait=1)
    source.pull(inbox, "")
    for _ in range(2):
        with pytest.raises(RateLimited):
            source.pull(inbox, "")
    source.pull(inbox, "")
    assert mailbox.trouble.calls == [Call.PULL] * 4


def test_failures_of_one_call_come_in_order(mailbox: MemoryMailbox, inbox: Stream, source: MemorySource) -> None:
    mailbox.trouble.fail(Call.STREAMS, AuthNeeded("sign in"))
    mailbox.trouble.fail(Call.STREAMS, RateLimited("slow down"))
    with pytest.raises(AuthNeeded):
        source.streams()
    with pytest.raises(RateLimited):
        source.streams()
    assert source.streams() == [inbox]
    mailbox.trouble.fail(Call.STREAMS, AuthNeeded("sign in"), times=9)
    mailbox.trouble.clear()
    assert source.streams() == [inbox]


def test_a_late_failure_leaves_the_work_done(mailbox: MemoryMailbox, box: MemoryDraftBox) -> None:
    mailbox.trouble.fail_late(Call.PLACE, ConnectionError("reset"))
    with pytest.raises(ConnectionError):
        box.place(sample_draft(), None)
    assert isinstance(box.find(sample_draft().marker), Present)


def test_an_early_failure_leaves_nothing(mailbox: MemoryMailbox, box: MemoryDraftBox) -> None:
    mailbox.trouble.fail(Call.PLACE, ConnectionError("refused"))
    with pytest.raises(ConnectionError):
        box.place(sample_draft(), None)
    assert mailbox.all_held() == []


def test_a_lagging_index_cannot_tell_for_a_while(mailbox: MemoryMailbox, box: MemoryDraftBox) -> None:
    box.place(sample_draft(), None)
    mailbox.trouble.blind_finds = 2
    assert isinstance(box.find(sample_draft().marker), CannotTell)
    assert isinstance(box.find(sample_draft().marker), CannotTell)
    assert isinstance(box.find(sample_draft().marker), Present)


def test_a_hook_sees_each_call_before_it_is_answered(
    mailbox: MemoryMailbox, inbox: Stream, source: MemorySource
) -> None:
    mailbox.trouble.hook = lambda call: None if call is not Call.PULL else _arrive(mailbox, inbox)
    assert len(source.pull(inbox, "").changes) == 1


def _arrive(mailbox: MemoryMailbox, inbox: Stream) -> None:
    mailbox.put(inbox.id, mail(1))


def test_a_capped_search_says_so_and_a_finer_one_finds_the_rest(
    mailbox: MemoryMailbox, inbox: Stream, source: MemorySource
) -> None:
    mailbox.search_cap = 4
    for number in range(8):
        mailbox.put(inbox.id, mail(number))
    query = Query(emails=frozenset({RAUF.email}))
    first = source.search(inbox, query, "")
    second = source.search(inbox, query, first.position)
    assert (len(first.changes), first.last, first.capped) == (3, False, False)
    assert (len(second.changes), second.last, second.capped) == (1, True, True)
    older = Query(emails=query.emails, span=Span(until=NOW + timedelta(hours=4)))
    pages = [source.search(inbox, older, "")]
    pages.append(source.search(inbox, older, pages[0].position))
    assert [page.capped for page in pages] == [False, False]
    assert sum(len(page.changes) for page in pages) == 4


def test_a_partial_change_tells_only_what_it_knows(mailbox: MemoryMailbox, inbox: Stream, source: MemorySource) -> None:
    ref = mailbox.put(inbox.id, mail(1))
    cursor = source.pull(inbox, "").cursor
    mailbox.touch(ref, categories=("Əsas",))
    [change] = source.pull(inbox, cursor).changes
    assert change == Upsert(ref, Mail(categories=("Əsas",)), mailbox.held(ref).version, known=frozenset({"categories"}))
    [whole] = source.revisit([ref])
    assert isinstance(whole, Upsert)
    assert (whole.known, whole.item.categories, whole.item.subject) == (None, ("Əsas",), "Salam")  # type: ignore[union-attr]  # a mail


def test_a_partial_change_of_an_event_tells_when_it_is(mailbox: MemoryMailbox, source: MemorySource) -> None:
    calendar = mailbox.add_stream("Calendar", Role.CALENDAR)
    event = Event("u", NOW, NOW + timedelta(hours=1), subject="Görüş", location="Bakı")
    ref = mailbox.put(calendar.id, event)
    cursor = source.pull(calendar, "").cursor
    mailbox.touch(ref, start_at=NOW + timedelta(minutes=30))
    [change] = source.pull(calendar, cursor).changes
    assert isinstance(change, Upsert)
    assert change.item == Event("u", NOW + timedelta(minutes=30), NOW + timedelta(hours=1))
    assert change.known == {"uid", "recurrence_id", "start_at", "end_at"}


@pytest.mark.parametrize("keeps", [True, False])
def test_a_moved_item_keeps_its_id_or_not(surroundings: Surroundings, keeps: bool) -> None:
    mailbox = MemoryMailbox(moves_keep_ids=keeps)
    source = MemorySource(mailbox, surroundings)
    here, there = mailbox.add_stream("Here", Role.INBOX), mailbox.add_stream("There", Role.OTHER)
    old = mailbox.put(here.id, mail(1))
    cursor = source.pull(here, "").cursor
    new = mailbox.move(old, there.id)
    assert (new.id == old.id) is keeps
    assert source.pull(here, cursor).changes == (Gone(old),)
    assert source.pull(there, "").changes == (Upsert(new, mail(1), mailbox.held(new).version),)


def test_a_renamed_folder_keeps_its_id(mailbox: MemoryMailbox, inbox: Stream, source: MemorySource) -> None:
    mailbox.rename_stream(inbox.id, "Gələnlər")
    assert source.streams() == [Stream(inbox.id, "Gələnlər", Role.INBOX)]


def test_two_mailboxes_with_one_story_are_equal(surroundings: Surroundings) -> None:
    pages = []
    for _ in range(2):
        mailbox = MemoryMailbox(page_items=3)
        mailbox.trouble.shuffles = True
        inbox = mailbox.add_stream("Inbox", Role.INBOX)
        for number in range(7):
            mailbox.put(inbox.id, mail(number))
        source = MemorySource(mailbox, surroundings)
        pages.append([source.pull(inbox, ""), source.pull(inbox, source.pull(inbox, "").cursor)])
    assert pages[0] == pages[1]


def test_the_entry_point_needs_a_mailbox(mailbox: MemoryMailbox, surroundings: Surroundings) -> None:
    for opener in (open_source, open_draft_box):
        assert opener({"mailbox": mailbox}, surroundings)
        with pytest.raises(ConfigProblems):
            opener({"kind": "memory"}, surroundings)
