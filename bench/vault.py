"""How long does the vault take to copy, digest twice and flush 2 GiB, and how much memory does it need?"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Sheet, seconds
from liuhen.engines.vault.local import LocalVault

SIZE = 2 << 30
PIECE = 1 << 20
ATTEMPTS = 3
SMALL_FILES = 200

MEMORY = """
import sys
from pathlib import Path
from liuhen.engines.vault.local import LocalVault
def line(name):
    return int(next(l for l in open("/proc/self/status") if l.startswith(name)).split()[1])
with open(sys.argv[1], "rb") as source:
    vault = LocalVault(Path(sys.argv[2]))
    idle = line("VmRSS")
    vault.put(source)
    print((line("VmHWM") - idle) / 1024)
"""


@contextmanager
def disk() -> Iterator[Path]:
    """Give a folder on the disk that the product's data lie on; /tmp may be memory."""
    below = Path("var")
    below.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=below) as folder:
        yield Path(folder)


def make(path: Path) -> None:
    block = os.urandom(64 * PIECE)
    with path.open("wb", buffering=0) as file:
        for number in range(SIZE // len(block)):
            file.write(number.to_bytes(8, "big") + block[8:])
        os.fsync(file.fileno())


def sm3_alone(source: Path) -> None:
    digest = hashlib.new("sm3")
    with source.open("rb", buffering=0) as file:
        while piece := file.read(PIECE):
            digest.update(piece)


def write_alone(target: Path) -> None:
    block = memoryview(os.urandom(64 * PIECE))
    with target.open("wb", buffering=0) as file:
        for at in range(0, SIZE, PIECE):
            start = at % len(block)
            file.write(block[start : start + PIECE])
        os.fsync(file.fileno())


def put(folder: Path, source: Path) -> None:
    with source.open("rb", buffering=0) as file:
        LocalVault(folder).put(file)


def main() -> int:
    sheet = Sheet(f"Vault, one file of {SIZE >> 30} GiB")
    with disk() as folder:
        source = folder / "source"
        make(source)
        # By turns, so that a busy minute of the machine falls on all of them; the whole file lies in the page cache.
        runs = []
        for attempt in range(ATTEMPTS):
            digest = seconds(lambda: sm3_alone(source), times=1)
            write = seconds(lambda: write_alone(folder / "written"), times=1)
            (folder / "written").unlink()
            vault = folder / f"vault{attempt}"
            took = seconds(lambda vault=vault: put(vault, source), times=1)  # type: ignore[misc]
            sheet.note(f"SM3 alone {digest:.2f} s, write and fsync alone {write:.2f} s, the vault {took:.2f} s")
            runs.append((took, digest, write))
            for stored in LocalVault(vault).stored():
                LocalVault(vault).path(stored).unlink()
        digest, write = min(run[1] for run in runs), min(run[2] for run in runs)
        slower = ("SM3 alone", digest) if digest >= write else ("write and fsync alone", write)
        sheet.figure(
            "copy, SHA-256, SM3, fsync and rename",
            min(run[0] for run in runs),
            "s",
            yardstick=slower,
            at_most=1.25,
            of="ratio",
        )
        sheet.figure("the same", SIZE / PIECE / min(run[0] for run in runs), "MiB/s")
        sheet.figure("memory above idle", peak(source, folder / "measured"), "MiB", at_most=64)
        sheet.figure("a small file of 100 kB", small(folder / "small"), "ms", yardstick=("one fsync", flush(folder)))
    return sheet.status()


def peak(source: Path, folder: Path) -> float:
    """Return the highest resident memory of a process that puts the file, over what it had just before, in MiB."""
    call = [sys.executable, "-c", MEMORY, str(source), str(folder)]
    return float(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def small(folder: Path) -> float:
    vault = LocalVault(folder)
    bodies = [os.urandom(100_000) for _ in range(SMALL_FILES)]
    return seconds(lambda: [vault.put(io.BytesIO(body)) for body in bodies], times=1) / SMALL_FILES * 1000


def flush(folder: Path) -> float:
    def one() -> None:
        with (folder / "flushed").open("wb") as file:
            file.write(bytes(100))
            file.flush()
            os.fsync(file.fileno())

    return seconds(one, times=50) * 1000


if __name__ == "__main__":
    sys.exit(main())
