"""The envelope of a dossier (卷宗封面): everything in `dossier.json` that is not a record."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from liuhen.dossier.dossier import VERSION, Bureau
from liuhen.ground.findings import Finding
from liuhen.ground.record import ZONE

KEYS = ("dossier", "bureau", "note", "rulebooks", "captures", "records")
BUREAU_KEYS = ("id", "name", "zone")
LIMIT_TEXT = 200
LIMIT_NOTE = 4000
LIMIT_LIST = 1000
RULEBOOK = r"[a-z][a-z0-9-]{0,63}"
KIND = r"[a-z][a-z0-9_.]{0,63}"
_RULEBOOK = re.compile(rf"{RULEBOOK}\Z")
_KIND = re.compile(rf"{KIND}\Z")


@dataclass(slots=True)
class Envelope:
    """What the envelope says, as far as it could be read, and what is wrong with it."""

    bureau: Bureau = field(default_factory=lambda: Bureau("", ""))
    zone: ZoneInfo = ZONE
    rulebooks: tuple[str, ...] = ()
    captures: tuple[str, ...] | None = None
    note: str = ""
    records: list[Any] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_envelope(value: Any, source: str) -> Envelope:
    """Read the envelope from the JSON value of `dossier.json`; never raises, the findings tell.

    D-013 a part of the wrong form, D-014 a part missing, D-015 an unknown part, D-016 a later format, C-015 an
    unknown time zone.
    """
    envelope = Envelope()
    root = f"{source}#"

    def say(code: str, path: str, **fields: object) -> None:
        envelope.findings.append(Finding(code, fields, f"{root}{path}"))

    if not isinstance(value, dict):
        say("D-013", "", wanted='{"dossier": 1, "bureau": …, "records": […]}')
        return envelope
    version = value.get("dossier")
    if type(version) is int and version > VERSION:
        # A later format may mean anything by its other parts: nothing more is said about them.
        say("D-016", "/dossier", version=version, known=VERSION)
        return envelope
    for key in value:
        if key not in KEYS:
            say("D-015", f"/{key[:80]}", part=key)
    for key in ("dossier", "bureau", "records"):
        if value.get(key) is None:
            say("D-014", f"/{key}", part=key)
    if version is not None and (type(version) is not int or version < 1):
        say("D-013", "/dossier", wanted="1")
    if value.get("bureau") is not None:
        _bureau(value["bureau"], envelope, say)
    envelope.note = _text(value.get("note"), "/note", say, limit=LIMIT_NOTE)
    envelope.rulebooks = _names(value.get("rulebooks"), "/rulebooks", _RULEBOOK, "bazhou", say) or ()
    envelope.captures = _names(value.get("captures"), "/captures", _KIND, "case.opened", say)
    if value.get("records") is not None:
        if isinstance(value["records"], list):
            envelope.records = value["records"]
        else:
            say("D-013", "/records", wanted="[…]")
    return envelope


_Say = Callable[..., None]


def _bureau(held: Any, envelope: Envelope, say: _Say) -> None:
    if not isinstance(held, dict):
        say("D-013", "/bureau", wanted='{"id": …, "name": …}')
        return
    for key in held:
        if key not in BUREAU_KEYS:
            say("D-015", f"/bureau/{key[:80]}", part=key)
    for key in ("id", "name"):
        if held.get(key) is None:
            say("D-014", f"/bureau/{key}", part=key)
    texts = {key: _text(held.get(key), f"/bureau/{key}", say, blank=False) for key in BUREAU_KEYS}
    zone = texts["zone"] or "Asia/Shanghai"
    try:
        envelope.zone = ZoneInfo(zone)
    except (ValueError, OSError, LookupError):
        say("C-015", "/bureau/zone", zone=zone)
    envelope.bureau = Bureau(texts["id"], texts["name"], zone)


def _text(held: Any, path: str, say: _Say, *, limit: int = LIMIT_TEXT, blank: bool = True) -> str:
    if held is None:
        return ""
    if not isinstance(held, str) or len(held) > limit or not (blank or held.strip()) or not _clean(held):
        say("D-013", path, wanted=f"text, 1–{limit}")
        return ""
    return held


def _clean(text: str) -> bool:
    return not any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in text)


def _names(held: Any, path: str, pattern: re.Pattern[str], like: str, say: _Say) -> tuple[str, ...] | None:
    if held is None:
        return None
    if not isinstance(held, list) or len(held) > LIMIT_LIST:
        say("D-013", path, wanted=f'["{like}", …]')
        return None
    good: list[str] = []
    for i, name in enumerate(held):
        if not isinstance(name, str) or not pattern.match(name) or name in good:
            say("D-013", f"{path}/{i}", wanted=f'"{like}"')
        else:
            good.append(name)
    return tuple(good)
