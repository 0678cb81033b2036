"""Which conversation a mail belongs to."""

from __future__ import annotations

import pytest

from syncagent.model import Mail
from syncagent.reading.threads import thread_key


@pytest.mark.parametrize(
    ("mail", "key"),
    [
        (Mail(message_id="3@a", references=("1@a", "2@a"), in_reply_to=("2@a",)), "1@a"),
        (Mail(message_id="3@a", in_reply_to=("2@a",)), "2@a"),
        (Mail(message_id="3@a"), "3@a"),
        (Mail(message_id="3@a", references=("<1@a>",)), "1@a"),
        (Mail(message_id="3@a", references=("<1\n @a>",)), "1@a"),
        (Mail(message_id="3@a", references=("<>",), in_reply_to=(" ",)), "3@a"),
        (Mail(message_id="CAbC@Mail.Example"), "CAbC@Mail.Example"),  # letter case tells ids apart
        (Mail(), ""),
    ],
)
def test_thread_key(mail: Mail, key: str) -> None:
    assert thread_key(mail) == key


def test_a_whole_conversation_has_one_key() -> None:
    first = Mail(message_id="1@a")
    second = Mail(message_id="2@b", in_reply_to=("1@a",), references=("1@a",))
    third = Mail(message_id="3@a", in_reply_to=("2@b",), references=("1@a", "2@b"))
    assert {thread_key(mail) for mail in (first, second, third)} == {"1@a"}
