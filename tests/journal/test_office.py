"""What an office decides for its own pages: within how many working days a duty is due soon."""

from __future__ import annotations

from typing import Any

import pytest

from liuhen.engines.rulebook import InvalidRulebook
from liuhen.journal.judging import basis
from liuhen.journal.models import BureauRow
from liuhen.journal.office import SOON, of_the_texts, soon_working_days
from liuhen.journal.setting_up import set_up_bureau
from tests.office import Office


def test_it_is_three_working_days_until_the_office_decides(office: Office) -> None:
    assert basis(office.bureau).soon == 3
    set_up_bureau(office.bureau, soon=5)
    assert basis(office.bureau).soon == 5


def test_setting_it_up_again_keeps_it_and_the_settings_of_the_texts(office: Office) -> None:
    BureauRow.objects.filter(id=office.bureau).update(settings={"some_setting": 1})
    set_up_bureau(office.bureau, soon=5)
    set_up_bureau(office.bureau, zh="另一示例局")
    assert BureauRow.objects.get(id=office.bureau).settings == {"some_setting": 1, SOON: 5}


def test_no_judgement_depends_on_it(office: Office) -> None:
    before = basis(office.bureau).digest
    set_up_bureau(office.bureau, soon=5)
    assert basis(office.bureau).digest == before
    assert of_the_texts({"x": 1, SOON: 5}) == {"x": 1}


@pytest.mark.parametrize("value", [1, 60])
def test_from_one_to_sixty_days_are_taken(value: int) -> None:
    assert soon_working_days({SOON: value}) == value


@pytest.mark.parametrize("value", [0, 61, -1, True, "3", 3.0, None])
def test_what_is_no_such_number_of_days_is_refused_and_nothing_is_changed(office: Office, value: Any) -> None:
    with pytest.raises(InvalidRulebook) as refused:
        set_up_bureau(office.bureau, settings={SOON: value})
    assert refused.value.finding.code == "B-023"
    assert basis(office.bureau).soon == 3


def test_a_setting_of_the_office_that_there_is_none_of_is_refused(office: Office) -> None:
    with pytest.raises(InvalidRulebook) as refused:
        set_up_bureau(office.bureau, settings={"office/other": 3})
    assert refused.value.finding.code == "B-022"
