"""The suite for events in ``ports.Source``: what every connector with a calendar guarantees.

A **resource** is an iCalendar text under a name (``resources``); what it says must arrive as single events,
expanded within the window of the surroundings, whichever way the provider tells it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from syncagent.model import Content, Gone, Query, Span, Stream, Upsert
from syncagent.vocabulary import Response, Role
from tests.contract import resources
from tests.contract.reader import Reader, upserts
from tests.contract.world import CLIENT, NOW, World


def utc(day: int, hour: int, *, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


class CalendarContract:
    """What every source guarantees for meetings."""

    @pytest.fixture
    def world(self) -> World:
        raise NotImplementedError("a connector's test class makes its world here")

    @pytest.fixture
    def calendar(self, world: World) -> Stream:
        return world.calendar()

    @pytest.fixture
    def reader(self, world: World) -> Reader:
        return Reader(world.source, world.known)

    def test_an_empty_calendar_brings_nothing(self, calendar: Stream, reader: Reader) -> None:
        page = reader.pull(calendar)
        assert (calendar.role, page.changes, page.last) == (Role.CALENDAR, (), True)

    def test_a_single_event_comes_whole(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("single", resources.SINGLE)
        reader.read(calendar)
        [event] = reader.events()
        assert (event.uid, event.recurrence_id) == ("single@neft.example", "")
        assert (event.start_at, event.end_at) == (utc(20, 9), utc(20, 10))
        assert event.subject == "Təqdimat: ə ı ş ç ğ ö ü"
        [attendee] = [one for one in event.attendees if one.address.email == CLIENT.email]
        assert attendee.response is Response.ACCEPTED

    def test_a_time_zone_is_kept_and_the_time_is_utc(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("baku", resources.BAKU)
        reader.read(calendar)
        [event] = reader.events()
        assert (event.start_at, event.zone) == (utc(28, 6), "Asia/Baku")

    def test_an_all_day_event_has_local_dates(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("fair", resources.ALL_DAY)
        reader.read(calendar)
        [event] = reader.events()
        assert event.all_day
        assert (event.start_date, event.end_date) == (date(2026, 10, 30), date(2026, 11, 1))
        assert event.start_at == utc(29, 20)  # midnight in Baku, the zone of the mailbox

    def test_a_series_keeps_its_local_time_over_the_end_of_summer(
        self, world: World, calendar: Stream, reader: Reader
    ) -> None:
        world.put_resource("weekly", resources.WEEKLY_BERLIN)
        reader.read(calendar)
        starts = [utc(13, 8), utc(20, 8), utc(27, 9), utc(3, 9, month=11)]
        assert [event.start_at for event in reader.events()] == starts
        assert [event.recurrence_id for event in reader.events()] == [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in starts]

    def test_moved_and_removed_occurrences_are_as_they_are_now(
        self, world: World, calendar: Stream, reader: Reader
    ) -> None:
        world.put_resource("daily", resources.DAILY_WITH_CHANGES)
        reader.read(calendar)
        found = {event.recurrence_id: event.start_at for event in reader.events()}
        assert found == {
            "2026-11-01T08:00:00Z": utc(1, 8, month=11),
            "2026-11-02T08:00:00Z": utc(2, 10, month=11),
            "2026-11-04T08:00:00Z": utc(4, 8, month=11),
        }

    def test_a_shortened_series_loses_its_occurrences(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("daily", resources.DAILY_WITH_CHANGES)
        reader.read(calendar)
        before = set(reader.items)
        world.put_resource("daily", resources.DAILY_SHORTENED)
        pages = reader.read(calendar)
        assert [event.start_at for event in reader.events()] == [utc(1, 8, month=11), utc(2, 8, month=11)]
        gone = {change.ref for page in pages for change in page.changes if isinstance(change, Gone)}
        assert gone == before - set(reader.items)

    def test_a_changed_event_stays_itself(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("single", resources.SINGLE)
        reader.read(calendar)
        [ref] = reader.items
        version = reader.versions[ref]
        world.put_resource("single", resources.SINGLE_MOVED)
        reader.read(calendar)
        assert list(reader.items) == [ref]
        assert reader.events()[0].start_at == utc(21, 10)
        assert reader.versions[ref] != version

    def test_a_removed_resource_takes_all_its_events_along(
        self, world: World, calendar: Stream, reader: Reader
    ) -> None:
        world.put_resource("daily", resources.DAILY_WITH_CHANGES)
        world.put_resource("single", resources.SINGLE)
        reader.read(calendar)
        world.remove_resource("daily")
        reader.read(calendar)
        assert [event.uid for event in reader.events()] == ["single@neft.example"]

    def test_one_of_two_meetings_in_a_resource_may_go(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("both", resources.TWO_MEETINGS)
        reader.read(calendar)
        assert [event.uid for event in reader.events()] == ["first@neft.example", "second#1@neft.example"]
        world.put_resource("both", resources.ONE_OF_TWO)
        reader.read(calendar)
        assert [event.uid for event in reader.events()] == ["first@neft.example"]

    def test_an_endless_series_ends_at_the_window(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("endless", resources.ENDLESS)
        reader.read(calendar)
        events = reader.events()
        assert events[0].start_at == utc(1, 8, month=9)
        assert NOW + timedelta(days=179) <= events[-1].start_at <= NOW + timedelta(days=180)

    def test_an_endless_series_goes_on_as_time_does(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("endless", resources.ENDLESS)
        world.put_resource("single", resources.SINGLE)
        reader.read(calendar)
        count = len(reader.events())
        for days in (1, 3, 30):
            world.clock.advance(timedelta(days=days))
            reader.restart()
            changes = [change for page in reader.read(calendar) for change in page.changes]
            assert changes and all(isinstance(change, Upsert) for change in changes)
            count += days
            assert len([event for event in reader.events() if event.uid.startswith("endless")]) == count - 1
        assert upserts(reader.read(calendar)) == []

    def test_what_is_no_calendar_does_not_stop_the_rest(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("a-note", resources.NO_CALENDAR)
        world.put_resource("single", resources.SINGLE)
        reader.read(calendar)
        assert [event.uid for event in reader.events()] == ["single@neft.example"]
        assert len(reader.failures) == 1

    def test_a_mended_resource_is_read(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("single", resources.NO_CALENDAR)
        reader.read(calendar)
        world.put_resource("single", resources.SINGLE)
        reader.read(calendar)
        assert [event.uid for event in reader.events()] == ["single@neft.example"]

    def test_a_re_read_brings_the_events_of_its_span(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("weekly", resources.WEEKLY_BERLIN)
        world.put_resource("single", resources.SINGLE)
        reader.read(calendar)
        span = Span(since=utc(20, 0), until=utc(28, 0))
        reader.cursors[calendar.id] = reader.source.rewind(calendar, span)
        pages = reader.read(calendar)
        assert {page.complete for page in pages} <= {span, None}
        starts = sorted(change.item.start_at for change in upserts(pages))  # type: ignore[union-attr]  # all are events
        assert starts == [utc(20, 8), utc(20, 9), utc(27, 9)]

    def test_events_are_found_by_their_people(self, world: World, calendar: Stream) -> None:
        world.put_resource("single", resources.SINGLE)
        world.put_resource("weekly", resources.WEEKLY_BERLIN)
        query = Query(emails=frozenset({CLIENT.email}), span=Span(since=utc(19, 0), until=utc(21, 0)))
        page = world.source().search(calendar, query, "")
        found = {change.item.uid for change in page.changes if isinstance(change, Upsert)}  # type: ignore[union-attr]  # all are events
        assert found == {"single@neft.example", "weekly@neft.example"}

    def test_events_are_located_fetched_and_revisited(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("single", resources.SINGLE)
        world.put_resource("weekly", resources.WEEKLY_BERLIN)
        reader.read(calendar)
        refs = sorted(world.source().locate("weekly@neft.example"))
        assert refs == sorted(ref for ref, item in reader.items.items() if item in reader.events()[:1] or ref in refs)
        assert len(refs) == 4
        found = world.source().fetch(refs)
        assert sorted(found) == refs
        assert all(isinstance(content, Content) for content in found.values())
        world.remove_resource("weekly")
        assert world.source().revisit(refs) == [Gone(ref) for ref in refs]
        assert world.source().fetch(refs) == {}

    def test_reading_a_calendar_leaves_no_trace(self, world: World, calendar: Stream, reader: Reader) -> None:
        world.put_resource("weekly", resources.WEEKLY_BERLIN)
        world.put_resource("bad", resources.NO_CALENDAR)
        before = world.picture()
        reader.read(calendar)
        reader.source.fetch(list(reader.items))
        reader.source.revisit(list(reader.items))
        assert world.picture() == before
