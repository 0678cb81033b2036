"""The first judgement on a mail: who takes part, in which direction it went, and why it is skipped."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from syncagent.matching.judge import judge_mail
from syncagent.model import Address, Mail
from syncagent.vocabulary import Certainty, InteractionKind, Role, Sensitivity, Skip
from tests.unit.matching.world import AUTUMN, index

PEOPLE = index()
OWNER, COLLEAGUE, ALIAS = "rauf@bizim.example", "sevda@gmail.com", "rauf@old-name.example"
LEYLA, ANAR, UNKNOWN = "leyla@xezer.example", "anar@xezer.example", "kim@elsewhere.example"
IN, OUT = InteractionKind.MAIL_IN, InteractionKind.MAIL_OUT


def people(*emails: str) -> tuple[Address, ...]:
    return tuple(Address(email) for email in emails)


def mail(
    from_: Sequence[str] = (),
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
    *,
    bcc: Sequence[str] = (),
    sender: str = "",
    sensitivity: Sensitivity = Sensitivity.NORMAL,
    is_draft: bool = False,
    marker: str = "",
) -> Mail:
    return Mail(
        from_=people(*from_),
        to=people(*to),
        cc=people(*cc),
        bcc=people(*bcc),
        sent_at=AUTUMN,
        sender=Address(sender) if sender else None,
        sensitivity=sensitivity,
        is_draft=is_draft,
        marker=marker,
    )


LOGGED = [
    ("from a stakeholder", mail([LEYLA], [OWNER]), Role.INBOX, IN, {LEYLA}),
    ("to a stakeholder", mail([OWNER], [LEYLA]), Role.SENT, OUT, {LEYLA}),
    ("to a stakeholder and one of us", mail([OWNER], [COLLEAGUE, LEYLA]), Role.SENT, OUT, {LEYLA}),
    ("a colleague wrote it, we were in Cc", mail([COLLEAGUE], [LEYLA], [OWNER]), Role.INBOX, OUT, {LEYLA}),
    ("a stakeholder only in Cc", mail([UNKNOWN], [OWNER], [LEYLA]), Role.INBOX, IN, {LEYLA}),
    ("a stakeholder only in Bcc", mail([OWNER], [UNKNOWN], bcc=[LEYLA]), Role.SENT, OUT, {LEYLA}),
    ("several", mail([LEYLA], [OWNER], [ANAR, LEYLA]), Role.ARCHIVE, IN, {LEYLA, ANAR}),
    ("an account's domain alone", mail(["kim@xezer.example"], [OWNER]), Role.INBOX, IN, {"kim@xezer.example"}),
    ("a shared address", mail(["satis@xezer.example"], [OWNER]), Role.OTHER, IN, {"satis@xezer.example"}),
    ("no From, but Sender is a stakeholder", mail([], [OWNER], sender=LEYLA), Role.INBOX, IN, {LEYLA}),
    ("no From, but Sender is one of us", mail([], [LEYLA], sender=OWNER), Role.INBOX, OUT, {LEYLA}),
    ("no author, one of us is addressed", mail([], [OWNER], [LEYLA]), Role.INBOX, IN, {LEYLA}),
    ("no author, only they are addressed", mail([], [LEYLA]), Role.INBOX, OUT, {LEYLA}),
    ("no author, among what was sent", mail([], [OWNER, LEYLA]), Role.SENT, OUT, {LEYLA}),
    ("a stakeholder writes for somebody else", mail([UNKNOWN], [OWNER], sender=LEYLA), Role.INBOX, IN, {LEYLA}),
    ("an alias of ours that nobody told us of", mail([ALIAS], [LEYLA]), Role.SENT, OUT, {LEYLA}),
    ("their mail, filed among what was sent", mail([LEYLA], [OWNER]), Role.SENT, IN, {LEYLA}),
    ("our draft after it was sent", mail([OWNER], [LEYLA], marker="m1"), Role.SENT, OUT, {LEYLA}),
    ("our draft when it comes back to us", mail([OWNER], [LEYLA, COLLEAGUE], marker="m1"), Role.INBOX, OUT, {LEYLA}),
    ("sent, but its draft flag was left on", mail([OWNER], [LEYLA], is_draft=True), Role.SENT, OUT, {LEYLA}),
]


@pytest.mark.parametrize(
    ("item", "role", "direction", "matched"), [row[1:] for row in LOGGED], ids=[r[0] for r in LOGGED]
)
def test_it_is_logged(item: Mail, role: Role, direction: InteractionKind, matched: set[str]) -> None:
    judgement = judge_mail(item, PEOPLE, role=role, excluded=False)
    assert judgement.skip is None
    assert judgement.direction is direction
    assert {party.address.email for party in judgement.participants if party.match} == matched
    assert judgement.why


TO_LEYLA = mail([OWNER], [LEYLA])
SKIPPED = [
    ("a draft", TO_LEYLA, Role.DRAFTS, False, Skip.OWN_DRAFT),
    ("a draft to nobody known", mail([OWNER], [UNKNOWN]), Role.DRAFTS, False, Skip.OWN_DRAFT),
    ("a draft in an excluded folder", TO_LEYLA, Role.DRAFTS, True, Skip.OWN_DRAFT),
    ("a draft by its flag", mail([OWNER], [LEYLA], is_draft=True), Role.INBOX, False, Skip.OWN_DRAFT),
    ("our draft, thrown away", mail([OWNER], [LEYLA], marker="m1"), Role.TRASH, False, Skip.OWN_DRAFT),
    ("trash", TO_LEYLA, Role.TRASH, False, Skip.EXCLUDED),
    ("junk", mail([LEYLA], [OWNER]), Role.JUNK, False, Skip.EXCLUDED),
    ("an excluded folder", mail([LEYLA], [OWNER]), Role.OTHER, True, Skip.EXCLUDED),
    ("private", mail([LEYLA], [OWNER], sensitivity=Sensitivity.PRIVATE), Role.INBOX, False, Skip.PRIVATE),
    ("personal", mail([LEYLA], [OWNER], sensitivity=Sensitivity.PERSONAL), Role.INBOX, False, Skip.PRIVATE),
    ("confidential", mail([OWNER], [LEYLA], sensitivity=Sensitivity.CONFIDENTIAL), Role.SENT, False, Skip.PRIVATE),
    (
        "private, of strangers",
        mail([UNKNOWN], [OWNER], sensitivity=Sensitivity.PRIVATE),
        Role.INBOX,
        False,
        Skip.NO_STAKEHOLDER,
    ),
    ("private, among us", mail([OWNER], [COLLEAGUE], sensitivity=Sensitivity.PRIVATE), Role.SENT, False, Skip.INTERNAL),
    ("among us", mail([OWNER], [COLLEAGUE, OWNER]), Role.SENT, False, Skip.INTERNAL),
    ("to ourselves", mail([OWNER], [OWNER]), Role.INBOX, False, Skip.INTERNAL),
    ("strangers", mail([UNKNOWN], [OWNER]), Role.INBOX, False, Skip.NO_STAKEHOLDER),
    ("nobody said who wrote to us", mail([], [OWNER]), Role.INBOX, False, Skip.NO_STAKEHOLDER),
    ("nobody at all", mail(), Role.INBOX, False, Skip.NO_STAKEHOLDER),
    ("a machine of ours", mail(["mailer-daemon@mx.bizim.example"], [OWNER]), Role.INBOX, False, Skip.NO_STAKEHOLDER),
    ("a free-mail domain", mail(["kim@gmail.com"], [OWNER]), Role.INBOX, False, Skip.NO_STAKEHOLDER),
    # a list server of an account passed on what a stranger wrote
    (
        "Sender by domain alone",
        mail([UNKNOWN], [OWNER], sender="list@xezer.example"),
        Role.INBOX,
        False,
        Skip.NO_STAKEHOLDER,
    ),
]


@pytest.mark.parametrize(
    ("item", "role", "excluded", "skip"), [row[1:] for row in SKIPPED], ids=[row[0] for row in SKIPPED]
)
def test_it_is_skipped(item: Mail, role: Role, excluded: bool, skip: Skip) -> None:
    judgement = judge_mail(item, PEOPLE, role=role, excluded=excluded)
    assert judgement.skip is skip
    assert judgement.why


@pytest.mark.parametrize("sensitivity", [one for one in Sensitivity if one is not Sensitivity.NORMAL])
def test_a_private_mail_names_nobody(sensitivity: Sensitivity) -> None:
    judgement = judge_mail(mail([LEYLA], [OWNER], sensitivity=sensitivity), PEOPLE, role=Role.INBOX, excluded=False)
    assert judgement.participants == ()
    assert not any("@" in f"{step.value} {step.why}" for step in judgement.trace)


def test_a_skipped_mail_still_tells_its_direction_for_thread_marks() -> None:
    sent = judge_mail(mail([OWNER], [UNKNOWN]), PEOPLE, role=Role.SENT, excluded=False)
    received = judge_mail(mail([UNKNOWN], [OWNER]), PEOPLE, role=Role.INBOX, excluded=False)
    assert (sent.direction, received.direction) == (OUT, IN)


def test_the_parties_are_listed_once_per_role_in_the_order_of_the_header() -> None:
    item = mail([LEYLA], [OWNER, LEYLA, OWNER, ""], [ANAR], bcc=[COLLEAGUE], sender=LEYLA)
    judgement = judge_mail(item, PEOPLE, role=Role.INBOX, excluded=False)
    assert [(party.role, party.address.email, party.ours) for party in judgement.participants] == [
        ("from", LEYLA, False),
        ("to", OWNER, True),
        ("to", LEYLA, False),
        ("cc", ANAR, False),
        ("bcc", COLLEAGUE, True),
    ]


def test_the_trace_says_how_each_party_was_judged() -> None:
    judgement = judge_mail(mail([LEYLA], [OWNER], [UNKNOWN]), PEOPLE, role=Role.INBOX, excluded=False)
    assert [(step.value, step.verdict) for step in judgement.trace] == [
        (f"from {LEYLA}", Certainty.CERTAIN),
        (f"to {OWNER}", "ours"),
        (f"cc {UNKNOWN}", "no"),
    ]
    assert judgement.trace[0].why == f"address {LEYLA} belongs to Leyla Əliyeva of account Xəzər Enerji"
    assert "no account has its domain" in judgement.trace[2].why


def test_people_are_judged_as_they_stood_when_it_was_sent() -> None:
    received_only = Mail(from_=people("tural@yandex.ru"), received_at=AUTUMN)
    match = judge_mail(received_only, PEOPLE, role=Role.INBOX, excluded=False).participants[0].match
    assert match is not None
    assert "Karabakh Agro" in match.reason
