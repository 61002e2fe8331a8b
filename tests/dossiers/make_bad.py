"""Makes the bad dossiers from the good one: each is `good/` with the one change that is listed here.

    python -m tests.dossiers.make_bad        writes tests/dossiers/bad/ anew

A test holds the folders against this list, so that a bad dossier never differs from the good one in anything else.
What cannot lie in every copy of a repository (a link, a pipe, a file of 2 GB, a file nobody may read) is made when a test
asks for it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
GOOD = HERE / "good"
BAD = HERE / "bad"

OPENED, RECORDING, INGEST, CORRECTION, CERTIFICATE, CLOSED = range(6)
UNKNOWN = "0197f000-0000-7000-8000-00000000dead"
RecordChange = Callable[[list[dict[str, Any]]], object]


def _records(change: RecordChange) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        tree = json.loads((folder / "dossier.json").read_text(encoding="utf-8"))
        change(tree["records"])
        _write(folder, tree)

    return apply


def _envelope(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        tree = json.loads((folder / "dossier.json").read_text(encoding="utf-8"))
        change(tree)
        _write(folder, tree)

    return apply


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / "dossier.json"
        path.write_bytes(change(path.read_bytes()))

    return apply


def _instead(old: str, new: str) -> Callable[[Path], None]:
    def change(data: bytes) -> bytes:
        text = data.decode()
        assert text.count(old) == 1, old
        return text.replace(old, new).encode()

    return _bytes(change)


def _write(folder: Path, tree: object) -> None:
    (folder / "dossier.json").write_text(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _attached(folder: Path, body: bytes) -> None:
    """Put other bytes where the picture was, and state them truly."""
    (folder / "files/现场照片.png").write_bytes(body)
    stated = {
        "sha256": hashlib.sha256(body).hexdigest(),
        "sm3": hashlib.new("sm3", body).hexdigest(),
        "bytes": len(body),
    }
    _records(lambda r: r[RECORDING]["files"][0].update(stated))(folder)


def _link_file(folder: Path) -> None:
    (folder / "files/现场照片.png").rename(folder / "elsewhere.png")
    (folder / "files/现场照片.png").symlink_to("../elsewhere.png")


def _link_dossier(folder: Path) -> None:
    (folder / "dossier.json").rename(folder / "other.json")
    (folder / "dossier.json").symlink_to("other.json")


def _copy(records: list[dict[str, Any]], i: int, **other: object) -> dict[str, Any]:
    """A copy of a record with an id of its own, so that only `other` can be wrong with it."""
    return {**records[i], "id": "0197f000-0000-7000-8000-0000000000c0", **other}


CHANGES: dict[str, Callable[[Path], None]] = {
    # the file itself
    "D-001_no_dossier_json": lambda folder: (folder / "dossier.json").rename(folder / "case.json"),
    "D-005_empty": _bytes(lambda _: b""),
    "D-005_only_white_space": _bytes(lambda _: b" \n\n"),
    "D-006_gbk": _bytes(lambda data: data.decode().encode("gb18030")),
    "D-006_utf16": _bytes(lambda data: data.decode().encode("utf-16")),
    "D-006_utf16_without_mark": _bytes(lambda data: data.decode().encode("utf-16-le")),
    "D-006_utf32": _bytes(lambda data: data.decode().encode("utf-32")),
    "D-006_byte_order_mark": _bytes(lambda data: b"\xef\xbb\xbf" + data),
    "D-006_not_text": _bytes(lambda _: b"%PDF-1.7\n\xff\xd8\xff\x81\x00\x81"),
    "D-007_truncated": _bytes(lambda data: data[: len(data) // 2]),
    "D-008_comma_missing": _instead('"name": "示例市自然资源局（示例）",', '"name": "示例市自然资源局（示例）"'),
    "D-009_deeply_nested": _instead('"note": "示例"', '"note": ' + "[" * 5000 + "]" * 5000),
    "D-009_nested_in_a_record": _instead('"title": "示例案由"', '"title": ' + "[" * 40 + "]" * 40),
    "D-011_key_twice_in_the_envelope": _instead('"note": "示例"', '"note": "示例",\n "note": "另一说明"'),
    "D-011_key_twice_in_a_record": _instead('"title": "示例案由"', '"title": "示例案由", "title": "另一案由"'),
    "D-012_infinity": _instead('"title": "示例案由"', '"title": Infinity'),
    "D-012_not_a_number": _instead('"title": "示例案由"', '"title": NaN'),
    "D-012_fraction": _instead('"title": "示例案由"', '"title": 12.5'),
    "D-012_five_thousand_digits": _instead('"title": "示例案由"', f'"title": {"9" * 5000}'),
    # the envelope
    "D-013_a_list": _bytes(lambda _: b"[]\n"),
    "D-013_bureau_is_text": _envelope(lambda tree: tree.update(bureau="shili")),
    "D-013_records_is_an_object": _envelope(lambda tree: tree.update(records={})),
    "D-013_rulebook_is_a_path": _envelope(lambda tree: tree.update(rulebooks=["../bazhou"])),
    "D-014_no_bureau": _envelope(lambda tree: tree.pop("bureau")),
    "D-014_bureau_without_id": _envelope(lambda tree: tree["bureau"].pop("id")),
    "D-015_unknown_part": _envelope(lambda tree: tree.update(remark="示例")),
    "D-015_unknown_part_of_bureau": _envelope(lambda tree: tree["bureau"].update(level="county")),
    "D-016_later_format": _envelope(lambda tree: tree.update(dossier=2)),
    "C-015_unknown_zone": _envelope(lambda tree: tree["bureau"].update(zone="Asia/Bazhou")),
    "V-001_captures_unknown_kind": _envelope(lambda tree: tree.update(captures=["case.open"])),
    # a record by itself
    "R-001_record_is_text": _records(lambda r: r.append("记录")),  # type: ignore[arg-type]
    "R-002_no_done_at": _records(lambda r: r[CERTIFICATE].pop("done_at")),
    "R-003_unknown_part": _records(lambda r: r[CLOSED].update(colour="red")),
    "R-004_links_is_text": _records(lambda r: r[CLOSED].update(links="case")),
    "R-010_id_is_a_number": _records(lambda r: r[CLOSED].update(id="17")),
    "R-011_thirtieth_of_february": _records(lambda r: r[CLOSED].update(done_at="2026-02-30T09:00:00+08:00")),
    "R-011_hour_25": _records(lambda r: r[CLOSED].update(done_at="2026-03-20T25:00:00+08:00")),
    "R-012_naive_time": _records(lambda r: r[CLOSED].update(done_at="2026-03-20T09:00:00")),
    "R-013_done_after_it_was_received": _records(lambda r: r[CLOSED].update(received_at="2026-03-20T08:59:59+08:00")),
    "R-014_ends_before_it_begins": _records(lambda r: r[RECORDING].update(until="2026-03-06T09:00:00+08:00")),
    "R-015_digest_too_short": _records(lambda r: r[RECORDING]["files"][0].update(sha256="abc")),
    "R-016_negative_size": _records(lambda r: r[RECORDING]["files"][0].update(bytes=-1)),
    "R-017_corrects_itself": _records(lambda r: r[CORRECTION].update(corrects=r[CORRECTION]["id"])),
    # a record against its kind
    "V-001_unknown_kind": _records(lambda r: r[CLOSED].update(kind="case.close")),
    "V-002_later_version_of_a_kind": _records(lambda r: r[CLOSED].update(kind_version=99)),
    "V-003_unknown_field": _records(lambda r: r[CLOSED]["content"].update(colour="red")),
    "V-004_no_case_number": _records(lambda r: r[CERTIFICATE]["content"].pop("number")),
    "V-005_date_that_is_none": _records(lambda r: r[CERTIFICATE]["content"].update(valid_from="2026-13-01")),
    "V-006_not_in_the_list": _records(lambda r: r[CLOSED]["content"].update(reason="tired")),
    "V-007_unknown_link": _records(lambda r: r[CLOSED]["links"].update(friend=r[OPENED]["id"])),
    "V-008_without_its_case": _records(lambda r: r[CLOSED].pop("links")),
    "V-009_act_without_end": _records(lambda r: r[RECORDING].pop("until")),
    "V-010_unknown_role": _records(lambda r: r[CLOSED].update(by=[{"role": "king", "name": "示例甲"}])),
    "V-012_title_too_long": _records(lambda r: r[OPENED]["content"].update(case_number="示" * 101)),
    # records and files against each other
    "V-011_names_a_missing_record": _records(lambda r: r[INGEST]["links"].update(about=UNKNOWN)),
    "V-011_case_is_missing": _records(lambda r: r[CLOSED]["links"].update(case=UNKNOWN)),
    "V-013_case_is_a_recording": _records(lambda r: r[CLOSED]["links"].update(case=r[RECORDING]["id"])),
    "V-014_file_is_empty": lambda folder: _attached(folder, b""),
    "V-015_letter_named_as_a_picture": lambda folder: _attached(folder, "现场情况说明".encode()),
    "V-015_archive_named_as_a_picture": lambda folder: _attached(folder, b"PK\x05\x06" + bytes(18)),
    "V-016_program_named_as_a_picture": lambda folder: _attached(folder, b"MZ\x90\x00\x03\x00\x00\x00"),
    "V-017_picture_stated_as_a_film": _records(lambda r: r[RECORDING]["content"].update(media="video")),
    "D-020_one_id_two_contents": _records(lambda r: r.append({**r[CLOSED], "content": {"reason": "dropped"}})),
    "D-021_recording_digest_differs": lambda folder: (folder / "files/现场照片.png").write_bytes(
        bytes([*(folder / "files/现场照片.png").read_bytes()[:-1], 0])
    ),
    "D-021_sm3_differs": _records(lambda r: r[RECORDING]["files"][0].update(sm3="0" * 64)),
    "D-022_file_is_longer": lambda folder: (folder / "files/现场照片.png").write_bytes(
        (folder / "files/现场照片.png").read_bytes() + b"\0"
    ),
    "D-023_file_is_missing": lambda folder: (folder / "files/现场照片.png").rename(folder / "files/照片.png"),
    "D-024_path_climbs_out": _records(lambda r: r[RECORDING]["files"][0].update(name="../good/files/现场照片.png")),
    "D-024_path_is_absolute": _records(lambda r: r[RECORDING]["files"][0].update(name="/etc/hostname")),
    "D-024_path_with_a_drive": _records(lambda r: r[RECORDING]["files"][0].update(name="C:现场照片.png")),
    "D-024_file_is_the_dossier_itself": _records(lambda r: r[RECORDING]["files"][0].update(name="dossier.json")),
    "D-025_file_is_a_folder": _records(lambda r: r[RECORDING]["files"][0].update(name="files")),
    "D-030_corrects_a_missing_record": _records(lambda r: r[CORRECTION].update(corrects=UNKNOWN)),
    "D-031_corrected_twice": _records(lambda r: r.append(_copy(r, CORRECTION))),
    "D-032_corrections_in_a_circle": _records(lambda r: r[OPENED].update(corrects=r[CORRECTION]["id"])),
    "D-033_correction_of_another_kind": _records(lambda r: r.append(_copy(r, CLOSED, corrects=r[INGEST]["id"]))),
    "D-034_root_is_another": _records(lambda r: r[CORRECTION].update(root=r[CLOSED]["id"])),
    "D-035_record_of_another_bureau": _records(lambda r: r[CLOSED].update(bureau="other")),
    "D-036_in_the_future": _records(lambda r: r[CERTIFICATE].update(done_at="2199-01-05")),
}


# An archive or another file system turns a link into a small file, and the dossier would be bad in another way.
LINKS: dict[str, Callable[[Path], None]] = {
    "D-003_dossier_json_is_a_link": _link_dossier,
    "D-025_file_is_a_link": _link_file,
}


def make(name: str, target: Path) -> None:
    """Write the bad dossier `name` as the folder `target`."""
    shutil.copytree(GOOD, target)
    (CHANGES | LINKS)[name](target)


def main() -> None:
    """Write every bad dossier anew."""
    shutil.rmtree(BAD, ignore_errors=True)
    for name in CHANGES:
        make(name, BAD / name)


if __name__ == "__main__":
    main()
