"""The page of the audit: for whom, what each number opens, what is hidden, what can be taken away, and who asked for it."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from html import unescape

import pytest

from liuhen.faces.desk import routes
from liuhen.faces.desk.supervision.audit import share_said
from liuhen.ground.permissions import page as permissions
from liuhen.journal.auditing import kept
from liuhen.journal.auditing.result import Result
from liuhen.journal.auditing.running import audit
from liuhen.journal.models import LookRow
from liuhen.rooms.supervision import cases, figures, handing_out
from liuhen.rooms.supervision.cases import Sight
from liuhen.rooms.supervision.figures import Narrowed
from tests.faces.desk.pages import Desk, text
from tests.office import Office

PAGES = (routes.AUDIT, routes.AUDIT_CASES, routes.audit_file("counts", "csv"), routes.audit_file("cases", "json"))


@pytest.fixture
def audited(office: Office) -> Office:
    """Two cases of two units, with something met, missing and open; the supervisor; and the audit of them."""
    office.enrol("checker", "督示例", "supervisor", unit="监督股")
    for number, handler, unit in (("51", "zhang", "执法一队"), ("52", "chen", "执法二队")):
        root = office.open_case(f"示例罚立〔2023〕{number}号", handlers=(handler,), unit=unit)
        office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40", by=handler)
    office.wait(days=120)
    audit(office.bureau, office.instant, engine="one_by_one")
    return office


def noted(office: Office, short: str) -> list[str]:
    rows = LookRow.objects.filter(bureau=office.bureau, person=office.persons[short]).order_by("seq")
    return list(rows.values_list("what", flat=True))


@pytest.mark.parametrize("short", ["checker", "reviewer", "head", "zhang", "wang", "clerk", "archivist", "admin"])
def test_it_opens_to_whom_the_page_of_permissions_names(audited: Office, desk: Desk, short: str) -> None:
    roles = audited.who(short).acting
    may = any("audit" in line.of and "look" in line.may and line.who & roles for line in permissions().lines)
    assert may is (short in ("checker", "reviewer", "head"))
    client = desk(short)
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == (200 if may else 403), path
        b"".join(answer) if answer.streaming else answer.content
    assert client.post(routes.AUDIT_RUN).status_code == (302 if may else 403)
    assert (f'href="{routes.AUDIT}"' in client.get(routes.REGISTERS).content.decode()) is may


def test_without_an_audit_it_says_how_to_have_one(office: Office, desk: Desk) -> None:
    client = desk("head")
    answer = client.get(routes.AUDIT)
    assert "尚未核查" in text(answer)
    assert "liuhen audit --journal" in text(answer)
    for path in PAGES[1:]:
        assert client.get(path)["Location"] == routes.AUDIT


def test_every_number_opens_as_many_duties_as_it_says(audited: Office, desk: Desk) -> None:
    client = desk("checker")
    page = client.get(routes.AUDIT).content.decode()
    links = re.findall(rf'<a href="({routes.AUDIT_CASES}[^"]*)"[^>]*>([\d,]+)</a>', page)
    assert len(links) > 20
    seen = set()
    with Result(kept.result_file(audited.bureau)) as result:
        for url, number in links:
            said = dict(part.split("=", 1) for part in unescape(url).partition("?")[2].split("&") if part)
            seen.add(said.get("status", ""))
            if len(seen) == 1 or len(said) == 1:
                answer = client.get(unescape(url))
                assert f"事项 {number} 项" in text(answer), url
            f = Narrowed(**{k: int(v) if k in ("since", "until") else _plain(v) for k, v in said.items()})
            assert cases.counted(result, f, Sight()).duties == int(number.replace(",", "")), url
    assert {"missing", "unknown", "due"} <= seen


def _plain(value: str) -> str:
    from urllib.parse import unquote_plus

    return unquote_plus(value)


def test_a_line_leads_to_its_case_and_to_its_article(audited: Office, desk: Desk) -> None:
    client = desk("checker")
    page = client.get(routes.query(routes.AUDIT_CASES, status="missing")).content.decode()
    case = re.search(r'href="(/cases/[0-9a-f-]+/)"', page)
    article = re.search(r'href="(/articles/[^"]+)"', page)
    assert case
    assert article
    assert client.get(case[1]).status_code == 200
    assert client.get(unescape(article[1])).status_code == 200
    assert "示例罚立〔2023〕5" in page


def test_the_tables_agree_with_each_other_and_with_the_command(audited: Office) -> None:
    with Result(kept.result_file(audited.bureau)) as result:
        every = figures.total(result, Narrowed(all=True))
        for by in ("rule", "unit", "officer", "month"):
            rows = figures.sums(result, by, Narrowed(all=True))  # type: ignore[arg-type]
            assert {n: sum(r[n] for r in rows) for n in every} == every, by
        assert {n: sum(r[n] for r in figures.by_article(result)) for n in every} == every
        worst = [(r["missing"], r["late"]) for r in figures.sums(result, "rule", Narrowed())]
        assert worst == sorted(worst, reverse=True)
        assert figures.total(result, Narrowed())["asked"] < every["asked"]


def test_a_unit_a_text_a_month_and_a_status_narrow_it(audited: Office, desk: Desk) -> None:
    client = desk("checker")
    path = routes.query(
        routes.AUDIT, unit="执法二队", rulebook="bazhou", since="202303", until="202303", status="missing"
    )
    said = text(client.get(path))
    assert "没有符合条件" not in said
    page = client.get(path).content.decode()
    table = page[page.index('id="h-unit"') : page.index('id="h-officer"')]
    assert "执法二队" in table
    assert "执法一队" not in table
    assert noted(audited, "checker")[-1] == "look audit"


@pytest.mark.parametrize(
    "query",
    ["status=every", "rulebook=%27", "unit=nowhere", "since=202313", "since=202300", "until=-1", "officer=%E7%94%B2", "page=0",
     "page=9999999999999", "root=1", "all=yes", "rule=bazhou/none", "since=２０２３０３"],
)  # fmt: skip
def test_what_means_nothing_is_named_and_left_aside(audited: Office, desk: Desk, query: str) -> None:
    client = desk("checker")
    for path in (routes.AUDIT, routes.AUDIT_CASES):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 200
        if not query.startswith("page"):
            assert "未予采用" in text(answer)


@pytest.mark.parametrize("what", ["counts", "cases"])
@pytest.mark.parametrize(
    ("query", "said"),
    [("unit=typo&status=banana", "typo"), ("since=202304&until=202303", "晚于"), ("unit=执法二队&status=missing", "")],
    ids=["what there is none of", "months the wrong way round", "what there is"],
)
def test_no_file_is_made_of_what_means_nothing(audited: Office, desk: Desk, what: str, query: str, said: str) -> None:
    answer = desk("checker").get(f"{routes.audit_file(what, 'csv')}?{query}")
    if said:
        assert answer.status_code == 400
        assert said in text(answer)
        assert "Content-Disposition" not in answer
        assert noted(audited, "checker") == []
    else:
        assert answer.status_code == 200
        assert "执法一队" not in b"".join(answer).decode()


def test_no_file_of_sums_is_made_of_a_single_case(audited: Office, desk: Desk) -> None:
    with Result(kept.result_file(audited.bureau)) as result:
        (root,) = (r["root"] for r in result.rows("SELECT root FROM file WHERE subject = 'case' LIMIT 1"))
    client = desk("checker")
    assert client.get(routes.query(routes.audit_file("counts", "csv"), root=root)).status_code == 400
    cases_of = client.get(routes.query(routes.audit_file("cases", "csv"), root=root))
    assert cases_of.status_code == 200
    assert {r["file"] for r in csv.DictReader(io.StringIO(b"".join(cases_of).decode("utf-8-sig")))} == {root}


@pytest.mark.parametrize("path", [routes.AUDIT, routes.AUDIT_CASES])
def test_a_month_to_which_nothing_belongs_is_a_month(audited: Office, desk: Desk, path: str) -> None:
    client = desk("checker")
    said = text(client.get(routes.query(path, since="201001", until="201002")))
    assert "未予采用" not in said
    assert "没有符合条件" in said
    assert "晚于" not in said
    assert "起始月份晚于截止月份" in text(client.get(routes.query(path, since="201002", until="201001")))


def test_what_it_is_narrowed_to_is_said_and_kept_by_the_filter(audited: Office, desk: Desk) -> None:
    client = desk("checker")
    person = audited.persons["zhang"]
    with Result(kept.result_file(audited.bureau)) as result:
        (rule,) = (r["rule"] for r in result.rows("SELECT rulebook || '/' || id AS rule FROM rule LIMIT 1"))
        (name,) = (r["name"] for r in result.rows("SELECT name FROM person WHERE person = ?", [person]))
    page = client.get(routes.query(routes.AUDIT, officer=person, rule=rule)).content.decode()
    assert f'<input type="hidden" name="officer" value="{person}">' in page
    assert f'<input type="hidden" name="rule" value="{rule}">' in page
    assert f'<span class="sub">人员</span> {name}' in page
    whole = client.get(routes.AUDIT).content.decode()
    assert 'type="hidden" name="officer"' not in whole
    assert '<span class="sub">人员</span>' not in whole


def test_a_status_says_that_it_chooses_rows_and_not_numbers(audited: Office, desk: Desk) -> None:
    client = desk("checker")
    assert "表中只列有“未履行”事项的行" in text(client.get(routes.query(routes.AUDIT, status="missing")))
    assert "表中只列有" not in text(client.get(routes.AUDIT))


def test_late_has_a_mark_of_its_own_and_what_a_duty_is_about_is_labelled(audited: Office, desk: Desk) -> None:
    client = desk("checker")
    page = client.get(routes.AUDIT).content.decode()
    assert page.count('<use href="#s-belated"/>') == 1
    assert 'id="s-belated"' in page
    with closing(sqlite3.connect(kept.result_file(audited.bureau))) as db, db:
        db.execute("UPDATE duty SET note = '庚示例' WHERE st IN (0, 1)")
    found = client.get(routes.query(routes.AUDIT_CASES, status="missing")).content.decode()
    assert '<span class="sub">所指 庚示例</span>' in found
    assert "所指" not in client.get(routes.query(routes.AUDIT_CASES, status="due")).content.decode()


@pytest.mark.parametrize(
    ("met", "late", "said"),
    [(4, 2, "66.7"), (2, 4, "33.3"), (9999, 1, "99.9"), (6, 0, "100.0"), (0, 6, "0.0"), (4, 0, "")],
    ids=["two thirds", "a third", "nearly all", "all", "none", "too few"],
)
def test_a_share_is_rounded_and_whole_only_where_all_was_in_time(met: int, late: int, said: str) -> None:
    assert share_said({"met": met, "late": late, "missing": 0}) == said


@pytest.mark.parametrize(
    ("failed", "said"),
    [("stopped", "原因：核查中途停止。"), ("OperationalError", "原因：系统出错（OperationalError）。"),
     ("G-007", "原因：核查未予进行（G-007）。"), ("exit 3", "原因：系统出错（exit 3）。")],
    ids=["stopped", "an error", "refused", "a status"],
)  # fmt: skip
def test_why_one_did_not_finish_is_a_sentence(audited: Office, desk: Desk, failed: str, said: str) -> None:
    kept.note(audited.bureau, "progress", {"failed": failed, "at": audited.instant})
    assert said in text(desk("checker").get(routes.AUDIT))


def test_of_files_that_a_reader_may_not_see_only_the_number_is_said(audited: Office) -> None:
    who = audited.who("zhang")
    with Result(kept.result_file(audited.bureau)) as result:
        f = Narrowed(status="missing")
        whole = cases.counted(result, f, Sight())
        mine = cases.sight_of(who, result, "执法一队", (), False)
        part = cases.counted(result, f, mine)
        assert (part.unseen, part.files) == (1, whole.files - 1)
        assert {r["unit"] for r in cases.page(result, f, mine, size=100)} <= {"执法一队", ""}
        assert cases.sight_of(audited.who("head"), result, "", (), True) == Sight()
        nothing = cases.sight_of(audited.who("admin"), result, "", (), False)
        assert "case" not in {r["subject"] for r in cases.lines(result, Narrowed(), nothing)}


def test_files_hold_what_the_page_says(audited: Office, desk: Desk) -> None:
    client = desk("checker")

    def got(what: str, form: str) -> bytes:
        answer = client.get(routes.query(routes.audit_file(what, form), status="missing"))
        assert f"-{what}.{form}" in answer["Content-Disposition"]
        return b"".join(answer)

    rows = list(csv.DictReader(io.StringIO(got("cases", "csv").decode("utf-8-sig"))))
    told = json.loads(got("cases", "json"))
    assert len(rows) == len(told["rows"])
    assert {r["status"] for r in rows} <= {"overdue", "breached"}
    assert {r["number"] for r in rows} >= {"示例罚立〔2023〕51号", "示例罚立〔2023〕52号"}
    assert told["stack"] == audited.basis.digest
    with Result(kept.result_file(audited.bureau)) as result:
        assert len(rows) == cases.counted(result, Narrowed(status="missing"), Sight()).lines
    numbers = json.loads(got("counts", "json"))["rows"]
    assert sum(r["missing"] for r in numbers) == len(rows)
    if "parquet" in handing_out.forms():
        import pyarrow.parquet as pq

        assert pq.read_table(io.BytesIO(got("cases", "parquet"))).num_rows == len(rows)
    assert noted(audited, "checker") == ["copy audit"] * len(noted(audited, "checker"))


def test_without_arrow_there_is_no_parquet_and_the_page_says_why(
    audited: Office, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_out.importlib.util, "find_spec", lambda name: None)
    client = desk("checker")
    said = client.get(routes.AUDIT).content.decode()
    assert "/parquet/" not in said
    assert "script/setup bulk" in said
    for form in ("parquet", "xlsx"):
        assert client.get(routes.audit_file("counts", form)).status_code == 404
    assert client.get(routes.audit_file("people", "csv")).status_code == 404


def test_what_a_spreadsheet_would_reckon_is_written_as_text() -> None:
    pieces = handing_out.written([{"a": "=1+1", "b": 3}], "csv", {}, ("a", "b"))
    assert b"".join(pieces).decode("utf-8-sig").splitlines() == ["a,b", "'=1+1,3"]


def test_the_button_asks_once_and_the_page_says_so(audited: Office, desk: Desk) -> None:
    client = desk("checker")
    assert client.get(routes.AUDIT_RUN).status_code == 405
    assert client.post(routes.AUDIT_RUN)["Location"] == routes.AUDIT
    asked = kept.noted(audited.bureau, "asked")
    assert asked["person"] == audited.persons["checker"]
    page = client.get(routes.AUDIT).content.decode()
    assert "等候后台任务" in page
    assert 'action="/audit/run/"' not in page
    htmx = {"HX-Request": "true"}
    assert "等候后台任务" in client.get(routes.AUDIT_STATE, headers=htmx).content.decode()
    assert client.get(routes.AUDIT_STATE)["Location"] == routes.AUDIT
    client.post(routes.AUDIT_RUN)
    assert kept.noted(audited.bureau, "asked") == asked
    kept.note(audited.bureau, "asked", None)
    with kept.alone(audited.bureau):
        kept.note(audited.bureau, "progress", {"share": 0.42, "at": audited.instant})
        assert "42%" in client.get(routes.AUDIT_STATE, headers=htmx).content.decode()
    kept.note(audited.bureau, "progress", {"failed": "OSError", "at": audited.instant})
    assert client.get(routes.AUDIT_STATE, headers=htmx)["HX-Refresh"] == "true"
    assert "没有完成" in client.get(routes.AUDIT).content.decode()


def test_what_has_changed_since_is_said(audited: Office, desk: Desk) -> None:
    client = desk("head", language="en")
    said = text(client.get(routes.AUDIT))
    assert "have changed since" not in said
    assert "received records" not in said
    audited.open_case("示例罚立〔2023〕53号")
    assert "1 file received records" not in said
    audited.wait(minutes=1)
    audited.open_case("示例罚立〔2023〕54号")
    assert "received records" in text(client.get(routes.AUDIT))
