"""A bureau's cases in bulk (成批案件): the sample case in two thousand variations, each many times, as an export holds them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from liuhen.dossier.read import read
from liuhen.engines.rulebook.bulk.export import FORMAT, table_of
from liuhen.engines.rulebook.bulk.rows import RowMaker, columns
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import default

SAMPLE = Path(__file__).parents[1] / "samples" / "perfect-case"
SIZE, VARIATIONS, A_PART = 25, 2000, 50_000
# The steps that a case is cut to: what the ten rules of reference look at is among them.
LEFT_OUT = ("legal_basis_collection", "evidence_bundle", "decision_explanation")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?=[\"T])")


def cases(count: int, seed: int = 1) -> tuple[list[list[Record]], list[Record]]:
    """Return variations of the sample case of 25 records, and the records that speak for all of them.

    Of every hundred records three are left out (another stands in, so that there are 25), four come late, one has a field
    blank, one is corrected.
    """
    random = Random(seed)
    records = read(SAMPLE, default(), files=False).records
    general = [r for r in records if r.kind in ("officer.certificate", "rulebook.applied_on")]
    of_case = [r for r in records if r.kind == "case.opened" or r.links.get("case")]
    of_case = [r for r in of_case if r.kind not in LEFT_OUT]
    return [_varied(of_case, random) for _ in range(count)], general


def _varied(of_case: Sequence[Record], random: Random) -> list[Record]:
    later = random.randrange(700)
    out = []
    for r in of_case:
        if r.kind != "case.opened" and random.random() < 0.03:
            continue
        more = random.choice((1, 3, 12, 45)) if random.random() < 0.04 else 0
        content = moved_content(r.content, later)
        if content and random.random() < 0.01:
            content[random.choice(sorted(content))] = ""
        out.append(_moved(r, timedelta(days=later + more), content))
        if random.random() < 0.01:
            out.append(replace(out[-1], id=r.id[:-4] + "ffff", corrects=r.id, root=r.id))
    return out[:SIZE]


def moved_content(content: Any, days: int) -> dict[str, Any]:
    """Return content with every date in it so many days later."""
    return dict(json.loads(moved_text(json.dumps(dict(content), ensure_ascii=False), days)))


def moved_text(text: str, days: int) -> str:
    """Return JSON with every date in it so many days later."""
    return _DATE.sub(lambda m: (date.fromisoformat(m[0]) + timedelta(days=days)).isoformat(), text) if days else text


def _moved(r: Record, by: timedelta, content: dict[str, Any]) -> Record:
    received = r.received_at + by if r.received_at is not None else None
    until = r.until + by if r.until is not None else None
    return replace(r, done_at=r.done_at + by, until=until, received_at=received, content=content)


def write(folder: Path, count: int) -> int:
    """Write an export of so many cases (a multiple of the variations) and return how many records it holds.

    Each case has ids and texts of its own, each part days of its own, so that nothing is packed better than a bureau's would be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = default()
    made, general = cases(VARIATIONS)
    maker = RowMaker(vocabulary)
    rows = [row for records in made for row in maker.rows(records)]
    db = duckdb.connect()
    db.execute("SET enable_progress_bar = false")
    db.register("template", table_of(rows, vocabulary))
    others = ", ".join(_made_other(n) for n in columns(vocabulary) if n not in ("c", "k"))
    times = A_PART // VARIATIONS
    parts = -(-count // A_PART)
    total = 0
    for part in range(parts):
        start, weeks = part * times, part % 52
        many = min(times, -(-(count - part * A_PART) // VARIATIONS))
        contents = [moved_text(r["content"], weeks * 7) for r in rows]
        db.register("contents", pa.table({"of_k": [r["k"] for r in rows], "moved": contents}))
        db.execute(
            f"COPY (SELECT c + {VARIATIONS} * n AS c, k + {VARIATIONS} * n * 1048576 AS k, "
            f"{others.replace('WEEKS', str(weeks))} FROM range({start}, {start + many}) x(n), "
            f"template JOIN contents ON k = of_k ORDER BY kind, k) TO '{folder}/part-{part:05}.parquet' "
            "(FORMAT parquet, ROW_GROUP_SIZE 60000, COMPRESSION zstd)"
        )
        total += len(rows) * many
    db.execute(
        f"COPY (SELECT n AS c, 'case ' || n AS name, NULL::VARCHAR[] AS captures FROM range({count}) x(n)) "
        f"TO '{folder}/files.parquet'"
    )
    people = sorted((n, *key) for key, n in maker.people.items())
    held = {n: [p[j] for p in people] for j, n in enumerate(("who", "office", "name"))}
    pq.write_table(pa.table(held), folder / "people.parquet")
    about = {"format": FORMAT, "vocabulary": vocabulary.digest, "files": count, "records": total, "parts": parts}
    speaking = [r.as_json() for r in general]
    (folder / "about.json").write_text(json.dumps({**about, "general": speaking}, ensure_ascii=False))
    return total


def _made_other(name: str) -> str:
    """Return a column of the `n`-th copy: other ids, with the links that name them, texts that name the case, other weeks."""
    if name in ("id", "corrects", "root_id"):
        return f"printf('%08x', xor(('0x' || substr({name}, 1, 8))::BIGINT, n)) || substr({name}, 9) AS {name}"
    if name == "key" or name.startswith("l_"):
        return f"xor({name}, n::BIGINT << 32) AS {name}"
    if name in ("more", "lists"):
        return f"list_transform({name}, lambda x: xor(x, n::BIGINT << 32)) AS {name}"
    if name == "content":
        # Certificates and holders are compared with others; what is told of places, matters and papers is not.
        return f"replace(moved, '（示例）', '（' || (c + {VARIATIONS} * n) || '）') AS content"
    if name in ("i", "e", "rcv"):
        return f"{name} + WEEKS * 604800000000 AS {name}"
    if name in ("signs", "segs"):
        return f"list_transform({name}, lambda x: CASE WHEN x < 0 THEN x ELSE x + WEEKS * 604800000000 END) AS {name}"
    if name in ("d", "ed"):
        return f"({name} + WEEKS * 7)::INTEGER AS {name}"
    return name
