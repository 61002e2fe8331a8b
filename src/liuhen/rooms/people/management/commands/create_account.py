"""`create_account`: enrol a person, grant roles and open the account, such as the first system administrator's."""

from __future__ import annotations

import getpass
import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from liuhen.ground.errors import Refused
from liuhen.journal.who import system
from liuhen.rooms.people import actions


class Command(BaseCommand):
    """Creates an account from the server's own command line."""

    help = "Who is the first to sign in? Enrols a person, grants roles, opens an account; the password is asked for or read."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the person, the roles and the account's name."""
        parser.add_argument("bureau")
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--role", action="append", default=[], help="default: system_administrator")
        parser.add_argument("--unit", default="")
        parser.add_argument("--certificate", default="")
        parser.add_argument("--password-from-stdin", action="store_true", help="read one line from the standard input")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it."""
        typed = options["password_from_stdin"]
        password = sys.stdin.readline().rstrip("\n") if typed else getpass.getpass("密码 password: ")
        actor = system(options["bureau"])
        try:
            with transaction.atomic():
                person = actions.enrol(actor, options["name"], unit=options["unit"], certificate=options["certificate"])
                for role in options["role"] or ["system_administrator"]:
                    actions.grant(actor, person, role, since=date.today())  # noqa: DTZ011 (the server's own day will do)
                actions.open_account(actor, person, options["username"], password)
        except Refused as refused:
            raise CommandError(refused.finding.sentence("zh"), returncode=2) from refused
        self.stdout.write(f"已开通 {options['username']}  opened {options['username']}")
