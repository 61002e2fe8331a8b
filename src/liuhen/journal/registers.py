"""The bureau's registers that judging needs (证件与适用决定): officers' certificates and decisions to keep applying a text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max

from liuhen.engines.rulebook import Register
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Vocabulary
from liuhen.journal.filed import COLUMNS, decode
from liuhen.journal.judging import Basis
from liuhen.journal.models import CaseRow, RecordRow
from liuhen.journal.recent import Recent


class Registers(NamedTuple):
    """What the engine is given beside a file (登记册): certificates by number, decisions on applying a text."""

    register: Register
    applied: tuple[Record, ...]


_recent: Recent[str, tuple[int, Registers]] = Recent(256)


def register_kinds(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the kinds of which every judged file of the bureau may depend."""
    return vocabulary.with_role("certificate") | vocabulary.with_role("applied_on")


def registers(basis: Basis) -> Registers:
    """Return the bureau's registers as committed. Costs one query unless something was added to them.

    Whoever adds to a register holds the lock of the bureau's row, so the highest number seen is a version of the whole.
    """
    subjects = {basis.vocabulary.kinds[k].opens or k for k in register_kinds(basis.vocabulary)}
    files = CaseRow.objects.filter(bureau=basis.bureau, subject__in=sorted(subjects))
    last = files.aggregate(last=Max("last_seq"))["last"] or 0
    held = _recent.get(basis.bureau)
    if held is not None and held[0] == last:
        return held[1]
    found = read_registers(basis)
    transaction.on_commit(partial(_recent.put, basis.bureau, (last, found)))
    return found


def read_registers(basis: Basis) -> Registers:
    """Return the bureau's registers, read from the records."""
    return registers_of(register_records(basis), basis.vocabulary)


def registers_of(standing: Sequence[Record], vocabulary: Vocabulary) -> Registers:
    """Return the registers that these records make."""
    certificates, applied = vocabulary.with_role("certificate"), vocabulary.with_role("applied_on")
    return Registers(
        Register.of(r for r in standing if r.kind in certificates), tuple(r for r in standing if r.kind in applied)
    )


def register_records(basis: Basis, until: Instant | None = None) -> list[Record]:
    """Return the records of the registers that stand: neither corrected nor withdrawn. `until`: by what was received by then."""
    kinds = register_kinds(basis.vocabulary)
    homes = RecordRow.objects.filter(bureau=basis.bureau, kind__in=kinds).values("home")
    rows = RecordRow.objects.filter(home__in=homes).order_by("seq").values_list(*COLUMNS)
    records = [e.record for e in decode(rows, basis.zone) if until is None or e.record.received <= until]
    withdrawals = basis.vocabulary.with_role("withdrawal")
    gone = {target for r in records if r.kind in withdrawals for target in r.links.get("withdraws", ())}
    gone |= {r.corrects for r in records if r.corrects}
    return [r for r in records if r.id not in gone]
