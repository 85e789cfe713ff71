"""The year of a member: the same counts as elsewhere, by person."""

from datetime import date
from fractions import Fraction

import pytest

from desktop.models.learning import Trainee
from desktop.models.vocabulary.branches import ConditionKind, MemberStatus
from desktop.models.vocabulary.dues import DuesMeans
from desktop.models.vocabulary.meetings import MeetingKind, TalkKind
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.collecting import PaymentService
from desktop.services.errors import NotFound
from desktop.services.meetings import Absence, ActionDraft, MeetingDraft, MeetingService
from desktop.services.member_year.rows import KindYear, PledgeState, Presence, TaskState
from desktop.services.member_year.service import MemberYearService
from desktop.services.members import ConditionService, LifeService, MemberService
from desktop.services.points.ledger import PointsService
from desktop.services.registers.service import RegisterService
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import amount
from desktop.services.store import Store


@pytest.fixture
def years(store: Store, ids: dict[str, str]) -> MemberYearService:
    return MemberYearService(store)


def held(store: Store, kind: MeetingKind, on: date, *absences: Absence, **more: object) -> str:
    return MeetingService(store).record(MeetingDraft(kind=kind, held_on=on, topic="学习", absences=absences, **more))  # type: ignore[arg-type]


def course(store: Store, on: date, hours: int, *member_ids: str, centralised: bool = True) -> str:
    lines = [Trainee(each, hours) for each in member_ids]
    values = {"event_on": on, "title": "党务骨干培训班", "centralised": centralised, "participants": lines}
    return RegisterService(store).save("training_record", values)


def states(kind: KindYear) -> list[str]:
    return [cell.state.value for cell in kind.cells]


def test_attendance_tells_each_month_of_each_kind(store: Store, ids: dict[str, str], years: MemberYearService) -> None:
    li = ids["李四"]
    group = ids["第二党小组"]
    held(store, MeetingKind.THEME_DAY, date(2026, 1, 15))
    held(store, MeetingKind.THEME_DAY, date(2026, 2, 15), Absence(li, reason="出差"))
    held(store, MeetingKind.THEME_DAY, date(2026, 3, 15), Absence(li))
    held(
        store, MeetingKind.THEME_DAY, date(2026, 4, 15),
        Absence(li, reason="住院", make_up_on=date(2026, 4, 20)),
    )  # fmt: skip
    MeetingService(store).plan(MeetingDraft(kind=MeetingKind.GROUP_MEETING, held_on=date(2026, 11, 28), group_id=group))
    held(store, MeetingKind.COMMITTEE_MEETING, date(2026, 1, 5))
    year = years.year(li, 2026)
    kinds = {kind.kind: kind for kind in year.kinds}
    assert MeetingKind.COMMITTEE_MEETING not in kinds
    theme = kinds[MeetingKind.THEME_DAY]
    assert states(theme) == ["present", "excused", "absent", "made_up", *["none"] * 7, "ahead"]
    assert (theme.came, theme.expected) == (1, 4)
    group_meetings = kinds[MeetingKind.GROUP_MEETING]
    assert group_meetings.cells[10].state is Presence.PENDING
    assert (group_meetings.came, group_meetings.expected) == (0, 0)
    assert (year.came, year.expected) == (1, 4)
    assert "3 月主题党日缺席没补课" in [lack.what for lack in year.lacks]
    assert not [lack for lack in year.lacks if "2 月" in lack.what]
    secretary = years.year(ids["赵一"], 2026)
    assert MeetingKind.COMMITTEE_MEETING in {kind.kind for kind in secretary.kinds}


def test_of_several_meetings_in_a_month_the_gravest_is_shown(
    store: Store, ids: dict[str, str], years: MemberYearService
) -> None:
    held(store, MeetingKind.THEME_DAY, date(2026, 3, 5))
    held(store, MeetingKind.THEME_DAY, date(2026, 3, 25), Absence(ids["周五"]))
    theme = next(kind for kind in years.year(ids["周五"], 2026).kinds if kind.kind is MeetingKind.THEME_DAY)
    assert (theme.cells[2].state, len(theme.cells[2].meetings)) == (Presence.ABSENT, 2)
    assert (theme.came, theme.expected) == (1, 2)


