"""The content form: what a record must carry, what cures it, and what is named as missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from liuhen.engines.rulebook import Register
from liuhen.ground.record import Record
from tests.engines.rulebook.small import calendar

AT = "2026-03-20T09:00"


def has(what: str, more: str = "") -> str:
    return f"""
- id: carries
  form: content
  when: {{kind: trial.paper}}
  has: {what}
{more}"""


def paper(**parts: Any) -> dict[str, Any]:
    return {"on": "2026-03-02T09:00", "kind": "trial.paper", "id": "p", **parts}


def test_each_field_must_be_filled_and_the_empty_ones_are_named(book):
    rules = has("{fields: [title, summary]}")
    assert book(rules).judge("2026-03-02 trial.paper title=题 summary=要", at=AT) == ["met"]
    assert book(rules).judge("2026-03-02 trial.paper title=题", at=AT) == ["overdue missing summary"]
    assert book(rules).judge("2026-03-02 trial.paper", at=AT) == ["overdue missing title, summary"]


def test_a_field_of_blanks_is_empty(book):
    rules = has("{fields: [title]}")
    assert book(rules).judge(paper(content={"title": " \u3000"}), at=AT) == ["overdue missing title"]


def test_no_and_nought_are_answers(book):
    rules = has("{fields: [agreed, drawn, fine]}")
    assert book(rules).judge(paper(content={"agreed": False, "drawn": 0, "fine": 0}), at=AT) == ["met"]


@pytest.mark.parametrize(
    ("content", "said"), [("title=题", "met"), ("summary=要", "met"), ("", "overdue missing title|summary")]
)
def test_either_field_will_do(book, content: str, said: str):
    assert book(has("{fields: [{any: [title, summary]}]}")).judge(f"2026-03-02 trial.paper {content}", at=AT) == [said]


def test_signatures_are_asked_for_by_role_and_either_role_will_do(book):
    rules = has("{signatures: [enforcement_officer, {any: [party, witness]}]}")
    paper_ = "2026-03-02 trial.paper @enforcement_officer"
    assert book(rules).judge(f"{paper_} @party", at=AT) == ["met"]
    assert book(rules).judge(f"{paper_} @witness", at=AT) == ["met"]
    assert book(rules).judge(paper_, at=AT) == ["overdue missing party|witness"]
    assert book(rules).judge("2026-03-02 trial.paper @party", at=AT) == ["overdue missing enforcement_officer"]


def test_a_signature_added_later_cures_it_and_is_late_by_its_days(book):
    rules = has("{signatures: [party]}")
    records = ["2026-03-02 trial.paper #p", "2026-03-05 signature.added >p @party"]
    assert book(rules).judge(*records, at="2026-03-04T09:00") == ["overdue missing party"]
    assert book(rules).judge(*records, at=AT) == ["met late 3 natural_days"]


def test_a_signature_added_on_the_same_day_is_not_late(book):
    rules = has("{signatures: [party]}")
    records = ["2026-03-02 09:00 trial.paper #p", "2026-03-02 17:00 signature.added >p @party"]
    assert book(rules).judge(*records, at=AT) == ["met"]


def test_a_signature_added_to_another_paper_cures_nothing(book):
    rules = has("{signatures: [party]}")
    records = ["2026-03-02 trial.paper #p", "2026-03-03 trial.paper #q @party", "2026-03-05 signature.added >q @party"]
    assert book(rules).judge(*records, at=AT) == ["overdue missing party", "met"]


def test_a_correction_cures_it_and_shows_that_it_came_later(book):
    rules = has("{fields: [title]}")
    first = '{on: "2026-03-02", kind: trial.paper, id: p}'
    second = (
        '{on: "2026-03-02", kind: trial.paper, id: q, corrects: p, received: "2026-03-09T09:00", content: {title: 题}}'
    )
    assert book(rules).judge(first, second, at="2026-03-08T09:00") == ["overdue missing title"]
    assert book(rules).judge(first, second, at=AT) == ["met recorded_after"]


def test_a_correction_of_what_was_complete_is_simply_met(book):
    rules = has("{fields: [title]}")
    first = '{on: "2026-03-02", kind: trial.paper, id: p, content: {title: 提}}'
    second = (
        '{on: "2026-03-02", kind: trial.paper, id: q, corrects: p, received: "2026-03-09T09:00", content: {title: 题}}'
    )
    assert book(rules).judge(first, second, at=AT) == ["met"]


def test_in_an_archived_file_it_is_breached(book):
    rules = has("{fields: [title]}")
    closed = ["2026-03-03 case.closed", "2026-03-10 case_file"]
    assert book(rules).judge("2026-03-02 trial.paper", *closed, at=AT) == ["breached missing title"]
    assert book(rules).judge(*closed, "2026-03-12 trial.paper", at=AT) == ["overdue missing title"]


def test_approvals_are_asked_for_in_their_order(book):
    rules = has("{approvals: {in_order: [handling_unit, agency_head]}}")
    good = [
        {"role": "handling_unit", "signed_at": "2026-03-02T09:00"},
        {"role": "agency_head", "signed_at": "2026-03-02T10:00"},
    ]
    assert book(rules).judge(paper(signatures=good), at=AT) == ["met"]
    swapped = [{**good[0], "signed_at": "2026-03-02T11:00"}, good[1]]
    assert book(rules).judge(paper(signatures=swapped), at=AT) == ["overdue missing agency_head"]
    assert book(rules).judge(paper(signatures=good[:1]), at=AT) == ["overdue missing agency_head"]


def test_without_moments_the_order_on_the_paper_is_the_order_of_signing(book):
    rules = has("{approvals: {in_order: [handling_unit, agency_head]}}")
    assert book(rules).judge("2026-03-02 trial.paper @handling_unit @agency_head", at=AT) == ["met"]
    assert book(rules).judge("2026-03-02 trial.paper @agency_head @handling_unit", at=AT) == [
        "overdue missing agency_head"
    ]


def certificate(number: str, start: str = "2026-01-01", end: str = "2026-12-31") -> Record:
    day = calendar().start_of(1 + 730_000)
    content = {"number": number, "holder": "示例", "valid_from": start, "valid_until": end}
    return Record(id=number, bureau="示例", kind="officer.certificate", done_at=day, content=content)


def officer(name: str, number: str = "", role: str = "enforcement_officer") -> dict[str, str]:
    return {"role": role, "name": name} | ({"certificate": number} if number else {})


OFFICERS = has("{officers: {at_least: 2, certificate: valid}}")


def officers(book, *by: dict[str, str], register: list[Record] | None = None) -> list[str]:
    known = [certificate("1"), certificate("2")] if register is None else register
    return book(OFFICERS).judge(paper(by=list(by)), at=AT, register=known)


def test_two_officers_with_valid_certificates(book):
    assert officers(book, officer("甲", "1"), officer("乙", "2")) == ["met"]
    assert officers(book, officer("甲", "1")) == ["overdue missing enforcement_officer"]


def test_how_many_there_are_is_said(book):
    duty = book(OFFICERS).duties(paper(by=[officer("甲")]), at=AT)[0]
    assert duty.missing[0].words.en == "0 of 2 officers with a valid certificate"


@pytest.mark.parametrize(
    ("end", "said"), [("2026-03-02", "met"), ("2026-03-01", "overdue missing enforcement_officer")]
)
def test_a_certificate_is_valid_on_its_last_day_and_not_after(book, end: str, said: str):
    known = [certificate("1"), certificate("2", end=end)]
    assert officers(book, officer("甲", "1"), officer("乙", "2"), register=known) == [said]


@pytest.mark.parametrize(
    ("start", "said"), [("2026-03-02", "met"), ("2026-03-03", "overdue missing enforcement_officer")]
)
def test_a_certificate_is_valid_from_its_first_day(book, start: str, said: str):
    known = [certificate("1"), certificate("2", start=start)]
    assert officers(book, officer("甲", "1"), officer("乙", "2"), register=known) == [said]


def test_a_person_listed_twice_is_one(book):
    missing = ["overdue missing enforcement_officer"]
    assert officers(book, officer("甲", "1"), officer("甲", "1")) == missing
    assert officers(book, officer("甲", "1"), officer("甲")) == missing
    assert officers(book, officer("甲"), officer("甲", "1")) == missing


def test_namesakes_with_certificates_of_their_own_are_two(book):
    assert officers(book, officer("甲", "1"), officer("甲", "2")) == ["met"]


def test_who_is_no_officer_does_not_count(book):
    assert officers(book, officer("甲", "1"), officer("乙", "2", "party")) == ["overdue missing enforcement_officer"]
    device = {"role": "enforcement_officer", "name": "机", "certificate": "2", "type": "device"}
    assert officers(book, officer("甲", "1"), device) == ["overdue missing enforcement_officer"]


def test_without_any_register_it_is_not_known_whether_certificates_are_valid(book):
    assert officers(book, officer("甲", "1"), officer("乙", "2"), register=[]) == ["unknown asks officer_certificate"]
    assert officers(book, officer("甲", "1"), register=[]) == ["overdue missing enforcement_officer"]


def test_a_certificate_that_the_register_lacks_is_not_valid(book):
    assert officers(book, officer("甲", "1"), officer("乙", "9")) == ["overdue missing enforcement_officer"]


def test_a_corrected_or_withdrawn_certificate_no_longer_counts():
    day = calendar().start_of(730_001)
    corrected = Record(
        id="c", bureau="示例", kind="officer.certificate", done_at=day, corrects="1",
        content={"number": "1", "holder": "示例", "valid_from": "2026-01-01", "valid_until": "2026-02-01"},
    )  # fmt: skip
    gone = Record(id="w", bureau="示例", kind="record.withdrawn", done_at=day, links={"withdraws": ("2",)})
    march = date(2026, 3, 2).toordinal()
    register = Register.of([certificate("1"), certificate("2"), certificate("3"), corrected, gone])
    assert [register.valid(n, march) for n in "123"] == [False, False, True]


def test_without_asking_for_certificates_names_will_do(book):
    rules = has("{officers: {at_least: 2}}")
    assert book(rules).judge(paper(by=[officer("甲"), officer("乙")]), at=AT) == ["met"]


@pytest.mark.parametrize(
    ("compare", "content", "said"),
    [
        ("{field: drawn, at_least: {times: 2, field: needed}}", "drawn=4 needed=2", "met"),
        ("{field: drawn, at_least: {times: 2, field: needed}}", "drawn=3 needed=2", "overdue missing drawn"),
        ("{field: drawn, at_most: {field: needed}}", "drawn=2 needed=2", "met"),
        ("{field: drawn, at_most: {field: needed}}", "drawn=3 needed=2", "overdue missing drawn"),
        ("{field: drawn, equals: {field: needed}}", "drawn=2 needed=2", "met"),
        ("{field: drawn, equals: {field: needed}}", "drawn=1 needed=2", "overdue missing drawn"),
        ("{field: drawn, more_than: 2}", "drawn=3", "met"),
        ("{field: drawn, more_than: 2}", "drawn=2", "overdue missing drawn"),
        ("{field: drawn, at_least: {field: needed}}", "drawn=2", "overdue missing drawn"),
        ("{field: day, at_least: {field: other_day}}", "day=2026-03-02 other_day=2026-03-02", "met"),
        ("{field: day, at_least: {field: other_day}}", "day=2026-03-01 other_day=2026-03-02", "overdue missing day"),
    ],
)
def test_one_field_is_compared_with_another_or_with_a_value(book, compare: str, content: str, said: str):
    assert book(has(f"{{compare: {compare}}}")).judge(f"2026-03-02 trial.paper {content}", at=AT) == [said]


def test_files_are_counted_by_their_role(book):
    rules = has("{files: {at_least: 2, role: scan}}")
    scan, photo = {"name": "a.pdf", "role": "scan"}, {"name": "b.jpg", "role": "photo"}
    assert book(rules).judge(paper(files=[scan, scan]), at=AT) == ["met"]
    assert book(rules).judge(paper(files=[scan, photo]), at=AT) == ["overdue missing scan"]
    assert book(has("{files: {at_least: 2}}")).judge(paper(files=[scan, photo]), at=AT) == ["met"]


def test_records_linked_to_it_are_parts_of_it(book):
    rules = has("{parts: [{kind: trial.answer}]}")
    assert book(rules).judge("2026-03-02 trial.paper #p", "2026-03-03 trial.answer >p", at=AT) == ["met"]
    assert book(rules).judge("2026-03-02 trial.paper #p", "2026-03-03 trial.answer", at=AT) == [
        "overdue missing trial.answer"
    ]


def test_a_list_must_name_every_such_record_of_the_case_until_then(book):
    rules = has("{names: {each: {kind: trial.event}, of: same case}}")
    events = ["2026-03-01 trial.event #a", "2026-03-02 trial.event #b"]
    both = '{on: "2026-03-03", kind: trial.paper, links: {lists: [a, b]}}'
    one = '{on: "2026-03-03", kind: trial.paper, links: {lists: [a]}}'
    assert book(rules).judge(*events, both, at=AT) == ["met"]
    assert book(rules).judge(*events, one, at=AT) == ["overdue missing lists"]
    assert book(rules).judge(*events, both, "2026-03-04 trial.event", at=AT) == ["met"]


def test_the_refusal_excuses_the_signature_of_the_party_and_nothing_else(book):
    more = "  excused: {by: {kind: trial.excuse}, parts: {signatures: [party], fields: [summary]}}\n"
    rules = has("{signatures: [party, enforcement_officer], fields: [title, summary]}", more)
    excuse = "2026-03-02 trial.excuse #e >p"
    assert book(rules).judge("2026-03-02 trial.paper #p title=题 @enforcement_officer", excuse, at=AT) == ["excused"]
    assert book(rules).judge("2026-03-02 trial.paper #p", excuse, at=AT) == [
        "overdue missing title, enforcement_officer"
    ]


def test_only_the_first_paper_of_its_subject_can_be_asked(book):
    rules = has("{fields: [title]}").replace(
        "{kind: trial.paper}", "{first: {kind: trial.paper, where: {agreed: yes}}}"
    )
    records = [
        "2026-03-01 trial.paper agreed=no",
        "2026-03-02 trial.paper agreed=yes",
        "2026-03-03 trial.paper agreed=yes",
    ]
    assert [d.trigger for d in book(rules).duties(*records, at=AT)] == ["r1"]


def test_a_paper_of_which_it_is_not_known_whether_it_is_the_first_hides_no_other(book):
    rules = has("{fields: [title]}").replace(
        "{kind: trial.paper}", "{first: {kind: trial.paper, where: {agreed: yes}}}"
    )
    records = ["2026-03-01 trial.paper", "2026-03-02 trial.paper agreed=yes"]
    assert book(rules).judge(*records, at=AT) == ["unknown asks agreed", "overdue missing title"]


def test_a_condition_on_the_paper_itself(book):
    rules = has("{fields: [title]}", "  if: {agreed: yes}\n")
    said = {"agreed=yes": ["overdue missing title"], "agreed=no": [], "": ["unknown asks agreed"]}
    for content, expected in said.items():
        assert book(rules).judge(f"2026-03-02 trial.paper {content}", at=AT) == expected


def test_a_record_dated_by_day_is_to_be_whole_by_the_end_of_that_day_and_one_with_an_hour_at_that_moment(book):
    said = book(has("{fields: [title]}"))
    midnight = calendar().instant(date(2026, 3, 3).toordinal())
    for record in ("2026-03-02 trial.paper title=题", "2026-03-02 trial.paper"):
        (duty,) = said.duties(record, at=AT)
        assert duty.due == midnight
    (duty,) = said.duties("2026-03-02 09:00 trial.paper title=题", at=AT)
    assert duty.due == duty.since < midnight
