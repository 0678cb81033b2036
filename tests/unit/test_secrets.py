"""The installation's key: made once, kept safe, refused when others can read it; and tokens in memory."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from syncagent import ports, secrets
from syncagent.config_keys import Secrets
from syncagent.errors import ConfigProblems, ExitCode, StoreError
from syncagent.secrets import SessionVault, installation_key

posix = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


class MemoryKeyring(KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


@pytest.fixture
def desktop() -> Iterator[MemoryKeyring]:
    before, backend = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def in_file(file: Path) -> Secrets:
    return Secrets(store="file", key_file=file)


# The file


def test_the_key_is_made_once_and_stays(tmp_path: Path) -> None:
    settings = in_file(tmp_path / "data" / "syncagent.key")
    key = installation_key(settings)
    assert len(key) == secrets.KEY_BYTES
    assert installation_key(settings) == key
    assert installation_key(in_file(tmp_path / "other.key")) != key
    assert [path.name for path in settings.key_file.parent.iterdir()] == ["syncagent.key"]


@posix
def test_nobody_else_may_read_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        installation_key(in_file(tmp_path / "key"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key"
    installation_key(in_file(file))
    file.chmod(mode)
    with pytest.raises(ConfigProblems) as caught:
        installation_key(in_file(file))
    assert caught.value.cure == f"Run: chmod 600 {file}"
    assert caught.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("content", [b"", b"short\n", b"A" * 64, "açar".encode()])
def test_a_damaged_key_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(ConfigProblems, match="does not hold a key") as caught:
        installation_key(in_file(file))
    assert "backup" in caught.value.cure
    assert file.read_bytes() == content


def test_many_at_once_get_one_key(tmp_path: Path) -> None:
    settings, start = in_file(tmp_path / "key"), threading.Barrier(8)

    def make(_: int) -> bytes:
        start.wait()
        return installation_key(settings)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_file_system_without_hard_links_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refused)
    key = installation_key(in_file(tmp_path / "key"))
    assert installation_key(in_file(tmp_path / "key")) == key


def test_a_folder_that_cannot_be_used_is_told_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as caught:
        installation_key(in_file(tmp_path / "file" / "key"))
    assert "key_file" in caught.value.cure
    assert caught.value.exit_code == ExitCode.SURROUNDINGS


# The keyring


def test_the_keyring_keeps_the_key(desktop: MemoryKeyring, tmp_path: Path) -> None:
    settings = Secrets(store="keyring", key_file=tmp_path / "unused")
    key = installation_key(settings)
    assert len(key) == secrets.KEY_BYTES
    assert installation_key(settings) == key
    assert len(desktop.entries) == 1
    assert not (tmp_path / "unused").exists()


def test_a_foreign_entry_is_refused(desktop: MemoryKeyring) -> None:
    desktop.set_password("syncagent", "installation-key", "hunter2")
    with pytest.raises(ConfigProblems, match="does not hold a key") as caught:
        installation_key(Secrets(store="keyring"))
    assert "hunter2" not in caught.value.sentence


def test_a_server_without_a_keyring_is_told_to_use_the_file() -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    try:
        with pytest.raises(ConfigProblems) as caught:
            installation_key(Secrets(store="keyring"))
    finally:
        keyring.set_keyring(before)
    assert caught.value.problems[0].where == "secrets.store"
    assert 'store = "file"' in caught.value.cure


def test_keyring_is_imported_only_when_it_is_used() -> None:
    code = "import sys, syncagent.secrets; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Tokens


def test_the_vault_keeps_tokens_for_the_session() -> None:
    vault: ports.TokenVault = SessionVault()
    assert vault.load("leyla") is None
    with vault.lock("leyla"), vault.lock("leyla"), vault.lock("kamran"):
        vault.store("leyla", b"1")
        vault.store("leyla", b"2")
    assert vault.load("leyla") == b"2"
    assert vault.load("kamran") is None


def test_the_lock_of_a_name_is_held_by_one_thread_at_a_time() -> None:
    vault, inside, most = SessionVault(), 0, 0

    def work(_: int) -> None:
        nonlocal inside, most
        for _ in range(50):
            with vault.lock("leyla"):
                inside += 1
                most = max(most, inside)
                vault.store("leyla", b"x")
                inside -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert most == 1
