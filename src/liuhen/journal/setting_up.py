"""Setting up (初始化): keys, a bureau with its empty Ledger; each step is done once and may be asked for again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from liuhen.engines.ledger.keys import create_key
from liuhen.engines.rulebook import shipped
from liuhen.ground.errors import Refused
from liuhen.journal import folders, judging, keys, office
from liuhen.journal.models import BureauRow
from liuhen.journal.sealing import open_log


def make_keys() -> None:
    """Make the data folder's keys (mode 700 and 600) unless they are there: master key, Django's secret."""
    keys.make_master()
    keys.write_secret(folders.keys() / "django", secrets.token_urlsafe(50))


class NoSample(Refused):
    """A bureau with real records that was to become a sample (不能转为示例单位). G-041."""


def set_up_bureau(
    bureau: str,
    *,
    zh: str | None = None,
    en: str | None = None,
    rulebooks: Sequence[str] | None = None,
    zone: str | None = None,
    settings: dict[str, Any] | None = None,
    soon: int | None = None,
    sample: bool = False,
) -> BureauRow:
    """Set up a bureau, or change how it is judged; make its signing key and its empty Ledger when it is new.

    What is not given stays as it is; a new bureau is called by its id, lies in Asia/Shanghai and is judged by nothing.
    `rulebooks` are ids of shipped ones or paths of folders. `soon`: within how many working days its pages call a duty due soon.
    A sample stays one for good: what was invented is not to pass for
    real. Refused: B-… an unsound rulebook, C-… an unknown zone, G-041 a real bureau is to become a sample; then nothing was
    changed. The name of its Ledger is `liuhen/<bureau>`.
    """
    make_keys()
    before = BureauRow.objects.filter(id=bureau).first()
    if before is not None and sample and not before.sample:
        raise NoSample("G-041", bureau=before.zh)
    if soon is not None:
        settings = {**(settings if settings is not None else before.settings if before else {}), office.SOON: soon}
    given = {
        "zh": zh,
        "en": en,
        "rulebooks": _listed(rulebooks),
        "zone": zone,
        "settings": settings,
        "sample": sample or None,
    }
    named = {} if before is not None else {"zh": bureau, "en": bureau}
    row, _ = BureauRow.objects.update_or_create(
        id=bureau, defaults={**named, **{name: value for name, value in given.items() if value is not None}}
    )
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


def _listed(rulebooks: Sequence[str] | None) -> list[str] | None:
    if rulebooks is None:
        return None
    known = shipped()
    return [name if name in known else str(Path(name).resolve()) for name in rulebooks]


def origin(bureau: str) -> str:
    """Return the name of a bureau's Ledger, which is also the name of its key."""
    return f"liuhen/{bureau}"
