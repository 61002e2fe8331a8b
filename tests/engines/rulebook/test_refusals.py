"""Every code that a rulebook is refused with, raised by one fault each, with file and line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from liuhen.engines.rulebook import InvalidRulebook, load_rulebook, shipped, vocabulary_for
from liuhen.ground.errors import Refused
from liuhen.ground.findings import table
from liuhen.ground.vocabulary import default
from tests.engines.rulebook.small import KINDS, Book, write_book

# A sound rulebook of two articles, each line of which a test spoils.
HEAD = """id: sound
title: {zh: 试验办法, en: Trial measures}
short: {zh: 试验办法, en: Trial measures}
issuer: {zh: 示例局, en: Example bureau}
version: "1"
in_force: {from: 2020-01-01, to: 2030-12-31}
actions: [penalty]
articles: 2
settings:
  - {id: days, value: 3, unit: natural_days, zh: 日, en: days, decided: {by: 示例, on: 2026-01-01}}
  - {id: much, value: 100, unit: fen, zh: 数额, en: much, decided: {by: 示例, on: 2026-01-01}}
marks:
  - {id: grave, zh: 严重, en: grave, any: [{record: {kind: trial.event, where: {size: big}}}]}
kinds: kinds/*.yaml
"""
FIRST = """article: "1"
asks: {zh: 答复, en: Answer.}
reading:
  - {id: counted, text: {zh: 不计当日, en: The day is not counted.}, instead: {zh: 计入, en: It would count.}}
entries:
  - {no: "1.1", checkable: automatic, carried: {rules: [answered]}}
  - no: "1.2"
    checkable: automatic
    carried: {clause: answered.within}
    examples:
      - {name: good, rule: answered, records: ["2026-03-02 trial.event", "2026-03-05 trial.answer"], at: 2026-04-01, expect: met}
      - {name: not at all, rule: answered, records: ["2026-03-02 trial.event"], at: 2026-04-01, expect: overdue}
rules:
  - id: answered
    form: response
    title: {zh: 答复, en: Answer}
    when: {kind: trial.event}
    then: [{kind: trial.answer}]
    within: {amount: 3, unit: natural_days}
    reading: counted
    examples:
      - name: on the third day
        records: ["2026-03-02 trial.event", "2026-03-05 trial.answer"]
        at: "2026-04-01T09:00"
        expect: met
      - name: on the fourth day
        records: ["2026-03-02 trial.event", "2026-03-06 trial.answer"]
        at: "2026-04-01T09:00"
        expect: {met: {late: {amount: 1, unit: natural_days}}}
"""
SECOND = """article: "2"
asks: {zh: 其他, en: The rest.}
entries:
  - {no: "2", undecided: {why: purpose, note: {zh: 说明目的, en: Tells the purpose.}}}
"""


def write(folder: Path, head: str = HEAD, first: str = FIRST, second: str = SECOND) -> Path:
    path = folder / "sound"
    (path / "articles").mkdir(parents=True)
    (path / "kinds").mkdir()
    (path / "rulebook.yaml").write_text(head, encoding="utf-8")
    (path / "articles" / "001.yaml").write_text(first, encoding="utf-8")
    (path / "articles" / "002.yaml").write_text(second, encoding="utf-8")
    shutil.copy(KINDS, path / "kinds" / "trial.yaml")
    return path


def refused(path: Path) -> InvalidRulebook:
    with pytest.raises(InvalidRulebook) as found:
        load_rulebook(path, vocabulary_for([path], default()))
    return found.value


def spoilt(text: str, was: str, now: str) -> str:
    assert was in text
    return text.replace(was, now, 1)


def test_the_sound_one_is_taken(tmp_path: Path):
    path = write(tmp_path)
    assert [r.id for r in load_rulebook(path, vocabulary_for([path], default())).rules] == ["answered"]


LATE = FIRST[FIRST.index("      - name: on the fourth day") :]
IN_TIME = FIRST[FIRST.index("      - name: on the third day") : FIRST.index("      - name: on the fourth day")]
TWICE = FIRST[FIRST.index("  - id: answered") :]

# code, what is changed in article 1, and the line that is named (None: that of the block).
FAULTS: list[tuple[str, str, str, int]] = [
    ("B-001", "    reading: counted", "    colour: red", 20),
    ("B-001", "within: {amount: 3, unit: natural_days}", "within: {amount: 3, unit: natural_days, roughly: yes}", 19),
    ("B-001", "when: {kind: trial.event}", "when: {kind: trial.event, per: case}", 17),
    ("B-002", "    title: {zh: 答复, en: Answer}\n", "", 14),
    ("B-002", "    then: [{kind: trial.answer}]\n", "", 14),
    ("B-002", "then: [{kind: trial.answer}]", "then: [{of: same case}]", 18),
    ("B-003", "title: {zh: 答复, en: Answer}", "title: 答复", 16),
    ("B-003", "id: answered\n", "id: Not A Name\n", 14),
    ("B-003", "amount: 3", "amount: three", 19),
    ("B-003", "amount: 3", "amount: -3", 19),
    ("B-003", "when: {kind: trial.event}", "when: {kind: trial.event, where: {period: big}}", 17),
    ("B-003", "when: {kind: trial.event}", "when: {kind: trial.event, where: {size: {contains: big}}}", 17),
    ("B-003", "when: {kind: trial.event}", "when: {kind: trial.event, where: {size: {at_least: big}}}", 17),
    ("B-003", "    reading: counted", "    by: {end_of: month}", 20),
    ("B-003", "    reading: counted", "    gate: yes", 20),
    ("B-003", "    reading: counted", "    from: size", 20),
    ("B-003", "then: [{kind: trial.answer}]", "then: [{kind: trial.answer, about: something}]", 18),
    ("B-003", "then: [{kind: trial.answer}]", "then: [{kind: trial.answer, of: case}]", 18),
    ("B-003", "within: {amount: 3, unit: natural_days}", "within: {amount: 3, unit: hours}\n    rolls: yes", 20),
    ("B-004", "when: {kind: trial.event}", "when: {kind: trial.nothing}", 17),
    ("B-004", "when: {kind: trial.event}", "when: {kind: {group: nobody}}", 17),
    ("B-004", "when: {kind: trial.event}", "when: {kind: trial.event, where: {colour: red}}", 17),
    ("B-004", "when: {kind: trial.event}", "when: {kind: trial.event, where: {size: huge}}", 17),
    ("B-004", "unit: natural_days", "unit: fortnights", 19),
    ("B-004", "within: {amount: 3, unit: natural_days}", "within: {setting: weeks}", 19),
    ("B-004", "within: {amount: 3, unit: natural_days}", "within: {setting: much}", 19),
    ("B-004", "    reading: counted", "    asks_from: nobody", 20),
    ("B-004", "    reading: counted", "    per: nothing", 20),
    ("B-004", "    reading: counted", "    if: {mark: light}", 20),
    ("B-004", "    reading: counted", "    takes_the_place_of: [nothing]", 14),
    ("B-005", "within: {amount: 3, unit: natural_days}", "within: {amount: 3}", 19),
    ("B-006", "form: response", "form: wish", 15),
    ("B-010", FIRST[FIRST.index("entries:") : FIRST.index("\nrules:") + 1], "", 1),
    ("B-011", LATE, LATE + TWICE, 30),
    ("B-012", IN_TIME, "", 14),
    ("B-012", LATE, "", 14),
    ("B-013", LATE, LATE.replace("03-06", "03-07").replace("amount: 1", "amount: 2"), 14),
    ("B-013", IN_TIME, IN_TIME.replace("2026-03-05", "2026-03-04"), 14),
    ("B-014", "carried: {rules: [answered]}", "carried: {rules: [unanswered]}", 6),
    ("B-014", "carried: {clause: answered.within}", "carried: {clause: answered.stops}", 7),
    ("B-014", "carried: {rules: [answered]}", "carried: {gate: answered}", 6),
    ("B-014", "carried: {rules: [answered]}", "carried: {mark: light}", 6),
    ("B-014", "carried: {rules: [answered]}", "carried: {values: trial.event.colour}", 6),
    ("B-014", "carried: {rules: [answered]}", "carried: {read_model: dreams}", 6),
    ("B-014", "carried: {rules: [answered]}", "carried: {permission: everything}", 6),
    ("B-015", "at: 2026-04-01, expect: overdue}", "at: \"2026-03-03T09:00\", expect: due}", 7),
    ("B-016", 'no: "1.2"', 'no: "1.1"', 7),
    ("B-017", "    reading: counted", "    takes_the_place_of: [answered]", 14),
    ("B-018", "    reading: counted", "    reading: uncounted", 14),
    ("B-019", LATE, LATE + TWICE.replace("id: answered", "id: unasked"), 30),
    ("B-020", "        at: \"2026-04-01T09:00\"\n", "        at: soon\n", 22),
    ("B-020", "2026-03-05 trial.answer\"]\n", "2026-02-30 trial.answer\"]\n", 22),
    ("B-020", "        expect: met\n", "        expect: perfect\n", 22),
    ("B-020", "\"2026-03-02 trial.event\", \"2026-03-05 trial.answer\"]\n", "\"2026-03-02 trial.event colour=red\"]\n", 22),
    ("B-020", "\"2026-03-02 trial.event\", \"2026-03-05 trial.answer\"]\n", "\"2026-03-02 trial.event size=huge\"]\n", 22),
]  # fmt: skip


@pytest.mark.parametrize(("code", "was", "now", "line"), FAULTS, ids=[f"{c}-{n}" for n, (c, *_) in enumerate(FAULTS)])
def test_one_fault_is_refused_with_its_code_file_and_line(tmp_path: Path, code: str, was: str, now: str, line: int):
    finding = refused(write(tmp_path, first=spoilt(FIRST, was, now))).finding
    assert (finding.code, finding.fields["at"]) == (code, f"sound/articles/001.yaml:{line}")
    for language in ("zh", "en"):
        assert f"001.yaml:{line}" in finding.sentence(language)
        assert finding.next_step(language)


HEAD_FAULTS = [
    ("B-001", "articles: 2", "articles: 2\ncolour: red", 9),
    ("B-002", "articles: 2\n", "", 1),
    ("B-003", "id: sound", "id: another", 1),
    ("B-003", "to: 2030-12-31", "to: 2019-12-31", 6),
    ("B-003", "to: 2030-12-31", "to: 2030-02-30", 6),
    ("B-003", "value: 3", "value: many", 10),
    ("B-003", "id: much", "id: days", 11),
    ("B-003", "any: [{record", "any: [{mark: grave}, {record", 13),
    ("B-004", "actions: [penalty]", "actions: [parking]", 7),
    ("B-004", "unit: fen", "unit: shells", 11),
    ("B-005", "unit: natural_days, ", "", 10),
    ("B-008", "articles: 2", "articles: 3", 0),
]


@pytest.mark.parametrize(("code", "was", "now", "line"), HEAD_FAULTS)
def test_a_fault_of_the_head_is_refused_with_its_line(tmp_path: Path, code: str, was: str, now: str, line: int):
    finding = refused(write(tmp_path, head=spoilt(HEAD, was, now))).finding
    at = f"sound/rulebook.yaml:{line}" if line else "sound/rulebook.yaml"
    assert (finding.code, finding.fields["at"]) == (code, at)


def test_an_article_twice_is_refused(tmp_path: Path):
    finding = refused(write(tmp_path, second=SECOND.replace('"2"', '"1"', 1))).finding
    assert (finding.code, finding.fields["at"]) == ("B-003", "sound/articles/002.yaml:1")


def test_an_undecided_article_says_why_in_a_known_word(tmp_path: Path):
    finding = refused(write(tmp_path, second=SECOND.replace("purpose", "boring"))).finding
    assert (finding.code, finding.fields["at"]) == ("B-003", "sound/articles/002.yaml:4")
    assert "purpose" in finding.sentence("zh")


@pytest.mark.parametrize("text", ["- 1\n", "一句话\n"], ids=["a list", "a sentence"])
def test_a_file_that_is_no_mapping_is_named_with_its_first_line(tmp_path: Path, text: str):
    finding = refused(write(tmp_path, second=text)).finding
    assert (finding.code, finding.fields["at"]) == ("B-003", "sound/articles/002.yaml:1")
    assert "：这里 的写法不对，应为：" in finding.sentence("zh")


def test_a_folder_without_a_rulebook_is_refused(tmp_path: Path):
    finding = refused(tmp_path).finding
    assert (finding.code, finding.fields["path"]) == ("B-007", str(tmp_path))


def test_a_circle_of_three_rules_is_found(tmp_path: Path):
    rules = "".join(
        f"""
- id: rule-{n}
  form: response
  when: {{kind: trial.event}}
  then: [{{kind: trial.answer}}]
  takes_the_place_of: [rule-{(n + 1) % 3}]
"""
        for n in range(3)
    )
    path = write_book(tmp_path / "trial", rules)
    with pytest.raises(InvalidRulebook) as found:
        Book(path)
    assert found.value.finding.code == "B-017"


def test_both_limits_of_an_order_need_both_sides(tmp_path: Path):
    rule = (
        FIRST[: FIRST.index("\nrules:") + 1].replace("answered.within", "answered.need")
        + """rules:
  - id: answered
    form: order
    title: {zh: 满三日, en: After three days}
    before: {kind: trial.event}
    need: [{kind: trial.answer, at_least: {amount: 3, unit: natural_days}}]
    examples:
      - {name: enough, records: ["2026-03-02 trial.answer", "2026-03-DAY trial.event"], at: 2026-04-01, expect: met}
      - {name: a day short, records: ["2026-03-02 trial.answer", "2026-03-05 trial.event"], at: 2026-04-01, expect: breached}
"""
    )
    rule = re.sub(
        r'"2026-03-02 trial.event", "2026-03-05 trial.answer"',
        '"2026-03-01 trial.answer", "2026-03-09 trial.event"',
        rule,
    )
    rule = rule.replace("expect: overdue", "expect: breached")
    assert refused(write(tmp_path / "far", first=rule.replace("DAY", "07"))).finding.code == "B-013"
    path = write(tmp_path / "near", first=rule.replace("DAY", "06"))
    assert load_rulebook(path, vocabulary_for([path], default())).rules[0].form == "order"


CARRIERS = {
    "values": (
        "{values: trial.event.size}",
        '{name: a size, record: "size=big", expect: accepted}',
        '{name: no size, record: "size=huge", expect: refused}',
    ),
    "permission": (
        "{permission: state_secret}",
        "{name: the head, role: principal_head, may: look, of: state_secret, expect: allowed}",
        "{name: an officer, role: enforcement_officer, may: look, of: state_secret, expect: refused}",
    ),
    "read_model": (
        "{read_model: faults}",
        '{name: none, records: ["2026-03-02 trial.event"], at: "2026-03-03T09:00", expect: {lists: 0}}',
        '{name: one, records: ["2026-03-02 trial.event"], at: "2026-04-03T09:00", expect: {lists: 1}}',
    ),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_other_carriers_bring_an_example_that_passes_and_one_that_fails(tmp_path: Path, carrier: str):
    carried, good, bad = CARRIERS[carrier]

    def with_examples(*examples: str) -> str:
        entry = f'  - {{no: "1.3", checkable: attested, carried: {carried}, examples: [{", ".join(examples)}]}}\nrules:'
        return FIRST.replace("\nrules:\n", "\n" + entry + "\n", 1)

    path = write(tmp_path / "both", first=with_examples(good, bad))
    load_rulebook(path, vocabulary_for([path], default()))
    for n, examples in enumerate(((good,), (bad,), ())):
        assert refused(write(tmp_path / str(n), first=with_examples(*examples))).finding.code == "B-015"
    broken = re.sub(r"expect: .*$", "expect: perhaps}", good)
    assert refused(write(tmp_path / "broken", first=with_examples(broken, bad))).finding.code == "B-020"


RAISED_ELSEWHERE = {"B-021", "B-022", "B-023"}  # tests/dossier, test_stacking


def test_every_code_of_the_family_is_raised_by_a_test():
    here = {code for code, *_ in FAULTS} | {code for code, *_ in HEAD_FAULTS} | {"B-007"}
    # From B-040 on they are of an attached text, from B-101 on of lint, with tests of their own.
    assert here | RAISED_ELSEWHERE == {code for code in table() if "B-000" < code < "B-040"}


def test_the_product_refuses_a_rulebook_of_its_own_that_was_spoilt(tmp_path: Path):
    path = tmp_path / "anshan-legal-review"
    shutil.copytree(shipped()["anshan-legal-review"], path)
    file = path / "articles" / "008.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("unit: working_days", "unit: week_days"), encoding="utf-8")
    with pytest.raises(Refused) as found:
        load_rulebook(path, default())
    assert found.value.finding.code == "B-004"
    assert str(found.value.finding.fields["at"]).startswith("anshan-legal-review/articles/008.yaml:")
