"""Files that a record names: in the vault, and what the record says they are."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest

from liuhen.journal import vaulted
from liuhen.journal.door import preview
from liuhen.journal.models import FileRow, LeafRow, VaultRow
from liuhen.journal.outside import Outside
from liuhen.journal.refusing import NotTaken
from tests.office import Office, scan_in_vault


def codes(refused: pytest.ExceptionInfo[Any]) -> list[str]:
    return [f.code for f in refused.value.findings]


@pytest.fixture
def root(office: Office) -> str:
    return office.open_case()


@pytest.fixture
def paper(office: Office) -> dict[str, Any]:
    """A file in the vault, as a record names it."""
    return scan_in_vault(office, office.bureau.encode())


def transcript(office: Office, root: str, *files: dict[str, Any]) -> dict[str, Any]:
    return office.record(
        "meeting_minutes", links={"case": [root]}, by=[office.by("zhang", "enforcement_officer")], files=list(files)
    )


def test_a_file_that_is_there_is_taken_with_its_digests(office: Office, root: str, paper: dict[str, Any]) -> None:
    receipt = office.take(transcript(office, root, paper))
    (row,) = FileRow.objects.filter(record=receipt.id)
    assert (row.sha256, row.sm3, row.bytes, row.role, row.home) == (
        paper["sha256"],
        paper["sm3"],
        paper["bytes"],
        "scan",
        root,
    )
    assert LeafRow.objects.filter(sort="file", ref=f"{receipt.id}/0").count() == 1


def test_sm3_is_the_vaults_where_the_record_does_not_state_it(office: Office, root: str, paper: dict[str, Any]) -> None:
    stated = {k: v for k, v in paper.items() if k != "sm3"}
    receipt = office.take(transcript(office, root, stated))
    assert FileRow.objects.get(record=receipt.id).sm3 == paper["sm3"]
    assert office.take(transcript(office, root, stated) | {"id": receipt.id}).again


def test_a_file_that_the_vault_lacks_is_refused(office: Office, root: str, paper: dict[str, Any]) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(transcript(office, root, paper, {**paper, "sha256": "0" * 64}))
    assert [(f.code, f.place) for f in refused.value.findings] == [("G-012", "/files/1")]


@pytest.mark.parametrize(("part", "value"), [("bytes", 1), ("sm3", "0" * 64)])
def test_a_file_that_is_not_what_the_record_states_is_refused(
    office: Office, root: str, paper: dict[str, Any], part: str, value: object
) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(transcript(office, root, {**paper, part: value}))
    assert [(f.code, f.place) for f in refused.value.findings] == [("G-013", f"/files/0/{part}")]


def test_a_file_brought_into_the_vault_by_another_way_is_read_once(office: Office, root: str) -> None:
    body = b"%PDF-1.4 brought by hand " + office.bureau.encode()
    stored = vaulted.the_vault().put(io.BytesIO(body))
    assert not VaultRow.objects.filter(bureau=office.bureau, sha256=stored.sha256).exists()
    named = {"sha256": stored.sha256, "bytes": len(body), "name": "a.pdf"}
    receipt = office.take(transcript(office, root, named))
    assert FileRow.objects.get(record=receipt.id).sm3 == hashlib.new("sm3", body).hexdigest()
    assert VaultRow.objects.filter(bureau=office.bureau, sha256=stored.sha256).exists()


def test_a_file_that_left_the_vault_is_refused(office: Office, root: str, paper: dict[str, Any]) -> None:
    vaulted.the_vault().path(paper["sha256"]).unlink()
    with pytest.raises(NotTaken) as refused:
        office.take(transcript(office, root, paper))
    assert codes(refused) == ["G-012"]


def test_the_name_of_a_file_is_personal_and_its_digest_is_not(office: Office, root: str, paper: dict[str, Any]) -> None:
    from liuhen.journal.models import RecordRow

    receipt = office.take(transcript(office, root, paper))
    stored = bytes(RecordRow.objects.get(id=receipt.id).open).decode()
    assert paper["sha256"] in stored
    assert "笔录" not in stored


def stated(office: Office, body: bytes, name: str) -> dict[str, Any]:
    stored = vaulted.take_in(office.bureau, io.BytesIO(body))
    return {"sha256": stored.sha256, "bytes": stored.bytes, "name": name}


def recording(office: Office, root: str, medium: str, *files: dict[str, Any]) -> dict[str, Any]:
    made = office.record("recording.completed", until=office.now.isoformat(), links={"case": [root]}, files=list(files))
    return made | {"content": {"media": medium}, "by": [office.by("zhang", "enforcement_officer")]}


MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00"


@pytest.mark.parametrize(
    ("medium", "body", "name"),
    [
        ("video", MP4, "film.mp4"),
        ("video", MP4, "a film that was renamed.pdf"),
        ("video", b"RIFF\x24\x00\x00\x00AVI LIST", "film.avi"),
        ("audio", b"RIFF\x24\x00\x00\x00WAVEfmt ", "sound.wav"),
        ("audio", MP4, "a sound recorder's.mp4"),
        ("photo", b"\xff\xd8\xff\xe0\x00\x10JFIF", "photo.jpg"),
    ],
)
def test_a_recording_takes_what_can_be_its_medium(
    office: Office, root: str, medium: str, body: bytes, name: str
) -> None:
    assert office.take(recording(office, root, medium, stated(office, body, name))).home == root


@pytest.mark.parametrize(
    ("medium", "body", "code", "place"),
    [
        ("video", "现场检查情况".encode(), "V-015", "/files/0"),
        ("video", b"%PDF-1.4 paper", "V-015", "/files/0"),
        ("video", b"MZ\x90\x00\x03\x00", "V-016", "/files/0"),
        ("video", b"\xff\xd8\xff\xe0\x00\x10JFIF", "V-017", "/content/media"),
        ("photo", MP4, "V-017", "/content/media"),
    ],
)
def test_a_recording_refuses_what_can_not_be_one_and_stores_nothing(
    office: Office, root: str, medium: str, body: bytes, code: str, place: str
) -> None:
    made = recording(office, root, medium, stated(office, body, "film.mp4"))
    with pytest.raises(NotTaken) as refused:
        office.take(made)
    assert [(f.code, f.place) for f in refused.value.findings] == [(code, place)]
    assert not FileRow.objects.filter(record=made["id"]).exists()
    assert [f.code for f in preview(made, actor=office.who("zhang"), now=office.now).findings] == [code]


def test_the_refusal_names_the_file_what_it_is_and_what_is_taken(office: Office, root: str) -> None:
    with pytest.raises(NotTaken) as refused:
        office.take(transcript(office, root, stated(office, b"PK\x05\x06" + bytes(18), "笔录.pdf")))
    said = refused.value.finding
    assert said.sentence("zh") == "会议纪要：文件“笔录.pdf”的类型不符，其内容实为压缩包（zip）。"
    assert "PDF 文件、OFD 版式文件" in said.next_step("zh")


def test_a_kind_that_declares_no_files_takes_any_but_programs(office: Office, root: str) -> None:
    def ended(body: bytes) -> dict[str, Any]:
        made = office.record("investigation.ended", links={"case": [root]}, files=[stated(office, body, "x")])
        return made | {"by": [office.by("zhang", "enforcement_officer")]}

    assert office.take(ended(b"a letter")).home == root
    with pytest.raises(NotTaken) as refused:
        office.take(ended(b"\x7fELF\x02\x01\x01"))
    assert codes(refused) == ["V-016"]


def test_an_outside_act_is_held_to_what_its_file_is_as_well(office: Office, root: str) -> None:
    approval = office.record(
        "late_entry.approved",
        links={"case": [root]},
        content={
            "source": "scan",
            "reason": "纸质案卷补录",
            "entered_by": office.persons["clerk"],
            "until": "2023-12-31",
        },
        by=[office.by("head", "agency_head")],
    )
    said = Outside("scan", "纸质案卷补录", office.take(approval, "head").id)
    made = recording(office, root, "video", stated(office, b"a letter", "film.mp4"))
    made["entered_by"] = office.by("clerk", "clerk")
    with pytest.raises(NotTaken) as refused:
        office.take(made, "clerk", outside=said)
    assert codes(refused) == ["V-015"]


def test_an_empty_file_can_not_be_named(office: Office, root: str) -> None:
    empty = hashlib.sha256(b"").hexdigest()
    for size, expected in ((0, ["V-014"]), (1, ["G-012"])):
        with pytest.raises(NotTaken) as refused:
            office.take(transcript(office, root, {"sha256": empty, "bytes": size, "name": "a.pdf"}))
        assert codes(refused) == expected
