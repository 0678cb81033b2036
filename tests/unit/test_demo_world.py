"""The demo's world: believable, the same for the same seed and time, and with work left for syncagent in it."""

from __future__ import annotations

import email.policy
import hashlib
import os
import random
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from syncagent import config
from syncagent.cli.demo import write
from syncagent.cli.demo.cast import latin, make_cast
from syncagent.cli.demo.letter import Letter
from syncagent.cli.demo.mime import to_bytes
from syncagent.cli.demo.phrases import LANGUAGES, THEM, US, phrases
from syncagent.cli.demo.world import DRAFTS, World, make_world
from syncagent.cli.demo.write import COLUMNS, MARK, write_world
from syncagent.errors import ConfigProblems
from syncagent.formats.people_csv import read_people
from tests.acceptance.demo_count import count

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
#: Moments at which a careless calendar breaks: early on Monday, a weekend, the turn of the year, a change of clocks.
MOMENTS = [
    NOW,
    datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
    datetime(2026, 11, 22, 21, 30, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 15, tzinfo=UTC),
    datetime(2026, 3, 29, 12, 59, 59, 999999, tzinfo=UTC),
]


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(1, NOW)


def letters(world: World) -> dict[str, Letter]:
    return {copy.letter.message_id: copy.letter for copy in world.copies}


def parsed(file: Path) -> EmailMessage:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def digest(folder: Path) -> str:
    lines = [
        f"{file.relative_to(folder).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


# Who and how much


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_world_has_the_promised_size(seed: int) -> None:
    world = make_world(seed, NOW)
    assert 350 <= len(letters(world)) <= 450
    assert 24 <= len(world.meetings) <= 30
    assert len(world.cast.managers) == 2
    assert world.cast.managers[0].name == "Leyla Əliyeva"
    people = [person for account in world.cast.accounts for person in account.people]
    assert [len(account.people) for account in world.cast.accounts] == [5, 5, 5]
    assert {person.language for person in people} == set(LANGUAGES)
    assert sum(len(person.emails) == 2 for person in people) == 1
    assert sum(person.emails[0].endswith(("@gmail.com", "@mail.ru")) for person in people) == 1
    every = [address for person in (*people, *world.cast.ours) for address in person.emails]
    assert len(every) == len(set(every))
    assert all(address.isascii() and address == address.lower() for address in every)
    for account in world.cast.accounts:
        assert account.people[0].contact_person
        assert sum(person.contact_person for person in account.people) == 1
        heads = [person for person in account.people if not person.reports_to]
        assert len(heads) == 1
        assert {person.reports_to for person in account.people} == {"", heads[0].emails[0]}
        assert {role for person in account.people for role in person.decision_roles} >= {"decision_maker", "supporter"}


def test_another_seed_is_another_world(world: World) -> None:
    other = make_world(2, NOW)
    assert {one.main for one in world.cast.ours[1:]}.isdisjoint(one.main for one in other.cast.ours[1:])
    assert len(letters(world)) != len(letters(other))
    assert letters(world).keys().isdisjoint(letters(other))
    assert {meeting.uid for meeting in world.meetings}.isdisjoint(meeting.uid for meeting in other.meetings)
    assert {meeting.start for meeting in world.meetings} != {meeting.start for meeting in other.meetings}


def test_the_same_seed_and_time_are_the_same_world_in_every_process(world: World, tmp_path: Path) -> None:
    assert make_world(1, NOW) == world
    write_world(world, tmp_path / "here")
    code = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from syncagent.cli.demo.world import make_world; from syncagent.cli.demo.write import write_world\n"
        f"write_world(make_world(1, datetime.fromisoformat({NOW.isoformat()!r})), Path(sys.argv[1]))"
    )
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there")], check=True, env=environment, cwd=root)
    assert digest(tmp_path / "here") == digest(tmp_path / "there")


@pytest.mark.parametrize("now", MOMENTS)
def test_everything_lies_in_the_last_60_and_the_next_30_days(now: datetime) -> None:
    world = make_world(3, now)
    assert all(now - timedelta(days=70) < letter.at <= now for letter in letters(world).values())
    assert min(letter.at for letter in letters(world).values()) < now - timedelta(days=50)
    for meeting in world.meetings:
        assert now - timedelta(days=62) < meeting.start < now + timedelta(days=31)


def test_names_are_spelt_in_plain_letters() -> None:
    assert latin("Şəhla Çələbiyeva İlqar Ğ") == "Sehla Celebiyeva Ilqar G"
    assert latin("Игорь Щербаков Юлия Цветкова") == "Igor Scherbakov Yuliya Tsvetkova"
    for seed in range(300):
        make_cast(random.Random(seed))  # no pool runs dry


