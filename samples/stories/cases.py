"""Stories of evidence and files: a penalty case as it should be, and others in which one thing went otherwise."""

from __future__ import annotations

from samples.stories.decision import (
    archived,
    closed,
    drafted_to_decided,
    handed_over,
    performed,
    told_beforehand,
)
from samples.stories.investigation import begin, initiated, inspected, investigated, opened, questioned
from samples.stories.telling import Promise, Story


def perfect_case() -> Story:
    """Everything is there, in time and in order."""
    t = begin("perfect-case")
    footage = investigated(t, 1, "未经批准占用土地案")
    told_beforehand(t, "2026-03-10 16:10", "2026-03-10 16:30", "2026-03-10 16:50")
    handed_over(t, "2026-03-20 09:00", "2026-03-20 09:20", drafted_to_decided(t, 1))
    performed(t, "2026-04-10 11:00")
    closed(t, "2026-04-13 10:00")
    archived(t, "2026-04-30 16:00", [footage])
    return Story(
        t.name,
        "一件各步齐全、按时办结并归档的行政处罚案件。",
        "A penalty case with every step in time and in order, closed and archived.",
        t.dossier("示例：完整案件"),
        t.files,
        (Promise("2026-05-06T09:00+08:00", 0, {"case-file-in-thirty-days": "met", "act-filmed": "met"}),),
    )


def questioning_without_transcript() -> Story:
    """Two questionings, one transcript: the first has none."""
    t = begin("questioning-without-transcript")
    opened(t, "2026-03-02 15:00", 2, "擅自改变土地用途案")
    initiated(t, "2026-03-03 10:00")
    inspected(t, "2026-03-04 09:30", "2026-03-04 10:30", ingested="2026-03-04 17:00")
    questioned(t, "2026-03-05 09:00", "2026-03-05 10:00", transcript=False)
    questioned(t, "2026-03-06 09:00", "2026-03-06 10:30")
    t.tell("case.closed", "2026-04-01 10:00", reason="dropped", summary="撤销案件（示例）")
    return Story(
        t.name,
        "两次询问只有一份笔录：第一次询问没有笔录。案件未结时待履行；四月一日结案之后仍没有，就是超期。",
        "Two questionings and one transcript: the first has none. Due while the case is open, overdue once it was closed.",
        t.dossier("示例：询问没有笔录"),
        t.files,
        (
            Promise("2026-03-20T09:00+08:00", 0, {"questioned-transcript": "due"}),
            Promise("2026-04-02T09:00+08:00", 1, {"questioned-transcript": "overdue"}),
        ),
    )


def inspection_without_recording() -> Story:
    """The site is inspected and nobody films it."""
    t = begin("inspection-without-recording")
    opened(t, "2026-03-02 15:00", 3, "违法堆放砂石案")
    initiated(t, "2026-03-03 10:00")
    inspected(t, "2026-03-04 09:30", "2026-03-04 10:30")
    return Story(
        t.name,
        "现场检查没有音像记录；检查结束二十四小时后即为超期。",
        "An on-site inspection without any recording: overdue 24 hours after it ended.",
        t.dossier("示例：现场检查没有音像记录"),
        t.files,
        (
            Promise("2026-03-05T10:00+08:00", 0, {"act-filmed": "due", "finding-filmed": "due"}),
            Promise(
                "2026-03-06T09:00+08:00",
                1,
                {"act-filmed": "overdue", "finding-filmed": "overdue", "recorder-used-throughout": "overdue"},
            ),
        ),
    )


def footage_after_26_hours() -> Story:
    """The footage is taken in two hours too late."""
    t = begin("footage-after-26-hours")
    opened(t, "2026-03-02 15:00", 4, "破坏耕地案")
    initiated(t, "2026-03-03 10:00")
    inspected(t, "2026-03-04 09:30", "2026-03-04 10:30", ingested="2026-03-05 12:30")
    return Story(
        t.name,
        "音像录制结束二十六小时后才入库：已履行，迟两小时；核对结果计入迟。",
        "The footage was taken in 26 hours after the recording ended: met, two hours late, and counted.",
        t.dossier("示例：音像迟交"),
        t.files,
        (Promise("2026-03-06T09:00+08:00", 1, {"footage-stored-in-24-hours": "late"}),),
    )


def archived_late() -> Story:
    """The file is formed six days after its thirty."""
    t = begin("archived-late")
    footage = investigated(t, 6, "未批先建案")
    told_beforehand(t, "2026-03-10 16:10", "2026-03-10 16:30", "2026-03-10 16:50")
    handed_over(t, "2026-03-20 09:00", "2026-03-20 09:20", drafted_to_decided(t, 6))
    performed(t, "2026-04-10 11:00")
    closed(t, "2026-04-13 10:00")
    archived(t, "2026-05-19 16:00", [footage])
    return Story(
        t.name,
        "结案三十日内应当立卷归档，这一件迟了六日：已履行，迟。",
        "The case file is due thirty days after closing; this one came six days late: met, late.",
        t.dossier("示例：归档迟延"),
        t.files,
        (
            Promise("2026-05-14T09:00+08:00", 1, {"case-file-in-thirty-days": "overdue"}),
            Promise("2026-05-20T09:00+08:00", 1, {"case-file-in-thirty-days": "late"}),
        ),
    )


STORIES = (
    perfect_case,
    questioning_without_transcript,
    inspection_without_recording,
    footage_after_26_hours,
    archived_late,
)
