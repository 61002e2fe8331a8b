"""Rules that take each other's place in a circle (互相取代): together they would ask for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def in_a_circle(steps: Mapping[str, Iterable[str]]) -> str:
    """Return a name that `steps` lead back to itself; "" when there is none. Cost: linear in names and steps."""
    done: set[str] = set()
    for start in steps:
        path = {start: iter(steps[start])}
        while path and start not in done:
            last = next(reversed(path))
            for name in path[last]:
                if name in path:
                    return name
                if name not in done:
                    path[name] = iter(steps.get(name, ()))
                    break
            else:
                done.add(last)
                del path[last]
    return ""
