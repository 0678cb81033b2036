"""The cursor of a folder on disk: survives a round trip, and what is not ours is lost, never guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.cursor import Cursor, Phase, decode
from syncagent.errors import CursorLost
from syncagent.model import Span

moments = st.none() | st.datetimes(timezones=st.just(UTC))
cursors = st.builds(
    Cursor,
    stamp=st.text(),
    base=st.text(),
    digest=st.text(),
    window=st.text(),
    watch=st.booleans(),
    first=st.booleans(),
    phase=st.sampled_from(Phase),
    at=st.integers(0),
    after=st.text(),
    again=st.none() | st.builds(Span, moments, moments),
)


@given(cursors)
def test_a_cursor_survives_its_spelling(cursor: Cursor) -> None:
    assert decode(cursor.encode()) == cursor


def test_nothing_is_the_beginning() -> None:
    assert decode("") == Cursor()


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "null",
        "[]",
        "7",
        "{}",
        '{"v":2}',
        '{"v":1,"unknown":1}',
        '{"v":1,"at":"3"}',
        '{"v":1,"at":true}',
        '{"v":1,"watch":1}',
        '{"v":1,"phase":"dream"}',
        '{"v":1,"again":["yesterday",null]}',
        '{"v":1,"again":[null]}',
        '{"v":1,"again":7}',
    ],
)
def test_what_is_not_ours_is_lost(text: str) -> None:
    with pytest.raises(CursorLost) as lost:
        decode(text)
    assert lost.value.cure


def test_a_cursor_at_rest_is_short() -> None:
    now = datetime(2026, 10, 27, tzinfo=UTC)
    assert Cursor(stamp="1.2", digest="d").encode() == '{"v":1,"stamp":"1.2","digest":"d"}'
    assert Cursor(again=Span(since=now)).encode() == '{"v":1,"again":["2026-10-27T00:00:00+00:00",null]}'
