"""Every command on a small world, as its users and other programs call it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.program import PEOPLE, World, now, run

pytestmark = pytest.mark.acceptance

INTERACTION = (
    "id", "kind", "state", "meeting_kind", "at", "ended_at", "subject", "accounts", "stakeholders", "managers",
    "mailboxes", "message_id", "uid", "recurrence_id", "thread", "language", "private", "gone_at", "documents",
    "match",
)  # fmt: skip
DRAFT = (
    "id", "occasion", "rule", "kind", "manager", "mailbox", "to", "cc", "subject", "language", "due_at", "state",
    "sent_match", "in_reply_to", "interaction", "reason",
)  # fmt: skip
STATUS = (
    "mailbox", "stream", "state", "last_good_at", "last_error_at", "complete_since", "seen", "logged", "updated",
    "removed", "ignored", "skipped", "failed", "open_failures", "last_run", "cure", "by_kind",
)  # fmt: skip
PERSON = [*PEOPLE.splitlines()[0].split(","), "political_role", "interests", "reports_to", "id", "last_contact_at"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "dünya", managers=("leyla", "rauf"))
    made.receives(subject="Sual")
    made.receives(
        "leyla@bizim.example", "Cavab", folder=".Sent", to="gunel@xezer.example", at=now() - timedelta(days=9)
    )
    made.receives("nobody@elsewhere.example", "Şəxsi")
    made.receives("news@xezer.example", "Yeniliklər", List_Unsubscribe="<mailto:off@xezer.example>")
    made.plans("rashad@xezer.example", managers=("leyla", "rauf"))
    return made


@pytest.fixture
def synced(world: World) -> World:
    world.import_people()
    world.good("sync")
    return world


def fingerprint(folder: Path) -> str:
    """Changes when any file below the folder does."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    listed = [f"{file.relative_to(folder)} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]
    return "\n".join(listed)


