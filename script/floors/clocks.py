"""Floors 1 to 3 know neither Django, nor a database, nor the clock: a moment is an argument."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from script.floors.arrows import outside
from script.floors.house import Fault, floor
from script.floors.tree import Module, Tree

LIBRARY_FLOORS = (1, 2, 3)

FRAMEWORKS = ("django", "rest_framework", "ninja", "axes", "csp", "allauth", "whitenoise")
DATABASES = ("sqlite3", "psycopg", "psycopg2", "psycopg_pool", "asyncpg", "sqlalchemy", "MySQLdb", "pymysql")

CLOCKS = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "time.time", "time.time_ns", "uuid.uuid1",
}  # fmt: skip
# These read the clock unless they are given what it would say.
CLOCKS_WITHOUT_ARGUMENT = {
    "time.localtime", "time.gmtime", "time.ctime",
    "uuid_utils.uuid7", "uuid_utils.compat.uuid7", "uuid_utils.uuid6", "uuid_utils.compat.uuid6",
}  # fmt: skip


def faults(tree: Tree) -> Iterator[Fault]:
    for module in tree.modules.values():
        if floor(module.name) in LIBRARY_FLOORS:
            yield from _strangers(module)
            yield from _clocks(module)


def _strangers(module: Module) -> Iterator[Fault]:
    for name, line, _ in outside(module):
        top = name.split(".")[0]
        if top in FRAMEWORKS or top.startswith("django_"):
            yield Fault(module.path, line, f"knows {name}: floors 1 to 3 are a library without a framework")
        elif top in DATABASES:
            yield Fault(module.path, line, f"knows {name}: floors 1 to 3 know no database")


def _clocks(module: Module) -> Iterator[Fault]:
    for node in ast.walk(module.syntax):
        reads = False
        if isinstance(node, ast.Attribute | ast.Name):
            # Also where it is not called: a default_factory reads the clock later.
            reads = module.spelled_out(node) in CLOCKS
        elif isinstance(node, ast.Call) and not node.args and not node.keywords:
            reads = module.spelled_out(node.func) in CLOCKS_WITHOUT_ARGUMENT
        if reads:
            yield Fault(module.path, node.lineno, f"reads the clock, {ast.unparse(node)}: the moment is an argument")
