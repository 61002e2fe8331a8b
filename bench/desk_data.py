"""A bureau with a hundred thousand cases (大数据量), written directly into the tables: what the door would take days for."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

BUREAU = "bench"
DAY = 86_400_000_000
UNITS = 20
OFFICERS = 200
PER_CASE = 25
KINDS = (
    "case.opened",
    "act.inspection",
    "onsite_inspection_transcript",
    "recording.completed",
    "ingest_record",
    "act.questioning",
    "interview_transcript",
    "evidence_retrieval_notice",
    "investigation_report",
    "legal_review_application",
)
PHASES = ("initiation", "investigation", "review_decision", "service", "execution", "closed", "archive")
CAUSES = ("越界取土", "擅自改变林地用途", "未按规划许可建设", "无证开采", "占用耕地建设厂房", "未经批准转让土地")
PARTIES = ("青石岗砖厂", "禾田合作社", "东湾置业有限公司", "临溪砂场", "云岭石材有限公司", "北坡林场")
DUTIES = (
    ("bazhou/questioned-transcript", "制作询问笔录", "15"),
    ("bazhou/ingest-within-24-hours", "二十四小时内入库", "48"),
    ("bazhou/archive-in-time", "收齐案卷并归档", "36"),
)
NO_END = 2**62


def id_of(sort: int, n: int) -> str:
    """Return an id in the form of a UUIDv7: its beginning rises with `n`, its end is spread over the shards."""
    tail = hashlib.blake2s(f"{sort}.{n}".encode(), digest_size=6).hexdigest()
    return f"{0x01900000 + n // 65536:08x}-{n % 65536:04x}-7{sort:03x}-8000-{tail}"


def person_of(n: int) -> str:
    """Return the id of an officer."""
    return id_of(1, n)


def build(cases: int, now: int) -> dict[str, int]:
    """Write `cases` cases of PER_CASE records each and everything derived from them; return how many rows went where."""
    chance = random.Random(20260101)
    counts = {"cases": cases, "records": cases * PER_CASE}
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        for setting in ("synchronous", "foreign_keys") if sqlite else ():
            cursor.execute(f"PRAGMA {setting}=OFF")
    with transaction.atomic():
        _people(now)
        rows = list(_cases(cases, now, chance))
        _many("journal_case", _CASE, [r[0] for r in rows])
        _many(
            "journal_handler",
            ("bureau", "root", "position", "person", "name", "certificate"),
            (h for r in rows for h in r[1]),
        )
        _many("journal_counter", ("bureau", "name", "key", "shard", "number"), _counters(rows))
        duties = [d for r in rows for d in r[2]]
        _many("journal_duty", _DUTY, duties)
        counts["duties"] = len(duties)
        tasks = [
            (BUREAU, f"person:{p}", d[-1], d[1], n)
            for n, (d, people) in enumerate(((d, r[3]) for r in rows for d in r[2]), 1)
            for p in people
        ]
        _many(
            "journal_task",
            ("bureau", "assignee", "due", "root", "duty_id"),
            ((b, a, due, root, n) for b, a, due, root, n in tasks),
        )
        counts["tasks"] = len(tasks)
    for start in range(0, cases, 10_000):
        with transaction.atomic():
            _many("journal_record", _RECORD, _records(start, min(cases, start + 10_000), now))
            _many(
                "journal_leaf",
                ("bureau", "sort", "ref", "entry", "queued", "place", "sealed"),
                _leaves(start, min(cases, start + 10_000), now),
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if sqlite:
            cursor.execute("PRAGMA synchronous=FULL")
        else:
            # The rows brought their numbers along; those that come next begin after them.
            for table, column in (("journal_record", "seq"), ("journal_duty", "id")):
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), (SELECT MAX({column}) FROM {table}))"
                )
    return counts


def _many(table: str, columns: tuple[str, ...], rows: Any) -> None:
    marks = ", ".join(["?"] * len(columns))
    quoted = ", ".join(f'"{c}"' for c in columns)
    connection.ensure_connection()
    # Straight to the driver: Django's own executemany rewrites every statement.
    if connection.vendor == "sqlite":
        connection.connection.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows)
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _people(now: int) -> None:
    people, roles = [], []
    for n in range(OFFICERS):
        unit = f"执法监察支队{n % UNITS + 1}中队"
        people.append((person_of(n), BUREAU, f"示例{n:03d}", unit, f"示执{n:04d}", None))
        for m, role in enumerate(("case_handler", "enforcement_officer")):
            roles.append((id_of(2 + m, n), BUREAU, person_of(n), role, unit, 730000, None))
    people.append((person_of(OFFICERS), BUREAU, "示例局长", "局领导", "", None))
    roles.append((id_of(4, 0), BUREAU, person_of(OFFICERS), "principal_head", "", 730000, None))
    _many("journal_person", ("person", "bureau", "name", "unit", "certificate", "left_day"), people)
    _many("journal_role", ("grant", "bureau", "person", "role", "unit", "from_day", "until_day"), roles)


_CASE = (
    "root",
    "bureau",
    "subject",
    "number",
    "title",
    "party",
    "party_type",
    "action_type",
    "procedure",
    "unit",
    "phase",
    "state",
    "opened",
    "closed",
    "archived",
    "last_received",
    "last_seq",
    "records",
    "n_open",
    "n_breached",
    "n_unknown",
    "n_late",
    "n_met",
    "n_excused",
    "n_faults",
    "next_due",
    "next_change",
    "judged",
    "judged_with",
    "handlers",
    "counted",
    "shared",
    "outside",
    "provisional",
    "destroyed",
)
_DUTY = (
    "bureau",
    "root",
    "key",
    "mark",
    "duty",
    "rule",
    "rulebook",
    "articles",
    "title_zh",
    "title_en",
    "status",
    "since",
    "trigger",
    "weight",
    "asks_from",
    "fault",
    "paused",
    "provisional",
    "missing",
    "asks",
    "due",
)


def _cases(cases: int, now: int, chance: random.Random) -> Iterator[tuple[Any, Any, Any, Any]]:
    for n in range(cases):
        root = id_of(9, n)
        officer = chance.randrange(OFFICERS)
        second = (officer + UNITS) % OFFICERS
        unit = f"执法监察支队{officer % UNITS + 1}中队"
        opened = now - chance.randrange(1, 720) * DAY
        state = "open" if n % 10 < 4 else "closed" if n % 10 < 6 else "archived"
        phase = "archive" if state == "archived" else "closed" if state == "closed" else PHASES[chance.randrange(5)]
        handlers = [
            {"person": person_of(p), "name": f"示例{p:03d}", "certificate": f"示执{p:04d}"} for p in (officer, second)
        ]
        duties = list(_duties(root, now, chance)) if state == "open" else []
        dues = [d[-1] for d in duties if d[-1] != NO_END]
        last = min(now, opened + chance.randrange(1, 200) * DAY)
        case = (
            root,
            BUREAU,
            "case",
            f"示自然资罚立〔{2024 + n % 3}〕{n}号",
            CAUSES[n % len(CAUSES)] + "案",
            "示例" + PARTIES[n % len(PARTIES)],
            "organisation",
            "penalty" if n % 4 else "inspection",
            "ordinary",
            unit,
            phase,
            state,
            opened,
            last if state != "open" else None,
            last if state == "archived" else None,
            last,
            (n + 1) * PER_CASE,
            PER_CASE,
            len(duties),
            int(n % 17 == 0),
            int(n % 11 == 0),
            n % 3,
            12,
            1,
            int(n % 17 == 0),
            min(dues, default=NO_END),
            None,
            now,
            "bench",
            json.dumps(handlers),
            "{}",
            False,
            False,
            False,
            False,
        )
        held = [(BUREAU, root, i, h["person"], h["name"], h["certificate"]) for i, h in enumerate(handlers)]
        yield case, held, duties, (person_of(officer), person_of(second))


def _duties(root: str, now: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    for m, (rule, title, article) in enumerate(DUTIES):
        due = NO_END if m == 0 else now + chance.randrange(-20, 60) * DAY
        missing = json.dumps(
            [
                {
                    "what": "record",
                    "id": "interview_transcript",
                    "zh": "询问笔录",
                    "en": "transcript",
                    "kinds": ["interview_transcript"],
                }
            ]
        )
        yield (
            BUREAU,
            root,
            hashlib.blake2s(f"{root}{m}".encode(), digest_size=16).hexdigest(),
            "m",
            rule,
            rule,
            "bazhou",
            json.dumps([["bazhou", article]]),
            title,
            "a duty of the sample",
            "due",
            now - 40 * DAY,
            root,
            "duty",
            "case_handler",
            False,
            False,
            False,
            missing,
            "[]",
            due,
        )


def _counters(rows: list[Any]) -> Iterator[tuple[Any, ...]]:
    sums: dict[tuple[str, str, int], int] = {}

    def add(name: str, key: str, root: str, number: int = 1) -> None:
        place = (name, key, int(root[-2:], 16) % 16)
        sums[place] = sums.get(place, 0) + number

    for case, handlers, duties, people in rows:
        root, phase, state = case[0], case[10], case[11]
        add("files", "case", root)
        add("files", f"case/{state}", root)
        add("phase", f"case/{phase}", root)
        if case[24]:
            add("faults", "case", root)
        for h in handlers:
            if state == "open":
                add("handled", h[3], root)
        for p in people:
            add("tasks", f"person:{p}", root, len(duties))
    return ((BUREAU, name, key, shard, n) for (name, key, shard), n in sums.items() if n)


_RECORD = (
    "seq",
    "id",
    "bureau",
    "kind",
    "kind_version",
    "home",
    "root",
    "corrects",
    "done",
    "until",
    "day",
    "received",
    "outside",
    "actor",
    "open",
    "personal",
    "salt",
    "digest",
)


def _records(first: int, last: int, now: int) -> Iterator[tuple[Any, ...]]:
    salt, digest = b"s" * 32, "d" * 64
    for n in range(first, last):
        home = id_of(9, n)
        for m in range(PER_CASE):
            seq = n * PER_CASE + m + 1
            id_ = home if m == 0 else id_of(10, seq)
            kind = KINDS[m % len(KINDS)] if m else KINDS[0]
            done = now - (PER_CASE - m) * DAY
            text = (
                '{"door":{},"personal":"","record":{"bureau":"bench","done_at":"2026-03-06T09:00:00+08:00","id":"'
                + id_
                + '","kind":"'
                + kind
                + '","kind_version":1,"links":{"case":["'
                + home
                + '"]},"precision":"minute","received_at":"2026-03-06T10:00:00+08:00"}}'
            )
            yield (
                seq,
                id_,
                BUREAU,
                kind,
                1,
                home,
                id_,
                None,
                done,
                None,
                739000,
                done,
                False,
                "",
                text.encode(),
                b"",
                salt,
                digest,
            )


def _leaves(first: int, last: int, now: int) -> Iterator[tuple[Any, ...]]:
    for n in range(first, last):
        home = id_of(9, n)
        for m in range(PER_CASE):
            seq = n * PER_CASE + m + 1
            yield BUREAU, "record", home if m == 0 else id_of(10, seq), "d" * 64, now, seq - 1, now
