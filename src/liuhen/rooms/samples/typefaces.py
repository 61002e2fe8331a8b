"""Where a Chinese typeface lies (中文字体): the machine's, or the one that script/setup put into the data folder."""

from __future__ import annotations

from pathlib import Path

from liuhen.ground.errors import Refused

_DEBIAN = Path("/usr/share/fonts/opentype/noto")
_OURS = "NotoSerifSC_400Regular.ttf"


class NoTypeface(Refused):
    """No Chinese typeface was found (没有中文字体). U-031."""


def typeface(data: Path) -> Path:
    """Return the file of a Chinese serif; `data` is the data folder. Refused: U-031 there is none."""
    for path in (data / "fonts" / _OURS, _DEBIAN / "NotoSerifCJK-Regular.ttc"):
        if path.is_file():
            return path
    raise NoTypeface("U-031", places=f"{data / 'fonts'}, {_DEBIAN}")
