"""The command line (命令行): one command a module, imported only when it is asked for.

A command `x` is two files beside this one: `help/x.toml` (its question, arguments, exit status and example, in zh and en)
and `x.py` with `add_arguments(parser)` and `run(arguments, terminal) -> exit status`. Nothing else names it. A command with
parts (`rulebook show`) has `[parts.show]` in its help file and a module `rulebook_show.py` for each. Listing the commands reads
the help files alone, so that a command whose libraries are absent (a server's, where only dossiers are checked) costs the
others nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from liuhen.faces.cli.dispatch import run_command
from liuhen.faces.cli.terminal import Terminal

UNREADABLE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 well, 1 something is wrong with the matter, 2 with the input or the usage."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    terminal = Terminal.standard(arguments)
    try:
        status = run_command(arguments, terminal)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (`| head`): no traceback, and Python must not flush into the closed pipe at its end.
        terminal.abandon()
        return 1
    except KeyboardInterrupt:
        return 130
    return status
