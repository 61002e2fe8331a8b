"""Reading a dossier: what can't lie in a repository, and what is a fault only just."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import gettempdir

import pytest

from liuhen.dossier import read as reading
from liuhen.dossier import strict_json
from liuhen.dossier.dossier import InvalidDossier
from liuhen.dossier.read import read
from liuhen.ground.vocabulary import default
from tests.dossiers.make_bad import CERTIFICATE, CLOSED, CORRECTION, GOOD, OPENED, RECORDING, make

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PHOTO = "files/现场照片.png"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good dossier."""
    return Path(shutil.copytree(GOOD, tmp_path / "dossier"))


def rewrite(folder: Path, **records: object) -> list[dict[str, object]]:
    tree = json.loads((folder / "dossier.json").read_text(encoding="utf-8"))
    for key, change in records.items():
        change(tree["records"]) if key == "records" else change(tree)  # type: ignore[operator]
    (folder / "dossier.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    return tree["records"]


def codes(folder: Path, **how: object) -> set[str]:
    with pytest.raises(InvalidDossier) as refusal:
        read(folder, default(), now=NOW, **how)  # type: ignore[arg-type]
    return {f.code for f in refusal.value.findings}


def test_the_folder_and_its_dossier_json_are_the_same_dossier():
    assert read(GOOD, default()) == read(GOOD / "dossier.json", default())


def test_a_file_of_2_gb_is_refused_without_loading_it(tmp_path: Path):
    path = tmp_path / "dossier.json"
    with path.open("wb") as stream:
        stream.truncate(2 * 1024**3)  # takes no space on the disk
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert codes(tmp_path) == {"D-004"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_a_file_that_is_larger_than_it_says_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(strict_json, "LIMIT_BYTES", 10)
    with pytest.raises(InvalidDossier) as refusal:
        strict_json.parse(b'{"a": "bcde"}', "dossier.json")
    assert refusal.value.finding.code == "D-004"
    assert strict_json.parse(b'{"a": "b"}', "dossier.json") == {"a": "b"}


def test_many_small_values_are_refused_before_they_fill_the_memory(tmp_path: Path):
    (tmp_path / "dossier.json").write_bytes(b"[" + b"[]," * 1_000_000 + b"[]]")
    assert codes(tmp_path) == {"D-010"}


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "dossier.json")
    assert codes(tmp_path) == {"D-003"}


def test_a_folder_called_dossier_json_is_refused(tmp_path: Path):
    (tmp_path / "dossier.json").mkdir()
    assert codes(tmp_path) == {"D-003"}


def test_a_path_to_nowhere_is_refused(tmp_path: Path):
    assert codes(tmp_path / "nowhere") == {"D-001"}
    assert codes(GOOD / PHOTO) == {"D-001"}


def codes_as_nobody(folder: Path) -> list[str]:
    """What a process without rights finds; root may read everything, so a child gives its rights away."""
    incoming, outgoing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            os.write(outgoing, " ".join(sorted(codes(folder))).encode())
        finally:
            os._exit(0)
    os.close(outgoing)
    os.waitpid(child, 0)
    with os.fdopen(incoming, "rb") as stream:
        return stream.read().decode().split()


@pytest.mark.parametrize(("unreadable", "code"), [("dossier.json", "D-002"), (PHOTO, "D-026")])
def test_what_may_not_be_read_is_told(folder: Path, unreadable: str, code: str):
    above = [p for p in folder.parents if p.is_relative_to(gettempdir()) and p != Path(gettempdir())]
    for each in (folder, folder / "files", *above):
        each.chmod(0o755)
    (folder / unreadable).chmod(0)
    assert codes(GOOD / PHOTO)  # the sentences are read from disk before the rights are gone
    assert codes_as_nobody(folder) == [code]


@pytest.mark.parametrize("cut", range(1, (GOOD / "dossier.json").stat().st_size - 3, 7))
def test_a_dossier_cut_anywhere_is_cut_off(cut: int):
    data = (GOOD / "dossier.json").read_bytes()
    with pytest.raises(InvalidDossier) as refusal:
        strict_json.parse(data[:cut], "dossier.json")
    assert refusal.value.finding.code == "D-007"


def test_no_more_than_200_findings_are_listed(folder: Path):
    rewrite(folder, records=lambda records: records.extend({"id": str(i)} for i in range(300)))
    with pytest.raises(InvalidDossier) as refusal:
        read(folder, default(), now=NOW)
    assert len(refusal.value.findings) == reading.LIMIT_FINDINGS + 1
    assert refusal.value.findings[-1].code == "D-040"


def test_content_larger_than_a_megabyte_is_refused(folder: Path):
    rewrite(folder, records=lambda records: records[CLOSED]["content"].update(summary="示" * 400_000))
    assert codes(folder) == {"R-018"}


def test_a_record_may_be_done_at_the_very_moment_of_asking_and_no_later(folder: Path):
    done = NOW + timedelta(seconds=1)
    rewrite(folder, records=lambda records: records[CERTIFICATE].update(done_at=NOW.isoformat(), precision="second"))
    assert read(folder, default(), now=NOW)
    rewrite(folder, records=lambda records: records[CERTIFICATE].update(done_at=done.isoformat()))
    assert codes(folder) == {"D-036"}
    assert read(folder, default(), now=done)


def test_a_record_may_be_received_the_moment_it_was_done_and_no_earlier(folder: Path):
    rewrite(folder, records=lambda records: records[CLOSED].update(received_at=records[CLOSED]["done_at"]))
    assert read(folder, default(), now=NOW)
    rewrite(folder, records=lambda records: records[CLOSED].update(received_at="2026-03-20T08:59:59.999999+08:00"))
    assert codes(folder) == {"R-013"}


def test_the_same_record_twice_is_taken_once(folder: Path):
    rewrite(folder, records=lambda records: records.append(dict(records[CLOSED])))
    assert read(folder, default()) == read(GOOD, default())


def test_a_correction_gets_the_root_of_its_chain(folder: Path):
    again = {"id": "0197f000-0000-7000-8000-0000000000c1"}
    rewrite(folder, records=lambda r: r.append({**r[CORRECTION], **again, "corrects": r[CORRECTION]["id"]}))
    records = read(folder, default(), now=NOW).records
    assert {r.root for r in records if r.kind == "case.opened"} == {records[OPENED].id}
    assert [r.root for r in records if r.corrects is None] == [r.id for r in records if r.corrects is None]


def test_a_correction_that_was_withdrawn_may_be_made_again(folder: Path):
    make("D-031_corrected_twice", folder.parent / "twice")
    records = rewrite(
        folder.parent / "twice",
        records=lambda r: r.append(
            {
                "id": "0197f000-0000-7000-8000-0000000000c2",
                "kind": "record.withdrawn",
                "done_at": "2026-03-08T10:00:00+08:00",
                "links": {"withdraws": r[CORRECTION]["id"], "case": r[OPENED]["id"]},
                "content": {"reason": "示例"},
            }
        ),
    )
    assert len(read(folder.parent / "twice", default(), now=NOW).records) == len(records)


def test_a_link_behind_which_the_right_file_lies_is_refused_all_the_same(folder: Path):
    (folder / "files").rename(folder / "elsewhere")
    (folder / "files").symlink_to("elsewhere")
    assert codes(folder) == {"D-025"}


def test_files_are_left_alone_when_nobody_asks(folder: Path):
    (folder / PHOTO).unlink()
    assert codes(folder) == {"D-023"}
    assert read(folder, default(), files=False) == read(GOOD, default())


def test_two_files_of_one_name_lie_by_their_digest(folder: Path):
    other = b"\xff\xd8\xff another picture"
    digest = hashlib.sha256(other).hexdigest()

    def add(records: list[dict[str, object]]) -> None:
        file = {"sha256": digest, "bytes": len(other), "name": "Files/现场照片.png"}  # the same name to many a disk
        records[RECORDING]["files"].append(file)  # type: ignore[attr-defined]

    rewrite(folder, records=add)
    (folder / "by-sha256").mkdir()
    (folder / "by-sha256" / digest).write_bytes(other)
    assert codes(folder) == {"D-023"}
    photo = folder / PHOTO
    photo.rename(folder / "by-sha256" / hashlib.sha256(photo.read_bytes()).hexdigest())
    assert len(read(folder, default(), now=NOW).files) == 2


def test_times_are_brought_into_the_zone_of_the_bureau(folder: Path):
    rewrite(folder, records=lambda r: r[CERTIFICATE].update(done_at="2026-03-06T20:00:00Z", precision="second"))
    assert read(folder, default()).records[CERTIFICATE].done_at.isoformat() == "2026-03-07T04:00:00+08:00"
    rewrite(folder, tree=lambda tree: tree["bureau"].update(zone="Asia/Urumqi"))
    assert read(folder, default()).records[CERTIFICATE].done_at.isoformat() == "2026-03-07T02:00:00+06:00"
