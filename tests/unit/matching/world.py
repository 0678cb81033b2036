"""A small world of people that the tests of matching share."""

from __future__ import annotations

from datetime import UTC, datetime

from syncagent.matching.index import PeopleIndex
from syncagent.matching.people import AccountDomain, Membership, Ours, OwnedAddress
from syncagent.model import Address

XEZER, STEEL, AGRO = 1, 2, 3
LEYLA, ANAR, TURAL, NIGAR, OLEG = 11, 12, 13, 14, 15

SPRING = datetime(2026, 4, 1, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 1, tzinfo=UTC)

OURS = Ours(emails=frozenset({"sevda@gmail.com"}), domains=frozenset({"bizim.example"}))
STAKEHOLDERS = {
    LEYLA: "Leyla Əliyeva",
    ANAR: "Anar Quliyev",
    TURAL: "Tural Həsənov",
    NIGAR: "Nigar",
    OLEG: "Олег Эминов",
}
ACCOUNTS = {XEZER: "Xəzər Enerji", STEEL: "Baku Steel", AGRO: "Karabakh Agro"}

ADDRESSES = (
    OwnedAddress("leyla@xezer.example", LEYLA),
    OwnedAddress("leyla.eliyeva@gmail.com", LEYLA),
    OwnedAddress("anar@xezer.example", ANAR),
    OwnedAddress("satis@xezer.example", LEYLA),  # shared within one account
    OwnedAddress("satis@xezer.example", ANAR),
    OwnedAddress("office@mail.ru", ANAR),  # shared between two accounts
    OwnedAddress("office@mail.ru", TURAL),
    OwnedAddress("info@steel.example", ANAR),  # shared between two accounts, below the domain of one
    OwnedAddress("info@steel.example", TURAL),
    OwnedAddress("tural@steel.example", TURAL, until=SUMMER),  # handed on to Oleg when Tural left
    OwnedAddress("tural@steel.example", OLEG, since=SUMMER),
    OwnedAddress("tural@yandex.ru", TURAL),
    OwnedAddress("tural@xezer.example", TURAL),  # an address at somebody else's
    OwnedAddress("nigar@bizim.example", NIGAR),  # a stakeholder with an address of our own domain
    OwnedAddress("oleg@agro.example", OLEG),
)
MEMBERSHIPS = (
    Membership(LEYLA, XEZER),
    Membership(ANAR, XEZER),
    Membership(TURAL, STEEL, until=SUMMER),
    Membership(TURAL, AGRO, since=AUTUMN),
    Membership(NIGAR, STEEL),
    Membership(OLEG, STEEL, since=SPRING),
    Membership(OLEG, AGRO, since=SUMMER),
)
DOMAINS = (
    AccountDomain("xezer.example", XEZER),
    AccountDomain("steel.example", STEEL),
    AccountDomain("agro.steel.example", AGRO),
    AccountDomain("agro.example", AGRO),
    AccountDomain("holding.example", XEZER, since=SPRING),
    AccountDomain("holding.example", STEEL, until=SUMMER),
    AccountDomain("gmail.com", XEZER),  # listed by mistake
    AccountDomain("az", STEEL),  # listed by mistake
)


def index() -> PeopleIndex:
    """The index over all of it."""
    return PeopleIndex.build(
        version=7,
        addresses=ADDRESSES,
        memberships=MEMBERSHIPS,
        domains=DOMAINS,
        ours=OURS,
        stakeholder_names=STAKEHOLDERS,
        account_names=ACCOUNTS,
    )


def address(email: str) -> Address:
    return Address(email, "Somebody")
