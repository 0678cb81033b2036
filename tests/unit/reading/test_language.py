"""The language of a text, by everyday words and letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.reading.content import language

TEXTS = [
    ("az", "Salam, sabah saat 10-da görüşə bilərik?"),
    ("az", "Müqaviləni hüquq şöbəsinə göndərdik, cavabı gözləyirik."),
    ("az", "Salam necesiz"),
    ("az", "Xahis edirem qiymet teklifini gonderin, cox sagolun"),
    ("az", "Hörmətlə, Rauf"),
    ("az", "Саламларла, сәнәдләри көндәрирәм"),
    ("tr", "Merhaba, toplantıyı yarına alabilir miyiz?"),
    ("tr", "Sözleşmenin son halini ekte gönderiyorum, iyi çalışmalar"),
    ("tr", "Lutfen fiyat teklifini tekrar gonderin, tesekkurler"),
    ("ru", "Добрый день! Договор во вложении."),
    ("ru", "Встретимся завтра в 10?"),
    ("en", "Could we move the meeting to Wednesday?"),
    ("en", "Thanks, I will send it to you."),
    ("en", "Dear Leyla, please find the contract attached. Rauf Əliyev"),
    ("az", "Salam Kim, müqaviləni əlavə edirəm. Best regards, Rauf Rahimov, Sales Manager"),
    ("", ""),
    ("", "10:00 +994 50 123 45 67"),
    ("", "Sehr geehrte Frau Müller, wir haben die Unterlagen erhalten und melden uns."),
    ("", "Bonjour, merci pour votre message, nous vous répondrons"),
    ("", "Rauf"),
]


@pytest.mark.parametrize(("code", "text"), TEXTS)
def test_language(code: str, text: str) -> None:
    assert language(text) == code


@given(st.text(max_size=300))
def test_any_text_has_one_of_our_languages_or_none(text: str) -> None:
    assert language(text) in {"az", "tr", "ru", "en", ""}
