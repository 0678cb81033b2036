"""The suite for ``ports.Source``: every connector inherits ``SourceContract`` and hands in its ``World``.

Glossary. A **round** is a row of pages from one cursor to the page that says ``last``. The **reader** stands in for
the core: what it knows after its rounds must be what lies in the mailbox, whatever happened in between. The suite
for calendars is ``calendar_suite``, the one for drafts ``draft_box_suite``; looking things up is in ``lookup_suite``.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from syncagent.errors import CursorLost, RateLimited, Stopped, StreamGone
from syncagent.model import Address, Content, Gone, Mail, Query, Span, Stream, Unreadable, Upsert
from syncagent.vocabulary import Role
from tests.contract.lookup_suite import LookupContract, search_all
from tests.contract.reader import Reader, upserts
from tests.contract.world import CLIENT, NOW, OWNER, Letter, World, letters


class SourceContract(LookupContract):
    """What every source guarantees for mail."""

    # --- Streams ------------------------------------------------------------------------------------------------

    def test_streams_have_roles_and_lasting_ids(self, world: World) -> None:
        first, second = world.source().streams(), world.source().streams()
        assert [stream.id for stream in first] == [stream.id for stream in second]
        assert len({stream.id for stream in first}) == len(first)
        assert {Role.INBOX, Role.SENT, Role.TRASH, Role.ARCHIVE, Role.CALENDAR} <= {stream.role for stream in first}

    @pytest.mark.parametrize("name", ["Müştərilər", "Göyçay şöbəsi", "Договоры", "R&D", "İcra ı ə"])
    def test_a_folder_keeps_its_name(self, world: World, reader: Reader, name: str) -> None:
        folder = world.add_folder(name)
        world.deliver(folder, Letter(1))
        assert folder in world.source().streams()
        assert (folder.name, folder.role) == (name, Role.OTHER)
        reader.read(folder)
        assert reader.ids(folder) == [Letter(1).message_id]

    def test_a_check_finds_a_good_mailbox_good(self, world: World) -> None:
        findings = world.source().check()
        assert findings
        assert all(finding.ok and finding.what for finding in findings)

    def test_a_stream_that_is_not_there_is_said_to_be_gone(self, world: World) -> None:
        with pytest.raises(StreamGone):
            world.source().pull(Stream("never-was", "Never", Role.OTHER), "")

    def test_behind_the_baseline_lies_what_is_new(self, world: World, inbox: Stream, reader: Reader) -> None:
        old = letters(2 * world.page_items + 1)
        for letter in old:
            world.deliver(inbox, letter)
        reader.baseline(inbox)
        world.deliver(inbox, Letter(500))
        reader.read(inbox)
        searches = reader.source.traits().searches
        expected = [] if searches else [letter.message_id for letter in old]
        found = reader.ids() if world.exact else [*expected, *reader.ids()[-1:]]
        assert found == [*expected, Letter(500).message_id]

    # --- Reading forward ----------------------------------------------------------------------------------------

    def test_an_empty_stream_brings_nothing(self, inbox: Stream, reader: Reader) -> None:
        page = reader.pull(inbox)
        assert (page.changes, page.last, page.complete) == ((), True, None)
        assert reader.pull(inbox).changes == ()

    def test_a_mail_comes_with_its_header(self, world: World, inbox: Stream, reader: Reader) -> None:
        cc = (Address("vuqar@neft.example", "Vüqar Şükürov"), Address("ozge@xn--ay-5ia.example"))
        letter = Letter(1, subject="Görüş haqqında: ə ı ş ç ğ ö ü İ Ə", cc=cc)
        world.deliver(inbox, letter)
        [page] = reader.read(inbox)
        [change] = page.changes
        assert isinstance(change, Upsert)
        assert change.ref.stream == inbox.id
        assert change.known is None
        mail = change.item
        assert isinstance(mail, Mail)
        assert mail.message_id == letter.message_id
        assert mail.subject == letter.subject
        assert (mail.from_, mail.to, mail.cc) == ((CLIENT,), (OWNER,), cc)
        assert mail.sent_at == letter.at
        assert mail.at is not None and mail.at.utcoffset() == timedelta(0)
        assert (mail.is_draft, mail.marker) == (False, "")

    def test_all_mail_comes_and_pages_are_bounded(self, world: World, inbox: Stream, reader: Reader) -> None:
        sent = letters(3 * world.page_items + 1)
        for letter in sent:
            world.deliver(inbox, letter)
        pages = reader.read(inbox)
        assert reader.ids() == [letter.message_id for letter in sent]
        assert all(len(page.changes) <= world.page_items for page in pages)
        assert [page.last for page in pages] == [*[False] * (len(pages) - 1), True]

    def test_reading_goes_on_in_a_fresh_object_after_each_page(
        self, world: World, inbox: Stream, reader: Reader
    ) -> None:
        sent = letters(3 * world.page_items)
        for letter in sent:
            world.deliver(inbox, letter)
        pages = reader.read(inbox, between=reader.restart)
        assert {change.ref for change in upserts(pages)} == set(reader.items)
        assert reader.ids() == [letter.message_id for letter in sent]

    def test_a_page_that_was_not_committed_comes_again(self, world: World, inbox: Stream, reader: Reader) -> None:
        for letter in letters(2 * world.page_items):
            world.deliver(inbox, letter)
        reader.pull(inbox)
        cursor = reader.cursors[inbox.id]
        first = world.source().pull(inbox, cursor)
        second = world.source().pull(inbox, cursor)
        assert (first.changes, first.last) == (second.changes, second.last)
        reader.read(inbox)
        assert len(reader.ids()) == 2 * world.page_items

    def test_an_old_cursor_after_a_commit_loses_nothing(self, world: World, inbox: Stream, reader: Reader) -> None:
        sent = letters(2 * world.page_items)
        for letter in sent:
            world.deliver(inbox, letter)
        start = reader.cursors.get(inbox.id, "")
        reader.pull(inbox)
        reader.cursors[inbox.id] = start
        reader.read(inbox)
        assert reader.ids() == [letter.message_id for letter in sent]

    def test_only_what_is_new_comes_next_time(self, world: World, inbox: Stream, reader: Reader) -> None:
        for letter in letters(5):
            world.deliver(inbox, letter)
        reader.read(inbox)
        assert reader.read(inbox)[-1].changes == ()
        world.deliver(inbox, Letter(77))
        new = [change.item.message_id for change in upserts(reader.read(inbox)) if isinstance(change.item, Mail)]
        assert new == [Letter(77).message_id] or (not world.exact and Letter(77).message_id in new)
        reader.restart()
        assert reader.read(inbox)[-1].changes == ()

    def test_mail_that_arrives_while_reading_is_found(self, world: World, inbox: Stream, reader: Reader) -> None:
        for letter in letters(2 * world.page_items, first=10):
            world.deliver(inbox, letter)
        numbers = iter([1, 5, 900, 901, 902])

        def arrive() -> None:
            world.deliver(inbox, Letter(next(numbers)))
            reader.restart()

        reader.read(inbox, between=arrive)
        reader.read(inbox)
        left = list(numbers)
        there = {1, 5, 900, 901, 902, *range(10, 10 + 2 * world.page_items)} - set(left)
        assert reader.ids() == sorted(Letter(number).message_id for number in there)

    def test_mail_that_leaves_while_reading_is_gone_in_the_end(
        self, world: World, inbox: Stream, reader: Reader
    ) -> None:
        sent = letters(3 * world.page_items)
        for letter in sent:
            world.deliver(inbox, letter)
        victims = iter([sent[0], sent[-1], *sent[5:]])
        removed: list[str] = []

        def leave() -> None:
            removed.append(next(victims).message_id)
            world.delete(removed[-1])

        reader.read(inbox, between=leave)
        reader.read(inbox)
        assert reader.ids() == sorted({letter.message_id for letter in sent} - set(removed))

    # --- Changes ------------------------------------------------------------------------------------------------

    def test_what_is_deleted_is_gone(self, world: World, inbox: Stream, reader: Reader) -> None:
        for letter in letters(3):
            world.deliver(inbox, letter)
        reader.read(inbox)
        ref = reader.ref_of(Letter(2).message_id)
        world.delete(Letter(2).message_id)
        assert Gone(ref) in reader.read(inbox)[-1].changes
        assert reader.ids() == [Letter(1).message_id, Letter(3).message_id]
        assert reader.read(inbox)[-1].changes == ()

    def test_a_move_is_gone_here_and_new_there(self, world: World, inbox: Stream, reader: Reader) -> None:
        archive = world.stream(Role.ARCHIVE)
        for letter in letters(3):
            world.deliver(inbox, letter)
        reader.read_all()
        world.move(Letter(2).message_id, archive)
        reader.read_all()
        assert reader.ids(inbox) == [Letter(1).message_id, Letter(3).message_id]
        assert reader.ids(archive) == [Letter(2).message_id]

    def test_a_mail_that_comes_back_is_there_again(self, world: World, inbox: Stream, reader: Reader) -> None:
        archive = world.stream(Role.ARCHIVE)
        world.deliver(inbox, Letter(1))
        reader.read_all()
        world.move(Letter(1).message_id, archive)
        reader.read_all()
        world.move(Letter(1).message_id, inbox)
        reader.restart()
        reader.read_all()
        assert (reader.ids(inbox), reader.ids(archive)) == ([Letter(1).message_id], [])

    def test_a_mail_that_was_read_stays_where_it_is(self, world: World, inbox: Stream, reader: Reader) -> None:
        world.deliver(inbox, Letter(1))
        reader.read(inbox)
        ref = reader.ref_of(Letter(1).message_id)
        world.flag(Letter(1).message_id)
        reader.read(inbox)
        assert reader.ref_of(Letter(1).message_id) == ref
        assert isinstance(reader.source.fetch([ref])[ref], Content)

    def test_nothing_is_said_of_mail_that_was_never_logged(self, world: World, inbox: Stream) -> None:
        reader = Reader(world.source, world.known, logs=lambda item: False)
        for letter in letters(3):
            world.deliver(inbox, letter)
        reader.read(inbox)
        world.delete(Letter(1).message_id)
        assert upserts(reader.read(inbox)) == [] or not world.exact

    def test_one_unreadable_item_does_not_stop_the_rest(self, world: World, inbox: Stream, reader: Reader) -> None:
        world.deliver(inbox, Letter(1))
        world.deliver_broken(inbox)
        world.deliver(inbox, Letter(2))
        reader.read(inbox)
        assert reader.ids() == [Letter(1).message_id, Letter(2).message_id]
        [(ref, reason)] = reader.failures.items()
        assert reason
        assert isinstance(reader.source.revisit([ref])[0], Unreadable)
        assert reader.read(inbox)[-1].last

    # --- Reading again ------------------------------------------------------------------------------------------

    def test_a_foreign_cursor_is_lost(self, world: World, inbox: Stream) -> None:
        for cursor in ("nonsense", "{}", '{"v":99}', "[]", '{"v":1,"at":"x"}'):
            with pytest.raises(CursorLost):
                world.source().pull(inbox, cursor)

    def test_a_lost_cursor_is_never_passed_over(self, world: World, inbox: Stream, reader: Reader) -> None:
        for letter in letters(3):
            world.deliver(inbox, letter)
        reader.read(inbox)
        world.lose_cursors(inbox)
        world.deliver(inbox, Letter(4))
        with pytest.raises(CursorLost):
            reader.pull(inbox)
        reader.cursors[inbox.id] = reader.source.rewind(inbox, Span())
        reader.read(inbox)
        assert reader.ids() == [letter.message_id for letter in letters(4)]

    def test_a_re_read_is_a_complete_snapshot(self, world: World, inbox: Stream, reader: Reader) -> None:
        for letter in letters(2 * world.page_items):
            world.deliver(inbox, letter)
        reader.read(inbox)
        world.delete(Letter(3).message_id)
        reader.cursors[inbox.id] = reader.source.rewind(inbox, Span())
        pages = reader.read(inbox, between=reader.restart)
        seen = {change.ref for change in upserts(page for page in pages if page.complete == Span())}
        left = [letter for letter in letters(2 * world.page_items) if letter.number != 3]
        assert seen == {reader.ref_of(letter.message_id) for letter in left}
        world.deliver(inbox, Letter(500))
        pages = reader.read(inbox)
        assert reader.ref_of(Letter(500).message_id) in {change.ref for change in upserts(pages)}
        assert all(page.complete is None for page in pages)

    def test_a_re_read_may_be_bounded(self, world: World, inbox: Stream, reader: Reader) -> None:
        for letter in letters(10):
            world.deliver(inbox, letter)
        reader.read(inbox)
        span = Span(since=Letter(4).at, until=Letter(8).at)
        reader.cursors[inbox.id] = reader.source.rewind(inbox, span)
        pages = reader.read(inbox, between=reader.restart)
        assert {page.complete for page in pages} <= {span, None}
        wanted = {reader.ref_of(Letter(number).message_id) for number in range(4, 8)}
        assert wanted == {change.ref for change in upserts(pages)}

    # --- Surroundings -------------------------------------------------------------------------------------------

    def test_reading_leaves_no_trace(self, world: World, inbox: Stream, reader: Reader) -> None:
        for letter in letters(3):
            world.deliver(inbox, letter)
        world.deliver_broken(inbox)
        before = world.picture()
        source = world.source()
        source.check()
        reader.read_all()
        search_all(world, inbox, Query(emails=frozenset({CLIENT.email})))
        source.fetch(list(reader.items))
        source.revisit(list(reader.items))
        source.locate(Letter(1).message_id)
        source.close()
        assert world.picture() == before

    def test_a_stop_is_obeyed(self, world: World, inbox: Stream, reader: Reader) -> None:
        world.deliver(inbox, Letter(1))
        world.stop.request()
        with pytest.raises(Stopped):
            reader.pull(inbox)

    def test_a_rate_limit_costs_time_and_no_mail(self, world: World, inbox: Stream, reader: Reader) -> None:
        for letter in letters(2 * world.page_items):
            world.deliver(inbox, letter)
        reader.pull(inbox)
        world.exhaust()
        with pytest.raises(RateLimited) as limited:
            reader.pull(inbox)
        assert limited.value.retry_at is None or limited.value.retry_at > NOW
        world.recover()
        reader.read(inbox)
        assert len(reader.ids()) == 2 * world.page_items
