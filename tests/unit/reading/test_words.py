"""Folding: the different ways to type one word become one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.reading.words import any_of, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Gündəm", "gundem"),
        ("GÜNDƏLİK", "gundelik"),
        ("gündəlık", "gundelik"),
        ("GUNDELIK", "gundelik"),
        ("Ünvan: Şəki, Çay, Göy", "unvan: seki, cay, goy"),
        ("g\u0308o\u0308y", "goy"),  # letters and marks apart
        ("Ещё", "еще"),
        ("wasn’t", "wasn't"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_any_of_prefers_the_longest_and_takes_any_white_space() -> None:
    pattern = re.compile(any_of(["gün", "gündəm maddəsi"]))
    match = pattern.match(fold("Gündəm   maddəsi: 1"))
    assert match is not None
    assert match[0] == "gundem   maddesi"
