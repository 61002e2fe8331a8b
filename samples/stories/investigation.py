"""A penalty case up to the end of its investigation: each step as the regulation asks for it, or otherwise where a story says."""

from __future__ import annotations

from samples.stories.telling import OFFICERS, Telling

NAMES = ["赵示例", "钱示例"]
NUMBERS = ["示例-0001", "示例-0002"]


def begin(name: str) -> Telling:
    """A bureau that keeps applying the recording measures by decision, with its officers' certificates."""
    telling = Telling(name)
    telling.tell(
        "rulebook.applied_on",
        "2025-12-20",
        by=["agency_head"],
        **{
            "rulebook": "bazhou",
            "from": "2026-01-01",
            "until": "2027-12-31",
            "decided_by": "示例县自然资源局局务会（示例）",
        },
        reason="新办法施行之前继续适用（示例）",
    )
    for person, number in zip(NAMES, NUMBERS, strict=True):
        certificate = {"number": number, "holder": person, "valid_from": "2024-01-01", "valid_until": "2028-12-31"}
        officer = telling.tell("officer.certificate", "2024-01-02", by=[], **certificate)
        telling.tell(
            "device_register",
            "2024-01-03",
            by=["device_keeper"],
            links={"officer": officer},
            device_number=f"示例记录仪{number[-2:]}",
            device_type="body_worn",
            location_or_holder=person,
        )
    return telling


def opened(t: Telling, on: str, number: int, title: str, *, source: str = "inspection", **more: str) -> None:
    """The case is entered."""
    content = {
        "case_number": f"示例〔2026〕{number}号",
        "title": f"{title}（示例）",
        "action_type": "penalty",
        "source": source,
    }
    content |= {
        "party_type": "organisation",
        "party_name": "示例砂石有限公司（示例）",
        "unit": "执法大队（示例）",
        **more,
    }
    t.tell("case.opened", on, handlers=[{"name": name} for name in NAMES], **content)


def initiated(t: Telling, on: str, *, major: bool = False) -> None:
    """The start is approved on its form, unit before head."""
    opinions = {"handler_opinion": "建议启动", "handling_unit_opinion": "同意", "agency_head_opinion": "同意"}
    if major:
        opinions["legal_affairs_opinion"] = "合法（示例）"
    t.tell(
        "procedure_initiation_approval_form",
        on,
        signed=["case_handler", "handling_unit", "agency_head"],
        form_number="示例启字1号",
        initiation_reason="检查中发现涉嫌违法占地（示例）",
        party_particulars="示例砂石有限公司（示例）",
        major=major,
        signing_date=on[:10],
        **opinions,
    )


def filmed(t: Telling, act: str, start: str, end: str, *, ingested: str) -> str:
    """The body-worn recorder runs through an act and its footage is taken in."""
    footage = t.tell(
        "recording.completed",
        start,
        end,
        by=["enforcement_officer"],
        links={"about": act},
        device="示例记录仪01",
        device_type="body_worn",
        media="video",
        holder="赵示例",
        told_at_start=True,
        told_to="王示例",
        told_at=f"{start[:10]}T{start[11:]}:00+08:00",
    )
    t.tell("ingest_record", ingested, by=["device_keeper"], links={"about": footage}, storage="dedicated_storage")
    return footage


def inspected(t: Telling, start: str, end: str, *, filmed_until: str = "", ingested: str = "") -> tuple[str, str]:
    """The site is inspected and a transcript made; filmed when `ingested` says when the footage came in."""
    act = t.tell(
        "act.inspection",
        start,
        end,
        by=OFFICERS,
        nature="inspection",
        place="示例镇示例村（示例）",
        on_party_site=True,
        matters="占地情况",
        violation_found=True,
        findings="未经批准占用土地堆放砂石（示例）",
        person_present="王示例",
        recorder_holders=[{"name": "赵示例", "certificate": NUMBERS[0]}],
    )
    footage = filmed(t, act, start, filmed_until or end, ingested=ingested) if ingested else ""
    t.tell(
        "onsite_inspection_transcript",
        end,
        by=OFFICERS,
        signed=[*OFFICERS, "party"],
        links={"about": act},
        place="示例镇示例村（示例）",
        findings="未经批准占用土地堆放砂石（示例）",
        party_took_part=True,
        others_present=False,
        signing_date=end[:10],
        **_officers(),
    )
    return act, footage


def _officers() -> dict[str, object]:
    return {"officer_count": 2, "officer_names": NAMES, "certificate_numbers": NUMBERS, "certificate_shown": True}


def told_of_rights(t: Telling, on: str) -> None:
    """The party is told its rights, in writing."""
    rights = {"right_told": ["statement", "defence", "recusal"], "content_told": "有权陈述、申辩和申请回避（示例）"}
    t.tell(
        "rights_notice",
        on,
        signed=[*OFFICERS, "party"],
        addressee="示例砂石有限公司（示例）",
        party_took_part=True,
        others_present=False,
        signing_date=on[:10],
        document_number="示例告字1号",
        **rights,
    )


def questioned(t: Telling, start: str, end: str, *, transcript: bool = True) -> None:
    """The party is questioned; the transcript is made at once unless the story leaves it out."""
    act = t.tell(
        "act.questioning",
        start,
        end,
        by=OFFICERS,
        person_type="party",
        person="王示例",
        place="执法大队询问室（示例）",
        matters="占地经过",
    )
    if transcript:
        t.tell(
            "interview_transcript",
            end,
            by=OFFICERS,
            signed=[*OFFICERS, "party"],
            links={"about": act},
            person_type="party",
            person="王示例",
            place="执法大队询问室（示例）",
            rights_read=True,
            statement="对占地事实无异议（示例）",
            others_present=False,
            signing_date=end[:10],
            **_officers(),
        )


def reported(t: Telling, on: str) -> None:
    """The investigation ends with its report."""
    t.tell("investigation.ended", on, by=OFFICERS)
    t.tell(
        "investigation_report",
        on,
        by=OFFICERS,
        signed=["enforcement_officer", "handling_unit_head"],
        case_source="检查发现",
        investigation_course="现场检查、询问当事人",
        facts_and_evidence="占地事实清楚（示例）",
        handling_proposal="建议处罚（示例）",
        legal_basis="土地管理法（示例）",
        signing_date=on[:10],
    )


def investigated(t: Telling, number: int, title: str) -> str:
    """Until the investigation ends, as it should be; the recording's id."""
    opened(t, "2026-03-02 15:00", number, title)
    initiated(t, "2026-03-03 10:00")
    _, footage = inspected(t, "2026-03-04 09:30", "2026-03-04 10:30", ingested="2026-03-04 17:00")
    told_of_rights(t, "2026-03-05 09:00")
    questioned(t, "2026-03-06 09:00", "2026-03-06 10:30")
    reported(t, "2026-03-10 16:00")
    return footage
