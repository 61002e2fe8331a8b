"""An audit handed out (导出核查结果): numbers and lists as CSV, JSON or Parquet, for the page and the command line."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from liuhen.ground.moments import moment_of
from liuhen.journal.auditing.result import NUMBERS, STATUSES, Result
from liuhen.rooms.supervision import cases
from liuhen.rooms.supervision.cases import Sight
from liuhen.rooms.supervision.figures import Narrowed

Form = Literal["csv", "json", "parquet"]
What = Literal["counts", "cases"]
FORMS = get_args(Form)
WHATS = get_args(What)
TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}
_AT_ONCE = 5_000
# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def forms() -> tuple[Form, ...]:
    """Return the forms that can be written here: Parquet needs Arrow, of the extra `bulk`."""
    return FORMS if importlib.util.find_spec("pyarrow") is not None else FORMS[:2]


def counts(result: Result, f: Narrowed) -> Iterator[dict[str, Any]]:
    """Yield the numbers by rule, unit, officer and month."""
    where, values = f.where("number")
    sums = ", ".join(f"sum(number.{n}) AS {n}" for n in NUMBERS)
    yield from result.each(
        "SELECT rulebook, article, rule.id AS rule, zh, en, weight, asks_from, unit, name AS officer, month, "  # noqa: S608
        f"{sums} FROM number JOIN rule USING (r) LEFT JOIN person USING (who) WHERE {where} "
        "GROUP BY r, unit, name, person.person, month ORDER BY r, unit, name, month",
        values,
    )


def listed(result: Result, f: Narrowed, sight: Sight, bureau: str, zone: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of a list with what their files are called now; moments in the bureau's zone."""
    rows = cases.lines(result, f, sight)
    while several := list(islice(rows, _AT_ONCE)):
        names = cases.called(bureau, [r["root"] for r in several])
        for r in several:
            number, title = names.get(r["root"], ("", ""))
            due = r["due"]
            yield {
                "file": r["root"], "number": number, "title": title, "subject": r["subject"], "unit": r["unit"],
                "rulebook": r["rulebook"], "article": r["article"], "rule": r["rule"], "zh": r["zh"], "en": r["en"],
                "weight": r["weight"], "status": STATUSES[r["st"]], "late": r["late"],
                "due": moment_of(due).astimezone(ZoneInfo(zone)).isoformat() if due is not None else None,
                "officer": r["name"], "month": r["month"], "times": r["n"], "trigger": r["trigger"], "note": r["note"],
            }  # fmt: skip


def written(rows: Iterable[dict[str, Any]], form: Form, head: dict[str, Any], names: Iterable[str]) -> Iterator[bytes]:
    """Yield rows in a form, piece by piece; JSON begins with `head`. `names`: the columns of the others, also where no row is."""
    if form == "csv":
        yield from _csv(rows, list(names))
    elif form == "json":
        yield from _json(rows, head)
    else:
        yield _parquet(rows, list(names))


COUNTED = ("rulebook", "article", "rule", "zh", "en", "weight", "asks_from", "unit", "officer", "month", *NUMBERS)
LISTED = (
    "file number title subject unit rulebook article rule zh en weight status late due officer month times trigger note"
).split()


def head_of(about: dict[str, Any], f: Narrowed) -> dict[str, Any]:
    """Return what every JSON begins with: of which audit it is, and narrowed to what."""
    zone = ZoneInfo(about["zone"])
    return {
        "bureau": about["bureau"],
        "at": moment_of(about["at"]).astimezone(zone).isoformat(),
        "rulebooks": about["rulebooks"],
        "calendar": about["calendar"],
        "stack": about["stack"],
        "files": about["files"],
        "records": about["records"],
        "narrowed": f.named,
        "written": datetime.now(UTC).astimezone(zone).isoformat(timespec="seconds"),
    }


def _csv(rows: Iterable[dict[str, Any]], names: list[str]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    # Spreadsheets take a file without this mark for one in the code page of the machine.
    out.write("\ufeff")
    writer.writerow(names)
    for n, row in enumerate(rows, 1):
        writer.writerow([_cell(row[name]) for name in names])
        if n % 1000 == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _json(rows: Iterable[dict[str, Any]], head: dict[str, Any]) -> Iterator[bytes]:
    begun = json.dumps(head, ensure_ascii=False)[:-1]
    yield f'{begun}, "rows": ['.encode()
    between = "\n"
    for row in rows:
        yield f"{between}{json.dumps(row, ensure_ascii=False)}".encode()
        between = ",\n"
    yield b"\n]}\n"


def _parquet(rows: Iterable[dict[str, Any]], names: list[str]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = {"month", *NUMBERS} if "asked" in names else {"month", "late", "times"}
    schema = pa.schema([(n, pa.int64() if n in whole else pa.string()) for n in names])
    out = pa.BufferOutputStream()
    left = iter(rows)
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while several := list(islice(left, _AT_ONCE)):
            writer.write_table(pa.Table.from_pylist([{n: r[n] for n in names} for r in several], schema))
    return bytes(out.getvalue())
