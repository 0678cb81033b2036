"""Answers for the first judgement on an item, from its header and the people: whose contact it is, may it be logged.

Pure. Whether a machine wrote a mail is ``reading``'s to say; the sync core puts the two together. What the judgement
on a skipped item names (participants, trace) serves ``explain`` and thread marks while in memory: of an unmatched
item none of it may be stored (promise 4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from syncagent.matching.index import PeopleIndex
from syncagent.model import Address, Attendee, Event, Mail, Match, TraceStep
from syncagent.vocabulary import CONTACT_ROLES, AttendeeKind, InteractionKind, Response, Role, Sensitivity, Skip


@dataclass(frozen=True, slots=True)
class Party:
    """One who is named on an item. ``role``: from, sender, to, cc, bcc; organizer or attendee of an event.

    ``match`` is None for our own people, for rooms and resources, and for whoever nobody knows; ``response`` on mail.
    """

    role: str
    address: Address
    ours: bool = False
    match: Match | None = None
    response: Response | None = None
    kind: AttendeeKind = AttendeeKind.PERSON
    optional: bool = False

    @property
    def is_person(self) -> bool:
        """Whether it can take part at all: no room, no projector, no shared calendar."""
        return self.kind in _PEOPLE


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of an item. ``skip`` None: log it, with ``direction`` as its kind.

    ``participants`` and ``direction`` are also told of what nobody matched, since it may refer to a logged mail; they
    are empty where the item was not looked into (drafts, excluded, information) or must not be (private).
    """

    skip: Skip | None
    why: str
    participants: tuple[Party, ...] = ()
    direction: InteractionKind | None = None
    trace: tuple[TraceStep, ...] = ()


_PEOPLE = frozenset({AttendeeKind.PERSON, AttendeeKind.GROUP})

#: Domains of calendars and rooms that Google writes as attendees and organisers without saying what they are.
_CALENDAR_DOMAINS = {
    "resource.calendar.google.com": AttendeeKind.RESOURCE,
    "group.calendar.google.com": AttendeeKind.RESOURCE,
}


def judge_mail(mail: Mail, index: PeopleIndex, *, role: Role, excluded: bool) -> Judgement:
    """Judges a message by its header; of several reasons to skip it own_draft goes first, then excluded, then private.

    A mail that carries our marker but lies among sent or received mail was sent: it is judged like any other.
    """
    closed = _closed_stream(mail, role=role, excluded=excluded)
    if closed is not None:
        return closed
    seen = _Seen(index, mail.at)
    parties = _mail_parties(mail, seen)
    direction = _mail_direction(parties, role)
    # Who wrote to us without a name may be anybody: that is not internal.
    only_us = Skip.INTERNAL if _author(parties) is not None else Skip.NO_STAKEHOLDER
    return _verdict(parties, direction, mail.sensitivity, only_us=only_us, seen=seen)


def judge_event(event: Event, index: PeopleIndex, *, owner: frozenset[str], excluded: bool = False) -> Judgement:
    """Judges a calendar entry. ``owner`` holds the addresses of the one whose calendar it is.

    Published information (a ticket, a holiday) is ``automated``; an entry with our own people alone is ``internal``. An
    organiser who is listed as an attendee too is one party, with the response of that line.
    """
    if excluded:
        return _closed(Skip.EXCLUDED, "it lies in an excluded calendar or category", "excluded")
    if event.information:
        return _closed(Skip.AUTOMATED, "it was published as information, not as a meeting", "information")
    seen = _Seen(index, event.start_at, owner)
    parties = _event_parties(event, seen)
    return _verdict(parties, InteractionKind.MEETING, event.sensitivity, only_us=Skip.INTERNAL, seen=seen)


def _closed_stream(mail: Mail, *, role: Role, excluded: bool) -> Judgement | None:
    """The judgement on what is not looked into at all: drafts, and streams that hold no contacts."""
    # A mail program may leave the draft flag on what it moved to Sent; the folder knows better.
    if role is Role.DRAFTS or (mail.is_draft and role is not Role.SENT):
        return _closed(Skip.OWN_DRAFT, "it is a draft, not a mail that was sent", role)
    if mail.marker and role not in CONTACT_ROLES:
        return _closed(Skip.OWN_DRAFT, "it carries the marker of a draft of ours", role)
    if excluded or role not in CONTACT_ROLES:
        return _closed(Skip.EXCLUDED, "it lies in an excluded folder or category, or in trash or junk", role)
    return None


def _closed(skip: Skip, why: str, value: str) -> Judgement:
    return Judgement(skip, why, trace=(TraceStep("place", value, skip, why),))


