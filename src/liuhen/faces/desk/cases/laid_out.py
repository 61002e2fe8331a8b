"""Which duties a case page lays out (列出哪些应办事项): the worst first; of a long group only its line, the rest when opened.

A case of two hundred records has hundreds of duties. Nobody reads them all at once, so a group of more than MOST stands folded
with its count, and `?duties=<group>` lays it out: as a page where no script runs, else as a part that is put in its place.
Nothing is left out where the groups are short, nor with `?duties=all`, which is what a whole case is printed from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from liuhen.faces.desk import routes
from liuhen.faces.desk.cases.duties import DutyShown
from liuhen.faces.desk.cases.standing import Standing
from liuhen.faces.desk.timeline.story import WORST_FIRST, Status

ALL = "all"
GROUPS = ("further", "late", "excused", "met", "advice")
FIRST = 10
"""So many of what is open or was broken are laid out at once, and of what was met late where that is a long group."""
MOST = 60
"""A group of more is folded to its head line, and what it holds is fetched when it is opened."""

Show = Callable[[Standing], DutyShown]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of duties behind one line (一组事项).

    Attributes:
        name: one of GROUPS. status: of its mark. count: how many it has. lines: those laid out, none where it is folded.
        asked: the one duty of a folded group that the address asks for; it stands before the line, which then counts the others
            where it says how many more there are.
        url: lays the group out where it is folded, empty otherwise. open: shown open.
    """

    name: str
    status: str
    count: int
    lines: tuple[DutyShown, ...]
    asked: DutyShown | None = None
    url: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The duties as the page stacks them (应办事项列表): the worst, the groups, and counts that hold for all of them.

    Attributes:
        first: open or broken. late: met too late, laid out. groups: the rest, in order; late ones among them only where they are
            many. tally: status → how many. all_url: lays out everything; empty where everything is. folded: how many are not laid
            out. keys: of those that are.
    """

    first: tuple[DutyShown, ...]
    late: tuple[DutyShown, ...]
    groups: tuple[Group, ...]
    tally: tuple[tuple[Status, int], ...]
    late_n: int
    total: int
    all_url: str
    folded: int
    keys: frozenset[str]

    def group(self, name: str) -> Group | None:
        """Return the group of that name; None where it is empty."""
        return next((g for g in self.groups if g.name == name), None)


def lay_out(held: Sequence[Standing], show: Show, *, root: str, wanted: str = "", asked: str = "") -> LaidOut:
    """Return what the page of the file `root` lays out of its duties.

    `wanted`: the group to lay out whole, or ALL. `asked`: the key of a duty that is laid out in any case. `show`: puts a duty in
    words; it is called for those laid out and for no other.
    """
    parts = parted(held)
    first, late = _shown(parts["open"][:FIRST], show), parts["late"]
    groups = []
    # Of what was met late the first stand in the open, as ever; all of them where they are few.
    shown_late = late if len(late) <= FIRST + MOST or wanted == ALL else late[:FIRST]
    for name, status, members in (
        ("further", parts["open"][FIRST].status if len(parts["open"]) > FIRST else "", parts["open"][FIRST:]),
        ("late", "met", late[len(shown_late) :]),
        ("excused", "excused", parts["excused"]),
        ("met", "met", parts["met"]),
        ("advice", "due", parts["advice"]),
    ):
        if members:
            groups.append(_group(name, status, members, show, root, wanted, asked))
    late_lines = _shown(shown_late, show)
    in_groups = [line for g in groups for line in (g.asked, *g.lines) if line is not None]
    tally = dict.fromkeys(WORST_FIRST, 0)
    for s in held:
        if s.weight == "duty":
            tally[s.status] += 1  # type: ignore[index]
    keys = frozenset(d.key for d in (*first, *late_lines, *in_groups))
    return LaidOut(
        first,
        late_lines,
        tuple(groups),
        tuple(tally.items()),
        sum(1 for s in held if s.weight == "duty" and s.late),
        sum(tally.values()),
        routes.duties(root, ALL) if any(g.url for g in groups) else "",
        sum(len(part) for part in parts.values()) - len(keys),
        keys,
    )


def members_of(held: Sequence[Standing], name: str, asked: str = "") -> list[Standing]:
    """Return the duties of a folded group as they are fetched: without `asked`, which stands before it already."""
    parts = parted(held)
    found = parts["open"][FIRST:] if name == "further" else parts["late"][FIRST:] if name == "late" else parts[name]
    return [s for s in found if s.key != asked]


def parted(held: Sequence[Standing]) -> dict[str, list[Standing]]:
    """Return the duties by where they stand: `open`, `late`, `excused`, `met`, and `advice` for what is no duty and open."""
    out: dict[str, list[Standing]] = {"open": [], "late": [], "excused": [], "met": [], "advice": []}
    for s in held:
        if s.weight != "duty":
            if s.status != "met":
                out["advice"].append(s)
        elif s.open:
            out["open"].append(s)
        else:
            out["late" if s.late and s.status == "met" else s.status].append(s)
    return out


def _group(
    name: str, status: str, members: Sequence[Standing], show: Show, root: str, wanted: str, asked: str
) -> Group:
    here = any(s.key == asked for s in members) if asked else False
    if len(members) <= MOST or wanted in (name, ALL):
        return Group(name, status, len(members), _shown(members, show), open=here or wanted in (name, ALL))
    one = next((show(s) for s in members if s.key == asked), None) if here else None
    url = routes.duties(root, name, asked if here else "")
    rest = len(members) - (here and name in ("further", "late"))
    return Group(name, status, rest, (), one, url)


def _shown(members: Sequence[Standing], show: Show) -> tuple[DutyShown, ...]:
    return tuple(show(s) for s in members)
