"""The demo: what it shows equals an independent count over its files, another seed is another world."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.demo_count import Expected, count
from tests.acceptance.program import now, run

pytestmark = pytest.mark.acceptance


def rows(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    done = run("--config", str(folder / "config.toml"), *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def demo(folder: Path, *options: str) -> str:
    done = run("demo", str(folder), *options)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout


def numbers(line: str) -> list[int]:
    return [int(word) for word in re.findall(r"(?<=\s)\d+", line)]


@pytest.mark.parametrize("seed", [1, pytest.param(7, marks=pytest.mark.slow)])
def test_what_it_shows_equals_an_independent_count(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "demo"
    shown = demo(folder, "--seed", str(seed))
    expected = count(folder, now())
    assert_interactions_are_as_counted(folder, expected)
    assert_status_is_as_counted(folder, expected)
    drafts = rows(folder, "drafts")
    uids = {row["id"]: row["uid"] for row in rows(folder, "interactions")}
    assert Counter(uids[row["interaction"]] for row in drafts) == Counter(
        uid.lower() for uid, _, _ in expected.follow_ups
    )
    assert all(row["state"] == "placed" for row in drafts)
    # The screen says the same.
    together = numbers(next(line for line in shown.splitlines() if line.startswith("Together")))
    assert together[-1] == expected.interactions.total()
    assert together[:2] == [expected.interactions["mail_in"], expected.interactions["mail_out"]]
    for account in expected.meetings:
        assert account in shown
    assert all(row["subject"] in shown for row in drafts)
    assert f"{len(drafts)} placed" in shown
    for line in shown.splitlines():
        if line.strip().endswith(".html"):
            assert Path(line.strip()).is_file()
    assert shown.count(".html") == 2


def assert_interactions_are_as_counted(folder: Path, expected: Expected) -> None:
    found = rows(folder, "interactions")
    assert Counter(row["kind"] for row in found) == expected.interactions
    for kind, wanted in (
        ("mail_in", expected.mail_in),
        ("mail_out", expected.mail_out),
        ("meeting", expected.meetings),
    ):
        assert Counter(account for row in found if row["kind"] == kind for account in row["accounts"]) == wanted
    assert Counter(row["state"] for row in found if row["kind"] == "meeting") == expected.states
    assert Counter(mailbox for row in found for mailbox in row["mailboxes"]) == expected.sightings


def assert_status_is_as_counted(folder: Path, expected: Expected) -> None:
    skipped: dict[str, Counter[str]] = {}
    for row in rows(folder, "status"):
        counts = skipped.setdefault(row["mailbox"], Counter())
        if row["role"] != "drafts":
            counts.update(row["skipped"])
    for mailbox, reasons in expected.skipped.items():
        assert skipped[mailbox] == reasons


@pytest.mark.slow
def test_another_seed_is_another_world_and_the_same_is_the_same(tmp_path: Path) -> None:
    at = ("--now", "2026-11-25T12:00:00+04:00")
    shown = {}
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        done = run(*at, "demo", str(tmp_path / name), "--seed", seed)
        assert done.returncode == 0, done.stderr
        # Ids are given in the order in which two mailboxes happen to be read side by side.
        without_ids = re.sub(r"^ *\d+  (?=placed)|explain i\d+", "", done.stdout, flags=re.MULTILINE)
        shown[name] = without_ids.replace(str(tmp_path / name), "DIR")
    assert shown["a"] == shown["b"]
    assert shown["a"] != shown["c"]


def test_a_second_time_it_reads_the_same_world_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    first = demo(folder)
    before = rows(folder, "interactions"), rows(folder, "drafts")
    again = run("demo", str(folder))
    assert again.returncode == 0
    assert "was made before" in again.stderr
    assert "Drafts: 0 newly due, 0 placed." in again.stdout
    assert (rows(folder, "interactions"), rows(folder, "drafts")) == before
    other = run("demo", str(folder), "--seed", "9")
    assert other.returncode == 2
    assert "holds the world of seed 1" in other.stderr
    anew = demo(folder, "--seed", "9", "--force")
    assert anew != first


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    for options in ((), ("--force",)):
        done = run("demo", str(tmp_path), *options)
        assert done.returncode == 2
        assert "is no demo folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = run("demo", str(tmp_path / "file" / "demo"))
    assert done.returncode == 4
    assert "cannot be written" in done.stderr


def test_without_a_name_it_goes_into_a_folder_of_its_own(tmp_path: Path) -> None:
    done = run("demo", cwd=tmp_path)
    assert done.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["syncagent-demo"]
    assert "syncagent --config syncagent-demo/config.toml interactions" in done.stdout
