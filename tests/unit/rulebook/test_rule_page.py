"""The page of the rule says what the rule does: its tables and letters are run."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from syncagent.rulebook import languages
from syncagent.rulebook.conditions import PREDICATES
from syncagent.rulebook.decide import decide
from syncagent.rulebook.facts import Person
from syncagent.rulebook.recipients import GROUPS
from syncagent.rulebook.rule_file import RuleFile
from syncagent.rulebook.settings import RuleSettings
from syncagent.rulebook.view import VOCABULARY
from tests.unit.rulebook.builders import formal
from tests.unit.rulebook.situations import SITUATIONS

PAGE = (Path(__file__).parents[3] / "docs/rules/follow_up_formal.md").read_text(encoding="utf-8")
LETTERS = Path(__file__).parent / "letters"


def table(*head: str) -> list[list[str]]:
    """The rows of the page's table with this head."""
    lines = PAGE.split("\n")
    start = lines.index(f"| {' | '.join(head)} |") + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


OUTCOMES = table("what is known about the meeting", "outcome")
GREETINGS = table("salutation", "name", "az", "en", "ru", "tr")


@pytest.mark.parametrize(("situation", "outcome"), OUTCOMES)
def test_situation_has_the_outcome_of_the_page(situation: str, outcome: str) -> None:
    facts, now = SITUATIONS[situation]
    assert decide(formal(), facts, now=now, settings=RuleSettings()).outcome == outcome


def test_every_situation_is_on_the_page() -> None:
    assert [situation for situation, _ in OUTCOMES] == list(SITUATIONS)


@pytest.mark.parametrize("row", GREETINGS, ids=lambda row: row[0] or "none")
def test_greetings_of_the_page(row: list[str]) -> None:
    salutation, name, *expected = row
    person = Person(name, "a@b.example", "", salutation=salutation)
    assert [languages.greeting([person], language) for language in ("az", "en", "ru", "tr")] == expected


def test_letters_of_the_page_are_the_ones_tested() -> None:
    shown = dict(re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL))
    assert shown == {name: (LETTERS / f"{name}.txt").read_text(encoding="utf-8") for name in ("az_full", "en_bare")}


def test_page_lists_every_condition_with_its_meaning() -> None:
    shown = [[name.strip("`"), meaning.split(": `")[0]] for name, meaning in table("condition", "it says that")]
    assert shown == [[name, predicate.meaning] for name, predicate in PREDICATES.items()]


def test_page_names_every_key_group_and_name() -> None:
    keys = re.findall(r"`\[?(\w+)\]?`", " ".join(row[0] for row in table("key", "what it says")))
    assert {*keys, "enabled"} == set(RuleFile.model_fields)
    for word in (*GROUPS, *VOCABULARY, *(field for fields in VOCABULARY.values() for field in fields)):
        assert f"`{word}`" in PAGE


def test_shipped_rule_writes_in_four_languages() -> None:
    assert list(formal().templates) == ["az", "en", "ru", "tr"]
    assert dataclasses.astuple(formal().draft) == ("follow_up/formal", "took_part", "nobody")
