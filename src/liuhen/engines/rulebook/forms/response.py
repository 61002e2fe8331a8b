"""The response form (应有): after (or in every) T there is an R, in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from liuhen.engines.rulebook.clocks import late_by
from liuhen.engines.rulebook.duty import Late, Missing
from liuhen.engines.rulebook.forms.frame import (
    EVER,
    OF_THE_CASE,
    Ending,
    Excuses,
    Rows,
    Run,
    Workshop,
    applying,
    at_moment,
    closes_its_own,
    ending,
    follows_closing,
    met_rows,
    row,
    unmet,
)
from liuhen.engines.rulebook.forms.response_clock import Count, ResponseClock
from liuhen.engines.rulebook.held import Held
from liuhen.engines.rulebook.language import Rule
from liuhen.engines.rulebook.parts import Wanted, finder, wanted
from liuhen.ground.moments import Instant
from liuhen.ground.record import Record

_BEGINNING = EVER


def compile_response(rule: Rule, shop: Workshop) -> Run:
    """Compile a response rule whose trigger is a record (first or each)."""
    judge = Judge(rule, shop)
    applies_to = applying(rule, shop, first=rule.trigger.first)
    each, plain = rule.for_each, judge.plain

    def run(h: Held, triggers: Sequence[Record], out: Rows) -> None:
        used: set[str] | None = set() if len(triggers) > 1 else None
        for t in applies_to(h, triggers, out):
            if each is not None:
                _one_by_one(h, t, each, judge, out)
            elif not plain or not judge.in_time(h, t, out, used):
                judge(h, t, out, used)

    def _one_by_one(h: Held, t: Record, each: tuple[str, str], judge: Judge, out: Rows) -> None:
        field, named_in = each
        names = named(h.field(t, field))
        if not names:
            out.append(row(h, shop, rule, t, "unknown", asks=(field,)))
        for name in names:
            judge(h, t, out, None, note=name, among=_naming(h, named_in, name))

    return run


def _naming(h: Held, field: str, name: str) -> Callable[[Record], bool]:
    return lambda r: name in named(h.field(r, field))


def named(value: object) -> list[str]:
    """Return the names in a field: of persons, of a list of texts, or one text; each once."""
    listed = value if isinstance(value, list) else [value]
    found = (one.get("name") if isinstance(one, dict) else one for one in listed)
    return list(dict.fromkeys(n.strip() for n in found if isinstance(n, str) and n.strip()))


class Judge:
    """Judges one trigger of a response rule (逐个触发判断)."""

    def __init__(self, rule: Rule, shop: Workshop) -> None:
        self.rule = rule
        self.shop = shop
        kinds = rule.trigger.kinds
        self.asked = [wanted(p, shop.predicates, shop.vocabulary, but_itself=kinds) for p in rule.then]
        self.shared = [p.shared for p in rule.then]
        self.met = met_rows(shop, rule)
        self.parts = [(p, s, p.weight in ("", "duty")) for p, s in zip(self.asked, self.shared, strict=True)]
        self.clock = ResponseClock(rule, shop)
        self.excuses = Excuses(rule.excused, shop.predicates) if rule.excused else None
        self.stand_in = None
        if rule.stand_in is not None:
            by, then = rule.stand_in
            self.stand_in = (finder(by, shop.predicates), [wanted(p, shop.predicates, shop.vocabulary) for p in then])

        # One record, asked for as a duty, and a clock (if any) that starts with the trigger: most rules, most often met in time.
        clock = self.clock
        timed = clock.due_after is not None and clock.instead is None
        plain = len(self.parts) == 1 and self.parts[0][0].simple and self.parts[0][2] and rule.waits is None
        self.follows = follows_closing(rule, clock.limited, shop.vocabulary)
        self.plain = plain and (timed or not clock.limited) and not self.follows
        self.of_the_case = rule.per in OF_THE_CASE

    def in_time(self, h: Held, t: Record, out: Rows, used: set[str] | None) -> bool:
        """Add the row of a trigger whose one record is there in time, and say so; False where more has to be looked at."""
        due, clock = None, self.clock
        if clock.due_after is not None:
            began = clock.start(h, t)
            if began is None:
                return False
            due = clock.due_after(*began).at
            if due is None:
                return False
        part, shared, _ = self.parts[0]
        found = part.find(h, t, _BEGINNING if self.rule.any_time else t.instant, None if shared else used)
        if not found:
            return False
        r, archived = found[0], h.archived_by
        if archived is not None and found[-1].instant > archived.instant:
            return False
        if due is not None:
            if r.instant >= due or r.received >= due:
                return False
        elif (closed := h.closed_by) is not None and not (
            self.of_the_case and r.instant <= closed.instant and r.received <= closed.received
        ):
            return False
        if used is not None and not shared:
            used.add(r.id)
        out.append(self.met(h, t, due, (r.id,)))
        return True

    def __call__(
        self,
        h: Held,
        t: Record,
        out: Rows,
        used: set[str] | None,
        since: Instant | None = None,
        note: str = "",
        among: Callable[[Record], bool] | None = None,
    ) -> None:
        """Add the row of trigger `t`; `used` are records that met an earlier trigger, `among` says which may meet this one."""
        rule, shop, clock = self.rule, self.shop, self.clock
        began = clock.start(h, t) if clock.limited or rule.waits is not None else None
        if rule.waits is not None:
            if began is None:
                out.append(row(h, shop, rule, t, "unknown", asks=(rule.start,), note=note))
                return
            if h.at < began[0]:
                # Nothing is asked before; the file is looked at again when that moment comes.
                h.next_due = began[0] if h.next_due is None else min(h.next_due, began[0])
                return
            since, t = began[0], at_moment(t, *began)
        begun = t.instant if since is None else since
        due, count = None, None
        if clock.limited:
            counted = clock.count(h, t, began)
            if isinstance(counted, str):
                out.append(row(h, shop, rule, t, "unknown", asks=(counted,), since=since, note=note))
                return
            count, due = counted, counted.due.at
        elif self.follows and closes_its_own(h, rule, t):
            due = shop.calendar.instant(t.end_day + 1)
        archived, end = h.archived_by, None
        earliest = _BEGINNING if rule.any_time else begun
        found_at = received = _BEGINNING
        met_by: tuple[str, ...] = ()
        missing: tuple[Missing, ...] = ()
        hints: tuple[Missing, ...] = ()
        for part, shared, asks_for in self.parts:
            many = 1 if part.simple else how_many(h, part, t)
            found = part.find(h, t, earliest, None if shared else used)
            if found and (among is not None or (archived is not None and found[-1].instant > archived.instant)):
                end = end or ending(h, rule, t, begun)
                found = [r for r in found if (among is None or among(r)) and _in_file(r, end, due)]
            if len(found) >= many:
                for r in found[:many]:
                    met_by += (r.id,)
                    if asks_for:
                        found_at = max(found_at, r.instant)
                        received = max(received, r.received)
                    if used is not None and not shared:
                        used.add(r.id)
            elif asks_for:
                missing += part.missing
            else:
                hints += part.missing
        if missing and self.stand_in is not None:
            by, others = self.stand_in
            if reasons := by(h, t, _BEGINNING, None):
                stood = [o.find(h, t, _BEGINNING, None)[: o.many] for o in others]
                if all(len(s) == o.many for s, o in zip(stood, others, strict=True)):
                    met_by = (reasons[0].id, *(r.id for s in stood for r in s))
                    missing, found_at = (), max(r.instant for s in stood for r in s)
        if not missing:
            late, after, provisional = self._lateness(h, t, begun, count, due, found_at, received)
            if late is None and not after and not provisional and not hints and since is None and not note:
                out.append(self.met(h, t, due, met_by))
                return
            out.append(
                row(
                    h, shop, rule, t, "met", due=due, met_by=met_by, missing=hints, late=late, provisional=provisional,
                    recorded_after=after, since=since, note=note,
                )
            )  # fmt: skip
            return
        if self.excuses is not None:
            missing, by_whom = self.excuses.left(h, t, missing)
            if not missing:
                out.append(
                    row(
                        h, shop, rule, t, "excused", due=due, met_by=met_by, excused_by=by_whom, since=since, note=note
                    )
                )  # fmt: skip
                return
        missing += hints
        status = unmet(h, end or ending(h, rule, t, begun), due)
        asks: tuple[str, ...] = ()
        paused = count is not None and count.due.paused
        provisional = count is not None and count.due.provisional
        if paused and status == "overdue":
            status = "due"
        elif provisional and status == "overdue":
            # Counted by weekends alone: an announced holiday could still move it, so it is not called overdue.
            status, asks = "unknown", ("calendar",)
        out.append(
            row(
                h, shop, rule, t, status, due=due, missing=missing, met_by=met_by, asks=asks, paused=paused and status == "due",
                provisional=provisional, since=since, note=note,
            )
        )  # fmt: skip

    def _lateness(
        self,
        h: Held,
        t: Record,
        begun: Instant,
        count: Count | None,
        due: Instant | None,
        found_at: Instant,
        received: Instant,
    ) -> tuple[Late | None, bool, bool]:
        """Return by how much what was found is late, whether it was recorded after, and whether the calendar leaves that open."""
        if found_at == _BEGINNING:
            return None, False, False
        if count is None and due is not None:
            late = late_by(self.shop.calendar, due, found_at, "natural_days") if found_at >= due else None
            return late, late is None and received >= due, False
        if count is not None and count.due.at is not None:
            due = count.due.at
            if found_at >= due:
                # An announced holiday could still move the moment.
                late = None if count.due.provisional else late_by(self.shop.calendar, due, found_at, count.unit)
                return late, False, count.due.provisional
            replaced = count.first is not None and count.started_by.received >= count.first
            return None, received >= due or (replaced and count.first is not None and found_at >= count.first), False
        last = h.closed_by
        if count is not None or last is None:
            return None, False, False
        if self.rule.per in OF_THE_CASE and found_at <= last.instant and received <= last.received:
            return None, False, False
        closed = ending(h, self.rule, t, begun).closed
        if closed is None:
            return None, False, False
        calendar = self.shop.calendar
        # A closing without an hour lasts until the end of its day.
        whole_day = closed.precision == "day"
        day = calendar.day_at(found_at)
        if found_at > closed.instant and not (whole_day and day <= closed.day):
            return Late(max(1, day - closed.day), "natural_days"), False, False
        after = received > closed.received and not (whole_day and calendar.day_at(received) <= closed.day)
        return None, after, False


def how_many(h: Held, part: Wanted, t: Record) -> int:
    """Return how many records a part asks for: its number, or one for so many open subjects (of the same unit as the trigger)."""
    if not part.ratio:
        return part.many
    counted = open_subjects(h, part.of_each)
    if part.of_each_in:
        mine = h.subject_of(part.of_each_in, t)
        counted = [r for r in counted if h.subject_of(part.of_each_in, r) == mine]
    return -(-len(counted) // part.ratio)


def _in_file(r: Record, end: Ending | None, due: Instant | None) -> bool:
    """Whether a record may still cure: not once the file is archived, unless it is in time all the same."""
    if end is None or end.archived is None or (due is not None and r.instant < due):
        return True
    archived = end.archived
    return r.instant <= archived.instant or (r.day == archived.day and "day" in (r.precision, archived.precision))


def open_subjects(h: Held, subject: str) -> list[Record]:
    """Return the opening records of subjects of a kind that are open at the moment."""
    return [r for r, end in h.subjects(subject) if r.instant <= h.at and (end is None or end > h.at)]
