"""Whether what `liuhen audit --export` wrote is whole (导出完整): refused before any engine is started for it."""

from __future__ import annotations

import json
from pathlib import Path

from liuhen.faces.cli.parser import WrongUsage
from liuhen.faces.cli.speech import filled, words


def refuse_unreadable(folder: Path) -> None:
    """Refuse (U-017) a folder whose `about.json` is none, or of whose Parquet a file is missing or none; reads what ends each."""
    import pyarrow.parquet as pq

    name = "about.json"
    try:
        about = json.loads((folder / name).read_text(encoding="utf-8"))
        for name in (*(f"part-{n:05}.parquet" for n in range(int(about["parts"]))), "files.parquet", "people.parquet"):
            pq.read_metadata(folder / name)
    except (OSError, ValueError, TypeError, KeyError):
        reason = filled(words("audit")["not_readable"], file=name)
        raise WrongUsage("U-017", folder=str(folder), reason=reason) from None
