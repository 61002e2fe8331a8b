"""An audit of a bureau's own cases: by the texts in force there, one at a time, noted as a look, put in place whole."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liuhen.engines.rulebook.duty import WORST_FIRST
from liuhen.faces.cli import main
from liuhen.ground.moments import MINUTE
from liuhen.journal import destruction
from liuhen.journal.auditing import asking, kept, one_by_one, running
from liuhen.journal.auditing.asking import STARTING, Audits, ask, state
from liuhen.journal.auditing.result import STATUSES, Result, forget, opened
from liuhen.journal.auditing.running import AT_ONCE_FROM, audit
from liuhen.journal.destruction import destroy_content
from liuhen.journal.models import DutyRow, LookRow
from liuhen.journal.models.derived import NO_END
from tests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.flow]


@pytest.fixture
def case(office: Office) -> str:
    root = office.open_case("示例罚立〔2023〕41号")
    office.act(root, "act.questioning", "2023-03-06 08:00", "2023-03-06 08:40")
    return root


def by_itself(office: Office, **more: Any) -> Result:
    found = opened(audit(office.bureau, office.instant, engine="one_by_one", **more))
    assert found is not None
    return found


def test_what_the_door_stored_stands_in_it_and_it_says_by_what_it_judged(office: Office, case: str) -> None:
    with by_itself(office) as result:
        asked = "SELECT root, rulebook || '/' || id AS rule, st, due FROM duty JOIN rule USING (r) JOIN file USING (c)"
        found = {(r["root"], r["rule"], STATUSES[r["st"]], r["due"]) for r in result.each(asked)}
        about = result.about
        units = {r["unit"] for r in result.rows("SELECT unit FROM file WHERE root = ?", [case])}
    stored = DutyRow.objects.filter(bureau=office.bureau)
    told = {(d.case_id, d.rule, d.view(office.instant), None if d.due == NO_END else d.due) for d in stored}
    assert {root for root, *_ in told} >= {case}
    assert told <= found
    basis = office.basis
    assert (about["stack"], about["calendar"], about["zone"]) == (basis.digest, basis.calendar.version, basis.zone.key)
    assert [b["digest"] for b in about["rulebooks"]] == [b.digest for b in basis.stack.rulebooks]
    assert about["at"] == office.instant
    assert units == {"执法一队"}


def test_an_earlier_moment_sees_only_what_had_come_in_by_then(office: Office, case: str) -> None:
    before = office.instant - MINUTE
    office.wait(hours=1)
    later = office.open_case("示例罚立〔2023〕42号")
    at = office.instant - 30 * MINUTE
    with Result(audit(office.bureau, at, engine="one_by_one")) as result:
        roots = {r["root"] for r in result.rows("SELECT root FROM file")}
    assert case in roots
    assert later not in roots
    with Result(audit(office.bureau, before, engine="one_by_one")) as result:
        assert result.rows("SELECT root FROM file") == []
        assert result.about["files"] == 0


def test_a_sum_holds_every_duty_once(office: Office, case: str) -> None:
    with by_itself(office) as result:
        sums = result.rows("SELECT sum(asked) AS asked, sum(missing) AS missing, sum(met) AS met FROM number")[0]
        open_, met = (
            result.rows(q)[0]["n"] for q in ("SELECT count(*) n FROM duty", "SELECT coalesce(sum(n), 0) n FROM met")
        )
        missing = result.rows("SELECT count(*) n FROM duty WHERE st IN (0, 1)")[0]["n"]
    assert sums == {"asked": open_ + met, "missing": missing, "met": met}
    assert WORST_FIRST["breached"] == 0
    assert WORST_FIRST["overdue"] == 1


def test_it_is_noted_as_a_look_at_all_cases(office: Office, case: str) -> None:
    by_itself(office).db.close()
    by_itself(office, who=office.who("head")).db.close()
    looks = LookRow.objects.filter(bureau=office.bureau, what="run audit").order_by("seq")
    assert [look.person for look in looks] == ["", office.persons["head"]]
    assert all(look.number >= 1 and "one_by_one" in look.detail for look in looks)


def test_a_second_one_at_once_is_refused(office: Office, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    with kept.alone(office.bureau):
        assert state(office.bureau, office.instant).runs
        with pytest.raises(kept.AuditRuns) as refused:
            audit(office.bureau, office.instant, engine="one_by_one")
        assert refused.value.finding.code == "G-044"
        assert not ask(office.who("head"), office.instant)
        assert main(["audit", "--journal", "--bureau", office.bureau, "--engine", "one-by-one"]) == 2
        assert "G-044" in capsys.readouterr().err
    assert not state(office.bureau, office.instant).runs
    by_itself(office).db.close()


def test_one_that_fails_leaves_the_last_result_and_no_content_behind(
    office: Office, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with by_itself(office) as result:
        before = result.about

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(one_by_one, "run", fails)
    with pytest.raises(OSError, match="disk full"):
        audit(office.bureau, office.instant, engine="one_by_one")
    found = opened(kept.result_file(office.bureau))
    assert found is not None
    with found:
        assert found.about == before
    assert state(office.bureau, office.instant).failed == "OSError"
    assert not (kept.folder(office.bureau) / "work").exists()
    monkeypatch.undo()
    by_itself(office).db.close()
    assert state(office.bureau, office.instant).failed == ""


def test_only_its_user_reads_the_folder_and_the_result(office: Office, case: str) -> None:
    by_itself(office).db.close()
    assert kept.folder(office.bureau).stat().st_mode & 0o777 == 0o700
    assert kept.result_file(office.bureau).stat().st_mode & 0o777 == 0o600


NAMED = "SELECT count(*) AS n FROM {} JOIN file USING (c) JOIN person USING (who) WHERE root = ? AND name <> ''"
SUMS = "SELECT r, unit, month, office, sum(asked), sum(met), sum(late), sum(missing) FROM number GROUP BY 1, 2, 3, 4"


def nobody_by(result: Result, root: str) -> bool:
    """Whether nothing in a result names anybody by this file: neither name, nor words of a note."""
    said = [result.rows(NAMED.format(t), [root])[0]["n"] for t in ("duty", "met")]
    noted = result.rows("SELECT count(*) AS n FROM duty JOIN file USING (c) WHERE root = ? AND note <> ''", [root])
    return said == [0, 0] and noted[0]["n"] == 0


def test_names_go_out_of_it_with_the_content_of_a_case(office: Office, case: str) -> None:
    other = office.open_case("示例罚立〔2023〕42号", handlers=("chen",))
    with by_itself(office) as result:
        assert not nobody_by(result, case)
        names = {r["name"] for r in result.rows("SELECT name FROM person")}
        before = result.rows(SUMS)
        only = {r["name"] for r in result.rows("SELECT DISTINCT name FROM duty JOIN file USING (c) JOIN person USING (who) "
                                               "WHERE root <> ?", [case])}  # fmt: skip
    gone = names - only - {""}
    assert gone
    assert destroy_content(case, office.instant)
    found = opened(kept.result_file(office.bureau))
    assert found is not None
    with found as result:
        assert nobody_by(result, case)
        assert not nobody_by(result, other)
        assert {r["name"] for r in result.rows("SELECT name FROM person")} == (names - gone) | {""}
        assert result.rows(SUMS) == before
        left = "SELECT DISTINCT name FROM number LEFT JOIN person USING (who)"
        assert {r["name"] for r in result.rows(left)} <= only | {""}
    kept_bytes = kept.result_file(office.bureau).read_bytes()
    assert not any(name.encode() in kept_bytes for name in gone)


def test_after_the_content_of_every_file_it_names_nobody(office: Office, case: str) -> None:
    with by_itself(office) as result:
        roots = [r["root"] for r in result.rows("SELECT root FROM file")]
        asked = result.rows("SELECT sum(asked) AS n FROM number")
    forget(kept.result_file(office.bureau), roots)
    with Result(kept.result_file(office.bureau)) as result:
        assert [tuple(r.values())[1:] for r in result.rows("SELECT * FROM person")] == [("", "")]
        assert result.rows("SELECT sum(asked) AS n FROM number") == asked


def test_content_destroyed_while_it_runs_is_in_no_result(
    office: Office, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_itself(office).db.close()
    runs = one_by_one.run

    def destroyed_at_its_end(*given: Any) -> dict[str, Any]:
        found = runs(*given)
        assert destroy_content(case, office.instant)
        return found

    monkeypatch.setattr(one_by_one, "run", destroyed_at_its_end)
    with by_itself(office) as result:
        assert result.rows("SELECT root FROM file WHERE root = ?", [case])
        assert nobody_by(result, case)


def test_a_destruction_and_a_result_put_in_place_wait_for_each_other(
    office: Office, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[tuple[str, bool]] = []

    def others_wait() -> bool:
        with open(kept.folder(office.bureau) / "names") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def forgets(path: Path, roots: Any) -> None:
        held.append((path.parent.name, others_wait()))
        forget(path, roots)

    monkeypatch.setattr(running, "forget", forgets)
    monkeypatch.setattr(destruction.result, "forget", forgets)
    by_itself(office).db.close()
    destroy_content(case, office.instant)
    assert held == [("work", True), (office.bureau, True)]
    assert not others_wait()


def test_a_result_of_another_version_is_none(office: Office, case: str) -> None:
    path = audit(office.bureau, office.instant, engine="one_by_one")
    path.write_bytes(b"not a database at all, but long enough to be read as one" * 20)
    assert opened(path) is None


# -- asked for at the desk, run by the worker ------------------------------------------------------------------------------


def command(status: int) -> Callable[[str, str], list[str]]:
    return lambda bureau, person: [sys.executable, "-c", f"import sys; sys.exit({status})", bureau, person]


def until_done(audits: Audits, office: Office) -> None:
    for _ in range(600):
        audits.step([office.bureau], office.instant)
        if audits._running is None:
            return
        time.sleep(0.05)
    pytest.fail("did not end")


def test_who_asks_twice_asked_once_and_the_worker_takes_it_up(office: Office) -> None:
    assert ask(office.who("head"), office.instant)
    assert not ask(office.who("reviewer"), office.instant)
    assert state(office.bureau, office.instant).asked == office.instant
    called: list[tuple[str, str]] = []

    def noting(bureau: str, person: str) -> list[str]:
        called.append((bureau, person))
        return command(0)(bureau, person)

    audits = Audits(noting)
    audits.step([office.bureau], office.instant)
    waiting = state(office.bureau, office.instant)
    assert waiting.asked is None
    assert waiting.runs
    until_done(audits, office)
    assert called == [(office.bureau, office.persons["head"])]


def test_one_that_ends_badly_is_said(office: Office) -> None:
    ask(office.who("head"), office.instant)
    audits = Audits(command(3))
    audits.step([office.bureau], office.instant)
    until_done(audits, office)
    assert state(office.bureau, office.instant).failed == "exit 3"


def test_one_that_was_killed_is_said_after_a_while(office: Office) -> None:
    kept.note(office.bureau, "progress", {"share": 0.5, "at": office.instant})
    assert state(office.bureau, office.instant + STARTING - 1).runs
    assert state(office.bureau, office.instant + STARTING).failed == "stopped"


@pytest.mark.parametrize("held", ["", "{", "[]", '{"share": "x", "at": "y"}'])
def test_a_spoilt_note_says_nothing(office: Office, held: str) -> None:
    for name in ("progress", "asked"):
        (kept.folder(office.bureau) / f"{name}.json").write_text(held)
    found = state(office.bureau, office.instant)
    assert (found.runs, found.asked) == (False, None)


def test_one_that_does_not_end_when_told_to_is_killed(office: Office) -> None:
    deaf = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w'); time.sleep(60)"
    heard = kept.folder(office.bureau) / "deaf"
    ask(office.who("head"), office.instant)
    audits = Audits(lambda bureau, person: [sys.executable, "-c", deaf, str(heard)])
    audits.step([office.bureau], office.instant)
    for _ in range(600):
        if heard.exists():
            break
        time.sleep(0.05)
    running = audits._running
    assert running is not None
    audits.stop(0.2)
    assert running.returncode == -signal.SIGKILL


def test_the_command_of_the_worker_is_this_programs_own() -> None:
    assert list(asking.in_a_process("b", "p"))[1:] == ["-m", "liuhen.journal.auditing", "b", "p"]


# -- the command ---------------------------------------------------------------------------------------------------------


def test_the_command_says_what_the_result_holds_and_writes_it_out(
    office: Office, case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["audit", "--journal", "--bureau", office.bureau, "--engine", "one-by-one"]
    status = main([*said, "--out", str(tmp_path), "--json"])
    (told,) = json.loads(capsys.readouterr().out)["bureaus"]
    with Result(kept.result_file(office.bureau)) as result:
        asked = result.rows("SELECT sum(asked) AS n FROM number")[0]["n"]
        faults = result.rows("SELECT coalesce(sum(late + missing), 0) AS n FROM number WHERE office")[0]["n"]
    assert sum(a["asked"] for a in told["articles"]) == asked
    assert status == (1 if faults else 0)
    assert {p.name for p in (tmp_path / office.bureau).iterdir()} >= {
        "counts.csv",
        "counts.json",
        "cases.csv",
        "cases.json",
    }
    looks = [k for k in LookRow.objects.filter(bureau=office.bureau).order_by("seq") if k.what.endswith(" audit")]
    assert [(k.what, k.person) for k in looks] == [("run audit", ""), ("copy audit", "")]
    assert looks[1].number == told["files"]
    assert main(said) == status
    assert "岚河市示例局" in capsys.readouterr().out
    assert LookRow.objects.filter(bureau=office.bureau, what="copy audit").count() == 1


def test_as_of_another_moment_the_result_is_told_and_that_of_the_page_stays(
    office: Office, case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with by_itself(office) as result:
        before = result.about
    said = ["audit", "--journal", "--bureau", office.bureau, "--engine", "one-by-one", "--json", "--out", str(tmp_path)]
    at = office.now + timedelta(days=300)
    main([*said, "--at", at.isoformat()])
    (told,) = json.loads(capsys.readouterr().out)["bureaus"]
    assert datetime.fromisoformat(told["at"]) == at
    written = json.loads((tmp_path / office.bureau / "counts.json").read_text())
    assert datetime.fromisoformat(written["at"]) == at
    with Result(kept.result_file(office.bureau)) as result:
        assert result.about == before
    main(said)
    with Result(kept.result_file(office.bureau)) as result:
        assert result.about != before


def test_a_folder_that_cannot_be_written_into_is_refused_before_anything_runs(
    office: Office, case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with by_itself(office) as result:
        before = result.about
    file = tmp_path / "README.md"
    file.write_text("a file")
    assert main(["audit", "--journal", "--bureau", office.bureau, "--engine", "one-by-one", "--out", str(file)]) == 2
    assert "U-011" in capsys.readouterr().err
    with Result(kept.result_file(office.bureau)) as result:
        assert result.about == before


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--rulebook", "bazhou"], "U-018"),
        (["--export", "x"], "U-018"),
        (["--map", "x"], "U-018"),
        (["samples"], "U-018"),
        (["--bureau", "nobody"], "G-024"),
        (["--at", "yesterday"], "U-005"),
    ],
    ids=["another text", "written out", "a log", "a dossier", "no such bureau", "no moment"],
)
def test_what_means_nothing_for_a_journal_is_refused(
    office: Office, more: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "--journal", "--engine", "one-by-one", *more]) == 2
    assert code in capsys.readouterr().err


def test_an_engine_that_is_not_installed_is_refused_and_without_one_cases_are_judged_one_by_one(
    office: Office, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["audit", "--journal", "--bureau", office.bureau, "--engine", "duckdb"]) == 2
    assert "U-009" in capsys.readouterr().err
    assert main(["audit", "--journal", "--bureau", office.bureau]) in (0, 1)
    with Result(kept.result_file(office.bureau)) as result:
        assert result.about["engine"] == "one_by_one"


@pytest.mark.parametrize(
    ("bulk", "files", "engine"),
    [(True, AT_ONCE_FROM, "duckdb"), (True, AT_ONCE_FROM - 1, "one_by_one"), (False, AT_ONCE_FROM, "one_by_one")],
    ids=["many", "few", "many, and nothing installed"],
)
def test_the_quicker_way_is_taken(
    office: Office, monkeypatch: pytest.MonkeyPatch, bulk: bool, files: int, engine: str
) -> None:
    tried: list[str] = []

    def tells(engine: str, *_: object) -> None:
        tried.append(engine)
        raise OSError

    monkeypatch.setattr(running, "can_all_at_once", lambda: bulk)
    monkeypatch.setattr(running, "how_many", lambda bureau: files)
    monkeypatch.setattr(running, "_engine", tells)
    monkeypatch.setattr(one_by_one, "run", lambda *_: tells("one_by_one"))
    with pytest.raises(OSError):
        audit(office.bureau, office.instant)
    assert tried == [engine]


@pytest.mark.parametrize(
    ("said", "code"),
    [([], "U-003"), (["samples", "--bureau", "x"], "U-018"), (["samples", "--engine", "one-by-one"], "U-018")],
    ids=["nothing", "a bureau without its journal", "one by one is check"],
)
def test_without_a_journal_dossiers_are_named(said: list[str], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", *said]) == 2
    assert code in capsys.readouterr().err


WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("duckdb", "ibis", "pyarrow"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import django
django.setup()
import liuhen.faces.cli.audit, liuhen.faces.desk.urls, liuhen.journal.auditing.__main__, liuhen.journal.worker
print("loaded")
"""


def test_the_desk_the_worker_and_the_command_load_without_the_extra() -> None:
    found = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False)
    assert found.stdout == "loaded\n", found.stderr
