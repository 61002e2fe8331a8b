"""How fast does the Ledger seal, prove and verify a million entries?"""

from __future__ import annotations

import array
import fcntl
import hashlib
import os
import random
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from uuid import UUID

from pymerkle import InmemoryTree, SqliteTree

from bench.figures import Sheet, percentile, seconds
from liuhen.engines.ledger.keys import Signer
from liuhen.engines.ledger.leaf import Leaf, RecordLeaf
from liuhen.engines.ledger.log import Log
from liuhen.engines.ledger.proofs import HashReader, consistency_proof, inclusion_proof, verify_inclusion
from liuhen.engines.ledger.store import DiskTiles
from liuhen.engines.ledger.verify import verify_log

LEAVES = 1_000_000
OTHER_LEAVES = 100_000
PROOFS = 5_000
FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, FS_TOPDIR_FL = 0x80086601, 0x40086602, 0x00020000
SIGNER = Signer("ledger.example/bench", b"b" * 32)


@contextmanager
def disk() -> Iterator[Path]:
    """Give a folder on the disk that the product's data lie on; /tmp may be memory."""
    below = Path("var")
    below.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=below) as folder:
        _spread(folder)
        yield Path(folder)


def _spread(folder: str) -> None:
    # For five minutes ext4 steps over every inode that was deleted nearby before it makes a new one: half a
    # millisecond a file, if this benchmark (24,000 files) ran a moment ago. Marked as the top of a hierarchy (chattr
    # +T), the folder has its subfolders laid out elsewhere on the disk, by a hash of their names. Other file systems
    # don't know the mark, nor the trouble.
    handle = os.open(folder, os.O_RDONLY)
    try:
        flags = array.array("l", [0])
        fcntl.ioctl(handle, FS_IOC_GETFLAGS, flags)
        flags[0] |= FS_TOPDIR_FL
        fcntl.ioctl(handle, FS_IOC_SETFLAGS, flags)
    except OSError:
        pass
    finally:
        os.close(handle)


def rows(count: int) -> list[tuple[int, Leaf]]:
    """Return rows of records with canonical bytes of 600, as an ordinary record has, each with a salt of its own."""
    bodies = [b'{"content":"%0584d"}' % n for n in range(1000)]
    salts = hashlib.shake_256(b"bench").digest(32 * count)
    return [(n, RecordLeaf(str(UUID(int=n)), bodies[n % 1000], salts[32 * n : 32 * n + 32])) for n in range(count)]


def bare(entries: list[bytes], nodes: list[bytes]) -> None:
    """Two SHA-256 a leaf and nothing else: one over the entry with its prefix byte, one over a node's 65 bytes."""
    digest = hashlib.sha256
    for entry in entries:
        digest(entry).digest()
    for node in nodes:
        digest(node).digest()


def build(folder: Path, entries: list[bytes]) -> float:
    Log.create(folder, SIGNER)
    with Log(folder, SIGNER) as log:
        start = perf_counter()
        log.append(entries)
        return perf_counter() - start


