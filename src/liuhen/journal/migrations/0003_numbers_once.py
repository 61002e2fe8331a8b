"""Hold a case number to one case in databases that were made before 0001 had the index.

Where the index is there, as in every database made since, nothing happens. Where two cases bear one number the migration stops
and names them (G-045); the product goes on without the index, and the migration is run again once one of them was corrected.
Changes no row.
"""

from django.core.management.base import CommandError
from django.db import migrations

from liuhen.journal.numbers_held import NumbersTwice, hold_numbers


def lay(apps, schema_editor):  # type: ignore[no-untyped-def]
    try:
        hold_numbers(schema_editor.connection)
    except NumbersTwice as refused:
        f = refused.finding
        said = (f"{f.code}  {f.sentence(language)} {f.next_step(language)}" for language in ("zh", "en"))
        raise CommandError("\n".join(said)) from refused


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [migrations.RunPython(lay, migrations.RunPython.noop, elidable=False)]
