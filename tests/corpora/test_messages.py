"""Every message of the corpora is read, or refused with a reason; and read as another parser's authors expect it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from syncagent.errors import BadItem
from syncagent.formats.addresses import normal
from syncagent.formats.headers import read_mail
from syncagent.formats.mime import read_content

pytestmark = pytest.mark.corpora

#: All 591 can be read today, the broken ones as well; a parser that begins to refuse some has become worse.
MOST_UNREADABLE = 0

#: The least share of values in which we agree with the expected parse of the same file.
LEAST_AGREEMENT = {"subject": 0.93, "message_id": 1.0, "from": 1.0, "to": 1.0}


@pytest.fixture(scope="module")
def messages(corpora: Path) -> list[Path]:
    return [corpora / line for line in (corpora / "messages.txt").read_text("utf-8").splitlines() if line]


def test_every_message_is_read_or_refused_with_a_reason(messages: list[Path]) -> None:
    assert len(messages) == 591
    refused: dict[str, str] = {}
    for path in messages:
        raw = path.read_bytes()
        try:
            mail, content = read_mail(raw), read_content(raw)
        except BadItem as error:
            refused[str(path)] = error.message
            continue
        for text in (mail.subject, mail.message_id, content.text, *(document.name for document in content.documents)):
            text.encode("utf-8")
            assert "\0" not in text
    assert all(refused.values())
    assert len(refused) <= MOST_UNREADABLE, refused


def test_text_in_no_charset_at_all_is_rare(messages: list[Path]) -> None:
    texts = {path: read_content(path.read_bytes()).text for path in messages}
    assert sum("\ufffd" in text for text in texts.values()) <= 3
    assert sum(bool(text.strip()) for text in texts.values()) >= 547  # the others have no text part, or an empty one


def test_what_is_read_agrees_with_the_expected_parse(corpora: Path, messages: list[Path]) -> None:
    compared: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    for path in messages:
        expected_file = path.with_suffix(".json")
        if "stalwart" not in path.relative_to(corpora).parts or not expected_file.exists():
            continue
        expected = expected_values(json.loads(expected_file.read_text("utf-8")))
        mail = read_mail(path.read_bytes())
        read = {
            "subject": mail.subject,
            "message_id": mail.message_id,
            "from": [address.email for address in mail.from_],
            "to": [address.email for address in mail.to],
        }
        for name, value in expected.items():
            compared[name] += 1
            agreed[name] += value == read[name]
    assert set(compared) == set(LEAST_AGREEMENT)
    assert min(compared.values()) >= 60
    shares = {name: agreed[name] / compared[name] for name in compared}
    print(f"agreement with the expected parses: {shares}")
    assert all(shares[name] >= least for name, least in LEAST_AGREEMENT.items()), shares


def expected_values(parse: dict[str, Any]) -> dict[str, Any]:
    """What a parse file says of the headers that we compare: the first of each, in our terms."""
    values: dict[str, Any] = {}
    for header in parse["parts"][0]["headers"]:
        name, value = header["name"], header["value"]
        if not isinstance(name, str) or name in values or value == "Empty":  # an unknown header is {"other": …}
            continue
        if name in ("subject", "message_id") and "Text" in value:
            values[name] = " ".join(value["Text"].split())
        elif name in ("from", "to") and "Address" in value:
            values[name] = [email for one in mailboxes(value["Address"]) if (email := normal(one["address"] or ""))]
    return values


def mailboxes(address: dict[str, Any]) -> list[dict[str, Any]]:
    if "List" in address:
        return list(address["List"])
    return [one for group in address["Group"] for one in group["addresses"]]
