"""Judges sample dossiers and prints every obligation: run as a process of its own to see whether another seed changes a word."""

from __future__ import annotations

from pathlib import Path

from liuhen.dossier.read import read
from liuhen.engines.rulebook import build_stack, by_default, load_rulebook
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.vocabulary import default

SAMPLES = Path(__file__).parents[3] / "samples"
NAMES = ("perfect-case", "major-decision-without-review", "inspection-without-recording", "archived-late")


def main() -> None:
    texts = [load_rulebook(path, default()) for path in by_default().values()]
    stack = build_stack(texts, default(), Calendar.load(), regardless_of_dates=True)
    print(*(t.digest for t in texts), default().digest, stack.calendar.version)
    for name in NAMES:
        records = read(SAMPLES / name, default(), files=False).records
        at = max(r.received for r in records)
        for d in stack.judge(Case.of(records), at).duties:
            print(name, d.rule.ref, d.root, d.status, d.due, d.missing, d.met_by, d.late, d.asks, d.note, d.cites)


if __name__ == "__main__":
    main()
