"""mbox files: where messages begin and end, and what stays the same when a mail program rewrites the file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from connectors.files import mbox as mbox_module
from connectors.files.mbox import Mbox
from syncagent.clock import SystemClock
from syncagent.model import Content
from tests.contract.files_tree import LONG_AGO, Tree, mail

SEPARATOR = "From rauf@neft.example Tue Oct 20 10:00:00 2026\n"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "mailbox")


def box(*messages: str) -> str:
    return "".join(f"{SEPARATOR}{message}\n" for message in messages)


def texts(tree: Tree, raw: str | bytes) -> list[str]:
    """The texts of all messages of a file, in order."""
    tree.write("Inbox", raw)
    store = Mbox(tree.root / "Inbox", SystemClock())
    found = []
    for item in store.list().versions:
        with store.open(item) as opened:
            found.append(opened.file.read().decode().partition("\n\n")[2].replace("\r", ""))
    return found


def test_messages_are_told_apart(tree: Tree) -> None:
    assert texts(tree, box(mail(1), mail(2), mail(3))) == ["Mətn 1.\n", "Mətn 2.\n", "Mətn 3.\n"]


def test_line_ends_may_be_those_of_windows(tree: Tree) -> None:
    raw = box(mail(1), mail(2)).replace("\n", "\r\n")
    tree.write("Inbox", raw)
    store = Mbox(tree.root / "Inbox", SystemClock())
    assert len(store.list().versions) == 2


def test_a_quoted_from_is_unquoted_and_divides_nothing(tree: Tree) -> None:
    body = "Salam,\n\n>From the beginning\n>>From Baku Tue Oct 20 10:00:00 2026\n> From here\n"
    found = texts(tree, box(mail(1) + body, mail(2)))
    assert found[0].endswith("\nFrom the beginning\n>From Baku Tue Oct 20 10:00:00 2026\n> From here\n")
    assert len(found) == 2


def test_a_paragraph_that_begins_with_from_divides_nothing(tree: Tree) -> None:
    body = "\nFrom now on we meet on Tuesdays.\n\nFrom 10:00 to 11:00, Baku time.\n"
    assert len(texts(tree, box(mail(1) + body, mail(2)))) == 2


@pytest.mark.parametrize(
    "separator",
    [
        "From - Tue Oct 20 10:00:00 2026\n",
        "From MAILER-DAEMON Tue Oct 20 10:00:00 2026\n",
        "From a b@c Tue Oct 20 10:00 2026\n",
        "From rauf@neft.example Tue Oct 20 10:00:00 2026 +0400\n",
        "From rauf@neft.example Tue Oct 20 10:00:00 AZT 2026\n",
        "From rauf@neft.example Tue, 20 Oct 2026 10:00:00 +0400\n",
        "From 1234567890@xxx Tue Oct 20 10:00:00 +0000 2026\n",
    ],
)
def test_separators_of_many_programs(tree: Tree, separator: str) -> None:
    raw = f"{separator}{mail(1)}\n{separator}{mail(2)}\n"
    assert len(texts(tree, raw)) == 2


@pytest.mark.parametrize("chunk", [2_100, 4_096, 5_000])
def test_a_separator_may_lie_across_two_chunks(tree: Tree, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(mbox_module, "_CHUNK", chunk)
    raw = box(*(mail(number) + "x" * (number * 37 % 400) + "\n" for number in range(60)))
    assert len(texts(tree, raw)) == 60


def test_a_long_quoted_message_is_unquoted_throughout(tree: Tree) -> None:
    body = "".join(f"\n>From line {number} {'y' * (number % 97)}\n" for number in range(3_000))
    [text] = texts(tree, box(mail(1) + body))
    assert text.count("\nFrom line") == 3_000
    assert ">From" not in text


def test_identical_copies_are_one_item(tree: Tree) -> None:
    tree.write("Inbox", box(mail(1), mail(1), mail(2)))
    assert len(Mbox(tree.root / "Inbox", SystemClock()).list().versions) == 2


def test_messages_that_share_a_header_are_told_apart_by_their_text(tree: Tree) -> None:
    tree.write("Inbox", box("Subject: Hesabat\n\nBir.\n", "Subject: Hesabat\n\nİki.\n", "no header\n", "no head\n"))
    tree.age()
    assert len(Mbox(tree.root / "Inbox", SystemClock()).list().versions) == 4


def test_messages_with_an_endless_header_are_told_apart(tree: Tree) -> None:
    endless = f"X-Huge: {'a' * (1 << 20)}\n"
    tree.write("Inbox", box(*(endless + mail(number) for number in range(3))))
    tree.age()
    assert len(Mbox(tree.root / "Inbox", SystemClock()).list().versions) == 3


def test_a_message_whose_text_makes_its_id_waits_for_its_end(tree: Tree) -> None:
    path = tree.write("Inbox", box(mail(1)) + f"{SEPARATOR}Subject: Hesabat\n\nBir")
    reader = tree.reader()
    reader.read_all()
    assert reader.ids() == ["1@neft.example"]
    with path.open("a") as file:
        file.write(", iki, üç.\n\n" + SEPARATOR + mail(2) + "\n")
    reader.read_all()
    assert sorted(one.subject for one in reader.mails()) == ["Hesabat", "Salam", "Salam"]


def test_appended_mail_is_found_without_reading_the_rest(tree: Tree) -> None:
    path = tree.write("Inbox", box(*(mail(number) for number in range(200))))
    reader = tree.reader()
    reader.read_all()
    with path.open("a") as file:
        file.write(box(mail(500)))
    store = Mbox(path, SystemClock())
    base = _base(reader.cursors["Inbox"])
    listing = store.list(base)
    assert not listing.whole
    assert len(listing.versions) == 2  # the last one of before, and the new one
    reader.restart()
    [page] = reader.read(tree.streams()["Inbox"])
    assert len(page.changes) == 1
    assert len(reader.ids()) == 201
    os.utime(path, (LONG_AGO, LONG_AGO))  # now the whole is compared again
    assert reader.read(tree.streams()["Inbox"])[-1].changes == ()


def test_a_rewritten_file_is_compared(tree: Tree) -> None:
    path = tree.write("Inbox", box(*(mail(number) for number in range(5))))
    reader = tree.reader()
    reader.read_all()
    path.write_text(box(mail(0), mail(2), mail(3), mail(4), mail(6, "Uzun mövzu")))
    reader.restart()
    reader.read_all()
    assert reader.ids() == [f"{number}@neft.example" for number in (0, 2, 3, 4, 6)]


@pytest.mark.parametrize("line", ["Status: RO\n", "X-Mozilla-Status: 0001\n", "X-Keywords: a\n b\n", "X-UID: 7\n"])
def test_flags_in_the_header_make_no_other_mail(tree: Tree, line: str) -> None:
    path = tree.write("Inbox", box(mail(1), mail(2)))
    reader = tree.reader()
    reader.read_all()
    before = dict(reader.items)
    path.write_text(box(line + mail(1), mail(2)))
    reader.read_all()
    assert reader.items.keys() == before.keys()


def test_a_message_whose_header_is_still_being_written_waits(tree: Tree) -> None:
    path = tree.write("Inbox", box(mail(1)) + SEPARATOR + mail(2)[:40])
    reader = tree.reader()
    reader.read_all()
    assert reader.ids() == ["1@neft.example"]
    path.write_text(box(mail(1), mail(2)))
    reader.read_all()
    assert reader.ids() == ["1@neft.example", "2@neft.example"]
    assert not reader.failures


def test_a_header_that_was_never_finished_is_taken_in_the_end(tree: Tree) -> None:
    path = tree.write("Inbox", box(mail(1)) + SEPARATOR + mail(2).partition("\n\n")[0])
    reader = tree.reader()
    reader.read_all()
    os.utime(path, (LONG_AGO, LONG_AGO))
    reader.read_all()
    assert reader.ids() == ["1@neft.example", "2@neft.example"]


def test_a_message_is_fetched_after_the_file_was_compacted(tree: Tree) -> None:
    path = tree.write("Inbox", box(mail(1), mail(2)))
    reader = tree.reader()
    reader.read_all()
    ref = reader.ref_of("2@neft.example")
    path.write_text(box(mail(2)))
    content = reader.source.fetch([ref])[ref]
    assert isinstance(content, Content)
    assert content.text.strip() == "Mətn 2."
    assert reader.source.fetch([reader.ref_of("1@neft.example")]) == {}


def test_the_separator_tells_when_mail_was_received(tree: Tree) -> None:
    tree.write("Inbox", box("Subject: no date\n\nx\n"))
    tree.age()
    reader = tree.reader()
    reader.read_all()
    [received] = reader.mails()
    assert received.at is not None
    assert received.at.isoformat() == "2026-10-20T10:00:00+00:00"


def _base(cursor: str) -> str:
    return str(json.loads(cursor)["base"])
