# ruff: noqa: E501 (rules on one line)
"""A rule in plain sentences: what it asks, of whom, by when, with which exceptions, in both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from liuhen.engines.rulebook import read_rulebook
from liuhen.engines.rulebook.texts.sentences import Said, Sentences
from liuhen.ground.vocabulary import Vocabulary, default
from tests.engines.rulebook.small import KINDS, write_book

HEAD = """
settings:
  - {id: days, value: 5, unit: working_days, zh: 天数, en: days, decided: {by: 示例局, on: 2026-01-01}}
  - {id: fine, value: 1000000, unit: fen, zh: 数额, en: amount, decided: {by: 示例局, on: 2026-01-01}}
marks:
  - {id: big, zh: 大案, en: big case, any: [{has: {kind: act.hearing}}]}
"""


@cache
def vocabulary() -> Vocabulary:
    return default().extended([KINDS])


def said(tmp_path: Path, rule: str) -> Said:
    book = read_rulebook(write_book(tmp_path / "trial", "- id: one\n" + rule, HEAD), vocabulary())
    return Sentences(book, vocabulary()).said(book.rules[0])


RESPONSE = "  form: response\n  when: {kind: act.inspection}\n  then: [{kind: onsite_inspection_transcript}]\n"
ASKS = [
    (RESPONSE, "有现场检查（勘验）的，应有现场检查（勘验）笔录。", "For every on-site inspection or survey: on-site inspection (survey) transcript must be there."),
    (RESPONSE + "  any_time: no\n", "有现场检查（勘验）的，之后应有现场检查（勘验）笔录。", "For every on-site inspection or survey: on-site inspection (survey) transcript must follow."),
    (RESPONSE + "  if: {nature: survey}\n", "有现场检查（勘验）的，如果检查或者勘验为现场勘验，应有现场检查（勘验）笔录。", "For every on-site inspection or survey, if inspection or survey is survey: on-site inspection (survey) transcript must be there."),
    (RESPONSE + "  if: {mark: big}\n", "有现场检查（勘验）的，如果属于“大案”，应有现场检查（勘验）笔录。", "For every on-site inspection or survey, if it counts as “big case”: on-site inspection (survey) transcript must be there."),
    (RESPONSE + "  if: {has_not: {kind: act.hearing}}\n", "有现场检查（勘验）的，如果没有听证，应有现场检查（勘验）笔录。", "For every on-site inspection or survey, if there is no hearing: on-site inspection (survey) transcript must be there."),
    ("  form: response\n  when: {mark: big}\n  then: [{any: [{kind: onsite_inspection_transcript}, {kind: interview_transcript, by: party}]}]\n", "一旦属于“大案”，应有现场检查（勘验）笔录，或者当事人的询问笔录。", "Once it counts as “big case”: on-site inspection (survey) transcript, or interview transcript by party must be there."),
    ("  form: content\n  when: {kind: penalty_decision}\n  has: {fields: [fine], signatures: [{any: [agency_head, principal_head]}], compare: {field: fine, at_most: {setting: fine}}}\n", "有行政处罚决定书的，应写明罚款、应由行政机关负责人或者主要负责人签名或者盖章、应使罚款不超过10000元（由机关设定）。", "For every penalty decision: it must state fine, it must be signed or sealed by agency head or principal head, it must be so that fine is at most 10000 yuan (set by the office)."),
    ("  form: order\n  before: {kind: court_enforcement_application}\n  need: [{kind: demand_notice, at_least: {amount: 10, unit: working_days}}]\n", "有强制执行申请书的，之前应先有催告书，至少早10个工作日。", "For every application for court enforcement: demand notice, at least 10 working days before must come first."),
    ("  form: coverage\n  act: {kind: act.hearing}\n  extent: whole\n  media: [video]\n", "有听证的，应有音像记录：全程、不得中断、形式为录像。", "For every hearing: it must be recorded, from beginning to end, without a gap, as video."),
    ("  form: retention\n  per: recording\n  thing: {kind: recording.completed}\n  keep: [{at_least: {amount: 6, unit: months}}, {class: permanent}]\n", "有音像记录的，应当保存：不少于6个月、永久。", "For every recording: it must be kept at least 6 months, permanently."),
    ("  form: absence\n  never: {kind: act.inspection}\n  hour: {from: 22, to: 6}\n", "有现场检查（勘验）的，不得有这种情形（22时至6时）。", "For every on-site inspection or survey: this is forbidden (between 22:00 and 6:00)."),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "zh", "en"), ASKS, ids=[str(n) for n in range(len(ASKS))])
def test_what_is_asked_reads_as_one_sentence(tmp_path: Path, rule: str, zh: str, en: str):
    found = said(tmp_path, rule).asks
    assert (found.zh, found.en) == (zh, en)


CLOCKS = [
    ("", "条文未定期限，至案件结束前", "the text sets no number: before the case is closed"),
    ("  within: {amount: 24, unit: hours}\n  from: until\n", "自结束之时起24小时内", "within 24 hours of its end"),
    ("  within: {setting: days}\n  rolls: yes\n", "自办理之时起5个工作日（由机关设定）内；最后一日遇休息日顺延", "within 5 working days (set by the office) of when it was done; a last day off moves to the next working day"),
    ('  by: {month_day: "03-31"}\n', "3月31日以前", "by 31/3 (day/month)"),
    ('  by: {end_of: day, at: "17:30"}\n', "当日结束前（17:30）", "by the end of that day (17:30)"),
    ("  within: {amount: 7, unit: natural_days}\n  stops: {during: {kind: act.appraisal, of: same case}}\n", "自办理之时起7日内；委托鉴定期间不计算", "within 7 days of when it was done; days of appraisal commissioned are not counted"),
]  # fmt: skip


@pytest.mark.parametrize(("clock", "zh", "en"), CLOCKS, ids=[str(n) for n in range(len(CLOCKS))])
def test_the_clock_says_how_long_from_where_and_what_is_left_out(tmp_path: Path, clock: str, zh: str, en: str):
    found = said(tmp_path, RESPONSE + clock).clock
    assert (found.zh, found.en) == (zh, en)


def test_below_it_stand_the_person_the_exceptions_and_the_weight(tmp_path: Path):
    rule = RESPONSE + (
        "  asks_from: enforcement_officer\n  actions: [penalty]\n  weight: hint\n  attested: yes\n"
        "  excused: {by: {kind: refusal_record}, beside: {kind: act.hearing, of: same case}}\n"
    )
    assert [w.en for w in said(tmp_path, rule).lines] == [
        "Who: enforcement officer",
        "Clock: the text sets no number: before the case is closed",
        "Exception: record of a refusal excuses it, provided there is hearing",
        "Only for: penalty",
        "Weight: a hint, never counted as a breach",
        "Attested by a person; the product can’t verify it by itself",
    ]
