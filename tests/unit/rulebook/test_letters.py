"""Letters compared with texts written by hand, and where every word of them comes from."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from syncagent.rulebook.decide import decide
from syncagent.rulebook.facts import MeetingFacts
from syncagent.rulebook.settings import RuleSettings
from syncagent.rulebook.templates import Letter, render
from tests.unit.rulebook.builders import (
    AYSEL,
    ELIF,
    EMMA,
    KAMRAN,
    NIGAR,
    NOW,
    OLGA,
    RASHAD,
    START,
    formal,
    meeting,
)

LETTERS = Path(__file__).parent / "letters"

KAMRAN_EN = dataclasses.replace(KAMRAN, name="Kamran Safarov")
KAMRAN_RU = dataclasses.replace(KAMRAN, name="Кямран Сафаров")
NEXT_AT = START + timedelta(days=14, hours=-4)

NIGAR_XANIM = dataclasses.replace(NIGAR, salutation="Nigar xanım")

MEETINGS: dict[str, MeetingFacts] = {
    "az_full": meeting(
        subject="2027-ci il üçün təchizat şərtləri",
        took_part=(NIGAR_XANIM,),
        agenda=("Qiymət siyasəti və endirimlər", "Çatdırılma müddətləri", "Müqavilənin müddəti"),
        documents=("Qiymət cədvəli 2027.xlsx", "Müqavilə layihəsi.docx"),
        next_meeting_at=NEXT_AT,
        next_meeting_subject="Müqavilə layihəsinin müzakirəsi",
        actor=dataclasses.replace(KAMRAN, signature="Kamran Səfərov\nƏsas müştərilərlə iş üzrə menecer\nBizim MMC\n"),
    ),
    "az_bare": meeting(),
    "az_call_three": meeting(
        subject="İdxal sənədləri",
        meeting_kind="call",
        took_part=(
            dataclasses.replace(RASHAD, salutation="Cənab"),
            AYSEL,
            dataclasses.replace(NIGAR, salutation="xanım", contact_person=True),
        ),
    ),
    "en_full": meeting(
        subject="Supply terms for 2027",
        took_part=(dataclasses.replace(EMMA, salutation="Ms"),),
        agenda=("Prices and discounts", "Delivery times", "Term of the contract"),
        documents=("Price list 2027.xlsx", "Draft contract.docx"),
        next_meeting_at=NEXT_AT,
        next_meeting_subject="Going through the draft contract",
        actor=dataclasses.replace(KAMRAN_EN, signature="Kind regards,\nKamran Safarov\nKey Account Manager\nBizim LLC"),
    ),
    "en_bare": meeting(took_part=(EMMA,), actor=KAMRAN_EN),
    "en_call_four": meeting(
        subject="Import papers", meeting_kind="call", took_part=(EMMA, NIGAR, RASHAD, AYSEL), actor=KAMRAN_EN
    ),
    "ru_full": meeting(
        subject="Условия поставки на 2027 год",
        took_part=(dataclasses.replace(OLGA, salutation="Уважаемая Ольга Викторовна!"),),
        agenda=("Цены и скидки", "Сроки поставки", "Срок действия договора"),
        documents=("Прайс-лист 2027.xlsx", "Проект договора.docx"),
        next_meeting_at=NEXT_AT,
        next_meeting_subject="Обсуждение проекта договора",
        actor=KAMRAN_RU,
    ),
    "ru_bare": meeting(meeting_kind="call", took_part=(OLGA,), actor=KAMRAN_RU),
    "tr_full": meeting(
        subject="2027 tedarik koşulları",
        took_part=(dataclasses.replace(ELIF, salutation="hanım"),),
        agenda=("Fiyatlar ve indirimler", "Teslimat süreleri", "Sözleşme süresi"),
        documents=("Fiyat listesi 2027.xlsx", "Sözleşme taslağı.docx"),
        next_meeting_at=NEXT_AT,
        next_meeting_subject="Sözleşme taslağının görüşülmesi",
        actor=KAMRAN_EN,
    ),
    "tr_bare": meeting(meeting_kind="call", took_part=(ELIF,), actor=KAMRAN_EN),
}

MAY_STAND_IN_HTML = {"div", "p", "br", "ul", "li"}


def write(facts: MeetingFacts) -> Letter:
    decision = decide(formal(), facts, now=NOW, settings=RuleSettings())
    return render(formal(), facts, decision, now=NOW)


class Reader(HTMLParser):
    """Reads HTML back into the text part, the way a person sees it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.lead = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag == "p":
            self.lead = ("class", "lead") in attrs
        self.text += {"li": "- ", "br": "\n"}.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        self.text += {"p": "\n" if self.lead else "\n\n", "li": "\n", "ul": "\n"}.get(tag, "")

    def handle_data(self, data: str) -> None:
        self.text += data


