"""The report as text is word for word what a person wrote down by hand, and never wider than 80 columns."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.crm.reporting_rows import AccountRow, Counts
from syncagent.reports.lines import width_of
from syncagent.reports.weekly import build
from syncagent.reports.weekly_text import WIDTH, to_text
from tests.unit.reports.sample import AZERSUN, NOW, meeting, person, report, rows


@pytest.mark.parametrize("language", ["az", "en"])
def test_the_whole_report(language: str) -> None:
    expected = Path(__file__).with_name(f"weekly_{language}.txt").read_text(encoding="utf-8")
    assert to_text(report(), language) == expected


@given(name=st.text(max_size=200), language=st.sampled_from(["az", "en"]))
def test_no_name_breaks_the_lines(name: str, language: str) -> None:
    facts = replace(
        rows(),
        accounts=(AccountRow(AZERSUN, name, Counts(10_000, 1, 1, own=1)),),
        people=(person(1, name, AZERSUN, Counts(1), last=NOW, roles=(name,)), person(2, name, AZERSUN)),
        next_meetings=(meeting(1, name, NOW, account=name, people=(name,) * 30, ours=(name,)),),
    )
    lines = to_text(build(facts, week="2026-W47"), language).split("\n")
    assert max(map(width_of, lines)) <= WIDTH
    assert not any(unicodedata.category(character) == "Cc" for line in lines for character in line)


def test_long_lists_of_names_are_cut() -> None:
    crowd = tuple(person(number, f"Nəfər {number}", AZERSUN) for number in range(1, 21))
    text = to_text(build(replace(rows(), people=crowd), week="2026-W47"), "az")
    assert "Nəfər 11, Nəfər 12, və daha 8" in " ".join(text.split())


@pytest.mark.parametrize(("language", "nothing"), [("az", "Yoxdur."), ("en", "None.")])
def test_an_empty_week_says_so(language: str, nothing: str) -> None:
    empty: dict[str, Any] = dict.fromkeys(("accounts", "people", "follow_ups", "next_meetings"), ())
    text = to_text(build(replace(rows(), totals=Counts(), **empty), week="2026-W47"), language)
    assert text.splitlines().count(nothing) == 4
