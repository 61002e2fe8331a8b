"""A log that can't be read is refused with a code and its place, and nothing of it is judged; memory stays bounded."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from liuhen.dossier.logs import csv_rows, events, making, opened, xes
from liuhen.dossier.logs.events import InvalidLog
from tests.dossier.logs.trial import (
    GOOD,
    HEADER,
    MAP,
    codes,
    csv_file,
    event,
    judged,
    mapping,
    read,
    trace,
    xes_file,
)  # fmt: skip

BEFORE = event(activity="Create", time="2025-03-03T09:00:00+08:00", amount="200", article="157", sort="A")
BOMB = '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def refused(path: Path, folder: Path, text: str = MAP) -> InvalidLog:
    with pytest.raises(InvalidLog) as caught:
        judged(path, mapping(folder, text))
    return caught.value


def test_a_good_log_is_refused_for_nothing(tmp_path: Path):
    report = judged(csv_file(tmp_path, *GOOD), mapping(tmp_path))
    assert report.seen.cases == 2
    assert report.seen.findings == []
    assert judged(xes_file(tmp_path, trace("F1", BEFORE)), mapping(tmp_path)).seen.cases == 1


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE, "<!DOCTYPE log>"], ids=["bomb", "external", "empty"])
def test_a_doctype_is_refused_before_anything_in_it_is_read(tmp_path: Path, declared: str):
    path = xes_file(tmp_path, trace("&a;", BEFORE), '<?xml version="1.0"?>\n' + declared)
    said = refused(path, tmp_path)
    assert said.finding.code == "E-005"
    assert said.finding.place == f"{path}:2"


def test_xml_that_is_cut_short_is_refused_with_its_line(tmp_path: Path):
    path = xes_file(tmp_path, trace("F1", BEFORE) + trace("F2", BEFORE))
    path.write_bytes(path.read_bytes()[:-40])
    said = refused(path, tmp_path)
    assert said.finding.code == "E-004"
    assert said.finding.place.startswith(f"{path}:")


@pytest.mark.parametrize("named", ["x-nobody-knows", "rot13"])
def test_an_encoding_that_nobody_knows_is_refused(tmp_path: Path, named: str):
    path = xes_file(tmp_path, trace("F1", BEFORE), f'<?xml version="1.0" encoding="{named}"?>')
    assert refused(path, tmp_path).finding.code == "E-004"


def test_xes_in_gb18030_is_read_as_it_declares(tmp_path: Path):
    path = xes_file(tmp_path, trace("案一", BEFORE), '<?xml version="1.0" encoding="GB18030"?>')
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert list(read(path, mapping(tmp_path))[1]) == ["案一"]
    path.write_bytes(path.read_bytes()[:120] + b"\xff\xff" + path.read_bytes()[120:])
    assert refused(path, tmp_path).finding.code == "E-010"


def test_xes_in_utf_16_is_read_by_its_mark(tmp_path: Path):
    path = xes_file(tmp_path, trace("案一", BEFORE), '<?xml version="1.0" encoding="UTF-16"?>')
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert list(read(path, mapping(tmp_path))[1]) == ["案一"]


def test_a_document_that_is_no_log_is_refused(tmp_path: Path):
    path = tmp_path / "page.xes"
    path.write_text("<html><trace/></html>")
    said = refused(path, tmp_path)
    assert (said.finding.code, said.finding.fields["element"]) == ("E-008", "html")


def test_elements_are_refused_only_beyond_the_depth_that_is_allowed(tmp_path: Path):
    def nested(depth: int) -> Path:
        inside = xes.DEEPEST - 4 if depth == xes.DEEPEST else depth - 4
        deep = '<list key="k">' * inside + "</list>" * inside
        return xes_file(tmp_path, trace("F1", BEFORE.replace("</event>", f'<list key="x">{deep}</list></event>')))

    assert judged(nested(xes.DEEPEST), mapping(tmp_path)).seen.cases == 1
    assert refused(nested(xes.DEEPEST + 1), tmp_path).finding.code == "E-015"


def test_one_attribute_of_many_megabytes_is_refused_while_it_is_read(tmp_path: Path):
    path = xes_file(tmp_path, trace("F1", event(activity="x" * (xes.LARGEST + 200_000))))
    assert refused(path, tmp_path).finding.code == "E-009"


# -- compressed ------------------------------------------------------------------------------------------------------------


def test_a_compressed_log_says_the_same_as_a_plain_one(tmp_path: Path):
    plain = xes_file(tmp_path, trace("F1", BEFORE))
    packed = tmp_path / "log.xes.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    log = mapping(tmp_path)
    assert read(packed, log)[1] == read(plain, log)[1]
    table = csv_file(tmp_path, *GOOD)
    squeezed = tmp_path / "log.csv.gz"
    squeezed.write_bytes(gzip.compress(table.read_bytes()))
    assert read(squeezed, log)[1] == read(table, log)[1]


def test_a_compressed_log_that_is_cut_short_is_refused(tmp_path: Path):
    packed = tmp_path / "log.xes.gz"
    packed.write_bytes(gzip.compress(xes_file(tmp_path, trace("F1", BEFORE)).read_bytes())[:-12])
    assert refused(packed, tmp_path).finding.code == "E-007"


def test_a_compressed_log_that_unpacks_to_far_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = xes_file(tmp_path, "<!--" + " " * 3_000_000 + "-->" + trace("F1", BEFORE))
    packed = tmp_path / "log.xes.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    log = mapping(tmp_path)
    assert judged(packed, log).seen.cases == 1  # below 64 MB nothing is asked
    monkeypatch.setattr(opened, "FREE", 1_000_000)
    said = refused(packed, tmp_path)
    assert said.finding.code == "E-006"
    monkeypatch.setattr(opened, "RATIO", 2_000)
    assert judged(packed, log).seen.cases == 1


# -- CSV -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_found_out_and_said(tmp_path: Path, encoding: str, found: str):
    text = MAP.replace("Create:", "开具:")
    path = csv_file(tmp_path, GOOD[0].replace("Create", "开具"), encoding=encoding)
    seen, records = read(path, mapping(tmp_path, text))
    assert list(records) == ["F1"]
    assert seen.written is not None
    assert (seen.written.encoding, seen.written.found) == (found, True)


def test_an_encoding_that_is_declared_is_used_and_one_that_does_not_fit_refused(tmp_path: Path):
    path = csv_file(tmp_path, GOOD[0].replace("F1", "案"), encoding="gbk")
    seen, records = read(path, mapping(tmp_path, MAP + "csv: {encoding: GBK}\n"))
    assert list(records) == ["案"]
    assert seen.written is not None
    assert not seen.written.found
    said = refused(path, tmp_path, MAP + "csv: {encoding: utf-8}\n")
    assert (said.finding.code, said.finding.fields["byte"]) == ("E-010", len(HEADER) + 2)
    path.write_bytes(b"case\xff\xff\xff,activity\n")
    assert refused(path, tmp_path).finding.code == "E-010"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"], ids=["semicolon", "tab", "bar"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str):
    path = csv_file(tmp_path, GOOD[0].replace(",", delimiter), header=HEADER.replace(",", delimiter))
    seen, records = read(path, mapping(tmp_path))
    assert list(records) == ["F1"]
    assert seen.written is not None
    assert seen.written.delimiter == delimiter


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        ([GOOD[0], "F3,Pay,2025\x00-03-04,,,,"], "E-011", 3),
        ([GOOD[0], '"F3" x,Pay,2025-03-04,,,,'], "E-012", 3),
        ([GOOD[0], '"F3,Pay,2025-03-04,,,,', GOOD[1]], "E-012", 3),
        ([GOOD[0], "F3," + "x" * 1_000_001], "E-009", 3),
        ([GOOD[0], '"' + "x\r\n" * 500_000], "E-009", 3),
    ],
    ids=["nul", "quote inside", "quote never closed", "a line too long", "a value over many lines"],
)
def test_what_is_no_csv_is_refused_with_its_line(tmp_path: Path, lines: list[str], code: str, line: int):
    path = csv_file(tmp_path, *lines)
    said = refused(path, tmp_path)
    assert (said.finding.code, said.finding.place) == (code, f"{path}:{line}")


def test_headers_that_are_missing_or_there_twice_are_refused(tmp_path: Path):
    twice = csv_file(tmp_path, header=HEADER.replace("who", "case"))
    assert refused(twice, tmp_path).finding.code == "E-014"
    without = csv_file(tmp_path, header=HEADER.replace("time", "when"))
    said = refused(without, tmp_path)
    assert (said.finding.code, said.finding.fields["column"]) == ("E-013", "time")


@pytest.mark.parametrize(
    "content", [b"", b"  \n\n", b"PK\x03\x04zip", b"%PDF-1.7"], ids=["empty", "blank", "zip", "pdf"]
)
def test_a_file_that_is_neither_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    assert refused(path, tmp_path).finding.code == "E-003"


def test_a_header_of_a_hundred_thousand_columns_is_looked_at_once(tmp_path: Path):
    header = HEADER + "," + ",".join(f"{n:x}" for n in range(150_000))
    assert judged(csv_file(tmp_path, GOOD[0] + "," * 150_000, header=header), mapping(tmp_path)).seen.cases == 1


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path):
    path = csv_file(tmp_path, GOOD[0].replace("F1", "案"))
    with pytest.raises(InvalidLog) as caught:
        list(csv_rows.traces(path, csv_rows.Written("ascii", ",", False), ["case"], "case"))
    assert caught.value.finding.code == "E-010"


def test_a_csv_without_a_header_line_is_refused(tmp_path: Path):
    path = tmp_path / "log.csv"
    path.write_bytes(b"\n" + GOOD[0].encode())
    assert refused(path, tmp_path).finding.code == "E-003"


def test_a_log_that_is_not_there_or_is_no_file_is_refused(tmp_path: Path):
    assert refused(tmp_path / "none.xes", tmp_path).finding.code == "E-001"
    assert refused(tmp_path, tmp_path).finding.code == "E-001"
    os.mkfifo(tmp_path / "pipe.csv")
    assert refused(tmp_path / "pipe.csv", tmp_path).finding.code == "E-001"


# -- a million events ------------------------------------------------------------------------------------------------------


def test_a_case_is_set_aside_only_beyond_the_number_of_events_that_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for module in (events, making, xes, csv_rows):
        monkeypatch.setattr(module, "MOST_EVENTS", 3)
    log = mapping(tmp_path)
    for count, expected in ((3, []), (4, ["E-035"])):
        lines = [GOOD[0]] * count
        for path in (
            csv_file(tmp_path, *lines, GOOD[2]),
            xes_file(tmp_path, trace("F1", *[BEFORE] * count) + trace("F2", BEFORE)),
        ):
            seen, records = read(path, log)
            assert codes(seen) == expected
            assert "F2" in records
            assert ("F1" in records) == (not expected)
            assert seen.aside == len(expected)


@pytest.mark.parametrize(("sort", "lots"), [("xes", 100), ("csv", 30)], ids=["a million in XES", "300,000 in CSV"])
def test_far_too_many_events_in_one_case_take_bounded_memory_and_give_a_finding(tmp_path: Path, sort: str, lots: int):
    """In a process of its own: what it takes more than before it began is measured."""
    path = tmp_path / f"log.{sort}"
    with path.open("w", encoding="utf-8") as out:
        if sort == "xes":
            out.write('<log xes.version="1849.2016"><trace><string key="case" value="F1"/>')
            for _ in range(lots):
                out.write('<event><string key="activity" value="Pay"/></event>\n' * 10_000)
            out.write("</trace>" + trace("F2", BEFORE) + "</log>")
        else:
            out.write(HEADER + "\n" + GOOD[2] + "\n")
            for _ in range(lots):
                out.write("F1,Pay,,,,,\n" * 10_000)
    mapping(tmp_path)
    program = (
        "import sys; from pathlib import Path; from bench.logs import peak;"
        "from tests.dossier.logs.trial import codes, mapping, read;"
        "log = mapping(Path(sys.argv[2]));"
        "before = peak();"
        "seen, records = read(Path(sys.argv[1]), log);"
        "print(codes(seen), sorted(records), seen.findings[0].finding.fields['events'],"
        " peak() - before)"
    )
    run = [sys.executable, "-c", program, str(path), str(tmp_path)]
    said = subprocess.run(run, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    found, grown = said.stdout.rsplit(maxsplit=1)
    assert found == f"['E-035'] ['F2'] {lots * 10_000}"
    assert int(grown) < 200_000  # kB
