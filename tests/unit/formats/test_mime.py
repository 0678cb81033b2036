"""The content of a message: text, documents and calendar method, from tidy MIME and from the rest."""

from __future__ import annotations

import base64
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.errors import BadItem
from syncagent.formats.limits import DEPTH, PARTS, TEXT_CHARS
from syncagent.formats.mime import read_content
from syncagent.formats.parts import read_parts
from syncagent.model import Document

PDF = base64.encodebytes(b"%PDF" * 100).decode()


def part(content_type: str, body: str = "", *headers: str) -> str:
    return "\n".join([f"Content-Type: {content_type}", *headers, "", body])


def multipart(kind: str, parts: Iterable[str], boundary: str = "b1", more: str = "") -> str:
    lines = [part(f'multipart/{kind}; boundary="{boundary}"{more}')]
    for one in parts:
        lines.append(f"\n--{boundary}\n{one}")
    return "".join(lines) + f"\n--{boundary}--\n"


def message(top: str) -> bytes:
    return f"From: a@b.az\nSubject: x\n{top}".replace("\n", "\r\n").encode()


PLAIN = part("text/plain; charset=utf-8", "Görüş sabah")
PAGE = part("text/html; charset=utf-8", "<p>Görüş <b>sabah</b></p>")
LOGO = part(
    "image/png", "aGk=", "Content-Transfer-Encoding: base64", "Content-ID: <logo@x>", "Content-Disposition: inline"
)
REPORT = part(
    'application/pdf; name="h.pdf"',
    PDF,
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: attachment; filename="Hesabat.pdf"',
)
INVITATION = part("text/calendar; method=REQUEST; charset=utf-8", "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR")
FORWARDED = part("message/rfc822", "Subject: =?utf-8?Q?T=C9=99klif?=\n\nnot our text")

TEXTS = [
    # name, message, text
    ("plain", PLAIN, "Görüş sabah"),
    ("html alone", PAGE, "Görüş sabah"),
    ("no content type", "\nSalam", "Salam"),
    ("alternative", multipart("alternative", [PLAIN, part("text/html", "<p>other</p>")]), "Görüş sabah"),
    ("alternative, html first", multipart("alternative", [part("text/html", "<p>other</p>"), PLAIN]), "Görüş sabah"),
    ("alternative, plain is empty", multipart("alternative", [part("text/plain", " \n"), PAGE]), "Görüş sabah"),
    ("alternative of one", multipart("alternative", [PAGE]), "Görüş sabah"),
    (
        "alternative with related",
        multipart("alternative", [part("text/plain", ""), multipart("related", [PAGE, LOGO], "b2")]),
        "Görüş sabah",
    ),
    (
        "mixed with a footer",
        multipart("mixed", [PLAIN, REPORT, part("text/plain", "-- list")]),
        "Görüş sabah\n\n-- list",
    ),
    ("mixed in mixed", multipart("mixed", [multipart("mixed", [PLAIN], "b2"), REPORT]), "Görüş sabah"),
    (
        "boundary begins with the other",
        multipart("mixed", [multipart("mixed", [PLAIN], "b1-2"), PLAIN]),
        "Görüş sabah\n\nGörüş sabah",
    ),
    (
        "report",
        multipart("report", [part("text/plain", "bounced"), part("message/delivery-status", "Action: failed")]),
        "bounced",
    ),
    ("a text file is no text", multipart("mixed", [PLAIN, part('text/plain; name="n.txt"', "notes")]), "Görüş sabah"),
    ("forwarded mail is no text", multipart("mixed", [PLAIN, FORWARDED]), "Görüş sabah"),
    # transfer encodings
    ("base64", part("text/plain; charset=utf-8", "R8O2csO8xZ8=", "Content-Transfer-Encoding: BASE64"), "Görüş"),
    (
        "base64 cut off",
        part("text/plain; charset=utf-8", "R8O2csO8xZ8gc2Fi!", "Content-Transfer-Encoding: base64"),
        "Görüş sab",
    ),
    (
        "quoted-printable",
        part("text/plain; charset=utf-8", "G=C3=B6r=C3=BC=\n=C5=9F", "Content-Transfer-Encoding: quoted-printable"),
        "Görüş",
    ),
    (
        "quoted-printable, broken",
        part("text/plain; charset=utf-8", "a=ZZ=C3=B6=", "Content-Transfer-Encoding: quoted-printable"),
        "a=ZZö",
    ),
    (
        "uuencode",
        part("text/plain", "begin 644 x\n%4V%L86T \n \nend", "Content-Transfer-Encoding: x-uuencode"),
        "Salam",
    ),
    ("unknown encoding", part("text/plain", "Salam", "Content-Transfer-Encoding: x-strange"), "Salam"),
    # broken structure
    ("no closing delimiter", multipart("mixed", [PLAIN]).removesuffix("--b1--\n"), "Görüş sabah"),
    ("no boundary told", multipart("mixed", [PLAIN]).replace('; boundary="b1"', ""), "Görüş sabah"),
    ("another boundary told", multipart("mixed", [PLAIN]).replace('"b1"', '"b9"'), "Görüş sabah"),
    ("no delimiter at all", part('multipart/mixed; boundary="b1"', "Salam"), "Salam"),
    ("part without header", multipart("mixed", ["\nSalam"]), "Salam"),
    ("part without header or empty line", multipart("mixed", ["Salam\n\nsabah"]), "Salam\n\nsabah"),
    (
        "inner multipart is never closed",
        multipart("mixed", [multipart("alternative", [PLAIN], "b2").replace("--b2--", ""), REPORT]),
        "Görüş sabah",
    ),
    ("invalid content type", part("text", "Salam"), "Salam"),
    # character sets
    ("no charset", part("text/plain", "Görüş"), "Görüş"),
    ("unknown charset", part("text/plain; charset=x-whatever", "Görüş"), "Görüş"),
    ("charset in the page", part("text/html", '<meta charset="utf-8"><p>Görüş'), "Görüş"),
    ("nul", part("text/plain", "Sa\0lam"), "Salam"),
]


