"""`liuhen ledger verify` as a court's clerk reads it: which case, which record, which file; and what was not looked at."""

from __future__ import annotations

import getpass
import io
import json
import re
from pathlib import Path

import pytest
from django.db import connection

from liuhen.faces.cli import main
from liuhen.faces.cli.ledger_findings import as_json, named
from liuhen.ground.findings import Finding
from liuhen.ground.words import Words
from liuhen.journal import folders, looks, sealing, vaulted
from liuhen.journal.concerned import Concerned, concerned
from liuhen.journal.models import BureauRow, FileRow, LeafRow, LookRow, LooksRow, RecordRow
from liuhen.journal.unprotected import lay_again
from tests.journal.test_sealing import tamper
from tests.office import Office

NUMBER = "示例罚〔2023〕17号"
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def office(lasting_office: Office) -> Office:
    """A case with a transcript and its file, a look at it, all sealed."""
    office = lasting_office
    root = office.open_case(NUMBER)
    stored = vaulted.take_in(office.bureau, io.BytesIO(b"%PDF-1.4 sample " + office.bureau.encode()))
    named = {"sha256": stored.sha256, "bytes": stored.bytes, "name": "会议纪要（签字）.pdf"}
    office.act(root, "meeting_minutes", "2023-03-06 08:00", files=[named])
    looks.looked(office.who("zhang"), "look case", home=root, now=office.now)
    looks.batch(office.bureau, office.instant)
    sealing.seal(office.bureau, office.instant)
    return office


@pytest.fixture
def minutes(office: Office) -> RecordRow:
    return RecordRow.objects.get(bureau=office.bureau, kind="meeting_minutes")


def verified(office: Office, capsys: Printed, *arguments: str, status: int = 1) -> str:
    assert main(["ledger", "verify", "--bureau", office.bureau, *arguments]) == status
    return capsys.readouterr().out


def test_without_files_the_first_line_says_that_they_were_not_verified(office: Office, capsys: Printed) -> None:
    first, second, *_ = verified(office, capsys, status=0).splitlines()
    assert first.endswith("；未核验文件")
    assert second.startswith("证据文件 1 个未核验")
    assert "files were not verified" in verified(office, capsys, "--lang", "en", status=0).splitlines()[0]
    first, second, *_ = verified(office, capsys, "--files", status=0).splitlines()
    assert "未核验" not in first
    assert second == "证据文件 1 个已重新读取"


def test_an_edited_row_is_named_by_case_kind_day_and_record(
    office: Office, minutes: RecordRow, capsys: Printed
) -> None:
    tamper("journal_record", f"UPDATE journal_record SET actor = 'x' WHERE seq = {minutes.seq}")
    said = verified(office, capsys)
    assert f"案件{NUMBER}的“会议纪要”（2023年3月6日，记录 {minutes.id}）：" in said
    assert f"case {NUMBER}, minutes (6 Mar 2023, record {minutes.id}): " in verified(office, capsys, "--lang", "en")
    [finding] = json.loads(verified(office, capsys, "--json"))["findings"]
    assert finding["concerned"] == {
        "sort": "record",
        "record": minutes.id,
        "number": NUMBER,
        "kind": {"zh": "会议纪要", "en": "minutes"},
        "day": "2023-03-06",
    }
    assert finding["fields"]["subject"] == f"record {minutes.id}"


def test_a_changed_file_is_told_by_its_number_and_record(office: Office, minutes: RecordRow, capsys: Printed) -> None:
    path = vaulted.the_vault().path(FileRow.objects.get(record=minutes.id).sha256)
    path.chmod(0o640)
    path.write_bytes(b"%PDF-1.4 other")
    verified(office, capsys, status=0)
    before = LookRow.objects.filter(bureau=office.bureau).count()
    said = verified(office, capsys, "--files")
    assert f"案件{NUMBER}的“会议纪要”的附件 1（2023年3月6日，记录 {minutes.id}）：" in said
    assert path.name in said
    [finding] = json.loads(verified(office, capsys, "--files", "--json"))["findings"]
    assert (finding["concerned"]["file"], finding["concerned"]["position"]) == ("", 0)
    assert LookRow.objects.filter(bureau=office.bureau).count() == before


