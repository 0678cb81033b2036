"""How things are shown: JSON Lines, plain tables in pipes, tables that fit on terminals; nothing steers one."""

from __future__ import annotations

import io
import json
import re
import sys
from datetime import UTC, date, datetime

import pytest

from syncagent.cli import output
from syncagent.cli.output import Column, clean, json_lines, moment, paragraph, table
from syncagent.vocabulary import InteractionKind

ROWS = [
    ("1", "Xəzər Enerji", "Təklif: Gəncə filialı üçün nasos stansiyasının quraşdırılması və təlim"),
    ("12", "Бакинский порт", "Ответ"),
]
COLUMNS = [Column("Id", right=True), Column("Account", wide=True), Column("Subject", wide=True)]


class Terminal(io.StringIO):
    """A terminal of 40 columns that keeps what it was shown."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        """What stands on the screen."""
        return [line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", self.getvalue()).splitlines()]


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Called by the test itself: between set-up and test, pytest puts its own stdout in place."""
    made = Terminal()
    monkeypatch.setattr(sys, "stdout", made)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return made


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2026, 11, 20, 7, tzinfo=UTC)
    json_lines(
        [{"at": at, "day": date(2026, 11, 20), "kind": InteractionKind.MAIL_IN, "name": "Əliyeva\n"}, {"b": None}]
    )
    first, second = capsys.readouterr().out.splitlines()
    assert first == '{"at": "2026-11-20T07:00:00+00:00", "day": "2026-11-20", "kind": "mail_in", "name": "Əliyeva\\n"}'
    assert json.loads(second) == {"b": None}


def test_what_has_no_place_in_json_is_a_bug_and_not_a_guess() -> None:
    with pytest.raises(TypeError, match="bytes"):
        json_lines([{"raw": b"x"}])


def test_a_pipe_gets_aligned_text_with_nothing_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    table(COLUMNS, ROWS)
    assert capsys.readouterr().out.splitlines() == [
        "Id  Account         Subject",
        " 1  Xəzər Enerji    Təklif: Gəncə filialı üçün nasos stansiyasının quraşdırılması və təlim",
        "12  Бакинский порт  Ответ",
    ]


def test_a_terminal_gets_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    table(COLUMNS, ROWS)
    lines = terminal.lines()
    assert all(len(line) <= 40 for line in lines)
    assert lines[0].split() == ["Id", "Account", "Subject"]
    assert lines[2].startswith(" 1  Xəzər Enerji")
    assert lines[2].endswith("…")
    assert lines[3] == "12  Бакинский порт  Ответ"


def test_a_terminal_can_get_everything_in_several_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    table(COLUMNS, ROWS, wrap=True)
    lines = terminal.lines()
    assert all(len(line) <= 40 for line in lines)
    words = " ".join(lines).split()
    assert "quraşdırılmas" in "".join(words)
    assert not any("…" in word for word in words)


def test_columns_of_fixed_width_never_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    table([Column("When"), Column("Subject", wide=True)], [("2026-11-20 11:00", "x" * 100)])
    assert "2026-11-20 11:00" in terminal.getvalue()


def test_no_color_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    table(COLUMNS, ROWS)
    assert "Account" in terminal.getvalue()
    assert "\x1b[3" not in terminal.getvalue()


def test_an_empty_table_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    table(COLUMNS, [])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mred\x07", "a [31mred"),
        ("one\r\ntwo", "one two"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("\x9b2J", " 2J"),
        ("[bold]Ə[/bold]", "[bold]Ə[/bold]"),
    ],
)
def test_a_subject_cannot_steer_a_terminal(text: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert clean(text) == shown
    table([Column("Subject")], [(text,)])
    paragraph(text)
    assert capsys.readouterr().out.splitlines() == ["Subject", shown, shown]


def test_markup_in_a_subject_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    table([Column("Subject")], [("[bold red]x[/] :smile:",)])
    assert "[bold red]x[/] :smile:" in terminal.getvalue()


def test_a_paragraph_is_broken_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    paragraph("word " * 20, indent=2, hanging=4)
    first, *rest = terminal.getvalue().splitlines()
    assert first.startswith("  word")
    assert all(line.startswith("    word") and len(line) <= 40 for line in rest)


def test_moments_are_shown_in_the_zone() -> None:
    assert moment(datetime(2026, 11, 20, 21, 30, tzinfo=UTC), "Asia/Baku") == "2026-11-21 01:30"
    assert moment(None, "Asia/Baku", empty="never") == "never"


def test_the_width_is_that_on_screen() -> None:
    assert output._width("日本") == 4
    assert output._width("Əliyeva") == 7
