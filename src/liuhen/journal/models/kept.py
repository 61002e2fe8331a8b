"""Tables that are kept beside the records (设置与密钥): a bureau's settings, the keys of personal content, signs of life."""

from __future__ import annotations

from django.db import models


class BureauRow(models.Model):
    """One bureau (单位) and how it is judged: settings, not records.

    Attributes:
        id: short name in lower case, part of every record. zh, en: its names.
        zone: IANA time zone of its days. rulebooks: ids of shipped rulebooks, or paths of folders, in the order of stacking.
        settings: values that the texts leave to the office, by setting id; `office/…` are those of its own pages (`office.py`).
        sample: whether everything in it is invented; pages and papers then say 示例.
    """

    id = models.CharField(max_length=64, primary_key=True)
    zh = models.CharField(max_length=200)
    en = models.CharField(max_length=200)
    zone = models.CharField(max_length=64, default="Asia/Shanghai")
    rulebooks = models.JSONField(default=list)
    settings = models.JSONField(default=dict)
    sample = models.BooleanField(default=False)

    class Meta:
        db_table = "journal_bureau"


class KeyRow(models.Model):
    """The key of one file's personal content (数据密钥), wrapped by the master key. Deleting the row destroys the content.

    Besides the read models the only table of the journal that allows DELETE.
    """

    home = models.CharField(max_length=36, primary_key=True)
    bureau = models.CharField(max_length=64)
    wrapped = models.BinaryField()

    class Meta:
        db_table = "journal_key"


class HeartbeatRow(models.Model):
    """The last sign of life of the worker (后台心跳): `at` an instant, `detail` what it complains of.

    `name` is worker, or `ledger <bureau>` for the last attempt to seal a bureau's entries that failed or worked again.
    """

    name = models.CharField(max_length=80, primary_key=True)
    at = models.BigIntegerField()
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "journal_heartbeat"


class VaultRow(models.Model):
    """What a file was when it was taken into the vault (库存文件): both digests and the length; can be computed again from it.

    SM3 costs a pass over the file, and the door must know it without one.
    """

    id = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()

    class Meta:
        db_table = "journal_vault"
        constraints = [models.UniqueConstraint(fields=["bureau", "sha256"], name="vault_once")]
