"""Calendar files that are refused: what is wrong is named with its code, its file and its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from liuhen.ground.calendar import Calendar
from liuhen.ground.calendar_sheet import FOLDER, LIMIT_BYTES, Sheet, read_sheet
from liuhen.ground.errors import Refused

GOOD = """\
year: 2027
complete: yes
sources:
  - title: 示例通知
    number: 示例〔2026〕1号
    date: 2026-11-10
holidays:
  - {zh: 元旦, en: New Year's Day, from: 2027-01-01, to: 2027-01-03}
  - {zh: 春节, en: Spring Festival, from: 2027-02-05, to: 2027-02-11}
made_up:
  - {day: 2027-01-09}
"""


def read(folder: Path, text: str | bytes) -> Sheet:
    path = folder / "示例.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_sheet(path, "示例.yaml")


def refused(folder: Path, text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refusal:
        read(folder, text)
    for finding in refusal.value.findings:
        for language in ("zh", "en"):
            assert "示例.yaml" in finding.sentence(language)
            assert finding.next_step(language)
    return [(finding.code, finding.place.removeprefix("示例.yaml")) for finding in refusal.value.findings]


def test_the_good_file_is_taken(tmp_path: Path) -> None:
    sheet = read(tmp_path, GOOD)
    assert (sheet.year, sheet.complete) == (2027, True)
    assert [holiday.name.zh for holiday in sheet.holidays] == ["元旦", "春节"]
    assert sheet.sources[0].as_json() == {"title": "示例通知", "number": "示例〔2026〕1号", "date": "2026-11-10"}


@pytest.mark.parametrize("path", sorted((FOLDER / "cn").glob("*.yaml")), ids=lambda path: path.stem)
def test_each_shipped_file_is_of_its_year_and_names_its_notice(path: Path) -> None:
    sheet = read_sheet(path)
    assert str(sheet.year) == path.stem
    assert sheet.complete
    assert str(sheet.year) in sheet.sources[0].title


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        pytest.param("year: 2027", "year: '2027'", "C-005", 1, id="a year that is text"),
        pytest.param("year: 2027", "year: 20270", "C-005", 1, id="a year out of reach"),
        pytest.param("complete: yes", "complete: ja", "C-005", 2, id="neither yes nor no"),
        pytest.param("title: 示例通知", "title: 12", "C-005", 4, id="a title that is a number"),
        pytest.param("title: 示例通知", "title: ' '", "C-005", 4, id="a blank title"),
        pytest.param("title: 示例通知", f"title: {'长' * 201}", "C-005", 4, id="a title too long"),
        pytest.param("title: 示例通知", 'title: "示\\e例"', "C-005", 4, id="a control character"),
        pytest.param("date: 2026-11-10", "date: 去年", "C-005", 6, id="a date in words"),
        pytest.param("from: 2027-01-01", "from: 20270101", "C-005", 8, id="a day written as a number"),
        pytest.param("from: 2027-01-01", "from: 2027-01-0x", "C-005", 8, id="a day with a letter"),
        pytest.param("  - {day: 2027-01-09}", "  - 2027-01-09", "C-005", 10, id="an entry that is no mapping"),
        pytest.param("made_up:\n  - {day: 2027-01-09}", "made_up: {day: 2027-01-09}", "C-005", 10, id="no list"),
        pytest.param(
            "made_up:\n  - {day: 2027-01-09}", "made_up: no", "C-005", 10, id="an answer where a list is asked"
        ),
        pytest.param("complete: yes", "complete: yes\ncolour: red", "C-006", 3, id="an unknown key"),
        pytest.param(
            "en: Spring Festival,", "en: Spring Festival, fr: x,", "C-006", 9, id="an unknown key of a holiday"
        ),
        pytest.param("complete: yes\n", "", "C-007", 1, id="a key left out"),
        pytest.param("en: Spring Festival, ", "", "C-007", 9, id="a name left out"),
        pytest.param("to: 2027-02-11", "to: 2027-02-30", "C-008", 9, id="30 February"),
        pytest.param("from: 2027-02-05", "from: 2027-02-29", "C-008", 9, id="29 February in a common year"),
        pytest.param("date: 2026-11-10", "date: 2026-13-10", "C-008", 6, id="month 13"),
        pytest.param("day: 2027-01-09", "day: 2028-01-08", "C-009", 11, id="a day of the year after"),
        pytest.param("day: 2027-01-09", "day: 2026-11-28", "C-009", 11, id="November of the year before"),
        pytest.param("to: 2027-02-11", "to: 2027-02-04", "C-010", 9, id="ends before it begins"),
        pytest.param("day: 2027-01-09", "day: 2027-02-06", "C-011", 11, id="off and made up"),
        pytest.param("from: 2027-02-05", "from: 2027-01-03", "C-012", 9, id="two holidays on one day"),
        pytest.param("{day: 2027-01-09}", "{day: 2027-01-09}\n  - {day: 2027-01-09}", "C-012", 12, id="made up twice"),
    ],
)
def test_one_thing_wrong_is_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    assert GOOD.count(old) == 1
    assert refused(tmp_path, GOOD.replace(old, new)) == [(code, f":{line}")]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        pytest.param("complete: yes", "complete: yes\ncomplete: yes", "Y-003", 3, id="a key twice"),
        pytest.param("complete: yes", "complete: &a yes", "Y-004", 2, id="an anchor"),
        pytest.param("sources:", "sources: ]", "Y-002", 3, id="no YAML"),
    ],
)
def test_what_is_wrong_as_yaml_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    with pytest.raises(Refused) as refusal:
        read(tmp_path, GOOD.replace(old, new))
    assert (refusal.value.finding.code, refusal.value.finding.fields["line"]) == (code, line)


def test_days_of_december_before_belong_to_the_year(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace("day: 2027-01-09", "day: 2026-12-05")).made_up[0].line == 11
    assert refused(tmp_path, GOOD.replace("day: 2027-01-09", "day: 2026-11-29")) == [("C-009", ":11")]


def test_a_complete_year_needs_a_holiday_and_single_days_do_not(tmp_path: Path) -> None:
    bare = "year: 2027\ncomplete: {}\nsources: [{{title: 示例通知}}]\n"
    assert refused(tmp_path, bare.format("yes")) == [("C-014", ":2")]
    assert read(tmp_path, bare.format("no")).holidays == ()


def test_a_file_must_name_a_notice(tmp_path: Path) -> None:
    assert refused(tmp_path, "year: 2027\ncomplete: no\nsources: []\n") == [("C-005", ":3")]


def test_everything_wrong_in_a_file_is_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("to: 2027-02-11", "to: 2027-02-30").replace("day: 2027-01-09", "day: 2027-01-02")
    assert refused(tmp_path, text) == [("C-008", ":9"), ("C-011", ":11")]


@pytest.mark.parametrize("text", ["", "# nothing\n", "2027\n", "[1, 2]\n", "null\n"])
def test_what_is_no_mapping_is_no_calendar(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text) == [("C-005", ":1")]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param(GOOD.encode("gbk"), 4, id="GBK"),
        pytest.param(GOOD.encode("utf-16"), 1, id="UTF-16"),
        pytest.param(GOOD.encode()[: GOOD.encode().index("春".encode()) + 1], 9, id="cut in the middle of a character"),
    ],
)
def test_another_encoding_is_refused_at_the_line_where_it_shows(tmp_path: Path, data: bytes, line: int) -> None:
    assert refused(tmp_path, data) == [("C-003", f":{line}")]


def test_a_byte_order_mark_changes_nothing(tmp_path: Path) -> None:
    """As in every other YAML of the product: a rulebook with one is read too."""
    plain, marked = tmp_path / "2027.yaml", tmp_path / "marked.yaml"
    plain.write_bytes(GOOD.encode())
    marked.write_bytes(GOOD.encode("utf-8-sig"))
    assert read_sheet(marked) == read_sheet(plain)


def test_a_huge_file_is_refused_and_one_at_the_limit_is_read(tmp_path: Path) -> None:
    padding = LIMIT_BYTES - len(GOOD.encode()) - 2
    assert read(tmp_path, GOOD + "#" + "x" * padding + "\n").year == 2027
    assert refused(tmp_path, GOOD + "#" + "x" * (padding + 1) + "\n") == [("C-002", "")]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_deeply_nested_file_is_refused_before_it_costs_anything(tmp_path: Path, opening: str) -> None:
    """Sixty kilobytes of brackets take the process down in the YAML composer, so it must not get to see them."""
    assert refused(tmp_path, opening * (60_000 // len(opening))) == [("C-004", ":1")]


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "示例.yaml", tmp_path / "a\0b.yaml", tmp_path):
        with pytest.raises(Refused) as refusal:
            read_sheet(path)
        assert refusal.value.finding.code == "C-001"


def test_a_made_up_day_that_is_worked_anyway_is_refused(tmp_path: Path) -> None:
    """Saturday 9 January 2027 can be made up, Monday the 11th is worked without a notice."""
    path = tmp_path / "示例.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert Calendar.load(path).is_made_up(date(2027, 1, 9).toordinal())
    path.write_text(GOOD.replace("2027-01-09", "2027-01-11"), encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        Calendar.load(path)
    assert (refusal.value.finding.code, refusal.value.finding.place) == ("C-013", f"{path}:11")


@pytest.mark.parametrize("zone", ["Asia/Atlantis", "../etc/passwd", "", "Asia/Shanghai\0", "Asia"])
def test_a_zone_that_is_not_known_is_refused(zone: str) -> None:
    with pytest.raises(Refused) as refusal:
        Calendar.load(zone=zone)
    assert refusal.value.finding.code == "C-015"
