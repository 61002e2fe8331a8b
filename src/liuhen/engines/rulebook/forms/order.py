"""The order form (应先): before K stands, R stands, and so many days between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from liuhen.engines.rulebook.clocks import due_apart, resolve
from liuhen.engines.rulebook.duty import Missing, last_moment
from liuhen.engines.rulebook.forms.frame import EVER, Excuses, Rows, Run, Workshop, applying, met_rows, row
from liuhen.engines.rulebook.forms.response_clock import given
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Limit, Part, Rule
from liuhen.engines.rulebook.parts import Find, finder, wanted
from liuhen.engines.rulebook.predicates import Fits
from liuhen.ground.record import Record
from liuhen.ground.words import Words, said_day


class _Need(NamedTuple):
    find: Find
    all_of_kind: Find
    latest: bool
    fits: Fits | None
    same: str
    wait: Limit | None
    at_most: Limit | None
    missing: tuple[Missing, ...]
    many: int
    plain: bool


class Finding(NamedTuple):
    """How one need stands before K (先行条件): whether it is there, by which record, and on the same day only.

    `open` tells that days not announced yet were counted.
    """

    ok: bool
    by: tuple[str, ...]
    missing: tuple[Missing, ...]
    marked: bool
    state: Words | None = None
    open: bool = False
    asks: tuple[str, ...] = ()


class OrderJudge:
    """Judges one K of an order rule (逐个判断); also asked by the gates before K is stored."""

    def __init__(self, rule: Rule, shop: Workshop) -> None:
        self.shop = shop
        self.groups = [[self._need(p) for p in (part.any or (part,))] for part in rule.need]

    def _need(self, part: Part) -> _Need:
        shop = self.shop
        ready = wanted(part, shop.predicates, shop.vocabulary)
        bare = replace(part, where=None, by=(), approved_by=()) if part.latest else part
        return _Need(
            ready.find,
            finder(bare, shop.predicates),
            part.latest,
            shop.predicates.fits(part),
            part.same,
            resolve(part.wait, shop.settings, shop.setting_units) if part.wait else None,
            resolve(part.at_most, shop.settings, shop.setting_units) if part.at_most else None,
            ready.missing,
            ready.many,
            ready.many == 1 and not part.same and part.wait is None and part.at_most is None,
        )

    def plainly(self, h: Held, k: Record) -> tuple[str, ...] | None:
        """Return what is shown to stand before K, the commonest case; None where more has to be looked at."""
        by: tuple[str, ...] = ()
        for group in self.groups:
            for need in group:
                found = _sure(h, k, need)
                if found is None:
                    return None
                if found:
                    by += (found,)
                    break
            else:
                return None
        return by

    def __call__(self, h: Held, k: Record) -> Finding:
        """Return what stands before K of all that is needed."""
        by: tuple[str, ...] = ()
        missing: tuple[Missing, ...] = ()
        marked = open_ = False
        asks: tuple[str, ...] = ()
        state: Words | None = None
        for group in self.groups:
            found = [self._one(h, k, need) for need in group]
            good = next((f for f in found if f.ok), None)
            if good is not None:
                by += good.by
                marked, open_ = marked or good.marked, open_ or good.open
            else:
                for f in found:
                    missing += f.missing
                    state = state or f.state
                    open_ = open_ or f.open
                    asks += f.asks
        return Finding(not missing, by, missing, marked, state, open_, asks)

    def _one(self, h: Held, k: Record, need: _Need) -> Finding:
        before: list[Record] = []
        for r in need.all_of_kind(h, k, EVER, None):
            if r.id != k.id and (r.instant <= k.instant or _same_day(r, k)):
                before.append(r)
        if not before:
            return Finding(False, (), need.missing, False, None)
        if need.latest:
            before = before[-1:]
            if need.fits is not None and not need.fits(h, before[0], k):
                return Finding(False, (), need.missing, False, _stands(h, before[0]))
        if need.same:
            value = h.field(k, need.same)
            kept = [r for r in before if value is not None and h.field(r, need.same) == value]
            if not kept:
                other = Words("与所审文本不一致", "it is not for the same text")
                return Finding(
                    False, (), tuple(Missing("same", m.id, other, m.kinds) for m in need.missing), False, other
                )
            before = kept
        open_, short = False, need.missing
        asks: tuple[str, ...] = ()
        if need.wait is not None or need.at_most is not None:
            before, short, open_, asks = self._apart(h, k, before, need)
        if len(before) < need.many:
            return Finding(False, (), short if not before else need.missing, False, None, open_, asks)
        # Those that are shown to lie before K come first: then only what nothing better replaces is marked.
        sure = [r for r in before if not _same_day(r, k)]
        taken = before[-need.many :] if len(sure) < need.many else sure[-need.many :]
        return Finding(True, tuple(r.id for r in taken), (), any(_same_day(r, k) for r in taken), None, open_)

    def _apart(
        self, h: Held, k: Record, before: list[Record], need: _Need
    ) -> tuple[list[Record], tuple[Missing, ...], bool, tuple[str, ...]]:
        """Return those far enough and near enough, what to say of the others, and what leaves it open.

        That is the calendar, or the fields that would have to say how far and do not.
        """
        calendar = self.shop.calendar
        kept, short, open_ = [], need.missing, False
        asks: tuple[str, ...] = ()
        words = need.missing[0].words
        for r in before:
            lengths = [(one, given(h, r, one)) for one in (need.wait, need.at_most) if one is not None]
            if lacking := [one.field for one, own in lengths if own is None]:
                asks = tuple(dict.fromkeys((*asks, *lacking)))
                continue
            if need.wait is not None:
                wait = given(h, r, need.wait) or need.wait
                due = due_apart(calendar, r.end, r.end_day, wait)
                open_ = open_ or due.provisional
                if due.at is not None and k.instant < last_moment(due.at):
                    unit = self.shop.vocabulary.words("units", wait.unit)
                    zh = f"{words.zh}后未满{wait.amount}{unit.zh}"
                    en = f"{wait.amount} {unit.en} after {words.en} have not passed"
                    short = (Missing("wait", need.missing[0].id, Words(zh, en)),)
                    continue
            if need.at_most is not None:
                due = due_apart(calendar, r.end, r.end_day, given(h, r, need.at_most) or need.at_most)
                open_ = open_ or due.provisional
                if due.at is not None and k.instant >= due.at:
                    too_long = Words(f"距{words.zh}已超过期限", f"too long after {words.en}")
                    short = (Missing("wait", need.missing[0].id, too_long),)
                    continue
            kept.append(r)
        return kept, short, open_, asks


def _sure(h: Held, k: Record, need: _Need) -> str | None:
    """Return the record that is shown to meet a need before K, "" where none stands there; None where that is not all."""
    if not need.plain:
        return None
    found = need.all_of_kind(h, k, EVER, None)
    if not found:
        return ""
    at, day, whole_day = k.instant, k.day, k.precision == "day"
    for r in reversed(found):
        if r.instant > at and r.day > day:
            continue
        if r.id == k.id:
            continue
        if r.day == day and (whole_day or r.precision == "day"):
            return None
        if r.instant <= at:
            return r.id if not need.latest or need.fits is None or need.fits(h, r, k) else ""
    return ""


def _same_day(r: Record, k: Record) -> bool:
    """Whether two records bear the same day and one of them no hour: then neither order can be disproved (accepted, marked)."""
    return r.day == k.day and "day" in (r.precision, k.precision)


def _stands(h: Held, r: Record) -> Words:
    kind = h.shape.vocabulary.kinds.get(r.kind)
    if kind is None:
        return Words(r.kind, r.kind)
    said = [
        kind.fields[n].values[v]
        for n, v in r.content.items()
        if n in kind.fields and kind.fields[n].values and isinstance(v, str) and v in kind.fields[n].values
    ]
    tail_zh = "：" + "、".join(w.zh for w in said) if said else ""
    tail_en = ": " + ", ".join(w.en for w in said) if said else ""
    day = said_day(r.done_at.date())
    return Words(f"{day.zh}{kind.words.zh}{tail_zh}", f"{kind.words.en} of {day.en}{tail_en}")


def compile_order(rule: Rule, shop: Workshop) -> Run:
    """Compile an order rule."""
    judge = OrderJudge(rule, shop)
    applies_to = applying(rule, shop)
    excuses = Excuses(rule.excused, shop.predicates) if rule.excused else None
    met = met_rows(shop, rule)

    def run(h: Held, triggers: Sequence[Record], out: Rows) -> None:
        for k in applies_to(h, triggers, out):
            before = judge.plainly(h, k)
            if before is not None:
                out.append(met(h, k, None, before))
                continue
            found = judge(h, k)
            if found.ok:
                out.append(
                    row(h, shop, rule, k, "met", met_by=found.by, marked=found.marked, provisional=found.open)
                    if found.marked or found.open
                    else met(h, k, None, found.by)
                )
                continue
            missing = found.missing
            if excuses is not None:
                missing, by = excuses.left(h, k, missing)
                if not missing:
                    out.append(row(h, shop, rule, k, "excused", excused_by=by))
                    continue
            if found.asks:
                out.append(row(h, shop, rule, k, "unknown", missing=missing, asks=found.asks))
                continue
            if found.open:
                # Counted by weekends alone: an announced holiday could still move the day, so it is not called breached.
                out.append(row(h, shop, rule, k, "unknown", missing=missing, asks=("calendar",), provisional=True))
                continue
            out.append(row(h, shop, rule, k, "breached", missing=missing))

    return run
