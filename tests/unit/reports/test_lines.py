"""Text on lines: measured as a terminal shows it, cut and wrapped to fit, and free of what does harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.reports.lines import fitted, one_line, padded, width_of, wrapped


@pytest.mark.parametrize(
    ("text", "width"),
    [("Əliyeva", 7), ("ığüşöç ƏİĞ", 10), ("Ş\u0327", 1), ("漢字", 4), ("👍", 2), ("a\u200db", 2), ("–·…", 3), ("", 0)],
)
def test_width(text: str, width: int) -> None:
    assert width_of(text) == width


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Görüş\r\n haqqında\t", "Görüş haqqında"),
        ("\x1b[31mqırmızı\x07", "[31mqırmızı"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("C\u0327inar", "Çinar"),
        ("half \ud83d emoji", "half emoji"),
        ("two\u2028lines", "two lines"),
    ],
)
def test_foreign_text_becomes_one_harmless_line(raw: str, clean: str) -> None:
    assert one_line(raw) == clean


def test_cutting_and_filling() -> None:
    assert fitted("Xəyalə Babayeva", 10) == "Xəyalə Ba…"
    assert fitted("Xəyalə Babayeva", 15) == "Xəyalə Babayeva"
    assert padded("漢字", 3) == "漢…"
    assert padded("漢字x", 4) == "漢… "
    assert padded("12", 5, right=True) == "   12"


def test_wrapping() -> None:
    assert wrapped("- bir iki üç dörd", 9, hanging="  ") == ["- bir iki", "  üç dörd"]
    assert wrapped("bir", 9, indent="  ") == ["  bir"]
    assert wrapped("bir yəhərləşdirilməmişlər", 9) == ["bir", "yəhərləş…"]
    assert wrapped("", 9, indent="  ") == []


@given(st.text(), st.integers(min_value=4, max_value=100))
def test_no_line_is_too_wide(text: str, width: int) -> None:
    clean = one_line(text)
    assert all(width_of(line) <= width for line in wrapped(clean, width, indent="  "))
    assert width_of(padded(clean, width)) == width


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    one_line(text).encode("utf-8")
