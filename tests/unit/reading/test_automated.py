"""Which mails a machine wrote, by their header; and that what a person wrote is never taken for one."""

from __future__ import annotations

import pytest

from syncagent.formats.headers import SIGNAL_PREFIXES, SIGNALS
from syncagent.model import Address, Mail
from syncagent.reading.automated import automated
from syncagent.reading.signals import CONTENT_SIGNS, HEADER_SIGNS, ORDER
from syncagent.vocabulary import Skip

REPORT = 'multipart/report; report-type={}; boundary="b"'
LIST = {"list-id": "<dev.lists.example>", "list-post": "<mailto:dev@lists.example>", "precedence": "list"}
UNSUBSCRIBE = {"list-unsubscribe": "<https://example.org/u>"}
ONE_CLICK = UNSUBSCRIBE | {"list-unsubscribe-post": "List-Unsubscribe=One-Click"}


def mail(
    from_: str = "kim@xezer.example",
    subject: str = "Müqavilə",
    signals: dict[str, str] | None = None,
    content_type: str = "text/plain",
    sender: str = "",
    refers: str = "",
) -> Mail:
    return Mail(
        from_=(Address(from_),),
        subject=subject,
        signals=signals or {},
        content_type=content_type,
        sender=Address(sender) if sender else None,
        in_reply_to=(refers,) if refers else (),
    )


MACHINES = [
    # bounces
    ("a delivery report", mail(content_type=REPORT.format("delivery-status")), Skip.BOUNCE),
    ("a delivery report, quoted", mail(content_type=REPORT.format('"delivery-status"')), Skip.BOUNCE),
    ("from mailer-daemon", mail("mailer-daemon@mx.xezer.example"), Skip.BOUNCE),
    (
        "failed recipients",
        mail("postmaster@xezer.example", signals={"x-failed-recipients": "a@b.example"}),
        Skip.BOUNCE,
    ),
    ("postmaster with an empty return path", mail("postmaster@x.example", signals={"return-path": "<>"}), Skip.BOUNCE),
    ("postmaster with a subject", mail("postmaster@x.example", "Undeliverable: Müqavilə"), Skip.BOUNCE),
    ("a subject in az", mail("postmaster@x.example", "Çatdırılmadı: Müqavilə"), Skip.BOUNCE),
    ("a subject in ru", mail("postmaster@x.example", "Недоставлено: Договор"), Skip.BOUNCE),
    ("a subject in tr", mail("postmaster@x.example", "Teslim Edilemedi: Sözleşme"), Skip.BOUNCE),
    (
        "a bounce that calls itself an answer",
        mail("mailer-daemon@x.example", signals={"auto-submitted": "auto-replied"}, content_type=REPORT.format("x")),
        Skip.BOUNCE,
    ),
    # automatic answers
    ("RFC 3834", mail(signals={"auto-submitted": "auto-replied"}), Skip.AUTO_REPLY),
    ("RFC 3834 with parameters", mail(signals={"auto-submitted": "Auto-Replied; owner=a"}), Skip.AUTO_REPLY),
    ("X-Autoreply", mail(signals={"x-autoreply": "yes"}), Skip.AUTO_REPLY),
    ("Precedence", mail(signals={"precedence": "auto_reply"}), Skip.AUTO_REPLY),
    ("Exchange", mail(signals={"x-ms-exchange-generated-message-source": "Mailbox Rules Agent"}), Skip.AUTO_REPLY),
    ("a subject, en", mail(subject="Automatic reply: Contract"), Skip.AUTO_REPLY),
    ("a subject, az", mail(subject="Avtomatik cavab: Müqavilə"), Skip.AUTO_REPLY),
    ("a subject, az in capitals", mail(subject="AVTOMATİK CAVAB: MÜQAVİLƏ"), Skip.AUTO_REPLY),
    ("a subject, ru", mail(subject="Автоответ: Договор"), Skip.AUTO_REPLY),
    ("a subject, tr", mail(subject="Otomatik Yanıt: Sözleşme"), Skip.AUTO_REPLY),
    ("a subject, tr typed plainly", mail(subject="otomatik yanit: Sozlesme"), Skip.AUTO_REPLY),
    ("a subject, de", mail(subject="Automatische Antwort: Vertrag"), Skip.AUTO_REPLY),
    (
        "an absence that also wants no answer",
        mail(subject="Out of office", signals={"x-auto-response-suppress": "All"}, refers="1@a.example"),
        Skip.AUTO_REPLY,
    ),
    (
        "an answer that calls itself generated",
        mail(
            subject="Automatic reply: Contract",
            signals={"auto-submitted": "auto-generated", "x-auto-response-suppress": "DR, OOF, AutoReply"},
        ),
        Skip.AUTO_REPLY,
    ),
    # newsletters
    ("one-click unsubscribing", mail(signals=ONE_CLICK), Skip.NEWSLETTER),
    ("a bulk mailer", mail(signals=UNSUBSCRIBE | {"precedence": "bulk"}), Skip.NEWSLETTER),
    ("a newsletter's address", mail("newsletter@xezer.example", signals=UNSUBSCRIBE), Skip.NEWSLETTER),
    ("an announcement list", mail("news@x.example", signals=UNSUBSCRIBE | {"list-post": "NO"}), Skip.NEWSLETTER),
    ("a mass sender's headers", mail("news@x.example", signals={"feedback-id": "1:2:x"}), Skip.NEWSLETTER),
    ("a family of headers", mail("news@x.example", signals={"x-mailgun-sid": "Wy"}), Skip.NEWSLETTER),
    # other machines
    ("generated", mail(signals={"auto-submitted": "auto-generated"}), Skip.AUTOMATED),
    ("notified", mail(signals={"auto-submitted": "auto-notified; owner-email=a"}), Skip.AUTOMATED),
    ("no-reply", mail("no-reply@xezer.example"), Skip.AUTOMATED),
    ("noreply with a tail", mail("noreply-billing@xezer.example"), Skip.AUTOMATED),
    ("do not reply", mail("bank.donotreply@xezer.example"), Skip.AUTOMATED),
    (
        "alerts that want no answer",
        mail("alerts@x.example", signals={"x-auto-response-suppress": "All"}),
        Skip.AUTOMATED,
    ),
    (
        "a read receipt",
        mail(subject="Oxundu: Müqavilə", content_type=REPORT.format("disposition-notification")),
        Skip.AUTOMATED,
    ),
    ("an abuse report", mail(content_type=REPORT.format("feedback-report")), Skip.AUTOMATED),
    # meeting mail
    (
        "an invitation from Exchange",
        mail(signals={"content-class": "urn:content-classes:calendarmessage"}),
        Skip.MEETING_MAIL,
    ),
    ("nothing but an invitation", mail(content_type="text/calendar; charset=utf-8; method=request"), Skip.MEETING_MAIL),
    (
        "an invitation from Google",
        mail(sender="calendar-notification@google.com", signals={"auto-submitted": "auto-generated"}),
        Skip.MEETING_MAIL,
    ),
]


