"""Sample papers as real PDFs (示例文书): set by typst from what a record says, 示例 across every page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from liuhen.ground.vocabulary import FieldKind, Kind, Vocabulary

_SHEET = Path(__file__).with_name("paper.typ")
_NUMBERS = ("document_number", "form_number", "registration_number", "file_number", "approval_number")
# What a paper would not carry: names of files and digests belong to the record.
_LEFT_OUT = frozenset({"digest", "record", "segments"})


def layout(
    record: Mapping[str, Any], kind: Kind, vocabulary: Vocabulary, said: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the sheet needs of a record; `said` may give another `title`, and a `body` in place of the fields.

    Of the story's `facts` it takes the bureau's name, and number and cause of the case.
    """
    content = record.get("content", {})
    number = next((content[name] for name in _NUMBERS if content.get(name)), "")
    lines = [[label, facts[name]] for label, name in (("案号", "number"), ("案由", "matter")) if facts.get(name)]
    sections = []
    for field in () if "body" in said else kind.fields.values():
        value = content.get(field.id)
        if value in (None, "", []) or field.type in _LEFT_OUT or field.id in _NUMBERS:
            continue
        shown = _shown(value, field, vocabulary)
        if field.type == "long_text":
            sections.append([field.words.zh, shown.split("\n")])
        else:
            lines.append([field.words.zh, shown])
    if "body" in said:
        sections.append(["", list(said["body"])])
    return {
        "bureau": facts["bureau"],
        "title": said.get("title", kind.words.zh),
        "number": number,
        "lines": lines,
        "sections": sections,
        "signatures": [_signature(s, vocabulary) for s in record.get("signatures", ())],
        "foot": f"记录 {record['id'][-12:]}",
    }


def printed(sheet: Mapping[str, Any], typeface: Path, made: datetime) -> bytes:
    """Return the PDF of a layout; the same input gives the same bytes. Cost: some 10 ms."""
    out = _press(typeface.parent).compile(sys_inputs={"paper": json.dumps(sheet)}, timestamp=int(made.timestamp()))
    assert isinstance(out, bytes)
    return out


@cache
def _press(fonts: Path) -> typst.Compiler:
    return typst.Compiler(str(_SHEET), font_paths=[str(fonts)], ignore_system_fonts=True)


def _signature(signature: Mapping[str, str], vocabulary: Vocabulary) -> list[str]:
    on = _day(signature["signed_at"][:10]) if "signed_at" in signature else ""
    return [vocabulary.words("roles", signature["role"]).zh, signature.get("name", ""), on]


def _shown(value: Any, field: FieldKind, vocabulary: Vocabulary) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.type == "amount":
        return f"{value / 100:,.2f} 元"
    if field.type in ("date", "moment"):
        return _day(value)
    if isinstance(value, int):
        return f"{value} {vocabulary.words('units', field.unit).zh}".strip() if field.unit != "years" else str(value)
    if isinstance(value, list):
        return "、".join(p["name"] if isinstance(p, Mapping) else _word(p, field) for p in value)
    return _word(str(value), field)


def _word(value: str, field: FieldKind) -> str:
    return field.values[value].zh if value in field.values else value


def _day(text: str) -> str:
    on = datetime.fromisoformat(text)
    hour = f"{on:%H}时{on:%M}分" if len(text) > 10 else ""
    return f"{on.year}年{on.month}月{on.day}日{hour}"
