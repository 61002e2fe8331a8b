"""What a file is (识别文件类型): told by what is in it, never by its name or by what the sender says.

A guard against the wrong file, not against a forger: who takes the trouble can write any first bytes. Every type stands
with its names in the vocabulary's terms, table `media`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO

HEAD_BYTES = 1024
UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
ZIP = "application/zip"
PROGRAM = "application/x-program"

EXTENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "application/pdf": (".pdf",),
        "application/ofd": (".ofd",),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
        "application/x-ole-storage": (".doc", ".wps"),
        "video/mp4": (".mp4", ".m4v"),
        "video/quicktime": (".mov",),
        "video/x-msvideo": (".avi",),
        "video/mp2t": (".ts", ".mts", ".m2ts"),
        "video/mpeg": (".mpg", ".mpeg"),
        "video/webm": (".webm", ".mkv"),
        "video/3gpp": (".3gp",),
        "video/x-ms-asf": (".wmv", ".wma"),
        "video/x-recorder": (".dav",),
        "audio/mpeg": (".mp3",),
        "audio/wav": (".wav",),
        "audio/mp4": (".m4a",),
        "audio/aac": (".aac",),
        "audio/amr": (".amr",),
        "audio/ogg": (".ogg",),
    }
)
"""Endings by which a file chooser finds what browsers have no name for; nothing is told by them."""

_EXACT: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"FLV\x01", "video/x-flv"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"IMKH", "video/x-recorder"),
    (b"DHAV", "video/x-recorder"),
    (b"\x7fELF", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"#!", PROGRAM),
)
_RIFF = {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo", b"WEBP": "image/webp"}
_BRANDS = {
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
}
# Cameras of before 2001, and films cut off before they were finished, begin with one of these instead of `ftyp`.
_QUICKTIME_PARTS = frozenset((b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"))
# Audio frames without a header before them: the layer's bits, then a bit rate and a sampling rate that exist.
_MPEG_AUDIO = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]", re.DOTALL)
_AAC = re.compile(rb"\xff[\xf0\xf1\xf8\xf9][\x40-\x7f]", re.DOTALL)
# Packets of 188 bytes, on cards of camcorders each behind a time stamp of 4.
_PACKETS = ((0, 188), (4, 192))
_SYNC = 0x47
_INSIDE: tuple[tuple[str, str], ...] = (
    ("OFD.xml", "application/ofd"),
    ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
_END, _END_BYTES, _LISTED, _LISTED_BYTES = b"PK\x05\x06", 22, b"PK\x01\x02", 46
_MOST_LISTED_BYTES = 1 << 20


def type_in(stream: BinaryIO) -> str:
    """Return the media type of what `stream` holds (文件实际类型); `UNKNOWN` where nothing tells it.

    `stream` can be sought in; at most its first KiB and, of an archive, the list at its end (1 MiB) are read.
    """
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    told = media_type(head)
    if told == ZIP:
        names = frozenset(_listed_in(stream))
        return next((found for name, found in _INSIDE if name in names), ZIP)
    return told


def media_type(head: bytes) -> str:
    """Return the media type that the first bytes tell, of which 1 KiB is enough; an archive is told as one."""
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12]) or ("video/3gpp" if head[8:10] == b"3g" else "video/mp4")
    if head[:4] in (b"RIFF", b"RF64"):
        return _RIFF.get(head[8:12], UNKNOWN)
    for mark, name in _EXACT:
        if head.startswith(mark):
            return name
    # A letter may begin with these two as well; a program has zeros after them.
    if head[:2] == b"MZ" and b"\x00" in head:
        return PROGRAM
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return "image/bmp"
    if _MPEG_AUDIO.match(head) and head[2] & 0x0C != 0x0C:
        return "audio/mpeg"
    if _AAC.match(head):
        return "audio/aac"
    if head[4:8] in _QUICKTIME_PARTS:
        return "video/quicktime"
    for first, length in _PACKETS:
        if len(head) > first + 2 * length and all(head[first + n * length] == _SYNC for n in range(3)):
            return "video/mp2t"
    return TEXT if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if not head or any(byte < 32 and byte not in b"\t\n\f\r\x1b" for byte in head):
        return False
    # The last character may be cut in two.
    return any(_decodes(head[: len(head) - cut], name) for name in ("utf-8", "gb18030") for cut in range(4))


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        return bool(data.decode(encoding))
    except UnicodeDecodeError:
        return False


def _listed_in(stream: BinaryIO) -> Iterator[str]:
    """Yield the names that an archive lists at its end; none where the list can't be found or is longer than such a paper's."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 0xFFFF - _END_BYTES))
    tail = stream.read(0xFFFF + _END_BYTES)
    at = tail.rfind(_END)
    end = tail[at : at + _END_BYTES]
    if at < 0 or len(end) < _END_BYTES:
        return
    length, first = (int.from_bytes(end[n : n + 4], "little") for n in (12, 16))
    if length > _MOST_LISTED_BYTES or first + length > size:
        return
    stream.seek(first)
    data, at = stream.read(length), 0
    while data[at : at + 4] == _LISTED and at + _LISTED_BYTES <= len(data):
        name, extra, comment = (int.from_bytes(data[at + n : at + n + 2], "little") for n in (28, 30, 32))
        yield data[at + _LISTED_BYTES : at + _LISTED_BYTES + name].decode("utf-8", "replace")
        at += _LISTED_BYTES + name + extra + comment
