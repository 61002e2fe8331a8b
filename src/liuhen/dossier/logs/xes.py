"""Reading XES (读取 XES 日志): IEEE 1849-2016, streamed trace by trace; memory is that of one trace.

Straight on the parser that Python carries (Expat), without a tree. A DOCTYPE is refused before anything in it is read, so
that no entity is ever declared, inside or outside. Read are the attributes that the mapping names; nested attributes, lists
and containers say nothing to it. `global` says what every event has, not what an event has that says nothing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from xml.parsers import expat

from liuhen.dossier.logs.events import MOST_EVENTS, Event, InvalidLog, Trace
from liuhen.dossier.logs.opened import CHUNK, Source
from liuhen.ground.findings import Finding

DEEPEST = 32
LARGEST = 4_000_000
_VALUED = frozenset({"string", "date", "int", "float", "boolean", "id"})
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_OWN = frozenset({"utf-8", "utf-16", "iso8859-1", "ascii"})


class _Reading:
    """One reading: what the parser calls, and what is not handed on yet."""

    def __init__(self, source: Source, keys: frozenset[str], case: str) -> None:
        self.where = str(source.path)
        self.keys, self.case = keys, case
        self.done: list[Trace] = []
        self.outside: list[int] = []
        self.depth = 0
        self.trace: Trace | None = None
        self.event: Event | None = None
        self.names: dict[str, str] = {}
        self.parser: expat.XMLParserType = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = False

    def listen(self, encoding: str | None) -> None:
        p = self.parser = expat.ParserCreate(encoding, " ")
        p.StartElementHandler = self.start
        p.EndElementHandler = self.end
        p.StartDoctypeDeclHandler = self.doctype

    @property
    def place(self) -> str:
        return f"{self.where}:{self.parser.CurrentLineNumber}"

    def doctype(self, *_: object) -> None:
        raise InvalidLog("E-005", self.place)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self.names.get(tag)
        if name is None:
            name = tag.rpartition(" ")[2]
            if len(self.names) < 1000:
                self.names[tag] = name
        depth = self.depth = self.depth + 1
        if depth == 4:
            if self.event is not None and name in _VALUED:
                self.put(self.event.values, attributes)
        elif depth == 3:
            trace = self.trace
            if trace is None:
                return
            if name == "event":
                trace.seen += 1
                self.event = Event(self.parser.CurrentLineNumber, {})
                if trace.seen <= MOST_EVENTS:
                    trace.events.append(self.event)
                elif trace.events:
                    trace.events = []
            elif name in _VALUED:
                self.put(trace.values, attributes)  # type: ignore[arg-type]
        elif depth == 2:
            if name == "trace":
                self.trace = Trace(self.parser.CurrentLineNumber, values={})
            elif name == "event":
                self.outside.append(self.parser.CurrentLineNumber)
        elif depth == 1:
            if name != "log":
                raise InvalidLog("E-008", self.place, element=name[:80])
        elif depth > DEEPEST:
            raise InvalidLog("E-015", self.place, limit=DEEPEST)

    def put(self, values: dict[str, str], attributes: dict[str, str]) -> None:
        key = attributes.get("key")
        if key not in self.keys:
            return
        if key in values and self.trace is not None and not self.trace.wrong:
            self.trace.wrong.append(Finding("E-038", {"key": key}, self.place))
        values[key] = attributes.get("value", "")

    def end(self, tag: str) -> None:
        depth = self.depth
        self.depth = depth - 1
        if depth == 3:
            self.event = None
        elif depth == 2 and self.trace is not None:
            self.trace.id = self.trace.values.get(self.case, "")
            self.done.append(self.trace)
            self.trace = None


def traces(source: Source, keys: frozenset[str], case: str) -> Iterator[Trace | Finding]:
    """Yield the traces of an XES log in their order, and E-040 for each event outside of them.

    Args:
        keys: attributes that are read. case: the trace attribute that names the case.

    Refused: E-004 not well-formed, E-005 a DOCTYPE, E-008 no log, E-009 a tag, text or comment larger than 4 MB, E-010 not in the
    encoding that it declares, E-015 nested too deeply; as `Source`. Cost: linear; memory of one trace of at most `MOST_EVENTS`.
    """
    reading = _Reading(source, keys, case)
    chunk = source.read()
    decoder = _decoder(chunk)
    reading.listen("utf-8" if decoder is not None else None)
    parser = reading.parser
    fed = 0
    while True:
        last = not chunk
        try:
            text = chunk if decoder is None else decoder.decode(chunk, last).encode()
        except UnicodeDecodeError as error:
            raise InvalidLog("E-010", reading.place, tried=error.encoding, byte=error.start) from error
        try:
            parser.Parse(text, last)
        except expat.ExpatError as error:
            place = f"{source.path}:{error.lineno}"
            raise InvalidLog("E-004", place, reason=expat.errors.messages.get(error.code, str(error.code))) from error
        except (LookupError, ValueError) as error:  # an encoding that nobody knows
            raise InvalidLog("E-004", reading.place, reason=str(error)[:80]) from error
        for line in reading.outside:
            yield Finding("E-040", {}, f"{source.path}:{line}")
        reading.outside.clear()
        yield from reading.done
        reading.done.clear()
        if last:
            return
        fed += len(text)
        if fed - max(0, parser.CurrentByteIndex) > LARGEST:
            raise InvalidLog("E-009", reading.place, limit=LARGEST)
        chunk = source.read(CHUNK)


def _decoder(head: bytes) -> codecs.IncrementalDecoder | None:
    """Return how to decode a document in an encoding that the parser does not know itself, such as GB18030; None else."""
    declared = _DECLARED.match(head)
    if declared is None:
        return None
    try:
        codec = codecs.lookup(declared[1].decode("ascii"))
    except LookupError:
        return None
    return None if codec.name in _OWN or not codec._is_text_encoding else codec.incrementaldecoder("strict")
