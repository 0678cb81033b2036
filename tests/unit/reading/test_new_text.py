"""What an author typed, without what the mail program put below it; and that no word of the author is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.reading.content import excerpt, new_text

MINE = "Salam Leyla xanım,\n\nsabah saat 10:00-da görüşək.\n\nHörmətlə,\nRauf"
QUOTED = "\n".join("> " + line for line in ("Sabahınız xeyir,", "", "nə vaxt görüşək?"))
PLAIN = "Sabahınız xeyir,\n\nnə vaxt görüşək?"

BELOW = [
    ("Gmail, en", f"On Mon, Nov 2, 2026 at 10:15 AM Leyla Əliyeva <leyla@x.example> wrote:\n\n{QUOTED}"),
    ("Gmail, az", f"Leyla Əliyeva <leyla@x.example>, 02.11.2026 10:15 tarixində yazdı:\n\n{QUOTED}"),
    ("Gmail, ru", f"пн, 2 нояб. 2026 г. в 10:15, Лейла <leyla@x.example> пишет:\n\n{QUOTED}"),
    ("Gmail, tr", f"Leyla <leyla@x.example>, 2 Kas 2026 Pzt, 10:15 tarihinde şunu yazdı:\n\n{QUOTED}"),
    ("Gmail, wrapped", f"On Mon, Nov 2, 2026 at 10:15 AM Leyla Əliyeva <\nleyla@x.example> wrote:\n{QUOTED}"),
    ("Gmail, wrapped, without marks", f"On Mon, Nov 2, 2026 at 10:15 Leyla <leyla@x.example>\nwrote:\n\n{PLAIN}"),
    ("Apple Mail", f"On 2 Nov 2026, at 10:15, Leyla <leyla@x.example> wrote:\n\n{QUOTED}"),
    ("Apple Mail, forwarded", f"Begin forwarded message:\n\nFrom: Leyla\nDate: 2 Nov\nSubject: Görüş\n\n{PLAIN}"),
    ("Thunderbird, de", f"Am 02.11.2026 um 10:15 schrieb Leyla:\n{QUOTED}"),
    ("Outlook, en", f"-----Original Message-----\nFrom: Leyla\nSent: Monday\nTo: Rauf\nSubject: Görüş\n\n{PLAIN}"),
    (
        "Outlook, rule and block",
        f"{'_' * 32}\nFrom: Leyla <leyla@x.example>\nSent: Monday\nTo: Rauf\nSubject: A\n\n{PLAIN}",
    ),
    ("Outlook, az", f"Kimdən: Leyla <leyla@x.example>\nGöndərilib: 02.11.2026\nKimə: Rauf\nMövzu: Görüş\n\n{PLAIN}"),
    ("Outlook, ru", f"От: Лейла\nОтправлено: 2 ноября\nКому: Рауф\nТема: Встреча\n\n{PLAIN}"),
    ("Outlook, tr", f"Kimden: Leyla\nGönderildi: 2 Kasım\nKime: Rauf\nKonu: Toplantı\n\n{PLAIN}"),
    ("Outlook, in bold", f"*From:* Leyla <leyla@x.example>\n*Sent:* Monday\n*To:* Rauf\n*Subject:* A\n\n{PLAIN}"),
    ("Gmail, forwarded", f"---------- Forwarded message ---------\nFrom: Leyla\nDate: 2 Nov\n\n{PLAIN}"),
    ("marks alone", QUOTED),
    ("a signature", "-- \nRauf Rəhimov\nSatış meneceri"),
    ("a signature that lost its blank", "--\nRauf Rəhimov\nSatış meneceri"),
    ("a telephone", "Sent from my iPhone"),
    ("a telephone, az", "iPhone-dan göndərilib"),
    (
        "a telephone and a quote",
        f"Sent from my iPhone\n\nOn 2 Nov 2026, at 10:15, Leyla <l@x.example> wrote:\n{QUOTED}",
    ),
    ("Outlook on a telephone", "Get Outlook for Android"),
    ("a list's footer", f"{'_' * 47}\ndev mailing list\ndev@lists.example"),
]


@pytest.mark.parametrize("below", [case[1] for case in BELOW], ids=[case[0] for case in BELOW])
def test_what_stands_below_is_cut(below: str) -> None:
    assert new_text(f"{MINE}\n\n{below}\n") == MINE


@pytest.mark.parametrize("below", [BELOW[0][1], BELOW[9][1]], ids=["Gmail", "Outlook"])
def test_line_ends_of_any_system_will_do(below: str) -> None:
    assert new_text(f"{MINE}\n\n{below}\n".replace("\n", "\r\n")) == MINE


def test_answers_between_quoted_lines_are_kept() -> None:
    text = "On 2 Nov 2026, Leyla <l@x.example> wrote:\n> Nə vaxt?\n\nSabah.\n\n> Harada?\n\nOfisdə.\n"
    assert new_text(text) == "Sabah.\n\nOfisdə."


def test_what_is_quoted_cuts_nothing_itself() -> None:
    nested = "> From: Leyla\n> Sent: Monday\n> To: Rauf\n> Subject: A\n>\n> -----Original Message-----\n> -- \n> L."
    assert new_text(f"On 2 Nov 2026, Leyla <l@x.example> wrote:\n{nested}\n\nSabah.") == "Sabah."


def test_an_answer_below_the_quote_is_kept() -> None:
    assert new_text(f"On 2 Nov 2026, Leyla <l@x.example> wrote:\n{QUOTED}\n\n{MINE}") == MINE


OWN_WORDS = [
    "As Anar wrote:\nwe meet tomorrow.",
    "On Monday I wrote:\n- the price\n- the date",
    "From: the north side\nwe see no progress.",
    "Kimdən: soruşdum, heç kim bilmir.",
    "Sizə 3 variant yazdım:\n1. ucuz\n2. baha",
    "Subject: of our talk\nwas the price",
    "The price is > 100 AZN.",
    "-- yox, bu olmaz",
    "-----\nQiymətlər\n-----\n100 AZN",
    "Original message follows tomorrow.",
    "Sent from my point of view this is fine, and I would like to add more: we have discussed it long enough.",
]


@pytest.mark.parametrize("text", OWN_WORDS)
def test_no_word_of_the_author_is_taken_for_a_quote(text: str) -> None:
    assert new_text(text) == text


def test_a_mere_forward_has_no_new_text() -> None:
    assert new_text(f"---------- Forwarded message ---------\nFrom: Leyla\nDate: 2 Nov\n\n{PLAIN}") == ""


@given(st.text(max_size=400))
def test_any_text_can_be_read_and_reading_again_changes_little(text: str) -> None:
    assert len(new_text(text)) <= len(text)
    assert excerpt(text) == excerpt(text.strip())


@pytest.mark.parametrize(
    "line",
    ["On 1.1.2026 a@b.example, ", "From: a\n", "> ", "On 2 Nov 2026 a wrote:\n\n", "_____\n", "9@" * 190 + "\n", "\n"],
)
def test_no_text_takes_long(line: str) -> None:
    begun = time.process_time()
    new_text(line * (400_000 // len(line)))
    assert time.process_time() - begun < 20  # a second or so; what is quadratic takes minutes


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Salam", 200, "Salam"),
        ("  Salam,\n\nLeyla   xanım ", 200, "Salam, Leyla xanım"),
        ("", 200, ""),
        ("bir iki üç", 10, "bir iki üç"),
        ("bir iki üç dörd", 12, "bir iki üç…"),
        ("bir iki, üç dörd", 10, "bir iki…"),
        ("uzunbirsözdürbu", 8, "uzunbir…"),
    ],
)
def test_excerpt(text: str, limit: int, expected: str) -> None:
    assert excerpt(text, limit) == expected


@given(st.text(max_size=300), st.integers(5, 60))
def test_an_excerpt_never_exceeds_its_limit_and_is_one_line(text: str, limit: int) -> None:
    cut = excerpt(text, limit)
    assert len(cut) <= limit
    assert "\n" not in cut
