"""docs/vocabulary.md held against the loader: its example is read, and every key that the loader takes stands in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from liuhen.ground.vocabulary import default, reading
from liuhen.ground.vocabulary.values import FIELD_TYPES

DOC = Path(__file__).parents[2] / "docs" / "vocabulary.md"


def example() -> str:
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", DOC.read_text(encoding="utf-8"), re.M | re.S)
    return str(text)


def keys_read() -> set[str]:
    """Return every key that the loader takes: its tables."""
    return set(reading.KIND_KEYS | reading.FIELD_KEYS | reading.LINK_KEYS | reading.FILE_KEYS)


def test_a_kinds_file_is_read_by_the_tables_alone():
    assert reading.__file__
    calls = [
        n for n in ast.walk(ast.parse(Path(reading.__file__).read_text(encoding="utf-8"))) if isinstance(n, ast.Call)
    ]
    known = [n for n in calls if isinstance(n.func, ast.Name) and n.func.id == "_known"]
    assert len(known) == 4
    assert all(isinstance(n.args[1], ast.Name) and n.args[1].id.isupper() for n in known)


def test_every_key_that_the_loader_takes_stands_in_the_document():
    assert {"help", "absent", "roles"} <= keys_read()
    assert keys_read() - set(re.findall(r"[a-z_]+(?=:)", example())) == set()


def test_every_type_of_field_stands_in_the_document():
    assert set(FIELD_TYPES) - set(re.findall(r"`([a-z_]+)`", DOC.read_text(encoding="utf-8"))) == set()


def test_every_role_that_the_engine_knows_stands_in_the_document():
    assert reading.ENGINE_ROLES - set(re.findall(r"[a-z_]+", example())) == set()


def test_the_example_of_the_document_is_read(tmp_path: Path):
    # Under a name of its own: the vocabulary has this kind already.
    file = tmp_path / "example.yaml"
    file.write_text(example().replace("kind: act.questioning", "kind: act.example", 1), encoding="utf-8")
    kind = default().extended([file]).kind("act.example")
    assert kind is not None
    assert kind.help is not None
    assert kind.help.en == "One line for each questioning."
    assert kind.fields["major_answer"].has_absent
