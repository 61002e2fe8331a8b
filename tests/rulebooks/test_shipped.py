"""The shipped rulebooks: every example of every rule and carrier, and the counts of the requirement matrix as facts."""

from __future__ import annotations

import re

import pytest

from liuhen.engines.rulebook import coverage, load_rulebook, shipped
from liuhen.ground.vocabulary import default
from tests.rulebooks.read import book, examples, results

# What the matrix says of each text: articles, entries, automatic, attested, undecided.
MATRIX = {
    "bazhou": (52, 111, 85, 11, 15),
    "anshan-legal-review": (11, 41, 23, 12, 6),
    "quyuan": (34, 71, 48, 10, 13),
    "anshan-recording": (25, 64, 46, 8, 10),
    "xinglongtai": (46, 89, 62, 11, 16),
    "qinghe": (22, 51, 26, 12, 13),
    "anshan-publicity": (11, 20, 12, 4, 4),
    "anshan-bodycam": (18, 57, 28, 23, 6),
}
# Numbers that a text leaves out when it numbers its articles.
LEFT_OUT = {"anshan-recording": {7, 10}, "xinglongtai": {37}}


@pytest.mark.parametrize(("id", "n"), examples(shipped()))
def test_an_example_holds(id: str, n: int):
    """Of every text and every law; test_national has what else the laws say."""
    result = results(id)[n]
    assert result.ok, f"{result.place} {result.name}: expected {result.expected}, got {result.got}"


def test_these_and_no_others_are_shipped():
    assert {id for id in shipped() if not id.startswith("cn-")} == set(MATRIX)


@pytest.mark.parametrize("id", MATRIX)
def test_the_counts_are_those_of_the_matrix_and_nothing_is_missing(id: str):
    found = coverage(book(id))
    assert (found.articles, found.entries, found.automatic, found.attested, found.undecided) == MATRIX[id]
    assert found.missing == 0
    assert len(found.rows) == found.entries
    assert found.automatic + found.attested + found.undecided == found.entries


@pytest.mark.parametrize("id", MATRIX)
def test_every_article_has_its_file_and_its_words(id: str):
    articles = book(id).articles
    left_out = LEFT_OUT.get(id, set())
    numbers = [n for n in range(1, MATRIX[id][0] + len(left_out) + 1) if n not in left_out]
    assert [int(no) for no in articles if no.isdigit()] == numbers
    for article in articles.values():
        assert re.search("[\u4e00-\u9fff]", article.asks.zh)
        assert not re.search("[\u4e00-\u9fff]", article.asks.en)


@pytest.mark.parametrize("id", MATRIX)
def test_every_entry_names_what_carries_it_or_says_why_nothing_can(id: str):
    for _, entry in coverage(book(id)).rows:
        assert bool(entry.carrier) != bool(entry.why)
        assert entry.checkable == ("not_by_software" if entry.why else entry.checkable)
        assert entry.note is not None or not entry.why


@pytest.mark.parametrize("id", MATRIX)
def test_every_rule_has_a_name_in_both_languages_and_cites_its_article(id: str):
    for rule in book(id).rules:
        assert re.search("[\u4e00-\u9fff]", rule.title.zh), rule.ref
        assert rule.title.en, rule.ref
        assert rule.article in book(id).articles


@pytest.mark.parametrize("id", MATRIX)
def test_a_rulebook_read_twice_has_one_digest(id: str):
    assert load_rulebook(shipped()[id], default()).digest == book(id).digest


def test_the_entries_are_those_of_the_text_by_number():
    numbers = [entry.no for _, entry in coverage(book("xinglongtai")).rows]
    assert len(numbers) == len(set(numbers))
    assert not any(no.startswith("37") for no in numbers)
    assert {"6b", "6c", "12p2b", "15p3", "33p2a", "33p2b", "38.4", "39.3b", "41p2", "46.5"} <= set(numbers)


def test_settings_and_texts_have_their_days():
    bazhou = book("bazhou")
    assert bazhou.in_force_to is not None
    assert bazhou.settings["supplement_notice_limit"].value == 5
    assert book("anshan-legal-review").in_force_to is None
    assert book("xinglongtai").in_force_to is None
    assert book("xinglongtai").settings["inspection_file_time"].value == 30


def test_what_is_published_has_the_numbers_of_the_text_and_settings_where_it_has_none():
    publicity = book("anshan-publicity")
    rules = {rule.id: rule for rule in publicity.rules}
    limits = {
        id: (rules[id].within.amount, rules[id].within.unit)
        for id in rules
        if rules[id].within and not rules[id].within.setting
    }
    assert limits["published-in-seven-days"] == (7, "working_days")
    assert limits["published-in-twenty-days"] == (20, "working_days")
    assert len(limits) == 3
    assert [rules[id].keep[0].limit.amount for id in ("natural-person-two-years", "others-five-years")] == [2, 5]
    assert {s.value for s in publicity.settings.values()} == {3, 20}


def test_the_six_months_are_the_only_number_of_qinghe_and_the_rest_is_the_offices():
    qinghe = book("qinghe")
    lengths = [rule.within for rule in qinghe.rules if rule.within]
    lengths += [rule.trigger.every for rule in qinghe.rules if rule.trigger.every]
    assert {limit.setting for limit in lengths} == set(qinghe.settings) - {
        "checkout_counts",
        "battery_low",
        "storage_low",
    }
    numbers = [(keep.limit.amount, keep.limit.unit) for rule in qinghe.rules for keep in rule.keep if keep.limit]
    assert numbers == [(6, "months")]
    assert qinghe.in_force_to is None


def test_qinghe_says_nothing_of_storing_archiving_ways_of_service_or_legal_review():
    unsaid = {"footage.stored", "case_file.formed", "decision.sign_off", "service.direct_receipt"}
    assert unsaid <= {rule.duty for rule in book("xinglongtai").rules}
    assert not unsaid & {rule.duty for rule in book("qinghe").rules}
    assert not any(
        rule.trigger.kinds & {"legal_review_application", "review.file_complete"} for rule in book("qinghe").rules
    )
