"""Where a standing duty is told (在哪一卷列出): in its subject's own file, and not again in every file that shows the subject.

A record that opens a subject of its own lies in its own file and in those of the subjects that it names: a device in that of its
unit, which counts it. What the device owes all the time is met by records that lie in the device's file alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from liuhen.engines.rulebook import Duty, Judgement
from liuhen.engines.rulebook.forms.triggers import STANDING
from liuhen.journal.filed import Filed


def told_here(judgement: Judgement, file: Filed) -> Judgement:
    """Return the judgement of a file without the standing duties of subjects whose own file is another one.

    What a record triggers is told wherever the record lies. Costs next to nothing where every record is at home.
    """
    kept = duties_told_here(judgement.duties, file)
    return judgement if len(kept) == len(judgement.duties) else replace(judgement, duties=kept)


def duties_told_here(duties: Iterable[Duty], file: Filed) -> tuple[Duty, ...]:
    """Return the duties of a file without the standing ones of subjects whose own file is another one."""
    if all(entry.home == file.root for entry in file.entries):
        return tuple(duties)
    kept = []
    for duty in duties:
        opening = file.entry(duty.subject) if duty.rule.trigger.type in STANDING else None
        if opening is None or opening.home == file.root:
            kept.append(duty)
    return tuple(kept)