def read_back(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("name", MEETINGS)
def test_letter_is_the_one_written_by_hand(name: str) -> None:
    letter = write(MEETINGS[name])
    expected = (LETTERS / f"{name}.txt").read_text(encoding="utf-8")
    assert f"Subject: {letter.subject}\n\n{letter.text}" == expected
    assert letter.language == name[:2]


def test_every_letter_written_by_hand_is_compared() -> None:
    assert {path.stem for path in LETTERS.glob("*.txt")} == MEETINGS.keys()


@pytest.mark.parametrize("name", MEETINGS)
def test_html_says_what_the_text_says(name: str) -> None:
    letter = write(MEETINGS[name])
    reader = read_back(letter.html)
    assert reader.text.rstrip("\n") + "\n" == letter.text
    assert reader.tags <= MAY_STAND_IN_HTML
    assert reader.attributes == {"class", "lang", "style"}


def test_html_of_a_short_letter_in_full() -> None:
    letter = write(MEETINGS["en_bare"])
    assert letter.html.startswith(
        '<div lang="en" style="font-family: Calibri, Carlito, \'Segoe UI\', Arial, sans-serif;font-size: 11pt;'
        'color: #1f1f1f;"><p style="margin: 0 0 11pt 0;">Dear Emma Collins,</p>'
    )
    assert letter.html.endswith(
        '<p class="lead" style="margin: 0 0 3pt 0;">Next steps:</p>'
        '<ul style="margin-top: 0;margin-bottom: 11pt;">'
        '<li style="margin: 0 0 2pt 0;">[who does what, by when]</li></ul>'
        '<p style="margin: 0 0 11pt 0;">If you have any questions or anything to add, simply reply to this email.</p>'
        '<p style="margin: 0 0 11pt 0;">Kind regards,<br>Kamran Safarov</p></div>'
    )


def without_traced(letter: Letter) -> str:
    """What is left of a letter when every value of its trace is taken out: the template's own words."""
    rest = f"{letter.subject}\n{letter.text}"
    for step in sorted(letter.trace, key=lambda step: -len(step.value)):
        rest = rest.replace(step.value, "{}")
    return rest


@pytest.mark.parametrize(("one", "other"), [("az_full", "az_full"), ("en_full", "en_full")])
def test_nothing_in_a_letter_is_untraced(one: str, other: str) -> None:
    facts = MEETINGS[one]
    elsewhere = dataclasses.replace(
        facts,
        subject="Zebra",
        start_at=facts.start_at + timedelta(days=3),
        took_part=(dataclasses.replace(facts.took_part[0], name="Xeyal Yolcu", salutation=""),),
        agenda=("alpha", "beta", "gamma"),
        documents=("delta", "epsilon"),
        next_meeting_subject="omega",
        actor=facts.actor and dataclasses.replace(facts.actor, signature=facts.actor.signature.replace("Kamran", "Q")),
    )
    assert without_traced(write(facts)) == without_traced(write(elsewhere))


def test_trace_names_the_field_of_each_value() -> None:
    steps = [(step.value, step.verdict, step.why) for step in write(MEETINGS["en_full"]).trace]
    assert steps[:5] == [
        ("Supply terms for 2027", "fact", "From subject."),
        ("Dear Ms Collins", "fact", "From to: emma@customer.example (salutation)."),
        ("Friday, 20 November 2026", "fact", "From start_at."),
        ("Prices and discounts", "fact", "From agenda[0]."),
        ("Delivery times", "fact", "From agenda[1]."),
    ]
    assert ("[who does what, by when]", "gap", "Nothing is known here: left for the manager to fill.") in steps


def test_every_gap_of_a_letter_is_in_its_trace() -> None:
    letter = write(meeting(took_part=(dataclasses.replace(NIGAR, name=""),)))
    gaps = re.findall(r"\[[^\]]*\]", letter.text)
    assert len(gaps) == 4
    assert "Hörmətli […]," in letter.text
    assert set(gaps[1:]) == {step.value for step in letter.trace if step.verdict == "gap"}


def test_times_are_those_of_the_one_who_writes() -> None:
    london = dataclasses.replace(KAMRAN, zone="Europe/London")
    letter = write(meeting(actor=london, start_at=START + timedelta(hours=10), next_meeting_at=NEXT_AT))
    assert "20 noyabr 2026, cümə günü" in letter.text  # already the 21st in Baku
    assert "4 dekabr 2026, cümə, saat 07:00" in letter.text


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"next_meeting_at": NOW, "next_meeting_subject": "Past"}, None),
        ({"next_meeting_at": NEXT_AT}, "- Növbəti görüşümüz: 4 dekabr 2026, cümə, saat 11:00\n"),
        # midnight in Baku: an entry without a time of its own
        ({"next_meeting_at": NEXT_AT - timedelta(hours=11)}, "- Növbəti görüşümüz: 4 dekabr 2026, cümə\n"),
    ],
)
def test_next_meeting(changes: dict[str, object], line: str | None) -> None:
    text = write(meeting(**changes)).text
    assert (line in text) if line else ("Növbəti görüşümüz" not in text)


