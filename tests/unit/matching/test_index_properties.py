"""What holds for every index of people, whatever the rows: order, repetition and strangers make no difference."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from syncagent.matching.index import PeopleIndex
from syncagent.matching.people import AccountDomain, Membership, Ours, OwnedAddress
from syncagent.model import Address, Match
from syncagent.vocabulary import Certainty

OURS = Ours(frozenset({"me@one.example"}), frozenset({"own.example"}))
_DOMAINS = ("one.example", "a.one.example", "b.a.one.example", "two.example", "own.example", "gmail.com")
_EMAILS = tuple(f"{local}@{domain}" for local in ("x", "y", "me") for domain in _DOMAINS)
_TIMES = tuple(datetime(2026, month, 1, tzinfo=UTC) for month in (2, 5, 8, 11))

_times = st.one_of(st.none(), st.sampled_from(_TIMES))
_people = st.integers(1, 4)
_accounts = st.integers(1, 3)
_addresses = st.lists(st.builds(OwnedAddress, st.sampled_from(_EMAILS), _people, _times, _times), max_size=12)
_memberships = st.lists(st.builds(Membership, _people, _accounts, _times, _times), max_size=10)
_domains = st.lists(st.builds(AccountDomain, st.sampled_from(_DOMAINS), _accounts, _times, _times), max_size=8)

Rows = tuple[list[OwnedAddress], list[Membership], list[AccountDomain]]
_rows = st.tuples(_addresses, _memberships, _domains)


def _index(rows: Rows) -> PeopleIndex:
    addresses, memberships, domains = rows
    return PeopleIndex.build(version=1, addresses=addresses, memberships=memberships, domains=domains, ours=OURS)


def _verdicts(people: PeopleIndex) -> dict[tuple[str, datetime | None], Match | None]:
    return {(email, at): people.match(Address(email), at) for email in _EMAILS for at in (None, *_TIMES)}


@given(_rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_makes_no_difference(rows: Rows, random: Random) -> None:
    addresses, memberships, domains = rows
    shuffled = (
        random.sample(addresses, len(addresses)),
        random.sample(memberships, len(memberships)),
        random.sample(domains, len(domains)),
    )
    assert _verdicts(_index(shuffled)) == _verdicts(_index(rows))


@given(_rows)
def test_a_row_that_comes_twice_counts_once(rows: Rows) -> None:
    addresses, memberships, domains = rows
    assert _verdicts(_index((addresses * 2, memberships * 2, domains * 2))) == _verdicts(_index(rows))


@given(_rows, _times, _times)
def test_rows_about_strangers_change_no_verdict(rows: Rows, since: datetime | None, until: datetime | None) -> None:
    addresses, memberships, domains = rows
    more: Rows = (
        [*addresses, OwnedAddress("stranger@three.example", 99, since, until)],
        [*memberships, Membership(99, 98, since, until)],
        [*domains, AccountDomain("three.example", 98, since, until)],
    )
    assert _verdicts(_index(more)) == _verdicts(_index(rows))


@given(_rows)
def test_every_verdict_keeps_the_promises(rows: Rows) -> None:
    addresses, memberships, _ = rows
    people = _index(rows)
    for (email, at), match in _verdicts(people).items():
        if match is None:
            assert people.why_not(Address(email), at)
            continue
        assert match.reason
        assert not people.is_ours(email)
        if match.stakeholder_id is not None:
            assert match.certainty is Certainty.CERTAIN
            assert any(row.email == email and row.stakeholder_id == match.stakeholder_id for row in addresses)
            assert any(
                row.stakeholder_id == match.stakeholder_id and row.account_id == match.account_id for row in memberships
            )
        elif match.certainty is Certainty.CERTAIN:
            assert not email.endswith("@gmail.com")
