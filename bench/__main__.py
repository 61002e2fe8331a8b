"""Runs benchmarks by name, each in a process of its own, and says at the end which promise was not kept."""

from __future__ import annotations

import ast
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NO_BENCHMARKS = {"__init__", "__main__", "figures"}


def questions() -> dict[str, str]:
    """Return every benchmark with the first line of its docstring."""
    found = {}
    for path in sorted(HERE.glob("*.py")):
        syntax = ast.parse(path.read_text(encoding="utf-8"))
        if path.stem not in NO_BENCHMARKS and any(getattr(node, "name", "") == "main" for node in syntax.body):
            found[path.stem] = (ast.get_docstring(syntax) or "").partition("\n")[0]
    return found


def machine() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def main(arguments: list[str]) -> int:
    known = questions()
    if "--list" in arguments:
        print(*(f"{name:<14}{question}" for name, question in known.items()), sep="\n")
        return 0
    unknown = [name for name in arguments if name not in known]
    if unknown:
        print(f"bench: no benchmark called {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    print(machine(), flush=True)
    failed = []
    for name in arguments or known:
        # A process each: memory and caches of one do not colour the next.
        call = f"import sys, bench.{name}; sys.exit(bench.{name}.main())"
        if subprocess.run([sys.executable, "-c", call], cwd=HERE.parent, check=False).returncode:
            failed.append(name)
    print(f"\nbench: a promise is not kept in {', '.join(failed)}" if failed else "\nbench: every promise is kept")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
