"""The journal's tables (登记表): what is written once, what is kept beside it, and what is derived and can be rebuilt.

A row is not the Record: the noun is `liuhen.ground.record.Record`, and these classes end in `Row`. Every moment is an instant
(microseconds UTC, see `liuhen.ground.moments`), every day a local ordinal: the engines' own integers, the same on SQLite and
PostgreSQL, so that nothing is converted on a page's path. `moment_of` turns an instant into an aware datetime.
"""

from liuhen.journal.models.derived import DERIVED, CaseRow, CounterRow, DutyRow, HandlerRow, PersonRow, RoleRow, TaskRow
from liuhen.journal.models.kept import BureauRow, HeartbeatRow, KeyRow, VaultRow
from liuhen.journal.models.written import (
    WRITTEN_ONCE,
    AlsoInRow,
    CheckpointRow,
    DataRow,
    FileRow,
    LeafRow,
    LookRow,
    LooksRow,
    RecordRow,
)

__all__ = [
    "DERIVED",
    "WRITTEN_ONCE",
    "AlsoInRow",
    "BureauRow",
    "CaseRow",
    "CheckpointRow",
    "CounterRow",
    "DataRow",
    "DutyRow",
    "FileRow",
    "HandlerRow",
    "HeartbeatRow",
    "KeyRow",
    "LeafRow",
    "LookRow",
    "LooksRow",
    "PersonRow",
    "RecordRow",
    "RoleRow",
    "TaskRow",
    "VaultRow",
]
