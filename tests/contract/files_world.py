"""The worlds of a mailbox on disk: Maildir++, mbox files and folders of .eml files; and the hands of mail programs."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import ClassVar

import pytest

from connectors.files.drafts import FilesDraftBox
from connectors.files.source import FilesSource
from syncagent.clock import FixedClock, StopSignal
from syncagent.model import Ref, Stream
from syncagent.vocabulary import Role
from tests.contract.known import MemoryKnown
from tests.contract.world import NOW, Letter, Purse, make_surroundings

PAGE_ITEMS = 6


class FilesWorld(ABC):
    """A mailbox below a folder. ``lines`` is the line end of what arrives."""

    names: ClassVar[Mapping[Role, str]]
    lines = b"\n"

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.known = MemoryKnown()
        self.clock = FixedClock(NOW)
        self.stop = StopSignal()
        self.surroundings = make_surroundings(self.known, self.clock, self.stop, Purse())
        self.page_items = PAGE_ITEMS
        self.exact = True
        monkeypatch.setattr("connectors.files.sweep.PAGE_ITEMS", PAGE_ITEMS)
        monkeypatch.setattr("connectors.files.search.PAGE_ITEMS", PAGE_ITEMS)
        self._monkeypatch = monkeypatch
        self._ticks = 0
        root.mkdir()
        (root / "calendar").mkdir()
        for role in (Role.INBOX, Role.SENT, Role.TRASH, Role.ARCHIVE):
            self.make(self.names[role])

    # --- What differs between layouts ----------------------------------------------------------------------------

    @abstractmethod
    def make(self, stream: str) -> None:
        """Makes an empty folder."""

    @abstractmethod
    def add(self, stream: str, raw: bytes, seconds: float, *, name: str = "") -> None:
        """A message arrives; ``name`` is where it came from, if it was moved."""

    @abstractmethod
    def take(self, place: str) -> tuple[bytes, str]:
        """Removes the message at a place of ``messages``. Returns it with its name."""

    @abstractmethod
    def messages(self) -> Iterator[tuple[str, bytes]]:
        """Every message with its place."""

    @abstractmethod
    def flag_at(self, place: str) -> None:
        """Marks a message as read."""

    @abstractmethod
    def folder_id(self, name: str) -> str:
        """How a folder of this name is spelled on disk."""

    # --- The world -------------------------------------------------------------------------------------------------

    def source(self) -> FilesSource:
        return FilesSource(self.root, self.surroundings)

    def draft_box(self) -> FilesDraftBox:
        return FilesDraftBox(self.root, self.surroundings)

    def stream(self, role: Role) -> Stream:
        [stream] = [stream for stream in self.source().streams() if stream.id == self.names[role]]
        assert stream.role is role
        return stream

    def calendar(self) -> Stream:
        [stream] = [stream for stream in self.source().streams() if stream.role is Role.CALENDAR]
        return stream

    def add_folder(self, name: str) -> Stream:
        identity = self.folder_id(name)
        self.make(identity)
        [stream] = [stream for stream in self.source().streams() if stream.id == identity]
        return stream

    def deliver(self, stream: Stream, letter: Letter) -> None:
        self.add(stream.id, self.written(letter), letter.at.timestamp())

    def deliver_broken(self, stream: Stream) -> None:
        self.add(stream.id, b"no header at all", NOW.timestamp())

    def move(self, message_id: str, stream: Stream) -> None:
        raw, name = self.take(self.place(message_id))
        self.add(stream.id, raw, NOW.timestamp(), name=name)

    def delete(self, message_id: str) -> None:
        self.take(self.place(message_id))

    def flag(self, message_id: str) -> None:
        self.flag_at(self.place(message_id))

    def put_resource(self, name: str, text: str) -> None:
        path = self.root / "calendar" / f"{name}.ics"
        path.write_bytes(text.encode())
        self.tick(path)

    def remove_resource(self, name: str) -> None:
        (self.root / "calendar" / f"{name}.ics").unlink()

    def edit_draft(self, ref: Ref, text: str) -> None:
        """Saves the draft anew, as mail programs do: same headers, other text."""
        path = self.draft_path(ref)
        raw = path.read_bytes()
        end = b"\r\n\r\n" if b"\r\n" in raw else b"\n\n"
        path.write_bytes(raw.partition(end)[0] + end + text.encode())
        self.tick(path)

    def send_draft(self, ref: Ref, *, message_id: str = "", keeps_marker: bool = True) -> None:
        path = self.draft_path(ref)
        raw = path.read_bytes().replace(b"\r\n", self.lines)
        if message_id:
            raw = re.sub(rb"(?mi)^message-id:.*?$", f"Message-ID: <{message_id}>".encode(), raw, count=1)
        if not keeps_marker:
            raw = re.sub(rb"(?mi)^x-syncagent-draft:.*?\n", b"", raw, count=1)
        path.unlink()
        self.add(self.names[Role.SENT], raw, NOW.timestamp())

    def discard_draft(self, ref: Ref) -> None:
        path = self.draft_path(ref)
        raw = path.read_bytes().replace(b"\r\n", self.lines)
        path.unlink()
        self.add(self.names[Role.TRASH], raw, NOW.timestamp())

    def picture(self) -> Mapping[str, object]:
        files = [path for path in self.root.rglob("*") if path.is_file() and path.name != "maildirfolder"]
        return {path.relative_to(self.root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    def lose_cursors(self, stream: Stream) -> None:
        pytest.skip("a folder on disk forgets no cursors")

    def exhaust(self) -> None:
        pytest.skip("a folder on disk asks nobody to slow down")

    def recover(self) -> None:
        raise AssertionError("never exhausted")

    def crash_in_place(self) -> None:
        def crash(*_: object) -> None:
            self._monkeypatch.undo()
            raise ConnectionError("the power went")

        self._monkeypatch.setattr("connectors.files.drafts.content_hash", crash)

    def blind(self) -> None:
        pytest.skip("a folder on disk can always tell, unless it is closed: test_files")

    def place(self, message_id: str) -> str:
        """Where the message with this id lies."""
        wanted = f"<{message_id}>".encode()
        [place] = [place for place, raw in self.messages() if wanted in raw.partition(self.lines * 2)[0]]
        return place

    def draft_path(self, ref: Ref) -> Path:
        return self.root / ref.stream / ref.id

    def tick(self, path: Path) -> None:
        """Gives every version of a file a time of its own, however fast the test is."""
        self._ticks += 1
        os.utime(path, ns=(0, int(NOW.timestamp() + self._ticks) * 1_000_000_000))

    def written(self, letter: Letter) -> bytes:
        """The letter as its author's program sends it."""
        message = EmailMessage(policy=SMTP.clone(cte_type="8bit", utf8=False))
        message["Message-ID"] = f"<{letter.message_id}>"
        message["Date"] = letter.at
        message["From"] = f'"{letter.from_.name}" <{letter.from_.email}>'
        message["To"] = ", ".join(f'"{one.name}" <{one.email}>' for one in letter.to)
        if letter.cc:
            message["Cc"] = ", ".join(f'"{one.name}" <{one.email}>' for one in letter.cc)
        message["Subject"] = letter.subject
        message.set_content(letter.text)
        if letter.document:
            message.add_attachment(b"%PD", maintype="application", subtype="pdf", filename=letter.document)
        return message.as_bytes().replace(b"\r\n", self.lines)