def test_the_name_of_a_file_comes_on_request_and_is_a_look(office: Office, minutes: RecordRow, capsys: Printed) -> None:
    vaulted.the_vault().path(FileRow.objects.get(record=minutes.id).sha256).unlink()
    before = LookRow.objects.filter(bureau=office.bureau).count()
    said = verified(office, capsys, "--files", "--names")
    assert f"案件{NUMBER}的“会议纪要”的附件 1“会议纪要（签字）.pdf”（2023年3月6日，记录 {minutes.id}）：" in said
    [look] = LookRow.objects.filter(bureau=office.bureau).order_by("seq")[before:]
    assert (look.what, look.home, look.number) == ("look case", minutes.home, 1)
    assert json.loads(look.detail) == {"command": "ledger verify", "login": getpass.getuser()}


def test_asking_for_names_where_none_is_told_is_no_look(office: Office, capsys: Printed) -> None:
    before = LookRow.objects.filter(bureau=office.bureau).count()
    verified(office, capsys, "--files", "--names", status=0)
    assert LookRow.objects.filter(bureau=office.bureau).count() == before


def test_a_stretch_that_was_rewritten_names_the_records_in_it(office: Office, minutes: RecordRow) -> None:
    """Row, entry and tile rewritten alike: only the stretch is known, so whoever goes on is told whose records stand there."""
    place = LeafRow.objects.get(sort="record", ref=minutes.id).place
    assert place is not None
    opening = RecordRow.objects.get(bureau=office.bureau, kind="case.opened")
    first = LeafRow.objects.get(sort="record", ref=opening.id).place
    found = Finding("L-208", {"first": first, "last": place + 255})
    [about] = concerned(office.bureau, [found])
    assert about is not None
    assert about.records == (opening.id, minutes.id)
    assert as_json(found, about)["concerned"] == {
        "sort": "places",
        "first": first,
        "last": place + 255,
        "records": [opening.id, minutes.id],
    }
    told, beside = named(found, about)
    assert (told, beside) == (
        found,
        Words(
            f"此处共 2 条记录，被改写的在其中：{opening.id}、{minutes.id}",
            f"2 records stand there, and what was rewritten is among them: {opening.id}, {minutes.id}",
        ),
    )


def test_of_a_long_stretch_the_first_records_are_named_and_the_rest_counted(office: Office) -> None:
    about = Concerned("places", span=(0, 255), records=tuple(f"r{n}" for n in range(25)))
    said = named(Finding("L-208", {"first": 0, "last": 255}), about)[1]
    assert said is not None
    assert said.zh.endswith("、r19，另 5 条用 --json 列出")


def test_a_missing_row_is_named_by_what_still_names_it(office: Office, minutes: RecordRow, capsys: Printed) -> None:
    tamper("journal_record", f"DELETE FROM journal_record WHERE seq = {minutes.seq}")
    said = verified(office, capsys)
    assert f"案件{NUMBER}的一条记录（2023年3月6日登记，记录 {minutes.id}）：已经封存，数据行缺失" in said
    assert f"案件{NUMBER}的一条记录的附件 1（2023年3月6日登记，记录 {minutes.id}）：" in said


def test_a_missing_opening_is_named_by_the_list_of_cases(office: Office, capsys: Printed) -> None:
    opening = RecordRow.objects.get(bureau=office.bureau, kind="case.opened")
    tamper("journal_record", f"DELETE FROM journal_record WHERE seq = {opening.seq}")
    assert f"案件{NUMBER}的一条记录（2023年3月6日登记，记录 {opening.id}）" in verified(office, capsys)


