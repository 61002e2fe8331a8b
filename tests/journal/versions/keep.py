"""Keeps a small data folder of this version, so that every later one can be held to open it.

    python -m tests.journal.versions.keep        writes tests/journal/versions/<version>.tar.gz

Run it when a version is finished, and never again for that version. The folder holds the database, the Ledger, one file and the
keys of an invented bureau; `expected.json` says what a reader must find.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def fill(home: Path) -> None:
    """Make the data in `home`; runs in a process of its own, because settings are read once."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from liuhen.journal import looks, vaulted
    from liuhen.journal.destruction import destroy_content
    from liuhen.journal.worker import Worker
    from tests.office import Office

    office = Office("bazhou", "anshan-legal-review").staffed()
    root = office.open_case("示例〔2023〕1号", party_name="某示例公司")
    stored = vaulted.take_in(office.bureau, io.BytesIO("%PDF-1.4 示例附件".encode()))
    named = {"sha256": stored.sha256, "bytes": stored.bytes, "name": "附件（示例）.pdf"}
    act = office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
    office.act(root, "interview_transcript", "2023-03-06 08:45", links={"about": [act.id]}, files=[named])
    office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:41", corrects=act.id)
    gone = office.open_case("示例〔2023〕2号")
    destroy_content(gone, office.instant)
    looks.looked(office.who("li"), "look case", home=root, now=office.now)
    looks.batch(office.bureau, office.instant)
    Worker(now=lambda: office.instant).step()
    row = office.row(root)
    expected = {
        "bureau": office.bureau,
        "root": root,
        "number": row.number,
        "party": row.party,
        "records": row.records,
        "person": office.persons["zhang"],
        "destroyed": gone,
        "now": office.now.isoformat(),
    }
    (home / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1), encoding="utf-8")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def main() -> None:
    """Fill a fresh folder and pack it."""
    from liuhen import __version__

    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "LIUHEN_HOME": folder, "DJANGO_SETTINGS_MODULE": "liuhen.site.settings"}
        environment.pop("LIUHEN_DATABASE_URL", None)
        call = f"from pathlib import Path; from tests.journal.versions.keep import fill; fill(Path({folder!r}))"
        subprocess.run([sys.executable, "-c", call], env=environment, check=True)
        kept = HERE / f"{__version__}.tar.gz"
        with tarfile.open(kept, "w:gz") as archive:
            for path in sorted(Path(folder).iterdir()):
                if not path.name.endswith(("-wal", "-shm")):
                    archive.add(path, path.name)
        print(f"{kept.relative_to(Path.cwd())}: {kept.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
