"""From arguments to a command (命令分派): finds its module by name, and imports no other."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from types import ModuleType

from liuhen import __version__
from liuhen.faces.cli.parser import Parser, WrongUsage
from liuhen.faces.cli.speech import Help, commands, filled, help_of, words
from liuhen.faces.cli.terminal import Terminal, columns, pad
from liuhen.ground.errors import Refused
from liuhen.ground.words import Words


def run_command(arguments: Sequence[str], terminal: Terminal) -> int:
    """Run the command that `arguments` name; a refusal is said and gives exit status 2.

    Refused: U-001 no such command, U-002 to U-006 wrong arguments, U-009 a command whose libraries are not installed.
    """
    try:
        arguments = _without_language(arguments)
        if not arguments or arguments[0] in ("-h", "--help"):
            return _overview(terminal, asked=bool(arguments))
        if arguments[0] == "--version":
            terminal.say(f"liuhen {__version__}")
            return 0
        return _run(arguments[0], arguments[1:], terminal)
    except Refused as refusal:
        return terminal.refuse(refusal.findings)
    except SystemExit as leaving:  # argparse leaves after printing a help text
        return leaving.code if isinstance(leaving.code, int) else 0


def _without_language(arguments: Sequence[str]) -> Sequence[str]:
    """Return the arguments from the command on; a language may stand before it."""
    if arguments and arguments[0] == "--lang":
        return arguments[2:]
    return arguments[1:] if arguments and arguments[0].startswith("--lang=") else arguments


def _run(name: str, arguments: Sequence[str], terminal: Terminal) -> int:
    if name not in commands():
        raise WrongUsage("U-001", command=name, known=" ".join(commands()))
    help, called, module_name = help_of(name), f"liuhen {name}", name
    if help.parts:
        if not arguments or arguments[0] in ("-h", "--help"):
            return _list_parts(called, help, terminal, asked=bool(arguments))
        part, *arguments = arguments
        if part not in help.parts:
            raise WrongUsage("U-001", command=f"{name} {part}", known=" ".join(help.parts))
        help, called, module_name = help.parts[part], f"{called} {part}", f"{name}_{part}"
    parser = Parser(called, help, terminal)
    module = _module(module_name)
    module.add_arguments(parser)
    parser.takes_the_usual()
    status: int = module.run(parser.parse_args(arguments), terminal)
    return status


def _list_parts(called: str, help: Help, terminal: Terminal, *, asked: bool) -> int:
    terminal.say(filled(words("cli")["parts_usage"], called=called))
    terminal.say("")
    terminal.say(help.question)
    terminal.say("")
    _list({name: part.question for name, part in help.parts.items()}, terminal)
    terminal.say("")
    _end(help, terminal)
    return 0 if asked else 2


def _end(help: Help, terminal: Terminal) -> None:
    said = words("cli")
    terminal.say(terminal.of(said["exit"]) + terminal.of(help.exit))
    terminal.say(terminal.of(said["example"]) + help.example)


def _list(questions: Mapping[str, Words], terminal: Terminal) -> None:
    width = max(map(columns, questions)) + 2
    for name, question in questions.items():
        terminal.say(f"  {pad(name, width)}{terminal.of(question)}")


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"{__package__}.{name}")
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "liuhen"):
            raise
        raise WrongUsage("U-009", command=name, library=missing) from error


def _overview(terminal: Terminal, *, asked: bool) -> int:
    said = words("cli")
    terminal.say(said["overview_usage"])
    terminal.say("")
    terminal.say(said["overview"])
    terminal.say("")
    _list({name: help_of(name).question for name in commands()}, terminal)
    terminal.say("")
    terminal.say(said["overview_exit"])
    terminal.say(said["overview_example"])
    return 0 if asked else 2
