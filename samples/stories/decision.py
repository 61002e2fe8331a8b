"""A penalty case from the draft of its decision to the archive: each step as the regulation asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from samples.stories.telling import OFFICERS, Telling

REMEDIES = "六十日内申请行政复议，或者六个月内提起行政诉讼（示例）"
DRAFT = "5f2b7f0c6d3e1a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b"
ANSWERS = ("competence", "facts", "law", "procedure", "documents", "discretion")


def drafted(t: Telling, on: str, *, ground: Sequence[str] = ("not_major",), fine: int = 500_000) -> None:
    """The decision is drafted; the handler answers whether it is a major one. `fine` in fen."""
    t.tell(
        "decision_draft_record",
        on,
        signed=["case_handler", "handling_unit_head"],
        drafter="赵示例",
        drafting_unit_reviewer="孙示例",
        legal_basis="土地管理法（示例）",
        evidence_materials="笔录、音像（示例）",
        factors_considered="首次违法、主动改正（示例）",
        proposed_fine=fine,
        major_decision_ground=list(ground),
        draft_digest=DRAFT,
        signing_date=on[:10],
    )


def sent_to_review(t: Telling, day: str, number: int, ground: str) -> str:
    """The file goes to the legal reviewer, with everything that belongs to it; the round's id."""
    review = t.tell(
        "legal_review_application",
        f"{day} 10:00",
        signed=["case_handler", "handling_unit_head"],
        case_name="示例案",
        case_number=f"示例〔2026〕{number}号",
        handling_unit="执法大队（示例）",
        contact_and_phone="赵示例 000-0000",
        application_date=day,
        brief_facts="占地事实（示例）",
        handling_opinion_and_basis="建议处罚（示例）",
        evidence_attached="笔录、音像（示例）",
        handler_name="赵示例",
        handler_date=day,
        head_signing_date=day,
        head_seal=True,
        major_decision_ground=[ground],
        responsibility_confirmed=True,
    )
    of = {"review": review}
    explained = {"explanation": "情况说明（示例）", "title": "说明（示例）"}
    t.tell("decision_explanation", f"{day} 10:10", signed=["case_handler"], links=of, **explained)
    t.tell("decision_draft", f"{day} 10:20", links=of, draft_digest=DRAFT, title="决定书（送审稿，示例）")
    t.tell("legal_basis_collection", f"{day} 10:30", links=of, provisions=["土地管理法（示例）"])
    t.tell("evidence_bundle", f"{day} 10:40", links=of, evidence_list=["笔录", "音像"], pages=30)
    return review


def checked(t: Telling, on: str, review: str) -> None:
    """The reviewer goes through the seven points."""
    answers = {f"{name}_answer": "in_order" for name in ANSWERS}
    t.tell(
        "legal_review_checklist",
        on,
        by=["legal_reviewer"],
        signed=["legal_reviewer"],
        links={"review": review},
        crime_answer="no_crime",
        **answers,
    )


def reviewed(t: Telling, on: str, review: str) -> None:
    """The legal reviewer agrees."""
    t.tell(
        "legal_review_opinion",
        on,
        by=["legal_reviewer"],
        signed=["legal_reviewer"],
        links={"review": review},
        document_number="示例法审1号",
        addressee="执法大队（示例）",
        review_opinion="agree",
        opinion_box=["agree"],
        reasons_and_basis="事实清楚，程序合法（示例）",
        reviewer_names=["李示例"],
        issuing_agency="法规股（示例）",
        date=on[:10],
        copies=2,
        draft_digest=DRAFT,
    )


