"""What an address asks (网址所求): where a list goes on and which words it looks for; nothing in an address breaks a page."""

from __future__ import annotations

from django.http import HttpRequest

from liuhen.ground.digits import whole_number

MOST_ID = 60


def readable(request: HttpRequest) -> bool:
    """Return whether the address can mean anything: with a NUL it can't, and PostgreSQL takes none in any text."""
    return "\0" not in request.path and not any(
        "\0" in text for held in request.GET.lists() for text in (held[0], *held[1])
    )


def after(text: str) -> tuple[int, str] | None:
    """Return where a list goes on, number and id of its last line so far (`<number>-<id>`); None: from its beginning."""
    number, _, id = text.partition("-")
    first = whole_number(number)
    return (first, id) if first is not None and 0 < len(id) <= MOST_ID else None


def after_number(text: str) -> tuple[int, int] | None:
    """Return where a list goes on whose lines are told apart by a number (`<number>-<number>`); None: from its beginning."""
    found = after(text)
    second = whole_number(found[1]) if found is not None else None
    return (found[0], second) if found is not None and second is not None else None


def sought(text: str) -> str:
    """Return the words to look for: without the space around them, at most 60 characters."""
    return text.strip()[:60]
