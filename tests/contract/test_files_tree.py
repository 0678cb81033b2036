"""Which streams a mailbox on disk has, and what is never read."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.files.entry import open_draft_box, open_source
from syncagent.errors import AccessDenied, ConfigProblems, Scope, StreamGone, Unreachable
from syncagent.model import Query, Unreadable
from syncagent.vocabulary import Role
from tests.contract import resources
from tests.contract.files_tree import Tree, mail

needs_rights = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="rights of files do not bind this user"
)
needs_links = pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights of their own on Windows")


SEPARATOR = "From x Tue Oct 20 10:00:00 2026\n"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "mailbox")


def deny(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Closes a folder or file, also for root, whom no rights bind."""
    real_scandir, real_open = os.scandir, os.open

    def scandir(folder: str | Path) -> object:
        if Path(folder) == path:
            raise PermissionError(13, "closed for the test")
        return real_scandir(folder)

    def open_(name: str | Path, *rest: int) -> int:
        if Path(name) == path:
            raise PermissionError(13, "closed for the test")
        return real_open(name, *rest)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "open", open_)


def test_all_layouts_may_lie_in_one_tree(tree: Tree) -> None:
    for name in (
        *("cur/1:2,S", ".Sent/new/1", ".A.B/cur/1:2,", "Fs/Layout/cur/1", "loose.eml"),
        *("Exported/1.eml", "Exported/2.EML", "Thunder.sbd/Sub/3.eml", "calendar/work/1.ics"),
    ):
        tree.write(name, mail())
    tree.write("Thunder", f"From - Tue Oct 20 10:00:00 2026\n{mail()}")
    tree.write("Apple.mbox/mbox", f"From x Tue Oct 20 10:00:00 2026\n{mail()}")
    tree.write("old.mbx")
    found = {stream.id: (stream.name, stream.role) for stream in tree.streams().values()}
    assert found == {
        ".": ("INBOX", Role.INBOX),
        "*.eml": ("INBOX", Role.INBOX),
        ".A.B": ("A/B", Role.OTHER),
        ".Sent": ("Sent", Role.SENT),
        "Apple.mbox/mbox": ("Apple", Role.OTHER),
        "Exported": ("Exported", Role.OTHER),
        "Fs/Layout": ("Fs/Layout", Role.OTHER),
        "Thunder": ("Thunder", Role.OTHER),
        "Thunder.sbd/Sub": ("Thunder/Sub", Role.OTHER),
        "calendar": ("calendar", Role.CALENDAR),
        "calendar/work": ("calendar/work", Role.CALENDAR),
        "old.mbx": ("old", Role.OTHER),
    }


def test_what_is_no_mail_is_no_stream(tree: Tree) -> None:
    for name in (
        "cur/1",
        "tmp/2",
        ".git/config",
        "notes.txt",
        "dovecot-uidlist",
        "pictures/a.jpg",
        "calendar/.cache/x",
    ):
        tree.write(name, "nothing\n")
    assert list(tree.streams()) == [".", "calendar"]


def test_an_emptied_folder_is_still_one(tree: Tree) -> None:
    for name in ("Projects", "Sent", "calendar"):
        (tree.root / name).mkdir()
    assert list(tree.streams()) == ["Projects", "Sent", "calendar"]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        (".M&APwBXwBzZQ-ri", "M&APwBXwBzZQ-ri"),  # no valid modified UTF-7: taken as it stands
        (".M&APwBXwB0-ri", "Müştri"),
        (".&BBQEPgQzBD4EMgQ+BEAESw-", "Договоры"),
        (".R&-D.2026", "R&D/2026"),
        (".R&D", "R&D"),
        (".Müştərilər", "Müştərilər"),
        (".Mu\u0308s\u0327təri", "Müştəri"),
    ],
)
def test_maildir_folders_are_named_in_either_spelling(tree: Tree, folder: str, name: str) -> None:
    tree.write(f"{folder}/cur/1:2,", mail())
    [stream] = tree.streams().values()
    assert stream.name == name


