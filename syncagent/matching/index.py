"""Answers for whom an address belongs to, from the rows that the CRM handed in; pure, standard library only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from syncagent.matching.freemail import is_free_mail
from syncagent.matching.people import AccountDomain, Membership, Ours, OwnedAddress
from syncagent.matching.tenure import Tenures
from syncagent.model import Address, Match, Query, Span
from syncagent.vocabulary import Certainty


class PeopleIndex:
    """One version of the people: never changes once it is built, so threads may share it.

    A question is answered by the exact address first and by the account's domain second, both as they stood at the time
    of the item. 100,000 stakeholders are indexed in about a tenth of a second and take, with their strings, some 40 MB.
    """

    __slots__ = (
        "_account_names",
        "_domains",
        "_members",
        "_ours",
        "_owners",
        "_refused",
        "_stakeholder_names",
        "version",
    )

    def __init__(
        self,
        *,
        version: int,
        owners: Tenures[str],
        members: Tenures[int],
        domains: Tenures[str],
        refused: Mapping[str, str],
        ours: Ours,
        stakeholder_names: Mapping[int, str],
        account_names: Mapping[int, str],
    ) -> None:
        self.version = version
        self._owners = owners
        self._members = members
        self._domains = domains
        self._refused = refused
        self._ours = ours
        self._stakeholder_names = stakeholder_names
        self._account_names = account_names

    @classmethod
    def build(
        cls,
        *,
        version: int,
        addresses: Iterable[OwnedAddress],
        memberships: Iterable[Membership],
        domains: Iterable[AccountDomain],
        ours: Ours,
        stakeholder_names: Mapping[int, str] | None = None,
        account_names: Mapping[int, str] | None = None,
    ) -> PeopleIndex:
        """Builds the index; the order of the rows makes no difference. Names are for the evidence only."""
        refused: dict[str, str] = {}
        usable: list[AccountDomain] = []
        for row in domains:
            why = _refusal(row.domain)
            if why:
                refused[row.domain] = why
            else:
                usable.append(row)
        return cls(
            version=version,
            owners=Tenures((row.email, row.stakeholder_id, row.since, row.until) for row in addresses),
            members=Tenures((row.stakeholder_id, row.account_id, row.since, row.until) for row in memberships),
            domains=Tenures((row.domain, row.account_id, row.since, row.until) for row in usable),
            refused=refused,
            ours=ours,
            stakeholder_names=dict(stakeholder_names or {}),
            account_names=dict(account_names or {}),
        )

    def is_ours(self, email: str) -> bool:
        """Whether the address is our own organisation's.

        Only an exact address or the exact domain counts: what a machine below our domain writes is not one of us. An
        address that a stakeholder has, or once had, is never ours.
        """
        if email in self._owners:
            return False
        return email in self._ours.emails or _domain_of(email) in self._ours.domains

    def match(self, address: Address, at: datetime | None) -> Match | None:
        """Whose the address was at ``at`` (None: whose it is while no end is known), with the evidence in words.

        - One stakeholder: certain; the account is theirs at that time.
        - Several stakeholders who share the address: a question, without a stakeholder. The account is the one that all
          of them belong to; when there is none, the domain decides, and it stays a question.
        - Nobody, or nobody who was in an account then: certain for the account whose domain it is. A free-mail domain
          never counts.
        """
        email = address.email
        owners = self._owners.at(email, at)
        if owners:
            found = self._by_owners(email, owners, at)
            if found is not None:
                return found
        elif self.is_ours(email):
            return None
        return self._by_domain(email, at, shared=len(owners) > 1)

    def why_not(self, address: Address, at: datetime | None) -> str:
        """Why ``match`` found nothing, in words; for ``explain``."""
        email = address.email
        owners = self._owners.at(email, at)
        if len(owners) > 1:
            return f"address {email} is shared by {self._people(owners)}, who belong to no common account"
        if owners:
            return f"address {email} belongs to {self._people(owners)}, who was in no account at that time"
        if email in self._owners:
            return f"address {email} belonged to a stakeholder, but not at that time"
        if self.is_ours(email):
            return f"address {email} is ours"
        for domain in _domains_up(email):
            if domain in self._refused:
                return self._refused[domain]
        if is_free_mail(_domain_of(email)):
            return f"nobody has address {email}, and {_domain_of(email)} is a free-mail domain"
        return f"nobody has address {email}, and no account has its domain"

    def query(
        self,
        span: Span,
        stakeholder_ids: Collection[int] | None = None,
        account_ids: Collection[int] | None = None,
    ) -> Query:
        """The addresses and domains to search for in ``span``, of any time of their validity.

        Without ids: all of them. With ids: the addresses of those stakeholders and the domains of those accounts, so
        that a new stakeholder of a known account costs a search for their addresses alone.
        """
        if stakeholder_ids is None and account_ids is None:
            return Query(frozenset(self._owners), frozenset(self._domains), span)
        emails = self._owners.held_by(frozenset(stakeholder_ids or ()))
        domains = self._domains.held_by(frozenset(account_ids or ()))
        return Query(frozenset(emails), frozenset(domains), span)

    def _by_owners(self, email: str, owners: tuple[int, ...], at: datetime | None) -> Match | None:
        """The match by exact address, if its owners were in an account then, and all in the same one."""
        accounts = self._members.at(owners[0], at) if len(owners) == 1 else self._common_accounts(owners, at)
        if not accounts:
            return None
        account, hint = accounts[0], ""
        if len(accounts) > 1:
            account, hint = self._one_account(email, accounts, at)
        people = self._people(owners)
        if len(owners) > 1:
            reason = f"address {email} is shared by {people}, all of {self._account(account)}{hint}"
            return Match(email, Certainty.QUESTION, account, None, reason)
        reason = f"address {email} belongs to {people} of {self._account(account)}{hint}"
        return Match(email, Certainty.CERTAIN, account, owners[0], reason)

    def _common_accounts(self, owners: tuple[int, ...], at: datetime | None) -> tuple[int, ...]:
        """The accounts that all owners were in then; an owner who was in none has no say."""
        groups = [group for owner in owners if (group := self._members.at(owner, at))]
        return tuple(account for account in groups[0] if all(account in group for group in groups)) if groups else ()

    def _one_account(self, email: str, accounts: tuple[int, ...], at: datetime | None) -> tuple[int, str]:
        """Of several accounts the one whose domain the address has, else the one that was joined last."""
        for domain in _domains_up(email):
            for account in self._domains.at(domain, at):
                if account in accounts:
                    return account, f" (in several accounts; domain {domain} decides)"
        return accounts[0], " (in several accounts; the one joined last counts)"

    def _by_domain(self, email: str, at: datetime | None, *, shared: bool) -> Match | None:
        """The match by the longest domain that an account had then."""
        for domain in _domains_up(email):
            accounts = self._domains.at(domain, at)
            if not accounts:
                continue
            names = " and ".join(self._account(account) for account in accounts)
            reason = f"domain {domain} belongs to {names}"
            if shared:
                reason += f"; address {email} is shared by several stakeholders"
            sure = len(accounts) == 1 and not shared
            return Match(email, Certainty.CERTAIN if sure else Certainty.QUESTION, accounts[0], None, reason)
        return None

    def _people(self, ids: tuple[int, ...]) -> str:
        if len(ids) > 1:
            return " and ".join(self._people((one,)) for one in sorted(ids))
        return self._stakeholder_names.get(ids[0]) or f"stakeholder {ids[0]}"

    def _account(self, account_id: int) -> str:
        return f"account {self._account_names.get(account_id) or account_id}"


def _domain_of(email: str) -> str:
    return email.rpartition("@")[2]


def _domains_up(email: str) -> Iterable[str]:
    """The address's domain and those above it, longest first."""
    domain = _domain_of(email)
    while domain:
        yield domain
        domain = domain.partition(".")[2]


def _refusal(domain: str) -> str:
    """Why a domain that somebody listed can stand for no account; empty when it can."""
    if "." not in domain:
        return f"domain {domain} is listed for an account, but a single word stands for no company"
    if is_free_mail(domain):
        return f"domain {domain} is listed for an account, but it is a free-mail domain and stands for no company"
    return ""