def main() -> int:
    sheet = Sheet(f"Ledger, {LEAVES:,} leaves")
    sealed = rows(LEAVES)
    entries = [leaf.entry() for _, leaf in sealed]
    prefixed = [b"\x00" + entry for entry in entries]
    nodes = [os.urandom(65) for _ in range(1000)] * (LEAVES // 1000)
    with disk() as folder:
        # Interleaved, so that a busy minute of the machine falls on both sides. No folder is removed before the end:
        # ext4 makes new files slowly for minutes after many were deleted.
        hashing, building = [], []
        logs = [folder / secrets.token_hex(8) for _ in range(3)]
        for log in logs:
            hashing.append(seconds(lambda: bare(prefixed, nodes), times=1))
            building.append(build(log, entries))
        bare_rate = LEAVES / min(hashing)
        sheet.note(f"entries of {len(entries[0])} bytes; bare hashes take {min(hashing) / LEAVES * 1e6:.2f} µs a leaf")
        sheet.figure(
            "leaves built, tiles and bundles flushed to disk",
            LEAVES / min(building),
            "leaves/s",
            yardstick=("two bare SHA-256 a leaf", bare_rate),
            at_least=300_000,
        )
        _others(sheet, folder, entries, LEAVES / min(building))
        _proofs(sheet, logs[0], entries)
        _verification(sheet, logs[0], sealed, prefixed, nodes)
        _sealing(sheet, logs[1], entries)
    return sheet.status()


def _others(sheet: Sheet, folder: Path, entries: list[bytes], ours: float) -> None:
    some = entries[:OTHER_LEAVES]
    sheet.note(f"pymerkle appends {OTHER_LEAVES:,} of them in bulk and gives the root")

    def in_memory() -> None:
        tree = InmemoryTree(algorithm="sha256")
        tree.append_entries(some)
        tree.get_root()

    def in_file() -> None:
        with SqliteTree(str(folder / f"pymerkle-{random.random()}.db"), algorithm="sha256") as tree:
            tree.append_entries(some, 10_000)
            tree.get_root()

    for name, work in (("pymerkle in memory", in_memory), ("pymerkle in a SQLite file", in_file)):
        rate = OTHER_LEAVES / seconds(work, times=1)
        sheet.figure(f"ours, against {name}", ours, "leaves/s", yardstick=(name, rate))


def _proofs(sheet: Sheet, folder: Path, entries: list[bytes]) -> None:
    reader = HashReader(DiskTiles(folder), LEAVES)
    root = reader.root(0, LEAVES)
    draw = random.Random(7)
    for index in range(0, LEAVES, LEAVES // 100):
        inclusion_proof(reader, index, LEAVES)
    taken, paths = [], []
    for index in [draw.randrange(LEAVES) for _ in range(PROOFS)]:
        start = perf_counter()
        path = inclusion_proof(reader, index, LEAVES)
        taken.append((perf_counter() - start) * 1000)
        paths.append((index, path))
    tile = [os.urandom(65) for _ in range(255)]
    one_tile = seconds(lambda: [hashlib.sha256(node).digest() for node in tile], times=50) * 1000
    sheet.figure(
        "inclusion proof, upper tiles cached, median",
        percentile(taken, 0.5),
        "ms",
        yardstick=("255 bare SHA-256", one_tile),
        at_most=0.3,
    )
    sheet.figure("inclusion proof, p95", percentile(taken, 0.95), "ms")
    leaves = [(hashlib.sha256(b"\x00" + entries[index]).digest(), index, path) for index, path in paths[:1000]]
    checking = seconds(lambda: [verify_inclusion(leaf, n, LEAVES, path, root) for leaf, n, path in leaves], times=3)
    sheet.figure("checking an inclusion proof", checking, "ms")
    growths = [draw.randrange(1, LEAVES) for _ in range(200)]
    growing = seconds(lambda: [consistency_proof(reader, old, LEAVES) for old in growths], times=3)
    sheet.figure("consistency proof", growing / len(growths) * 1000, "ms")


def _verification(
    sheet: Sheet,
    folder: Path,
    sealed: list[tuple[int, Leaf]],
    prefixed: list[bytes],
    nodes: list[bytes],
) -> None:
    salted = [leaf.salt + leaf.canonical for _, leaf in sealed if isinstance(leaf, RecordLeaf)]
    digest = hashlib.sha256

    def hashes() -> None:
        for row in salted:
            digest(row).digest()
        bare(prefixed, nodes)

    def verify() -> None:
        if not verify_log(sealed, DiskTiles(folder), [SIGNER.verifier], SIGNER.name).sound:
            raise AssertionError("the log that was just built is not sound")

    pairs = [(cpu_seconds(hashes), cpu_seconds(verify)) for _ in range(3)]
    bared, verified = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    sheet.note("verifying: from rows in memory with canonical bytes of 600, all tiles and bundles read and compared;")
    sheet.note("both sides in seconds of the processor, so that its other users don't count")
    sheet.figure(
        "rows verified",
        LEAVES / verified,
        "rows/s",
        yardstick=("the same three SHA-256 a row, bare", LEAVES / bared),
        at_least=0.5,
        of="ratio",
    )
    pairs = [(cpu_seconds(lambda: bare(prefixed, nodes)), cpu_seconds(lambda: _sound_alone(folder))) for _ in range(3)]
    bared, verified = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    sheet.figure(
        "log verified from its files alone, without rows",
        LEAVES / verified,
        "leaves/s",
        yardstick=("two bare SHA-256 a leaf", LEAVES / bared),
        at_least=0.5,
        of="ratio",
    )


def cpu_seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def _sound_alone(folder: Path) -> None:
    if not verify_log(None, DiskTiles(folder), [SIGNER.verifier], SIGNER.name).sound:
        raise AssertionError("the log that was just built is not sound")


def _sealing(sheet: Sheet, folder: Path, entries: list[bytes]) -> None:
    taken = []
    with Log(folder, SIGNER) as log:
        for n in range(50):
            start = perf_counter()
            log.append(entries[n * 10 : n * 10 + 10])
            taken.append((perf_counter() - start) * 1000)

    def flush() -> None:
        with (folder / "flushed").open("wb") as file:
            file.write(bytes(100))
            file.flush()
            os.fsync(file.fileno())

    one = percentile([seconds(flush, times=1) * 1000 for _ in range(50)], 0.5)
    sheet.figure(
        "sealing 10 entries into the million, median", percentile(taken, 0.5), "ms", yardstick=("one fsync", one)
    )


if __name__ == "__main__":
    sys.exit(main())
