"""The race at headquarters: computed, closed, scored, published, appealed, settled."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
from sqlalchemy import func, select

from desktop.models.base import new_id
from desktop.models.history import Change
from desktop.models.improvement import PdcaAction
from desktop.models.race import RaceResult
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RacePeriodState
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.race.closing import ClosingService
from desktop.services.race.inputs import InputService
from desktop.services.race.marks import MarkService
from desktop.services.race.scheme import default_scheme
from desktop.services.race.service import RaceService
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.race.typed import figures, ids, plan, refused
from tests.stores import clock_at, new_store


def test_only_enrolled_branches_race(store: Store, race: RaceService) -> None:
    assert [(racer.code, racer.name) for racer in race.racers()] == [
        ("LY", "鹿邑县党支部"), ("SQ", "沈丘县党支部"), ("XC", "项城市党支部"),
    ]  # fmt: skip


def test_nobody_is_ranked_by_traces_alone(store: Store, race: RaceService) -> None:
    InputService(store).set_inputs("2026Q3", figures(ids(race)["XC"], "1"))
    row = next(row for row in race.race("2026Q3").rows if row.code == "XC")
    assert (row.class_id, row.class_name, row.rank) == ("unclassed", "暂不定类", None)
    assert row.indicators[0].status == "missing"
    cell = next(c for c in InputService(store).inputs("2026Q3") if c.code == "XC" and c.part == "H1")
    assert cell.note == "市公司还没有评定质量，不参加排名"


def test_a_trial_keeps_nothing(store: Store, race: RaceService) -> None:
    table = race.race("2026Q3")
    assert (table.state, len(table.rows), table.handed_in) == (RacePeriodState.OPEN, 3, 0)
    with store.reading() as session:
        assert session.scalar(select(func.count(RaceResult.id))) == 0
    assert race.periods() == []


def test_a_period_goes_its_way(store: Store, race: RaceService) -> None:
    ClosingService(store).close("2026Q3")
    assert refused(ClosingService(store).close, "2026Q3") == ("评比周期", "2026年三季度已封账")
    assert race.race("2026Q3").closed_on == date(2026, 10, 12)
    assert refused(race.publish, "2026Q3")[1] == "2026年三季度已封账：还没有计分，先计分再公布"
    assert race.score("2026Q3").state is RacePeriodState.SCORED
    assert race.score("2026Q3").state is RacePeriodState.SCORED
    table = race.publish("2026Q3")
    assert (table.state, table.published_on) == (RacePeriodState.PUBLISHED, date(2026, 10, 12))
    assert all(row.published_on == date(2026, 10, 12) for row in table.rows)
    assert refused(race.score, "2026Q3")[1] == "2026年三季度结果已公布，申诉成立后才能重新计分"
    assert refused(race.settle, "2026Q3")[1] == "2026年三季度的申诉期到2026-10-19，期满才能定案"
    store.clock = clock_at("2026-10-20 09:00")
    assert race.settle("2026Q3").state is RacePeriodState.FINAL
    assert refused(race.settle, "2026Q3")[0] == "评比周期"
    assert [(row.period, row.state, row.branches) for row in race.periods()] == [("2026Q3", RacePeriodState.FINAL, 3)]
    with store.reading() as session:
        sentences = set(session.scalars(select(Change.sentence)))
    assert {"封账：2026年三季度赛马", "计分：2026年三季度赛马", "公布：2026年三季度赛马"} <= sentences


def test_what_is_scored_is_published_before_an_answer(store: Store, race: RaceService) -> None:
    ClosingService(store).close("2026Q2")
    race.score("2026Q3")
    assert race.publish_scored() == ["2026Q3"]
    assert race.publish_scored() == []
    assert race.race("2026Q3").state is RacePeriodState.PUBLISHED


def test_a_running_period_is_only_tried(store: Store, race: RaceService) -> None:
    assert refused(ClosingService(store).close, "2026Q4") == ("评比周期", "2026年四季度还没有结束，不能封账")
    assert refused(race.score, "2026Q4") == ("评比周期", "2026年四季度还没有结束，只能试算")
    running = race.race("2026Q4")
    assert (running.state, running.ended) == (RacePeriodState.OPEN, False)
    assert race.race("2026Q3").ended


def test_published_grounds_are_not_changed_silently(store: Store, race: RaceService) -> None:
    branch = ids(race)["SQ"]
    mark = MarkService(store).add("2026Q3", branch, "P-02", "督办单")
    race.score("2026Q3")
    race.publish("2026Q3")
    reason = "2026年三季度结果已公布，申诉成立后才能修改"
    assert refused(InputService(store).set_inputs, "2026Q3", figures(branch, "1")) == ("评比周期", reason)
    assert refused(MarkService(store).remove, mark) == ("评比周期", reason)
    assert refused(InputService(store).clear_input, "2026Q3", branch, "H2") == ("评比周期", reason)
    store.clock = clock_at("2026-10-20 09:00")
    race.settle("2026Q3")
    assert refused(MarkService(store).remove, mark) == ("评比周期", "2026年三季度结果已定，不能再改")


def test_a_handed_in_period_is_seen(store: Store, race: RaceService) -> None:
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        session.add(
            ReceivedPackage(
                sender=ids(race)["LY"], seq=1, package_hash="0" * 64, kind="report", period="2026Q3", header={},
                accepted=True, code="OK", received_at_utc="2026-10-09T01:00:00Z", file_name="LY_上报.dzp",
            )
        )  # fmt: skip
    table = race.race("2026Q3")
    assert {row.code: row.handed_in for row in table.rows} == {"LY": True, "SQ": False, "XC": False}
    assert table.handed_in == 1
    said = {row.code for row in table.rows if any("没有报来2026年三季度的报送包" in words for words in row.reasons)}
    assert said == {"SQ", "XC"}, "whoever reads the reasons sees that they rest on older records"
    assert (table.closes_on, table.publish_by) == (date(2026, 10, 10), date(2026, 10, 20))


def test_improvement_is_measured_from_the_plans_handed_in(store: Store, race: RaceService) -> None:
    branches = ids(race)
    plan(store, branches["XC"], date(2026, 7, 10), (date(2026, 9, 1), 10, 5), (date(2026, 9, 2), 4, 4))
    plan(store, branches["SQ"], date(2026, 7, 10), (date(2026, 12, 1), 10, 5))
    rows = {row.code: row.indicators[5] for row in race.race("2026Q3").rows}
    assert (rows["XC"].raw, rows["XC"].points) == (Decimal("0.75"), Decimal("5.14"))
    assert rows["SQ"].status == "not_applicable"
    assert rows["LY"].status == "not_applicable"
    notes = {c.code: c.note for c in InputService(store).inputs("2026Q3") if c.part == "H6"}
    assert notes == {"LY": "还没有提质升级计划，不适用", "SQ": "计划里还没有到期的措施，不适用", "XC": ""}


def test_a_measure_that_the_next_plan_goes_on_with_counts_once(store: Store, race: RaceService) -> None:
    branch = ids(race)["XC"]
    plan(store, branch, date(2026, 1, 10), (date(2026, 4, 1), 10, 2))
    plan(store, branch, date(2026, 7, 10), (date(2026, 9, 1), 10, 10))
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        first, second = session.scalars(select(PdcaAction).order_by(PdcaAction.due_on))
        second.rolled_over_from_id = first.id
    (part,) = next(row for row in race.race("2026Q3").rows if row.code == "XC").indicators[5].parts
    assert (part.value, part.ground) == (Decimal(1), "到期措施1条的平均达成率")


def test_what_is_up_to_date_is_scored_anew_until_it_is_published(race: RaceService, store: Store) -> None:
    assert race.up_to_date("2026Q4").state is RacePeriodState.OPEN, "the quarter still runs"
    InputService(store).set_inputs("2026Q3", figures(ids(race)["XC"], "0.9"))
    xc = next(row for row in race.up_to_date("2026Q3").rows if row.code == "XC")
    assert xc.total == 90
    assert race.race("2026Q3").state is RacePeriodState.SCORED
    race.publish("2026Q3")
    assert race.up_to_date("2026Q3").state is RacePeriodState.PUBLISHED


def test_who_looks_at_a_period_of_which_nothing_is_known_leaves_nothing_to_publish(
    race: RaceService, store: Store
) -> None:
    for period in ("2010Q2", "2026Q3"):
        assert race.up_to_date(period).state is RacePeriodState.OPEN
    assert (race.periods(), race.publish_scored()) == ([], [])
    ClosingService(store).close("2026Q3")
    assert race.up_to_date("2026Q3").state is RacePeriodState.SCORED, "one that headquarters closed is worked on"


def test_the_result_goes_out_as_a_workbook(store: Store, race: RaceService, tmp_path: Path) -> None:
    InputService(store).set_inputs("2026Q3", figures(ids(race)["XC"], "0.9"))
    assert race.export("2026Q3", tmp_path / "race.xlsx") == 3
    page = openpyxl.load_workbook(tmp_path / "race.xlsx").worksheets[0]
    head = [cell.value for cell in page[2]]
    assert head[:8] == ["分组", "名次", "代码", "支部", "总分", "类别", "较上季", "标准化建设得分（30分）"]
    rows = {row[2]: row for row in page.iter_rows(min_row=3, values_only=True)}
    assert (rows["XC"][4], rows["XC"][5]) == (90, "暂不定类")
    assert f"2026年三季度党支部赛马结果（进行中，方案{default_scheme().version}版）" in str(page["A1"].value)


def test_the_standard_counts_once_quality_is_rated(store: Store, race: RaceService) -> None:
    branch = ids(race)["XC"]
    InputService(store).set_inputs("2026Q3", figures(branch, "0.9"))
    RatingService(store).rate("D4-10", 0, level="3", ground="抽查三次会议记录", branch_id=branch)
    row = next(row for row in race.race("2026Q3").rows if row.code == "XC")
    score = StandardService(store).score(date(2026, 9, 30), branch_id=branch)
    assert score.rate is not None
    assert row.indicators[0].raw == Decimal(score.rate).scaleb(-2)
    assert row.indicators[0].parts[0].ground == f"2026-09-30核定得分率（{score.parts_text}）"
    assert row.class_id != "unclassed"
    assert row.rank == 1


def test_the_year_counts_its_quarters(tmp_path: Path) -> None:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2027-01-12 09:00") as store:
        branch = new_id()
        with store.unit_of_work("登记支部", Act.EXCHANGE) as session:
            session.add(
                Partner(org=branch, code="XC", name="项城市党支部", install=new_id(), state=PartnerState.ACTIVE)
            )
        RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
        race = RaceService(store)
        for period, share in (("2026Q1", "0.5"), ("2026Q2", "0.6"), ("2026Q3", "0.7"), ("2026", "0.9")):
            InputService(store).set_inputs(period, figures(branch, share))
        for period in ("2026Q1", "2026Q2", "2026Q3"):
            race.score(period)
        (row,) = race.race("2026").rows
        assert (row.total, row.class_id) == (None, "unclassed")
        assert row.reasons[0] == "没有第4季度的成绩，暂不定类，不参加名次。"
        InputService(store).set_inputs("2026Q4", figures(branch, "0.8"))
        quarters = [race.score(period).rows[0].total for period in ("2026Q1", "2026Q2", "2026Q3", "2026Q4")]
        table = race.score("2026")
        (row,) = table.rows
        mean = sum((total for total in quarters if total is not None), Decimal(0)) / 4
        assert row.base is not None
        assert row.total == (mean * Decimal("0.6") + row.base * Decimal("0.4")).quantize(
            Decimal("0.01"), "ROUND_HALF_UP"
        )
        assert table.period_name == "2026年度"
        assert row.reasons[1].startswith("年度总分由四季度均分")
        for period in ("2026Q1", "2026", "2026Q2"):
            race.publish(period)
        store.clock = clock_at(f"{store.today + timedelta(days=30)} 09:00")
        race.settle("2026Q1")
        reason = "2026年二季度的结果还没有定案，先定案季度，再定案2026年度"
        assert refused(race.settle, "2026") == ("评比周期", reason), "a correction there would change the year"
        race.settle("2026Q2")
        assert race.settle("2026").state is RacePeriodState.FINAL
