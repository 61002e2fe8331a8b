"""The floor checker finds each kind of arrow that does not go down, and nothing in the same house without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from script.floors import check

ROOT = Path(__file__).resolve().parents[2]

# A small house in order. Each case below changes one file of it.
HOUSE = {
    "__init__.py": "",
    "ground/__init__.py": "",
    "ground/record.py": "from datetime import datetime",
    "engines/__init__.py": "",
    "engines/ledger/__init__.py": "from liuhen.ground import record",
    "engines/ledger/proofs.py": "from . import tree",
    "engines/ledger/tree.py": "",
    "engines/vault/__init__.py": "",
    "dossier/__init__.py": "from liuhen.engines.ledger import proofs",
    "journal/__init__.py": "",
    "journal/apps.py": "class JournalApp:\n    name = 'liuhen.journal'",
    "journal/door.py": "import django\nfrom datetime import datetime\nnow = datetime.now",
    "rooms/__init__.py": "",
    "rooms/cases/__init__.py": "",
    "rooms/cases/models.py": "entry = ForeignKey('journal.Entry')",
    "rooms/people/__init__.py": "",
    "rooms/people/apps.py": "class PeopleApp:\n    name = 'liuhen.rooms.people'\n    label = 'staff'",
    "faces/__init__.py": "",
    "faces/cli/__init__.py": "def main():\n    from liuhen.faces.cli import serve",
    "faces/cli/check.py": "from liuhen.dossier import read\nfrom liuhen.faces.cli import output",
    "faces/cli/output.py": "",
    "faces/cli/serve.py": "import django\nSETTINGS = 'liuhen.site.settings'",
    "faces/desk/__init__.py": "",
    "faces/desk/cases.py": "from liuhen.rooms.cases import models\nPAGE = 'desk/case.html'",
    "faces/desk/templates/desk/base.html": "<html>",
    "faces/desk/templates/desk/case.html": '{% extends "desk/base.html" %}',
    "faces/desk/templatetags/lamps.py": "",
    "faces/portal/__init__.py": "",
    "faces/portal/templates/portal/base.html": "<html>",
    "faces/portal/templates/portal/notice.html": '{% extends "portal/base.html" %}',
    "site/__init__.py": "",
    "site/settings.py": "INSTALLED_APPS = ['liuhen.journal', 'liuhen.rooms.people']\nimport liuhen.faces.desk.cases",
}


def build(folder: Path, **changes: str) -> Path:
    house = folder / "liuhen"
    for name, text in {**HOUSE, **changes}.items():
        path = house / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    return house


def test_a_house_in_order_has_no_faults(tmp_path: Path) -> None:
    assert check(build(tmp_path)) == []


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        pytest.param("ground/record.py", "from liuhen.journal import door", "arrows go down only", id="an import"),
        pytest.param(
            "ground/record.py", "import liuhen.engines.ledger", "arrows go down only", id="an import by full name"
        ),
        pytest.param("ground/record.py", "from ..engines import ledger", "arrows go down only", id="a relative import"),
        pytest.param(
            "ground/record.py",
            "def f():\n    from liuhen.journal import door",
            "arrows go down only",
            id="inside a function",
        ),
        pytest.param(
            "ground/record.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from liuhen.dossier import read",
            "arrows go down only",
            id="under TYPE_CHECKING",
        ),
        pytest.param(
            "ground/record.py",
            "import importlib\nimportlib.import_module('liuhen.journal.door')",
            "arrows go down only",
            id="import_module by string",
        ),
        pytest.param(
            "journal/door.py",
            "from importlib import import_module as load\ndef f(room):\n    load(f'liuhen.rooms.{room}')",
            "arrows go down only",
            id="import_module by a string that begins with a higher floor",
        ),
        pytest.param(
            "journal/door.py",
            "from importlib import import_module as load\ndef f(room):\n    load('liuhen.rooms.' + room)",
            "arrows go down only",
            id="import_module by a sum of strings",
        ),
        pytest.param(
            "engines/__init__.py",
            "import importlib\ndef f(name):\n    importlib.import_module(f'{__package__}.{name}')",
            "nothing stands between them",
            id="computed names in a package of parts",
        ),
        pytest.param(
            "journal/door.py",
            "import importlib\ndef f(name):\n    importlib.import_module(name)",
            "imports by a name that is computed",
            id="import_module by a computed name",
        ),
        pytest.param(
            "journal/door.py", "HOOK = 'liuhen.rooms.cases.models:entry'", "arrows go down only", id="a string"
        ),
        pytest.param("journal/door.py", "import liuhen.site.settings", "arrows go down only", id="the site"),
        pytest.param(
            "faces/desk/cases.py",
            "SETTINGS = 'liuhen.site.settings'",
            "arrows go down only",
            id="the site, not from cli",
        ),
        pytest.param(
            "engines/vault/__init__.py",
            "from liuhen.engines.ledger import tree",
            "one engine does not know another",
            id="an engine another engine",
        ),
        pytest.param(
            "engines/vault/__init__.py",
            "from .. import ledger",
            "one engine does not know another",
            id="relative, engines",
        ),
        pytest.param(
            "rooms/cases/__init__.py", "from liuhen.rooms import people", "one room does not know another", id="a room"
        ),
        pytest.param(
            "faces/portal/__init__.py",
            "from liuhen.faces.desk import cases",
            "one face does not know another",
            id="a face",
        ),
        pytest.param(
            "engines/__init__.py", "from . import ledger", "nothing stands between them", id="between engines"
        ),
        pytest.param(
            "rooms/cases/models.py", "p = ForeignKey('staff.Person')", "one room does not know", id="foreign key"
        ),
        pytest.param(
            "rooms/cases/models.py",
            "p = models.ManyToManyField(to='staff.Person')",
            "one room does not know",
            id="foreign key by keyword",
        ),
        pytest.param("journal/door.py", "apps.get_model('cases', 'Case')", "arrows go down only", id="get_model"),
        pytest.param(
            "rooms/cases/migrations/0001_initial.py",
            "class Migration:\n    dependencies = [('staff', '0001_initial')]",
            "one room does not know",
            id="a migration after another room's",
        ),
        pytest.param("dossier/__init__.py", "import django.conf", "without a framework", id="Django below the journal"),
        pytest.param(
            "dossier/__init__.py", "from django_htmx import http", "without a framework", id="a Django package"
        ),
        pytest.param("engines/vault/__init__.py", "import sqlite3", "know no database", id="a database"),
        pytest.param(
            "ground/record.py",
            "from datetime import datetime\nt = datetime.now()",
            "reads the clock",
            id="datetime.now",
        ),
        pytest.param(
            "ground/record.py", "import datetime as d\nt = d.date.today()", "reads the clock", id="date.today"
        ),
        pytest.param(
            "ground/record.py",
            "from datetime import datetime as dt\nmade = field(default_factory=dt.now)",
            "reads the clock",
            id="the clock read later",
        ),
        pytest.param(
            "engines/vault/__init__.py", "from time import time\nt = time()", "reads the clock", id="time.time"
        ),
        pytest.param(
            "ground/record.py", "import uuid_utils\nnew = uuid_utils.uuid7()", "reads the clock", id="uuid7()"
        ),
        pytest.param(
            "faces/cli/check.py", "from liuhen.journal import door", "is of floors 1 to 3", id="check above the library"
        ),
        pytest.param(
            "faces/cli/check.py",
            "def f():\n    from liuhen.journal import door",
            "is of floors 1 to 3",
            id="check above the library, inside a function",
        ),
        pytest.param(
            "faces/cli/output.py", "from liuhen.journal import door", "is of floors 1 to 3", id="what check loads"
        ),
        pytest.param(
            "faces/cli/check_json.py",
            "def f():\n    import django",
            "runs without Django",
            id="Django in a part of check",
        ),
        pytest.param("faces/cli/__init__.py", "import django", "runs without Django", id="Django around check"),
        pytest.param("faces/cli/check.py", "def f():\n    import django", "runs without Django", id="Django in check"),
        pytest.param(
            "faces/portal/templates/portal/notice.html",
            '{% extends "desk/base.html" %}',
            "borrows desk/base.html from faces.desk",
            id="a template extends another face's",
        ),
        pytest.param(
            "faces/portal/templates/portal/notice.html",
            "<p>{%- include ['none.html', 'desk/case.html'] ignore missing -%}",
            "borrows desk/case.html",
            id="a template includes another face's",
        ),
        pytest.param(
            "faces/portal/templates/portal/notice.html",
            "{% load i18n lamps %}",
            "tags lamps of desk",
            id="another's tags",
        ),
        pytest.param(
            "faces/portal/__init__.py",
            "PAGE = 'desk/case.html'",
            "borrows desk/case.html",
            id="a view renders another's",
        ),
        pytest.param("rooms/cases/templates/case.html", "<p>", "a template outside a face", id="a template in a room"),
        pytest.param("attic/__init__.py", "", "is on no floor", id="a folder that is no floor"),
        pytest.param("rulebooks/rules.py", "x = 1", "holds data only", id="code among the rulebooks"),
        pytest.param("ground/case_utils.py", "", '"utils" in the name of a module', id="a module's name"),
        pytest.param(
            "ground/record.py", "class CaseManager: ...", '"Manager" in the name of a class', id="a class's name"
        ),
        pytest.param("ground/record.py", "def _helper(): ...", "says nothing about what", id="a function's name"),
        pytest.param("ground/record.py", "x = 1\n" * 450, "451 lines", id="one line too long"),
    ],
)
def test_one_thing_out_of_order_is_found_in_its_file(tmp_path: Path, file: str, text: str, says: str) -> None:
    house = build(tmp_path, **{file: text})
    faults = check(house)
    assert {fault.path for fault in faults} == {house / file}
    assert any(says in fault.reason for fault in faults), faults


@pytest.mark.parametrize(
    ("file", "text"),
    [
        pytest.param("ground/record.py", "x = 1\n" * 449, id="a file of 450 lines"),
        pytest.param("ground/record.py", "def common_prefix(): ...", id="an empty word inside a function's name"),
        pytest.param(
            "ground/record.py", "import uuid_utils\ndef f(at): return uuid_utils.uuid7(at)", id="uuid7 of a moment"
        ),
        pytest.param("ground/record.py", "import time\ntook = time.perf_counter", id="a stop-watch is no clock"),
        pytest.param("ground/record.py", "NAME = 'liuhen.sqlite3'", id="a file name that begins like the package"),
        pytest.param("rooms/cases/models.py", "u = ForeignKey('auth.User')", id="a foreign key to Django's own"),
        pytest.param("rooms/cases/models.py", "c = ForeignKey('cases.Case')", id="a foreign key inside the room"),
        pytest.param("rooms/cases/models.py", "c = ForeignKey('self')", id="a foreign key to itself"),
        pytest.param("journal/door.py", "import importlib\nimportlib.import_module('json')", id="a stranger by string"),
        pytest.param("ground/record.py", "from liuhen import __version__", id="the version"),
        pytest.param(
            "journal/door.py",
            "import importlib\ndef f(name):\n    importlib.import_module(f'{__package__}.{name}')",
            id="computed names in the package itself",
        ),
        pytest.param(
            "faces/cli/serve.py", "def f():\n    from liuhen.journal import door", id="a command of the journal"
        ),
        pytest.param("rulebooks/__init__.py", "", id="a package around the rulebooks"),
        pytest.param("rulebooks/bazhou/rulebook.yaml", "id: bazhou", id="a rulebook"),
    ],
)
def test_what_only_looks_like_a_fault_is_left_alone(tmp_path: Path, file: str, text: str) -> None:
    assert check(build(tmp_path, **{file: text})) == []


def test_each_fault_names_the_line(tmp_path: Path) -> None:
    (fault,) = check(build(tmp_path, **{"ground/record.py": "import json\n\nfrom liuhen.journal import door"}))
    assert (fault.line, fault.reason) == (
        3,
        "ground (floor 1) knows liuhen.journal.door (floor 4): arrows go down only",
    )


@pytest.mark.parametrize(("text", "status"), [("", 0), ("from liuhen.journal import door", 1)])
def test_the_command_tells_by_its_exit_status(tmp_path: Path, text: str, status: int) -> None:
    house = build(tmp_path, **{"ground/record.py": text})
    run = subprocess.run(
        [sys.executable, "-m", "script.floors", str(house)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == status
    assert ("record.py:1: " in run.stdout) == bool(status)


def test_our_own_house_is_in_order() -> None:
    assert check(ROOT / "src" / "liuhen") == []
