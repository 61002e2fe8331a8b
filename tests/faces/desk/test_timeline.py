"""The timeline's geometry: one axis, rows that do not collide, flags that can be read, a lens that tells the minutes."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.faces.desk.timeline.accounted import account
from liuhen.faces.desk.timeline.axis import EDGE_DAYS, FOLD_WIDTH, lay_axis
from liuhen.faces.desk.timeline.bars import MOST, PER_MINUTE, cut, lay_bars
from liuhen.faces.desk.timeline.clocks import DOT, LIMIT_ROWS, lay_clocks
from liuhen.faces.desk.timeline.drawing import LEFT, RIGHT, draw
from liuhen.faces.desk.timeline.flags import LEVELS, SHEET, lay_sheets
from liuhen.faces.desk.timeline.lens import lay_lens
from liuhen.faces.desk.timeline.measure import shortened, width
from liuhen.faces.desk.timeline.story import WORST_FIRST, Act, Clock, Note, Piece, Sheet, Story, Take

D = date(2026, 3, 2).toordinal()
PLACES = st.floats(D - 500, D + 200, allow_nan=False)
WORDS = {
    "label": "{rec}/{owed} 分",
    "alone": "{owed} 分",
    "unexplained": "{n} 分无说明",
    "explained": "依法未录 {n} 分",
}


def sheet(key: str, at: float, label: str = "询问笔录") -> Sheet:
    return Sheet(key, at, label)


def clock(key: str, status: str, start: float, due: float | None = None, **more: object) -> Clock:
    return Clock(key, more.pop("label", "某项义务"), status, start, due, **more)  # type: ignore[arg-type]


def act(key: str, at: float, owed: float, *pieces: tuple[float, float, str]) -> Act:
    return Act(key, at, "现场检查", "", owed, tuple(Piece(*p) for p in pieces) or account(owed, [(0, owed)], []))  # type: ignore[arg-type]


class TestAxis:
    @given(st.lists(PLACES, min_size=1, max_size=30))
    def test_every_event_lies_on_it_in_order(self, at: list[float]) -> None:
        axis = lay_axis(at, left=LEFT, right=RIGHT)
        xs = [axis.x(a) for a in sorted(at)]
        assert xs == sorted(xs)
        assert all(LEFT <= x <= RIGHT for x in xs)

    def test_a_long_quiet_span_is_folded_and_says_how_many_days(self) -> None:
        axis = lay_axis([D, D + 10, D + 200, D + 210], left=LEFT, right=RIGHT)
        (fold,) = axis.folds
        assert fold.days == 190 - 2 * EDGE_DAYS
        assert fold.width == FOLD_WIDTH
        assert axis.x(D + 100) - axis.x(D + 20) < 20

    def test_a_quiet_span_in_a_short_story_is_not(self) -> None:
        assert lay_axis([D, D + 60, D + 100], left=LEFT, right=RIGHT).folds == ()

    def test_nothing_but_today_gives_two_weeks(self) -> None:
        axis = lay_axis([D + 0.5], left=LEFT, right=RIGHT)
        assert axis.last - axis.first >= 14

    def test_months_are_named_where_there_is_room(self) -> None:
        axis = lay_axis([D - 50, D + 60], left=LEFT, right=RIGHT)
        months = axis.months()
        assert [m.day.month for m in months if not m.edge] == [2, 3, 4]
        assert all(b.x - a.x > 30 for a, b in pairwise(months))

    def test_what_lies_outside_stands_on_the_edge(self) -> None:
        axis = lay_axis([D, D + 30], left=LEFT, right=RIGHT)
        assert (axis.x(D - 100), axis.x(D + 100)) == (LEFT, RIGHT)
        assert not axis.shows(D + 100)


class TestClocks:
    def lay(self, *clocks: Clock, today: float = D + 20.4) -> object:
        axis = lay_axis([D, D + 60], left=LEFT, right=RIGHT)
        return axis, lay_clocks(clocks, axis, today, left=LEFT, right=RIGHT)

    def test_an_open_one_is_solid_until_today_and_dotted_until_due(self) -> None:
        axis, laid = self.lay(clock("a", "due", D + 2, D + 40, due_label="4/10"))  # type: ignore[misc]
        (line,) = laid.lines
        assert (line.start, line.elapsed, line.left) == (axis.x(D + 2), axis.x(D + 20.4), axis.x(D + 40))
        assert line.late_from is None

    def test_an_overdue_one_is_thick_from_its_due_mark_to_today(self) -> None:
        axis, laid = self.lay(clock("a", "overdue", D + 2, D + 10))  # type: ignore[misc]
        (line,) = laid.lines
        assert (line.mark_x, line.late_from, line.late_to) == (axis.x(D + 10), axis.x(D + 10), axis.x(D + 20.4))

    def test_late_and_done_is_thick_until_it_was_done_and_ends_there(self) -> None:
        axis, laid = self.lay(clock("a", "met", D + 2, D + 10, ended=D + 14.0, late="迟 4 天"))  # type: ignore[misc]
        (line,) = laid.lines
        assert (line.late_from, line.late_to, line.mark_x) == (axis.x(D + 10), axis.x(D + 14), axis.x(D + 14))

    @pytest.mark.parametrize(("status", "due"), [("met", D + 10), ("excused", None), ("unknown", None), ("due", None)])
    def test_what_needs_no_line_is_a_dot(self, status: str, due: float | None) -> None:
        _, laid = self.lay(clock("a", status, D + 2, due, ended=D + 5.0 if status == "met" else None))  # type: ignore[misc]
        assert laid.lines == ()
        assert [d.status for d in laid.dots] == [status]

    def test_what_is_owed_at_once_is_a_dot_however_late(self) -> None:
        _, laid = self.lay(clock("a", "overdue", D + 2, D + 2, momentary=True))  # type: ignore[misc]
        assert laid.lines == ()

    @settings(max_examples=60)
    @given(st.lists(st.tuples(st.sampled_from(WORST_FIRST), PLACES, st.floats(0, 90, allow_nan=False)), max_size=40))
    def test_every_clock_is_shown_once_and_lines_of_a_row_do_not_touch(
        self, given_: list[tuple[str, float, float]]
    ) -> None:
        clocks = [
            clock(f"c{n}", status, at, at + length, ended=at if status == "met" else None)
            for n, (status, at, length) in enumerate(given_)
        ]
        axis = lay_axis([D, *(c.start for c in clocks), *(c.due for c in clocks if c.due)], left=LEFT, right=RIGHT)
        laid = lay_clocks(clocks, axis, D, left=LEFT, right=RIGHT)
        assert len(laid.lines) + len(laid.dots) + sum(d.more for d in laid.dots) == len(clocks)
        assert laid.rows <= LIMIT_ROWS
        for row in range(laid.rows):
            spans = sorted((line.start, max(line.left, line.late_to or 0)) for line in laid.lines if line.row == row)
            assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert all(b.x - a.x >= DOT - 0.001 or b.x >= RIGHT - 6.1 for a, b in pairwise(laid.dots))

    def test_the_worst_keep_their_line_when_there_are_too_many(self) -> None:
        clocks = [clock(f"d{n}", "due", D + n, D + 40) for n in range(9)] + [clock("bad", "overdue", D + 9, D + 12)]
        _, laid = self.lay(*clocks)  # type: ignore[misc]
        assert "bad" in [line.clock.key for line in laid.lines]
        assert len(laid.lines) == LIMIT_ROWS


class TestSheets:
    @settings(max_examples=60)
    @given(
        st.lists(
            st.tuples(PLACES, st.sampled_from(["立案", "询问笔录", "现场检查（勘验）笔录", "责令改正通知书"])),
            max_size=40,
        )
    )
    def test_flags_of_a_level_do_not_overlap_and_none_is_lost(self, given_: list[tuple[float, str]]) -> None:
        sheets = [sheet(f"s{n}", at, label) for n, (at, label) in enumerate(given_)]
        axis = lay_axis([D, *(s.at for s in sheets)], left=LEFT, right=RIGHT)
        laid = lay_sheets(sheets, axis, axis.x(D), left=LEFT, right=RIGHT)
        assert len(laid.flags) == len(sheets)
        assert sum(m.count for m in laid.more) == sum(1 for f in laid.flags if f.level is None)
        for level in range(LEVELS):
            spans = sorted(
                (f.x - width(f.words), f.x) if f.to_left else (f.x, f.x + width(f.words))
                for f in laid.flags
                if f.level == level
            )
            assert all(a[1] <= b[0] + 0.001 for a, b in pairwise(spans))

    def test_a_flag_that_would_cross_today_turns_left(self) -> None:
        axis = lay_axis([D, D + 60], left=LEFT, right=RIGHT)
        laid = lay_sheets([sheet("s", D + 28)], axis, axis.x(D + 30), left=LEFT, right=RIGHT)
        assert laid.flags[0].to_left

    def test_two_of_one_day_stand_side_by_side(self) -> None:
        axis = lay_axis([D, D + 60], left=LEFT, right=RIGHT)
        laid = lay_sheets([sheet("a", D + 5.1), sheet("b", D + 5.2)], axis, RIGHT, left=LEFT, right=RIGHT)
        assert laid.flags[1].x - laid.flags[0].x >= SHEET * 0.6


class TestBars:
    def test_the_width_is_the_owed_time_on_its_own_scale(self) -> None:
        axis = lay_axis([D, D + 60], left=LEFT, right=RIGHT)
        bars = lay_bars([act("a", D + 3, 100)], axis, WORDS["label"], WORDS["alone"], right=RIGHT)
        assert bars.bars[0].width == 100 * PER_MINUTE
        assert bars.bars[0].label == "100/100 分"

    def test_a_film_of_a_day_does_not_run_over_the_page(self) -> None:
        axis = lay_axis([D, D + 60], left=LEFT, right=RIGHT)
        assert lay_bars([act("a", D + 3, 1440)], axis, "", "", right=RIGHT).bars[0].width == MOST

    def test_pieces_fill_the_bar(self) -> None:
        pieces = cut(act("a", D, 90, (0, 61, "rec"), (61, 72, "off"), (72, 90, "gap")), 10, 40)
        assert pieces[0][0] == 10
        assert sum(w for _, w, _ in pieces) == pytest.approx(40)

    def test_what_finds_no_room_is_counted(self) -> None:
        axis = lay_axis([D, D + 60], left=LEFT, right=RIGHT)
        bars = lay_bars([act(f"a{n}", D + 3 + n / 100, 90) for n in range(5)], axis, WORDS["label"], "", right=RIGHT)
        assert len(bars.bars) == 2
        assert sum(n for _, n in bars.more) == 3


class TestLens:
    def lens(self, **more: object) -> object:
        chosen = Act("a", D, "补充勘验", "", 90, account(90, [(-2, 40), (51, 72)], [(40, 51)]), 580, **more)  # type: ignore[arg-type]
        return lay_lens(chosen, left=LEFT, right=RIGHT, unexplained=WORDS["unexplained"], off_words=WORDS["explained"])

    def test_it_begins_before_the_act_where_the_recording_does_and_ticks_by_the_clock(self) -> None:
        lens = self.lens(takes=(Take(-2, 40, "JY-05 第1段"),))
        assert [t.words for t in lens.ticks][:2] == ["09:30", "09:40"]  # type: ignore[attr-defined]
        assert lens.ticks[-1].words == "11:10"  # type: ignore[attr-defined]

    def test_gaps_say_how_many_minutes(self) -> None:
        assert [p.words for p in self.lens().pieces if p.share == "gap"] == ["18 分无说明"]  # type: ignore[attr-defined]

    def test_marks_that_would_collide_take_another_row(self) -> None:
        notes = tuple(Note(40 + n / 10, "due", "10:20 起缺说明") for n in range(3))
        signs = self.lens(notes=notes).signs  # type: ignore[attr-defined]
        assert len({(s.row, s.to_left) for s in signs}) == 3

    def test_an_act_over_midnight_counts_on_from_zero(self) -> None:
        chosen = Act("a", D, "守候", "", 120, account(120, [(0, 120)], []), 23 * 60 + 30)
        lens = lay_lens(chosen, left=LEFT, right=RIGHT, unexplained="", off_words="")
        assert [t.words for t in lens.ticks][:5] == ["23:30", "23:40", "23:50", "00:00", "00:10"]


class TestDrawing:
    def test_a_clock_that_ends_in_years_does_not_stretch_the_axis(self) -> None:
        story = Story(D + 30.5, "今天", (clock("a", "due", D, D + 3650),), (sheet("s", D + 1),))
        assert draw(story, **WORDS).axis.last < D + 100

    def test_an_empty_story_is_a_picture_of_today(self) -> None:
        drawing = draw(Story(D + 0.5, "今天 3月2日 周一"), **WORDS)
        assert LEFT <= drawing.today_x <= RIGHT
        assert drawing.lens is None

    def test_weekends_and_holidays_are_bands_and_the_holiday_bears_its_name(self) -> None:
        from liuhen.faces.desk.timeline.story import Holiday

        off = frozenset({D + 5, D + 6, D + 33, D + 34, D + 35})
        story = Story(
            D + 20.5, "今天", (), (sheet("s", D), sheet("t", D + 50)), (), (Holiday(D + 33, D + 35, "清明节"),), off
        )
        bands = draw(story, **WORDS).bands
        assert [(b.name, round(b.width)) for b in bands if b.name] == [("清明节", round(bands[0].width))]
        assert sum(1 for b in bands if not b.name) == 1

    def test_only_the_last_days_are_drawn_when_asked(self) -> None:
        story = Story(D + 100.5, "今天", (), (sheet("old", D), sheet("new", D + 95)))
        drawing = draw(story, since=D + 70, **WORDS)
        assert [f.sheet.key for f in drawing.sheets.flags] == ["new"]

    def test_the_chosen_act_stands_under_the_lens(self) -> None:
        story = Story(D + 20.5, "今天", (), (), (act("a", D + 3, 60), act("b", D + 9, 30)))
        drawing = draw(story, chosen="b", **WORDS)
        assert drawing.lens is not None
        assert drawing.lens.act.key == "b"
        assert drawing.height > draw(story, **WORDS).height


@given(st.text(max_size=40), st.floats(10, 300))
def test_shortened_words_fit(text: str, limit: float) -> None:
    assert width(shortened(text, limit)) <= max(limit, width("…"))
