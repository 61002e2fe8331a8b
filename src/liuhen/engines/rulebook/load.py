"""Loading a rulebook (载入规则): from its folder to values, refusing with file and line what is not sound."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from liuhen.engines.rulebook import keys
from liuhen.engines.rulebook.clauses import Clauses
from liuhen.engines.rulebook.language import (
    Answered,
    Article,
    Condition,
    Entry,
    InvalidRulebook,
    Mark,
    Reading,
    Rule,
    Rulebook,
    Setting,
)
from liuhen.engines.rulebook.named import kinds_named
from liuhen.engines.rulebook.rules import read_rule
from liuhen.engines.rulebook.settings import fits_unit
from liuhen.engines.rulebook.soundness import refuse_unsound
from liuhen.ground.canonical import digest
from liuhen.ground.located import Block, files_in, read
from liuhen.ground.moments import read_date
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words

SHIPPED = Path(__file__).parents[2] / "rulebooks"
WHYS = frozenset({"definition", "purpose", "organisational", "responsibility", "optional", "liability", "form"})
CARRIERS = ("rules", "clause", "mark", "gate", "values", "read_model", "permission")


# A dossier that names no rulebook is of no bureau in particular: other bureaus' texts and the laws judge who names them.
BY_DEFAULT = ("bazhou", "anshan-legal-review")


def by_default() -> dict[str, Path]:
    """Return the rulebooks that judge where nobody named any, in the order of the stack: id → folder."""
    known = shipped()
    return {id: known[id] for id in BY_DEFAULT}


def shipped() -> dict[str, Path]:
    """Return the rulebooks of the product: id → folder."""
    return {p.name: p for p in sorted(SHIPPED.iterdir()) if (p / "rulebook.yaml").is_file()}


def vocabulary_for(paths: Iterable[Path], vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary with the kinds that the rulebooks at `paths` bring themselves."""
    for path in paths:
        if files := files_in(path / "kinds", f"{path.name}/kinds"):
            vocabulary = vocabulary.extended(files)
    return vocabulary


def load_rulebook(path: Path, vocabulary: Vocabulary) -> Rulebook:
    """Read and check the rulebook in folder `path`; `vocabulary` already has the kinds it brings.

    Refused (InvalidRulebook), with file and line: as `read_rulebook`, and B-008 to B-019 as `refuse_unsound` says.
    Cost: some 100 ms for a text of 50 articles.
    """
    rulebook = read_rulebook(path, vocabulary)
    refuse_unsound(rulebook, vocabulary, f"{path.name}/rulebook.yaml")
    return rulebook


def read_rulebook(path: Path, vocabulary: Vocabulary) -> Rulebook:
    """Read the rulebook in folder `path` without asking whether its examples and entries make it trustworthy.

    Refused (InvalidRulebook), with file and line: B-001 to B-006 as `Clauses` and `read_rule` say, B-007 no rulebook there;
    Y-… (Unreadable) for files that are none.
    """
    head_file = path / "rulebook.yaml"
    if not os.path.isfile(head_file):
        raise InvalidRulebook("B-007", path=str(path))
    bare = Clauses(vocabulary, {}, frozenset())
    shown = f"{path.name}/rulebook.yaml"
    head = bare.block(read(head_file, shown), shown, keys.HEAD)
    if head["id"] != path.name:
        raise InvalidRulebook("B-003", at=head.at("id"), key="id", wanted=f"the name of its folder, {path.name}")
    settings = _settings(head, bare)
    listed = bare.list_of(head.get("marks"), head.at("marks"))
    mark_names = frozenset(str(m.get("id")) for m in listed if isinstance(m, Block))
    clauses = Clauses(vocabulary, settings, mark_names)
    clauses.terms(head, "subjects", clauses.subjects, "subjects")
    actions = frozenset(clauses.terms(head, "actions", clauses.actions, "action types"))
    marks = _marks(head, clauses)
    files = files_in(path / "articles", f"{path.name}/articles")
    trees = [(f, read(f, f"{path.name}/articles/{f.name}")) for f in files]
    rule_ids = frozenset(
        str(r.get("id")) for _, t in trees if isinstance(t, Block) for r in _listed(t, "rules") if isinstance(r, Block)
    )
    articles: dict[str, Article] = {}
    for file, tree in trees:
        article = _article(tree, f"{path.name}/articles/{file.name}", clauses, str(head["id"]), actions, rule_ids)
        if article.no in articles:
            raise InvalidRulebook("B-003", at=article.place, key="article", wanted="one file an article")
        articles[article.no] = article
    start, end, note = _in_force(head, clauses)
    return Rulebook(
        id=str(head["id"]),
        title=clauses.words(head, "title"),
        short=clauses.words(head, "short"),
        issuer=clauses.words(head, "issuer"),
        version=clauses.text(head, "version"),
        in_force_from=start,
        in_force_to=end,
        in_force_note=note,
        actions=actions,
        article_count=clauses.whole(head["articles"], head.at("articles"), "articles", 1),
        settings=MappingProxyType(settings),
        marks=MappingProxyType(marks),
        articles=MappingProxyType(articles),
        digest=digest([_plain(head)] + [_plain(t) for _, t in trees]),
        lists=_lists(head, clauses),
        named=kinds_named([head, *(t for _, t in trees)], vocabulary) | _brought(path),
    )


