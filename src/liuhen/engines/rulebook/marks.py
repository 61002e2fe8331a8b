"""The marks that a rule asks for (标注): to be triggered, and in its conditions."""

from __future__ import annotations

from liuhen.engines.rulebook.language import Condition, Rule


def marks_of(rule: Rule) -> tuple[str, ...]:
    """Return every mark that a rule names in its trigger or in a condition, each once."""
    out = [rule.trigger.mark] if rule.trigger.mark else []
    pending = [c for c in (rule.condition, rule.trigger.where) if c is not None]
    while pending:
        for test in pending.pop().tests:
            if isinstance(test, Condition):
                pending.append(test)
            elif test.key == "mark" and test.compare is not None:
                out.append(str(test.compare.value))
    return tuple(dict.fromkeys(out))
