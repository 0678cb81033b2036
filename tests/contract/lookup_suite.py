"""The part of the suite for ``ports.Source`` about looking things up: search, fetch, revisit and locate.

``SourceContract`` inherits it; a connector's test class need not name it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from syncagent.model import Address, Change, Content, Gone, Mail, Query, Ref, Span, Stream, Upsert
from syncagent.vocabulary import Role
from tests.contract.reader import Reader, is_upsert
from tests.contract.world import OWNER, Letter, World, letters


class LookupContract:
    """What every source guarantees for finding mail again."""

    @pytest.fixture
    def world(self) -> World:
        raise NotImplementedError("a connector's test class makes its world here")

    @pytest.fixture
    def inbox(self, world: World) -> Stream:
        return world.stream(Role.INBOX)

    @pytest.fixture
    def reader(self, world: World) -> Reader:
        return Reader(world.source, world.known)

    @pytest.fixture
    def searchable(self, world: World, inbox: Stream) -> Stream:
        """Letters of which every third has to do with Aysel: in From, To and Cc by turns."""
        aysel, other = Address("aysel@das.example", "Aysel Daşdəmirova"), Address("info@basqa.example")
        for number in range(1, 3 * world.page_items):
            people = {1: {"from_": aysel}, 4: {"to": (OWNER, aysel)}, 7: {"cc": (aysel,)}}.get(number % 9, {})
            world.deliver(inbox, Letter(number, **{"from_": other, **people}))  # type: ignore[arg-type]  # as declared
        return inbox

    @pytest.mark.parametrize(
        "query",
        [Query(emails=frozenset({"aysel@das.example"})), Query(domains=frozenset({"das.example"}))],
        ids=["address", "domain"],
    )
    def test_a_search_finds_people_newest_first_and_can_be_resumed(
        self, world: World, searchable: Stream, query: Query
    ) -> None:
        found: list[Mail] = []
        position, last = "", False
        while not last:
            page = world.source().search(searchable, query, position)
            assert len(page.changes) <= world.page_items
            found += [change.item for change in upserts_of(page.changes) if isinstance(change.item, Mail)]
            position, last = page.position, page.last
        expected = [number for number in range(1, 3 * world.page_items) if number % 3 == 1]
        assert [mail.message_id for mail in found] == [Letter(number).message_id for number in reversed(expected)]

    def test_a_search_is_bounded_by_its_span(self, world: World, searchable: Stream) -> None:
        span = Span(since=Letter(4).at, until=Letter(10).at)
        query = Query(domains=frozenset({"das.example"}), span=span)
        found = search_all(world, searchable, query)
        assert [mail.message_id for mail in found] == [Letter(7).message_id, Letter(4).message_id]

    def test_a_search_for_nobody_known_finds_nothing(self, world: World, searchable: Stream) -> None:
        assert search_all(world, searchable, Query(emails=frozenset({"nobody@das.example"}))) == []

    def test_text_and_documents_are_fetched(self, world: World, inbox: Stream, reader: Reader) -> None:
        world.deliver(inbox, Letter(1))
        world.deliver(inbox, Letter(2, document="Müqavilə.pdf"))
        reader.read(inbox)
        plain, rich = reader.ref_of(Letter(1).message_id), reader.ref_of(Letter(2).message_id)
        found = world.source().fetch([rich, plain])
        first, second = found[plain], found[rich]
        assert isinstance(first, Content) and isinstance(second, Content)
        assert "görüşə gözləyirik: ə ı ş ç ğ ö ü" in first.text
        assert first.documents == ()
        assert [document.name for document in second.documents] == ["Müqavilə.pdf"]

    def test_what_is_gone_is_missing_from_the_fetch(self, world: World, inbox: Stream, reader: Reader) -> None:
        world.deliver(inbox, Letter(1))
        world.deliver(inbox, Letter(2))
        reader.read(inbox)
        gone, there = reader.ref_of(Letter(1).message_id), reader.ref_of(Letter(2).message_id)
        world.delete(Letter(1).message_id)
        for source in (reader.source, world.source()):
            assert set(source.fetch([gone, there, Ref("never-was", "1")])) == {there}

    def test_items_are_revisited_in_the_order_asked_for(self, world: World, inbox: Stream, reader: Reader) -> None:
        world.deliver(inbox, Letter(1))
        world.deliver(inbox, Letter(2))
        reader.read(inbox)
        first, second = reader.ref_of(Letter(1).message_id), reader.ref_of(Letter(2).message_id)
        world.delete(Letter(1).message_id)
        changes = world.source().revisit([second, first, Ref("never-was", "1")])
        assert changes == [
            Upsert(second, reader.items[second], reader.versions[second]),
            Gone(first),
            Gone(Ref("never-was", "1")),
        ]

    def test_a_mail_is_located_where_it_lies_now(self, world: World, inbox: Stream, reader: Reader) -> None:
        for letter in letters(3):
            world.deliver(inbox, letter)
        archive = world.stream(Role.ARCHIVE)
        world.move(Letter(2).message_id, archive)
        assert [ref.stream for ref in world.source().locate(Letter(2).message_id)] == [archive.id]
        assert [ref.stream for ref in world.source().locate(Letter(3).message_id)] == [inbox.id]
        assert list(world.source().locate("letter@neft.example")) == []


def upserts_of(changes: Sequence[Change]) -> list[Upsert]:
    """The items among changes."""
    return [change for change in changes if is_upsert(change)]


def search_all(world: World, stream: Stream, query: Query) -> list[Mail]:
    """All pages of a search by one object."""
    source = world.source()
    found: list[Mail] = []
    position, last = "", False
    while not last:
        page = source.search(stream, query, position)
        found += [change.item for change in upserts_of(page.changes) if isinstance(change.item, Mail)]
        position, last = page.position, page.last
    return found
