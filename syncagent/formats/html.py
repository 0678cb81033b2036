"""Answers for HTML to plain text as a person would read it. Pure.

The parser is selectolax (lexbor). It has no limits of its own, so documents on which it would take hours or gigabytes
are told beforehand, from their tags, and only stripped of these.
"""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syncagent.formats.charsets import clean
from syncagent.formats.limits import HTML_CHARS, HTML_DEPTH, HTML_NODES, HTML_TAG_WORDS

_DROPPED = frozenset(
    {"script", "style", "head", "title", "meta", "noscript", "template", "svg", "object", "iframe", "select"}
)
#: Elements that begin and end a line of their own; a value of 2 leaves an empty line around them.
_BLOCKS = {
    **dict.fromkeys(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "table", "pre", "hr"), 2),
    **dict.fromkeys(("div", "li", "dt", "dd", "tr", "section", "article", "header", "footer", "address", "form"), 1),
    **dict.fromkeys(("center", "main", "nav", "aside", "figure", "figcaption", "fieldset", "body", "caption"), 1),
}
#: Elements that the parser repeats until they are closed (HTML standard 13.2.4.3).
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
_CELLS = frozenset({"td", "th"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
#: Marks that take no room: soft hyphens, joiners, and the filling of hidden preview lines.
_WEIGHTLESS = re.compile("[\u00ad\u034f\u200b-\u200d\u2060\ufeff]")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]{0,30})([^<>]*)")
#: Elements without content or whose end is implied by the next one: they do not nest into themselves.
_NO_NESTING = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
    | {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "body", "html", "head"}
)
_SPACE = re.compile(r"[ \t\n\r\f\v\u00a0]+")


class _Text:
    """Collects text; knows where a line, an empty line or a quotation begins."""

    def __init__(self) -> None:
        self.quote = 0
        self.pre = 0
        self._out: list[str] = []
        self._last_quote = 0  # of the line that was written last
        self._breaks = 0  # line ends that are due before the next word
        self._space = False
        self._tab = False
        self._held = False  # a bullet or cell has just begun: what opens now begins no new line

    def write(self, text: str) -> None:
        text = _WEIGHTLESS.sub("", text)
        if self.pre:
            for number, line in enumerate(text.split("\n")):
                self._breaks += number > 0
                if line:
                    self._emit(line)
            return
        words = _SPACE.sub(" ", text)
        self._space |= words.startswith(" ")
        core = words.strip(" ")
        if core:
            self._emit(core)
            self._space = words.endswith(" ")

    def open_block(self, line_ends: int) -> None:
        """At least this many line ends before what follows, unless it is the first thing of a cell or list item."""
        if not self._held:
            self._breaks = max(self._breaks, line_ends)

    def close_block(self, line_ends: int) -> None:
        self._held = False
        self._breaks = max(self._breaks, line_ends)

    def line_end(self) -> None:
        self._breaks += 1

    def bullet(self) -> None:
        self._emit("-")
        self._space = self._held = True

    def cell(self) -> None:
        """What follows is a cell; a tab parts it from what stands in the same line already."""
        self._tab = self._held = True

    def _emit(self, text: str) -> None:
        if not self._out or self._breaks:
            if self._out:
                # Never more than one empty line; between two quoted lines that one is quoted as well.
                between = ("> " * min(self.quote, self._last_quote)).rstrip()
                self._out.append(f"\n{between}\n" if self._breaks > 1 else "\n")
            self._out.append("> " * self.quote)
            self._last_quote = self.quote
        elif self._tab or self._space:
            self._out.append("\t" if self._tab else " ")
        self._out.append(text)
        self._breaks, self._space, self._tab, self._held = 0, False, False, False

    def result(self) -> str:
        return clean("".join(self._out))


def html_to_text(html: str) -> str:
    """The readable text: paragraphs apart, list items marked, cells of a row apart by tabs, quotations behind ``> ``.

    Scripts, styles, comments and what is hidden from the reader are left out; of a link its words are kept. Never
    raises. Reads at most ``limits.HTML_CHARS`` characters; what exceeds the other limits loses its structure.
    """
    html = html[:HTML_CHARS].replace("\x00", "")
    return _read(html) if _is_bearable(html) else _strip(html)


def _is_bearable(html: str) -> bool:
    """Whether the parser will be done with the document in reasonable time and memory."""
    depth = nodes = unclosed = 0
    formatting = dict.fromkeys(_FORMATTING, 0)
    for tag in _TAG.finditer(html):
        name, step = tag[2].lower(), -1 if tag[1] else 1
        if name in formatting:
            before = formatting[name]
            formatting[name] = max(0, before + step)
            unclosed += formatting[name] - before
        if name not in _NO_NESTING:
            depth = max(0, depth + step)
        nodes += 1 + unclosed
        if depth > HTML_DEPTH or nodes > HTML_NODES:
            return False
        if len(tag[3]) > HTML_TAG_WORDS and len(tag[3].split()) > HTML_TAG_WORDS:
            return False
    return True


def _strip(html: str) -> str:
    """The text between the tags, in lines where block elements part it."""
    out: list[str] = []
    at, skipped = 0, ""
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if not skipped:
            out.append(html[at : tag.start()])
            out.append("\n" if name in _BLOCKS or name == "br" else "")
            skipped = name if name in ("script", "style") and not tag[1] else ""
        elif name == skipped and tag[1]:
            skipped = ""
        at = min(tag.end() + 1, len(html))
    out.append("" if skipped else html[at:])
    lines = (_SPACE.sub(" ", line).strip() for line in unescape("".join(out)).split("\n"))
    return clean("\n".join(filter(None, lines)))


def _read(html: str) -> str:
    out = _Text()
    node = LexborHTMLParser(html).root
    while node is not None:
        entered = _open(node, out)
        if entered and node.child is not None:
            node = node.child
            continue
        if entered:
            _close(node, out)
        node = _following(node, out)
    return out.result()


def _following(node: LexborNode, out: _Text) -> LexborNode | None:
    """The next node in reading order outside ``node``; a loop, because nesting may be deep."""
    while node.next is None:
        if node.parent is None:
            return None
        node = node.parent
        _close(node, out)
    return node.next


def _open(node: LexborNode, out: _Text) -> bool:
    """Writes what stands before the content of a node; False when its content is not read."""
    tag = node.tag or ""
    if tag == "-text":
        out.write(node.text_content or "")
        return False
    if tag in _DROPPED or tag.startswith("-") or _is_hidden(node):
        return False
    if tag == "br":
        out.line_end()
    elif tag in _CELLS:
        out.cell()
    elif tag in _BLOCKS:
        out.open_block(_BLOCKS[tag])
        out.quote += tag == "blockquote"
        out.pre += tag == "pre"
        if tag == "li":
            out.bullet()
    return True


def _close(node: LexborNode, out: _Text) -> None:
    tag = node.tag or ""
    if tag in _BLOCKS:
        out.close_block(_BLOCKS[tag])
        out.quote -= tag == "blockquote"
        out.pre -= tag == "pre"


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    return "hidden" in attributes or bool(_HIDING.search(attributes.get("style") or ""))
