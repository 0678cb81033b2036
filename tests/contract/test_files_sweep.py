"""Reading a folder forward: what a pass with nothing new costs, and that nothing is lost whatever happens when."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.files import maildir as maildir_module
from syncagent.model import Gone, Query, Ref, Span
from tests.contract.files_tree import LONG_AGO, Tree, mail
from tests.contract.reader import Reader, upserts
from tests.contract.world import NOW


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "mailbox")


@pytest.fixture
def listings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were listed."""
    listed: list[Path] = []
    real = maildir_module._messages

    def messages(folder: Path) -> Iterator[os.DirEntry[str]]:
        listed.append(folder)
        return real(folder)

    monkeypatch.setattr(maildir_module, "_messages", messages)
    return listed


def test_an_untouched_folder_is_not_even_listed(tree: Tree, listings: list[Path]) -> None:
    tree.write("cur/1:2,", mail())
    tree.age()
    reader = tree.reader()
    [stream] = tree.streams().values()
    reader.read(stream)
    reader.restart()
    listings.clear()
    assert reader.read(stream)[-1].changes == ()
    assert listings == []


def test_a_young_time_stamp_proves_nothing(tree: Tree, listings: list[Path]) -> None:
    tree.write("cur/1:2,", mail())
    reader = tree.reader()
    [stream] = tree.streams().values()
    reader.read(stream)
    cursor = json.loads(reader.cursors[stream.id])
    assert "stamp" not in cursor
    # A mail that arrives within the same tick of the file system's clock:
    times = (tree.root / "cur").stat()
    tree.write("cur/2:2,", mail(2))
    os.utime(tree.root / "cur", ns=(times.st_atime_ns, times.st_mtime_ns))
    reader.read(stream)
    assert reader.ids() == ["1@neft.example", "2@neft.example"]


def test_a_folder_that_was_only_renamed_in_is_quiet_again(tree: Tree, listings: list[Path]) -> None:
    path = tree.write("cur/1:2,", mail())
    tree.age()
    reader = tree.reader()
    [stream] = tree.streams().values()
    reader.read(stream)
    path.rename(tree.root / "cur" / "1:2,S")
    tree.age()
    os.utime(tree.root / "cur", (LONG_AGO + 5, LONG_AGO + 5))
    assert reader.read(stream)[-1].changes == ()
    listings.clear()
    assert reader.read(stream)[-1].changes == ()
    assert listings == []


