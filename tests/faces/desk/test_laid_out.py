"""A case with hundreds of duties lays out the worst; the rest stands behind lines that are fetched, none out of reach."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liuhen.engines.rulebook import Duty
from liuhen.faces.desk import routes
from liuhen.faces.desk.cases import laid_out
from liuhen.faces.desk.cases.duties import DutyShown
from liuhen.faces.desk.cases.laid_out import FIRST, GROUPS, MOST, lay_out, members_of
from liuhen.faces.desk.cases.standing import Standing
from liuhen.journal.models import LookRow
from tests.faces.desk.pages import Desk, text
from tests.office import Office

NO_DUTY: Duty = None  # type: ignore[assignment]


def held(status: str, number: int, *, weight: str = "duty", late: bool = False) -> list[Standing]:
    return [Standing(f"{status}-{weight}-{late}-{n}", status, "", weight, late, NO_DUTY) for n in range(number)]


def show(s: Standing) -> DutyShown:
    return DutyShown(s.key, s.status, "", "", "", (), (), None, "", "", "", "", weight=s.weight)


SORTS: dict[str, dict[str, Any]] = {
    "further": {"status": "overdue"},
    "late": {"status": "met", "late": True},
    "excused": {"status": "excused"},
    "met": {"status": "met"},
    "advice": {"status": "due", "weight": "hint"},
}


def of_sort(group: str, number: int) -> list[Standing]:
    """So many duties behind the line of that group: of what is open or late the first stand before it."""
    before = FIRST if group in ("further", "late") else 0
    return held(number=number + before, **SORTS[group])


class TestGroups:
    @pytest.mark.parametrize("group", GROUPS)
    def test_a_short_group_is_laid_out_and_one_more_folds_it(self, group: str) -> None:
        short = lay_out(of_sort(group, MOST), show, root="r")
        assert (short.all_url, short.folded) == ("", 0)
        assert len(short.keys) == len(of_sort(group, MOST))
        long = lay_out(of_sort(group, MOST + 1), show, root="r").group(group)
        assert long is not None
        assert (long.lines, long.url) == ((), f"/cases/r/?duties={group}")

    @pytest.mark.parametrize("group", GROUPS)
    def test_a_folded_group_and_what_stands_before_it_are_all_of_them(self, group: str) -> None:
        duties = of_sort(group, 3 * MOST)
        page = lay_out(duties, show, root="r")
        fetched = members_of(duties, group)
        assert page.keys | {s.key for s in fetched} == {s.key for s in duties}
        assert page.keys.isdisjoint(s.key for s in fetched)
        folded = page.group(group)
        assert folded is not None
        assert folded.count == page.folded == len(fetched)

    @pytest.mark.parametrize("group", GROUPS)
    def test_the_one_that_is_asked_for_stands_before_its_line_and_once(self, group: str) -> None:
        duties = of_sort(group, 3 * MOST)
        asked = duties[-1].key
        page = lay_out(duties, show, root="r", asked=asked)
        folded = page.group(group)
        assert folded is not None
        assert folded.asked is not None
        assert folded.asked.key == asked
        assert page.folded == len(members_of(duties, group, asked))
        assert folded.url == f"/cases/r/?duties={group}&duty={asked}"
        assert asked not in {s.key for s in members_of(duties, group, asked)}

    @pytest.mark.parametrize("wanted", [*GROUPS, laid_out.ALL])
    def test_a_group_that_is_wanted_is_laid_out_whole(self, wanted: str) -> None:
        duties = [s for group in GROUPS for s in of_sort(group, 2 * MOST)]
        page = lay_out(duties, show, root="r", wanted=wanted)
        whole = GROUPS if wanted == laid_out.ALL else (wanted,)
        assert [g.name for g in page.groups if g.open] == [g for g in whole if page.group(g) is not None]
        for group in whole:
            assert {s.key for s in members_of(duties, group)} <= page.keys
        assert bool(page.all_url) is (wanted != laid_out.ALL)

    def test_a_duty_of_a_short_group_opens_it(self) -> None:
        duties = of_sort("met", 3)
        page = lay_out(duties, show, root="r", asked=duties[1].key)
        assert [(g.name, g.open, len(g.lines)) for g in page.groups] == [("met", True, 3)]

    def test_counts_are_of_all_whatever_is_folded(self) -> None:
        duties = [s for group in GROUPS for s in of_sort(group, 2 * MOST)]
        page = lay_out(duties, show, root="r")
        assert dict(page.tally)["overdue"] == 2 * MOST + FIRST
        assert dict(page.tally)["met"] == 4 * MOST + FIRST
        assert (page.late_n, page.total) == (2 * MOST + FIRST, 8 * MOST + 2 * FIRST)


@pytest.fixture
def large(office: Office, monkeypatch: pytest.MonkeyPatch) -> str:
    """A case with more open duties than a page lays out, where a page lays out few."""
    monkeypatch.setattr(laid_out, "MOST", 6)
    root = office.open_case("示例罚立〔2023〕200号")
    start = datetime.fromisoformat("2023-03-01 08:00")
    for n in range(12):
        at = start + timedelta(hours=3 * n)
        act = office.act(root, "act.questioning", f"{at:%F %R}", f"{at + timedelta(hours=1):%F %R}").id
        office.act(root, "interview_transcript", f"{at + timedelta(hours=1):%F %R}", links={"about": [act]})
    return root


def laid_out_on(page: str) -> list[str]:
    return re.findall(r'<li id="d-([^"]+)"', page)


def folded_on(page: str) -> list[str]:
    return [url.replace("&amp;", "&") for url in re.findall(r'data-load="([^"]+\?duties=[^"]+)"', page)]


def part_of(client: Client, url: str) -> str:
    return str(client.get(f"{url}&part=1").content.decode())


class TestPages:
    def test_every_duty_is_on_the_page_or_behind_one_of_its_lines(self, desk: Desk, large: str) -> None:
        client = desk("zhang")
        page = client.get(routes.case(large)).content.decode()
        folded = folded_on(page)
        assert folded
        parts = [part_of(client, url) for url in folded]
        assert not any("<html" in part for part in parts)
        whole = laid_out_on(client.get(routes.duties(large, laid_out.ALL)).content.decode())
        found = laid_out_on(page) + [key for part in parts for key in laid_out_on(part)]
        assert sorted(found) == sorted(whole)
        assert len(found) == len(set(found))

    def test_without_a_script_the_same_address_is_a_page_with_the_group(self, desk: Desk, large: str) -> None:
        client = desk("zhang")
        url = folded_on(client.get(routes.case(large)).content.decode())[0]
        page = client.get(url).content.decode()
        assert "<html" in page
        assert set(laid_out_on(part_of(client, url))) <= set(laid_out_on(page))

    def test_a_link_to_a_duty_that_is_folded_leads_to_it(self, desk: Desk, large: str) -> None:
        client = desk("zhang")
        page = client.get(routes.case(large)).content.decode()
        key = laid_out_on(part_of(client, folded_on(page)[0]))[-1]
        assert key not in laid_out_on(page)
        address, _, name = routes.duty(large, key).partition("#")
        asked = client.get(address).content.decode()
        assert f'id="{name}"' in asked
        assert key not in [k for url in folded_on(asked) for k in laid_out_on(part_of(client, url))]
        deadlines = client.get(routes.query(routes.case(large), tab="deadlines")).content.decode()
        assert f'href="{routes.duty(large, key)}"'.replace("&", "&amp;") in deadlines
        why = client.get(routes.why(large, key)).content.decode()
        assert f'href="{routes.duty(large, key)}"' in why

    def test_a_duty_that_is_not_there_leaves_the_page_as_it_is(self, desk: Desk, large: str) -> None:
        client = desk("zhang")
        plain = laid_out_on(client.get(routes.case(large)).content.decode())
        assert laid_out_on(client.get(f"{routes.case(large)}?duty=no~such&duties=nothing").content.decode()) == plain

    def test_what_is_fetched_speaks_the_reader_s_language(self, desk: Desk, large: str) -> None:
        client = desk("li", language="en")
        page = client.get(routes.case(large))
        assert "folded here" in text(page)
        assert ">because of<" in part_of(client, folded_on(page.content.decode())[0])

    def test_a_case_with_few_duties_is_laid_out_whole(self, office: Office, desk: Desk) -> None:
        root = office.open_case("示例罚立〔2023〕1号")
        office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
        page = desk("zhang").get(routes.case(root)).content.decode()
        assert laid_out_on(page)
        assert folded_on(page) == []
        assert "duties=all" not in page


class TestWhoLooks:
    def test_a_group_that_is_fetched_is_a_look_that_says_which(self, office: Office, desk: Desk, large: str) -> None:
        client = desk("zhang")
        url = folded_on(client.get(routes.case(large)).content.decode())[0]
        before = LookRow.objects.count()
        part_of(client, url)
        look = LookRow.objects.order_by("-seq")[0]
        assert LookRow.objects.count() == before + 1
        assert (look.what, look.home, look.person) == ("look case", large, office.persons["zhang"])
        assert '"duties":"further"' in look.detail

    def test_whoever_may_not_look_at_the_case_is_given_no_part_of_it(
        self, office: Office, desk: Desk, large: str
    ) -> None:
        office.enrol("chen", "陈示例", "case_handler", unit="别的股")
        url = folded_on(desk("zhang").get(routes.case(large)).content.decode())[0]
        before = LookRow.objects.count()
        client = desk("chen")
        refused = client.get(f"{url}&part=1")
        assert refused.status_code == client.get(routes.case(large)).status_code
        assert laid_out_on(refused.content.decode()) == []
        assert not LookRow.objects.filter(person=office.persons["chen"], home=large).exists()
        assert LookRow.objects.count() == before

    def test_the_questions_to_the_database_do_not_grow_with_the_duties(
        self, office: Office, desk: Desk, large: str
    ) -> None:
        client = desk("zhang")
        small = office.open_case("示例罚立〔2023〕2号")
        counts = []
        for root in (small, large):
            client.get(routes.case(root))
            with CaptureQueriesContext(connection) as asked:
                client.get(routes.case(root))
            counts.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            part_of(client, routes.duties(large, "further"))
        assert counts[0] == counts[1]
        assert len(asked) <= counts[1]
