"""Answers for iCalendar streams to ``Event``: whole files, single resources of CalDAV, invitations (RFC 5545). Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from syncagent.errors import BadItem
from syncagent.formats.components import Component, read_components
from syncagent.formats.events import at_occurrence, event_template
from syncagent.formats.recurrence import Effort
from syncagent.formats.series import Occurrence, is_recurring, occurrences, single, version
from syncagent.formats.zones import UTC_ZONE, Zones, named_zone
from syncagent.model import Event, Span

_OUT_OF_RANGE = "A date of the event lies beyond the calendar."


@dataclass(frozen=True, slots=True)
class Calendar:
    """What one stream holds. ``unreadable`` has the UID (or position) and the reason of each entry that is left out."""

    events: tuple[Event, ...]
    recurring: bool  # some event repeats: the stream must be read again when the window moves
    method: str = ""  # iTIP METHOD (RFC 5546), upper case
    unreadable: tuple[tuple[str, str], ...] = ()


def read_events(raw: bytes, *, window: Span, zone: str, owner: frozenset[str] = frozenset()) -> Calendar:
    """The events of the stream ``raw``; a series as the occurrences that overlap ``window``.

    Events that do not repeat, and overrides whose series is not in the stream, are returned whatever the window.
    Floating times and the midnights of dates are in ``zone`` (an IANA name), unless the calendar names its own.
    ``owner`` has the normal addresses of whose calendar it is. An event that cannot be read is named in ``unreadable``
    and does not hinder the others. Raises ``BadItem`` when the stream is no calendar or exceeds ``limits``.
    """
    outermost = read_components(raw)
    loose = [component for component in outermost if component.name == "VEVENT"]
    calendars = [component for component in outermost if component.name == "VCALENDAR"]
    if loose:
        calendars.append(Component("VCALENDAR", children=loose))
    if not calendars:
        raise BadItem("The calendar cannot be read: it has no VCALENDAR.")
    effort = Effort()
    readings = [_Reading(calendar, window, zone, owner, effort) for calendar in calendars]
    for reading in readings:
        reading.read()
    return Calendar(
        events=tuple(event for reading in readings for event in reading.events),
        recurring=any(reading.recurring for reading in readings),
        method=next((reading.method for reading in readings if reading.method), ""),
        unreadable=tuple(one for reading in readings for one in reading.unreadable),
    )


@dataclass(slots=True)
class _Group:
    """All components of one UID."""

    masters: list[Component] = field(default_factory=list)
    overrides: list[Component] = field(default_factory=list)


class _Reading:
    """One VCALENDAR while it is read."""

    def __init__(self, calendar: Component, window: Span, zone: str, owner: frozenset[str], effort: Effort) -> None:
        default = named_zone(calendar.text("X-WR-TIMEZONE") or "?") or named_zone(zone) or UTC_ZONE
        self.calendar = calendar
        self.window = window
        self.owner = owner
        self.effort = effort
        self.method = calendar.text("METHOD").upper()
        self.zones = Zones((child for child in calendar.children if child.name == "VTIMEZONE"), default, effort)
        self.events: list[Event] = []
        self.unreadable: list[tuple[str, str]] = []
        self.recurring = False

    def read(self) -> None:
        for uid, group in self._groups().items():
            try:
                self._read_group(uid, group)
            except BadItem as error:
                self.unreadable.append((uid, error.message))
            except OverflowError:  # years before 1 or after 9999, wherever date arithmetic meets them
                self.unreadable.append((uid, _OUT_OF_RANGE))

    def _groups(self) -> dict[str, _Group]:
        groups: dict[str, _Group] = {}
        for component in self.calendar.children:
            if component.name == "VEVENT":
                group = groups.setdefault(_uid(component), _Group())
                (group.overrides if component.first("RECURRENCE-ID") else group.masters).append(component)
        return groups

    def _read_group(self, uid: str, group: _Group) -> None:
        # Of several masters the newest counts; the last of equally new ones.
        master = max(reversed(group.masters), key=version, default=None)
        if master is not None and is_recurring(master):
            self.recurring = True
            found, broken = occurrences(master, group.overrides, self.zones, self.window, self.effort)
            self.unreadable += [(uid, reason) for reason in broken]
            self._add(uid, found)
            return
        for component in [*filter(None, [master]), *group.overrides]:
            try:
                self._add(uid, [single(component, self.zones)])
            except BadItem as error:
                self.unreadable.append((uid, error.message))

    def _add(self, uid: str, found: list[Occurrence]) -> None:
        templates: dict[int, Event] = {}  # by identity: the occurrences of a series share their components
        for occurrence in found:
            component = occurrence.component
            if id(component) not in templates:
                templates[id(component)] = event_template(
                    component, uid=uid, method=self.method, owner=self.owner, zones=self.zones
                )
            self.events.append(at_occurrence(templates[id(component)], occurrence))


def _uid(component: Component) -> str:
    """The UID; for an event that has none, against RFC 5545 3.8.4.7, one made from what it says, the same each time."""
    uid = component.text("UID")
    if uid:
        return uid
    said = "\n".join(component.text(name) for name in ("DTSTART", "SUMMARY", "ORGANIZER"))
    return "no-uid-" + hashlib.sha256(said.encode("utf-8")).hexdigest()[:32]
