"""Reading folders of rules: what is found, what overrides what, and every mistake with its line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from syncagent.errors import ConfigProblems, ExitCode, NotFound
from syncagent.rulebook.check import rules_check
from syncagent.rulebook.load import find_rules_folder, load
from syncagent.rulebook.rule import Condition, DraftKind, DraftPlan, Rulebook, Trigger

LETTER = "Subject: Hello\n\n{{ greeting }},\n"

RULE = """\
title = "A rule"
purpose = "To be tested"
kind = "follow_up_formal"
trigger = "meeting_ended"

[when]
held = true

[draft]
template = "mine/one"
"""


def folder(at: Path, **files: str) -> Path:
    """A folder with these files; in their names ``__`` stands for a slash and ``_dot_`` for a dot."""
    for name, text in files.items():
        path = at / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return at


def one(at: Path, rule: str = RULE, letter: str = LETTER, **files: str) -> Path:
    """A folder with one rule and its English letter."""
    return folder(at, mine__one_dot_toml=rule, mine__one_dot_en_dot_j2=letter, **files)


def wrong(*folders: Path) -> list[str]:
    """Every problem in the folders, with places inside the first."""
    return [str(problem).replace(f"{folders[0]}/", "") for problem in rules_check(folders)]


def test_the_shipped_rules_have_nothing_wrong() -> None:
    assert rules_check([find_rules_folder()]) == []


def test_the_shipped_rule() -> None:
    rule = load([find_rules_folder()]).rules["follow_up/formal"]
    assert (rule.title, rule.kind, rule.trigger) == (
        "Formal follow-up",
        DraftKind.FOLLOW_UP_FORMAL,
        Trigger.MEETING_ENDED,
    )
    assert (rule.wait, rule.due_within_hours) == (timedelta(), None)
    assert Condition("meeting_kind", ("meeting", "call")) in rule.when
    assert Condition("already_written") in rule.unless
    assert rule.draft == DraftPlan("follow_up/formal", "took_part", "nobody")


def test_a_rule_that_says_little_has_defaults(tmp_path: Path) -> None:
    rule = load([one(tmp_path)]).rules["mine/one"]
    assert (rule.name, rule.wait, rule.due_within_hours, rule.unless) == ("mine/one", timedelta(), None, ())
    assert (rule.draft.to, rule.draft.cc) == ("took_part", "nobody")
    assert rule.templates["en"].text == LETTER


@pytest.mark.parametrize(
    ("wait", "expected"),
    [("15 minutes", timedelta(minutes=15)), ("1 hour", timedelta(hours=1)), ("2days", timedelta(days=2))],
)
def test_waits(tmp_path: Path, wait: str, expected: timedelta) -> None:
    rule = RULE.replace("[when]", f'wait = "{wait}"\ndue_within_hours = 5\n[when]')
    read = load([one(tmp_path, rule)]).rules["mine/one"]
    assert (read.wait, read.due_within_hours) == (expected, 5)


MISTAKES: list[tuple[str, str, list[str]]] = [
    ("not TOML", "title = \n", ["mine/one.toml:1: is not TOML: Invalid value"]),
    ("cut off", 'title = "x"\npurpose = """', ["mine/one.toml:2: is not TOML: Unterminated string"]),
    ("twice", "a = 1\na = 2\n", ["mine/one.toml:2: is not TOML: Cannot overwrite a value"]),
    (
        "unknown keys",
        RULE.replace("title", "titel").replace("template", "tempalte"),
        [
            "mine/one.toml:1: “title” is missing",
            "mine/one.toml:1: unknown key “titel”; did you mean “title”?",
            "mine/one.toml:9: “draft.template” is missing",
            "mine/one.toml:10: unknown key “tempalte”; did you mean “template”?",
        ],
    ),
    (
        "a key like no other",
        RULE.replace("[when]", "zzzzzz = 1\n[when]"),
        [
            "mine/one.toml:6: unknown key “zzzzzz”; known: draft, due_within_hours, enabled, kind, purpose, title, "
            "trigger, unless, wait, when"
        ],
    ),
    (
        "wrong words",
        RULE.replace("follow_up_formal", "folow_up_formal").replace("meeting_ended", "meeting_end"),
        [
            "mine/one.toml:3: unknown kind “folow_up_formal”; did you mean “follow_up_formal”?",
            "mine/one.toml:4: unknown trigger “meeting_end”; did you mean “meeting_ended”?",
        ],
    ),
    (
        "conditions",
        RULE.replace(
            "held = true",
            'hold = true\nprivate = false\nkey_account = "yes"\nmeeting_kind = "call"\n'
            '[unless]\nmeeting_kind = ["lunch"]',
        ),
        [
            "mine/one.toml:7: unknown condition “hold”; did you mean “held”?",
            "mine/one.toml:8: private takes “true” and nothing else; for the opposite write “private = true” under "
            "[unless]",
            "mine/one.toml:9: key_account takes “true” and nothing else",
            "mine/one.toml:10: meeting_kind takes a list of these: meeting, call, meal, other",
            "mine/one.toml:12: unknown meeting_kind “lunch”; known: call, meal, meeting, other",
        ],
    ),
    (
        "values",
        RULE.replace("[when]", 'wait = "soon"\ndue_within_hours = 0\n[when]').replace('"A rule"', '""'),
        [
            "mine/one.toml:1: title must not be empty",
            "mine/one.toml:6: wait must be a time such as “15 minutes”, “2 hours” or “1 day”",
            "mine/one.toml:7: due_within_hours should be greater than or equal to 1",
        ],
    ),
    (
        "groups and tables",
        RULE.replace("[when]\nheld = true", "when = 1").replace("[draft]", '[draft]\nto = "tookpart"\ncc = 5'),
        [
            "mine/one.toml:6: when must be a table, [when]",
            "mine/one.toml:9: unknown group of people “tookpart”; did you mean “took_part”?",
            "mine/one.toml:10: draft.cc should be a valid string",
        ],
    ),
    (
        "no such template",
        RULE.replace("mine/one", "mine/two"),
        ["mine/one.toml:10: unknown template “mine/two”; did you mean “mine/one”?"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_every_mistake_in_a_rule_has_its_line(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert wrong(one(tmp_path, text)) == expected


LETTER_MISTAKES: list[tuple[str, list[str]]] = [
    ("Subject: x\n\n{{ greting }}", ["3: unknown name “greting”; did you mean “greeting”?"]),
    ("Subject: x\n{{ meeting.sbject }}", ["2: unknown field of meeting “sbject”; did you mean “subject”?"]),
    ("Subject: x\n\n{% if agenda %}", ["3: Unexpected end of template.*"]),
    ("Subject: x\n{{ 'a' | gab }}", ["2: unknown filter “gab”; did you mean “gap”?"]),
    ("Subject: x\n{{ 'a' * 99 }}", ["2: a template cannot use “Mul”.*"]),
    ("Subject: x\n{% set a = 'b' %}", ["2: a template cannot use “Assign”.*"]),
    ("Subject: x\n{% include 'y' %}", ["2: a template cannot use “Include”.*"]),
    (
        "Subject: x\n{{ greeting.upper() }}",
        ["2: a template cannot use “Call”.*", "2: unknown field of greeting “upper”.*"],
    ),
    ("Subject: x\n{{ ''.__class__ }}", ["2: .*unsafe.*"]),
    ("Subject: x\n{% for a in agenda %}{{ a.b }}{% endfor %}", ["2: .*has no attribute 'b'"]),
    ("Subject: x\n{% for a in agenda %}{{ a.upper }}{% endfor %}", ["2: .*unsafe"]),
    (
        "Subject: x\n{% for a in greeting %}{% for b in greeting %}" + "y" * 200 + "{% endfor %}{% endfor %}",
        [": the letter grows beyond 50000 characters"],
    ),
    ("Subject: x\n{% for a in next_meeting %}{% endfor %}", ["2: .*not iterable"]),
    (
        "Subject: x\n" + "{% for a in agenda %}\n" * 3 + "{{ loop.index }}{{ a }}" + "{% endfor %}" * 3 + "{{ a }}",
        ["4: loops may nest 2 deep and not call themselves", "5: unknown name “a”.*"],
    ),
    ("Dear {{ greeting }}", ["1: the letter has no subject.*"]),
    ("Subject: x\n" + "y" * 60_000, [": the letter grows beyond 50000 characters"]),
    ("Subject: x\n{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", [": is nested too deeply"]),
]


@pytest.mark.parametrize(("text", "expected"), LETTER_MISTAKES, ids=lambda each: str(each)[:40])
def test_every_mistake_in_a_letter_has_its_line(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = wrong(one(tmp_path, letter=text))
    assert all(each.startswith("mine/one.en.j2:") for each in found)
    places = [each.removeprefix("mine/one.en.j2:").strip() for each in found]
    assert len(places) == len(expected), places
    for pattern, place in zip(expected, places, strict=True):
        assert all(part in place for part in pattern.removeprefix(": ").split(".*")), place


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    at = one(
        tmp_path,
        RULE.replace("held", "hled"),
        "Subject: x\n{{ nobody }}",
        mine__two_dot_toml="titel = 1",
        mine__two_dot_j2="",
        letter_dot_css="p { color: red }\ndiv { background: url(http://x.example/y.png) }",
    )
    (at / "mine/bad.toml").write_bytes(b'# ok\ntitle = "\xff"\n')
    with pytest.raises(ConfigProblems) as caught:
        load([at, at / "none"])
    places = [problem.where.replace(f"{at}/", "") for problem in caught.value.problems]
    assert sorted(set(places)) == [
        "letter.css:2",
        "mine/bad.toml:2",
        "mine/one.en.j2:2",
        "mine/one.toml:7",
        "mine/two.j2",
        "mine/two.toml:1",
        "none",
    ]
    assert caught.value.exit_code == ExitCode.USAGE
    assert "syncagent rules check" in caught.value.sentence


def test_a_later_folder_overrides_file_by_file(tmp_path: Path) -> None:
    ours = one(tmp_path / "ours", mine__one_dot_az_dot_j2=LETTER, letter_dot_css="p { color: red }")
    theirs = folder(tmp_path / "theirs", mine__one_dot_en_dot_j2=LETTER.replace("Hello", "Good day"))
    book = load([ours, theirs])
    rule = book.rules["mine/one"]
    assert rule.templates["en"].text.startswith("Subject: Good day")
    assert rule.templates["en"].file == str(theirs / "mine/one.en.j2")
    assert (rule.templates["az"].text, rule.style) == (LETTER, "p { color: red }")
    assert load([theirs, ours]).rules["mine/one"].templates["en"].text == LETTER


def test_a_rule_is_switched_off_by_one_line(tmp_path: Path) -> None:
    ours = one(tmp_path / "ours")
    off = folder(tmp_path / "theirs", mine__one_dot_toml="enabled = false\n")
    assert load([ours, off]).rules == {}
    assert wrong(folder(tmp_path / "theirs", mine__one_dot_toml="enabled = false\nnonsense = 1\n")) == [
        "mine/one.toml:2: unknown key “nonsense”; known: draft, due_within_hours, enabled, kind, purpose, title, "
        "trigger, unless, wait, when"
    ]


def test_hashes_change_with_everything_that_matters(tmp_path: Path) -> None:
    def loaded(name: str, **changes: str) -> Rulebook:
        return load([one(tmp_path / name, **changes)])

    same = [loaded("a"), loaded("b"), loaded("c", rule=RULE.replace("\n", "\r\n"))]
    other = [
        loaded("d", rule=RULE.replace("A rule", "B rule")),
        loaded("e", letter=LETTER + "!"),
        loaded("f", letter_dot_css="p { color: red }"),
        loaded("g", mine__one_dot_az_dot_j2=LETTER),
    ]
    assert len({book.rules["mine/one"].hash for book in same}) == 1
    assert len({book.rules["mine/one"].hash for book in (*same, *other)}) == 5
    assert len({book.hash for book in (*same, *other)}) == 5


def test_a_byte_order_mark_is_taken(tmp_path: Path) -> None:
    assert list(load([one(tmp_path, "\ufeff" + RULE)]).rules) == ["mine/one"]


def test_the_folder_that_is_set_is_taken_or_missed(tmp_path: Path) -> None:
    assert find_rules_folder(tmp_path) == tmp_path
    assert (find_rules_folder() / "follow_up/formal.toml").is_file()
    with pytest.raises(NotFound, match="no folder of rules"):
        find_rules_folder(tmp_path / "none")
