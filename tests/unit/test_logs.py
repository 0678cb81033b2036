"""The log: one line a record, an action in each, and nothing that belongs to a person."""

from __future__ import annotations

import io
import json
import logging
import re
import time
import warnings
from collections.abc import Iterator

import pytest

from syncagent import logs
from syncagent.errors import BadItem
from syncagent.logs import redacted


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, levels = list(root.handlers), {name: logging.getLogger(name).level for name in ("", *logs.OURS)}
    yield io.StringIO()
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def json_lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


SECRETS = [
    "leyla@bizim.az",
    "Leyla.Aliyeva+crm@mail.bizim.az",
    "müəllim@şirkət.az",
    '"john doe"@bizim.az',
    "<CAF+abc/def=xx$1@mail.gmail.com>",
    "users/leyla%40bizim.az/messages",
    "Authorization: Bearer abc.def-ghi",
    "Authorization: Basic bGV5bGE6aHVudGVyMg==",
    "AUTHENTICATE XOAUTH2 dXNlcj1sZXlsYUBiaXppbS5heg==",
    "password=hunter2",
    "PASSWORD: 'hunter 2'",
    '{"client_secret": "hunter2", "expires": 3600}',
    "access_token=abc123&expires=3600",
    "Set-Cookie: session=hunter2; path=/",
    "https://login.example/cb?code=hunter2&state=hunter3",
    "postgresql://crm:hun/ter@2@db:5432/crm",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
    "0123456789abcdef0123456789abcdef0123456789abcdef",
]
WORDS_OF_SECRETS = re.compile(
    "leyla|aliyeva|bizim|müəllim|john|gmail|CAF|def-ghi|bGV5bGE|dXNlcj|hunter|ter@2|abc123|eyJ|0123456789abcdef", re.I
)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("frame", ["{}", "the server said: {} and closed", "a {}, b", "({})"])
def test_secrets_and_addresses_are_masked(secret: str, frame: str) -> None:
    seen = redacted(frame.format(secret))
    assert not WORDS_OF_SECRETS.search(seen)
    assert redacted(seen) == seen


