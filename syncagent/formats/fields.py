"""Answers for the fields of a header block: where it ends, which fields it has, and their text (RFC 5322 2.2).

Reads from the file object that it is handed, and only as far as the header goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from syncagent.formats.charsets import decode
from syncagent.formats.limits import HEAD_BYTES, HEAD_CHUNK_BYTES, HEADERS

#: Why bytes are refused as a message.
NO_HEADER = "The message cannot be read: it has no header."

#: An empty line, whatever the line ends are. A line of white space alone continues a field (RFC 5322 4.2).
_EMPTY_LINE = re.compile(rb"\n\r*\n|\r\r(?!\n)")
#: Name, colon, and a value that goes on in every line that begins with white space.
_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.M)
_FOLD = re.compile(r"\n(?=[ \t])")
_BOM = b"\xef\xbb\xbf"
_LEADING = _BOM + b"\r\n"


def start(raw: bytes) -> int:
    """Where the header begins: behind a byte order mark and empty lines, which some exports put in front."""
    return len(raw) - len(raw.lstrip(_LEADING)) if raw[:1] in _LEADING else 0


def head_end(raw: bytes, begin: int = 0, end: int | None = None) -> int:
    """Where the body begins: just behind the first empty line of the range; its end when it has none."""
    end = len(raw) if end is None else end
    found = _EMPTY_LINE.search(raw, max(begin, start(raw)), end)
    return found.end() if found else end


def begins_with_field(raw: bytes, begin: int) -> bool:
    """Whether a header field stands at ``begin``, the start of a line."""
    return _FIELD.match(raw, begin) is not None


def read_head(file: BinaryIO) -> bytes:
    """The header of the message in ``file``, read in pieces and no further than needed.

    The answer may run on into the body. A header larger than ``limits.HEAD_BYTES`` is cut there. Errors of the file
    itself (``OSError``) pass through.
    """
    head = file.read(HEAD_CHUNK_BYTES)
    searched = start(head)
    while not _EMPTY_LINE.search(head, searched) and len(head) < HEAD_BYTES:
        piece = file.read(min(HEAD_CHUNK_BYTES, HEAD_BYTES - len(head)))
        if not piece:
            break
        # The end of the last piece is searched again, an empty line may be split over two.
        searched = max(start(head), len(head) - 3)
        head += piece
    return head


def split_fields(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The fields of the block that ``raw`` begins with, in order: name in lower case, raw value with its folds.

    Lines that are no fields (an mbox ``From`` line, a wrapped line whose indent was lost) are passed over. At most
    ``limits.HEAD_BYTES`` and ``limits.HEADERS`` are looked at.
    """
    end = min(head_end(raw), HEAD_BYTES)
    block = raw[start(raw) : end]
    if b"\n" not in block:
        block = block.replace(b"\r", b"\n")
    for count, field in enumerate(_FIELD.finditer(block)):
        if count >= HEADERS:
            return
        yield field[1].lower(), field[2]


def field_text(value: bytes) -> str:
    """A raw value as text in one line, without control characters; encoded words are left as they are."""
    text = decode(value.strip())
    return _FOLD.sub("", text).replace("\n", " ") if "\n" in text else text