def test_tmp_is_never_read(tree: Tree) -> None:
    tree.write("cur/1:2,", mail(1))
    tree.write("tmp/2", mail(2))
    reader = tree.reader()
    reader.read_all()
    assert reader.ids() == ["1@neft.example"]


def test_names_of_other_systems_are_the_same_mail(tree: Tree) -> None:
    path = tree.write("new/1.M1P1.pc", mail())
    reader = tree.reader()
    reader.read_all()
    for name in ("cur/1.M1P1.pc:2,S", "cur/1.M1P1.pc!2,RS", "cur/1.M1P1.pc;2,FRS"):
        (tree.root / "cur").mkdir(exist_ok=True)
        path = path.rename(tree.root / name)
        reader.read_all()
        assert [ref.id for ref in reader.items] == ["1.M1P1.pc"]


@pytest.mark.skipif(os.name != "posix", reason="names of files are text there")
def test_a_name_that_is_no_text_is_read_all_the_same(tree: Tree) -> None:
    tree.write("Letters/a.eml", mail(1))
    (tree.root / "Letters" / "a.eml").rename(tree.root / "Letters" / os.fsdecode(b"\xe9t\xe9.eml"))
    reader = tree.reader()
    reader.read_all()
    [ref] = reader.items
    assert ref.id == r"\xe9t\xe9.eml"
    assert list(tree.source().fetch([ref])) == [ref]


@needs_links
def test_links_are_not_followed(tree: Tree, tmp_path: Path) -> None:
    secret = tmp_path / "outside"
    for name in ("cur", "new"):
        (secret / name).mkdir(parents=True)
    (secret / "cur" / "1:2,").write_text(mail(1))
    (secret / "a.eml").write_text(mail(2))
    (secret / "box").write_text(f"From x Tue Oct 20 10:00:00 2026\n{mail(3)}")
    tree.write("cur/4:2,", mail(4))
    tree.write("Letters/b.eml", mail(5))
    for link, target in (
        (".Linked", secret),
        ("box", secret / "box"),
        ("cur/6:2,", secret / "cur" / "1:2,"),
        ("Letters/a.eml", secret / "a.eml"),
        ("loop", tree.root),
    ):
        (tree.root / link).symlink_to(target)
    reader = tree.reader()
    reader.read_all()
    assert sorted(tree.streams()) == [".", "Letters"]
    assert reader.ids() == ["4@neft.example", "5@neft.example"]
    assert "4 symbolic links are not followed." in [finding.what for finding in tree.source().check()]


@needs_links
def test_a_pipe_does_not_hold_us_up(tree: Tree) -> None:
    tree.write("cur/1:2,", mail(1))
    os.mkfifo(tree.root / "cur" / "2:2,")
    os.mkfifo(tree.root / "pipe")
    reader = tree.reader()
    reader.read_all()
    assert reader.ids() == ["1@neft.example"]


def test_a_missing_path_is_unreachable_and_says_the_cure(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "mailbox")
    tree.root.rmdir()
    with pytest.raises(Unreachable) as raised:
        tree.source().streams()
    assert raised.value.cure
    [finding] = tree.source().check()
    assert not finding.ok and finding.cure


def test_an_empty_path_is_no_mailbox(tree: Tree) -> None:
    with pytest.raises(Unreachable):
        tree.source().streams()
    [finding] = tree.source().check()
    assert not finding.ok and finding.cure


@pytest.mark.parametrize("is_empty", [True, False])
@pytest.mark.parametrize("name", ["cur/1:2,", ".Sent/cur/1:2,", "Letters/1.eml", "Inbox", "calendar/1.ics"])
def test_nothing_is_concluded_from_a_drive_that_is_not_mounted(tree: Tree, name: str, is_empty: bool) -> None:
    tree.write(name, resources.SINGLE if "ics" in name else SEPARATOR * (name == "Inbox") + mail(1))
    reader = tree.reader()
    reader.read_all()
    [ref] = reader.items
    [stream] = tree.streams().values()
    tree.root.rename(tree.root.with_name("elsewhere"))
    if is_empty:
        tree.root.mkdir()
    for source in (reader.source, tree.source()):
        for call in (
            lambda source: source.pull(stream, reader.cursors[stream.id]),
            lambda source: source.fetch([ref]),
            lambda source: source.revisit([ref]),
        ):
            with pytest.raises(Unreachable):
                call(source)


