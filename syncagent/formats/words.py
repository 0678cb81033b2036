"""Answers for encoded words in header values (RFC 2047), as they are written in practice. Pure."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from syncagent.formats.charsets import decode

#: ``=?charset*language?encoding?`` (RFC 2047 2, RFC 2231 5).
_OPENING = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?([BbQq])\?")
#: The bytes that mean nothing in base64; padding is among them, it is worked out anew.
NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


@dataclass(slots=True)
class _Run:
    """Neighbouring encoded words of one charset: their bytes belong together, a character may be split over two."""

    charset: str
    data: bytes


def decode_words(value: str) -> str:
    """The value with every encoded word replaced by its text; anything that is none stays as it is. Never raises.

    White space between two encoded words is dropped (RFC 2047 6.2). Encoded words inside words or quotes, with spaces
    inside, or without padding are not allowed by the RFC, but people read them every day.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    run: _Run | None = None
    at = 0
    while (opening := _OPENING.search(value, at)) and (end := value.find("?=", opening.end())) >= 0:
        between = value[at : opening.start()]
        charset = opening[1].lower()
        data = _decoded(opening[2], value[opening.end() : end], charset)
        if run and not between.strip() and run.charset == charset:
            run.data += data
        else:
            if run:
                out.append(decode(run.data, run.charset))
            if between.strip() or not run:
                out.append(between)
            run = _Run(charset, data)
        at = end + 2
    if run:
        out.append(decode(run.data, run.charset))
    out.append(value[at:])
    return "".join(out)


def _decoded(encoding: str, text: str, charset: str) -> bytes:
    raw = text.encode("ascii") if text.isascii() else _bytes_in(charset, text)
    return unbase64(raw) if encoding in "Bb" else unquote(raw.replace(b"_", b" "))


def _bytes_in(charset: str, text: str) -> bytes:
    """The bytes of letters that stand in an encoded word as they are, which is not allowed."""
    try:
        return text.encode(charset)
    except (LookupError, UnicodeError):
        return text.encode("utf-8", "replace")


def unbase64(raw: bytes) -> bytes:
    """Base64 decoded as far as it goes: foreign characters are skipped and missing padding is added (RFC 2045 6.8)."""
    letters = raw.translate(None, NOT_BASE64)
    # A single letter left over holds less than a byte.
    usable = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))


def unquote(raw: bytes) -> bytes:
    """Hexadecimal escapes resolved; a lone ``=`` stays (the Q encoding of RFC 2047 4.2)."""
    return _HEX.sub(lambda found: bytes.fromhex(found[1].decode("ascii")), raw)
