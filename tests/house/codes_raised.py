"""Which findings the tests make the product say: script/test ends by asking whether any code was never raised.

    python -m tests.house.codes_raised FILE     exit 1, naming them, when codes of the product are missing in FILE

A code that merely stands in a test proves nothing, and so does a finding that a test made itself: counted is what the product's
own code says while tests run, in any process of theirs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from liuhen.ground import errors, findings
from liuhen.ground.findings import Finding, table

PRODUCT = str(Path(findings.__file__).parents[2]) + os.sep
_UNSAID = (errors.__file__, "<string>")  # the constructors between a finding and whoever says it


def by_the_product(depth: int = 1) -> bool:
    """Return whether the finding that is being made, `depth` calls up, is said by code of the product."""
    frame = sys._getframe(depth + 1)
    while frame.f_back is not None and frame.f_code.co_filename in _UNSAID:
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(PRODUCT)


def noting(note: Callable[[str], object]) -> Callable[[Finding], None]:
    """Return what a finding does on being made: as ever, and `note` is told its code when the product says it."""
    as_ever = Finding.__post_init__

    def made(self: Finding) -> None:
        as_ever(self)
        if by_the_product():
            note(self.code)

    return made


def watch(path: Path) -> None:
    """Append every code that the product says in this process, or in one forked from it, to a file; each once a process."""
    # Opened now: a child may have given its rights away by the time it says something.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    seen: set[str] = set()

    def note(code: str) -> None:
        if code not in seen:
            seen.add(code)
            os.write(descriptor, f"{code}\n".encode())

    Finding.__post_init__ = noting(note)  # type: ignore[method-assign]


def never_raised(path: Path) -> list[str]:
    """Return the codes of the product that are not in the file."""
    return sorted(table().keys() - path.read_text().split())


if __name__ == "__main__":
    if missing := never_raised(Path(sys.argv[1])):
        print("findings that no test raises:", " ".join(missing))
        sys.exit(1)
