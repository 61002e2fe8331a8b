"""`set_up`: make the keys and the tables, and a bureau with its empty Ledger."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from liuhen.ground.errors import Refused
from liuhen.journal import unprotected
from liuhen.journal.setting_up import make_keys, set_up_bureau


class Command(BaseCommand):
    """Sets up."""

    help = (
        "Is this installation ready? Makes its keys and tables; with --bureau, a bureau and its Ledger. "
        "May be run again: what is not given stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the bureau and how it is judged."""
        parser.add_argument("--bureau", help="its id: lower-case letters, digits, hyphens")
        parser.add_argument("--protect", action="store_true", help="lay missing or altered append-only triggers again")
        parser.add_argument("--zh", help="its Chinese name")
        parser.add_argument("--en", help="its English name")
        parser.add_argument("--rulebook", action="append", default=[], help="id or folder; may be repeated")
        parser.add_argument(
            "--soon", type=int, help="working days within which its pages call a duty due soon; default: 3"
        )
        parser.add_argument("--zone", help="IANA time zone of its days; default: Asia/Shanghai")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it."""
        try:
            make_keys()
            call_command("migrate", interactive=False, verbosity=min(options["verbosity"], 1))
            if options["protect"]:
                # Only when asked to: what a verification would find must not vanish at the next start.
                for name in unprotected.lay_again(connection):
                    self.stdout.write(name)
            if options["bureau"]:
                set_up_bureau(
                    options["bureau"],
                    zh=options["zh"],
                    en=options["en"],
                    rulebooks=options["rulebook"] or None,
                    zone=options["zone"],
                    soon=options["soon"],
                )
        except Refused as refused:
            raise CommandError(refused.finding.sentence("zh"), returncode=2) from refused
