"""What would have been (回放): past files judged by a draft and by another text, side by side; nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field

from liuhen.engines.rulebook.duty import Duty
from liuhen.engines.rulebook.held import Register
from liuhen.engines.rulebook.language import Rule, Rulebook
from liuhen.engines.rulebook.stack import Stack
from liuhen.engines.rulebook.texts.footage import Footage, FootageCount
from liuhen.engines.rulebook.texts.pairing import is_named, paired
from liuhen.ground.case import Case
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class PastFile:
    """A file that is judged again (往卷).

    Attributes:
        name: what people call it. records: all that lie in it. own: ids of those whose duties are told of it; None: all.
        register, applied, captures: as in `Stack.judge`.
    """

    name: str
    records: tuple[Record, ...]
    own: Container[str] | None = None
    register: Register = Register.EMPTY
    applied: tuple[Record, ...] = ()
    captures: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One duty of the office that comes out differently (差异事项).

    Attributes:
        file: name of the file. sort: `appears`, `goes` or `changes` (another moment or delay, other things missing).
        before, after: the duty under the other text and under the draft; None where the text does not ask for it.
    """

    file: str
    sort: str
    before: Duty | None
    after: Duty | None

    @property
    def rule(self) -> Rule:
        """The rule that finds fault: the draft's, or for what goes the other text's."""
        held = self.before if self.sort == "goes" else self.after
        assert held is not None
        return held.rule


@dataclass
class Replay:
    """What a draft would have changed (回放结果).

    Attributes:
        files, records: how many were judged. findings: in the order of the files. faults, unknown: how many duties of the office
            were not kept, or could not be decided, before (under the other text) and after (under the draft).
        footage: recordings that would have been asked for.
    """

    files: int = 0
    records: int = 0
    findings: list[Finding] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    footage: FootageCount = field(default_factory=FootageCount)

    def of(self, sort: str) -> list[Finding]:
        """Return the findings that appear, go or change."""
        return [f for f in self.findings if f.sort == sort]

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the files in which anything comes out differently."""
        return tuple(dict.fromkeys(f.file for f in self.findings))


def replay(
    draft: Stack,
    other: Stack,
    books: tuple[Rulebook, Rulebook],
    files: Iterable[PastFile],
    at: Instant,
    *,
    told: Callable[[int], None] = lambda done: None,
) -> Replay:
    """Judge past files by two stacks as of `at`, and return what the first would have changed over the second.

    Args:
        draft, other: built `regardless_of_dates`, for a draft is in force nowhere yet; texts that judge beside both are in both.
        books: the draft and the text that it is held against. told: called with the number of files done, now and then.

    A finding is a duty of the office that was not kept, or too late. The same duty of both texts is found as `paired` says.
    Cost: somewhat more than two judgements a file.
    """
    names = _names(*books)
    footage = Footage(draft, other)
    out = Replay()
    for file in files:
        case = Case(file.records)
        held = [s.hold(case, at, file.register, file.applied, file.captures) for s in (other, draft)]
        before, after = (_own(s.judge_held(h).duties, file.own) for s, h in zip((other, draft), held, strict=True))
        _compare(file.name, before, after, names, out)
        footage.add(held[0], before, after, out.footage)
        out.files, out.records = out.files + 1, out.records + len(held[0].current)
        if out.files % 100 == 0:
            told(out.files)
    return out


def _own(duties: Iterable[Duty], own: Container[str] | None) -> list[Duty]:
    return [d for d in duties if own is None or (d.trigger or d.subject) in own]


def _names(draft: Rulebook, other: Rulebook) -> Mapping[str, str]:
    """Return what a duty of either text is called, so that the same one has one name; other texts' go by their own."""
    out: dict[str, str] = {}
    for a, b in paired(other, draft):
        both = [r for r in (a, b) if r is not None]
        # A name that a text gives is kept: other rules of its stack may share it.
        name = next((r.duty for r in both if is_named(r)), min(r.duty for r in both))
        # Two versions of a text have the same refs, and of a rule that only one has the other's ref is another's.
        out |= {r.ref: name for r in both}
    return out


def _by_key(duties: Iterable[Duty], names: Mapping[str, str]) -> dict[_Key, Duty]:
    """Return duties by name, trigger and note; where one is asked twice of the same (an officer named twice), by number, too."""
    seen: Counter[_Key] = Counter()
    out: dict[_Key, Duty] = {}
    for d in duties:
        key = (names.get(d.rule.ref, d.rule.duty), d.root, d.note)
        seen[key] += 1
        out[key if seen[key] == 1 else (*key[:2], f"{d.note}#{seen[key]}")] = d
    return out


def _compare(file: str, before: list[Duty], after: list[Duty], names: Mapping[str, str], out: Replay) -> None:
    left, right = _by_key(before, names), _by_key(after, names)
    for side, held in (("before", left), ("after", right)):
        out.faults[side] += sum(1 for d in held.values() if d.fault)
        out.unknown[side] += sum(
            1 for d in held.values() if d.status == "unknown" and d.weight == "duty" and d.rule.asks_from != "party"
        )
    for key, d in right.items():
        was = left.get(key)
        if d.fault and (was is None or not was.fault):
            out.findings.append(Finding(file, "appears", was, d))
        elif d.fault and was is not None and _differs(was, d):
            out.findings.append(Finding(file, "changes", was, d))
    for key, d in left.items():
        now = right.get(key)
        if d.fault and (now is None or not now.fault):
            out.findings.append(Finding(file, "goes", d, now))


def _differs(a: Duty, b: Duty) -> bool:
    return (a.status, a.due, a.late, {(m.what, m.id) for m in a.missing}) != (
        b.status,
        b.due,
        b.late,
        {(m.what, m.id) for m in b.missing},
    )
