"""What headquarters does by class: kept by registers of its own, told on the board, before and after from the race."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.following import Attending
from desktop.models.race import RaceResult
from desktop.models.registers import ABOVE, REGISTERS
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RaceClass
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.archive.documents import DocumentService
from desktop.services.deeds import deeds
from desktop.services.errors import InvalidInput
from desktop.services.headquarters import HeadquartersService
from desktop.services.history import HistoryService
from desktop.services.improvement.headquarters import AllPlans, BranchPlan
from desktop.services.race.service import RaceService
from desktop.services.recycling import RecycleBin
from desktop.services.registers import RegisterService
from desktop.services.search import SearchService
from desktop.services.store import Store
from desktop.services.workbooks import book, books
from tests.services.archive.checker import text_of
from tests.services.race.typed import admit, ids
from tests.stores import clock_at, new_store

TOTALS = {"2026Q1": 6000, "2026Q2": 6450, "2026Q3": 7120}
PUBLISHED = date(2026, 10, 10)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Headquarters on 12 October 2026: LY lagged in the third quarter; nobody was in touch with it yet."""
    with new_store(tmp_path_factory.mktemp("following") / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        admit(store)
        branch = ids(RaceService(store))["LY"]
        with store.unit_of_work("公布", Act.PUBLISH) as session:
            for period, total in TOTALS.items():
                session.add(
                    RaceResult(
                        branch_id=branch, period=period, scheme_version="1", group="mixed", group_size=3,
                        total_hundredths=total, rank=3, race_class=RaceClass.LAGGING, published_on=PUBLISHED,
                        detail={"code": "LY"},
                    )
                )  # fmt: skip
        yield store


def row(store: Store, code: str) -> BranchPlan:
    return next(plan for plan in AllPlans(store).board() if plan.code == code)


def visit(store: Store, on: str = "2026-10-12", **more: object) -> str:
    branch = ids(RaceService(store))["LY"]
    given = {"visited_on": on, "title": "看台账", "subject_id": branch, "liaison": "王科长", "found": "没有讲稿"}
    return RegisterService(store).save("liaison", {**given, **more})


def test_a_lagging_branch_wants_liaison_until_somebody_came_after_its_result(kept: Store) -> None:
    registers, lagging = RegisterService(kept), [ids(RaceService(kept))["LY"]]
    assert row(kept, "LY").unattended
    assert AllPlans(kept).unattended() == lagging
    assert not row(kept, "XC").unattended, "it has no result"
    early = visit(kept, "2026-10-01")
    assert row(kept, "LY").unattended, "that was before the result"
    assert AllPlans(kept).unattended() == lagging
    made = visit(kept, next_step="补讲稿", next_on="2026-11-02")
    found = row(kept, "LY")
    assert not found.unattended
    assert AllPlans(kept).unattended() == []
    assert (found.followed.liaison, found.followed.next_step) == ("王科长", "补讲稿")
    assert (found.followed.visited_on, found.followed.next_on) == (date(2026, 10, 12), date(2026, 11, 2))
    for record in (early, made):
        registers.remove("liaison", record)
    assert row(kept, "LY").unattended


def test_a_visit_that_was_promised_is_asked_for_from_its_day_until_somebody_came(kept: Store) -> None:
    def told() -> list[tuple[str, date | None]]:
        service = HeadquartersService(kept)
        return [
            (deed.words, deed.due_on)
            for deed in deeds(kept, service.overview(), service.due())
            if (deed.tab, deed.where) == ("plans", {"view": "unattended"})
        ]

    clock, made = kept.clock, [visit(kept, next_on="2026-11-02")]
    try:
        kept.clock = clock_at("2026-11-01 09:00")
        assert (told(), row(kept, "LY").followed.to_visit) == ([], False)
        for today in ("2026-11-02 09:00", "2026-12-20 09:00"):
            kept.clock = clock_at(today)
            assert told() == [("1 个支部约好再联系的日子到了", date(2026, 11, 2))]
            assert row(kept, "LY").followed.to_visit
        made.append(visit(kept, "2026-12-20"))
        assert (told(), row(kept, "LY").followed.to_visit) == ([], False)
    finally:
        kept.clock = clock
        for record in made:
            RegisterService(kept).remove("liaison", record)


def test_what_a_branch_adopted_stands_on_its_row(kept: Store) -> None:
    branches = ids(RaceService(kept))
    attending = (Attending(branches["LY"], "六步法"), Attending(branches["SQ"], ""))
    RegisterService(kept).save(
        "sharing_event",
        {"held_on": "2026-10-11", "title": "现场观摩", "host_id": branches["XC"], "attending": attending},
    )
    assert row(kept, "LY").followed.adopted == ("六步法（现场观摩）",)
    assert row(kept, "SQ").followed.adopted == ()


def test_what_was_adopted_says_by_which_branch_or_is_refused(kept: Store) -> None:
    attending = (Attending(ids(RaceService(kept))["LY"], ""), Attending(None, "六步法"))
    with pytest.raises(InvalidInput, match="第2行没有选支部"):
        RegisterService(kept).save("sharing_event", {"held_on": "2026-10-11", "title": "座谈", "attending": attending})


def test_the_register_on_paper_tells_who_came_and_what_was_adopted(kept: Store, tmp_path: Path) -> None:
    attending = (Attending(ids(RaceService(kept))["LY"], "每周五答复"),)
    RegisterService(kept).save("sharing_event", {"held_on": "2026-10-11", "title": "柜台", "attending": attending})
    DocumentService(kept).register("sharing_event", tmp_path / "观摩.pdf", 2026)
    assert "每周五答复" in text_of(tmp_path / "观摩.pdf")


def test_a_pair_tells_the_totals_of_the_helped_before_and_after_on_both_rows(kept: Store) -> None:
    branches = ids(RaceService(kept))
    given = {"began_on": "2026-04-10", "title": "怎么记", "until": "2026-06-30"}
    with pytest.raises(InvalidInput, match="同一个"):
        RegisterService(kept).save("helper_pair", {**given, "helped_id": branches["LY"], "helper_id": branches["LY"]})
    RegisterService(kept).save("helper_pair", {**given, "helped_id": branches["LY"], "helper_id": branches["XC"]})
    for code, helps in (("LY", False), ("XC", True)):
        (pair,) = row(kept, code).followed.pairs
        assert (pair.helps, pair.before, pair.after) == (helps, 60.0, 64.5), "the third quarter began after its end"


def test_its_registers_have_history_bin_search_print_and_workbook(kept: Store, tmp_path: Path) -> None:
    registers, made = RegisterService(kept), visit(kept, title="查党课记录")
    assert "支部" in {change.label for line in HistoryService(kept).of("liaison", made) for change in line.fields}
    search = SearchService(kept)
    search.refresh()
    assert [(hit.id, hit.branch) for hit in search.find("查党课记录").hits] == [(made, "")]
    DocumentService(kept).register("liaison", tmp_path / "list.pdf")
    DocumentService(kept).record("liaison", made, tmp_path / "row.pdf")
    book(kept, "liaison").export(tmp_path / "out.xlsx")
    again = book(kept, "liaison").import_file(tmp_path / "out.xlsx", dry_run=True)
    assert (again.read, again.unchanged, again.rejected) == (1, 1, [])
    registers.remove("liaison", made)
    lying = next(found for found in RecycleBin(kept).rows() if found.id == made)
    assert (lying.kind, lying.what) == ("落后支部联系", "落后支部联系“查党课记录” 2026-10-12")
    RecycleBin(kept).take_out(lying)
    assert registers.row("liaison", made).deleted is False


def test_a_branch_neither_sees_nor_counts_what_headquarters_keeps(kept: Store, tmp_path: Path) -> None:
    assert not set(ABOVE) & set(REGISTERS)
    assert {register.kind for register in RegisterService(kept).seen()} == set(ABOVE)
    with new_store(tmp_path / "branch") as branch:
        assert not set(ABOVE) & {register.kind for register in RegisterService(branch).seen()}
        assert not set(ABOVE) & {each.name for each in books(branch)}
