"""Answers for HTML that mail programs show, Outlook's Word engine too: tables, attributes and inline styles; pure.

Word knows padding, width and border on table cells only, does not hand fonts down from a table to its cells and ignores
``max-width``; Gmail drops ``<style>``. So every cell says everything itself. Nothing is loaded from outside.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

INK, GREY, RED = "#1f2933", "#5f6b7a", "#b3001b"
PAPER, DESK, BAND, SHADE, LINE = "#ffffff", "#eef1f4", "#12455c", "#eaf1f5", "#d5dce3"

#: The width of the whole in a wide window, and what is left of it inside the margins.
PAGE_WIDTH = 640
CONTENT_WIDTH = 592

_FONT = "Arial,sans-serif"


def escaped(text: str) -> str:
    """``text`` as content or attribute value."""
    return html.escape(text, quote=True)


def strong(text: str, *, color: str = "") -> str:
    """Escaped text in bold, in a colour of its own if one is given."""
    style = f' style="color:{color}"' if color else ""
    return f"<b{style}>{escaped(text)}</b>"


def small(text: str) -> str:
    """Escaped text of less weight."""
    return f'<span style="font-size:12px;color:{GREY}">{escaped(text)}</span>'


def cell(
    content: str,
    *,
    tag: str = "td",
    align: str = "left",
    size: int = 14,
    color: str = INK,
    background: str = "",
    padding: str = "6px 4px",
    edge: str = "",
    width: int | None = None,
    columns: int = 1,
) -> str:
    """A table cell around ready markup; ``edge`` is any further style, such as a border."""
    style = f"padding:{padding};font:{size}px/{size + 6}px {_FONT};color:{color};{edge}"
    attributes = ['valign="top"']
    if align != "left":
        attributes.append(f'align="{align}"')
    if background:
        attributes.append(f'bgcolor="{background}"')
    if width is not None:
        attributes.append(f'width="{width}"')
    if columns > 1:
        attributes.append(f'colspan="{columns}"')
    if tag == "th":
        attributes.append('scope="col"')
        style += "font-weight:normal;text-align:left;" if align == "left" else "font-weight:normal;"
    return f'<{tag} {" ".join(attributes)} style="{style}">{content}</{tag}>'


def row(*cells: str) -> str:
    return f"<tr>{''.join(cells)}</tr>\n"


def table(rows: Iterable[str], *, layout: bool = True, background: str = "", style: str = "") -> str:
    """A table as wide as its surroundings; ``layout`` says that it only arranges and is no table of data."""
    role = ' role="presentation"' if layout else ""
    color = f' bgcolor="{background}"' if background else ""
    more = f' style="{style}"' if style else ""
    return (
        f'<table{role} width="100%" cellpadding="0" cellspacing="0" border="0"{color}{more}>\n{"".join(rows)}</table>\n'
    )


def picture(source: str, *, alt: str) -> str:
    """A picture as wide as the content. Word takes the attribute, everybody else the style."""
    style = f"display:block;width:100%;max-width:{CONTENT_WIDTH}px;height:auto;border:0"
    return f'<img src="{escaped(source)}" width="{CONTENT_WIDTH}" alt="{escaped(alt)}" style="{style}">'


def page(rows: Iterable[str], *, title: str, language: str) -> str:
    """A whole document: one column of at most 640 pixels that shrinks to the window."""
    column = table(rows, background=PAPER, style=f"max-width:{PAGE_WIDTH}px;background-color:{PAPER};")
    # Word ignores max-width, so a table of fixed width, which nobody else sees, holds it together there.
    held = (
        f'<!--[if mso]><table role="presentation" width="{PAGE_WIDTH}" cellpadding="0" cellspacing="0" border="0">'
        f"<tr><td><![endif]-->\n{column}<!--[if mso]></td></tr></table><![endif]-->"
    )
    desk = table(
        [row(f'<td align="center" style="padding:12px 8px;">{held}</td>')],
        background=DESK,
        style=f"background-color:{DESK};",
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{escaped(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escaped(title)}</title>\n'
        f'</head>\n<body style="margin:0;padding:0;background-color:{DESK};">\n{desk}</body>\n</html>\n'
    )
