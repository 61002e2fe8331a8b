"""Reading one rule (读规则): every form with the keys that it takes."""

from __future__ import annotations

from typing import Any

from liuhen.engines.rulebook import keys
from liuhen.engines.rulebook.clauses import DAY_TYPES, Clauses
from liuhen.engines.rulebook.contents import read_has
from liuhen.engines.rulebook.field_types import Types
from liuhen.engines.rulebook.language import (
    FORMS,
    WEIGHTS,
    AlsoFor,
    Excuse,
    InvalidRulebook,
    Keep,
    Part,
    Rule,
)
from liuhen.engines.rulebook.limits import read_instead, read_lengthening, read_limits, read_start
from liuhen.ground.located import Block

# What a rule may be about without a record opening it: each is its own trigger.
NO_SUBJECTS = frozenset({"case", "act", "document", "service"})


def read_rule(
    value: Any, at: str, clauses: Clauses, rulebook: str, article: str, actions: frozenset[str], rules: frozenset[str]
) -> Rule:
    """Read one rule of an article; refused with B-001 to B-005 as `Clauses` says, B-006 a form that does not exist."""
    if not isinstance(value, Block):
        raise InvalidRulebook("B-003", at=at, key="rules", wanted="mappings")
    form = value.get("form")
    if not isinstance(form, str) or form not in FORMS:
        raise InvalidRulebook("B-006", at=value.at("form"), form=form)
    when = keys.TRIGGER_OF[form]
    b = clauses.block(value, at, f"{keys.RULE} {when} {keys.FORM[form]}", needs=f"{keys.RULE.needs} {when}")
    if form in ("response", "content"):
        trigger = clauses.trigger(b[when], b.at(when), rules)
        if form == "content" and trigger.type != "record":
            raise InvalidRulebook("B-003", at=b.at(when), key=when, wanted="a kind, or the first of its subject")
    else:
        trigger = clauses.record_trigger(b[when], b.at(when))
    kinds = trigger.kinds
    subject = trigger.each if trigger.type == "state" else trigger.per or "case"
    per = clauses.term(b.get("per", subject), clauses.subjects | NO_SUBJECTS, "subjects", b.at("per"))
    # What belongs to a rule about a review is looked for in that review, not in the whole case.
    near = "case" if per in NO_SUBJECTS or per == "recording" else per
    about = trigger.type == "gap" or (
        trigger.type == "record" and all(clauses.vocabulary.kinds[k].interval for k in kinds)
    )
    link = "it" if about else near
    parts: dict[str, Any] = {}
    if form == "response":
        parts |= _response(b, clauses, kinds, link)
    elif form == "content":
        parts["has"] = read_has(b, clauses, kinds)
    elif form == "order":
        parts["need"] = clauses.parts(b.get("need"), b.at("need"), link=near)
        if not parts["need"]:
            raise InvalidRulebook("B-002", at=b.at(), key="need")
        parts["steps"] = _steps(b, clauses, parts["need"])
    elif form == "coverage":
        parts |= _coverage(b, clauses)
    elif form == "retention":
        parts |= _retention(b, clauses, kinds, near)
    else:
        parts |= _absence(b, clauses)
    return Rule(
        id=_slug(b),
        rulebook=rulebook,
        article=article,
        form=form,
        title=clauses.words(b, "title"),
        place=b.at(),
        duty=clauses.text(b, "duty") or f"{rulebook}.{b['id']}",
        per=per,
        actions=frozenset(clauses.terms(b, "actions", clauses.actions, "action types")) or actions,
        also_for=_also_for(b, clauses, kinds) if "also_for" in b else None,
        trigger=trigger,
        condition=clauses.condition(b["if"], b.at("if"), kinds) if "if" in b else None,
        weight=clauses.term(b.get("weight", "duty"), WEIGHTS, "weights", b.at("weight")),
        attested=clauses.flag(b, "attested"),
        asks_from=clauses.term(b.get("asks_from", "case_handler"), clauses.roles, "roles", b.at("asks_from")),
        gate=_gate(b, clauses, form),
        cure=clauses.words(b, "cure") if "cure" in b else None,
        reading=clauses.text(b, "reading"),
        takes_the_place_of=tuple(clauses.names(b, "takes_the_place_of")),
        cites=tuple(clauses.names(b, "cites")),
        excused=_excuses(b, clauses),
        instead=read_instead(b, clauses, link) if "instead" in b else None,
        examples=tuple(clauses.list_of(b.get("examples"), b.at("examples"))),
        **parts,
    )


