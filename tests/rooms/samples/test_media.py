"""Sample clips and papers are what their names say: a browser can play the films and seek in them, the papers are PDFs."""

from __future__ import annotations

import io
import wave
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from liuhen.ground.vocabulary import default
from liuhen.rooms.samples.clips import Clip, made
from liuhen.rooms.samples.papers import layout, printed
from liuhen.rooms.samples.typefaces import NoTypeface, typeface
from tests.rooms.samples.conftest import DATA

TAKEN = datetime(2026, 3, 6, 1, 30, tzinfo=UTC)


def clip(sort: str = "video", seed: str = "示自然资罚立〔2026〕1号", seconds: int = 4) -> Clip:
    return Clip(sort, "yard", seed, TAKEN, "JY-05", seconds)


def test_a_film_is_h264_with_sound_and_can_be_sought_from_its_beginning() -> None:
    data = made(clip(), typeface(DATA))
    with av.open(io.BytesIO(data)) as film:
        sight, sound = film.streams.video[0], film.streams.audio[0]
        assert (sight.codec.name, sound.codec.name) == ("h264", "aac")
        assert sight.duration * sight.time_base == Fraction(4)
        assert film.metadata["creation_time"] == "2026-03-06T01:30:00.000000Z"
        assert film.metadata["comment"] == "示例数据"
        pictures = [frame.to_image() for frame in film.decode(video=0)]
    assert pictures[0].tobytes() != pictures[-1].tobytes()
    # The index stands before the pictures: a player need not fetch the end first.
    assert 0 < data.find(b"moov") < data.find(b"mdat")


def test_films_of_two_cases_differ_and_the_same_film_comes_out_the_same() -> None:
    one, again, other = (made(clip(seed=seed), typeface(DATA)) for seed in ("甲", "甲", "乙"))
    assert one == again
    assert one != other


def test_a_photograph_is_a_picture_and_a_voice_track_has_its_length() -> None:
    with Image.open(io.BytesIO(made(clip("photo"), typeface(DATA)))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1280, 720))
    with wave.open(io.BytesIO(made(clip("audio"), typeface(DATA)))) as track:
        assert track.getnframes() / track.getframerate() == 4


def test_a_paper_says_what_its_record_says_and_is_a_pdf() -> None:
    kind = default().kinds["decision_approval_record"]
    record = {
        "id": "01a18547-39c0-721f-9fad-06fcc4f0c35f",
        "content": {"signatory": "贺知秋", "signatory_opinion": "同意。", "draft_digest": "0" * 64},
        "signatures": [{"role": "decision_signatory", "name": "贺知秋", "signed_at": "2026-03-06T10:00:00+08:00"}],
    }
    sheet = layout(record, kind, default(), {}, {"bureau": "示例局", "number": "示〔2026〕1号", "matter": "甲"})
    assert sheet["title"] == "决定审签记录"
    assert sheet["lines"] == [["案号", "示〔2026〕1号"], ["案由", "甲"], ["审签人", "贺知秋"]]
    assert sheet["sections"] == [["审签人意见", ["同意。"]]]
    assert sheet["signatures"] == [["审签人", "贺知秋", "2026年3月6日"]]
    one, again = (printed(sheet, typeface(DATA), TAKEN) for _ in range(2))
    assert one.startswith(b"%PDF-")
    assert one == again


def test_without_a_chinese_typeface_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liuhen.rooms.samples.typefaces._DEBIAN", tmp_path)
    with pytest.raises(NoTypeface) as refused:
        typeface(tmp_path)
    assert refused.value.finding.code == "U-031"
