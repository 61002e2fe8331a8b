"""Loading the sample data (载入示例数据): the bureau set up, its story brought through the one door, its people given accounts.

The door is told the time: a sample record was received when the story says, or nobody could see a deadline that passed. That is
an invention, so it is done for a bureau that is marked as a sample from its first moment and refused for every other; a bureau
that holds any record is left as it is. The seals are not invented: what was loaded is sealed at the moment of loading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from liuhen.ground.errors import Refused
from liuhen.ground.moments import instant
from liuhen.journal import folders
from liuhen.journal.auditing.running import audit
from liuhen.journal.door import take_batch
from liuhen.journal.judging import basis
from liuhen.journal.models import BureauRow, RecordRow
from liuhen.journal.outside import Outside
from liuhen.journal.passing import pass_time
from liuhen.journal.sealing import seal
from liuhen.journal.setting_up import set_up_bureau
from liuhen.journal.who import Who, system, who_is
from liuhen.rooms.samples.attaching import attach, completed
from liuhen.rooms.samples.founding import SYSTEM
from liuhen.rooms.samples.people import Person, read_people
from liuhen.rooms.samples.stories import read_bureau
from liuhen.rooms.samples.telling import Telling, tell
from liuhen.rooms.samples.typefaces import typeface
from liuhen.rooms.samples.unannounced import announce
from liuhen.rooms.samples.unfolding import Told


class NotASample(Refused):
    """The bureau is a real one (不是示例单位). U-030."""


@dataclass(frozen=True)
class Loaded:
    """What there is now (载入结果): the bureau's file of people and password, and what was stored this time (0: none)."""

    bureau: Mapping[str, Any]
    people: Mapping[str, Person]
    records: int
    files: int


def load(now: datetime, *, bureau_id: str = "") -> Loaded:
    """Load the sample story as of `now` (aware), all or nothing; does nothing where the sample bureau holds records.

    The bureau is called `bureau_id`, as in `bureau.yaml` when not given. Refused: U-030 a bureau of that id is not marked as a
    sample, U-031 no Chinese typeface, and what the door refuses. Cost: some half a minute on two cores.
    """
    bureau = {**read_bureau(), **({"id": bureau_id} if bureau_id else {})}
    only_in_a_sample(bureau["id"])
    if RecordRow.objects.filter(bureau=bureau["id"]).exists():
        return Loaded(bureau, read_people(bureau["people"]), 0, 0)
    face = typeface(folders.home())
    announce(bureau["id"], now)
    set_up_bureau(
        bureau["id"], zh=bureau["zh"], en=bureau["en"], rulebooks=bureau["rulebooks"], zone=bureau["zone"], sample=True
    )
    judged_by = basis(bureau["id"])
    told = tell(now, judged_by.calendar, judged_by.vocabulary, bureau)
    files = attach(told.records, judged_by.vocabulary, face)
    with transaction.atomic():
        bring(told, files)
        open_accounts(told)
    while pass_time(instant(now)):
        pass
    seal(bureau["id"], instant(now))
    # So that its page has something to show at once: a second for so few cases, and nothing has to be installed for it.
    audit(bureau["id"], instant(now), engine="one_by_one")
    return Loaded(bureau, told.people, len(told.records), sum(len(listed) for listed in files.values()))


def only_in_a_sample(bureau: str) -> None:
    """Refuse (U-030) a bureau that exists and is not marked as a sample."""
    marked = BureauRow.objects.filter(id=bureau).values_list("sample", flat=True).first()
    if marked is False:
        raise NotASample("U-030", bureau=bureau)


def bring(told: Telling, files: Mapping[str, list[dict[str, Any]]]) -> None:
    """Bring every record to the door at the moment at which the story has it received."""
    only_in_a_sample(told.bureau["id"])
    for together in _sittings(told.records):
        first = together[0]
        outside = first.outside
        take_batch(
            [completed(record, files) for record in together],
            actor=_who(told.bureau["id"], first),
            now=first.received,
            outside=Outside(outside["source"], outside["reason"], outside["approval"]) if outside else None,
        )


def open_accounts(told: Telling) -> None:
    """Give every sample person an account with the sample password; only a sample bureau has such people."""
    accounts = get_user_model().objects
    for handle, person in told.people.items():
        accounts.create_account(
            handle, told.bureau["password"], bureau=told.bureau["id"], person=person.id, name=person.name
        )


def _sittings(records: Sequence[Told]) -> Iterator[list[Told]]:
    """Yield what one person enters at one moment for one story, in the order told."""
    for _, together in groupby(records, key=lambda t: (t.received, t.actor.handle, t.story, bool(t.outside))):
        yield list(together)


def _who(bureau: str, told: Told) -> Who:
    if told.actor is SYSTEM:
        return system(bureau)
    return who_is(bureau, told.actor.id, told.received.toordinal())
