"""The Ledger over HTTP: whoever has an address can verify; nobody gets anything else out of the folder."""

from __future__ import annotations

import pytest
from django.test import Client

from liuhen.engines.ledger.checkpoint import open_checkpoint
from liuhen.engines.ledger.notes import parse_vkey
from liuhen.engines.ledger.tiles import TilePath, decode_bundle
from liuhen.journal import sealing
from liuhen.journal.models import LeafRow
from tests.office import Office


@pytest.fixture
def address(lasting_office: Office) -> str:
    lasting_office.open_case()
    sealing.seal(lasting_office.bureau, lasting_office.instant)
    return f"/api/ledger/{lasting_office.bureau}"


def test_a_stranger_verifies_the_checkpoint_and_reads_the_entries(lasting_office: Office, address: str) -> None:
    client = Client()
    key = parse_vkey(client.get(f"{address}/key").content.decode().strip())
    note = client.get(f"{address}/checkpoint")
    assert (note["Content-Type"], note["Cache-Control"]) == ("text/plain; charset=utf-8", "public, max-age=5")
    head = open_checkpoint(note.content, [key], f"liuhen/{lasting_office.bureau}").checkpoint
    bundle = TilePath(None, 0, head.size)
    answer = client.get(f"{address}/{bundle}")
    assert "immutable" in answer["Cache-Control"]
    entries = decode_bundle(answer.content, head.size, bundle)
    kept = LeafRow.objects.filter(bureau=lasting_office.bureau).order_by("place").values_list("entry", flat=True)
    assert [e.decode() for e in entries] == list(kept)


@pytest.mark.parametrize(
    "path",
    [
        "lock",
        "incoming/x",
        "tile/0/999",
        "../keys/master",
        "tile/../../../keys/master",
        "%2e%2e/%2e%2e/keys/master",
        "tile/0/000.p/200",
    ],
)
def test_nothing_else_is_given_out(address: str, path: str) -> None:
    assert Client().get(f"{address}/{path}").status_code == 404


def test_a_bureau_that_is_not_there_has_no_ledger(address: str) -> None:
    assert Client().get("/api/ledger/nowhere/checkpoint").status_code == 404
    assert Client().get("/api/ledger/nowhere/key").status_code == 404


def test_nothing_is_written_this_way(address: str) -> None:
    assert Client().post(f"{address}/checkpoint").status_code == 405