def test_hours_are_those_the_score_counts_against_the_target_of_the_post(
    store: Store, ids: dict[str, str], years: MemberYearService
) -> None:
    training = StandardService(store).law(year=2026).training
    held(store, MeetingKind.PARTY_LECTURE, date(2026, 3, 1), started_at="09:00", ended_at="11:00")
    course(store, date(2026, 5, 6), 24, ids["赵一"], ids["李四"])
    course(store, date(2026, 6, 6), 5, ids["李四"], centralised=False)
    li, secretary = years.year(ids["李四"], 2026).learning, years.year(ids["赵一"], 2026).learning
    assert [float(part) for part in (li.meetings, li.courses, li.own, li.hours)] == [2, 24, 5, 31]
    assert (li.target, li.on_committee, li.sessions, li.reached) == (training.member_hours, False, 1, False)
    assert (float(li.lacking), li.so_far) == (1, Fraction(training.member_hours * 10, 12))
    assert li.latest is not None
    assert (li.latest.on, float(li.latest.hours)) == (date(2026, 6, 6), 5)
    assert (secretary.target, secretary.on_committee) == (training.committee_hours, True)
    assert float(secretary.hours) == 26
    assert years.year(ids["钱二"], 2026).learning.sessions_asked == training.committee_min_sessions
    assert "没有参加集中培训" in [lack.what for lack in years.year(ids["钱二"], 2026).lacks]
    item = next(item for item in StandardService(store).score(year=2026).items if item.id == "D3-02")
    means = sum(years.year(ids[name], 2026).learning.hours for name in ids if "小组" not in name) / 6
    assert f"人均{amount(Fraction(means))}学时" in "".join(item.verdict.notes)


def test_no_hours_are_asked_of_who_is_not_at_work(
    store: Store, ids: dict[str, str], years: MemberYearService
) -> None:  # fmt: skip
    ConditionService(store).save(ids["周五"], ConditionKind.RETIRED, date(2026, 2, 1))
    learning = years.year(ids["周五"], 2026).learning
    assert (learning.target, learning.reached) == (None, False)
    assert not learning.lacking
    assert learning.why_none


def test_who_joined_in_the_year_is_told_from_which_month(store: Store, ids: dict[str, str]) -> None:
    new = MemberService(store).register(
        {"name": "郑七", "admitted_on": "2012-07-01", "full_on": "2013-07-01", "joined_on": "2026-07-09"}
    )
    year = MemberYearService(store).year(new, 2026)
    assert (year.since, year.since_words) == (date(2026, 7, 9), "从 7 月起算")
    law = StandardService(store).law(year=2026).training
    assert (year.learning.target, year.learning.so_far) == (law.member_hours, Fraction(law.member_hours * 3, 12))
    assert MemberYearService(store).year(ids["李四"], 2026).since_words == ""


def test_who_left_is_said_to_be_gone_by_which_document_and_lacks_nothing(
    store: Store, ids: dict[str, str], years: MemberYearService
) -> None:
    life = LifeService(store)
    life.transition(ids["李四"], MemberStatus.TRANSFER_PENDING, date(2026, 8, 1), document_no="第12号")
    life.transition(ids["李四"], MemberStatus.TRANSFERRED_OUT, date(2026, 8, 20), document_no="回执12号")
    year = years.year(ids["李四"], 2026)
    assert year.left is not None
    assert (year.left.on, year.left.document_no) == (date(2026, 8, 20), "回执12号")
    assert year.verdict.startswith("已不在册：2026-08-20")
    assert year.lacks == ()
    assert years.year(ids["李四"], 2025).left is None


