"""The canonical form: one text for one value, the same as RFC 8785 says; and digests, plain and salted."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from liuhen.ground import canonical as module
from liuhen.ground.canonical import SALT_BYTES, canonical, digest, salted_digest, sha256

LARGEST = 2**53 - 1
# Characters on each side of where the orders of code points and of UTF-16 units part, and those that JSON escapes.
CHARACTERS = st.sampled_from('az"\\/\b\t\n\f\r\x00\x1f \x7f\x80é中\u2028\ud7ff\ue000\ufb33\uffff\U00010000\U0001f600')
TEXT = st.text(CHARACTERS | st.characters(codec="utf-8"), max_size=6)
ANY_TEXT = TEXT | st.sampled_from(["\ud800", "a\udfff", "\ud83d\ude00"])
WHOLE = st.integers() | st.integers(-3, 3) | st.sampled_from([LARGEST, LARGEST + 1, -LARGEST, -LARGEST - 1, 10**21])
NUMBERS = WHOLE | st.floats() | st.sampled_from([-0.0, 1e21, 1e-7, 1e20, 5e-324, 0.1])


def json_of(text: st.SearchStrategy[str], numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | numbers | text,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
        max_leaves=10,
    )


def either(work: Any, value: Any) -> bytes | type[ValueError]:
    """What `work` gives, or that it refuses."""
    try:
        return work(value)  # type: ignore[no-any-return]
    except ValueError:
        return ValueError


@given(st.dictionaries(ANY_TEXT, json_of(ANY_TEXT, NUMBERS), max_size=4) | json_of(ANY_TEXT, NUMBERS))
@example({"\U0001f600": 1, "\ufb33": 2})
@example({"a": -0.0, "b": 1e21, "c": LARGEST + 1})
@example({"a": "\ud800"})
@example({"\ud800": 1})
@example({"a": (True, 1, [None])})
def test_the_canonical_form_is_that_of_rfc_8785_and_refused_where_that_refuses(value: Any) -> None:
    assert either(canonical, value) == either(rfc8785.dumps, value)


@given(st.dictionaries(st.text("az_09", max_size=4), json_of(TEXT, st.integers(-LARGEST, LARGEST)), max_size=4))
def test_what_takes_the_short_way_is_most_of_what_records_hold(value: dict[str, Any]) -> None:
    """Otherwise the comparison above would compare the library with itself."""

    def ascii_keys(held: Any) -> bool:
        items = held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()
        return all(map(ascii_keys, items)) and (not isinstance(held, dict) or all(k.isascii() for k in held))

    assert module._plain(value) is ascii_keys(value)


@given(json_of(TEXT, st.integers(-LARGEST, LARGEST)), st.randoms(use_true_random=False))
def test_the_order_of_keys_and_the_layout_make_no_difference(value: Any, chance: random.Random) -> None:
    def shuffled(held: Any) -> Any:
        if isinstance(held, dict):
            items = list(held.items())
            chance.shuffle(items)
            return {k: shuffled(v) for k, v in items}
        return [shuffled(v) for v in held] if isinstance(held, list) else held

    laid_out = json.loads(json.dumps(shuffled(value), indent=2, ensure_ascii=True))
    assert canonical(laid_out) == canonical(value)
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}"),
        ({"b": [True, None], "a": "é/\n\u001f\u007f"}, '{"a":"é/\\n\\u001f\u007f","b":[true,null]}'),
        ({"1": LARGEST, "2": -LARGEST}, '{"1":9007199254740991,"2":-9007199254740991}'),
        ({"a": -0.0, "b": 1e21, "c": 1e20, "d": 4.5}, '{"a":0,"b":1e+21,"c":100000000000000000000,"d":4.5}'),
        # By UTF-16 units the emoji (D83D…) comes before U+FB33, by code points after it.
        ({"\ufb33": 1, "\U0001f600": 2, "é": 3}, '{"é":3,"\U0001f600":2,"\ufb33":1}'),
    ],
)
def test_texts_written_by_hand(value: Any, text: str) -> None:
    assert canonical(value) == text.encode()


# Named here: its own name would hold an address in memory, another in every process.
AN_OBJECT = pytest.param(object(), id="an object")


@pytest.mark.parametrize(
    "value",
    [LARGEST + 1, -LARGEST - 1, float("nan"), float("inf"), "\ud800", {1: 2}, {None: 1}, {True: 1}, b"a", {1, 2}, AN_OBJECT],
    ids=repr,
)  # fmt: skip
def test_what_json_cannot_carry_exactly_is_refused_wherever_it_lies(value: Any) -> None:
    for holder in (value, {"a": value}, {"a": [value]}) if not isinstance(value, dict) else (value, {"a": value}):
        with pytest.raises(ValueError):
            canonical(holder)


def test_a_digest_is_sha_256_of_the_canonical_form() -> None:
    assert digest({"b": 1, "a": 2}) == sha256(b'{"a":2,"b":1}') == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()


@given(st.binary(min_size=SALT_BYTES, max_size=SALT_BYTES), st.binary(max_size=50))
@settings(max_examples=30)
def test_a_salted_digest_covers_the_salt_and_then_the_data(salt: bytes, data: bytes) -> None:
    assert salted_digest(salt, data) == hashlib.sha256(salt + data).hexdigest()
    other = bytes([salt[0] ^ 1, *salt[1:]])
    assert salted_digest(other, data) != salted_digest(salt, data)
    assert salted_digest(salt, data) != sha256(data)


@pytest.mark.parametrize("length", [0, SALT_BYTES - 1, SALT_BYTES + 1])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    # Otherwise bytes could move between salt and data, and two records could share a digest.
    with pytest.raises(ValueError):
        salted_digest(b"s" * length, b"data")
