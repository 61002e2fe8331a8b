"""The rule engine (规则引擎): rulebooks as data, held against the records of a case at a moment."""

from liuhen.engines.rulebook.coverage import Coverage, coverage
from liuhen.engines.rulebook.duty import Duty, Late, Missing, last_moment, told_late, worst_first
from liuhen.engines.rulebook.edits import Change, Edit
from liuhen.engines.rulebook.explain import Clock, explain
from liuhen.engines.rulebook.gates import Gate, asked, gates, warnings
from liuhen.engines.rulebook.held import Held, Register, Shape
from liuhen.engines.rulebook.language import Article, Cite, Entry, InvalidRulebook, Rule, Rulebook
from liuhen.engines.rulebook.load import by_default, load_rulebook, read_rulebook, shipped, vocabulary_for
from liuhen.engines.rulebook.ongoing import Ongoing
from liuhen.engines.rulebook.questions import Question, questions
from liuhen.engines.rulebook.reasons import Fact, Why, why, why_json
from liuhen.engines.rulebook.running import ExampleResult, run_examples
from liuhen.engines.rulebook.smallest import smallest_change
from liuhen.engines.rulebook.stack import Judgement, Stack, build_stack
from liuhen.engines.rulebook.steps import Step
from liuhen.engines.rulebook.summary import STAGES, CaseSummary, summary, summary_of

__all__ = [
    "STAGES",
    "Article",
    "CaseSummary",
    "Change",
    "Cite",
    "Clock",
    "Coverage",
    "Duty",
    "Edit",
    "Entry",
    "ExampleResult",
    "Fact",
    "Gate",
    "Held",
    "InvalidRulebook",
    "Judgement",
    "Late",
    "Missing",
    "Ongoing",
    "Question",
    "Register",
    "Rule",
    "Rulebook",
    "Shape",
    "Stack",
    "Step",
    "Why",
    "asked",
    "build_stack",
    "by_default",
    "coverage",
    "explain",
    "gates",
    "last_moment",
    "load_rulebook",
    "questions",
    "read_rulebook",
    "run_examples",
    "shipped",
    "smallest_change",
    "summary",
    "summary_of",
    "told_late",
    "vocabulary_for",
    "warnings",
    "why",
    "why_json",
    "worst_first",
]
