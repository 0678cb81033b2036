"""Answers for the words of the reports in Azerbaijani and English, in the terms of key account management; values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from syncagent.reports.weekly_report import Status


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that a report says in one language; a missing text is a type error, not a gap on the page."""

    code: str  # of HTML's lang
    locale: str  # of Babel
    title: str
    mails_in: str
    mails_out: str
    meetings: str
    column_in: str
    column_out: str
    column_meetings: str
    column_last: str
    total: str
    by_account: str
    with_you: str
    untouched_people: str
    untouched_accounts: str
    counted_once: str
    chart_missing: str
    more_accounts: str
    follow_ups: str
    due: str
    done: str
    late: str
    open: str
    discarded: str
    earlier: str
    due_at: str
    no_draft: str
    silent: str
    silent_why: str
    last_contact: str
    never: str
    next_meetings: str
    next_meetings_why: str
    ours: str
    all_day: str
    tentative: str
    no_subject: str
    none: str
    more: str
    made: str
    contact_person: str
    roles: Mapping[str, str]
    statuses: Mapping[Status, str]


AZERBAIJANI = Words(
    code="az",
    locale="az",
    title="Həftəlik təmas hesabatı",
    mails_in="Gələn məktublar",
    mails_out="Gedən məktublar",
    meetings="Görüşlər",
    column_in="Gələn",
    column_out="Gedən",
    column_meetings="Görüş",
    column_last="Son təmas",
    total="Cəmi",
    by_account="Əsas müştərilər üzrə təmaslar",
    with_you="sizin iştirakınızla:\u00a0{number}",
    untouched_people="Həftə ərzində təmas olmayıb: {names}",
    untouched_accounts="Həftə ərzində təmas olmayan əsas müştərilər",
    counted_once="Bir neçə nəfərin iştirak etdiyi təmas müştəri üzrə bir dəfə sayılır.",
    chart_missing="Diaqram çəkilə bilmədi; rəqəmlər aşağıdakı cədvəldədir.",
    more_accounts="və daha {number} müştəri",
    follow_ups="Tamamlayıcı məktublar",
    due="Həftə ərzində müddəti bitən:\u00a0{number}",
    done="göndərilib:\u00a0{number}",
    late="gec:\u00a0{number}",
    open="gözləyir:\u00a0{number}",
    discarded="silinib:\u00a0{number}",
    earlier="əvvəlki həftələrdən qalan:\u00a0{number}",
    due_at="son müddət: {when}",
    no_draft="qaralama yoxdur",
    silent="Səssiz maraqlı tərəflər",
    silent_why="Son {days} gündə təmas olmayıb.",
    last_contact="son təmas: {when}",
    never="heç vaxt",
    next_meetings="Qarşıdan gələn görüşlər",
    next_meetings_why="Növbəti {days} gün.",
    ours="bizdən: {names}",
    all_day="bütün gün",
    tentative="təsdiqlənməyib",
    no_subject="(mövzusuz)",
    none="Yoxdur.",
    more="və daha {number}",
    made="syncagent hazırlayıb: {when}. Vaxt qurşağı: {zone}.",
    contact_person="əlaqə üzrə məsul şəxs",
    roles=MappingProxyType(
        {
            "decision_maker": "qərar qəbul edən",
            "influencer": "təsir edən",
            "supporter": "tərəfdar",
            "opponent": "əleyhdar",
        }
    ),
    statuses=MappingProxyType(
        {
            Status.IN_TIME: "vaxtında göndərilib",
            Status.LATE: "gec göndərilib",
            Status.OPEN: "gözləyir",
            Status.OVERDUE: "vaxtı keçib",
            Status.DISCARDED: "silinib",
        }
    ),
)

ENGLISH = Words(
    code="en",
    locale="en_GB",
    title="Weekly contact report",
    mails_in="Mails in",
    mails_out="Mails out",
    meetings="Meetings",
    column_in="In",
    column_out="Out",
    column_meetings="Meetings",
    column_last="Last contact",
    total="Total",
    by_account="Contacts by key account",
    with_you="with you:\u00a0{number}",
    untouched_people="No contact in the week: {names}",
    untouched_accounts="Key accounts without contact in the week",
    counted_once="A contact with several people counts once for its account.",
    chart_missing="The chart could not be drawn; the numbers are in the table below.",
    more_accounts="and {number} more accounts",
    follow_ups="Follow-ups",
    due="Due in the week:\u00a0{number}",
    done="sent:\u00a0{number}",
    late="late:\u00a0{number}",
    open="open:\u00a0{number}",
    discarded="discarded:\u00a0{number}",
    earlier="still open from earlier weeks:\u00a0{number}",
    due_at="due: {when}",
    no_draft="no draft",
    silent="Silent stakeholders",
    silent_why="No contact in the last {days} days.",
    last_contact="last contact: {when}",
    never="never",
    next_meetings="Next meetings",
    next_meetings_why="The next {days} days.",
    ours="of us: {names}",
    all_day="all day",
    tentative="tentative",
    no_subject="(no subject)",
    none="None.",
    more="and {number} more",
    made="Made by syncagent: {when}. Time zone: {zone}.",
    contact_person="contact person",
    roles=MappingProxyType(
        {
            "decision_maker": "decision maker",
            "influencer": "influencer",
            "supporter": "supporter",
            "opponent": "opponent",
        }
    ),
    statuses=MappingProxyType(
        {
            Status.IN_TIME: "sent in time",
            Status.LATE: "sent late",
            Status.OPEN: "open",
            Status.OVERDUE: "overdue",
            Status.DISCARDED: "discarded",
        }
    ),
)


def words_for(language: str) -> Words:
    """The words in ``language``; a language that has none reads English."""
    return AZERBAIJANI if language == AZERBAIJANI.code else ENGLISH
