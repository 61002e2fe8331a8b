"""Every look at case content is itself recorded: one line a look, a list with its filter, sealed in batches."""

from __future__ import annotations

import json

from liuhen.journal import looks
from liuhen.journal.models import LeafRow, LookRow, LooksRow
from tests.office import Office


def test_a_look_says_who_what_when_and_where(office: Office, django_assert_num_queries: object) -> None:
    root = office.open_case()
    who = office.who("li")
    with django_assert_num_queries(1):  # type: ignore[operator]
        looks.looked(who, "look case", home=root, now=office.now)
    row = LookRow.objects.get(bureau=office.bureau)
    assert (row.person, row.at, row.what, row.home, row.number) == (who.person, office.instant, "look case", root, 1)


def test_a_list_is_one_look_with_its_filter(office: Office) -> None:
    looks.looked(office.who("li"), "look case", detail={"phase": "service", "q": "占地"}, number=50, now=office.now)
    row = LookRow.objects.get(bureau=office.bureau)
    assert (json.loads(row.detail), row.number, row.home) == ({"phase": "service", "q": "占地"}, 50, "")


def test_a_filter_too_long_to_keep_is_cut(office: Office) -> None:
    looks.looked(office.who("li"), "look case", detail={"q": "x" * 10_000}, now=office.now)
    assert len(LookRow.objects.get(bureau=office.bureau).detail) == looks.MOST_DETAIL


def test_looks_are_sealed_in_batches_each_look_once(office: Office) -> None:
    who = office.who("li")
    for _ in range(3):
        looks.looked(who, "look case", now=office.now)
    first = looks.batch(office.bureau, office.instant)
    assert first is not None
    assert first.number == 3
    assert looks.batch(office.bureau, office.instant) is None
    looks.looked(who, "copy recording", now=office.now)
    second = looks.batch(office.bureau, office.instant)
    assert second is not None
    assert (second.number, second.first > first.last) == (1, True)
    assert LeafRow.objects.filter(bureau=office.bureau, sort="looks").count() == 2
    assert LooksRow.objects.filter(bureau=office.bureau).count() == 2


def test_a_batch_holds_the_looks_of_its_own_bureau(office: Office) -> None:
    other = Office("anshan-legal-review").staffed()
    looks.looked(office.who("li"), "look case", now=office.now)
    looks.looked(other.who("li"), "look case", now=office.now)
    looks.looked(office.who("li"), "look case", now=office.now)
    made = looks.batch(office.bureau, office.instant)
    assert made is not None
    assert made.number == 2
    assert other.persons["li"].encode() not in looks.looks_text(office.bureau, made.first, made.last)
