"""How a sentence says a day or a moment: as people write it, while programs get it back as ISO 8601."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from liuhen.ground.findings import Finding
from liuhen.ground.words import said_day, said_moment

AT = datetime(2026, 3, 31, 14, 5, 7, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("year", "precision", "zh", "en"),
    [
        (2026, "minute", "3月31日 14:05", "31 Mar 2026 14:05"),
        (2025, "minute", "2026年3月31日 14:05", "31 Mar 2026 14:05"),
        (0, "second", "2026年3月31日 14:05:07", "31 Mar 2026 14:05:07"),
        (2026, "day", "3月31日", "31 Mar 2026"),
    ],
)
def test_a_moment_in_a_sentence(year: int, precision: str, zh: str, en: str) -> None:
    said = said_moment(AT, year, precision=precision)
    assert (said.in_("zh"), said.in_("en")) == (zh, en)


def test_a_day_bears_its_year_only_where_it_is_not_the_readers() -> None:
    assert said_day(date(2026, 3, 31), 2026).en == "31 Mar"
    assert said_day(date(2026, 3, 31), 2027).en == "31 Mar 2026"


def test_a_program_reads_the_moment_of_a_finding_as_iso_text() -> None:
    found = Finding("R-014", {"done_at": said_moment(AT), "until": said_moment(AT, precision="day")})
    assert found.as_json()["fields"] == {"done_at": "2026-03-31T14:05:07+08:00", "until": "2026-03-31"}
    assert "2026年3月31日 14:05" in found.sentence("zh")
    assert "T14:05" not in found.sentence("zh") + found.sentence("en")
