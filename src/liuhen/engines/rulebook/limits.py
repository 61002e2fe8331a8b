"""Reading the time limits of a rule (读时限): how long, from when, what stops or lengthens it, another clock in its place."""

from __future__ import annotations

from typing import Any

from liuhen.engines.rulebook import keys
from liuhen.engines.rulebook.clauses import Clauses
from liuhen.engines.rulebook.language import Extension, Instead, InvalidRulebook, Stop
from liuhen.engines.rulebook.settings import fits_unit
from liuhen.ground.located import Block

ENDS = frozenset({"working_day", "day", "month", "quarter", "year"})
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def read_lengthening(b: Block, clauses: Clauses, link: str) -> dict[str, Any]:
    """Read what makes a limit longer: an extension that is granted, and the time that is not counted."""
    out: dict[str, Any] = {}
    if "extended" in b:
        e = clauses.block(b["extended"], b.at("extended"), keys.EXTENDED)
        bare = Block(e.source, e.line)
        bare.lines = e.lines
        bare.update({key: e[key] for key in ("amount", "unit", "setting", "field") if key in e})
        by, longer = clauses.part(e["by"], e.at("by"), link=link), clauses.limit(bare, e.at())
        if longer.field:
            clauses.number_field(longer.field, e.at("field"), by.kinds)
        out["extended"] = Extension(by, longer, _date_in(e, "not_after", clauses, by.kinds))
    if "stops" in b:
        # Days on which the clock stood are left out: a limit in hours, months or years has none to leave out.
        clauses.limit(b["within"], b.at("within"), units="days")
        out["stops"] = tuple(_stop(s, b.at("stops"), clauses, link) for s in clauses.list_of(b["stops"], b.at("stops")))
        if not out["stops"]:
            raise InvalidRulebook("B-002", at=b.at("stops"), key="stops")
    return out


def _stop(value: Any, at: str, clauses: Clauses, link: str) -> Stop:
    if isinstance(value, Block) and "during" in value:
        s = clauses.block(value, at, keys.DURING)
        return Stop(clauses.part(s["during"], s.at("during"), link=link), None, clauses.text(s, "article"))
    s = clauses.block(value, at, keys.STOP)
    start, until = (clauses.part(s[key], s.at(key), link=link) for key in ("from", "until"))
    return Stop(start, until, clauses.text(s, "article"), _date_in(s, "expected", clauses, start.kinds))


def _date_in(b: Block, key: str, clauses: Clauses, kinds: frozenset[str]) -> str:
    """Return the field of these kinds, with a date or a moment, that a key names; "" where it names none."""
    if key not in b:
        return ""
    name = clauses.field(b[key], kinds, b.at(key))
    _with_a_moment(name, clauses, kinds, b.at(key))
    return name


def read_limits(b: Block, clauses: Clauses, kinds: frozenset[str]) -> dict[str, Any]:
    """Read how long a rule gives: a length (`within`), or the moment at which it is to be done (`by`)."""
    if "within" in b and "by" in b:
        raise InvalidRulebook("B-003", at=b.at("by"), key="by", wanted="alone, or within alone")
    if "within" in b:
        limit = clauses.limit(b["within"], b.at("within"))
        if clauses.flag(b, "rolls") and limit.unit in ("hours", "minutes", "seconds"):
            raise InvalidRulebook("B-003", at=b.at("rolls"), key="rolls", wanted="beside days, months or years")
        if limit.field:
            clauses.number_field(limit.field, b.at("within"), kinds)
        return {"within": limit}
    if "by" not in b:
        return {}
    by = clauses.block(b["by"], b.at("by"), keys.BY)
    if len(by.keys() - {"at"}) != 1 or ("at" in by and by.get("end_of") not in ("day", "working_day")):
        raise InvalidRulebook(
            "B-003", at=b.at("by"), key="by", wanted="one of field, month_day, end_of (of a day: with at)"
        )
    if "field" in by:
        clauses.field(by["field"], kinds, by.at("field"))
        _with_a_moment(by["field"], clauses, kinds, by.at("field"))
        return {"by_field": by["field"]}
    if "month_day" in by:
        month, _, day = str(by["month_day"]).partition("-")
        if not (month + day).isascii() or not (month.isdigit() and day.isdigit() and len(month + day) == 4):
            raise InvalidRulebook("B-003", at=by.at("month_day"), key="month_day", wanted="03-31")
        if not 1 <= int(month) <= 12 or not 1 <= int(day) <= _LONGEST[int(month) - 1]:
            raise InvalidRulebook("B-003", at=by.at("month_day"), key="month_day", wanted="a day that the month has")
        return {"by_month_day": (int(month), int(day))}
    return {"by_end_of": clauses.term(by["end_of"], ENDS, "ends", by.at("end_of"))} | _hour(by, clauses)


def _hour(by: Block, clauses: Clauses) -> dict[str, str]:
    """Read at what hour a day ends: one that the text gives, or the office's own."""
    if "at" not in by:
        return {}
    if isinstance(by["at"], Block):
        b = clauses.block(by["at"], by.at("at"), keys.HOUR_SETTING)
        name = clauses.term(b["setting"], frozenset(clauses.settings), "settings", b.at("setting"))
        clauses.term(clauses.settings[name].unit, frozenset({"time_of_day"}), "units of the hour", b.at("setting"))
        return {"by_hour_setting": name}
    if not fits_unit(by["at"], "time_of_day"):
        raise InvalidRulebook("B-003", at=by.at("at"), key="at", wanted='an hour in quotes, such as "17:30"')
    return {"by_hour": by["at"]}


def read_start(b: Block, clauses: Clauses, kinds: frozenset[str], known: tuple[str, ...]) -> str:
    """Read from which moment a limit runs: one that every record has, or a field that holds a date or a moment."""
    start = b.get("from", "done_at")
    if not isinstance(start, str) or start not in known:
        clauses.field(start, kinds, b.at("from"))
        _with_a_moment(start, clauses, kinds, b.at("from"))
    return str(start)


def _with_a_moment(name: str, clauses: Clauses, kinds: frozenset[str], at: str) -> None:
    held = [clauses.vocabulary.kinds[k].fields[name] for k in kinds if name in clauses.vocabulary.kinds[k].fields]
    if not any(f.type in ("date", "moment") for f in held):
        raise InvalidRulebook("B-003", at=at, key=name, wanted="a field with a date or a moment")


def read_instead(b: Block, clauses: Clauses, link: str) -> Instead:
    """Read another clock, whose length may stand in the record that gives it."""
    i = clauses.block(b["instead"], b.at("instead"), keys.INSTEAD)
    by = clauses.part(i["by"], i.at("by"), link=link)
    limit = clauses.limit(i["within"], i.at("within"))
    if limit.field:
        clauses.number_field(limit.field, i.at("within"), by.kinds)
    return Instead(by, limit, read_start(i, clauses, by.kinds, ("done_at", "until", "trigger")))
