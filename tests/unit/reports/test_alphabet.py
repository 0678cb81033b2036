"""Names stand in the order of the Azerbaijani alphabet."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.reports.alphabet import az_sort_key

ALPHABET = list("abcçdeəfgğhxıijkqlmnoöprsştuüvyz")
CAPITALS = list("ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ")


def in_order(texts: list[str]) -> list[str]:
    """The texts sorted, from an order that helps nobody."""
    return sorted(random.Random(7).sample(texts, len(texts)), key=az_sort_key)


@pytest.mark.parametrize("letters", [ALPHABET, CAPITALS], ids=["small", "capital"])
def test_the_alphabet_is_in_order(letters: list[str]) -> None:
    assert len(letters) == 32
    assert in_order(letters) == letters


# Each list is in the right order; code points, English or Turkish rules would each break at least one of them.
ORDERED = [
    ["Cəfər", "Cəmilə", "Çinarə", "Dilarə"],
    ["Elçin", "Emil", "Əli", "Əliyeva", "Fərid"],
    ["Həsən", "Xalidə", "Xəyal", "Irfan", "İlqar", "Jalə"],
    ["Kamran", "Könül", "Qəhrəman", "Quliyev", "Lalə"],
    ["Sübhan", "Şahin", "Tural"],
    ["Vüsal", "Wagner", "Yaqub"],
    ["Ay Nur", "Ayan", "Aysel"],
    ["Filial 2", "Filial 10", "Filial A"],
    ["2B", "Azərsun", "Иванов"],
    ["Иванов", "Йорданов", "Яковлев"],
]


@pytest.mark.parametrize("names", ORDERED, ids=lambda names: names[0])
def test_names_are_in_order(names: list[str]) -> None:
    assert in_order(names) == names


@pytest.mark.parametrize(
    ("one", "other"),
    [("Quliyev", "QULİYEV"), ("André", "Andre"), ("«Ay Nur» MMC", "Ay Nur MMC")],
)
def test_case_accents_and_punctuation_count_last(one: str, other: str) -> None:
    assert az_sort_key(one)[0] == az_sort_key(other)[0]


def test_a_letter_and_its_mark_apart_are_the_letter() -> None:
    assert az_sort_key("C\u0327inarə") == az_sort_key("Çinarə")
    assert az_sort_key("I\u0307lqar") == az_sort_key("İlqar")


@given(st.lists(st.text()))
def test_any_texts_can_be_sorted(texts: list[str]) -> None:
    keys = [az_sort_key(text) for text in in_order(texts)]
    assert all(one <= other for one, other in pairwise(keys))
