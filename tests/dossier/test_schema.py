"""The published schema and the reader agree: what the reader takes the schema allows, what it refuses the reader refuses."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from liuhen.dossier.dossier import Dossier, InvalidDossier
from liuhen.dossier.read import read
from liuhen.dossier.schema import schema
from liuhen.ground.vocabulary import default
from tests.dossier.generated import dossiers
from tests.dossiers.make_bad import BAD, GOOD

VALIDATOR = Draft202012Validator(schema())
DOCS = Path(__file__).parents[2] / "docs"
# What a schema is there to say: parts missing, unknown, or of the wrong form.
FORM = {"R-001", "R-002", "R-003", "R-004", "R-010", "R-012", "R-015", "R-016", "D-013", "D-014", "D-015", "D-016"}
JUNK = st.sampled_from(
    [None, True, 0, 1, -1, 2, "", " ", "x", "A.B", "0197f000-0000-7000-8000-000000000001", "2026-03-06", [], ["x"], {}]
    + [
        "2026-03-06T09:00:00+08:00",
        "2026-03-06T09:00:00",
        "2026-03-06 09:00Z",
        "day",
        "person",
        {"x": 1},
        [[]],
        "\0",
        "a/../b",
    ]
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value at which something can be replaced; never inside `content`, which is the vocabulary's."""
    if at:
        yield at
    if at and at[-1] == "content":
        return
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*at, key))


@st.composite
def changed(draw: st.DrawFn) -> Any:
    """The JSON of a sound dossier with one thing replaced, removed or added."""
    tree = json.loads(json.dumps(draw(dossiers(most=3)).as_json()))
    at = draw(st.sampled_from(list(paths(tree))))
    holder = tree
    for key in at[:-1]:
        holder = holder[key]
    what = draw(st.sampled_from(["replace", "remove", "add"]))
    if what == "replace":
        holder[at[-1]] = draw(JUNK)
    elif what == "remove":
        del holder[at[-1]]
    elif isinstance(holder, dict):
        holder["extra"] = draw(JUNK)
    else:
        holder.append(draw(JUNK))
    return tree


def codes(tree: Any) -> set[str]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "dossier.json").write_text(json.dumps(tree), encoding="utf-8")
        try:
            read(Path(folder), default(), files=False)
        except InvalidDossier as refusal:
            return {f.code for f in refusal.findings}
    return set()


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


def test_the_published_copy_is_the_one_in_the_package():
    assert json.loads((DOCS / "dossier.schema.json").read_text(encoding="utf-8")) == schema()


@given(dossiers())
@settings(max_examples=60, deadline=None)
def test_the_schema_allows_every_sound_dossier(dossier: Dossier):
    assert VALIDATOR.is_valid(json.loads(json.dumps(dossier.as_json())))


@given(changed())
@settings(max_examples=400, deadline=None)
def test_reader_and_schema_agree_on_the_form(tree: Any):
    found, allowed = codes(tree), VALIDATOR.is_valid(tree)
    event(f"allowed: {allowed}, taken: {not found}")
    if not allowed:
        assert found, next(VALIDATOR.iter_errors(tree)).message
    if found & FORM:
        assert not allowed, found


def test_the_schema_refuses_the_bad_dossiers_whose_form_is_wrong():
    good = json.loads((GOOD / "dossier.json").read_text(encoding="utf-8"))
    assert VALIDATOR.is_valid(good)
    looked_at = 0
    for folder in BAD.iterdir():
        if folder.name.split("_")[0] in FORM:
            looked_at += 1
            assert not VALIDATOR.is_valid(json.loads((folder / "dossier.json").read_text(encoding="utf-8"))), (
                folder.name
            )
    assert looked_at > 15


def test_reading_does_not_change_the_schema():
    before = copy.deepcopy(schema())
    codes({})
    assert schema() == before
