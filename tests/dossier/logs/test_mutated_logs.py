"""However a log or its mapping is damaged, it is read, or refused with a code: nothing else is raised."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random

import pytest

from liuhen.dossier.logs.mapping import read_map
from liuhen.ground.errors import Refused
from tests.dossier.logs.trial import GOOD, MAP, codes, csv_file, event, mapping, read, trace, vocabulary, xes_file

TIMES = 400
PIECES = [
    b"", b"\0", b"<", b">", b"&", b"&#0;", b"&a;", b'"', b"'", b"]]>", b"<!--", b"<![CDATA[", b"<?xml?>",
    b"<!DOCTYPE a>", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b",", b";", b"/>", b"</trace>", b"<event>", b"-1",
    b"9" * 400, b"NaN", b"2025-02-30", b"\xf0\x9f\x98\x80", b'key="time"', b"T24:00:00", b"0001-01-01",
    b"9999-12-31T23:59:59-23:59", b"{", b"[", b": ", b"ignore", b"&x", b"*x", b"no", b"~",
]  # fmt: skip


def damaged(whole: bytes, draw: Random) -> bytes:
    """Put a piece into it, or in place of some bytes, or cut it short, a few times."""
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(whole) + 1)
        until = min(len(whole), at + draw.choice((0, 0, 1, 5, 30)))
        whole = whole[:at] + draw.choice(PIECES) + whole[until:]
    return whole if draw.random() > 0.1 else whole[: draw.randrange(len(whole) + 1)]


@pytest.mark.parametrize("form", ["xes", "csv", "xes.gz", "csv.gz"])
def test_a_damaged_log_is_read_or_refused_with_a_code(tmp_path: Path, form: str):
    log, draw, met = mapping(tmp_path), Random(form), set()
    created = event(activity="Create", time="2025-03-03T09:00:00+08:00", amount="200", article="157", sort="A")
    good = (
        xes_file(tmp_path, trace("F1", created) + trace("F2", created)) if "xes" in form else csv_file(tmp_path, *GOOD)
    )
    whole = good.read_bytes()
    path = tmp_path / f"damaged.{form}"
    for _ in range(TIMES):
        if form.endswith("gz") and draw.random() < 0.5:
            path.write_bytes(damaged(gzip.compress(whole), draw))
        else:
            path.write_bytes(gzip.compress(damaged(whole, draw)) if form.endswith("gz") else damaged(whole, draw))
        try:
            seen, _ = read(path, log)
            met |= set(codes(seen)) or {"sound"}
        except Refused as refusal:
            met.add(refusal.finding.code)
    assert len(met) > 5, met


def test_a_damaged_mapping_is_read_or_refused_with_a_code(tmp_path: Path):
    draw, met = Random("map"), set()
    path = tmp_path / "log.map.yaml"
    for _ in range(TIMES):
        path.write_bytes(damaged(MAP.encode(), draw))
        try:
            read_map(path, vocabulary())
            met.add("sound")
        except Refused as refusal:
            met.add(refusal.finding.code)
    assert len(met) > 5, met
