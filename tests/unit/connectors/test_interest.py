"""Which items a search asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.interest import matches
from syncagent.model import Address, Attendee, Event, Item, Mail, Query, Span

NOW = datetime(2026, 10, 27, tzinfo=UTC)
RAUF = Address("rauf@neft.example")
MINE = Address("leyla@bizim.az")


def mail(**people: object) -> Mail:
    return Mail(sent_at=NOW, **people)  # type: ignore[arg-type]  # fields of Mail


def event(**people: object) -> Event:
    return Event("u", NOW, NOW + timedelta(hours=1), **people)  # type: ignore[arg-type]  # fields of Event


EVERY_PLACE = [
    mail(from_=(RAUF,)),
    mail(sender=RAUF),
    mail(to=(MINE, RAUF)),
    mail(cc=(RAUF,)),
    mail(bcc=(RAUF,)),
    mail(reply_to=(RAUF,)),
    event(organizer=RAUF),
    event(attendees=(Attendee(MINE), Attendee(RAUF))),
]


@pytest.mark.parametrize("item", EVERY_PLACE)
def test_a_person_is_found_in_every_place(item: Item) -> None:
    assert matches(item, Query(emails=frozenset({RAUF.email})))
    assert matches(item, Query(domains=frozenset({"neft.example"})))
    assert not matches(item, Query(emails=frozenset({"aysel@neft.example"}), domains=frozenset({"bank.example"})))


@pytest.mark.parametrize(
    ("domain", "expected"),
    [("neft.example", True), ("example", True), ("eft.example", False), ("baku.neft.example", False), ("", False)],
)
def test_a_domain_holds_its_sub_domains(domain: str, expected: bool) -> None:
    assert matches(mail(from_=(RAUF,)), Query(domains=frozenset({domain}))) is expected


def test_a_span_ends_before_its_end() -> None:
    query = Query(emails=frozenset({RAUF.email}), span=Span(NOW, NOW + timedelta(hours=1)))
    assert matches(mail(from_=(RAUF,)), query)
    assert not matches(Mail(from_=(RAUF,), sent_at=NOW + timedelta(hours=1)), query)
    assert not matches(Mail(from_=(RAUF,), sent_at=NOW - timedelta(seconds=1)), query)


def test_a_mail_without_a_time_fits_every_span() -> None:
    assert matches(Mail(from_=(RAUF,)), Query(emails=frozenset({RAUF.email}), span=Span(since=NOW)))
