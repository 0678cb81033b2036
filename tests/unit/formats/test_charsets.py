"""Bytes to text: declared, wrongly declared and undeclared character sets; encoded words; parameters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.formats.charsets import clean, decode
from syncagent.formats.parameters import read_parameters
from syncagent.formats.words import decode_words, unbase64

AZERBAIJANI = "Görüş təxirə salındı, sizə yazacağam"
TURKISH = "Görüşmemiz yarına ertelendi, teşekkürler"
RUSSIAN = "Добрый день! Встреча переносится на завтра."

DECODED = [
    # bytes, declared charset, text
    (AZERBAIJANI.encode(), "utf-8", AZERBAIJANI),
    (AZERBAIJANI.encode(), "UTF8", AZERBAIJANI),
    (AZERBAIJANI.encode(), '"utf-8"', AZERBAIJANI),
    (TURKISH.encode("cp1254"), "windows-1254", TURKISH),
    (TURKISH.encode("cp1254"), "iso-8859-9", TURKISH),
    (RUSSIAN.encode("koi8-r"), "KOI8-R", RUSSIAN),
    (RUSSIAN.encode("cp1251"), "cp-1251", RUSSIAN),
    ("„gut“ – 5 €".encode("cp1252"), "iso-8859-1", "„gut“ – 5 €"),
    ("会议".encode("gb18030"), "gb2312", "会议"),
    ("会議".encode("iso-2022-jp"), "iso-2022-jp", "会議"),
    ("Görüş".encode("utf-16"), "utf-16", "Görüş"),
    ("Görüş".encode("utf-7"), "unicode-1-1-utf-7", "Görüş"),
    # not declared, or declared as nothing: the bytes tell
    (AZERBAIJANI.encode(), "", AZERBAIJANI),
    (TURKISH.encode("cp1254"), "", TURKISH),
    ("Görüş".encode("cp1254"), "unknown-8bit", "Görüş"),
    (RUSSIAN.encode("cp1251"), "", RUSSIAN),
    (RUSSIAN.encode("koi8-r"), "x-unknown", RUSSIAN),
    (RUSSIAN.encode("cp1251"), "us-ascii", RUSSIAN),
    # declared wrongly
    (AZERBAIJANI.encode(), "us-ascii", AZERBAIJANI),
    (TURKISH.encode("cp1254"), "utf-8", TURKISH),
    ("Görüş".encode(), "iso-2022-jp", "Görüş"),
    # one broken byte does not spoil the rest
    ("Görüş ".encode() + b"\xff" + b" sabah", "utf-8", "Görüş \ufffd sabah"),
    # names that are no character sets
    (b"Salam \\u0041", "unicode_escape", "Salam \\u0041"),
    (b"Salam", "base64", "Salam"),
    (b"Salam\xf6", "rot13", "Salamö"),
    (b"Salam\xf6", "../../etc/passwd", "Salamö"),
    (b"Salam\xf6", "x" * 10_000, "Salamö"),
]

WORDS = [
    # a header value, its text
    ("Salam", "Salam"),
    ("=?utf-8?Q?G=C3=B6r=C3=BC=C5=9F?=", "Görüş"),
    ("=?UTF-8?b?R8O2csO8xZ8=?=", "Görüş"),
    ("=?windows-1254?q?G=F6r=FC=FE?=", "Görüş"),
    ("=?utf-8*az?Q?G=C3=B6r=C3=BC=C5=9F?=", "Görüş"),
    ("Re: =?utf-8?Q?G=C3=B6r=C3=BC=C5=9F?= sabah", "Re: Görüş sabah"),
    # a space between two words is no text, and a letter may lie in both
    ("=?utf-8?Q?G=C3=B6r?= =?utf-8?Q?=C3=BC=C5=9F?=", "Görüş"),
    ("=?utf-8?Q?G=C3=B6r=C3?= =?utf-8?Q?=BC=C5=9F?=", "Görüş"),
    ("=?utf-8?B?R8O2csM=?=\n =?utf-8?B?vMWf?=", "Görüş"),
    ("=?utf-8?Q?G=C3=B6r?= =?windows-1254?Q?=FC=FE?=", "Görüş"),
    ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
    # against the rules, and common
    ("=?utf-8?Q?Sabah g=C3=B6r=C3=BC=C5=9F=C9=99k?=", "Sabah görüşək"),
    ("=?utf-8?Q?Sabah_g=C3=B6r=C3=BC=C5=9F=C9=99k??=", "Sabah görüşək?"),
    ("=?iso-8859-1?Q?Görüs?=", "Görüs"),
    ("=?utf-8?B?R8O2csO8xZ8?=", "Görüş"),
    ("Re:=?utf-8?Q?G=C3=B6r=C3=BC=C5=9F?=sabah", "Re:Görüşsabah"),
    ("=?utf-8?Q?100=_=2?=", "100= =2"),
    ("=?nonsense?Q?G=C3=B6r=C3=BC=C5=9F?=", "Görüş"),
    # not encoded words at all
    ("=?utf-8?Q?never closed", "=?utf-8?Q?never closed"),
    ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
    ("1 =? 2 ?= 3", "1 =? 2 ?= 3"),
]

PARAMETERS = [
    # a value, what stands first, the parameters
    ("text/plain", "text/plain", {}),
    ("Text/Plain; CHARSET=UTF-8", "text/plain", {"charset": "UTF-8"}),
    ('text/plain; charset="utf-8"; format=flowed', "text/plain", {"charset": "utf-8", "format": "flowed"}),
    ("text/plain (comment); charset=us-ascii (Plain)", "text/plain", {"charset": "us-ascii"}),
    ('attachment; filename="a; b.pdf"', "attachment", {"filename": "a; b.pdf"}),
    ("attachment; filename=Hesabat 2026.pdf", "attachment", {"filename": "Hesabat 2026.pdf"}),
    ("attachment; filename=Hesabat (1).pdf", "attachment", {"filename": "Hesabat (1).pdf"}),
    (r'attachment; filename="a\"b\\c.pdf"', "attachment", {"filename": 'a"b\\c.pdf'}),
    ('attachment; filename="never closed.pdf', "attachment", {"filename": "never closed.pdf"}),
    # RFC 2231: charset, pieces, both, out of order, a letter split over two pieces
    ("attachment; filename*=utf-8'az'T%C9%99klif.pdf", "attachment", {"filename": "Təklif.pdf"}),
    ("attachment; filename*=windows-1254''%DEirket.pdf", "attachment", {"filename": "Şirket.pdf"}),
    ("attachment; filename*0=Tek; filename*1=lif.pdf", "attachment", {"filename": "Teklif.pdf"}),
    ("a; filename*1*=%99klif; filename*0*=utf-8''T%C9; filename*2=.pdf", "a", {"filename": "Təklif.pdf"}),
    ("attachment; filename=plain.pdf; filename*=utf-8''T%C9%99klif.pdf", "attachment", {"filename": "Təklif.pdf"}),
    ("attachment; filename*=T%C9%99klif.pdf", "attachment", {"filename": "Təklif.pdf"}),
    # RFC 2047 where RFC 2231 belongs
    ('attachment; filename="=?utf-8?Q?T=C9=99klif.pdf?="', "attachment", {"filename": "Təklif.pdf"}),
    ("a; name*0==?utf-8?Q?T=C9=99; name*1=klif.pdf?=", "a", {"name": "Təklif.pdf"}),
    # nonsense
    ("", "", {}),
    (";;;", "", {}),
    ("text/plain; =x; charset", "text/plain", {}),
    ("text/plain; a=1; a=2", "text/plain", {"a": "1"}),
]


@pytest.mark.parametrize(("data", "charset", "expected"), DECODED)
def test_text_is_what_the_bytes_say(data: bytes, charset: str, expected: str) -> None:
    assert decode(data, charset) == expected


def test_no_text_has_what_a_database_refuses() -> None:
    assert decode(b"a\x00b\r\nc\rd\x1be") == "ab\nc\nde"
    assert decode(b"+2AA-", "utf-7") == "\ufffd"
    assert clean("tab\tstays, \ud800 does not") == "tab\tstays, \ufffd does not"


@pytest.mark.parametrize(("value", "expected"), WORDS)
def test_encoded_words_are_read_as_they_are_written(value: str, expected: str) -> None:
    assert decode_words(value) == expected


@pytest.mark.parametrize("piece", ["=?", "=?a?q?", "=?a?q?b?= ", "?=", "=?a?b?", "=?utf-8?q?=?="])
def test_hostile_words_are_read_in_linear_time(piece: str) -> None:
    assert isinstance(decode_words(piece * 50_000), str)


@pytest.mark.parametrize(
    ("data", "expected"), [(b"", b""), (b"TQ", b"M"), (b"T Q=\n=", b"M"), (b"T", b""), (b"!TWFu?", b"Man")]
)
def test_base64_goes_as_far_as_it_can(data: bytes, expected: bytes) -> None:
    assert unbase64(data) == expected


@pytest.mark.parametrize(("value", "main", "expected"), PARAMETERS)
def test_parameters_are_put_together(value: str, main: str, expected: dict[str, str]) -> None:
    assert read_parameters(value) == (main, expected)


@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "utf-7", "utf-16", "hz", "iso-2022-kr", "cp437", "x"]))
def test_no_bytes_are_too_strange(data: bytes, charset: str) -> None:
    text = decode(data, charset)
    text.encode("utf-8")
    assert "\x00" not in text
    assert "\r" not in text


@given(st.text(max_size=200))
def test_no_value_is_too_strange(value: str) -> None:
    decode_words(value)
    read_parameters(value)
