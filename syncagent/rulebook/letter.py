"""Answers for turning what a template wrote into a letter: blocks of text, once as plain text and once as HTML.

A template writes plain text: a line ``Subject: …``, then paragraphs between blank lines, and lines that begin with
``- `` for a list. Both parts of the mail are made from the same blocks. What stands in the letter as a fact is data and
never structure: each value begins with ``MARK``, a control character that no cleaned value contains, so that a subject
such as ``- 20 %`` opens no list; and in HTML every character of it is escaped.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import css_inline

#: Stands before each value that is put into a template.
MARK = "\x02"

_SUBJECT = "Subject:"
_ITEM = "- "


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. ``lead`` says that a list follows at once, as in "Next steps:"."""

    lines: tuple[str, ...]
    is_list: bool
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Composition:
    """A subject and the blocks of a letter; the subject is empty when the template has none."""

    subject: str
    blocks: tuple[Block, ...]


def compose(written: str) -> Composition:
    """Reads the output of a template. Never fails: what is no subject and no list is a paragraph."""
    lines = [line.strip() for line in written.strip().split("\n")]
    subject = ""
    if lines and lines[0].startswith(_SUBJECT):
        subject = _bare(lines.pop(0).removeprefix(_SUBJECT)).strip()
    blocks: list[Block] = []
    for stretch in _stretches(lines):
        blocks.extend(_blocks(stretch))
    return Composition(subject, tuple(blocks))


def as_text(blocks: Iterable[Block]) -> str:
    """The plain-text part: one line a paragraph line, a blank line between blocks, none between a lead and its list."""
    parts: list[str] = []
    for block in blocks:
        mark = _ITEM if block.is_list else ""
        parts.extend(f"{mark}{line}\n" for line in block.lines)
        parts.append("" if block.lead else "\n")
    return "".join(parts).rstrip("\n") + "\n"


def as_html(blocks: Iterable[Block], *, language: str, style: str) -> str:
    """The HTML part as a fragment with inline styles: ``div``, ``p``, ``br``, ``ul``, ``li`` and nothing else.

    Mail programs drop style sheets, and Outlook for Windows renders with Word, hence the few elements (protocols: HTML
    that survives). Raises ``css_inline.InlineError`` for a style that is no CSS; nothing is loaded from anywhere.
    """
    body = "".join(_element(block) for block in blocks)
    fragment = f'<div lang="{html.escape(language)}">{body}</div>'
    return css_inline.inline_fragment(fragment, style, load_remote_stylesheets=False)


def _stretches(lines: Sequence[str]) -> Iterable[list[str]]:
    stretch: list[str] = []
    for line in [*lines, ""]:
        if _bare(line):
            stretch.append(line)
        elif stretch:
            yield stretch
            stretch = []


def _blocks(stretch: Sequence[str]) -> list[Block]:
    runs: list[tuple[bool, list[str]]] = []
    for line in stretch:
        is_list = line.startswith(_ITEM)
        text = _bare(line.removeprefix(_ITEM) if is_list else line)
        if runs and runs[-1][0] is is_list:
            runs[-1][1].append(text)
        else:
            runs.append((is_list, [text]))
    following = [is_list for is_list, _ in runs[1:]] + [False]
    return [
        Block(tuple(lines), is_list, lead=then_list and not is_list)
        for (is_list, lines), then_list in zip(runs, following, strict=True)
    ]


def _bare(line: str) -> str:
    return line.replace(MARK, "")


def _element(block: Block) -> str:
    lines = [html.escape(line, quote=False) for line in block.lines]
    if block.is_list:
        return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
    kind = ' class="lead"' if block.lead else ""
    return f"<p{kind}>{'<br>'.join(lines)}</p>"
