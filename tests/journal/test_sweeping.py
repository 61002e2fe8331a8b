"""The vault is swept of what no record names, by the command and by the worker's daily round; never of what one names."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as used

from liuhen.engines.vault.unnamed import SHELVES
from liuhen.faces.cli import main
from liuhen.journal import folders, sealing, sweeping, vaulted, worker
from liuhen.journal.models import LeafRow, VaultRow
from liuhen.journal.refusing import NotTaken
from tests.office import Office, scan_in_vault

NOW = datetime.now(UTC)
DAY = 86_400


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_folder: None) -> None:
    """A vault and ledgers of the test's own: the shared ones hold what other tests rolled back."""
    monkeypatch.setattr(folders, "vault", lambda: tmp_path / "vault")
    monkeypatch.setattr(folders, "ledger", lambda bureau: tmp_path / "ledger" / bureau)


def upload(office: Office, body: bytes, *, days: float = 8) -> dict[str, Any]:
    """A file that came into the vault so many days ago, as a record names it."""
    named = scan_in_vault(office, body)
    at = NOW.timestamp() - days * DAY
    os.utime(vaulted.the_vault().path(named["sha256"]), (at, at))
    return named


def minutes(office: Office, root: str, *files: dict[str, Any]) -> dict[str, Any]:
    by = [office.by("zhang", "enforcement_officer")]
    return office.record("meeting_minutes", links={"case": [root]}, by=by, files=list(files))


def stored() -> list[str]:
    return list(vaulted.the_vault().stored())


def test_a_refused_upload_goes_and_a_named_file_stays(office: Office) -> None:
    refused, named = upload(office, b"refused"), upload(office, b"named", days=4000)
    office.take(minutes(office, office.open_case(), named))
    os.utime(vaulted.the_vault().path(named["sha256"]), (0, 0))
    found = sweeping.sweep(NOW, 7)
    assert (found.digests, found.bytes) == ((refused["sha256"],), refused["bytes"])
    assert stored() == [named["sha256"]]
    assert [row.sha256 for row in VaultRow.objects.filter(bureau=office.bureau)] == [named["sha256"]]


def test_what_another_bureau_names_stays_too(office: Office) -> None:
    other = Office("bazhou").staffed()
    file = upload(other, b"theirs")
    other.take(minutes(other, other.open_case(), file))
    os.utime(vaulted.the_vault().path(file["sha256"]), (0, 0))
    assert sweeping.sweep(NOW, 7).digests == ()


@pytest.mark.parametrize(("days", "goes"), [(6.9, False), (7.1, True)])
def test_grace_is_counted_from_when_it_came_in(office: Office, days: float, goes: bool) -> None:
    upload(office, b"x", days=days)
    assert (stored() == []) is not bool(stored())
    assert bool(sweeping.sweep(NOW, 7).digests) is goes


def test_no_sweep_comes_sooner_than_a_file_may_still_be_named(office: Office) -> None:
    upload(office, b"x", days=1.9)
    assert sweeping.sweep(NOW, 0).digests == ()


