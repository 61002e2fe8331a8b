"""Cases that a person may look at because the head approved it (经批准可查阅的案件): they stand in his list as others do."""

from __future__ import annotations

from time import monotonic

from django.db.models import Max

from liuhen.ground.moments import Instant
from liuhen.journal.access import APPROVAL, ENDS, REQUEST, WITHDRAWAL, approved, is_of
from liuhen.journal.filed import COLUMNS, decode, filed
from liuhen.journal.judging import Basis
from liuhen.journal.models import CaseRow, RecordRow
from liuhen.journal.who import Who

KEEP_SECONDS = 20.0
MOST_REQUESTS = 200
_BEARING = (REQUEST, APPROVAL, WITHDRAWAL, *sorted(ENDS))
_kept: dict[tuple[str, str, int], tuple[float, tuple[str, ...]]] = {}


def approved_roots(who: Who, basis: Basis, now: Instant) -> tuple[str, ...]:
    """Return the cases for which the person asked and has the head's approval at `now`.

    Among the latest 200 requests that he brought himself, and the bureau's latest 200 where a clerk brought his. Nothing for
    those whom no approval opens a case, and for those who see all of them anyway. One query; three more and a walk over each
    file asked for every KEEP_SECONDS, and at once when a request, approval, refusal, end or withdrawal came in.
    """
    if who.may("look", "case", "bureau") or not who.may("look", "case", "bureau", approved=True):
        return ()
    bearing = RecordRow.objects.filter(bureau=who.bureau, kind__in=_BEARING)
    key = (who.bureau, who.person, bearing.aggregate(last=Max("seq"))["last"] or 0)
    kept = _kept.get(key)
    if kept is not None and monotonic() - kept[0] < KEEP_SECONDS:
        return kept[1]
    rows = RecordRow.objects.filter(bureau=who.bureau, kind=REQUEST).order_by("-seq").values_list(*COLUMNS)
    own = rows.filter(actor=who.person) if who.person else rows.none()
    homes = {e.home for asked in (own, rows) for e in decode(asked[:MOST_REQUESTS], basis.zone) if is_of(e, who)}
    today = basis.calendar.day_at(now)
    cases = CaseRow.objects.filter(bureau=who.bureau, subject="case", root__in=homes).order_by("-last_received")
    found = tuple(row.root for row in cases if approved(who, filed(row, basis.zone), today))
    if len(_kept) > 5_000:
        _kept.clear()
    _kept[key] = (monotonic(), found)
    return found


def forget() -> None:
    """Forget what was kept: for tests."""
    _kept.clear()
