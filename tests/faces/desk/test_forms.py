"""Forms: what a kind asks is asked, what was typed comes back as a record, and what can't be read is refused by name."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.engines.rulebook import by_default, load_rulebook
from liuhen.faces.desk.forms.law import asked_of
from liuhen.faces.desk.forms.reading import Person, known, read_form
from liuhen.faces.desk.forms.typed import Typed, from_record
from liuhen.ground.record import read_record
from liuhen.ground.vocabulary import FieldKind, Kind, default

ZONE = ZoneInfo("Asia/Shanghai")
VOCABULARY = default()
BOOKS = [load_rulebook(path, VOCABULARY) for path in by_default().values()]
ONE_TEXT = [b for b in BOOKS if b.id == "bazhou"]
ID = "01900000-0000-7000-8000-000000000001"
OTHER = "01900000-0000-7000-8000-000000000002"
CASE = "01900000-0000-7000-8000-000000000009"
PEOPLE = [Person("p1", "张示例", "冀010001"), Person("p2", "李示例", "冀010002"), Person("p3", "李示例", "冀010003")]
IN_FORCE = 738_000  # 2021-07-25


def example(f: FieldKind) -> Any:
    """A value that the field takes."""
    match f.type:
        case "integer":
            return 3
        case "amount":
            return 12_840_050
        case "decimal":
            return "12.50"
        case "boolean":
            return False
        case "date":
            return "2026-03-06"
        case "moment":
            return "2026-03-06T09:30:15+08:00"
        case "time":
            return "09:30"
        case "choice":
            return next(iter(f.values))
        case "choices":
            return list(f.values)[:2]
        case "texts":
            return ["第一项", "第二项"]
        case "persons":
            return [{"name": "王某", "role": "见证人"}, {"name": "赵某", "certificate": "冀9"}]
        case "digest":
            return "ab" * 32
        case "record":
            return OTHER
        case "segments":
            return [{"from": "2026-03-06T09:00:00+08:00", "until": "2026-03-06T09:20:30+08:00"}]
    return "一行文字" if f.type == "text" else "两行\n文字"


def record_of(kind: Kind) -> dict[str, Any]:
    links: dict[str, list[str]] = {role: [OTHER] for role in kind.links}
    if kind.case == "yes":
        links["case"] = [CASE]
    value: dict[str, Any] = {
        "id": ID,
        "bureau": "b",
        "kind": kind.id,
        "done_at": "2026-03-06T09:00:00+08:00",
        "precision": "minute",
        "by": [{"role": "enforcement_officer", "name": "王某", "certificate": "冀9"}],
        "content": {f.id: example(f) for f in kind.fields.values()},
        "signatures": [
            {"role": "party", "name": "赵某", "signed_at": "2026-03-06T10:00:00+08:00"},
            {"role": "agency_head", "name": "钱某", "how": "seal"},
        ],
    }
    if links:
        value["links"] = links
    if kind.interval:
        value["until"] = "2026-03-06T10:10:00+08:00"
    return value


@pytest.mark.parametrize("kind", VOCABULARY.kinds.values(), ids=lambda k: k.id)
def test_a_record_of_every_kind_comes_back_from_its_form_as_it_was(kind: Kind) -> None:
    record = read_record(record_of(kind), zone=ZONE)
    case = {"case": record.links["case"]} if "case" in record.links else {}
    draft = read_form(
        from_record(record, kind, ZONE), kind, id=ID, bureau="b", zone=ZONE, people=PEOPLE, files=(), links=case
    )
    assert draft.findings == []
    assert read_record(draft.json, zone=ZONE) == record


@pytest.mark.parametrize("kind", VOCABULARY.kinds.values(), ids=lambda k: k.id)
def test_an_empty_form_of_every_kind_is_a_record_or_names_what_it_lacks(kind: Kind) -> None:
    draft = read_form(Typed({}), kind, id=ID, bureau="b", zone=ZONE, people=(), files=(), links={})
    assert [f.code for f in draft.findings] == ["U-201"]
    assert "content" not in draft.json


KIND = VOCABULARY.kinds["decision.made"]


def read(**typed: str | list[str]) -> Any:
    held = {
        k.replace("__", "."): v if isinstance(v, list) else [v]
        for k, v in {"done__date": "2026-03-06", **typed}.items()
    }
    kind = VOCABULARY.kinds["act.inspection"] if "until.date" in held else KIND
    return read_form(Typed(held), kind, id=ID, bureau="b", zone=ZONE, people=PEOPLE, files=(), links={})


def whole(typed: str) -> tuple[list[tuple[str, str]], int | None]:
    """What the form makes of a whole number: its findings and the number."""
    kind = VOCABULARY.kinds["interview_transcript"]
    given = Typed({"done.date": ["2026-03-06"], "c.officer_count": [typed]})
    draft = read_form(given, kind, id=ID, bureau="b", zone=ZONE, people=(), files=(), links={})
    return [(f.code, f.place) for f in draft.findings], draft.json.get("content", {}).get("officer_count")


class TestReading:
    def test_a_date_alone_is_a_day(self) -> None:
        assert (read().json["done_at"], read().json["precision"]) == ("2026-03-06", "day")

    def test_with_a_time_it_is_a_minute_and_with_seconds_a_second(self) -> None:
        assert read(done__time="09:30").json["precision"] == "minute"
        assert read(done__time="09:30:15").json["precision"] == "second"
        assert read(done__time="09:30").json["done_at"] == "2026-03-06T09:30:00+08:00"

    @pytest.mark.parametrize(("date", "time"), [("2026-02-30", ""), ("2026-03-06", "25:00"), ("06.03.2026", "")])
    def test_a_time_that_is_none_is_refused(self, date: str, time: str) -> None:
        draft = read(done__date=date, done__time=time)
        assert [(f.code, f.place) for f in draft.findings] == [("U-202", "/done_at")]

    def test_the_end_takes_the_date_of_the_beginning(self) -> None:
        draft = read(done__time="09:30", until__date="", until__time="10:00")
        assert draft.json["until"] == "2026-03-06T10:00:00+08:00"

    @pytest.mark.parametrize(("typed", "code"), [("twelve", "U-203"), ("12.345", "U-203"), ("128,400.5", None)])
    def test_an_amount_that_is_none_is_refused_by_its_field(self, typed: str, code: str | None) -> None:
        draft = read(c__fine=typed)
        assert [f.code for f in draft.findings] == ([code] if code else [])
        assert draft.json.get("content", {}).get("fine") == (None if code else 12_840_050)

    def test_a_number_and_a_moment_that_are_none_are_refused(self) -> None:
        kind = VOCABULARY.kinds["recording.completed"]
        typed = Typed(
            {
                "done.date": ["2026-03-06"],
                "c.told_at.date": ["2026-03-06"],
                "c.told_at.time": [""],
                "c.segments.from": ["x"],
                "c.segments.until": ["y"],
            }
        )
        draft = read_form(typed, kind, id=ID, bureau="b", zone=ZONE, people=(), files=(), links={})
        assert [(f.code, f.place) for f in draft.findings] == [
            ("U-205", "/content/segments"),
            ("U-205", "/content/told_at"),
        ]
        transcript = VOCABULARY.kinds["interview_transcript"]
        draft = read_form(
            Typed({"done.date": ["2026-03-06"], "c.officer_count": ["二"]}),
            transcript,
            id=ID,
            bureau="b",
            zone=ZONE,
            people=(),
            files=(),
            links={},
        )
        assert [(f.code, f.place) for f in draft.findings] == [("U-204", "/content/officer_count")]

    @pytest.mark.parametrize("typed", ["--5", "²", "٣", "9" * 16, "9" * 30, "9" * 5000, "-", "1.5"])
    def test_what_is_no_whole_number_is_refused_by_the_name_of_its_field(self, typed: str) -> None:
        assert whole(typed) == ([("U-204", "/content/officer_count")], None)

    @pytest.mark.parametrize(("typed", "value"), [("2", 2), ("-2", -2), ("２", 2), ("9" * 15, 10**15 - 1)])
    def test_a_whole_number_has_at_most_fifteen_figures(self, typed: str, value: int) -> None:
        assert whole(typed) == ([], value)

    def test_an_unanswered_question_is_no_answer(self) -> None:
        assert "content" not in read(c__collective_discussion="").json
        kind = VOCABULARY.kinds["recording.completed"]
        for typed, value in (("yes", True), ("no", False)):
            draft = read_form(
                Typed({"done.date": ["2026-03-06"], "c.told_at_start": [typed]}),
                kind,
                id=ID,
                bureau="b",
                zone=ZONE,
                people=(),
                files=(),
                links={},
            )
            assert draft.json["content"]["told_at_start"] is value

    def test_a_place_for_a_signature_that_nobody_used_is_no_signature(self) -> None:
        draft = read(
            sign__role=["party", "agency_head"],
            sign__name=["", "钱某"],
            sign__how=["signature", "seal"],
            sign__date=["", ""],
            sign__time=["", ""],
        )
        assert draft.json["signatures"] == [{"role": "agency_head", "name": "钱某", "how": "seal"}]

    def test_the_digest_of_the_file_beside_it_is_the_servers_to_state(self) -> None:
        file = {"sha256": "cd" * 32, "sm3": "", "bytes": 1, "name": "a.pdf"}
        draft = read_form(
            Typed({"done.date": ["2026-03-06"]}), KIND, id=ID, bureau="b", zone=ZONE, people=(), files=[file], links={}
        )
        assert draft.json["content"]["draft_digest"] == "cd" * 32

    @given(
        st.dictionaries(
            st.sampled_from(
                ["done.date", "done.time", "c.fine", "c.result", "by.name", "sign.date", "l.about", "c.draft_digest"]
            ),
            st.lists(st.text(max_size=30), max_size=3),
        )
    )
    def test_nothing_that_is_typed_breaks_it(self, held: dict[str, list[str]]) -> None:
        read_form(Typed(held), KIND, id=ID, bureau="b", zone=ZONE, people=PEOPLE, files=(), links={})


class TestPeople:
    def test_who_is_offered_by_the_register_brings_the_certificate(self) -> None:
        draft = read(by__name="张示例 冀010001", by__role="case_handler", by__certificate="")
        assert draft.json["by"] == [{"role": "case_handler", "name": "张示例", "certificate": "冀010001", "id": "p1"}]

    def test_a_name_that_two_bear_is_nobody_until_the_certificate_tells(self) -> None:
        assert known("李示例", "", PEOPLE) is None
        assert known("李示例", "冀010003", PEOPLE) == PEOPLE[2]
        assert known("李示例 冀010002", "", PEOPLE) == PEOPLE[1]

    def test_a_stranger_keeps_the_name_that_was_typed(self) -> None:
        draft = read(by__name="外单位人员", by__role="case_handler", by__certificate="")
        assert draft.json["by"] == [{"role": "case_handler", "name": "外单位人员"}]

    def test_another_certificate_is_another_person(self) -> None:
        assert known("张示例", "冀999999", PEOPLE) is None


class TestWhatTheTextsAsk:
    def test_fields_signatures_and_officers_bear_the_articles_that_ask(self) -> None:
        asked = asked_of(ONE_TEXT, "interview_transcript", "penalty", IN_FORCE)
        assert {c.rulebook for c in asked.fields["officer_names"]} == {"bazhou"}
        assert asked.signatures["party"]

    def test_an_expired_text_asks_nothing_unless_it_is_applied_on(self) -> None:
        later = IN_FORCE + 2000
        assert asked_of(ONE_TEXT, "interview_transcript", "penalty", later).fields == {}
        assert asked_of(ONE_TEXT, "interview_transcript", "penalty", later, frozenset({"bazhou"})).fields

    def test_a_text_for_other_actions_asks_nothing(self) -> None:
        assert asked_of(ONE_TEXT, "interview_transcript", "permit", IN_FORCE).fields == {}

    def test_the_union_is_asked_whatever_the_conditions(self) -> None:
        asked = asked_of(BOOKS, "legal_review_application", "penalty", IN_FORCE)
        wanted = {
            name
            for b in BOOKS
            for r in b.rules
            if r.form == "content" and "legal_review_application" in r.trigger.kinds
            for names in r.has.fields
            for name in names
        }
        assert wanted <= set(asked.fields)
