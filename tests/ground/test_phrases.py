"""Phrases inside findings: no phrase of the code lacks its Chinese, so that nothing of its English is left in a sentence."""

from __future__ import annotations

import ast
import gzip
import io
import os
import re
from collections.abc import Callable, Iterator
from errno import EACCES, EEXIST, EIO, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, EROFS
from json import JSONDecodeError
from pathlib import Path
from xml.parsers import expat

import pyarrow
import pyarrow.parquet as parquet
import pytest

import liuhen
from liuhen.ground.findings import Finding
from liuhen.ground.located import Unreadable, parse
from liuhen.ground.phrases import FIELDS, known, phrase

SRC = Path(liuhen.__file__).parent
READERS = sorted({*SRC.glob("engines/rulebook/*.py"), *SRC.glob("ground/**/*.py"), *SRC.glob("dossier/*.py")})
EXAMPLES = ("examples.py", "carriers.py")
# Written as a person has to write it, in any language.
AS_WRITTEN = re.compile(r'[\d{\["]|it$|valid$|[a-z]+ \| [a-z]+|a\.name|\S+\Z(?<=[:…\]}"])')


def literal(node: ast.expr) -> str | None:
    """Return the text of a constant, an f-string or a sum of both, with x for each part that is filled in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "x" for v in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = literal(node.left), literal(node.right)
        return f"{left or 'x'}{right or 'x'}"
    return None


def said(path: Path) -> Iterator[tuple[str, str]]:
    """Give each phrase that a module puts into a finding, with where."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        nodes: list[ast.expr] = []
        if isinstance(node, ast.Call):
            nodes += [k.value for k in node.keywords if k.arg in FIELDS]
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            nodes += node.args[2:3] if name == "term" else node.args[4:5] if name == "_term" else []
            nodes += node.args[:1] if name in ("ValueError", "wrong") and path.name in EXAMPLES else []
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "wanted":
            nodes.append(node.value)
        for one in nodes:
            if (text := literal(one)) is not None:
                yield text, f"{path.name}:{one.lineno}"


def test_every_phrase_of_the_readers_has_its_chinese():
    found = [(text, at) for path in READERS for text, at in said(path)]
    assert len(found) > 120
    own = [(text.replace("xs", "groups"), at) for text, at in found if text != "xs"]
    missing = [f"{at} {text}" for text, at in own if text and not known(text) and not AS_WRITTEN.match(text)]
    assert missing == []


@pytest.mark.parametrize(
    ("wanted", "zh", "en"),
    [
        ("a list of kinds", "由记录种类组成的列表", "a list of kinds"),
        ("a whole number from 1 to 100000", "1 至 100000 的整数", "a whole number from 1 to 100000"),
        ("one of a, b", "以下之一：a, b", "one of a, b"),
        ("整数 a whole number", "整数", "a whole number"),
        ("2026-03-06", "写成 2026-03-06 样子的日期", "a date such as 2026-03-06"),
    ],
)
def test_a_phrase_is_said_in_one_language(wanted: str, zh: str, en: str):
    finding = Finding("B-003", {"at": "x:1", "key": "k", "wanted": wanted})
    assert finding.sentence("zh") == f"x:1：k 的写法不对，应为：{zh}。"
    assert finding.sentence("en") == f"x:1: k must be {en}."
    assert finding.as_json()["fields"]["wanted"] == wanted


def test_the_longer_phrase_goes_before_the_shorter():
    assert phrase("values of size").zh == "size 的取值"
    assert phrase("one comparison: is | is_not").zh == "一项比较：is | is_not"


def test_what_somebody_wrote_is_never_taken_for_a_phrase():
    finding = Finding("B-001", {"at": "x:1", "key": "a list"})
    assert "a list" in finding.sentence("zh")


