"""Holding a dossier against rulebooks (核对卷宗): what each text still asks, of what, and which rules could not be asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from liuhen.dossier.dossier import NAME, Dossier
from liuhen.dossier.read import Unsettled, unsettled
from liuhen.dossier.subjects import SubjectFile, subject_files
from liuhen.engines.rulebook import (
    CaseSummary,
    Duty,
    InvalidRulebook,
    Register,
    Rule,
    Rulebook,
    Stack,
    Why,
    build_stack,
    by_default,
    load_rulebook,
    shipped,
    summary,
    vocabulary_for,
    why,
    worst_first,
)
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.findings import Finding
from liuhen.ground.moments import Day, Instant, instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary, default
from liuhen.ground.words import Words


@dataclass(frozen=True, slots=True)
class Judged:
    """One file of the dossier and what is asked of it (一个对象的应办事项), the worst first."""

    file: SubjectFile
    summary: CaseSummary | None
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class TextUsed:
    """A rulebook and why it judges (适用情况).

    `how` is `in_force` (throughout the records), `applied_on` (after its end, by the recorded decisions in `decisions`), `partly`
    (only the acts inside its dates), `not_in_force` (none of them) or `regardless` (named explicitly, whatever its dates).
    """

    rulebook: Rulebook
    how: str
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` finds (核对结果), as of the instant `at`.

    Attributes:
        files: each case, then the rest, with their obligations. texts: the rulebooks that judged.
        not_asked: rules whose subject does not lie in the dossier. hidden: records received after `at`, not looked at.
        next_change: the next instant at which something changes by itself.
        by_default: nobody named the rulebooks, so those of `rulebook.by_default` judged.
    """

    dossier: Dossier
    stack: Stack
    at: Instant
    files: tuple[Judged, ...]
    texts: tuple[TextUsed, ...]
    not_asked: tuple[Rule, ...]
    hidden: int
    next_change: Instant | None
    by_default: bool = False

    @property
    def duties(self) -> tuple[Duty, ...]:
        """Every obligation of every file."""
        return tuple(duty for judged in self.files for duty in judged.duties)

    @property
    def faults(self) -> int:
        """How many duties of the office are late, overdue or breached; hints, advice and the party's windows never count."""
        return sum(1 for duty in self.duties if duty.fault)

    @property
    def unknown(self) -> int:
        """How many duties of the office can't be decided because a fact was never answered."""
        return sum(1 for duty in self.duties if duty.status == "unknown" and counts(duty))


def counts(duty: Duty) -> bool:
    """Whether an obligation counts at all: a duty of the office, no hint, advice, measure or window of the party."""
    return duty.weight == "duty" and duty.rule.asks_from != "party"


def check(dossier: Dossier, stack: Stack, at: datetime) -> Report:
    """Hold a dossier against a stack of rulebooks as of `at`; records received later are not seen.

    Cost: under a millisecond a case; building the stack takes longer, keep it for many dossiers.
    """
    moment = instant(at)
    known = [record for record in dossier.records if record.received <= moment]
    vocabulary = stack.vocabulary
    register = Register.of(r for r in known if r.kind in vocabulary.with_role("certificate"))
    applied = tuple(r for r in known if r.kind in vocabulary.with_role("applied_on"))
    captures = frozenset(dossier.captures) if dossier.captures is not None else None
    judged: list[Judged] = []
    changes: list[Instant] = []
    not_asked: list[set[str]] = []
    for file in subject_files(known, vocabulary):
        case = Case(file.records)
        said = stack.judge(case, moment, register=register, applied=applied, captures=captures)
        own = (duty for duty in said.duties if (duty.trigger or duty.subject) in file.own)
        seen = summary(case, moment, vocabulary) if file.case else None
        judged.append(Judged(file, seen, tuple(worst_first(own))))
        changes += [said.next_change] if said.next_change is not None else []
        not_asked.append({rule.ref for rule in said.not_asked})
    unreached = set.intersection(*not_asked) if not_asked else {rule.ref for rule in stack.rules}
    return Report(
        dossier,
        stack,
        moment,
        tuple(judged),
        tuple(_text_used(rulebook, stack, known, applied, moment) for rulebook in stack.rulebooks),
        tuple(rule for rule in stack.rules if rule.ref in unreached),
        len(dossier.records) - len(known),
        min(changes, default=None),
    )


def explaining(report: Report) -> Callable[[Judged, Duty], Why]:
    """Return what says of any duty of a report why it stands as it does; see `engines.rulebook.why` for what that costs."""
    stack, dossier = report.stack, report.dossier
    known = [record for record in dossier.records if record.received <= report.at]
    register = Register.of(r for r in known if r.kind in stack.shape.certificates)
    applied = tuple(r for r in known if r.kind in stack.shape.applied)
    captures = frozenset(dossier.captures) if dossier.captures is not None else None

    def explained(judged: Judged, duty: Duty) -> Why:
        case = Case(judged.file.records)
        return why(stack, duty, case, report.at, register=register, applied=applied, captures=captures)

    return explained