def is_moment(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None


# The main job


def test_the_main_job_from_people_to_a_draft(synced: World) -> None:
    rows = synced.rows("interactions")
    assert all(set(INTERACTION) <= set(row) for row in rows)
    assert [(row["kind"], row["subject"], row["state"]) for row in rows] == [
        ("mail_out", "Cavab", "done"),
        ("meeting", "Layihənin müzakirəsi", "done"),
        ("mail_in", "Sual", "done"),
    ]
    meeting = rows[1]
    assert meeting["mailboxes"] == ["leyla", "rauf"]
    assert meeting["managers"] == ["Leyla Əliyeva", "Rauf Əliyeva"]
    assert meeting["stakeholders"] == ["rashad@xezer.example"]
    assert is_moment(meeting["at"]) and is_moment(meeting["ended_at"])

    (draft,) = synced.rows("drafts")
    assert set(DRAFT) <= set(draft)
    assert (draft["kind"], draft["state"], draft["mailbox"]) == ("follow_up_formal", "placed", "leyla")
    assert draft["to"] == ["rashad@xezer.example"]
    assert draft["interaction"] == meeting["id"]
    ended, due = datetime.fromisoformat(meeting["ended_at"]), datetime.fromisoformat(draft["due_at"])
    assert due == ended + timedelta(hours=48)
    (file,) = synced.drafts_in_folder()
    assert file.name.endswith(":2,DS")
    assert synced.drafts_in_folder("rauf") == []


def test_again_nothing_is_logged_or_drafted_twice(synced: World) -> None:
    before = synced.rows("interactions"), synced.rows("drafts")
    synced.good("sync")
    assert (synced.rows("interactions"), synced.rows("drafts")) == before
    assert len(synced.drafts_in_folder()) == 1


def test_the_ledger_adds_up_and_says_why_the_rest_was_not_logged(synced: World) -> None:
    rows = synced.rows("status")
    assert all(set(STATUS) <= set(row) for row in rows)
    for row in rows:
        parts = ("logged", "updated", "removed", "ignored", "failed")
        assert row["seen"] == sum(row[name] for name in parts) + sum(row["skipped"].values())
    inbox = next(row for row in rows if row["mailbox"] == "leyla" and row["stream"] == "INBOX")
    assert inbox["skipped"] == {"no_stakeholder": 1, "newsletter": 1}
    assert inbox["state"] == "ok"
    assert is_moment(inbox["last_good_at"])


def test_one_mailbox_alone(world: World) -> None:
    world.import_people()
    world.good("sync", "--mailbox", "rauf")
    assert {row["mailbox"] for row in world.rows("status")} == {"rauf"}
    unknown = world.run("sync", "--mailbox", "raul")
    assert unknown.returncode == 2
    assert "leyla, rauf" in unknown.stderr


def test_a_rehearsal_tells_and_leaves_nothing(world: World) -> None:
    before = fingerprint(world.folder)
    said = world.good("sync", "--dry-run")
    assert "Would log 0 interactions" in said  # nobody is known yet
    assert fingerprint(world.folder) == before
    world.import_people()
    people_alone = world.rows("people", "list")
    said = world.good("sync", "--dry-run")
    assert "Layihənin müzakirəsi" in said
    assert "Would log 3 interactions" in said
    assert "Would place 1 drafts" in said
    assert world.rows("interactions") == world.rows("drafts") == world.rows("status") == []
    assert world.rows("people", "list") == people_alone
    assert world.drafts_in_folder() == []


def test_the_clock_can_stand_elsewhere(world: World) -> None:
    world.import_people()
    before_it_ended = (now() - timedelta(hours=2, minutes=30)).isoformat()
    world.good("--now", before_it_ended, "sync")
    assert world.rows("drafts") == []
    meeting = next(row for row in world.rows("interactions", "--now", before_it_ended) if row["kind"] == "meeting")
    assert meeting["state"] == "planned"
    world.good("sync")
    assert [row["state"] for row in world.rows("drafts")] == ["placed"]


def test_what_the_manager_makes_of_a_draft_is_learnt(synced: World) -> None:
    (file,) = synced.drafts_in_folder()
    file.rename(synced.mail() / ".Sent" / "cur" / file.name.replace("DS", "S"))
    synced.good("sync")
    assert [row["state"] for row in synced.rows("drafts")] == ["sent"]
    synced.good("sync")
    assert synced.drafts_in_folder() == []


# People


def test_people_come_in_once_change_and_stay(world: World) -> None:
    assert "3 added" in world.good("people", "import", str(world.folder / "people.csv"))
    assert "3 unchanged" in world.good("people", "import", str(world.folder / "people.csv"))
    only_one = PEOPLE.splitlines()[0] + "\n" + PEOPLE.splitlines()[3].replace("Buyer", "Head of buying") + "\n"
    assert "1 changed" in world.good("people", "import", str(world.people(only_one)))
    rows = world.rows("people", "list")
    assert all(set(PERSON) <= set(row) for row in rows)
    assert {row["name"]: row["title"] for row in rows} == {
        "James Carter": "Head of buying",
        "Günel Əliyeva": "Direktor",
        "Rəşad Məmmədov": "Mühəndis",
    }
    assert rows[1]["decision_roles"] == ["decision_maker"]
    assert rows[1]["contact_person"] is True


def test_bad_rows_are_named_and_the_rest_goes_in(world: World) -> None:
    bad = (
        PEOPLE
        + "Baku Steel,,yes,Nobody,not an address,,,no,en\nBaku Steel,,perhaps,Ann,ann@bakusteel.example,,,no,xx\n"
    )
    done = world.run("people", "import", str(world.people(bad)))
    assert done.returncode == 1
    assert "people.csv:5: emails: 'not an address' is not an address" in done.stderr
    assert "people.csv:6: is_key: 'perhaps'" in done.stderr
    assert "people.csv:6: language: 'xx'" in done.stderr
    assert len(world.rows("people", "list")) == 3


def test_somebody_new_is_looked_for_in_what_was_read_before(synced: World) -> None:
    assert "Şəxsi" not in {row["subject"] for row in synced.rows("interactions")}
    new = PEOPLE + "Baku Steel,,yes,Nobody No More,nobody@elsewhere.example,,,no,en\n"
    done = synced.run("people", "import", str(synced.people(new)))
    assert "looks back" in done.stderr
    synced.good("sync")
    assert "Şəxsi" in {row["subject"] for row in synced.rows("interactions")}


def test_looking_back_on_demand(synced: World) -> None:
    before = synced.rows("interactions")
    said = synced.run("backfill", "--stakeholder", "gunel@xezer.example", "--since", "2020-01-01")
    assert said.returncode == 0
    assert "Looking back in" in said.stderr
    assert synced.rows("interactions") == before
    assert synced.run("backfill").returncode == 0
    searched = [row["by_kind"].get("search", {}) for row in synced.rows("status")]
    assert any(kind.get("seen") for kind in searched)
    stranger = synced.run("backfill", "--stakeholder", "stranger@x.example")
    assert stranger.returncode == 2
    assert "No stakeholder has the address" in stranger.stderr


# Looking


def test_filters_of_interactions(synced: World) -> None:
    assert len(synced.rows("interactions", "--account", "xəzər ENERJİ")) == 3
    assert synced.rows("interactions", "--account", "Baku Steel") == []
    since = (now() - timedelta(days=1)).date().isoformat()
    assert {row["subject"] for row in synced.rows("interactions", "--since", since)} == {"Sual", "Layihənin müzakirəsi"}
    unknown = synced.run("interactions", "--account", "Xəzər")
    assert unknown.returncode == 2
    assert "There are: Baku Steel, Xəzər Enerji." in unknown.stderr


def test_a_private_meeting_is_seen_by_the_owner_of_the_open_copy(synced: World) -> None:
    calendar = synced.mail("rauf") / "calendar"
    (file,) = calendar.iterdir()
    file.write_bytes(file.read_bytes().replace(b"SUMMARY", b"CLASS:PRIVATE\r\nSUMMARY"))
    synced.good("sync")
    assert "meeting" not in {row["kind"] for row in synced.rows("interactions")}
    assert synced.rows("drafts") == []
    own = [row for row in synced.rows("interactions", "--as", "leyla") if row["kind"] == "meeting"]
    assert [row["private"] for row in own] == [True]
    assert "meeting" not in {row["kind"] for row in synced.rows("interactions", "--as", "rauf@bizim.example")}


def test_everything_is_explained(synced: World) -> None:
    rows = {row["kind"]: row for row in synced.rows("interactions")}
    (draft,) = synced.rows("drafts")
    (one,) = synced.rows("explain", f"i{rows['mail_in']['id']}")
    assert "belongs to Günel Əliyeva of account Xəzər Enerji" in one["answer"]
    assert set(one["trace"][0]) == {"step", "value", "verdict", "why"}
    (one,) = synced.rows("explain", f"d{draft['id']}")
    assert one["answer"].startswith("It is placed: ")
    both = synced.rows("explain", str(draft["id"]))
    assert [one["kind"] for one in both] == ["interaction", "draft"]
    for key in (rows["mail_in"]["message_id"], f"<{rows['mail_in']['message_id']}>", rows["meeting"]["uid"].upper()):
        assert synced.rows("explain", key)[0]["kind"] == "interaction"
    # Nothing was kept of the newsletter and of the private mail: they are looked at anew.
    (one,) = synced.rows("explain", "<4@test.example>")
    assert "newsletter" in one["answer"]
    (one,) = synced.rows("explain", "3@test.example")
    assert "no_stakeholder" in one["answer"]
    for unknown in ("i99", "d99", "99", "nothing@nowhere.example"):
        done = synced.run("explain", unknown)
        assert done.returncode == 2
        assert "Nothing has the id" in done.stderr


def test_status_needs_attention_when_a_folder_cannot_be_read(synced: World) -> None:
    synced.mail("rauf").rename(synced.folder / "elsewhere")
    done = synced.run("sync")
    assert done.returncode == 1
    assert "rauf" in done.stderr and "What to do" in done.stderr
    states = {(row["mailbox"], row["state"]) for row in synced.rows("status")}
    assert states == {("leyla", "ok"), ("rauf", "failing")}
    assert synced.run("status").returncode == 1
    (synced.folder / "elsewhere").rename(synced.mail("rauf"))
    assert synced.run("status").returncode == 1
    synced.good("sync")
    assert synced.run("status").returncode == 0


# The report


def test_the_report_in_every_form(synced: World, tmp_path: Path) -> None:
    week = f"{now():%G-W%V}"
    (line,) = synced.good("report", "weekly", "--week", week, "--manager", "leyla", "--format=json").splitlines()
    report = json.loads(line)
    assert report["week"] == week
    assert report["totals"]["meetings"] <= 1
    assert report["manager"] == "Leyla Əliyeva"
    text = synced.good("report", "weekly", "--week", week)
    assert text.count("Həftəlik təmas hesabatı") == 2
    page = synced.good("report", "weekly", "--format", "html", "--manager", "Rauf Əliyeva")
    assert page.lstrip().lower().startswith("<!doctype html")
    shown = synced.good("report", "weekly", "--week", week, "--out", str(tmp_path / "out")).splitlines()
    assert [Path(line).name for line in shown] == [f"weekly-{week}-leyla.html", f"weekly-{week}-rauf.html"]
    assert all(Path(line).is_file() for line in shown)
    assert synced.run("report", "weekly", "--format", "html").returncode == 2
    assert synced.run("report", "weekly", "--week", "2026-W60").returncode == 2
    assert synced.run("report", "weekly", "--manager", "nobody").returncode == 2


# Rules, database, installation


def test_rules_are_listed_and_a_wrong_one_is_named_with_its_line(world: World) -> None:
    assert [row["rule"] for row in world.rows("rules", "list")] == ["follow_up/formal"]
    world.good("rules", "check")
    own = world.folder / "rules" / "follow_up"
    own.mkdir(parents=True)
    (own / "formal.toml").write_text('title = "x"\nkinds = "?"\n', encoding="utf-8")
    done = world.run("rules", "check")
    assert done.returncode == 1
    assert "formal.toml:2: " in done.stdout
    assert world.run("check").returncode == 1
    assert world.run("sync").returncode == 2


def test_the_database_is_made_checked_and_kept(world: World) -> None:
    assert world.run("db", "check").returncode == 1
    assert "made" in world.good("db", "upgrade")
    assert "already" in world.good("db", "upgrade")
    assert "sound" in world.good("db", "check")


def test_check_names_what_is_wrong(synced: World) -> None:
    synced.good("check")
    lines = synced.rows("check")
    assert all(line["ok"] for line in lines)
    assert any("of 4 items read" in line["what"] or "were logged" in line["what"] for line in lines)
    synced.mail("rauf").rename(synced.folder / "gone")
    bad = [line for line in synced.rows("check") if not line["ok"]]
    assert [line["mailbox"] for line in bad] == ["rauf"]
    assert bad[0]["cure"]
    assert synced.run("check").returncode == 1


def test_check_misses_people(world: World) -> None:
    done = world.run("check")
    assert done.returncode == 1
    assert "No stakeholder is known" in done.stdout


# Init


def test_init_by_options_alone(tmp_path: Path) -> None:
    world = World(tmp_path / "w")
    target = tmp_path / "new" / "config.toml"
    options = ("--manager", 'Leyla "L" Əliyeva', "--address", "leyla@bizim.example", "--path", str(world.mail()))
    done = run("--config", str(target), "init", *options)
    assert done.returncode == 0, done.stderr
    text = target.read_text(encoding="utf-8")
    assert 'name = "leyla"' in text and 'domains = ["bizim.example"]' in text
    assert (target.parent / "syncagent.key").is_file()
    again = run("--config", str(target), "init", *options)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    forced = run("--config", str(target), "init", *options, "--language", "en", "--force")
    assert forced.returncode == 0
    assert 'language = "en"' in target.read_text(encoding="utf-8")


def test_init_asks(tmp_path: Path) -> None:
    world = World(tmp_path / "w")
    answers = f"Leyla Əliyeva\nleyla@gmail.com\n{world.mail()}\n\nen\nEurope/London\nbizim.example\n"
    done = run("init", input=answers, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Manager" in done.stderr
    text = (tmp_path / "config.toml").read_text(encoding="utf-8")
    assert 'time_zone = "Europe/London"' in text and 'addresses = ["leyla@gmail.com"]' in text
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "config.toml", "syncagent.db", "syncagent.key", "w",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--address", "nonsense"), "addresses"),
        (("--time-zone", "Mars/Phobos"), "time_zone"),
        (("--language", "tlh"), "language"),
    ],
)
def test_init_with_a_wrong_answer_writes_nothing(tmp_path: Path, given: tuple[str, ...], said: str) -> None:
    options = ["--manager", "L", "--path", str(tmp_path / "mail"), *given]
    if "--address" not in given:
        options += ["--address", "leyla@bizim.example"]
    done = run("init", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_init_without_an_answer_says_how_to_give_it(tmp_path: Path) -> None:
    done = run("init", "--manager", "Leyla", cwd=tmp_path)
    assert done.returncode == 2
    assert "give it as an option" in done.stderr


def test_the_output_is_utf_8_whatever_the_locale(synced: World) -> None:
    done = synced.run("interactions", "--json", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""})
    assert json.loads(done.stdout.splitlines()[1])["subject"] == "Layihənin müzakirəsi"