@pytest.mark.parametrize(("top", "expected"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS])
def test_the_text_is_the_authors(top: str, expected: str) -> None:
    content = read_content(message(top))
    assert content.text == expected
    assert content.complete


def named(disposition: str, content_type: str = "application/pdf") -> str:
    return part(content_type, "x", f"Content-Disposition: {disposition}")


NAMES = [
    ('attachment; filename="Hesabat 2026.pdf"', "Hesabat 2026.pdf"),
    ("attachment; filename*=utf-8''T%C9%99klif.pdf", "Təklif.pdf"),
    ("attachment; filename*0*=utf-8''T%C9; filename*1*=%99klif.pdf", "Təklif.pdf"),
    ('attachment; filename="=?utf-8?Q?T=C9=99klif.pdf?="', "Təklif.pdf"),
    ('attachment; filename="=?windows-1254?Q?=DEirket.pdf?="', "Şirket.pdf"),
    ("attachment; filename*=windows-1254''%DEirket.pdf", "Şirket.pdf"),
    ("attachment; filename*=nonsense''T%C9%99klif.pdf", "Təklif.pdf"),
    ('attachment; filename="Təklif.pdf"', "Təklif.pdf"),
    (r'attachment; filename="C:\Documents\Hesabat.pdf"', "Hesabat.pdf"),
    ('attachment; filename="../../etc/passwd"', "passwd"),
    ('attachment; filename="a\tb  c.pdf"', "a b c.pdf"),
    ("attachment", ""),
]


@pytest.mark.parametrize(("disposition", "expected"), NAMES)
def test_a_document_has_the_name_that_its_author_gave(disposition: str, expected: str) -> None:
    [document] = read_content(message(multipart("mixed", [PLAIN, named(disposition)]))).documents
    assert document.name == expected


def test_a_raw_name_in_an_old_charset_is_legible() -> None:
    raw = message(multipart("mixed", [named('attachment; filename="Şirkət.pdf"')])).replace(
        "Şirkət".encode(), b"\xdeirket"
    )
    assert [document.name for document in read_content(raw).documents] == ["Şirket.pdf"]