# What they say


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_only_known_slots_and_both_sides_speak(language: str) -> None:
    said = phrases(language)
    known = {"product", "qty", "price", "total", "number", "site", "weeks", "day0", "day1", "day2", "n"}
    for topic in said.topics:
        assert {turn.by for turn in topic.turns} == {THEM, US}
        for text in (topic.subject, *(turn.text for turn in topic.turns), *(turn.document for turn in topic.turns)):
            assert set(re.findall(r"\{(\w*)\}", text)) <= known, text
    assert len(said.topics) >= 9
    assert len(said.months) == 12


def test_conversations_hold_together(world: World) -> None:
    known = letters(world)
    answers = [letter for letter in known.values() if letter.in_reply_to]
    assert len(answers) > 100
    for letter in answers:
        before = known[letter.in_reply_to]
        assert before.at < letter.at
        assert letter.references == (*before.references, before.message_id)
    assert max(len(letter.references) for letter in answers) >= 3
    assert sum(bool(letter.cc) for letter in known.values()) > 20


def test_mail_comes_in_many_shapes(tmp_path: Path) -> None:
    charsets, encodings, types, names = Counter[str](), Counter[str](), Counter[str](), []
    for seed in (1, 2, 3):
        write_world(make_world(seed, NOW), tmp_path)
        for file in (tmp_path / "mail").glob("*/**/*"):
            if file.is_file() and file.parent.name in ("cur", "new"):
                message = parsed(file)
                assert not message.defects, file
                for part in message.walk():
                    assert not part.defects, file
                    types[part.get_content_type()] += 1
                    encodings[part.get("Content-Transfer-Encoding", "")] += not part.is_multipart()
                    if part.get_content_type() == "text/plain" and not part.get_filename():
                        charsets[part.get_content_charset("")] += 1
                        assert "\ufffd" not in part.get_content()
                    names += [part.get_filename()] if part.get_content_disposition() == "attachment" else []
    assert {"utf-8", "us-ascii", "koi8-r", "windows-1251", "windows-1252"} <= charsets.keys()
    assert {"7bit", "8bit", "base64", "quoted-printable"} <= encodings.keys()
    assert {
        "text/html",
        "text/calendar",
        "application/pdf",
        "text/csv",
        "image/png",
        "multipart/report",
    } <= types.keys()
    assert any("№" in name for name in names)
    assert any(name.endswith(".pdf") for name in names)


def test_a_letter_becomes_the_message_that_it_is(world: World, tmp_path: Path) -> None:
    for number, letter in enumerate(letters(world).values()):
        (tmp_path / str(number)).write_bytes(to_bytes(letter, arrived=False))
        message = parsed(tmp_path / str(number))
        assert message["Subject"] == letter.subject
        assert message["Message-ID"] == f"<{letter.message_id}>"
        assert parsedate_to_datetime(message["Date"]) == letter.at
        assert [(one.display_name, one.addr_spec) for one in message["From"].addresses] == [tuple(letter.author)]
        assert [(one.display_name, one.addr_spec) for one in message["To"].addresses] == [tuple(to) for to in letter.to]
        body = message.get_body(("plain",))
        assert body is not None
        assert body.get_content().strip() == letter.text.strip()


# What there is to do


@pytest.mark.parametrize("now", MOMENTS)
@pytest.mark.parametrize("seed", [1, 4, 9])
def test_there_is_work_left_and_nothing_is_a_close_call(seed: int, now: datetime, tmp_path: Path) -> None:
    world = make_world(seed, now)
    write_world(world, tmp_path)
    expected = count(tmp_path, now)
    due = {uid for uid, _, _ in expected.follow_ups}
    opened = {meeting.uid for meeting in world.meetings if meeting.kind == "open"}
    assert opened <= due
    assert due - opened <= {meeting.uid for meeting in world.meetings if meeting.kind == "series"}
    recent = [end for _, end, _ in expected.follow_ups if now - timedelta(hours=48) < end < now - timedelta(minutes=20)]
    assert len(recent) >= 3
    # A second more or less between the count and the program must not change what is due.
    for meeting in world.meetings:
        for week in range(meeting.weeks):
            end = meeting.end + timedelta(weeks=week)
            assert abs(end - (now - timedelta(days=14))) > timedelta(hours=10), meeting.kind
            assert abs(end - now) > timedelta(minutes=20), meeting.kind


@pytest.mark.parametrize("seed", range(1, 7))
def test_every_reason_to_skip_occurs_and_every_account_has_contacts(seed: int, tmp_path: Path) -> None:
    world = make_world(seed, NOW)
    write_world(world, tmp_path)
    expected = count(tmp_path, NOW)
    reasons = Counter[str]()
    for skipped in expected.skipped.values():
        reasons.update(skipped)
    assert reasons.keys() == {
        *("no_stakeholder", "internal", "newsletter", "automated", "auto_reply", "bounce", "meeting_mail", "private")
    }
    for account in world.cast.accounts:
        assert expected.mail_in[account.name] > 10
        assert expected.mail_out[account.name] > 10
        assert expected.meetings[account.name] > 4
    assert expected.states.keys() == {"done", "planned", "cancelled", "declined"}
    assert sum(expected.seen.values()) == sum(expected.sightings.values()) + reasons.total()
    assert sum(expected.sightings.values()) > expected.interactions.total()  # some lie in both mailboxes
    assert sum(expected.drafts_folder.values()) == 1


