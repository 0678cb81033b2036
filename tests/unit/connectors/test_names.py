"""Names of folders: their spelling on disk, their roles, and those that the user keeps out."""

from __future__ import annotations

import base64
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.names import decode_folder, fold, is_excluded, is_outbox, readable, role_of
from syncagent.vocabulary import Role


def encode_folder(name: str) -> str:
    """Modified UTF-7 (RFC 3501 5.1.3), the other way round."""
    pieces: list[str] = []
    pending = ""
    for letter in [*name, ""]:
        if letter and not 0x20 <= ord(letter) <= 0x7E:
            pending += letter
            continue
        if pending:
            code = base64.b64encode(pending.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            pieces.append(f"&{code}-")
            pending = ""
        pieces.append("&-" if letter == "&" else letter)
    return "".join(pieces)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1))
def test_modified_utf_7_is_read_as_it_was_meant(name: str) -> None:
    assert decode_folder(encode_folder(name)) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ("&U,BTFw-", "台北"),  # the example of RFC 3501
        ("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"),
        ("&AZk-&-&AZk-", "ƙ&ƙ"),
        ("R&D", "R&D"),
        ("A & B", "A & B"),
        ("&Jjo!", "&Jjo!"),
        ("&*-", "&*-"),
        ("Sosial şəbəkə & media", "Sosial şəbəkə & media"),
    ],
)
def test_what_is_no_modified_utf_7_stands_as_it_is(spelled: str, name: str) -> None:
    assert decode_folder(spelled) == name


@given(st.binary())
def test_every_name_becomes_text(raw: bytes) -> None:
    readable(raw.decode("utf-8", "surrogateescape")).encode()


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("Sent", Role.SENT),
        ("SENT ITEMS", Role.SENT),
        ("GÖNDƏRİLƏNLƏR", Role.SENT),
        ("Отправленные", Role.SENT),
        ("Gönderilmiş Öğeler", Role.SENT),
        ("Gesendete Elemente", Role.SENT),
        ("Drafts", Role.DRAFTS),
        ("Qaralamalar", Role.DRAFTS),
        ("Черновики", Role.DRAFTS),
        ("Taslaklar", Role.DRAFTS),
        ("Entwu\u0308rfe", Role.DRAFTS),
        ("Trash", Role.TRASH),
        ("Удалённые", Role.TRASH),
        ("Zibil qutusu", Role.TRASH),
        ("Junk  E-mail", Role.JUNK),
        ("Спам", Role.JUNK),
        ("Arxiv", Role.ARCHIVE),
        ("INBOX", Role.INBOX),
        ("INBOX/Sent", Role.SENT),
        ("[Gmail]/Sent Mail", Role.SENT),
        ("INBOX/Customers", Role.OTHER),
        ("Trash/Old", Role.TRASH),
        ("Archive/2024", Role.ARCHIVE),
        ("Projects/Drafts", Role.OTHER),
        ("Sentinel", Role.OTHER),
        ("Müştərilər", Role.OTHER),
    ],
)
def test_roles_are_known_by_name_and_place(path: str, role: Role) -> None:
    assert role_of(path.split("/")) is role


def test_dotted_and_dotless_i_meet() -> None:
    assert fold("GÖNDƏRİLƏNLƏR") == fold("göndərilənlər")


@pytest.mark.parametrize(
    ("name", "expected"), [("Outbox", True), ("INBOX/Outbox", True), ("Giden Kutusu", True), ("Inbox", False)]
)
def test_the_outbox_is_known_by_name(name: str, expected: bool) -> None:
    assert is_outbox(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Private", True), ("PRIVATE/Family", True), ("Work/Private", True), ("Work/Şəxsi/x", True), ("Privateer", False)],
)
def test_a_folder_is_kept_out_with_all_below_it(name: str, expected: bool) -> None:
    assert is_excluded(name, frozenset({"private", "work/şəxsi"})) is expected
    assert is_excluded(name, frozenset()) is False
