"""A bureau's cases in bulk (成批案件): the sample case in two thousand variations, each many times, as an export holds them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import duckdb
import pyarrow.parquet as pq

from liuhen.dossier.read import read
from liuhen.engines.rulebook.bulk.export import FORMAT, table_of
from liuhen.engines.rulebook.bulk.rows import RowMaker, columns
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import default

SAMPLE = Path(__file__).parents[1] / "samples" / "perfect-case"
VARIATIONS, A_PART = 2000, 50_000


def cases(count: int, seed: int = 1) -> tuple[list[list[Record]], list[Record]]:
    """Return variations of the sample case of 25 records, and the records that speak for all of them.

    Of every hundred records three are left out (another stands in, so that there are 25), four come late, one has a field
    blank, one is corrected.
    """
    random = Random(seed)
    records = read(SAMPLE, default(), files=False).records
    general = [r for r in records if r.kind in ("officer.certificate", "rulebook.applied_on")]
    of_case = [r for r in records if r.kind == "case.opened" or r.links.get("case")][:28]
    return [_varied(of_case, random) for _ in range(count)], general


def _varied(of_case: Sequence[Record], random: Random) -> list[Record]:
    later = timedelta(days=random.randrange(700))
    out = []
    for r in of_case:
        if r.kind != "case.opened" and random.random() < 0.03:
            continue
        move = later + timedelta(days=random.choice((1, 3, 12, 45)) if random.random() < 0.04 else 0)
        content = dict(r.content)
        if content and random.random() < 0.01:
            content[random.choice(sorted(content))] = ""
        out.append(_moved(r, move, content))
        if random.random() < 0.01:
            out.append(_moved(replace(r, id=r.id[:-4] + "ffff", corrects=r.id, root=r.id), move, dict(r.content)))
    return out[:25]


def _moved(r: Record, by: timedelta, content: dict[str, object]) -> Record:
    received = r.received_at + by if r.received_at is not None else None
    until = r.until + by if r.until is not None else None
    return replace(r, done_at=r.done_at + by, until=until, received_at=received, content=content)


def write(folder: Path, count: int) -> int:
    """Write an export of so many cases and return how many records it holds. No two have an id or a day in common but by chance."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = default()
    made, general = cases(VARIATIONS)
    maker = RowMaker(vocabulary)
    rows = [row for records in made for row in maker.rows(records)]
    db = duckdb.connect()
    db.register("template", table_of(rows, vocabulary))
    db.execute("CREATE TABLE t AS SELECT * FROM template")
    others = ", ".join(_made_other(n) for n in columns(vocabulary) if n not in ("c", "k"))
    times = A_PART // VARIATIONS
    parts = -(-count // A_PART)
    total = 0
    for part in range(parts):
        start = part * times
        many = min(times, -(-(count - part * A_PART) // VARIATIONS))
        db.execute(
            f"COPY (SELECT c + {VARIATIONS} * n AS c, k + {VARIATIONS} * n * 1048576 AS k, {others} FROM t, "
            f"range({start}, {start + many}) x(n) ORDER BY kind, k) TO '{folder}/part-{part:05}.parquet' "
            "(FORMAT parquet, ROW_GROUP_SIZE 60000, COMPRESSION zstd)"
        )
        total += len(rows) * many
    db.execute(f"COPY (SELECT n AS c, 'case ' || n AS name FROM range({count}) x(n)) TO '{folder}/files.parquet'")
    people = sorted((n, *key) for key, n in maker.people.items())
    import pyarrow as pa

    pq.write_table(
        pa.table({n: [p[j] for p in people] for j, n in enumerate(("who", "office", "name"))}),
        folder / "people.parquet",
    )
    about = {"format": FORMAT, "vocabulary": vocabulary.digest, "files": count, "records": total, "parts": parts}
    (folder / "about.json").write_text(
        json.dumps({**about, "general": [r.as_json() for r in general]}, ensure_ascii=False)
    )
    return total


def _made_other(name: str) -> str:
    """Return a column of the `n`-th copy: other ids, with the links that name them, and some weeks later."""
    if name in ("id", "corrects", "root_id"):
        return f"printf('%08x', xor(('0x' || substr({name}, 1, 8))::BIGINT, n)) || substr({name}, 9) AS {name}"
    if name == "key" or name.startswith("l_"):
        return f"xor({name}, n::BIGINT << 32) AS {name}"
    if name in ("more", "lists"):
        return f"list_transform({name}, lambda x: xor(x, n::BIGINT << 32)) AS {name}"
    if name in ("i", "e", "rcv"):
        return f"{name} + (n % 60)::BIGINT * 604800000000 AS {name}"
    if name in ("d", "ed"):
        return f"({name} + n % 60 * 7)::INTEGER AS {name}"
    return name
