"""One transaction of the door (登记事务): files locked, everything asked, records stored, read models brought up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db.models import QuerySet

from liuhen.engines.rulebook import Duty, Gate, warnings
from liuhen.engines.rulebook.gates import Asked, asked
from liuhen.ground.canonical import canonical
from liuhen.ground.findings import Finding
from liuhen.ground.moments import Instant, instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import Kind
from liuhen.ground.words import said_moment
from liuhen.journal import authorise, chain, judging, outside, vaulted
from liuhen.journal.filed import COLUMNS, Entry, Filed, decode, filed, remember
from liuhen.journal.judging import Basis
from liuhen.journal.models import BureauRow, CaseRow, RecordRow
from liuhen.journal.numbers import is_taken, number_of
from liuhen.journal.outside import Outside
from liuhen.journal.placing import Placed, place, targets_of
from liuhen.journal.projecting import project
from liuhen.journal.refusing import NotTaken, gate_finding
from liuhen.journal.registers import Registers, register_kinds, registers
from liuhen.journal.storing import Taking, completed, store
from liuhen.journal.who import Who


@dataclass(frozen=True, slots=True)
class Preview:
    """What the door would answer (登记预审), and what storing would leave undone; nothing is stored.

    Attributes:
        findings: why it would be refused; empty when it would be taken.
        gates: closed gates among them. asked: every gate that applies, passed or closed.
        warnings: duties that the record would leave breached, overdue or late.
    """

    findings: tuple[Finding, ...]
    gates: tuple[Gate, ...] = ()
    asked: tuple[Asked, ...] = ()
    warnings: tuple[Duty, ...] = ()


@dataclass
class Intake:
    """Takes records within a transaction that the door has begun (登记事务).

    `now` is in the bureau's zone; every record of the transaction is received at that moment. `vaulted` is what the vault holds
    of the files named, `approval` the one that outside acts name.
    """

    basis: Basis
    who: Who
    now: datetime
    outside: Outside | None
    vaulted: Mapping[str, vaulted.Held]
    approval: Entry | None = None
    rows: dict[str, CaseRow] = field(default_factory=dict)
    files: dict[str, Filed] = field(default_factory=dict)
    keys: dict[str, AESGCM] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    def take(self, records: Sequence[Record]) -> list[tuple[Entry, bool]]:
        """Return for each record its entry and whether it was there before; NotTaken as `door.take` says."""
        known = targets_of(records)
        placed = place(records, known, self.basis.vocabulary)
        self._refuse_all(records, [p.findings for p in placed])
        self._lock(placed)
        registered = registers(self.basis)
        if self.outside is not None:
            self.approval = outside.approval_of(self.outside, self.basis)
            self._refuse(
                list(outside.refusals(self.outside, self.approval, self.who, self.basis, self.now.toordinal()))
            )
        taken: list[tuple[Entry, bool]] = []
        changed: dict[str, None] = {}
        for n, found in enumerate(placed):
            where = f"/records/{n}" if len(placed) > 1 else ""
            entry = self._there_already(found, where, stored=found.record.id in known)
            if entry is None:
                entry = self._one(found, where, registered)
                changed.update(dict.fromkeys(found.homes))
                taken.append((entry, False))
            else:
                taken.append((entry, True))
        if changed:
            self._project(list(changed), registered, [e.record for e, again in taken if not again])
        return taken

    def _lock(self, placed: Sequence[Placed]) -> None:
        """Lock every file concerned, in one order for everybody, and read it."""
        vocabulary = self.basis.vocabulary
        alone = register_kinds(vocabulary) | vocabulary.opening("case")
        if any(p.record.kind in alone for p in placed):
            BureauRow.objects.select_for_update().get(id=self.basis.bureau)
        self._read({home for p in placed for home in p.homes}, CaseRow.objects.select_for_update())

    def _read(self, homes: Iterable[str], rows: QuerySet[CaseRow]) -> None:
        for row in rows.filter(root__in=set(homes)).order_by("root"):
            self.rows[row.root] = row
            self.files[row.root] = filed(row, self.basis.zone)
        for home in homes:
            if home not in self.rows:
                self.rows[home] = CaseRow(root=home, bureau=self.basis.bureau)
                self.files[home] = Filed(home)

    def _there_already(self, found: Placed, where: str, *, stored: bool) -> Entry | None:
        """Return the entry of a record that was taken before; refused: G-001 other bytes, G-016 its content was destroyed."""
        entry = next((e for h in found.homes if (e := self.files[h].entry(found.record.id))), None)
        if entry is None and stored:
            rows = RecordRow.objects.filter(id=found.record.id).values_list(*COLUMNS)
            entry = decode(rows, self.basis.zone)[0]
        if entry is None:
            return None
        if canonical(entry.record.maker_json()) == canonical(found.record.maker_json()):
            return entry
        row = self.rows.get(entry.home) or CaseRow.objects.get(root=entry.home)
        code = "G-016" if row.destroyed else "G-001"
        fields: dict[str, object] = {"record": found.record.id}
        if code == "G-001":
            fields["received"] = said_moment(entry.record.received_at or self.now, self.now.year)
        raise NotTaken(code, f"{where}/id", **fields)

    def _one(self, found: Placed, where: str, registered: Registers) -> Entry:
        record = completed(found.record, found.root, self.now)
        findings, gates = self._against(record, found.homes, registered)
        self._refuse(findings, where, tuple(g.gate for g in gates if g.gate is not None))
        door: dict[str, object] = {
            "actor": self.who.person,
            "files": list(found.homes),
            "vocabulary": self.basis.vocabulary.digest,
        }
        if self.outside is not None:
            door["outside"] = self.outside.as_json()
        kind = self.basis.vocabulary.kinds[record.kind]
        sm3 = tuple(self.vaulted[file.sha256].sm3 for file in record.files)
        taking = Taking(record, kind, found.homes, self.who.person, self.outside is not None, door, sm3)
        entry = store(taking, self.keys)
        for h in found.homes:
            self.files[h] = self.files[h].and_also([entry])
        return entry

    def _against(
        self, record: Record, homes: Sequence[str], registered: Registers
    ) -> tuple[list[Finding], tuple[Asked, ...]]:
        """Return everything that speaks against a record, and the gates that were asked: last, of one who may record it."""
        kind = self.basis.vocabulary.kinds[record.kind]
        home, row = self.files[homes[0]], self.rows[homes[0]]
        # A new key would open none of the old records, and the file would have two lives.
        destroyed = [Finding("G-026", {"case": r.number or r.root}) for h in homes if (r := self.rows[h]).destroyed]
        findings = [
            *destroyed,
            *chain.clashes(record, (self.files[h] for h in homes), self.basis.vocabulary),
            *vaulted.differences(record, self.vaulted),
            *vaulted.unfit(record, self.vaulted, self.basis.vocabulary),
        ]
        findings += self._number_taken(record, kind)
        near = self.nearness(row, home)
        refusals = authorise.refusals(record, kind, self.who, near, self.basis.vocabulary, row)
        unsaid = authorise.not_theirs_to_withdraw(self._withdrawn(record, kind), self.who, near, self.basis.vocabulary)
        findings = [*refusals, *unsaid, *findings]
        if self.outside is not None:
            # Only the gates are spared: who may record what, and where, is asked of an outside act as of any other.
            cases = [h for h in homes if self._is_case(h)]
            findings += outside.beyond(self.approval, record, kind, cases, self.basis.vocabulary)
        if findings or self.outside is not None:
            return findings, ()
        at = moment_of_judging(home, instant(self.now))
        gates = asked(self.basis.stack, home.case, record, at, register=registered.register, applied=registered.applied)
        return [gate_finding(g.gate, kind, row) for g in gates if g.gate is not None], gates

    def _is_case(self, home: str) -> bool:
        """Return whether a file is that of a case already opened, were it by an earlier record of this transaction."""
        entries = self.files[home].entries
        return bool(entries) and self.basis.vocabulary.kinds[entries[0].record.kind].opens == "case"

    def _withdrawn(self, record: Record, kind: Kind) -> list[Kind]:
        """Return the kinds of the records that this one withdraws."""
        if kind.role != "withdrawal":
            return []
        targets = (f.entry(t) for t in record.links.get("withdraws", ()) for f in self.files.values())
        return [self.basis.vocabulary.kinds[e.record.kind] for e in targets if e is not None]

    def _number_taken(self, record: Record, kind: Kind) -> list[Finding]:
        """Return G-028 for a case number that another case of the bureau bears; the bureau is locked while cases are opened."""
        number = number_of(record.content)
        if kind.opens != "case" or not number:
            return []
        holder = self.numbers.setdefault(number, record.root)
        if holder == record.root and not is_taken(self.basis.bureau, number, record.root):
            return []
        return [Finding("G-028", {"number": number}, "/content/case_number")]

    def preview(self, record: Record) -> Preview:
        """Say what would become of one record; nothing is locked or stored."""
        found = place([record], targets_of([record]), self.basis.vocabulary)[0]
        if found.findings:
            return Preview(found.findings)
        self._read(found.homes, CaseRow.objects.all())
        registered = registers(self.basis)
        record = completed(record, found.root, self.now)
        findings, gates = self._against(record, found.homes, registered)
        home = self.files[found.homes[0]]
        at = moment_of_judging(home, instant(self.now))
        left = warnings(
            self.basis.stack, home.case, record, at, register=registered.register, applied=registered.applied
        )
        return Preview(tuple(findings), tuple(g.gate for g in gates if g.gate is not None), gates, left)

    def nearness(self, row: CaseRow, home: Filed) -> str:
        """Return how near the one at the door stands to a file; a file that is only being opened is his own."""
        if not home.entries or row.subject != "case":
            return "handler"
        return self.who.near(row.unit, frozenset(h["person"] for h in row.handlers if h["person"]))

    def _project(self, homes: Sequence[str], registered: Registers, stored: Sequence[Record]) -> None:
        now = instant(self.now)
        for_all = any(r.kind in register_kinds(self.basis.vocabulary) for r in stored)
        others = CaseRow.objects.filter(bureau=self.basis.bureau)
        if for_all:
            # Certificates and decisions to apply a text bear on every file of the bureau: the worker judges them again. Before
            # the counters, so that whoever holds one of these rows never waits for a row that we hold.
            others.exclude(root__in=homes).update(next_change=now)
        for home in sorted(homes):
            at = moment_of_judging(self.files[home], now)
            project(self.rows[home], self.files[home], self.basis, registered, at)
            remember(self.files[home])
        if for_all:
            others.filter(root__in=homes).update(next_change=now)
        judging.keep(self.basis, now)

    def _refuse_all(self, records: Sequence[Record], each: Sequence[Sequence[Finding]]) -> None:
        several = len(records) > 1
        findings = [
            Finding(f.code, f.fields, f"/records/{n}{f.place}" if several else f.place)
            for n, listed in enumerate(each)
            for f in listed
        ]
        if findings:
            raise NotTaken.because(findings)

    def _refuse(self, findings: Sequence[Finding], where: str = "", closed: tuple[Gate, ...] = ()) -> None:
        if findings:
            raise NotTaken.because((Finding(f.code, f.fields, where + f.place) for f in findings), closed)


def moment_of_judging(home: Filed, now: Instant) -> Instant:
    """Return the moment at which a file is judged: now, or the latest receipt where another server's clock is ahead."""
    return max(now, home.entries[-1].record.received) if home.entries else now
