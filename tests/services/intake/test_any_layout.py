"""Any roster, written down in any of the layouts people use, comes back with exactly its values."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from hypothesis import given, note, settings
from hypothesis import strategies as st

from desktop.paths import resource
from desktop.services.intake.answers import Answers
from desktop.services.intake.looks import QuestionKind
from desktop.services.meetings.sheet import MEETINGS
from desktop.services.spreadsheets.identity import check_mark
from desktop.services.spreadsheets.sheets import Sheet
from desktop.services.spreadsheets.text import Unreadable
from desktop.services.spreadsheets.workbook import SheetCells
from tests.services.intake.grids import ROSTER, VOLUNTEERS, sheet, understood, values

SPELLINGS = tomllib.loads(resource("workbooks/headings.toml").read_text("utf-8"))["members"]
DATED = ("admitted_on", "full_on")
PLAIN = ("name", "gender", "id_no", *DATED, "phone", "native_place")
GROUPS = ("第一党小组", "第二党小组", "第三党小组")
LABELS = {"name": "姓名", "gender": "性别", "id_no": "身份证号", "phone": "联系电话", "native_place": "籍贯"}
PARTS = ("年", "月", "日")
HEADINGS = [
    "姓名",
    "身份证号",
    "入党时间",
    "党籍情况",
    "会议类型",
    "日期",
    "会议时间",
    "参加人员",
    "服务时长",
    "活动名称",
    "序号",
]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a roster is written down."""

    titled: bool
    serial: bool
    headings: dict[str, str]
    order: tuple[str, ...]
    grouped: str
    """How the party group is said: by a column, by rows that separate, by the name of the sheet, not at all."""
    levels: bool
    """The dates stand below a common heading."""
    merged: bool
    parts: bool
    """Dates are written in columns of 年, 月 and 日."""
    blocks: int
    repeated: int
    """After so many rows the heading is printed again; 0 for never."""
    foot: tuple[str, ...]
    gaps: bool


def id_number(day: int, order: int) -> str:
    body = f"411602{1950 + day % 50}{1 + day % 12:02d}{1 + day % 28:02d}{order:03d}"
    return body + check_mark(body)