def test_altered_looks_are_named_by_their_day(office: Office, capsys: Printed) -> None:
    row = LooksRow.objects.get(bureau=office.bureau)
    tamper("journal_look", f"UPDATE journal_look SET person = 'x' WHERE seq = {row.first}")
    assert f"2023年3月6日起的查阅留痕（第 {row.first} 至 {row.last} 次）：" in verified(office, capsys)


@pytest.mark.parametrize(
    "change",
    ["day = 99999999999", "kind = 'x.y'", "home = 'x'", "personal = salt", "open = salt", "done = 4611686018427387904"],
)
def test_whatever_a_row_was_made_to_say_the_finding_is_told(
    office: Office, minutes: RecordRow, change: str, capsys: Printed
) -> None:
    if connection.vendor == "postgresql" and "99999999999" in change:
        change = "day = 2147483647"
    tamper("journal_record", f"UPDATE journal_record SET {change} WHERE seq = {minutes.seq}")
    assert minutes.id in verified(office, capsys, "--files")


def test_a_dropped_trigger_is_told_by_table(office: Office, capsys: Printed) -> None:
    on = " ON journal_file" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "journal_file_no_delete"{on}')
    try:
        assert "数据库不再禁止删除附件表" in verified(office, capsys)
    finally:
        lay_again(connection)
    verified(office, capsys, status=0)


def test_the_chinese_output_has_no_english_words(office: Office, minutes: RecordRow, capsys: Printed) -> None:
    BureauRow.objects.filter(id=office.bureau).update(zh="示例局")
    path = vaulted.the_vault().path(FileRow.objects.get(record=minutes.id).sha256)
    path.unlink()
    tamper("journal_record", f"UPDATE journal_record SET salt = open WHERE seq = {minutes.seq}")
    leaf = LeafRow.objects.filter(bureau=office.bureau, sort="record").earliest("place")
    tamper("journal_leaf", f"DELETE FROM journal_leaf WHERE seq = {leaf.seq}")
    said = verified(office, capsys, "--files")
    codes = set(re.findall(r"^ {2}([A-Z]-\d{3})", said, re.MULTILINE))
    assert {"L-201", "L-202"} <= codes
    names = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|SHA-256 [0-9a-f]{64}|[A-Z]-\d{3}|\S+\.pdf|--files|liuhen"
    assert re.findall("[A-Za-z]+", re.sub(names, "", said)) == []


def test_a_checkpoint_that_is_none_ends_with_2_and_one_that_contradicts_with_1(
    office: Office, tmp_path: Path, capsys: Printed
) -> None:
    good = (folders.ledger(office.bureau) / "checkpoint").read_text(encoding="utf-8")

    def with_kept(text: str | bytes, status: int) -> str:
        file = tmp_path / "存证摘要.txt"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        call = ["ledger", "verify", "--bureau", office.bureau, "--checkpoint", str(file)]
        assert main(call) == status
        printed = capsys.readouterr()
        return printed.err if status == 2 else printed.out

    assert "另存的存证摘要：1 份可用" in with_kept(good, 0)
    for none in ("", "一段文字\n", "存证".encode("gbk"), b"\x00" * 5000, good.partition("\n\n")[0]):
        assert re.match(r"L-01[03]  .*存证摘要\.txt  ", with_kept(none, 2))
    assert with_kept(good.replace(f"liuhen/{office.bureau}\n", "liuhen/other\n", 1), 2).startswith("L-016")
    size = good.splitlines()[1]
    forged = with_kept(good.replace(f"\n{size}\n", f"\n{int(size) - 1}\n", 1), 1)
    assert "L-012  另存的存证摘要“" in forged
    assert "没有另存" not in forged


@pytest.mark.parametrize("what", ["a folder", "nothing"])
def test_a_checkpoint_that_can_not_be_read_ends_with_2(
    office: Office, what: str, tmp_path: Path, capsys: Printed
) -> None:
    file = tmp_path / what
    if what == "a folder":
        file.mkdir()
    assert main(["ledger", "verify", "--bureau", office.bureau, "--checkpoint", str(file)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("U-010  存证摘要文件")
    assert "Error" not in said
