"""The header of a message to ``Mail``: what is read from which field, however the field is written."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.errors import BadItem
from syncagent.formats.fields import begins_with_field, field_text, head_end, read_head, split_fields
from syncagent.formats.headers import SIGNALS, read_date, read_mail, read_message_id, read_message_ids
from syncagent.formats.limits import HEAD_BYTES, HEAD_CHUNK_BYTES, HEADERS, REFERENCES
from syncagent.model import Address
from syncagent.vocabulary import Sensitivity

WHOLE = """\
Return-Path: <leyla@bizim.az>
Received: from mail.bizim.az by mx.firma.az; Fri, 20 Nov 2026 13:00:05 +0400
From: =?utf-8?Q?Leyla_=C6=8Fliyeva?= <Leyla@Bizim.az>
Sender: ofis@bizim.az
Reply-To: satis@bizim.az
To: "Quliyev, Anar" <anar@firma.az>,
\tOleq <oleg@firma.ru>
Cc: nigar@firma.az
Bcc: rauf@bizim.az
Subject: =?utf-8?Q?G=C3=B6r=C3=BC=C5=9F?=
 sabah
Date: Fri, 20 Nov 2026 13:00:00 +0400
Message-ID: <2@bizim.az>
In-Reply-To: <1@firma.az>
References: <0@firma.az>
 <1@firma.az>
Content-Type: Multipart/Mixed; boundary=x
Keywords: Layihə, Qiymət, Layihə
Sensitivity: Company-Confidential
X-Syncagent-Draft: follow-up-7

