"""Calls a command in this process and gives back what it said."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from liuhen.faces.cli.dispatch import run_command
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.words import Language

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "samples"
BAD = ROOT / "tests" / "dossiers" / "bad"


@dataclass(frozen=True)
class Said:
    """Exit status, and the texts on both streams."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def call(*arguments: str | Path, width: int = 100, colour: bool = False) -> Said:
    """Run `liuhen` with these arguments; the language is that of `--lang`, else Chinese."""
    given = [str(argument) for argument in arguments]
    language: Language = "en" if "en" in given else "zh"
    out, err = io.StringIO(), io.StringIO()
    status = run_command(given, Terminal(out, err, language, width, colour, "--json" in given))
    return Said(status, out.getvalue(), err.getvalue())
