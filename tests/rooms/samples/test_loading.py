"""The loaded sample bureau: all of it through the door, believable, once, and never in a real bureau."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError

from liuhen.engines.rulebook import Register
from liuhen.ground.case import Case
from liuhen.ground.moments import instant, moment_of
from liuhen.journal.door import take
from liuhen.journal.filed import filed
from liuhen.journal.judging import basis
from liuhen.journal.models import BureauRow, CaseRow, FileRow, LeafRow, PersonRow, RecordRow
from liuhen.journal.passing import pass_time
from liuhen.journal.rebuild import rebuild
from liuhen.journal.refusing import NotTaken
from liuhen.journal.registers import read_registers
from liuhen.journal.vaulted import as_it_is_now, the_vault
from liuhen.journal.verification import verify
from liuhen.journal.who import who_is
from liuhen.rooms.cases import workbench
from liuhen.rooms.samples.loading import Loaded, NotASample, load
from liuhen.rooms.samples.stories import Story, read_stories
from tests.journal.busy import read_models
from tests.office import Office
from tests.rooms.samples.conftest import BUREAU, NOW
from tests.rooms.samples.promises import broken

pytestmark = pytest.mark.django_db


def case_of(story: Story) -> CaseRow:
    return CaseRow.objects.get(bureau=BUREAU, subject="case", title=story.opening["title"], party=story.facts["party"])


def person(name: str) -> str:
    return PersonRow.objects.get(bureau=BUREAU, name=name).person


def test_every_story_lies_in_the_journal_and_keeps_its_promises(loaded: Loaded) -> None:
    judged_by = basis(BUREAU)
    register, applied = read_registers(judged_by)
    assert isinstance(register, Register)
    for story in read_stories():
        records = Case(tuple(e.record for e in filed(case_of(story), judged_by.zone).entries))
        duties = judged_by.stack.judge(records, instant(NOW), register=register, applied=applied).duties
        assert list(broken(story, duties, judged_by.calendar, NOW)) == [], story.id


def test_the_bureau_says_that_it_is_a_sample_and_which_text_it_keeps_applying(loaded: Loaded) -> None:
    row = BureauRow.objects.get(id=BUREAU)
    assert row.sample
    assert "示例" in row.zh
    assert row.rulebooks == ["bazhou", "anshan-legal-review"]
    (applied,) = read_registers(basis(BUREAU)).applied
    assert applied.content["rulebook"] == "bazhou"
    assert applied.content["from"] == "2023-10-01"
    assert applied.by[0].role == "agency_head"


def test_a_second_loading_changes_nothing(loaded: Loaded) -> None:
    before = RecordRow.objects.count(), FileRow.objects.count(), LeafRow.objects.count()
    again = load(NOW + timedelta(days=3), bureau_id=BUREAU)
    assert (again.records, again.files) == (0, 0)
    assert (RecordRow.objects.count(), FileRow.objects.count(), LeafRow.objects.count()) == before


def test_the_command_prints_the_users_whether_it_made_them_or_not(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sample_data", now=NOW.isoformat(), bureau=BUREAU)
    said = capsys.readouterr().out
    assert all(handle in said and person.name in said for handle, person in loaded.people.items())
    assert loaded.bureau["password"] in said
    assert "示例" in said


@pytest.mark.parametrize("moment", ["2026-03-12", "2026-03-12T16:20", "yesterday"])
def test_the_command_wants_a_certain_moment(loaded: Loaded, moment: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("sample_data", now=moment)
    assert refused.value.returncode == 2


def test_everybody_can_sign_in_and_has_the_roles_of_the_story(loaded: Loaded) -> None:
    for handle, someone in loaded.people.items():
        account = get_user_model().objects.get(username=handle)
        assert account.check_password(loaded.bureau["password"]), handle
        assert (account.bureau, account.name) == (BUREAU, someone.name)
        who = who_is(BUREAU, account.person, NOW.toordinal())
        assert who.roles == frozenset(someone.roles)


def test_the_workbenches_have_work_due_work_and_late_work(loaded: Loaded) -> None:
    calendar = basis(BUREAU).calendar
    soon_until = calendar.instant(calendar.add_working_days(calendar.day_of(NOW), 3)[0] + 1)
    found = {}
    for name in ("沈一帆", "韦若谷", "许南枝", "陆清和", "顾明远", "温亦舒", "贺知秋", "程砚"):
        who = who_is(BUREAU, person(name), NOW.toordinal())
        found[name] = workbench.counts(who, instant(NOW), soon_until)
    for name in ("沈一帆", "韦若谷", "许南枝", "陆清和", "顾明远", "温亦舒"):
        assert found[name].todo > 0, name
        assert found[name].soon > 0, name
        assert found[name].overdue > 0, name
    # No text gives the head a limit; whoever runs the system has no part in any case.
    assert found["贺知秋"].todo > 0
    assert found["程砚"].todo == 0


def test_the_major_decision_without_a_passed_review_is_refused_and_nothing_stored(loaded: Loaded) -> None:
    story = next(s for s in read_stories() if s.refused)
    assert story.refused is not None
    case = case_of(story)
    head = who_is(BUREAU, person("贺知秋"), NOW.toordinal())
    before = RecordRow.objects.filter(bureau=BUREAU).count()
    with pytest.raises(NotTaken) as refused:
        take(
            {
                "id": str(uuid4()),
                "bureau": BUREAU,
                "kind": "decision.made",
                "done_at": NOW.isoformat(),
                "by": [{"role": "agency_head", "name": head.name, "id": head.person}],
                "links": {"case": [case.root]},
                "content": {"outcome": "imposed", "fine": 36_800_000},
            },
            actor=head,
            now=NOW,
        )
    assert [gate.rule.ref for gate in refused.value.gates] == [story.refused["rule"]]
    assert {f.code for f in refused.value.findings} == {"G-011"}
    assert RecordRow.objects.filter(bureau=BUREAU).count() == before


def test_recordings_play_papers_open_and_all_is_in_the_vault(loaded: Loaded) -> None:
    rows = FileRow.objects.filter(bureau=BUREAU)
    assert rows.count() == loaded.files
    heads = {"video/mp4": b"ftyp", "image/jpeg": b"\xff\xd8", "audio/wav": b"RIFF", "application/pdf": b"%PDF"}
    sorts = Counter()
    for sha256, media, size in rows.values_list("sha256", "media_type", "bytes"):
        with the_vault().open(sha256) as file:
            assert heads[media] in file.read(12)
        assert the_vault().size(sha256) == size
        sorts[media] += 1
    assert all(sorts[media] > 0 for media in heads)
    films = rows.filter(media_type="video/mp4").values_list("sha256", flat=True)
    assert len(set(films)) == len(films)
    assert sum(rows.values_list("bytes", flat=True)) < 60_000_000


def test_the_ledger_is_sealed_and_sound_and_believable(loaded: Loaded) -> None:
    seen, strays = verify(BUREAU, files=as_it_is_now)
    assert strays == ()
    assert seen.sound, seen
    assert not LeafRow.objects.filter(bureau=BUREAU, place__isnull=True).exists()
    # Received in the order of the numbers, over the months of the story, by those who did it.
    received = list(RecordRow.objects.filter(bureau=BUREAU).order_by("seq").values_list("received", flat=True))
    assert received == sorted(received)
    assert moment_of(received[-1]) <= NOW
    assert len({moment.date() for moment in map(moment_of, received)}) > 60
    assert RecordRow.objects.filter(bureau=BUREAU).exclude(actor="").values("actor").distinct().count() >= 9


def test_an_outside_act_stays_marked_and_a_corrected_record_stays_readable(loaded: Loaded) -> None:
    outside = RecordRow.objects.filter(bureau=BUREAU, outside=True)
    assert {row.kind for row in outside} == {"act.questioning", "interview_transcript"}
    assert CaseRow.objects.filter(bureau=BUREAU, outside=True).count() == 1
    correction = RecordRow.objects.get(bureau=BUREAU, corrects__isnull=False)
    assert RecordRow.objects.filter(id=correction.corrects).exists()


def test_rebuilt_lists_equal_those_that_the_door_kept(loaded: Loaded) -> None:
    pass_time(instant(NOW))
    live = read_models(BUREAU)
    rebuild(instant(NOW), bureaus=[BUREAU])
    assert read_models(BUREAU) == live


def test_a_bureau_that_is_not_marked_as_a_sample_gets_no_invented_record(loaded: Loaded) -> None:
    """The mark alone makes the difference: with it the same loading is let through, and finds everything there."""
    assert load(NOW, bureau_id=BUREAU).records == 0
    BureauRow.objects.filter(id=BUREAU).update(sample=False)
    before = RecordRow.objects.count()
    with pytest.raises(NotASample) as refused:
        load(NOW, bureau_id=BUREAU)
    assert refused.value.finding.code == "U-030"
    assert RecordRow.objects.count() == before
    with pytest.raises(CommandError):
        call_command("sample_data", now=NOW.isoformat(), bureau=BUREAU)


def test_the_door_of_a_real_bureau_is_not_told_the_time(office: Office) -> None:
    """The same record, brought to the same bureau without and with the mark of a sample; nothing told is stored in a real one."""
    BureauRow.objects.filter(id=office.bureau).update(sample=False)
    made = office.record("meeting_minutes", links={"case": [str(uuid4())]})
    with pytest.raises(NotTaken) as refused:
        take(made, actor=office.who("zhang"), now=office.now)
    assert [f.code for f in refused.value.findings] == ["G-027"]
    with pytest.raises(NotTaken) as of_the_clock:
        take(made, actor=office.who("zhang"))
    assert "G-027" not in [f.code for f in of_the_clock.value.findings]
    BureauRow.objects.filter(id=office.bureau).update(sample=True)
    assert office.open_case()
