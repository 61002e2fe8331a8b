"""The office's data folder (数据目录): what an installation keeps, apart from the product."""

from __future__ import annotations

import os
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[3]


def data_folder() -> Path:
    """Return `$LIUHEN_HOME`; without it `var` beside the checkout, or `var` here where the product was installed."""
    given = os.environ.get("LIUHEN_HOME")
    if given:
        return Path(given).resolve()
    return _CHECKOUT / "var" if (_CHECKOUT / "pyproject.toml").exists() else Path.cwd() / "var"
