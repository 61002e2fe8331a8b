"""Words in two languages that stand side by side in data (双语文字)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Chinese and in English (中英文对照); `zh` is the one that counts."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.zh if language == "zh" else self.en

    def as_json(self) -> dict[str, str]:
        """Return `{"zh": …, "en": …}`."""
        return {"zh": self.zh, "en": self.en}
