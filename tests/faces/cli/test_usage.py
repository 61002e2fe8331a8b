"""Wrong usage is refused with a code, a next step and exit status 2; nothing of it is a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from liuhen.faces.cli import dispatch as dispatching
from tests.faces.cli.called import ROOT, SAMPLES, call

PERFECT = SAMPLES / "perfect-case"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["chek", "x"], "U-001"),
        (["rulebook", "lst"], "U-001"),
        (["check", str(PERFECT), "--al"], "U-002"),
        (["check", str(PERFECT), "another"], "U-002"),
        (["check"], "U-003"),
        (["rulebook", "show"], "U-003"),
        (["check", str(PERFECT), "--lang", "fr"], "U-004"),
        (["check", str(PERFECT), "--at", "yesterday"], "U-005"),
        (["check", str(PERFECT), "--at", "2026-05-06T09:00"], "U-005"),
        (["check", str(PERFECT), "--at", "2026-02-30T09:00+08:00"], "U-005"),
        (["check", str(PERFECT), "--at"], "U-006"),
        (["check", str(PERFECT), "--all=yes"], "U-006"),
        (["rulebook", "show", "bazhou", "53"], "U-007"),
        (["check", str(PERFECT), "--rulebook", "nowhere"], "B-021"),
        (["rulebook", "show", "nowhere"], "B-021"),
        (["rulebook", "list", "--rulebook", "tests"], "B-007"),
        (["check", "nowhere"], "D-001"),
        (["check", "\u202e\x1b[2J"], "D-001"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_wrong_usage_is_refused_with_its_code(arguments: list[str], code: str, language: str):
    said = call(*arguments, "--lang", language) if code not in ("U-004", "U-006") else call(*arguments)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(code)
    assert len(said.err.splitlines()) == 2
    assert "\x1b" not in said.err


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["rulebook", "diff", "bazhou"], "B（后一份规则（名称或文件夹））", "B (the second rulebook (id or folder))"),
        (["export", "--to", "xes"], "DOSSIER（案卷）或者 --journal", "DOSSIER or --journal"),
        (["rulebook", "attach", "bazhou"], "FILE（正式文本）", "FILE (the official text)"),
        (["rulebook", "schema"], "PART（哪种文件）或者 --write FOLDER", "PART or --write FOLDER"),
    ],
)
def test_an_argument_that_is_missing_is_explained(arguments: list[str], zh: str, en: str):
    assert zh in call(*arguments).err
    assert en in call(*arguments, "--lang", "en").err


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (
            ["rulebook", "attach", "bazhou", "x.txt", "--from-line", "abc"],
            "--from-line 不能是 abc，应为：1 至 9999999 的整数。",
            "--from-line can't be abc; it must be a whole number from 1 to 9999999.",
        ),
        (
            ["serve", "--bind", "nowhere"],
            "--bind 不能是 nowhere，应为：地址:端口，如 127.0.0.1:8000。",
            "--bind can't be nowhere; it must be address:port, such as 127.0.0.1:8000.",
        ),
        (
            ["export", str(PERFECT), "--to", "doc"],
            "--to 不能是 doc，应为：xes。",
            "--to can't be doc; it must be xes.",
        ),
        (
            ["audit", str(PERFECT), "--engine", "abacus"],
            "--engine 不能是 abacus，应为：duckdb、postgres、spark、one-by-one 之一。",
            "--engine can't be abacus; it must be one of duckdb, postgres, spark, one-by-one.",
        ),
        (
            ["audit", str(PERFECT), "--bureau", "x"],
            "--bureau 不能与 PATH 一起使用。",
            "--bureau can't be given together with PATH.",
        ),
    ],
    ids=["a line", "an address", "an only choice", "a choice", "two that exclude each other"],
)
def test_what_an_argument_may_be_is_said_in_the_readers_language(arguments: list[str], zh: str, en: str):
    assert call(*arguments).err.splitlines()[0].endswith(zh)
    assert call(*arguments, "--lang", "en").err.splitlines()[0].endswith(en)


@pytest.mark.parametrize("command", [("lint",), ("show",), ("test",), ("diff", "bazhou")], ids=lambda c: c[0])
@pytest.mark.parametrize("file", ["rulebook.yaml", "articles/001.yaml"])
def test_a_file_of_a_rulebook_is_not_taken_for_its_name(tmp_path: Path, file: str, command: tuple[str, ...]):
    folder = tmp_path / "bz"
    (folder / "articles").mkdir(parents=True)
    for name in ("rulebook.yaml", "articles/001.yaml"):
        (folder / name).touch()
    said = call("rulebook", *command, folder / file)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(f"B-062  “{folder / file}”是文件")
    assert said.err.splitlines()[1].endswith(f"所在的文件夹：{folder}。")


def test_a_file_without_a_rulebook_around_it_names_no_folder(tmp_path: Path):
    (tmp_path / "notes.yaml").touch()
    said = call("rulebook", "show", tmp_path / "notes.yaml")
    assert said.err.startswith("B-062")
    assert "此文件旁边没有 rulebook.yaml" in said.err


def test_a_file_that_is_there_already_is_said_in_the_readers_language(tmp_path: Path):
    (tmp_path / "log.xes").touch()
    said = call("export", str(PERFECT), "--to", "xes", "--out", str(tmp_path / "log.xes"))
    assert (said.status, "同名文件已经存在" in said.err) == (2, True)


def test_a_command_whose_library_is_absent_says_which(monkeypatch: pytest.MonkeyPatch):
    def absent(name: str) -> None:
        raise ModuleNotFoundError(f"No module named 'django' ({name})", name="django.conf")

    monkeypatch.setattr(dispatching.importlib, "import_module", absent)
    said = call("check", PERFECT)
    assert said.status == 2
    assert said.err.startswith("U-009")
    assert "django" in said.err


def test_a_fault_of_our_own_is_not_taken_for_an_absent_library(monkeypatch: pytest.MonkeyPatch):
    def broken(name: str) -> None:
        raise ModuleNotFoundError("No module named 'liuhen.nowhere'", name="liuhen.nowhere")

    monkeypatch.setattr(dispatching.importlib, "import_module", broken)
    with pytest.raises(ModuleNotFoundError):
        call("check", PERFECT)


def test_without_a_command_the_commands_are_listed():
    bare, asked = call(), call("--help")
    assert (bare.status, asked.status) == (2, 0)
    assert bare.out == asked.out
    assert "  check " in bare.out


def test_the_version_is_told():
    from liuhen import __version__

    assert call("--version").out == f"liuhen {__version__}\n"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "liuhen.faces.cli", *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


AT = ("--at", "2026-03-18T09:00+08:00")


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1", "utf-8"])
def test_a_terminal_of_another_encoding_gets_what_it_can_show(encoding: str):
    done = run("check", "samples/service-by-leaving", *AT, PYTHONIOENCODING=encoding)
    assert done.returncode == 1
    assert done.stderr == b""
    if encoding == "gbk":
        assert "超期" in done.stdout.decode("gbk")


def test_the_language_can_be_set_once_for_all():
    assert b"overdue" in run("check", "samples/service-by-leaving", *AT, LIUHEN_LANG="en").stdout
    assert b"overdue" not in run("check", "samples/service-by-leaving", *AT, LIUHEN_LANG="en_US.UTF-8").stdout


def test_a_reader_that_goes_away_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "liuhen.faces.cli", "rulebook", "coverage"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        cwd=ROOT,
    )
    os.close(writing)
    assert done.stderr == b""


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("django", "psycopg", "sqlite3", "jinja2"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Blocked())
from liuhen.faces.cli import main
status = main(sys.argv[1:])
higher = [n for n in sys.modules if n.startswith(("liuhen.journal", "liuhen.rooms", "liuhen.site", "liuhen.faces.desk"))]
assert not higher, higher
sys.exit(status)
"""


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check", "samples/service-by-leaving", *AT], 1),
        (["check", "samples/perfect-case", "--at", "2026-05-06T09:00+08:00", "--json"], 0),
        (["rulebook", "list"], 0),
        (["rulebook", "show", "bazhou", "16"], 0),
        (["rulebook", "test", "anshan-legal-review"], 0),
        (["rulebook", "coverage", "anshan-legal-review"], 0),
    ],
)
def test_checking_and_reading_rules_need_no_framework_and_no_database(arguments: list[str], status: int):
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (status, "")


def test_nothing_is_written_by_reading(tmp_path: Path):
    import shutil

    folder = Path(shutil.copytree(PERFECT, tmp_path / "a"))
    before = sorted((p, p.stat().st_mtime_ns) for p in tmp_path.rglob("*"))
    call("check", folder)
    assert sorted((p, p.stat().st_mtime_ns) for p in tmp_path.rglob("*")) == before
