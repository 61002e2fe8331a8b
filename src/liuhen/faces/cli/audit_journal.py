"""`liuhen audit --journal` (全案核查): every case of the journal, bureau by bureau, by the texts and settings in force there."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any

from liuhen.faces.cli.audit_lines import say_audit
from liuhen.faces.cli.journal_opening import bureau_named, need_journal
from liuhen.faces.cli.parser import WrongUsage, moment_of
from liuhen.faces.cli.speech import filled, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.moments import instant
from liuhen.ground.words import Words

ONE_BY_ONE = "one-by-one"


def run(arguments: argparse.Namespace, terminal: Terminal, engine: Callable[[], Any]) -> int:
    """Audit the bureaus; exit status 1 when a duty of an office is late, overdue or breached anywhere.

    Each result is what the desk's page shows from then on; one as of another moment (`--at`) is only told and written, and
    the page keeps what it has. `engine` makes the one that `--engine` names.
    """
    _refuse(arguments)
    need_journal()
    from liuhen.journal.auditing.result import Result
    from liuhen.journal.auditing.running import audit
    from liuhen.journal.judging import basis
    from liuhen.journal.models import BureauRow

    at = datetime.now(UTC) if arguments.at is None else moment_of(arguments.at)
    known = BureauRow.objects.order_by("id").values_list("id", flat=True)
    bureaus = [bureau_named(arguments.bureau)] if arguments.bureau is not None else list(known)
    if arguments.out is not None:
        _writable([Path(arguments.out) / bureau for bureau in bureaus])
    told: list[dict[str, Any]] = []
    faults = 0
    with TemporaryDirectory() if arguments.at is not None else nullcontext() as held:
        aside = Path(held) if held is not None else None
        for bureau in bureaus:
            path = audit(
                bureau,
                instant(at),
                engine=(arguments.engine or "").replace("-", "_"),
                db=engine,
                told=_progress(terminal),
                aside=aside / bureau if aside is not None else None,
            )
            _end(terminal)
            with Result(path) as result:
                from liuhen.rooms.supervision.figures import by_article

                rows, about = by_article(result), result.about
                faults += sum(r["late"] + r["missing"] - r["hints"] for r in rows if _counts(r))
                if arguments.out is not None:
                    _write(result, about, Path(arguments.out) / bureau)
                if terminal.as_json:
                    told.append({**about, "at": at.isoformat(), "articles": rows})
                else:
                    terminal.say(filled(words("audit")["bureau"], bureau=_called(bureau)), "bold")
                    say_audit(terminal, basis(bureau).stack, about, rows, at)
    if terminal.as_json:
        terminal.value({"bureaus": told})
    return 1 if faults else 0


def _refuse(arguments: argparse.Namespace) -> None:
    """Refuse (U-018) what means nothing for a journal: other texts than those in force there, its records written out."""
    wrong = [f"--{n}" for n in ("map", "export", "rulebook") if getattr(arguments, n)]
    wrong += arguments.path
    if arguments.engine not in (None, "duckdb", "postgres", ONE_BY_ONE):
        wrong.append(f"--engine {arguments.engine}")
    if arguments.engine in ("duckdb", "postgres") and importlib.util.find_spec("duckdb") is None:
        raise WrongUsage("U-009", command="audit", library="duckdb")
    if wrong:
        raise WrongUsage("U-018", arguments=Words("、".join(wrong), ", ".join(wrong)), other="--journal")


def _writable(folders: Iterable[Path]) -> None:
    """Make the folders that are written into, before anything is judged; refused: U-011."""
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise WrongUsage("U-011", folder=str(folder), reason=error.strerror or type(error).__name__) from None


def _counts(row: dict[str, Any]) -> bool:
    from liuhen.journal.assigning import OUTSIDE

    return row["weight"] == "duty" and row["asks_from"] not in OUTSIDE


def _called(bureau: str) -> Words:
    from liuhen.journal.models import BureauRow

    zh, en = BureauRow.objects.values_list("zh", "en").get(id=bureau)
    return Words(zh, en)


def _progress(terminal: Terminal) -> Callable[[float], None]:
    live = terminal.err.isatty() and not terminal.as_json

    def told(share: float) -> None:
        if live:
            terminal.err.write("\r" + terminal.of(filled(words("audit")["progress"], percent=int(share * 100))))
            terminal.err.flush()

    return told


def _end(terminal: Terminal) -> None:
    if terminal.err.isatty() and not terminal.as_json:
        terminal.err.write("\n")


def _write(result: Any, about: dict[str, Any], folder: Path) -> None:
    """Write numbers and lists in every form there is here, all of them: the operator of the machine reads the database anyway.

    Noted as a look of the system, as the run is.
    """
    from liuhen.journal.looks import looked
    from liuhen.journal.who import system
    from liuhen.rooms.supervision import handing_out
    from liuhen.rooms.supervision.cases import NOT_MET, Sight
    from liuhen.rooms.supervision.figures import Narrowed

    looked(
        system(about["bureau"]),
        "copy audit",
        detail={"at": about["at"], "forms": list(handing_out.forms())},
        number=about["files"],
    )
    every, head = Narrowed(all=True), handing_out.head_of(about, Narrowed(all=True))
    for form in handing_out.forms():
        listed = handing_out.listed(result, every.with_(status=NOT_MET), Sight(), about["bureau"], about["zone"])
        _put(
            folder / f"counts.{form}",
            handing_out.written(handing_out.counts(result, every), form, head, handing_out.COUNTED),
        )
        _put(folder / f"cases.{form}", handing_out.written(listed, form, head, handing_out.LISTED))


def _put(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as out:
        out.writelines(pieces)