def _text_used(
    rulebook: Rulebook, stack: Stack, records: Sequence[Record], applied: Sequence[Record], at: Instant
) -> TextUsed:
    decisions = tuple(r.id for r in applied if r.content.get("rulebook") == rulebook.id)
    if stack.regardless:
        return TextUsed(rulebook, "regardless", decisions)
    # Registers (a device, a certificate, the decision to apply on) were often made long before and judge nothing.
    kinds = stack.vocabulary.kinds
    acts = [r.day for r in records if r.kind not in stack.shape.applied and kinds[r.kind].family != "register"]
    inside = [_covers(rulebook, day) for day in acts or [stack.calendar.day_at(at)]]
    if all(inside):
        return TextUsed(rulebook, "in_force")
    if decisions:
        return TextUsed(rulebook, "applied_on", decisions)
    return TextUsed(rulebook, "partly" if any(inside) else "not_in_force")


def _covers(rulebook: Rulebook, day: Day) -> bool:
    return rulebook.in_force_from <= day and (rulebook.in_force_to is None or day <= rulebook.in_force_to)


def find_rulebook(name: str) -> Path:
    """Return the folder of a rulebook: of the product by its id, or outside it by its path.

    Refused: B-021 no such rulebook, B-062 a file, where the folder that holds `rulebook.yaml` is asked for.
    """
    known = shipped()
    if name in known:
        return known[name]
    # Not Path.is_dir: it raises for a name that is too long, or behind a folder that may not be entered.
    if os.path.isdir(name):
        return Path(name).resolve()
    if os.path.isfile(name):
        raise InvalidRulebook("B-062", file=name, folder=_folder_around(name))
    raise InvalidRulebook("B-021", rulebook=name, known="、".join(known))


def _folder_around(file: str) -> str | Words:
    """Return the folder of the rulebook in which a file lies: its own, or that above `articles` and the like."""
    for folder in list(Path(file).absolute().parents)[:2]:
        if os.path.isfile(folder / "rulebook.yaml"):
            return str(folder)
    return Words("此文件旁边没有 rulebook.yaml", "there is none beside this file")


def check_folder(path: Path, *, rulebooks: Sequence[str] = (), at: datetime, now: datetime) -> Report:
    """Read the dossier at `path` and hold it against rulebooks as of `at`; this is what `liuhen check` does.

    Args:
        rulebooks: ids or folders that judge whatever their dates. None given: those that the dossier names, else those
            of `by_default`, each by its dates or as applied on by a recorded decision.
        now: the moment of asking; what lies after it and after `at` is refused as being in the future.

    Refused: as `read`; D-017 the dossier names a rulebook that is not here; B-… a rulebook that can't be used.
    """
    explicit = [find_rulebook(name) for name in rulebooks]
    opened = unsettled(path)
    named = _named_by(opened, quiet=bool(explicit))
    chosen = explicit or named
    judging = chosen or list(by_default().values())
    vocabulary = vocabulary_for(dict.fromkeys([*judging, *named]), default())
    stack = _stack(tuple(dict.fromkeys(judging)), vocabulary, opened.envelope.zone.key, bool(explicit))
    report = check(opened.settle(vocabulary, now=max(at, now)), stack, at)
    return report if chosen else replace(report, by_default=True)


def _stack(folders: tuple[Path, ...], vocabulary: Vocabulary, zone: str, regardless: bool) -> Stack:
    if vocabulary is default() and set(folders) <= set(shipped().values()):
        return _shipped_stack(folders, zone, regardless)
    books = [load_rulebook(folder, vocabulary) for folder in folders]
    return build_stack(books, vocabulary, Calendar.load(zone=zone), regardless_of_dates=regardless)


@cache
def _shipped_stack(folders: tuple[Path, ...], zone: str, regardless: bool) -> Stack:
    # Data of the product never change while it runs, so a process that checks many dossiers compiles them once.
    books = [load_rulebook(folder, default()) for folder in folders]
    return build_stack(books, default(), Calendar.load(zone=zone), regardless_of_dates=regardless)


def _named_by(opened: Unsettled, *, quiet: bool) -> list[Path]:
    known = shipped()
    found: list[Path] = []
    for i, name in enumerate(opened.envelope.rulebooks):
        if name in known:
            found.append(known[name])
        elif not quiet:
            fields = {"rulebook": name, "known": "、".join(known)}
            opened.envelope.findings.append(Finding("D-017", fields, f"{NAME}#/rulebooks/{i}"))
    return found
