"""How late something came, and that what is no duty is never called broken: the same words on every page."""

from __future__ import annotations

import pytest

from liuhen.engines.rulebook.duty import Duty
from liuhen.faces.desk.cases.duties import right_word
from liuhen.faces.desk.speech import Speech
from tests.faces.desk.pages import Desk, text
from tests.office import Office


@pytest.mark.parametrize(
    ("stored", "said", "not_said"),
    [
        ("2023-03-07 08:01", "迟 1 分钟", "小时</span>"),
        ("2023-03-07 08:59", "迟 59 分钟", "小时</span>"),
        ("2023-03-07 09:00", "迟 1 小时", "分钟</span>"),
        ("2023-03-07 09:01", "迟 2 小时", "分钟</span>"),
    ],
)
def test_footage_stored_after_its_24_hours_is_late_by_minutes_until_the_hour_is_full(
    office: Office, desk: Desk, stored: str, said: str, not_said: str
) -> None:
    case = office.open_case()
    made = office.act(case, "recording.completed", "2023-03-06 07:00", "2023-03-06 08:00", content={"device": "JY-05"})
    office.wait(days=2)
    office.act(case, "ingest_record", stored, links={"about": [made.id]})
    page = desk("zhang").get(f"/cases/{made.home}/")
    assert said in text(page)
    assert not_said not in page.content.decode()


@pytest.mark.parametrize(
    ("weight", "zh", "en"),
    [
        ("duty", "已违反", "breached"),
        ("hint", "不符", "not so"),
        ("advice", "不符", "not so"),
        ("measure", "不符", "not so"),
    ],
)
def test_only_a_duty_is_called_broken(office: Office, weight: str, zh: str, en: str) -> None:
    rule = next(r for r in office.basis.stack.rules if r.form == "absence")
    duty = Duty(rule, (), "s", "t", "t", office.instant, "breached", weight=weight)
    for language, word in (("zh", zh), ("en", en)):
        assert right_word(duty, "breached", Speech(language, office.basis.calendar, office.instant)) == word  # type: ignore[arg-type]
