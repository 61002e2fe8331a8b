"""A report on one screen (核对结果的一屏): worst first, shape and word, article, due moment, what is missing, what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from liuhen.dossier.check import Judged, Report, TextUsed, counts, explaining
from liuhen.engines.rulebook import Duty, Rule, Why
from liuhen.faces.cli.duty_words import (
    ORDER,
    SHAPES,
    article_words,
    because_words,
    due_words,
    missing_words,
    next_words,
    shown_status,
    status_words,
)
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Ink, Terminal, columns, cut, folded, pad
from liuhen.faces.cli.why_lines import why_lines
from liuhen.ground.record import Record
from liuhen.ground.words import Words

MOST_DUE = 8
MOST_TITLE = 30
MOST_SUBJECTS = 3
_INKS: Mapping[str, Ink] = {"breached": "red", "overdue": "red", "late": "amber", "unknown": "amber", "soon": "amber"}
_LEFT_TO_DO = ("breached", "overdue", "late", "unknown", "soon", "due")


def write_report(report: Report, terminal: Terminal, *, everything: bool, explain: bool = False) -> None:
    """Write a report for people; `everything` lists also what is met, excused, hinted, and the rules not asked.

    `explain`: below each obligation why it stands as it does.
    """
    said = words("check")
    at = f"{report.stack.calendar.local(report.at):%Y-%m-%d %H:%M}"
    terminal.say(filled(said["heading"], bureau=report.dossier.bureau.name, at=at), "bold")
    if not report.files:
        terminal.say(said["no_records"])
    for judged in report.files:
        _Page(report, terminal, everything, explaining(report) if explain else None).write(judged)
    terminal.say("")
    _foot(report, terminal)
    if everything and report.not_asked:
        terminal.say(said["not_asked_heading"], "bold")
        for rule in report.not_asked:
            terminal.say(f"  {rule.ref}  {terminal.of(rule.title)}")
    terminal.say(filled(said["last"], unknown=report.unknown, reach=reach_words(report)), "bold")


class _Widths(NamedTuple):
    status: int
    title: int
    article: int


class _Page:
    """The lines of one file: its heading, then one obligation after the other."""

    def __init__(
        self, report: Report, terminal: Terminal, everything: bool, explained: Callable[[Judged, Duty], Why] | None
    ) -> None:
        self.explained = explained
        self.report = report
        self.terminal = terminal
        self.everything = everything
        self.vocabulary = report.stack.vocabulary
        self.calendar = report.stack.calendar
        self.by_id = {record.id: record for record in report.dossier.records}

    def write(self, judged: Judged) -> None:
        terminal, said = self.terminal, words("check")
        rows = [(duty, shown_status(duty, self.report.at, self.calendar)) for duty in judged.duties]
        rows.sort(key=lambda row: (not counts(row[0]), ORDER.index(row[1])))
        shown = [row for row in rows if self.everything or (counts(row[0]) and row[1] in _LEFT_TO_DO)]
        if not judged.file.case and not shown and len(self.report.files) > 1:
            return  # certificates and decisions that only serve the cases
        terminal.say("")
        for line in folded(terminal.of(_heading(judged, self.report)), terminal.width):
            terminal.say(line, "bold")
        waiting = [row for row in shown if row[1] == "due"]
        left_out = [] if self.everything else waiting[MOST_DUE:]
        shown = [row for row in shown if not any(row is other for other in left_out)]
        if not shown:
            terminal.say(said["nothing_asked" if self._judged(rows) else "nothing_judged"])
        widths = self._widths(shown)
        for duty, status in shown:
            self._duty(duty, status, widths)
            if self.explained is not None:
                indent = " " * widths.status
                for text in why_lines(self.explained(judged, duty), terminal, self.calendar):
                    for line in folded(text, terminal.width, indent, indent + "  "):
                        terminal.say(line)
        if left_out:
            terminal.say(filled(said["more_due"], count=len(left_out)), "dim")
        aside = Counter(_sort(duty) for duty, status in rows if not counts(duty) and status not in ("met", "excused"))
        if aside and not self.everything:
            terminal.say(filled(said["aside"], counts=_counted(aside)), "dim")

    def _judged(self, rows: Iterable[tuple[Duty, str]]) -> bool:
        """Whether a text that is in force has said anything here, or none was left out for its dates."""
        return any(rows) or all(text.how != "not_in_force" for text in self.report.texts)

    def _widths(self, rows: Iterable[tuple[Duty, str]]) -> _Widths:
        rows = list(rows)
        of = self.terminal.of
        status = max((columns(of(status_words(d, s, self.vocabulary, self.by_id))) for d, s in rows), default=8) + 2
        due = max((columns(of(due_words(d, self.calendar))) for d, _ in rows), default=10)
        article = min(max((columns(of(article_words(d))) for d, _ in rows), default=20), 36) + 2
        title = max((columns(self._title(d)) for d, _ in rows), default=16) + 2
        left = self.terminal.width - status - due
        if title + article > left:
            if left - article < MOST_TITLE:
                # Too narrow for both: the duty keeps its name, and the article opens the line below.
                return _Widths(status, max(18, min(title, left)), 0)
            title = left - article
        return _Widths(status, title, article)

    def _title(self, duty: Duty) -> str:
        of, said = self.terminal.of, words("check")
        sort = "" if counts(duty) else of(filled(said["sort"], sort=said[_sort(duty)]))
        title = of(duty.rule.title)
        return title if title.endswith(sort) else title + sort

    def _duty(self, duty: Duty, status: str, widths: _Widths) -> None:
        terminal, said = self.terminal, words("check")
        of = terminal.of
        ink = _INKS.get(status, "plain") if counts(duty) else "dim"
        article = of(article_words(duty))
        head = of(status_words(duty, status, self.vocabulary, self.by_id))
        titles = folded(self._title(duty), widths.title - 2)
        cited = _cited(article, widths.article - 2) if widths.article else []
        for n in range(max(len(titles), len(cited))):
            terminal.row(
                [
                    (pad("" if n else head, widths.status), ink),
                    (pad(titles[n] if n < len(titles) else "", widths.title), "plain"),
                    (pad(cited[n] if n < len(cited) else "", widths.article) if cited else "", "blue"),
                    ("" if n else of(due_words(duty, self.calendar)), "plain"),
                ]
            )
        trigger = self.by_id.get(duty.trigger)
        step = next_words(duty, trigger, self.vocabulary)
        clauses = [
            Words(article, article) if not widths.article else None,
            because_words(duty, trigger, self.vocabulary) if status not in ("met", "excused") else None,
            missing_words(duty) if status not in ("met", "excused") else None,
            filled(said["next"], step=step) if step else None,
        ]
        text = of(said["between"]).join(of(clause) for clause in clauses if clause)
        indent = " " * widths.status
        for line in folded(text, terminal.width, indent, indent):
            if line.strip():
                terminal.say(line, "dim")


def _cited(article: str, width: int) -> list[str]:
    """Return citations in lines of a column, broken between two of them where that will do."""
    lines = [""]
    for piece in re.findall(r".*?(?:、|, |$)", article):
        if lines[-1] and columns((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [part for line in lines for part in folded(line, width)]


def _sort(duty: Duty) -> str:
    return "party" if duty.rule.asks_from == "party" else duty.weight


def _heading(judged: Judged, report: Report) -> Words:
    said, vocabulary = words("check"), report.stack.vocabulary
    if judged.summary is None:
        opened = Counter(
            kind.opens
            for record in judged.file.records
            if record.id in judged.file.own and record.corrects is None
            and (kind := vocabulary.kind(record.kind)) is not None and kind.opens
        )  # fmt: skip
        if not opened:
            return said["rest_heading_bare"]
        return filled(said["rest_heading"], subjects=_subjects(opened, report))
    opening = judged.summary.opening
    return filled(
        said["case_heading"],
        number=cut(str(opening.get("case_number", "")), 60),
        title=cut(str(opening.get("title", "")), 80),
        action=vocabulary.words("action_types", str(opening.get("action_type", ""))),
        stage=said.get(judged.summary.stage) or vocabulary.words("phases", judged.summary.stage),
    )


def _subjects(counted: Mapping[str, int], report: Report, most: int = 100) -> Words:
    said, comma = words("check")["subject_count"], words("check")["comma"]
    names = report.stack.vocabulary
    named = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    parts = [filled(said, subject=names.words("subjects", s), count=n) for s, n in named[:most]]
    more = Words("……", ", …") if len(named) > most else Words("", "")
    return Words(comma.zh.join(w.zh for w in parts) + more.zh, comma.en.join(w.en for w in parts) + more.en)


def _counted(counted: Mapping[str, int]) -> Words:
    said = words("check")
    parts = [filled(said["subject_count"], subject=said[name], count=n) for name, n in counted.items()]
    return Words(said["comma"].zh.join(w.zh for w in parts), said["comma"].en.join(w.en for w in parts))


def reach_words(report: Report) -> Words:
    """Return which rules could not be asked, by the subject that does not lie in the dossier."""
    said = words("check")
    if not report.not_asked:
        return said["reach_all"]
    missing = Counter(needed_subject(rule) for rule in report.not_asked)
    # A dossier of one unit holds hardly any subject: the line stays one line, `--all` lists every rule.
    return filled(said["reach"], count=len(report.not_asked), subjects=_subjects(missing, report, MOST_SUBJECTS))


def needed_subject(rule: Rule) -> str:
    """Return the subject that a rule which could not be asked speaks of."""
    trigger = rule.trigger
    return str(trigger.each if trigger.type == "state" else trigger.per or rule.per)


def _foot(report: Report, terminal: Terminal) -> None:
    said = words("check")
    statuses = Counter(shown_status(d, report.at, report.stack.calendar) for d in report.duties if counts(d))
    if statuses:
        parts = [
            f"{SHAPES.get(name, SHAPES['met'])} {terminal.of(said[name])} {statuses[name]}"
            for name in ORDER
            if statuses[name]
        ]
        terminal.say(filled(said["counts"], counts="  ".join(parts)))
    if report.hidden:
        terminal.say(filled(said["hidden"], count=report.hidden))
    by_id = {record.id: record for record in report.dossier.records}
    head = terminal.of(said["judged_by"])
    lines = [(text_words(text, by_id), text.how) for text in report.texts]
    if report.by_default:
        lines.append((said["by_default"], "partly"))
    lines.append((filled(said["calendar"], version=report.stack.calendar.version[:12]), "in_force"))
    for i, (line, how) in enumerate(lines):
        indent = " " * columns(head)
        # A text that did not judge must not be overlooked: without it, "nothing is left to do" means nothing.
        ink: Ink = "amber" if how in ("not_in_force", "partly") else "dim"
        for part in folded(terminal.of(line), terminal.width, indent if i else head, indent):
            terminal.say(part, ink)


def text_words(text: TextUsed, by_id: Mapping[str, Record]) -> Words:
    """Return a rulebook with its version, and why it judges although it is not in force."""
    said, book = words("check"), text.rulebook
    start = date.fromordinal(book.in_force_from).isoformat()
    span = filled(said["span_open"], **{"from": start})
    if book.in_force_to is not None:
        span = filled(said["span"], **{"from": start, "to": date.fromordinal(book.in_force_to).isoformat()})
    decided = [str(by_id[id_].content.get("decided_by", "")) for id_ in text.decisions if id_ in by_id]
    by = "、".join(dict.fromkeys(filter(None, decided)))
    return filled(said[f"text_{text.how}"], title=book.short, version=book.version, span=span, by=by)
