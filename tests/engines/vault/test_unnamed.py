"""What nothing names goes once it is old; what is named, new, or coming in at this moment stays."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Collection, Sequence
from time import time

import pytest

from liuhen.engines.vault.local import LocalVault
from liuhen.engines.vault.refusals import VaultRefused
from liuhen.engines.vault.unnamed import SHELVES, Swept, sweep_shelf

HOUR = 3600.0
OLD = time() - 100 * HOUR
BEFORE = time() - 50 * HOUR


def put(vault: LocalVault, body: bytes, at: float | None = OLD) -> str:
    """Take a file in, and let it have come in at `at`."""
    sha256 = vault.put(io.BytesIO(body)).sha256
    if at is not None:
        os.utime(vault.path(sha256), (at, at))
    return sha256


def nothing(_: Sequence[str]) -> Collection[str]:
    return ()


def sweep(vault: LocalVault, named: object = nothing, *, dry: bool = False) -> Swept:
    found = Swept()
    for shelf in SHELVES:
        found += sweep_shelf(vault, shelf, BEFORE, named, dry=dry)  # type: ignore[arg-type]
    return found


def test_only_what_is_old_and_unnamed_goes(vault: LocalVault) -> None:
    gone, named, young = put(vault, b"refused"), put(vault, b"named"), put(vault, b"young", None)
    assert sweep(vault, lambda digests: {named} & {*digests}) == Swept((gone,), len(b"refused"))
    assert sorted(vault.stored()) == sorted([named, young])


@pytest.mark.parametrize(("at", "stays"), [(BEFORE - 1, False), (BEFORE, True)], ids=["a second before", "then"])
def test_the_age_counts_to_the_moment(vault: LocalVault, at: float, stays: bool) -> None:
    sha256 = put(vault, b"x", at)
    sweep(vault)
    assert (sha256 in vault.stored()) is stays


def test_a_dry_run_says_the_same_and_removes_nothing(vault: LocalVault) -> None:
    sha256 = put(vault, b"refused")
    assert sweep(vault, dry=True) == Swept((sha256,), len(b"refused"))
    assert list(vault.stored()) == [sha256]
    assert sweep(vault) == Swept((sha256,), len(b"refused"))


def test_bytes_that_came_in_again_count_as_new(vault: LocalVault) -> None:
    sha256 = put(vault, b"x")
    assert vault.put(io.BytesIO(b"x")).came == "again"
    assert sweep(vault) == Swept()
    assert list(vault.stored()) == [sha256]


def test_what_is_renewed_between_the_two_looks_stays(vault: LocalVault) -> None:
    """A record that was at the door while the sweep was under way: between the question for many and that for one."""
    sha256 = put(vault, b"x")

    def asked(_: Sequence[str]) -> Collection[str]:
        vault.renew(sha256)
        return ()

    assert sweep(vault, asked) == Swept()
    assert list(vault.stored()) == [sha256]


def test_the_last_look_is_the_one_that_counts(vault: LocalVault) -> None:
    sha256 = put(vault, b"x")
    answers = iter([(), (sha256,)])
    assert sweep(vault, lambda _: next(answers)) == Swept()
    assert list(vault.stored()) == [sha256]


def test_the_same_bytes_coming_in_while_they_are_taken_out_are_there_afterwards(vault: LocalVault) -> None:
    sha256 = put(vault, b"x")
    came: list[str] = []
    taking = threading.Thread(target=lambda: came.append(vault.put(io.BytesIO(b"x")).came))

    def asked(digests: Sequence[str]) -> Collection[str]:
        if not taking.ident and asked_before:
            taking.start()  # it waits at the lock until the file is gone
            taking.join(0.3)
            assert taking.is_alive()
        asked_before.append(digests)
        return ()

    asked_before: list[Sequence[str]] = []
    assert sweep(vault, asked) == Swept((sha256,), 1)
    taking.join(10)
    assert came == ["new"]
    assert vault.verify(sha256).bytes == 1


def renewed(vault: LocalVault, sha256: str) -> str:
    """Renew a file; the code of the refusal, if any."""
    try:
        vault.renew(sha256)
    except VaultRefused as refused:
        return refused.finding.code
    return ""


def test_many_taking_in_and_a_sweep_without_grace_never_leave_a_broken_file(vault: LocalVault) -> None:
    """Whoever was told that the bytes are there and renews them finds them, or is told at once that they are not."""
    wrong: list[BaseException] = []
    told: list[str] = []

    def takes() -> None:
        try:
            for _ in range(60):
                sha256 = vault.put(io.BytesIO(b"the same bytes")).sha256
                told.append(renewed(vault, sha256))
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=takes) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(t.is_alive() for t in threads):
        for shelf in SHELVES:
            sweep_shelf(vault, shelf, time() + HOUR, nothing)
    assert wrong == []
    assert {*told} <= {"", "F-003"}
    assert not list((vault.folder / "incoming").iterdir())
    assert not list((vault.folder / "damaged").iterdir())


def test_renewing_what_is_not_there_is_refused(vault: LocalVault) -> None:
    with pytest.raises(VaultRefused) as refused:
        vault.renew("0" * 64)
    assert refused.value.finding.code == "F-003"


def test_what_is_no_stored_file_is_left_alone(vault: LocalVault) -> None:
    shelf = vault.folder / "ab"
    shelf.mkdir()
    (shelf / "notes.txt").write_text("x")
    (shelf / ("ab" + "0" * 62)).symlink_to(vault.folder / "elsewhere")
    os.utime(shelf / "notes.txt", (OLD, OLD))
    assert sweep(vault) == Swept()
    assert len(list(shelf.iterdir())) == 2
