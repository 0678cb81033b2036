"""The report as HTML: whole, harmless whatever the names say, and made of what mail programs show."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from syncagent.crm.reporting_rows import AccountRow, Counts
from syncagent.reports.markup import RED
from syncagent.reports.weekly import build
from syncagent.reports.weekly_html import MAIL_BYTES, to_file_html, to_html
from syncagent.reports.weekly_report import WeeklyReport
from syncagent.vocabulary import DraftState
from tests.unit.reports.sample import AZERSUN, NOW, baku, follow_up, meeting, person, report, rows

VOID = {"meta", "img", "br"}


class Document(HTMLParser):
    """What a document is made of; fails on tags that do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def huge() -> WeeklyReport:
    """More of everything than one mail can hold."""
    many = range(1, 301)
    busy = Counts(12, 12, 12, own=36)
    facts = replace(
        rows(),
        accounts=tuple(AccountRow(n, f"Çox uzun adlı müştəri şirkəti {n}", busy if n % 2 else Counts()) for n in many),
        people=tuple(
            person(n * 10 + k, f"Əbülfəz Məmmədzadə {n}.{k}", n, busy if n % 2 else None, roles=("decision_maker",))
            for n in many
            for k in range(10 if n % 2 else 5)
        ),
        follow_ups=tuple(
            follow_up(n, "Uzun mövzulu görüş " * 4, baku(18), DraftState.PLACED, account="Çox uzun adlı müştəri")
            for n in many
        ),
        next_meetings=tuple(
            meeting(n, "Uzun mövzulu görüş " * 4, NOW, account="Müştəri", people=("Əbülfəz Məmmədzadə",) * 12)
            for n in many
        ),
    )
    return build(facts, week="2026-W47")


@pytest.mark.parametrize("language", ["az", "en"])
def test_it_is_made_of_what_mail_programs_show(language: str) -> None:
    html = to_html(report(), language, chart_cid="contacts")
    document = Document(html)
    assert {tag for tag, _ in document.tags} <= {
        *("html", "head", "meta", "title", "body", "table", "tr", "td", "th", "span", "b", "br", "img")
    }
    assert document.of("html") == [{"lang": language}]
    assert [image["src"] for image in document.of("img")] == ["cid:contacts"]
    assert all(image["alt"] and image["width"] for image in document.of("img"))
    assert all({"width", "cellpadding", "cellspacing", "border"} <= set(table) for table in document.of("table"))
    assert "http" not in html and "url(" not in html and "class=" not in html
    assert not re.search(r"(?:float|flex|grid|position|background-image|border-radius|margin-(?!top)\w+):", html)
    # Word hands no font down from a table: every cell with words in it names its own.
    assert all("font:" in (cell["style"] or "") for cell in document.of("th"))


def test_it_says_what_the_text_says() -> None:
    words = Document(to_html(report(), "az", chart_cid=None)).words
    for piece in (
        *("Həftəlik təmas hesabatı 16–22 noyabr 2026 Leyla Əliyeva, 2026-W47", "5 Gələn məktublar", "2 Görüşlər"),
        *("Rəşad Quliyev son təmas: 19 noy 2026 2 1 0", "Xəzər Logistika · son təmas: 15 sen 2026", "Cəmi 5 4 2"),
        *("24 noyabr 2026, çərşənbə axşamı · 11:00–12:00", "Həftə ərzində təmas olmayıb: Elçin Əhmədov"),
    ):
        assert piece in words


def test_what_is_overdue_is_bold_and_red_and_nothing_else_is() -> None:
    red = re.findall(rf'<b style="color:{RED}">([^<]*)</b>', to_html(report(), "en", chart_cid=None))
    assert [line.split(" · ")[0] for line in red[::2]] == ["Təqdimat", "Müqavilə danışığı"]
    assert all(line.startswith("overdue") for line in red[1::2])
    waiting = follow_up(1, "Bu gün bitən", NOW - (NOW - baku(22)), DraftState.PLACED, account="A")
    html = to_html(build(replace(rows(), follow_ups=(waiting,)), week="2026-W47"), "en", chart_cid=None)
    assert "<b>Bu gün bitən" in html and RED not in html


@pytest.mark.parametrize("language", ["az", "en"])
def test_names_are_text_and_never_markup(language: str) -> None:
    nasty = "<script>alert(1)</script>\"'&<img src=x>\x1b[0m\u202e"
    facts = replace(
        rows(),
        manager=replace(rows().manager, name=nasty),
        accounts=(AccountRow(AZERSUN, nasty, Counts(1)), AccountRow(2, nasty, Counts())),
        people=(person(1, nasty, AZERSUN, Counts(1), roles=(nasty,)), person(2, nasty, AZERSUN)),
        follow_ups=(follow_up(1, nasty, baku(17), DraftState.PLACED, account=nasty),),
        next_meetings=(meeting(1, nasty, NOW, account=nasty, people=(nasty,), ours=(nasty,)),),
    )
    document = Document(to_file_html(build(facts, week="2026-W47"), language, chart=None))
    assert not document.of("script") and not document.of("img")
    assert document.words.count("<script>alert(1)</script>\"'&<img src=x>[0m") >= 10


def test_a_file_needs_no_other_file() -> None:
    picture = b"\x89PNG\r\n\x1a\n and so on"
    [image] = Document(to_file_html(report(), "az", chart=picture)).of("img")
    kind, _, data = (image["src"] or "").partition(",")
    assert (kind, base64.b64decode(data)) == ("data:image/png;base64", picture)


@pytest.mark.parametrize("language", ["az", "en"])
def test_a_missing_chart_is_named(language: str) -> None:
    missing = {"az": "Diaqram çəkilə bilmədi", "en": "The chart could not be drawn"}[language]
    assert missing in to_html(report(), language, chart_cid=None)
    assert missing in to_file_html(report(), language, chart=None)
    assert missing not in to_html(report(), language, chart_cid="contacts")


def test_where_nothing_happened_no_chart_is_missing() -> None:
    quiet = build(replace(rows(), accounts=(), people=(), totals=Counts()), week="2026-W47")
    html = to_html(quiet, "en", chart_cid=None)
    assert "could not be drawn" not in html and not Document(html).of("img")


def test_a_mail_stays_below_what_gmail_shows_and_a_file_shows_all() -> None:
    report = huge()
    mail, file = to_html(report, "az", chart_cid="contacts"), to_file_html(report, "az", chart=None)
    assert MAIL_BYTES // 2 < len(mail.encode()) <= MAIL_BYTES
    assert Document(mail).words.count("və daha") > 5
    assert "və daha" not in file
    assert all(name in file for name in ("Əbülfəz Məmmədzadə 299.9", "müştəri şirkəti 300", "p300@example.az"))
    Document(file)