def test_meetings_come_in_many_shapes(world: World, tmp_path: Path) -> None:
    kinds = Counter(meeting.kind for meeting in world.meetings)
    for kind in ("cancelled", "declined", "refused", "internal", "private", "leave", "fair", "lunch", "call", "series"):
        assert kinds[kind], kind
    assert kinds["future"] >= 4
    write_world(world, tmp_path)
    calendars = [
        {file.name: file.read_bytes() for file in tmp_path.glob(f"mail/{box.mailbox}/calendar/*.ics")}
        for box in world.cast.managers
    ]
    both = calendars[0].keys() & calendars[1].keys()
    assert len(both) >= 4
    assert all(calendars[0][name] == calendars[1][name] for name in both)
    text = b"".join(b"".join(calendar.values()) for calendar in calendars).decode()
    assert 'TZID="Azerbaijan Standard Time":' in text
    for shown in ("TZID=Asia/Baku:", "VALUE=DATE:", "RRULE:FREQ=WEEKLY;COUNT=8", "RECURRENCE-ID;", "EXDATE;"):
        assert shown in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


# The folder


def test_the_folder_is_ready_for_the_program(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "demo"
    write_world(world, folder)
    found = config.load(folder / "config.toml")
    assert [mailbox.name for mailbox in found.mailboxes] == [manager.mailbox for manager in world.cast.managers]
    for mailbox in found.mailboxes:
        for part in ("cur", "new", "tmp", ".Sent/cur", ".Archive/cur", ".Drafts/cur", "calendar"):
            assert (mailbox.path / part).is_dir()
    people = read_people((folder / "people.csv").read_bytes(), "people.csv")
    assert not people.problems
    assert len(people.people) == 15
    files = [
        file
        for file in folder.glob("mail/**/*")
        if file.is_file() and file.suffix != ".ics" and file.name != "maildirfolder"
    ]
    assert len(files) == len(world.copies)
    assert sum(".Drafts" in str(file) for file in files) == sum(copy.folder == DRAFTS for copy in world.copies) == 1
    assert any(file.parent.name == "new" for file in files)
    assert COLUMNS[:12] == (
        *("account", "account_domains", "is_key", "name", "emails", "title", "decision_roles", "political_role"),
        *("contact_person", "language", "interests", "reports_to"),
    )


def test_an_earlier_demo_gives_way_completely(world: World, tmp_path: Path) -> None:
    write_world(world, tmp_path / "fresh")
    folder = tmp_path / "demo"
    folder.mkdir()  # an empty folder is fine
    write_world(make_world(2, NOW), folder)
    (folder / "syncagent.db").touch()
    (folder / "reports").mkdir()
    (folder / "reports" / "week.html").touch()
    write_world(world, folder)
    assert digest(folder) == digest(tmp_path / "fresh")


def test_what_an_interrupted_run_left_can_be_written_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_world(world, tmp_path)

    def died(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(write, "to_bytes", died)
        with pytest.raises(KeyboardInterrupt):
            write_world(make_world(2, NOW), tmp_path)
    write_world(world, tmp_path)
    assert (tmp_path / "people.csv").exists()


def test_anything_else_is_left_alone(world: World, tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "mine").write_text("precious")
    with pytest.raises(ConfigProblems, match="is no demo folder"):
        write_world(world, tmp_path)
    for mark in ("[]", "{}", '{"files": []}', "x"):
        (tmp_path / MARK).write_text(mark)
        with pytest.raises(ConfigProblems, match="is no demo folder"):
            write_world(world, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [MARK, "mail"]
    file = tmp_path / "mail" / "mine"
    with pytest.raises(ConfigProblems, match="is not a folder"):
        write_world(world, file)
    assert file.read_text() == "precious"


@pytest.mark.parametrize("name", ["config.toml", "people.csv"])
def test_a_demo_that_a_person_has_changed_is_left_alone(world: World, tmp_path: Path, name: str) -> None:
    write_world(world, tmp_path)
    with open(tmp_path / name, "a", encoding="utf-8") as file:
        file.write("\n# mine\n")
    before = digest(tmp_path)
    with pytest.raises(ConfigProblems, match="was changed") as caught:
        write_world(make_world(2, NOW), tmp_path)
    assert "syncagent demo DIR" in caught.value.cure
    assert digest(tmp_path) == before