SLIPS = [
    "a: b: c\n",
    "a:\n\tb: c\n",
    "a: [b, c\n",
    "a: {b: c\n",
    "a: 'b\n",
    'a: "b\n',
    "a: b\n c: d\n",
    "- a\nb: c\n",
    "a: - b\n",
    "a\nb: c\n",
    "a: @b\n",
    "a: `b`\n",
    "a: %b\n",
    'a: "\\q"\n',
    "a: b\n---\nc: d\n",
    "a: *b\n",
    "? [a]\n: b\n",
    "a: |x\n  b\n",
    "a: {b c: d, e}}\n",
    "a: ]\n",
    "{a: b} c\n",
    "a: 'b' c\n",
    "a: \x07\n",
    "a: {zh: 甲， en: b: c}\n",
    "[" * 50,
    "key with no value\nother: x\n",
]


@pytest.mark.parametrize("text", SLIPS, ids=range(len(SLIPS)))
def test_a_common_slip_in_yaml_is_said_in_chinese(text: str):
    with pytest.raises(Unreadable) as refused:
        parse(text, "x")
    finding = refused.value.finding
    assert finding.code in ("Y-002", "Y-004")
    assert known(str(finding.fields.get("reason", "not a file"))), finding.fields


@pytest.mark.parametrize("number", [ENOENT, EACCES, EISDIR, ENOTDIR, EEXIST, ENOSPC, EROFS, EIO, ENAMETOOLONG, ELOOP])
def test_what_the_system_says_of_a_file_is_said_in_both_languages(number: int):
    finding = Finding("E-001", {"path": "x", "reason": os.strerror(number)})
    assert os.strerror(number) not in finding.sentence("zh")
    assert not re.search("[A-Z][a-z]", finding.sentence("zh"))


@pytest.mark.parametrize("raised", [FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError, OSError,
                                    UnicodeDecodeError, ValueError, KeyError, TypeError, JSONDecodeError])  # fmt: skip
def test_an_error_that_a_finding_names_by_its_class_is_said_in_both_languages(raised: type[Exception]):
    finding = Finding("U-012", {"folder": "x", "reason": raised.__name__})
    assert not re.search("[A-Z][a-z]", finding.sentence("zh"))
    assert raised.__name__ not in finding.sentence("en")


@pytest.mark.parametrize("spoil", [lambda d: b"", lambda d: b"PAR1", lambda d: d[:-20], lambda d: d[:4] + b"x" * 99 + d[-60:]],
                         ids=["empty", "only its mark", "cut short", "spoilt within"])  # fmt: skip
def test_what_the_reader_of_parquet_says_has_its_chinese(spoil: Callable[[bytes], bytes], tmp_path: Path):
    path = tmp_path / "part-0.parquet"
    parquet.write_table(pyarrow.table({"k": [1, 2, 3]}), path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises((OSError, ValueError, KeyError, TypeError)) as refused:
        parquet.read_table(path, columns=["k"])
    assert known(type(refused.value).__name__), refused.value


def test_what_the_reader_of_xml_says_of_a_log_has_its_chinese():
    cut = ("<a", "<a><b></a>", "", "<a><![CDATA[")
    for text in (*cut, "<a/><b/>", "<a>&b;</a>", "<a b='1' b='2'/>", "<a>\x01</a>", " <?xml?><a/>"):
        with pytest.raises(expat.ExpatError) as refused:
            expat.ParserCreate().Parse(text, True)
        assert known(expat.errors.messages[refused.value.code]), text


def test_what_the_unpacker_says_of_a_log_has_its_chinese():
    packed = gzip.compress(b"case,activity,time" * 9)
    ends = (packed[:-9], packed[:-8] + b"\0" * 8, packed[:-4] + b"\0" * 4, packed + b"more")
    for spoilt in (*ends, packed[:2] + b"\7" + packed[3:]):
        with pytest.raises((EOFError, OSError)) as refused:
            gzip.GzipFile(fileobj=io.BytesIO(spoilt)).read()
        assert known(str(refused.value)), refused.value
