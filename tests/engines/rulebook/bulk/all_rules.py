"""Every carried rule held against the evaluator at three moments: `python -m tests.engines.rulebook.bulk.all_rules [FILES]`.

Some minutes of processor time; the test beside it holds a choice of rules that say the same things.
"""

from __future__ import annotations

import sys
from collections import Counter

from liuhen.engines.rulebook.bulk.plan import Plan
from tests.engines.rulebook.bulk.chosen import stack
from tests.engines.rulebook.bulk.same import different, statuses


def main(files: int) -> int:
    """Print how often each status came up and every difference; exit status 1 when there is one."""
    plan = Plan(stack(), registered=True)
    left = [f"{r.rule.ref} ({r.left})" for r in plan.rules if r.left]
    print(f"{len(plan.rules)} rules, of these asked case by case: {', '.join(left) or 'none'}")
    counted: Counter[str] = Counter()
    differences = 0
    for seed, days in ((1, 30), (2, 75), (3, 400)):
        found = different(plan, seed=seed, files=files, days=days)
        counted += statuses(found.mix)
        differences += len(found.differences)
        for ref, told, got in found.differences[:5]:
            print(f"{ref}\n  evaluator {told}\n  relations {got}")
    print(f"{files * 3} files, {differences} differences; {dict(counted)}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
