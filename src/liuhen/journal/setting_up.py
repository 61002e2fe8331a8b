"""Setting up (初始化): keys, a bureau with its empty Ledger; each step is done once and may be asked for again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from liuhen.engines.ledger.keys import create_key
from liuhen.engines.rulebook import shipped
from liuhen.ground.errors import Refused
from liuhen.journal import folders, judging, keys
from liuhen.journal.models import BureauRow
from liuhen.journal.sealing import open_log


def make_keys() -> None:
    """Make the data folder's keys (mode 700 and 600) unless they are there: master key, Django's secret."""
    keys.make_master()
    keys.write_secret(folders.keys() / "django", secrets.token_urlsafe(50))


def set_up_bureau(
    bureau: str,
    *,
    zh: str,
    en: str,
    rulebooks: Sequence[str],
    zone: str = "Asia/Shanghai",
    settings: dict[str, Any] | None = None,
    sample: bool = False,
) -> BureauRow:
    """Set up a bureau, or change how it is judged; make its signing key and its empty Ledger when it is new.

    `rulebooks` are ids of shipped ones or paths of folders. Refused: B-… an unsound rulebook, C-… an unknown zone; then nothing
    was changed. The name of its Ledger is `liuhen/<bureau>`.
    """
    make_keys()
    known = shipped()
    listed = [name if name in known else str(Path(name).resolve()) for name in rulebooks]
    before = BureauRow.objects.filter(id=bureau).first()
    row, _ = BureauRow.objects.update_or_create(
        id=bureau,
        defaults={
            "zh": zh, "en": en, "zone": zone, "rulebooks": listed, "settings": settings or {}, "sample": sample
        },
    )  # fmt: skip
    try:
        judging.basis(bureau)
    except Refused:
        if before is None:
            row.delete()
        else:
            before.save()
        raise
    key = folders.ledger_key(bureau)
    if not key.exists():
        create_key(key, origin(bureau))
    open_log(bureau)
    return row


def origin(bureau: str) -> str:
    """Return the name of a bureau's Ledger, which is also the name of its key."""
    return f"liuhen/{bureau}"
