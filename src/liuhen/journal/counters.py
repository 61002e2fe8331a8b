"""Numbers that the door keeps (计数), so that no page counts: each file adds its part, the sum over the shards is the number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Sum

from liuhen.journal.models import CaseRow, CounterRow

SHARDS = 16


def parts(row: CaseRow, tasks: Iterable[str]) -> dict[str, int]:
    """Return what a file adds to the counters, as `name key` → number; `tasks` are the assignee keys of its open duties.

    files <subject>, files <subject>/<state>, phase <subject>/<phase> (open and closed files), faults <subject> (files with a
    breach), handled <person> (open cases), tasks <assignee>.
    """
    out: dict[str, int] = {f"files {row.subject}": 1, f"files {row.subject}/{row.state}": 1}
    if row.phase:
        out[f"phase {row.subject}/{row.phase}"] = 1
    if row.n_faults:
        out[f"faults {row.subject}"] = 1
    if row.state == "open":
        for handler in row.handlers:
            if handler["person"]:
                out[f"handled {handler['person']}"] = 1
    for assignee in tasks:
        name = f"tasks {assignee}"
        out[name] = out.get(name, 0) + 1
    return out


def move(bureau: str, root: str, before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """Change the counters by the difference. Last in the door's transaction: their rows are locked for the shortest time."""
    changes = {k: after.get(k, 0) - before.get(k, 0) for k in before.keys() | after.keys()}
    rows: list[tuple[Any, ...]] = [
        (bureau, *k.split(" ", 1), shard_of(root), n) for k, n in sorted(changes.items()) if n
    ]
    if not rows:
        return
    # One order for everybody, so that two writers never wait for each other.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_counter (bureau, name, key, shard, number) VALUES "  # noqa: S608 (placeholders only)
            + ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
            + " ON CONFLICT (bureau, name, key, shard) DO UPDATE SET number = journal_counter.number + excluded.number",
            [value for row in rows for value in row],
        )


def shard_of(root: str) -> int:
    """Return the shard of a file: by the random end of its id, the beginning of a UUIDv7 is the time."""
    return int(root[-2:], 16) % SHARDS


def number(bureau: str, name: str, key: str) -> int:
    """Return one number, such as ("files", "case/open"). At most `SHARDS` rows are read."""
    return CounterRow.objects.filter(bureau=bureau, name=name, key=key).aggregate(n=Sum("number"))["n"] or 0


def numbers(bureau: str, name: str, keys: Iterable[str]) -> dict[str, int]:
    """Return several numbers of one name, in one query; those never counted are 0."""
    listed = list(keys)
    found = (
        CounterRow.objects.filter(bureau=bureau, name=name, key__in=listed).values_list("key").annotate(Sum("number"))
    )
    return {**dict.fromkeys(listed, 0), **dict(found)}
