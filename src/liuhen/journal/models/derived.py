"""Read models (派生表): plain tables that follow from the records alone; `liuhen rebuild` makes them again, equal.

They hold due *moments*, never "overdue" or "soon": those follow from the moment at which one looks.
"""

from __future__ import annotations

from django.db import models

NO_END = 2**62
"""Stands for "no moment" where rows are sorted by moment: later than every real one."""


class CaseRow(models.Model):
    """One file (案件或其他卷): a case, or another subject such as a device or a recording, as the lists show it.

    Attributes:
        root: id of the record that opened it. subject: case, device, recording, …; of a register entry its kind.
        number, title, action_type, procedure, unit, party, party_type: from the opening record, corrections followed.
        phase: furthest phase reached (terms.yaml). state: open, closed or archived.
        opened, closed, archived: instants, None while not. last_received: when the last record came in. records: how many.
        n_open: duties still to be done; n_breached, n_unknown, n_late, n_met, n_excused: duties by status; n_faults: those that
            count against the office (late, overdue as of the judging, breached).
        next_due: earliest due moment of an open duty of the office, NO_END when none.
        next_change: when something changes by itself, None when never; the worker comes back then.
        judged: when it was judged last. judged_with: digest of all it was judged by (`DataRow`, sort stack).
        handlers: list of {person, name, certificate}, as the opening record names them. counted: what it adds to counters.
        shared: holds records whose home is another file. outside: holds an act entered afterwards.
        provisional: a due moment lies past the calendar.
        destroyed: its personal content was destroyed.
    """

    root = models.CharField(max_length=36, primary_key=True)
    bureau = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    number = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=200, blank=True)
    party = models.CharField(max_length=200, blank=True)
    party_type = models.CharField(max_length=32, blank=True)
    action_type = models.CharField(max_length=32, blank=True)
    procedure = models.CharField(max_length=32, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    phase = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=8, default="open")
    opened = models.BigIntegerField()
    closed = models.BigIntegerField(null=True)
    archived = models.BigIntegerField(null=True)
    last_received = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    records = models.PositiveIntegerField(default=0)
    n_open = models.PositiveIntegerField(default=0)
    n_breached = models.PositiveIntegerField(default=0)
    n_unknown = models.PositiveIntegerField(default=0)
    n_late = models.PositiveIntegerField(default=0)
    n_met = models.PositiveIntegerField(default=0)
    n_excused = models.PositiveIntegerField(default=0)
    n_faults = models.PositiveIntegerField(default=0)
    next_due = models.BigIntegerField(default=NO_END)
    next_change = models.BigIntegerField(null=True)
    judged = models.BigIntegerField()
    judged_with = models.CharField(max_length=64, blank=True)
    handlers = models.JSONField(default=list)
    counted = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)
    outside = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)
    destroyed = models.BooleanField(default=False)

    class Meta:
        db_table = "journal_case"
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "number"],
                name="case_number_once",
                condition=models.Q(subject="case") & ~models.Q(number=""),
            )
        ]
        indexes = [
            models.Index(fields=["bureau", "subject", "last_received", "root"], name="case_recent"),
            models.Index(fields=["bureau", "subject", "state", "last_received", "root"], name="case_state"),
            models.Index(fields=["bureau", "subject", "phase", "last_received", "root"], name="case_phase"),
            models.Index(fields=["bureau", "subject", "next_due", "root"], name="case_next_due"),
            models.Index(fields=["bureau", "subject", "number"], name="case_number"),
            models.Index(fields=["bureau", "subject", "unit", "last_received", "root"], name="case_unit"),
            models.Index(fields=["bureau", "subject", "last_seq"], name="case_last_seq"),
            models.Index(
                fields=["next_change"], name="case_next_change", condition=models.Q(next_change__isnull=False)
            ),
        ]


class HandlerRow(models.Model):
    """Who handles a case (承办人): by the opening record, corrections followed; in the order named."""

    id = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    case = models.ForeignKey(
        CaseRow, on_delete=models.DO_NOTHING, db_constraint=False, db_column="root", related_name="handler_rows"
    )
    position = models.PositiveSmallIntegerField()
    person = models.CharField(max_length=36, blank=True)
    name = models.CharField(max_length=200)
    certificate = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "journal_handler"
        constraints = [models.UniqueConstraint(fields=["case", "position"], name="handler_once")]
        indexes = [models.Index(fields=["bureau", "person", "case"], name="handler_person")]


