"""A story unfolded (展开): every record that it tells, placed in time, with who brings it to the door and what is attached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from uuid_utils.compat import uuid7

from liuhen.ground.vocabulary import Kind, Vocabulary
from liuhen.rooms.samples.filling import Filling, fill
from liuhen.rooms.samples.moments import StoryTime
from liuhen.rooms.samples.people import Person
from liuhen.rooms.samples.stories import Step, Story

_ENTERED = timedelta(minutes=20)
_SIGNING = timedelta(minutes=2)


@dataclass(slots=True)
class Told:
    """One record as it is brought to the door (待登记录).

    Attributes:
        story, name: whose it is and what the story calls it. json: the record as its maker states it, files left out.
        actor: who brings it. received: when. paper: what is otherwise than usual about its paper; None when it has none.
        clips: recordings to be made. outside: source, reason and approval (record id) of an act entered afterwards.
    """

    story: str
    name: str
    json: dict[str, Any]
    actor: Person
    received: datetime
    paper: Mapping[str, Any] | None
    clips: tuple[Mapping[str, Any], ...]
    outside: Mapping[str, str] | None
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Unfolding:
    """Unfolds stories one after the other; later ones may name records of earlier ones, as `story:record`."""

    bureau: str
    time: StoryTime
    vocabulary: Vocabulary
    people: Mapping[str, Person]
    ids: dict[str, str] = field(default_factory=dict)

    def story(self, story: Story, facts: Mapping[str, Any]) -> list[Told]:
        """Return the records of one story in the order told; `facts` are the bureau's, with the numbers of the case."""
        return _Telling(self, story, facts).records()

    def new_id(self, at: datetime) -> str:
        """Return a UUIDv7 of that moment."""
        return str(uuid7(nanoseconds=int(at.timestamp()) * 1_000_000_000))


