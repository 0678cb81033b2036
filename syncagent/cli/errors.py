"""Answers for what a person is told when something went wrong, and for the exit code; nobody else decides it."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import click

from syncagent.errors import ConfigProblems, ExitCode, Stopped, SyncAgentError
from syncagent.logs import redacted, told, told_lines

#: What a shell calls a program that Ctrl-C ended.
INTERRUPTED = 130

#: What the disk says when it takes no more.
_FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS") if hasattr(errno, name))


def explain(error: BaseException, *, verbose: bool) -> int:
    """Says on stderr what happened and what to do about it; returns the exit code. No traceback unless ``verbose``."""
    match error:
        case click.UsageError():
            error.show()
            return ExitCode.USAGE
        case click.ClickException():
            _say(error.format_message())
            return ExitCode.USAGE
        case KeyboardInterrupt() | click.Abort():
            _say("Stopped.")
            return INTERRUPTED
        case SyncAgentError():
            for line in _sentences(error):
                _say(line)
            if verbose and error.detail:
                _say(f"({error.code}: {redacted(error.detail)})")
            return error.exit_code
        case OSError(errno=number) if number in _FULL:
            _say(f"Something could not be written: {error.strerror}.")
            _say("What to do: free some space, or check the disk, and try again.")
            return ExitCode.SURROUNDINGS
        case _:
            return _bug(error, verbose=verbose)


def _sentences(error: SyncAgentError) -> Iterator[str]:
    if isinstance(error, ConfigProblems):
        yield f"{error.source} cannot be used:"
        yield from (f"  - {problem}" for problem in error.problems)
    else:
        yield error.message
    if error.cure and not isinstance(error, Stopped):
        yield f"What to do: {error.cure}"


def _bug(error: BaseException, *, verbose: bool) -> int:
    _say(f"Something unexpected went wrong: {told(error)}")
    if verbose:
        for line in told_lines(error):
            _say(f"  {line}")
        _say("What to do: report this with the lines above; they hold no addresses and no mail.")
    else:
        _say("What to do: run it again with --verbose, and report what it shows; this is a fault of syncagent.")
    return ExitCode.ATTENTION


def _say(line: str) -> None:
    click.echo(line, err=True)
