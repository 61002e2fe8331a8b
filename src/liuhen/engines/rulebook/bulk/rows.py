"""A record as one row (记录成行): the columns in which all cases at once are read, and the row that a Record makes."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from liuhen.engines.rulebook.forms.content import OFFICER_ROLES
from liuhen.engines.rulebook.recordings import segments
from liuhen.ground.record import Actor, Record
from liuhen.ground.vocabulary import Vocabulary

# A file holds fewer records than this: `k` is the number of the file times this, plus the place in the file's order.
MOST_RECORDS = 1 << 20
_KEY = (1 << 62) - 1
BASE: Mapping[str, str] = {
    "c": "int64",
    "k": "int64",
    "key": "int64",
    "id": "string",
    "kind": "string",
    "i": "int64",
    "e": "int64",
    "rcv": "int64",
    "d": "int32",
    "ed": "int32",
    "isday": "boolean",
    "corrects": "string",
    "root_id": "string",
    "who": "int32",
    "by_roles": "string",
    "sign_roles": "string",
    "signs": "array<int64>",
    "certs": "array<string>",
    "people": "int32",
    "blurred": "boolean",
    "names": "array<string>",
    "file_roles": "string",
    "more": "array<int64>",
    "lists": "array<int64>",
    "segs": "array<int64>",
    "hour": "int32",
    "content": "string",
    "rest": "string",
    "own": "boolean",
    "guest": "boolean",
}
"""Column → type; beside these one `l_<role>` for the first record that each link role names.

c, k: number of the file, and of the record in it; `k` grows in the order of `Record.order`. key: 62 bits that stand for the
id. i, e, rcv: microseconds UTC of beginning, end and receipt. d, ed: local days as ordinals. who: number in the list of
people. by_roles, sign_roles, file_roles: `|role|role|`. signs: moments of the signatures, -1 without. certs: certificates of
the officers in `by`, each once; people: how many officers, whatever their certificates; blurred: mentions that only the
per-case evaluator tells apart. names: what a recording or an act can be recognised by. more: the second and further records
that `about` names. lists: all that `lists` or `withdraws` names. segs: beginning and end of each stretch recorded. hour: of
the beginning, null for day precision. content: JSON as written by `text_of`.
rest: the record as JSON without its content, for the files that are asked one by one.
own: whether what it triggers is told of this file. guest: whether its own file is another one, where what it opens is told of.
"""


def key_of(id_: str) -> int:
    """Return the number that stands for an id: the halves of the UUID laid over each other, 62 bits.

    Equal ids, equal numbers; in one file two others never share one in practice (the random bits of a version 7 are kept).
    """
    whole = int(id_.replace("-", ""), 16)
    return ((whole >> 64) ^ whole) & _KEY


def text_of(value: Any) -> str:
    """Return a value as JSON without blanks, in one spelling: what is equal is written equally."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def columns(vocabulary: Vocabulary) -> dict[str, str]:
    """Return every column with its type: those of `BASE`, and one for each link role that a kind of record has."""
    return {**BASE, **{f"l_{role}": "int64" for role in link_roles(vocabulary)}}


