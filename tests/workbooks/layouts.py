"""How rosters are laid out: headings, titles, blocks, groups, sheets."""

from tests.workbooks.cases import (
    ALL,
    CHEN,
    CHU,
    EXCEL,
    FENG,
    HEADS,
    JIANG,
    OFFICE,
    PEOPLE,
    SHEN,
    WEI,
    Case,
    Page,
    records,
    roster,
    row,
)

LAYOUTS: dict[str, Case] = {
    "plain": Case(
        about="一张规矩的名册，用每一种格式各存一份",
        pages=(Page(rows=roster(*PEOPLE)),),
        formats=ALL,
        records=records(*PEOPLE),
    ),
    "title_and_foot": Case(
        about="上面有标题、单位和日期，下面有合计、说明和签字",
        pages=(
            Page(
                rows=(
                    ("某某支部党员花名册", None, None, None, None, None),
                    ("填报单位（盖章）：", None, None, "填报日期：2026年3月1日", None, None),
                    ("序号", *HEADS),
                    (1, *row(FENG)),
                    (2, *row(CHEN)),
                    ("合计", "2人", None, None, None, None),
                    ("说明：入党时间以档案为准", None, None, None, None, None),
                    ("填表人：沈春燕", None, None, "审核人：冯晓岚", None, None),
                ),
                merges=("A1:F1", "A7:F7"),
            ),
        ),
        formats=("xlsx", "xls", "html.xls"),
        records=records(FENG, CHEN),
    ),
    "headings_of_a_province": Case(
        about="公民身份证号、加入党组织时间、转为正式党员时间",
        pages=(
            Page(rows=roster(*PEOPLE, heads=("姓名", "性别", "公民身份证号", "加入党组织时间", "转为正式党员时间"))),
        ),
        formats=("xlsx", "xls", "gb18030.csv"),
        records=records(*PEOPLE),
    ),
    "sheets_of_others": Case(
        about="同一个文件里另有转出、积极分子、去世的各一张表",
        pages=(
            Page(title="在册党员", rows=roster(FENG, CHEN)),
            Page(title="转出党员", rows=roster(CHU)),
            Page(title="入党积极分子", rows=(("姓名", "性别", "身份证号"), row(SHEN)[:3])),
            Page(title="去世党员", rows=roster(JIANG)),
        ),
        formats=OFFICE,
        records=records(FENG, CHEN),
        leaves=("转出党员", "入党积极分子", "去世党员"),
    ),
    "separating_rows": Case(
        about="党小组的名称独占一行，下面的人归它",
        pages=(
            Page(
                rows=(
                    ("某某支部党员花名册", None, None, None, None),
                    HEADS,
                    ("第一党小组", None, None, None, None),
                    row(FENG),
                    row(CHEN),
                    ("第二党小组", None, None, None, None),
                    row(CHU),
                    row(WEI),
                ),
                merges=("A1:E1", "A3:E3", "A6:E6"),
            ),
        ),
        formats=(*OFFICE, "html.xls"),
        records=tuple(
            {**person.record, "group": group}
            for group, people in (("第一党小组", (FENG, CHEN)), ("第二党小组", (CHU, WEI)))
            for person in people
        ),
    ),
    "activists": Case(
        about="入党积极分子名单，不是党员",
        pages=(
            Page(
                rows=(
                    ("入党积极分子名单", None, None, None, None),
                    ("序号", "姓名", "性别", "申请入党时间", "确定为入党积极分子时间"),
                    (1, "严可心", "女", "2024-09-01", "2025-03-01"),
                    (2, "华志远", "男", "2024-10-12", "2025-04-01"),
                ),
            ),
        ),
        formats=EXCEL,
        records=(),
        asks=("sheet",),
    ),
    "two_heading_rows": Case(
        about="表头两行，入党时间和转正时间在党籍情况下面",
        pages=(
            Page(
                rows=(
                    ("序号", "姓名", "性别", "身份证号", "党籍情况", None, "备注"),
                    (None, None, None, None, "入党时间", "转正时间", None),
                    *((at, *row(person), None) for at, person in enumerate(PEOPLE[:4], 1)),
                ),
                merges=("E1:F1",),
            ),
        ),
        formats=(*OFFICE, "html.xls"),
        records=records(*PEOPLE[:4]),
    ),
    "heading_rows_merged_down": Case(
        about="表头两行，其余的列上下合并",
        pages=(
            Page(
                rows=(
                    ("姓名", "性别", "身份证号", "党籍情况", None),
                    (None, None, None, "入党时间", "转正时间"),
                    *(row(person) for person in PEOPLE[:3]),
                ),
                merges=("A1:A2", "B1:B2", "C1:C2", "D1:E1"),
            ),
        ),
        formats=(*OFFICE, "xml.xls"),
        records=records(*PEOPLE[:3]),
    ),
    "year_and_month_apart": Case(
        about="入党时间的年和月各占一列",
        pages=(
            Page(
                rows=(
                    ("姓名", "性别", "入党时间", None, "转正时间", None),
                    (None, None, "年", "月", "年", "月"),
                    ("冯晓岚", "女", 2003, 7, 2004, 7),
                    ("陈建舟", "男", 2008, 6, 2009, 6),
                ),
                merges=("A1:A2", "B1:B2", "C1:D1", "E1:F1"),
            ),
        ),
        formats=OFFICE,
        records=(
            {"name": "冯晓岚", "admitted_on": "2003-07", "full_on": "2004-07"},
            {"name": "陈建舟", "admitted_on": "2008-06", "full_on": "2009-06"},
        ),
    ),
    "two_blocks": Case(
        about="左右两栏，各有序号、姓名、入党时间、转正时间",
        pages=(
            Page(
                rows=(
                    ("序号", "姓名", "入党时间", "转正时间") * 2,
                    (1, FENG.name, FENG.admitted, FENG.full, 3, CHU.name, CHU.admitted, CHU.full),
                    (2, CHEN.name, CHEN.admitted, CHEN.full, 4, WEI.name, WEI.admitted, WEI.full),
                )
            ),
        ),
        formats=("xlsx", "xls", "csv"),
        records=tuple({"name": p.name, "admitted_on": p.admitted} for p in (FENG, CHEN, CHU, WEI)),
    ),
    "hidden_and_struck": Case(
        about="有隐藏的行、划掉的行和隐藏的工作表",
        pages=(
            Page(rows=roster(*PEOPLE[:4]), hidden_rows=(3,), struck_rows=(5,)),
            Page(title="旧名册", rows=roster(JIANG, SHEN), hidden=True),
        ),
        formats=(*OFFICE, "xlsb"),
        records=records(*PEOPLE[:4]),
        leaves=("旧名册",),
    ),
    "merged_groups": Case(
        about="党小组一列上下合并",
        pages=(
            Page(
                rows=(
                    ("党小组", *HEADS),
                    ("第一党小组", *row(FENG)),
                    (None, *row(CHEN)),
                    ("第二党小组", *row(CHU)),
                    (None, *row(WEI)),
                ),
                merges=("A2:A3", "A4:A5"),
            ),
        ),
        formats=(*OFFICE, "xlsb", "html.xls", "xml.xls"),
        records=tuple(
            {"name": p.name, "group": group}
            for p, group in ((FENG, "第一党小组"), (CHEN, "第一党小组"), (CHU, "第二党小组"), (WEI, "第二党小组"))
        ),
    ),
    "sheet_per_group": Case(
        about="每个党小组一张表",
        pages=(
            Page(title="第一党小组", rows=roster(FENG, CHEN)),
            Page(title="第二党小组", rows=roster(CHU, WEI)),
            Page(title="填写说明", rows=(("请按档案填写",), ("入党时间写到日",))),
        ),
        formats=OFFICE,
        records=tuple(
            {**person.record, "group": group}
            for group, people in (("第一党小组", (FENG, CHEN)), ("第二党小组", (CHU, WEI)))
            for person in people
        ),
    ),
    "heading_repeated": Case(
        about="每页重复表头",
        pages=(Page(rows=(HEADS, row(FENG), row(CHEN), HEADS, row(CHU), row(WEI))),),
        formats=("xlsx", "csv"),
        records=records(FENG, CHEN, CHU, WEI),
    ),
    "empty_rows_and_columns": Case(
        about="中间空着行和列，最后一行在很下面",
        pages=(
            Page(
                rows=(
                    (None,) * 7,
                    (None, None, *HEADS),
                    (None,) * 7,
                    (None, None, *row(FENG)),
                    *((None,) * 7,) * 40,
                    (None, None, *row(CHEN)),
                )
            ),
        ),
        formats=(*OFFICE, "xlsb", "csv"),
        records=records(FENG, CHEN),
    ),
}
