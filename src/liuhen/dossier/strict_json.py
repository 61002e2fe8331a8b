"""JSON, read strictly (严格读取 JSON): bounded in size and depth, UTF-8 only, no key twice, whole numbers only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from liuhen.dossier.dossier import InvalidDossier
from liuhen.ground.findings import Finding

LIMIT_BYTES = 64 * 1024 * 1024
LIMIT_VALUES = 2_000_000
LIMIT_DEPTH = 32
LONGEST_SAID = 40
_EXACT = 2**53


class _Repeating(dict[str, Any]):
    """An object in which a key stood more than once: `twice` names those keys."""

    twice: tuple[str, ...] = ()


def parse(data: bytes, source: str) -> Any:
    """Return the JSON value of `data`; `source` is the file's name as findings show it.

    Refused (InvalidDossier): D-004 larger than 64 MB, D-005 empty, D-006 not UTF-8 without BOM, D-007 cut off, D-008
    not JSON, D-009 nested deeper than Python can follow, D-010 more than two million values. Keys that stand twice
    and numbers that are not whole are left for `flaws`, which says where. Cost: linear; the limits keep it under
    about 600 MB.
    """
    if len(data) > LIMIT_BYTES:
        raise InvalidDossier("D-004", source, file=source, bytes=len(data), limit=LIMIT_BYTES)
    text = _decoded(data, source)
    if not text.strip():
        raise InvalidDossier("D-005", source, file=source)
    # Counted before parsing: three bytes such as `[],` become a hundred in memory, so bytes alone bound nothing.
    if data.count(b",") + data.count(b"[") + data.count(b"{") > LIMIT_VALUES:
        raise InvalidDossier("D-010", source, file=source, limit=LIMIT_VALUES)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except RecursionError as error:
        raise InvalidDossier("D-009", source, file=source, limit=LIMIT_DEPTH) from error
    except json.JSONDecodeError as error:
        if _cut_off(text, error):
            raise InvalidDossier("D-007", f"{source}:{error.lineno}", file=source, line=error.lineno) from error
        at = f"{source}:{error.lineno}:{error.colno}"
        raise InvalidDossier("D-008", at, file=source, line=error.lineno, column=error.colno) from error


def flaws(value: Any, place: str, depth: int = 0) -> Iterator[Finding]:
    """Yield what strict JSON does not allow in `value`, each with its place (JSON pointer after `place`).

    D-009 nested deeper than 32, D-011 a key twice, D-012 a number that is not whole or beyond 2**53. Cost: linear, no
    recursion.
    """
    stack: list[tuple[Any, str, int]] = [(value, place, depth)]
    while stack:
        held, at, level = stack.pop()
        if isinstance(held, float):
            yield Finding("D-012", {"value": held.written if isinstance(held, _Inexact) else repr(held)}, at)
        elif isinstance(held, (dict, list)):
            if level >= LIMIT_DEPTH:
                yield Finding("D-009", {"file": at.split("#")[0], "limit": LIMIT_DEPTH}, at[:400])
                continue
            yield from (Finding("D-011", {"key": key}, f"{at}/{pointer(key)}") for key in twice(held))
            items = held.items() if isinstance(held, dict) else enumerate(held)
            stack.extend((item, f"{at}/{pointer(str(key))}", level + 1) for key, item in items if _can_be_wrong(item))


def twice(value: Any) -> tuple[str, ...]:
    """Return the keys that stood more than once in this one object."""
    return value.twice if isinstance(value, _Repeating) else ()


def pointer(key: str) -> str:
    """Return `key` as one step of a JSON pointer (RFC 6901), shortened to 80 characters."""
    return key[:80].replace("~", "~0").replace("/", "~1")


def _can_be_wrong(item: Any) -> bool:
    return isinstance(item, (float, dict, list))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) == len(pairs):
        return out
    seen: set[str] = set()
    repeating = _Repeating(out)
    repeating.twice = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return repeating


class _Inexact(float):
    """A whole number too large to be carried exactly, with what stood in the text, shortened."""

    written: str

    def __new__(cls, text: str) -> _Inexact:
        made = super().__new__(cls, text)
        made.written = text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]}…"
        return made


def _integer(text: str) -> int | float:
    # A float stands for "not a whole number that JSON carries exactly"; it also keeps Python from refusing 5,000
    # digits halfway through the text.
    if len(text) > 17 or not -_EXACT < int(text) < _EXACT:
        return _Inexact(text)
    return int(text)


_UTF16 = re.compile(rb"\A(\x00[^\x00]|[^\x00]\x00)")


def _decoded(data: bytes, source: str) -> str:
    def refuse(encoding: str) -> InvalidDossier:
        return InvalidDossier("D-006", source, file=source, encoding=encoding)

    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise refuse("UTF-32")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _UTF16.match(data):
        raise refuse("UTF-16")
    if data.startswith(b"\xef\xbb\xbf"):
        raise refuse("UTF-8 BOM")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.end == len(data):
            line = data.count(b"\n") + 1
            raise InvalidDossier("D-007", f"{source}:{line}", file=source, line=line) from error
    try:
        data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise refuse("?") from error
    raise refuse("GBK/GB18030")


def _cut_off(text: str, error: json.JSONDecodeError) -> bool:
    rest = text[error.pos :].strip()
    if not rest or error.msg.startswith("Unterminated string"):
        return True
    if error.msg.startswith("Invalid \\u"):
        return len(rest) < 6
    return rest == "\\" or any(word.startswith(rest) for word in ("true", "false", "null", "-"))
