"""Looking a text through for faults (规则检查): looser than the law, contradictory, expired, missing, unreachable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from liuhen.engines.rulebook.language import InvalidRulebook, Rulebook
from liuhen.engines.rulebook.soundness import unsound
from liuhen.engines.rulebook.texts.above import looser_than_above
from liuhen.engines.rulebook.texts.contradicting import contradictions
from liuhen.engines.rulebook.texts.unreachable import unreachable
from liuhen.engines.rulebook.texts.unused import unused
from liuhen.ground.findings import Finding
from liuhen.ground.moments import Day
from liuhen.ground.vocabulary import Vocabulary

NATIONAL = "cn-"


def lint(
    rulebook: Rulebook, vocabulary: Vocabulary, stack: Sequence[tuple[Rulebook, Vocabulary]], today: Day
) -> list[Finding]:
    """Return all that is wrong in a text, as far as that can be seen without a case, by its place.

    Args:
        rulebook: read, and perhaps not sound: what the loader would refuse it for is among the findings.
        stack: further texts that judge beside it, each with its vocabulary; those whose id begins with `cn-` are the law above.
        today: on which it is asked whether the text is in force.

    Findings: B-008 to B-019 as `unsound` says; B-101 looser than the law above; B-102 to B-105 contradictions; B-106, B-107 not
    in force; B-108 to B-111, B-117 missing or without use; B-112 to B-116 never asked.

    Cost: one or two seconds for a text of 150 rules under nine laws.
    """
    others = [(book, words) for book, words in stack if book.id != rulebook.id]
    found = [
        *_refused(rulebook, vocabulary),
        *_not_in_force(rulebook, today),
        *unused(rulebook, vocabulary, [book for book, _ in others]),
        *unreachable(rulebook, vocabulary),
        *contradictions(rulebook, vocabulary, [book for book, _ in others]),
    ]
    for book, words in others:
        if book.id.startswith(NATIONAL) and not rulebook.id.startswith(NATIONAL):
            found += looser_than_above(rulebook, vocabulary, book, words)
    once = {(f.code, f.place, f.sentence("en")): f for f in found}
    return sorted(once.values(), key=_in_order)


def _refused(rulebook: Rulebook, vocabulary: Vocabulary) -> Iterator[Finding]:
    try:
        for fault in unsound(rulebook, vocabulary, f"{rulebook.id}/rulebook.yaml"):
            yield _placed(fault)
    except InvalidRulebook as fault:
        # An example that says what the language does not know: nothing more can be asked of the text.
        yield _placed(fault)


def _placed(fault: InvalidRulebook) -> Finding:
    finding = fault.finding
    return Finding(finding.code, finding.fields, finding.place or str(finding.fields.get("at", "")))


def _not_in_force(rulebook: Rulebook, today: Day) -> Iterator[Finding]:
    place, end = f"{rulebook.id}/rulebook.yaml", rulebook.in_force_to
    if end is not None and end < today:
        yield Finding("B-106", {"rulebook": rulebook.short, "day": date.fromordinal(end).isoformat()}, place)
    if rulebook.in_force_from > today:
        day = date.fromordinal(rulebook.in_force_from).isoformat()
        yield Finding("B-107", {"rulebook": rulebook.short, "day": day}, place)


def _in_order(finding: Finding) -> tuple[str, int, str]:
    file, _, line = finding.place.rpartition(":")
    return (file, int(line), finding.code) if line.isdigit() else (finding.place, 0, finding.code)