class MaildirWorld(FilesWorld):
    """Maildir++: the root is the inbox, folders begin with a dot."""

    names: ClassVar[Mapping[Role, str]] = {
        Role.INBOX: ".",
        Role.SENT: ".Sent",
        Role.TRASH: ".Trash",
        Role.ARCHIVE: ".Archive",
    }

    def make(self, stream: str) -> None:
        for part in ("cur", "new", "tmp"):
            (self.root / stream / part).mkdir(parents=True, exist_ok=True)

    def folder_id(self, name: str) -> str:
        return f".{name}"

    def add(self, stream: str, raw: bytes, seconds: float, *, name: str = "") -> None:
        self._ticks += 1
        path = self.root / stream / "new" / f"{int(seconds)}.M{self._ticks}P1.test,S={len(raw)}"
        if name:
            path = self.root / stream / "cur" / name
        path.write_bytes(raw)
        os.utime(path, (seconds, seconds))

    def take(self, place: str) -> tuple[bytes, str]:
        path = self.root / place
        raw = path.read_bytes()
        path.unlink()
        return raw, path.name if ":2," in path.name else f"{path.name}:2,"

    def messages(self) -> Iterator[tuple[str, bytes]]:
        for path in [*self.root.rglob("new/*"), *self.root.rglob("cur/*")]:
            yield path.relative_to(self.root).as_posix(), path.read_bytes()

    def flag_at(self, place: str) -> None:
        path = self.root / place
        path.rename(path.parent.parent / "cur" / f"{path.name.partition(':')[0]}:2,RS")

    def draft_path(self, ref: Ref) -> Path:
        [path] = (self.root / ref.stream / "cur").glob(f"{ref.id}*")
        return path


