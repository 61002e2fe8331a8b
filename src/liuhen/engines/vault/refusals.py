"""What the vault refuses (证据库的拒绝): findings of the family F-."""

from __future__ import annotations

from liuhen.ground.errors import Refused


class VaultRefused(Refused):
    """A file was not taken in, or can't be given out (证据文件未入库或不可取出). Nothing half is left behind."""
