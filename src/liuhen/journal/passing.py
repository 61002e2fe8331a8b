"""Time passing (时间推移): files are judged again at the moment at which something in them changes by itself."""

from __future__ import annotations

import logging

from django.db import transaction

from liuhen.ground.moments import MINUTE, Instant
from liuhen.journal.filed import filed
from liuhen.journal.intake import moment_of_judging
from liuhen.journal.judging import basis
from liuhen.journal.models import CaseRow
from liuhen.journal.projecting import project
from liuhen.journal.registers import registers

AT_ONCE = 500
log = logging.getLogger(__name__)


def pass_time(now: Instant) -> int:
    """Judge again, one by one, up to 500 files whose next change has come; return how many. Each is a transaction of its own."""
    due = list(
        CaseRow.objects.filter(next_change__lte=now).order_by("next_change").values_list("root", flat=True)[:AT_ONCE]
    )
    return sum(judge_again(root, now) for root in due)


def judge_again(root: str, now: Instant) -> bool:
    """Judge one file again if its next change has come; False when somebody else has done so meanwhile."""
    with transaction.atomic():
        row = CaseRow.objects.select_for_update().filter(root=root, next_change__lte=now).first()
        if row is None:
            return False
        judged_by = basis(row.bureau)
        bare = filed(row, judged_by.zone)
        project(row, bare, judged_by, registers(judged_by), moment_of_judging(bare, now))
        if row.next_change is not None and row.next_change <= now:
            # A rule that calls for the same moment again would keep the worker at this file for ever.
            log.error("file %s asks to be judged again at once; put off by a minute", root)
            CaseRow.objects.filter(root=root).update(next_change=now + MINUTE)
    return True