@pytest.mark.parametrize(("item", "skip"), [case[1:] for case in MACHINES], ids=[case[0] for case in MACHINES])
def test_a_machine_wrote_it(item: Mail, skip: Skip) -> None:
    verdict = automated(item)
    assert verdict is not None
    assert verdict.skip is skip
    assert verdict.why


HUMANS = [
    ("plain", mail()),
    ("a list that people write to", mail(signals=LIST | UNSUBSCRIBE, sender="dev-bounces@lists.example")),
    ("a list that offers one click", mail(signals=LIST | ONE_CLICK)),
    ("an old list's bulk", mail(signals=UNSUBSCRIBE | {"precedence": "bulk", "list-post": "<mailto:d@l.example>"})),
    ("an answer through a group", mail(signals=UNSUBSCRIBE | {"precedence": "bulk"}, refers="1@a.example")),
    ("explicitly not automatic", mail(signals={"auto-submitted": "no"})),
    ("sent by a mass mailer's servers", mail(signals={"feedback-id": "1:2:x", "x-ses-outgoing": "2026"})),
    ("an answer to an automatic reply", mail(subject="Re: Automatic reply: Contract", refers="1@a.example")),
    ("a bounce passed on", mail(subject="Fwd: Undeliverable: Contract")),
    ("a person tells of an absence", mail(subject="Out of office next week")),
    ("a person tells of an absence, az", mail(subject="Məzuniyyətdəyəm, 10-da qayıdıram")),
    ("a person answers while absent", mail(subject="out of office", refers="1@a.example")),
    ("passed on by a rule", mail(signals={"x-ms-exchange-inbox-rules-loop": "kim@xezer.example"})),
    ("wants no automatic answer", mail(signals={"x-auto-response-suppress": "All"})),
    ("an empty return path alone", mail(signals={"return-path": "<>"})),
    ("an ordinary return path", mail(signals={"return-path": "<kim@xezer.example>"})),
    ("info@ may be a person", mail("info@xezer.example")),
    ("a name that only looks like one", mail("noreen@xezer.example", "Read the contract, please")),
    ("a calendar file without a method", mail(content_type="text/calendar; charset=utf-8")),
    ("published information", mail(content_type='text/calendar; method="publish"')),
    ("no sender at all", Mail(subject="Salam")),
]


@pytest.mark.parametrize("item", [case[1] for case in HUMANS], ids=[case[0] for case in HUMANS])
def test_a_person_may_have_written_it(item: Mail) -> None:
    assert automated(item) is None


def test_the_verdict_names_its_evidence() -> None:
    verdict = automated(mail("postmaster@x.example", signals={"return-path": "<>"}))
    assert verdict is not None
    assert verdict.why == "postmaster wrote it (+6); its return path is empty (+5)"


def test_every_header_that_is_looked_at_is_handed_over_by_formats() -> None:
    read = {sign.where for sign in HEADER_SIGNS if not sign.where.startswith("(")}
    assert {name for name in read if name not in SIGNALS and not name.startswith(SIGNAL_PREFIXES)} == set()


def test_every_sign_speaks_for_a_reason_that_can_be_given() -> None:
    for sign in (*HEADER_SIGNS, *CONTENT_SIGNS):
        assert sign.name
        assert set(sign.worth) <= set(ORDER)
        assert all(sign.worth.values())
