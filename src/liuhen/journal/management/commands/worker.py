"""`worker`: seal what waits and let time pass, until stopped."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liuhen.journal.worker import Worker


class Command(BaseCommand):
    """Runs the worker."""

    help = "What waits to be sealed, and what changes by itself? Seals and judges again, until SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--once`."""
        parser.add_argument("--once", action="store_true", help="do what is to be done now, and stop")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it."""
        worker = Worker()
        if options["once"]:
            while worker.step():
                pass
        else:
            worker.run()
