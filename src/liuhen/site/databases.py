"""The database (数据库): SQLite in the data folder by default, PostgreSQL by `LIUHEN_DATABASE_URL`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SECONDS_TO_WAIT = 30

# One writer at a time takes its lock at BEGIN, so that what the gates saw still holds at COMMIT. WAL lets pages read
# meanwhile. FULL flushes the log at every commit: a record that was acknowledged survives a power cut.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; "
    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
)


def sqlite(path: Path) -> dict[str, Any]:
    """Return Django's settings for a SQLite file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": SECONDS_TO_WAIT, "init_command": _PRAGMAS},
        "CONN_MAX_AGE": None,
        # A file in tests too: in memory SQLite locks otherwise, and two writers could not be tested. One a process: several
        # test runs on one machine must not take each other's away.
        "TEST": {"NAME": str(Path(tempfile.gettempdir()) / f"liuhen-test-{os.getpid()}.sqlite3")},
    }


def postgres(url: str) -> dict[str, Any]:
    """Return Django's settings for `postgresql://user:password@host:port/name?option=value`; a `host` option may be a socket."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    options.setdefault("options", f"-c lock_timeout={SECONDS_TO_WAIT}s -c synchronous_commit=on")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def database(url: str, home: Path) -> dict[str, Any]:
    """Return the default database: `url` (`postgresql://…`, or `sqlite:///` and a path from the root), else SQLite in `home`."""
    if url.startswith(("postgres://", "postgresql://")):
        return postgres(url)
    if url.startswith("sqlite:"):
        return sqlite(Path("/" + urlsplit(url).path.lstrip("/")))
    if url:
        raise ValueError("LIUHEN_DATABASE_URL begins with postgresql:// or sqlite:///")
    return sqlite(home / "liuhen.sqlite3")
