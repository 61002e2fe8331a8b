"""Stories of decisions and their service in which one thing went otherwise, and of a decision on the spot."""

from __future__ import annotations

from samples.stories.decision import (
    archived,
    closed,
    decided,
    drafted,
    drafted_to_decided,
    handed_over,
    performed,
)
from samples.stories.investigation import begin, investigated, opened, told_of_rights
from samples.stories.telling import Promise, Story


def major_decision_without_review() -> Story:
    """A paper decision of another day, entered afterwards: it was made without a passed review."""
    t = begin("major-decision-without-review")
    investigated(t, 5, "重大违法占地案")
    drafted(t, "2026-03-11 10:00", ground=["major_rights"], fine=20_000_000)
    decision = decided(t, "2026-03-18 10:00", fine=20_000_000, received="2026-03-25 09:00")
    handed_over(t, "2026-03-20 09:00", "2026-03-20 09:20", decision)
    return Story(
        t.name,
        "重大决定未经法制审核即已作出（纸质，事后补登）。记录如实保存，判断为已违反，不能补救。",
        "A major decision made on paper without a legal review and entered afterwards: kept as it was, and breached.",
        t.dossier("示例：重大决定未经审核，事后补登"),
        t.files,
        (
            Promise(
                "2026-03-27T09:00+08:00",
                1,
                {
                    "no-decision-without-a-passed-review": "breached",
                    "no-decision-letter-without-a-passed-review": "breached",
                    "review-before-decision": "breached",
                    "review-applied-for": "due",
                },
            ),
        ),
    )


def service_by_leaving() -> Story:
    """The papers are left behind and nobody films it."""
    t = begin("service-by-leaving")
    investigated(t, 8, "非法占地案")
    decision = drafted_to_decided(t, 8, "2026-03-12", "2026-03-13")
    act = t.tell(
        "service.by_leaving",
        "2026-03-16 09:30",
        "2026-03-16 10:00",
        by=["server", "second_officer"],
        links={"document": decision},
        document_type="penalty_decision",
        document_number="示例罚决1号",
        addressee="示例砂石有限公司（示例）",
        place="示例镇（示例）",
        refused_by="王示例",
    )
    t.tell(
        "service_receipt",
        "2026-03-16 10:00",
        by=["server"],
        signed=["server", "second_officer", "service_witness"],
        links={"about": act, "document": decision},
        document_type="penalty_decision",
        document_number="示例罚决1号",
        method="by_leaving",
        addressee="示例砂石有限公司（示例）",
        service_date="2026-03-16",
        refusal_reason="拒绝签收（示例）",
        statutory_form_checked=True,
    )
    return Story(
        t.name,
        "留置送达没有音像记录：送达回证齐全，过程却没有录下来。",
        "Service by leaving the papers without a recording: the receipt is complete, the act was not filmed.",
        t.dossier("示例：留置送达没有音像记录"),
        t.files,
        (Promise("2026-03-18T09:00+08:00", 1, {"leaving-filmed": "overdue", "left-receipt": "met"}),),
    )


def public_notice_too_early() -> Story:
    """Public notice without having tried any other way."""
    t = begin("public-notice-too-early")
    investigated(t, 9, "违法转让土地案")
    decision = drafted_to_decided(t, 9)
    act = t.tell(
        "service.public_notice",
        "2026-03-19 09:00",
        "2026-03-19 09:10",
        by=["server", "second_officer"],
        links={"document": decision},
        document_type="penalty_decision",
        document_number="示例罚决1号",
        addressee="示例砂石有限公司（示例）",
        notice_method="张贴并上网",
        notice_carrier="本局网站（示例）",
        notice_until="2026-05-18",
    )
    t.tell(
        "recording.completed",
        "2026-03-19 09:00",
        "2026-03-19 09:10",
        by=["enforcement_officer"],
        links={"about": act},
        files={"photo": ""},
        device="示例相机01",
        device_type="camera",
        media="photo",
        holder="赵示例",
    )
    t.tell(
        "ingest_record",
        "2026-03-19 16:00",
        by=["device_keeper"],
        links={"about": t.records[-1].id},
        storage="dedicated_storage",
    )
    t.tell(
        "public_notice_document",
        "2026-03-19 09:10",
        by=["server"],
        links={"about": act},
        document_number="示例公告1号",
        text="公告送达（示例）",
        notice_carrier="本局网站（示例）",
        published_on="2026-03-19",
    )
    t.tell(
        "service_course_record",
        "2026-03-19 10:00",
        by=["server"],
        signed=["server"],
        links={"about": act},
        method="public_notice",
        other_methods_failed="未尝试其他方式（示例）",
        notice_method="张贴并上网",
        notice_carrier="本局网站（示例）",
        reason="当事人下落不明（示例）",
        course="直接公告（示例）",
        signing_date="2026-03-19",
    )
    return Story(
        t.name,
        "没有用过其他送达方式就公告送达：已违反。",
        "Public notice although no other way of service was tried: breached.",
        t.dossier("示例：过早公告送达"),
        t.files,
        (Promise("2026-03-23T09:00+08:00", 1, {"other-ways-first": "breached", "notice-papers-kept": "met"}),),
    )


def summary_case() -> Story:
    """A small penalty decided on the spot."""
    t = begin("summary-case")
    opened(t, "2026-03-09 10:00", 7, "现场处罚案", source="other", procedure="summary")
    told_of_rights(t, "2026-03-09 10:10")
    made = t.tell(
        "decision.made",
        "2026-03-09 10:30",
        by=["enforcement_officer", "second_officer"],
        outcome="imposed",
        fine=20_000,
        content="当场罚款二百元（示例）",
    )
    decision = t.tell(
        "penalty_decision",
        "2026-03-09 10:30",
        signed=["agency_head"],
        links={"about": made},
        document_number="示例当罚1号",
        party_name="王示例",
        facts="轻微违法（示例）",
        legal_provisions_cited="土地管理法（示例）",
        fine=20_000,
        remedies="应先申请行政复议（示例）",
        statutory_form_checked=True,
        decision_date="2026-03-09",
    )
    handed_over(t, "2026-03-09 10:30", "2026-03-09 10:35", decision)
    performed(t, "2026-03-09 10:40", fine=20_000)
    closed(t, "2026-03-11 09:00")
    archived(t, "2026-03-25 09:00", [])
    return Story(
        t.name,
        "简易程序当场处罚：不要求启动审批、调查报告和法制审查。",
        "A penalty decided on the spot: no approval of the start, no report and no legal review are asked for.",
        t.dossier("示例：简易程序"),
        t.files,
        (Promise("2026-04-01T09:00+08:00", 0, {"decision-contents": "met", "case-file-in-thirty-days": "met"}),),
    )


STORIES = (major_decision_without_review, service_by_leaving, public_notice_too_early, summary_case)
