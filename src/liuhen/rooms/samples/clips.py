"""Sample recordings, really encoded (示例音像): short H.264 films with a tone, photographs, a voice track that says nothing.

A film is cut off after some seconds, and says so: the record that names it claims the whole length, as an office's would. It
begins with its index (faststart), so that a browser can seek, and carries the moment at which it would have been taken.
"""

from __future__ import annotations

import io
import math
import struct
import wave
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import NamedTemporaryFile

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from liuhen.rooms.samples import pictures

RATE = 6
_SOUND = 16_000
_VOICE = 8_000
# In samples: a frame of sound, and one wave of its tone (250 Hz).
_FRAME = 1024
_WAVE = 64


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording to be made (待制作音像): `seed` makes it unlike all others; `taken` is when it would have been taken."""

    sort: str
    scene: str
    seed: str
    taken: datetime
    device: str
    seconds: int

    @property
    def media_type(self) -> str:
        """Its media type."""
        return {"video": "video/mp4", "photo": "image/jpeg", "audio": "audio/wav"}[self.sort]

    @property
    def suffix(self) -> str:
        """How its file's name ends."""
        return {"video": "mp4", "photo": "jpg", "audio": "wav"}[self.sort]


def made(clip: Clip, typeface: Path) -> bytes:
    """Return the bytes of a recording. Cost: a film takes some 40 ms of one core a second of its length."""
    if clip.sort == "photo":
        return _photo(clip, typeface)
    return _voice(clip) if clip.sort == "audio" else _film(clip, typeface)


def _lines(clip: Clip, at: datetime) -> tuple[str, ...]:
    return (
        f"示例数据 · {clip.device} · 节选 {clip.seconds} 秒" if clip.sort == "video" else f"示例数据 · {clip.device}",
        clip.seed,
        f"{at:%Y-%m-%d %H:%M:%S}",
    )


def _photo(clip: Clip, typeface: Path) -> bytes:
    still = pictures.scene(clip.scene, clip.seed, pictures.PHOTO)
    out = io.BytesIO()
    pictures.shot(still, pictures.caption(typeface, _lines(clip, clip.taken), pictures.PHOTO)).save(
        out, "JPEG", quality=80
    )
    return out.getvalue()


def _film(clip: Clip, typeface: Path) -> bytes:
    still = pictures.scene(clip.scene, clip.seed)
    # The index can be put in front only where the muxer can read again what it has written: a file with a name.
    with NamedTemporaryFile(suffix=".mp4") as out, av.open(out.name, "w", options={"movflags": "+faststart"}) as film:
        film.metadata["creation_time"] = f"{clip.taken.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000000Z}"
        film.metadata["comment"] = "示例数据"
        sight = film.add_stream("libx264", rate=RATE, options={"preset": "superfast", "crf": "30", "g": str(RATE * 2)})
        sight.width, sight.height = pictures.SIZE
        sight.pix_fmt = "yuv420p"
        sound = film.add_stream("aac", rate=_SOUND, layout="mono")
        sound.bit_rate = 32_000
        for n in range(clip.seconds * RATE):
            if n % RATE == 0:
                burnt_in = pictures.caption(typeface, _lines(clip, clip.taken + timedelta(seconds=n // RATE)))
            frame = VideoFrame.from_image(pictures.shot(still, burnt_in, math.sin(n / 5)))
            frame.pts, frame.time_base = n, Fraction(1, RATE)
            film.mux(sight.encode(frame))
        film.mux(sight.encode(None))
        for frame in _tone(clip.seconds):
            film.mux(sound.encode(frame))
        film.mux(sound.encode(None))
        film.close()
        return Path(out.name).read_bytes()


def _tone(seconds: int) -> list[AudioFrame]:
    # One frame holds a whole number of waves, so that every frame is the same.
    wave_of = [math.sin(2 * math.pi * n / _WAVE) * 0.05 for n in range(_WAVE)]
    sounding = struct.pack(f"<{_FRAME}f", *(wave_of * (_FRAME // _WAVE)))
    frames = []
    for start in range(0, seconds * _SOUND, _FRAME):
        frame = AudioFrame(format="fltp", layout="mono", samples=_FRAME)
        frame.planes[0].update(sounding)
        frame.rate, frame.pts, frame.time_base = _SOUND, start, Fraction(1, _SOUND)
        frames.append(frame)
    return frames


def _voice(clip: Clip) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as track:
        track.setnchannels(1)
        track.setsampwidth(2)
        track.setframerate(_VOICE)
        samples = (int(math.sin(n / 5) * 2000 * (1 + math.sin(n / 900))) for n in range(clip.seconds * _VOICE))
        track.writeframes(b"".join(struct.pack("<h", s) for s in samples))
    return out.getvalue()
