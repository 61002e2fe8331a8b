"""One run of the door's benchmark in a process of its own: builds cases, takes records, prints its samples as JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from uuid import uuid4

import django

CASES = 12
TAKES = 12
SECONDS = 4.0
WRITERS = 4
START = datetime(2023, 3, 6, 1, 0, tzinfo=UTC)
# A stretch of an ordinary case; each act has its papers, its footage and the footage its receipt.
STORY = (
    ("act.questioning", "act"),
    ("interview_transcript", "about"),
    ("recording.completed", "footage"),
    ("ingest_record", "receipt"),
    ("act.evidence_collection", "act"),
    ("evidence_registration_list", "about"),
    ("meeting_minutes", "plain"),
    ("enforcement_document", "plain"),
)


class Writer:
    """Makes the records of one case in their order and brings them to the door."""

    def __init__(self, bureau: str, who: Any) -> None:
        self.bureau, self.who = bureau, who
        self.now = START
        self.by = [{"role": "enforcement_officer", "name": who.name, "id": who.person}]
        self.count = 0
        self.last: dict[str, str] = {}
        opening = self._record("case.opened", role="case_handler")
        opening["content"] = {
            "case_number": str(uuid4()),
            "title": "示例",
            "action_type": "penalty",
            "party_name": "示例公司",
            "unit": who.unit,
            "handlers": [{"name": who.name, "id": who.person}],
        }
        self.root = self.take([opening])[0].home

    def _record(self, kind: str, role: str = "enforcement_officer") -> dict[str, Any]:
        self.now += timedelta(minutes=10)
        by = [{**self.by[0], "role": role}]
        return {"id": str(uuid4()), "bureau": self.bureau, "kind": kind, "done_at": self.now.isoformat(), "by": by}

    def next(self) -> dict[str, Any]:
        """The case's next record."""
        kind, sort = STORY[self.count % len(STORY)]
        self.count += 1
        record = self._record(kind)
        links = {"case": [self.root]}
        if sort in ("act", "footage"):
            record["until"] = (self.now + timedelta(minutes=5)).isoformat()
            self.last[sort] = record["id"]
        if sort in ("about", "footage"):
            links["about"] = [self.last["act"]]
        elif sort == "receipt":
            links["about"] = [self.last["footage"]]
        if sort == "footage":
            record["content"] = {"device_type": "body_worn", "media": "video", "holder": self.who.name}
        record["links"] = links
        return record

    def take(self, records: list[dict[str, Any]]) -> list[Any]:
        """Bring them in, ten minutes after the last one was done."""
        from liuhen.journal.door import take_batch

        return take_batch(records, actor=self.who, now=self.now + timedelta(minutes=10))


def prepared() -> tuple[str, Any]:
    """A bureau and an officer."""
    from liuhen.journal.setting_up import set_up_bureau
    from liuhen.journal.who import system, who_is
    from liuhen.rooms.people import actions

    set_up_bureau("bench", zh="示例局", en="Sample", rulebooks=["bazhou", "anshan-legal-review"], sample=True)
    person = actions.enrol(system("bench"), "张示例", unit="执法一队", certificate="冀010001", now=START)
    actions.grant(system("bench"), person, "enforcement_officer", since=START.date().replace(year=2017), now=START)
    actions.certify(
        system("bench"), "冀010001", "张示例", valid_from=START.date().replace(year=2017),
        valid_until=START.date().replace(year=2027), now=START,
    )  # fmt: skip
    return "bench", who_is("bench", person, START.toordinal())


def cpu_of_takes(bureau: str, who: Any, records: int) -> list[float]:
    """CPU seconds of this process for single records in cases that already hold `records`."""
    samples = []
    for _ in range(CASES):
        writer = Writer(bureau, who)
        writer.take([writer.next() for _ in range(records - 1)])
        writer.take([writer.next()])
        for _ in range(TAKES):
            record = writer.next()
            start = process_time()
            writer.take([record])
            samples.append(process_time() - start)
    return samples


def cpu_of_bare_commits() -> list[float]:
    """CPU seconds of one row of a record's size written and committed by the same driver."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id VARCHAR(36) PRIMARY KEY, body TEXT)")
    samples = []
    for _ in range(CASES * TAKES):
        start = process_time()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare VALUES (%s, %s)", [str(uuid4()), "x" * 1500])
        samples.append(process_time() - start)
    return samples


def rate(work: Any) -> float:
    """How often a second `work` can be done, one after the other, for some seconds."""
    count, start = 0, perf_counter()
    while perf_counter() - start < SECONDS:
        work()
        count += 1
    return count / (perf_counter() - start)


def commits(bureau: str, who: Any, writers: int) -> float:
    """Records a second through the door, each committed by itself, by several writers of different cases."""
    from django.db import connections

    made = [Writer(bureau, who) for _ in range(writers)]
    for writer in made:
        writer.take([writer.next() for _ in range(8)])

    def run(writer: Writer) -> float:
        try:
            return rate(lambda: writer.take([writer.next()]))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(writers) as pool:
        return sum(pool.map(run, made))


def flushes(folder: Path) -> float:
    """Flushes a second of the disk itself: one page written and flushed, over and over."""
    path = folder / f"flush-{os.getpid()}"
    with path.open("wb", buffering=0) as file:

        def work() -> None:
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())

        found = rate(work)
    path.unlink()
    return found


def run() -> None:
    """Build, measure, print."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    bureau, who = prepared()
    told = {
        "bare": cpu_of_bare_commits(),
        "10": cpu_of_takes(bureau, who, 10),
        "400": cpu_of_takes(bureau, who, 400),
        "flushes": flushes(Path(sys.argv[1])),
        "commits": commits(bureau, who, 1),
        "several": commits(bureau, who, WRITERS),
        "at": time.time(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    run()