class DutyRow(models.Model):
    """One duty that is not settled (应办事项): due, breached or unknown, as judged last; met and excused ones are counts.

    Attributes:
        key: names the duty within its file, the same from one judging to the next. mark: digest of everything below and of
            whose task it is; while it stays the row stays.
        duty, rule, rulebook: as the engine names them; `rule` is `<rulebook>/<id>`. articles: list of [rulebook, article].
        title_zh, title_en: the duty as a person reads it.
        status: due, overdue, breached or unknown. `overdue` stands only where no moment says so; else the status is `due`, and
            a page holds `due` against its own clock (`view`).
        due: instant, exclusive end; NO_END without a limit. since: instant of the trigger. trigger: record id, empty for periods.
        weight: duty, advice, measure or hint. asks_from: role. fault: counts against the office.
        missing: list of {what, id, zh, en, kinds}; kinds are those whose form would meet it, the first is offered.
        asks: fields that would settle an unknown.
    """

    id = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    case = models.ForeignKey(
        CaseRow, on_delete=models.DO_NOTHING, db_constraint=False, db_column="root", related_name="duties"
    )
    key = models.CharField(max_length=32)
    mark = models.CharField(max_length=32)
    duty = models.CharField(max_length=128)
    rule = models.CharField(max_length=128)
    rulebook = models.CharField(max_length=64)
    articles = models.JSONField(default=list)
    title_zh = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400)
    status = models.CharField(max_length=8)
    due = models.BigIntegerField(default=NO_END)
    since = models.BigIntegerField()
    trigger = models.CharField(max_length=36, blank=True)
    weight = models.CharField(max_length=8)
    asks_from = models.CharField(max_length=64, blank=True)
    fault = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)
    missing = models.JSONField(default=list)
    asks = models.JSONField(default=list)

    class Meta:
        db_table = "journal_duty"
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="duty_once")]
        indexes = [models.Index(fields=["bureau", "status", "due"], name="duty_status")]

    def view(self, at: int) -> str:
        """Return the status as seen at instant `at`: a duty is overdue once its moment has passed, unless the clock stands."""
        if self.status == "due" and at >= self.due and not self.paused:
            return "unknown" if self.provisional else "overdue"
        return self.status


class TaskRow(models.Model):
    """An open duty on somebody's workbench (待办): one row for each assignee key.

    `assignee` is `person:<id>` for a handler of the case, `role:<role>` or `role:<role>@<unit>` for whoever holds the role: so
    that a change of office re-assigns without touching a row. `due` is the moment by which it is listed, so that what lies up to
    now is what is overdue: the duty's own moment; since when, for what is overdue without one; else, and while it is unknown,
    NO_END.
    """

    id = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    assignee = models.CharField(max_length=300)
    due = models.BigIntegerField()
    case = models.ForeignKey(
        CaseRow, on_delete=models.DO_NOTHING, db_constraint=False, db_column="root", related_name="tasks"
    )
    duty = models.ForeignKey(DutyRow, on_delete=models.DO_NOTHING, db_constraint=False, related_name="tasks")

    class Meta:
        db_table = "journal_task"
        indexes = [models.Index(fields=["bureau", "assignee", "due", "id"], name="task_due")]


class PersonRow(models.Model):
    """A person of the bureau (人员), from `person.enrolled` and its corrections; `person` is the root of that record."""

    person = models.CharField(max_length=36, primary_key=True)
    bureau = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=100)
    unit = models.CharField(max_length=200, blank=True)
    certificate = models.CharField(max_length=60, blank=True)
    left_day = models.IntegerField(null=True)

    class Meta:
        db_table = "journal_person"


class RoleRow(models.Model):
    """A role that a person holds or held (任职), from `role.granted` and `role.ended`; days are ordinals, both inclusive."""

    grant = models.CharField(max_length=36, primary_key=True)
    bureau = models.CharField(max_length=64)
    person = models.CharField(max_length=36, db_index=True)
    role = models.CharField(max_length=64)
    unit = models.CharField(max_length=200, blank=True)
    from_day = models.IntegerField()
    until_day = models.IntegerField(null=True)

    class Meta:
        db_table = "journal_role"
        indexes = [models.Index(fields=["bureau", "role"], name="role_holders")]


class CounterRow(models.Model):
    """A number that the door keeps (计数): `name` and `key` say of what, the sum over the shards is the number.

    Shards, chosen by the file's id, keep concurrent writers of different cases from waiting for one row.
    """

    id = models.BigAutoField(primary_key=True)
    bureau = models.CharField(max_length=64)
    name = models.CharField(max_length=32)
    key = models.CharField(max_length=100)
    shard = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()

    class Meta:
        db_table = "journal_counter"
        constraints = [models.UniqueConstraint(fields=["bureau", "name", "key", "shard"], name="counter_once")]


DERIVED = (CaseRow, HandlerRow, DutyRow, TaskRow, PersonRow, RoleRow, CounterRow)
