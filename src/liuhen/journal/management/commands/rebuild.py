"""`rebuild`: make the read models again from the records."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from liuhen.ground.errors import Refused
from liuhen.journal.rebuild import rebuild
from liuhen.journal.worker import clock


class Command(BaseCommand):
    """Rebuilds."""

    help = "Do the lists differ from the records? Makes them again from the records alone; writers wait meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--only`."""
        parser.add_argument(
            "--only", action="append", default=[], metavar="BUREAU", help="this bureau; may be repeated"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it."""
        try:
            count = rebuild(clock(), bureaus=options["only"])
        except Refused as refused:
            raise CommandError(refused.finding.sentence("zh"), returncode=2) from refused
        self.stdout.write(f"重建完成：{count} 卷  rebuilt: {count} files")