DOCUMENTS = [
    # name, message, names of the documents
    ("an attachment", multipart("mixed", [PLAIN, REPORT]), ["Hesabat.pdf"]),
    ("the message itself", REPORT, ["Hesabat.pdf"]),
    ("a text file", multipart("mixed", [PLAIN, named('attachment; filename="n.txt"', "text/plain")]), ["n.txt"]),
    ("a forwarded message", multipart("mixed", [PLAIN, FORWARDED]), ["Təklif.eml"]),
    ("a digest", multipart("digest", ["\nSubject: a/b\n\n1", "\nSubject: c\n\n2"]), ["a-b.eml", "c.eml"]),
    ("a photo", multipart("mixed", [PLAIN, part('image/jpeg; name="f.jpg"', "x")]), ["f.jpg"]),
    (
        "a photo with an id that nobody shows",
        multipart(
            "mixed",
            [PAGE, part("image/png", "x", 'Content-Disposition: attachment; filename="f.png"', "Content-ID: <f>")],
        ),
        ["f.png"],
    ),
    # what no person would call a document
    ("a logo in related", multipart("related", [PAGE, LOGO]), []),
    (
        "a logo with no disposition",
        multipart("related", [PAGE, part('image/png; name="l.png"', "x", "Content-ID: <l>")]),
        [],
    ),
    (
        "a logo that is shown and attached",
        multipart(
            "mixed",
            [
                part("text/html", '<img src="cid:a%40b">'),
                part("image/png", "x", "Content-ID: <a@b>", 'Content-Disposition: attachment; filename="l.png"'),
            ],
        ),
        [],
    ),
    ("an unnamed picture", multipart("mixed", [PLAIN, part("image/gif", "x")]), []),
    (
        "an invitation",
        multipart("mixed", [PLAIN, INVITATION, named('attachment; filename="invite.ics"', "application/ics")]),
        [],
    ),
    (
        "an invitation as a file",
        multipart("mixed", [PLAIN, named('attachment; filename="Dəvət.ICS"', "application/octet-stream")]),
        [],
    ),
    (
        "a signature",
        multipart("signed", [PLAIN, named('attachment; filename="smime.p7s"', "application/pkcs7-signature")]),
        [],
    ),
    (
        "what came back",
        multipart("report", [part("text/plain", "x"), part("message/delivery-status", ""), FORWARDED]),
        [],
    ),
]


@pytest.mark.parametrize(("top", "expected"), [case[1:] for case in DOCUMENTS], ids=[case[0] for case in DOCUMENTS])
def test_documents_are_what_a_person_attached(top: str, expected: list[str]) -> None:
    assert [document.name for document in read_content(message(top)).documents] == expected


SIZES = [
    ("base64", PDF, 400),
    ("base64", PDF.replace("\n", "\n \n"), 400),
    ("base64", "TQ==", 1),
    ("quoted-printable", "=C3=B6=\n!", 3),
    ("8bit", "Salam", 5),
    ("", "Salam", 5),
]


@pytest.mark.parametrize(("encoding", "body", "size"), SIZES)
def test_a_size_is_that_of_the_decoded_bytes(encoding: str, body: str, size: int) -> None:
    raw = message(multipart("mixed", [part("application/x-y", body, f"Content-Transfer-Encoding: {encoding}")]))
    assert read_content(raw).documents == (Document("", "application/x-y", size),)


METHODS = [
    (multipart("alternative", [PLAIN, INVITATION]), "REQUEST"),
    (multipart("mixed", [PLAIN, part("text/calendar", "BEGIN:VCALENDAR\nMETHOD:Reply\n")]), "REPLY"),
    (part("text/calendar; method=cancel", "BEGIN:VCALENDAR\nMETHOD:REQUEST\n"), "CANCEL"),
    (
        part("application/ics", "QkVHSU46VkNBTEVOREFSCk1FVEhPRDpQVUJMSVNI", "Content-Transfer-Encoding: base64"),
        "PUBLISH",
    ),
    (multipart("mixed", [PLAIN, part("text/calendar", "BEGIN:VCALENDAR\n"), INVITATION]), "REQUEST"),
    (multipart("mixed", [PLAIN, part("text/calendar", "BEGIN:VCALENDAR\n")]), ""),
    (multipart("mixed", [PLAIN, part("text/plain", "METHOD:REQUEST")]), ""),
]


