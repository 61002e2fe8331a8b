"""An office with rows, log, files and kept checkpoints (示例), to be tampered with."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.leaf import Leaf, RecordLeaf
from liuhen.engines.ledger.log import Log
from liuhen.engines.ledger.store import DiskTiles
from liuhen.engines.ledger.tiles import TilePath, decode_bundle, encode_bundle
from liuhen.engines.ledger.tree import leaf_hash
from liuhen.engines.ledger.verify import Verification, verify_log
from liuhen.engines.ledger.walk import FileSeen
from tests.engines.ledger.sealed import ORIGIN, file_seen, sealed_rows

SIZE = 600


FORGED = b"liuhen/record/1\n00000000-0000-0000-0000-000000000000\n" + b"f" * 64 + b"\n"


Rows = list[tuple[int, Leaf]]


# Each place is in a full bundle, at its edge or in the ragged one.
PLACES = [1, 255, 256, 511, 512, 599]


class Office:
    """Rows, log, files and kept checkpoints, to be tampered with."""

    def __init__(self, folder: Path, signer: Signer, kept: list[bytes]) -> None:
        self.folder = folder
        self.signer = signer
        self.rows: Rows = sealed_rows(SIZE)
        self.files: dict[str, FileSeen] = {file_seen(n).sha256: file_seen(n) for n in range(0, SIZE, 10)}
        self.kept = kept

    def verify(self, *, kept: Sequence[bytes] = ()) -> Verification:
        return verify_log(
            self.rows, DiskTiles(self.folder), [self.signer.verifier], ORIGIN, kept=kept, files=self.files.get
        )

    def found(self, *, kept: Sequence[bytes] = ()) -> list[tuple[str, object]]:
        """Return code and place of each finding."""
        return [
            (f.code, f.fields.get("index", f.fields.get("tile", f.fields.get("kept"))))
            for f in self.verify(kept=kept).findings
        ]

    def edit(self, place: int, *, content: bytes = b"{}") -> None:
        leaf = self.rows[place][1]
        assert isinstance(leaf, RecordLeaf)
        self.rows[place] = (place, replace(leaf, canonical=content))

    def write(self, path: str, body: bytes) -> None:
        file = self.folder / path
        file.chmod(0o644)
        file.write_bytes(body)

    def forge_entry(self, place: int, entry: bytes = FORGED) -> None:
        tile = bundle_at(place)
        sealed = decode_bundle((self.folder / str(tile)).read_bytes(), tile.width, tile)
        sealed[place % 256] = entry
        self.write(str(tile), encode_bundle(sealed))

    def forge_tile(self, place: int, entry: bytes = FORGED) -> None:
        path = str(replace(bundle_at(place), level=0))
        body = bytearray((self.folder / path).read_bytes())
        at = place % 256 * 32
        body[at : at + 32] = leaf_hash(entry)
        self.write(path, bytes(body))

    def rewrite(self, rows: Rows, signer: Signer) -> None:
        """Build the whole log anew over other rows, as one who has the signing key could."""
        self.rows = rows
        shutil.rmtree(self.folder)
        Log.create(self.folder, signer)
        with Log(self.folder, signer) as log:
            log.append(leaf.entry() for _, leaf in rows)


def bundle_at(place: int) -> TilePath:
    return TilePath(None, place // 256, min(256, SIZE - place // 256 * 256))
