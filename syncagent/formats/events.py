"""Answers for one VEVENT to ``Event``: everything about it but its recurrence (RFC 5545 3.6.1, RFC 7986). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from syncagent.errors import BadItem
from syncagent.formats.addresses import normal
from syncagent.formats.charsets import clean
from syncagent.formats.components import Component, Property
from syncagent.formats.html import html_to_text
from syncagent.formats.limits import ATTENDEES, CATEGORIES, CATEGORY_CHARS, NAME_CHARS, SUBJECT_CHARS, TEXT_CHARS
from syncagent.formats.moments import read_moment
from syncagent.formats.series import Occurrence, version
from syncagent.formats.zones import UTC_ZONE, Zones
from syncagent.model import Address, Attendee, Event
from syncagent.vocabulary import AttendeeKind, EventStatus, Response, Sensitivity

_STATUSES = {"TENTATIVE": EventStatus.TENTATIVE, "CANCELLED": EventStatus.CANCELLED}
_RESPONSES = {
    "ACCEPTED": Response.ACCEPTED,
    "TENTATIVE": Response.TENTATIVE,
    "DECLINED": Response.DECLINED,
    "DELEGATED": Response.DELEGATED,
}
_KINDS = {"GROUP": AttendeeKind.GROUP, "ROOM": AttendeeKind.ROOM, "RESOURCE": AttendeeKind.RESOURCE}
#: RFC 5545 3.8.1.3: a CLASS that nobody knows is treated as PRIVATE.
_SENSITIVITIES = {
    "": Sensitivity.NORMAL,
    "PUBLIC": Sensitivity.NORMAL,
    "PERSONAL": Sensitivity.PERSONAL,
    "CONFIDENTIAL": Sensitivity.CONFIDENTIAL,
}
#: Where the address of an online meeting stands, the surest place first; URL is often but a page about the event.
_LINKS = ("X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "CONFERENCE", "LOCATION", "URL")
_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}", re.I)
#: Google and Outlook put HTML into DESCRIPTION, which is meant to be plain text.
_MARKUP = re.compile(r"</?(?:a|b|body|br|div|html|i|li|p|span|table|u|ul)\b[^<>]*>", re.I)


def event_template(component: Component, *, uid: str, method: str, owner: frozenset[str], zones: Zones) -> Event:
    """The event with everything that its occurrences share; its times are placeholders until ``at_occurrence``.

    ``method`` is that of the calendar around it, ``owner`` the normal addresses of whose calendar it is. Raises
    nothing: what cannot be read is left at its default.
    """
    attendees = tuple(_attendees(component))[:ATTENDEES]
    organizer = _address(component.first("ORGANIZER"))
    return Event(
        uid=uid,
        start_at=datetime.min.replace(tzinfo=UTC),
        end_at=datetime.min.replace(tzinfo=UTC),
        organizer=organizer,
        attendees=attendees,
        subject=" ".join(clean(component.text("SUMMARY")).split())[:SUBJECT_CHARS],
        description=_description(component)[:TEXT_CHARS],
        location=" ".join(clean(component.text("LOCATION")).split())[:SUBJECT_CHARS],
        status=_status(component, method),
        sensitivity=_SENSITIVITIES.get(component.text("CLASS").upper(), Sensitivity.PRIVATE),
        own_response=_own_response(organizer, attendees, owner),
        sequence=version(component)[0],
        stamp_at=_stamp(component, zones),
        free=_is_free(component),
        online_url=next(_links(component), ""),
        categories=tuple(dict.fromkeys(_categories(component)))[:CATEGORIES],
        # RFC 5546 3.2.1 allows no attendees in a published event; one that has them is an export of a real meeting.
        information=method == "PUBLISH" and not attendees,
    )


def at_occurrence(template: Event, occurrence: Occurrence) -> Event:
    """The event of one occurrence. The instants of dates are midnights of the calendar's default zone."""
    start = occurrence.start
    event = replace(
        template,
        start_at=start.at,
        end_at=occurrence.end_at,
        recurrence_id=occurrence.recurrence_id,
        zone=start.zone.name if not start.is_date else "",
    )
    if not start.is_date:
        return event
    last = occurrence.end_at.astimezone(start.zone.tz).date()
    return replace(event, all_day=True, start_date=start.wall.date(), end_date=last)


def _attendees(component: Component) -> Iterator[Attendee]:
    for found in component.all("ATTENDEE"):
        address = _address(found)
        if address:
            yield Attendee(
                address,
                _RESPONSES.get(found.parameters.get("PARTSTAT", "").upper(), Response.NEEDS_ACTION),
                _KINDS.get(found.parameters.get("CUTYPE", "").upper(), AttendeeKind.PERSON),
                found.parameters.get("ROLE", "").upper() in ("OPT-PARTICIPANT", "NON-PARTICIPANT"),
            )


def _address(found: Property | None) -> Address | None:
    """A CAL-ADDRESS; where the value is no e-mail address, the EMAIL parameter tells it (RFC 7986 6.2)."""
    if not found:
        return None
    email = normal(found.value) or normal(found.parameters.get("EMAIL", ""))
    name = " ".join(found.parameters.get("CN", "").split())[:NAME_CHARS]
    return Address(email, "" if normal(name) == email else name) if email else None


def _status(component: Component, method: str) -> EventStatus:
    if method == "CANCEL":
        return EventStatus.CANCELLED
    return _STATUSES.get(component.text("STATUS").upper(), EventStatus.CONFIRMED)


def _own_response(organizer: Address | None, attendees: tuple[Attendee, ...], owner: frozenset[str]) -> Response | None:
    """Who calls a meeting takes part in it; else what the owner answered, None when the owner is not in it."""
    if organizer and organizer.email in owner:
        return Response.ACCEPTED
    return next((attendee.response for attendee in attendees if attendee.address.email in owner), None)


def _description(component: Component) -> str:
    text = component.text("DESCRIPTION")
    if not text:
        text = component.text("X-ALT-DESC")
    return html_to_text(text) if _MARKUP.search(text) else clean(text).strip()


def _stamp(component: Component, zones: Zones) -> datetime | None:
    found = component.first("DTSTAMP")
    try:
        return read_moment(found, zones, floating=UTC_ZONE).at if found else None
    except BadItem:
        return None


def _is_free(component: Component) -> bool:
    if component.text("X-MICROSOFT-CDO-BUSYSTATUS").upper() == "FREE":
        return True
    return component.text("TRANSP").upper() == "TRANSPARENT"


def _links(component: Component) -> Iterator[str]:
    for name in _LINKS:
        for found in component.all(name):
            link = _LINK.search(found.text)
            if link:
                yield link[0]


def _categories(component: Component) -> Iterator[str]:
    for found in component.all("CATEGORIES"):
        yield from (clean(word)[:CATEGORY_CHARS] for word in found.texts)
