"""Examples beside the rules (示例): small cases written by legal officers, read here and run as tests."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from liuhen.engines.rulebook import keys
from liuhen.engines.rulebook.language import InvalidRulebook, Rule
from liuhen.ground import phrases
from liuhen.ground.located import Block
from liuhen.ground.moments import instant
from liuhen.ground.record import ZONE, Actor, File, Record, Signature
from liuhen.ground.vocabulary import Kind, Vocabulary
from liuhen.ground.vocabulary.values import check_value

STATUSES = frozenset({"met", "due", "overdue", "breached", "excused", "unknown", "none"})
FLAGS = ("paused", "provisional", "recorded_after", "marked")
_CLOCK = re.compile(r"(\d{1,2}:\d{2})(?:[–—~-](\d{1,2}:\d{2}))?\Z")
_KEYS = frozenset(keys.EXAMPLE.split())
_RECORD_KEYS = frozenset(keys.RECORD.split())


@dataclass(frozen=True, slots=True)
class Expected:
    """One duty expected (预期), or found: its status and, where given, how late, what is missing, asked or due; a duty's note."""

    status: str
    late: tuple[int, str] | None = None
    missing: frozenset[str] | None = None
    asks: frozenset[str] | None = None
    due: str = ""
    flags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A small case with what a rule says of it at a moment (示例)."""

    name: str
    records: tuple[Record, ...]
    at: int
    expect: tuple[Expected, ...]
    side: str
    place: str
    many: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    captures: frozenset[str] | None = None

    @property
    def statuses(self) -> frozenset[str]:
        """The statuses expected."""
        return frozenset(e.status for e in self.expect)

    @property
    def late(self) -> bool:
        """Whether something is expected to be late."""
        return any(e.late for e in self.expect)


def read_example(value: Any, rule: Rule, vocabulary: Vocabulary) -> Example:
    """Read one example; refused: B-020 with the place and the reason."""
    at = value.at() if isinstance(value, Block) else rule.place
    name = str(value.get("name", "?")) if isinstance(value, dict) else "?"
    try:
        return _read(value, rule, vocabulary, at, name)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise InvalidRulebook("B-020", at=at, name=name, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    """Return what is wrong with an example: in our words where they are ours, else only that it is not written as one."""
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error) if isinstance(error, ValueError) and phrases.known(str(error)) else "not written as an example is"


def _read(value: Any, rule: Rule, vocabulary: Vocabulary, at: str, name: str) -> Example:
    for key in value:
        if key not in _KEYS:
            raise ValueError(f"unknown key {key}")
    if not isinstance(value.get("name"), str) or not value["name"]:
        raise ValueError("an example has a name")
    made = [_record(r, n, vocabulary) for n, r in enumerate(value.get("records") or [])]
    opens_case = any(vocabulary.kinds[m["kind"]].opens == "case" for m in made)
    held = value.get("case", {})
    if held is not None and held is not False and not opens_case and held != "none":
        first = min((m["done_at"] for m in made), default=_moment(str(value["at"])))
        action = sorted(rule.actions)[0] if rule.actions else "penalty"
        content = {"case_number": "示例", "title": "示例", "action_type": action, **dict(held)}
        _known_content("case.opened", content, vocabulary)
        made.insert(
            0, {"id": "case", "kind": "case.opened", "done_at": first, "content": content, "precision": "minute"}
        )
    case_id = next(
        (m["id"] for m in made if vocabulary.kinds[m["kind"]].opens == "case" and not m.get("corrects")), None
    )
    for m in made:
        kind = vocabulary.kinds[m["kind"]]
        if case_id and kind.opens != "case" and kind.case != "no":
            m.setdefault("links", {}).setdefault("case", (case_id,))
    records = tuple(Record(bureau="示例", **m) for m in made)
    if len({r.id for r in records}) != len(records):
        raise ValueError("two records have one name")
    if any(r.until is not None and r.until < r.done_at for r in records):
        raise ValueError("a record ends before it begins")
    expect = value["expect"]
    expected = tuple(_expected(e) for e in (expect if isinstance(expect, list) else [expect]))
    side = value.get("side") or _side(expected, rule)
    if side not in ("meets", "breaks", "neither"):
        raise ValueError(f"side {side}")
    settings = dict(value.get("settings") or {})
    if not expected:
        raise ValueError("nothing is expected")
    captures = frozenset(value["captures"]) if "captures" in value else None
    if captures is not None and not captures <= vocabulary.kinds.keys():
        raise ValueError(f"no kind {sorted(captures - vocabulary.kinds.keys())[0]}")
    at_moment = instant(_moment(str(value["at"])))
    return Example(name, records, at_moment, expected, side, at, isinstance(expect, list), settings, captures)


def _side(expected: tuple[Expected, ...], rule: Rule) -> str:
    if any(e.status in ("overdue", "breached") or e.late for e in expected):
        return "breaks"
    if all(e.status == "none" for e in expected):
        return "meets" if rule.form == "absence" or (rule.trigger.type in ("lapse", "gap")) else "neither"
    if any(e.status == "unknown" for e in expected):
        return "neither"
    return "meets"


def _expected(value: Any) -> Expected:
    if isinstance(value, str):
        if value not in STATUSES:
            raise ValueError(f"no status {value}")
        return Expected(value)
    ((status, inner),) = value.items()
    if status not in STATUSES:
        raise ValueError(f"no status {status}")
    if not isinstance(inner, dict):
        return Expected(status, due=str(inner))
    known = {"late", "missing", "asks", "due", *FLAGS}
    if not set(inner) <= known:
        raise ValueError(f"unknown expectation {sorted(set(inner) - known)}")
    late = inner.get("late")
    return Expected(
        status,
        (int(late["amount"]), str(late["unit"])) if late else None,
        frozenset(map(str, inner["missing"])) if "missing" in inner else None,
        frozenset(map(str, inner["asks"])) if "asks" in inner else None,
        str(inner.get("due") or ""),
        tuple(k for k in FLAGS if inner.get(k)),
    )


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"no moment {text.strip()}") from error
    return found.replace(tzinfo=ZONE) if found.tzinfo is None else found.astimezone(ZONE)


def _record(value: Any, n: int, vocabulary: Vocabulary) -> dict[str, Any]:
    made = _short(str(value), n, vocabulary) if isinstance(value, str) else _long(value, n, vocabulary)
    kind = vocabulary.kinds.get(made["kind"])
    if kind is None:
        raise ValueError(f"no kind {made['kind']}")
    _known_content(made["kind"], made.get("content", {}), vocabulary)
    roles = vocabulary.terms["roles"]
    for role in [a.role for a in made.get("by", ())] + [s.role for s in made.get("signatures", ())]:
        if role not in roles:
            raise ValueError(f"no role {role}")
    if kind.interval and made.get("until") is None and made.get("precision") != "day":
        made["until"] = made["done_at"] + timedelta(minutes=30)
    return made


def _known_content(kind: str, content: Mapping[str, Any], vocabulary: Vocabulary) -> None:
    for key, held in content.items():
        if key not in vocabulary.kinds[kind].fields:
            raise ValueError(f"{kind} has no field {key}")
        field = vocabulary.kinds[kind].fields[key]
        # The names of records in an example are short, and stand for their ids.
        if held is not None and field.type != "record" and check_value(field, held):
            raise ValueError(f"{key} can’t be {held}")


def _short(text: str, n: int, vocabulary: Vocabulary) -> dict[str, Any]:
    words = shlex.split(text)
    day = words.pop(0)
    made: dict[str, Any] = {"id": f"r{n}", "content": {}, "links": {}, "signatures": []}
    if "T" in day:
        made["done_at"], made["precision"] = _moment(day), "minute"
    elif words and (clock := _CLOCK.match(words[0])):
        words.pop(0)
        made["done_at"], made["precision"] = _moment(f"{day}T{clock[1]:0>5}"), "minute"
        if clock[2]:
            made["until"] = _moment(f"{day}T{clock[2]:0>5}")
    else:
        made["done_at"], made["precision"] = _moment(f"{day}T00:00"), "day"
    made["kind"] = words.pop(0)
    kind = vocabulary.kinds.get(made["kind"])
    for word in words:
        if word.startswith("#"):
            made["id"] = word[1:]
        elif word.startswith(">"):
            made["links"].setdefault("about", ())
            made["links"]["about"] += (word[1:],)
        elif word.startswith("@"):
            made["signatures"].append(Signature(word[1:]))
        else:
            key, found, held = word.partition("=")
            if not found:
                raise ValueError(f"what is {word!r}?")
            made["content"][key] = _value(held, kind, key)
    made["signatures"] = tuple(made["signatures"])
    return made


def _value(text: str, kind: Kind | None, key: str) -> Any:
    type_ = kind.fields[key].type if kind and key in kind.fields else "text"
    if type_ in ("integer", "amount"):
        return int(text)
    if type_ == "boolean":
        if text not in ("yes", "no", "true", "false"):
            raise ValueError(f"{key} is yes or no")
        return text in ("yes", "true")
    if type_ in ("choices", "texts"):
        return text.split(",")
    if type_ == "moment":
        return _moment(text).isoformat()
    if type_ == "persons":
        return [{"name": p} for p in text.split(",")]
    return text


def _long(value: Any, n: int, vocabulary: Vocabulary) -> dict[str, Any]:
    for key in value:
        if key not in _RECORD_KEYS:
            raise ValueError(f"unknown key {key}")
    on = str(value["on"])
    day_only = len(on) == 10
    made: dict[str, Any] = {
        "id": str(value.get("id") or f"r{n}"),
        "kind": str(value["kind"]),
        "done_at": _moment(on + "T00:00" if day_only else on),
        "precision": value.get("precision") or ("day" if day_only else "minute"),
        "content": {
            k: _content(held, str(value["kind"]), k, vocabulary) for k, held in (value.get("content") or {}).items()
        },
        "links": {k: tuple(map(str, v if isinstance(v, list) else [v])) for k, v in (value.get("links") or {}).items()},
        "signatures": tuple(_signature(s) for s in value.get("signatures") or ()),
        "by": tuple(_actor(a) for a in value.get("by") or ()),
    }
    if value.get("until"):
        until = str(value["until"])
        made["until"] = _moment(f"{on[:10]}T{until}" if len(until) == 5 else until)
    if value.get("about"):
        made["links"]["about"] = tuple(
            map(str, value["about"] if isinstance(value["about"], list) else [value["about"]])
        )
    if value.get("received"):
        received = str(value["received"])
        made["received_at"] = _moment(received + "T00:00" if len(received) == 10 else received)
    if value.get("corrects"):
        made["corrects"] = str(value["corrects"])
    if value.get("files"):
        made["files"] = tuple(
            File("0" * 64, "", 1, str(f.get("name", "示例")), str(f.get("role", "attachment"))) for f in value["files"]
        )
    return made


def _content(held: Any, kind: str, key: str, vocabulary: Vocabulary) -> Any:
    fields = vocabulary.kinds[kind].fields if kind in vocabulary.kinds else {}
    type_ = fields[key].type if key in fields else ""
    if type_ == "moment" and isinstance(held, str):
        return _moment(held).isoformat()
    if type_ == "segments" and isinstance(held, list):
        return [{k: _moment(str(v)).isoformat() for k, v in s.items()} for s in held]
    return held


def _signature(value: Any) -> Signature:
    if isinstance(value, str):
        return Signature(value)
    signed = value.get("signed_at")
    return Signature(
        str(value["role"]),
        str(value.get("name") or ""),
        str(value.get("id") or ""),
        _moment(str(signed)) if signed else None,
    )


def _actor(value: Any) -> Actor:
    if isinstance(value, str):
        return Actor(value)
    return Actor(**{k: str(v) for k, v in value.items()})
