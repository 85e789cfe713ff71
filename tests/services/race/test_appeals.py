"""Appeals: taken up in time, decided with a reason, corrected under, published anew, and kept."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from desktop.models.base import LONGEST_TEXT, Travel
from desktop.models.history import Change
from desktop.models.race import RaceResult
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.services.errors import InvalidInput
from desktop.services.race.appeals import AppealService, NewAppeal
from desktop.services.race.details import row_of
from desktop.services.race.inputs import InputService
from desktop.services.race.marks import MarkService
from desktop.services.race.service import RaceService
from desktop.services.standards.ratings import RatingService
from desktop.services.store import Store
from desktop.services.sync.rows import outgoing
from tests.services.race.typed import figures, ids, refused
from tests.stores import clock_at

PERIOD = "2026Q3"


@pytest.fixture
def published(store: Store, race: RaceService) -> RaceService:
    """The race of a quarter, published on 12 October 2026, a Monday."""
    for code, share in (("XC", "0.9"), ("SQ", "0.8"), ("LY", "0.7")):
        branch = ids(race)[code]
        InputService(store).set_inputs(PERIOD, figures(branch, share))
        RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
    race.score(PERIOD)
    race.publish(PERIOD)
    store.clock = clock_at("2026-10-14 09:00")
    return race


def appeal(branch: str, on: date = date(2026, 10, 14), **more: str) -> NewAppeal:
    return NewAppeal(branch_id=branch, raised_by="书记 李某", received_on=on, ground="满意度样本算少了", **more)


def decide(store: Store, case: str, state: AppealState) -> RacePeriodState:
    return AppealService(store).decide(case, state, decided_by="党建科会议", decision="复核了原始问卷")


def total(store: Store, branch: str) -> Decimal | None:
    with store.reading() as session:
        return row_of(session.scalars(select(RaceResult).where(RaceResult.branch_id == branch)).one()).total


def test_the_time_to_appeal_is_counted_in_working_days(store: Store, published: RaceService) -> None:
    window = AppealService(store).window(PERIOD)
    assert window is not None
    assert (window.first, window.last, window.provisional) == (date(2026, 10, 12), date(2026, 10, 19), False)
    assert published.race(PERIOD).appeal_by == date(2026, 10, 19)
    assert AppealService(store).window("2026Q2") is None


def test_words_that_no_package_could_carry_are_refused_before_they_stay_for_good(
    store: Store, published: RaceService
) -> None:
    branch, longer = ids(published)["XC"], "理" * (LONGEST_TEXT + 1)
    reason = f"超过{LONGEST_TEXT}字"
    service = AppealService(store)
    assert refused(service.take_up, PERIOD, replace(appeal(branch), ground=longer)) == ("申诉理由", reason)
    case = service.take_up(PERIOD, appeal(branch))
    with pytest.raises(InvalidInput, match=reason):
        service.decide(case, AppealState.REJECTED, decided_by="党建科会议", decision=longer)
    assert [row.state for row in service.appeals(PERIOD)] == [AppealState.PENDING]


def test_a_late_appeal_is_taken_up_only_with_a_reason(store: Store, published: RaceService) -> None:
    branch = ids(published)["XC"]
    store.clock = clock_at("2026-11-26 09:00")
    late = date(2026, 11, 25)
    assert refused(AppealService(store).take_up, PERIOD, appeal(branch, late)) == (
        "逾期受理的理由", "申诉期到2026-10-19，逾期的写明理由才能受理",
    )  # fmt: skip
    AppealService(store).take_up(PERIOD, appeal(branch, late, late_reason="公布通知未送达"))
    (case,) = AppealService(store).appeals(PERIOD)
    assert (case.late_reason, case.due_on, case.name) == ("公布通知未送达", date(2026, 10, 19), "项城市党支部")


@pytest.mark.parametrize(
    ("on", "by", "ground", "refusal"),
    [
        (date(2026, 10, 11), "李某", "x", ("收到日期", "早于公布日期")),
        (date(2026, 10, 15), "李某", "x", ("收到日期", "在今天之后")),
        (date(2026, 10, 14), " ", "x", ("提出人", "不能为空")),
        (date(2026, 10, 14), "李某", " ", ("申诉理由", "不能为空")),
        (date(2026, 10, 14), "李" * 61, "x", ("提出人", "最多60字")),
    ],
)
def test_an_appeal_says_who_when_and_why(
    store: Store, published: RaceService, on: date, by: str, ground: str, refusal: tuple[str, str]
) -> None:
    case = NewAppeal(branch_id=ids(published)["XC"], raised_by=by, received_on=on, ground=ground)
    assert refused(AppealService(store).take_up, PERIOD, case) == refusal


def test_only_what_is_published_and_not_final_is_appealed(store: Store, published: RaceService) -> None:
    branch = ids(published)["XC"]
    assert refused(AppealService(store).take_up, "2026Q2", appeal(branch))[0] == "评比周期"
    assert refused(AppealService(store).take_up, PERIOD, appeal("nobody"))[0] == "支部"
    store.clock = clock_at("2026-10-20 09:00")
    published.settle(PERIOD)
    assert refused(AppealService(store).take_up, PERIOD, appeal(branch))[1].startswith("2026年三季度已定：")


def test_nothing_changes_before_an_appeal_is_upheld(store: Store, published: RaceService) -> None:
    branch = ids(published)["SQ"]
    AppealService(store).take_up(PERIOD, appeal(branch))
    assert published.race(PERIOD).state is RacePeriodState.APPEALED
    reason = "2026年三季度的申诉还没有决定，决定成立后才能修改"
    assert refused(InputService(store).set_inputs, PERIOD, figures(branch, "1", ["H2"])) == ("评比周期", reason)
    assert refused(published.score, PERIOD)[1].endswith("决定成立后才能重新计分")
    assert refused(published.settle, PERIOD)[1].endswith("申诉中的先办完申诉")


@pytest.mark.parametrize("state", [AppealState.REJECTED, AppealState.WITHDRAWN])
def test_a_rejected_appeal_leaves_the_result_and_stays_visible(
    store: Store, published: RaceService, state: AppealState
) -> None:
    branch = ids(published)["SQ"]
    case = AppealService(store).take_up(PERIOD, appeal(branch))
    store.clock = clock_at("2026-10-20 09:00")
    assert decide(store, case, state) is RacePeriodState.PUBLISHED
    assert refused(decide, store, case, AppealState.UPHELD) == ("决定", f"已经决定：{state.label}")
    table = published.settle(PERIOD)
    assert table.published_on == date(2026, 10, 12)
    (kept,) = table.appeals
    assert (kept.state, kept.decided_by, kept.decision) == (state, "党建科会议", "复核了原始问卷")
    assert kept.decided_on == date(2026, 10, 20)
    assert (kept.ground, kept.recorded_by) == ("满意度样本算少了", "书记")


@pytest.mark.parametrize(
    ("state", "by", "reason", "on", "refusal"),
    [
        (AppealState.PENDING, "会议", "x", None, ("决定", "请选择")),
        (AppealState.UPHELD, "", "x", None, ("作出决定的会议或人", "不能为空")),
        (AppealState.UPHELD, "会议", " ", None, ("决定的理由", "不能为空")),
        (AppealState.UPHELD, "会议", "x", date(2026, 10, 13), ("决定日期", "不能早于收到申诉那天、晚于今天")),
        (AppealState.UPHELD, "会议", "x", date(2026, 10, 15), ("决定日期", "不能早于收到申诉那天、晚于今天")),
    ],
)
def test_a_decision_says_who_when_and_why(
    store: Store, published: RaceService, state: AppealState, by: str, reason: str, on: date | None,
    refusal: tuple[str, str],
) -> None:  # fmt: skip
    case = AppealService(store).take_up(PERIOD, appeal(ids(published)["SQ"]))
    assert refused(AppealService(store).decide, case, state, decided_by=by, decision=reason, decided_on=on) == refusal


def test_a_correction_names_its_appeal_and_keeps_the_earlier_figure(store: Store, published: RaceService) -> None:
    branch = ids(published)["SQ"]
    case = AppealService(store).take_up(PERIOD, appeal(branch))
    assert decide(store, case, AppealState.UPHELD) is RacePeriodState.APPEALED
    InputService(store).set_inputs(PERIOD, figures(branch, "1", ["H2"]))
    InputService(store).set_inputs(PERIOD, figures(branch, "0.95", ["H2"]))
    words = "按2026-10-14收到的申诉更正，原为88，样本30（9月报表）"
    cells = {c.part: c for c in InputService(store).inputs(PERIOD) if c.branch_id == branch}
    assert (cells["H2"].corrected, cells["H2"].ground) == (words, "9月报表")
    assert cells["H4"].corrected == ""
    mark = MarkService(store).add(PERIOD, ids(published)["XC"], "P-02", "督办单")
    assert mark
    row = next(r for r in published.score(PERIOD).rows if r.branch_id == branch)
    assert row.indicators[1].parts[0].ground == f"9月报表；{words}"
    other = next(r for r in published.race(PERIOD).rows if r.penalties)
    assert other.penalties[0].ground == "督办单；按2026-10-14收到的申诉更正"


def test_branches_read_the_published_result_until_the_new_one_is_published(
    store: Store, published: RaceService
) -> None:
    branch = ids(published)["SQ"]
    before = total(store, branch)
    case = AppealService(store).take_up(PERIOD, appeal(branch))
    decide(store, case, AppealState.UPHELD)
    InputService(store).set_inputs(PERIOD, figures(branch, "1"))
    assert refused(published.publish, PERIOD)[1].startswith("计分以后数据有改动（涉及")
    table = published.score(PERIOD)
    assert total(store, branch) == before, "what would go out is what was published"
    anew = next(row for row in table.rows if row.branch_id == branch)
    assert anew.total != before
    changed = [line for line in table.revised if line.startswith("沈丘县党支部：")]
    assert changed == [f"沈丘县党支部：总分 {before} → {anew.total}，名次 2 → 1，类别 落后 → 中间"]
    table = published.publish(PERIOD)
    assert (table.state, table.published_on, table.revised) == (RacePeriodState.PUBLISHED, date(2026, 10, 14), ())
    assert total(store, branch) == anew.total
    (kept,) = table.appeals
    assert kept.republished_on == date(2026, 10, 14)
    assert kept.outcome == changed[0].removeprefix("沈丘县党支部：")
    assert table.appeal_by == date(2026, 10, 21)


def test_no_result_is_published_over_an_undecided_appeal(store: Store, published: RaceService) -> None:
    first = AppealService(store).take_up(PERIOD, appeal(ids(published)["SQ"]))
    second = AppealService(store).take_up(PERIOD, appeal(ids(published)["LY"]))
    decide(store, first, AppealState.UPHELD)
    published.score(PERIOD)
    assert refused(published.publish, PERIOD)[1] == "2026年三季度还有1件申诉没有决定，决定以后再公布"
    assert decide(store, second, AppealState.REJECTED) is RacePeriodState.APPEALED
    published.publish(PERIOD)
    assert {row.code: row.outcome for row in published.race(PERIOD).appeals} == {"SQ": "结果不变", "LY": ""}


def test_of_several_upheld_appeals_a_correction_says_which(store: Store, published: RaceService) -> None:
    branches = ids(published)
    cases = [AppealService(store).take_up(PERIOD, appeal(branches[code])) for code in ("SQ", "LY")]
    for case in cases:
        decide(store, case, AppealState.UPHELD)
    service = InputService(store)
    service.set_inputs(PERIOD, figures(branches["LY"], "1", ["H2"]))  # its own
    change = figures(branches["XC"], "1", ["H2"])
    assert refused(service.set_inputs, PERIOD, change) == ("更正依据的申诉", "有2件成立的申诉，写明按哪一件更正")
    assert refused(service.set_inputs, PERIOD, change, "other") == ("更正依据的申诉", "不在等待更正的申诉之中")
    service.set_inputs(PERIOD, change, cases[0])
    service.clear_input(PERIOD, branches["XC"], "H7", cases[0])


def test_a_branch_reads_what_was_decided_on_its_own_appeal_alone(store: Store, published: RaceService) -> None:
    branches = ids(published)
    case = AppealService(store).take_up(PERIOD, appeal(branches["SQ"]))
    decide(store, case, AppealState.REJECTED)
    with store.reading() as session:
        sent = {
            code: [values["detail"].get("appeals") for name, values in outgoing(session, Travel.DOWN, branch)
                   if name == "race_results"]
            for code, branch in branches.items()
        }  # fmt: skip
        (row,) = [
            row_of(result) for result in session.scalars(select(RaceResult)) if result.branch_id == branches["SQ"]
        ]
    assert sent["XC"] == sent["LY"] == [None]
    assert [(told.state, told.decision, told.decided_by) for told in row.appeals] == [
        ("不成立", "复核了原始问卷", "党建科会议")
    ]
    assert len(sent["SQ"][0]) == 1


def test_an_appeal_that_came_before_publishing_anew_is_taken_up_with_its_day(
    store: Store, published: RaceService
) -> None:
    case = AppealService(store).take_up(PERIOD, appeal(ids(published)["XC"]))
    decide(store, case, AppealState.UPHELD)
    published.score(PERIOD)
    store.clock = clock_at("2026-10-16 09:00")
    published.publish(PERIOD)
    AppealService(store).take_up(PERIOD, appeal(ids(published)["LY"], date(2026, 10, 15)))
    assert [row.received_on for row in AppealService(store).appeals(PERIOD)] == [date(2026, 10, 14), date(2026, 10, 15)]
    early = appeal(ids(published)["LY"], date(2026, 10, 11))
    assert refused(AppealService(store).take_up, PERIOD, early) == ("收到日期", "早于公布日期")


def test_the_trail_names_whose_appeal_it_was_and_who_raised_it(store: Store, published: RaceService) -> None:
    case = AppealService(store).take_up(PERIOD, appeal(ids(published)["XC"]))
    decide(store, case, AppealState.REJECTED)
    with store.reading() as session:
        told = set(session.scalars(select(Change.sentence)))
    (name,) = (row.name for row in AppealService(store).appeals(PERIOD))
    assert f"受理{name}的申诉：2026年三季度赛马，书记 李某提出" in told
    assert [one for one in told if one.startswith(f"决定{name}的申诉：") and "书记 李某提出，" in one]
