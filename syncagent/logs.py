"""Answers for the log: one line a record, with an action, and with nothing in it that belongs to a person.

Touches the root logger and stderr. Every record passes ``redacted`` on its way out, whoever wrote it; product code says
what it does with ``extra={"action": "sync.page"}`` and adds further scalars there.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

from syncagent.errors import SyncAgentError

#: The loggers of our own code; libraries are heard from WARNING on, for their debug lines quote what they transport.
OURS = ("syncagent", "connectors")

ADDRESS, SECRET = "[address]", "[secret]"

# Exceptions whose messages speak of code and not of data.
_ABOUT_CODE = (AttributeError, ImportError, MemoryError, NameError, NotImplementedError, RecursionError, TypeError)

_SECRET_NAMES = (
    r"pass(?:word|wd|phrase)|(?<![a-z])pass|pwd|secret|client_secret|(?:access_|refresh_|id_|sync_)?token|api_?key|authorization"
    r"|cookie|assertion|credential|device_code|user_code"
)
_VALUE = r"\"[^\"]*\"|'[^']*'|[^\s,;&})\]]+"
_WORD = r"\s<>\"'(),;:\[\]"  # what ends an address

# Each pattern is bound to the start of a word or to a fixed length, so that long nonsense costs no more than others.
_REDACTIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    # The part before the last @ of a URL may hold a password, and a password may hold anything.
    (re.compile(r"\b([a-z][a-z0-9+.\-]{0,30}://)[^\s\"'<>]*@", re.I), rf"\1{SECRET}@"),
    (re.compile(r"\b(bearer|xoauth2)\s+[\w.~+/=\-]{6,}", re.I), rf"\1 {SECRET}"),
    (re.compile(r"\b(basic|negotiate|ntlm)\s+(?=[a-z]*[\d=+/])[\w.~+/=\-]{6,}", re.I), rf"\1 {SECRET}"),
    (
        re.compile(rf"({_SECRET_NAMES})(['\"]?\s*[:=]\s*)(?!bearer|basic|\[secret\])({_VALUE})", re.I),
        rf"\1\2{SECRET}",
    ),
    (re.compile(r"\b((?:set-)?cookie\s*:).*", re.I), rf"\1 {SECRET}"),
    (re.compile(r"([?&](?:code|state|key|sig)=)[^\s&]+", re.I), rf"\1{SECRET}"),
    (re.compile(r"\beyJ[\w\-]{8,}(?:\.[\w\-]*){0,4}"), SECRET),
    # Message-IDs, and addresses in brackets; then any other address, also in quotes or percent-encoded.
    (re.compile(r"<[^<>\s@]{1,500}@[^<>\s]*>"), f"<{ADDRESS}>"),
    (re.compile(r"\"[^\"\n]{1,64}\"@[\w.\-\[\]]+"), ADDRESS),
    (re.compile(rf"(?<![^{_WORD}])[^{_WORD}@]+@[^{_WORD}]+"), ADDRESS),
    (re.compile(rf"(?<![^{_WORD}/=&?])[^{_WORD}/=&?%]+%40[^{_WORD}/=&?]+", re.I), ADDRESS),
    # Long opaque words with letters and digits: tokens, keys, hashes.
    (re.compile(r"(?<![\w+=\-])(?=[A-Za-z_+=\-]*\d)(?=[\d_+=\-]*[A-Za-z])[\w+=\-]{40,}"), SECRET),
)
_LONGEST = 10_000  # characters of one message
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"action", "message", "asctime", "taskName"}


def redacted(text: str) -> str:
    """``text`` without e-mail addresses, Message-IDs, tokens and passwords; cut at 10,000 characters."""
    if len(text) > _LONGEST:
        # Whole words only: half an address would not be known for one.
        text = text[:_LONGEST].rpartition(" ")[0] + " …"
    for pattern, replacement in _REDACTIONS:
        text = pattern.sub(replacement, text)
    return text


def action(record: logging.LogRecord) -> str:
    """What the record is about: the action it was given, else the place in the code that it comes from."""
    given = getattr(record, "action", None)
    if isinstance(given, str) and given:
        return given
    place = f"{record.name}.{record.funcName or ''}".removeprefix("syncagent.")
    return place.replace(".<module>", "").strip(".")


def setup(*, json_lines: bool = False, level: int = logging.WARNING, stream: TextIO | None = None) -> None:
    """Sends all logging to ``stream`` (stderr): lines for people, or JSON Lines. ``level`` is that of our own code.

    Can be called again; the last call holds. Warnings of the ``warnings`` module go the same way.
    """
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if json_lines else HumanLines())
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(max(level, logging.WARNING))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)


class _Handler(logging.StreamHandler[TextIO]):
    """A stream handler whose own failures say nothing of the record: the standard one prints its arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        # When the stream itself is closed or broken, there is nowhere else to say so.
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"a log record of {record.name} could not be written\n")


class HumanLines(logging.Formatter):
    """``10:06:11 warning  sync.page: the page is read again (mailbox=leyla)``; tracebacks follow, indented."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        extras = ", ".join(f"{key}={value}" for key, value in _extras(record))
        line = f"{at:%H:%M:%S} {record.levelname.lower():<8} {action(record)}: {_message(record)}"
        if extras:
            line += f" ({extras})"
        error = _error(record)
        if error is not None:
            line += "".join(f"\n    {told}" for told in told_lines(error))
        return line


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, action, logger, message, the record's own fields, error and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "action": action(record),
            "logger": record.name,
            "message": _message(record),
        }
        line.update((key, value) for key, value in _extras(record) if key not in line)
        error = _error(record)
        if error is not None:
            line["error"] = type(error).__name__
            line["traceback"] = list(told_lines(error))
        return json.dumps(line, ensure_ascii=False)


def told_lines(error: BaseException) -> Iterator[str]:
    """Traceback and message of ``error`` and of what caused it, without data: only known messages are shown."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from told_lines(cause)
        yield "which led to:"
    for frame in traceback.extract_tb(error.__traceback__):
        yield redacted(f"{frame.filename}:{frame.lineno} in {frame.name}: {frame.line or ''}".rstrip(": "))
    yield told(error)
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from (f"  {line}" for line in told_lines(inner))


def told(error: BaseException) -> str:
    """An exception in one line. Of a kind that nobody vetted only the type is told: its message may quote a mail."""
    name = type(error).__name__
    match error:
        case SyncAgentError():
            said = " ".join(part for part in (error.message, f"[{error.detail}]" if error.detail else "") if part)
        case OSError() if error.strerror:
            said = f"[Errno {error.errno}] {error.strerror}"
        case _ if isinstance(error, _ABOUT_CODE):
            said = str(error)
        case _:
            said = f"message withheld ({len(str(error))} characters)"
    return _one_line(redacted(f"{name}: {said}"))


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _message(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except Exception:  # noqa: BLE001 - arguments that do not fit must not stop the work that is logged
        text = str(record.msg)
    return _one_line(redacted(text))


def _extras(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    """The fields that the caller added. Anything but a scalar is named by its type: it may carry a mail."""
    for key, value in vars(record).items():
        if key in _STANDARD:
            continue
        if value is None or isinstance(value, bool | int | float):
            yield key, value
        elif isinstance(value, str):
            yield key, _one_line(redacted(value))
        else:
            yield key, f"<{type(value).__name__}>"


def _one_line(text: str) -> str:
    """``text`` without control characters: a name from outside can neither forge a line nor steer a terminal."""
    return _CONTROL.sub(" ", text).strip()
