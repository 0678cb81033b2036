"""Answers for one calendar folder: .ics resources, expanded into single events within the window of the mailbox.

A resource (a file) may hold many events. The ref of an event is ``file#uid#recurrence-id``, each part with ``%``
and ``#`` escaped. The mark of a resource is its version, and the window when something in it recurs: an endless
series is read on when the window has moved by a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.files.folders import Folder
from connectors.files.shelves import PENDING, SETTLED, Reading
from connectors.files.single_files import SingleFiles
from connectors.files.stores import Listing
from syncagent.errors import BadItem
from syncagent.formats.ical import Calendar, read_events
from syncagent.formats.limits import CALENDAR_BYTES
from syncagent.model import Change, Content, Event, Gone, Ref, Span, Unreadable, Upsert
from syncagent.ports import Surroundings

#: How far the window must have moved before a series is expanded again; also how near to the edge of the window an
#: occurrence may lie and still not be missed, since all-day dates and floating times are up to a day away from UTC.
_STEP = timedelta(days=1)
_EMPTY = "the calendar file is empty"
_CLOSED = "the calendar file may not be read"


@dataclass(frozen=True, slots=True)
class _Window:
    """The time in which series are expanded."""

    since: datetime
    until: datetime

    @property
    def span(self) -> Span:
        return Span(self.since, self.until)

    def has_moved(self, before: _Window) -> bool:
        """Whether either end is a day or more away from where it was."""
        return abs(self.since - before.since) >= _STEP or abs(self.until - before.until) >= _STEP

    def holds_surely(self, at: datetime) -> bool:
        """Whether an occurrence at that time cannot have been missed."""
        return self.since + _STEP <= at < self.until - _STEP

    def wider(self, at: datetime) -> _Window:
        """A window that surely holds ``at`` as well."""
        return _Window(min(self.since, at - _STEP), max(self.until, at + _STEP))


class CalendarShelf:
    """The events of one folder of .ics files."""

    def __init__(self, folder: Folder, surroundings: Surroundings) -> None:
        self.folder = folder
        self.store = SingleFiles(folder.path, ".ics")
        self._surroundings = surroundings
        self._owner = frozenset(address.email for address in surroundings.owner)

    def stamp(self) -> str:
        return ""

    def list(self, base: str = "") -> Listing:
        return self.store.list(base)

    def window(self) -> str:
        window = self._window
        return f"{window.since.date()}/{window.until.date()}"

    @property
    def _window(self) -> _Window:
        """From so many days back to so many ahead, on the domain's clock."""
        now = self._surroundings.clock.now()
        return _Window(
            now - timedelta(days=self._surroundings.calendar_days_back),
            now + timedelta(days=self._surroundings.calendar_days_ahead),
        )

    def item_of(self, ref_id: str) -> str:
        return _unescaped(ref_id.partition("#")[0])

    def snapshot_of(self, again: Span) -> Span:
        return _common(again, self._window.span)

    def is_current(self, item: str, version: str, mark: str) -> bool:
        if mark.startswith(PENDING):
            return mark == self._pending(item)
        known, expanded = _parse_mark(mark)
        return known == version and (expanded is None or not self._window.has_moved(expanded))

    def read(self, item: str, version: str, mark: str | None, again: Span | None) -> Reading:
        try:
            window = self._window
            calendar = self._read(item, window.span)
        except FileNotFoundError:
            if not self.store.is_there():
                raise
            return Reading((), None)
        except OSError:
            return Reading((self._unreadable(item, "", _CLOSED),), self._pending(item))
        except BadItem as error:
            pending = self._pending(item) if error.message == _EMPTY else f"{SETTLED}{version}"
            return Reading((self._unreadable(item, "", error.message),), pending)
        known, expanded = _parse_mark(mark or "")
        is_new = known != version
        changes: list[Change] = [
            self._upsert(item, event, version) for event in calendar.events if is_new or _is_due(event, expanded, again)
        ]
        if is_new or again is not None:
            changes += (self._unreadable(item, uid, reason) for uid, reason in calendar.unreadable)
            changes += self._lost(item, calendar, window)
        return Reading(changes, _mark(version, window if calendar.recurring else None))

    def scan(self, item: str, version: str, span: Span) -> Sequence[Upsert]:
        # Series have no end: what the query leaves open is closed by the window of the mailbox.
        window = self._window
        closed = Span(span.since or window.since, span.until or window.until)
        try:
            return [self._upsert(item, event, version) for event in self._read(item, closed).events]
        except (OSError, BadItem):
            return []

    def fetch(self, ref_id: str) -> Content | Unreadable | None:
        ref = Ref(self.folder.stream.id, ref_id)
        try:
            event = self._find(ref_id)
        except FileNotFoundError:
            if not self.store.is_there():
                raise
            return None
        except OSError:
            return Unreadable(ref, _CLOSED)
        except BadItem as error:
            return Unreadable(ref, error.message)
        return None if event is None else Content(text=event.description)

    def revisit(self, ref_ids: Sequence[str]) -> Sequence[Change]:
        versions = self.list().versions
        return [self._revisited(ref_id, versions) for ref_id in ref_ids]

    def _revisited(self, ref_id: str, versions: Mapping[str, str]) -> Change:
        ref = Ref(self.folder.stream.id, ref_id)
        item = self.item_of(ref_id)
        try:
            event = self._find(ref_id)
        except FileNotFoundError:
            return Gone(ref)
        except OSError:
            return Unreadable(ref, _CLOSED)
        except BadItem as error:
            return Unreadable(ref, error.message)
        return Gone(ref) if event is None else self._upsert(item, event, versions.get(item, ""))

    def locate(self, key: str) -> Iterator[Ref]:
        for item, version in self.list().versions.items():
            for upsert in self.scan(item, version, Span()):
                if isinstance(upsert.item, Event) and upsert.item.uid == key:
                    yield upsert.ref

    def _read(self, item: str, span: Span) -> Calendar:
        """Reads a resource. Raises ``OSError`` and ``BadItem``."""
        with self.store.open(item) as opened:
            raw = opened.file.read(CALENDAR_BYTES + 1)
        if not raw.strip():
            raise BadItem(_EMPTY)
        return read_events(raw, window=span, zone=self._surroundings.zone, owner=self._owner)

    def _find(self, ref_id: str) -> Event | None:
        """The event at a ref; None when its resource no longer has it. Raises ``OSError`` and ``BadItem``."""
        item, uid, recurrence_id = _parts(ref_id)
        original = _instant(recurrence_id, self._surroundings.zone)
        window = self._window if original is None else self._window.wider(original)
        calendar = self._read(item, window.span)
        for event in calendar.events:
            if event.uid == uid and event.recurrence_id == recurrence_id:
                return event
        for failed, reason in calendar.unreadable:
            if failed == uid:
                raise BadItem(reason)
        return None

    def _upsert(self, item: str, event: Event, version: str) -> Upsert:
        return Upsert(Ref(self.folder.stream.id, ref_id(item, event.uid, event.recurrence_id)), event, version)

    def _unreadable(self, item: str, uid: str, reason: str) -> Unreadable:
        return Unreadable(Ref(self.folder.stream.id, ref_id(item, uid, "")), reason)

    def _lost(self, item: str, calendar: Calendar, window: _Window) -> Iterator[Gone]:
        """Logged events that a changed resource no longer has."""
        there = {ref_id(item, event.uid, event.recurrence_id) for event in calendar.events}
        doubtful = {uid for uid, _ in calendar.unreadable}
        stream = self.folder.stream.id
        for known in self._surroundings.known.refs(stream, f"{_escaped(item)}#"):
            _, uid, recurrence_id = _parts(known)
            original = _instant(recurrence_id, self._surroundings.zone)
            # A single event comes whatever the window; where nothing was expanded, nothing can be missing.
            is_judged = original is None or window.holds_surely(original)
            if known not in there and uid not in doubtful and is_judged:
                yield Gone(Ref(stream, known))

    def _pending(self, item: str) -> str | None:
        try:
            return f"{PENDING}{self.store.fingerprint(item)}"
        except OSError:
            return None


