"""Answers for reading a mailbox in memory (``ports.Source``): pages from its logs, and failures where ordered."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from connectors.interest import matches, time_of
from connectors.memory.mailbox import Entry, Held, MemoryMailbox, Shelf
from connectors.memory.trouble import Call
from syncagent.errors import CursorLost, Stopped, StreamGone
from syncagent.model import (
    Baseline,
    Change,
    Content,
    Event,
    Finding,
    Gone,
    Item,
    Mail,
    Page,
    Query,
    Ref,
    SearchPage,
    SourceTraits,
    Span,
    Stream,
    Unreadable,
    Upsert,
)
from syncagent.ports import Surroundings

#: What even the shortest change of an event tells (Graph's calendarView delta): where it belongs and when it is.
_ALWAYS_TOLD = frozenset({"uid", "start_at", "end_at", "recurrence_id"})


@dataclass(frozen=True, slots=True)
class _Cursor:
    """A place in a stream's log; during a re-read of ``again`` also the last arrival that is done."""

    era: int
    seq: int
    again: Span | None = None
    done: int = 0

    def encode(self) -> str:
        said = [self.era, self.seq] if self.again is None else [self.era, self.seq, *_bounds(self.again), self.done]
        return json.dumps(said, separators=(",", ":"))


class MemorySource:
    """Reads one mailbox. Requests are taken from the budget of the surroundings, one a call, as from a server."""

    def __init__(self, mailbox: MemoryMailbox, surroundings: Surroundings) -> None:
        self._mailbox = mailbox
        self._surroundings = surroundings

    def traits(self) -> SourceTraits:
        return SourceTraits(searches=self._mailbox.searches, network=True)

    def check(self) -> Sequence[Finding]:
        return [Finding(True, f"{len(self._mailbox.shelves)} folders and calendars in memory.")]

    def streams(self) -> Sequence[Stream]:
        with self._mailbox.trouble.around(Call.STREAMS):
            self._ask()
            return [shelf.stream for shelf in self._mailbox.shelves.values()]

    def baseline(self, stream: Stream, resume: str) -> Baseline:
        """Walks over the ids, a page a call. The cursor is taken before the walk, so that nothing falls in between."""
        if not self._mailbox.searches:
            return Baseline(cursor="", done=True)
        with self._mailbox.trouble.around(Call.BASELINE):
            shelf = self._begin(stream.id)
            start = _decode(resume, shelf) if resume else _Cursor(shelf.era, len(shelf.log), Span())
            left = sorted(held.arrival for held in shelf.items.values() if held.arrival > start.done)
            if len(left) <= self._mailbox.page_items:
                return Baseline(_Cursor(start.era, start.seq).encode(), done=True)
            return Baseline("", done=False, resume=replace(start, done=left[self._mailbox.page_items - 1]).encode())

    def pull(self, stream: Stream, cursor: str) -> Page:
        with self._mailbox.trouble.around(Call.PULL):
            shelf = self._begin(stream.id)
            place = _decode(cursor, shelf) if cursor else _Cursor(shelf.era, 0)
            page = self._read_on(shelf, place) if place.again is None else self._read_again(shelf, place, place.again)
            if not self._mailbox.trouble.shuffles:
                return page
            changes = list(page.changes)
            random.Random(cursor).shuffle(changes)
            return replace(page, changes=tuple(changes))

    def rewind(self, stream: Stream, span: Span) -> str:
        shelf = self._begin(stream.id)
        return _Cursor(shelf.era, len(shelf.log), span).encode()

    def search(self, stream: Stream, query: Query, position: str) -> SearchPage:
        with self._mailbox.trouble.around(Call.SEARCH):
            shelf = self._begin(stream.id)
            newest_first = sorted(shelf.items.values(), key=lambda held: held.arrival, reverse=True)
            found = [held for held in newest_first if not held.unreadable and matches(held.item, query)]
            served = found if self._mailbox.search_cap is None else found[: self._mailbox.search_cap]
            left = [held for held in served if not position or held.arrival < int(position)]
            page = left[: self._mailbox.page_items]
            last = len(page) == len(left)
            return SearchPage(
                changes=tuple(_change(held) for held in page),
                position=str(page[-1].arrival) if page else position,
                last=last,
                capped=last and len(served) < len(found),
            )

    def fetch(self, refs: Sequence[Ref]) -> Mapping[Ref, Content | Unreadable]:
        with self._mailbox.trouble.around(Call.FETCH):
            self._ask()
            found = [held for ref in refs if (held := self._held(ref)) is not None]
            return {
                held.ref: Unreadable(held.ref, held.unreadable) if held.unreadable else held.content for held in found
            }

    def revisit(self, refs: Sequence[Ref]) -> Sequence[Change]:
        with self._mailbox.trouble.around(Call.REVISIT):
            self._ask()
            return [Gone(ref) if (held := self._held(ref)) is None else _change(held) for ref in refs]

    def locate(self, key: str) -> Sequence[Ref]:
        with self._mailbox.trouble.around(Call.LOCATE):
            self._ask()
            return [held.ref for held in self._mailbox.all_held() if key == _key(held.item)]

    def close(self) -> None:
        """Nothing is kept open."""

    def _begin(self, stream: str) -> Shelf:
        """Asks the server for a stream. Raises ``Stopped``, ``RateLimited`` and ``StreamGone``."""
        self._ask()
        shelf = self._mailbox.shelves.get(stream)
        if shelf is None:
            raise StreamGone("The folder is no longer there.", cure="Ignore this if it was removed on purpose.")
        return shelf

    def _ask(self) -> None:
        """What every call to a server begins with. Raises ``Stopped`` and ``RateLimited``."""
        if self._surroundings.stop.requested():
            raise Stopped("The reading of the mailbox was stopped on request.")
        self._surroundings.budget.spend(requests=1)

    def _held(self, ref: Ref) -> Held | None:
        shelf = self._mailbox.shelves.get(ref.stream)
        return None if shelf is None else shelf.items.get(ref.id)

    def _read_on(self, shelf: Shelf, place: _Cursor) -> Page:
        """The log from a place on. Of an item that left meanwhile, every entry says that it is gone, as servers do."""
        repeats = self._mailbox.trouble.repeats and 0 < place.seq < len(shelf.log)
        start = place.seq - 1 if repeats else place.seq
        end = min(start + self._mailbox.page_items, len(shelf.log))
        changes = (_entry_change(shelf, entry) for entry in shelf.log[start:end])
        return Page(tuple(changes), _Cursor(place.era, end).encode(), last=end == len(shelf.log))

    def _read_again(self, shelf: Shelf, place: _Cursor, span: Span) -> Page:
        """Items of the span in the order of their arrival; behind the last of them the log goes on from the rewind."""
        left = sorted(
            (held for held in shelf.items.values() if held.arrival > place.done), key=lambda held: held.arrival
        )
        page = left[: self._mailbox.page_items]
        is_done = len(page) == len(left)
        after = _Cursor(place.era, place.seq) if is_done else replace(place, done=page[-1].arrival)
        return Page(
            changes=tuple(_change(held) for held in page if _lies_in(held, span)),
            cursor=after.encode(),
            last=is_done and place.seq == len(shelf.log),
            complete=span,
        )


