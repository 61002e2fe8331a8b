"""One measured number a line: what, how much, how it compares with its yardstick, and whether the promise is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter


def seconds(work: Callable[[], object], *, times: int = 5) -> float:
    """Return the shortest of `times` runs of `work`, in seconds: what the machine can do when nothing disturbs it."""
    best = float("inf")
    for _ in range(times):
        start = perf_counter()
        work()
        best = min(best, perf_counter() - start)
    return best


def percentile(samples: list[float], share: float) -> float:
    """Return the sample below which `share` (0 to 1) of them lie; 0.5 is the median."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class Sheet:
    """The numbers of one benchmark, printed as they come."""

    title: str
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        print(f"\n{self.title}")

    def note(self, text: str) -> None:
        """Print what has to be known to read the numbers, such as the size of the data."""
        print(f"  {text}")

    def figure(
        self,
        what: str,
        value: float,
        unit: str,
        *,
        yardstick: tuple[str, float] | None = None,
        at_least: float | None = None,
        at_most: float | None = None,
        of: str = "value",
    ) -> None:
        """Print one number; a limit is of the value, or with of="ratio" of the ratio to the yardstick."""
        ratio = value / yardstick[1] if yardstick and yardstick[1] else None
        line = f"  {what:<52}{_short(value):>10} {unit:<10}"
        if yardstick and ratio is not None:
            line += f" {ratio:>7.3g} x {yardstick[0]} ({_short(yardstick[1])} {unit})"
        held = ratio if of == "ratio" else value
        if at_least is not None or at_most is not None:
            if held is None:
                raise ValueError(f"{what}: a limit of the ratio needs a yardstick")
            kept = (at_least is None or held >= at_least) and (at_most is None or held <= at_most)
            limit = f"at least {_short(at_least)}" if at_least is not None else f"at most {_short(at_most or 0)}"
            line += f"  {'kept' if kept else 'NOT KEPT'}: {of} {limit}"
            if not kept:
                self.broken.append(what)
        print(line, flush=True)

    def status(self) -> int:
        """Return the exit status: 0 when every promise is kept, else 1."""
        return 1 if self.broken else 0


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