def ref_id(item: str, uid: str, recurrence_id: str) -> str:
    """The id of an event in its stream."""
    return "#".join(_escaped(part) for part in (item, uid, recurrence_id))


def _parts(ref: str) -> tuple[str, str, str]:
    """File, UID and recurrence id of a ref."""
    item, uid, recurrence_id = (_unescaped(part) for part in f"{ref}##".split("#")[:3])
    return item, uid, recurrence_id


def _escaped(part: str) -> str:
    return part.replace("%", "%25").replace("#", "%23")


def _unescaped(part: str) -> str:
    return part.replace("%23", "#").replace("%25", "%")


def _mark(version: str, expanded: _Window | None) -> str:
    if expanded is None:
        return f"{SETTLED}{version}"
    return f"{SETTLED}{version}@{expanded.since.isoformat()}/{expanded.until.isoformat()}"


def _parse_mark(mark: str) -> tuple[str | None, _Window | None]:
    """The version that was delivered, and the window it was expanded in when something in it recurs."""
    if not mark.startswith(SETTLED):
        return None, None
    version, _, window = mark.removeprefix(SETTLED).partition("@")
    if not window:
        return version, None
    try:
        since, until = (datetime.fromisoformat(bound) for bound in window.split("/"))
    except ValueError:
        return None, None
    return version, _Window(since, until)


def _is_due(event: Event, expanded: _Window | None, again: Span | None) -> bool:
    """Of an unchanged resource: what the moved window has uncovered, and what is read again."""
    if again is not None and again.holds(event.start_at):
        return True
    if expanded is None or not event.recurrence_id:
        return False
    return event.end_at <= expanded.since + _STEP or event.start_at >= expanded.until - _STEP


def _instant(recurrence_id: str, zone: str) -> datetime | None:
    """When an occurrence was meant to start; None for a single event."""
    if not recurrence_id:
        return None
    try:
        if "T" in recurrence_id:
            return datetime.fromisoformat(recurrence_id)
        return datetime.combine(date.fromisoformat(recurrence_id), time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _common(one: Span, other: Span) -> Span:
    since = max((bound for bound in (one.since, other.since) if bound is not None), default=None)
    until = min((bound for bound in (one.until, other.until) if bound is not None), default=None)
    return Span(since, until)