def test_a_record_that_comes_in_while_the_sweep_is_under_way_keeps_its_file(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, file = office.open_case(), upload(office, b"x")
    real = sweeping._named()
    taken: list[str] = []

    def asked(digests: Sequence[str]) -> Collection[str]:
        known = real(digests)
        if digests and not taken:
            taken.append(office.take(minutes(office, root, file)).id)  # after the question was answered
        return known

    monkeypatch.setattr(sweeping, "_named", lambda: asked)
    assert sweeping.sweep(NOW, 7).digests == ()
    assert taken
    assert stored() == [file["sha256"]]


def test_a_record_that_comes_too_late_is_refused_and_taken_once_the_file_is_there_again(office: Office) -> None:
    root, file = office.open_case(), upload(office, b"x")
    sweeping.sweep(NOW, 7)
    with pytest.raises(NotTaken) as refused:
        office.take(minutes(office, root, file))
    assert [f.code for f in refused.value.findings] == ["G-012"]
    assert upload(office, b"x") == file
    office.take(minutes(office, root, file))


def test_a_database_that_knows_less_than_the_ledger_sweeps_nothing(lasting_office: Office) -> None:
    """Another database than the one that filled the vault would call everything unnamed."""
    office = lasting_office
    sealing.open_log(office.bureau)
    sealing.seal(office.bureau, office.instant)
    upload(office, b"x")
    (folders.ledger(office.bureau)).rename(folders.ledger("another"))
    with pytest.raises(sweeping.NotSwept) as refused:
        sweeping.sweep(NOW, 7)
    size = LeafRow.objects.filter(bureau=office.bureau).count()
    finding = refused.value.finding
    assert (finding.code, finding.fields) == ("F-015", {"bureau": "another", "size": size, "known": 0})
    assert len(stored()) == 1
    folders.ledger("another").rename(folders.ledger(office.bureau))
    assert len(sweeping.sweep(NOW, 7).digests) == 1


def test_the_command_says_what_would_go_and_what_went(
    lasting_office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    file = upload(lasting_office, b"x")
    assert main(["vault", "sweep", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"days": 7, "dry_run": True, "files": [file["sha256"]], "bytes": file["bytes"]}
    assert stored() == [file["sha256"]]
    assert main(["vault", "sweep", "--days", "9"]) == 0
    assert "0 个" in capsys.readouterr().out
    assert main(["vault", "sweep"]) == 0
    assert f"已清除无记录引用的文件 1 个，共 {file['bytes']} 字节" in capsys.readouterr().out
    assert stored() == []


@pytest.mark.parametrize("days", ["1", "-3", "week", "", "10000", "12345"])
def test_a_number_of_days_that_is_none_is_refused(
    lasting_office: Office, capsys: pytest.CaptureFixture[str], days: str
) -> None:
    upload(lasting_office, b"x")
    assert main(["vault", "sweep", f"--days={days}"]) == 2
    assert f"U-004  --days 不能是 {days}，应为：2 至 9999 的整数。" in capsys.readouterr().err
    assert len(stored()) == 1


class TestTheWorkersRound:
    def rounds(self, at: timedelta = timedelta()) -> tuple[sweeping.Rounds, Any]:
        return sweeping.Rounds(), lambda: NOW + at

    def test_a_round_goes_through_all_folders_one_at_a_step(self, office: Office) -> None:
        upload(office, b"x")
        rounds, clock = self.rounds()
        for _ in SHELVES:
            rounds.step(office.instant, clock)
        assert stored() == []

    def test_what_all_files_are_asked_for_is_asked_once_a_round(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        bureaus, clear = sweeping._bureaus_with_files, sweeping._clear_half_taken
        monkeypatch.setattr(sweeping, "_bureaus_with_files", lambda: (asked.append("bureaus"), bureaus())[1])
        monkeypatch.setattr(sweeping, "_clear_half_taken", lambda *a: (asked.append("half taken"), clear(*a))[1])
        rounds, clock = self.rounds()
        for _ in SHELVES:
            rounds.step(office.instant, clock)
        assert asked == ["bureaus", "half taken"]

    def test_the_next_round_comes_a_day_later(self, office: Office) -> None:
        rounds, clock = self.rounds()
        for _ in SHELVES:
            rounds.step(office.instant, clock)
        upload(office, b"x")
        for _ in SHELVES:
            rounds.step(office.instant + sweeping.ROUND - 1, clock)
        assert len(stored()) == 1
        for _ in SHELVES:
            rounds.step(office.instant + sweeping.ROUND, clock)
        assert stored() == []

    def test_zero_days_are_no_round(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(used, "LIUHEN_SWEEP_DAYS", 0)
        upload(office, b"x", days=400)
        rounds, clock = self.rounds()
        for _ in SHELVES:
            rounds.step(office.instant, clock)
        assert len(stored()) == 1

    def test_a_round_that_is_refused_stops_nothing_else(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        upload(office, b"x")

        def refused() -> None:
            raise sweeping.NotSwept("F-015", bureau="b", size=2, known=1)

        monkeypatch.setattr(sweeping, "refuse_a_database_that_knows_less", refused)
        rounds, clock = self.rounds()
        for _ in SHELVES:
            rounds.step(office.instant, clock)
        assert len(stored()) == 1
        assert caplog.text.count("F-015") == 1

    def test_the_worker_goes_round_while_it_seals(
        self, lasting_office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A step a folder: what an upload left behind is gone once all of them were seen."""
        upload(lasting_office, b"x")
        monkeypatch.setattr(worker, "pass_time", lambda _: 0)
        monkeypatch.setattr(worker.Worker, "_seal", lambda *_: None)
        monkeypatch.setattr(worker.Worker, "_beat", lambda *_: None)
        monkeypatch.setattr(worker.Audits, "step", lambda *_: None)
        working = worker.Worker(now=lambda: lasting_office.instant)
        for _ in SHELVES:
            working.step()
        assert stored() == []
