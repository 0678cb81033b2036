"""Answers for which folders and calendars a mailbox on disk holds: walks the tree, follows no link, reads no mail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from unicodedata import normalize

from connectors.files import faults
from connectors.files.names import decode_folder, fold, readable, role_of
from connectors.files.stores import open_regular
from syncagent.errors import Scope, Unreachable
from syncagent.model import Stream
from syncagent.vocabulary import Role

CALENDAR = "calendar"
_MAILDIR_PARTS = frozenset({"cur", "new", "tmp"})
_MBOX_SUFFIXES = frozenset({".mbox", ".mbx"})
#: Files that are certainly no mbox, so that thousands of them are not opened to see how they begin.
_NO_MBOX_SUFFIXES = frozenset({".eml", ".ics", ".msf", ".json", ".db", ".sqlite", ".pdf", ".html", ".jpg", ".png"})


class Layout(StrEnum):
    """How a stream is stored."""

    MAILDIR = "maildir"
    MBOX = "mbox"
    EML = "eml"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Folder:
    """A stream and where it lies: a folder, or the file of an mbox."""

    stream: Stream
    layout: Layout
    path: Path

    @classmethod
    def new(cls, root: Path, identity: str, name: str, role: Role, layout: Layout) -> Folder:
        """A folder at the top of the tree that does not exist yet."""
        return cls(Stream(identity, name, role), layout, root / identity)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a mailbox holds, by stream id; and what was passed over: symbolic links, .ics files outside a calendar."""

    root: Path
    folders: Mapping[str, Folder]
    links: int
    strays: int

    def of_role(self, role: Role) -> list[Folder]:
        """The folders of a role, the one at the top of the tree first."""
        found = [folder for folder in self.folders.values() if folder.stream.role is role]
        return sorted(found, key=lambda folder: (folder.stream.name.count("/"), folder.stream.id))


@dataclass(frozen=True, slots=True)
class _Place:
    """A directory on the way: its path below the root as it is spelled on disk, and as a person reads it."""

    path: Path
    spelled: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def inside(self, name: str, *shown: str) -> _Place:
        return _Place(self.path / name, (*self.spelled, readable(name)), (*self.shown, *shown))

    @property
    def id(self) -> str:
        return "/".join(self.spelled) or "."

    def stream(self, role: Role | None = None, *, suffix: str = "") -> Stream:
        name = "/".join(self.shown) or "INBOX"
        default = role_of(self.shown) if self.shown else Role.INBOX
        identity = f"{self.id}{suffix}".removeprefix("./")
        return Stream(id=identity, name=name, role=role or default)


@dataclass(slots=True)
class _Entries:
    """The content of one directory; links are counted and left out."""

    folders: list[str]
    files: list[str]
    links: int


def survey(root: Path, halt: Callable[[], None]) -> Survey:
    """Walks the tree below ``root``.

    Symbolic links are not followed: what one leads to inside the tree is found under its own name, and what lies
    outside is not ours to read. A folder that may not be read is listed all the same, so that reading it shows the
    failure. ``halt`` is called for each directory and may raise.

    Raises ``AccessDenied``, and ``Unreachable`` when there is no mailbox at all: a drive that is not mounted leaves an
    empty folder behind, and nothing may be concluded from what is missing in it.
    """
    try:
        entries = _entries(root)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Unreachable(
            f"The mailbox folder {root} is not there.",
            cure="Correct `path` in the configuration, or mount the drive that it lies on.",
            detail=faults.code_of(error),
        ) from error
    except OSError as error:
        raise faults.reading(error, f"The mailbox folder {root}", scope=Scope.MAILBOX) from error
    walk = _Walk(halt)
    found = sorted(walk.visit(_Place(root), entries), key=lambda folder: folder.stream.id)
    if not found:
        raise Unreachable(
            f"The mailbox folder {root} holds no mail.",
            cure="Let `path` name a Maildir, or a folder with mbox or .eml files and calendar/*.ics; mount its drive.",
        )
    return Survey(root, MappingProxyType({folder.stream.id: folder for folder in found}), walk.links, walk.strays)


