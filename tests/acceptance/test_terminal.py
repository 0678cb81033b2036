"""On a terminal of 80 columns: tables that fit, a progress bar that goes away, colours only where they are wanted."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.program import TIMEOUT_S, World, command, environment

pty = pytest.importorskip("pty", reason="pseudo-terminals are POSIX")

pytestmark = pytest.mark.acceptance

WIDTH = 80
ANSI = re.compile(r"\x1b\[[?\d;]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|38|9[0-7])[\d;]*m")


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "world")
    for number in range(40):
        made.receives(subject=f"Gəncə filialı üçün nasos stansiyasının quraşdırılması: təklif № {number}")
    made.plans("gunel@xezer.example")
    made.import_people()
    return made


def on_terminal(world: World, *arguments: str, **env: str) -> str:
    """Everything that the command writes to a terminal."""
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    process = subprocess.Popen(
        command("--config", str(world.config), *arguments),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment({"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **env}),
    )
    os.close(theirs)
    written = bytearray()
    while True:
        try:
            some = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not some:
            break
        written += some
    os.close(ours)
    process.wait(TIMEOUT_S)
    return written.decode()


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in ANSI.sub("", text).replace("\r", "\n").splitlines() if line.strip()]


def test_a_pass_shows_its_progress_and_then_its_numbers(world: World) -> None:
    text = on_terminal(world, "sync")
    assert "\x1b[2K" in text, "the bar was not taken away"
    assert "━" in text
    shown = lines(text)
    assert shown[-1] == "Drafts: 1 newly due, 1 placed."
    assert re.fullmatch(r"leyla +5 +41 +41", shown[-2])


def test_tables_fit_and_letters_are_right(world: World) -> None:
    world.good("sync")
    for arguments in (("interactions",), ("drafts",), ("people", "list"), ("status",), ("explain", "i1"), ("check",)):
        shown = lines(on_terminal(world, *arguments))
        assert shown, arguments
        if arguments != ("check",):  # it names paths
            assert max(map(len, shown)) <= WIDTH, arguments
    assert any("Günel Əliyeva" in line for line in lines(on_terminal(world, "people", "list")))
    assert "Layihənin müzakirəsi" in " ".join(" ".join(lines(on_terminal(world, "drafts"))).split())


@pytest.mark.parametrize("arguments", [("sync",), ("interactions",), ("status",)])
def test_no_color_is_obeyed(world: World, arguments: tuple[str, ...]) -> None:
    world.good("sync")
    assert not COLOUR.search(on_terminal(world, *arguments, NO_COLOR="1"))


def test_a_pipe_gets_no_escape_at_all(world: World) -> None:
    for arguments in (("sync",), ("interactions",), ("status",), ("check",)):
        done = world.run(*arguments)
        assert "\x1b" not in done.stdout + done.stderr
        assert "━" not in done.stdout + done.stderr
