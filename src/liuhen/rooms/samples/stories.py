"""Stories as data (示例故事): a case is told in steps, a step in records; both are YAML beside this module.

`story/steps/*.yaml` holds what happens again and again: an inspection with its transcript, a legal review, a service. A case in
`story/cases/*.yaml` strings steps together, says when, and what is otherwise than usual. It also promises what the two texts make
of it, which tests hold. `read_stories` puts both together; nothing here knows the database or the clock.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from liuhen.ground.located import read
from liuhen.ground.words import Words

HERE = Path(__file__).parent / "story"
_CASE = frozenset(
    {"id", "zh", "en", "opened", "by", "handlers", "unit", "facts", "opening", "steps", "promises", "refused"}
)
_STEP = frozenset({"step", "as", "on", "with", "without", "change", "also", "entered", "outside", "records"})
_RECORD = frozenset(
    "id kind at until by signed links content paper clips entered corrects precision entered_by brought".split()
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story (步骤): its records begin at `on`; `name` precedes the names of its records elsewhere in the story."""

    name: str
    on: str
    records: tuple[Mapping[str, Any], ...]
    facts: Mapping[str, Any]
    entered: str
    outside: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Story:
    """One sample case (示例案件), or a register of the bureau where `opening` is empty.

    Attributes:
        tells: what there is to see in it. promises: rule → status (or `late`) that the judgement must show.
        handlers: handles of the people who work on it, the first in charge. facts: what its texts fill in.
        refused: a record that the door must refuse for this case, and by which rule.
    """

    id: str
    tells: Words
    opened: str
    by: str
    handlers: tuple[str, ...]
    unit: str
    facts: Mapping[str, Any]
    opening: Mapping[str, Any]
    steps: tuple[Step, ...]
    promises: Mapping[str, Any]
    refused: Mapping[str, Any] | None


def read_bureau() -> Mapping[str, Any]:
    """Return `bureau.yaml`: the bureau, its people, its devices."""
    found: Mapping[str, Any] = read(HERE / "bureau.yaml", "bureau.yaml")
    return found


def read_stories() -> list[Story]:
    """Return every story, in the order of the names of their files.

    ValueError for a key that no step or record has, LookupError for a step that no file tells: mistakes held by tests.
    """
    steps: dict[str, Any] = {}
    for path in sorted((HERE / "steps").glob("*.yaml")):
        steps.update(read(path, path.name))
    stories = []
    for path in sorted((HERE / "cases").glob("*.yaml")):
        told = read(path, path.name)
        stories += [_story(entry, steps, path.stem) for entry in (told if isinstance(told, list) else [told])]
    return stories


def _story(entry: Mapping[str, Any], steps: Mapping[str, Any], name: str) -> Story:
    _known(entry, _CASE, name)
    return Story(
        id=entry["id"],
        tells=Words(entry["zh"], entry["en"]),
        opened=entry.get("opened", ""),
        by=entry.get("by", ""),
        handlers=tuple(entry.get("handlers") or ()),
        unit=entry.get("unit", ""),
        facts=dict(entry.get("facts") or {}),
        opening=dict(entry.get("opening") or {}),
        steps=tuple(_step(step, steps, entry["id"]) for step in entry["steps"]),
        promises=dict(entry.get("promises") or {}),
        refused=entry.get("refused"),
    )


def _step(said: Mapping[str, Any], steps: Mapping[str, Any], story: str) -> Step:
    _known(said, _STEP, story)
    usual = steps[said["step"]] if "step" in said else {}
    name = said.get("as") or said.get("step") or ""
    without = set(said.get("without") or ())
    change: dict[str, Any] = dict(said.get("change") or {})
    records = []
    for record in [*(usual.get("records") or ()), *(said.get("records") or ()), *(said.get("also") or ())]:
        _known(record, _RECORD, f"{story}/{name}")
        handle = record.get("id", record["kind"])
        if handle in without:
            without.discard(handle)
            continue
        records.append(_merged(record, change.pop(handle)) if handle in change else record)
    if without or change:
        raise ValueError(f"{story}/{name}: no record called {sorted(without) or sorted(change)}")
    return Step(
        name,
        said["on"],
        tuple(records),
        {**(usual.get("takes") or {}), **(said.get("with") or {})},
        said.get("entered", ""),
        said.get("outside"),
    )


def _merged(usual: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its changes: mappings are merged, null takes a key away, anything else replaces."""
    out = copy.copy(dict(usual))
    for key, value in change.items():
        if value is None:
            out.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(out.get(key), Mapping):
            out[key] = _merged(out[key], value)
        else:
            out[key] = value
    return out


def _known(entry: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
    strange = set(entry) - keys
    if strange:
        raise ValueError(f"{where}: {sorted(strange)}")
