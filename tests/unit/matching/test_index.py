"""The index of people: who an address belongs to, at which time, and on what evidence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from syncagent.matching.freemail import free_mail_domains, is_free_mail
from syncagent.matching.index import PeopleIndex
from syncagent.matching.people import AccountDomain, Membership, OwnedAddress
from syncagent.model import Span
from syncagent.vocabulary import Certainty
from tests.unit.matching.world import (
    AGRO,
    ANAR,
    AUTUMN,
    DOMAINS,
    LEYLA,
    NIGAR,
    OLEG,
    OURS,
    SPRING,
    STEEL,
    SUMMER,
    TURAL,
    XEZER,
    address,
    index,
)

CERTAIN, QUESTION = Certainty.CERTAIN, Certainty.QUESTION
WINTER = datetime(2026, 1, 15, tzinfo=UTC)
LATER = datetime(2026, 11, 20, tzinfo=UTC)
VACANT = datetime(2026, 8, 1, tzinfo=UTC)  # Tural is between two accounts

PEOPLE = index()

MATCHES = [
    # an exact address
    (
        "leyla@xezer.example",
        LATER,
        CERTAIN,
        XEZER,
        LEYLA,
        "address leyla@xezer.example belongs to Leyla Əliyeva of account",
    ),
    ("leyla.eliyeva@gmail.com", LATER, CERTAIN, XEZER, LEYLA, "belongs to Leyla Əliyeva of account Xəzər Enerji"),
    ("nigar@bizim.example", LATER, CERTAIN, STEEL, NIGAR, "belongs to Nigar"),
    # the address changed hands
    ("tural@steel.example", WINTER, CERTAIN, STEEL, TURAL, "belongs to Tural Həsənov of account Baku Steel"),
    ("tural@steel.example", LATER, CERTAIN, STEEL, OLEG, "several accounts; domain steel.example decides"),
    # the person changed accounts
    ("tural@yandex.ru", WINTER, CERTAIN, STEEL, TURAL, "of account Baku Steel"),
    ("tural@yandex.ru", LATER, CERTAIN, AGRO, TURAL, "of account Karabakh Agro"),
    ("tural@yandex.ru", None, CERTAIN, AGRO, TURAL, "of account Karabakh Agro"),
    # a member of two accounts: the address's domain decides, else the one joined last
    ("oleg@agro.example", LATER, CERTAIN, AGRO, OLEG, "domain agro.example decides"),
    # out of every account at that time: the domain still tells the account
    ("tural@xezer.example", VACANT, CERTAIN, XEZER, None, "domain xezer.example belongs to account Xəzər Enerji"),
    # an account's domain, those below it, and the longest one first
    ("kim@xezer.example", LATER, CERTAIN, XEZER, None, "domain xezer.example belongs to account Xəzər Enerji"),
    (
        "kim@mail.baku.xezer.example",
        LATER,
        CERTAIN,
        XEZER,
        None,
        "domain xezer.example belongs to account Xəzər Enerji",
    ),
    (
        "kim@agro.steel.example",
        LATER,
        CERTAIN,
        AGRO,
        None,
        "domain agro.steel.example belongs to account Karabakh Agro",
    ),
    # a domain that changed hands, with both at once in between
    ("kim@holding.example", WINTER, CERTAIN, STEEL, None, "domain holding.example belongs to account Baku Steel"),
    (
        "kim@holding.example",
        datetime(2026, 5, 1, tzinfo=UTC),
        QUESTION,
        XEZER,
        None,
        "Xəzər Enerji and account Baku Steel",
    ),
    ("kim@holding.example", SUMMER, CERTAIN, XEZER, None, "domain holding.example belongs to account Xəzər Enerji"),
    # a shared address: never a silent pick
    (
        "satis@xezer.example",
        LATER,
        QUESTION,
        XEZER,
        None,
        "is shared by Leyla Əliyeva and Anar Quliyev, all of account",
    ),
    ("info@steel.example", WINTER, QUESTION, STEEL, None, "info@steel.example is shared by several stakeholders"),
]


@pytest.mark.parametrize(("email", "at", "certainty", "account", "stakeholder", "words"), MATCHES)
def test_an_address_is_matched(
    email: str, at: datetime | None, certainty: Certainty, account: int, stakeholder: int | None, words: str
) -> None:
    match = PEOPLE.match(address(email), at)
    assert match is not None
    assert (match.certainty, match.account_id, match.stakeholder_id) == (certainty, account, stakeholder)
    assert match.email == email
    assert words in match.reason


NO_MATCHES = [
    ("kim@gmail.com", LATER, "domain gmail.com is listed for an account, but it is a free-mail domain"),
    ("kim@mail.ru", LATER, "mail.ru is a free-mail domain"),
    ("kim@bank.az", LATER, "domain az is listed for an account, but a single word"),
    ("kim@elsewhere.example", LATER, "no account has its domain"),
    ("kim@notxezer.example", LATER, "no account has its domain"),
    ("office@mail.ru", WINTER, "is shared by Anar Quliyev and Tural Həsənov, who belong to no common account"),
    ("tural@yandex.ru", VACANT, "was in no account at that time"),
    ("sevda@gmail.com", LATER, "is ours"),
    ("kim@bizim.example", LATER, "is ours"),
    ("", LATER, "nobody has address"),
]


@pytest.mark.parametrize(("email", "at", "words"), NO_MATCHES)
def test_an_address_is_not_matched_and_the_reason_says_why(email: str, at: datetime, words: str) -> None:
    assert PEOPLE.match(address(email), at) is None
    assert words in PEOPLE.why_not(address(email), at)


def test_an_address_of_another_time_is_nobodys() -> None:
    people = PeopleIndex.build(
        version=1,
        addresses=[OwnedAddress("kim@yandex.ru", LEYLA, since=SPRING, until=SUMMER)],
        memberships=[Membership(LEYLA, XEZER)],
        domains=[],
        ours=OURS,
    )
    expected = {WINTER: False, SPRING: True, SUMMER: False, None: False}  # the end itself is outside
    assert {at: people.match(address("kim@yandex.ru"), at) is not None for at in expected} == expected
    assert "but not at that time" in people.why_not(address("kim@yandex.ru"), WINTER)


@pytest.mark.parametrize(
    ("email", "ours"),
    [
        ("sevda@gmail.com", True),
        ("someone@gmail.com", False),
        ("rauf@bizim.example", True),
        ("mailer-daemon@mx.bizim.example", False),  # a machine below our domain is not one of us
        ("rauf@notbizim.example", False),
        ("nigar@bizim.example", False),  # a stakeholder is never one of us
        ("", False),
    ],
)
def test_ours_are_exact_addresses_and_exact_domains(email: str, ours: bool) -> None:
    assert PEOPLE.is_ours(email) is ours


def test_names_are_only_for_the_evidence() -> None:
    people = PeopleIndex.build(
        version=1,
        addresses=[OwnedAddress("leyla@xezer.example", LEYLA)],
        memberships=[Membership(LEYLA, XEZER)],
        domains=[],
        ours=OURS,
    )
    match = people.match(address("leyla@xezer.example"), LATER)
    assert match is not None
    assert match.reason == "address leyla@xezer.example belongs to stakeholder 11 of account 1"


def test_the_query_names_everybody_and_every_usable_domain() -> None:
    query = PEOPLE.query(Span(SPRING, SUMMER))
    assert query.span == Span(SPRING, SUMMER)
    assert {"leyla@xezer.example", "tural@steel.example", "office@mail.ru"} <= query.emails
    assert query.domains == {row.domain for row in DOMAINS} - {"gmail.com", "az"}


def test_the_query_of_some_names_their_addresses_and_those_accounts_domains() -> None:
    assert PEOPLE.query(Span(), [TURAL]).emails == {
        "office@mail.ru",
        "info@steel.example",
        "tural@steel.example",
        "tural@yandex.ru",
        "tural@xezer.example",
    }
    assert PEOPLE.query(Span(), [TURAL]).domains == frozenset()
    assert PEOPLE.query(Span(), account_ids=[AGRO]).domains == {"agro.example", "agro.steel.example"}
    assert PEOPLE.query(Span(), account_ids=[AGRO]).emails == frozenset()
    assert PEOPLE.query(Span(), []).emails == frozenset()


def test_the_version_is_kept() -> None:
    assert PEOPLE.version == 7


@pytest.mark.parametrize(
    ("domain", "free"),
    [
        ("gmail.com", True),
        ("googlemail.com", True),
        ("box.az", True),
        ("mail.box.az", True),
        ("proton.me", True),
        ("mygmail.com", False),
        ("com", False),
        ("", False),
    ],
)
def test_free_mail_domains(domain: str, free: bool) -> None:
    assert is_free_mail(domain) is free


def test_the_list_of_free_mail_domains_is_in_normal_form() -> None:
    assert all(
        domain == domain.strip().lower() and "." in domain and domain.isascii() for domain in free_mail_domains()
    )


def test_a_free_mail_domain_never_stands_for_an_account_whoever_lists_it() -> None:
    for domain in ("hotmail.com", "mail.ru", "bk.ru", "inbox.ru", "list.ru", "icloud.com", "yahoo.com", "outlook.com"):
        people = PeopleIndex.build(
            version=1, addresses=[], memberships=[], domains=[AccountDomain(domain, XEZER)], ours=OURS
        )
        assert people.match(address(f"kim@{domain}"), LATER) is None
        assert people.query(Span()).domains == frozenset()


def test_several_tenures_of_one_person_are_one_person() -> None:
    people = PeopleIndex.build(
        version=1,
        addresses=[
            OwnedAddress("kim@yandex.ru", ANAR, until=SUMMER),
            OwnedAddress("kim@yandex.ru", ANAR, since=SPRING),  # overlaps
            OwnedAddress("kim@yandex.ru", ANAR),
        ],
        memberships=[Membership(ANAR, XEZER), Membership(ANAR, XEZER, since=SPRING)],
        domains=[],
        ours=OURS,
    )
    for at in (WINTER, datetime(2026, 5, 1, tzinfo=UTC), AUTUMN, None):
        match = people.match(address("kim@yandex.ru"), at)
        assert match is not None
        assert (match.certainty, match.stakeholder_id) == (CERTAIN, ANAR)
