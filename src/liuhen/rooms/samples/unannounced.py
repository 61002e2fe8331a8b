"""Years that nobody has announced yet (未公布的年份): the sample bureau makes up its own, so that overdue shows as overdue.

A working-day limit that passed in a year without an announced calendar is 待查 by right; a demonstration would show little
else. The sheet names itself as invented, lies with the sample bureau alone, and is not written for a year that is shipped.
"""

from __future__ import annotations

from datetime import datetime

from liuhen.ground.calendar import Calendar
from liuhen.journal import folders

_SHEET = """year: {year}
complete: yes
sources:
  - title: 示例数据：本年度放假安排产品尚未收录，此为示例单位自拟
    number: 示例
    date: {year}-01-01
holidays:
  - {{zh: 元旦, en: New Year's Day, from: {year}-01-01, to: {year}-01-01}}
  - {{zh: 劳动节, en: Labour Day, from: {year}-05-01, to: {year}-05-02}}
  - {{zh: 国庆节, en: National Day, from: {year}-10-01, to: {year}-10-03}}
"""


def announce(bureau: str, now: datetime) -> list[int]:
    """Write a sheet for every year up to that of `now` which the shipped calendar lacks at its end; return those years."""
    known = Calendar.load().years
    years = list(range(known[-1] + 1, now.year + 1))
    folder = folders.home() / "calendars" / bureau
    for year in years:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{year}.yaml").write_text(_SHEET.format(year=year), encoding="utf-8")
    return years
