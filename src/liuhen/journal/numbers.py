"""Case numbers (案号): given once within a bureau, to the opening as it stands, which is never withdrawn.

The number stands on papers that have left the house, so that it never passes to another case. The table holds it as well
(`case_number_once`): what this module asks is asked first so that the refusal can say which number it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liuhen.journal.models import CaseRow

FIELDS = ("case_number", "number", "device_number", "plan_number", "file_number")
LONGEST = 100


def number_of(content: Mapping[str, Any]) -> str:
    """Return the number by which a file goes, from the content of the record that opened it; at most 100 characters."""
    return next((held[:LONGEST] for f in FIELDS if isinstance(held := content.get(f), str) and held), "")


def is_taken(bureau: str, number: str, root: str) -> bool:
    """Return whether another case of the bureau than that of `root` bears the number."""
    others = CaseRow.objects.filter(bureau=bureau, subject="case", number=number).exclude(root=root)
    return bool(number) and others.exists()
