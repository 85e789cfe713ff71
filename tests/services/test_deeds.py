"""What waits for headquarters comes by lateness, each with whom it is about, by when, and where it is done."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from desktop.models.race import RacePeriod, RaceResult
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.models.vocabulary.stores import PartnerState, StoreKind, Use
from desktop.services.deeds import OTHER_YEAR, Deed, deeds, reasons
from desktop.services.handing_over import HandoverService
from desktop.services.headquarters import HeadquartersService
from desktop.services.race.appeals import AppealService, NewAppeal
from desktop.services.race.closing import ClosingService
from desktop.services.race.service import RaceService
from desktop.services.sampling.confirming import ConfirmingService
from desktop.services.sampling.service import Judgement, SamplingService, Signed
from desktop.services.store import Store
from tests.stores import clock_at
from tests.ui.full import PERIOD, full_store

TODAY = date(2026, 10, 12)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        store.audit(Use.BACKUP_FILE, "备份.dzbak")
        yield store


def waiting(store: Store) -> list[Deed]:
    service = HeadquartersService(store)
    return deeds(store, service.overview(), service.due())


def test_nothing_waits_where_all_came_in(store: Store) -> None:
    assert waiting(store) == []


def test_deeds_come_by_lateness_and_those_without_a_day_last(store: Store) -> None:
    service, appeals = HeadquartersService(store), AppealService(store)
    (branch,) = service.overview()
    SamplingService(store).draw(PERIOD, 7)
    service.add_remark(branch.branch_id, "补上签到表", due_on=TODAY)
    appeal = NewAppeal(branch_id=branch.branch_id, raised_by="刘志强", received_on=TODAY, ground="少算一项")
    taken = appeals.take_up(PERIOD, appeal)
    found = waiting(store)
    assert [each.words for each in found] == [
        "1 条意见没办结", "1 件申诉待决定（2026年三季度）", "抽查还差 1 个支部（2026年三季度，结果已公布）",
    ]  # fmt: skip
    assert [(each.area, each.tab) for each in found] == [
        ("send", "remarks"), ("race", "appeals"), ("assess", "sampling"),
    ]  # fmt: skip
    assert [each.period for each in found] == ["", PERIOD, PERIOD]
    assert {each.who for each in found} == {(branch.name,)}
    assert found[0].when(TODAY) == "今天到期"
    assert found[0].when(date(2026, 10, 24)) == "逾期 12 天"
    HandoverService(store).begin()
    assert [each.verb for each in waiting(store)][:2] == ["去交接", "看意见"], (
        "what was begun comes before what is late"
    )
    assert found[1].when(TODAY).startswith("还有 ")
    assert found[2].when(TODAY) == ""
    (row,) = service.overview()
    assert reasons(row, service.due(), TODAY, found) == ("1 条意见没办结", "申诉待决定", "还没抽查完")

    appeals.decide(taken, AppealState.UPHELD, decided_by="支委会", decision="核对属实")
    assert "1 件申诉成立，更正后还没重新公布（2026年三季度）" in [each.words for each in waiting(store)]


def test_a_result_waits_to_be_made_final_once_the_time_to_appeal_is_over(store: Store) -> None:
    def told() -> list[tuple[str, str, date | None]]:
        return [(each.words, each.verb, each.due_on) for each in waiting(store) if each.period == PERIOD]

    window = AppealService(store).window(PERIOD)
    assert window is not None
    assert told() == []
    store.clock = clock_at(f"{window.last} 09:00")
    assert told() == [], "somebody may still appeal"
    store.clock = clock_at(f"{window.last + timedelta(days=1)} 09:00")
    assert told() == [("2026年三季度赛马申诉期已满，还没定案", "去定案", None)]
    RaceService(store).settle(PERIOD)
    assert told() == []


def test_spot_checks_of_a_quarter_that_is_published_say_so(store: Store) -> None:
    SamplingService(store).draw(PERIOD, 7)
    assert [each.words for each in waiting(store)] == ["抽查还差 1 个支部（2026年三季度，结果已公布）"]


def test_a_backup_outside_this_computer_waits_when_the_last_is_old(store: Store) -> None:
    assert waiting(store) == []
    store.clock = clock_at("2026-10-27 09:00")
    *_, backup = waiting(store)
    assert (backup.words, backup.area) == ("上次备份到U盘或文件夹是 10 月 12 日", "settings")
    assert backup.when(store.today) == "", "what has a day comes before it"


def test_who_runs_an_older_program_or_lacks_an_edition_is_named_by_its_last_package(store: Store) -> None:
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        package = session.scalars(select(ReceivedPackage).where(ReceivedPackage.accepted)).all()[-1]
        package.header = {**package.header, "schema": {"app": "0.1.0", "revision": "0001"}}
        package.editions = {"branch-standard": ["2025.1"]}
    (row,) = HeadquartersService(store).overview()
    assert (row.program, row.program_behind, row.standard) == ("0.1.0", True, "2025.1")
    program, standard = waiting(store)
    assert program.words.startswith("1 个支部的程序比这里旧")
    assert (program.show, program.who, standard.who) == ("behind", (row.name,), (row.name,))
    assert "标准化建设标准" in standard.words
    assert standard.area == "send"
    said = reasons(row, HeadquartersService(store).due(), TODAY)
    assert said[0] == "程序还是 0.1.0 版"
    assert said[1].startswith("没有标准化建设标准")


def test_spot_checks_of_an_earlier_quarter_wait_until_they_are_done(store: Store) -> None:
    sampling, earlier = SamplingService(store), "2026Q2"
    sampling.draw(earlier, 7)
    words = "抽查还差 1 个支部（2026年二季度）"
    assert [(each.words, each.period) for each in waiting(store)] == [(words, earlier)]
    (sheet,) = sampling.sheets(earlier)
    found = [Judgement(row.id, SampleVerdict.TRUE) for row in sheet.records]
    found[0] = Judgement(sheet.records[0].id, SampleVerdict.FABRICATED, ground="人没到", heard="没有说明")
    sampling.judge(found)
    assert [each.words for each in waiting(store)] == [words], "what was found made up is still to be confirmed"
    sampling.fill_in(sheet.id, Signed("赵国平"), ())
    ConfirmingService(store).confirm(sheet.records[0].id, "钱复核")
    assert waiting(store) == []


def test_nothing_is_waited_for_from_a_branch_that_was_revoked(store: Store) -> None:
    service = HeadquartersService(store)
    (branch,) = service.overview()
    SamplingService(store).draw(PERIOD, 7)
    service.add_remark(branch.branch_id, "补上签到表", due_on=TODAY)
    assert len(waiting(store)) == 2
    with store.unit_of_work("停用", Act.EXCHANGE) as session:
        for partner in session.scalars(select(Partner)):
            partner.state = PartnerState.REVOKED
    assert waiting(store) == []


def test_many_are_named_in_part() -> None:
    deed = Deed(words="5 个支部还没登记", verb="看是哪些", who=("甲", "乙", "丙", "丁", "戊"))
    assert deed.named == "甲、乙、丙、丁等 5 个"


def test_what_waits_in_another_year_is_one_deed_that_leads_there(store: Store) -> None:
    service = HeadquartersService(store)
    store.clock = clock_at("2027-01-12 09:00")
    found = {year: deeds(store, service.overview(year), service.due(year)) for year in (2026, 2027)}
    late, other = found[2026][0], found[2027][0]
    assert (late.words, late.year) == ("1 个支部还没报2026年四季度（1 月 10 日已截止）", 2026)
    assert (other.words, other.verb, other.show, other.due_on) == (
        "2026年还有 2 件要办",
        "看2026年",
        OTHER_YEAR,
        late.due_on,
    )
    assert OTHER_YEAR not in {each.show for each in found[2026]}


def test_the_race_of_a_quarter_waits_to_be_closed_and_then_to_be_published(store: Store) -> None:
    def told(at: str) -> list[tuple[str, str, date | None]]:
        store.clock = clock_at(at)
        found = [each for each in waiting(store) if each.period != PERIOD]
        return [(each.words, each.verb, each.due_on) for each in found if (each.area, each.tab) == ("race", "race")]

    quarter, closes, publishes = "2026Q4", date(2027, 1, 10), date(2027, 1, 20)
    year = ("2026年度赛马都报来了，还没封账", "去封账", closes)
    assert told("2027-01-05 09:00") == [], "nobody has reported"
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        package = session.scalars(select(ReceivedPackage).where(ReceivedPackage.accepted)).all()[-1]
        session.add(
            ReceivedPackage(
                **{
                    column.key: getattr(package, column.key)
                    for column in ReceivedPackage.__table__.columns
                    if column.key not in ("id", "package_hash", "period", "seq", "received_at_utc")
                },
                package_hash="0" * 64,
                period=quarter,
                seq=package.seq + 1,
                received_at_utc="2027-01-04T01:00:00Z",
            )
        )
    assert told("2027-01-05 09:00") == [("2026年四季度赛马都报来了，还没封账", "去封账", closes), year]
    ClosingService(store).close(quarter)
    assert told("2027-01-06 09:00") == [year, ("2026年四季度赛马封账了，还没公布", "去公布", publishes)]
    race = RaceService(store)
    race.score(quarter)
    assert told("2027-01-20 09:00") == [year, ("2026年四季度赛马封账了，还没公布", "去公布", publishes)]
    race.publish(quarter)
    assert told("2027-01-20 09:00") == [year], "the package of the last quarter reports the year"
    ClosingService(store).close("2026")
    assert told("2027-01-20 09:00") == [("2026年度赛马封账了，还没公布", "去公布", publishes)]
    race.score("2026")
    race.publish("2026")
    assert told("2027-01-20 09:00") == []


def test_the_race_of_a_quarter_waits_on_when_the_next_one_is_over(store: Store) -> None:
    with store.unit_of_work("从头来过", Act.PUBLISH) as session:
        for model in (RaceResult, RacePeriod):
            session.execute(delete(model).where(model.period == PERIOD))
    service = HeadquartersService(store)
    for at in ("2026-10-12 09:00", "2026-12-30 09:00", "2027-01-09 09:00", "2027-04-12 09:00"):
        store.clock = clock_at(at)
        found = deeds(store, service.overview(2026), service.due(2026))
        assert [each.words for each in found if each.period == PERIOD and each.area == "race"] == [
            "2026年三季度赛马都报来了，还没封账"
        ], at