def decided(t: Telling, on: str, *, fine: int = 500_000, received: str = "") -> str:
    """The decision is signed off and made, and its document issued; the document's id. `fine` in fen."""
    t.tell(
        "decision_approval_record",
        on,
        by=["decision_signatory"],
        signed=["decision_signatory"],
        signatory="周示例",
        signatory_opinion="同意",
        signing_date=on[:10],
        draft_digest=DRAFT,
        received=received,
    )
    made = t.tell(
        "decision.made",
        on,
        by=["agency_head"],
        outcome="imposed",
        fine=fine,
        content="责令改正，并处罚款（示例）",
        performance_due="2026-05-31",
        collectively_discussed=False,
        draft_digest=DRAFT,
        received=received,
    )
    return t.tell(
        "penalty_decision",
        on,
        signed=["agency_head"],
        links={"about": made},
        document_number="示例罚决1号",
        party_name="示例砂石有限公司（示例）",
        party_particulars="住所：示例镇（示例）；法定代表人：王示例",
        facts="未经批准占地（示例）",
        legal_provisions_cited="土地管理法（示例）",
        penalty_content="罚款（示例）",
        fine=fine,
        performance="收到决定书之日起十五日内缴至指定银行（示例）",
        performance_due="2026-05-31",
        remedies=REMEDIES,
        statutory_form_checked=True,
        decision_date=on[:10],
        received=received,
    )


def told_beforehand(t: Telling, on: str, start: str, end: str) -> None:
    """The party is told of the penalty to come and of its rights, and that notice is handed over five working days before."""
    notice = t.tell(
        "prior_penalty_notice",
        on,
        signed=["agency_head"],
        document_number="示例罚告1号",
        addressee="示例砂石有限公司（示例）",
        facts="未经批准占地（示例）",
        legal_basis="土地管理法（示例）",
        proposed_penalty="罚款（示例）",
        rights="有权陈述、申辩（示例）",
        signing_date=on[:10],
    )
    handed_over(t, start, end, notice, "prior_penalty_notice", "示例罚告1号")


def handed_over(
    t: Telling, start: str, end: str, paper: str, kind: str = "penalty_decision", number: str = "示例罚决1号"
) -> None:
    """A paper, the decision unless another is named, is handed to the party, with its receipt."""
    act = t.tell(
        "service.direct",
        start,
        end,
        by=OFFICERS,
        links={"document": paper},
        document_type=kind,
        document_number=number,
        addressee="示例砂石有限公司（示例）",
        place="示例镇（示例）",
        received_by="王示例",
    )
    t.tell(
        "service_receipt",
        end,
        by=["server"],
        signed=["server", "second_officer", "addressee"],
        links={"about": act, "document": paper},
        document_type=kind,
        document_number=number,
        method="direct",
        addressee="示例砂石有限公司（示例）",
        service_date=end[:10],
        statutory_form_checked=True,
    )


def performed(t: Telling, on: str, *, fine: int = 500_000) -> None:
    """The party pays, and that is written down. `fine` in fen."""
    t.tell(
        "performance_record",
        on,
        signed=["enforcement_officer"],
        performed="whole",
        performed_on=on[:10],
        amount_paid=fine,
        how="当事人缴清罚款并恢复原状（示例）",
        signing_date=on[:10],
    )


def closed(t: Telling, on: str) -> None:
    """The case is closed."""
    t.tell("case.closed", on, reason="performed", summary="已履行（示例）")


def archived(t: Telling, on: str, recordings: Sequence[str]) -> None:
    """The case file is formed; it lists its recordings."""
    t.tell(
        "case_file",
        on,
        by=["archivist"],
        signed=["archivist"],
        links={"lists": list(recordings)} if recordings else {},
        file_number="示例卷2026-1",
        pages=42,
        retention="长期（示例）",
    )


def drafted_to_decided(t: Telling, number: int, reviewed_on: str = "2026-03-16", decided_on: str = "2026-03-18") -> str:
    """From the draft over the review to the decision, as it should be; the id of its document."""
    drafted(t, "2026-03-11 10:00")
    review = sent_to_review(t, "2026-03-11", number, "not_major")
    t.tell("review.file_complete", "2026-03-12 09:00", by=["legal_reviewer"], links={"review": review})
    checked(t, f"{reviewed_on} 14:00", review)
    reviewed(t, f"{reviewed_on} 15:00", review)
    return decided(t, f"{decided_on} 10:00")
