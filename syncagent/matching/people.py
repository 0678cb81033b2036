"""Answers for the rows about people that the CRM hands in; no logic, standard library only.

Addresses and domains are in normal form (``model.py``). A row holds from ``since`` up to, not including, ``until``;
None leaves that side open. Times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OwnedAddress:
    """A stakeholder used this address during that time."""

    email: str
    stakeholder_id: int
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A stakeholder belonged to this account during that time."""

    stakeholder_id: int
    account_id: int
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountDomain:
    """An account used this domain, and the domains below it, during that time."""

    domain: str
    account_id: int
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ours:
    """What belongs to our own organisation: single addresses, and domains that mean us exactly as written."""

    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
