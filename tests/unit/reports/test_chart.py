"""The chart: what is drawn, that it is drawn, and that a report survives when it is not."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from syncagent.crm.reporting_rows import AccountRow, Counts
from syncagent.reports import chart
from syncagent.reports.weekly import build
from syncagent.reports.weekly_chart import BARS, chart_spec, charted
from syncagent.reports.weekly_report import WeeklyReport
from tests.unit.reports.sample import report, rows


def with_totals(*totals: int) -> WeeklyReport:
    """A report in which the accounts A1, A2, … have so many mails."""
    accounts = tuple(AccountRow(n, f"A{n}", Counts(total)) for n, total in enumerate(totals, 1))
    return build(replace(rows(), accounts=accounts, people=()), week="2026-W47")


def values(spec: dict[str, Any]) -> list[dict[str, Any]]:
    found = spec["layer"][0]["data"]["values"]
    assert isinstance(found, list)
    return found


def test_every_contact_is_in_its_bar() -> None:
    spec = chart_spec(report(), "az")
    numbers = {(row["account"], row["kind"]): row["number"] for row in values(spec)}
    assert numbers == {
        ("Azərsun Holdinq", "Gələn"): 4,
        ("Azərsun Holdinq", "Gedən"): 3,
        ("Azərsun Holdinq", "Görüş"): 1,
        ("Çinar Ticarət", "Gələn"): 1,
        ("Çinar Ticarət", "Gedən"): 1,
        ("Çinar Ticarət", "Görüş"): 1,
    }
    assert {row["kind"] for row in values(chart_spec(report(), "en"))} == {"In", "Out", "Meetings"}


def test_the_longest_bar_is_on_top_and_equals_follow_the_alphabet() -> None:
    spec = chart_spec(with_totals(2, 5, 0, 2, 7), "az")
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["A5", "A2", "A1", "A4"]
    assert [row["number"] for row in spec["layer"][1]["data"]["values"]] == [7, 5, 2, 2]


def test_what_does_not_fit_is_counted_below() -> None:
    spec = chart_spec(with_totals(*range(1, BARS + 4)), "en")
    assert len(spec["layer"][1]["data"]["values"]) == BARS
    assert spec["title"]["text"] == "and 3 more accounts"
    assert "title" not in chart_spec(with_totals(*range(1, BARS + 1)), "en")


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [
        (1, [0, 1]),
        (6, [0, 1, 2, 3, 4, 5, 6]),
        (8, [0, 2, 4, 6, 8]),
        (100, [0, 20, 40, 60, 80, 100]),
        (7_000, range(0, 7_001, 2_000)),
    ],
)
def test_the_axis_counts_in_whole_numbers(largest: int, ticks: list[int]) -> None:
    axis = chart_spec(with_totals(largest), "az")["layer"][0]["encoding"]["x"]["axis"]
    assert axis["values"] == list(ticks)


def test_the_specification_holds_everything_it_needs() -> None:
    text = json.dumps(chart_spec(report(), "az"))
    assert "http" not in text and '"url"' not in text


def test_a_week_without_contacts_has_no_chart() -> None:
    assert charted(report())
    assert not charted(with_totals(0, 0))


def test_it_is_drawn_in_a_process_of_its_own() -> None:
    picture = chart.png(chart_spec(report(), "az"))
    assert picture is not None and picture.startswith(b"\x89PNG\r\n\x1a\n")
    width = int.from_bytes(picture[16:20], "big")
    assert 800 < width < 1200, "twice as many points as the page has room for pixels"
    assert "vl_convert" not in sys.modules


def test_it_may_fetch_nothing(caplog: pytest.LogCaptureFixture) -> None:
    spec = {"data": {"url": "http://127.0.0.1:9/secret.json"}, "mark": "bar", "encoding": {}}
    picture = chart.png(spec)
    assert picture is None or len(picture) < 2_000


BROKEN = [
    ({"mark": "no such mark"}, {}, "the renderer ended with code 1"),
    (None, {"timeout_s": 0.001}, "no picture within"),
]


@pytest.mark.parametrize(("spec", "options", "said"), BROKEN, ids=["bad specification", "too slow"])
def test_a_chart_that_fails_is_none_and_says_why(
    caplog: pytest.LogCaptureFixture, spec: dict[str, Any] | None, options: dict[str, float], said: str
) -> None:
    with caplog.at_level(logging.WARNING):
        assert chart.png(spec or chart_spec(report(), "az"), **options) is None
    assert said in caplog.text
    assert "Azərsun" not in caplog.text


def test_a_renderer_that_is_not_there_is_none(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert chart.png(chart_spec(report(), "az")) is None
    assert "could not be started" in caplog.text


def test_a_renderer_that_talks_nonsense_is_none(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nonsense(*_: Any, **__: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], 0, stdout=b"not a picture", stderr=b"")

    monkeypatch.setattr(subprocess, "run", nonsense)
    assert chart.png(chart_spec(report(), "az")) is None
    assert "nothing said" in caplog.text
