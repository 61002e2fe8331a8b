"""The rule language as values (规则语言): what a sound rulebook says; docs/rule-language.md describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from liuhen.ground.errors import Refused
from liuhen.ground.moments import Day
from liuhen.ground.words import Words

FORMS = ("response", "content", "order", "coverage", "retention", "absence")
UNITS = frozenset({"seconds", "minutes", "hours", "natural_days", "working_days", "months", "years"})
WEIGHTS = frozenset({"duty", "advice", "measure", "hint"})


class InvalidRulebook(Refused):
    """A rulebook that can't be used (规则无效): B-… with file and line."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time (时限): an amount with its unit, or the setting or field that gives the amount.

    `rolls`: a last day on a holiday moves to the next working day; said in the length itself by parts of an order alone.
    """

    amount: int = 0
    unit: str = ""
    setting: str = ""
    field: str = ""
    rolls: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison (比较): an operator and a plain value, a setting's value, or another field times a number.

    `plus`: so long after the moment in that field. `kinds`: the field of the last such record before, not of the record itself.
    `percent`: so many per cent of that field for each day from one date of the record to another, both days counted.
    """

    op: str
    value: Any = None
    setting: str = ""
    field: str = ""
    times: int = 1
    plus: Limit | None = None
    kinds: frozenset[str] = frozenset()
    percent: int = 0
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a condition (条件项): a key (`field`, `case.field`, `mark`, `has`, `record`, `hour`, …) and what it asks."""

    key: str
    compare: Compare | None = None
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition (条件): all or any of its tests; one level of nesting."""

    tests: tuple[Test | Condition, ...]
    any: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked for or looked for (组成部分): records of some kinds, linked to the trigger; or any of several.

    `other`: of another subject of the kind `link` than the trigger's. `by`, `approved_by`: any of these roles.
    `open`: only what opened a subject that has not closed since.
    """

    kinds: frozenset[str] = frozenset()
    where: Condition | None = None
    link: str = ""
    other: bool = False
    at_least: int = 1
    one_for_every: int = 0
    of_each: str = ""
    of_each_in: str = ""
    by: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    shared: bool = False
    weight: str = ""
    words: Words | None = None
    any: tuple[Part, ...] = ()
    latest: bool = False
    same: str = ""
    wait: Limit | None = None
    at_most: Limit | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """What makes a rule apply (触发): a record, the first of its subject, a state, a period, a gap, a lapse or a mark.

    A period is one of the calendar (`each`; `at_end`: what follows when it is over), or runs from the last time (`every`).
    """

    type: str
    kinds: frozenset[str] = frozenset()
    where: Condition | None = None
    first: bool = False
    each: str = ""
    per: str = ""
    at_end: bool = False
    every: Limit | None = None
    gap_in: str = ""
    after: Part | None = None
    without: Part | None = None
    within: Limit | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Excuse:
    """What excuses (免予): a record, and which of the missing parts it covers (`all` or ids by sort).

    `beside`: records without which it excuses nothing.
    """

    by: Part
    all: bool = True
    kinds: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    signatures: frozenset[str] = frozenset()
    beside: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer limit when granted in time (延长): by which record, by how much (a field of that record may say it).

    `not_after`: a date in that record that may end it sooner, never before the plain limit.
    """

    by: Part
    limit: Limit
    not_after: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """When the clock stands (停算): from a record until another, or (`until` None) during a record; `article` allows it.

    `expected`: a date in the first record after which the clock runs again though the other one never came.
    """

    start: Part
    until: Part | None = None
    article: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Instead:
    """Another clock (另行计算): when such a record stands, this limit from that moment counts.

    The limit may stand in a field of that record. `start`: a moment of it, or `trigger`: where the rule's own clock starts.
    """

    by: Part
    limit: Limit
    start: str = "done_at"


@dataclass(frozen=True, slots=True)
class Apart:
    """Roles that different persons hold (应为不同的人): of one record, or of it (`roles`) and of records beside it (`there`)."""

    roles: tuple[str, ...]
    beside: Part | None = None
    there: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Has:
    """What a record must carry (应载明)."""

    fields: tuple[tuple[str, ...], ...] = ()
    signatures: tuple[tuple[str, ...], ...] = ()
    approvals: tuple[tuple[str, ...], ...] = ()
    officers: int = 0
    officers_valid: bool = False
    compares: tuple[tuple[str, Compare], ...] = ()
    files: int = 0
    file_role: str = ""
    parts: tuple[Part, ...] = ()
    names: Part | None = None
    links: tuple[tuple[str, ...], ...] = ()
    each_signs: tuple[str, ...] = ()
    apart: tuple[Apart, ...] = ()


@dataclass(frozen=True, slots=True)
class Keep:
    """How long a thing is kept (保存): at least a limit from a moment, as long as the case file, or a class."""

    limit: Limit | None = None
    start: str = "until"
    case_file: bool = False
    klass: str = ""


