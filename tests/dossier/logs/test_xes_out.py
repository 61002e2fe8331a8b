"""A dossier as a log: valid by IEEE 1849-2016, without names unless asked for, and read back the same."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from liuhen.dossier.logs.judging import Seen, cases
from liuhen.dossier.logs.mapping import read_map
from liuhen.dossier.read import read
from liuhen.ground.vocabulary import default
from tests.dossier.logs.xes_rules import broken
from tests.faces.cli.called import SAMPLES, call

OF_CASES = ("perfect-case", "service-by-leaving", "review-clock", "questioning-without-transcript")


def exported(tmp_path: Path, name: str, *more: str) -> Path:
    out = tmp_path / "log.xes"
    said = call("export", SAMPLES / name, "--to", "xes", "--out", out, *more)
    assert (said.status, said.err) == (0, "")
    return out


@pytest.mark.parametrize("name", OF_CASES)
def test_a_log_keeps_the_rules_of_the_standard(tmp_path: Path, name: str):
    assert broken(exported(tmp_path, name)) == []


def test_without_a_file_the_log_is_what_is_printed(tmp_path: Path):
    said = call("export", SAMPLES / "perfect-case", "--to", "xes")
    assert (said.status, said.err) == (0, "")
    assert said.out == exported(tmp_path, "perfect-case").read_text(encoding="utf-8")
    assert call("export", SAMPLES / "perfect-case", "--to", "xes", "--json").status == 2


def test_the_rules_find_what_is_wrong(tmp_path: Path):
    """So that a log that keeps them says something."""
    path = exported(tmp_path, "perfect-case")
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ('xes.version="1849.2016"', ""),
        ('keys="kind"', 'keys="sort"'),
        ('prefix="org"', 'prefix="orga"'),
        ('key="precision" value="minute"', 'key="precisely" value="minute"'),
        ("+08:00", ""),
        ('key="org:role"', 'key="kind"'),
        ('<boolean key="content.major" value="false"', '<boolean key="content.major" value="no"'),
        ("\t<trace>", "\t<event/><trace>"),
    ):
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        assert broken(path) != [], old


def test_every_record_is_there_and_an_act_has_its_start_and_its_end(tmp_path: Path):
    log = ElementTree.parse(exported(tmp_path, "perfect-case")).getroot()
    found = Counter(
        (a["kind"], a["lifecycle:transition"])
        for event in log.iter("event")
        for a in [{e.get("key"): e.get("value") for e in event}]
    )
    expected: Counter[tuple[str, str]] = Counter()
    for r in read(SAMPLES / "perfect-case", default(), files=False).records:
        if r.kind == "case.opened" or r.links.get("case"):
            expected[r.kind, "complete"] += 1
            expected[r.kind, "start"] += r.until is not None
    assert {k: n for k, n in expected.items() if n}.items() <= found.items()
    times = [e.get("value") for e in log.iter("date")][1:]
    assert times == sorted(times)


def names_in(name: str) -> set[str]:
    records = read(SAMPLES / name, default(), files=False).records
    return {x for r in records for a in (*r.by, *r.signatures) for x in (a.name,) if x}


def test_nobody_is_named_unless_it_is_asked_for(tmp_path: Path):
    text = exported(tmp_path, "perfect-case").read_text(encoding="utf-8")
    assert re.search('key="org:resource" value="R1"', text)
    assert [name for name in names_in("perfect-case") if name in text] == []
    (tmp_path / "log.xes").unlink()
    named = exported(tmp_path, "perfect-case", "--names").read_text(encoding="utf-8")
    assert not re.search('key="org:resource" value="R1"', named)
    records = read(SAMPLES / "perfect-case", default(), files=False).records
    assert [a.identity for r in records for a in r.by[:1] if r.links.get("case") and a.identity not in named] == []


def test_personal_fields_and_free_text_stay_out(tmp_path: Path):
    text = exported(tmp_path, "perfect-case").read_text(encoding="utf-8")
    kinds = default().kinds
    told = 0
    for r in read(SAMPLES / "perfect-case", default(), files=False).records:
        for key, value in r.content.items():
            field = kinds[r.kind].fields.get(key)
            if (
                field is not None
                and isinstance(value, str)
                and len(value) > 8
                and (field.personal or "text" in field.type)
            ):
                told += key != "case_number"
                assert key == "case_number" or f'value="{value}"' not in text
    assert told > 3


def test_activities_are_named_in_the_language_asked_for(tmp_path: Path):
    assert 'key="concept:name" value="case opened"' in exported(tmp_path, "perfect-case", "--lang", "en").read_text(
        encoding="utf-8"
    )


def test_what_was_corrected_or_withdrawn_is_not_in_the_log(tmp_path: Path):
    for name in (path.name for path in SAMPLES.iterdir() if (path / "dossier.json").is_file()):
        records = read(SAMPLES / name, default(), files=False).records
        gone = {r.corrects for r in records if r.corrects}
        (tmp_path / "log.xes").unlink(missing_ok=True)
        text = exported(tmp_path, name).read_text(encoding="utf-8")
        assert [id_ for id_ in gone if id_ in text] == []


def test_what_xml_cannot_say_is_shown_and_read_back(tmp_path: Path):
    from liuhen.dossier.logs.xes_out import Way, write_xes
    from liuhen.ground.record import read_record

    record = read_record(
        {
            "id": "0197f000-0000-7000-8000-000000000001", "bureau": "<&>\"'", "kind": "case.opened",
            "done_at": "2026-03-05T10:00:00+08:00",
            "content": {"case_number": "a\x01\n<b>&\"'", "title": "x", "action_type": "penalty"},
        }
    )  # fmt: skip
    path = tmp_path / "log.xes"
    with path.open("w", encoding="utf-8") as out:
        done = write_xes(out, [("案<&>\n", (record,))], default(), Way(), "n")
    assert (done.cases, done.events) == (1, 1)
    assert broken(path) == []
    held = {e.get("key"): e.get("value") for e in ElementTree.parse(path).getroot().iter("string")}
    assert held["case.case_number"] == "a\ufffd\n<b>&\"'"
    assert held["org:group"] == "<&>\"'"


BACK = """
log: 1
case:
  id: concept:name
  opens_with: {kind: case.opened, fields: {case_number: concept:name, title: {value: x}, action_type: case.action_type}}
