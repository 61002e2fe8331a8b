"""A benchmark's sheet tells a kept promise from a broken one, on both sides of the limit."""

from __future__ import annotations

import pytest

from bench.figures import Sheet, percentile


@pytest.mark.parametrize(("value", "status"), [(3000, 0), (2999, 1)])
def test_at_least_holds_the_value(value: float, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = Sheet("evaluator")
    sheet.figure("cases a second", value, "1/s", at_least=3000)
    assert sheet.status() == status
    assert ("NOT KEPT" in capsys.readouterr().out) == bool(status)


@pytest.mark.parametrize(("value", "status"), [(12.5, 0), (12.6, 1)])
def test_at_most_can_hold_the_ratio_to_the_yardstick(value: float, status: int) -> None:
    sheet = Sheet("vault")
    sheet.figure("copy and digests", value, "s", yardstick=("SM3 alone", 10), at_most=1.25, of="ratio")
    assert sheet.status() == status


def test_a_limit_of_the_ratio_without_a_yardstick_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a yardstick"):
        Sheet("vault").figure("copy", 1, "s", at_most=1.25, of="ratio")


def test_percentiles_are_samples_that_were_measured() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 3.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.95) == 4.0
    assert percentile([7.0], 0.95) == 7.0
