"""What the door answers when it takes nothing (未予登记): findings, and for closed gates all that a page shows of them."""

from __future__ import annotations

from collections.abc import Iterable

from liuhen.engines.rulebook import Gate
from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding
from liuhen.ground.vocabulary import Kind
from liuhen.journal.models import CaseRow


class NotTaken(Refused):
    """The door did not take a record and stored nothing (未予登记).

    Attributes:
        gates: the closed gates, when these were the reason: article, what is needed, state, why, cure, and the kinds to record.
    """

    gates: tuple[Gate, ...] = ()

    @classmethod
    def because(cls, findings: Iterable[Finding], gates: Iterable[Gate] = ()) -> NotTaken:
        """Return the refusal for these findings."""
        refusal = cls.for_all(findings)
        assert isinstance(refusal, NotTaken)
        refusal.gates = tuple(gates)
        return refusal


def gate_finding(gate: Gate, kind: Kind, row: CaseRow) -> Finding:
    """Return G-011 for one closed gate: article, what is needed first, how that stands, why it applies, what to do."""
    fields = {
        "case": row.number or row.root,
        "record": kind.words,
        "article": gate.cite.words(),
        "needed": gate.needed,
        "state": gate.state,
        "why": gate.why,
        "cure": gate.cure,
    }
    return Finding("G-011", fields)
