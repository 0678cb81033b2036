"""Answers for names of folders on disk: how they are spelled, what a person calls them, which role they have. Pure."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from syncagent.vocabulary import Role

_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


def fold(name: str) -> str:
    """A name as it is compared: composed (macOS stores é as e and an accent), lower case, ё as е, no stray blanks."""
    # İ.lower() is i with a combining dot, which is the same letter to everybody who types it.
    lowered = unicodedata.normalize("NFC", name).lower().replace("i\u0307", "i")
    return " ".join(lowered.replace("ё", "е").split())


#: Names that mail programs give to special folders, folded: English (RFC 6154 and Outlook), Azerbaijani, Russian,
#: Turkish, German. Kept to names that hold nothing else, so that no ordinary folder is taken for one.
_NAMES: Mapping[Role, tuple[str, ...]] = MappingProxyType(
    {
        Role.INBOX: ("inbox", "gələnlər", "gələn qutusu", "gələn məktublar", "входящие", "gelen kutusu", "posteingang"),
        Role.SENT: (
            *("sent", "sent items", "sent mail", "sent messages", "sent-mail"),
            *("göndərilənlər", "göndərilmiş", "göndərilmişlər", "göndərilmiş məktublar"),
            *("отправленные", "отправленное"),
            *("gönderilmiş öğeler", "gönderilenler", "gönderilmiş postalar", "gönderilmiş"),
            *("gesendet", "gesendete elemente", "gesendete objekte"),
        ),
        Role.DRAFTS: ("drafts", "draft", "qaralamalar", "черновики", "taslaklar", "entwürfe"),
        Role.TRASH: (
            *("trash", "deleted", "deleted items", "deleted messages", "bin"),
            *("zibil qutusu", "zibil", "səbət", "silinmiş", "silinmişlər"),
            *("корзина", "удаленные", "удаленное"),
            *("çöp", "çöp kutusu", "silinmiş öğeler", "silinmiş postalar"),
            *("papierkorb", "gelöschte elemente", "gelöschte objekte"),
        ),
        Role.JUNK: (
            *("junk", "junk e-mail", "junk email", "junk mail", "spam", "bulk mail"),
            *("lazımsız", "lazımsız məktublar"),
            *("спам", "нежелательная почта"),
            *("önemsiz", "önemsiz e-posta", "gereksiz", "istenmeyen"),
            *("junk-e-mail", "werbung", "spamverdacht"),
        ),
        Role.ARCHIVE: ("archive", "archives", "all mail", "arxiv", "архив", "arşiv", "archiv"),
    }
)
_ROLES: Mapping[str, Role] = MappingProxyType({fold(name): role for role, names in _NAMES.items() for name in names})

#: Where mail waits to be sent; a draft of ours is looked for there too. Its role is OTHER for want of a better one.
_OUTBOX = frozenset({"outbox", "göndəriləcəklər", "исходящие", "giden kutusu", "postausgang"})

#: Folders that only hold others: special folders often lie one level below them.
_UMBRELLAS = frozenset({"inbox", "[gmail]", "[google mail]"})

#: Where our drafts go when a file that is no folder already has the name Drafts (an mbox); see ``drafts``.
OWN_DRAFTS = "Drafts of syncagent"


def readable(name: str) -> str:
    """A file name as text that every database and JSON takes; bytes that are no UTF-8 appear as ``\\xff``."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return name


def decode_folder(name: str) -> str:
    """The name of an IMAP folder as a person reads it.

    Servers write Maildir++ folders in modified UTF-7 (RFC 3501 5.1.3) or, newer ones, in UTF-8. What is no valid
    modified UTF-7 is taken as it stands, so that a folder called R&D keeps its name.
    """
    plain = unicodedata.normalize("NFC", readable(name))
    if "&" not in plain or not plain.isascii():
        return plain
    pieces: list[str] = []
    end = 0
    for match in _SHIFTED.finditer(plain):
        text = _shifted_text(match[1])
        if text is None or "&" in plain[end : match.start()]:
            return plain
        pieces += [plain[end : match.start()], text]
        end = match.end()
    if "&" in plain[end:]:
        return plain
    return unicodedata.normalize("NFC", "".join([*pieces, plain[end:]]))


def _shifted_text(code: str) -> str | None:
    """What stands between ``&`` and ``-``: base64 of UTF-16BE with a comma for the slash; nothing means ``&``."""
    if not code:
        return "&"
    padded = code.replace(",", "/") + "=" * (-len(code) % 4)
    try:
        return base64.b64decode(padded, validate=True).decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        return None


def role_of(parts: Sequence[str]) -> Role:
    """The role of the folder with this path of display names.

    Only a folder at the top, or just below INBOX or [Gmail], has a role of its own: ``Projects/Drafts`` is a project.
    What lies below a special folder shares its role; INBOX alone does not pass its role on.
    """
    folded = [fold(part) for part in parts]
    if len(folded) > 1 and folded[0] in _UMBRELLAS:
        folded = folded[1:]
    if not folded:
        return Role.OTHER
    if folded[0] == fold(OWN_DRAFTS):
        return Role.DRAFTS
    role = _ROLES.get(folded[0], Role.OTHER)
    return Role.OTHER if role is Role.INBOX and len(folded) > 1 else role


def is_outbox(name: str) -> bool:
    """Whether mail that is about to be sent waits in the folder of this display name."""
    return fold(name.rpartition("/")[2]) in _OUTBOX


def is_excluded(name: str, exclude: frozenset[str]) -> bool:
    """Whether the user wants the folder of this display name, or one that it lies in, left alone."""
    if not exclude:
        return False
    unwanted = {fold(one) for one in exclude}
    parts = name.split("/")
    paths = {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}
    return any(fold(one) in unwanted for one in (*parts, *paths))
