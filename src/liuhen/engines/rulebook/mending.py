"""What could have been otherwise (可能的改动): for each rule form, edits that may make one duty lawful, the smallest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from liuhen.engines.rulebook.clocks import due_apart, resolve
from liuhen.engines.rulebook.duty import Duty, last_moment
from liuhen.engines.rulebook.edits import Edit, added, moved, named, without
from liuhen.engines.rulebook.forms.coverage import _reaching as reaching
from liuhen.engines.rulebook.forms.frame import EVER, Workshop
from liuhen.engines.rulebook.forms.order import OrderJudge
from liuhen.engines.rulebook.forms.response import how_many
from liuhen.engines.rulebook.forms.response_clock import given
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.imagined import IMAGINED, SO_LONG, Imagining, field_words
from liuhen.engines.rulebook.lacking import supplied
from liuhen.engines.rulebook.language import Part, Rule
from liuhen.engines.rulebook.parts import wanted
from liuhen.engines.rulebook.predicates import day_type, empty
from liuhen.engines.rulebook.questions import open_questions
from liuhen.engines.rulebook.stack import Stack
from liuhen.ground.moments import SECOND, Instant
from liuhen.ground.record import Record
from liuhen.ground.words import Words, said_moment

Edits = tuple[Edit, ...]
MOST_ADDED = 40
MOST_ANSWERS = 12


@dataclass
class _Bench:
    """One duty with all that is needed to think of another course of things."""

    stack: Stack
    rule: Rule
    shop: Workshop
    duty: Duty
    h: Held
    t: Record
    make: Imagining

    def move(self, r: Record, to: Instant) -> Edit | None:
        return moved(r, to, self.stack.calendar, self.stack.vocabulary)

    def add(self, part: Part, at: Instant, by: Instant | None, *, length: Instant = 0, names: str = "") -> Edit | None:
        made = self.make.record(part, self.t, at, length=length, names=names)
        if made is None:
            return None
        return added(made, by, self.stack.calendar, self.stack.vocabulary, self.make.told(part))


def mendings(stack: Stack, duty: Duty, h: Held) -> Iterator[Edits]:
    """Yield edits that may make a duty lawful, the smallest first; whoever asks judges the file with them."""
    rule = duty.rule
    root = duty.root.rpartition("@")[0] if not duty.trigger else duty.root
    t = next((r for r in h.current if r.id == duty.trigger or (not duty.trigger and h.root(r) == root)), None)
    if t is None:
        return
    shop = stack.compiled(rule, h.action).shop
    make = Imagining(h, stack.vocabulary, stack.calendar, shop.settings)
    make.made = sum(1 for r in h.known if r.id.startswith(IMAGINED))
    bench = _Bench(stack, rule, shop, duty, h, t, make)
    for edits in (_answered if duty.status == "unknown" else _BY_FORM[rule.form])(bench):
        if edits:
            yield edits


# -- response ----------------------------------------------------------------------------------------------------------
def _response(b: _Bench) -> Iterator[Edits]:
    h, duty = b.h, b.duty
    moments = _moments(b)
    late = set(duty.met_by) if duty.late is not None else set()
    for target, _ in moments:
        earlier = [b.move(r, target) for r in h.current if r.id in late and r.instant > target]
        yield tuple(e for e in earlier if e is not None)
    lacking = {m.id for m in duty.missing}
    parts = [p for p in b.rule.then if not lacking or "|".join(sorted(_kinds(p))) in lacking]
    for part in parts:
        yield from _already(b, part, moments)
    for target, by in moments:
        yield tuple(edit for part in parts for edit in _enough(b, part, target, by))


def _kinds(part: Part) -> list[str]:
    return list(dict.fromkeys(k for one in part.any or (part,) for k in one.kinds))


def _moments(b: _Bench) -> list[tuple[Instant, Instant | None]]:
    """Return the moments at which a record would have been in time, the latest first, with the one to be told."""
    h, duty = b.h, b.duty
    since = duty.since
    out: list[tuple[Instant, Instant | None]] = []
    if duty.due is not None:
        last = (duty.due - 1) // SECOND * SECOND
        out.append((min(last, h.at), last_moment(duty.due)))
    closers = [h.closed_by, h.archived_by]
    subject = h.subject_of(b.rule.per, b.t)
    if subject is not None:
        closers.append(h.closer(b.rule.per, subject))
    for r in closers:
        if r is not None:
            out += [(r.instant, r.instant), (max(r.instant - SECOND, since), r.instant)]
    out += [(b.t.end, None), (since, None), (h.at // SECOND * SECOND, None)]
    return [(m, by) for m, by in dict.fromkeys(out) if since <= m <= h.at]


def _already(b: _Bench, part: Part, moments: Sequence[tuple[Instant, Instant | None]]) -> Iterator[Edits]:
    """Yield edits of a record that is there and does not count: too late, about nothing, or with a field left empty."""
    h, t = b.h, b.t
    for one in part.any or (part,):
        near = [r for r in h.of_kinds(one.kinds) if r.id != t.id][:MOST_ADDED]
        fits = b.shop.predicates.fits(one)
        for target, _ in moments:
            for r in near:
                if r.instant > target and (fits is None or fits(h, r, t)) and _linked(h, one, r, t):
                    edit = b.move(r, target)
                    if edit is not None:
                        yield (edit,)
        for r in near:
            if one.link == "it" and not r.links.get("about"):
                yield (_about(b, r),)
            elif one.where is not None and _linked(h, one, r, t) and fits is not None and not fits(h, r, t):
                yield from _filled(b, one, r)


def _linked(h: Held, part: Part, r: Record, t: Record) -> bool:
    if part.link == "it":
        return h.root(t) in {h.root_of.get(i, i) for i in r.links.get("about", ())}
    return part.link in ("case", "") or (h.subject_of(part.link, r) == h.subject_of(part.link, t)) is not part.other


def _about(b: _Bench, r: Record) -> Edit:
    after = replace(r, links={**r.links, "about": (b.h.root(b.t),)})
    name, kind = named(r, b.stack.vocabulary), b.stack.vocabulary.kinds[b.t.kind].words
    return Edit(
        "link", r, after, Words(f"{name.zh}写明所对应的{kind.zh}", f"{name.en} named the {kind.en} that it belongs to")
    )


def _filled(b: _Bench, part: Part, r: Record) -> Iterator[Edits]:
    """Yield the edit that fills in what was left empty; what was said otherwise stays said."""
    content = dict(r.content)
    kind = b.stack.vocabulary.kinds[r.kind]
    if part.where is None or not b.make.fill(content, part.where, b.t, r.done_at, kind.fields):
        return
    changed = [k for k, v in content.items() if r.content.get(k) != v]
    if not changed or not all(empty(r.content.get(k)) for k in changed):
        return
    name, said = named(r, b.stack.vocabulary), [kind.fields[k].words for k in changed]
    zh, en = "、".join(w.zh for w in said), ", ".join(w.en for w in said)
    yield (Edit("field", r, replace(r, content=content), Words(f"{name.zh}写明{zh}", f"{name.en} stated {en}")),)


def _enough(b: _Bench, part: Part, target: Instant, by: Instant | None) -> list[Edit]:
    """Return the records that a part still lacks, done at a moment."""
    h, rule = b.h, b.rule
    names = ""
    if rule.for_each is not None:
        names = f"{rule.for_each[1]}={b.duty.note}"
    ready = wanted(part, b.shop.predicates, b.stack.vocabulary, but_itself=rule.trigger.kinds)
    found = len(ready.find(h, b.t, b.duty.since, None)) if not names else 0
    lack = min(max(1, how_many(h, ready, b.t) - found), MOST_ADDED)
    edits = [b.add(part, target, by, names=names) for _ in range(lack)]
    return [e for e in edits if e is not None]


# -- order -------------------------------------------------------------------------------------------------------------
def _order(b: _Bench) -> Iterator[Edits]:
    judge = OrderJudge(b.rule, b.shop)
    h, k = b.h, b.t
    for part, group in zip(b.rule.need, judge.groups, strict=True):
        leaves = part.any or (part,)
        if any(judge._one(h, k, need).ok for need in group):
            continue
        before = k.instant - SECOND
        for one, need in zip(leaves, group, strict=True):
            fits = b.shop.predicates.fits(one)
            stands = [r for r in h.of_kinds(one.kinds) if r.id != k.id and (fits is None or fits(h, r, k))]
            for r in stands:
                if r.instant > k.instant and _linked(h, one, r, k):
                    edit = b.move(r, k.instant if r.precision == "day" else before)
                    yield (edit,) if edit is not None else ()
            for r in need.find(h, k, EVER, None):
                yield from _far_enough(b, one, r)
                if one.same and not empty(h.field(k, one.same)):
                    field = b.stack.vocabulary.kinds[r.kind].fields.get(one.same)
                    name = named(r, b.stack.vocabulary)
                    after = replace(r, content={**r.content, one.same: h.field(k, one.same)})
                    if field is not None:
                        words = Words(
                            f"{name.zh}针对同一{field.words.zh}", f"{name.en} been for the same {field.words.en}"
                        )
                        yield (Edit("field", r, after, words),)
        for one in leaves:
            target = _before(b, one, before)
            subjects = b.stack.vocabulary.terms["subjects"].keys() - {"case"}
            if target is not None and one.link in subjects and h.subject_of(one.link, k) is None:
                yield _of_a_subject(b, one, target)
            elif target is not None:
                edits = [
                    b.add(one, target, target if one.wait else k.instant) for _ in range(min(one.at_least, MOST_ADDED))
                ]
                yield tuple(e for e in edits if e is not None)


def _of_a_subject(b: _Bench, part: Part, target: Instant) -> Edits:
    """Return the edits for a K that names no such subject: the subject opened, K naming it, and what is needed of it before."""
    vocabulary, k = b.stack.vocabulary, b.t
    first = min(vocabulary.opening(part.link), default="")
    role = vocabulary.kinds[k.kind].links.get(part.link)
    opened = b.add(Part(frozenset({first})), target, None) if first and role is not None else None
    if opened is None or opened.after is None:
        return ()
    after = replace(k, links={**k.links, part.link: (opened.after.id,)})
    name, kind = named(k, vocabulary), vocabulary.kinds[first].words
    words = Words(f"{name.zh}写明所对应的{kind.zh}", f"{name.en} named the {kind.en} that it belongs to")
    made = b.make.record(part, after, target)
    if made is None:
        return ()
    needed = added(made, k.instant, b.stack.calendar, vocabulary, b.make.told(part))
    return opened, Edit("link", k, after, words), needed


def _far_enough(b: _Bench, part: Part, r: Record) -> Iterator[Edits]:
    """Yield the edit that brings K to where it lies far enough from R, and near enough."""
    calendar, k = b.stack.calendar, b.t
    for limit, later in ((part.wait, True), (part.at_most, False)):
        if limit is None:
            continue
        own = given(b.h, r, resolve(limit, b.shop.settings, b.shop.setting_units))
        due = due_apart(calendar, r.end, r.end_day, own).at if own is not None else None
        if due is None:
            continue
        target = last_moment(due) if later else (due - 1) // SECOND * SECOND
        if later and target > k.instant:
            edit = b.move(k, -(-target // SECOND) * SECOND)
            yield (edit,) if edit is not None else ()
        elif not later and target < k.instant:
            edit = b.move(k, target)
            yield (edit,) if edit is not None else ()


def _before(b: _Bench, part: Part, latest: Instant) -> Instant | None:
    """Return the latest moment at which R would have lain far enough before K."""
    if part.wait is None:
        return latest
    limit = resolve(part.wait, b.shop.settings, b.shop.setting_units)
    if limit.field:
        limit = replace(limit, amount=SO_LONG, field="")
    calendar, k = b.stack.calendar, b.t
    for back in range(limit.amount * 4 + 40 if limit.unit not in ("months", "years") else limit.amount * 367 + 40):
        moment = latest - back * 24 * 3600 * SECOND
        due = due_apart(calendar, moment, calendar.day_at(moment), limit).at
        if due is not None and k.instant >= last_moment(due):
            return moment
    return None


# -- a question left open ----------------------------------------------------------------------------------------------
def _answered(b: _Bench) -> Iterator[Edits]:
    """Yield answers to what leaves a rule open."""
    kinds = b.stack.vocabulary.kinds
    for q in open_questions(b.stack, b.rule, b.h, b.t):
        r = next((r for r in b.h.current if r.id == q.record), None)
        if r is None or q.field not in kinds[r.kind].fields:
            continue
        field = kinds[r.kind].fields[q.field]
        known: tuple[object, ...] = (False, True) if field.type == "boolean" else tuple(field.values)[:MOST_ANSWERS]
        name = named(r, b.stack.vocabulary)
        for value in known or (b.make.sample(field, r.done_at, r),):
            put = [value] if field.type == "choices" else value
            said = field_words(field, put)
            words = Words(f"{name.zh}写明“{said.zh}”", f"{name.en} said “{said.en}”")
            yield (Edit("answer", r, replace(r, content={**r.content, q.field: put}), words),)


# -- content, coverage, retention, absence -----------------------------------------------------------------------------
def _content(b: _Bench) -> Iterator[Edits]:
    yield supplied(b.rule, b.shop, b.duty, b.h, b.t, b.make, b.stack.vocabulary)


def _coverage(b: _Bench) -> Iterator[Edits]:
    h, act, rule = b.h, b.t, b.rule
    due = last_moment(b.duty.due) if b.duty.due is not None else None
    holes = [(x, y) for t, x, y in h.gaps.get(rule.ref, ()) if t.id == act.id]
    spans = list(dict.fromkeys(holes)) if any(m.what == "gap" for m in b.duty.missing) else []
    if spans and rule.explained is not None and rule.gaps == "explained":
        edits = [b.add(rule.explained, x, due, length=y - x) for x, y in spans]
        yield tuple(e for e in edits if e is not None)
    made: list[Edit] = []
    for x, y in spans or [(act.instant, act.end)]:
        part = Part(frozenset(h.shape.recordings), link="it")
        record = b.make.record(part, act, x, length=y - x)
        if record is None:
            return
        content = dict(record.content)
        if rule.device:
            content["device_type"] = rule.device
        if rule.media:
            content["media"] = min(rule.media)
        if b.duty.note:
            content["holder"] = b.duty.note
        start, end = b.stack.calendar.local(x), b.stack.calendar.local(y)
        holder = Words(b.duty.note, b.duty.note) if b.duty.note else Words("", "")
        said = said_moment(start)
        zh = f"{said.zh}–{end:%H:%M}有同步音像记录" + (f"（{holder.zh}）" if holder.zh else "")
        en = f"{said.en}–{end:%H:%M} been recorded" + (f" by {holder.en}" if holder.en else "")
        made.append(Edit("record", None, replace(record, content=content), Words(zh, en)))
    # Footage that is there already but about no act, or about another, is named first.
    for r in h.of_kinds(h.shape.recordings):
        if not spans and not r.links.get("about") and r.id not in {x.id for x in reaching(h, act)}:
            yield (_about(b, r),)
    yield tuple(made)


def _retention(b: _Bench) -> Iterator[Edits]:
    gone = [r for r in b.h.current if r.id in b.duty.met_by]
    yield tuple(without(r, b.stack.vocabulary) for r in gone)


def _absence(b: _Bench) -> Iterator[Edits]:
    rule, t, calendar = b.rule, b.t, b.stack.calendar
    local = calendar.local(t.instant)
    if rule.hours is not None:
        start, end = rule.hours
        target = local.replace(hour=end % 24, minute=0, second=0, microsecond=0)
        target = target if target > local else target + timedelta(days=1)
        length = t.until - t.done_at if t.until is not None else timedelta(0)
        earlier = local.replace(hour=start % 24, minute=0, second=0, microsecond=0) - length - timedelta(seconds=1)
        for wanted_at in sorted((target, earlier), key=lambda m: abs(m - local)):
            edit = b.move(t, calendar.instant(wanted_at.toordinal()) + _of_day(wanted_at))
            yield (edit,) if edit is not None else ()
    if rule.day_type:
        for days in range(1, 15):
            if day_type(calendar, t.day + days, rule.day_type) is False:
                edit = b.move(t, t.instant + days * 24 * 3600 * SECOND)
                yield (edit,) if edit is not None else ()
                break
    yield (without(t, b.stack.vocabulary),)


def _of_day(moment: object) -> Instant:
    at = moment
    return (at.hour * 3600 + at.minute * 60 + at.second) * SECOND  # type: ignore[attr-defined,no-any-return]


_BY_FORM: Mapping[str, Callable[[_Bench], Iterator[Edits]]] = {
    "response": _response,
    "order": _order,
    "content": _content,
    "coverage": _coverage,
    "retention": _retention,
    "absence": _absence,
}
