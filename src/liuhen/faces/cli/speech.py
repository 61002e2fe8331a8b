"""What the commands say and how their help reads (命令行用语): words in zh and en, kept as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from liuhen.ground.words import Words


@cache
def words(table: str) -> Mapping[str, Words]:
    """Return the words of `words/<table>.toml`, by name; read once."""
    return {name: Words(entry["zh"], entry["en"]) for name, entry in _read("words", table).items()}


def filled(words: Words, **parts: object) -> Words:
    """Return a sentence with its places filled; parts that are `Words` go in their own language."""
    return Words(
        words.zh.format(**{k: v.zh if isinstance(v, Words) else v for k, v in parts.items()}),
        words.en.format(**{k: v.en if isinstance(v, Words) else v for k, v in parts.items()}),
    )


@dataclass(frozen=True, slots=True)
class Help:
    """The help of one command (命令说明): what it answers, its arguments, exit statuses and an example that runs."""

    question: Words
    exit: Words
    example: str
    arguments: Mapping[str, Words]
    parts: Mapping[str, Help]


@cache
def help_of(command: str) -> Help:
    """Return the help of a command from `help/<command>.toml`."""
    return _help(_read("help", command))


@cache
def commands() -> tuple[str, ...]:
    """Return every command, by name: those that have a help text."""
    folder = resources.files(__package__).joinpath("help")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def _help(entry: Mapping[str, Any]) -> Help:
    return Help(
        _words(entry["question"]),
        _words(entry["exit"]) if "exit" in entry else Words("", ""),
        entry.get("example", ""),
        {name: _words(text) for name, text in entry.get("arguments", {}).items()},
        {name: _help(part) for name, part in entry.get("parts", {}).items()},
    )


def _words(entry: Mapping[str, str]) -> Words:
    return Words(entry["zh"], entry["en"])


def _read(folder: str, name: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(folder, f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
