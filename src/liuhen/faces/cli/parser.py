"""Arguments and help (命令行参数): argparse, with our help texts, two languages, and refusals that carry a code."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NoReturn

from liuhen.faces.cli.speech import Help, words
from liuhen.faces.cli.terminal import Terminal
from liuhen.ground.errors import Refused
from liuhen.ground.moments import read_moment
from liuhen.ground.words import Language, Words


class WrongUsage(Refused):
    """The command was not called as it must be (用法错误): U-… with what is wrong."""


class Parser(argparse.ArgumentParser):
    """A parser whose help opens with the question it answers and ends with exit status and an example that runs."""

    def __init__(self, name: str, help: Help, terminal: Terminal) -> None:
        language: Language = terminal.language
        said = words("cli")
        ends = [f"{said['exit'].in_(language)}{help.exit.in_(language)}" if help.exit.zh else ""]
        ends.append(f"{said['example'].in_(language)}{help.example}" if help.example else "")
        super().__init__(
            prog=name,
            usage=None,
            description=help.question.in_(language),
            epilog="\n".join(filter(None, ends)) or None,
            formatter_class=_formatter(said["usage"].in_(language)),
            add_help=False,
            allow_abbrev=False,
        )
        self.texts = help
        self.language = language
        self.terminal = terminal
        self.mixed = False
        self._positionals.title = said["arguments"].in_(language)
        self._optionals.title = said["options"].in_(language)

    def takes(self, *names: str, **how: Any) -> None:
        """Add an argument; its help is the text of that name in the command's help file."""
        key = next((name for name in names if name.startswith("--")), names[0])
        text = self.texts.arguments[how.get("metavar", key) if not key.startswith("--") else key]
        self.add_argument(*names, help=text.in_(self.language).replace("%", "%%"), **how)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; where a command says so (`mixed`), its arguments may stand on both sides of an option."""
        # The mixed way cuts "usage: " off a usage line, which is of another length in Chinese: help goes the plain way.
        if self.mixed and not {"-h", "--help"} & set(args or ()):
            return self.parse_intermixed_args(args, namespace)
        return super().parse_args(args, namespace)

    def takes_the_usual(self) -> None:
        """Add what every command takes: `--lang`, `--json`, `--help`."""
        said = words("cli")
        self.add_argument("--lang", choices=("zh", "en"), help=said["lang"].in_(self.language))
        self.add_argument("--json", action="store_true", help=said["json"].in_(self.language))
        self.add_argument("-h", "--help", action="help", help=said["help"].in_(self.language))

    def print_help(self, file: Any = None) -> None:
        """Write the help to where the command speaks."""
        (file or self.terminal.out).write(self.format_help())

    def error(self, message: str) -> NoReturn:
        """Refuse with a code instead of argparse's own English line."""
        refusal = _refusal(message)
        if refusal.finding.code == "U-003":
            raise WrongUsage("U-003", arguments=self._explained(str(refusal.finding.fields["arguments"]).split(", ")))
        raise refusal

    def _explained(self, names: Sequence[str]) -> Words:
        """Return names of arguments, each with what its help says of it."""
        held = [(name, self.texts.arguments.get(name)) for name in names]
        zh = "、".join(f"{name}（{text.zh}）" if text else name for name, text in held)
        return Words(zh, ", ".join(f"{name} ({text.en})" if text else name for name, text in held))


_MESSAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"unrecognized arguments: (.*)", "U-002", ("arguments",)),
    (r"the following arguments are required: (.*)", "U-003", ("arguments",)),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", "U-004", ("argument", "value", "wanted")),
    (r"argument (.*?): (?:expected|ignored) .*", "U-006", ("argument",)),
)


def _refusal(message: str) -> WrongUsage:
    for pattern, code, names in _MESSAGES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            fields: dict[str, str | Words] = dict(zip(names, found.groups(), strict=True))
            if code == "U-004":
                fields["value"] = found[2].strip("'")
                fields["wanted"] = _one_of([choice.strip("'") for choice in found[3].split(", ")])
            return WrongUsage(code, **fields)
    return WrongUsage("U-002", arguments=message)


def _one_of(choices: Sequence[str]) -> Words:
    if len(choices) == 1:
        return Words(choices[0], choices[0])
    return Words(f"{'、'.join(choices)} 之一", f"one of {', '.join(choices)}")


def _formatter(usage: str) -> Callable[..., argparse.HelpFormatter]:
    class Formatter(argparse.RawDescriptionHelpFormatter):
        def __init__(self, prog: str) -> None:
            super().__init__(prog, max_help_position=26, width=100)

        def add_usage(self, text: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
            # What is needed stands first: argparse itself would put the options before it.
            named = sorted(actions, key=lambda action: bool(action.option_strings))
            line = " ".join(["%(prog)s", *filter(None, map(_in_usage, named))])
            super().add_usage(line if text is None else text, actions, groups, usage if prefix is None else prefix)

    return Formatter


def _in_usage(action: argparse.Action) -> str:
    if not action.option_strings:
        shown = str(action.metavar or action.dest)
        return {"?": f"[{shown}]", "+": f"{shown} ...", "*": f"[{shown} ...]"}.get(str(action.nargs), shown)
    if action.nargs == 0:
        return "" if action.dest == "help" else f"[{action.option_strings[-1]}]"
    value = action.metavar or "|".join(map(str, action.choices or (action.dest.upper(),)))
    more = " ..." if isinstance(action, argparse._AppendAction) else ""
    option = f"{action.option_strings[-1]} {value}{more}"
    return option if action.required else f"[{option}]"


def moment_of(text: str) -> datetime:
    """Return the moment that `--at` names; refused: U-005 no ISO 8601, or no offset from UTC."""
    found = read_moment(text)
    if found is None or found.tzinfo is None:
        raise WrongUsage("U-005", value=text)
    return found