def _verdict(
    parties: tuple[Party, ...],
    direction: InteractionKind,
    sensitivity: Sensitivity,
    *,
    only_us: Skip,
    seen: _Seen,
) -> Judgement:
    """Weighs the parties; ``only_us`` is the reason when nobody but our own people, or nobody at all, is named."""
    people = [party for party in parties if party.is_person]
    matches = [party.match for party in people if party.match is not None]
    if matches and sensitivity is not Sensitivity.NORMAL:
        why = f"its sender or owner marked it {sensitivity}"
        return Judgement(Skip.PRIVATE, why, trace=(TraceStep("sensitivity", sensitivity, Skip.PRIVATE, why),))
    trace = tuple(seen.step(party) for party in parties)
    if matches:
        more = f" (and {len(matches) - 1} more)" if len(matches) > 1 else ""
        return Judgement(None, matches[0].reason + more, parties, direction, trace)
    if all(party.ours for party in people):
        return Judgement(only_us, "nobody but our own people is named on it", parties, direction, trace)
    return Judgement(Skip.NO_STAKEHOLDER, "nobody on it is known", parties, direction, trace)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The people as they stood at the time of one item."""

    index: PeopleIndex
    at: datetime | None
    owner: frozenset[str] = frozenset()

    def party(self, role: str, address: Address, invited: Attendee | None = None) -> Party:
        """The party with what is known of it; ``invited`` is its line in an invitation."""
        kind = AttendeeKind.PERSON if invited is None else invited.kind
        kind = _CALENDAR_DOMAINS.get(address.email.rpartition("@")[2], kind)
        ours = address.email in self.owner or self.index.is_ours(address.email)
        known = kind in _PEOPLE and not ours
        return Party(
            role,
            address,
            ours=ours,
            match=self.index.match(address, self.at) if known else None,
            response=None if invited is None else invited.response,
            kind=kind,
            optional=invited is not None and invited.optional,
        )

    def step(self, party: Party) -> TraceStep:
        """How the party was judged, in words."""
        value = f"{party.role} {party.address.email}"
        if not party.is_person:
            return TraceStep("party", value, "no", f"it is a {party.kind}, not a person")
        if party.match is not None:
            return TraceStep("party", value, party.match.certainty, party.match.reason)
        if party.ours:
            return TraceStep("party", value, "ours", f"address {party.address.email} is ours")
        return TraceStep("party", value, "no", self.index.why_not(party.address, self.at))


def _mail_parties(mail: Mail, seen: _Seen) -> tuple[Party, ...]:
    """Everybody in the header, each once per role, in its order."""
    named: list[tuple[str, Address]] = [("from", address) for address in mail.from_]
    if mail.sender is not None and all(mail.sender.email != address.email for address in mail.from_):
        named.append(("sender", mail.sender))
    for role, addresses in (("to", mail.to), ("cc", mail.cc), ("bcc", mail.bcc)):
        named += [(role, address) for address in addresses]
    parties: dict[tuple[str, str], Party] = {}
    for role, address in named:
        if address.email and (role, address.email) not in parties:
            parties[role, address.email] = seen.party(role, address)
    sender = next((party for party in parties.values() if party.role == "sender"), None)
    if sender is not None and mail.from_ and sender.match is not None and sender.match.stakeholder_id is None:
        # List servers and mail robots write themselves into Sender: beside an author only a person counts there.
        parties["sender", sender.address.email] = replace(sender, match=None)
    return tuple(parties.values())


def _mail_direction(parties: tuple[Party, ...], role: Role) -> InteractionKind:
    """Out when its author is one of us, else in; without an author the folder and the recipients tell."""
    author = _author(parties)
    if author is None:
        ours = role is Role.SENT or not any(party.ours for party in parties)
    else:
        # Whoever nobody knows and yet lies among what was sent is an alias of ours that we were not told of.
        ours = author.ours or (role is Role.SENT and author.match is None)
    return InteractionKind.MAIL_OUT if ours else InteractionKind.MAIL_IN


def _author(parties: tuple[Party, ...]) -> Party | None:
    return next((party for party in parties if party.role in ("from", "sender")), None)


def _event_parties(event: Event, seen: _Seen) -> tuple[Party, ...]:
    """Organiser and attendees, each address once, with the response that counts."""
    lines: dict[str, Attendee] = {}
    for attendee in event.attendees:
        lines.setdefault(attendee.address.email, attendee)
    parties: list[Party] = []
    organizer = event.organizer
    if organizer is not None and organizer.email:
        # Who invites takes part, unless a line of theirs says something else (Outlook writes none for the organiser).
        line = lines.pop(organizer.email, Attendee(organizer, Response.ACCEPTED))
        parties.append(seen.party("organizer", organizer, _own(line, event, seen)))
    for line in lines.values():
        if line.address.email:
            parties.append(seen.party("attendee", line.address, _own(line, event, seen)))
    return tuple(parties)


def _own(line: Attendee, event: Event, seen: _Seen) -> Attendee:
    """The line with what the provider says of the calendar's owner, which is fresher than the invitation's text."""
    if event.own_response is None or line.address.email not in seen.owner:
        return line
    return replace(line, response=event.own_response)
