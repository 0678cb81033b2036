"""When two copies are the same mail or meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syncagent.crm.folding import folded
from syncagent.crm.identity import event_key, mail_key, same_mail, second_mail_key, uid_of
from syncagent.crm.marks import keyed_hash
from syncagent.model import Address, Event, Mail

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
MAIL = Mail(message_id="a@x", from_=(Address("g@x.az"),), to=(Address("l@b.az"),), subject="Təklif", sent_at=AT)
EVENT = Event("UID-1", AT, AT + timedelta(hours=1), organizer=Address("l@b.az"), subject="Görüş")

EXCHANGE = "040000008200E00074C5B7101A82E008{date}30C1BB8F00E2DA01000000000000000010000000ABCDEF"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UID-1", "uid-1"),
        (" UID-1 ", "UID-1"),
        (EXCHANGE.format(date="07EA0B14"), EXCHANGE.format(date="00000000").lower()),
    ],
)
def test_a_uid_is_compared_without_case_and_without_exchanges_instance_date(one: str, other: str) -> None:
    assert uid_of(one) == uid_of(other)


def test_a_uid_of_somebody_else_keeps_its_text() -> None:
    assert uid_of("7kukuqrfedlm2f9t@google.com") == "7kukuqrfedlm2f9t@google.com"


def test_a_meeting_without_a_uid_is_known_by_what_it_says() -> None:
    nameless = replace(EVENT, uid="")
    assert event_key(nameless) == event_key(replace(nameless, subject=" görüş "))
    assert event_key(nameless) != event_key(replace(nameless, start_at=AT + timedelta(hours=2)))


def test_occurrences_of_one_series_differ_by_their_recurrence_id() -> None:
    occurrence = replace(EVENT, recurrence_id="2026-11-20T10:00:00Z")
    assert event_key(EVENT) != event_key(occurrence)


@pytest.mark.parametrize(
    ("author", "hours", "same"),
    [("g@x.az", 0, True), ("g@x.az", 5, True), ("other@x.az", 0, True), ("other@x.az", 5, False)],
)
def test_the_same_message_id_is_the_same_mail_unless_author_and_date_both_differ(
    author: str, hours: int, same: bool
) -> None:
    assert same_mail(MAIL, author, AT + timedelta(hours=hours)) is same


def test_a_mail_without_a_date_is_not_told_apart_by_it() -> None:
    assert same_mail(replace(MAIL, sent_at=None), "other@x.az", AT)


def test_the_key_of_the_second_mail_with_an_id_says_whose_it_is() -> None:
    assert second_mail_key(MAIL) != second_mail_key(replace(MAIL, from_=(Address("other@x.az"),)))
    assert second_mail_key(MAIL).startswith("m:a@x|")


def test_mail_without_a_message_id_is_known_by_author_date_subject_and_recipients() -> None:
    nameless = replace(MAIL, message_id="")
    assert mail_key(nameless) == mail_key(replace(nameless, to=(Address("l@b.az", "Leyla"),)))
    for other in ({"subject": "x"}, {"sent_at": AT + timedelta(seconds=1)}, {"to": (Address("o@b.az"),)}):
        assert mail_key(nameless) != mail_key(replace(nameless, **other))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Bakı  Logistika ASC", "BAKI logistika asc", True),
        ("İlqar MMC", "ilqar mmc", True),
        ("ŞƏKİ", "Şəki", True),
        ("Şəki", "Seki", False),
    ],
)
def test_names_are_folded_by_the_azerbaijani_alphabet(one: str, other: str, same: bool) -> None:
    assert (folded(one) == folded(other)) is same


def test_a_keyed_hash_depends_on_the_key_and_on_where_its_parts_end() -> None:
    assert keyed_hash(b"a" * 32, "x", "y") != keyed_hash(b"b" * 32, "x", "y")
    assert keyed_hash(b"a" * 32, "xy", "") != keyed_hash(b"a" * 32, "x", "y")
