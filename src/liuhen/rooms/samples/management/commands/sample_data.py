"""`sample_data`: make the sample bureau with its story, where there is none, and print how to sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from liuhen.ground.errors import Refused
from liuhen.ground.findings import Finding
from liuhen.ground.moments import read_moment
from liuhen.rooms.samples.loading import Loaded, load


class Command(BaseCommand):
    """Loads the sample data."""

    help = "Is there something to look at? Makes an invented bureau with people and cases, once, and prints the users."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--now` and `--bureau`."""
        parser.add_argument(
            "--now", metavar="MOMENT", help="tell the story as of this moment (ISO 8601 with offset); default: now"
        )

        parser.add_argument("--bureau", default="", metavar="ID", help="id of the sample bureau; default: shili")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it."""
        try:
            loaded = load(_moment(options["now"]), bureau_id=options["bureau"])
        except Refused as refused:
            raise CommandError(refused.finding.sentence("zh"), returncode=2) from refused
        for line in _told(loaded):
            self.stdout.write(line)


def _moment(said: str | None) -> datetime:
    if said is None:
        return timezone.now()
    found = read_moment(said)
    if found is None or found.tzinfo is None:
        raise CommandError(Finding("U-005", {"value": said}).sentence("zh"), returncode=2)
    return found


def _told(loaded: Loaded) -> list[str]:
    bureau = loaded.bureau
    made = f"新建记录 {loaded.records} 条、附件 {loaded.files} 件" if loaded.records else "已有，未改动"
    lines = [f"示例数据 / sample data: {bureau['zh']}（{made}）", ""]
    lines += [
        f"  {handle:<8}{person.name}  {person.unit} · {person.position}" for handle, person in loaded.people.items()
    ]
    return [*lines, "", f"示例口令（仅用于示例单位）/ sample password for all of them: {bureau['password']}"]