event: {activity: [kind, lifecycle:transition], time: time:timestamp, resource: org:resource}
activities:
  case.opened+complete: ignore
  decision.made+complete: {kind: decision.made}
  case.closed+complete: {kind: case.closed}
"""


def test_a_log_that_was_written_can_be_read_as_cases_again(tmp_path: Path):
    path = exported(tmp_path, "perfect-case")
    kinds = set(re.findall(r'key="kind" value="([^"]+)"', path.read_text(encoding="utf-8")))
    rest = "".join(
        f"  {kind}+{step}: ignore\n"
        for kind in sorted(kinds - {"-", "case.opened", "decision.made", "case.closed"})
        for step in ("start", "complete")
    )
    (tmp_path / "log.map.yaml").write_text(BACK + rest, encoding="utf-8")
    log = read_map(tmp_path / "log.map.yaml", default())
    seen = Seen(path, "xes")
    found = dict(cases(path, log, seen))
    assert (seen.cases, seen.findings) == (1, [])
    (records,) = found.values()
    whole = {r.kind: r for r in read(SAMPLES / "perfect-case", default(), files=False).records}
    made = {r.kind: r for r in records}
    assert made["decision.made"].done_at == whole["decision.made"].done_at
    assert made["case.opened"].content["action_type"] == "penalty"


# -- what is refused -----------------------------------------------------------------------------------------------------


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path):
    out = tmp_path / "log.xes"
    out.write_text("mine")
    said = call("export", SAMPLES / "perfect-case", "--to", "xes", "--out", out)
    assert said.status == 2
    assert said.err.startswith("E-050")
    assert out.read_text() == "mine"
    said = call("export", SAMPLES / "perfect-case", "--to", "xes", "--out", tmp_path / "none" / "log.xes")
    assert (said.status, said.err[:5]) == (2, "E-050")


def test_a_dossier_that_cannot_be_read_leaves_no_file(tmp_path: Path):
    said = call("export", tmp_path, "--to", "xes", "--out", tmp_path / "log.xes")
    assert (said.status, said.err[:5]) == (2, "D-001")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "more",
    [(), ("samples/perfect-case", "--journal"), ("--journal", "--names")],
    ids=["nothing to export", "both", "names of the journal"],
)
def test_what_to_export_is_one_thing_and_the_journal_names_nobody(tmp_path: Path, more: tuple[str, ...]):
    said = call("export", *more, "--to", "xes", "--out", tmp_path / "log.xes")
    assert said.status == 2
    assert said.err.startswith("U-00")
    assert list(tmp_path.iterdir()) == []
