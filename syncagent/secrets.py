"""Answers for secrets of the installation: its own key, and sign-in tokens; the only module that imports keyring.

Touches one file or one entry of the desktop's keyring. A secret never appears in a message.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

from syncagent.config_keys import Secrets
from syncagent.errors import ConfigProblems, Problem, StoreError

KEY_BYTES = 32
_SERVICE = "syncagent"
_ENTRY = "installation-key"
_NEW_KEY = "If there is no copy, delete it: a new key is made, and marks of mail that was read before no longer count."


def installation_key(settings: Secrets) -> bytes:
    """The 32 random bytes of this installation: made at the first call, the same ever after.

    A crash, or two processes at once, never leaves half a key or two. Raises ``ConfigProblems`` when the stored key
    cannot be trusted or the keyring cannot be used, ``StoreError`` when the file cannot be read or written.
    """
    if settings.store == "keyring":
        return _keyring_key()
    return _file_key(settings.key_file)


def _file_key(file: Path) -> bytes:
    try:
        stored = _read(file)
        if stored is None:
            _create(file, base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            stored = _read(file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            f"The key file {file} cannot be read or written ({reason}).",
            cure="Make its folder writable, or name another file in [secrets] key_file.",
        ) from error
    key = _decoded(stored or b"")
    if key is None:
        raise _untrusted(
            f"{file} does not hold a key",
            f"Put back a copy of it from a backup. {_NEW_KEY}",
        )
    return key


def _read(file: Path) -> bytes | None:
    """What the key file holds, None when there is none; refuses a file that others on this computer may read."""
    try:
        with open(file, "rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            # Windows has no such bits: there the folder's own permissions protect the file.
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise _untrusted(
                    f"{file} may be read by other users of this computer (mode {stat.S_IMODE(mode):04o})",
                    f"Run: chmod 600 {file}",
                )
            return stream.read(1024)
    except FileNotFoundError:
        return None


def _create(file: Path, content: bytes) -> None:
    """Puts ``content`` at ``file``, whole and durable or not at all; what another process put there meanwhile stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()  # left by a process that died with the same number
    try:
        _write_new(draft, content)
        try:
            os.link(draft, file)  # unlike a rename, never replaces a file that is there
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            with contextlib.suppress(FileExistsError):
                _write_new(file, content)
        _sync_folder(file.parent)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()


def _write_new(file: Path, content: bytes) -> None:
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(number, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(number)


def _sync_folder(folder: Path) -> None:
    """Makes a new name in ``folder`` survive a power cut, where the system can."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _decoded(text: bytes | str) -> bytes | None:
    """The key in its text form, None when it is not one."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def _keyring_key() -> bytes:
    # Here and not above: keyring looks for its backends when it is imported, and few installations use it.
    import keyring

    try:
        stored = keyring.get_password(_SERVICE, _ENTRY)
        if stored is None:
            keyring.set_password(_SERVICE, _ENTRY, base64.b64encode(os.urandom(KEY_BYTES)).decode())
            stored = keyring.get_password(_SERVICE, _ENTRY)
    except Exception as error:
        raise _untrusted(
            f"the keyring of this computer cannot be used ({type(error).__name__})",
            'Unlock it and try again; on a server without a desktop set store = "file" in [secrets].',
            where="secrets.store",
        ) from error
    key = _decoded(stored or "")
    if key is None:
        raise _untrusted(
            f"the entry {_SERVICE}/{_ENTRY} of the keyring does not hold a key",
            _NEW_KEY,
            where="secrets.store",
        )
    return key


def _untrusted(what: str, cure: str, *, where: str = "secrets.key_file") -> ConfigProblems:
    return ConfigProblems("config.toml", [Problem(where, what)], cure=cure)


class SessionVault:
    """Keeps sign-in tokens in memory, as long as the process lives (implements ``ports.TokenVault``).

    Enough for mailboxes that need no sign-in. ``lock`` holds between the threads of this process.
    """

    def __init__(self) -> None:
        self._tokens: dict[str, bytes] = {}
        self._locks: dict[str, threading.RLock] = {}
        self._guard = threading.Lock()

    def load(self, name: str) -> bytes | None:
        with self._guard:
            return self._tokens.get(name)

    def store(self, name: str, token: bytes) -> None:
        with self._guard:
            self._tokens[name] = token

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(name, threading.RLock())
        with lock:
            yield
