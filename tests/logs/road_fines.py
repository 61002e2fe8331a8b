"""A log of the shape of the public road-traffic-fine log, made here: its activities, its commonest paths, its day-exact times.

The public log (150,370 cases) may not be passed on with this product, so that its data are not here. The paths and their shares
are roughly those that papers print of it; places, amounts and dates are drawn.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TextIO
from xml.sax.saxutils import quoteattr

HERE = Path(__file__).parent
BOOK = HERE / "shili-road-fines"
MAP = HERE / "road-fines.map.yaml"
MAP_CSV = HERE / "road-fines-csv.map.yaml"
COLUMNS = {
    "case": "案件编号", "concept:name": "环节", "time:timestamp": "日期", "org:resource": "经办人", "amount": "金额",
    "article": "条款", "vehicleClass": "车型", "expense": "邮费", "paymentAmount": "缴款",
}  # fmt: skip

CREATE, SEND, TELL, ADD, PAY, COLLECT = (
    "Create Fine", "Send Fine", "Insert Fine Notification", "Add penalty", "Payment", "Send for Credit Collection",
)  # fmt: skip
APPEAL, PASS, RESULT, ANSWER, COURT, RECEIPT = (
    "Insert Date Appeal to Prefecture", "Send Appeal to Prefecture", "Receive Result Appeal from Prefecture",
    "Notify Result Appeal to Offender", "Appeal to Judge", "Print Receipt",
)  # fmt: skip
PATHS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (375, (CREATE, SEND, TELL, ADD, COLLECT)),
    (310, (CREATE, PAY)),
    (135, (CREATE, SEND)),
    (65, (CREATE, SEND, TELL, ADD, PAY)),
    (25, (CREATE, SEND, TELL, ADD, PAY, PAY)),
    (20, (CREATE, SEND, TELL, PAY, RECEIPT)),
    (18, (CREATE, SEND, TELL, APPEAL, ADD, PASS)),
    (14, (CREATE, SEND, TELL, APPEAL, PASS, RESULT, ANSWER)),
    (10, (CREATE, SEND, TELL, APPEAL, PASS, RESULT, ANSWER, PAY)),
    (6, (CREATE, SEND, TELL, COURT, ADD, COLLECT)),
    (5, (CREATE, SEND, TELL, COURT, ADD)),
    (17, (CREATE, SEND, PAY)),
)
# How long after the step before, in days: shortest and longest. Some lie on both sides of what the rulebook allows.
STEPS = {SEND: (20, 110), TELL: (5, 30), ADD: (50, 75), PAY: (0, 80), COLLECT: (200, 500), APPEAL: (5, 50), PASS: (3, 40),
         RESULT: (20, 90), ANSWER: (2, 25), COURT: (5, 40), RECEIPT: (0, 0)}  # fmt: skip

Line = dict[str, str]


def cases(count: int, seed: int = 1) -> Iterator[tuple[str, list[Line]]]:
    """Yield cases: the name of each and its events, each with the attributes that it has."""
    random = Random(seed)
    weights = [weight for weight, _ in PATHS]
    for n in range(count):
        (_, path) = random.choices(PATHS, weights)[0]
        day = date(2023, 1, 2) + timedelta(days=random.randrange(700))
        amount = random.choice((50, 100, 150, 200, 500, 1000))
        events: list[Line] = []
        for step in path:
            day += timedelta(days=random.randint(*STEPS.get(step, (0, 0))))
            event = {"concept:name": step, "time:timestamp": f"{day.isoformat()}T00:00:00.000+08:00"}
            if step == CREATE:
                event |= {"org:resource": str(random.randrange(500, 560)), "amount": f"{amount}.0"}
                event |= {"vehicleClass": random.choice("AAAM")}
                if random.random() > 0.03:
                    event["article"] = random.choice(("157", "7", "158", "142"))
            elif step == SEND:
                event["expense"] = random.choice(("11.0", "13.5", "15.87"))
            elif step == ADD:
                event["amount"] = f"{amount * 2}.0"
            elif step == PAY:
                event["paymentAmount"] = f"{amount}.0"
            events.append(event)
        yield f"A{n:06}", events


def write_xes(path: Path, count: int, seed: int = 1) -> int:
    """Write the log as XES; return how many events it has."""
    written = 0
    with path.open("w", encoding="utf-8") as out:
        out.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">\n'
        )
        for name, events in cases(count, seed):
            out.write(f'<trace>\n\t<string key="concept:name" value={quoteattr(name)}/>\n')
            for event in events:
                written += 1
                out.write("\t<event>\n")
                for key, value in event.items():
                    sort = "date" if key == "time:timestamp" else "float" if key in _NUMBERS else "string"
                    out.write(f"\t\t<{sort} key={quoteattr(key)} value={quoteattr(value)}/>\n")
                out.write('\t\t<string key="lifecycle:transition" value="complete"/>\n\t</event>\n')
            out.write("</trace>\n")
        out.write("</log>\n")
    return written


_NUMBERS = frozenset({"amount", "expense", "paymentAmount"})


def write_csv(path: Path, count: int, seed: int = 1, encoding: str = "gb18030", scattered: bool = True) -> int:
    """Write the same log as CSV with Chinese headers, the events of all cases by day where `scattered`; return how many."""
    rows = [{"case": name, **event} for name, events in cases(count, seed) for event in events]
    for row in rows:
        row["time:timestamp"] = row["time:timestamp"][:10]
    if scattered:
        rows.sort(key=lambda row: row["time:timestamp"])
    with path.open("w", encoding=encoding, newline="") as out:
        _rows(out, rows)
    return len(rows)


def _rows(out: TextIO, rows: list[Line]) -> None:
    writer = csv.writer(out)
    writer.writerow(COLUMNS.values())
    writer.writerows([row.get(key, "") for key in COLUMNS] for row in rows)
