"""The sample dossiers, as the program that tells them: `python -m samples.stories` writes the folders beside this one anew."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from samples.stories import cases, decisions, others
from samples.stories.beneath import beneath_lines
from samples.stories.telling import Story

from liuhen.dossier.write import write

HERE = Path(__file__).parents[1]


def stories() -> tuple[Story, ...]:
    """Return every sample, told anew."""
    return tuple(tell() for tell in (*cases.STORIES, *decisions.STORIES, *others.STORIES))


def write_story(story: Story, target: Path) -> None:
    """Write one sample with its files and its README as the folder `target`."""
    write(story.dossier, target, lambda file: closing(io.BytesIO(story.files[file.name])))
    (target / "README.md").write_text(readme(story), encoding="utf-8")


def readme(story: Story) -> str:
    """Return what the README of a sample says: the story, the command, and what the command finds."""
    lines = [f"# {story.name}（示例）", "", story.zh, "", story.en, ""]
    for promise in story.promises:
        lines += [f"    liuhen check samples/{story.name} --at {promise.at}", ""]
        found = "，".join(f"`{rule}` {status}" for rule, status in promise.statuses.items())
        lines += [f"退出码 exit status {promise.exit}：{found}", ""]
    lines.append(
        "人名、单位、案情均为虚构；音像只有两秒。 Every name and fact is invented; the clips last two seconds."
    )
    return "\n".join(lines) + "\n"


def overview(told: tuple[Story, ...]) -> str:
    """Return the README of the folder: one line a sample."""
    lines = [
        "# 示例卷宗 Sample dossiers",
        "",
        "十二份虚构的卷宗，各讲一件事。 Twelve invented dossiers, one story each.",
        "`python -m samples.stories` 重新生成 writes them anew; the tests hold them to what stands here.",
        "",
        "| 卷宗 | 内容 | `liuhen check` |",
        "|---|---|---|",
    ]
    for story in told:
        says = "<br>".join(f"{p.at}: {_found(p.statuses)} ({p.exit})" for p in story.promises)
        lines.append(f"| [{story.name}]({story.name}) | {story.zh}<br>{story.en} | {says} |")
    return "\n".join([*lines, *beneath_lines()]) + "\n"


def _found(statuses: Mapping[str, str]) -> str:
    return ", ".join(f"`{rule}` {status}" for rule, status in statuses.items())


def write_all() -> None:
    """Write every sample anew, each in one step."""
    told = stories()
    for story in told:
        with tempfile.TemporaryDirectory(dir=HERE) as folder:
            write_story(story, Path(folder) / story.name)
            shutil.rmtree(HERE / story.name, ignore_errors=True)
            (Path(folder) / story.name).rename(HERE / story.name)
    (HERE / "README.md").write_text(overview(told), encoding="utf-8")
