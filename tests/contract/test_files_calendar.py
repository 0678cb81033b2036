"""Calendars on disk: what a resource may be, and how time and trouble change what is known of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syncagent.model import Content, Event, Gone, Ref, Span, Unreadable, Upsert
from tests.contract import resources
from tests.contract.files_tree import Tree
from tests.contract.reader import Reader
from tests.contract.world import NOW


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    tree = Tree(tmp_path / "mailbox")
    (tree.root / "calendar").mkdir()
    return tree


@pytest.fixture
def reader(tree: Tree) -> Reader:
    return tree.reader()


def put(tree: Tree, name: str, text: str) -> Path:
    return tree.write(f"calendar/{name}", text)


def changes(tree: Tree, reader: Reader) -> list[object]:
    return [change for page in reader.read(tree.streams()["calendar"]) for change in page.changes]


def test_refs_survive_any_name_and_uid(tree: Tree, reader: Reader) -> None:
    text = resources.resource(
        resources.event("a#b%23@neft.example", ":20261020T090000Z", "DESCRIPTION:Gündəlik"),
        resources.event("100%", ":20261020T090000Z", "RRULE:FREQ=DAILY;COUNT=2"),
    )
    put(tree, "Görüş #1 100%.ics", text)
    changes(tree, reader)
    refs = list(reader.items)
    assert len(refs) == 3
    assert [change.item for change in upserts_of(reader.source.revisit(refs))] == list(reader.items.values())
    found = reader.source.fetch(refs)
    assert sorted(content.text for content in found.values() if isinstance(content, Content)) == ["", "", "Gündəlik"]
    put(tree, "Görüş #1 100%.ics", resources.ONE_OF_TWO)
    assert {change.ref for change in changes(tree, reader) if isinstance(change, Gone)} == set(refs)


def test_a_changed_series_keeps_the_past_that_left_the_window(tree: Tree, reader: Reader) -> None:
    put(tree, "endless.ics", resources.ENDLESS)
    changes(tree, reader)
    tree.clock.advance(timedelta(days=120))
    changes(tree, reader)
    before = len(reader.items)
    put(tree, "endless.ics", resources.ENDLESS.replace("Görüş", "Başqa görüş"))
    assert not [change for change in changes(tree, reader) if isinstance(change, Gone)]
    assert len(reader.items) == before


def test_a_past_occurrence_is_revisited_outside_the_window(tree: Tree, reader: Reader) -> None:
    put(tree, "endless.ics", resources.ENDLESS)
    changes(tree, reader)
    first = min(reader.items, key=lambda ref: ref.id)
    tree.clock.advance(timedelta(days=400))
    [change] = tree.source().revisit([first])
    assert isinstance(change, Upsert)
    assert change.item == reader.items[first]


@pytest.mark.parametrize("setting", ["calendar_days_ahead", "calendar_days_back"])
def test_a_wider_window_uncovers_more(tree: Tree, setting: str) -> None:
    endless = resources.ENDLESS.replace("20260901", "20250101")
    put(tree, "endless.ics", endless)
    reader = tree.reader()
    changes(tree, reader)
    before = len(reader.items)
    tree.surroundings = replace(tree.surroundings, **{setting: getattr(tree.surroundings, setting) + 10})
    reader.restart()
    changes(tree, reader)
    assert len(reader.items) == before + 10


def test_the_window_moves_back_with_the_clock(tree: Tree, reader: Reader) -> None:
    put(tree, "endless.ics", resources.ENDLESS.replace("20260901", "20250101"))
    changes(tree, reader)
    before = len(reader.items)
    tree.clock.advance(timedelta(days=-10))
    changes(tree, reader)
    assert len(reader.items) == before + 10


def test_an_event_that_became_unreadable_is_not_gone(tree: Tree, reader: Reader) -> None:
    put(tree, "both.ics", resources.TWO_MEETINGS)
    changes(tree, reader)
    before = set(reader.items)
    put(tree, "both.ics", resources.TWO_MEETINGS.replace("20261021T090000Z", "tomorrow"))
    found = changes(tree, reader)
    assert not [change for change in found if isinstance(change, Gone)]
    [failure] = [change for change in found if isinstance(change, Unreadable)]
    assert set(reader.items) == before
    assert tree.source().revisit([failure.ref]) == [failure]
    put(tree, "both.ics", resources.TWO_MEETINGS)
    assert tree.source().revisit([failure.ref])[0] != failure


def test_a_re_read_names_the_unreadable_again(tree: Tree, reader: Reader) -> None:
    put(tree, "bad.ics", resources.NO_CALENDAR)
    put(tree, "both.ics", resources.TWO_MEETINGS.replace("20261021T090000Z", "tomorrow"))
    changes(tree, reader)
    stream = tree.streams()["calendar"]
    reader.cursors[stream.id] = reader.source.rewind(stream, Span())
    assert len([change for change in changes(tree, reader) if isinstance(change, Unreadable)]) == 2


def test_a_re_read_is_complete_within_the_window_only(tree: Tree, reader: Reader) -> None:
    stream = tree.streams()["calendar"]
    reader.cursors[stream.id] = reader.source.rewind(stream, Span(until=NOW))
    [page] = reader.read(stream)
    assert page.complete == Span(NOW - timedelta(days=90), NOW)


def test_a_resource_stays_on_one_page(tree: Tree, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.files.sweep.PAGE_ITEMS", 2)
    put(tree, "a.ics", resources.DAILY_WITH_CHANGES)
    put(tree, "b.ics", resources.WEEKLY_BERLIN)
    pages = reader.read(tree.streams()["calendar"])
    assert [len({change.ref.id.partition("#")[0] for change in page.changes}) for page in pages[:2]] == [1, 1]
    assert len(reader.items) == 7


def test_an_empty_resource_is_read_once_it_is_filled(tree: Tree, reader: Reader) -> None:
    put(tree, "single.ics", "")
    changes(tree, reader)
    assert len(reader.failures) == 1
    [ref] = reader.failures
    put(tree, "single.ics", resources.SINGLE)
    changes(tree, reader)
    assert [event.uid for event in reader.events()] == ["single@neft.example"]
    assert tree.source().revisit([ref]) == [Gone(ref)]


def test_sub_folders_are_calendars_of_their_own(tree: Tree, reader: Reader) -> None:
    tree.write("calendar/work/single.ics", resources.SINGLE)
    tree.write("calendar/home/single.ics", resources.BAKU)
    reader.read_all()
    assert {ref.stream for ref in reader.items} == {"calendar/work", "calendar/home"}


def test_a_foreign_ref_is_gone(tree: Tree) -> None:
    put(tree, "single.ics", resources.SINGLE)
    refs = [Ref("calendar", text) for text in ("", "single.ics", "single.ics#x", "single.ics#x#y#z", "../x#y#")]
    assert tree.source().revisit(refs) == [Gone(ref) for ref in refs]


def upserts_of(found: object) -> list[Upsert]:
    return [change for change in found if isinstance(change, Upsert) and isinstance(change.item, Event)]  # type: ignore[attr-defined]  # a sequence
