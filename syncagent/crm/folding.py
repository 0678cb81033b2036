"""Answers for when two names are written the same: case and spaces do not count, Azerbaijani letters do."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """A key for comparing names of accounts and folders.

    I and İ are mapped before lower-casing: Unicode's own rule would make two characters of İ and merge I with i.
    """
    composed = unicodedata.normalize("NFC", name).replace("İ", "i").replace("I", "ı")
    return " ".join(composed.lower().replace("ı", "i").split())