def _brought(path: Path) -> frozenset[str]:
    """Return the kinds that lie in the folder of a rulebook."""
    trees = [read(file, f"{path.name}/kinds/{file.name}") for file in files_in(path / "kinds", f"{path.name}/kinds")]
    return frozenset(str(k.get("kind")) for t in trees if isinstance(t, list) for k in t if isinstance(k, Block))


def _listed(b: Block, key: str) -> list[Any]:
    held = b.get(key)
    return held if isinstance(held, list) else []


def _lists(head: Block, clauses: Clauses) -> tuple[Mapping[str, Any], ...]:
    out = []
    for item in clauses.list_of(head.get("lists"), head.at("lists")):
        b = clauses.block(item, head.at("lists"), keys.LIST)
        path, value = clauses.text(b, "values"), clauses.text(b, "contains")
        if "note" in b:
            clauses.words(b, "note")
        kind, _, field = path.rpartition(".")
        known = clauses.vocabulary.kind(kind)
        if known is None or field not in known.fields or value not in known.fields[field].values:
            raise InvalidRulebook("B-004", at=b.at("contains"), table=f"values of {path}", term=value)
        out.append(b)
    return tuple(out)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def _in_force(head: Block, clauses: Clauses) -> tuple[int, int | None, Words | None]:
    b = clauses.block(head["in_force"], head.at("in_force"), keys.IN_FORCE)
    days = []
    for key in ("from", "to"):
        held = b.get(key)
        found = read_date(str(held)) if held is not None else None
        if held is not None and found is None:
            raise InvalidRulebook("B-003", at=b.at(key), key=key, wanted="2026-03-06")
        days.append(found.toordinal() if found else None)
    if days[0] is None or (days[1] is not None and days[1] < days[0]):
        raise InvalidRulebook("B-003", at=b.at("to"), key="to", wanted="a day after from")
    return days[0], days[1], clauses.words(b, "note") if b.get("note") else None


def _settings(head: Block, clauses: Clauses) -> dict[str, Setting]:
    out: dict[str, Setting] = {}
    units = frozenset(clauses.vocabulary.terms["units"])
    for item in clauses.list_of(head.get("settings"), head.at("settings")):
        b = clauses.block(item, head.at("settings"), keys.SETTING)
        if "unit" not in b:
            raise InvalidRulebook("B-005", at=b.at("value"))
        unit = clauses.term(b["unit"], units, "units", b.at("unit"))
        value, id_ = b["value"], clauses.text(b, "id")
        if type(value) not in (str, int, bool) or not fits_unit(value, unit):
            raise InvalidRulebook("B-003", at=b.at("value"), key="value", wanted=f"a value in {unit}")
        if id_ in out:
            raise InvalidRulebook("B-003", at=b.at("id"), key="id", wanted="a setting of its own")
        decided = clauses.block(b["decided"], b.at("decided"), keys.DECIDED)
        if read_date(str(decided["on"])) is None:
            raise InvalidRulebook("B-003", at=decided.at("on"), key="on", wanted="2026-03-06")
        words = Words(clauses.text(b, "zh"), clauses.text(b, "en"))
        out[id_] = Setting(id_, value, unit, words, dict(decided))
    return out


