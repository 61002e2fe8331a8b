"""The outcome of an example in words (示例结果的文字): what was expected and what came out, named as `liuhen check` names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from liuhen.engines.rulebook.examples import Expected
from liuhen.faces.cli.speech import filled, words
from liuhen.ground.vocabulary import Vocabulary
from liuhen.ground.words import Words


def outcome_words(
    duties: Sequence[Expected],
    otherwise: str,
    vocabulary: Vocabulary,
    named: Mapping[str, Words] = MappingProxyType({}),
) -> Words:
    """Return duties as people say them; `named`: what is missing, by id.

    `otherwise`: the outcome of an example that is about no duty: `accepted`, `allowed`, `refused` or `lists 2`.
    """
    if not duties:
        what, _, number = otherwise.partition(" ")
        return filled(words("rulebook")[f"outcome_{what}"], number=number)
    return _joined((_duty(one, vocabulary, named) for one in duties), "；", "; ")


def _duty(one: Expected, vocabulary: Vocabulary, named: Mapping[str, Words]) -> Words:
    said, check = words("rulebook"), words("check")
    parts = [check[one.status] if one.status in check else said[f"outcome_{one.status}"]]
    if one.late is not None:
        parts.append(filled(check["late_by"], amount=one.late[0], unit=vocabulary.words("units", one.late[1])))
    if one.missing is not None:
        things = _things(one.missing, vocabulary, named)
        parts.append(filled(said["outcome_missing"], things=things) if one.missing else said["outcome_complete"])
    if one.due:
        parts.append(filled(said["outcome_due"], due=one.due[:16].replace("T", " ")))
    if one.asks:
        parts.append(filled(said["outcome_asks"], things=_things(one.asks, vocabulary, {})))
    parts += [said[f"outcome_{flag}"] for flag in one.flags]
    if one.note:
        parts.append(Words(one.note, one.note))
    return _joined(parts, "，", ", ")


def _things(ids: Iterable[str], vocabulary: Vocabulary, named: Mapping[str, Words]) -> Words:
    either = (_joined((_named(one, vocabulary) for one in id.split("|")), "或", " or ") for id in sorted(ids))
    return _joined((named.get(id, words) for id, words in zip(sorted(ids), either, strict=True)), "、", ", ")


def _named(id: str, vocabulary: Vocabulary) -> Words:
    """Return the name of a kind, a role or a field; an id of another sort as it is written."""
    if id in vocabulary.kinds:
        return vocabulary.kinds[id].words
    if id in vocabulary.terms["roles"]:
        return vocabulary.words("roles", id)
    fields = (kind.fields[id].words for kind in vocabulary.kinds.values() if id in kind.fields)
    return next(fields, Words(id, id))


def _joined(parts: Iterable[Words], zh: str, en: str) -> Words:
    listed = list(parts)
    return Words(zh.join(w.zh for w in listed), en.join(w.en for w in listed))
