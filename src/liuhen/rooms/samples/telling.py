"""The whole sample story (整套示例): every record of every story, in the order in which the door takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liuhen.ground.calendar import Calendar
from liuhen.ground.vocabulary import Vocabulary
from liuhen.rooms.samples.founding import found, register
from liuhen.rooms.samples.moments import StoryTime
from liuhen.rooms.samples.numbering import numbered
from liuhen.rooms.samples.people import Person, read_people
from liuhen.rooms.samples.stories import Story, read_bureau, read_stories
from liuhen.rooms.samples.unfolding import Told, Unfolding


@dataclass(frozen=True)
class Telling:
    """What is told (示例内容): the bureau, its people, its stories, all their records in the order received, ids by name."""

    bureau: Mapping[str, Any]
    people: Mapping[str, Person]
    stories: tuple[Story, ...]
    records: tuple[Told, ...]
    ids: Mapping[str, str]


def tell(now: datetime, calendar: Calendar, vocabulary: Vocabulary, bureau: Mapping[str, Any] | None = None) -> Telling:
    """Return the whole story as of `now` (aware): what happened before it, and when it was entered; nothing is stored.

    `bureau` is `read_bureau()`, with whatever the caller has otherwise.
    """
    bureau = bureau or read_bureau()
    time = StoryTime(now.astimezone(StoryTime(now, calendar).zone).replace(microsecond=0), calendar)
    people = read_people(bureau["people"])
    house = Unfolding(bureau["id"], time, vocabulary, people)
    stories = read_stories()
    numbers = numbered(stories, {s.id: time.moment(s.opened) for s in stories if s.opening})
    records = found(house, bureau)
    records += house.story(register(time.now, bureau), bureau["facts"])
    for story in stories:
        records += house.story(story, {**bureau["facts"], **numbers.get(story.id, {})})
    _what_is_named_first(records)
    records.sort(key=lambda told: told.received)
    return Telling(bureau, people, tuple(stories), tuple(records), house.ids)


def _what_is_named_first(records: list[Told]) -> None:
    """Have no record received before one that it names: whoever types the second waits for the first."""
    received: dict[str, datetime] = {}
    for told in records:
        named = [id_ for listed in told.json.get("links", {}).values() for id_ in listed]
        named += [told.json["corrects"]] if "corrects" in told.json else []
        told.received = max([told.received, *(received[id_] for id_ in named)])
        received[told.json["id"]] = told.received
