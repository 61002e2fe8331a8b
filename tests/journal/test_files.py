"""Files that a record names: in the vault, and what the record says they are."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest

from liuhen.journal import vaulted
from liuhen.journal.models import FileRow, LeafRow, VaultRow
from liuhen.journal.refusing import NotTaken
from tests.office import Office


def codes(refused: pytest.ExceptionInfo[Any]) -> list[str]:
    return [f.code for f in refused.value.findings]


@pytest.fixture
def root(office: Office) -> str:
    return office.open_case()


@pytest.fixture
def paper(office: Office) -> dict[str, Any]:
    """A file in the vault, as a record names it."""
    stored = vaulted.take_in(office.bureau, io.BytesIO(b"%PDF sample " + office.bureau.encode()))
    return {
        "sha256": stored.sha256,
        "sm3": stored.sm3,
        "bytes": stored.bytes,
        "name": "笔录（示例）.pdf",
        "role": "scan",
    }


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
    body = b"footage " + office.bureau.encode()
    stored = vaulted.the_vault().put(io.BytesIO(body))
    assert not VaultRow.objects.filter(bureau=office.bureau, sha256=stored.sha256).exists()
    named = {"sha256": stored.sha256, "bytes": len(body), "name": "a.bin"}
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
