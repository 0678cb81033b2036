"""How each language names people and writes dates."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from syncagent.rulebook import languages
from syncagent.rulebook.facts import Person


@pytest.mark.parametrize(
    ("name", "salutation", "language", "expected"),
    [
        ("Leyla Əliyeva", "XANIM", "az", "Leyla xanım"),
        ("Leyla Əliyeva", "xanim", "az", "Leyla xanım"),
        ("Əliyeva, Leyla", "xanım", "az", "Leyla xanım"),
        ("Əliyeva, Leyla", "", "az", "Leyla Əliyeva"),
        ("Leyla", "xanım", "az", "Leyla xanım"),
        ("Leyla", "Ms", "en", "Leyla"),
        ("", "xanım", "az", ""),
        ("", "", "az", ""),
        ("", "Leyla xanım", "az", "Leyla xanım"),
        ("Leyla Əliyeva", "HÖRMƏTLİ Leyla xanım,", "az", "Leyla xanım"),
        ("Emma Collins", "Dear Ms. Collins", "en", "Ms. Collins"),
        ("Emma Collins", "Ms.", "en", "Ms Collins"),
        ("Dearborn Lee", "Dearborn", "en", "Dearborn"),
        ("Ольга Петрова", "Добрый день, Ольга Викторовна", "ru", "Ольга Викторовна"),
        ("Ольга Петрова", "г-жа", "ru", "госпожа Петрова"),
        ("Elif Yılmaz", "Hanım", "tr", "Elif Hanım"),
        ("Erik {0}", "Mr", "en", "Mr {0}"),
        ("Anna Schmidt", "Ms", "de", "Anna Schmidt"),
    ],
)
def test_form_of_address(name: str, salutation: str, language: str, expected: str) -> None:
    assert languages.form_of_address(Person(name, "a@b.example", "", salutation=salutation), language) == expected


@pytest.mark.parametrize(
    ("count", "language", "expected"),
    [
        (0, "az", "Hörmətli […]"),
        (1, "az", "Hörmətli P0"),
        (2, "az", "Hörmətli P0 və P1"),
        (3, "az", "Hörmətli P0, P1 və P2"),
        (4, "az", "Hörmətli həmkarlar"),
        (3, "en", "Dear P0, P1 and P2"),
        (4, "en", "Dear all"),
        (2, "ru", "Здравствуйте, P0 и P1"),
        (4, "ru", "Здравствуйте, уважаемые коллеги"),
        (3, "tr", "Sayın P0, P1 ve P2"),
        (4, "tr", "Değerli katılımcılar"),
        (1, "de", "[…] P0"),
    ],
)
def test_greeting(count: int, language: str, expected: str) -> None:
    people = [Person(f"P{number}", f"p{number}@b.example", "") for number in range(count)]
    assert languages.greeting(people, language) == expected


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("az", "20 noyabr 2026, cümə", "20 noyabr 2026, cümə, saat 15:00"),
        ("en", "Friday, 20 November 2026", "Friday, 20 November 2026, at 15:00"),
        ("ru", "20 ноября 2026 года (пятница)", "20 ноября 2026 года (пятница), 15:00"),
        ("tr", "20 Kasım 2026 Cuma", "20 Kasım 2026 Cuma, saat 15:00"),
        ("de", "Freitag, 20. November 2026", "Freitag, 20. November 2026, 15:00"),
        ("xq", "Friday, November 20, 2026", "Friday, November 20, 2026, 15:00"),
    ],
)
def test_dates(language: str, day: str, moment: str) -> None:
    assert languages.written_day(date(2026, 11, 20), language) == day
    assert languages.written_moment(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), language) == moment


@pytest.mark.parametrize(
    ("tag", "expected"), [("az", "az"), ("AZ", "az"), (" en-GB ", "en"), ("ru_RU", "ru"), ("", "")]
)
def test_primary(tag: str, expected: str) -> None:
    assert languages.primary(tag) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hörmətlə,", True),
        ("HÖRMƏTLƏ", True),
        ("Best regards", True),
        ("С уважением,", True),
        ("Kamran", False),
        ("", False),
    ],
)
def test_closes(line: str, expected: bool) -> None:
    assert languages.closes(line) is expected
