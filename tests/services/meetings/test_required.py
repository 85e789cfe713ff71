"""What has to be studied, and which meetings did: found in the minutes, never ticked off."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.meetings import AgendaItem
from desktop.models.vocabulary.meetings import MeetingKind, StudyState
from desktop.services.archive.binding import bind
from desktop.services.errors import InvalidInput
from desktop.services.home import read_home
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.meetings.required import Required, needles_of, required_of
from desktop.services.registers import RegisterService
from desktop.services.reminders import Bucket
from desktop.services.self_check.service import SelfCheckService
from desktop.services.store import Store
from tests.services.meetings.people import people
from tests.stores import new_store

TOPIC = {"title": "全会精神", "asked_on": "2026-08-01", "from_org": "市公司党组", "due_on": "2026-10-31"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:  # 2026-11-22
        people(opened)
        yield opened


def ask(store: Store, **given: str) -> None:
    RegisterService(store).save("required_study", {**TOPIC, **given})


def study(store: Store, on: date, item: AgendaItem, kind: MeetingKind = MeetingKind.PARTY_LECTURE) -> str:
    return MeetingService(store).record(MeetingDraft(kind=kind, held_on=on, topic="学习", agenda=(item,)))


def only(store: Store) -> Required:
    (found,) = required_of(store, 2026)
    return found


def test_a_topic_is_studied_where_an_item_or_its_text_names_it_whatever_marks_stand_between(store: Store) -> None:
    ask(store)
    assert only(store).state is StudyState.MISSING
    held = study(store, date(2026, 9, 3), AgendaItem("第一议题", source="《全会·精神》学习材料", tag="first_topic"))
    found = only(store)
    assert (found.state, found.first_on) == (StudyState.STUDIED, date(2026, 9, 3))
    assert [each.meeting_id for each in found.seen] == [held]


@pytest.mark.parametrize(
    ("given", "on", "state"),
    [
        ({}, date(2026, 11, 5), StudyState.LATE),
        ({"due_on": ""}, date(2026, 11, 5), StudyState.STUDIED),
        ({"words": "二十届、读本"}, date(2026, 9, 3), StudyState.MISSING),
        ({"meeting": "支部委员会会议"}, date(2026, 9, 3), StudyState.MISSING),
        ({"meeting": "党课"}, date(2026, 9, 3), StudyState.STUDIED),
        ({"done_on": "2026-10-08", "done_how": "自学"}, date(2026, 11, 5), StudyState.STUDIED),
    ],
)
def test_when_and_at_which_meeting_counts(store: Store, given: dict[str, str], on: date, state: StudyState) -> None:
    ask(store, **given)
    study(store, on, AgendaItem("传达全会精神"))
    assert only(store).state is state


def test_what_was_studied_elsewhere_says_how(store: Store) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(store, done_on="2026-10-08")
    assert refused.value.name == "done_how"


def test_what_is_missing_is_to_do_a_finding_and_a_gap_of_the_archive_and_leads_to_minutes(store: Store) -> None:
    ask(store, meeting="党课")
    (work,) = [work for work in read_home(store, 2026, store.today).works if work.source.startswith("必学内容")]
    assert work.where is not None
    assert (work.where.page, work.where.kind, work.where.prefill) == (
        "meetings",
        "party_lecture",
        {"study": "全会精神"},
    )
    (finding,) = [each for each in SelfCheckService(store).run(2026).findings if each.check.id == "not_studied"]
    assert finding.where == work.where
    assert "必学内容“全会精神”没有学习记录" in {gap.what for gap in bind(store, 2026, store.today).problems}
    study(store, date(2026, 11, 20), AgendaItem("传达全会精神"))
    assert not [work for work in read_home(store, 2026, store.today).works if work.source.startswith("必学内容")]


def test_what_last_year_missed_stays_to_do_until_a_meeting_of_this_year_makes_up_for_it(tmp_path: Path) -> None:
    with new_store(tmp_path / "late", at="2027-01-12 09:00") as store:
        people(store)
        ask(store, due_on="2026-12-31")

        def waiting() -> list[Bucket]:
            works = read_home(store, 2027, store.today).works
            return [work.bucket for work in works if work.source.startswith("必学内容")]

        assert waiting() == [Bucket.LATE]
        study(store, date(2027, 1, 8), AgendaItem("传达全会精神"))
        assert waiting() == []
        found = only(store)
        assert (found.state, found.first_on) == (StudyState.LATE, date(2027, 1, 8))
        study(store, date(2027, 1, 11), AgendaItem("再学全会精神"))
        assert len(only(store).seen) == 1


def test_words_stand_in_for_the_title_only_where_there_are_any() -> None:
    assert needles_of("《条例》 学习", "") == ["条例学习"]
    assert needles_of("《条例》", " 、纪律处分条例；") == ["纪律处分条例"]
