"""The content form (应载明): this record has its fields, signatures, officers, approvals and attachments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from liuhen.engines.rulebook.duty import Duty, Late, Missing
from liuhen.engines.rulebook.forms.frame import (
    EVER,
    Excuses,
    Rows,
    Run,
    Workshop,
    applying,
    met_rows,
    not_before,
    row,
)
from liuhen.engines.rulebook.forms.persons import apart, each_signs
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Compare, Rule
from liuhen.engines.rulebook.parts import Wanted, finder, wanted
from liuhen.engines.rulebook.predicates import compared, empty, settled, with_another
from liuhen.ground.moments import Instant
from liuhen.ground.record import Actor, Record, Signature
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words

OFFICER_ROLES = frozenset(
    {"enforcement_officer", "case_handler", "inspection_team_leader", "onsite_lead", "camera_operator", "server"}
)

# A check gives what is missing (empty when all is there), or None when a fact was never answered.
Check = Callable[[Held, Record], "tuple[Missing, ...] | None"]
_FULL: tuple[Missing, ...] = ()
_CERTIFICATE: tuple[str, ...] = ("officer_certificate",)


def compile_content(rule: Rule, shop: Workshop) -> Run:
    """Compile a content rule: one function that runs all its checks on each record of its kinds."""
    checks = tuple(_checks(rule, shop))
    applies_to = applying(rule, shop, first=rule.trigger.first)
    excuses = Excuses(rule.excused, shop.predicates) if rule.excused else None
    signs = bool(rule.has.signatures or rule.has.approvals or rule.has.each_signs)
    met = met_rows(shop, rule)
    midnight = shop.calendar.instant

    def run(h: Held, triggers: Sequence[Record], out: Rows) -> None:
        linked = h.linked
        for t in applies_to(h, triggers, out):
            # Due at its moment; one dated by day alone until the end of that day.
            due = midnight(t.day + 1) if t.precision == "day" else t.instant
            # Nearly every record has what is asked: what is complete goes straight through.
            for one in checks:
                if one(h, t) != _FULL:
                    out.append(_lacking(h, t, due))
                    break
            else:
                if t.corrects is None and not (signs and t.id in linked):
                    out.append(met(h, t, due, (t.id,)))
                else:
                    out.append(_whole_later(h, t, due))

    def _whole_later(h: Held, t: Record, due: Instant) -> Duty:
        """Return the row of a record that may have been whole only once it was corrected, or signed by another record."""
        late = _signed_late(rule, h, t) if signs else None
        if late is None and t.corrects is None:
            return met(h, t, due, (t.id,))
        after = late is None and t.corrects is not None and _lacked(h, t)
        return row(h, shop, rule, t, "met", due=due, met_by=(t.id,), late=late, recorded_after=after)

    def _lacking(h: Held, t: Record, due: Instant) -> Duty:
        """Return the row of a record that lacks something, or of which that is not known."""
        missing = _FULL
        for one in checks:
            missing += one(h, t) or _FULL
        if not missing:
            return row(h, shop, rule, t, "unknown", asks=_CERTIFICATE, due=due)
        if excuses is not None:
            missing, by = excuses.left(h, t, missing)
            if not missing:
                return row(h, shop, rule, t, "excused", due=due, excused_by=by)
        # In an archived file nothing is put right any more, the case file itself included.
        archived = h.archived_by
        cured = archived is None or not not_before(archived, t.instant, t.day)
        return row(h, shop, rule, t, "overdue" if cured else "breached", due=due, missing=missing)

    def _lacked(h: Held, t: Record) -> bool:
        """Whether a record that this one corrects lacked something: then it was put right only when it was received."""
        root = h.root(t)
        return any(one(h, r) for r in h.known if r.id != t.id and h.root(r) == root for one in checks)

    return run


def _checks(rule: Rule, shop: Workshop) -> list[Check]:
    has, vocabulary = rule.has, shop.vocabulary
    kinds = [vocabulary.kinds[k] for k in rule.trigger.kinds]
    checks: list[Check] = []
    plain_fields = []
    for names in has.fields:
        named_fields = [next(k.fields[n].words for k in kinds if n in k.fields) for n in names]
        missing = Missing("field", "|".join(names), _either(named_fields))
        if len(names) == 1:
            plain_fields.append((names[0], missing))
        else:
            checks.append(_any_field(names, missing))
    if plain_fields:
        checks.append(_all_fields(plain_fields))
    if has.signatures:
        asked = []
        for roles in has.signatures:
            who = _either([vocabulary.words("roles", r) for r in roles])
            signs = Words(who.zh + "签名或者盖章", "signature or seal of " + who.en)
            asked.append((frozenset(roles), Missing("signature", "|".join(roles), signs)))
        checks.append(_signatures(asked))
    if has.approvals:
        named = [
            (
                frozenset(roles),
                Missing("approval", "|".join(roles), _either([vocabulary.words("roles", r) for r in roles])),
            )
            for roles in has.approvals
        ]
        checks.append(_approvals(named))
    if has.officers:
        checks.append(_officers(has.officers, has.officers_valid))
    for name, compare in has.compares:
        words = next(k.fields[name].words for k in kinds if name in k.fields)
        checks.append(_compare(name, compare, Missing("value", name, words), shop))
    if has.files:
        checks.append(
            _files(has.files, has.file_role, Missing("file", has.file_role or "file", Words("附件", "attachment")))
        )
    for part in has.parts:
        checks.append(_linked(wanted(part, shop.predicates, vocabulary)))
    checks += [_links(names, _link_words(names, vocabulary)) for names in has.links]
    checks += [each_signs(role, vocabulary, _signed) for role in has.each_signs]
    checks += [apart(one, shop.predicates, vocabulary) for one in has.apart]
    if has.names is not None:
        find = finder(has.names, shop.predicates)
        lists = Missing("list", "lists", Words("目录所列", "listed in the catalogue"), tuple(sorted(has.names.kinds)))
        checks.append(lambda h, t: _FULL if _lists_all(h, t, find(h, t, EVER, None)) else (lists,))
    return checks


def _links(names: tuple[str, ...], words: Words) -> Check:
    lack = (Missing("link", "|".join(names), words),)
    return lambda h, t: _FULL if any(t.links.get(n) for n in names) else lack


def _link_words(names: Sequence[str], vocabulary: Vocabulary) -> Words:
    subjects = vocabulary.terms["subjects"]
    known = [subjects[n] for n in names if n in subjects] or [Words("有关记录", "record")]
    either = _either(known)
    return Words(f"所关联的{either.zh}", f"the {either.en} that it belongs to")


def _linked(part: Wanted) -> Check:
    return lambda h, t: _FULL if len(part.find(h, t, EVER, None)) >= part.many else part.missing


def _either(words: Sequence[Words]) -> Words:
    return Words("或者".join(w.zh for w in words), " or ".join(w.en for w in words))


def _all_fields(asked: Sequence[tuple[str, Missing]]) -> Check:
    names = [name for name, _ in asked]

    def check(h: Held, t: Record) -> tuple[Missing, ...]:
        content = t.content
        # Nearly every one is filled: what is true and no text is asked nothing more.
        for value in map(content.get, names):
            if not value or (type(value) is str and value.isspace()):
                return tuple([lack for name, lack in asked if empty(content.get(name))])
        return _FULL

    return check


def _any_field(names: Sequence[str], lack: Missing) -> Check:
    return lambda h, t: _FULL if any(not empty(t.content.get(n)) for n in names) else (lack,)


def _signed(h: Held, t: Record) -> list[Signature]:
    listed = h.linked.get(t.id if t.corrects is None else h.root(t))
    added = [s for r in listed if r.kind in h.shape.added for s in r.signatures] if listed else None
    return [*t.signatures, *added] if added else list(t.signatures)


def _signed_late(rule: Rule, h: Held, t: Record) -> Late | None:
    """Return by how many days a signature that was asked for came after the record itself."""
    own = {s.role for s in t.signatures}
    lacking = [roles for roles in (*rule.has.signatures, *rule.has.approvals) if own.isdisjoint(roles)]
    if not lacking:
        return None
    added = [r for r in h.linked.get(h.root(t), ()) if r.kind in h.shape.added]
    days = [
        min((r.day for r in added if any(s.role in roles for s in r.signatures)), default=t.end_day)
        for roles in lacking
    ]
    over = max(days) - t.end_day
    return Late(over, "natural_days") if over > 0 else None


def _signatures(asked: Sequence[tuple[frozenset[str], Missing]]) -> Check:
    def check(h: Held, t: Record) -> tuple[Missing, ...]:
        roles = h.signed.get(t.id)
        if roles is None:
            plain = t.corrects is None and t.id not in h.linked
            roles = h.signed[t.id] = {s.role for s in (t.signatures if plain else _signed(h, t))}
        missing = _FULL
        for wanted_roles, lack in asked:
            if roles.isdisjoint(wanted_roles):
                missing += (lack,)
        return missing

    return check


def _approvals(asked: Sequence[tuple[frozenset[str], Missing]]) -> Check:
    def check(h: Held, t: Record) -> tuple[Missing, ...]:
        signed = _signed(h, t)
        timed = None not in [s.signed_at for s in signed]
        missing = _FULL
        last: Any = None
        for roles, lack in asked:
            # Where not every signature has a moment, the order in which they stand on the paper is the order of signing.
            mine: list[Any] = [s.signed_at if timed else n for n, s in enumerate(signed) if s.role in roles]
            if not mine:
                missing += (lack,)
                continue
            later = [m for m in mine if last is None or m >= last]
            if not later:
                missing += (
                    Missing(
                        "order",
                        lack.id,
                        Words(lack.words.zh + "应在其后", lack.words.en + " comes after the one before"),
                    ),
                )
                continue
            last = min(later)
        return missing

    return check


def _officers(count: int, valid: bool) -> Check:
    def check(h: Held, t: Record) -> tuple[Missing, ...] | None:
        # Certificates that differ are persons that differ: with enough of them nobody has to be told from anybody.
        numbers: set[str] = set()
        for a in t.by:
            number = a.certificate
            if not number or a.role not in OFFICER_ROLES or a.type != "person":
                continue
            if not valid or h.register.valid(number, t.day):
                numbers.add(number)
                if len(numbers) >= count:
                    return _FULL
        people: list[tuple[Actor, bool | None]] = []
        for a in t.by:
            if a.role in OFFICER_ROLES and a.type == "person" and a.identity:
                sound = h.register.valid(a.certificate, t.day) if valid and a.certificate else (not valid)
                for n, (b, known) in enumerate(people):
                    if same_person(a, b):
                        if sound or known is False:
                            people[n] = (a, sound)
                        break
                else:
                    people.append((a, sound))
        good = len([1 for _, sound in people if sound])
        if good >= count:
            return _FULL
        if good + len([1 for _, sound in people if sound is None]) >= count:
            return None
        zh = f"执法人员{'（证件有效）' if valid else ''} {good}/{count} 名"
        en = f"{good} of {count} officers{' with a valid certificate' if valid else ''}"
        return (Missing("officer", "enforcement_officer", Words(zh, en)),)

    return check


def same_person(a: Actor, b: Actor) -> bool:
    """Whether two mentions are one person: one certificate or id; or one name, unless two certificates tell them apart."""
    if a.certificate and b.certificate:
        return a.certificate == b.certificate
    if a.id and b.id:
        return a.id == b.id
    return bool(a.name) and a.name == b.name


def _compare(name: str, compare: Compare, lack: Missing, shop: Workshop) -> Check:
    if compare.field:
        ask = with_another(name, compare, shop.calendar)
        return lambda h, t: _FULL if ask(h, t) else (lack,)
    value = settled(None, compare, shop.settings)
    return lambda h, t: _FULL if compared(h.field(t, name), compare.op, value) else (lack,)


def _files(count: int, role: str, lack: Missing) -> Check:
    return lambda h, t: _FULL if sum(1 for f in t.files if not role or f.role == role) >= count else (lack,)


def _lists_all(h: Held, t: Record, wanted_records: Sequence[Record]) -> bool:
    listed = {h.root_of.get(i, i) for i in t.links.get("lists", ())}
    return all(h.root(r) in listed for r in wanted_records if r.instant <= t.end)
