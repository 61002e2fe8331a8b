"""Filling in what a story leaves open (填写): texts with the facts of the case, values from people, times and files.

"{party}在{place}……"      a text with facts in it; "{minutes}" alone keeps the fact's own type
=day w+3    =moment @inspection.act +5m    a date, a moment; =on is the day of the record itself, =at its moment
=names first second   =certificates …   =persons …   =person lu    what people are called and known by
=segments 0-40 51-90       stretches recorded, in minutes from the beginning of the record
=id plan   =digest draft   a record's id; the SHA-256 of its first file, known once the file is made
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from liuhen.rooms.samples.moments import StoryTime
from liuhen.rooms.samples.people import Person

_ONE_FACT = re.compile(r"\{(\w+)\}\Z")


@dataclass(frozen=True, slots=True)
class DigestOf:
    """Stands for the digest of a record's first file until that file is made (待填摘要值)."""

    record: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What can be filled in at one point of a story (填写依据).

    Attributes:
        facts: name → value. who: name of a person in the story → person. record: name → id of a record.
        named: name → moment. at: the moment of the record that is being filled in.
    """

    time: StoryTime
    facts: Mapping[str, Any]
    who: Callable[[str], Person]
    record: Callable[[str], str]
    named: Mapping[str, datetime]
    at: datetime

    def value(self, said: Any) -> Any:
        """Return the value that `said` means, mappings and lists through and through."""
        if isinstance(said, Mapping):
            return {key: self.value(item) for key, item in said.items()}
        if isinstance(said, list):
            return [self.value(item) for item in said]
        if not isinstance(said, str):
            return said
        filled = fill(said, self.facts)
        if isinstance(filled, str) and filled.startswith("="):
            return self._meant(filled[1:])
        return filled

    def _meant(self, said: str) -> Any:
        name, _, rest = said.partition(" ")
        listed = rest.split()
        if name == "on":
            return self.at.date().isoformat()
        if name == "at":
            return self.at.isoformat()
        if name == "day":
            return self.time.day(rest, self.named).isoformat()
        if name == "moment":
            return self.time.moment(rest, self.named).isoformat()
        if name == "names":
            return [self.who(handle).name for handle in listed]
        if name == "certificates":
            return [self.who(handle).certificate for handle in listed]
        if name == "persons":
            return [self._person(self.who(handle)) for handle in listed]
        if name == "person":
            return self.who(rest).id
        if name == "segments":
            return [self._segment(stretch) for stretch in listed]
        if name == "id":
            return self.record(rest)
        if name == "digest":
            return DigestOf(self.record(rest))
        raise ValueError(f"={said}")

    def _person(self, person: Person) -> dict[str, str]:
        out = {"name": person.name, "id": person.id}
        return {**out, "certificate": person.certificate} if person.certificate else out

    def _segment(self, stretch: str) -> dict[str, str]:
        start, end = (self.at + timedelta(minutes=int(m)) for m in stretch.split("-"))
        return {"from": start.isoformat(), "until": end.isoformat()}


def fill(said: str, facts: Mapping[str, Any]) -> Any:
    """Return a text with its facts filled in; a text that is one fact alone gives that fact, whatever its type."""
    whole = _ONE_FACT.match(said)
    if whole:
        return facts[whole[1]]
    return said.format_map(facts) if "{" in said else said
