"""From a branch's brand to all branches and back: chosen, recommended, sent down, adopted, seen before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop.models.race import RaceResult
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RaceClass
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.archive.documents import DocumentService
from desktop.services.errors import InvalidInput
from desktop.services.experience.adopted import AdoptedService
from desktop.services.experience.adopting import Adopting
from desktop.services.experience.choosing import ChoosingService
from desktop.services.experience.library import LibraryService
from desktop.services.history import HistoryService
from desktop.services.improvement.service import ImprovementService
from desktop.services.race.scheme import default_scheme
from desktop.services.recycling import RecycleBin
from desktop.services.registers import RegisterService
from desktop.services.search import SearchService
from desktop.services.store import Store
from desktop.services.sync.branch_store import branch_store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.workbooks import book
from tests.services.race.typed import plan
from tests.services.sync.parties import enrol, make

TOTALS = {"2026Q3": 6000, "2026Q4": 6450}
BRAND = {
    "title": "先锋柜台", "meaning": "群众到柜台等得久", "highlight": "一窗通办、党员轮值",
    "targets": "等候分钟|20|8|7", "state": "创建中",
}  # fmt: skip


@dataclass
class Loop:
    """A headquarters and two branches: one has a brand, the other is to learn."""

    headquarters: Store
    first: Store
    second: Store
    stick: Path

    def up(self) -> None:
        files = [Sender(branch).pack(self.stick).file for branch in (self.first, self.second)]
        assert [row.code for row in Receiver(self.headquarters).receive(files)] == ["OK", "OK"]

    def down(self) -> None:
        for sent, branch in zip(
            Sender(self.headquarters).answer(None, self.stick), (self.first, self.second), strict=True
        ):
            assert [row.code for row in Receiver(branch).receive([sent.file])] == ["OK"]


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loop]:
    folder = tmp_path_factory.mktemp("library")
    with (
        make(folder / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
        make(folder / "first", name="草稿") as first,
        make(folder / "second", name="草稿") as second,
    ):
        enrol(headquarters, first, "ZK01", "第一党支部", folder / "files", "mixed")
        enrol(headquarters, second, "ZK02", "第二党支部", folder / "files", "mixed")
        (folder / "stick").mkdir()
        RegisterService(first).save("brand", BRAND)
        RegisterService(first).save("brand", {"title": "还没有做法", "state": "构想"})
        made = Loop(headquarters, first, second, folder / "stick")
        made.up()
        yield made


def test_a_brand_goes_down_to_all_branches_and_its_adoption_comes_up(loop: Loop, tmp_path: Path) -> None:
    choosing, library = ChoosingService(loop.headquarters), LibraryService(loop.second)
    (found,) = choosing.candidates()
    assert (found.code, found.register, found.title, found.chosen) == ("ZK01", "党建品牌", "先锋柜台", "")
    entry = choosing.take(found.kind, found.record)
    assert choosing.take(found.kind, found.record) == entry, "twice is once"
    assert [each.chosen for each in choosing.candidates()] == [entry]
    loop.down()
    assert library.entries() == [], "what is not published stays at headquarters"

    with pytest.raises(InvalidInput, match="为什么推荐"):
        choosing.publish(entry)
    RegisterService(loop.headquarters).save("experience", {"recommendation": "柜台少的支部照着排班就行"}, entry)
    choosing.publish(entry)
    loop.down()
    for branch in (loop.first, loop.second):
        (row,) = (each.row for each in LibraryService(branch).entries())
        assert (row.id, row.heading, row.texts["origin"]) == (entry, "先锋柜台", "第一党支部")
        assert row.texts["method"] == "一窗通办、党员轮值"
        assert "等候分钟" in row.texts["effect"]
    search = SearchService(loop.second)
    search.refresh()
    assert [hit.id for hit in search.find("排班就行").hits] == [entry]
    DocumentService(loop.second).record("experience", entry, tmp_path / "entry.pdf")
    DocumentService(loop.second).register("experience", tmp_path / "library.pdf")

    with pytest.raises(InvalidInput, match="没有进行中的计划"):
        library.to_action(entry)
    plan(loop.second, loop.second.branch_id, date(2026, 1, 5))
    action = library.to_action(entry)
    assert library.to_action(entry) == action
    current = ImprovementService(loop.second).current()
    assert current is not None
    assert current.actions[0].what == "学用经验：先锋柜台（第一党支部）"
    today = loop.second.today
    days = default_scheme().template(current.race_class.value).step("D").within_days
    assert current.actions[0].due_on == current.opened_on + timedelta(days=days)
    for faulty, word in ((Adopting(" ", today), "照着做了什么"), (Adopting("轮值", None), "不能为空"),
                         (Adopting("轮值", date(2099, 1, 1)), "晚于今天")):  # fmt: skip
        with pytest.raises(InvalidInput, match=word):
            library.adopt(entry, faulty)
    record = library.adopt(entry, Adopting("排了轮值表", today))
    own = RegisterService(loop.second).save("brand", {"title": "暖心窗口", "state": "构想"})
    assert library.adopt(entry, Adopting("排了轮值表，设了帮办岗", today, "少等十分钟", own)) == record, "said anew"
    (kept,) = library.entries()
    assert kept.adoption is not None
    assert (kept.adoption.done, kept.adoption.brand, kept.action_id) == ("排了轮值表，设了帮办岗", "暖心窗口", action)

    with loop.headquarters.unit_of_work("公布", Act.PUBLISH) as session:
        for period, total in TOTALS.items():
            session.add(
                RaceResult(
                    branch_id=loop.second.branch_id, period=period, scheme_version="1", group="mixed", group_size=2,
                    total_hundredths=total, rank=1, race_class=RaceClass.MIDDLE, published_on=today,
                    detail={"code": "ZK02"},
                )
            )  # fmt: skip
    loop.up()
    (seen,) = AdoptedService(loop.headquarters).adoptions()
    assert (seen.code, seen.title, seen.done, seen.brand) == ("ZK02", "先锋柜台", "排了轮值表，设了帮办岗", "暖心窗口")
    assert (seen.measure, seen.progress) == ("学用经验：先锋柜台（第一党支部）", None)
    assert seen.on == today
    with branch_store(loop.headquarters, "ZK02") as read:
        (there,) = LibraryService(read).entries()
        assert there.adoption is not None
        assert there.adoption.result == "少等十分钟"

    choosing.withdraw(entry)
    loop.down()
    assert library.entries() == []
    assert RegisterService(loop.second).row("method_spread", record).texts["origin"] == "第一党支部", (
        "what it did stays"
    )


def test_the_library_of_headquarters_has_history_bin_and_a_workbook_that_imports_again(
    loop: Loop, tmp_path: Path
) -> None:
    headquarters = loop.headquarters
    registers = RegisterService(headquarters)
    given = {
        "chosen_on": headquarters.today,
        "title": "三问三答",
        "origin": "第二党支部",
        "method": "会前三问、会后三答",
    }
    entry = registers.save("experience", given)
    assert "怎么做" in {
        line.label for each in HistoryService(headquarters).of("experience", entry) for line in each.fields
    }
    book(headquarters, "experience").export(tmp_path / "out.xlsx")
    again = book(headquarters, "experience").import_file(tmp_path / "out.xlsx", dry_run=True)
    assert (again.unchanged, again.rejected) == (again.read, [])
    registers.remove("experience", entry)
    lying = next(found for found in RecycleBin(headquarters).rows() if found.id == entry)
    assert lying.kind == "经验库"
    RecycleBin(headquarters).take_out(lying)
    registers.remove("experience", entry)
