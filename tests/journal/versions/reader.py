"""Opens a kept data folder with the code of today and says what it finds; in a process of its own, as settings are read once."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any
from uuid import uuid4

import django


def read(expected: dict[str, Any]) -> dict[str, Any]:
    """Migrate, verify, rebuild, look, and take one more record."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from liuhen.ground.moments import instant
    from liuhen.journal import sealing, vaulted
    from liuhen.journal.door import take
    from liuhen.journal.filed import filed
    from liuhen.journal.judging import basis
    from liuhen.journal.models import CaseRow
    from liuhen.journal.rebuild import rebuild
    from liuhen.journal.verification import verify
    from liuhen.journal.who import who_is

    bureau, root, now = expected["bureau"], expected["root"], datetime.fromisoformat(expected["now"])
    before, strays = verify(bureau, files=vaulted.as_it_is_now)
    rebuild(instant(now))
    row = CaseRow.objects.get(root=root)
    held = filed(row, basis(bureau).zone)
    who = who_is(bureau, expected["person"], now.toordinal())
    record = {
        "id": str(uuid4()),
        "bureau": bureau,
        "kind": "meeting_minutes",
        "done_at": expected["now"],
        "links": {"case": [root]},
        "by": [{"role": "enforcement_officer", "name": who.name, "id": who.person}],
    }
    taken = take(record, actor=who, now=now)
    sealed = sealing.seal(bureau, instant(now))
    after, _ = verify(bureau, files=vaulted.as_it_is_now)
    return {
        "findings": [f.code for f in (*before.findings, *strays, *after.findings)],
        "rows": before.rows,
        "files": before.files,
        "number": row.number,
        "party": row.party,
        "records": row.records,
        "names": sorted({a.name for e in held.entries for a in e.record.by}),
        "file_names": [f.name for e in held.entries for f in e.record.files],
        "destroyed": CaseRow.objects.get(root=expected["destroyed"]).destroyed,
        "home": taken.home,
        "sealed": sealed,
    }


if __name__ == "__main__":
    print(json.dumps(read(json.loads(sys.argv[1])), ensure_ascii=False))
