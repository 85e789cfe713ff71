"""The chapters of the handbook of a branch (党支部工作手册), as `handbook.toml` orders them."""

from dataclasses import dataclass
from functools import cache

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.labels import Labelled
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.paths import resource
from desktop.services.toml_tables import Table, read_toml

FILE = "papers/handbook.toml"


class Part(Labelled):
    """What a chapter tells that is neither minutes nor a register."""

    PROFILE = "profile", "基本情况"
    ROSTER = "roster", "名册"
    PLAN = "plan", "三会一课计划表"
    STUDY = "study", "必学内容和第一议题"
    DEVELOPMENT = "development", "发展对象"
    DUES = "dues", "党费收缴"
    ATTENDANCE = "attendance", "出勤"
    FIGURES = "figures", "全年数据"
    INSPECTION = "inspection", "检查意见"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One chapter: what it tells, in this order."""

    title: str
    parts: tuple[Part, ...] = ()
    meetings: tuple[MeetingKind, ...] = ()
    cards: tuple[str, ...] = ()
    """Registers whose rows are told whole."""
    registers: tuple[str, ...] = ()
    """Registers that are listed."""


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return the chapters in order.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("handbook/1",), "格式")
    root.text("version")
    root.text("confidence")
    found = root.rows("chapters", _chapter, key="title")
    root.done()
    return found


def _chapter(table: Table) -> Chapter:
    def some(field: str, allowed: tuple[str, ...], what: str) -> tuple[str, ...]:
        return table.choices(field, allowed, what) if table.has(field) else ()

    parts = some("parts", tuple(part.value for part in Part), "内容")
    meetings = some("meetings", tuple(kind.value for kind in MeetingKind), "会议类型")
    return Chapter(
        title=table.text("title"),
        parts=tuple(map(Part, parts)),
        meetings=tuple(map(MeetingKind, meetings)),
        cards=some("cards", tuple(REGISTERS), "登记簿"),
        registers=some("registers", tuple(REGISTERS), "登记簿"),
    )