def test_a_calendar_file_in_the_wrong_place_is_pointed_out(tree: Tree) -> None:
    tree.write("cur/1:2,", mail(1))
    tree.write("work.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    [finding] = [finding for finding in tree.source().check() if not finding.ok]
    assert "1 .ics" in finding.what
    assert "calendar/" in finding.cure


def test_a_closed_path_is_denied(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    deny(monkeypatch, tree.root)
    with pytest.raises(AccessDenied) as raised:
        tree.source().streams()
    assert raised.value.scope is Scope.MAILBOX


def test_a_closed_folder_is_listed_and_fails_alone(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write(".Closed/cur/1:2,", mail(1))
    tree.write("cur/2:2,", mail(2))
    deny(monkeypatch, tree.root / ".Closed")
    deny(monkeypatch, tree.root / ".Closed" / "cur")
    streams = tree.streams()
    assert list(streams) == [".", ".Closed"]
    with pytest.raises(AccessDenied) as raised:
        tree.source().pull(streams[".Closed"], "")
    assert raised.value.scope is Scope.STREAM
    assert "chmod" in raised.value.cure
    assert tree.source().pull(streams["."], "").changes


@needs_rights
def test_a_check_names_the_closed_folder(tree: Tree) -> None:
    tree.write(".Closed/cur/1:2,", mail(1))
    (tree.root / ".Closed" / "cur").chmod(0)
    assert [finding.what for finding in tree.source().check() if not finding.ok]


def test_a_closed_file_is_read_once_it_is_open(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tree.write("cur/1:2,", mail(1))
    tree.write("cur/2:2,", mail(2))
    tree.age()
    reader = tree.reader()
    with monkeypatch.context() as patch:
        deny(patch, closed)
        reader.read_all()
        assert reader.ids() == ["2@neft.example"]
        assert len(reader.failures) == 1
        assert not any(page.changes for page in reader.read(tree.streams()["."]))
        changed = closed.stat()
    closed.chmod(0o600)
    assert closed.stat() != changed
    reader.read_all()
    assert reader.ids() == ["1@neft.example", "2@neft.example"]


def test_an_empty_file_is_read_once_it_is_filled(tree: Tree) -> None:
    path = tree.write("cur/1:2,", "")
    tree.age()
    reader = tree.reader()
    reader.read_all()
    assert len(reader.failures) == 1
    path.write_text(mail(1))
    reader.read_all()
    assert reader.ids() == ["1@neft.example"]
    assert not reader.failures


def test_a_folder_that_vanished_is_gone(tree: Tree) -> None:
    tree.write("cur/0:2,", mail(0))
    path = tree.write(".Old/cur/1:2,", mail(1))
    source = tree.source()
    stream = tree.streams()[".Old"]
    source.pull(stream, "")
    path.unlink()
    path.parent.rmdir()
    path.parent.parent.rmdir()
    with pytest.raises(StreamGone):
        source.pull(stream, "")


def test_excluded_folders_are_neither_searched_nor_fetched(tree: Tree) -> None:
    tree.write(".Private.Family/cur/1:2,", mail(1))
    tree.surroundings = replace(tree.surroundings, exclude=frozenset({"private"}))
    source = tree.source()
    [stream] = source.streams()
    [change] = source.pull(stream, "").changes
    assert not isinstance(change, Unreadable)
    assert source.fetch([change.ref]) == {}
    assert source.search(stream, Query(emails=frozenset({"rauf@neft.example"})), "").changes == ()


@pytest.mark.parametrize("path", [None, "relative/path", 7, ""])
def test_the_path_must_be_absolute(tree: Tree, path: object) -> None:
    for opener in (open_source, open_draft_box):
        with pytest.raises(ConfigProblems):
            opener({"path": path}, tree.surroundings)
        assert opener({"path": str(tree.root)}, tree.surroundings)
