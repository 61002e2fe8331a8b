"""`liuhen ledger`, `rebuild` and `worker`: what they print and with which status they end."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings as used

from liuhen.faces.cli import main
from liuhen.journal import folders, keys, sealing
from liuhen.journal.models import CaseRow, LeafRow, RecordRow
from liuhen.journal.setting_up import make_keys
from tests.journal.test_sealing import tamper
from tests.journal.test_two_at_once import address
from tests.office import Office


@pytest.fixture
def bureau(lasting_office: Office) -> str:
    lasting_office.open_case()
    return lasting_office.bureau


def test_checkpoint_seals_what_waits_and_prints_the_note(bureau: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "checkpoint", "--bureau", bureau]) == 0
    printed = capsys.readouterr()
    assert printed.out.encode() == (folders.ledger(bureau) / "checkpoint").read_bytes()
    assert printed.err.strip() == str(sealing.signer_of(bureau).verifier)
    assert not LeafRow.objects.filter(bureau=bureau, place__isnull=True).exists()


def test_checkpoint_as_json(bureau: str, capsys: pytest.CaptureFixture[str]) -> None:
    waiting = sealing.waiting(bureau).number
    assert main(["ledger", "checkpoint", "--bureau", bureau, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sealed"], told["size"], told["bureau"]) == (waiting, waiting, bureau)


def test_a_sound_ledger_ends_with_0_and_says_what_it_could_not_see(
    bureau: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sealing.seal(bureau, 0)
    assert main(["ledger", "verify", "--bureau", bureau]) == 0
    said = capsys.readouterr().out
    assert "存证核验一致" in said
    assert "没有另存的存证摘要" in said


def test_what_waits_is_said_not_to_have_been_looked_at(bureau: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "verify", "--bureau", bureau, "--lang", "en"]) == 0
    assert f"{sealing.waiting(bureau).number} entries wait" in capsys.readouterr().out


def test_an_altered_row_ends_with_1_and_is_named(bureau: str, capsys: pytest.CaptureFixture[str]) -> None:
    sealing.seal(bureau, 0)
    row = RecordRow.objects.filter(bureau=bureau).latest("seq")
    tamper("journal_record", f"UPDATE journal_record SET done = done + 1 WHERE seq = {row.seq}")
    assert main(["ledger", "verify", "--bureau", bureau]) == 1
    said = capsys.readouterr().out
    assert "L-222" in said
    assert row.id in said
    assert main(["ledger", "verify", "--bureau", bureau, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["sound"], [f["code"] for f in told["findings"]]) == (False, ["L-222"])


def test_a_checkpoint_kept_elsewhere_is_held_against_the_log(
    bureau: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["ledger", "checkpoint", "--bureau", bureau])
    printed = capsys.readouterr()
    kept = tmp_path / "kept.txt"
    kept.write_text(printed.out, encoding="utf-8")
    call = ["ledger", "verify", "--bureau", bureau, "--checkpoint", str(kept), "--key", printed.err.strip(), "--json"]
    assert main(call) == 0
    assert json.loads(capsys.readouterr().out)["kept"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--bureau", "nowhere"], "G-024"),
        (["--checkpoint", "/nowhere/kept.txt"], "U-010"),
        (["--key", "no key"], "L-014"),
    ],
)
def test_wrong_usage_ends_with_2(
    bureau: str, arguments: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ledger", "verify", *(["--bureau", bureau] if "--bureau" not in arguments else []), *arguments]) == 2
    assert code in capsys.readouterr().err


def test_the_only_bureau_need_not_be_named_and_one_of_several_must(
    bureau: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """This database holds several."""
    Office("anshan-legal-review")
    assert main(["ledger", "checkpoint"]) == 2
    assert "G-024" in capsys.readouterr().err


def test_rebuild_says_how_many_files(bureau: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rebuild", "--bureau", bureau, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"files": CaseRow.objects.filter(bureau=bureau).count()}
    assert main(["rebuild", "--bureau", bureau]) == 0
    assert "已重建" in capsys.readouterr().out
    assert main(["rebuild", "--bureau", "nowhere"]) == 2


def test_worker_once_seals_and_ends(bureau: str) -> None:
    assert main(["worker", "--once"]) == 0
    assert sealing.waiting(bureau).number == 0


@pytest.mark.parametrize("arguments", [["--bind", "nowhere"], ["--processes", "0"], ["--threads", "many"]])
def test_serve_refuses_what_it_can_not_serve_on(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", *arguments]) == 2
    assert "U-004" in capsys.readouterr().err


def test_serve_refuses_a_data_folder_that_was_not_set_up(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LIUHEN_HOME = tmp_path
    for _ in range(2):
        assert main(["serve"]) == 2
        assert "G-017" in capsys.readouterr().err
        keys.make_master()  # one of the two is not enough


def test_serve_answers_and_stops_when_asked(lasting_office: Office) -> None:
    """A real server, on a port of its own."""
    sealing.seal(lasting_office.bureau, lasting_office.instant)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    make_keys()
    environment = {**os.environ, "LIUHEN_DATABASE_URL": address(), "LIUHEN_HOME": str(used.LIUHEN_HOME)}
    call = [sys.executable, "-m", "liuhen.faces.cli", "serve", "--bind", f"127.0.0.1:{port}", "--processes", "1"]
    server = subprocess.Popen(call, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        note = fetched(f"http://127.0.0.1:{port}/api/ledger/{lasting_office.bureau}/checkpoint", server)
    finally:
        server.terminate()
        said = server.communicate(timeout=300)[1]
    assert note == (folders.ledger(lasting_office.bureau) / "checkpoint").read_bytes(), said
    assert server.returncode == 0, said


def fetched(url: str, server: subprocess.Popen[str]) -> bytes:
    """What lies at `url` once the server answers; it is asked until then."""
    until = monotonic() + 300
    while True:
        try:
            with urlopen(url, timeout=10) as answer:
                return bytes(answer.read())
        except URLError:
            assert server.poll() is None
            assert monotonic() < until
            Event().wait(0.05)
