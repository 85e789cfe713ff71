"""A workbook of five sheets as it was understood, and what an import of it would do: written out by hand."""

from pathlib import Path

from desktop.services.intake.looks import (
    ColumnLook,
    Confidence,
    Content,
    LeftOut,
    Option,
    Part,
    Question,
    QuestionKind,
    RowRole,
    SheetLook,
)
from desktop.services.spreadsheets.results import Changed, ImportResult, New, Rejected, Source
from desktop.services.spreadsheets.workbook import Format, Merge, SheetCells, Workbook
from desktop.ui.intake.hand import InHand

PRESENT = "在册党员"
PEOPLE: tuple[tuple[object, ...], ...] = (
    (1, "李建国", "男", "412723196808150815", "汉", "大学", "1998.07", "1999.07", "书记"),
    (2, "王秀英", "女", "412723197903213826", "汉", "大专", "2003.6.30", "2004.6.30", "组织委员"),
    (3, "陈晓东", "男", "412723198501191219", "汉", "大学", "2011-07-01", "2012-07-01", "宣传委员"),
    (4, "孙海燕", "女", "412723198207152542", "回", "省委党校", 39630, 39995, None),
)
HEADS = ("序号", "姓  名", "性别", "公民身份证号码", "民族", "学历", "何时入党", "何时转正", "现任党内职务")
FIELDS = ("", "name", "gender", None, "ethnic", "education", "admitted_on", "full_on", "posts")
HELD = Question(
    key="column/在册党员/4",
    kind=QuestionKind.COLUMN,
    sheet=PRESENT,
    row=0,
    field="公民身份证号码",
    words="D列“公民身份证号码”内容像身份证号",
    options=(
        *(Option(name, label) for name, label in (("id_no", "身份证号"), ("phone", "联系电话"), ("note", "备注"))),
        Option("", "不导入"),
    ),
    holds=True,
    cli="--map 公民身份证号码=字段",
)
SAME = Question(
    key="same:20",
    kind=QuestionKind.SAME,
    sheet=PRESENT,
    row=20,
    field="",
    words="李娜：是同一个人吗？",
    facts=(("", "表里", "名册里"), ("出生", "1990-03", "1986-11-02"), ("身份证", "空", "412723198611020029")),
    options=(Option("same", "同一个人"), Option("two", "两个人")),
)


def category(row: int, name: str) -> Question:
    """Return the question whether somebody is a full member."""
    return Question(
        key=f"category:{row}",
        kind=QuestionKind.CATEGORY,
        sheet=PRESENT,
        row=row,
        field="category",
        words=f"{name}：正式还是预备？",
        facts=(("入党、转正时间都空着，程序不替你猜。",),),
        options=(Option("", "先不导入"), Option("预备党员", "预备党员"), Option("正式党员", "正式党员")),
    )


def cells() -> SheetCells:
    """Return the sheet of those who are members."""
    rows: dict[int, dict[int, object]] = {
        1: {1: "淮阳区烟草专卖局（营销部）党支部党员花名册"},
        2: {1: "填报单位：淮阳区局（营销部）", 9: "2026年3月31日"},
        3: {**dict(enumerate(HEADS, start=1)), 7: "党籍情况", 8: "党籍情况"},
        4: dict(enumerate(HEADS, start=1)),
        5: {1: "第一党小组（机关）"},
    }
    for number, person in enumerate(PEOPLE, start=6):
        rows[number] = {column: value for column, value in enumerate(person, start=1) if value is not None}
    flat = (Merge(1, 1, 1, 9), Merge(3, 7, 3, 8), Merge(5, 1, 5, 9))
    down = tuple(Merge(3, column, 4, column) for column in (1, 2, 3, 4, 5, 6, 9))
    return SheetCells(PRESENT, rows, flat + down)


