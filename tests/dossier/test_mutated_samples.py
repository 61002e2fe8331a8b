"""A sample dossier with anything changed: judged, or refused with exit status 2, code, place and next step; never more."""

from __future__ import annotations

import json
import shutil
import tempfile
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.dossier import strict_json
from liuhen.dossier.dossier import InvalidDossier
from liuhen.dossier.places import is_plain, opened
from liuhen.ground.vocabulary import default
from tests.faces.cli.called import SAMPLES, Said, call

NAMES = sorted(file.parent.name for file in SAMPLES.glob("*/dossier.json"))
KINDS = sorted(default().kinds)
JUNK: list[Any] = [
    None, True, 0, -1, 2**53 - 1, 2**53, 1e300, "", "x", "\u202e", "\ud800", "\0", "\x1b[31m", "a" * 3000, [], {}, [[]],
    "{kind}%s",
    "1900-01-01", "2200-12-31", "2200-12-31T23:59:59Z", "1900-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2026-03-06T09:00:00",
    "2026-02-29", "day", "../../etc/passwd", "/etc/passwd", "a\\b", "C:x",
]  # fmt: skip
PARTS = [
    "until",
    "corrects",
    "root",
    "received_at",
    "precision",
    "extra",
    "links",
    "content",
    "entered_by",
    "signatures",
]
PIECES = [
    b"1e999",
    b"NaN",
    b"-Infinity",
    b"-0",
    b'"a":1,"a":2,',
    b"[",
    b'{"',
    b"\\ud800",
    b"\\u0000",
    b",",
    b"9" * 5000,
    b"\xff",
]


@cache
def tree_of(name: str) -> Any:
    return json.loads((SAMPLES / name / "dossier.json").read_text(encoding="utf-8"))


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, item in items for place in places(item, (*at, key)))]


@cache
def parts() -> list[Any]:
    """Every value that stands anywhere in a record of a sample, ids of records among them."""
    found = []
    for name in NAMES:
        for at in places(tree_of(name)["records"])[1:]:
            value = tree_of(name)["records"]
            for key in at:
                value = value[key]
            found.append(value)
    return found


