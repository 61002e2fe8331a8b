"""The keys of the rule language (键表): which each block takes and needs; the loader reads by it, so does the schema."""

from __future__ import annotations


class Keys(str):
    """The keys that one block takes (键), with spaces between; those of `needs` must be there."""

    __slots__ = ("needs",)
    needs: str

    def __new__(cls, keys: str, *, needs: str = "") -> Keys:
        """Make them; what is needed is among them."""
        made = super().__new__(cls, keys)
        made.needs = needs
        return made


# -- rulebook.yaml
HEAD = Keys(
    "id title short issuer version in_force subjects actions articles settings marks lists kinds",
    needs="id title short issuer version in_force articles",
)
IN_FORCE = Keys("from to note", needs="from")
SETTING = Keys("id value unit zh en decided", needs="id value zh en decided")
DECIDED = Keys("by on why", needs="by on")
MARK = Keys("id zh en any entries note answered", needs="id zh en any")
ANSWERED = Keys("in field from", needs="in field from")
LIST = Keys("entry values contains note", needs="entry values contains")

# -- articles/*.yaml
ARTICLE = Keys("article asks reading entries rules undecided", needs="article asks")
READING = Keys("id text instead decided", needs="text instead")
ENTRY = Keys("no checkable carried undecided examples note", needs="no")
ENTRY_UNDECIDED = Keys("no undecided note")
UNDECIDED = Keys("why note", needs="why note")
EXAMPLE = Keys("name zh en case records at expect side rule settings captures", needs="name at expect")
RECORD = Keys(
    "on until kind id about links content signatures by received corrects files entered_by precision version",
    needs="on kind",
)

# -- a rule: what all forms take, what each takes besides, and the key of its trigger
RULE = Keys(
    "id form title duty per actions also_for when if weight attested asks_from gate cure reading takes_the_place_of cites "
    "excused examples",
    needs="id form title",
)
FORM = {
    "response": Keys("then within by from any_time rolls extended stops instead stand_in for_each waits"),
    "content": Keys("has"),
    "order": Keys("need steps"),
    "coverage": Keys("extent gaps explained device media who within tolerance"),
    "retention": Keys("keep raised_by released_by ended_by"),
    "absence": Keys("second_of hour day_type"),
}
TRIGGER_OF = {
    "order": "before",
    "coverage": "act",
    "retention": "thing",
    "absence": "never",
    "content": "when",
    "response": "when",
}

# -- its clauses
TRIGGER = Keys("kind where first each end_of every if per gap_in lapse mark")
KIND_WHERE = Keys("kind where", needs="kind")
LAPSE = Keys("after without within", needs="after without within")
GROUP = Keys("group phase family")
LENGTH = Keys("amount unit setting field")
APART_BY = Keys("amount unit setting field rolls")
RATIO = Keys("one_for_every of", needs="one_for_every of")
OF_EACH = Keys("each of", needs="each")
OTHER_FIELD = Keys("setting times field plus in percent from to")
EXTENDED = Keys("by amount unit setting field not_after", needs="by")
DURING = Keys("during article")
STOP = Keys("from until article expected", needs="from until")
BY = Keys("field month_day end_of at")
HOUR_SETTING = Keys("setting", needs="setting")
INSTEAD = Keys("by within from", needs="by within")
FOR_EACH = Keys("field named_in", needs="field named_in")
STAND_IN = Keys("by then", needs="by then")
ALSO_FOR = Keys("actions article entry if", needs="actions article")
EXCUSED = Keys("by parts beside", needs="by")
EXCUSED_PARTS = Keys("signatures fields kinds")
EXPLAINED = Keys("explained", needs="explained")
KEEP = Keys("at_least from as_long_as class")
SAME = Keys("same", needs="same")
HOURS = Keys("from to", needs="from to")

# -- what a record must carry
IN_ORDER = Keys("in_order", needs="in_order")
OFFICERS = Keys("at_least certificate", needs="at_least")
FILES = Keys("at_least role")
EVERYBODY = Keys("each")
APART = Keys("roles from there", needs="roles from there")
HAS = Keys("fields signatures approvals officers compare files parts names links apart")

# -- one thing asked for
PART = Keys("kind where about of at_least by approved_by shared weight title any latest same at_most open")
ANY_PART = Keys("any weight title shared", needs="any")
