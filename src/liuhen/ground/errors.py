"""Refusals (不予接受): exceptions that carry a finding, so that a person learns what to do and a program reads the code."""

from __future__ import annotations

from collections.abc import Iterable

from liuhen.ground.findings import Finding


class Refused(Exception):
    """Something was refused and nothing was stored (不予登记).

    Attributes:
        findings: why, in the order found; never empty.
        finding: the first of them.
    """

    def __init__(self, code: str, /, place: str = "", **fields: object) -> None:
        self.findings: tuple[Finding, ...] = (Finding(code, fields, place),)
        super().__init__(self.findings[0].sentence("en"))

    @classmethod
    def for_all(cls, findings: Iterable[Finding]) -> Refused:
        """Return one refusal for several findings, so that nobody is refused twice for one form."""
        listed = tuple(findings)
        refusal = cls.__new__(cls)
        refusal.findings = listed
        Exception.__init__(refusal, "; ".join(f.sentence("en") for f in listed))
        return refusal

    @property
    def finding(self) -> Finding:
        """The first finding."""
        return self.findings[0]


class InvalidRecord(Refused):
    """A record that can't be one (记录无效)."""


class InvalidVocabulary(Refused):
    """A vocabulary file that can't be read (词表无效)."""
