"""What headquarters arranged goes down to the branches it names, is read and answered there, and told once above."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from desktop.models.following import Attending, HelperPair, Liaison, SharingEvent
from desktop.models.vocabulary.following import SharingRole
from desktop.models.vocabulary.plans import DutyState
from desktop.services.archive.documents import DocumentService
from desktop.services.errors import InvalidInput, NotAllowed
from desktop.services.experience.adopting import Adopting
from desktop.services.experience.library import LibraryService
from desktop.services.home import read_home
from desktop.services.improvement.ahead import ahead, role_of
from desktop.services.improvement.arranged import ArrangedService
from desktop.services.improvement.headquarters import AllPlans
from desktop.services.improvement.learned import LearnedService
from desktop.services.recycling import RecycleBin
from desktop.services.registers import RegisterService
from desktop.services.search import SearchService
from desktop.services.snoozing import SnoozeService
from desktop.services.store import Store
from desktop.services.sync.branch_store import branch_store
from desktop.services.sync.inside import FROM_ABOVE, inside
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.workbooks import book, export, lines, listed
from desktop.services.year_plan.service import YearPlanService
from desktop.services.year_plan.sheet import ABOVE, plan_lines
from desktop.services.year_plan.todo import plan_works
from tests.services.archive.checker import text_of
from tests.services.sync.parties import reopened
from tests.services.transferring.company import TODAY, Company, company_in
from tests.stores import clock_at

KINDS = ("liaison", "sharing_event", "helper_pair")
SOON = TODAY + timedelta(days=12)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    """Three branches that know each other; ZK03 is named nowhere."""
    with company_in(tmp_path) as made:
        made.up()
        made.down()
        yield made


def org(company: Company, code: str) -> str:
    return company.branches[code].branch_id


def arrange(company: Company, **more: object) -> dict[str, str]:
    """An occasion of ZK02 to which ZK01 comes, ZK02 helps ZK01, and a visit at ZK01."""
    registers = RegisterService(company.headquarters)
    first, second = org(company, "ZK01"), org(company, "ZK02")
    event: dict[str, object] = {
        "held_on": SOON, "title": "“阳光柜台”观摩", "host_id": second, "place": "项城市局三楼",
        "attending": (Attending(first, ""),),
    }  # fmt: skip
    pair = {"began_on": TODAY, "title": "记录写全", "helped_id": first, "helper_id": second, "until": SOON}
    visit = {
        "visited_on": TODAY, "title": "看台账", "subject_id": first, "liaison": "王科长", "found": "没有讲稿",
        "next_step": "补讲稿", "next_on": SOON - timedelta(days=2),
    }  # fmt: skip
    return {
        "sharing_event": registers.save("sharing_event", {**event, **more}),
        "helper_pair": registers.save("helper_pair", pair),
        "liaison": registers.save("liaison", visit),
    }


def counts(store: Store) -> tuple[int, ...]:
    with store.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Liaison, SharingEvent, HelperPair)
        )


def cells(path: Path) -> set[object]:
    """Everything that stands in the first sheet of a workbook."""
    return {cell.value for row in load_workbook(path).worksheets[0].iter_rows() for cell in row}


def news(company: Company, code: str) -> tuple[str, ...]:
    sent = dict(zip(company.branches, Sender(company.headquarters).answer(None, company.stick), strict=True))
    (result,) = Receiver(company.branches[code]).receive([sent[code].file])
    assert result.code == "OK"
    return result.arrived


def test_it_goes_to_those_it_names_in_a_column_or_a_line_and_to_nobody_else(company: Company) -> None:
    made = arrange(company)
    sent = Sender(company.headquarters).answer(None, company.stick)
    kinds = {kind.title: kind for kind in inside(company.headquarters, sent[0].package_hash).kinds}
    assert {"落后支部联系", "观摩和座谈", "结对帮带"} <= kinds.keys()
    assert {kinds[title].area for title in ("落后支部联系", "观摩和座谈", "结对帮带")} == {FROM_ABOVE}
    assert [(item.day, item.name) for item in kinds["观摩和座谈"].items] == [(str(SOON), "“阳光柜台”观摩")]
    assert [item.day for item in kinds["落后支部联系"].items] == [str(TODAY)]
    told = []
    for packed, branch in zip(sent, company.branches.values(), strict=True):
        (result,) = Receiver(branch).receive([packed.file])
        told.append(result.arrived)
    assert [counts(branch) for branch in company.branches.values()] == [(1, 1, 1), (0, 1, 1), (0, 0, 0)]
    assert told[0] == (
        f"观摩和座谈 1 件：“‘阳光柜台’观摩”，{SOON}，项城市局三楼。",
        f"结对帮带 1 件：“记录写全”，到{SOON}。",
        f"落后支部联系 1 件：{TODAY}“看台账”，下次{SOON - timedelta(days=2)}。",
    )
    assert told[2] == ()

    first = company.branches["ZK01"]
    row = RegisterService(first).row("sharing_event", made["sharing_event"])
    assert row.texts["host_id"] == "第二党支部"
    assert row.texts["attending"] == "第一党支部"
    pair = RegisterService(first).row("helper_pair", made["helper_pair"])
    assert (pair.texts["helped_id"], pair.texts["helper_id"]) == ("第一党支部", "第二党支部")


def test_what_is_recycled_or_no_longer_names_a_branch_goes_there_with_the_next_feedback(company: Company) -> None:
    made = arrange(company)
    company.down()
    registers = RegisterService(company.headquarters)
    registers.remove("helper_pair", made["helper_pair"])
    registers.save("sharing_event", {"attending": (Attending(org(company, "ZK03"), ""),)}, made["sharing_event"])
    told = news(company, "ZK01")
    assert told == (
        f"总部已撤回观摩和座谈 1 件：“‘阳光柜台’观摩”，{SOON}，项城市局三楼。",
        f"总部已撤回结对帮带 1 件：“记录写全”，到{SOON}。",
    )
    company.down()
    assert [counts(branch) for branch in company.branches.values()] == [(1, 0, 0), (0, 1, 0), (0, 1, 0)]
    registers.restore("helper_pair", made["helper_pair"])
    registers.save("sharing_event", {"held_on": SOON + timedelta(days=1)}, made["sharing_event"])
    company.down()
    assert [counts(branch) for branch in company.branches.values()] == [(1, 0, 1), (0, 1, 1), (0, 1, 0)]


def test_what_was_moved_to_another_day_is_told_by_that_day(company: Company) -> None:
    made = arrange(company)
    company.down()
    registers, later = RegisterService(company.headquarters), SOON + timedelta(days=3)
    registers.save("sharing_event", {"held_on": later}, made["sharing_event"])
    registers.save("helper_pair", {"until": later}, made["helper_pair"])
    registers.save("liaison", {"next_on": SOON}, made["liaison"])
    assert news(company, "ZK01") == (
        f"观摩和座谈 1 件：“‘阳光柜台’观摩”改到{later}，项城市局三楼。",
        f"结对帮带 1 件：“记录写全”改到{later}。",
        f"落后支部联系 1 件：{TODAY}“看台账”，下次改到{SOON}。",
    )
    registers.save("sharing_event", {"place": "二楼"}, made["sharing_event"])
    registers.save("helper_pair", {"ended_on": TODAY}, made["helper_pair"])
    registers.save("liaison", {"next_on": None}, made["liaison"])
    assert news(company, "ZK01") == (
        f"观摩和座谈 1 件：“‘阳光柜台’观摩”，{later}，二楼。",
        f"结对帮带 1 件：“记录写全”，{TODAY}结束。",
        f"落后支部联系 1 件：{TODAY}“看台账”。",
    )


def test_a_package_is_behind_by_what_was_changed_for_its_branch_alone(company: Company) -> None:
    made, headquarters = arrange(company), company.headquarters
    packed = Sender(headquarters).answer(None, company.stick)
    at = headquarters.today

    def behind() -> list[int]:
        return [inside(headquarters, each.package_hash).changed for each in packed]

    assert behind() == [0, 0, 0]
    headquarters.clock = clock_at(f"{at + timedelta(days=1)} 09:00")
    registers = RegisterService(headquarters)
    registers.save("liaison", {"next_step": "补两份讲稿"}, made["liaison"])
    assert behind() == [1, 0, 0]
    registers.remove("helper_pair", made["helper_pair"])
    assert behind() == [2, 1, 0]
    registers.save("sharing_event", {"attending": ()}, made["sharing_event"])
    assert behind() == [3, 2, 0], "it names the first no more, and the package says it does"


def test_a_branch_reads_searches_prints_and_lists_them_and_writes_none(company: Company, tmp_path: Path) -> None:
    made = arrange(company)
    company.down()
    first = company.branches["ZK01"]
    assert {register.kind for register in RegisterService(first).sent()} == set(KINDS)
    search = SearchService(first)
    search.refresh()
    assert [hit.id for hit in search.find("“阳光柜台”观摩").hits] == [made["sharing_event"]]
    for kind in KINDS:
        DocumentService(first).register(kind, tmp_path / f"{kind}.pdf")
        DocumentService(first).record(kind, made[kind], tmp_path / f"{kind}-row.pdf")
        assert export(first, kind, tmp_path / f"{kind}.xlsx").rows == 1
        assert [row["id"] for row in listed(first, kind).rows()] == [made[kind]]
        assert not first.rights.may_write(kind)
        with pytest.raises(NotAllowed):
            RegisterService(first).save(kind, {"title": "改"}, made[kind])
        with pytest.raises(NotAllowed):
            RegisterService(first).remove(kind, made[kind])
    assert "项城市局三楼" in text_of(tmp_path / "sharing_event.pdf"), "the place stands on the register"
    with branch_store(company.headquarters, "ZK01") as read:
        assert RegisterService(read).row("sharing_event", made["sharing_event"]).texts["host_id"] == "第二党支部"
        assert [each.record for each in ahead(read)] == [each.record for each in ahead(first)]
    with branch_store(company.headquarters, "ZK03") as read:
        assert [RegisterService(read).rows(kind) for kind in KINDS] == [[], [], []]


def test_what_lies_ahead_stands_on_the_first_page_until_its_day_and_is_put_off_like_the_rest(company: Company) -> None:
    made = arrange(company)
    company.down()
    first, second = company.branches["ZK01"], company.branches["ZK02"]
    day = f"{SOON.month} 月 {SOON.day} 日"
    works = [work for work in read_home(first, TODAY.year, TODAY).works if work.source.startswith("总部安排")]
    visit, event = sorted(works, key=lambda work: work.by or TODAY)
    assert event.what == f"参加“‘阳光柜台’观摩”，{day}，项城市局三楼"
    assert (event.source, event.by, event.due(TODAY)) == ("总部安排 现场观摩", SOON, day)
    assert visit.what.startswith("总部王科长再来联系，")
    assert visit.what.endswith("上次定的：补讲稿")
    assert event.where is not None
    assert event.where.prefill == {"id": made["sharing_event"]}
    assert [each.what for each in ahead(second)] == [f"承办“‘阳光柜台’观摩”，{day}，项城市局三楼"]
    assert ahead(company.branches["ZK03"]) == []

    SnoozeService(first).put_off(event.key, event.what, TODAY + timedelta(days=3), "定了人去")
    assert event.key not in {work.key for work in read_home(first, TODAY.year, TODAY).works}
    with reopened(second, f"{SOON} 09:00") as later:
        assert [each.record for each in ahead(later)] == [made["sharing_event"]]
    with reopened(second, f"{SOON + timedelta(days=1)} 09:00") as later:
        assert ahead(later) == []


def test_only_the_last_visit_says_when_headquarters_comes_again(company: Company) -> None:
    arrange(company)
    visit = {"visited_on": TODAY, "title": "再看", "subject_id": org(company, "ZK01"), "liaison": "李", "found": "补了"}
    RegisterService(company.headquarters).save("liaison", visit)
    company.down()
    assert [each.kind for each in ahead(company.branches["ZK01"])] == ["sharing_event"]


def test_it_stands_on_its_days_in_the_year_plan_and_is_not_moved_nor_asked_for_there(company: Company) -> None:
    made = arrange(company)
    company.down()
    first, other = company.branches["ZK01"], company.branches["ZK03"]
    plan = YearPlanService(first).year(TODAY.year)
    found = {(each.name, each.id, each.on, each.state, each.movable) for each in plan.events if each.above}
    coming = DutyState.PLANNED
    assert found == {
        ("参加“‘阳光柜台’观摩”", made["sharing_event"], SOON, coming, False),
        ("总部王科长来联系", made["liaison"], TODAY, DutyState.HELD, False),
        ("总部王科长再来联系", made["liaison"], SOON - timedelta(days=2), coming, False),
    }
    assert plan.empty
    with reopened(first, f"{SOON - timedelta(days=3)} 09:00") as near:
        reminders = YearPlanService(near).year(TODAY.year).reminders
        assert [each.verb for each in reminders if each.event is not None] == ["看安排"] * 2
        assert plan_works(near) == [], "the first page tells them as what headquarters arranged"
    told = {(line.kind, line.topic, line.place, line.result) for line in plan_lines(plan, {}) if line.kind == ABOVE}
    assert ("总部安排", "参加“‘阳光柜台’观摩”", "项城市局三楼", coming.label) in told
    assert not any(each.above for each in YearPlanService(other).year(TODAY.year).events)
    with branch_store(company.headquarters, "ZK01") as read:
        assert [each.id for each in YearPlanService(read).year(TODAY.year).events if each.above]


def test_what_a_branch_adopted_is_its_own_record_and_headquarters_tells_it_once(
    company: Company, tmp_path: Path
) -> None:
    first = org(company, "ZK01")
    made = arrange(company, held_on=TODAY, attending=(Attending(first, "亮牌、亮时限。"),))
    event = made["sharing_event"]
    company.down()
    branch = company.branches["ZK01"]
    arranged = ArrangedService(branch)
    record = arranged.adopt(event, Adopting("亮牌、亮时限，每月销号", TODAY, "投诉少三件"))
    assert arranged.adopt(event, Adopting("亮牌、亮时限，每周销号", TODAY)) == record, "said anew"
    row = RegisterService(branch).row("method_spread", record)
    assert (row.texts["title"], row.texts["origin"], row.texts["learner"]) == (
        "采用“‘阳光柜台’观摩”", "第二党支部", "第一党支部",
    )  # fmt: skip
    assert row.texts["sharing_event_id"] == "“阳光柜台”观摩"
    assert arranged.adopted()[event].id == record
    assert LibraryService(branch).entries() == []

    company.up()
    headquarters = company.headquarters
    (told,) = LearnedService(headquarters).events().values()
    assert [(each.branch, each.done, each.record) for each in told.learned] == [
        ("第一党支部", "亮牌、亮时限，每周销号", record)
    ]
    assert told.came == "第一党支部", "what it says itself is not told twice"
    board = {plan.branch_id: plan.followed.adopted for plan in AllPlans(headquarters).board()}
    assert board[first] == ("亮牌、亮时限，每周销号（“阳光柜台”观摩）",)
    DocumentService(headquarters).register("sharing_event", tmp_path / "register.pdf")
    DocumentService(headquarters).record("sharing_event", event, tmp_path / "row.pdf")
    for paper in ("register.pdf", "row.pdf"):
        words = text_of(tmp_path / paper).replace("\n", "")
        assert words.count("亮时限") == 1
        assert "每周销号" in words
    export(headquarters, "sharing_event", tmp_path / "out.xlsx")
    line = f"第一党支部 {TODAY} 亮牌、亮时限，每周销号"
    assert {"支部报来的采用情况", line} <= cells(tmp_path / "out.xlsx")
    again = book(headquarters, "sharing_event").import_file(tmp_path / "out.xlsx", dry_run=True)
    assert (again.unchanged, again.rejected) == (1, []), "of the workbook is read what headquarters typed"
    export(branch, "sharing_event", tmp_path / "here.xlsx")
    assert {"本支部采用", f"{TODAY} 亮牌、亮时限，每周销号"} <= cells(tmp_path / "here.xlsx")
    columns, (listed_row,) = lines(headquarters, "sharing_event")
    assert (columns.columns[-1].label, listed_row["learned"]) == ("支部报来的采用情况", line)
    for sheet in ("out.xlsx", "here.xlsx"):
        read = book(headquarters, "sharing_event").import_file(tmp_path / sheet, dry_run=True)
        assert (read.questions, read.left_out) == ([], []), "nothing is lost with the column, and nobody is asked"

    RegisterService(headquarters).save("sharing_event", {"attending": (Attending(first, "轮值表"),)}, event)
    board = {plan.branch_id: plan.followed.adopted for plan in AllPlans(headquarters).board()}
    assert board[first] == ("亮牌、亮时限，每周销号（“阳光柜台”观摩）", "轮值表（“阳光柜台”观摩）"), "both are told"
    RegisterService(headquarters).remove("sharing_event", event)
    company.down()
    assert RegisterService(branch).row("method_spread", record).texts["origin"] == "第二党支部", "what it did stays"
    assert RecycleBin(branch).rows() == []


def test_nothing_is_adopted_before_the_day_and_the_host_learns_from_those_who_came(company: Company) -> None:
    event = arrange(company)["sharing_event"]
    company.down()
    with pytest.raises(InvalidInput, match="还没有到这一天"):
        ArrangedService(company.branches["ZK01"]).adopt(event, Adopting("轮值", TODAY))
    with reopened(company.branches["ZK02"], f"{SOON} 18:00") as host:
        with pytest.raises(InvalidInput, match=f"早于这次现场观摩的日期（{SOON}）"):
            ArrangedService(host).adopt(event, Adopting("轮值", TODAY))
        record = ArrangedService(host).adopt(event, Adopting("轮值", SOON))
        assert RegisterService(host).row("method_spread", record).texts["origin"] == "参加的支部"
        assert role_of(host.branch_id, host.branch_id) is SharingRole.HOST


def test_what_was_adopted_stays_when_the_day_is_moved_on(company: Company) -> None:
    event, headquarters = arrange(company, held_on=TODAY)["sharing_event"], company.headquarters
    company.down()
    record = ArrangedService(company.branches["ZK01"]).adopt(event, Adopting("轮值", TODAY))
    company.up()
    RegisterService(headquarters).save(
        "sharing_event", {"held_on": SOON, "attending": (Attending(org(company, "ZK01"), "亮牌"),)}, event
    )
    company.down()
    assert ArrangedService(company.branches["ZK01"]).adopted()[event].id == record
    board = {plan.branch_id: plan.followed.adopted for plan in AllPlans(headquarters).board()}
    assert board[org(company, "ZK01")] == ("轮值（“阳光柜台”观摩）",), "typed of what lies ahead is a hope"
    (told,) = LearnedService(headquarters).events().values()
    assert [each.done for each in told.learned] == ["轮值"]


def test_a_branch_named_twice_is_refused_with_the_line(company: Company) -> None:
    first, second = org(company, "ZK01"), org(company, "ZK02")
    with pytest.raises(InvalidInput, match="第2行和第1行是同一个支部"):
        arrange(company, attending=(Attending(first, ""), Attending(first, "轮值")))
    with pytest.raises(InvalidInput, match="第2行是承办支部"):
        arrange(company, attending=(Attending(first, ""), Attending(second, "")))
    assert counts(company.headquarters) == (0, 0, 0)


def test_what_was_kept_before_these_rules_still_goes_down(company: Company) -> None:
    first = org(company, "ZK01")
    with company.headquarters.unit_of_work("旧程序") as session:
        twice = (Attending(first, ""), Attending(first, ""), Attending(None, "六步法"))
        row = SharingEvent(branch_id=company.headquarters.org, held_on=TODAY, title="旧", attending=twice)
        session.add(row)
    company.down()
    assert counts(company.branches["ZK01"]) == (0, 1, 0)