def test_a_cursor_names_no_file(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.files.sweep.PAGE_ITEMS", 2)
    for number in range(7):
        tree.write(f"Letters/Gizli görüş {number}.eml", mail(number))
    reader = tree.reader()
    [stream] = tree.streams().values()
    pages = reader.read(stream)
    assert len(pages) > 3
    for page in pages:
        assert "Gizli" not in json.dumps(json.loads(page.cursor), ensure_ascii=False)
        assert "@" not in page.cursor
        assert len(page.cursor) < 300


def test_a_file_hidden_by_a_renaming_is_not_gone(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        tree.write(f"cur/{number}:2,", mail(number))
    reader = tree.reader()
    [stream] = tree.streams().values()
    reader.read(stream)
    real = maildir_module._messages
    hidden = ["1:2,"]

    def messages(folder: Path) -> Iterator[os.DirEntry[str]]:
        victim = hidden.pop() if hidden and folder.name == "cur" else ""
        return iter([entry for entry in real(folder) if entry.name != victim])

    monkeypatch.setattr(maildir_module, "_messages", messages)
    assert not any(isinstance(change, Gone) for page in reader.read(stream) for change in page.changes)
    reader.read(stream)
    assert len(reader.ids()) == 3


def test_many_losses_are_told_in_bounded_pages(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.files.sweep.PAGE_ITEMS", 4)
    monkeypatch.setattr("connectors.files.sweep.PAGE_MARKS", 5)
    paths = [tree.write(f"cur/{number:02d}:2,", mail(number)) for number in range(20)]
    reader = tree.reader()
    [stream] = tree.streams().values()
    reader.read(stream)
    for path in paths[1:]:
        path.unlink()
    pages = reader.read(stream, between=reader.restart)
    assert all(len(page.changes) <= 4 and len(page.marks) <= 5 for page in pages)
    assert reader.ids() == ["0@neft.example"]
    assert len(list(tree.known.all_marks(stream.id))) == 1


def test_a_dry_run_comes_to_an_end(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is committed, every page is asked for with the cursor of the one before."""
    monkeypatch.setattr("connectors.files.sweep.PAGE_ITEMS", 3)
    monkeypatch.setattr("connectors.files.sweep.PAGE_MARKS", 4)
    for number in range(10):
        tree.write(f"cur/{number}:2,", mail(number))
    tree.known.logged.update(Ref(".", f"gone-{number}") for number in range(10))
    tree.known.store(".", {f"{number}": "=" for number in range(10)})
    [stream] = tree.streams().values()
    cursor, last, changes = "", False, []
    for _ in range(50):
        page = tree.source().pull(stream, cursor)
        cursor, last = page.cursor, page.last
        changes += page.changes
        if last:
            break
    assert last
    assert len(changes) == 20


def test_a_mail_that_moves_from_new_to_cur_while_we_list_is_not_missed(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree.root / "cur").mkdir()
    path = tree.write("new/1", mail(1))
    real = maildir_module._messages

    def messages(folder: Path) -> Iterator[os.DirEntry[str]]:
        entries = list(real(folder))
        if path.exists():
            path.rename(tree.root / "cur" / "1:2,S")
        return iter(entries)

    monkeypatch.setattr(maildir_module, "_messages", messages)
    reader = tree.reader()
    reader.read_all()
    assert reader.ids() == ["1@neft.example"]


def test_a_re_read_misses_nothing_though_mail_comes_and_goes(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.files.sweep.PAGE_ITEMS", 3)
    for number in range(10, 20):
        tree.write(f"cur/{number}:2,", mail(number))
    reader = tree.reader()
    [stream] = tree.streams().values()
    reader.read(stream)
    reader.cursors[stream.id] = reader.source.rewind(stream, Span())
    first = reader.pull(stream)
    (tree.root / "cur" / "10:2,").unlink()
    (tree.root / "cur" / "11:2,").unlink()
    tree.write("cur/01:2,", mail(1))
    reader.restart()
    seen = {change.ref.id for page in [first, *reader.read(stream)] for change in upserts([page])}
    assert seen >= {"01", *(str(number) for number in range(12, 20))}


def test_a_bounded_re_read_also_brings_what_was_never_read(tree: Tree) -> None:
    tree.write("cur/1:2,", mail(1))
    reader = tree.reader()
    [stream] = tree.streams().values()
    reader.read(stream)
    tree.write("cur/2:2,", mail(2))
    reader.cursors[stream.id] = reader.source.rewind(stream, Span(since=NOW))
    assert [change.ref.id for change in upserts(reader.read(stream))] == ["2"]


def test_a_search_has_no_gaps_though_mail_comes_and_goes(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.files.search.PAGE_ITEMS", 3)
    for number in range(10, 20):
        tree.write(f"cur/{number}:2,", mail(number))
    [stream] = tree.streams().values()
    query = Query(emails=frozenset({"rauf@neft.example"}))
    page = tree.source().search(stream, query, "")
    found = {change.ref.id for change in page.changes}
    for number in range(5):
        tree.write(f"cur/{number:02d}:2,", mail(number))
    while not page.last:
        page = tree.source().search(stream, query, page.position)
        found |= {change.ref.id for change in page.changes}
    assert len(found) == 15


def test_files_that_are_only_being_written_are_not_read(tree: Tree) -> None:
    tree.write("Letters/a.eml", mail(1))
    tree.write("Letters/.b.eml", mail(2))
    tree.write("cur/.3:2,", mail(3))
    reader = tree.reader()
    reader.read_all()
    assert reader.ids() == ["1@neft.example"]


@pytest.mark.parametrize(
    ("folder", "is_draft"), [(".", True), (".Sent", False), (".Drafts", True), (".Projects", True)]
)
def test_the_draft_flag_counts_unless_the_mail_was_sent(tree: Tree, folder: str, is_draft: bool) -> None:
    tree.write(f"{folder}/cur/1:2,DS", mail(1))
    reader = tree.reader()
    reader.read_all()
    assert [one.is_draft for one in reader.mails()] == [is_draft]


@pytest.mark.parametrize("delivered", [LONG_AGO - 1_000, LONG_AGO + 1_000])
def test_mail_without_a_date_happened_when_it_was_first_here(tree: Tree, delivered: float) -> None:
    tree.write(f"cur/{delivered:.0f}.M1P1.host:2,", mail(1).replace("Date", "X-Date"))
    tree.age()
    reader = tree.reader()
    reader.read_all()
    assert [one.at for one in reader.mails()] == [datetime.fromtimestamp(min(delivered, LONG_AGO), UTC)]


def test_a_changed_eml_is_read_again(tree: Tree) -> None:
    path = tree.write("Letters/a.eml", mail(1, "Köhnə"))
    os.utime(path, (LONG_AGO, LONG_AGO))
    reader = tree.reader()
    reader.read_all()
    path.write_text(mail(1, "Yeni"))
    reader.read_all()
    assert [one.subject for one in reader.mails()] == ["Yeni"]


@pytest.mark.parametrize("is_pulled", [True, False])
def test_the_total_is_told_when_all_is_read(tree: Tree, monkeypatch: pytest.MonkeyPatch, is_pulled: bool) -> None:
    monkeypatch.setattr("connectors.files.sweep.PAGE_ITEMS", 2)
    for number in range(5):
        tree.write(f"cur/{number}:2,", mail(number))
    reader = tree.reader()
    [stream] = tree.streams().values()
    assert {page.total for page in reader.read(stream)} == {5}
    tree.write("cur/6:2,", mail(6))
    assert {page.total for page in reader.read(stream)} == {None}


# --- Whatever happens, in whatever order ----------------------------------------------------------------------------

FOLDERS = (".", ".A", ".Sent")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("deliver"), st.sampled_from(FOLDERS), st.integers(0, 30)),
        st.tuples(st.just("move"), st.sampled_from(FOLDERS), st.integers(0, 30)),
        st.tuples(st.just("delete"), st.just(""), st.integers(0, 30)),
        st.tuples(st.just("flag"), st.just(""), st.integers(0, 30)),
        st.tuples(st.just("pull"), st.sampled_from(FOLDERS), st.integers(1, 4)),
        st.tuples(st.just("crash"), st.sampled_from(FOLDERS), st.just(0)),
        st.tuples(st.just("settle"), st.just(""), st.just(0)),
    ),
    max_size=40,
)


class Hand:
    """Does to a tree what mail programs do."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.seconds = int(LONG_AGO)
        for folder in FOLDERS:
            for part in ("cur", "new"):
                (tree.root / folder / part).mkdir(parents=True, exist_ok=True)

    def files(self) -> list[Path]:
        return sorted(path for folder in FOLDERS for path in (self.tree.root / folder).glob("[cn]*/*"))

    def do(self, what: str, folder: str, number: int) -> None:
        files = self.files()
        if what == "deliver":
            name = f"{LONG_AGO + number:.0f}.M{len(files)}P{self.seconds}.test"
            self.tree.write(f"{folder}/new/{name}", mail(self.seconds))
        elif files and what == "move":
            path = files[number % len(files)]
            path.rename(self.tree.root / folder / "cur" / f"{path.name.partition(':')[0]}:2,S")
        elif files and what == "delete":
            files[number % len(files)].unlink()
        elif files and what == "flag":
            path = files[number % len(files)]
            path.rename(path.parent.parent / "cur" / f"{path.name.partition(':')[0]}:2,{'RS'[: number % 3]}")
        self.seconds += 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(steps=STEPS, is_aged=st.booleans())
def test_in_the_end_what_is_known_is_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int]], is_aged: bool
) -> None:
    tree = Tree(tmp_path_factory.mktemp("property") / "mailbox")
    hand = Hand(tree)
    reader = tree.reader()
    streams = tree.streams()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("connectors.files.sweep.PAGE_ITEMS", 3)
        for what, folder, number in steps:
            if what == "pull":
                for _ in range(number):
                    reader.pull(streams[folder])
            elif what == "crash":  # after the page was read, before it was committed; and a fresh process
                reader.source.pull(streams[folder], reader.cursors.get(folder, ""))
                reader.restart()
            elif what == "settle" and is_aged:
                _age_folders(tree, hand.seconds)
            else:
                hand.do(what, folder, number)
        _settled(reader, tree)
    there = {
        Ref(path.parent.parent.relative_to(tree.root).as_posix(), path.name.partition(":")[0]) for path in hand.files()
    }
    assert set(reader.items) == there
    for folder in FOLDERS:
        marks = {key for key, _ in tree.known.all_marks(folder)}
        assert marks == {tree.known.key(folder, ref.id) for ref in there if ref.stream == folder}


def _age_folders(tree: Tree, seconds: int) -> None:
    """Time passes: each folder that was changed since gets a time of its own that lies long ago."""
    for folder in FOLDERS:
        for part in ("cur", "new"):
            path = tree.root / folder / part
            if path.stat().st_mtime > LONG_AGO + 1_000_000:
                os.utime(path, (seconds, seconds))


def _settled(reader: Reader, tree: Tree) -> None:
    """Two quiet passes: a sweep that was under way, and one over what it left."""
    for _ in range(2):
        reader.restart()
        reader.read_all()
