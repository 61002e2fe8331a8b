"""The real output that docs/cli.md shows: `python -m tests.faces.cli.pages` puts it in anew, a test holds the page to it."""

from __future__ import annotations

import re
import shlex

from tests.faces.cli.called import ROOT, Said, call

PAGE = ROOT / "docs" / "cli.md"
BLOCK = re.compile(r"^```console\n\$ liuhen (.*)\n((?:(?!```).*\n)*)```$", re.MULTILINE)


def run(line: str) -> Said:
    """Run a command line as it stands in a text: paths are seen from the root of the repository."""
    arguments = shlex.split(line)
    return call(*(str(ROOT / a) if a.startswith(("samples/", "tests/")) else a for a in arguments))


def blocks() -> list[tuple[str, str]]:
    """Return each command line that the page shows, with the output below it."""
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def refresh() -> None:
    """Write the page with the output that the commands give now."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BLOCK.sub(lambda m: f"```console\n$ liuhen {m[1]}\n{run(m[1]).out}```", text), encoding="utf-8")


if __name__ == "__main__":
    refresh()
