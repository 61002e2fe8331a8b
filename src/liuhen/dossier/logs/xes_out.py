"""Writing XES (写出 XES 日志): cases as traces of an IEEE 1849-2016 log, for process mining; no names unless they are asked for.

An act with from and until gives two events, start and complete, that share `concept:instance` (the record's id). What was
corrected or withdrawn does not appear. A time of which only the day is known stands at its beginning, with `precision`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TextIO
from xml.sax.saxutils import quoteattr

from liuhen.engines.rulebook import Held, Register, Shape
from liuhen.ground.moments import written
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Language

_FOR_EVER = 1 << 62
_EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"))
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="">
{extensions}
\t<global scope="trace">
\t\t<string key="concept:name" value="-"/>
\t</global>
\t<global scope="event">
\t\t<string key="concept:name" value="-"/>
\t\t<string key="concept:instance" value="-"/>
\t\t<string key="lifecycle:transition" value="complete"/>
\t\t<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
\t\t<string key="org:group" value="-"/>
\t\t<string key="kind" value="-"/>
\t\t<string key="precision" value="second"/>
\t</global>
\t<classifier name="Activity" scope="event" keys="concept:name"/>
\t<classifier name="Kind" scope="event" keys="kind"/>
\t<classifier name="Step" scope="event" keys="kind lifecycle:transition"/>
\t<string key="concept:name" value={name}/>
\t<string key="lifecycle:model" value="standard"/>
"""
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Lists of things have no plain text, and free text is where people write names.
_TOLD = frozenset({"integer", "amount", "decimal", "boolean", "date", "moment", "time", "choice", "choices"})


@dataclass(frozen=True, slots=True)
class Way:
    """How a log is written (写法): the language of its activities, and what of the records goes into it.

    Attributes:
        names: also names and certificates of whoever acted; without it each is a number that holds within this log alone.
        content: also what the records say in fields that are neither personal nor text.
    """

    language: Language = "zh"
    names: bool = False
    content: bool = True


@dataclass
class Written:
    """How much was written (写出数量)."""

    cases: int = 0
    events: int = 0
    people: dict[str, str] = field(default_factory=dict)


def write_xes(
    out: TextIO, cases: Iterable[tuple[str, tuple[Record, ...]]], vocabulary: Vocabulary, way: Way, name: str
) -> Written:
    """Write cases as a log, as they come; each is its name and its records.

    Every event has the attributes that the log declares for all (`global`), and each classifier names some of these.
    Cost: linear; memory of one case, and of one number a person.
    """
    lines = [
        f'\t<extension name="{title}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>'
        for title, prefix in _EXTENSIONS
    ]
    out.write(_HEAD.format(extensions="\n".join(lines), name=_quoted(name)))
    done, shape = Written(), Shape(vocabulary)
    for case, records in cases:
        held = Held(records, _FOR_EVER, shape, Register.EMPTY)
        out.write(f"\t<trace>\n\t\t{_attribute('string', 'concept:name', case)}\n")
        if held.opened is not None and way.content:
            for line in _content("case.", held.opened, vocabulary):
                out.write(f"\t\t{line}\n")
        for _, lines in sorted(
            (step for record in held.current for step in _events(record, vocabulary, way, done)), key=lambda s: s[0]
        ):
            out.write("\t\t<event>\n" + "".join(f"\t\t\t{line}\n" for line in lines) + "\t\t</event>\n")
            done.events += 1
        out.write("\t</trace>\n")
        done.cases += 1
    out.write("</log>\n")
    return done


def _events(r: Record, vocabulary: Vocabulary, way: Way, done: Written) -> Iterator[tuple[datetime, list[str]]]:
    kind = vocabulary.kinds.get(r.kind)
    title = kind.words.in_(way.language) if kind is not None else r.kind
    steps = [(r.done_at, "complete")] if r.until is None else [(r.done_at, "start"), (r.until, "complete")]
    for moment, transition in steps:
        lines = [
            _attribute("string", "concept:name", title),
            _attribute("string", "concept:instance", r.id),
            _attribute("string", "lifecycle:transition", transition),
            _attribute("date", "time:timestamp", written(moment)),
            _attribute("string", "org:group", r.bureau),
            _attribute("string", "kind", r.kind),
            _attribute("string", "precision", r.precision),
        ]
        if r.by:
            if r.by[0].identity:
                lines.append(_attribute("string", "org:resource", _resource(r.by[0].identity, way, done)))
            lines.append(_attribute("string", "org:role", r.by[0].role))
        if way.content and transition == "complete":
            lines += _content("content.", r, vocabulary)
        yield moment, lines


def _resource(identity: str, way: Way, done: Written) -> str:
    return identity if way.names else done.people.setdefault(identity, f"R{len(done.people) + 1}")


def _content(prefix: str, r: Record, vocabulary: Vocabulary) -> Iterator[str]:
    kind = vocabulary.kinds.get(r.kind)
    for key, value in r.content.items():
        known = kind.fields.get(key) if kind is not None else None
        if known is None or value is None or known.personal or not (known.type in _TOLD or known.id == "case_number"):
            continue
        sort, text = _spelled(value)
        yield _attribute(sort, prefix + key, text)


def _spelled(value: Any) -> tuple[str, str]:
    if isinstance(value, bool):
        return "boolean", "true" if value else "false"
    if isinstance(value, int):
        return "int", str(value)
    return "string", " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _attribute(sort: str, key: str, value: str) -> str:
    return f'<{sort} key="{key}" value={_quoted(value)}/>'


def _quoted(text: str) -> str:
    # What XML can't say at all is shown as such, and not left out without a trace.
    return quoteattr(_UNSAYABLE.sub("\ufffd", text))


def cases_by_name(
    files: Iterable[tuple[Mapping[str, Any], str, tuple[Record, ...]]],
) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """Yield cases by their numbers, or by the id of the record that opened them where two share a number or it has none."""
    seen: set[str] = set()
    for opening, root, records in files:
        number = str(opening.get("case_number") or root)
        yield (number if number not in seen else root), records
        seen.add(number)
