"""HTML to text: what a reader sees, in lines that later steps can tell apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.formats.html import html_to_text
from syncagent.formats.limits import HTML_CHARS

PAGES = [
    # name, HTML, text
    ("nothing", "", ""),
    ("no markup", "Salam, necəsən?", "Salam, necəsən?"),
    ("paragraphs", "<p>Salam,</p><p>Görüş sabahdır.</p>", "Salam,\n\nGörüş sabahdır."),
    ("line ends", "Salam,<br>görüş<br/>sabahdır", "Salam,\ngörüş\nsabahdır"),
    ("an empty line of breaks", "Salam<br><br><br>sabah", "Salam\n\nsabah"),
    ("lines of divisions", "<div>Salam</div><div>sabah</div>", "Salam\nsabah"),
    ("white space is one space", "  Salam \n\t <b> sabah </b>  ", "Salam sabah"),
    ("words inside a word", "Gö<b>rü</b>ş", "Görüş"),
    ("hard spaces", "Salam&nbsp;&nbsp;sabah", "Salam sabah"),
    ("marks without room", "Sa\u200blam&shy;\ufeff", "Salam"),
    ("entities", "5 &lt; 6 &amp; 7 &euro;", "5 < 6 & 7 €"),
    ("a link is its words", '<a href="https://firma.az/x?y=z">Təklif</a>ə baxın', "Təklifə baxın"),
    ("list", "<ul><li>bir</li><li>iki <b>üç</b></li></ul>dörd", "- bir\n- iki üç\n\ndörd"),
    ("list of paragraphs", "<ul><li><p>bir</p></li><li><p>iki</p></li></ul>", "- bir\n\n- iki"),
    ("list in a list", "<ul><li>bir<ul><li>iki</li></ul></li></ul>", "- bir\n\n- iki"),
    ("table", "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td"),
    ("cells with paragraphs", "<table><tr><td><p>a</p></td></tr><tr><td>b</td></tr></table>", "a\n\nb"),
    ("headings", "<h1>Gündəm</h1>mətn", "Gündəm\n\nmətn"),
    ("preformatted", "<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc"),
    # quotations survive, so that reading can cut them
    ("quotation", "yeni<blockquote>köhnə</blockquote>", "yeni\n\n> köhnə"),
    ("quoted paragraphs", "<blockquote><p>bir</p><p>iki</p></blockquote>üç", "> bir\n>\n> iki\n\nüç"),
    ("quotation in a quotation", "<blockquote>bir<blockquote>iki</blockquote></blockquote>", "> bir\n>\n> > iki"),
    ("quoted lines", "<blockquote>bir<br>iki</blockquote>", "> bir\n> iki"),
    # what nobody sees
    ("scripts and styles", "<script>a()</script><style>p{}</style><p>b</p><noscript>c</noscript>", "b"),
    ("head", "<html><head><title>a</title></head><body>b</body></html>", "b"),
    ("comments", "a<!-- b --><!--[if mso]>c<![endif]-->d", "ad"),
    ("display", '<div style="display: none">a</div>b', "b"),
    ("visibility", '<span style="color:red;visibility:hidden">a</span>b', "b"),
    ("outlook's own", '<span style="mso-hide:all">a</span>b', "b"),
    ("hidden attribute", "<p hidden>a</p>b", "b"),
    (
        "a hidden quotation ends nothing",
        '<blockquote style="display:none">a</blockquote>b<blockquote>c</blockquote>',
        "b\n\n> c",
    ),
    ("pictures", '<img src="cid:logo" alt="Logo">a', "a"),
    # broken markup
    ("never closed", "<div><p>a<b>b", "ab"),
    ("closed twice", "a</b></div></p>b", "a\n\nb"),
    ("no tag at all", "5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
    ("nul", "a\0b", "ab"),
]


@pytest.mark.parametrize(("html", "expected"), [page[1:] for page in PAGES], ids=[page[0] for page in PAGES])
def test_text_is_what_a_reader_sees(html: str, expected: str) -> None:
    assert html_to_text(html) == expected


# Each of these took the parser hours, or gigabytes of memory; what is left is text without structure.
HOSTILE = [
    ("deep", "<div>" * 100_000 + "Salam"),
    ("deep, then closed by others", "<span>" * 50_000 + "</div>" * 50_000 + "Salam"),
    ("attributes", "<a " + " ".join(f"x{number}=1" for number in range(60_000)) + ">Salam"),
    (
        "formatting that is repeated",
        "<p>" + "".join(f"<b id={n}>" for n in range(900)) + "</p>" + "<p></p>" * 9000 + "Salam",
    ),
]


@pytest.mark.parametrize("html", [page[1] for page in HOSTILE], ids=[page[0] for page in HOSTILE])
def test_a_hostile_page_costs_little(html: str) -> None:
    assert html_to_text(html) == "Salam"


def test_what_is_stripped_is_still_readable() -> None:
    html = "<div>" * 2000 + "<p>Salam &amp;</p><style>p{}</style><p>sabah<br>axşam</p><script>a<b</script>"
    assert html_to_text(html) == "Salam &\nsabah\naxşam"


def test_an_endless_page_is_cut() -> None:
    assert len(html_to_text("s" * (HTML_CHARS + 100))) == HTML_CHARS


TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>",
        "<blockquote>",
        "</blockquote>",
        "<table>",
        "<td>",
        "<li>",
        "<pre>",
        "<br>",
        "<",
        "a",
        " ",
        "\n",
        "&amp",
        "<!--",
        "-->",
        '<div style="display:none">',
        "</div>",
    ]
)


@given(st.lists(TAGS, max_size=60))
def test_no_markup_is_too_strange(pieces: list[str]) -> None:
    text = html_to_text("".join(pieces))
    assert "\n\n\n" not in text or "<pre>" in pieces
    assert "\0" not in text
