"""Answers for the demo's letters as bytes (RFC 5322, RFC 2045 to 2049), as common mail programs write them. Pure.

Written by hand rather than with ``email.message``: its boundaries are random, and its headers know one charset only.
"""

from __future__ import annotations

import base64
import hashlib
import html
import quopri
from collections.abc import Iterator, Sequence
from email.header import Header
from email.utils import format_datetime, formataddr

from syncagent.cli.demo.cast import DOMAIN, Named
from syncagent.cli.demo.documents import logo
from syncagent.cli.demo.letter import Attachment, Letter

_MAILERS = {"outlook": "Microsoft Outlook 16.0", "apple": "Apple Mail (2.3774.600.62)"}
_LOGO_ID = "logo@signature"


def to_bytes(letter: Letter, *, arrived: bool) -> bytes:
    """The whole message with line feeds as a Maildir holds it; ``arrived`` adds the trace of its way to our server."""
    head = "".join(f"{name}: {value}\n" for name, value in _header(letter, arrived=arrived))
    return head.encode() + _body(letter)


def _header(letter: Letter, *, arrived: bool) -> Iterator[tuple[str, str]]:
    date = format_datetime(letter.at)
    if arrived:
        host = f"mx.{letter.author.email.partition('@')[2]}"
        yield "Received", f"from {host} ({host} [192.0.2.{len(host)}])\n\tby mx.{DOMAIN} with ESMTPS; {date}"
    yield "From", _addresses([letter.author], letter.charset)
    yield "To", _addresses(letter.to, letter.charset)
    if letter.cc:
        yield "Cc", _addresses(letter.cc, letter.charset)
    yield "Subject", _words(letter.subject, letter.charset, "Subject")
    yield "Date", date
    yield "Message-ID", f"<{letter.message_id}>"
    if letter.in_reply_to:
        yield "In-Reply-To", f"<{letter.in_reply_to}>"
    if letter.references:
        yield "References", "\n ".join(f"<{reference}>" for reference in letter.references)
    yield from letter.extra
    if letter.client in _MAILERS:
        yield "X-Mailer", _MAILERS[letter.client]
    if letter.itip[0]:
        yield "Content-Class", "urn:content-classes:calendarmessage"
    yield "MIME-Version", "1.0"


def _addresses(named: Sequence[Named], charset: str) -> str:
    return ",\n ".join(formataddr((name, email), charset) if name else email for name, email in named)


def _words(text: str, charset: str, name: str) -> str:
    """A header's text, in encoded words of RFC 2047 where it needs them."""
    return Header(text, "us-ascii" if text.isascii() else charset, header_name=name).encode()


def _body(letter: Letter) -> bytes:
    """Content headers and content."""
    body = _text(letter, "plain", letter.text)
    if letter.html:
        shown = _text(letter, "html", _html(letter))
        if letter.logo:
            shown = _multi(letter, "related", [shown, _logo()])
        body = _multi(letter, "alternative", [body, shown])
    method, calendar = letter.itip
    if method:
        event = _part(f"text/calendar; charset=utf-8; method={method}", calendar.encode(), "base64")
        body = _multi(letter, "alternative", [body, event])
    if letter.undelivered:
        report = f"Reporting-MTA: dns; mx.{DOMAIN}\n\nFinal-Recipient: rfc822; {letter.undelivered}\nAction: failed\n"
        status = _part("message/delivery-status", f"{report}Status: 5.1.1\n".encode(), "7bit")
        return _multi(letter, "report; report-type=delivery-status", [body, status])
    if letter.attachments:
        return _multi(letter, "mixed", [body, *(_attached(letter, one) for one in letter.attachments)])
    return body


def _text(letter: Letter, subtype: str, text: str) -> bytes:
    return _part(f"text/{subtype}; charset={letter.charset}", text.encode(letter.charset, "replace"), letter.encoding)


def _part(content_type: str, data: bytes, encoding: str, *extra: str) -> bytes:
    match encoding:
        case "base64":
            body = base64.encodebytes(data)
        case "quoted-printable":
            body = quopri.encodestring(data)
        case _:
            body = data
    head = "\n".join((f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", *extra))
    return head.encode() + b"\n\n" + body + (b"" if body.endswith(b"\n") else b"\n")


def _multi(letter: Letter, subtype: str, parts: Sequence[bytes]) -> bytes:
    boundary = f"=_{hashlib.sha256(f'{letter.message_id}/{subtype}'.encode()).hexdigest()[:24]}".encode()
    opened = b"".join(b"--%s\n%s\n" % (boundary, part) for part in parts)
    return b'Content-Type: multipart/%s;\n boundary="%s"\n\n%s--%s--\n' % (subtype.encode(), boundary, opened, boundary)


def _attached(letter: Letter, attachment: Attachment) -> bytes:
    name = attachment.name
    if letter.client == "outlook" and not name.isascii():
        # Not what RFC 2231 wants, but what Outlook has always written.
        words = Header(name, "utf-8", maxlinelen=200).encode()
        return _part(
            f'{attachment.media_type};\n name="{words}"',
            attachment.content,
            "base64",
            f'Content-Disposition: attachment;\n filename="{words}"',
        )
    shown = f'filename="{name}"' if name.isascii() else f"filename*=utf-8''{_percent(name)}"
    return _part(attachment.media_type, attachment.content, "base64", f"Content-Disposition: attachment;\n {shown}")


def _percent(name: str) -> str:
    """An extended parameter value of RFC 2231."""
    return "".join(chr(octet) if chr(octet).isalnum() and octet < 128 else f"%{octet:02X}" for octet in name.encode())


def _logo() -> bytes:
    return _part(
        "image/png", logo(), "base64", f"Content-ID: <{_LOGO_ID}>", 'Content-Disposition: inline; filename="logo.png"'
    )


def _html(letter: Letter) -> str:
    said = "".join(f"<p>{_lines(block)}</p>\n" for block in letter.said.split("\n\n"))
    image = f'<p><img src="cid:{_LOGO_ID}" width="48" height="16" alt=""></p>\n' if letter.logo else ""
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={letter.charset}"></head><body>'
    return f"{head}\n{said}{image}{_html_quote(letter)}</body></html>\n"


def _html_quote(letter: Letter) -> str:
    if not letter.quote:
        return ""
    if letter.client == "outlook":
        head, _, rest = letter.quote.partition("\n\n")
        head = head.partition("\n")[2]  # the line of underscores is a rule here
        return f'<hr>\n<div id="divRplyFwdMsg">{_lines(head)}</div>\n<div>{_lines(rest)}</div>\n'
    head, _, rest = letter.quote.partition("\n\n")
    inner = "\n".join(line.removeprefix(">").removeprefix(" ") for line in rest.split("\n"))
    return (
        f'<div class="gmail_quote">{_lines(head)}<blockquote class="gmail_quote">{_lines(inner)}</blockquote></div>\n'
    )


def _lines(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>\n")
