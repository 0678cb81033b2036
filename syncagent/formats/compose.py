"""Answers for the bytes of the mail that we write: drafts for the manager, and reports or alarms to the manager. Pure.

Written by hand instead of by the ``email`` package: a draft is found again and compared by its bytes, so the same draft
must give the same bytes under every Python, and the package changes how it folds and quotes from release to release.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime

from syncagent.formats.headers import MARKER_HEADER
from syncagent.model import Address, DraftMail, Notice

#: RFC 5322 2.1.1: a line should not be longer.
_LINE_CHARS = 76
#: UTF-8 bytes in one encoded word: 39 make a word of 64 characters, which fits in a line behind ``Subject:``.
_WORD_BYTES = 39

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_QUOTED = re.compile(r'["\\]')
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")

Fields = Iterable[tuple[str, str]]


def compose_draft(draft: DraftMail) -> bytes:
    """The draft as a message with CRLF line ends: text and HTML as alternatives, marked as ours and as unsent.

    The same draft gives the same bytes. It carries none of the headers by which automated mail is told: what the
    manager sends is personal mail. ``X-Unsent`` makes Outlook open the file as a draft.
    """
    fields = (
        *_common(draft.at, draft.from_, draft.to, draft.subject, draft.message_id),
        ("Cc", _addresses(draft.cc)),
        ("In-Reply-To", _message_ids((draft.in_reply_to,))),
        ("References", _message_ids(draft.references)),
        ("X-Unsent", "1"),
        (MARKER_HEADER, _unstructured(draft.marker)),
    )
    return _head(fields) + _alternative(draft.text, draft.html, seed=f"{draft.marker} {draft.message_id}")


def compose_notice(notice: Notice) -> bytes:
    """The report or alarm as a message with CRLF line ends; its HTML shows the images by ``cid:NAME``.

    The same notice gives the same bytes. It says that a machine wrote it (RFC 3834 5).
    """
    fields = (
        *_common(notice.at, notice.from_, (notice.to,), notice.subject, notice.message_id),
        ("Auto-Submitted", "auto-generated"),
    )
    body = _alternative(notice.text, notice.html, seed=notice.message_id)
    if notice.images:
        pictures = (_picture(name, data) for name, data in sorted(notice.images.items()))
        kind = 'related; type="multipart/alternative"'
        body = _multipart(kind, (body, *pictures), seed=f"related {notice.message_id}")
    return _head(fields) + body


def _common(at: datetime, from_: Address, to: Iterable[Address], subject: str, message_id: str) -> Fields:
    return (
        ("Date", format_datetime(at)),
        ("From", _addresses((from_,))),
        ("To", _addresses(to)),
        ("Subject", _unstructured(subject)),
        ("Message-ID", _message_ids((message_id,))),
        ("MIME-Version", "1.0"),
    )


def _head(fields: Fields) -> bytes:
    """The fields that say something. A value holds a line end only where it is folded, so nothing can be slipped in."""
    return "".join(f"{name}: {value}\r\n" for name, value in fields if value).encode("utf-8")


def _message_ids(ids: Iterable[str]) -> str:
    return "\r\n ".join(f"<{one}>" for one in map(_flat, ids) if one)


def _addresses(addresses: Iterable[Address]) -> str:
    return ",\r\n ".join(
        f"{_phrase(address.name)} <{_flat(address.email)}>" if address.name else _flat(address.email)
        for address in addresses
    )


def _phrase(name: str) -> str:
    """A display name: as it is, quoted, or as encoded words (RFC 5322 3.2.5, RFC 2047 5)."""
    text = _flat(name)
    if not text.isascii() or "=?" in text:
        return _encoded_words(text)
    return text if _ATOMS.fullmatch(text) else '"' + _QUOTED.sub(r"\\\g<0>", text) + '"'


def _unstructured(text: str) -> str:
    """A subject or the like, folded between words when it is ASCII and has short enough ones."""
    text = _flat(text)
    words = text.split(" ")
    if not text.isascii() or "=?" in text or any(len(word) >= _LINE_CHARS for word in words):
        return _encoded_words(text)
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) >= _LINE_CHARS - len("Subject: "):
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _flat(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _encoded_words(text: str) -> str:
    words = (base64.b64encode(piece).decode("ascii") for piece in _pieces(text))
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def _pieces(text: str) -> Iterator[bytes]:
    """The UTF-8 of the text in pieces, none of which ends inside a character (RFC 2047 5)."""
    piece = b""
    for letter in text:
        data = letter.encode("utf-8", "replace")
        if len(piece) + len(data) > _WORD_BYTES:
            yield piece
            piece = b""
        piece += data
    if piece:
        yield piece


def _alternative(text: str, html: str, *, seed: str) -> bytes:
    return _multipart("alternative", (_text("plain", text), _text("html", html)), seed=seed)


def _multipart(kind: str, parts: Iterable[bytes], *, seed: str) -> bytes:
    # "=_" occurs neither in quoted-printable nor in base64, so no body can hold the boundary (RFC 2045 6.7).
    boundary = f"=_{hashlib.sha256(seed.encode('utf-8')).hexdigest()[:32]}"
    delimiter = f"--{boundary}\r\n".encode("ascii")
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return head + b"".join(delimiter + part for part in parts) + f"--{boundary}--\r\n".encode("ascii")


def _text(subtype: str, text: str) -> bytes:
    """A text part in UTF-8 and quoted-printable, which stays readable in a file."""
    lines = (binascii.b2a_qp(line.encode("utf-8", "replace")) for line in _LINE_ENDS.split(text))
    body = b"".join(line.replace(b"=\n", b"=\r\n") + b"\r\n" for line in lines)
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode("ascii") + body


def _picture(name: str, data: bytes) -> bytes:
    name = _flat(name)
    head = (
        "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-ID: <{name}>\r\nContent-Disposition: inline; filename="{name}.png"\r\n\r\n'
    )
    return head.encode("utf-8") + base64.encodebytes(data).replace(b"\n", b"\r\n")