@st.composite
def changed_trees(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sample of which one to four values were replaced, left out or added."""
    name = draw(st.sampled_from(NAMES))
    tree = deepcopy(tree_of(name))
    for _ in range(draw(st.integers(1, 4))):
        *above, last = draw(st.sampled_from(places(tree)[1:] or [("dossier",)]))
        holder = tree
        for key in above:
            holder = holder[key]
        other = deepcopy(draw(st.sampled_from(JUNK) | st.sampled_from(parts()) | st.sampled_from(KINDS)))
        what = draw(st.sampled_from(["replace", "replace", "leave out", "add"]))
        if what == "replace":
            holder[last] = other
        elif what == "leave out":
            del holder[last]
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(PARTS))] = other
        else:
            holder.insert(last, other)
    return name, json.dumps(tree, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


@st.composite
def changed_bytes(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sample cut off, or with some of its bytes replaced."""
    name = draw(st.sampled_from(NAMES))
    data = (SAMPLES / name / "dossier.json").read_bytes()
    at = draw(st.integers(0, len(data)))
    what = draw(st.sampled_from(["cut off", "instead", "encoded"]))
    if what == "cut off":
        return name, data[:at]
    if what == "encoded":
        encoding = draw(st.sampled_from(["gb18030", "utf-16", "utf-16-be", "utf-32", "utf-8-sig"]))
        return name, data.decode().encode(encoding)
    return name, data[:at] + draw(st.sampled_from(PIECES)) + data[at + draw(st.integers(0, 30)) :]


def held(said: Said, as_json: bool) -> None:
    assert said.status in (0, 1, 2)
    assert "\x1b" not in said.out + said.err
    if as_json:
        assert said.err == ""
        findings = said.json.get("findings", [])
        assert bool(findings) == (said.status == 2)
        assert all(f["code"] and f["place"] and f["zh"] and f["next"]["zh"] and f["next"]["en"] for f in findings)
    elif said.status == 2:
        assert said.out == ""
        assert len(said.err.splitlines()) >= 2
        assert "Traceback" not in said.err
    else:
        assert said.err == ""
        assert said.out


@settings(max_examples=80)
@given(
    changed_trees() | changed_bytes(),
    st.sampled_from(["2026-05-06T09:00+08:00", "1950-01-01T00:00Z", "2199-01-01T00:00Z"]),
    st.sampled_from([(), ("--json",), ("--lang", "en"), ("--all",)]),
)
def test_a_changed_sample_is_judged_or_refused(change: tuple[str, bytes], at: str, how: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copytree(SAMPLES / change[0], Path(folder) / change[0]))
        (path / "dossier.json").write_bytes(change[1])
        held(call("check", path, "--at", at, *how), "--json" in how)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_cut_off_anywhere_is_cut_off(name: str) -> None:
    data = (SAMPLES / name / "dossier.json").read_bytes()
    end = len(data.rstrip())
    for cut in (*range(1, end, max(1, end // 40)), end - 1):
        with pytest.raises(InvalidDossier) as refusal:
            strict_json.parse(data[:cut], "dossier.json")
        assert refusal.value.finding.code == "D-007"
    assert strict_json.parse(data[:end], "dossier.json") == tree_of(name)


@settings(max_examples=60)
@given(st.data())
def test_a_key_twice_is_found_at_any_depth_with_its_place(data: st.DataObject) -> None:
    """Also where both say the same: which of the two a person meant, nobody can tell."""
    name = data.draw(st.sampled_from(NAMES))
    inside = [at for at in places(tree_of(name)) if at and not isinstance(at[-1], int)]
    at = data.draw(st.sampled_from(inside))
    mark = "0f0e0d0c-twice"
    tree = deepcopy(tree_of(name))
    holder = tree
    for key in at[:-1]:
        holder = holder[key]
    value = holder[at[-1]]
    holder[mark] = value
    text = json.dumps(tree).replace(f'"{mark}"', json.dumps(at[-1]))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "dossier.json").write_text(text, encoding="utf-8")
        said = call("check", folder, "--json")
    assert said.status == 2
    twice = [f["place"] for f in said.json["findings"] if f["code"] == "D-011"]
    pointer = "/".join(strict_json.pointer(str(key)) for key in at)
    assert twice == [f"dossier.json#/{pointer}"]


STEPS = st.sampled_from(
    ["..", ".", "", "a", "文书", "笔录.pdf", " a", "a ", "a\\b", "C:", "~", "a\nb", "\u202e", "a\0b", "x" * 256, "/"]
)


@given(st.lists(STEPS, min_size=1, max_size=4).map("/".join) | st.text(max_size=12))
def test_a_plain_name_stays_in_its_folder_and_every_other_is_none(name: str) -> None:
    if not is_plain(name):
        return
    folder = Path("/tmp/dossier")
    assert not name.startswith("/")
    assert not {"..", ".", ""} & set(name.split("/"))
    assert (folder / name).is_relative_to(folder)
    assert (folder / name).resolve().is_relative_to(folder.resolve())
    assert not any(c in name for c in "\\\0\n")


@pytest.mark.parametrize(
    "name",
    ["..", "../a", "a/../../b", "a/..", "./a", "/a", "//a", "a//b", "a/", "a\\..\\b", "C:a", "c:/a", "a\0", "a\n", "", " ", " a"]
    + ["dossier.json", "DOSSIER.JSON", "Dossier.json/a", "by-sha256/a", "By-SHA256/a", "字" * 86, "a" * 1001, "\u202egnp.exe"],
)  # fmt: skip
def test_a_name_that_is_none(name: str) -> None:
    assert not is_plain(name)


@pytest.mark.parametrize(
    "name", ["a", "文书/笔录.pdf", "a/b/c", "字" * 85, "...", "a..b", "~a", "dossier.json.bak", "x/dossier.json"]
)
def test_a_name_that_is_plain(name: str) -> None:
    assert is_plain(name)


@pytest.mark.parametrize("where", ["the file", "its folder", "a folder above"])
def test_a_link_on_the_way_is_never_followed(tmp_path: Path, where: str) -> None:
    outside = tmp_path / "outside"
    (outside / "b").mkdir(parents=True)
    (outside / "b" / "c").write_bytes(b"secret")
    folder = tmp_path / "dossier"
    (folder / "a" / "b").mkdir(parents=True)
    target = {"the file": "a/b/c", "its folder": "a/b", "a folder above": "a"}[where]
    if where == "its folder":
        (folder / "a" / "b").rmdir()
    elif where == "a folder above":
        (folder / "a" / "b").rmdir()
        (folder / "a").rmdir()
    (folder / target).symlink_to(
        {"the file": outside / "b" / "c", "its folder": outside / "b", "a folder above": outside}[where]
    )
    with pytest.raises(OSError), opened(folder, "a/b/c"):
        pass
