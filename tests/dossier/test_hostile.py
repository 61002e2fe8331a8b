"""Whatever stands in dossier.json: it is read, or refused with findings; it never crashes and never hangs."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.dossier.check import check_folder
from liuhen.dossier.dossier import InvalidDossier
from liuhen.ground.findings import Finding
from tests.dossier.generated import dossiers
from tests.dossiers.make_bad import GOOD

AT = datetime(2026, 11, 21, tzinfo=UTC)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["\ud800", "\0", "../x"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
GOOD_TEXT = (GOOD / "dossier.json").read_text(encoding="utf-8")


def taken(data: bytes, at: datetime = AT) -> bool:
    """Check a dossier of these bytes; a refusal has to have findings with sentences."""
    findings: tuple[Finding, ...] = ()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "dossier.json").write_bytes(data)
        try:
            check_folder(Path(folder), at=at, now=AT)
        except InvalidDossier as refusal:
            findings = refusal.findings
    assert all(f.sentence("zh") and f.sentence("en") and json.dumps(f.as_json()) for f in findings)
    return not findings


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes(data: bytes):
    assert not taken(data)


@given(JSON)
@settings(deadline=None)
def test_any_json(value: Any):
    assert not taken(json.dumps(value).encode())


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [at, *(place for key, item in items for place in places(item, (*at, key)))]


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_any_json_anywhere_in_a_good_dossier(data: st.DataObject):
    tree = json.loads(GOOD_TEXT)
    *path, last = data.draw(st.sampled_from(places(tree)[1:]))
    holder = tree
    for key in path:
        holder = holder[key]
    holder[last] = data.draw(JSON)
    taken(json.dumps(tree).encode())


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_a_flipped_byte(data: st.DataObject):
    text = bytearray(GOOD_TEXT.encode())
    at = data.draw(st.integers(0, len(text) - 1))
    text[at] = data.draw(st.integers(0, 255))
    taken(bytes(text))


@given(dossiers(most=6))
@settings(deadline=None, max_examples=60)
def test_every_sound_dossier_can_be_judged(dossier: Any):
    bare = json.loads(json.dumps(dossier.as_json()))
    for record in bare["records"]:
        record.pop("files", None)
    bare["rulebooks"] = ["bazhou", "anshan-legal-review"]
    assert taken(json.dumps(bare).encode(), datetime(2100, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":['])
def test_deep_nesting_is_refused_at_any_depth(opening: str):
    for depth in (10, 1_000, 100_000, 5_000_000 // len(opening)):
        assert not taken((opening * depth).encode())
