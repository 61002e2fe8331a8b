"""How many requests a second does the desk answer on PostgreSQL? The same questions as `desk`; the data are made anew.

LIUHEN_BENCH_CASES as there.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

from bench import desk

DATABASE = "bench_desk"


def main() -> int:
    """Ask, where there is a PostgreSQL."""
    address = os.environ.get("LIUHEN_TEST_POSTGRES")
    if not address:
        print("\nThe desk on PostgreSQL: not measured, none is running")
        return 0
    import psycopg

    kept = os.environ.get("LIUHEN_BENCH_HOME")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    if kept:  # of another database
        del os.environ["LIUHEN_BENCH_HOME"]
    return desk.run(urlunsplit(urlsplit(address)._replace(path=f"/{DATABASE}")))
