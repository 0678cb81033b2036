"""The first judgement on a calendar entry: who takes part, with which answer, and why it is skipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syncagent.matching.judge import judge_event
from syncagent.model import Address, Attendee, Event
from syncagent.vocabulary import AttendeeKind, InteractionKind, Response, Sensitivity, Skip
from tests.unit.matching.world import AUTUMN, index

PEOPLE = index()
OWNER, COLLEAGUE = "rauf@bizim.example", "sevda@gmail.com"
LEYLA, UNKNOWN = "leyla@xezer.example", "kim@elsewhere.example"
ROOM = Attendee(Address("room@xezer.example"), Response.ACCEPTED, AttendeeKind.ROOM)
GOOGLE_ROOM = Attendee(Address("c_18@resource.calendar.google.com"), Response.ACCEPTED)


def invited(email: str, response: Response = Response.NEEDS_ACTION) -> Attendee:
    return Attendee(Address(email), response)


def event(organizer: str, *attendees: Attendee) -> Event:
    return Event(
        uid="u1",
        start_at=AUTUMN,
        end_at=AUTUMN + timedelta(hours=1),
        organizer=Address(organizer) if organizer else None,
        attendees=attendees,
    )


WITH_LEYLA = event(OWNER, invited(LEYLA))
CASES = [
    ("a stakeholder is invited", WITH_LEYLA, None),
    ("a stakeholder is invited by somebody else", event(UNKNOWN, invited(OWNER), invited(LEYLA)), None),
    ("a stakeholder invites", event(LEYLA, invited(OWNER)), None),
    ("a stakeholder invites and nobody else is named", event(LEYLA), None),
    ("declined or cancelled is for the state to say", event(OWNER, invited(LEYLA, Response.DECLINED)), None),
    ("an entry of one's own", event(""), Skip.INTERNAL),
    ("only the owner", event(OWNER), Skip.INTERNAL),
    ("only the owner, listed too", event(OWNER, invited(OWNER)), Skip.INTERNAL),
    ("only us and a room of theirs", event(OWNER, invited(COLLEAGUE), ROOM), Skip.INTERNAL),
    ("only a room", event("", ROOM, GOOGLE_ROOM), Skip.INTERNAL),
    ("a shared calendar as its organiser", event("c_1@group.calendar.google.com", invited(OWNER)), Skip.INTERNAL),
    ("strangers", event(OWNER, invited(UNKNOWN)), Skip.NO_STAKEHOLDER),
    ("private", replace(WITH_LEYLA, sensitivity=Sensitivity.PRIVATE), Skip.PRIVATE),
    ("confidential", replace(WITH_LEYLA, sensitivity=Sensitivity.CONFIDENTIAL), Skip.PRIVATE),
    ("private, of one's own", replace(event(OWNER), sensitivity=Sensitivity.PRIVATE), Skip.INTERNAL),
    ("a ticket", replace(event(LEYLA, invited(OWNER)), information=True), Skip.AUTOMATED),
]


@pytest.mark.parametrize(("item", "skip"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_an_event_is_judged(item: Event, skip: Skip | None) -> None:
    judgement = judge_event(item, PEOPLE, owner=frozenset({OWNER}))
    assert judgement.skip is skip
    assert judgement.why
    if skip is None:
        assert judgement.direction is InteractionKind.MEETING


def test_an_excluded_event_is_not_looked_into() -> None:
    judgement = judge_event(WITH_LEYLA, PEOPLE, owner=frozenset({OWNER}), excluded=True)
    assert (judgement.skip, judgement.participants) == (Skip.EXCLUDED, ())


def test_the_owner_is_ours_under_an_address_that_the_organisation_does_not_know() -> None:
    item = event("rauf@old-name.example", invited("rauf@old-name.example"))
    assert judge_event(item, PEOPLE, owner=frozenset({"rauf@old-name.example"})).skip is Skip.INTERNAL
    assert judge_event(item, PEOPLE, owner=frozenset({OWNER})).skip is Skip.NO_STAKEHOLDER


def test_rooms_are_named_but_never_matched() -> None:
    judgement = judge_event(event(OWNER, invited(LEYLA), ROOM, GOOGLE_ROOM), PEOPLE, owner=frozenset({OWNER}))
    assert [(party.kind, party.match is not None, party.is_person) for party in judgement.participants] == [
        (AttendeeKind.PERSON, False, True),
        (AttendeeKind.PERSON, True, True),
        (AttendeeKind.ROOM, False, False),
        (AttendeeKind.RESOURCE, False, False),
    ]


def test_the_organiser_takes_part_unless_their_own_line_says_otherwise() -> None:
    silent = judge_event(event(LEYLA, invited(OWNER)), PEOPLE, owner=frozenset({OWNER}))
    declined = judge_event(
        event(LEYLA, invited(LEYLA, Response.DECLINED), invited(OWNER)), PEOPLE, owner=frozenset({OWNER})
    )
    assert [(party.role, party.response) for party in silent.participants] == [
        ("organizer", Response.ACCEPTED),
        ("attendee", Response.NEEDS_ACTION),
    ]
    assert [(party.role, party.response) for party in declined.participants] == [
        ("organizer", Response.DECLINED),
        ("attendee", Response.NEEDS_ACTION),
    ]


def test_what_the_provider_says_of_the_owner_is_fresher_than_the_invitation() -> None:
    item = replace(event(LEYLA, invited(OWNER), invited(COLLEAGUE)), own_response=Response.TENTATIVE)
    judgement = judge_event(item, PEOPLE, owner=frozenset({OWNER}))
    assert [party.response for party in judgement.participants] == [
        Response.ACCEPTED,
        Response.TENTATIVE,
        Response.NEEDS_ACTION,
    ]


def test_an_attendee_who_is_listed_twice_is_one_party_and_optional_is_kept() -> None:
    twice = Attendee(Address(LEYLA), Response.ACCEPTED, optional=True)
    judgement = judge_event(event(OWNER, twice, invited(LEYLA), invited("")), PEOPLE, owner=frozenset({OWNER}))
    assert [(party.address.email, party.optional) for party in judgement.participants] == [
        (OWNER, False),
        (LEYLA, True),
    ]
