"""Destroying personal content whose time is over (销毁个人信息): the key goes, open part and Ledger stay whole."""

from __future__ import annotations

from django.db import transaction

from liuhen.ground.moments import Instant
from liuhen.journal import filed
from liuhen.journal.auditing import kept, result
from liuhen.journal.intake import moment_of_judging
from liuhen.journal.judging import basis
from liuhen.journal.keys import delete_key
from liuhen.journal.models import CaseRow
from liuhen.journal.projecting import project
from liuhen.journal.registers import registers


def destroy_content(home: str, now: Instant) -> bool:
    """Destroy the personal content of one file for good; whether there was any left.

    What was derived from it (names in lists) goes in the same transaction, and after it the names in the last audit and in
    one that runs meanwhile; so this is not called within another transaction. Other processes see it at their next look.
    Backups of the database hold the wrapped key until they run out: docs/running.md says how long to keep them. Whether it
    may be done (retention, approval, its record) is asked by whoever calls.
    """
    with transaction.atomic():
        row = CaseRow.objects.select_for_update().get(root=home)
        gone = delete_key(home)
        row.destroyed = True
        filed.forget(home)
        judged_by = basis(row.bureau)
        bare = filed.filed(row, judged_by.zone)
        project(row, bare, judged_by, registers(judged_by), moment_of_judging(bare, now))
    filed.forget(home)
    # A result that is put in place after this one was committed is looked through before (`running.put_in_place`).
    with kept.changing(row.bureau):
        result.forget(kept.result_file(row.bureau), [home])
    return gone
