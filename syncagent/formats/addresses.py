"""Answers for e-mail addresses: their normal form, and the address lists of mail headers (RFC 5322 3.4). Pure.

Nothing here raises: a list is read as far as it makes sense, and what is no address is left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from syncagent.formats.charsets import clean
from syncagent.formats.limits import ADDRESSES, EMAIL_CHARS, NAME_CHARS
from syncagent.formats.words import decode_words
from syncagent.model import Address

#: The plain case: an address as nearly all are, already in its normal form but for upper case.
_PLAIN = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9-]+", re.I)
#: ``Name <address>`` and ``"Name" <address>`` with nothing in them that needs the tokens below.
_NAMED = re.compile(r'(?:"([^"\\]*)"\s*|([^"(),:;<>@\[\\\]]*))<([^<>@\s"(),:;]+@[^<>@\s"(),:;\[\]]+)>')

_SCHEME = re.compile(r"(?:mailto|smtp):", re.I)
_ROUTE = re.compile(r"^@[^:]*:")  # the obsolete source route of RFC 5322 4.4: <@relay,@relay:user@host>
_DOTS = re.compile("[\u3002\uff0e\uff61]")  # other alphabets' full stops (RFC 3490 3.1)
_DOMAIN_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_DOMAIN_LITERAL = re.compile(r"\[[0-9a-f:.]+\]|\[ipv6:[0-9a-f:.]+\]")
_LOCAL_FORBIDDEN = re.compile(r'[\s<>(),:;@\[\]"\\]')
_TOKEN = re.compile(
    r"(?P<word>=\?[^?\s]+\?[BbQq]\?[^?]*\?=)"  # an encoded word, which may hold commas or spaces against the rules
    r'|"(?P<quoted>(?:[^"\\]|\\.)*)"?'  # a quote that is never closed runs to the end
    r"|<(?P<angle>(?:\"(?:[^\"\\]|\\.)*\"|[^<>\"])*)>?"
    r"|(?P<special>[,;:()])"
    r'|(?P<atom>[^\s",;:()<>]+)'
    r"|(?P<space>\s+|>)",
    re.S,
)
_TO_ESCAPE = re.compile(r'["\\]')
_ESCAPED = re.compile(r"\\(.)", re.S)


def normal(email: str) -> str:
    """The address in its normal form: lower case, no brackets or spaces, the domain as A-labels (RFC 5890 2.3.2.1).

    Empty when ``email`` is no address at all; an X.500 name or a bare word is none. A quoted local part keeps its
    quotes only where it needs them.
    """
    if len(email) > EMAIL_CHARS:
        return ""
    if _PLAIN.fullmatch(email):
        return email.lower()
    stripped = _ROUTE.sub("", _SCHEME.sub("", email.strip().strip("<>").strip(), count=1), count=1).strip()
    local, at, domain = stripped.rpartition("@")
    if not at:
        return ""
    local = _normal_local(local.strip())
    domain = _normal_domain(domain.strip().rstrip("."))
    return f"{local}@{domain}" if local and domain else ""


def _normal_local(local: str) -> str:
    text = unicodedata.normalize("NFC", local).lower()
    if text.startswith('"') and text.endswith('"') and len(text) > 2:
        inner = _ESCAPED.sub(r"\1", text[1:-1])
        if not inner.isprintable():
            return ""
        return '"' + _TO_ESCAPE.sub(r"\\\g<0>", inner) + '"' if _LOCAL_FORBIDDEN.search(inner) else inner
    return "" if _LOCAL_FORBIDDEN.search(text) or not text.isprintable() else text


def _normal_domain(domain: str) -> str:
    """Labels in lower case and punycode; compatibility characters are folded first, as UTS #46 wants it.

    The standard library's IDNA codec follows the standard of 2003, which would turn ``ß`` into ``ss``: another domain.
    """
    text = unicodedata.normalize("NFKC", _DOTS.sub(".", unicodedata.normalize("NFKC", domain).lower()))
    if text.startswith("["):
        return text if _DOMAIN_LITERAL.fullmatch(text) else ""
    labels = []
    for label in text.split("."):
        ascii_label = label if label.isascii() else _punycode(label)
        if not _DOMAIN_LABEL.fullmatch(ascii_label):
            return ""
        labels.append(ascii_label)
    return ".".join(labels)


def _punycode(label: str) -> str:
    """The A-label of a label with letters only; empty for one with signs that no domain may have."""
    if not all(letter.isalnum() or letter in "-_" or unicodedata.combining(letter) for letter in label):
        return ""
    return "xn--" + label.encode("punycode").decode("ascii")


def read_addresses(value: str) -> tuple[Address, ...]:
    """The mailboxes of an address header in their order, groups opened, encoded words decoded. Never raises.

    ``value`` is unfolded. Entries without a usable address are left out; an address that comes twice stays twice.
    """
    value = value.strip()
    if len(value) <= EMAIL_CHARS and _PLAIN.fullmatch(value):
        return (Address(value.lower()),)
    named = _NAMED.fullmatch(value)
    if named:
        address = _address(named[3], named[1] if named[1] is not None else named[2])
        return (address,) if address else ()
    found = _read_list(value)
    if not found and "=?" in value:
        # Some programs encode the whole header, brackets and all.
        found = _read_list(decode_words(value))
    return found


def _address(email: str, name: str) -> Address | None:
    found = normal(email)
    if not found:
        return None
    text = " ".join(clean(decode_words(name)).split())[:NAME_CHARS].strip()
    # A name that is quoted twice, or once more inside an encoded word, is common.
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return Address(found, "" if normal(text) == found else text)


@dataclass(slots=True)
class _Entry:
    """One entry of a list while its tokens arrive."""

    words: list[str] = field(default_factory=list)
    angle: str = ""
    comment: str = ""

    def finish(self) -> Address | None:
        text = "".join(self.words).strip()
        if self.angle:
            return _address(self.angle, text) or _address(text, self.comment)
        found = _address(text, self.comment)
        if found or " " not in text:
            return found
        # "Name user@host" without brackets: the address is the last word that is one.
        for word in reversed(text.split()):
            if normal(word):
                return _address(word, text.replace(word, " ", 1))
        return None


def _read_list(value: str) -> tuple[Address, ...]:
    found: list[Address] = []
    entry = _Entry()
    depth = 0  # of comments, which nest (RFC 5322 3.2.2)
    comment_from = 0
    for token in _TOKEN.finditer(value):
        kind, text = token.lastgroup, token[0]
        if depth:
            depth += (text == "(") - (text == ")")
            if not depth:
                entry.comment = value[comment_from : token.start()]
            continue
        if text == "(":
            depth, comment_from = 1, token.end()
            continue
        if text == ":":
            entry = _Entry()  # what stood before is the name of a group, no part of any address
            continue
        # A comma or semicolon ends an entry, and so does whatever follows an address in brackets without one.
        if text in (",", ";") or (entry.angle and kind != "space"):
            _keep(found, entry)
            entry = _Entry()
            if len(found) >= ADDRESSES:
                return tuple(found)
        if kind == "angle":
            entry.angle = token["angle"].strip()
        elif kind == "quoted" and token.end() == token.end("quoted"):
            # A quote that is never closed quotes nothing: what follows is read without quotes.
            rest = "".join(entry.words) + text.replace('"', " ")
            return (*found, *_read_list(rest))[:ADDRESSES]
        elif kind == "quoted":
            entry.words.append(_quoted_word(token))
        elif kind in ("atom", "word", "space"):
            entry.words.append(" " if kind == "space" else text)
    _keep(found, entry)
    return tuple(found)


def _quoted_word(token: re.Match[str]) -> str:
    """A quoted string: as it stands when it is a local part (an ``@`` follows), else what is in the quotes."""
    if token.string.startswith("@", token.end()):
        return token[0]
    return _ESCAPED.sub(r"\1", token["quoted"])


def _keep(found: list[Address], entry: _Entry) -> None:
    address = entry.finish()
    if address:
        found.append(address)