class _Telling:
    """One story being unfolded."""

    def __init__(self, house: Unfolding, story: Story, facts: Mapping[str, Any]) -> None:
        self.house = house
        self.told = story
        self.out: list[Told] = []
        self.named: dict[str, datetime] = {}
        everything = {**facts, **story.facts}
        for n, handle in enumerate(story.handlers):
            place = ("first", "second", "third")[n]
            everything[place] = house.people[handle].name
            everything[f"{place}_recorder"] = house.people[handle].recorder
        self.facts = _settled(everything)

    def records(self) -> list[Told]:
        if self.told.opening:
            at = self.house.time.moment(self.told.opened, self.named)
            opening = {
                "kind": "case.opened",
                "id": "case",
                "by": [self.told.by or "first"],
                "content": {
                    "case_number": "{number}",
                    "unit": self.told.unit,
                    "handlers": "=persons " + " ".join(self.told.handlers),
                    **self.told.opening,
                },
            }
            self._step(Step("", "", (opening,), {}, "", None), at)
        for step in self.told.steps:
            self._step(step, self.house.time.moment(step.on, self.named))
        return self.out

    def _step(self, step: Step, start: datetime) -> None:
        facts = _settled({**self.facts, **step.facts})
        self.named[step.name] = start
        first = len(self.out)
        entered_alone: set[int] = set()
        for spec in step.records:
            if spec.get("entered"):
                entered_alone.add(len(self.out))
            self._record(spec, step, start, facts)
        for n in range(first, len(self.out)):
            if n not in entered_alone:
                self.out[n].received = self._not_yet(self._entered(step, start, first, n, entered_alone, facts))

    def _entered(
        self, step: Step, start: datetime, first: int, n: int, alone: set[int], facts: Mapping[str, Any]
    ) -> datetime:
        """Return when a record of a step is entered: with the others of its day, unless the step says when."""
        if step.entered:
            return self._moment(step.entered, start, facts)
        day = _end(self.out[n].json).date()
        ends = [_end(self.out[m].json) for m in range(first, len(self.out)) if m not in alone]
        return max(end for end in ends if end.date() == day) + _ENTERED

    def _record(self, spec: Mapping[str, Any], step: Step, start: datetime, facts: Mapping[str, Any]) -> None:
        kind = self.house.vocabulary.kinds[spec["kind"]]
        at = self._moment(str(spec.get("at", "+0")), start, facts)
        until = self._moment(str(spec["until"]), start, facts) if "until" in spec else None
        name = ".".join(part for part in (step.name, spec.get("id", spec["kind"])) if part)
        filling = Filling(self.house.time, facts, self._person, lambda n: self._id(n, step.name), self.named, at)
        by = [self._actor(str(fill(said, facts)), kind) for said in spec.get("by") or ()]
        id_ = self.house.ids[f"{self.told.id}:{name}"] = self.house.new_id(at)
        self.named[name], self.named[f"{name}.end"] = at, until or at
        record: dict[str, Any] = {
            "id": id_,
            "bureau": self.house.bureau,
            "kind": kind.id,
            "done_at": at.isoformat(),
            "precision": spec.get("precision", "minute"),
        }
        if until is not None:
            record["until"] = until.isoformat()
        if by:
            record["by"] = by
        if "entered_by" in spec:
            record["entered_by"] = self._actor(spec["entered_by"], kind)
        if "corrects" in spec:
            record["corrects"] = self._id(spec["corrects"], step.name)
        links = {r: self._ids(filling.value(n), step.name) for r, n in (spec.get("links") or {}).items()}
        links = {role: ids for role, ids in links.items() if ids}
        if self.told.opening and name != "case" and kind.case != "no":
            links["case"] = [self.house.ids[f"{self.told.id}:case"]]
        if links:
            record["links"] = links
        content = filling.value(spec.get("content") or {})
        if content:
            record["content"] = {k: v for k, v in content.items() if v is not None}
        signatures = self._signatures(spec.get("signed") or (), until or at, facts)
        if signatures:
            record["signatures"] = signatures
        received = self._moment(str(spec["entered"]), start, facts) if "entered" in spec else at
        outside = {**step.outside, "approval": self._id(step.outside["approval"], "")} if step.outside else None
        self.out.append(
            Told(
                self.told.id,
                name,
                record,
                self._brings(spec, by, outside),
                self._not_yet(received),
                self._paper(spec, kind, filling),
                tuple(filling.value(list(spec.get("clips") or ()))),
                outside,
                facts,
            )
        )

    def _paper(self, spec: Mapping[str, Any], kind: Kind, filling: Filling) -> Mapping[str, Any] | None:
        said = spec.get("paper")
        if said is False or (said is None and (kind.family != "document" or "application/pdf" not in kind.media)):
            return None
        return dict(filling.value(said)) if isinstance(said, Mapping) else {}

    def _brings(self, spec: Mapping[str, Any], by: Iterable[Mapping[str, str]], outside: Any) -> Person:
        if outside:
            return self._person(outside["who"])
        if "brought" in spec:
            return self._person(spec["brought"])
        if "entered_by" in spec:
            return self._person(str(spec["entered_by"]).split(" as ")[0])
        ids = {person.id: person for person in self.house.people.values()}
        return next(ids[actor["id"]] for actor in by if actor.get("id") in ids)

    def _moment(self, said: str, start: datetime, facts: Mapping[str, Any]) -> datetime:
        said = str(fill(said, facts))
        if said.startswith("+"):
            return start + timedelta(minutes=sum(int(m) for m in said[1:].split("+")))
        return self.house.time.moment(said, self.named)

    def _not_yet(self, moment: datetime) -> datetime:
        return min(moment, self.house.time.now)

    def _person(self, handle: str) -> Person:
        place = {"first": 0, "second": 1, "third": 2}.get(handle)
        return self.house.people[handle if place is None else self.told.handlers[place]]

    def _actor(self, said: str, kind: Kind) -> dict[str, str]:
        name, _, role = said.partition(" as ")
        if name.startswith("device "):
            return {"role": "device", "name": name.removeprefix("device "), "type": "device"}
        person = self._person(name)
        return person.as_actor(role or person.role_for(kind))

    def _signatures(self, listed: Iterable[str], end: datetime, facts: Mapping[str, Any]) -> list[dict[str, str]]:
        out = []
        for n, said in enumerate(listed):
            name, _, role = str(fill(said, facts)).partition(" as ")
            signature = {"role": role, "signed_at": (end + n * _SIGNING).isoformat()}
            if name in self.house.people or name in ("first", "second", "third"):
                person = self._person(name)
                out.append({**signature, "name": person.name, "id": person.id})
            else:
                out.append({**signature, "name": name})
        return out

    def _ids(self, listed: str | list[str], step: str) -> list[str]:
        if isinstance(listed, str) and listed.startswith("every "):
            kind = listed.removeprefix("every ")
            return [told.json["id"] for told in self.out if told.json["kind"] == kind]
        return [self._id(n, step) for n in ([listed] if isinstance(listed, str) else listed)]

    def _id(self, name: str, step: str) -> str:
        """Return the id of a record by its name: of this step first, then of the story, then of another story."""
        known = self.house.ids
        for full in (f"{self.told.id}:{step}.{name}", f"{self.told.id}:{name}", name):
            if full in known:
                return known[full]
        raise LookupError(f"{self.told.id}: no record called {name} before {step}")


def _settled(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts whose texts name other facts, filled in; a fact may name one that names another."""
    out = dict(facts)
    for _ in range(3):
        out = {key: fill(value, out) if isinstance(value, str) else value for key, value in out.items()}
    return out


def _end(record: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(record.get("until") or record["done_at"])
