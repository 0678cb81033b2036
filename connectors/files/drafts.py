"""Answers for our drafts and notices in a mailbox on disk (``ports.DraftBox``): places, finds and withdraws them.

Drafts lie in the mailbox's Drafts folder if it is a Maildir or holds .eml files; else one is made (``.Drafts`` in
Maildir++). Nothing is ever written into an mbox: it has no safe way to take a message back.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from connectors.files import faults, writing
from connectors.files.folders import Folder, Layout, Survey, survey
from connectors.files.mail import MailShelf, content_hash
from connectors.files.maildir import Maildir
from connectors.files.names import OWN_DRAFTS, is_outbox
from connectors.files.opening import mail_shelf_of
from connectors.files.single_files import SingleFiles
from syncagent.clock import SystemClock
from syncagent.errors import BadItem, Stopped, SyncAgentError, Unsupported
from syncagent.formats.compose import compose_draft, compose_notice
from syncagent.formats.fields import read_head
from syncagent.formats.headers import read_mail
from syncagent.formats.limits import MESSAGE_BYTES
from syncagent.model import Absent, CannotTell, DraftMail, DraftTraits, Notice, Placed, Present, Ref, Whereabouts
from syncagent.ports import Surroundings
from syncagent.vocabulary import Role, Withdrawal

#: Draft and seen, in ASCII order: what a mail program sets when it saves a draft (RFC 9051: Draft and Seen).
_DRAFT_FLAGS = "DS"
#: Which place says most about a draft that lies in several: a sent copy outweighs what was left behind.
_WEIGHT = {Role.SENT: 0, Role.DRAFTS: 1, Role.OTHER: 2, Role.TRASH: 3}


class FilesDraftBox:
    """The drafts of one mailbox below a folder."""

    def __init__(self, root: Path, surroundings: Surroundings) -> None:
        self._root = root
        self._surroundings = surroundings
        self._clock = SystemClock()

    def traits(self) -> DraftTraits:
        """Notices cannot be delivered when the only inbox is an mbox."""
        try:
            delivers = _inbox(self._look()) is not None
        except SyncAgentError:
            delivers = True
        return DraftTraits(annotates=False, delivers=delivers)

    def place(self, draft: DraftMail, reply_to: Ref | None) -> Placed:
        folder = _drafts(self._look())
        raw = _as_stored(compose_draft(draft), folder.layout)
        with faults.writing_of("the draft"):
            item = self._add(folder, raw, flags=_DRAFT_FLAGS)
        return Placed(Ref(folder.stream.id, item), content_hash(raw), draft.message_id)

    def find(self, marker: str) -> Whereabouts:
        return _Lookout(self._look(), marker, self._halt).whereabouts()

    def withdraw(self, ref: Ref, *, marker: str, if_version: str) -> Withdrawal:
        folder = self._look().folders.get(ref.stream)
        if folder is None:
            return Withdrawal.MISSING
        store = mail_shelf_of(folder).store
        if folder.stream.role is not Role.DRAFTS or not isinstance(store, Maildir | SingleFiles):
            return Withdrawal.TOUCHED
        with faults.writing_of("the Drafts folder"):
            try:
                with store.open(ref.id) as opened:
                    seen = os.fstat(opened.file.fileno())
                    raw = opened.file.read(MESSAGE_BYTES)
                if content_hash(raw) != if_version or not _is_ours(raw, marker):
                    return Withdrawal.TOUCHED
                is_removed = writing.remove(store.path_of(ref.id), seen)
            except FileNotFoundError:
                return Withdrawal.MISSING
        return Withdrawal.WITHDRAWN if is_removed else Withdrawal.TOUCHED

    def annotate(self, ref: Ref, *, if_version: str, category: str) -> str | None:
        raise Unsupported("Drafts in files cannot be given a category.", cure="Nothing to do: drafts work without.")

    def deliver(self, notice: Notice) -> Ref:
        found = self._look()
        folder = _inbox(found)
        if folder is None:
            raise Unsupported(
                "A notice cannot be put into an inbox that is an mbox.",
                cure="Have the report written to a folder (report --out), or keep the inbox as a Maildir.",
            )
        for other in found.folders.values():
            self._halt()
            if other.layout is not Layout.CALENDAR:
                with faults.reading_of(f"The folder {other.stream.name}"):
                    for ref in mail_shelf_of(other).locate(notice.message_id):
                        return ref
        raw = _as_stored(compose_notice(notice), folder.layout)
        with faults.writing_of("the notice"):
            return Ref(folder.stream.id, self._add(folder, raw))

    def close(self) -> None:
        """Nothing is kept open."""

    def _add(self, folder: Folder, raw: bytes, *, flags: str = "") -> str:
        """Writes a message into a folder, which is made if it is missing. Returns its id there."""
        name = writing.unique_name(self._clock)
        if folder.layout is Layout.MAILDIR:
            writing.make_maildir(folder.path, is_subfolder=folder.path != self._root)
            writing.add_to_maildir(folder.path, raw, name, flags=flags)
            return name
        writing.make_folder(folder.path)
        writing.add_to_folder(folder.path, raw, f"{name}.eml")
        return f"{name}.eml"

    def _look(self) -> Survey:
        return survey(self._root, self._halt)

    def _halt(self) -> None:
        if self._surroundings.stop.requested():
            raise Stopped("The work on drafts was stopped on request.")


class _Lookout:
    """One search for a marked message, through every folder that a draft may have been moved to."""

    def __init__(self, found: Survey, marker: str, halt: Callable[[], None]) -> None:
        # In the order in which a draft travels, so that one on the move is met before or after its move.
        places = [
            *found.of_role(Role.DRAFTS),
            *(folder for folder in found.of_role(Role.OTHER) if is_outbox(folder.stream.name)),
            *found.of_role(Role.SENT),
            *found.of_role(Role.TRASH),
        ]
        self._shelves = [mail_shelf_of(folder) for folder in places]
        self._marker = marker
        self._halt = halt
        self._seen: set[Ref] = set()
        self._closed: set[str] = set()

    def whereabouts(self) -> Whereabouts:
        # Twice: a name that changes while a folder is read, or a copy that is only being made, may be missed once.
        found = [*self._round(), *self._round()]
        if found:
            return min(found, key=lambda present: _WEIGHT.get(present.role, len(_WEIGHT)))
        if self._closed:
            return CannotTell(
                f"{len(self._closed)} files or folders among Drafts, Outbox, Sent and Trash may not be read"
            )
        return Absent()

    def _round(self) -> Iterator[Present]:
        for shelf in self._shelves:
            self._halt()
            try:
                items = list(shelf.list().versions)
            except OSError:
                self._closed.add(shelf.folder.stream.id)
                continue
            for item in items:
                ref = Ref(shelf.folder.stream.id, item)
                if ref not in self._seen:
                    self._seen.add(ref)
                    yield from self._look_at(shelf, ref)

    def _look_at(self, shelf: MailShelf, ref: Ref) -> Iterator[Present]:
        try:
            with shelf.store.open(ref.id) as opened:
                head = read_head(opened.file)
                if self._marker.encode() not in head:
                    return
                raw = head + opened.file.read(MESSAGE_BYTES)
        except FileNotFoundError:
            return  # it moved on, to a folder that is looked through after this one, or in the second round
        except OSError:
            self._closed.add(f"{ref.stream}/{ref.id}")
            return
        if _is_ours(raw, self._marker):
            role = shelf.folder.stream.role
            yield Present(ref, role, content_hash(raw) if role is Role.DRAFTS else "")


def _as_stored(raw: bytes, layout: Layout) -> bytes:
    """A composed message with the line ends of its store: programs that read a Maildir show a CR as rubbish."""
    return raw.replace(b"\r\n", b"\n") if layout is Layout.MAILDIR else raw


def _is_ours(raw: bytes, marker: str) -> bool:
    """Whether a message carries the marker: in our header, or in the Message-ID, which programs keep when they send."""
    try:
        mail = read_mail(read_head(io.BytesIO(raw)))
    except BadItem:
        return False
    return mail.marker == marker or marker in mail.message_id


def _drafts(found: Survey) -> Folder:
    """The Drafts folder of the mailbox, or the one to be made."""
    for folder in found.of_role(Role.DRAFTS):
        if folder.layout is not Layout.MBOX:
            return folder
    if _is_maildir_tree(found):
        return Folder.new(found.root, ".Drafts", "Drafts", Role.DRAFTS, Layout.MAILDIR)
    name = OWN_DRAFTS if (found.root / "Drafts").is_file() else "Drafts"
    return Folder.new(found.root, name, name, Role.DRAFTS, Layout.EML)


def _inbox(found: Survey) -> Folder | None:
    """The inbox, or the one to be made; None when the inbox is an mbox."""
    inboxes = found.of_role(Role.INBOX)
    for folder in inboxes:
        if folder.layout is not Layout.MBOX:
            return folder
    if inboxes:
        return None
    if _is_maildir_tree(found):
        return Folder.new(found.root, ".", "INBOX", Role.INBOX, Layout.MAILDIR)
    return Folder.new(found.root, "Inbox", "Inbox", Role.INBOX, Layout.EML)


def _is_maildir_tree(found: Survey) -> bool:
    """Whether new folders belong in Maildir++; a tree without mail becomes one."""
    layouts = {folder.layout for folder in found.folders.values()} - {Layout.CALENDAR}
    return not layouts or Layout.MAILDIR in layouts
