"""One audit that was asked for at the desk (后台核查): `python -m liuhen.journal.auditing BUREAU PERSON`."""

from __future__ import annotations

import logging
import signal
import sys
from datetime import UTC, datetime

import django


def main(bureau: str, person: str) -> int:
    """Run it; exit status 1 when it was refused."""
    django.setup()
    from liuhen.ground.errors import Refused
    from liuhen.ground.moments import instant
    from liuhen.journal.auditing.running import audit
    from liuhen.journal.who import today, who_is

    # The worker ends it so: what it wrote on the way goes with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    now = datetime.now(UTC)
    try:
        who = who_is(bureau, person, today(bureau, now)) if person else None
        audit(bureau, instant(now), who=who)
    except Refused as refused:
        logging.getLogger(__name__).error("%s", refused)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
