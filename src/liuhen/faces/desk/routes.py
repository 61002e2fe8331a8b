"""Addresses of the desk's pages (页面地址); tests hold them against `urls.py`, so that no page has to look them up."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

WORKBENCH = "/"
CASES = "/cases/"
NEW_CASE = "/cases/new/"
REGISTERS = "/registers/"
PREFERENCES = "/preferences/"
SIGN_IN = "/sign-in/"
SIGN_OUT = "/sign-out/"
LANGUAGE = "/language/"
UPLOAD = "/files/"
AUDIT = "/audit/"
AUDIT_CASES = "/audit/cases/"
AUDIT_RUN = "/audit/run/"
AUDIT_STATE = "/audit/state/"

_PLAIN = re.compile(r"[A-Za-z0-9._~-]+\Z").match  # needs no escaping, as nearly every id


def _escaped(name: str) -> str:
    return name if _PLAIN(name) else quote(name, safe="")


def query(path: str, **parameters: object) -> str:
    """Return `path` with the parameters that are not empty."""
    held = {k: str(v) for k, v in parameters.items() if v not in (None, "")}
    if not held:
        return path
    plain = all(_PLAIN(v) for v in held.values())
    return f"{path}?{'&'.join([f'{k}={v}' for k, v in held.items()]) if plain else urlencode(held)}"


def case(root: str) -> str:
    """The page of a case, or of another file."""
    return f"/cases/{root}/"


def duty(root: str, key: str) -> str:
    """A duty on the page of its case: the page lays it out, however many there are, and stands there."""
    name = _escaped(key)
    return f"/cases/{root}/?duty={name}#d-{name}"


def duties(root: str, group: str, duty: str = "") -> str:
    """A group of duties of a case, laid out whole (`all`: every one); as a part of the page it leaves `duty` out."""
    return f"/cases/{root}/?duties={group}{f'&duty={_escaped(duty)}' if duty else ''}"


def kinds(root: str) -> str:
    """Which record to enter in a case."""
    return f"/cases/{root}/new/"


def entry(root: str, kind: str, **parameters: object) -> str:
    """The form for a record of that kind in a case."""
    return query(f"/cases/{root}/new/{kind}/", **parameters)


def register_entry(kind: str, **parameters: object) -> str:
    """The form for a record that belongs to no case."""
    return query(f"/registers/new/{kind}/", **parameters)


def why(root: str, key: str) -> str:
    """Why a duty is due on that day."""
    return f"/cases/{root}/why/{_escaped(key)}/"


def record(id: str) -> str:
    """The page of one record."""
    return f"/records/{id}/"


def correct(id: str) -> str:
    """The form that corrects a record."""
    return f"/records/{id}/correct/"


def withdraw(id: str) -> str:
    """The form that withdraws a record."""
    return f"/records/{id}/withdraw/"


def file(id: str, position: int) -> str:
    """A file of a record."""
    return f"/records/{id}/files/{position}/"


def audit_file(what: str, form: str) -> str:
    """The numbers (`counts`) or the lists (`cases`) of the audit as a file."""
    return f"/audit/files/{what}/{form}/"


def article(rulebook: str, number: str) -> str:
    """Our own words for an article."""
    return f"/articles/{rulebook}/{_escaped(number)}/"
