"""What holds for every meeting: decisions are pure, drafts are justified, and no text of others becomes markup."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from syncagent.rulebook.conditions import ALWAYS_UNLESS, ALWAYS_WHEN
from syncagent.rulebook.decide import Outcome, decide
from syncagent.rulebook.facts import Colleague, MeetingFacts, Person, StreamState, Written
from syncagent.rulebook.settings import RuleSettings
from syncagent.rulebook.templates import render
from syncagent.vocabulary import InteractionState
from tests.unit.rulebook.builders import END, NOW, formal
from tests.unit.rulebook.test_letters import MAY_STAND_IN_HTML, read_back

# Whatever people, or people who mean harm, put into a subject, a name or a file name; surrogates too.
NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "</p></div><img src=x onerror=y>",
        "&lt;b&gt; &amp; &#60;",
        "<!-- -->]]>",
        "{{ 7 * 7 }}{% raw %}",
        "- 20 %",
        "Subject: other",
        "\x02- item",
        "a\r\n\r\nb\u2028c",
        "\ud800",
        "%s {0} {first}",
    ]
)
TEXTS = st.one_of(NASTY, st.text(max_size=60), st.text(st.characters(), max_size=10))
EMAILS = st.sampled_from(["", "a@x.example", "b@x.example", "c@y.example"])
LANGUAGES = st.sampled_from(["", "az", "en", "ru", "tr", "de", "AZ-Latn", "??"])
MOMENTS = st.integers(-60 * 24 * 60, 60 * 24 * 60).map(lambda minutes: END + timedelta(minutes=minutes))

PEOPLE = st.builds(
    Person,
    name=TEXTS,
    email=EMAILS,
    language=LANGUAGES,
    salutation=st.one_of(TEXTS, st.sampled_from(["xanım", "Mr", "Hörmətli ", "Dear <b>"])),
    contact_person=st.booleans(),
    opted_out=st.booleans(),
    stakeholder_id=st.sampled_from([None, 1]),
)
COLLEAGUES = st.builds(
    Colleague,
    name=TEXTS,
    email=EMAILS,
    language=LANGUAGES,
    zone=st.sampled_from(["Asia/Baku", "", "No/Where", "../etc", "America/New_York"]),
    signature=TEXTS,
)
MEETINGS = st.builds(
    MeetingFacts,
    interaction_id=st.just(1),
    subject=TEXTS,
    start_at=st.just(END - timedelta(hours=1)),
    end_at=st.just(END),
    all_day=st.booleans(),
    zone=st.just("Asia/Baku"),
    state=st.sampled_from(InteractionState),
    meeting_kind=st.sampled_from(["meeting", "call", "meal", "other", ""]),
    private=st.booleans(),
    internal=st.booleans(),
    accounts=st.just(("Müştəri MMC",)),
    key_account=st.booleans(),
    took_part=st.lists(PEOPLE, max_size=5).map(tuple),
    ours=st.lists(COLLEAGUES, max_size=2).map(tuple),
    actor=st.none() | COLLEAGUES,
    actor_mailbox=st.just("kamran"),
    agenda=st.lists(TEXTS, max_size=4).map(tuple),
    documents=st.lists(TEXTS, max_size=4).map(tuple),
    next_meeting_at=st.none() | MOMENTS,
    next_meeting_subject=TEXTS,
    written=st.lists(st.builds(Written, MOMENTS, EMAILS, EMAILS, st.text(max_size=3)), max_size=2).map(tuple),
    rests_on=st.lists(st.builds(StreamState, st.just("m"), st.just("s"), st.none() | MOMENTS), max_size=2).map(tuple),
)
# Most meetings fail some condition; these fail none but by their people and streams.
WILLING = st.builds(
    lambda facts: dataclasses.replace(
        facts,
        all_day=False,
        internal=False,
        private=False,
        key_account=True,
        state=InteractionState.DONE,
        meeting_kind="call",
        written=(),
        rests_on=(StreamState("m", "s", NOW),),
    ),
    MEETINGS,
)
SETTINGS = RuleSettings()


@given(facts=MEETINGS | WILLING, now=MOMENTS)
def test_a_decision_is_pure(facts: MeetingFacts, now: datetime) -> None:
    copy = dataclasses.replace(facts)
    first = decide(formal(), facts, now=now, settings=SETTINGS)
    assert first == decide(formal(), copy, now=now, settings=SETTINGS)
    assert facts == copy


@given(facts=MEETINGS | WILLING, now=MOMENTS | st.just(NOW))
def test_a_draft_is_justified_by_its_trace(facts: MeetingFacts, now: datetime) -> None:
    rule = formal()
    decision = decide(rule, facts, now=now, settings=SETTINGS)
    verdicts = {step.step: step.verdict for step in decision.trace}
    asked = [("when", "hit", (*rule.when, *ALWAYS_WHEN)), ("unless", "miss", (*rule.unless, *ALWAYS_UNLESS))]
    if decision.outcome is Outcome.LATER:
        assert now < facts.end_at
        assert decision.look_again_at == facts.end_at
        return
    met = [verdicts[f"{group} {each.name}"] == wanted for group, wanted, all_ in asked for each in all_]
    assert (decision.outcome is Outcome.DRAFT) is all(met)
    if decision.outcome is Outcome.DRAFT:
        assert decision.to
        assert not any(person.opted_out for person in decision.to)
        assert facts.actor is not None
    if decision.outcome is Outcome.UNDECIDED:
        assert "unknown" in verdicts.values()


@given(facts=MEETINGS, language=st.sampled_from(["az", "en", "ru", "tr"]))
@settings(max_examples=150, deadline=None)
def test_no_text_of_others_becomes_markup(facts: MeetingFacts, language: str) -> None:
    decision = dataclasses.replace(decide(formal(), facts, now=NOW, settings=SETTINGS), language=language)
    letter = render(formal(), facts, decision, now=NOW)
    reader = read_back(letter.html)
    assert reader.tags <= MAY_STAND_IN_HTML
    assert reader.attributes <= {"class", "lang", "style"}
    assert reader.text.rstrip("\n") + "\n" == letter.text
    assert letter.subject
    assert len(letter.subject.splitlines()) == 1
    for text in (letter.subject, letter.text, letter.html):
        text.encode()
        assert "\x02" not in text
    assert all(step.value for step in letter.trace)


@given(facts=MEETINGS)
@settings(max_examples=50, deadline=None)
def test_rendering_is_deterministic(facts: MeetingFacts) -> None:
    decision = decide(formal(), facts, now=NOW, settings=SETTINGS)
    assert render(formal(), facts, decision, now=NOW) == render(formal(), facts, decision, now=NOW)
