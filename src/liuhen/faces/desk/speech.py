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
        same = local.year == self.year
        return local.strftime("%m-%d %H:%M" if same else "%Y-%m-%d %H:%M")

    def moment(self, at: Instant) -> str:
        """2026-03-27 15:10."""
        return self.local(at).strftime("%Y-%m-%d %H:%M")

    def clock(self, at: Instant) -> str:
        """15:10."""
        return self.local(at).strftime("%H:%M")

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

    def left(self, due: Instant, unit: Unit) -> str:
        """剩 4 个工作日, 剩 13 天, 剩 7 小时, 今天; 超 11 天 once it has passed. `due` is the exclusive end."""
        say = words(self.language).left
        if due <= self.now:
            return self._over(due, unit)
        if unit == "hours" and due - self.now < 48 * HOUR:
            hours = (due - self.now) // HOUR
            return say.hours.said(hours) if hours else say.minutes.said(max(1, (due - self.now) // MINUTE))
        last = self.last_day(due)
        if last == self.today:
            return str(say.today)
        if unit == "working_days":
            return str(say.working_days.said(self.calendar.working_between(self.today, last)))
        return str(say.days.said(last - self.today))

    def figure(self, due: Instant, unit: Unit) -> tuple[str, str, str]:
        """Return what is left as (before, number, unit): ("剩", "28", "天"); the number is empty for 今天."""
        say = words(self.language).left
        over = due <= self.now
        last = self.last_day(due)
        if unit == "hours" and abs(due - self.now) < 48 * HOUR:
            return (say.over_word if over else "", str(abs(due - self.now) // HOUR), str(say.hours_word))
        if not over and last == self.today:
            return ("", "", str(say.today))
        if not over and unit == "working_days":
            return ("", str(self.calendar.working_between(self.today, last)), str(say.working_word))
        days = abs(last - self.today)
        if over and not days:
            return (say.over_word, str((self.now - due) // HOUR), str(say.hours_word))
        return (say.over_word if over else "", str(days), str(say.days_word))

    def _over(self, due: Instant, unit: Unit) -> str:
        say = words(self.language).left
        days = self.today - self.last_day(due)
        if days < 1 or (unit == "hours" and self.now - due < 48 * HOUR):
            hours = (self.now - due) // HOUR
            return str(
                say.over_hours.said(hours) if hours else say.over_minutes.said(max(1, (self.now - due) // MINUTE))
            )
        return str(say.over_days.said(days))

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