def _lies_in(held: Held, span: Span) -> bool:
    at = time_of(held.item)
    return at is None or span.holds(at)


def _change(held: Held) -> Change:
    if held.unreadable:
        return Unreadable(held.ref, held.unreadable)
    return Upsert(held.ref, held.item, held.version)


def _entry_change(shelf: Shelf, entry: Entry) -> Change:
    held = shelf.items.get(entry.item)
    if held is None:
        return Gone(Ref(shelf.stream.id, entry.item))
    change = _change(held)
    if entry.known is None or isinstance(change, Unreadable | Gone):
        return change
    known = entry.known | _ALWAYS_TOLD if isinstance(held.item, Event) else entry.known
    return replace(change, item=_partial(held.item, known), known=known)


def _partial(item: Item, known: frozenset[str]) -> Item:
    """The item with only the known fields; the rest is at its default, so that nobody relies on it."""
    told = {field.name: getattr(item, field.name) for field in fields(item) if field.name in known}
    return Event(**told) if isinstance(item, Event) else Mail(**told)


def _key(item: Item) -> str:
    return item.message_id if isinstance(item, Mail) else item.uid


def _decode(text: str, shelf: Shelf) -> _Cursor:
    """Reads a cursor. Raises ``CursorLost`` when the stream's log was forgotten since, or the text is not ours."""
    try:
        era, seq, *again = json.loads(text)
        span = (
            Span(*(None if bound is None else datetime.fromisoformat(bound) for bound in again[:2])) if again else None
        )
        cursor = _Cursor(int(era), int(seq), span, int(again[2]) if again else 0)
    except (ValueError, TypeError, IndexError) as error:
        raise CursorLost(
            "The place in the folder's history is not one of ours.", detail=type(error).__name__
        ) from error
    if cursor.era != shelf.era or cursor.seq > len(shelf.log):
        raise CursorLost(
            "The server no longer knows the place in the folder's history.", cure="The folder is read again by itself."
        )
    return cursor


def _bounds(span: Span) -> list[str | None]:
    return [None if bound is None else bound.isoformat() for bound in (span.since, span.until)]