def look(*, held: bool = True) -> SheetLook:
    """Return how that sheet was understood."""
    columns = []
    for spot, (heading, name) in enumerate(zip(HEADS, FIELDS, strict=True), start=1):
        field = name if name is not None or held else "id_no"
        waits = field is None
        sure = Confidence.LIKELY if name in ("admitted_on", "full_on") else Confidence.SURE
        columns.append(
            ColumnLook(
                sheet=PRESENT,
                spots=(spot,),
                letter="ABCDEFGHI"[spot - 1],
                heading=heading.replace(" ", ""),
                field=field,
                confidence=Confidence.OPEN if waits else Confidence.PASSED if field == "" else sure,
                why="内容像身份证号" if waits else "行号" if field == "" else "表头一致",
                content=Content.ID_NUMBER if spot == 4 else Content.TEXT,
                held=waits,
                shown={9: "2008-07-01"} if spot == 7 else {9: "2009-07-01"} if spot == 8 else {},
            )
        )
    named = (RowRole.TITLE, RowRole.TITLE, RowRole.HEADING, RowRole.HEADING, RowRole.GROUP)
    roles = {**dict(enumerate(named, start=1)), **dict.fromkeys(range(6, 43), RowRole.RECORD)}
    return SheetLook(
        title=PRESENT,
        seems="党员名册",
        taken=True,
        why="表头像党员名册",
        roles=roles,
        groups={5: "第一党小组"},
        columns=tuple(columns),
        records=37,
    )


def others() -> tuple[SheetLook, ...]:
    """Return the sheets that hold something else."""
    told = (
        ("转出党员", "转出名单", 6, False),
        ("入党积极分子", "不是党员", 4, False),
        ("填表说明", "说明文字", 12, False),
        ("代码表", "代码表", 58, True),
    )
    return tuple(
        SheetLook(title=title, seems=seems, taken=False, why=seems, hidden=hidden, records=count)
        for title, seems, count, hidden in told
    )


def changed(record: str, label: str, before: str, after: str, *, row: int, name: str, note: str = "") -> Changed:
    """Return what changes in the record of a person."""
    return Changed(record=record, field=label, before=before, after=after, row=row, sheet=PRESENT, name=name, note=note)


def result(*, held: bool = False) -> ImportResult:
    """Return what an import would do."""
    at = ("李建国", "王秀英", "陈晓东")
    changes = [
        changed("李建国", "联系电话", "13900000012", "13900000021", row=6, name="phone"),
        changed("李建国", "学历", "大学", "研究生", row=6, name="education"),
        changed("王秀英", "党内职务", "", "组织委员", row=7, name="posts", note="起始不详"),
        changed("朱国庆", "党费类别", "在职", "离退休", row=25, name="dues_class", note="党费会变"),
    ]
    refused = Rejected(
        sheet=PRESENT,
        row=28,
        field="身份证号",
        value="412723196711054411",
        reason="末位按规则应是7，表里是1，请对照身份证",
        source=Source(("姓名", "公民身份证号码"), ("吕建平", "412723196711054411")),
        name="id_no",
    )
    left = [
        *(
            LeftOut(kind=Part.SHEET, sheet=other.title, what=other.title, why=other.seems, unasked=True)
            for other in others()
        ),
        LeftOut(kind=Part.COLUMN, sheet=PRESENT, column="A", what="序号", why="行号", unasked=True),
        *(LeftOut(kind=Part.ROW, sheet=PRESENT, row=row, what="第一党小组", why="分组") for row in (5, 19, 30)),
    ]
    questions = [HELD] if held else [SAME, category(33, "黄伟"), category(34, "黄山")]
    return ImportResult(
        read=37,
        accepted=12,
        updated=3,
        unchanged=18,
        waiting=3,
        rejected=[refused],
        changes=changes,
        new=[
            New(PRESENT, 8 + number, name, (("性别", "男"), ("入党时间", "2011-07-01")))
            for number, name in enumerate(at)
        ],
        same=[New(PRESENT, 10, "孙海燕", ())],
        sheets=(look(held=held), *others()),
        questions=questions,
        left_out=left,
        dry_run=True,
    )


def book() -> Workbook:
    """Return the whole file."""
    rest = tuple(SheetCells(other.title, {1: {1: other.title}}, hidden=other.hidden) for other in others())
    return Workbook((cells(), *rest), Format.XLS)


def in_hand(*, held: bool = False) -> InHand:
    """Return the file in hand."""
    return InHand(
        kind="members",
        path=Path("淮阳党员花名册2026.xls"),
        book=book(),
        result=result(held=held),
        sheet=PRESENT,
    )
