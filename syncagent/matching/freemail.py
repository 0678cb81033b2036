"""Answers for which domains hand out mailboxes to anybody and so never stand for a company; reads ``freemail.txt``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def free_mail_domains() -> frozenset[str]:
    """The listed domains in normal form; the list lies beside this module, one domain a line."""
    text = files(__package__).joinpath("freemail.txt").read_text(encoding="utf-8")
    return frozenset(domain for line in text.splitlines() if (domain := line.partition("#")[0].strip()))


def is_free_mail(domain: str) -> bool:
    """Whether ``domain``, or a domain above it, is a free-mail domain."""
    known = free_mail_domains()
    while domain:
        if domain in known:
            return True
        domain = domain.partition(".")[2]
    return False
