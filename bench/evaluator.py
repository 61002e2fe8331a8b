"""How many cases a second does the rule engine judge by the whole of bazhou, with every obligation?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import process_time

from bench.figures import Sheet, percentile
from liuhen.dossier.read import read
from liuhen.engines.rulebook import Ongoing, Register, Stack, build_stack, explain, load_rulebook, shipped
from liuhen.ground.calendar import Calendar
from liuhen.ground.case import Case
from liuhen.ground.moments import HOUR, Instant, instant
from liuhen.ground.record import Record
from liuhen.ground.vocabulary import default

SAMPLE = Path(__file__).parents[1] / "samples" / "perfect-case"
STEPS = (
    "act.inspection",
    "recording.completed",
    "onsite_inspection_transcript",
    "ingest_record",
    "act.questioning",
    "interview_transcript",
)
TIMES = 7
MORE = 60


def main() -> int:
    """Print cases a second and the time of a large case, each beside the hand-written loop."""
    sheet = Sheet("The rule engine, one core")
    dossier = read(SAMPLE, default(), files=False)
    of_case = [r for r in dossier.records if r.kind == "case.opened" or r.links.get("case")]
    applied = [r for r in dossier.records if r.kind == "rulebook.applied_on"]
    register = Register.of(r for r in dossier.records if r.kind == "officer.certificate")
    calendar = Calendar.load()
    stack = build_stack([load_rulebook(shipped()["bazhou"], default())], default(), calendar)
    first = Case.of(of_case[:25])
    large = Case.of(_grown(of_case, 200))
    at = instant(max(r.done_at for r in large.records) + timedelta(days=3))

    def judge(case: Case) -> Callable[[], object]:
        return lambda: stack.judge(case, at, register=register, applied=applied)

    duties = stack.judge(first, at, register=register, applied=applied).duties
    sheet.note(
        f"the sample case “perfect-case”: its first {len(first.records)} records have {len(duties)} obligations, of "
        f"{len(stack.rules)} rules; the hand-written loop asks {len(by_hand(first.records, at, calendar))} of them"
    )
    each = _seconds(judge(first), 300)
    loop = _seconds(lambda: by_hand(first.records, at, calendar), 2000)
    sheet.figure(
        "cases of 25 records", 1 / each, "cases/s", yardstick=("the hand-written loop", 1 / loop), at_least=3000
    )
    told = _seconds(lambda: _explained(stack, first, at, register, applied), 20)
    sheet.figure(
        "the same, every explanation rendered", 1 / told, "cases/s", yardstick=("without explanations", 1 / each)
    )
    sheet.note(
        f"the large case: {len(large.records)} records, "
        f"{len(stack.judge(large, at, register=register, applied=applied).duties)} obligations"
    )
    whole = _seconds(judge(large), 40)
    loop = _seconds(lambda: by_hand(large.records, at, calendar), 300)
    sheet.figure(
        "a case of 200 records", whole * 1000, "ms", yardstick=("the hand-written loop", loop * 1000), at_most=3.0
    )
    for size in (25, 400):
        _one_more(sheet, stack, of_case, size, at, register, applied)
    return sheet.status()


def _one_more(
    sheet: Sheet,
    stack: Stack,
    of_case: list[Record],
    size: int,
    at: Instant,
    register: Register,
    applied: list[Record],
) -> None:
    """Print what the obligations cost after one more record of the commonest kinds, the mean of the medians of each kind."""
    records = _grown(of_case[:25] if size == 25 else of_case, size + MORE)
    case, further = Case.of(records[:size]), records[size:]
    # Of each record the shortest of several times, since other programs share the machine.
    shortest = [float("inf")] * len(further)
    for _ in range(TIMES):
        ongoing = Ongoing(stack, case, at, register, applied)
        for n, r in enumerate(further):
            start = process_time()
            ongoing.take(r, at)
            shortest[n] = min(shortest[n], (process_time() - start) * 1000)
    taken: dict[str, list[float]] = {}
    for r, ms in zip(further, shortest, strict=True):
        taken.setdefault(r.kind, []).append(ms)
    whole = _seconds(lambda: stack.judge(case, at, register=register, applied=applied), 20 if size > 100 else 200)
    medians = {kind: percentile(times, 0.5) for kind, times in taken.items()}
    sheet.figure(
        f"one more record, on a case of {size}",
        sum(medians.values()) / len(medians),
        "ms",
        yardstick=("judging the whole file", whole * 1000),
        at_most=0.2,
    )
    sheet.note("by kind: " + ", ".join(f"{kind} {ms:.3f}" for kind, ms in sorted(medians.items())) + " ms")


def _seconds(work: Callable[[], object], count: int) -> float:
    """Return the processor seconds of one piece of work: the best of several, since other programs share the machine."""
    best = float("inf")
    for _ in range(TIMES):
        start = process_time()
        for _ in range(count):
            work()
        best = min(best, (process_time() - start) / count)
    return best


def _explained(stack: Stack, case: Case, at: Instant, register: Register, applied: list[Record]) -> int:
    duties = stack.judge(case, at, register=register, applied=applied).duties
    return sum(1 for d in duties if explain(stack, d, case, at, register=register, applied=tuple(applied)) is not None)


def _grown(records: list[Record], size: int) -> list[Record]:
    """Return the case with its inspections and questionings repeated until it has `size` records."""
    again = [r for r in records if r.kind in STEPS]
    out = list(records)
    turn = 0
    while len(out) < size:
        turn += 1
        ids = {r.id: f"{r.id[:-6]}{turn:03d}{n:03d}" for n, r in enumerate(again)}
        for r in again[: size - len(out)]:
            links = {role: tuple(ids.get(i, i) for i in named) for role, named in r.links.items()}
            out.append(replace(r, id=ids[r.id], root=ids[r.id], links=links))
    return out


def by_hand(records: tuple[Record, ...], at: Instant, calendar: Calendar) -> list[tuple[str, str, str]]:
    """Return (duty, record, status) as a programmer would write the commonest duties of bazhou for this one kind of case."""
    out: list[tuple[str, str, str]] = []
    about: dict[str, list[Record]] = {}
    kinds: dict[str, Record] = {}
    for r in records:
        kinds.setdefault(r.kind, r)
        for target in r.links.get("about", ()):
            about.setdefault(target, []).append(r)
    closed, archived = kinds.get("case.closed"), kinds.get("case_file")
    missing = "breached" if archived else "overdue" if closed else "due"

    def there(duty: str, trigger: Record, found: bool) -> None:
        out.append((duty, trigger.id, "met" if found else missing))

    def filled(duty: str, r: Record, fields: tuple[str, ...], roles: tuple[str, ...]) -> None:
        signed = {s.role for s in r.signatures}
        whole = all(r.content.get(f) not in (None, "") for f in fields) and all(role in signed for role in roles)
        out.append((duty, r.id, "met" if whole else "breached" if archived else "overdue"))

    for r in records:
        mine = about.get(r.id, [])
        if r.kind == "act.inspection":
            there("transcript", r, any(x.kind == "onsite_inspection_transcript" for x in mine))
            filmed = any(x.kind == "recording.completed" and x.instant <= r.end and r.instant <= x.end for x in mine)
            late = "due" if at <= r.end + 24 * HOUR else "breached" if archived else "overdue"
            out.append(("filmed", r.id, "met" if filmed else late))
        elif r.kind == "act.questioning":
            there("transcript", r, any(x.kind == "interview_transcript" for x in mine))
        elif r.kind == "recording.completed":
            stored = next((x for x in mine if x.kind == "ingest_record"), None)
            in_time = stored is not None and stored.instant <= r.end + 24 * HOUR
            out.append(("stored", r.id, "met" if in_time else "late" if stored else missing))
        elif r.kind in ("onsite_inspection_transcript", "interview_transcript"):
            filled("signed and dated", r, ("signing_date",), ("enforcement_officer",))
            filled("signed by the party", r, (), ("party",))
            filled(
                "officers named", r, ("officer_count", "officer_names", "certificate_numbers", "certificate_shown"), ()
            )
        elif r.kind == "procedure_initiation_approval_form":
            filled("initiation form", r, ("initiation_reason", "party_particulars", "handler_opinion"), ())
            filled("initiation approved", r, ("handling_unit_opinion", "agency_head_opinion"), ())
        elif r.kind == "investigation.ended":
            there("report", r, "investigation_report" in kinds)
        elif r.kind == "investigation_report":
            filled("report contents", r, ("case_source", "investigation_course", "facts_and_evidence"), ())
        elif r.kind == "decision_draft_record":
            filled("draft contents", r, ("drafter", "drafting_unit_reviewer", "legal_basis"), ())
        elif r.kind == "legal_review_opinion":
            filled("opinion contents", r, ("reviewer_names", "review_opinion"), ())
        elif r.kind == "decision.made":
            review = kinds.get("legal_review_opinion")
            out.append(("review first", r.id, "met" if review and review.instant <= r.instant else "breached"))
            there("signed off", r, "decision_approval_record" in kinds)
            there("decision written", r, "penalty_decision" in kinds)
            there("performance", r, "performance_record" in kinds)
        elif r.kind == "penalty_decision":
            filled("decision contents", r, ("remedies", "legal_provisions_cited"), ())
        elif r.kind == "service.direct":
            there("receipt", r, any(x.kind == "service_receipt" for x in mine))
        elif r.kind == "service_receipt":
            filled("receipt", r, ("service_date",), ("server", "addressee"))
        elif r.kind == "case.closed":
            last = calendar.instant(r.day + 31)
            done = archived is not None and archived.instant < last
            out.append(("archived", r.id, "met" if done else "late" if archived else "due" if at < last else "overdue"))
    return out


if __name__ == "__main__":
    raise SystemExit(main())
