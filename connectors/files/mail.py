"""Answers for one folder of mail: messages by their header, and whole when their text is wanted."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from connectors.files.folders import Folder
from connectors.files.shelves import PENDING, SETTLED, Reading
from connectors.files.stores import Listing, Opened, Store
from syncagent.errors import BadItem
from syncagent.formats.fields import read_head
from syncagent.formats.headers import read_mail
from syncagent.formats.limits import MESSAGE_BYTES
from syncagent.formats.mime import read_content
from syncagent.model import Change, Content, Gone, Mail, Ref, Span, Unreadable, Upsert
from syncagent.vocabulary import Role

_EMPTY = "the message is empty"
_CLOSED = "the file may not be read"
#: Reasons that can go away while the listing stays as it is.
_CURABLE = frozenset({_EMPTY, _CLOSED})


def content_hash(raw: bytes) -> str:
    """The version of a draft: differs after any edit by a mail program."""
    return hashlib.sha256(raw).hexdigest()[:32]


class MailShelf:
    """The messages of one folder, read by their headers. Drafts are read whole, since their text is their version."""

    def __init__(self, folder: Folder, store: Store) -> None:
        self.folder = folder
        self.store = store

    def stamp(self) -> str:
        return self.store.stamp()

    def list(self, base: str = "") -> Listing:
        return self.store.list(base)

    def window(self) -> str:
        return ""

    def item_of(self, ref_id: str) -> str:
        return ref_id

    def snapshot_of(self, again: Span) -> Span:
        return again

    def is_current(self, item: str, version: str, mark: str) -> bool:
        if mark.startswith(PENDING):
            try:
                return mark == f"{PENDING}{self.store.fingerprint(item)}"
            except OSError:
                return False
        return mark == f"{SETTLED}{version}"

    def read(self, item: str, version: str, mark: str | None, again: Span | None) -> Reading:
        change = self.look(item, version)
        settled = f"{SETTLED}{version}"
        if change is None:
            return Reading((), None)
        if isinstance(change, Unreadable):
            return Reading((change,), self._pending(item, settled) if change.reason in _CURABLE else settled)
        at = change.item.at if isinstance(change.item, Mail) else None
        is_outside = again is not None and at is not None and not again.holds(at)
        return Reading(() if is_outside and mark == settled else (change,), settled)

    def look(self, item: str, version: str) -> Upsert | Unreadable | None:
        """The message by its header; None when it left since it was listed."""
        ref = Ref(self.folder.stream.id, item)
        try:
            with self.store.open(item) as opened:
                if not opened.size:
                    return Unreadable(ref, _EMPTY)
                return Upsert(ref, *self._parse(opened, version))
        except FileNotFoundError:
            if not self.store.is_there():
                raise
            return None
        except OSError:
            return Unreadable(ref, _CLOSED)
        except BadItem as error:
            return Unreadable(ref, error.message)

    def scan(self, item: str, version: str, span: Span) -> Sequence[Upsert]:
        change = self.look(item, version)
        return [change] if isinstance(change, Upsert) else []

    def locate(self, key: str) -> Iterator[Ref]:
        """Newest first. Looking for the bytes of the key spares the parsing of nearly every header."""
        wanted = key.encode("utf-8", "replace")
        for item in reversed(list(self.list().versions)):
            if wanted in self.head(item):
                change = self.look(item, "")
                if isinstance(change, Upsert) and isinstance(change.item, Mail) and change.item.message_id == key:
                    yield change.ref

    def revisit(self, ref_ids: Sequence[str]) -> Sequence[Change]:
        versions = self.list().versions
        stream = self.folder.stream.id
        return [self.look(item, versions.get(item, "")) or Gone(Ref(stream, item)) for item in ref_ids]

    def head(self, item: str) -> bytes:
        """The raw header of a message, to look for a word in; empty when it is gone or closed."""
        try:
            with self.store.open(item) as opened:
                return read_head(opened.file)
        except OSError:
            return b""

    def fetch(self, item: str) -> Content | Unreadable | None:
        ref = Ref(self.folder.stream.id, item)
        try:
            with self.store.open(item) as opened:
                raw = opened.file.read(MESSAGE_BYTES)
                is_cut = bool(opened.file.read(1))
            content = read_content(raw)
        except FileNotFoundError:
            if not self.store.is_there():
                raise
            return None
        except OSError:
            return Unreadable(ref, _CLOSED)
        except BadItem as error:
            return Unreadable(ref, error.message)
        return replace(content, complete=False) if is_cut else content

    def _parse(self, opened: Opened, version: str) -> tuple[Mail, str]:
        role = self.folder.stream.role
        file = opened.file
        if role is Role.DRAFTS:
            raw = file.read(MESSAGE_BYTES)
            file, version = io.BytesIO(raw), content_hash(raw)
        mail = read_mail(read_head(file), size=opened.size, received_at=opened.received_at)
        # Some programs move a draft to Sent and leave its flag on: there it is no draft any more.
        if role is Role.DRAFTS or (opened.is_draft and role is not Role.SENT):
            mail = replace(mail, is_draft=True)
        return mail, version

    def _pending(self, item: str, settled: str) -> str | None:
        try:
            fingerprint = self.store.fingerprint(item)
        except OSError:
            return None
        return f"{PENDING}{fingerprint}" if fingerprint else settled
