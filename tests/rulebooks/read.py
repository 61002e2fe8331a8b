"""Shipped rulebooks read once for all tests of their content: the book, its results, and a parameter an example."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest

from liuhen.engines.rulebook import ExampleResult, Rulebook, load_rulebook, run_examples, shipped
from liuhen.ground.calendar import Calendar
from liuhen.ground.vocabulary import default


@cache
def book(id: str) -> Rulebook:
    return load_rulebook(shipped()[id], default())


@cache
def results(id: str) -> tuple[ExampleResult, ...]:
    return tuple(run_examples(book(id), default(), Calendar.load()))


def examples(ids: Iterable[str]) -> list[object]:
    """Return one parameter an example: by its place, so that each passes or fails by itself."""
    return [
        pytest.param(id, n, id=f"{r.place.removeprefix(id + '/articles/')}-{n}")
        for id in ids
        for n, r in enumerate(results(id))
    ]
