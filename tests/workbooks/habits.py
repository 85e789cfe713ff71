"""What stands in the cells of rosters, and what other programs do to a file."""

from tests.workbooks.cases import (
    CHEN,
    CHU,
    EXCEL,
    FENG,
    HEADS,
    JIANG,
    OFFICE,
    PEOPLE,
    WEI,
    Case,
    Page,
    day,
    early,
    records,
    roster,
    row,
)

HABITS: dict[str, Case] = {
    "state_column": Case(
        about="党籍状态一列写着已转出、停止党籍、已故",
        pages=(
            Page(
                rows=(
                    (*HEADS, "党籍状态"),
                    (*row(FENG), "正常"),
                    (*row(CHEN), "已转出"),
                    (*row(CHU), "停止党籍"),
                    (*row(JIANG), "已故"),
                )
            ),
        ),
        formats=("xlsx", "ods"),
    ),
    "seconds_short": Case(
        about="网页导出的日期是前一天23:59:17",
        pages=(
            Page(
                rows=(
                    ("姓名", "性别", "出生日期", "入党时间", "转正时间"),
                    *((p.name, p.gender, early(p.born), early(p.admitted), early(p.full)) for p in PEOPLE[:3]),
                )
            ),
        ),
        formats=("xlsx", "xls", "xlsb", "ods"),
        records=tuple(
            {"name": p.name, "born_on": p.born, "admitted_on": p.admitted, "full_on": p.full} for p in PEOPLE[:3]
        ),
    ),
    "summer_hour_short": Case(
        about="1986至1991年夏令时期间的日期写成前一天23:00",
        pages=(
            Page(
                rows=(
                    ("姓名", "性别", "入党时间", "转正时间"),
                    ("蒋立民", "男", day("1985-07-01"), early("1986-07-01", 3600)),
                )
            ),
        ),
        formats=EXCEL,
        records=({"name": "蒋立民", "admitted_on": "1985-07-01", "full_on": "1986-07-01"},),
    ),
    "universal_time": Case(
        about="日期按世界时写成T16:00:00.000Z",
        pages=(
            Page(
                rows=(
                    ("姓名", "性别", "出生日期", "入党时间"),
                    ("陈建舟", "男", "1984-11-01T16:00:00.000Z", "2008-06-19T16:00:00.000Z"),
                )
            ),
        ),
        formats=("xlsx", "csv"),
        records=({"name": "陈建舟", "born_on": "1984-11-02", "admitted_on": "2008-06-20"},),
    ),
    "empty_fill": Case(
        about="样式里有一个空的fill，别的程序说损坏",
        pages=(Page(rows=roster(*PEOPLE[:3])),),
        odd="fill",
        records=records(*PEOPLE[:3]),
    ),
    "font_family": Case(
        about="字体族写成34，别的程序说损坏",
        pages=(Page(rows=roster(*PEOPLE[:3])),),
        odd="family",
        records=records(*PEOPLE[:3]),
    ),
    "created_date": Case(
        about="文件属性里的创建时间写得不对",
        pages=(Page(rows=roster(*PEOPLE[:3])),),
        odd="created",
        records=records(*PEOPLE[:3]),
    ),
    "strict": Case(
        about="严格的Open XML", pages=(Page(rows=roster(*PEOPLE[:3])),), odd="strict", records=records(*PEOPLE[:3])
    ),
    "from_1904": Case(
        about="按1904年算日期的工作簿",
        pages=(
            Page(
                rows=(("姓名", "性别", "入党时间", "转正时间"), ("冯晓岚", "女", day("2003-07-01"), day("2004-07-01")))
            ),
        ),
        odd="1904",
        formats=EXCEL,
        records=({"name": "冯晓岚", "admitted_on": "2003-07-01", "full_on": "2004-07-01"},),
    ),
    "short_years": Case(
        about="两位年份、点、汉字、日期序号混着写",
        pages=(
            Page(
                rows=(
                    ("姓名", "性别", "入党时间", "转正时间"),
                    ("冯晓岚", "女", "03.7.1", "04年7月1日"),
                    ("陈建舟", "男", "二〇〇八年六月二十日", 39984),
                    ("褚文海", "男", "2014、7、1", "20150701"),
                )
            ),
        ),
        formats=("xlsx", "xls", "csv"),
        records=tuple({"name": p.name, "admitted_on": p.admitted, "full_on": p.full} for p in PEOPLE[:3]),
    ),
    "old_id_numbers": Case(
        about="身份证号有15位的，有存成数值的",
        pages=(
            Page(
                rows=(
                    ("姓名", "身份证号", "入党时间"),
                    ("卫雪芹", WEI.id_no[:6] + WEI.id_no[8:17], WEI.admitted),
                    ("蒋立民", int(JIANG.id_no[:15] + "000"), JIANG.admitted),
                )
            ),
        ),
        formats=EXCEL,
        records=({"name": "卫雪芹", "id_no": WEI.id_no},),
    ),
    "education_words": Case(
        about="学历写法各样",
        pages=(
            Page(
                rows=(
                    ("姓名", "入党时间", "学历"),
                    *(
                        (p.name, p.admitted, word)
                        for p, word in zip(
                            PEOPLE,
                            ("本科（在职）", "省委党校研究生", "中央党校大学", "函授本科", "大学本科/学士", "高中"),
                            strict=True,
                        )
                    ),
                )
            ),
        ),
        records=tuple(
            {"name": p.name, "admitted_on": p.admitted, "education": code}
            for p, code in zip(PEOPLE, ("21", "10", "21", "21", "21", "61"), strict=True)
        ),
    ),
    "telephones": Case(
        about="电话有两个的、带分机的、没有区号的、短号",
        pages=(
            Page(
                rows=(
                    ("姓名", "入党时间", "联系电话"),
                    ("冯晓岚", FENG.admitted, "13800000001/13900000001"),
                    ("陈建舟", CHEN.admitted, "0394-8221234转8012"),
                    ("褚文海", CHU.admitted, "8221234"),
                    ("卫雪芹", WEI.admitted, "短号66123"),
                )
            ),
        ),
        formats=("xlsx", "xls", "csv"),
    ),
    "birth_month_of_the_file": Case(
        about="档案上的出生年月与身份证号不同",
        pages=(
            Page(
                rows=(
                    ("姓名", "身份证号", "出生年月", "入党时间"),
                    ("冯晓岚", FENG.id_no, "1978.12", FENG.admitted),
                    ("陈建舟", CHEN.id_no, "1983年11月2日", CHEN.admitted),
                )
            ),
        ),
    ),
    "same_name": Case(
        about="两个同名的人没有身份证号",
        pages=(Page(rows=(("姓名", "性别", "入党时间"), ("李娜", "女", "2001-07-01"), ("李娜", "女", "2003-07-01"))),),
        records=({"name": "李娜", "admitted_on": "2001-07-01"}, {"name": "李娜", "admitted_on": "2003-07-01"}),
    ),
    "without_dates": Case(
        about="只有姓名和性别，没有日期和类别",
        pages=(Page(rows=(("姓名", "性别"), *((p.name, p.gender) for p in PEOPLE))),),
        formats=("xlsx", "csv"),
    ),
    "rare_names": Case(
        about="生僻字、间隔号和为对齐加的空格",
        pages=(
            Page(
                rows=(
                    ("姓名", "性别", "入党时间"),
                    ("张　三", "男", "2003-07-01"),
                    ("阿卜杜拉•买买提", "男", "2004-07-01"),
                    ("𬱖𠈌", "女", "2005-07-01"),
                )
            ),
        ),
        formats=("xlsx", "xls", "ods", "csv", "gb18030.csv", "utf16.txt"),
    ),
    "formulas": Case(
        about="公式的结果有的存了，有的没存，有的是错误值",
        pages=(
            Page(
                rows=(
                    ("姓名", "性别", "入党时间", "备注"),
                    ("冯晓岚", "女", "2003-07-01", "#N/A"),
                    ("陈建舟", "男", "2008-06-20", '=A2&"的介绍人"'),
                )
            ),
        ),
        formats=EXCEL,
    ),
    "line_breaks": Case(
        about="表头和备注里有换行、引号、逗号",
        pages=(
            Page(
                rows=(
                    ("姓\n名", "性别", "入党\n时间", "备注"),
                    ("冯晓岚", "女", "2003-07-01", '第一行\n第二行，"引"'),
                    ("陈建舟", "男", "2008-06-20", "a,b;c"),
                )
            ),
        ),
        formats=(*OFFICE, "csv", "utf16.txt", "html.xls", "xml.xls"),
        records=(
            {"name": "冯晓岚", "note": '第一行\n第二行，"引"'},
            {"name": "陈建舟", "note": "a,b;c"},
        ),
    ),
}
