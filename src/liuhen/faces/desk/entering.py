"""How entering a kind of record is said (登记某类记录): in headings and on buttons, one way.

A paper is a thing, and one enters it: 登记询问笔录. An act or an event is called by what is done, and two verbs in a row read
like a slip: its name stands in quotation marks. Where the name itself ends in 登记, it says all of it.
"""

from __future__ import annotations

from liuhen.faces.desk.speech import Speech
from liuhen.faces.desk.words import words
from liuhen.ground.vocabulary import Kind

THINGS = frozenset({"document", "register"})


def to_enter(kind: Kind, speech: Speech) -> str:
    """Return 登记询问笔录, 登记“作出决定”, 案件登记."""
    say = words(speech.language).form
    if kind.words.zh.endswith("登记"):
        return str(say.enter_itself.format(kind=speech.pick(kind.words)))
    return str((say.enter if kind.family in THINGS else say.enter_act).format(kind=speech.pick(kind.words)))


def to_correct(kind: Kind, speech: Speech) -> str:
    """Return 更正询问笔录, 更正“作出决定”."""
    say = words(speech.language).form
    return str((say.correct if kind.family in THINGS else say.correct_act).format(kind=speech.pick(kind.words)))