Salam
"""


def test_everything_that_a_header_tells() -> None:
    received = datetime(2026, 11, 20, 9, 0, 5, tzinfo=UTC)
    mail = read_mail(WHOLE.encode(), size=1234, received_at=received)
    assert mail.message_id == "2@bizim.az"
    assert mail.from_ == (Address("leyla@bizim.az", "Leyla Əliyeva"),)
    assert mail.author == mail.from_[0]
    assert mail.sender == Address("ofis@bizim.az")
    assert mail.reply_to == (Address("satis@bizim.az"),)
    assert mail.to == (Address("anar@firma.az", "Quliyev, Anar"), Address("oleg@firma.ru", "Oleq"))
    assert mail.cc == (Address("nigar@firma.az"),)
    assert mail.bcc == (Address("rauf@bizim.az"),)
    assert mail.subject == "Görüş sabah"
    assert mail.sent_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert mail.received_at == received
    assert mail.in_reply_to == ("1@firma.az",)
    assert mail.references == ("0@firma.az", "1@firma.az")
    assert mail.content_type == "multipart/mixed; boundary=x"
    assert mail.size == 1234
    assert mail.signals == {"return-path": "<leyla@bizim.az>"}
    assert mail.sensitivity is Sensitivity.CONFIDENTIAL
    assert mail.categories == ("Layihə", "Qiymət")
    assert mail.marker == "follow-up-7"
    assert not mail.is_draft


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(line_end: str) -> None:
    assert read_mail(WHOLE.replace("\n", line_end).encode()) == read_mail(WHOLE.encode())


#: raw header, field of Mail, what is read
ODD = [
    # what stands in front
    (b"From leyla@bizim.az Fri Nov 20 13:00:00 2026\nSubject: Salam\n\n", "subject", "Salam"),
    (b"\r\n\r\nSubject: Salam\r\n\r\n", "subject", "Salam"),
    (b"\xef\xbb\xbfSubject: Salam\n\n", "subject", "Salam"),
    # how a field is written
    (b"SUBJECT : Salam\n\n", "subject", "Salam"),
    (b"Subject:Salam", "subject", "Salam"),
    (b"Subject:\n Salam\n  sabah\n\n", "subject", "Salam sabah"),
    (b"Subject: Salam\n \n\tsabah\n\n", "subject", "Salam sabah"),
    (b"Subject: a\r\n b\n c\r\n\r\n", "subject", "a b c"),
    (b"Subject: a\x00b\x07c\n\n", "subject", "abc"),
    # letters without any encoding
    ("Subject: Görüş\n\n".encode(), "subject", "Görüş"),
    ("Subject: Görüş haqqında\n\n".encode("cp1254", "ignore"), "subject", "Görüş haqqında"),
    ("Subject: Встреча\n\n".encode("cp1251"), "subject", "Встреча"),
    ("From: Görüş <a@b.az>\n\n".encode("cp1254"), "from_", (Address("a@b.az", "Görüş"),)),
    # a letter split over two encoded words and a fold
    (b"Subject: =?utf-8?B?R8O2csM=?=\r\n =?utf-8?B?vMWf?=\r\n\r\n", "subject", "Görüş"),
    # the indent of a wrapped line was lost: the fields behind it still count
    (b"References: <1@a.az>\n<2@a.az>\nSubject: Salam\n\n", "subject", "Salam"),
    # doubled fields: recipients add up, of the others the first that says something counts
    (b"To: a@b.az\nTo: c@d.az\n\n", "to", (Address("a@b.az"), Address("c@d.az"))),
    (b"Subject:\nSubject: eins\nSubject: zwei\n\n", "subject", "eins"),
    (b"From: nobody\nFrom: a@b.az\n\n", "from_", (Address("a@b.az"),)),
    # behind the empty line there is no header any more
    (b"Subject: a\n\nFrom: x@y.az\n", "from_", ()),
    # nothing there
    (b"X-Other: 1\n\n", "subject", ""),
    (b"X-Other: 1\n\n", "content_type", "text/plain"),
    (b"X-Other: 1\n\n", "sent_at", None),
    (b"X-Other: 1\n\n", "sensitivity", Sensitivity.NORMAL),
    (b"Sensitivity: Private\n\n", "sensitivity", Sensitivity.PRIVATE),
    (b"sensitivity: personal\n\n", "sensitivity", Sensitivity.PERSONAL),
    (b"Sensitivity: top-secret\n\n", "sensitivity", Sensitivity.PRIVATE),
]


@pytest.mark.parametrize(("raw", "field", "expected"), ODD)
def test_odd_headers_are_read_all_the_same(raw: bytes, field: str, expected: Any) -> None:
    assert getattr(read_mail(raw), field) == expected


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n\n", b"   ", b"Salam\n\nhow are you\n", b"\x00\xff" * 50, b" Subject: folded\n\n"]
)
def test_what_has_no_header_is_no_message(raw: bytes) -> None:
    with pytest.raises(BadItem, match="no header"):
        read_mail(raw)


def test_signals_are_those_headers_and_no_others() -> None:
    named = "".join(f"{name.title()}: {number}\n" for number, name in enumerate(sorted(SIGNALS)))
    families = "X-Campaign-Id: 7\nX-Mailgun-Sid: abc\n"
    others = "Received: x\nX-Mailer: y\nX-Spam-Status: No\nX-Campaig: z\n"
    mail = read_mail(f"{named}{families}{others}\n".encode())
    assert set(mail.signals) == SIGNALS | {"x-campaign-id", "x-mailgun-sid"}
    assert mail.signals["x-mailgun-sid"] == "abc"


def test_a_signal_is_kept_with_what_it_says() -> None:
    mail = read_mail(b"Return-Path: <>\nAuto-Submitted:  auto-replied\nX-Autoreply:\nList-Id: " + b"a" * 9000 + b"\n\n")
    assert mail.signals["return-path"] == "<>"
    assert mail.signals["auto-submitted"] == "auto-replied"
    assert mail.signals["x-autoreply"] == ""
    assert len(mail.signals["list-id"]) == 500


MESSAGE_IDS = [
    ("<1@a.az>", "1@a.az"),
    ("  <1@a.az>  ", "1@a.az"),
    ("1@a.az", "1@a.az"),
    ("<1@\n a.az>", "1@a.az"),
    ("(by hand) <1@a.az> (really)", "1@a.az"),
    ("<<1@a.az>>", "1@a.az"),
    ("<a$b!c#d/e=f+g@[192.0.2.1]>", "a$b!c#d/e=f+g@[192.0.2.1]"),
    ("<no-at-sign>", "no-at-sign"),
    ("12345", "12345"),
    ("Your message of Friday", ""),
    ("<>", ""),
    ("", ""),
    (f"<{'a' * 999}@a.az>", ""),
]


@pytest.mark.parametrize(("value", "expected"), MESSAGE_IDS)
def test_a_message_id_has_no_brackets(value: str, expected: str) -> None:
    assert read_message_id(value) == expected


def test_message_ids_come_oldest_first_and_once() -> None:
    assert read_message_ids("<1@a.az> <2@a.az>\t<1@a.az>") == ("1@a.az", "2@a.az")
    assert read_message_ids("<1@a.az><2@a.az>") == ("1@a.az", "2@a.az")
    assert read_message_ids('Message from "Anar" of Friday 1@a.az') == ("1@a.az",)
    assert read_message_ids("") == ()


def test_of_endless_references_the_root_and_the_newest_are_kept() -> None:
    ids = [f"{number}@a.az" for number in range(1000)]
    kept = read_message_ids(" ".join(f"<{one}>" for one in ids))
    assert kept == (ids[0], *ids[-(REFERENCES - 1) :])


DATES = [
    ("Fri, 20 Nov 2026 13:00:00 +0400", datetime(2026, 11, 20, 9, tzinfo=UTC)),
    ("20 Nov 2026 13:00 +0400", datetime(2026, 11, 20, 9, tzinfo=UTC)),
    ("Fri, 20 Nov 26 13:00:00 +0400 (AZT)", datetime(2026, 11, 20, 9, tzinfo=UTC)),
    ("Fri, 20 Nov 2026 09:00:00 GMT", datetime(2026, 11, 20, 9, tzinfo=UTC)),
    ("Fri, 20 Nov 2026 09:00:00 -0000", datetime(2026, 11, 20, 9, tzinfo=UTC)),
    ("Fri, 20 Nov 2026 09:00:00", datetime(2026, 11, 20, 9, tzinfo=UTC)),
    ("Fri Nov 20 09:00:00 2026", datetime(2026, 11, 20, 9, tzinfo=UTC)),
    ("2026-11-20T13:00:00+04:00", datetime(2026, 11, 20, 9, tzinfo=UTC)),
    ("Fri, 31 Nov 2026 09:00:00 +0000", None),
    ("Fri, 20 Nov 2026 25:00:00 +0000", None),
    ("Thu, 01 Jan 1970 00:00:00 +0000", None),
    ("Fri, 20 Nov 9999 23:00:00 -2300", None),
    ("Fri, 20 Nov 2026 09:00:00 +9999999999", None),
    ("yesterday", None),
    ("", None),
]


@pytest.mark.parametrize(("value", "expected"), DATES)
def test_a_date_is_an_instant_or_nothing(value: str, expected: datetime | None) -> None:
    assert read_date(value) == expected


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"A: b\n\nx", b"x"),
        (b"A: b\r\n\r\nx", b"x"),
        (b"A: b\n\r\nx", b"x"),
        (b"A: b\r\n\nx", b"x"),
        (b"A: b\r\rx", b"x"),
        (b"\n\nA: b\n\nx", b"x"),
        (b"A: b\n \n c\n\nx", b"x"),
        (b"A: b\n", b""),
        (b"", b""),
    ],
)
def test_the_header_ends_at_the_first_empty_line(raw: bytes, body: bytes) -> None:
    assert raw[head_end(raw) :] == body


class CountingFile(io.BytesIO):
    """A file that counts the bytes read from it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


