"""Answers for values with parameters: Content-Type and Content-Disposition (RFC 2045 5.1, RFC 2183, RFC 2231). Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from syncagent.formats.charsets import clean, decode
from syncagent.formats.limits import PARAMETERS
from syncagent.formats.words import decode_words

_PARAMETER = re.compile(r'([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.S)
_ESCAPED = re.compile(r'\\(["\\])')  # only these: unescaped Windows paths are more common than other escapes
_COMMENT = re.compile(r"\s*\([^()]*\)$")
_PIECE = re.compile(r"(?P<name>[^*]+)(?:\*(?P<number>\d{1,4}))?(?P<extended>\*?)")


def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value before the first ``;`` in lower case, and its parameters by lower-case name, decoded. Never raises.

    Continuations and charsets of RFC 2231 are put together; the encoded words that RFC 2047 forbids here are decoded
    too. Of a parameter that comes twice, the first one counts, and the extended form before the plain one.
    """
    main, _, rest = value.partition(";")
    main = _COMMENT.sub("", main.strip()).lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(rest)):
        if count >= PARAMETERS:
            break
        piece = _PIECE.fullmatch(found[1])
        if not piece:
            continue
        name, text = piece["name"].lower(), _unquoted(found[2])
        if piece["number"] is None and not piece["extended"]:
            plain.setdefault(name, clean(decode_words(text)).strip())
        else:
            number = int(piece["number"] or 0)
            pieces.setdefault(name, {}).setdefault(number, (text, bool(piece["extended"])))
    for name, numbered in pieces.items():
        plain[name] = _joined([numbered[number] for number in sorted(numbered)])
    return main, plain


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(r"\1", text[1:-1])
    return _COMMENT.sub("", text).strip('"')


def _joined(pieces: list[tuple[str, bool]]) -> str:
    """The value of RFC 2231 pieces (text, whether it is percent-encoded); the first one names the charset."""
    charset = ""
    first, extended = pieces[0]
    if extended and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
        pieces = [(first, True), *pieces[1:]]
    # All bytes are put together before they are decoded: a character may be split over two pieces.
    data = b"".join(unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace") for text, encoded in pieces)
    return clean(decode_words(decode(data, charset)))
