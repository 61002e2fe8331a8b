"""The audit of the journal's own cases says what the door stored, rule by rule, whichever way it is reckoned."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from liuhen.engines.rulebook.duty import WORST_FIRST
from liuhen.ground.moments import instant
from liuhen.journal.auditing.result import STATUSES, Result
from liuhen.journal.auditing.running import audit
from liuhen.journal.judging import basis
from liuhen.journal.models import DutyRow
from liuhen.journal.models.derived import NO_END
from liuhen.rooms.samples.loading import Loaded
from tests.rooms.samples.conftest import NOW

pytestmark = pytest.mark.django_db
AT = instant(NOW)
JOINED = "JOIN rule USING (r) JOIN file USING (c) LEFT JOIN person USING (who)"
RULE = "root, rulebook || '/' || id AS rule"
DUTIES = (
    f"SELECT {RULE}, st, due, late, trigger, note, name, person, month, duty.office, subject, unit FROM duty {JOINED}"
)
MET = f"SELECT {RULE}, name, person, month, met.office, n FROM met {JOINED}"


@pytest.fixture(scope="module")
def results(loaded: Loaded, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The audit by each engine: every row of it, and the sums."""
    out = {}
    # To compile all rules takes two minutes of a processor: kept from run to run, by the digest of all that they are made of.
    statements = request.config.cache.mkdir("audit-statements")
    for engine in ("one_by_one", "duckdb"):
        path = audit(loaded.bureau["id"], AT, engine=engine, statements=statements)
        with Result(path) as found:
            out[engine] = {
                "duties": Counter(tuple(r.values()) for r in found.each(DUTIES)),
                "met": Counter(tuple(r.values()) for r in found.each(MET)),
                "number": Counter(
                    tuple(r.values())
                    for r in found.each(
                        "SELECT rule.id, unit, name, month, number.office, asked, met, late, missing, due, unknown, excused "
                        "FROM number JOIN rule USING (r) LEFT JOIN person USING (who)"
                    )
                ),
                "about": found.about,
            }
    return out


def test_all_at_once_says_what_one_by_one_says(results: dict[str, Any]) -> None:
    one, two = results["one_by_one"], results["duckdb"]
    for part in ("duties", "met", "number"):
        assert one[part] == two[part], (
            list((one[part] - two[part]).items())[:5],
            list((two[part] - one[part]).items())[:5],
        )
    assert (one["about"]["files"], one["about"]["records"]) == (two["about"]["files"], two["about"]["records"])
    assert {STATUSES[st] for _, _, st, *_ in one["duties"]} == set(WORST_FIRST)
    assert one["met"]


def test_it_says_what_the_door_stored(loaded: Loaded, results: dict[str, Any]) -> None:
    stack = basis(loaded.bureau["id"]).stack
    found = {(root, rule, STATUSES[st], due) for root, rule, st, due, *_ in results["duckdb"]["duties"]}
    stored = DutyRow.objects.filter(bureau=loaded.bureau["id"])
    told = {(d.case_id, d.rule, d.view(AT), None if d.due == NO_END else d.due) for d in stored}
    assert len(told) > 40
    assert told <= found, sorted(told - found)[:5]
    # What the door did not store stands under a duty of the same name of a stricter text, or is settled.
    names = {(d.case_id, d.duty): 9 for d in stored}
    for d in stored:
        names[d.case_id, d.duty] = min(names[d.case_id, d.duty], WORST_FIRST[d.view(AT)])
    more = [x for x in found - told if x[2] not in ("met", "excused")]
    for root, rule, status, _ in more:
        asked = stack.rule(rule)
        assert asked is not None
        assert names[root, asked.duty] <= WORST_FIRST[status], (root, rule)