def link_roles(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the roles in which records name others."""
    return tuple(sorted({"about", "case", "lists", *(role for k in vocabulary.kinds.values() for role in k.links)}))


class RowMaker:
    """Turns the records of files into rows, and numbers files and people as they come (逐卷成行)."""

    def __init__(self, vocabulary: Vocabulary, first: int = 0) -> None:
        self.roles = link_roles(vocabulary)
        self.recordings = vocabulary.with_role("recording")
        self.named = self.recordings | {k.id for k in vocabulary.kinds.values() if k.interval}
        self.next = first
        self.people: dict[tuple[str, str, str], int] = {}

    def rows(
        self, records: Iterable[Record], own: Container[str] | None = None, guests: Container[str] = ()
    ) -> list[dict[str, Any]]:
        """Return the rows of one file.

        `own`: ids of the records that trigger anything in it, None: all. `guests`: ids of those whose own file is another one.
        A file that holds more than `MOST_RECORDS` raises ValueError.
        """
        listed = sorted(records, key=lambda r: r.order)
        if len(listed) >= MOST_RECORDS:
            raise ValueError("too many records in one file")
        c, self.next = self.next, self.next + 1
        return [
            self._row(c, c * MOST_RECORDS + n, r) | {"own": own is None or r.id in own, "guest": r.id in guests}
            for n, r in enumerate(listed)
        ]

    def _row(self, c: int, k: int, r: Record) -> dict[str, Any]:
        links = {role: [key_of(t) for t in targets] for role, targets in r.links.items() if targets}
        about = links.get("about", ())
        row: dict[str, Any] = {
            "c": c,
            "k": k,
            "key": key_of(r.id),
            "id": r.id,
            "kind": r.kind,
            "i": r.instant,
            "e": r.end,
            "rcv": r.received,
            "d": r.day,
            "ed": r.end_day,
            "isday": r.precision == "day",
            "corrects": r.corrects,
            "root_id": r.root if r.root != r.id else None,
            "who": self._who(r),
            "by_roles": _joined(a.role for a in r.by),
            "sign_roles": _joined(s.role for s in r.signatures),
            "file_roles": _joined(f.role for f in r.files),
            "more": list(about[1:]) or None,
            "lists": links.get("lists") or links.get("withdraws"),
            "content": text_of(dict(r.content)),
            "hour": None if r.precision == "day" else r.done_at.hour,
        }
        row["signs"] = [_micros(s.signed_at) for s in r.signatures] if any(s.signed_at for s in r.signatures) else None
        row.update(_officers(r.by))
        row["names"] = _names(r, r.kind in self.recordings) if r.kind in self.named else None
        row["segs"] = (
            [x for pair in segments(r) for x in pair]
            if r.kind in self.recordings and r.content.get("segments")
            else None
        )
        row["rest"] = text_of({k: v for k, v in r.as_json().items() if k != "content"})
        for role in self.roles:
            targets = links.get(role)
            row[f"l_{role}"] = targets[0] if targets else None
        return row

    def _who(self, r: Record) -> int:
        return self.people.setdefault(who_did(r), len(self.people))


def who_did(r: Record) -> tuple[str, str, str]:
    """Return who acted in a record: office, name, and the person's id where there is one; no name where nobody is named."""
    person = next((a for a in r.by if a.type == "person"), None)
    return (r.bureau, "", "") if person is None else (r.bureau, person.name or person.identity, person.id or "")


def _joined(names: Iterable[str]) -> str | None:
    joined = "|".join(names)
    return f"|{joined}|" if joined else None


def _micros(moment: Any) -> int:
    from liuhen.ground.moments import instant

    return -1 if moment is None else instant(moment)


def _names(r: Record, recording: bool) -> list[str] | None:
    names = {x for a in r.by for x in (a.name, a.id, a.certificate) if x}
    if recording and (holder := r.content.get("holder")):
        names.add(str(holder))
    return sorted(names) or None


def _officers(by: Sequence[Actor]) -> dict[str, Any]:
    """Return what tells the officers of a record apart: by certificate, and where that does not do, that it doesn't."""
    mine = [a for a in by if a.role in OFFICER_ROLES and a.type == "person" and a.identity]
    if not mine:
        return {"certs": None, "people": 0, "blurred": False}
    certified = [a.certificate for a in mine if a.certificate]
    once = list(dict.fromkeys(certified))
    plain = len(certified) == len(mine)
    return {
        "certs": once or None,
        "people": _different(mine),
        "blurred": not plain and len(certified) != len(once),
    }


def _different(mine: Sequence[Actor]) -> int:
    from liuhen.engines.rulebook.forms.content import same_person

    kept: list[Actor] = []
    for a in mine:
        known = next((n for n, b in enumerate(kept) if same_person(a, b)), None)
        if known is None:
            kept.append(a)
        else:
            kept[known] = a
    return len(kept)
