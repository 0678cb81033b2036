"""Both languages say everything, and days are written as their readers write them."""

from __future__ import annotations

import string
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from syncagent.reports import dates
from syncagent.reports.weekly_report import Status
from syncagent.reports.words import AZERBAIJANI, ENGLISH, Words, words_for

ROLES = {"decision_maker", "influencer", "supporter", "opponent"}


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("words", [AZERBAIJANI, ENGLISH], ids=lambda words: words.code)
def test_every_role_and_status_has_its_word(words: Words) -> None:
    assert set(words.roles) == ROLES
    assert set(words.statuses) == set(Status)


def test_both_languages_say_the_same_things_in_their_own_words() -> None:
    def texts(words: Words) -> dict[str, str]:
        values = {each.name: getattr(words, each.name) for each in fields(words)}
        return {name: value for name, value in values.items() if isinstance(value, str)}

    az, en = texts(AZERBAIJANI), texts(ENGLISH)
    assert all(az.values()) and all(en.values())
    assert [name for name in az if az[name] == en[name]] == []
    assert {name: placeholders(text) for name, text in az.items()} == {
        name: placeholders(text) for name, text in en.items()
    }


@pytest.mark.parametrize(("language", "code"), [("az", "az"), ("en", "en"), ("ru", "en"), ("tr", "en"), ("", "en")])
def test_a_language_without_words_reads_english(language: str, code: str) -> None:
    assert words_for(language).code == code


def test_days_in_azerbaijani_and_english() -> None:
    day = date(2026, 11, 20)
    assert dates.long_day(day, "az") == "20 noyabr 2026, cümə"
    assert dates.long_day(day, "en_GB") == "Friday, 20 November 2026"
    assert dates.short_day(day, "az") == "20 noy 2026"


def test_a_day_begins_at_midnight_of_the_manager() -> None:
    late = datetime(2026, 11, 19, 20, 30, tzinfo=UTC)
    assert dates.day_of(late, "Asia/Baku") == date(2026, 11, 20)
    assert dates.clock_time(late, "Asia/Baku") == "00:30"
    assert dates.day_of(late, "UTC") == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("first", "last", "az", "en"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16–22 noyabr 2026", "16–22 November 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 noyabr – 6 dekabr 2026", "30 November – 6 December 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 dekabr 2026 – 3 yanvar 2027", "28 December 2026 – 3 January 2027"),
    ],
)
def test_a_span_names_what_its_ends_share_once(first: date, last: date, az: str, en: str) -> None:
    assert dates.days_between(first, last, "az") == az
    assert dates.days_between(first, last, "en_GB") == en
