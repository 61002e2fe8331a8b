"""What each sample breaks of the national laws (上位法下的结果): it tells one thing, and that of its bureau's texts.

Held by the tests against `liuhen check` with the laws named, at the last moment that the story promises something for.
"""

from __future__ import annotations

from collections.abc import Mapping

BENEATH: Mapping[str, tuple[str, ...]] = {
    "questioning-without-transcript": ("cn-penalty-2021/questioning-transcript",),
    "major-decision-without-review": (
        "cn-natural-resources-penalty-2024/discussed-before-the-decision",
        "cn-natural-resources-penalty-2024/hearing-right-told",
        "cn-natural-resources-penalty-2024/notice-before-the-decision",
        "cn-natural-resources-penalty-2024/reviewed-before-the-decision",
        "cn-penalty-2021/discussed-before-the-decision",
        "cn-penalty-2021/hearing-right-told",
        "cn-penalty-2021/told-before-the-decision",
    ),
    "service-by-leaving": (
        "cn-natural-resources-penalty-2024/notice-before-the-decision",
        "cn-penalty-2021/told-before-the-decision",
    ),
    "public-notice-too-early": (
        "cn-natural-resources-penalty-2024/notice-before-the-decision",
        "cn-penalty-2021/told-before-the-decision",
    ),
    "summary-case": ("cn-penalty-2021/told-before-the-spot-decision",),
}
"""Sample → rules of the laws that find fault in it, in order; a sample that is not here keeps them."""

WHY = (
    "示例各讲一件事，只按所在机关自己的文本（霸州办法、鞍山法制审核制度）。再叠加各部法律（每部一个 `--rulebook cn-…`），除下列"
    "规则外都没有问题：决定之前没有送达的处罚告知书；重大案件没有集体讨论和听证告知。",
    "A sample tells one thing, by the texts of its own bureau (Bazhou measures, Anshan legal review). With every law beneath them"
    " (one `--rulebook cn-…` each) nothing else is at fault but by these rules: no notice of the penalty was served before the"
    " decision; the major case was neither discussed nor told of a hearing.",
)


def beneath_lines() -> list[str]:
    """Return what the overview says of the laws beneath."""
    rows = [f"| {name} | {', '.join(f'`{ref}`' for ref in refs)} |" for name, refs in BENEATH.items()]
    return ["", "## 上位法 The laws beneath", "", *WHY, "", "| 卷宗 | 法律中的规则 |", "|---|---|", *rows]
