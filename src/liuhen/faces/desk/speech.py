"""How moments and what is left are said (时间的说法): in one language, one zone, as of one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from liuhen.faces.desk.words import words
from liuhen.ground.calendar import Calendar
from liuhen.ground.moments import HOUR, MINUTE, Day, Instant
from liuhen.ground.words import Language, Words, said_day

Unit = Literal["hours", "working_days", "natural_days", "months", "years", ""]
NO_END: Instant = 2**62
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Speech:
    """Says dates, moments and remaining time (说法), for the reader of one page.

    Attributes:
        language: zh or en. calendar: its zone makes local days, its working days are counted. now: the page's moment, an instant.
        today, year: the local day and year of that moment.
    """

    language: Language
    calendar: Calendar
    now: Instant
    today: Day = field(init=False)
    year: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "today", self.calendar.day_at(self.now))
        object.__setattr__(self, "year", date.fromordinal(self.today).year)

    @property
    def comma(self) -> str:
        """，, or a comma and a space."""
        return "，" if self.language == "zh" else ", "

    @property
    def between(self) -> str:
        """、, or a semicolon and a space: between names that hold commas of their own."""
        return "、" if self.language == "zh" else "; "

    def listed(self, items: Iterable[str]) -> str:
        """甲、乙, or "a, b"."""
        return ("、" if self.language == "zh" else ", ").join(items)

    @property
    def colon(self) -> str:
        """：, or a colon and a space."""
        return "：" if self.language == "zh" else ": "

    @property
    def stop(self) -> str:
        """。, or a full stop and a space."""
        return "。" if self.language == "zh" else ". "

    def label(self, words: str) -> str:
        """Return words as a label begins: in English with a capital."""
        return words if self.language == "zh" else words[:1].upper() + words[1:]

    def bracketed(self, words: str) -> str:
        """（甲）, or " (a)"."""
        return f"（{words}）" if self.language == "zh" else f" ({words})"

    def local(self, at: Instant) -> datetime:
        """Return an instant as a local moment."""
        return self.calendar.local(at)

    def pick(self, both: Words) -> str:
        """Return the words in the reader's language."""
        return both.zh if self.language == "zh" else both.en

    def day(self, at: Instant | None) -> str:
        """2026-03-31; empty for None."""
        return "" if at is None else self.local(at).strftime("%Y-%m-%d")

    def date_of(self, day: Day) -> str:
        """2026-03-31 of a local day."""
        return date.fromordinal(day).isoformat()

    def stamp(self, at: Instant | None) -> str:
        """03-27 15:10, with the year when it is not this one; empty for None."""
        if at is None:
            return ""
        local = self.local(at)
        said = f"{local.month:02d}-{local.day:02d} {local.hour:02d}:{local.minute:02d}"
        return said if local.year == self.year else f"{local.year}-{said}"

    def moment(self, at: Instant) -> str:
        """2026-03-27 15:10."""
        return self.local(at).strftime("%Y-%m-%d %H:%M")

    def clock(self, at: Instant) -> str:
        """15:10."""
        local = self.local(at)
        return f"{local.hour:02d}:{local.minute:02d}"

    def short_day(self, day: Day) -> str:
        """3月31日, 31 Mar; with the year when it is not this one."""
        return _short_day(self.language, day, self.year)

    def long_day(self, day: Day) -> str:
        """3月31日 周二, Tue 31 Mar."""
        name = self.weekday(day)
        return f"{self.short_day(day)} 周{name}" if self.language == "zh" else f"{name} {self.short_day(day)}"

    def weekday(self, day: Day) -> str:
        """二, Tue."""
        return _DAYS_ZH[(day - 1) % 7] if self.language == "zh" else _DAYS_EN[(day - 1) % 7]

    def slashed(self, day: Day) -> str:
        """4/28."""
        d = date.fromordinal(day)
        return f"{d.month}/{d.day}"

    def last_day(self, due: Instant) -> Day:
        """Return the last day that belongs to a due moment: 24:00 of 7 April is 7 April, though the instant is the 8th's."""
        return self.calendar.day_at(due - 1)

    def due(self, due: Instant) -> str:
        """4月7日 周二 24:00, or with its time when it falls within the day."""
        day = self.last_day(due)
        whole = self.calendar.instant(day + 1) == due
        return f"{self.long_day(day)} {'24:00' if whole else self.clock(due)}"

    def counted_in(self, due: Instant, unit: Unit = "") -> Unit:
        """Return in what the time left is said, one rule for every page.

        A limit in working days is counted in them where its duty is told. Else the due moment alone decides: one within a day is
        said in hours while it is near, one at the end of a day in days. So a list that knows only the moment says what the case's
        page says.
        """
        if unit == "working_days":
            return unit
        return "natural_days" if self.calendar.instant(self.calendar.day_at(due)) == due else "hours"

    def left(self, due: Instant, unit: Unit = "") -> str:
        """剩 4 个工作日, 剩 13 天, 剩 7 小时, 今天; 超 11 天 once it has passed. `due` is the exclusive end."""
        say = words(self.language).left
        over, number, sort = self._apart(due, unit)
        if sort == "today":
            return str(say.today)
        return str(getattr(say, f"over_{sort}" if over else sort).said(number))

    def figure(self, due: Instant, unit: Unit = "") -> tuple[str, str, str]:
        """Return what is left of a case as (before, number, unit): ("超", "28", "天"); the number is empty for 今天.

        It is `left` taken apart: with the unit of the duty as the duty's line says it, without as the list of cases does.
        """
        say = words(self.language).left
        over, number, sort = self._apart(due, unit)
        if sort == "today":
            return ("", "", str(say.today))
        return (str(say.over_word) if over else "", str(number), str(getattr(say, f"{sort}_word").said(number)))

    def _apart(self, due: Instant, unit: Unit) -> tuple[bool, int, str]:
        """Return whether it has passed, by how many, and of what: minutes, hours, days, working_days; or today."""
        unit, over, gap = self.counted_in(due, unit), due <= self.now, abs(due - self.now)
        days = abs(self.last_day(due) - self.today)
        near = unit == "hours" and gap < 48 * HOUR
        if near or (over and not days):
            return (over, gap // HOUR, "hours") if gap >= HOUR else (over, max(1, gap // MINUTE), "minutes")
        if not days:
            return over, 0, "today"
        if unit == "working_days" and not over:
            return over, self.calendar.working_between(self.today, self.last_day(due)), "working_days"
        return over, days, "days"

    def waited(self, since: Instant) -> str:
        """已等 33 天，条文未定期限: no number in the text."""
        return str(words(self.language).left.waited.said(max(0, self.today - self.calendar.day_at(since))))

    def late(self, amount: int, unit: str) -> str:
        """迟 39 小时, 迟 1 个工作日."""
        say = words(self.language).left
        pattern = {"hours": say.late_hours, "working_days": say.late_working, "minutes": say.late_minutes}.get(
            unit, say.late_days
        )
        return str(pattern.said(amount))

    def age(self, at: Instant) -> str:
        """3 分钟前, 2 小时前, 4 天前."""
        say = words(self.language).left
        gone = max(0, self.now - at)
        if gone < HOUR:
            return str(say.ago_minutes.said(gone // MINUTE))
        if gone < 24 * HOUR:
            return str(say.ago_hours.said(gone // HOUR))
        return str(say.ago_days.said(gone // (24 * HOUR)))


@lru_cache(maxsize=20_000)
def _short_day(language: Language, day: Day, year: int) -> str:
    return said_day(date.fromordinal(day), year).in_(language)