def _slug(b: Block) -> str:
    name = b["id"] if isinstance(b["id"], str) else ""
    if not name.replace("-", "").isalnum() or not name.isascii() or name != name.lower():
        raise InvalidRulebook("B-003", at=b.at("id"), key="id", wanted="lower-case-words-with-hyphens")
    return name


def _gate(b: Block, clauses: Clauses, form: str) -> bool:
    gate = clauses.flag(b, "gate")
    if gate and (form not in ("order", "absence", "retention") or "cure" not in b):
        wanted = "an order, absence or retention rule with a cure"
        raise InvalidRulebook("B-003", at=b.at("gate"), key="gate", wanted=wanted)
    return gate


def _for_each(b: Block, clauses: Clauses, kinds: frozenset[str], then: tuple[Part, ...]) -> tuple[str, str]:
    """Read for whom a response is asked one by one: the trigger's field that names them, and the one that names each."""
    f = clauses.block(b["for_each"], b.at("for_each"), keys.FOR_EACH)
    if not b["when"].keys() & {"kind", "first"}:
        raise InvalidRulebook("B-003", at=b.at("for_each"), key="for_each", wanted="beside a record that names them")
    field = clauses.field(f["field"], kinds, f.at("field"))
    named = clauses.field(f["named_in"], frozenset(k for part in then for k in part.kinds), f.at("named_in"))
    if not Types(clauses.vocabulary, field, kinds).names_many():
        raise InvalidRulebook("B-003", at=f.at("field"), key="field", wanted="a field of persons or a list of texts")
    return field, named


def _steps(b: Block, clauses: Clauses, need: tuple[Part, ...]) -> tuple[str, ...]:
    """Read the kinds that lead to what is needed, in the order in which they are recorded; the last one is what is needed."""
    if "steps" not in b:
        return ()
    if not clauses.flag(b, "gate"):
        raise InvalidRulebook("B-003", at=b.at("steps"), key="steps", wanted="beside gate: yes")
    steps = tuple(
        clauses.term(k, frozenset(clauses.vocabulary.kinds), "kinds", b.at("steps"))
        for k in clauses.list_of(b["steps"], b.at("steps"))
    )
    if not steps or len(set(steps)) < len(steps) or not any(steps[-1] in part.kinds for part in need):
        wanted = "kinds, each once, the last of them one that is needed"
        raise InvalidRulebook("B-003", at=b.at("steps"), key="steps", wanted=wanted)
    return steps


