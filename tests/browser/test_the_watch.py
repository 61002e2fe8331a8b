"""The watch beside every journey hears what no page may do."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "event", "heard"),
    [
        (
            "new Image().src = 'http://192.0.2.1/dot.png'",
            "requestfailed",
            "asked another host: http://192.0.2.1/dot.png",
        ),
        ("setTimeout(() => { throw new Error('broken') })", "pageerror", "broken"),
    ],
)
def test_a_page_that_does_what_none_may_do_is_heard(
    page: Any, complaints: list[str], script: str, event: str, heard: str
) -> None:
    page.goto("/static/nothing")
    with page.expect_event(event):
        page.evaluate(f"() => {{ {script}; }}")
    assert len(complaints) == 1
    assert heard in complaints.pop()


def test_a_page_that_asks_its_own_server_is_not(page: Any, complaints: list[str]) -> None:
    page.goto("/static/nothing")
    with page.expect_event("requestfinished"):
        page.evaluate("() => { fetch('/static/nothing-either'); }")
    assert complaints == []


def test_a_page_that_breaks_the_content_security_policy_is_heard(page: Any, complaints: list[str]) -> None:
    with page.expect_event("console"):
        page.set_content(
            """<meta http-equiv="Content-Security-Policy" content="style-src 'none'"><body style="color: red">"""
        )
    assert len(complaints) == 1
    assert "Content Security Policy" in complaints.pop()
