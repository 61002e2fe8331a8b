"""What the Ledger refuses (存证记录的拒绝): one exception a subject, each with a finding of the family L-."""

from __future__ import annotations

from liuhen.ground.errors import Refused


class TileRefused(Refused):
    """A tile, an entry bundle or their path is not one (存证分片无效)."""


class ProofRefused(Refused):
    """A proof does not hold, or can't be made (存证证明不成立)."""


class EntryRefused(Refused):
    """An entry can't be put into the tree, or can't be read (存证条目无效)."""


class CheckpointRefused(Refused):
    """A signed note, a checkpoint or a verifier key is malformed or not signed by a known key (存证摘要无效)."""


class KeyRefused(Refused):
    """A signing key can't be made, or must not be used (签名密钥不可用)."""


class LogRefused(Refused):
    """The log on disk can't be opened or can't grow (存证记录不可写入)."""
