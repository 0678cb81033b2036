"""Answers for the chart of a weekly report as a Vega-Lite specification; pure, ``chart`` draws it."""

from __future__ import annotations

from typing import Any

from syncagent.reports.lines import one_line
from syncagent.reports.weekly_report import AccountWeek, WeeklyReport
from syncagent.reports.words import words_for

#: More bars than this are not read.
BARS = 12

#: Blue, orange and green of Okabe and Ito, which the colour-blind tell apart too.
_COLOURS = ("#0072B2", "#E69F00", "#009E73")

_INK, _GREY, _LINE = "#1f2933", "#5f6b7a", "#e3e7eb"

#: Narrower than the page shows it, so that its letters can still be read when a telephone shrinks it.
_WIDTH = 460

#: The renderer takes the first family that is there and, for a line with a letter that it lacks, any other: Liberation
#: Sans, which it brings along, has no ə, so families that have one come first.
_FONTS = "Arial, DejaVu Sans, Noto Sans, Liberation Sans, sans-serif"

_LOOK: dict[str, Any] = {
    "font": _FONTS,
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "labelColor": _INK, "gridColor": _LINE, "domain": False, "ticks": False},
    "axisY": {"labelLimit": 170, "labelPadding": 8, "grid": False},
    "legend": {
        "labelFontSize": 12,
        "labelColor": _INK,
        "symbolType": "square",
        "columnPadding": 14,
    },
    "text": {"fontSize": 12},
    "title": {"fontSize": 11, "fontWeight": "normal", "color": _GREY},
}


def charted(report: WeeklyReport) -> bool:
    """Whether there is anything to draw."""
    return bool(report.touched)


def chart_spec(report: WeeklyReport, language: str) -> dict[str, Any]:
    """Contacts by account as stacked bars: the longest on top, equal ones in the order of the alphabet.

    Shows the first ``BARS`` and says how many more accounts there are. Raises ``ValueError`` when nothing is charted.
    """
    words = words_for(language)
    ordered = sorted(report.touched, key=lambda account: -account.counts.total)
    bars = ordered[:BARS]
    # Short words: the legend is only as wide as the bars, and long names leave those little room.
    kinds = (words.column_in, words.column_out, words.column_meetings)
    account = {
        "field": "account",
        "type": "nominal",
        "sort": [one_line(bar.name) for bar in bars],
        "title": None,
    }
    number = _number(max(bar.counts.total for bar in bars))
    stacked = {
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "y": account,
            "x": number | {"stack": "zero"},
            "order": {"field": "order", "type": "quantitative"},
            "color": {
                "field": "kind",
                "type": "nominal",
                "title": None,
                "scale": {"domain": list(kinds), "range": list(_COLOURS)},
                "legend": {"orient": "top"},
            },
        },
        "data": {"values": [part for bar in bars for part in _parts(bar, kinds)]},
    }
    sums = {
        "mark": {"type": "text", "align": "left", "dx": 5, "fontWeight": "bold", "color": _INK},
        "encoding": {"y": account, "x": number, "text": {"field": "number", "type": "quantitative"}},
        "data": {"values": [{"account": one_line(bar.name), "number": bar.counts.total} for bar in bars]},
    }
    left = len(ordered) - len(bars)
    more = {"text": words.more_accounts.format(number=left), "orient": "bottom", "anchor": "start", "frame": "group"}
    return {
        "width": _WIDTH,
        "height": {"step": 28},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "background": "white",
        "padding": 4,
        "layer": [stacked, sums],
        "config": _LOOK,
        **({"title": more} if left else {}),
    }


def _number(largest: int) -> dict[str, Any]:
    """The axis of numbers: whole ones, at most six steps, with room for the sum after the longest bar."""
    steps = (digit * 10**power for power in range(9) for digit in (1, 2, 5))
    step = next(step for step in steps if largest <= 6 * step)
    return {
        "field": "number",
        "type": "quantitative",
        "title": None,
        "axis": {"values": list(range(0, largest + 1, step)), "format": "d"},
        "scale": {"domain": [0, largest * 1.1], "nice": False},
    }


def _parts(bar: AccountWeek, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    numbers = (bar.counts.mails_in, bar.counts.mails_out, bar.counts.meetings)
    return [
        {"account": one_line(bar.name), "kind": kind, "order": order, "number": number}
        for order, (kind, number) in enumerate(zip(kinds, numbers, strict=True))
    ]
