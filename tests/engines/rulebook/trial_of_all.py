"""A rulebook of everything: each form, trigger and exception of the rule language over kinds of the real vocabulary."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from tests.engines.rulebook.small import write_book

HEAD = """
settings: [{id: days, value: 3, unit: working_days, zh: 日, en: days, decided: {by: 示例, on: 2026-01-01}}]
marks:
  - id: grave
    zh: 严重
    en: grave
    any: [{record: {kind: act.hearing}}, {all: [{case.procedure: summary}, {record: {kind: decision.made}}]}]
"""
RULES = """
- id: plain
  form: response
  when: {kind: {group: onsite_act}}
  then:
    - {any: [{kind: onsite_inspection_transcript}, {kind: interview_transcript, shared: yes}]}
    - {kind: recording.completed, weight: hint}
  excused: [{by: {kind: refusal_record}, parts: [onsite_inspection_transcript]}, {by: {kind: device_failure_report}}]
  stand_in: {by: {kind: device_failure_report}, then: [{kind: interview_transcript}]}
- id: clocked
  form: response
  per: review
  when: {first: {kind: review.file_complete}}
  then: [{kind: legal_review_opinion}]
  within: {setting: days}
  rolls: yes
  stops: {from: {kind: review_return_record}, until: {kind: review.file_complete}, article: "6"}
  extended: {by: {kind: review.extension_granted}, amount: 1, unit: months}
- id: left-out
  form: response
  when: {kind: case.opened}
  then: [{kind: decision.made}]
  within: {amount: 30, unit: natural_days}
  stops: [{during: {kind: act.hearing, of: same case}}, {from: {kind: review_return_record}, until: {kind: review.file_complete}}]
- id: stored
  form: response
  per: recording
  when: {kind: recording.completed}
  then: [{kind: ingest_record, about: it}]
  within: {amount: 24, unit: hours}
  from: last_segment_end
  instead: {by: {kind: archive_period_by_law, of: same case}, within: {amount: 1, unit: natural_days}, from: last_day}
- id: fixed
  form: response
  when: {kind: archive_period_by_law}
  then: [{kind: case_file}]
  by: {field: last_day}
- id: quarter
  form: response
  when: {kind: decision.made}
  then: [{kind: penalty_decision}]
  by: {end_of: quarter}
- id: march
  form: response
  when: {kind: decision.made}
  if:
    any:
      - {mark: grave}
      - {has_not: {kind: act.hearing}}
      - {hour: {at_least: 18}, day_type: working, trigger.precision: minute}
  then: [{kind: penalty_decision}]
  by: {month_day: "03-31"}
  takes_the_place_of: [quarter]
- id: state
  form: response
  when: {each: device}
  then: [{kind: device_failure_report, at_least: {one_for_every: 3, of: {each: device}}}]
- id: equipped
  form: response
  when: {each: unit, if: {has: {kind: device_register, open: yes}}}
  then: [{kind: device_register, of: same unit, open: yes}]
- id: yearly
  form: response
  when: {each: calendar_year, per: unit}
  then: [{kind: supervision_check_record, of: same unit, at_least: 2}]
- id: after-the-quarter
  form: response
  when: {end_of: quarter, per: unit}
  then: [{kind: supervision_check_record, of: same unit}]
  within: {setting: days}
- id: again
  form: response
  when: {every: {amount: 2, unit: months}, per: unit}
  then: [{kind: supervision_check_record, of: same unit}]
  excused: {by: {kind: device_failure_report, of: same case}, beside: {kind: refusal_record, of: same case}}
- id: one-by-one
  form: response
  when: {kind: {group: onsite_act}}
  then: [{kind: interview_transcript}]
  by: {end_of: day, at: "17:30"}
  for_each: {field: recorder_holders, named_in: officer_names}
- id: other-review
  form: response
  when: {kind: {phase: review_decision}}
  if: {has_not: {kind: legal_review_opinion, of: another review}}
  then: [{kind: legal_review_application, of: another review, by: [case_handler, handling_unit]}]
- id: daily
  form: response
  when: {each: working_day, per: unit}
  then: [{kind: supervision_check_record, of: same unit}]
  within: {amount: 3, unit: working_days}
- id: whole
  form: coverage
  act: {kind: {group: onsite_act}}
  extent: whole
  gaps: explained
- id: worn
  form: coverage
  act: {kind: {group: onsite_act}}
  extent: arrival
  device: body_worn
  media: [video]
  who: each_officer_with_device
  excused: {by: {kind: device_failure_report}}
- id: holes
  form: response
  when: {gap_in: whole}
  then: [{kind: recording_interruption_record}]
- id: lapsed
  form: response
  when: {lapse: {after: {kind: decision.made}, without: {kind: performance_record}, within: {amount: 3, unit: months}}}
  then: [{kind: case.closed}]
  within: {amount: 2, unit: hours}
- id: marked
  form: response
  when: {mark: grave}
  then: [{kind: legal_review_opinion, by: legal_reviewer}]
- id: carried
  form: content
  when: {kind: [onsite_inspection_transcript, interview_transcript, decision.made]}
  has:
    signatures: [{each: enforcement_officer}, {any: [party, administered_party]}]
    approvals: {in_order: [handling_unit, agency_head]}
    officers: {at_least: 2, certificate: valid}
    files: {at_least: 1}
    names: {each: {kind: recording.completed}, of: same case}
    apart: [[enforcement_officer, party], {roles: [party], from: {kind: act.hearing}, there: [enforcement_officer]}]
  excused: {by: {kind: refusal_record}, parts: {signatures: [party]}}
- id: ordered
  form: order
  gate: yes
  cure: {zh: 请先送审, en: Review first.}
  before: {kind: decision.made}
  need:
    - {kind: legal_review_opinion, latest: yes, same: draft_digest, where: {review_opinion: agree}}
    - {kind: act.hearing, at_least: {amount: 3, unit: working_days}, at_most: {amount: 2, unit: months}}
- id: kept
  form: retention
  thing: {kind: recording.completed}
  keep: [{at_least: {amount: 6, unit: months}}, {at_least: {amount: 1, unit: years}, from: told_at}, {class: permanent}]
  raised_by: [{kind: refusal_record}, {kind: act.refusal}]
  ended_by: [{kind: recording.disposed}]
  gate: yes
  cure: {zh: 期满再办, en: When its time is over.}
- id: never
  form: absence
  gate: yes
  cure: {zh: 改日, en: Another day.}
  never: {kind: {group: onsite_act}}
  hour: {from: 22, to: 6}
  day_type: holiday
- id: once
  form: absence
  never: {kind: supplement_notice}
  second_of: {same: application}
"""


@cache
def every_form() -> Path:
    """Return its folder, written once a process."""
    return write_book(Path(tempfile.mkdtemp(prefix="liuhen-trial-")) / "trial", RULES, HEAD)
