"""Stories that are no penalty from end to end: a review clock, a unit's year, a fee."""

from __future__ import annotations

from samples.stories.decision import checked, drafted, reviewed, sent_to_review
from samples.stories.investigation import begin, investigated
from samples.stories.telling import Promise, Story


def review_clock() -> Story:
    """Seven working days, one stop, three more: the opinion comes on the last."""
    t = begin("review-clock")
    investigated(t, 10, "重大违法占地审核案")
    drafted(t, "2026-03-11 10:00", ground=["complex"])
    review = sent_to_review(t, "2026-03-12", 10, "complex")
    of = {"review": review}
    t.tell("review.file_complete", "2026-03-13 09:00", by=["legal_reviewer"], links=of)
    t.tell(
        "review_return_record",
        "2026-03-17 15:00",
        by=["legal_reviewer"],
        links=of,
        returned_or_supplement="supplement",
        reason="补充鉴定材料（示例）",
    )
    t.tell("review.file_complete", "2026-03-20 10:00", by=["legal_reviewer"], links=of)
    t.tell(
        "review.extension_granted",
        "2026-03-26 16:00",
        by=["deputy_head_legal"],
        signed=["deputy_head_legal"],
        links=of,
        extension_reason="案情复杂（示例）",
    )
    checked(t, "2026-04-01 10:00", review)
    reviewed(t, "2026-04-02 16:00", review)
    return Story(
        t.name,
        "法制审核的时钟：三月十三日收齐，十七日退回补充而停算，二十日补齐续算，再获准延长三个工作日，至四月二日届满；意见在最后一日出具。",
        "The clock of a legal review: complete on 13 March, stopped on the 17th, running again from the 20th, extended by three"
        " working days until 2 April; the opinion comes on that last day.",
        t.dossier("示例：审核期限的停算和延长"),
        t.files,
        (
            Promise("2026-03-18T09:00+08:00", 0, {"opinion-in-time": "due"}),
            Promise("2026-03-27T09:00+08:00", 0, {"opinion-in-time": "due"}),
            Promise("2026-04-03T09:00+08:00", 0, {"opinion-in-time": "met"}),
        ),
    )


def unit_year_without_plan() -> Story:
    """A unit's year: no plan was published by the end of March."""
    t = begin("unit-year-without-plan")
    unit = t.tell("unit.set_up", "2025-06-01", by=[], name="执法大队（示例）")
    t.tell(
        "training_record",
        "2026-02-10",
        by=["department_head"],
        links={"unit": unit},
        subject="全过程记录培训（示例）",
        held_on="2026-02-10",
        attendance=12,
    )
    plan = t.tell(
        "annual_random_inspection_plan",
        "2026-03-10",
        by=["section"],
        signed=["section", "bureau_leader"],
        links={"unit": unit},
        year=2026,
        inspecting_unit_needs="各单位需求（示例）",
        compiled_by="法规股（示例）",
    )
    t.tell(
        "plan.approved",
        "2026-04-02",
        by=["bureau_leader"],
        signed=["bureau_leader"],
        links={"plan": plan, "unit": unit},
        opinion="同意",
    )
    return Story(
        t.name,
        "一个单位的一年：双随机抽查年度计划到三月底没有公布。卷宗里没有案件，只有单位和计划。",
        "A year of a unit: the annual plan of random inspections was not published by the end of March. "
        " The dossier holds no case.",
        t.dossier("示例：单位年度", ["bazhou"]),
        t.files,
        (
            Promise("2026-03-31T18:00+08:00", 0, {"plan-published-by-march": "due"}),
            Promise("2026-04-10T09:00+08:00", 1, {"plan-published-by-march": "overdue"}),
        ),
    )


def second_supplement_notice() -> Story:
    """What is to be supplemented is told once; here it is told twice."""
    t = begin("second-supplement-notice")
    t.tell(
        "case.opened",
        "2026-03-02 09:00",
        case_number="示例〔2026〕费12号",
        title="土地复垦费缴纳（示例）",
        action_type="fee",
        initiated="on_application",
        source="application",
        party_type="organisation",
        party_name="示例砂石有限公司（示例）",
    )
    application = t.tell(
        "payment_application", "2026-03-02 09:30", applicant="示例砂石有限公司（示例）", materials=["申请书（示例）"]
    )
    of = {"application": application}
    t.tell("payment_application_review", "2026-03-03 10:00", signed=["case_handler"], links=of, result="incomplete")
    t.tell(
        "supplement_notice",
        "2026-03-04 10:00",
        signed=["case_handler"],
        links=of,
        all_items_to_supplement=["批准文件（示例）"],
        told="later",
        material="material_archived",
    )
    t.tell(
        "supplement_notice",
        "2026-03-12 10:00",
        signed=["case_handler"],
        links=of,
        all_items_to_supplement=["勘测报告（示例）"],
        told="later",
        material="material_archived",
    )
    return Story(
        t.name,
        "缴费申请的补正应当一次告知全部内容，这里发了第二份补正告知：已违反。",
        "What a payment application lacks is told once and in full; here a second notice was sent: breached.",
        t.dossier("示例：第二次补正告知", ["bazhou"]),
        t.files,
        (
            Promise(
                "2026-03-16T09:00+08:00",
                1,
                {"fee-supplement-told-once": "breached", "fee-supplement-notice-in-five-days": "met"},
            ),
        ),
    )


STORIES = (review_clock, unit_year_without_plan, second_supplement_notice)
