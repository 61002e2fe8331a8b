"""Keeps what this version wrote, so that every later one can be held to open it: a data folder and two dossiers.

    python -m tests.versions.keep

Run it when a version is finished; what is kept for a version is never written again. The data folder is kept by
`tests.journal.versions.keep`; the dossiers, a case and a year of a unit, are those of `samples` as this version tells them.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from liuhen import __version__
from liuhen.dossier.dossier import Dossier
from liuhen.dossier.read import read
from liuhen.ground.canonical import canonical
from liuhen.ground.vocabulary import default
from tests.journal.versions import keep as journal

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "samples"
KEPT = ("perfect-case", "unit-year-without-plan")
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def statement(dossier: Dossier) -> dict[str, Any]:
    """What a reader must find: every record by id with the digest of its canonical form, every file by name with its own."""
    return {
        "records": {r.id: hashlib.sha256(r.canonical()).hexdigest() for r in dossier.records},
        "files": {f.name: f.sha256 for r in dossier.records for f in r.files},
    }


def keep(target: Path) -> None:
    """Write the archive of this version's dossiers with `expected.json`."""
    expected = {name: statement(read(SAMPLES / name, default(), now=LATER)) for name in KEPT}
    with tarfile.open(target, "w:gz") as archive:
        for name in KEPT:
            archive.add(SAMPLES / name, name)
        data = canonical(expected)
        said = tarfile.TarInfo("expected.json")
        said.size = len(data)
        archive.addfile(said, io.BytesIO(data))


def main() -> None:
    """Keep what is not kept yet."""
    if not (journal.HERE / f"{__version__}.tar.gz").exists():
        journal.main()
    target = HERE / f"{__version__}.tar.gz"
    if target.exists():
        print(f"{target.name} is kept already")
        return
    keep(target)
    print(f"{target.relative_to(Path.cwd())}: {target.stat().st_size:,} bytes, {json.dumps(KEPT)}")


if __name__ == "__main__":
    main()