def _response(b: Block, clauses: Clauses, kinds: frozenset[str], link: str) -> dict[str, Any]:
    then = clauses.parts(b.get("then"), b.at("then"), link=link)
    if not then:
        raise InvalidRulebook("B-002", at=b.at(), key="then")
    out: dict[str, Any] = {"then": then} | read_limits(b, clauses, kinds)
    again = isinstance(b["when"], Block) and "every" in b["when"]
    plain = len(then) == 1 and then[0].at_least == 1 and not then[0].one_for_every
    if again and (not plain or b.keys() & {"within", "by", "stand_in", "for_each"}):
        wanted = "one record in then, and no limit of its own"
        raise InvalidRulebook("B-003", at=b.at("when"), key="every", wanted=wanted)
    limited = bool(out.keys() & {"within", "by_field", "by_month_day", "by_end_of"})
    for key in ("rolls", "extended", "stops", "instead", "from"):
        if key in b and not limited and not (key == "from" and "waits" in b):
            raise InvalidRulebook("B-003", at=b.at(key), key=key, wanted="beside a limit: within or by")
    for key in ("extended", "stops"):
        if key in b and "within" not in out:
            raise InvalidRulebook("B-003", at=b.at(key), key=key, wanted="beside within")
    out["start"] = read_start(b, clauses, kinds, ("done_at", "until", "last_segment_end"))
    out["any_time"] = clauses.flag(b, "any_time", not limited)
    out["rolls"] = clauses.flag(b, "rolls")
    out |= read_lengthening(b, clauses, link)
    if "waits" in b:
        out["waits"] = clauses.limit(b["waits"], b.at("waits"))
        if out["waits"].field or not b["when"].keys() & {"kind", "first"}:
            raise InvalidRulebook(
                "B-003", at=b.at("waits"), key="waits", wanted="an amount or a setting, after a record"
            )
    if "for_each" in b:
        out["for_each"] = _for_each(b, clauses, kinds, then)
    if "stand_in" in b:
        s = clauses.block(b["stand_in"], b.at("stand_in"), keys.STAND_IN)
        by, instead = clauses.part(s["by"], s.at("by"), link=link), clauses.parts(s["then"], s.at("then"), link=link)
        out["stand_in"] = (by, instead)
    return out


def _coverage(b: Block, clauses: Clauses) -> dict[str, Any]:
    extent = b.get("extent", "some")
    out: dict[str, Any] = {
        "extent": clauses.term(extent, frozenset({"some", "whole", "arrival"}), "extents", b.at("extent"))
    }
    gaps = b.get("gaps", "none" if out["extent"] == "whole" else "any")
    if isinstance(gaps, Block):
        inner = clauses.block(gaps, b.at("gaps"), keys.EXPLAINED)
        out["gaps"], out["explained"] = "explained", clauses.part(inner["explained"], inner.at("explained"), link="it")
    else:
        out["gaps"] = clauses.term(gaps, frozenset({"none", "explained", "any"}), "gaps", b.at("gaps"))
    if "explained" in b:
        out["explained"] = clauses.part(b["explained"], b.at("explained"), link="it")
    if "explained" in out and out["gaps"] != "explained":
        raise InvalidRulebook("B-003", at=b.at("explained"), key="explained", wanted="beside gaps: explained")
    if out["gaps"] == "explained" and "explained" not in out:
        out["explained"] = Part(clauses.vocabulary.with_role("interruption"), link="it")
    recordings = clauses.vocabulary.with_role("recording")
    out["device"] = clauses.text(b, "device")
    if "device" in b:
        Types(clauses.vocabulary, "device_type", recordings).check(b["device"], b.at("device"))
    media = clauses.names(b, "media")
    for medium in media:
        Types(clauses.vocabulary, "media", recordings).check(medium, b.at("media"))
    out["media"] = frozenset(media)
    if "who" in b:
        out["who"] = clauses.term(b["who"], frozenset({"each_officer_with_device"}), "who", b.at("who"))
    if "within" in b:
        out["within"] = clauses.limit(b["within"], b.at("within"))
        if out["within"].field:
            raise InvalidRulebook("B-003", at=b.at("within"), key="within", wanted="an amount or a setting")
    if "tolerance" in b:
        out["tolerance"] = clauses.limit(b["tolerance"], b.at("tolerance"), units="short")
    return out


