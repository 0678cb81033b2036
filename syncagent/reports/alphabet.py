"""Answers for the order of names: that of the Azerbaijani alphabet; pure."""

from __future__ import annotations

import re
import unicodedata

#: Comparable: first by words, numbers and letters alone, then by accents, case and punctuation.
SortKey = tuple[tuple[tuple[int, str], ...], str]

#: The 32 letters in their order, and the foreign w where CLDR has it.
_LETTERS = "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz"
_RANK = {letter: f"{rank:02}" for rank, letter in enumerate(_LETTERS)}

#: Python lowers both as an English reader would; here they are two letters.
_SMALL_I = str.maketrans({"I": "ı", "İ": "i"})

_TOKEN = re.compile(r"\d+|\s|.")
_SPACE, _NUMBER, _LETTER, _FOREIGN = range(4)


def az_sort_key(text: str) -> SortKey:
    """A key that sorts names as an Azerbaijani dictionary does: ç after c, ə after e, x after h, ı before i, q after k.

    A shorter word comes first ("Ay Nur" before "Ayan"), numbers go by their value and before letters, and letters of
    other scripts follow ours. Accents that are not of this alphabet, case and punctuation decide only between names
    that are equal without them.
    """
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    ranked = (_ranked(token) for token in _TOKEN.findall(composed.translate(_SMALL_I).lower()))
    return tuple(rank for rank in ranked if rank is not None), composed


def _ranked(token: str) -> tuple[int, str] | None:
    """What a number, a space or a small letter counts as; None for what does not count."""
    if token.isdecimal():
        digits = "".join(str(unicodedata.decimal(digit)) for digit in token).lstrip("0")
        return _NUMBER, f"{len(digits):09}{digits}"
    if token.isspace():
        return _SPACE, ""
    letter = token if token in _RANK else unicodedata.normalize("NFD", token)[0]
    if letter in _RANK:
        return _LETTER, _RANK[letter]
    return (_FOREIGN, token) if token.isalpha() else None