@st.composite
def people(draw: st.DrawFn) -> list[dict[str, object]]:
    """Members as the roster would hold them."""
    surnames = st.sampled_from("赵钱孙李周吴郑王冯陈褚卫")
    given_names = st.text(st.sampled_from("一二建国秀英明强丽娜海波"), min_size=1, max_size=2)
    count = draw(st.integers(2, 7))
    found: list[dict[str, object]] = []
    for order in range(1, count + 1):
        day, year = draw(st.integers(0, 500)), draw(st.integers(1975, 2020))
        number = id_number(day, 2 * order + 100)
        found.append(
            {
                "name": draw(surnames) + draw(given_names),
                "gender": "1" if int(number[16]) % 2 else "2",
                "id_no": number,
                "admitted_on": f"{year}-07-{1 + day % 28:02d}",
                "full_on": f"{year + 1}-07-{1 + day % 28:02d}",
                "phone": f"138{day:04d}{order:04d}",
                "native_place": draw(st.sampled_from(["河南周口", "河南太康", "安徽界首"])),
                "group": draw(st.sampled_from(GROUPS)),
            }
        )
    return found


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Any of the layouts; blocks side by side are simple lists."""
    blocks = draw(st.sampled_from([1, 1, 1, 2]))
    parts = blocks == 1 and draw(st.booleans())
    return Layout(
        titled=draw(st.booleans()),
        serial=draw(st.booleans()),
        headings={name: draw(st.sampled_from(list(SPELLINGS[name]))) for name in PLAIN if name in SPELLINGS},
        order=tuple(draw(st.permutations(PLAIN[1:]))),
        grouped=draw(st.sampled_from(["column", "rows", "sheet", ""])),
        levels=blocks == 1 and not parts and draw(st.booleans()),
        merged=draw(st.booleans()),
        parts=parts,
        blocks=blocks,
        repeated=draw(st.sampled_from([0, 0, 2])) if blocks == 1 else 0,
        foot=tuple(
            draw(st.lists(st.sampled_from(["合计", "填表人：王五", "注：以上为在册党员"]), max_size=2, unique=True))
        ),
        gaps=draw(st.booleans()),
    )


def written(members: Sequence[dict[str, object]], layout: Layout) -> tuple[list[SheetCells], list[dict[str, object]]]:
    """The sheets of a workbook, and what is to come back of it, in order."""
    if layout.grouped == "sheet":
        parts = [[one for one in members if one["group"] == group] for group in GROUPS]
        sheets, back = [], []
        for group, part in zip(GROUPS, parts, strict=True):
            if part:
                one, rows = page(group, part, layout)
                sheets.append(one)
                back += rows
        return sheets, back
    ordered = sorted(members, key=lambda one: str(one["group"])) if layout.grouped == "rows" else list(members)
    one, back = page("党员名册", ordered, layout)
    return [one], back


def page(
    title: str, members: Sequence[dict[str, object]], layout: Layout
) -> tuple[SheetCells, list[dict[str, object]]]:
    """One sheet with its members."""
    columns = ["name", *layout.order, *(["group"] if layout.grouped == "column" else [])]
    upper, lower, merges = heading(columns, layout)
    if layout.blocks > 1:
        return side_by_side(title, members, layout, columns)
    rows: list[list[object]] = [["某某支部党员花名册"], ["填报单位：某某局"]] if layout.titled else []
    first = len(rows) + 1
    rows.append(upper)
    if lower is not None:
        rows.append(lower)
    last: object = None
    for place, member in enumerate(members):
        if layout.grouped == "rows" and member["group"] != last:
            last = member["group"]
            rows.append([None] * len(upper))
            rows[-1][0] = f"{last}（共{sum(one['group'] == last for one in members)}人）"
        if layout.repeated and place and place % layout.repeated == 0:
            rows += [list(upper), *([list(lower)] if lower is not None else [])]
        rows.append([*([place + 1] if layout.serial else []), *cells(member, columns, layout)])
        if layout.gaps:
            rows.append([])
    rows += [[text] for text in layout.foot]
    ranges = [f"{left}{first}:{right}{first + down}" for left, right, down in merges] if layout.merged else []
    back = [dict(member) for member in members]
    if not layout.grouped:
        back = [{name: value for name, value in member.items() if name != "group"} for member in back]
    return sheet(title, rows, *ranges), back


def heading(
    columns: Sequence[str], layout: Layout
) -> tuple[list[object], list[object] | None, list[tuple[str, str, int]]]:
    """The rows of a heading, and what is merged in them: first and last letter, rows further down."""
    upper: list[object] = ["序号"] if layout.serial else []
    lower: list[object] = [None] if layout.serial else []
    merges: list[tuple[str, str, int]] = []
    two = layout.levels or layout.parts
    for place, name in enumerate(columns):
        text = "党小组" if name == "group" else layout.headings.get(name, LABELS.get(name, ""))
        if layout.parts and name in DATED:
            merges.append((letter(len(upper)), letter(len(upper) + 2), 0))
            upper += [text, None, None]
            lower += PARTS
        elif layout.levels and name in DATED:
            upper.append(None if place and columns[place - 1] in DATED else "党籍情况")
            lower.append(text)
        else:
            upper.append(text)
            lower.append(None)
    return upper, lower if two else None, merges


def letter(place: int) -> str:
    return chr(ord("A") + place)


def cells(member: dict[str, object], columns: Sequence[str], layout: Layout) -> list[object]:
    """The cells of one member."""
    row: list[object] = []
    for name in columns:
        value = member[name]
        if name == "gender":
            value = {"1": "男", "2": "女"}[str(value)]
        if layout.parts and name in DATED:
            row += [int(part) for part in str(value).split("-")]
        else:
            row.append(value)
    return row


def side_by_side(
    title: str, members: Sequence[dict[str, object]], layout: Layout, columns: Sequence[str]
) -> tuple[SheetCells, list[dict[str, object]]]:
    """Two blocks beside each other: the second half of the members stands right of the first."""
    upper, _, _ = heading(columns, layout)
    half = (len(members) + 1) // 2
    rows: list[list[object]] = [["某某支部党员花名册"]] if layout.titled else []
    rows.append([*upper, *upper])
    for place in range(half):
        row: list[object] = []
        for at in (place, place + half):
            member = members[at] if at < len(members) else None
            row += (
                [None] * len(upper)
                if member is None
                else [*([at + 1] if layout.serial else []), *cells(member, columns, layout)]
            )
        rows.append(row)
    kept = [*columns, *(["group"] if layout.grouped == "sheet" else [])]
    return sheet(title, rows), [{name: member[name] for name in kept} for member in members]


@settings(max_examples=120, deadline=None)
@given(people(), layouts())
def test_a_roster_in_any_layout_comes_back_with_its_values(members: list[dict[str, object]], layout: Layout) -> None:
    sheets, expected = written(members, layout)
    for one in sheets:
        note("\n".join(f"{number} {row}" for number, row in one.rows.items()))
    found = understood(*sheets)
    note(str(found.questions))
    note(str(found.rejected))
    if found.held:
        assert {question.kind for question in found.held} <= {QuestionKind.COLUMN, QuestionKind.MISSING}
        return
    back = values(found)
    assert found.rejected == ()
    assert sorted(back, key=lambda row: str(row["id_no"])) == sorted(expected, key=lambda row: str(row["id_no"]))


ODD_CELLS = st.one_of(
    st.none(),
    st.integers(-5, 50_000),
    st.floats(allow_nan=False, width=32),
    st.booleans(),
    st.dates().map(lambda day: datetime.combine(day, time(14, 30))),
    st.just(Unreadable("#N/A", "单元格是Excel错误值#N/A")),
    st.sampled_from(
        [*HEADINGS, "第一党小组", "转出党员", "合计", "√", "2026-03-25", "3月25日", "年", "月", "：", "（", "›"]
    ),
    st.text(max_size=8),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(ODD_CELLS, max_size=9), max_size=9),
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 3), st.integers(0, 3)), max_size=3),
    st.sampled_from([ROSTER, MEETINGS, VOLUNTEERS]),
    st.sampled_from(["名册", "第一党小组", "2026年支委会", "说明"]),
)
def test_whatever_stands_in_a_sheet_is_understood_or_told(
    rows: list[list[object]], corners: list[tuple[int, int, int, int]], of: Sheet, title: str
) -> None:
    merges = [f"{letter(left - 1)}{top}:{letter(left - 1 + wide)}{top + high}" for top, left, high, wide in corners]
    one = sheet(title, rows, *merges)
    found = understood(one, of=of)
    assert len(found.sheets) == bool(one.rows)
    wanted = understood(one, of=of, answers=Answers(sheets={title: True}))
    assert all(look.taken for look in wanted.sheets)
