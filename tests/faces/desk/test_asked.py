"""Addresses that nobody's page gives: read as nothing or refused, never a fault of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.faces.desk import asked
from liuhen.ground.digits import LARGEST, whole_number
from tests.faces.desk.pages import Desk
from tests.office import Office

NUMBERS = ["²", "٣", "99999999999999999999999999", "9" * 5000, "-1", "", "1_0", " 1", str(LARGEST + 1)]


@pytest.mark.parametrize("text", NUMBERS)
def test_what_is_no_number_of_ours_is_none(text: str) -> None:
    assert whole_number(text) is None


def test_a_number_is_read_up_to_the_largest_that_was_asked_for() -> None:
    assert whole_number("0") == 0
    assert whole_number("007") == 7
    assert whole_number(str(LARGEST)) == LARGEST
    assert (whole_number("99", 99), whole_number("100", 99)) == (99, None)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    for found in (asked.after(text), asked.after_number(text)):
        assert found is None or 0 <= found[0] <= LARGEST


def test_a_place_to_go_on_is_a_number_and_an_id() -> None:
    assert asked.after("5-abc-def") == (5, "abc-def")
    assert asked.after("5-" + "x" * asked.MOST_ID) is not None
    assert asked.after("5-" + "x" * (asked.MOST_ID + 1)) is None
    assert asked.after("5-") is None
    assert asked.after_number("5-6") == (5, 6)
    assert asked.after_number("5-x") is None


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "path", ["/?after={}-3", "/?after=5-{}", "/cases/?after={}-x", "/registers/?of=device&after={}-x"]
)
def test_lists_begin_anew_where_an_address_makes_no_sense(office: Office, desk: Desk, path: str, number: str) -> None:
    assert desk("zhang").get(path.format(number)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/?q=%00",
        "/cases/?q=a%00b",
        "/cases/?handler=%00",
        "/cases/%00/",
        "/cases/a%00b/new/",
        "/records/%00/",
        "/records/%00/files/0/",
        "/registers/?of=%00",
        "/cases/?%00=1",
    ],
)
def test_a_nul_is_refused_whatever_the_database(office: Office, desk: Desk, path: str) -> None:
    assert desk("zhang").get(path).status_code == 400
