"""Addresses: one normal form, and address lists as they are really written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.formats.addresses import normal, read_addresses
from syncagent.formats.limits import ADDRESSES, NAME_CHARS

NORMAL = [
    # as written, in its normal form
    ("leyla@bizim.az", "leyla@bizim.az"),
    ("Leyla.Aliyeva+Crm@Bizim.AZ", "leyla.aliyeva+crm@bizim.az"),
    ("<leyla@bizim.az>", "leyla@bizim.az"),
    ("  < leyla@bizim.az > ", "leyla@bizim.az"),
    ("mailto:leyla@bizim.az", "leyla@bizim.az"),
    ("SMTP:leyla@bizim.az", "leyla@bizim.az"),
    ("<@relay.az,@other.az:leyla@bizim.az>", "leyla@bizim.az"),
    ("leyla@bizim.az.", "leyla@bizim.az"),
    ("user@localhost", "user@localhost"),
    ("user@[192.0.2.1]", "user@[192.0.2.1]"),
    ("user@[IPv6:2001:db8::1]", "user@[ipv6:2001:db8::1]"),
    ('"Leyla Aliyeva"@bizim.az', '"leyla aliyeva"@bizim.az'),
    ('"leyla"@bizim.az', "leyla@bizim.az"),
    # domains beyond ASCII; the last one would be another domain under the rules of 2003
    ("x@müəllim.az", "x@xn--mllim-kva75v.az"),
    ("x@ПОЧТА.РФ", "x@xn--80a1acny.xn--p1ai"),
    ("x@münchen。de", "x@xn--mnchen-3ya.de"),
    ("x@straße.de", "x@xn--strae-oqa.de"),
    ("röportaj@bizim.az", "röportaj@bizim.az"),
]

NO_ADDRESS = [
    "",
    "   ",
    "<>",
    "@",
    "leyla",
    "leyla@",
    "@bizim.az",
    "a@b@bizim.az",
    "leyla aliyeva@bizim.az",
    "leyla@bi zim.az",
    "leyla@bizim..az",
    "leyla@-bizim.az",
    "leyla@bizim.az\nBcc: x@y.az",
    "/O=EXCHANGELABS/OU=GROUP/CN=RECIPIENTS/CN=LEYLA",
    '"a\x00b"@bizim.az',
    "x@☃.az",
    "a" * 600 + "@bizim.az",
]

LISTS = [
    # a header value, its (address, name) pairs
    ("leyla@bizim.az", [("leyla@bizim.az", "")]),
    ("Leyla <Leyla@Bizim.az>", [("leyla@bizim.az", "Leyla")]),
    ('"Əliyeva, Leyla" <l@b.az>, Rauf <r@b.az>', [("l@b.az", "Əliyeva, Leyla"), ("r@b.az", "Rauf")]),
    ("Əliyeva, Leyla <l@b.az>", [("l@b.az", "Leyla")]),
    ("l@b.az, r@b.az; n@b.az", [("l@b.az", ""), ("r@b.az", ""), ("n@b.az", "")]),
    ("l@b.az (Leyla (KAM))", [("l@b.az", "Leyla (KAM)")]),
    ("Leyla (KAM) <l@b.az>", [("l@b.az", "Leyla")]),
    # groups, empty ones too
    ("Komanda: l@b.az, Rauf <r@b.az>;, n@b.az", [("l@b.az", ""), ("r@b.az", "Rauf"), ("n@b.az", "")]),
    ("undisclosed-recipients:;", []),
    # encoded words; a comma inside one separates nothing
    ("=?utf-8?Q?=C6=8Fliyeva=2C_Leyla?= <l@b.az>", [("l@b.az", "Əliyeva, Leyla")]),
    ("=?utf-8?Q?Aliyeva, Leyla?= <l@b.az>, r@b.az", [("l@b.az", "Aliyeva, Leyla"), ("r@b.az", "")]),
    ('"=?utf-8?B?xo9saXlldmE=?=" <l@b.az>', [("l@b.az", "Əliyeva")]),
    ("=?utf-8?Q?Leyla_=3Cl=40b.az=3E?=", [("l@b.az", "Leyla")]),
    # quotes that say more or less than they should
    ('"Leyla \\"KAM\\" Əliyeva" <l@b.az>', [("l@b.az", 'Leyla "KAM" Əliyeva')]),
    ("\"'Leyla'\" <l@b.az>", [("l@b.az", "Leyla")]),
    ('"l@b.az" <l@b.az>', [("l@b.az", "")]),
    ('"Leyla <l@b.az>, r@b.az', [("l@b.az", "Leyla"), ("r@b.az", "")]),
    ('"leyla aliyeva"@b.az, r@b.az', [('"leyla aliyeva"@b.az', ""), ("r@b.az", "")]),
    # obsolete and broken forms
    ("Leyla <@relay.az,@other.az:l@b.az>", [("l@b.az", "Leyla")]),
    ("Leyla <l@b.az", [("l@b.az", "Leyla")]),
    ("Leyla l@b.az", [("l@b.az", "Leyla")]),
    ("Leyla <l@b.az> Rauf <r@b.az>", [("l@b.az", "Leyla"), ("r@b.az", "Rauf")]),
    (",, l@b.az ,;", [("l@b.az", "")]),
    ("O'Neil [ext] <o@n.az>", [("o@n.az", "O'Neil [ext]")]),
    ("Leyla Əliyeva", []),
    ("Leyla <>", []),
    ("", []),
]


@pytest.mark.parametrize(("written", "expected"), NORMAL)
def test_an_address_has_one_normal_form(written: str, expected: str) -> None:
    assert normal(written) == expected
    assert normal(expected) == expected


@pytest.mark.parametrize("written", NO_ADDRESS)
def test_what_is_no_address_is_empty(written: str) -> None:
    assert normal(written) == ""


@pytest.mark.parametrize(("value", "expected"), LISTS)
def test_a_list_is_read_as_far_as_it_makes_sense(value: str, expected: list[tuple[str, str]]) -> None:
    assert [(address.email, address.name) for address in read_addresses(value)] == expected


def test_a_list_without_end_is_cut() -> None:
    found = read_addresses(", ".join(f"n{number}@b.az" for number in range(ADDRESSES + 10)))
    assert len(found) == ADDRESSES
    assert found[-1].email == f"n{ADDRESSES - 1}@b.az"


def test_a_name_without_end_is_cut() -> None:
    [address] = read_addresses(f"{'L' * 5000} <l@b.az>")
    assert address.name == "L" * NAME_CHARS


@pytest.mark.parametrize(
    "piece", ['"', '\\"', "(", "<", "@", "a@", '<"', "=?a?q?", '"a" ', "a@b.az ", ", ", " ", "[", "\\"]
)
def test_hostile_repetition_is_read_in_linear_time(piece: str) -> None:
    assert len(read_addresses(piece * 60_000)) <= ADDRESSES


NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), min_size=1, max_size=40)
LOCALS = st.from_regex(r"[a-z0-9][a-z0-9._+-]{0,20}", fullmatch=True)
DOMAINS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\.(az|com|ru)", fullmatch=True)


@given(st.lists(st.tuples(NAMES, LOCALS, DOMAINS), min_size=1, max_size=6))
def test_quoted_names_come_back(people: list[tuple[str, str, str]]) -> None:
    quoted = [name.replace("\\", "\\\\").replace('"', '\\"') for name, _, _ in people]
    value = ", ".join(f'"{name}" <{local}@{domain}>' for name, (_, local, domain) in zip(quoted, people, strict=True))
    found = read_addresses(value)
    assert [address.email for address in found] == [f"{local}@{domain}" for _, local, domain in people]


@given(st.text())
def test_no_text_is_too_strange(value: str) -> None:
    for address in read_addresses(value):
        assert normal(address.email) == address.email != ""
        assert "\n" not in address.name


@given(st.text(max_size=60), st.text(max_size=30))
def test_normal_form_is_stable(local: str, domain: str) -> None:
    found = normal(f"{local}@{domain}")
    assert normal(found) == found
