"""The points of an agenda, taken out of an invitation's text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.reading.content import agenda

POINTS = ("Qiymətlər", "Çatdırılma müddəti", "Növbəti addımlar")
TEAMS = (
    "________________________________________________________________________________\n"
    "Microsoft Teams meeting\nJoin on your computer, mobile app or room device\nClick here to join the meeting\n"
    "Meeting ID: 311 222 333 44\nPasscode: aB3dE\nDownload Teams | Join on the web\n"
    "Or call in (audio only)\n+44 20 1234 5678,,123456789#   United Kingdom, London\n"
    "Phone Conference ID: 123 456 789#\nFind a local number | Reset PIN\nLearn More | Meeting options\n"
    "________________________________________________________________________________\n"
)
ZOOM = (
    "Rauf is inviting you to a scheduled Zoom meeting.\n\nJoin Zoom Meeting\nhttps://zoom.example/j/123?pwd=abc\n\n"
    "Meeting ID: 123 4567 8901\nPasscode: 123456\n\nOne tap mobile\n+16699006833,,12345678901#,,,,*123456# US\n"
    "- +1 669 900 6833 US (San Jose)\n- +44 330 088 5830 United Kingdom\nFind your local number: https://zoom.example/u/a\n"
)


def listed(mark: str) -> str:
    return "\n".join(f"{mark} {point}" for point in POINTS)


FOUND = [
    ("az", f"Gündəm:\n{listed('-')}", POINTS),
    ("az, another word", f"Salam,\ngörüşün gündəliyi:\n\n{listed('•')}\n\nHörmətlə,\nRauf", POINTS),
    ("az typed plainly", f"Gundem:\n{listed('*')}", POINTS),
    ("az in capitals", f"GÜNDƏLİK\n{listed('1.')}", POINTS),
    ("en", f"Hi all,\n\nAgenda\n{listed('1)')}\n\nBest,\nRauf", POINTS),
    ("en, in bold", f"*Agenda:*\n{listed('–')}", POINTS),
    ("ru", f"Повестка дня:\n{listed('—')}", POINTS),
    ("tr", f"Gündem:\n{listed('·')}", POINTS),
    ("without marks", "Agenda:\n" + "\n".join(POINTS) + "\n\nGörüşənədək", POINTS),
    ("on the heading's line", "Gündəm: Qiymətlər; Çatdırılma müddəti; Növbəti addımlar\n\nHörmətlə", POINTS),
    ("one point", "Agenda: the new contract", ("the new contract",)),
    (
        "with times of day",
        "Agenda:\n10:00 Qiymətlər\n10:30–11:00 Müqavilə",
        ("10:00 Qiymətlər", "10:30–11:00 Müqavilə"),
    ),
    ("with sections", "Agenda:\n1.1 Qiymətlər\n1.2. Müqavilə\n2. Digər", ("Qiymətlər", "Müqavilə", "Digər")),
    ("letters", "Agenda:\na) Qiymətlər\nb) Müqavilə", ("Qiymətlər", "Müqavilə")),
    ("a mark that sticks to its word", "Agenda:\n-Qiymətlər\n-Müqavilə", ("Qiymətlər", "Müqavilə")),
    ("empty lines between points", "Agenda:\n\n- Qiymətlər\n\n- Müqavilə\n\nSalamlar", ("Qiymətlər", "Müqavilə")),
    ("a list without a heading", f"Salam,\n{listed('-')}\nSağ olun", POINTS),
    ("ends where another heading begins", "Agenda:\n- Qiymətlər\nParticipants:\n- Leyla\n- Rauf", ("Qiymətlər",)),
    ("ends where joining begins", f"Agenda:\n{listed('-')}\n{TEAMS}", POINTS),
    ("below joining", f"{ZOOM}\nAgenda:\n{listed('-')}", POINTS),
    ("the same point twice", "Agenda:\n- Qiymətlər\n- Qiymətlər", ("Qiymətlər",)),
    ("a heading without points, then one with", "Agenda:\n\nMövzular:\n- Qiymətlər", ("Qiymətlər",)),
]


@pytest.mark.parametrize(("text", "points"), [case[1:] for case in FOUND], ids=[case[0] for case in FOUND])
def test_points_are_found(text: str, points: tuple[str, ...]) -> None:
    assert agenda(text) == points


NONE = [
    ("nothing", ""),
    ("running text", "Salam,\nsabah ofisdə görüşək.\nRauf"),
    ("joining by Teams", TEAMS),
    ("joining by Zoom", ZOOM),
    ("a heading alone", "Agenda:"),
    ("a heading above joining", f"Agenda:\n{TEAMS}"),
    ("the word within a sentence", "We will send the agenda tomorrow.\nRauf"),
    ("a single dash", "Salam\n- Rauf"),
    ("initials", "A. Məmmədov\nB. Quliyev"),
]


@pytest.mark.parametrize("text", [case[1] for case in NONE], ids=[case[0] for case in NONE])
def test_no_points_are_made_up(text: str) -> None:
    assert agenda(text) == ()


def test_points_are_limited_in_number_and_length() -> None:
    points = agenda("Agenda:\n" + "\n".join(f"- point {number} {'long ' * 100}" for number in range(50)))
    assert len(points) == 20
    assert all(len(point) <= 200 for point in points)


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert all(point and "\n" not in point for point in agenda(text))


@pytest.mark.parametrize("line", ["Agenda:\n", "- a\n", "1 1 1 1 1 1 1 1 1 1 x\n", "\n", "Agenda\n\n"])
def test_no_text_takes_long(line: str) -> None:
    begun = time.process_time()
    agenda(line * (300_000 // len(line)))
    assert time.process_time() - begun < 20