@pytest.mark.parametrize(("top", "expected"), METHODS)
def test_the_calendar_method_is_told(top: str, expected: str) -> None:
    assert read_content(message(top)).calendar_method == expected


def test_parts_are_the_leaves_in_order() -> None:
    inner = multipart("related", [multipart("alternative", [PLAIN, PAGE], "b3"), LOGO], "b2")
    content = read_content(message(multipart("mixed", [inner, REPORT, FORWARDED])))
    assert content.parts == ("text/plain", "text/html", "image/png", "application/pdf", "message/rfc822")


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"Salam\n\nsabah"])
def test_what_has_no_header_is_no_message(raw: bytes) -> None:
    with pytest.raises(BadItem, match="no header"):
        read_content(raw)


def nested(depth: int) -> str:
    """A text under so many multiparts."""
    opening = "".join(f"Content-Type: multipart/mixed; boundary=b{n}x\n\n--b{n}x\n" for n in range(depth))
    closing = "".join(f"\n--b{n}x--" for n in reversed(range(depth)))
    return f"{opening}{PLAIN}{closing}\n"


def test_depth_is_limited() -> None:
    assert read_content(message(nested(DEPTH))).text == "Görüş sabah"
    deep = read_content(message(nested(1000)))
    assert not deep.complete
    assert deep.parts == ("multipart/mixed",)


def test_parts_are_limited() -> None:
    content = read_content(message(multipart("mixed", ["\nx"] * 20_000)))
    assert not content.complete
    assert len(content.parts) <= PARTS


def test_text_is_limited() -> None:
    content = read_content(message(part("text/plain", "Salam sabah\n" * 100_000)))
    assert not content.complete
    assert len(content.text) <= TEXT_CHARS
    many = read_content(message(multipart("mixed", [part("text/plain", "s" * 20_000)] * 100)))
    assert not many.complete
    assert len(many.text) <= TEXT_CHARS


def test_html_is_limited_for_the_whole_message() -> None:
    page = part("text/html", "<p></p>" * 40_000)
    content = read_content(message(multipart("mixed", [page] * 60)))
    assert not content.complete


def test_a_hundred_thousand_fields_and_an_endless_one_are_bounded() -> None:
    many = b"A: b\r\n" * 100_000 + b"\r\nSalam"
    assert read_content(many).text == "Salam"
    endless = b"A: " + b"b" * 10_000_000 + b"\r\n\r\nSalam"
    assert read_content(endless).text == "Salam"


def test_a_boundary_that_is_everywhere_is_given_up() -> None:
    raw = message(part('multipart/mixed; boundary="-"', "-" * 2_000_000))
    assert not read_content(raw).complete


def test_nothing_is_copied_until_it_is_asked_for() -> None:
    raw = message(multipart("mixed", [PLAIN, REPORT]))
    top, complete = read_parts(raw)
    assert complete
    assert all(leaf.raw is raw for leaf in top.leaves())
    assert [leaf.data(1_000_000) for leaf in top.leaves()] == ["Görüş sabah".encode(), b"%PDF" * 100]


@given(
    st.lists(
        st.sampled_from(
            [
                "--b1",
                "--b1--",
                "\n",
                "\r\n",
                "Content-Type: multipart/mixed; boundary=b1",
                "text/html",
                ": ",
                ";",
                "x",
                "=?",
                "Content-Transfer-Encoding: base64",
                "\0",
            ]
        ),
        max_size=40,
    )
)
def test_no_structure_is_too_strange(pieces: list[str]) -> None:
    content = read_content(b"Content-Type: multipart/mixed; boundary=b1\n" + "".join(pieces).encode())
    content.text.encode("utf-8")


@given(st.binary(max_size=500))
def test_no_body_is_too_strange(body: bytes) -> None:
    read_content(b"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n" + body)
    read_content(b"Content-Type: multipart/mixed\n\n--x\n" + body)
