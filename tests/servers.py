"""Starts the servers that tests talk to: for now a private PostgreSQL on 127.0.0.1, thrown away afterwards.

Nothing of the machine is used or changed: own folder, own port, no service, no password.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

START_TIMEOUT_S = 60
OWNER = "syncagent"
PACKAGED = Path("/usr/lib/postgresql")  # Debian keeps them out of PATH, one folder for each version
UNPRIVILEGED_USERS = ("postgres", "nobody")
# Tests throw the data away, so nothing waits for the disk. The server writes into its own folder only.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "50",
    "shared_buffers": "32MB",
    "timezone": "UTC",
}


class ServerMissing(Exception):
    """A server cannot be started on this machine; the message says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class Runner:
    """How commands of the server are run: as this user, or as an unprivileged one where this user is root."""

    prefix: tuple[str, ...]
    user: str | None

    def run(self, command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
        """Runs ``command`` to its end with ``folder`` as working directory; the result carries its output."""
        return subprocess.run(
            [*self.prefix, *map(str, command)],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=START_TIMEOUT_S,
            check=False,
        )

    def start(self, command: Sequence[str | Path], folder: Path, log: Path) -> subprocess.Popen[bytes]:
        """Starts ``command`` in a session of its own, so that a Ctrl-C on the terminal does not reach it."""
        with log.open("wb") as output:
            return subprocess.Popen(
                [*self._tied_to_us(), *map(str, command)],
                cwd=folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _tied_to_us(self) -> tuple[str, ...]:
        """The prefix, and on Linux the wish to be stopped (SIGINT: fast shutdown) when the tests are killed."""
        if self.prefix[:1] == ("setpriv",):
            return (*self.prefix, "--pdeathsig", "INT")
        if not self.prefix and sys.platform == "linux" and shutil.which("setpriv"):
            return ("setpriv", "--pdeathsig", "INT")
        return self.prefix


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running PostgreSQL in which every test gets a database of its own."""

    port: int
    version: str

    def create_database(self, *, template: str = "template0") -> str:
        """Creates a database, empty or a copy of ``template``, and returns its name."""
        name = f"test_{uuid.uuid4().hex}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Removes the database, also from under connections that a test left open."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{database}?sslmode=disable"

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(_conninfo(self.port), autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A private server for the time of the block; raises ServerMissing where there is none to start."""
    with contextlib.ExitStack() as stack:
        runner = _runner()
        folder = _folder_for(runner)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        binaries, version = _find_binaries(runner, folder)
        data = _initialise(runner, binaries, folder)
        yield stack.enter_context(_started(runner, binaries, data, version))


def _runner() -> Runner:
    if os.name != "posix" or os.geteuid() != 0:
        return Runner((), None)
    import pwd  # exists on POSIX alone

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in UNPRIVILEGED_USERS:
        if name not in known:
            continue
        entry = known[name]
        if shutil.which("setpriv"):
            ids = (f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
            return Runner(("setpriv", *ids), name)
        if shutil.which("runuser"):
            return Runner(("runuser", "-u", name, "--"), name)
    raise ServerMissing(
        "PostgreSQL refuses to run as root, and there is no setpriv or runuser with a user "
        f"{' or '.join(UNPRIVILEGED_USERS)} to run it as; run the tests as another user."
    )


def _folder_for(runner: Runner) -> Path:
    """A new folder that the server's user can reach: pytest's own are closed to everybody but their owner."""
    parents = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    for parent in parents:
        if not parent.is_dir() or (runner.user and not _open_to_all(parent)):
            continue
        folder = Path(tempfile.mkdtemp(prefix="syncagent-postgres-", dir=parent))
        if runner.user:
            shutil.chown(folder, runner.user)
        return folder
    raise ServerMissing(f"No temporary folder that the user {runner.user} can reach; set TMPDIR to one.")


def _open_to_all(folder: Path) -> bool:
    real = folder.resolve()
    return all(step.stat().st_mode & 0o001 for step in (real, *real.parents))


def _find_binaries(runner: Runner, folder: Path) -> tuple[Path, str]:
    """The newest packaged pair of initdb and postgres that runs, else the first on PATH."""
    packaged = sorted(PACKAGED.glob("*/bin"), key=_version_of_folder, reverse=True)
    on_path = [Path(entry) for entry in os.get_exec_path() if entry]
    for candidate in (*packaged, *on_path):
        initdb, postgres = candidate / "initdb", candidate / "postgres"
        if not (os.access(initdb, os.X_OK) and os.access(postgres, os.X_OK)):
            continue
        answers = [runner.run([binary, "--version"], folder) for binary in (initdb, postgres)]
        if all(answer.returncode == 0 for answer in answers):
            return candidate, answers[1].stdout.strip()
    raise ServerMissing("No PostgreSQL on this machine (initdb and postgres); on Debian: apt-get install postgresql")


def _version_of_folder(binaries: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in binaries.parent.name.split(".") if part.isdigit())


def _initialise(runner: Runner, binaries: Path, folder: Path) -> Path:
    data = folder / "data"
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    options = ["--auth=trust", "--encoding=UTF8", f"--locale={locale}", f"--username={OWNER}", "--no-sync"]
    answer = runner.run([binaries / "initdb", f"--pgdata={data}", *options], folder)
    if answer.returncode != 0:
        raise ServerMissing(f"initdb of {binaries} failed:\n{answer.stdout}")
    return data


@contextlib.contextmanager
def _started(runner: Runner, binaries: Path, data: Path, version: str) -> Iterator[PostgresServer]:
    """The server over ``data``; tried on another port when somebody took the free one in between."""
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    log = data.parent / "log"
    for _ in range(3):
        port = _free_port()
        process = runner.start([binaries / "postgres", "-D", data, f"--port={port}", *settings], data.parent, log)
        try:
            if _answers(process, port):
                yield PostgresServer(port, version)
                return
        finally:
            _stop(process)
    raise ServerMissing(f"{version} of {binaries} does not start:\n{log.read_text(errors='replace')}")


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Waits until the server takes connections; False when its process has ended instead, or never gets there."""
    for _ in range(START_TIMEOUT_S * 20):
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(_conninfo(port)):
                return True
        else:
            return False
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the server: politely (SIGINT is PostgreSQL's fast shutdown), then not."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _conninfo(port: int) -> str:
    return f"host=127.0.0.1 port={port} user={OWNER} dbname=postgres sslmode=disable connect_timeout=10"


def _environment() -> dict[str, str]:
    """The environment without the PG variables that would point the server's commands elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
