"""A rulebook with anything wrong in it: it judges cases, or is refused with a code, a file and a line that is there."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.dossier.dossier import Dossier
from liuhen.dossier.read import read as read_dossier
from liuhen.engines.rulebook import (
    Rulebook,
    Stack,
    build_stack,
    by_default,
    load_rulebook,
    read_rulebook,
    run_examples,
    shipped,
    vocabulary_for,
)
from liuhen.ground.case import Case
from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding
from liuhen.ground.moments import Instant
from liuhen.ground.vocabulary import Vocabulary, default
from tests.engines.rulebook.mutations import changed_copy, changes
from tests.engines.rulebook.small import calendar
from tests.engines.rulebook.test_refusals import write
from tests.engines.rulebook.trial_of_all import every_form
from tests.strategies import cases, instants

SAMPLES = Path(__file__).parents[3] / "samples"
AT = 1_780_000_000_000_000


@cache
def samples() -> tuple[Dossier, ...]:
    """The sample dossiers."""
    return tuple(read_dossier(f.parent, default(), files=False) for f in sorted(SAMPLES.glob("*/dossier.json")))


@cache
def sound() -> Path:
    """A small sound rulebook, with kinds of its own."""
    return write(Path(tempfile.mkdtemp()))


def refusal_of(work: Callable[[], object]) -> tuple[Finding, ...]:
    try:
        work()
    except Refused as refused:
        return refused.findings
    return ()


def told(finding: Finding, path: Path) -> None:
    """A finding says what is wrong in two languages, and its file and line can be opened."""
    assert finding.code[:2] in ("B-", "V-", "Y-")
    for language in ("zh", "en"):
        assert finding.sentence(language)
        assert finding.next_step(language)
    at = str(finding.fields.get("at") or finding.fields.get("file") or finding.fields.get("path"))
    file, line = (found[1], found[2]) if (found := re.fullmatch(r"(.*?)(?::(\d+))?", at)) else ("", "")
    line = line or finding.fields.get("line")
    held = path.parent / file
    assert held.exists()
    if line:
        # lines end as YAML 1.1 ends them: also with CR, NEL, LS and PS
        ends = re.findall(rb"\r\n|[\r\n]|\xc2\x85|\xe2\x80[\xa8\xa9]", held.read_bytes())
        assert 1 <= int(str(line)) <= len(ends) + 2


def judged_by(rulebook: Rulebook, vocabulary: Vocabulary) -> None:
    for regardless in (False, True):
        stack = build_stack([rulebook], vocabulary, calendar(), regardless_of_dates=regardless)
        for dossier in samples():
            for file in (dossier.records, dossier.records[:3]):
                stack.judge(Case.of(file), AT)


def used(path: Path) -> None:
    """What a person does with a rulebook: load it, run its examples, judge with it."""
    vocabulary = vocabulary_for([path], default())
    rulebook = load_rulebook(path, vocabulary)
    run_examples(rulebook, vocabulary, calendar())
    judged_by(rulebook, vocabulary)


def holds(source: Path, change: tuple[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = changed_copy(source, Path(folder), change)
        for finding in refusal_of(lambda: used(path)):
            told(finding, path)


def test_the_sound_ones_judge() -> None:
    for source in (sound(), *by_default().values()):
        used(source)


@settings(max_examples=80)
@given(st.data())
def test_a_small_rulebook_gone_wrong_judges_or_is_refused(data: st.DataObject) -> None:
    holds(sound(), data.draw(changes(sound())))


@pytest.mark.parametrize(("name", "examples"), [("anshan-legal-review", 12), ("bazhou", 4)])
def test_a_shipped_rulebook_gone_wrong_judges_or_is_refused(name: str, examples: int) -> None:
    @settings(max_examples=examples)
    @given(changes(shipped()[name]))
    def one(change: tuple[str, bytes]) -> None:
        holds(shipped()[name], change)

    one()


@settings(max_examples=50)
@given(st.data())
def test_rules_of_every_form_gone_wrong_judge_any_case_or_are_refused(data: st.DataObject) -> None:
    """Without asking for examples, so that the evaluator itself meets what a rulebook can say."""
    with tempfile.TemporaryDirectory() as folder:
        path = changed_copy(every_form(), Path(folder), data.draw(changes(every_form())))
        made: list[Rulebook] = []
        vocabularies: list[Vocabulary] = []

        def compiled() -> None:
            vocabularies.append(vocabulary_for([path], default()))
            made.append(read_rulebook(path, vocabularies[0]))
            build_stack(made, vocabularies[0], calendar())

        if findings := refusal_of(compiled):
            for finding in findings:
                told(finding, path)
        else:
            stack = build_stack(made, vocabularies[0], calendar(), regardless_of_dates=True)
            kinds = {k for rule in made[0].rules for k in rule.trigger.kinds}
            case, at = data.draw(cases(6, kinds)), data.draw(instants())
            stack.judge(case, at)


@cache
def everything() -> tuple[Stack, frozenset[str]]:
    """The default texts and every form in one stack, and the duties that only one rule has."""
    books = [read_rulebook(path, default()) for path in (*by_default().values(), every_form())]
    stack = build_stack(books, default(), calendar(), regardless_of_dates=True)
    times = Counter(rule.duty for rule in stack.rules)
    return stack, frozenset(duty for duty in times if times[duty] == 1)


@settings(max_examples=40)
@given(cases(8), instants())
def test_a_rule_judged_alone_says_what_it_says_among_all(case: Case, at: Instant) -> None:
    stack, alone = everything()
    together = [d for d in stack.judge_held(stack.hold(case, at)).duties if d.rule.duty in alone]
    one_by_one = [d for rule in stack.rules if rule.duty in alone for d in stack.judge_one(rule, stack.hold(case, at))]
    assert sorted(map(repr, one_by_one)) == sorted(map(repr, together))
