"""What makes a document a log by IEEE 1849-2016, as rules of our own: its schema, and what its text says beyond the schema.

Elements and their order: log = extension* global* classifier* attribute* trace* event*; trace = attribute* event*; event =
attribute*; an attribute may hold further ones. Text: no key twice in one component; what is global is in every trace or event;
a classifier names only what is global; a prefix with a colon is that of a declared extension.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

TYPES = {
    "string": lambda v: True,
    "id": lambda v: True,
    "date": lambda v: datetime.fromisoformat(v).tzinfo is not None and "T" in v,
    "int": lambda v: -(2**63) <= int(v) < 2**63,
    "float": lambda v: isinstance(float(v), float),
    "boolean": lambda v: v in ("true", "false", "0", "1"),
}
NAME = re.compile(r"[^\W\d][\w.:-]*\Z")
NC_NAME = re.compile(r"[^\W\d][\w.-]*\Z")
ATTRIBUTES = frozenset({*TYPES, "list"})
ORDER = ("extension", "global", "classifier", "attribute", "trace", "event")


def broken(path: Path) -> list[str]:
    """Return which rules a document breaks; none for a log."""
    return list(_log(ElementTree.parse(path).getroot()))


def _log(log: Element) -> Iterator[str]:
    if log.tag != "log" or not re.fullmatch(r"\d+(\.\d+)?", log.get("xes.version", "")):
        yield "log with a version"
    places = [ORDER.index("attribute" if e.tag in ATTRIBUTES else e.tag) for e in log]
    if places != sorted(places):
        yield "order of elements"
    prefixes = set()
    for e in log.findall("extension"):
        prefixes.add(e.get("prefix"))
        if not all(NC_NAME.match(e.get(k, "")) for k in ("name", "prefix")) or not e.get("uri", "").startswith("http"):
            yield "extension"
    everywhere = {g.get("scope", "event"): {a.get("key") for a in g} for g in log.findall("global")}
    for c in log.findall("classifier"):
        if (
            not NC_NAME.match(c.get("name", ""))
            or not set(c.get("keys", "").split()) <= everywhere[c.get("scope", "event")]
        ):
            yield "classifier"
    for component in log.iter():
        yield from _attributes(component, prefixes)
    for trace in log.findall("trace"):
        tags = ["event" if e.tag == "event" else "attribute" if e.tag in ATTRIBUTES else e.tag for e in trace]
        if tags != sorted(tags) or not set(tags) <= {"attribute", "event"}:
            yield "order in a trace"
        if not everywhere["trace"] <= {a.get("key") for a in trace}:
            yield "global of a trace"
        for event in trace.findall("event"):
            if not {e.tag for e in event} <= ATTRIBUTES or not everywhere["event"] <= {a.get("key") for a in event}:
                yield "global of an event"


def _attributes(component: Element, prefixes: set[str | None]) -> Iterator[str]:
    keys = [a.get("key", "") for a in component if a.tag in ATTRIBUTES]
    if len(keys) != len(set(keys)):
        yield "a key twice"
    for a in component:
        if a.tag not in ATTRIBUTES:
            continue
        key = a.get("key", "")
        if not NAME.match(key) or (":" in key and key.partition(":")[0] not in prefixes):
            yield f"key {key}"
        try:
            if a.tag != "list" and not TYPES[a.tag](a.attrib["value"]):
                yield f"value of {key}"
        except (ValueError, KeyError):
            yield f"value of {key}"
