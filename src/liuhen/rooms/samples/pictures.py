"""Pictures of invented scenes (示例画面): what the sample clips and photographs show, drawn and not filmed.

A scene is a sky, a ground and a few shapes whose places follow from the clip's own seed, so that no two cases look alike. Each
picture says 示例 in large letters, and when and by which device it would have been taken.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 360)
PHOTO = (1280, 720)
_Draw = ImageDraw.ImageDraw
_Colour = tuple[int, int, int]
_INK: _Colour = (245, 245, 240)
# sky, far, ground
_SCENES: dict[str, tuple[_Colour, _Colour, _Colour]] = {
    "yard": ((168, 186, 200), (120, 126, 122), (150, 142, 128)),
    "factory": ((176, 188, 198), (132, 138, 146), (128, 124, 116)),
    "warehouse": ((186, 196, 204), (140, 130, 120), (120, 118, 114)),
    "fields": ((180, 202, 220), (96, 128, 88), (140, 150, 86)),
    "river": ((170, 196, 214), (108, 138, 150), (172, 160, 130)),
    "village": ((190, 200, 206), (104, 122, 92), (160, 146, 118)),
    "quarry": ((182, 190, 196), (134, 128, 122), (168, 158, 146)),
    "room": ((206, 200, 188), (176, 166, 150), (120, 96, 74)),
    "notice": ((196, 198, 200), (170, 150, 120), (140, 136, 130)),
}


def scene(name: str, seed: str, size: tuple[int, int] = SIZE) -> Image.Image:
    """Return the still part of a scene, wider than `size` by what a recorder sways (`margin_of`) on each side."""
    sky, far, ground = _SCENES[name]
    chance = random.Random(seed)  # noqa: S311  (a picture, not a secret)
    width, height = size[0] + 2 * margin_of(size), size[1]
    picture = Image.new("RGB", (width, height), sky)
    draw = ImageDraw.Draw(picture)
    horizon = int(height * chance.uniform(0.42, 0.55))
    _ridge(draw, chance, width, horizon, far)
    draw.rectangle((0, horizon, width, height), fill=ground)
    for n in range(chance.randint(5, 8)):
        _shape(name)(draw, chance, width, height, horizon, n)
    return picture


def margin_of(size: tuple[int, int]) -> int:
    """Return how far, in pixels, a picture of this size sways to each side."""
    return size[0] // 32


def caption(typeface: Path, lines: tuple[str, ...], size: tuple[int, int] = SIZE) -> Image.Image:
    """Return what is burnt into a picture, on nothing: the first line above, the others below, 示例 in large letters."""
    width, height = size
    out = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(out)
    small, large = _fonts(typeface, height)
    margin = height // 30
    draw.rectangle((0, 0, width, margin * 2 + small.size), fill=(20, 24, 28, 255))
    draw.text((margin, margin), lines[0], font=small, fill=_INK)
    at = (width - margin - 2 * large.size, height - margin - int(large.size * 1.4))
    draw.text(at, "示例", font=large, fill=(255, 255, 255), stroke_width=1, stroke_fill=(90, 94, 98))
    for n, line in enumerate(reversed(lines[1:])):
        at = (margin, height - margin - (n + 1) * int(small.size * 1.4))
        draw.text(at, line, font=small, fill=_INK, stroke_width=2, stroke_fill=(20, 24, 28))
    return out


def shot(still: Image.Image, burnt_in: Image.Image, shift: float = 0.0) -> Image.Image:
    """Return one picture as the recorder would give it, swayed by `shift` (−1 to 1)."""
    width, height = burnt_in.size
    margin = margin_of(burnt_in.size)
    left = margin + int(shift * margin)
    out = still.crop((left, 0, left + width, height))
    out.paste(burnt_in, mask=burnt_in)
    return out


@cache
def _fonts(typeface: Path, height: int) -> tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont]:
    # Index 2 of Debian's collection is the simplified Chinese cut.
    index = 2 if typeface.suffix == ".ttc" else 0
    return (
        ImageFont.truetype(str(typeface), height // 20, index=index),
        ImageFont.truetype(str(typeface), height // 9, index=index),
    )


def _ridge(draw: _Draw, chance: random.Random, width: int, horizon: int, colour: _Colour) -> None:
    points = [(x, horizon - chance.randint(4, horizon // 3)) for x in range(0, width + 80, 80)]
    draw.polygon([(0, horizon), *points, (width, horizon)], fill=colour)


def _heap(draw: _Draw, chance: random.Random, width: int, height: int, horizon: int, _n: int) -> None:
    x, base = chance.randint(0, width), chance.randint(horizon + 10, height - 20)
    wide, high = chance.randint(width // 12, width // 5), chance.randint(height // 12, height // 5)
    grey = chance.randint(92, 168)
    draw.polygon([(x - wide, base), (x, base - high), (x + wide, base)], fill=(grey, grey - 8, grey - 22))


def _building(draw: _Draw, chance: random.Random, width: int, height: int, horizon: int, n: int) -> None:
    x, wide, high = (
        chance.randint(0, width),
        chance.randint(width // 10, width // 5),
        chance.randint(height // 8, height // 4),
    )
    base = horizon + chance.randint(2, height // 10)
    tone = 110 + n * 12
    draw.rectangle((x, base - high, x + wide, base), fill=(tone, tone + 4, tone + 10), outline=(60, 64, 70))
    draw.polygon(
        [(x - 6, base - high), (x + wide // 2, base - high - 18), (x + wide + 6, base - high)], fill=(120, 62, 48)
    )


def _row(draw: _Draw, chance: random.Random, width: int, height: int, horizon: int, n: int) -> None:
    y = horizon + (n + 1) * (height - horizon) // 9
    draw.line((0, y, width, y + chance.randint(-12, 12)), fill=(96, 118, 60), width=3 + n)


def _sheet(draw: _Draw, chance: random.Random, width: int, height: int, horizon: int, n: int) -> None:
    x, y = width // 8 + n * width // 9, horizon - height // 6 + chance.randint(-8, 8)
    draw.rectangle((x, y, x + width // 14, y + height // 5), fill=(240, 238, 230), outline=(110, 100, 90))
    for line in range(4):
        draw.line((x + 6, y + 10 + line * 10, x + width // 14 - 6, y + 10 + line * 10), fill=(130, 130, 130), width=1)


def _shape(name: str) -> Callable[[_Draw, random.Random, int, int, int, int], None]:
    return {
        "factory": _building,
        "warehouse": _building,
        "village": _building,
        "fields": _row,
        "notice": _sheet,
        "room": _sheet,
    }.get(name, _heap)
