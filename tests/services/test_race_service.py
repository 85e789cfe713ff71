"""The race at headquarters: what is typed, the states of a period, what is kept, Excel in and out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from desktop.models.base import new_id
from desktop.models.history import Change
from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.race import RaceInput, RaceMark, RaceResult
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary import PartnerState, RaceClass, RacePeriodState, StoreKind
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.race.editions import race_span
from desktop.services.race.inputs import RaceInputImporter
from desktop.services.race.scheme import default_scheme
from desktop.services.race.service import RaceService, TypedFigure
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.stores import new_store

SCHEME = default_scheme()
PARTS = {part.id: part for indicator in SCHEME.indicators for part in indicator.parts}
TYPED = [key for key in PARTS if key != "H1"]
NAMES = {"XC": "项城市党支部", "SQ": "沈丘县党支部", "LY": "鹿邑县党支部"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        with store.unit_of_work("登记支部") as session:
            for code, name in NAMES.items():
                session.add(
                    Partner(
                        org=new_id(),
                        code=code,
                        name=name,
                        group_kind="mixed",
                        install=new_id(),
                        state=PartnerState.ACTIVE,
                    )
                )
            session.add(
                Partner(org=new_id(), code="NEW", name="刚邀请的支部", group_kind="leaf", state=PartnerState.INVITED)
            )
        yield store


@pytest.fixture
def race(store: Store) -> RaceService:
    return RaceService(store)


def ids(race: RaceService) -> dict[str, str]:
    return {racer.code: racer.branch_id for racer in race.racers()}


def figures(branch_id: str, share: str, parts: list[str] = TYPED) -> list[TypedFigure]:
    return [
        TypedFigure(
            branch_id, key, PARTS[key].zero + (PARTS[key].full - PARTS[key].zero) * Decimal(share), 30, "9月报表"
        )
        for key in parts
    ]


def refused(call: object, *args: object, **more: object) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        call(*args, **more)  # type: ignore[operator]
    return caught.value.field, caught.value.reason


def test_only_enrolled_branches_race(race: RaceService) -> None:
    assert [(racer.code, racer.name) for racer in race.racers()] == [
        ("LY", "鹿邑县党支部"), ("SQ", "沈丘县党支部"), ("XC", "项城市党支部"),
    ]  # fmt: skip


def test_nobody_is_ranked_by_traces_alone(race: RaceService) -> None:
    race.set_inputs("2026Q3", figures(ids(race)["XC"], "1"))
    row = next(row for row in race.race("2026Q3").rows if row.code == "XC")
    assert (row.class_id, row.class_name, row.rank) == ("unclassed", "暂不定类", None)
    assert row.indicators[0].status == "missing"
    cell = next(c for c in race.inputs("2026Q3") if c.code == "XC" and c.part == "H1")
    assert cell.note == "市公司还没有评定质量，不参加排名"


def test_a_trial_keeps_nothing(store: Store, race: RaceService) -> None:
    table = race.race("2026Q3")
    assert (table.state, len(table.rows), table.handed_in) == (RacePeriodState.OPEN, 3, 0)
    with store.reading() as session:
        assert session.scalar(select(func.count(RaceResult.id))) == 0
    assert race.periods() == []


def test_a_period_goes_its_way(store: Store, race: RaceService) -> None:
    race.close("2026Q3")
    assert refused(race.close, "2026Q3") == ("评比周期", "2026年三季度已封账")
    assert race.race("2026Q3").closed_on == date(2026, 10, 12)
    assert refused(race.publish, "2026Q3")[1] == "2026年三季度已封账：还没有计分，先计分再公布"
    assert race.score("2026Q3").state is RacePeriodState.SCORED
    assert race.score("2026Q3").state is RacePeriodState.SCORED
    table = race.publish("2026Q3")
    assert (table.state, table.published_on) == (RacePeriodState.PUBLISHED, date(2026, 10, 12))
    assert all(row.published_on == date(2026, 10, 12) for row in table.rows)
    assert refused(race.score, "2026Q3")[1] == "2026年三季度结果已公布，有申诉时才能重新计分"
    assert race.appeal("2026Q3").state is RacePeriodState.APPEALED
    assert race.score("2026Q3").state is RacePeriodState.APPEALED
    assert refused(race.settle, "2026Q3")[0] == "评比周期"
    race.publish("2026Q3")
    assert race.settle("2026Q3").state is RacePeriodState.FINAL
    assert refused(race.appeal, "2026Q3")[0] == "评比周期"
    assert [(row.period, row.state, row.branches) for row in race.periods()] == [("2026Q3", RacePeriodState.FINAL, 3)]
    with store.reading() as session:
        sentences = set(session.scalars(select(Change.sentence)))
    assert {"封账：2026年三季度赛马", "计分：2026年三季度赛马", "公布：2026年三季度赛马"} <= sentences


def test_what_is_scored_is_published_before_an_answer(race: RaceService) -> None:
    race.close("2026Q2")
    race.score("2026Q3")
    assert race.publish_scored() == ["2026Q3"]
    assert race.publish_scored() == []
    assert race.race("2026Q3").state is RacePeriodState.PUBLISHED


def test_a_running_period_is_only_tried(race: RaceService) -> None:
    assert refused(race.close, "2026Q4") == ("评比周期", "2026年四季度还没有结束，不能封账")
    assert refused(race.score, "2026Q4") == ("评比周期", "2026年四季度还没有结束，只能试算")
    running = race.race("2026Q4")
    assert (running.state, running.ended) == (RacePeriodState.OPEN, False)
    assert race.race("2026Q3").ended


@pytest.mark.parametrize("period", ["", "2026Q", "2026Q5", "26Q3", "2026-Q3", "1999Q1", "1999", "202"])
def test_a_period_is_a_quarter_or_a_year(race: RaceService, period: str) -> None:
    assert refused(race.race, period)[0] == "评比周期"


def test_quarters_have_their_days() -> None:
    assert (race_span("2026q4").first, race_span("2026Q4").last) == (date(2026, 10, 1), date(2026, 12, 31))
    assert race_span("2026Q1").before == "2025Q4"
    assert race_span("2026Q3").before == "2026Q2"
    year = race_span("2026")
    assert (year.first, year.last, year.before, year.name) == (
        date(2026, 1, 1), date(2026, 12, 31), "2025", "2026年度",
    )  # fmt: skip
    assert year.quarters == ("2026Q1", "2026Q2", "2026Q3", "2026Q4")


def test_typed_figures_are_kept_once(store: Store, race: RaceService) -> None:
    branch = ids(race)["XC"]
    typed = figures(branch, "0.9")
    assert race.set_inputs("2026Q3", typed) == (len(TYPED), 0, 0)
    assert race.set_inputs("2026Q3", typed) == (0, 0, len(TYPED))
    assert race.set_inputs("2026Q3", [replace(typed[0], value=Decimal("92.5"))]) == (0, 1, 0)
    cells = {c.part: c for c in race.inputs("2026Q3") if c.branch_id == branch}
    assert (cells["H2"].value, cells["H2"].automatic, cells["H4"].wants_samples) == (Decimal("92.5"), False, 10)
    assert cells["H3-1"].value_text == "98%"
    race.clear_input("2026Q3", branch, "H2")
    assert {c.part: c.value for c in race.inputs("2026Q3") if c.branch_id == branch}["H2"] is None


@pytest.mark.parametrize(
    ("part", "value", "samples", "ground", "field", "reason"),
    [
        ("H9", "1", None, "x", "指标", "方案里没有这个指标，按编号填写，如H3-1"),
        ("H1", "90", None, "x", "指标", "标准化建设得分由考评得分计算，不能录入"),
        ("H3-1", "93", None, "x", "数值", "应为比例，写成0.93或93%"),
        ("H5", "4.5", None, "x", "数值", "评级在0到4之间"),
        ("H2", "-1", None, "x", "数值", "不能为负数"),
        ("H2", "5000", None, "x", "数值", "超出范围"),
        ("H4", "0.9", None, "x", "样本数", "这个指标要填样本数"),
        ("H5", "3", None, " ", "依据", "不能为空，写明数据出处"),
        ("H5", "3.1234567", None, "x", "数值", "最多六位小数"),
    ],
)
def test_a_figure_the_scheme_cannot_use_is_refused_and_nothing_kept(
    store: Store, race: RaceService, part: str, value: str, samples: int | None, ground: str, field: str, reason: str
) -> None:
    branch = ids(race)["XC"]
    good = TypedFigure(branch, "H5", Decimal(3), ground="考评组评定")
    bad = TypedFigure(branch, part, Decimal(value), samples, ground)
    assert refused(race.set_inputs, "2026Q3", [good, bad]) == (field, reason)
    with store.reading() as session:
        assert session.scalar(select(func.count(RaceInput.id))) == 0


def test_penalties_and_vetoes_need_a_ground(race: RaceService) -> None:
    branch = ids(race)["SQ"]
    assert refused(race.add_mark, "2026Q3", branch, "P-09", "x") == ("扣分或否决项", "方案里没有这一项")
    assert refused(race.add_mark, "2026Q3", branch, "P-01", " ")[0] == "依据"
    assert refused(race.add_mark, "2026Q3", branch, "P-01", "x", 0)[0] == "数量"
    assert refused(race.add_mark, "2026Q3", "nobody", "P-01", "x")[0] == "支部"
    penalty = race.add_mark("2026Q3", branch, "P-02", "市局督办单第3号", 2)
    race.add_mark("2026Q3", branch, "V-01", "市纪决〔2026〕5号")
    rows = race.marks("2026Q3")
    assert [(row.rule_id, row.veto, row.count, row.unit, row.code) for row in rows] == [
        ("P-02", False, 2, "件", "SQ"), ("V-01", True, 1, "", "SQ"),
    ]  # fmt: skip
    result = next(row for row in race.race("2026Q3").rows if row.code == "SQ")
    assert [(p.id, p.points, p.ground) for p in result.penalties] == [("P-02", Decimal(-4), "市局督办单第3号")]
    assert [(v.id, v.ground) for v in result.vetoes] == [("V-01", "市纪决〔2026〕5号")]
    race.remove_mark(penalty)
    assert [row.rule_id for row in race.marks("2026Q3")] == ["V-01"]
    with pytest.raises(NotFound):
        race.remove_mark(penalty)


def test_published_grounds_are_not_changed_silently(race: RaceService) -> None:
    branch = ids(race)["SQ"]
    mark = race.add_mark("2026Q3", branch, "P-02", "督办单")
    race.score("2026Q3")
    race.publish("2026Q3")
    reason = "2026年三季度结果已公布，受理申诉后才能修改"
    assert refused(race.set_inputs, "2026Q3", figures(branch, "1")) == ("评比周期", reason)
    assert refused(race.remove_mark, mark) == ("评比周期", reason)
    assert refused(race.clear_input, "2026Q3", branch, "H2") == ("评比周期", reason)
    race.appeal("2026Q3")
    race.remove_mark(mark)


def test_a_handed_in_period_is_seen(store: Store, race: RaceService) -> None:
    with store.unit_of_work("收包") as session:
        session.add(
            ReceivedPackage(
                sender=ids(race)["LY"], seq=1, package_hash="0" * 64, kind="report", period="2026Q3", header={},
                accepted=True, code="OK", received_at_utc="2026-10-09T01:00:00Z", file_name="LY_上报.dzp",
            )
        )  # fmt: skip
    table = race.race("2026Q3")
    assert {row.code: row.handed_in for row in table.rows} == {"LY": True, "SQ": False, "XC": False}
    assert table.handed_in == 1
    assert (table.closes_on, table.publish_by) == (date(2026, 10, 10), date(2026, 10, 20))


def plan(store: Store, branch: str, opened: date, *actions: tuple[date, float, float | None]) -> None:
    with store.unit_of_work("收包") as session:
        row = PdcaPlan(
            branch_id=branch, title="提升规划", race_class=RaceClass.MIDDLE, source_period="2026Q2", opened_on=opened
        )
        session.add(row)
        session.flush()
        for position, (due, goal, actual) in enumerate(actions):
            session.add(
                PdcaAction(
                    branch_id=branch, plan_id=row.id, position=position, what="措施", due_on=due, base=0, goal=goal,
                    actual=actual, actual_on=due if actual is not None else None,
                )
            )  # fmt: skip


def test_improvement_is_measured_from_the_plans_handed_in(store: Store, race: RaceService) -> None:
    branches = ids(race)
    plan(store, branches["XC"], date(2026, 7, 10), (date(2026, 9, 1), 10, 5), (date(2026, 9, 2), 4, 4))
    plan(store, branches["SQ"], date(2026, 7, 10), (date(2026, 12, 1), 10, 5))
    rows = {row.code: row.indicators[5] for row in race.race("2026Q3").rows}
    assert (rows["XC"].raw, rows["XC"].points) == (Decimal("0.75"), Decimal("5.14"))
    assert rows["SQ"].status == "not_applicable"
    assert rows["LY"].status == "not_applicable"
    notes = {c.code: c.note for c in race.inputs("2026Q3") if c.part == "H6"}
    assert notes == {"LY": "还没有提质升级计划，不适用", "SQ": "计划里还没有到期的措施，不适用", "XC": ""}


def test_what_is_up_to_date_is_scored_anew_until_it_is_published(race: RaceService, store: Store) -> None:
    assert race.up_to_date("2026Q4").state is RacePeriodState.OPEN, "the quarter still runs"
    assert race.up_to_date("2026Q3").state is RacePeriodState.SCORED
    race.set_inputs("2026Q3", figures(ids(race)["XC"], "0.9"))
    xc = next(row for row in race.up_to_date("2026Q3").rows if row.code == "XC")
    assert xc.total == 90
    race.publish("2026Q3")
    assert race.up_to_date("2026Q3").state is RacePeriodState.PUBLISHED


# -- Excel ---------------------------------------------------------------------------------------


def workbook(path: Path, *rows: tuple[object, ...], head: tuple[str, ...] | None = None) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(head or ("支部", "评比周期", "指标", "数值", "样本数", "依据"))
    for row in rows:
        page.append(row)
    book.save(path)
    return path


GOOD = (
    ("XC", "2026Q3", "H3-1", "93%", None, "营销系统报表"),
    ("项城市党支部", "2026年三季度", "H4", 0.91, 36, "问卷"),
    ("xc", "2026年第3季度", "H5 品牌与创新", "3.5", None, "评审会"),
    ("XC", "2026Q3", "P-02", 2, None, "督办单"),
)


def test_inputs_come_in_from_excel_once(store: Store, race: RaceService, tmp_path: Path) -> None:
    file = workbook(tmp_path / "race_inputs.xlsx", *GOOD)
    importer = RaceInputImporter(store)
    tried = importer.import_file(file, dry_run=True)
    assert (tried.read, tried.accepted, tried.rejected, tried.dry_run) == (4, 4, [], True)
    assert tried.changes[0].after == "93%（营销系统报表）"
    with store.reading() as session:
        assert session.scalar(select(func.count(RaceInput.id))) == 0
    first = importer.import_file(file)
    assert (first.read, first.accepted, first.updated, first.unchanged) == (4, 4, 0, 0)
    again = importer.import_file(file)
    assert (again.accepted, again.updated, again.unchanged) == (0, 0, 4)
    with store.reading() as session:
        assert session.scalar(select(func.count(RaceInput.id))) == 3
        assert session.scalar(select(func.count(RaceMark.id))) == 1
    changed = workbook(tmp_path / "more.xlsx", ("XC", "2026Q3", "H3-1", "94%", None, "营销系统报表"))
    result = importer.import_file(changed)
    assert (result.updated, result.changes[0].before, result.changes[0].after) == (
        1, "93%（营销系统报表）", "94%（营销系统报表）",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (("ZZ", "2026Q3", "H5", 3, None, "x"), "支部", "没有登记的支部，填代码或全称"),
        (("XC", "9月", "H5", 3, None, "x"), "评比周期", "写成年份加季度，如2026Q3；年度写成2026"),
        (("XC", "2026Q3", "H3", 3, None, "x"), "指标", "H3分项填写，如H3-1"),
        (("XC", "2026Q3", "H7", 93, None, "x"), "数值", "应为比例，写成0.93或93%"),
        (("XC", "2026Q3", "H7", "优", None, "x"), "数值", "不是数字"),
        (("XC", "2026Q3", "H4", 0.9, None, "x"), "样本数", "这个指标要填样本数"),
        (("XC", "2026Q3", "H5", 3, None, None), "依据", "没有依据"),
        (("XC", "2026Q3", "V-01", 0.5, None, "x"), "数值", "扣分和否决填件数，1到999的整数"),
        (("XC", "2026Q3", "H5 品牌与创新", 2, None, "x"), "指标", "和第2行重复"),
    ],
)
def test_a_bad_row_is_refused_with_its_cell_and_the_others_kept(
    store: Store, race: RaceService, tmp_path: Path, row: tuple[object, ...], field: str, reason: str
) -> None:
    file = workbook(tmp_path / "race_inputs.xlsx", ("XC", "2026Q3", "H5", 3, None, "评审会"), row)
    result = RaceInputImporter(store).import_file(file)
    assert (result.accepted, len(result.rejected)) == (1, 1)
    assert (result.rejected[0].row, result.rejected[0].field, result.rejected[0].reason) == (3, field, reason)


def test_what_is_typed_goes_out_and_in_again(store: Store, race: RaceService, tmp_path: Path) -> None:
    importer = RaceInputImporter(store)
    importer.import_file(workbook(tmp_path / "race_inputs.xlsx", *GOOD))
    assert importer.export(tmp_path / "out.xlsx", "2026Q3") == 4
    again = importer.import_file(tmp_path / "out.xlsx")
    assert (again.read, again.unchanged, again.rejected) == (4, 4, [])
    importer.template(tmp_path / "template.xlsx")
    book = openpyxl.load_workbook(tmp_path / "template.xlsx")
    assert [cell.value for cell in book.worksheets[0][1]] == ["支部", "评比周期", "指标", "数值", "样本数", "依据"]


def test_the_result_goes_out_as_a_workbook(race: RaceService, tmp_path: Path) -> None:
    race.set_inputs("2026Q3", figures(ids(race)["XC"], "0.9"))
    assert race.export("2026Q3", tmp_path / "race.xlsx") == 3
    page = openpyxl.load_workbook(tmp_path / "race.xlsx").worksheets[0]
    head = [cell.value for cell in page[2]]
    assert head[:8] == ["分组", "名次", "代码", "支部", "总分", "类别", "较上季", "标准化建设得分（30分）"]
    rows = {row[2]: row for row in page.iter_rows(min_row=3, values_only=True)}
    assert (rows["XC"][4], rows["XC"][5]) == (90, "暂不定类")
    assert "2026年三季度党支部赛马结果（进行中，方案2026.1版）" in str(page["A1"].value)


def test_refused_rows_are_written_out(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path / "race_inputs.xlsx", ("ZZ", "2026Q3", "H5", 3, None, "评审会"))
    result = RaceInputImporter(store).import_file(file, rejects=tmp_path / "rejects.xlsx")
    assert len(result.rejected) == 1
    assert (tmp_path / "rejects.xlsx").is_file()


def test_the_standard_counts_once_quality_is_rated(store: Store, race: RaceService) -> None:
    branch = ids(race)["XC"]
    race.set_inputs("2026Q3", figures(branch, "0.9"))
    RatingService(store).rate("D4-10", 0, level="3", ground="抽查三次会议记录", branch_id=branch)
    row = next(row for row in race.race("2026Q3").rows if row.code == "XC")
    score = StandardService(store).score(date(2026, 9, 30), branch_id=branch)
    assert score.rate is not None
    assert row.indicators[0].raw == Decimal(score.rate).scaleb(-2)
    assert row.indicators[0].parts[0].ground == "2026-09-30考评得分率"
    assert row.class_id != "unclassed"
    assert row.rank == 1


def test_the_year_counts_its_quarters(tmp_path: Path) -> None:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2027-01-12 09:00") as store:
        branch = new_id()
        with store.unit_of_work("登记支部") as session:
            session.add(
                Partner(org=branch, code="XC", name="项城市党支部", install=new_id(), state=PartnerState.ACTIVE)
            )
        RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
        race = RaceService(store)
        for period, share in (("2026Q1", "0.5"), ("2026Q2", "0.6"), ("2026Q3", "0.7"), ("2026", "0.9")):
            race.set_inputs(period, figures(branch, share))
        for period in ("2026Q1", "2026Q2", "2026Q3"):
            race.score(period)
        (row,) = race.race("2026").rows
        assert (row.total, row.class_id) == (None, "unclassed")
        assert row.reasons[0] == "没有第4季度的成绩，暂不定类，不参加名次。"
        race.set_inputs("2026Q4", figures(branch, "0.8"))
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
