"""Words in two languages that stand side by side in data (双语文字)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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


_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Said(Words):
    """Something as people say it (说法), such as a moment or a record; programs get `raw` back: ISO 8601 text, an id."""

    raw: str = ""

    def as_json(self) -> str:  # type: ignore[override]
        """Return what a program reads."""
        return self.raw


def said_day(day: date, year: int = 0) -> Said:
    """Return 3月31日, 31 Mar; with its year where that is not `year`, the one that the reader is in (0: always)."""
    known = day.year == year
    zh = f"{day.month}月{day.day}日" if known else f"{day.year}年{day.month}月{day.day}日"
    en = f"{day.day} {_MONTHS[day.month]}" if known else f"{day.day} {_MONTHS[day.month]} {day.year}"
    return Said(zh, en, day.isoformat())


def said_moment(at: datetime, year: int = 0, *, precision: str = "minute") -> Said:
    """Return 3月31日 14:05, 31 Mar 2026 14:05, for a sentence: in the zone of `at`; the year as in `said_day`, in English always.

    `precision`: to the second, the minute or the day.
    """
    if precision == "day":
        return Said(said_day(at.date(), year).zh, said_day(at.date()).en, at.date().isoformat())
    clock = at.strftime("%H:%M:%S" if precision == "second" else "%H:%M")
    return Said(f"{said_day(at.date(), year).zh} {clock}", f"{said_day(at.date()).en} {clock}", at.isoformat())
