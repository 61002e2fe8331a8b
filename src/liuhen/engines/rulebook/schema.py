"""JSON Schemas of a rulebook's files (规则文件的结构), for editors: made of the loader's table of keys and of the vocabulary.

They complete keys, kinds, fields and roles, and mark a wrong word where it stands. They are no judge: what they take may still be
unsound, and the loader says so. What the loader takes, they take (held by tests).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from liuhen.engines.rulebook import keys
from liuhen.engines.rulebook.carriers import READ_MODELS
from liuhen.engines.rulebook.clauses import DAY_TYPES, OPS, PERIODS
from liuhen.engines.rulebook.examples import STATUSES
from liuhen.engines.rulebook.language import FORMS, UNITS, WEIGHTS
from liuhen.engines.rulebook.limits import ENDS
from liuhen.engines.rulebook.load import CARRIERS, WHYS
from liuhen.engines.rulebook.rules import NO_SUBJECTS
from liuhen.ground.permissions import page
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.vocabulary.schema import FLAG, TEXT, WORDS, Schema, block, kinds_schema, one_or_more, terms
from liuhen.ground.words import Words

PARTS = ("rulebook", "article", "kinds")
_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_NAME: Schema = {"type": ["string", "integer"]}
_WHOLE: Schema = {"type": "integer", "minimum": 0}
_COUNT: Schema = {"type": "integer", "minimum": 1}
_PLAIN: Schema = {"type": ["string", "integer", "boolean"]}


def schema(part: str, vocabulary: Vocabulary, *, settings: Iterable[str] = (), marks: Iterable[str] = ()) -> Schema:
    """Return the JSON Schema (draft-07) of rulebook.yaml, of an article or of a kinds file.

    `vocabulary` has the kinds that the rulebook brings itself; `settings` and `marks` are its own, any name where none are given.
    """
    if part == "kinds":
        return kinds_schema(vocabulary)
    made = _Shapes(vocabulary, frozenset(settings), frozenset(marks))
    top = made.head() if part == "rulebook" else made.article()
    where = "rulebook.yaml" if part == "rulebook" else "articles/*.yaml"
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"留痕 {where}",
        **top,
        "definitions": made.definitions(),
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _either(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def _of(keys_: keys.Keys, **shapes: Schema) -> Schema:
    return block(keys_.split(), shapes, keys_.needs.split())


class _Shapes:
    """The shape of every block (结构), over one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, settings: frozenset[str], marks: frozenset[str]) -> None:
        self.vocabulary = vocabulary
        self.settings = terms(settings) if settings else TEXT
        self.marks = terms(marks) if marks else TEXT
        self.links = {r for k in vocabulary.kinds.values() for r in k.links} | {"case", "document", "act"}

    def definitions(self) -> dict[str, Schema]:
        """Return the shapes that others name."""
        table, kinds = self.vocabulary.terms, self.vocabulary.kinds
        fields: dict[str, Words] = {f.id: f.words for k in kinds.values() for f in k.fields.values()}
        by_family = {k.family: Words(k.family, k.family) for k in kinds.values()}
        groups = _of(keys.GROUP, group=terms(table["groups"]), phase=terms(table["phases"]), family=terms(by_family))
        compare = _ref("compare")
        return {
            "kind": terms({k.id: k.words for k in kinds.values()}),
            "kinds": _either(one_or_more(_ref("kind")), groups),
            "field": terms(fields),
            "role": terms(table["roles"]),
            "subject": terms({**{n: Words(n, n) for n in NO_SUBJECTS}, **table["subjects"]}),
            "action": terms(table["action_types"]),
            "length": self._length(),
            "compare": self._compare(),
            "where": {
                "type": "object",
                "properties": dict.fromkeys(sorted(fields), compare),
                "additionalProperties": False,
            },
            "condition": self._condition(sorted(fields)),
            "part": self._part(),
            "parts": one_or_more(_ref("part")),
            "trigger": self._trigger(),
            "has": self._has(),
            "example": self._example(),
            "rule": self._rule(),
        }

    # -- small ones

    def _length(self) -> Schema:
        own = {"setting": self.settings, "field": _ref("field"), "amount": _WHOLE, "unit": terms(UNITS)}
        return _of(keys.LENGTH, **own)

    def _apart_by(self) -> Schema:
        own = {"setting": self.settings, "field": _ref("field"), "amount": _WHOLE, "unit": terms(UNITS), "rolls": FLAG}
        return _of(keys.APART_BY, **own)

    def _compare(self) -> Schema:
        other = _of(
            keys.OTHER_FIELD,
            setting=self.settings,
            times=_COUNT,
            field=_ref("field"),
            plus=_ref("length"),
            percent=_COUNT,
            **{"in": _ref("kinds"), "from": _ref("field"), "to": _ref("field")},
        )
        value = _either(_PLAIN, {"type": "array", "items": _PLAIN}, other)
        ops = {**dict.fromkeys((*OPS, "equals"), value), "times": _COUNT, "field": _ref("field")}
        return _either(_PLAIN, {"type": "object", "properties": ops, "additionalProperties": False, "minProperties": 1})

    def _condition(self, fields: list[str]) -> Schema:
        of_subjects = {
            f"{subject}.{field}": _ref("compare")
            for subject in self.vocabulary.terms["subjects"]
            for kind in self.vocabulary.opening(subject)
            for field in self.vocabulary.kinds[kind].fields
        }
        tests: dict[str, Schema] = {
            **dict.fromkeys(fields, _ref("compare")),
            **of_subjects,
            "has": _ref("part"),
            "has_not": _ref("part"),
            "record": _ref("part"),
            "mark": self.marks,
            "hour": _ref("compare"),
            "day_type": terms(DAY_TYPES),
            "trigger.precision": {"enum": ["second", "minute", "day"]},
        }
        flat: Schema = {"type": "object", "properties": tests, "additionalProperties": False, "minProperties": 1}
        several = [block([word], {word: one_or_more(_ref("condition"))}, [word]) for word in ("all", "any")]
        return _either(flat, *several)

    def _part(self) -> Schema:
        subjects = sorted({*self.vocabulary.terms["subjects"], *self.links})
        ratio = _of(keys.RATIO, one_for_every=_COUNT, of=_of(keys.OF_EACH, each=_ref("subject"), of=TEXT))
        common = {"weight": terms(WEIGHTS), "title": WORDS, "shared": FLAG}
        plain = {
            "kind": _ref("kinds"),
            "where": _ref("where"),
            "about": {"enum": ["it"]},
            "of": {"enum": [f"{word} {s}" for word in ("same", "another") for s in subjects]},
            "at_least": _either(_COUNT, ratio, self._apart_by()),
            "at_most": self._apart_by(),
            "by": one_or_more(_ref("role")),
            "approved_by": one_or_more(_ref("role")),
            "any": one_or_more(_ref("part")),
            "latest": FLAG,
            "same": _ref("field"),
            "open": FLAG,
            **common,
        }
        return _either(
            {**block([k for k in keys.PART.split() if k != "any"], plain, ["kind"])},
            _of(keys.ANY_PART, any=one_or_more(_ref("part")), **common),
        )

    def _trigger(self) -> Schema:
        subject, length = _ref("subject"), _ref("length")
        lapse = _of(keys.LAPSE, after=_ref("part"), without=_ref("part"), within=length)
        shapes = {
            "kind": _ref("kinds"),
            "where": _ref("where"),
            "first": _of(keys.KIND_WHERE, kind=_ref("kinds"), where=_ref("where")),
            "each": _either(subject, terms(PERIODS)),
            "end_of": terms(PERIODS),
            "every": length,
            "if": _ref("condition"),
            "per": subject,
            "gap_in": TEXT,
            "lapse": lapse,
            "mark": self.marks,
        }
        return block(keys.TRIGGER.split(), shapes)

    def _record(self) -> Schema:
        return _of(keys.KIND_WHERE, kind=_ref("kinds"), where=_ref("where"))

    def _named(self, schema: Schema) -> Schema:
        """One, a list, and in a list also `{any: [one, another]}`."""
        either = block(["any"], {"any": {"type": "array", "items": schema}}, ["any"])
        return one_or_more(_either(schema, either))

    def _has(self) -> Schema:
        role, field = _ref("role"), _ref("field")
        signed = block(keys.EVERYBODY.split(), {"each": role}, ["each"])
        either = block(["any"], {"any": {"type": "array", "items": role}}, ["any"])
        compared: Schema = {
            "type": "object",
            "properties": {"field": field, **{op: {} for op in (*OPS, "equals")}},
            "required": ["field"],
            "additionalProperties": False,
        }
        apart = _of(keys.APART, roles=one_or_more(role), there=one_or_more(role), **{"from": _ref("part")})
        roles: Schema = {"type": "array", "items": role}
        return _of(
            keys.HAS,
            fields=self._named(field),
            signatures=one_or_more(_either(role, either, signed)),
            approvals=_of(keys.IN_ORDER, in_order=self._named(role)),
            officers=_of(keys.OFFICERS, at_least=_COUNT, certificate={"enum": ["valid"]}),
            compare=one_or_more(compared),
            files=_of(keys.FILES, at_least=_COUNT, role=TEXT),
            parts=_ref("parts"),
            names=_of(keys.OF_EACH, each=_ref("part"), of=TEXT),
            links=self._named(terms(self.links)),
            apart=_either(apart, roles, {"type": "array", "items": _either(apart, roles)}),
        )

    # -- a rule

    def _rule(self) -> Schema:
        by_form = []
        for form in FORMS:
            of_form = {**self._of_every_form(), **self._of_some_form()}
            trigger = keys.TRIGGER_OF[form]
            of_form[trigger] = _ref("trigger") if trigger == "when" else self._record()
            named = [*keys.RULE.split(), trigger, *keys.FORM[form].split()]
            then = block(named, of_form, [*keys.RULE.needs.split(), trigger])
            by_form.append({"if": {"properties": {"form": {"const": form}}, "required": ["form"]}, "then": then})
        return {"type": "object", "properties": {"form": {"enum": list(FORMS)}}, "required": ["form"], "allOf": by_form}

    def _of_every_form(self) -> dict[str, Schema]:
        """Return what all forms take."""
        kinds, role = _ref("kinds"), _ref("role")
        excused_parts = _of(
            keys.EXCUSED_PARTS, signatures=one_or_more(role), fields=one_or_more(_ref("field")), kinds=kinds
        )
        excused = _of(
            keys.EXCUSED,
            by=_ref("part"),
            parts=_either({"enum": ["all"]}, {"type": "array", "items": _ref("kind")}, excused_parts),
            beside=_ref("parts"),
        )
        also = _of(
            keys.ALSO_FOR, actions=one_or_more(_ref("action")), article=_NAME, entry=_NAME, **{"if": _ref("condition")}
        )
        return {
            "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
            "form": {"enum": list(FORMS)},
            "title": WORDS,
            "duty": TEXT,
            "per": _ref("subject"),
            "actions": one_or_more(_ref("action")),
            "also_for": also,
            "when": _ref("trigger"),
            "if": _ref("condition"),
            "weight": terms(WEIGHTS),
            "attested": FLAG,
            "asks_from": role,
            "gate": FLAG,
            "cure": WORDS,
            "reading": _NAME,
            "takes_the_place_of": one_or_more(TEXT),
            "cites": one_or_more(_NAME),
            "excused": one_or_more(excused),
            "examples": {"type": "array", "items": _ref("example")},
        }

    def _of_some_form(self) -> dict[str, Schema]:
        """Return what one form or the other takes besides."""
        part, parts, length = _ref("part"), _ref("parts"), _ref("length")
        start = _either({"enum": ["done_at", "until", "last_segment_end", "trigger"]}, _ref("field"))
        lengthened = {"amount": _WHOLE, "unit": terms(UNITS), "setting": self.settings, "field": _ref("field")}
        at = _either({"type": "string"}, _of(keys.HOUR_SETTING, setting=self.settings))
        by = _of(keys.BY, field=_ref("field"), month_day={"type": "string"}, end_of=terms(ENDS), at=at)
        stop = _either(
            _of(keys.DURING, during=part, article=_NAME),
            _of(keys.STOP, until=part, article=_NAME, expected=_ref("field"), **{"from": part}),
        )
        classes: Schema = {"enum": ["long_term", "permanent"]}
        keep = _of(keys.KEEP, at_least=length, as_long_as={"enum": ["case_file"]}, **{"from": start, "class": classes})
        hour: Schema = {"type": "integer", "minimum": 0, "maximum": 24}
        again = terms({*self.vocabulary.terms["subjects"], *self.links})
        explained = _either({"enum": ["none", "explained", "any"]}, _of(keys.EXPLAINED, explained=part))
        return {
            "then": parts,
            "within": length,
            "by": by,
            "from": start,
            "any_time": FLAG,
            "rolls": FLAG,
            "extended": _of(keys.EXTENDED, by=part, not_after=_ref("field"), **lengthened),
            "stops": one_or_more(stop),
            "instead": _of(keys.INSTEAD, by=part, within=length, **{"from": start}),
            "stand_in": _of(keys.STAND_IN, by=part, then=parts),
            "for_each": _of(keys.FOR_EACH, field=_ref("field"), named_in=_ref("field")),
            "waits": length,
            "has": _ref("has"),
            "need": parts,
            "steps": one_or_more(_ref("kind")),
            "extent": {"enum": ["some", "whole", "arrival"]},
            "gaps": explained,
            "explained": part,
            "device": TEXT,
            "media": one_or_more(TEXT),
            "who": {"enum": ["each_officer_with_device"]},
            "tolerance": length,
            "keep": one_or_more(keep),
            "raised_by": parts,
            "released_by": parts,
            "ended_by": parts,
            "second_of": _either(again, _of(keys.SAME, same=again)),
            "hour": _of(keys.HOURS, to=hour, **{"from": hour}),
            "day_type": terms(DAY_TYPES),
        }

    # -- examples

    def _example_shapes(self) -> dict[str, Any]:
        anything: Schema = {}
        shapes = dict.fromkeys(keys.RECORD.split(), anything)
        record = block(keys.RECORD.split(), shapes | {"kind": _ref("kind")}, keys.RECORD.needs.split())
        status = {"enum": sorted(STATUSES)}
        more: Schema = {"type": "object", "propertyNames": status, "minProperties": 1, "maxProperties": 1}
        return {
            "name": _NAME,
            "zh": TEXT,
            "en": TEXT,
            "case": {"type": ["object", "string", "boolean", "null"]},
            "records": {"type": ["array", "null"], "items": _either(TEXT, record)},
            "at": TEXT,
            "expect": one_or_more(_either(status, more)),
            "side": {"enum": ["meets", "breaks", "neither"]},
            "rule": TEXT,
            "settings": {"type": "object"},
            "captures": {"type": "array", "items": _ref("kind")},
        }

    def _example(self) -> Schema:
        return block(keys.EXAMPLE.split(), self._example_shapes(), keys.EXAMPLE.needs.split())

    # -- files

    def head(self) -> Schema:
        """The shape of rulebook.yaml."""
        units = self.vocabulary.terms["units"]
        decided = _of(keys.DECIDED, by=TEXT, on=_PLAIN, why=TEXT)
        answered = _of(keys.ANSWERED, field=_ref("field"), **{"in": _ref("kinds"), "from": _ref("role")})
        setting = _of(keys.SETTING, id=_NAME, value=_PLAIN, unit=terms(units), zh=TEXT, en=TEXT, decided=decided)
        mark = _of(
            keys.MARK, id=_NAME, zh=TEXT, en=TEXT, any=one_or_more(_ref("condition")), entries=one_or_more(_NAME),
            note={}, answered=answered,
        )  # fmt: skip
        listed = _of(keys.LIST, entry=_NAME, values=TEXT, contains=TEXT, note=WORDS)
        dates = _of(keys.IN_FORCE, to=_either(_DAY, {"type": "null"}), note=WORDS, **{"from": _DAY})
        return _of(
            keys.HEAD,
            id={"type": "string"},
            title=WORDS,
            short=WORDS,
            issuer=WORDS,
            version=_NAME,
            in_force=dates,
            subjects=one_or_more(terms(self.vocabulary.terms["subjects"])),
            actions=one_or_more(_ref("action")),
            articles=_COUNT,
            settings=one_or_more(setting),
            marks=one_or_more(mark),
            lists=one_or_more(listed),
            kinds={},
        )

    def article(self) -> Schema:
        """The shape of an article's file."""
        undecided = _of(keys.UNDECIDED, why=terms(WHYS), note=WORDS)
        reading = _of(keys.READING, id=_NAME, text=WORDS, instead=WORDS, decided=TEXT)
        names = one_or_more(_NAME)
        models, classes = terms(READ_MODELS), terms(page().classes)
        carried = block(
            CARRIERS,
            dict.fromkeys(CARRIERS, names) | {"read_model": one_or_more(models), "permission": one_or_more(classes)},
        )
        carried |= {"minProperties": 1, "maxProperties": 1}
        own = self._example_shapes() | {"record": {}, "role": TEXT, "may": TEXT, "of": TEXT, "expect": {}}
        entry = _of(
            keys.ENTRY,
            no=_NAME,
            checkable={"enum": ["automatic", "attested"]},
            carried=carried,
            undecided=undecided,
            examples=one_or_more(block(own, own, ["name", "expect"])),
            note=WORDS,
        )
        return _of(
            keys.ARTICLE,
            article=_NAME,
            asks=WORDS,
            reading=one_or_more(reading),
            entries={"type": ["array", "null"], "items": entry},
            rules={"type": ["array", "null"], "items": _ref("rule")},
            undecided=undecided,
        )
