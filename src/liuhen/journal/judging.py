"""What a bureau is judged by (判断依据): its vocabulary, stack of rulebooks and calendar, compiled once and kept by digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from liuhen.engines.rulebook import Stack, build_stack, load_rulebook, shipped, vocabulary_for
from liuhen.ground.calendar import Calendar
from liuhen.ground.canonical import canonical, digest
from liuhen.ground.errors import Refused
from liuhen.ground.moments import Instant
from liuhen.ground.vocabulary import HERE as VOCABULARY
from liuhen.ground.vocabulary import Vocabulary, default
from liuhen.journal import office
from liuhen.journal.folders import home
from liuhen.journal.models import BureauRow, DataRow


class UnknownBureau(Refused):
    """No such bureau is set up (单位不存在). G-007."""


@dataclass(frozen=True)
class Basis:
    """What a bureau is judged by (判断依据).

    Attributes:
        bureau: its id. zone: of its days. vocabulary: with the kinds of its rulebooks. stack, calendar: the engine's.
        digest: of all of these and the settings; every judged file names it, and `DataRow` keeps what it stands for.
        sample: whether everything in the bureau is invented. soon: within how many working days a duty falls due soon.
    """

    bureau: str
    zone: ZoneInfo
    vocabulary: Vocabulary
    stack: Stack
    calendar: Calendar
    digest: str
    parts: Mapping[str, Any]
    sample: bool = False
    soon: int = office.USUAL_SOON


def basis(bureau: str) -> Basis:
    """Return what `bureau` is judged by; refused: G-007 unknown, B-… an unsound rulebook or setting. One query; compiled once."""
    row = BureauRow.objects.filter(id=bureau).values_list("zone", "rulebooks", "settings", "sample").first()
    if row is None:
        raise UnknownBureau("G-007", bureau=bureau)
    zone, rulebooks, settings, sample = row
    own = home() / "calendars" / bureau
    soon = office.soon_working_days(settings)
    decided = canonical(office.of_the_texts(settings))
    compiled = _compiled(zone, tuple(rulebooks), decided, own if own.is_dir() else None)
    return Basis(bureau, ZoneInfo(zone), *compiled, sample=sample, soon=soon)


@lru_cache(maxsize=64)
def _compiled(
    zone: str, names: tuple[str, ...], settings: bytes, own_calendar: Path | None
) -> tuple[Vocabulary, Stack, Calendar, str, Mapping[str, Any]]:
    known = shipped()
    paths = [known.get(name) or Path(name) for name in names]
    vocabulary = vocabulary_for(paths, default())
    rulebooks = [load_rulebook(path, vocabulary) for path in paths]
    calendar = Calendar.load(*([own_calendar] if own_calendar else []), zone=zone)
    decided = json.loads(settings)
    parts = {
        "vocabulary": vocabulary.digest,
        "rulebooks": [[book.id, book.digest] for book in rulebooks],
        "calendar": calendar.version,
        "settings": decided,
    }
    stack = build_stack(rulebooks, vocabulary, calendar, settings=decided)
    return vocabulary, stack, calendar, digest(parts), parts


_kept: set[tuple[str, str]] = set()


def keep(found: Basis, now: Instant) -> None:
    """Store the content of everything that `found` stands for, once: an old obligation can always be read with its texts."""
    if (found.bureau, found.digest) in _kept:
        return
    contents = {
        ("stack", found.digest): ("", found.parts),
        ("calendar", found.calendar.version): ("", found.calendar.content),
    }
    texts = _files(VOCABULARY, "*.yaml")
    known = shipped()
    row = BureauRow.objects.get(id=found.bureau)
    for name, (_, book_digest) in zip(row.rulebooks, found.parts["rulebooks"], strict=True):
        path = known.get(name) or Path(name)
        contents["rulebook", book_digest] = (path.name, _files(path, "**/*.yaml"))
        texts |= {f"{path.name}/{k}": v for k, v in _files(path, "kinds/*.yaml").items()}
    contents["vocabulary", found.vocabulary.digest] = ("", texts)
    DataRow.objects.bulk_create(
        (
            DataRow(sort=sort, digest=named, name=name, content=canonical(content), first_used=now)
            for (sort, named), (name, content) in contents.items()
            if not DataRow.objects.filter(sort=sort, digest=named).exists()
        ),
        ignore_conflicts=True,
    )
    transaction.on_commit(lambda: _kept.add((found.bureau, found.digest)))


def _files(folder: Path, pattern: str) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in sorted(folder.glob(pattern))}
