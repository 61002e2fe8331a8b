"""Tables that are written once (只增不改): triggers refuse UPDATE, DELETE and TRUNCATE on each of them, on both databases.

Why the database and not only the code: the promise must also hold against a slip in a shell and a library that deletes in
bulk. A person with the database's own rights can drop a trigger; that is what the Ledger is for.
"""

from __future__ import annotations

from django.db import models


class RecordRow(models.Model):
    """One Record as it is stored (记录行), split into an open and a personal part (docs/decisions/0002-the-record.md).

    Attributes:
        seq: order in which the door took records in; within one file (`home`) it is the order in which they were committed.
        id: the Record's id. kind, kind_version, corrects, root: as in the Record.
        bureau: whose record it is.
        home: root of the case, or of another subject, whose file it lies in; never empty. Further files: `AlsoInRow`.
        done, until, received: instants; `until` is None for a point in time. day: local ordinal of `done`.
        outside: whether it is an act done elsewhere and entered afterwards (补登); never in order, whatever it says.
        actor: person id of the account that brought it through the door; empty for the system.
        open: canonical JSON `{"door", "personal": digest of the personal part, "record"}` without personal content.
        personal: AES-256-GCM of salt and canonical JSON of the personal parts, under the key of `home`; or empty.
        salt: 32 bytes. digest: SHA-256(salt || open), 64 hex; the entry in the Ledger.
    """

    seq = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=36, unique=True)
    bureau = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    kind_version = models.PositiveSmallIntegerField()
    home = models.CharField(max_length=36)
    root = models.CharField(max_length=36)
    corrects = models.CharField(max_length=36, null=True, db_index=True)
    done = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    day = models.IntegerField()
    received = models.BigIntegerField()
    outside = models.BooleanField(default=False)
    actor = models.CharField(max_length=36, blank=True)
    open = models.BinaryField()
    personal = models.BinaryField()
    salt = models.BinaryField(max_length=32)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "journal_record"
        indexes = [
            models.Index(fields=["home", "seq"], name="record_home"),
            models.Index(fields=["bureau", "kind", "seq"], name="record_kind"),
            models.Index(fields=["bureau", "actor", "seq"], name="record_actor"),
            models.Index(fields=["root"], name="record_root"),
        ]


class AlsoInRow(models.Model):
    """A further file in which a record lies beside its home (另入案件): two cases named, or a correction that moved it."""

    id = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    home = models.CharField(max_length=36)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "journal_also_in"
        constraints = [models.UniqueConstraint(fields=["home", "seq"], name="also_in_once")]


class FileRow(models.Model):
    """One file that a record names (附件行); its name is personal and stands in the record alone.

    `sha256`, `sm3` (may be empty) and `bytes` as the record states them; the vault held the same when it was stored.
    """

    id = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    record = models.CharField(max_length=36)
    home = models.CharField(max_length=36)
    position = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64, blank=True)
    bytes = models.BigIntegerField()
    role = models.CharField(max_length=64)
    media_type = models.CharField(max_length=1000, blank=True)

    class Meta:
        db_table = "journal_file"
        constraints = [models.UniqueConstraint(fields=["record", "position"], name="file_once")]
        indexes = [
            models.Index(fields=["home"], name="file_home"),
            models.Index(fields=["bureau", "sha256"], name="file_sha256"),
        ]


class DataRow(models.Model):
    """A vocabulary, rulebook or calendar as it was when records were judged by it (数据版本), kept once by digest.

    `sort` is vocabulary, rulebook, calendar or stack; `content` canonical JSON of its files (name → text).
    """

    id = models.BigAutoField(primary_key=True)
    sort = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=100, blank=True)
    content = models.BinaryField()
    first_used = models.BigIntegerField()

    class Meta:
        db_table = "journal_data"
        constraints = [models.UniqueConstraint(fields=["sort", "digest"], name="data_once")]


class LeafRow(models.Model):
    """An entry on its way into the Ledger (待封条目): the outbox, and afterwards the index of leaves.

    Attributes:
        sort: record, file or looks. ref: id of the record, `<record id>/<position>` of a file, number of a batch of looks.
        entry: the text that becomes the leaf (`liuhen.engines.ledger.leaf`); its last line is the salted digest.
        queued: instant. place: number in the bureau's tree, from 0; None while 待封. sealed: when that was. Both are set once.
    """

    seq = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    sort = models.CharField(max_length=8)
    ref = models.CharField(max_length=48)
    entry = models.CharField(max_length=200)
    queued = models.BigIntegerField()
    place = models.BigIntegerField(null=True)
    sealed = models.BigIntegerField(null=True)

    class Meta:
        db_table = "journal_leaf"
        constraints = [
            models.UniqueConstraint(fields=["sort", "ref"], name="leaf_once"),
            models.UniqueConstraint(fields=["bureau", "place"], name="leaf_place"),
        ]
        indexes = [models.Index(fields=["bureau", "seq"], name="leaf_waiting", condition=models.Q(place__isnull=True))]


class CheckpointRow(models.Model):
    """A signed checkpoint of a bureau's tree (存证摘要): its size, root hash (base64) and the whole signed note."""

    id = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()
    made = models.BigIntegerField()

    class Meta:
        db_table = "journal_checkpoint"
        constraints = [models.UniqueConstraint(fields=["bureau", "size"], name="checkpoint_once")]


class LookRow(models.Model):
    """One look at case content (查阅留痕): who, when, at what; a list is one look, with its filter.

    `person` is the person id, `what` a verb of the permissions page with its object (`look:case`), `home` the file looked at
    (empty for a list), `detail` canonical JSON (the filter, the file's digest, …), `number` how many entries were shown.
    """

    seq = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    person = models.CharField(max_length=36)
    at = models.BigIntegerField()
    what = models.CharField(max_length=40)
    home = models.CharField(max_length=36, blank=True)
    detail = models.TextField(blank=True)
    number = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "journal_look"
        indexes = [
            models.Index(fields=["bureau", "home", "seq"], name="look_home"),
            models.Index(fields=["bureau", "person", "seq"], name="look_person"),
        ]


class LooksRow(models.Model):
    """A batch of looks that was sealed together (查阅批次): seq `first` to `last`, `number` of them, salted digest."""

    id = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    number = models.PositiveIntegerField()
    salt = models.BinaryField(max_length=32)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "journal_looks"
        constraints = [models.UniqueConstraint(fields=["bureau", "last"], name="looks_once")]


WRITTEN_ONCE = (RecordRow, AlsoInRow, FileRow, DataRow, CheckpointRow, LookRow, LooksRow)
