"""Drafts and notices on disk: where they go, how they are written, and what a failure leaves behind."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.files import maildir as maildir_module
from connectors.files import writing
from connectors.files.drafts import FilesDraftBox
from syncagent.errors import AccessDenied, Scope, StoreError, SyncAgentError, Unsupported
from syncagent.model import CannotTell, Present
from syncagent.vocabulary import Role, Withdrawal
from tests.contract.files_tree import Tree, mail
from tests.contract.test_files_tree import deny, needs_links
from tests.contract.world import sample_draft, sample_notice

MARKER = sample_draft().marker


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "mailbox")


def open_box(tree: Tree) -> FilesDraftBox:
    return FilesDraftBox(tree.root, tree.surroundings)


def files_of(tree: Tree) -> list[str]:
    return sorted(path.relative_to(tree.root).as_posix() for path in tree.root.rglob("*") if path.is_file())


# --- Where they go ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "stream"),
    [
        (("cur/1:2,",), ".Drafts"),
        ((".Sent/cur/1:2,",), ".Drafts"),
        ((".Qaralamalar/cur/1:2,", "cur/1:2,"), ".Qaralamalar"),
        ((".Drafts/cur/1:2,", ".Qaralamalar/cur/1:2,"), ".Drafts"),
        (("Letters/1.eml",), "Drafts"),
        (("Letters/1.eml", "Черновики/1.eml"), "Черновики"),
        (("Inbox.mbox",), "Drafts"),
        (("Inbox.mbox", "Drafts"), "Drafts of syncagent"),
        (("calendar/1.ics",), ".Drafts"),
    ],
)
def test_drafts_go_to_the_drafts_folder_of_the_layout(tree: Tree, there: tuple[str, ...], stream: str) -> None:
    for name in there:
        tree.write(name, mail() if "box" not in name else "")
    placed = open_box(tree).place(sample_draft(), None)
    assert placed.ref.stream == stream
    assert tree.streams()[stream].role is Role.DRAFTS
    assert open_box(tree).find(MARKER) == Present(placed.ref, Role.DRAFTS, placed.version)


def test_a_new_maildir_folder_is_one_for_every_program(tree: Tree) -> None:
    tree.write("cur/1:2,", mail())
    open_box(tree).place(sample_draft(), None)
    made = {path.name for path in (tree.root / ".Drafts").iterdir()}
    assert made == {"cur", "new", "tmp", "maildirfolder"}


def test_a_draft_is_written_as_a_mail_program_expects(tree: Tree) -> None:
    tree.write("cur/1:2,", mail())
    placed = open_box(tree).place(sample_draft(), None)
    [path] = (tree.root / ".Drafts" / "cur").iterdir()
    assert path.name == f"{placed.ref.id}:2,DS"
    assert list((tree.root / ".Drafts" / "tmp").iterdir()) == []
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_on_windows_the_name_has_no_colon(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "INFO", "!")
    tree.write("cur/1!2,S", mail())
    placed = open_box(tree).place(sample_draft(), None)
    [path] = (tree.root / ".Drafts" / "cur").iterdir()
    assert path.name == f"{placed.ref.id}!2,DS"
    reader = tree.reader()
    reader.read_all()
    assert reader.versions[placed.ref] == placed.version


def test_an_eml_draft_opens_for_writing_in_outlook(tree: Tree) -> None:
    tree.write("Letters/1.eml", mail())
    placed = open_box(tree).place(sample_draft(), None)
    assert placed.ref.id.endswith(".eml")
    raw = (tree.root / "Drafts" / placed.ref.id).read_bytes()
    assert b"\nX-Unsent: 1\r\n" in b"\n" + raw.partition(b"\r\n\r\n")[0] + b"\r\n"


def test_a_notice_arrives_as_new_mail(tree: Tree) -> None:
    tree.write("cur/1:2,", mail())
    ref = open_box(tree).deliver(sample_notice())
    assert (tree.root / "new" / ref.id).is_file()


def test_a_notice_makes_the_inbox_if_there_is_none(tree: Tree) -> None:
    tree.write("Letters/1.eml", mail())
    assert open_box(tree).deliver(sample_notice()).stream == "Inbox"


def test_nothing_is_delivered_into_an_mbox(tree: Tree) -> None:
    tree.write("Inbox", f"From x Tue Oct 20 10:00:00 2026\n{mail()}")
    box = open_box(tree)
    assert not box.traits().delivers
    with pytest.raises(Unsupported):
        box.deliver(sample_notice())
    assert files_of(tree) == ["Inbox"]


# --- Failures
# -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["fsync", "rename"])
@pytest.mark.parametrize("layout", ["cur/1:2,", "Letters/1.eml"])
def test_a_full_disk_leaves_nothing_behind(tree: Tree, monkeypatch: pytest.MonkeyPatch, layout: str, call: str) -> None:
    tree.write(layout, mail())
    open_box(tree).place(sample_draft("first"), None)
    before = files_of(tree)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*{"fsync": (os, "fsync"), "rename": (Path, "rename")}[call], full)
    with pytest.raises(StoreError) as raised:
        open_box(tree).place(sample_draft(), None)
    assert raised.value.scope is Scope.MAILBOX
    assert "room" in raised.value.sentence
    assert files_of(tree) == before


@needs_links
def test_a_draft_never_leaves_the_mailbox_through_a_link(tree: Tree, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    tree.write("cur/1:2,", mail())
    (tree.root / ".Drafts").symlink_to(outside)
    with pytest.raises(AccessDenied) as raised:
        open_box(tree).place(sample_draft(), None)
    assert raised.value.cure
    assert list(outside.iterdir()) == []


def test_a_closed_folder_leaves_the_question_open(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write(".Sent/cur/1:2,", mail(1))
    tree.write("cur/2:2,", mail(2))
    deny(monkeypatch, tree.root / ".Sent" / "cur")
    assert isinstance(open_box(tree).find(MARKER), CannotTell)


def test_a_closed_file_leaves_the_question_open(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tree.write(".Trash/cur/1:2,", mail(1))
    placed = open_box(tree).place(sample_draft(), None)
    deny(monkeypatch, path)
    assert isinstance(open_box(tree).find("another"), CannotTell)
    assert open_box(tree).find(MARKER) == Present(placed.ref, Role.DRAFTS, placed.version)


def test_a_draft_that_is_just_being_sent_is_found(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has left Drafts, and its copy is made right after we looked into Sent."""
    tree.write("cur/0:2,", mail())
    open_box(tree).place(sample_draft(), None)
    [path] = (tree.root / ".Drafts" / "cur").iterdir()
    waiting = path.rename(tree.root.parent / "waiting")
    sent = tree.write(".Sent/cur/1:2,S", mail()).with_name("2:2,S")
    real = maildir_module._messages

    def messages(folder: Path) -> Iterator[os.DirEntry[str]]:
        entries = list(real(folder))
        if folder == sent.parent and waiting.exists():
            waiting.rename(sent)
        return iter(entries)

    monkeypatch.setattr(maildir_module, "_messages", messages)
    where = open_box(tree).find(MARKER)
    assert isinstance(where, Present)
    assert (where.role, where.ref.id) == (Role.SENT, "2")


