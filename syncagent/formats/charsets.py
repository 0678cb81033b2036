"""Answers for bytes to text: declared, wrongly declared and undeclared character sets. Pure.

Every text that leaves ``formats`` went through ``clean``: databases refuse NUL and UTF-8 refuses lone surrogates.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice

#: Labels that mail uses and Python does not know, or for which the WHATWG Encoding Standard names a superset:
#: what is labelled ISO-8859-1 or GB2312 is in practice Windows-1252 or GBK.
_SUPERSETS = {
    "ascii": "",
    "us-ascii": "",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "cp950",
    "unknown-8bit": "",
    "x-unknown": "",
    "unknown": "",
    "default": "",
    "default_charset": "",
    "x-user-defined": "",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-big5": "cp950",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-turkish": "mac_turkish",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-6-e": "iso8859-6",
}

#: Python codecs that are no character set of mail: escapes, and one whose decoder takes quadratic time.
_REFUSED = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem"})

_LABEL_NOISE = re.compile(r"[\s\"'<>;]+")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NEWLINES = re.compile(r"\r\n?")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_WORDS_SAMPLED = 500  # words that a guess looks at: enough for a verdict, cheap for a book


def clean(text: str) -> str:
    """The text without control characters and lone surrogates; line ends are ``\\n``."""
    if "\r" in text:
        text = _NEWLINES.sub("\n", text)
    if text.isprintable():
        return text
    return _UNWANTED.sub(lambda found: "\ufffd" if found[0] >= "\ud800" else "", text)


def decode(data: bytes, charset: str = "") -> str:
    """The text in ``data``. A missing, unknown or wrong ``charset`` is replaced by a guess; never raises.

    Bytes that mean nothing in the charset at last become U+FFFD.
    """
    if data.isascii() and not _is_stateful(charset):
        return clean(data.decode("ascii"))
    codec = _codec(charset)
    if not codec:
        return clean(_guess(data))
    try:
        return clean(data.decode(codec))
    except UnicodeError:
        pass
    # The label is wrong, or single bytes are broken. Text that holds any intact UTF-8 beside them is UTF-8.
    repaired = data.decode("utf-8", "replace")
    if any(letter > "\x7f" and letter != "\ufffd" for letter in repaired):
        return clean(repaired)
    return clean(_guess(data) if codec == "utf-8" else data.decode(codec, "replace"))


def _is_stateful(charset: str) -> bool:
    """Whether ASCII bytes may mean something else in ``charset`` (RFC 1468, RFC 2152, UTF-16)."""
    label = charset.lower()
    return "2022" in label or "utf-7" in label or "utf-16" in label or "utf-32" in label or "hz" in label


def _codec(charset: str) -> str:
    """The Python codec for a charset label as mail writes it; empty when the label says nothing."""
    label = _LABEL_NOISE.sub("", charset).lower()
    if not label or len(label) > 40 or not label.isascii():
        return ""
    if label in _SUPERSETS:
        return _SUPERSETS[label]
    for spelling in (label, label.replace("windows", "windows-").replace("--", "-"), label.removeprefix("x-")):
        try:
            found = codecs.lookup(spelling)
        except (LookupError, ValueError):
            continue
        return "" if found.name in _REFUSED or not _makes_text(found.name) else _SUPERSETS.get(found.name, found.name)
    return ""


def _makes_text(codec: str) -> bool:
    """Whether a codec is for text: Python has others (base64, zip), and tells them apart only when they are used."""
    try:
        b"a".decode(codec)
    except LookupError:
        return False
    except UnicodeError:
        return True
    return True


def _guess(data: bytes) -> str:
    """Text in no declared charset: UTF-8 if it fits, else Latin or Cyrillic by the shape of its words.

    In a Latin word the letters beyond ASCII stand among ASCII ones; a Cyrillic word has none of these. Windows-1254 is
    taken for every Latin text: it differs from Windows-1252 in six letters, which are Turkish and Azerbaijani in the
    one set and Icelandic in the other.
    """
    try:
        return data.decode("utf-8")
    except UnicodeError:
        pass
    latin = cyrillic = lower_1251 = lower_koi8 = 0
    for found in islice(_WORD.finditer(data), _WORDS_SAMPLED):
        word = found[0]
        if _ASCII_LETTER.search(word):
            latin += 1
            continue
        cyrillic += 1
        # At most the first letter of a word is in upper case, so the rest tells the two Cyrillic sets apart.
        lower_1251 += sum(byte >= 0xE0 for byte in word[1:])
        lower_koi8 += sum(0xC0 <= byte < 0xE0 for byte in word[1:])
    if latin >= cyrillic:
        return data.decode("cp1254", "replace")
    return data.decode("cp1251" if lower_1251 >= lower_koi8 else "koi8-r", "replace")