class _Walk:
    """One walk through a tree."""

    def __init__(self, halt: Callable[[], None]) -> None:
        self._halt = halt
        self.links = 0
        self.strays = 0

    def visit(self, place: _Place, entries: _Entries) -> Iterator[Folder]:
        """Every stream in this directory and below it."""
        self._halt()
        self.links += entries.links
        self.strays += sum(name.lower().endswith(".ics") for name in entries.files)
        is_maildir = _is_maildir(entries)
        if is_maildir:
            yield Folder(place.stream(), Layout.MAILDIR, place.path)
        if is_maildir and _has_mail_files(entries):
            yield Folder(place.stream(suffix="/*.eml"), Layout.EML, place.path)
        if not is_maildir and _is_eml_folder(place, entries):
            yield Folder(place.stream(), Layout.EML, place.path)
        yield from _mboxes(place, entries)
        for name in entries.folders:
            if not (is_maildir and name in _MAILDIR_PARTS):
                yield from self._below(place, name)

    def _below(self, place: _Place, name: str) -> Iterator[Folder]:
        dotted = name.startswith(".")
        try:
            entries = _entries(place.path / name)
        except FileNotFoundError:
            return  # removed since its parent was listed
        except OSError:
            inner = _inner(place, name, is_maildir=dotted)
            yield Folder(inner.stream(), Layout.MAILDIR if dotted else Layout.EML, inner.path)
            return
        is_maildir = _is_maildir(entries)
        inner = _inner(place, name, is_maildir=is_maildir)
        if dotted and not is_maildir:
            return  # .git, .cache and the like
        if fold(name) == CALENDAR and not is_maildir:
            yield from self._calendars(inner, entries)
        else:
            yield from self.visit(inner, entries)

    def _calendars(self, place: _Place, entries: _Entries) -> Iterator[Folder]:
        """The folder called calendar and all below it, with or without .ics: an emptied calendar is still one."""
        self._halt()
        yield Folder(place.stream(Role.CALENDAR), Layout.CALENDAR, place.path)
        for name in entries.folders:
            if name.startswith("."):
                continue
            inner = place.inside(name, _composed(name))
            try:
                below = _entries(inner.path)
            except FileNotFoundError:
                continue
            except OSError:
                below = _Entries([], [], 0)
            self.links += below.links
            yield from self._calendars(inner, below)


def _entries(path: Path) -> _Entries:
    """Lists a directory, names sorted."""
    found = _Entries([], [], 0)
    with os.scandir(path) as listing:
        for entry in listing:
            if entry.is_symlink():
                found.links += 1
            elif entry.is_dir(follow_symlinks=False):
                found.folders.append(entry.name)
            elif entry.is_file(follow_symlinks=False):
                found.files.append(entry.name)
    found.folders.sort()
    found.files.sort()
    return found


def _is_maildir(entries: _Entries) -> bool:
    """Either half is enough: copies of a mailbox often come without its empty folders."""
    return "cur" in entries.folders or "new" in entries.folders


def _inner(place: _Place, name: str, *, is_maildir: bool) -> _Place:
    """The directory ``name`` in ``place`` as a person knows it.

    A Maildir++ folder ``.A.B`` is B in A. Thunderbird keeps the folders below X in ``X.sbd``, Apple Mail keeps X in
    ``X.mbox``.
    """
    if is_maildir and name.startswith("."):
        return place.inside(name, *(decode_folder(part) for part in name[1:].split(".") if part))
    shown = decode_folder(name) if is_maildir else _composed(name)
    return place.inside(name, shown.removesuffix(".sbd").removesuffix(".mbox"))


def _composed(name: str) -> str:
    return normalize("NFC", readable(name))


def _has_mail_files(entries: _Entries) -> bool:
    return any(name.lower().endswith(".eml") and not name.startswith(".") for name in entries.files)


def _is_eml_folder(place: _Place, entries: _Entries) -> bool:
    """Whether a plain folder is a stream: it holds .eml files, or it is empty and could, or its name has a role."""
    if _has_mail_files(entries):
        return True
    if not place.shown:
        return False
    return not (entries.files or entries.folders) or (role_of(place.shown) is not Role.OTHER and not entries.files)


def _mboxes(place: _Place, entries: _Entries) -> Iterator[Folder]:
    for name in entries.files:
        suffix = Path(name).suffix.lower()
        # The empty file ``maildirfolder`` says that its folder is a Maildir++ sub-folder; it is no mailbox of its own.
        if name.startswith(".") or name == "maildirfolder" or suffix in _NO_MBOX_SUFFIXES:
            continue
        shown = _composed(name[: -len(suffix)] if suffix in _MBOX_SUFFIXES else name)
        # Apple Mail: the folder X.mbox holds the file mbox; the folder's name says it all.
        inner = (
            place.inside(name) if place.path.suffix.lower() == ".mbox" and name == "mbox" else place.inside(name, shown)
        )
        expected = suffix in _MBOX_SUFFIXES or role_of(inner.shown) is not Role.OTHER
        if _begins_like_mbox(inner.path, expected=expected):
            yield Folder(inner.stream(), Layout.MBOX, inner.path)


def _begins_like_mbox(path: Path, *, expected: bool) -> bool:
    """Whether a file begins as an mbox does (RFC 4155). Of an empty or closed one its name must tell."""
    try:
        with open_regular(path) as file:
            start = file.read(5)
    except OSError:
        return expected
    return start == b"From " or (not start and expected)