@dataclass(frozen=True, slots=True)
class AlsoFor:
    """The same rule for other cases (准用), citing the article that says so."""

    actions: frozenset[str]
    article: str
    entry: str = ""
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule (规则) beside its article; see docs/rule-language.md for each part. `place` is file:line."""

    id: str
    rulebook: str
    article: str
    form: str
    title: Words
    place: str
    duty: str
    per: str = "case"
    actions: frozenset[str] = frozenset()
    also_for: AlsoFor | None = None
    trigger: Trigger = Trigger("record")
    condition: Condition | None = None
    weight: str = "duty"
    attested: bool = False
    asks_from: str = "case_handler"
    gate: bool = False
    cure: Words | None = None
    steps: tuple[str, ...] = ()
    reading: str = ""
    takes_the_place_of: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    then: tuple[Part, ...] = ()
    within: Limit | None = None
    by_field: str = ""
    by_month_day: tuple[int, int] | None = None
    by_end_of: str = ""
    by_hour: str = ""
    by_hour_setting: str = ""
    start: str = "done_at"
    waits: Limit | None = None
    any_time: bool = False
    rolls: bool = False
    extended: Extension | None = None
    stops: tuple[Stop, ...] = ()
    excused: tuple[Excuse, ...] = ()
    instead: Instead | None = None
    stand_in: tuple[Part, tuple[Part, ...]] | None = None
    for_each: tuple[str, str] | None = None
    has: Has = Has()
    need: tuple[Part, ...] = ()
    extent: str = "some"
    gaps: str = "any"
    explained: Part | None = None
    device: str = ""
    media: frozenset[str] = frozenset()
    who: str = ""
    tolerance: Limit | None = None
    keep: tuple[Keep, ...] = ()
    raised_by: tuple[Part, ...] = ()
    released_by: tuple[Part, ...] = ()
    ended_by: tuple[Part, ...] = ()
    second_of: str = ""
    second_same: str = ""
    hours: tuple[int, int] | None = None
    day_type: str = ""
    examples: tuple[Any, ...] = ()

    @property
    def ref(self) -> str:
        """`rulebook/rule`, unique in a stack."""
        return f"{self.rulebook}/{self.id}"

    def asked_in(self, action: str | None) -> bool:
        """Whether the rule is asked in cases of an action type; None, a file that is no case, is asked by every rule."""
        if action is None or not self.actions or action in self.actions:
            return True
        return self.also_for is not None and action in self.also_for.actions


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that the text leaves to the office (设定): its unit, names, and who decided it when."""

    id: str
    value: Any
    unit: str
    words: Words
    decided: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """Where a question is answered (何处回答): the kind of record and its field, and the role that answers."""

    kind: str
    field: str
    role: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A fact with a name (标记), true when any of its conditions holds; `answered` is where a person says whether it is."""

    id: str
    words: Words
    any: tuple[Condition, ...]
    place: str
    entries: tuple[str, ...] = ()
    answered: Answered | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How an unclear article is read (理解), and what reading it otherwise would do."""

    id: str
    text: Words
    instead: Words
    decided: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the requirement matrix (条目): its number and what carries it, or why software can't decide it."""

    no: str
    checkable: str
    carrier: str = ""
    carried: tuple[str, ...] = ()
    why: str = ""
    note: Words | None = None
    examples: tuple[Any, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article (条): what it asks in our words, its readings, entries and rules."""

    no: str
    asks: Words
    readings: Mapping[str, Reading] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    rules: tuple[Rule, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A regulation as executable rules (规则): data only, known by its digest.

    Attributes:
        in_force_from, in_force_to: first and last day (ordinals) of the text; `to` None while it has no end.
        actions: action types of the cases it judges; empty: all.
        named: the kinds that it names itself, or brings; not those that it reaches by a group alone.
    """

    id: str
    title: Words
    short: Words
    issuer: Words
    version: str
    in_force_from: Day
    in_force_to: Day | None
    in_force_note: Words | None
    actions: frozenset[str]
    article_count: int
    settings: Mapping[str, Setting]
    marks: Mapping[str, Mark]
    articles: Mapping[str, Article]
    digest: str
    lists: tuple[Mapping[str, Any], ...] = ()
    named: frozenset[str] = frozenset()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules in the order of the articles."""
        return tuple(r for a in self.articles.values() for r in a.rules)


@dataclass(frozen=True, slots=True)
class Cite:
    """An article cited (依据): rulebook, article number, and the short name to show."""

    rulebook: str
    article: str
    short: Words

    def words(self) -> Words:
        """Return such as 霸州记录办法第16条 / Bazhou measures, art. 16."""
        head, _, item = self.article.partition(".")
        if head.startswith("form"):
            return Words(f"{self.short.zh}附件{head[4:]}", f"{self.short.en}, annex {head[4:]}")
        if head == "unread":
            # Known to be in the text, read by nobody here: no number is made up.
            return Words(f"{self.short.zh}（条号待核）", f"{self.short.en}, article to be checked")
        if not head.isdigit():
            return Words(f"{self.short.zh}附则", f"{self.short.en}, final clause")
        zh = f"{self.short.zh}第{head}条"
        return Words(zh + (f"第{item}项" if item.isdigit() else ""), f"{self.short.en}, art. {self.article}")