@pytest.mark.parametrize(
    ("signature", "end"),
    [
        ("", "Hörmətlə,\nKamran Səfərov\n"),
        ("  \n", "Hörmətlə,\nKamran Səfərov\n"),
        ("Hörmətlə,\nKamran", "kifayətdir.\n\nHörmətlə,\nKamran\n"),
        ("-- \nKamran\n\n+994 12 000 00 00", "Hörmətlə,\nKamran\n\n+994 12 000 00 00\n"),
        ("- Kamran -", "Hörmətlə,\n- Kamran -\n"),
    ],
)
def test_signature(signature: str, end: str) -> None:
    letter = write(meeting(actor=dataclasses.replace(KAMRAN, signature=signature)))
    assert letter.text.endswith(end)
    assert letter.html.count("<ul") == 1


def test_long_lists_are_cut_with_a_gap() -> None:
    letter = write(meeting(agenda=tuple(f"Məsələ {number}" for number in range(40))))
    points = [line for line in letter.text.split("\n") if line.startswith("- Məsələ")]
    assert len(points) == 12
    assert "- Məsələ 11\n- […]\n" in letter.text


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("<b>Q4</b> & more", "“<b>Q4</b> & more”"),
        ("Line one\r\nBcc: x@y.example", "“Line one Bcc: x@y.example”"),
        ("a\u202egnp.exe\x00", "“agnp.exe”"),
        ("{{ 7 * 7 }}", "“{{ 7 * 7 }}”"),
        ("x" * 1000, f"“{'x' * 299}…”"),
    ],
)
def test_text_of_others_stays_text(subject: str, shown: str) -> None:
    letter = write(meeting(subject=subject))
    assert shown in letter.text
    assert "\n" not in letter.subject
    assert read_back(letter.html).tags <= MAY_STAND_IN_HTML
