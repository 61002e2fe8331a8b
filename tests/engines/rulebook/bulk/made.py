"""Made-up files by a seed (按种子编造的案卷): likely and unlikely records of any kind, links and corrections gone astray."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from liuhen.engines.rulebook import Stack
from liuhen.ground.record import ZONE, Actor, File, Record, Signature
from liuhen.ground.vocabulary import FieldKind, Kind

START = datetime(2022, 2, 20, tzinfo=ZONE)
ACTIONS = ("penalty", "penalty", "penalty", "inspection", "collection", "fee", "permit")


class Maker:
    """Makes files of the kinds that rules of a stack speak of (`only` these, else all); the same seed makes the same files."""

    def __init__(self, stack: Stack, seed: int, *, wild: bool = True, only: Collection[str] = ()) -> None:
        rules = [r for r in stack.rules if not only or r.ref in only]
        self.random, self.wild, self.stack = Random(seed), wild, stack
        known = stack.vocabulary.kinds
        answers = {r.ref: (*r.then, *r.need, *(e.by for e in r.excused)) for r in rules}
        parts = [p for r in rules for whole in answers[r.ref] for p in (whole.any or (whole,))]
        pairs = [(k, [x for p in answers[r.ref] for x in p.kinds]) for r in rules for k in r.trigger.kinds]
        self.pairs = {k: sorted({x for kk, xs in pairs if kk == k for x in xs}) for k, _ in pairs}
        asked = {k for r in rules for k in r.trigger.kinds} | {k for p in parts for k in p.kinds}
        self.asked = [known[k] for k in sorted(asked)]
        self.meaning = [k for k in known.values() if k.role or k.opens or k.closes or k.archives or k.interval]
        self.roles = sorted(stack.vocabulary.terms["roles"])
        self.any = list(known.values())

    def files(self, count: int) -> list[tuple[Record, ...]]:
        """Return so many files."""
        return [self.file(n) for n in range(count)]

    def file(self, n: int) -> tuple[Record, ...]:
        """Return one file: mostly a case; every fifth is none."""
        r = self.random
        size = r.choice((3, 8, 14, 20))
        base = n * 1000
        out: list[Record] = []
        if r.random() < 0.85:
            content = {"case_number": "示例", "title": "示例", "action_type": r.choice(ACTIONS)}
            content |= self._content(self.stack.vocabulary.kinds["case.opened"], base, size, keep=content)
            done = START + timedelta(hours=r.randrange(400))
            out.append(Record(id=_id(base), bureau="示例", kind="case.opened", done_at=done, content=content))
        chain: list[str] = []
        for i in range(1, size + 1):
            if chain and r.random() < 0.5:
                kind = self.stack.vocabulary.kinds[chain.pop()]
            else:
                kind = r.choice(self.asked if r.random() < 0.8 else self.meaning if r.random() < 0.8 else self.any)
                chain = list(self.pairs.get(kind.id, ()))
            out.append(self._record(kind, base, i, size, out))
        r.shuffle(out)
        return tuple(out)

    def _record(self, kind: Kind, base: int, i: int, size: int, before: Sequence[Record]) -> Record:
        r = self.random
        precision = r.choice(("second", "second", "minute", "day"))
        done = START + timedelta(minutes=r.randrange(60 * 24 * 60))
        if before and r.random() < 0.6:
            done = before[-1].done_at + timedelta(minutes=r.choice((0, 1, 30, 200, 1500, 4000, 20000)))
        if precision == "day":
            done = done.replace(hour=0, minute=0)
        until = received = None
        if kind.interval and precision != "day":
            until = done + timedelta(minutes=r.choice((0, 1, 30, 90, 6000)))
        if r.random() < 0.3:
            received = (until or done) + timedelta(hours=r.choice((0, 1, 30, 1000)))
        links: dict[str, tuple[str, ...]] = {}
        for role in sorted({*kind.links, *(() if kind.case == "no" else ("case",))}):
            if r.random() < 0.85:
                many = 2 if r.random() < 0.1 else 1
                to = i - 1 if r.random() < 0.5 else r.randrange(size + 2)
                near = [b.id for b in before if b.kind in kind.links[role].kinds] if role in kind.links else []
                first = r.choice(near) if near and r.random() < 0.7 else _id(base + to)
                links[role] = (
                    (_id(base),)
                    if role == "case"
                    else tuple(dict.fromkeys((first, _id(base + r.randrange(size + 1)))))[:many]
                )
        sign = [
            Signature(x, "甲", signed_at=r.choice((None, done, done + timedelta(hours=1)))) for x in self._signers(kind)
        ]
        by = [self._actor(kind) for _ in range(r.choice((0, 1, 2, 2, 3)))]
        corrects = _id(base + r.randrange(1, size + 1)) if r.random() < 0.08 and self.wild else None
        if corrects == _id(base + i):
            corrects = None
        if corrects is not None and r.random() < 0.7:
            same = [b for b in before if b.kind == kind.id]
            corrects = same[-1].id if same else None
        files = [
            File(hashlib.sha256(b"x").hexdigest(), "", 1, "a.pdf", r.choice(("attachment", "scan")))
        ] * r.randrange(2)
        return Record(
            id=_id(base + i),
            bureau="示例",
            kind=kind.id,
            done_at=done,
            until=until,
            precision=precision,
            by=tuple(by),
            links=links,
            content=self._content(kind, base, size, at=done),
            files=tuple(files),
            signatures=tuple(sign),
            corrects=corrects,
            received_at=received,
        )

    def _signers(self, kind: Kind) -> list[str]:
        r = self.random
        usual = [
            x
            for x in ("enforcement_officer", "party", "handling_unit", "agency_head", "legal_reviewer")
            if r.random() < 0.5
        ]
        return [x for x in kind.signatures if r.random() < 0.8] or (
            [*usual, r.choice(self.roles)] if r.random() < 0.6 else []
        )

    def _actor(self, kind: Kind) -> Actor:
        r = self.random
        role = "enforcement_officer" if r.random() < 0.6 else r.choice((*kind.by, *self.roles[:30]))
        return Actor(role, r.choice("甲乙丙"), certificate=r.choice(("", "1", "2", "3", "4", "4")))

    def _content(
        self, kind: Kind, base: int, size: int, keep: dict[str, Any] | None = None, at: datetime = START
    ) -> dict[str, Any]:
        often = self.random.choice((0.5, 0.9, 1.0))
        out = {}
        for f in kind.fields.values():
            if (keep is None or f.id not in keep) and (f.required or self.random.random() < often):
                out[f.id] = self._value(f, base, size, at)
        return out

    def _value(self, f: FieldKind, base: int, size: int, at: datetime) -> Any:
        r = self.random
        texts = ("甲", "甲", "文书", "x", "x", "", " ", "　\t", 'a"b', "\\", "[x]", "2022-03-01")
        choice = r.choice(sorted(f.values) or ["甲"])
        day = (at + timedelta(days=r.choice((-3, 0, 0, 1, 2, 10, 40, 400)))).date().isoformat()
        moment = (at + timedelta(minutes=r.choice((-5000, -10, 0, 0, 1, 30, 90, 3000)))).isoformat()
        made: dict[str, Any] = {
            "integer": r.choice((0, 1, 2, 3, 5, 7, -1)),
            "amount": r.choice((0, 1, 999_999, 10_000_000, 10_000_001)),
            "decimal": "1.50",
            "boolean": r.random() < 0.6,
            "date": day,
            "moment": moment,
            "time": "09:30",
            "choice": choice,
            "choices": sorted({r.choice(sorted(f.values) or ["甲"]) for _ in range(r.randrange(3))}),
            "texts": [r.choice(texts) for _ in range(r.randrange(3))],
            "persons": [{"name": r.choice("甲乙丙"), "certificate": "1"} for _ in range(r.randrange(3))],
            "digest": hashlib.sha256(bytes([r.randrange(2)])).hexdigest(),
            "record": _id(base + r.randrange(size + 1)),
        }
        if f.type == "segments":
            return [
                {
                    "from": (at + timedelta(minutes=m)).isoformat(),
                    "until": (at + timedelta(minutes=m + r.choice((0, 5, 30, 95)))).isoformat(),
                }
                for m in sorted(r.sample(range(-5, 95), r.randrange(4)))
            ]
        return made.get(f.type, r.choice(texts))


def _id(n: int) -> str:
    return f"0197f000-0000-7000-8000-{n:012x}"