def _retention(b: Block, clauses: Clauses, kinds: frozenset[str], link: str) -> dict[str, Any]:
    keeps = []
    for item in clauses.list_of(b.get("keep"), b.at("keep")):
        k = clauses.block(item, b.at("keep"), keys.KEEP)
        if len(k.keys() & {"at_least", "as_long_as", "class"}) != 1:
            raise InvalidRulebook("B-003", at=k.at(), key="keep", wanted="one of at_least, as_long_as, class")
        if "as_long_as" in k:
            clauses.term(k["as_long_as"], frozenset({"case_file"}), "things to keep as long as", k.at("as_long_as"))
        limit, start = None, "until"
        if "at_least" in k:
            limit = clauses.limit(k["at_least"], k.at("at_least"))
            start = read_start(k, clauses, kinds, ("done_at", "until")) if "from" in k else "until"
            if limit.field:
                raise InvalidRulebook("B-003", at=k.at("at_least"), key="at_least", wanted="an amount or a setting")
        klass = k.get("class", "")
        if klass != "":
            clauses.term(klass, frozenset({"long_term", "permanent"}), "classes", k.at("class"))
        keeps.append(Keep(limit, start, "as_long_as" in k, klass))
    if not keeps:
        raise InvalidRulebook("B-002", at=b.at(), key="keep")
    raised = clauses.parts(b.get("raised_by"), b.at("raised_by"), link=link)
    released = clauses.parts(b.get("released_by"), b.at("released_by"), link="it")
    if released and not raised:
        raise InvalidRulebook("B-003", at=b.at("released_by"), key="released_by", wanted="beside raised_by")
    ended = clauses.parts(b.get("ended_by"), b.at("ended_by"), link="it")
    return {"keep": tuple(keeps), "raised_by": raised, "released_by": released, "ended_by": ended}


def _absence(b: Block, clauses: Clauses) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if "second_of" in b:
        of, at = b["second_of"], b.at("second_of")
        if isinstance(of, Block):
            s = clauses.block(of, at, keys.SAME)
            of, at = s["same"], s.at("same")
        out["second_of"] = clauses.term(of, clauses.subjects | clauses.link_roles, "subjects", at)
    if "hour" in b:
        h = clauses.block(b["hour"], b.at("hour"), keys.HOURS)
        start, end = (clauses.whole(h[key], h.at(key), key, 0, 24) for key in ("from", "to"))
        out["hours"] = (start, end)
    if "day_type" in b:
        out["day_type"] = clauses.term(b["day_type"], DAY_TYPES, "day types", b.at("day_type"))
    return out


def _also_for(b: Block, clauses: Clauses, kinds: frozenset[str]) -> AlsoFor:
    a = clauses.block(b["also_for"], b.at("also_for"), keys.ALSO_FOR)
    return AlsoFor(
        frozenset(clauses.terms(a, "actions", clauses.actions, "action types")),
        clauses.text(a, "article"),
        clauses.text(a, "entry"),
        clauses.condition(a["if"], a.at("if"), kinds) if "if" in a else None,
    )


def _excuses(b: Block, clauses: Clauses) -> tuple[Excuse, ...]:
    out = []
    for item in clauses.list_of(b.get("excused"), b.at("excused")):
        e = clauses.block(item, b.at("excused"), keys.EXCUSED)
        by = clauses.part(e["by"], e.at("by"), link="it")
        beside = clauses.parts(e.get("beside"), e.at("beside"), link="it")
        parts = e.get("parts", "all")
        if parts == "all":
            out.append(Excuse(by, beside=beside))
        elif isinstance(parts, list):
            out.append(Excuse(by, False, kinds=clauses.kinds(parts, e.at("parts")), beside=beside))
        else:
            p = clauses.block(parts, e.at("parts"), keys.EXCUSED_PARTS)
            kinds = clauses.kinds(p["kinds"], p.at("kinds")) if "kinds" in p else frozenset()
            fields = frozenset(clauses.terms(p, "fields", clauses.fields, "fields"))
            roles = frozenset(clauses.terms(p, "signatures", clauses.roles, "roles"))
            if not (kinds or fields or roles):
                raise InvalidRulebook("B-003", at=e.at("parts"), key="parts", wanted="all, kinds, fields or signatures")
            out.append(Excuse(by, False, kinds, fields, roles, beside))
    return tuple(out)