def test_a_draft_that_waits_in_the_outbox_is_found(tree: Tree) -> None:
    tree.write("cur/0:2,", mail())
    open_box(tree).place(sample_draft(), None)
    [path] = (tree.root / ".Drafts" / "cur").iterdir()
    (tree.root / ".Outbox" / "cur").mkdir(parents=True)
    path.rename(tree.root / ".Outbox" / "cur" / path.name)
    where = open_box(tree).find(MARKER)
    assert isinstance(where, Present)
    assert where.ref.stream == ".Outbox"


def test_a_draft_that_is_saved_while_it_is_withdrawn_stays(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write("cur/0:2,", mail())
    placed = open_box(tree).place(sample_draft(), None)
    [path] = (tree.root / ".Drafts" / "cur").iterdir()
    real = writing.remove

    def remove(target: Path, seen: os.stat_result) -> bool:
        path.write_bytes(path.read_bytes() + b"one more line\r\n")
        return real(target, seen)

    monkeypatch.setattr(writing, "remove", remove)
    result = open_box(tree).withdraw(placed.ref, marker=MARKER, if_version=placed.version)
    assert result is Withdrawal.TOUCHED
    assert path.exists()


def test_an_edit_within_the_file_is_seen_though_the_folder_stays_as_it_was(tree: Tree) -> None:
    tree.write("cur/0:2,", mail())
    placed = open_box(tree).place(sample_draft(), None)
    [path] = (tree.root / ".Drafts" / "cur").iterdir()
    tree.age()
    reader = tree.reader()
    reader.read_all()
    with path.open("ab") as file:
        file.write(b"P.S.\n")
    reader.read_all()
    assert reader.versions[placed.ref] != placed.version
    assert open_box(tree).find(MARKER) == Present(placed.ref, Role.DRAFTS, reader.versions[placed.ref])


@pytest.mark.parametrize("is_there", [True, False])
def test_a_mailbox_that_is_not_mounted_fails_with_its_cure(tree: Tree, is_there: bool) -> None:
    if not is_there:
        tree.root.rmdir()
    box = open_box(tree)
    assert box.traits().delivers
    for call in (lambda: box.place(sample_draft(), None), lambda: box.find(MARKER)):
        with pytest.raises(SyncAgentError) as raised:
            call()
        assert raised.value.cure
