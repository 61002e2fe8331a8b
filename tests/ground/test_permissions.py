"""The page of permissions: what it allows, what it does not, and that it speaks of nothing that does not exist."""

from __future__ import annotations

import pytest

from liuhen.ground.permissions import (
    SECRECY,
    acting_as,
    by_approval,
    class_of,
    lookers,
    may,
    may_record,
    page,
    recorders,
)
from liuhen.ground.vocabulary import default

VOCABULARY = default()
ROLES = VOCABULARY.terms["roles"]
OFFICE = sorted({role for line in page().lines for role in line.who})


def test_every_role_kind_verb_class_and_relation_on_the_page_exists() -> None:
    known = page()
    for line in known.lines:
        assert line.who <= ROLES.keys()
        assert line.may <= known.verbs.keys()
        assert line.of <= known.classes.keys()
        assert line.near in known.relations
    for role, others in known.acts_as.items():
        assert {role, *others} <= ROLES.keys()
    for kind, roles in known.kinds.items():
        assert kind in VOCABULARY.kinds or kind == "others"
        assert roles <= ROLES.keys()
    assert known.from_anywhere <= VOCABULARY.kinds.keys()
    for role, relation in known.near_to_record.items():
        assert role in ROLES
        assert relation in known.relations


def test_every_kind_can_be_recorded_by_somebody() -> None:
    """By a person of the office, by the system, or by whoever it names as acting from outside and a clerk enters for."""
    for kind in VOCABULARY.kinds.values():
        assert recorders(kind), kind.id
        assert any(may_record({role}, kind, "handler") for role in {*OFFICE, "system", "system_administrator"}), kind.id


def test_the_administrator_runs_the_system_and_reads_no_case() -> None:
    admin = acting_as({"system_administrator"})
    assert may(admin, "administer", "accounts")
    for of in ("case", "recording", *SECRECY):
        assert not may(admin, "look", of, "handler", approved=True)
        assert not may(admin, "copy", of, "handler", approved=True)


@pytest.mark.parametrize(
    ("role", "near", "approved", "allowed"),
    [
        ("enforcement_officer", "handler", False, True),
        ("enforcement_officer", "unit", False, True),
        ("enforcement_officer", "bureau", False, False),
        ("enforcement_officer", "bureau", True, True),
        ("legal_reviewer", "bureau", False, True),
        ("principal_head", "bureau", False, True),
        ("supervisor", "bureau", False, True),
        ("clerk", "unit", False, False),
    ],
)
def test_footage_is_looked_at_by_those_who_work_on_the_case_and_by_others_after_approval(
    role: str, near: str, approved: bool, allowed: bool
) -> None:
    """Bazhou 49: officers and departments consult or copy after the agency head's approval."""
    assert may(acting_as({role}), "look", "recording", near, approved=approved) is allowed


@pytest.mark.parametrize("of", SECRECY)
def test_what_is_secret_is_for_fewer(of: str) -> None:
    """Bazhou 50: secrets and privacy are managed under permissions of their own."""
    allowed = {role for role in OFFICE if may({role}, "look", of, "handler")}
    assert allowed < {role for role in OFFICE if may({role}, "look", "case", "handler")}
    assert "principal_head" in allowed
    assert not may({"enforcement_officer"}, "look", of, "unit")


def test_state_secrets_are_for_the_heads_alone() -> None:
    assert {role for role in OFFICE if may({role}, "look", "state_secret", "handler")} == {
        "principal_head",
        "agency_head",
    }


def test_a_handler_asked_without_a_case_is_asked_about_his_own() -> None:
    assert may({"case_handler"}, "copy", "case")
    assert not may({"case_handler"}, "copy", "case", "unit")


def test_who_looks_at_the_log_of_looks() -> None:
    assert {role for role in OFFICE if may({role}, "look", "looks")} == {"supervisor"}


def test_a_verb_or_class_that_the_page_does_not_know_is_an_error_and_no_refusal() -> None:
    for verb, of in (("peek", "case"), ("look", "cases")):
        with pytest.raises(LookupError):
            may({"supervisor"}, verb, of)


def test_a_principal_head_signs_where_the_agency_head_is_named() -> None:
    kind = VOCABULARY.kinds["access_approval"]
    assert may_record({"principal_head"}, kind)
    assert may_record({"head_in_charge"}, kind)
    assert not may_record({"handling_unit_head"}, kind)


def test_acting_as_goes_step_by_step_and_ends() -> None:
    assert {"enforcement_officer", "case_handler", "handling_unit", "server"} <= acting_as({"enforcement_officer"})
    assert acting_as(ROLES) == set(ROLES)


def test_only_near_enough_to_record() -> None:
    closing = VOCABULARY.kinds["case.closed"]
    assert [may_record({"enforcement_officer"}, closing, near) for near in page().relations] == [True, False, False]
    act = VOCABULARY.kinds["act.questioning"]
    assert [may_record({"enforcement_officer"}, act, near) for near in page().relations] == [True, True, False]
    opinion = VOCABULARY.kinds["legal_review_opinion"]
    assert [may_record({"legal_reviewer"}, opinion, near) for near in page().relations] == [True, True, True]
    request = VOCABULARY.kinds["access_request"]
    assert [may_record({"enforcement_officer"}, request, near) for near in page().relations] == [True, True, True]


@pytest.mark.parametrize("subject", ["person.enrolled", "officer", "unit"])
def test_who_keeps_the_accounts_sees_the_people_they_hang_on(subject: str) -> None:
    """Design, who uses it: the administrator runs the system and cannot read case content; people are not case content."""
    assert may(acting_as({"system_administrator"}), "look", class_of(subject))
    assert class_of("case") == "case"
    assert class_of("device") == "register"


def test_every_class_of_a_file_is_on_the_page() -> None:
    assert set(page().files.values()) <= page().classes.keys()


def test_whoever_works_here_sees_the_registers() -> None:
    ours = {*page().kinds["access_request"], "system_administrator"}
    assert {role for role in ours if not may(acting_as({role}), "look", "register")} == {"system_administrator"}


def test_the_papers_of_a_case_are_kept_by_those_who_work_on_it() -> None:
    """A supervisor samples cases and does not write in them; he may ask for access, and record what he himself does."""
    minutes = VOCABULARY.kinds["meeting_minutes"]
    for role in (
        "supervisor",
        "archivist",
        "publicity_editor",
        "device_keeper",
        "legal_reviewer",
        "system_administrator",
    ):
        assert not may_record({role}, minutes, "handler")
    assert may_record({"enforcement_officer"}, minutes, "handler")
    assert may_record({"supervisor"}, VOCABULARY.kinds["supervision_check_record"])
    assert may_record({"supervisor"}, VOCABULARY.kinds["access_request"])


def test_whoever_may_record_a_kind_may_take_a_record_back() -> None:
    """The door asks besides whether the kind withdrawn is one's own to record."""
    takers = recorders(VOCABULARY.kinds["record.withdrawn"])
    for roles in page().kinds.values():
        assert acting_as(roles - {"system"}) & takers


def test_an_approval_opens_a_case_to_an_officer_and_not_to_the_administrator() -> None:
    assert by_approval({"enforcement_officer"}, "case")
    assert not by_approval({"system_administrator"}, "case")
    assert "legal_reviewer" in lookers("case")
    assert "system_administrator" not in lookers("case")
