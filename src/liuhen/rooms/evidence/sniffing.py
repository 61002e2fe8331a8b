"""What a file is (识别文件类型): told by its first bytes, never by its name or by what the sender says."""

from __future__ import annotations

from typing import Literal

HEAD_BYTES = 64
UNKNOWN = "application/octet-stream"
Shown = Literal["video", "audio", "image", "pdf", ""]

_EXACT: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
)
_QUICKTIME = b"qt  "


def media_type(head: bytes) -> str:
    """Return the media type that the first bytes tell, of the list that pages may show; else application/octet-stream.

    Nothing that a browser could run (HTML, SVG, XML) is on the list.
    """
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == _QUICKTIME else "video/mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    for at, mark, name in _EXACT:
        if head[at : at + len(mark)] == mark:
            return name
    return UNKNOWN


def shown_as(name: str) -> Shown:
    """Return how a page shows a media type: a player, a picture, a PDF in a page of its own, or only to be downloaded."""
    if name == "application/pdf":
        return "pdf"
    sort = name.partition("/")[0]
    return sort if sort in ("video", "audio", "image") else ""  # type: ignore[return-value]