class MboxWorld(FilesWorld):
    """mbox files; drafts go to a folder of .eml files."""

    names: ClassVar[Mapping[Role, str]] = {
        Role.INBOX: "Inbox",
        Role.SENT: "Sent.mbox",
        Role.TRASH: "Çöp",
        Role.ARCHIVE: "Archive",
    }

    def make(self, stream: str) -> None:
        (self.root / stream).touch()

    def folder_id(self, name: str) -> str:
        return f"{name}.mbox"

    def add(self, stream: str, raw: bytes, seconds: float, *, name: str = "") -> None:
        path = self.root / stream
        quoted = re.sub(rb"(?m)^(>*From )", rb">\1", raw)
        separator = f"From rauf@neft.example {NOW:%a %b %d %H:%M:%S %Y}\n".encode()
        status = b"Status: O\n" if quoted.startswith(b"Message-ID") else b""
        end = b"" if quoted.endswith(b"\n") else b"\n"
        with path.open("ab") as file:
            file.write(separator + status + quoted + end + b"\n")
        self.tick(path)

    def take(self, place: str) -> tuple[bytes, str]:
        name, _, number = place.rpartition("#")
        pieces = self._pieces(name)
        taken = pieces.pop(int(number))
        (self.root / name).write_bytes(b"".join(pieces))
        self.tick(self.root / name)
        return self._unquoted(taken), ""

    def messages(self) -> Iterator[tuple[str, bytes]]:
        for path in self.root.iterdir():
            if path.is_file():
                for number, piece in enumerate(self._pieces(path.name)):
                    yield f"{path.name}#{number}", self._unquoted(piece)

    def deliver_broken(self, stream: Stream) -> None:
        super().deliver_broken(stream)
        # As long as the file is young, its writer could still be at that message.
        os.utime(self.root / stream.id, (NOW.timestamp() - 1e8, NOW.timestamp() - 1e8))

    def flag_at(self, place: str) -> None:
        name, _, number = place.rpartition("#")
        pieces = self._pieces(name)
        pieces[int(number)] = pieces[int(number)].replace(b"Status: O\n", b"Status: RO\nX-Status: A\n")
        (self.root / name).write_bytes(b"".join(pieces))
        self.tick(self.root / name)

    def _pieces(self, name: str) -> list[bytes]:
        return [piece for piece in re.split(rb"(?m)(?=^From )", (self.root / name).read_bytes()) if piece]

    def _unquoted(self, piece: bytes) -> bytes:
        message = piece.partition(b"\n")[2].removesuffix(b"\n")
        return re.sub(rb"(?m)^>(>*From )", rb"\1", message).removeprefix(b"Status: O\n")


class EmlWorld(FilesWorld):
    """Folders of .eml files, named as people name them."""

    names: ClassVar[Mapping[Role, str]] = {
        Role.INBOX: "Gələnlər",
        Role.SENT: "Отправленные",
        Role.TRASH: "Trash",
        Role.ARCHIVE: "Archiv",
    }
    lines = b"\r\n"

    def make(self, stream: str) -> None:
        (self.root / stream).mkdir()

    def folder_id(self, name: str) -> str:
        return name

    def add(self, stream: str, raw: bytes, seconds: float, *, name: str = "") -> None:
        self._ticks += 1
        path = self.root / stream / (name or f"Müqavilə № {self._ticks}.EML")
        path.write_bytes(raw)
        os.utime(path, (seconds, seconds))

    def take(self, place: str) -> tuple[bytes, str]:
        path = self.root / place
        raw = path.read_bytes()
        path.unlink()
        return raw, path.name

    def messages(self) -> Iterator[tuple[str, bytes]]:
        for path in self.root.rglob("*"):
            if path.suffix.lower() == ".eml":
                yield path.relative_to(self.root).as_posix(), path.read_bytes()

    def flag_at(self, place: str) -> None:
        """A file has no flags; nothing happens."""
