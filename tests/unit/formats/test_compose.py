"""Our own mail: what a draft and a notice look like, and that they read back as what they were made from."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncagent.formats.compose import compose_draft, compose_notice
from syncagent.formats.headers import SIGNALS, read_mail
from syncagent.formats.mime import read_content
from syncagent.model import Address, DraftMail, Notice

BAKU = timezone(timedelta(hours=4))
DRAFT = DraftMail(
    marker="follow-up-7",
    message_id="follow-up-7@bizim.az",
    from_=Address("leyla@bizim.az", "Leyla Əliyeva"),
    to=(Address("anar@firma.az", "Quliyev, Anar"), Address("oleg@firma.ru")),
    cc=(Address("nigar@firma.az", "Nigar"),),
    subject="Görüşümüz haqqında",
    text="Hörmətli Anar müəllim,\n\ngörüş üçün təşəkkür edirəm.\n",
    html="<p>Hörmətli Anar müəllim,</p><p>görüş üçün təşəkkür edirəm.</p>",
    at=datetime(2026, 11, 20, 13, 0, tzinfo=BAKU),
    language="az",
    in_reply_to="1@firma.az",
    references=("0@firma.az", "1@firma.az"),
)
NOTICE = Notice(
    message_id="weekly@bizim.az",
    from_=Address("leyla@bizim.az", "syncagent"),
    to=Address("leyla@bizim.az"),
    subject="Həftəlik hesabat",
    text="Hesabat",
    html='<p>Hesabat</p><img src="cid:chart">',
    at=datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
    images={"chart": b"\x89PNG\r\n\x1a\n" * 50},
)


def test_a_draft_reads_back_as_it_was_made() -> None:
    raw = compose_draft(DRAFT)
    mail = read_mail(raw)
    assert mail.message_id == DRAFT.message_id
    assert mail.from_ == (DRAFT.from_,)
    assert mail.to == DRAFT.to
    assert mail.cc == DRAFT.cc
    assert mail.subject == DRAFT.subject
    assert mail.sent_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert mail.in_reply_to == ("1@firma.az",)
    assert mail.references == DRAFT.references
    assert mail.marker == DRAFT.marker
    content = read_content(raw)
    assert content.text == DRAFT.text.strip()
    assert content.parts == ("text/plain", "text/html")
    assert content.documents == ()


def test_a_draft_carries_no_sign_of_a_machine() -> None:
    raw = compose_draft(DRAFT)
    assert read_mail(raw).signals == {}
    names = {
        line.split(b":")[0].lower().decode() for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n") if line[:1] != b" "
    }
    assert not names & SIGNALS
    assert names == {
        *("date", "from", "to", "cc", "subject", "message-id", "in-reply-to", "references"),
        *("mime-version", "x-unsent", "x-syncagent-draft", "content-type"),
    }


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert compose_draft(DRAFT) == compose_draft(replace(DRAFT))
    assert compose_draft(DRAFT) != compose_draft(replace(DRAFT, marker="follow-up-8"))
    assert compose_notice(NOTICE) == compose_notice(replace(NOTICE, images=dict(NOTICE.images)))


def test_what_is_empty_has_no_field() -> None:
    raw = compose_draft(replace(DRAFT, to=(), cc=(), in_reply_to="", references=(), subject=""))
    head = raw.split(b"\r\n\r\n")[0].lower()
    for name in (b"\r\nto:", b"\r\ncc:", b"in-reply-to:", b"references:", b"subject:"):
        assert name not in head


def test_every_line_ends_in_crlf_and_is_short_enough() -> None:
    long = replace(
        DRAFT,
        subject="Görüş və təklif haqqında uzun mövzu " * 8,
        text="söz " * 500 + "\n.\nFrom me\n" + "=" * 300,
        references=tuple(f"{number}@firma.az" for number in range(40)),
        to=tuple(Address(f"n{number}@firma.az", "Ağayeva, Çinarə Şahin qızı") for number in range(30)),
    )
    raw = compose_draft(long)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert read_mail(raw).subject == long.subject.strip()
    assert read_mail(raw).to == long.to


@pytest.mark.parametrize(
    "poison", ["x\r\nBcc: spy@evil.az", "x\nBcc: spy@evil.az", "x\rBcc: spy@evil.az", "x\r\n\r\nbody"]
)
def test_nothing_can_be_slipped_into_the_header(poison: str) -> None:
    raw = compose_draft(
        replace(DRAFT, subject=poison, marker=poison, from_=Address("a@b.az", poison), in_reply_to=poison)
    )
    parsed = email.message_from_bytes(raw, policy=email.policy.compat32)
    assert parsed["Bcc"] is None
    assert parsed.get_content_type() == "multipart/alternative"


def test_a_notice_shows_its_pictures_and_says_that_a_machine_wrote_it() -> None:
    raw = compose_notice(NOTICE)
    assert read_mail(raw).signals == {"auto-submitted": "auto-generated"}
    content = read_content(raw)
    assert content.text == "Hesabat"
    assert content.parts == ("text/plain", "text/html", "image/png")
    assert content.documents == ()
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    [picture] = [part for part in parsed.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<chart>"
    assert picture.get_payload(decode=True) == NOTICE.images["chart"]


def test_a_notice_without_pictures_is_plain_alternatives() -> None:
    assert read_content(compose_notice(replace(NOTICE, images={}))).parts == ("text/plain", "text/html")


LETTERS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Cf")), min_size=1, max_size=30)
PHRASES = st.lists(LETTERS, min_size=1, max_size=6).map(" ".join)
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n"), max_size=300)


@given(PHRASES, PHRASES, TEXTS)
def test_any_draft_reads_back(subject: str, name: str, text: str) -> None:
    draft = replace(DRAFT, subject=subject, from_=Address("leyla@bizim.az", f"L {name} L"), text=text, html="")
    raw = compose_draft(draft)
    assert read_mail(raw).subject == subject
    assert read_mail(raw).from_ == (draft.from_,)
    assert read_content(raw).text == (text.strip("\n") if text.strip() else "")
    # The standard library reads the same: we do not only understand ourselves.
    parsed = email.message_from_bytes(raw, policy=email.policy.compat32)
    plain = next(part for part in parsed.walk() if part.get_content_type() == "text/plain")
    data = plain.get_payload(decode=True)
    assert isinstance(data, bytes)
    assert data.decode().replace("\r\n", "\n") == text
