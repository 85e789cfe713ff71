"""Registers of party-affairs staff: what is thought of a person is for those entitled alone, on every road."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.service import ArchiveService
from desktop.services.errors import InvalidInput, NotAllowed
from desktop.services.members import MemberService
from desktop.services.opening import open_store
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from desktop.services.workbooks import book
from tests.services.archive.checker import text_of
from tests.services.members.people import GAO, LI
from tests.sheets import sheet_rows
from tests.stores import CHEAP, clock_at, new_store

AT = "2026-10-12 09:00"
OTHER = "春风-细雨-77"
APART = {"cadre_selection", "cadre_review", "cadre_assessment", "talent_pool"}
CADRES = {*APART, "cadre_training", "cadre_incentive"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A branch with two members, what is thought of one of them, and a log-in without a post."""
    with new_store(tmp_path / "data", StoreKind.BRANCH, AT) as opened:
        first, second = (MemberService(opened).register(person) for person in (GAO, LI))
        registers = RegisterService(opened)
        report = registers.save(
            "cadre_review",
            {"event_on": "2026-06-30", "title": "上半年述职", "member_id": first, "method": "个人述职", "score": "92",
             "findings": "讲问题讲到点上"},
        )  # fmt: skip
        registers.save(
            "cadre_assessment",
            {"event_on": "2026-10-09", "title": "2026年考核", "member_id": first, "year": "2026", "party_score": "93",
             "business_score": "90", "result": "优秀", "report_id": report, "grounds": "述职和现场查看"},
        )  # fmt: skip
        registers.save(
            "cadre_training",
            {"event_on": "2026-05-08", "title": "市局观摩", "kind": "实地考察", "participants": f"{GAO['name']}|8"},
        )
        UserService(opened).add("委员", OTHER, ["committee"], second, cost=CHEAP)
        yield opened


@pytest.fixture
def uninvolved(store: Store, tmp_path: Path) -> Iterator[Store]:
    """The same branch, opened by a committee member who holds no post."""
    store.close()
    with open_store(tmp_path / "data", OTHER, "委员", clock=clock_at(AT)) as opened:
        yield opened


def test_whole_registers_are_apart_where_a_person_is_judged() -> None:
    assert {kind for kind, register in REGISTERS.items() if register.apart} >= APART
    assert not REGISTERS["talk"].apart


def test_who_is_not_entitled_sees_no_such_register_and_is_offered_none(uninvolved: Store, tmp_path: Path) -> None:
    registers = RegisterService(uninvolved)
    assert {register.kind for register in registers.seen()} >= CADRES - APART
    assert not APART & {register.kind for register in registers.seen()}
    assert registers.rows("cadre_review") == []
    assert not any(uninvolved.rights.may_write(kind) for kind in APART)
    assert uninvolved.rights.may_write("cadre_training")
    with pytest.raises(NotAllowed):
        book(uninvolved, "cadre_review").export(tmp_path / "out.xlsx")
    with pytest.raises(NotAllowed):
        DocumentService(uninvolved).register("cadre_review", tmp_path / "out.pdf")
    assert not list(tmp_path.glob("out.*"))


def test_who_is_entitled_exports_and_prints_them(store: Store, tmp_path: Path) -> None:
    assert set(REGISTERS) == {register.kind for register in RegisterService(store).seen()}
    book(store, "cadre_assessment").export(tmp_path / "out.xlsx")
    (_title, head, row) = sheet_rows(tmp_path / "out.xlsx")
    assert dict(zip(head, row, strict=True))["个人述职"] == "上半年述职"
    DocumentService(store).register("cadre_assessment", tmp_path / "out.pdf", 2026)
    assert "优秀" in text_of(tmp_path / "out.pdf")


def test_an_archive_for_inspection_binds_the_training_and_tells_what_it_leaves_out(
    store: Store, tmp_path: Path
) -> None:
    made = ArchiveService(store).build(2026, tmp_path / "档案")
    text = "".join(text_of(path) for path in sorted(made.dir.glob("*.pdf")))
    assert "市局观摩" in text
    assert "讲问题讲到点上" not in text
    assert "“党务干部监督”1件属内部掌握" in text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"targets": "首单天数|9|5|"}, "目标与实际"),
        ({"targets": ""}, "目标与实际"),
        ({"confirmed_by": ""}, "确认部门"),
        ({"confirmed_in": ""}, "确认依据"),
    ],
)
def test_a_project_is_not_closed_without_figures_and_who_confirmed_them(
    store: Store, values: dict[str, str], field: str
) -> None:
    registers = RegisterService(store)
    leader = MemberService(store).roster(store.today)[0].id
    running = {
        "title": "缩短首单时间",
        "kind": "QC",
        "leader_id": leader,
        "started_on": "2026-02-10",
        "state": "实施中",
    }
    closed = {
        **running, "targets": "首单天数|9|5|4.5", "confirmed_by": "营销部", "confirmed_on": "2026-08-18",
        "confirmed_in": "7月报表", "state": "已结题",
    }  # fmt: skip
    record = registers.save("lean_project", running)
    with pytest.raises(InvalidInput) as refused:
        registers.save("lean_project", {**closed, **values}, record)
    assert refused.value.label == field
    registers.save("lean_project", closed, record)
    assert registers.row("lean_project", record).texts["state"] == "已结题"