def test_only_the_header_of_a_file_is_read() -> None:
    file = CountingFile(b"A: b\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n" + b"z" * 10_000_000)
    head = read_head(file)
    assert head_end(head) < len(head)
    assert file.taken < 100_000 + 2 * HEAD_CHUNK_BYTES


@pytest.mark.parametrize("shift", range(4))
def test_the_empty_line_may_lie_across_two_pieces(shift: int) -> None:
    head = b"A: ".ljust(HEAD_CHUNK_BYTES - shift, b"b") + b"\r\n\r\n"
    file = CountingFile(head + b"z" * 10_000_000)
    assert read_head(file)[: len(head)] == head
    assert file.taken <= 2 * HEAD_CHUNK_BYTES


def test_a_file_without_a_body_is_read_whole() -> None:
    assert read_head(io.BytesIO(b"A: b")) == b"A: b"
    assert read_head(io.BytesIO(b"")) == b""


def test_an_endless_header_is_cut() -> None:
    file = CountingFile(b"Subject: Salam\n" + b"A: " + b"b" * 10_000_000)
    head = read_head(file)
    assert len(head) == HEAD_BYTES
    assert read_mail(head).subject == "Salam"


def test_a_long_line_is_no_reason_to_cut() -> None:
    people = ", ".join(f"Person {number} <person{number}@firma.az>" for number in range(4000))
    assert len(people) > 120_000
    assert len(read_mail(f"To: {people}\nSubject: Salam\n\n".encode()).to) == 4000


def test_a_hundred_thousand_fields_are_bounded() -> None:
    assert sum(1 for _ in split_fields(b"A: b\n" * 100_000)) == HEADERS


def test_fields_are_raw_until_somebody_asks() -> None:
    raw = b"Subject: a\r\n b\r\nnot a field\r\nTO:c\r\n\r\n"
    assert list(split_fields(raw)) == [(b"subject", b" a\r\n b\r"), (b"to", b"c\r")]
    assert field_text(b" a\r\n b\r") == "a b"
    assert begins_with_field(raw, 0)
    assert not begins_with_field(raw, raw.index(b"not"))


@given(st.binary(max_size=400))
def test_no_header_is_too_strange(raw: bytes) -> None:
    try:
        mail = read_mail(b"Subject: x\n" + raw)
    except BadItem:  # cannot happen: there is a field
        pytest.fail("a header with a field was refused")
    mail.subject.encode("utf-8")


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=60))
def test_a_subject_comes_back_from_every_encoding(subject: str) -> None:
    data = subject.encode()
    as_q = "".join(f"={byte:02X}" for byte in data)
    pieces = [as_q[at : at + 15] for at in range(0, len(as_q), 15)]
    folded = "\r\n ".join(f"=?utf-8?Q?{piece}?=" for piece in pieces)
    assert read_mail(f"Subject: {folded}\r\n\r\n".encode()).subject == subject