def test_dues_are_those_of_the_ledger(store: Store, ids: dict[str, str], years: MemberYearService) -> None:
    assert years.year(ids["李四"], 2026).dues.begun is False
    MemberService(store).update(ids["李四"], {"dues_base_fen": "3000.01"})
    AssessmentService(store).carry_over(2026, date(2026, 1, 12))
    for month in range(1, 10):
        PaymentService(store).collect(2026, month, [ids["李四"]], date(2026, month, 12), DuesMeans.CASH)
    year = years.year(ids["李四"], 2026)
    assert year.dues.row is not None
    assert (year.dues.row.monthly_fen, year.dues.paid, year.dues.due) == (3000, 9, 11)
    assert "欠交 10月党费 30.00 元" in [lack.what for lack in year.lacks]


def test_talks_pledges_tasks_and_honours_are_those_that_name_the_member(
    store: Store, ids: dict[str, str], years: MemberYearService
) -> None:
    li, zhao = ids["李四"], ids["赵一"]
    registers = RegisterService(store)
    for talker, talkee, kind in ((zhao, li, TalkKind.HEART_TALK), (li, ids["周五"], TalkKind.HEART_TALK)):
        registers.save(
            "talk",
            {"event_on": date(2026, 3, 8), "title": "思想", "kind": kind, "talker_id": talker, "talkee_id": talkee},
        )
    for name, due in (("走访", date(2026, 9, 30)), ("带徒", date(2026, 12, 31))):
        registers.save("commitment", {"event_on": date(2026, 1, 8), "title": name, "member_id": li, "due_on": due})
    registers.save("role_model", {"event_on": date(2026, 7, 1), "title": "优秀党员", "member_id": li, "deeds": "…"})
    held(
        store, MeetingKind.THEME_DAY, date(2026, 5, 5),
        actions=(ActionDraft("备课", li, due_on=date(2026, 5, 20)), ActionDraft("写稿", li, due_on=date(2026, 12, 20))),
    )  # fmt: skip
    year = years.year(li, 2026)
    assert sorted(talk.who for talk in year.talks) == ["本人找周五", "赵一找本人"]
    assert {pledge.title: pledge.state for pledge in year.pledges} == {
        "走访": PledgeState.UNRATED,
        "带徒": PledgeState.RUNNING,
    }
    assert {task.what: task.state for task in year.tasks} == {"备课": TaskState.LATE, "写稿": TaskState.OPEN}
    assert [honour.title for honour in year.honours] == ["优秀党员"]
    said = [lack.what for lack in year.lacks]
    assert {"1 项承诺没评", "“备课”逾期没完成"} <= set(said)
    assert year.verdict == f"今年还差 {len(said)} 件"
    assert years.year(li, 2025).talks == ()


def test_points_are_those_of_the_ledger_and_what_is_not_judged_yet_is_not_due_instead_of_zero(
    store: Store, ids: dict[str, str], years: MemberYearService
) -> None:
    held(store, MeetingKind.THEME_DAY, date(2026, 3, 15))
    li = ids["李四"]
    points = years.year(li, 2026).points
    assert points is not None
    ledger = next(each for each in PointsService(store).year(2026).members if each.member_id == li)
    assert points.sums == ledger
    assert [each.got for each in points.categories] == list(ledger.by_category.values())
    ahead = {each.name: each.words for each in points.categories if each.ahead}
    assert ahead == {"组织生活会": "未到期", "履行党员义务": "未到期"}
    assert years.year(li, 2027).points is None


def test_of_a_year_that_has_not_begun_nothing_is_lacking(
    store: Store, ids: dict[str, str], years: MemberYearService
) -> None:
    ahead = store.today.year + 1
    year = years.year(ids["李四"], ahead)
    assert (year.lacks, year.verdict) == ((), f"{ahead} 年还没有开始")


def test_nobody_of_that_id(years: MemberYearService) -> None:
    with pytest.raises(NotFound):
        years.year("无", 2026)
