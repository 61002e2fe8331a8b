"""What a record lacks, supplied (补齐所缺): fields, signatures, officers, values, files, links and persons of a content rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from liuhen.engines.rulebook.duty import Duty, Missing
from liuhen.engines.rulebook.edits import Edit, added, named
from liuhen.engines.rulebook.forms.content import OFFICER_ROLES
from liuhen.engines.rulebook.forms.frame import EVER, Workshop
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.imagined import SOMEBODY, Imagining, actual, field_words
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.parts import finder
from liuhen.engines.rulebook.predicates import empty
from liuhen.ground.record import Actor, File, Record, Signature
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words, said_day


def supplied(
    rule: Rule, shop: Workshop, duty: Duty, h: Held, t: Record, make: Imagining, vocabulary: Vocabulary
) -> tuple[Edit, ...]:
    """Return the edits that give a record everything that it lacks; those for which nothing is known are left out."""
    supply = _Supply(rule, shop, h, t, make, vocabulary)
    for m in duty.missing or supply.signed_late():
        known: Callable[[Missing], None] | None = getattr(supply, f"_{m.what}", None)
        if known is not None:
            known(m)
    return tuple(supply.edits)


class _Supply:
    def __init__(self, rule: Rule, shop: Workshop, h: Held, t: Record, make: Imagining, vocabulary: Vocabulary) -> None:
        self.rule, self.shop, self.h, self.t, self.make, self.vocabulary = rule, shop, h, t, make, vocabulary
        self.edits: list[Edit] = []
        self.name = named(t, vocabulary)
        self.kind = vocabulary.kinds[t.kind]

    def signed_late(self) -> tuple[Missing, ...]:
        """Return the signatures that the record itself does not bear: they were added later."""
        own = {s.role for s in self.t.signatures}
        asked = (*self.rule.has.signatures, *self.rule.has.approvals)
        none = Words("", "")
        return tuple(Missing("signature", "|".join(roles), none) for roles in asked if own.isdisjoint(roles))

    def _put(self, sort: str, after: Record, zh: str, en: str) -> None:
        self.edits.append(Edit(sort, self.t, after, Words(self.name.zh + zh, f"{self.name.en} {en}")))
        self.t = after

    def _field(self, m: Missing) -> None:
        name = m.id.split("|")[0]
        field = self.kind.fields.get(name)
        if field is not None:
            value = self.make.sample(field, self.t.done_at, self.t)
            after = replace(self.t, content={**self.t.content, name: value})
            self._put("field", after, f"写明{m.words.zh}", f"stated {m.words.en}")

    def _value(self, m: Missing) -> None:
        field = self.kind.fields.get(m.id)
        for name, compare in self.rule.has.compares:
            if name != m.id or field is None:
                continue
            beside = self.kind.fields.get(compare.field) if not compare.kinds else None
            if beside is not None and empty(self.t.content.get(compare.field)):
                # Held against a field that says nothing: that one is filled in first.
                self._field(Missing("field", compare.field, beside.words))
            value = self.make.value(compare, field, self.t.content.get(name), self.t.done_at, self.t.content, self.t)
            if value is NotImplemented:
                continue
            said = field_words(field, value)
            after = replace(self.t, content={**self.t.content, name: value})
            if compare.op == "one_of" and len(compare.value) > 1:
                several = actual(field.words)
                self._put("value", after, several.zh, f"had {several.en}")
                continue
            self._put("value", after, f"载明“{said.zh}”", f"said “{said.en}”")

    def _signature(self, m: Missing) -> None:
        role = m.id.split("|")[0]
        named_before = {s.name for s in self.t.signatures if s.role == role}
        acted = [a for a in self.t.by if a.role == role and a.type == "person" and a.name not in named_before]
        each = role in self.rule.has.each_signs and "|" not in m.id
        new = tuple(Signature(role, a.name, a.id) for a in acted) if each else ()
        who = self.vocabulary.words("roles", role)
        zh, en = f"有{who.zh}签名或者盖章", f"borne the signature or seal of {who.en}"
        after = replace(self.t, signatures=(*self.t.signatures, *(new or (Signature(role, SOMEBODY),))))
        self._put("signature", after, zh, en)

    def _approval(self, m: Missing) -> None:
        self._in_order(m)

    def _order(self, m: Missing) -> None:
        self._in_order(m)

    def _in_order(self, m: Missing) -> None:
        """Sign in the order that is asked for: by their places, since the moments that are there would not fit."""
        signed: list[Signature] = []
        for roles in self.rule.has.approvals:
            mine = [s for s in self.t.signatures if s.role in roles]
            signed += [replace(s, signed_at=None) for s in mine] or [Signature(roles[0], SOMEBODY)]
        rest = [replace(s, signed_at=None) for s in self.t.signatures if s.role not in {x.role for x in signed}]
        who = self.vocabulary.words("roles", m.id.split("|")[0])
        if m.what == "approval":
            zh, en = f"有{who.zh}的审批意见", f"borne the approval of {who.en}"
        else:
            zh, en = f"按顺序由{who.zh}签批", f"been approved by {who.en} in their turn"
        self._put("signature", replace(self.t, signatures=(*signed, *rest)), zh, en)

    def _officer(self, m: Missing) -> None:
        valid, count, day = self.rule.has.officers_valid, self.rule.has.officers, self.t.day
        register = self.h.register
        acting = [a for a in self.t.by if a.role in OFFICER_ROLES and a.type == "person" and a.identity]
        if valid and len({a.identity for a in acting}) >= count:
            self._certified([a for a in acting if not (a.certificate and register.valid(a.certificate, day))])
            return
        free = [n for n in register.spans if register.valid(n, day) and n not in {a.certificate for a in self.t.by}]
        people = list(self.t.by)
        for n in range(count):
            number = free[n] if n < len(free) else f"{SOMEBODY}{n + 1}"
            people.append(Actor("enforcement_officer", f"{SOMEBODY}{n + 1}", "", number if valid else ""))
        zh = f"由{count}名{'证件有效的' if valid else ''}执法人员作出"
        en = f"been made by {count} officers{' with valid certificates' if valid else ''}"
        self._put("officer", replace(self.t, by=tuple(people)), zh, en)
        if valid and len(free) < count:
            self._certificates([a.certificate for a in people if a.certificate.startswith(SOMEBODY)])

    def _certified(self, acting: list[Actor]) -> None:
        """Give the officers of the record a certificate that is valid that day."""
        lent = {a: a if a.certificate else replace(a, certificate=f"{SOMEBODY}{n}") for n, a in enumerate(acting, 1)}
        names = "、".join(a.name or a.certificate for a in acting)
        day = said_day(self.t.done_at.date())
        after = replace(self.t, by=tuple(lent.get(a, a) for a in self.t.by))
        if after != self.t:
            self._put("officer", after, f"写明{names}的执法证号", f"named the certificates of {names}")
        words = Words(f"{names}的执法证件在{day.zh}有效", f"the certificates of {names} been valid on {day.en}")
        self._certificates([a.certificate for a in lent.values()], words)

    def _certificates(self, numbers: list[str], words: Words | None = None) -> None:
        on = self.t.done_at.date().isoformat()
        for kind in sorted(self.h.shape.certificates)[:1]:
            for number in numbers:
                content = {"number": number, "valid_from": on, "valid_until": on}
                new = Record(self.make.id(), "", kind, self.t.done_at, content=content)
                self.edits.append(Edit("certificate", None, new, words or self.edits[-1].words))

    def _file(self, m: Missing) -> None:
        role = self.rule.has.file_role or "attachment"
        new = tuple(File("0" * 64, "", 1, SOMEBODY, role) for _ in range(self.rule.has.files))
        self._put("file", replace(self.t, files=(*self.t.files, *new)), f"附有{m.words.zh}", f"had its {m.words.en}")

    def _record(self, m: Missing) -> None:
        for part in self.rule.has.parts:
            kinds = dict.fromkeys(k for one in part.any or (part,) for k in sorted(one.kinds))
            if "|".join(sorted(kinds)) != m.id:
                continue
            for _ in range(part.at_least):
                made = self.make.record(part, self.t, self.t.instant)
                if made is not None:
                    self.edits.append(added(made, None, self.shop.calendar, self.vocabulary, self.make.told(part)))

    def _link(self, m: Missing) -> None:
        role = m.id.split("|")[0]
        opening = self.h.case_root
        if role != "case":
            opening = next((self.h.root(r) for r, _ in self.h.subjects(role)), "")
        after = replace(self.t, links={**self.t.links, role: (opening or self.make.id(),)})
        self._put("link", after, f"写明{m.words.zh}", f"named {m.words.en}")

    def _list(self, m: Missing) -> None:
        if self.rule.has.names is None:
            return
        find = finder(self.rule.has.names, self.shop.predicates)
        roots = dict.fromkeys(
            (*self.t.links.get("lists", ()), *(self.h.root(r) for r in find(self.h, self.t, EVER, None)))
        )
        self._put(
            "link",
            replace(self.t, links={**self.t.links, "lists": tuple(roots)}),
            "的目录列全有关材料",
            "listed everything that belongs in it",
        )

    def _person(self, m: Missing) -> None:
        """Let everybody here be somebody else, with a name."""
        roles = m.id.split("|")
        people = tuple(
            Actor(a.role, f"{SOMEBODY}{n}", type=a.type) if a.role in roles else a for n, a in enumerate(self.t.by, 1)
        )
        by_role = {a.role: a.name for a in people}
        signed = tuple(
            replace(s, name=by_role.get(s.role, f"{SOMEBODY}{s.role}"), id="") if s.role in roles else s
            for s in self.t.signatures
        )
        said = [self.vocabulary.words("roles", r) for r in roles]
        zh, en = "、".join(w.zh for w in said), ", ".join(w.en for w in said)
        after = replace(self.t, by=people, signatures=signed)
        self._put("person", after, f"的{zh}为不同的人并写明姓名", f"been by different, named persons as {en}")
