"""How a page shows a file (展示方式): what every browser plays or draws by itself; anything else is downloaded, as bytes."""

from __future__ import annotations

from typing import Literal

from liuhen.engines.media.sniffing import UNKNOWN

Shown = Literal["video", "audio", "image", "pdf", ""]

# Nothing that a browser could run (HTML, SVG, XML) is on the list, and nothing that it would guess about.
_SHOWN: dict[str, Shown] = {
    "application/pdf": "pdf",
    "image/jpeg": "image",
    "image/png": "image",
    "image/gif": "image",
    "image/bmp": "image",
    "image/webp": "image",
    "video/mp4": "video",
    "video/quicktime": "video",
    "video/webm": "video",
    "audio/mpeg": "audio",
    "audio/wav": "audio",
    "audio/mp4": "audio",
    "audio/aac": "audio",
    "audio/ogg": "audio",
    "audio/flac": "audio",
}


def shown_as(media_type: str) -> Shown:
    """Return how a page shows a media type: a player, a picture, a PDF in a page of its own, or only to be downloaded."""
    return _SHOWN.get(media_type, "")


def served_as(media_type: str) -> str:
    """Return the `Content-Type` under which a file is given out: its own where pages show it, else that of mere bytes."""
    return media_type if media_type in _SHOWN else UNKNOWN