def _marks(head: Block, clauses: Clauses) -> dict[str, Mark]:
    out: dict[str, Mark] = {}
    for item in clauses.list_of(head.get("marks"), head.at("marks")):
        b = clauses.block(item, head.at("marks"), keys.MARK)
        # A mark speaks of the whole file: its conditions have no trigger whose fields they could read.
        conditions = tuple(
            clauses.condition(c, b.at("any"), frozenset()) for c in clauses.list_of(b["any"], b.at("any"))
        )
        id_ = clauses.text(b, "id")
        if id_ in out:
            raise InvalidRulebook("B-003", at=b.at("id"), key="id", wanted="a mark of its own")
        if any(_speaks_of_marks(c) for c in conditions):
            raise InvalidRulebook("B-003", at=b.at("any"), key="mark", wanted="conditions without marks")
        words = Words(clauses.text(b, "zh"), clauses.text(b, "en"))
        out[id_] = Mark(id_, words, conditions, b.at(), tuple(clauses.names(b, "entries")), _answered(b, clauses))
    return out


def _answered(mark: Block, clauses: Clauses) -> Answered | None:
    """Read where a person answers whether a mark is true, and who that is."""
    if "answered" not in mark:
        return None
    b = clauses.block(mark["answered"], mark.at("answered"), keys.ANSWERED)
    (kind, *others) = sorted(clauses.kinds(b["in"], b.at("in")))
    if others:
        raise InvalidRulebook("B-003", at=b.at("in"), key="in", wanted="one kind")
    field = clauses.field(b["field"], frozenset({kind}), b.at("field"))
    return Answered(kind, field, clauses.term(b["from"], clauses.roles, "roles", b.at("from")))


def _speaks_of_marks(condition: Condition) -> bool:
    return any(_speaks_of_marks(t) if isinstance(t, Condition) else t.key == "mark" for t in condition.tests)


def _article(
    tree: Any, at: str, clauses: Clauses, rulebook: str, actions: frozenset[str], rules: frozenset[str]
) -> Article:
    b = clauses.block(tree, at, keys.ARTICLE)
    no = clauses.text(b, "article")
    readings: dict[str, Reading] = {}
    for item in clauses.list_of(b.get("reading"), b.at("reading")):
        r = clauses.block(item, b.at("reading"), keys.READING)
        id_ = clauses.text(r, "id", f"reading-{len(readings) + 1}")
        decided = clauses.text(r, "decided")
        readings[id_] = Reading(id_, clauses.words(r, "text"), clauses.words(r, "instead"), decided)
    entries = [_entry(e, b.at("entries"), clauses) for e in clauses.list_of(b.get("entries"), b.at("entries"))]
    if "undecided" in b and not entries:
        bare = Block(b.source, b.lines.get("undecided", b.line))
        bare.update(no=no, undecided=b["undecided"])
        entries = [_entry(bare, at, clauses)]
    listed = clauses.list_of(b.get("rules"), b.at("rules"))
    read = tuple(read_rule(r, b.at("rules"), clauses, rulebook, no, actions, rules) for r in listed)
    return Article(no, clauses.words(b, "asks"), MappingProxyType(readings), tuple(entries), read, b.at())


def _entry(item: Any, at: str, clauses: Clauses) -> Entry:
    b = clauses.block(item, at, keys.ENTRY)
    no = clauses.text(b, "no")
    note = clauses.words(b, "note") if "note" in b else None
    if "undecided" in b:
        clauses.block(b, at, keys.ENTRY_UNDECIDED)
        u = clauses.block(b["undecided"], b.at("undecided"), keys.UNDECIDED)
        why = u["why"]
        if not isinstance(why, str) or why not in WHYS:
            raise InvalidRulebook("B-003", at=u.at("why"), key="why", wanted="one of " + ", ".join(sorted(WHYS)))
        return Entry(no, "not_by_software", why=why, note=clauses.words(u, "note"), place=b.at())
    checkable = clauses.term(b.get("checkable"), frozenset({"automatic", "attested"}), "checkable", b.at("checkable"))
    c = clauses.block(b.get("carried"), b.at("carried"), " ".join(CARRIERS))
    if len(c) != 1:
        raise InvalidRulebook("B-003", at=b.at("carried"), key="carried", wanted="one of " + ", ".join(CARRIERS))
    (carrier,) = c
    examples = tuple(clauses.list_of(b.get("examples"), b.at("examples")))
    return Entry(no, checkable, carrier, tuple(clauses.names(c, carrier)), note=note, examples=examples, place=b.at())


def rules_by_id(rulebook: Rulebook) -> Mapping[str, Rule]:
    """Return the rules of a rulebook by their id."""
    return {r.id: r for r in rulebook.rules}
