"""Answers for the only writes to a mailbox on disk: adds a message whole or not at all, and removes a draft of ours.

What is written survives a power cut once a function returns: file and folder are flushed to the disk.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import re
import secrets
from pathlib import Path

from connectors.files.maildir import INFO
from syncagent.clock import Clock
from syncagent.errors import AccessDenied

_WRITE_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
#: Only the owner of the mailbox reads what we put there.
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


def unique_name(clock: Clock) -> str:
    """A file name that no other program makes: time, process and chance, and the machine, as Maildir wants it."""
    now = clock.now()
    host = re.sub(r"[^A-Za-z0-9.-]", "_", platform.node()) or "localhost"
    return f"{int(now.timestamp())}.M{now.microsecond:06d}P{os.getpid()}R{secrets.token_hex(4)}.{host}"


def add_to_maildir(folder: Path, raw: bytes, name: str, *, flags: str = "") -> None:
    """Writes a message into ``tmp`` and moves it to ``cur`` under ``flags`` (in ASCII order), without any to ``new``.

    Raises ``OSError``; then nothing is left in ``cur`` or ``new``.
    """
    final = folder / "cur" / f"{name}{INFO}2,{flags}" if flags else folder / "new" / name
    _save(raw, folder / "tmp" / name, final)


def add_to_folder(folder: Path, raw: bytes, name: str) -> None:
    """Writes a message as the file ``name`` into a folder; until it is complete its name begins with a dot."""
    _save(raw, folder / f".{name}", folder / name)


def make_maildir(folder: Path, *, is_subfolder: bool) -> None:
    """Makes what is missing of a Maildir; a Maildir++ sub-folder also holds an empty file ``maildirfolder``."""
    make_folder(folder)
    for part in ("tmp", "new", "cur"):
        make_folder(folder / part)
    if is_subfolder:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(folder / "maildirfolder", _WRITE_FLAGS, _FILE_MODE))


def make_folder(folder: Path) -> None:
    """Makes a folder unless it is there. Raises ``AccessDenied`` for a link, which could lead out of the mailbox."""
    if folder.is_symlink():
        raise AccessDenied(
            f"{folder.name} in the mailbox is a symbolic link.",
            cure="Replace it by a folder: links are not followed, so that nothing is written outside the mailbox.",
        )
    if not folder.is_dir():
        folder.mkdir(mode=_FOLDER_MODE)
        _flush_folder(folder.parent)


def remove(path: Path, seen: os.stat_result) -> bool:
    """Removes a file if it is still the one that was ``seen``; False when somebody was quicker. Raises ``OSError``."""
    now = path.stat(follow_symlinks=False)
    if any(getattr(now, name) != getattr(seen, name) for name in ("st_ino", "st_size", "st_mtime_ns")):
        return False
    path.unlink()
    _flush_folder(path.parent)
    return True


def _save(raw: bytes, temporary: Path, final: Path) -> None:
    descriptor = os.open(temporary, _WRITE_FLAGS, _FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(final)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _flush_folder(final.parent)


def _flush_folder(folder: Path) -> None:
    """Makes a new or removed name durable. Windows has no way to ask for it, and some network drives refuse."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
            raise
    finally:
        os.close(descriptor)
