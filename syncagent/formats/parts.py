"""Answers for the parts of a message: its MIME tree, and the bytes and text of a leaf (RFC 2045, RFC 2046). Pure.

Own code instead of the standard library's parser, which recurses once per level and line (a message of 1,000 levels is
a ``RecursionError``) and copies every attachment. Here a part is a range of the message that nothing is copied out of
until somebody asks for it, and depth and number of parts are limited.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from syncagent.errors import BadItem
from syncagent.formats.charsets import decode
from syncagent.formats.fields import NO_HEADER, begins_with_field, field_text, head_end, split_fields, start
from syncagent.formats.limits import DEPTH, HEAD_BYTES, MESSAGE_BYTES, PARTS
from syncagent.formats.parameters import read_parameters
from syncagent.formats.words import NOT_BASE64, unbase64

_LINE_END = re.compile(rb"\r?\n|\r")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
#: A multipart whose boundary is not told: its first line that looks like a delimiter tells it.
_FIRST_DELIMITER = re.compile(rb"^--(\S[^\r\n]{0,69})[ \t]*\r?$", re.M)
_REST_OF_DELIMITER = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r|\Z)")
_COUNTED_AT_ONCE = 1 << 20  # bytes
_WANTED = frozenset({b"content-type", b"content-disposition", b"content-transfer-encoding", b"content-id"})
#: Places that look like a delimiter and are none, before a hostile multipart is given up.
_FALSE_DELIMITERS = 100_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message: a multipart with its children, or a leaf with a body that is still encoded."""

    media_type: str
    parameters: Mapping[str, str]  # of Content-Type, lower-case names
    disposition: str  # "attachment", "inline", or empty
    filename: str  # as its author named it, may hold anything
    encoding: str  # Content-Transfer-Encoding in lower case
    content_id: str  # without brackets
    raw: bytes = field(repr=False)  # the whole message, shared by all its parts
    begin: int  # of the body, in ``raw``
    end: int
    children: tuple[Part, ...] = ()

    def leaves(self) -> Iterator[Part]:
        """This part, or all leaves under it in order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def data(self, limit: int) -> bytes:
        """The decoded bytes, made from at most ``limit`` bytes of the encoded ones. Broken encoding never raises."""
        body = self.raw[self.begin : min(self.end, self.begin + limit)]
        match self.encoding:
            case "base64":
                return unbase64(body)
            case "quoted-printable":
                return binascii.a2b_qp(body)
            case "x-uuencode" | "uuencode" | "x-uue":
                return _unuuencode(body)
        return body

    def size(self) -> int:
        """The number of decoded bytes, counted in pieces without keeping them."""
        if self.encoding != "base64":
            return len(self.data(self.end - self.begin)) if self.encoding else self.end - self.begin
        letters = 0
        for at in range(self.begin, self.end, _COUNTED_AT_ONCE):
            piece = self.raw[at : min(at + _COUNTED_AT_ONCE, self.end)]
            letters += len(piece.translate(None, NOT_BASE64))
        return letters * 3 // 4

    def text(self, limit: int, charset: str = "") -> str:
        """The text of the first ``limit`` bytes of the body; ``charset`` is used where the header tells none."""
        return decode(self.data(limit), self.parameters.get("charset", "") or charset)


def read_parts(raw: bytes) -> tuple[Part, bool]:
    """The message as a tree, and whether all of it was read: False when one of the ``limits`` cut something.

    Raises ``BadItem`` when there is no header. Broken structure is read as far as it makes sense: a missing closing
    delimiter ends with the part around it, a multipart without delimiters is text.
    """
    if next(split_fields(raw), None) is None:
        raise BadItem(NO_HEADER)
    reader = _Reader(raw)
    top = reader.part(start(raw), min(len(raw), MESSAGE_BYTES), default="text/plain", depth=0)
    return top, reader.complete and len(raw) <= MESSAGE_BYTES


class _Reader:
    """Reads the parts of one message and counts them."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.left = PARTS
        self.complete = True

    def part(self, begin: int, end: int, *, default: str, depth: int) -> Part:
        self.left -= 1
        body, fields = self._head(begin, end, inner=depth > 0)
        media_type, parameters = read_parameters(fields.get(b"content-type", default))
        disposition, disposition_parameters = read_parameters(fields.get(b"content-disposition", ""))
        if not _MEDIA_TYPE.fullmatch(media_type):
            media_type = default if disposition != "attachment" else "application/octet-stream"
        children: tuple[Part, ...] = ()
        if media_type.startswith("multipart/") and depth >= DEPTH:
            self.complete = False
        elif media_type.startswith("multipart/"):
            inner = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
            for boundary in self._boundaries(body, end, parameters.get("boundary", "")):
                ranges = self._ranges(body, end, boundary)
                children = children or tuple(self.part(*one, default=inner, depth=depth + 1) for one in ranges)
            media_type = media_type if children else "text/plain"
        return Part(
            media_type=media_type,
            parameters=parameters,
            disposition=disposition,
            filename=disposition_parameters.get("filename", "") or parameters.get("name", ""),
            encoding=fields.get(b"content-transfer-encoding", "").strip(" ;").lower(),
            content_id=fields.get(b"content-id", "").strip("<> "),
            raw=self.raw,
            begin=body,
            end=end,
            children=children,
        )

    def _head(self, begin: int, end: int, *, inner: bool) -> tuple[int, dict[bytes, str]]:
        """Where the body begins, and the fields that matter; of a doubled one the first counts."""
        empty = _LINE_END.match(self.raw, begin, end)
        if empty:
            return empty.end(), {}
        if inner and not begins_with_field(self.raw, begin):
            return begin, {}  # a part without header and without the empty line that should stand for it
        body = head_end(self.raw, begin, end)
        fields: dict[bytes, str] = {}
        for name, value in split_fields(self.raw[begin : min(body, begin + HEAD_BYTES)]):
            if name in _WANTED:
                fields.setdefault(name, field_text(value))
        return body, fields

    def _boundaries(self, begin: int, end: int, told: str) -> Iterator[bytes]:
        """The boundary that the header tells, then the one that the body shows."""
        if told:
            yield told.encode("utf-8")
        shown = _FIRST_DELIMITER.search(self.raw, begin, end)
        if shown:
            yield shown[1]

    def _ranges(self, begin: int, end: int, boundary: bytes) -> Iterator[tuple[int, int]]:
        """Where the parts of a multipart lie, between its delimiter lines (RFC 2046 5.1.1)."""
        marker = b"--" + boundary
        opened: int | None = None
        at, misses = begin, 0
        while (found := self.raw.find(marker, at, end)) >= 0:
            at = found + len(marker)
            rest = _REST_OF_DELIMITER.match(self.raw, at, end)
            if not rest or (found > begin and self.raw[found - 1] not in b"\r\n"):
                misses += 1
                if misses > _FALSE_DELIMITERS:
                    self.complete = False
                    break
                continue
            if opened is not None:
                yield opened, max(opened, self._without_line_end(found))
            if rest[1]:
                return
            if self.left <= 0:
                self.complete = False
                return
            opened = at = rest.end()
        if opened is not None:
            yield opened, end

    def _without_line_end(self, at: int) -> int:
        """The line end before a delimiter belongs to the delimiter."""
        if self.raw[at - 1 : at] == b"\n":
            at -= 1
        return at - 1 if self.raw[at - 1 : at] == b"\r" else at


def _unuuencode(body: bytes) -> bytes:
    """The bytes between the ``begin`` and ``end`` lines; a line that is broken is left out."""
    out = bytearray()
    lines = iter(body.splitlines())
    for line in lines:
        if line.startswith(b"begin "):
            break
    for line in lines:
        if line.strip() == b"end":
            break
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(out)
