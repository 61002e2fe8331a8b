"""Refuse UPDATE, DELETE and TRUNCATE on everything that is written once, in the database itself.

Triggers only: no row is read or changed. A queued digest may be given its place in the tree once; the key of a file's personal
content may be deleted (that is how the content is destroyed) but not exchanged.
"""

from django.db import migrations

from liuhen.journal.append_only import protect

WRITTEN_ONCE = {
    "journal_record": ("id", "seq"),
    "journal_also_in": ("home seq", "id"),
    "journal_file": ("record position", "id"),
    "journal_data": ("sort digest", "id"),
    "journal_checkpoint": ("bureau size", "id"),
    "journal_look": ("seq",),
    "journal_looks": ("bureau last", "id"),
}


def lay(apps, schema_editor):  # type: ignore[no-untyped-def]
    for table, unique in WRITTEN_ONCE.items():
        protect(schema_editor, table, unique=unique)
    protect(schema_editor, "journal_leaf", settable_once=("place", "sealed"), unique=("seq", "sort ref", "bureau place"))
    protect(schema_editor, "journal_key", deletable=True)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(lay, elidable=False)]
