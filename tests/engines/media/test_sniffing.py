"""What a file is, by what is in it: really encoded films and sounds, real papers, and what only bears their name."""

from __future__ import annotations

import io
import sys
import wave
import zipfile
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from liuhen.engines.media.sniffing import EXTENSIONS, HEAD_BYTES, UNKNOWN, media_type, type_in
from liuhen.ground.vocabulary import default

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMED = frozenset(default().terms["media"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def film(container: str, codec: str = "mpeg4", **options: str) -> bytes:
    """A film of five frames."""
    held = io.BytesIO()
    with av.open(held, "w", format=container, options=options) as out:
        stream = out.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for n in range(5):
            frame = av.VideoFrame.from_image(Image.new("RGB", (64, 48), (n * 40, 0, 0)))
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return held.getvalue()


def sound(container: str, codec: str) -> bytes:
    """A fifth of a second of silence."""
    held = io.BytesIO()
    with av.open(held, "w", format=container) as out:
        stream = out.add_stream(codec, rate=44100)
        stream.layout = "mono"
        for n in range(8):
            frame = av.AudioFrame(format="fltp", layout="mono", samples=1152)
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            frame.sample_rate, frame.pts = 44100, n * 1152
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return held.getvalue()


def picture(name: str) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(held, name)
    return held.getvalue()


def wav() -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\x00\x00" * 800)
    return held.getvalue()


def archive(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for name in names:
            out.writestr(name, "<xml/>")
    return held.getvalue()


REAL = {
    "film.mp4": (lambda: film("mp4"), "video/mp4"),
    "film-in-pieces.mp4": (lambda: film("mp4", movflags="frag_keyframe+empty_moov"), "video/mp4"),
    "film.mov": (lambda: film("mov"), "video/quicktime"),
    "film.avi": (lambda: film("avi"), "video/x-msvideo"),
    "film.ts": (lambda: film("mpegts", "mpeg2video"), "video/mp2t"),
    "film.mts": (lambda: film("mpegts", "mpeg2video", mpegts_m2ts_mode="1"), "video/mp2t"),
    "film.mpg": (lambda: film("mpeg", "mpeg1video"), "video/mpeg"),
    "film.mkv": (lambda: film("matroska"), "video/webm"),
    "film.3gp": (lambda: film("3gp"), "video/3gpp"),
    "film.wmv": (lambda: film("asf"), "video/x-ms-asf"),
    "film.flv": (lambda: film("flv", "flv1"), "video/x-flv"),
    "sound.wav": (wav, "audio/wav"),
    "sound.mp3": (lambda: sound("mp3", "libmp3lame"), "audio/mpeg"),
    "sound.aac": (lambda: sound("adts", "aac"), "audio/aac"),
    "sound.m4a": (lambda: sound("ipod", "aac"), "audio/mp4"),
    "picture.jpg": (lambda: picture("JPEG"), "image/jpeg"),
    "picture.png": (lambda: picture("PNG"), "image/png"),
    "picture.gif": (lambda: picture("GIF"), "image/gif"),
    "picture.bmp": (lambda: picture("BMP"), "image/bmp"),
    "picture.webp": (lambda: picture("WEBP"), "image/webp"),
    "picture.tif": (lambda: picture("TIFF"), "image/tiff"),
    "paper.pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "application/pdf"),
    "paper.docx": (lambda: archive("[Content_Types].xml", "_rels/.rels", "word/document.xml"), DOCX),
    "sheet.xlsx": (lambda: archive("[Content_Types].xml", "xl/workbook.xml"), XLSX),
    "paper.ofd": (lambda: archive("Doc_0/Document.xml", "OFD.xml"), "application/ofd"),
    "paper.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "application/x-ole-storage"),
    "archive.zip": (lambda: archive("OFD.xml.txt", "word/other.xml"), "application/zip"),
    "program of this machine": (lambda: Path(sys.executable).read_bytes()[:4096], "application/x-program"),
    "program.exe": (lambda: b"MZ\x90\x00\x03\x00\x00\x00" + bytes(100), "application/x-program"),
    "script.sh": (lambda: b"#!/bin/sh\nrm -rf x\n", "application/x-program"),
    "letter": (lambda: "关于送达的说明".encode(), "text/plain"),
    "letter in GBK": (lambda: "关于送达的说明".encode("gbk"), "text/plain"),
    "letter in UTF-16": (lambda: "关于送达的说明".encode("utf-16"), "text/plain"),
    "a letter that begins with MZ": (lambda: b"MZ Street 5, dear Sir", "text/plain"),
    "page": (lambda: b"<html><script>alert(1)</script>", "text/plain"),
    "drawing with a script": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "text/plain"),
    "nothing": (lambda: b"", UNKNOWN),
    "zeros": (lambda: bytes(5000), UNKNOWN),
}


@pytest.mark.parametrize("name", REAL)
def test_a_file_is_what_is_in_it(name: str) -> None:
    make, told = REAL[name]
    assert type_in(io.BytesIO(make())) == told


def test_a_long_letter_is_a_letter_wherever_its_first_bytes_are_cut() -> None:
    for shift in range(4):
        assert media_type(("a" * shift + "留痕" * 1000).encode()[:HEAD_BYTES]) == "text/plain"


def test_an_archive_is_told_by_its_list_and_not_by_what_stands_in_it() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as out:
        out.writestr("a.txt", "OFD.xml word/document.xml")
    assert type_in(held) == "application/zip"


@pytest.mark.parametrize("cut", [1, 21, 30, 90])
def test_an_archive_that_was_cut_off_is_an_archive_and_no_paper(cut: int) -> None:
    whole = archive("OFD.xml")
    assert type_in(io.BytesIO(whole)) == "application/ofd"
    assert type_in(io.BytesIO(whole[:-cut])) == "application/zip"


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02", b"\xff\xfb"]))
def test_no_bytes_make_it_fail(tail: bytes, head: bytes) -> None:
    assert type_in(io.BytesIO(head + tail)) in NAMED


def test_every_type_bears_names_and_every_ending_belongs_to_one() -> None:
    assert {told for _, told in REAL.values()} <= NAMED
    assert set(EXTENSIONS) <= NAMED