@pytest.mark.parametrize(
    "text",
    [
        "page 3 of INBOX read in 0.4 s, 200 seen",
        "basic authentication failed",
        "3 tokens left, the token expired",
        "connectors/files/maildir.py:30 in read: return self.folder / name",
        "mailbox=leyla, stream=.Sent/cur",
        "postgresql://db:5432/crm",
        "2026-11-20T06:00:00+00:00",
    ],
)
def test_what_an_administrator_needs_stays(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize("text", ["a" * 10**6, "a." * 10**5, "<a" * 10**5, "a@" * 10**5, "eyJ" * 10**5, '"' * 10**5])
def test_long_nonsense_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    assert len(redacted(text)) <= 10_002
    assert time.perf_counter() - started < 1


def test_a_long_text_is_not_cut_in_the_middle_of_an_address() -> None:
    text = "x " * 4_995 + "leyla.aliyeva@bizim.az"
    assert "leyla" not in redacted(text)


def test_every_record_has_an_action(out: io.StringIO) -> None:
    logs.setup(json_lines=True, level=logging.INFO, stream=out)
    log = logging.getLogger("syncagent.sync.round")
    log.info("read", extra={"action": "sync.page", "mailbox": "leyla", "seen": 20, "late": False})
    log.warning("no action given")
    first, second = json_lines(out)
    assert first["action"] == "sync.page"
    assert (first["mailbox"], first["seen"], first["late"]) == ("leyla", 20, False)
    assert (first["level"], first["logger"], first["message"]) == ("info", "syncagent.sync.round", "read")
    assert str(first["at"]).endswith("+00:00")
    assert second["action"] == "sync.round.test_every_record_has_an_action"


def test_lines_for_people(out: io.StringIO) -> None:
    logs.setup(stream=out)
    logging.getLogger("connectors.files").info("not shown")
    logging.getLogger("connectors.files").warning(
        "late by %d s", 70, extra={"action": "files.pull", "mailbox": "leyla"}
    )
    assert out.getvalue()[9:] == "warning  files.pull: late by 70 s (mailbox=leyla)\n"


def test_arguments_and_fields_are_redacted_and_objects_are_only_named(out: io.StringIO) -> None:
    logs.setup(json_lines=True, stream=out)
    fields = {"sender": "nigar@xezer.example", "mail": b"Salam", "people": ["Nigar"]}
    logging.getLogger("syncagent").error("from %s: %r", "nigar@xezer.example", "password=hunter2", extra=fields)
    assert "nigar" not in out.getvalue()
    assert "hunter2" not in out.getvalue()
    (line,) = json_lines(out)
    assert (line["mail"], line["people"]) == ("<bytes>", "<list>")


def test_a_field_cannot_replace_what_the_log_itself_says(out: io.StringIO) -> None:
    logs.setup(json_lines=True, stream=out)
    logging.getLogger("syncagent").error("x", extra={"level": "info", "at": "never"})
    (line,) = json_lines(out)
    assert line["level"] == "error"
    assert line["at"] != "never"


def test_an_unknown_exception_is_logged_with_its_traceback_and_without_its_message(out: io.StringIO) -> None:
    logs.setup(json_lines=True, stream=out)
    letter = " ".join(["Salam,", "Nigar", "xanım"])
    try:
        try:
            raise KeyError(letter)
        except KeyError as error:
            raise ValueError(f"cannot parse {letter}") from error
    except ValueError:
        logging.getLogger("syncagent.sync").exception("the mailbox is paused")
    assert letter not in out.getvalue()
    (line,) = json_lines(out)
    assert line["error"] == "ValueError"
    told = line["traceback"]
    assert isinstance(told, list)
    assert [entry for entry in told if "test_logs.py" not in entry] == [
        "KeyError: message withheld (20 characters)",
        "which led to:",
        "ValueError: message withheld (31 characters)",
    ]
    assert told[0].endswith(
        "in test_an_unknown_exception_is_logged_with_its_traceback_and_without_its_message: raise KeyError(letter)"
    )


def test_what_is_told_of_an_exception() -> None:
    assert (
        logs.told(OSError(28, "No space left on device", "leyla@bizim.az"))
        == "OSError: [Errno 28] No space left on device"
    )
    assert logs.told(AttributeError("'NoneType' has no attribute 'x'")).endswith("has no attribute 'x'")
    assert logs.told(BadItem("No date.", detail="uid <a@b>")) == "BadItem: No date. [uid <[address]>]"
    assert logs.told(RuntimeError("Salam")) == "RuntimeError: message withheld (5 characters)"
    assert logs.told(TypeError("bad\n\x1b[31mpassword=hunter2")) == "TypeError: bad [31mpassword=[secret]"


def test_exceptions_in_a_group_are_told_one_by_one() -> None:
    group = ExceptionGroup("Salam", [ValueError("Salam"), OSError(5, "Input/output error")])
    assert list(logs.told_lines(group)) == [
        "ExceptionGroup: message withheld (24 characters)",
        "  ValueError: message withheld (5 characters)",
        "  OSError: [Errno 5] Input/output error",
    ]


def test_a_name_from_outside_cannot_forge_a_line(out: io.StringIO) -> None:
    logs.setup(stream=out)
    logging.getLogger("syncagent").warning("folder %s", "x\n10:00:00 info \x1b[2J", extra={"folder": "a\r\nb"})
    assert len(out.getvalue().splitlines()) == 1
    assert "\x1b" not in out.getvalue()


def test_arguments_that_do_not_fit_are_not_printed(out: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup(stream=out)
    logging.getLogger().handlers[:-1] = []  # pytest's own handler insists on arguments that fit
    logging.getLogger("syncagent").warning("%d pages", "nigar@xezer.example")
    assert out.getvalue().endswith("%d pages\n")
    out.close()
    logging.getLogger("syncagent").warning("to nigar@xezer.example")
    assert "nigar" not in "".join(capsys.readouterr())


def test_libraries_are_heard_from_warning_on(out: io.StringIO) -> None:
    logs.setup(level=logging.DEBUG, stream=out)
    logging.getLogger("imapclient").debug("Salam")
    logging.getLogger("syncagent.sync").debug("page")
    logging.getLogger("imapclient").warning("slow")
    assert [line.split(": ")[1] for line in out.getvalue().splitlines()] == ["page", "slow"]


def test_setup_again_replaces_and_warnings_go_to_the_log(out: io.StringIO) -> None:
    logs.setup(stream=io.StringIO())
    logs.setup(stream=out)
    logging.getLogger("syncagent").error("once")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("looks like leyla@bizim.az", stacklevel=1)
    logging.captureWarnings(False)
    lines = out.getvalue().splitlines()
    assert len(lines) == 2
    assert "[address]" in lines[1]
