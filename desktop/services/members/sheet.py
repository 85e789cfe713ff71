"""The roster as an Excel sheet: every heading in use, every field of the roster, and how posts are written."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from desktop.models.branches import PartyGroup
from desktop.models.members import Member
from desktop.models.vocabulary.branches import DatePrecision, MemberCategory, Post
from desktop.models.vocabulary.dues import DuesClass
from desktop.services.errors import InvalidInput, Named
from desktop.services.members.standing import parse_standing, refuse_no_member
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.codes import code_name, code_parser
from desktop.services.spreadsheets.dates import PartialDate, Precision, parse_partial_date
from desktop.services.spreadsheets.identity import IdNumber, parse_id_number, parse_phone, remark_on_phone
from desktop.services.spreadsheets.names import clean_name
from desktop.services.spreadsheets.numbers import parse_money
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn, yuan
from desktop.services.spreadsheets.text import label_for, parse_text, plain, shown
from desktop.services.spreadsheets.words import named_value, words

DUES_CLASSES: Mapping[str, str] = {each.value: each.label for each in DuesClass}
NO_POST = "none"
"""What words.toml calls the words that say a member holds no post."""


def _parse_category(value: object, field: Named) -> str:
    """Return the category a cell names.

    Raises:
        InvalidInput: it names none, or somebody who is no member.
    """
    refuse_no_member(value, field)
    return named_value("category", [category.label for category in MemberCategory])(value, field)


def parse_posts(value: object, field: Named) -> tuple[Post, ...]:
    """Return the posts named in a cell: 支部书记、第一党小组组长 are two; 党员 is none.

    Raises:
        InvalidInput: it names something else.
    """
    named: list[Post] = []
    for part in re.split(r"[、，,;；/兼和\n]+", plain(value).replace(" ", "")):
        name = re.sub(r"^第?[一二三四五六七八九十\d]+(?=党?小组|组)", "", part)
        post = words("posts").get(name, "")
        if not name or post == NO_POST:
            continue
        if not post:
            raise InvalidInput(field, f"{quoted(part)}不是党内职务，可填：" + "、".join(post.label for post in Post))
        named.append(Post(post))
    return tuple(post for post in Post if post in named)


def show_posts(posts: Iterable[Post]) -> str:
    """Return posts as one cell."""
    return "、".join(post.label for post in posts)


def show_partial(value: object) -> object:
    """Return a date, or as much as is known of it: 1998年7月."""
    if not isinstance(value, PartialDate):
        return value
    if value.precision is Precision.DAY:
        return value.on
    return f"{value.on.year}年" + (f"{value.on.month}月" if value.precision is Precision.MONTH else "")


def partial_text(on: date | None, precision: DatePrecision) -> str:
    """Return a date with its precision as people read it."""
    if on is None:
        return ""
    if precision is DatePrecision.DAY:
        return on.isoformat()
    return shown(show_partial(PartialDate(on, Precision(precision.value))))


def post_named(text: str) -> tuple[Post, ...]:
    """Return the posts in `text` if it names nothing else, for a column 职务 that may mean either kind of post."""
    try:
        return parse_posts(text, POSTS)
    except InvalidInput:
        return ()


def _date_column(
    name: str,
    label: str,
    *,
    help: str,
    example: str = "",
    width: float = 13,
    if_used: bool = False,
) -> SheetColumn:
    return SheetColumn(
        name,
        label,
        parse_partial_date,
        show_partial,
        looks="date",
        help=help,
        example=example,
        width=width,
        if_used=if_used,
    )


NAME = SheetColumn(
    "name",
    "姓名",
    clean_name,
    required=True,
    example="张三",
    help="与身份证一致；少数民族姓名用间隔号“·”",
    width=12,
)
GENDER = SheetColumn(
    "gender",
    "性别",
    code_parser("gender"),
    code_name("gender"),
    choices=("男", "女"),
    width=7,
    help="不填时取自身份证号",
    decides=False,
)
ETHNIC = SheetColumn(
    "ethnic", "民族", code_parser("ethnic"), code_name("ethnic"), example="汉族", width=9, decides=False
)
ID_NO = SheetColumn(
    "id_no",
    "身份证号",
    parse_id_number,
    width=22,
    example="11010519491231002X",
    help="18位，单元格须为文本格式",
)
BORN_ON = _date_column(
    "born_on",
    "出生日期",
    example="1984-11-20",
    help="不填时取自身份证号",
)
NATIVE_PLACE = SheetColumn("native_place", "籍贯", label_for(Member.native_place), width=14, decides=False)
EDUCATION = SheetColumn(
    "education",
    "学历",
    code_parser("education"),
    code_name("education"),
    width=12,
    example="大学本科",
    choices=("研究生", "大学本科", "大学专科", "中专", "高中", "初中", "小学"),
    decides=False,
)
DEGREE = SheetColumn("degree", "学位", label_for(Member.degree), if_used=True, width=10, decides=False)
UNIT = SheetColumn(
    "unit",
    "所在部门",
    label_for(Member.unit),
    width=18,
    decides=False,
)
JOB_TITLE = SheetColumn(
    "job_title",
    "工作岗位",
    label_for(Member.job_title),
    width=14,
    decides=False,
)
POSTS = SheetColumn(
    "posts",
    "党内职务",
    parse_posts,
    show_posts,
    width=14,
    example="支部书记",
    help="支部书记、组织委员、党小组长等，多项用顿号隔开",
    decides=False,
)
ADMITTED_ON = _date_column(
    "admitted_on",
    "入党时间",
    example="2014-10-07",
    help="支部大会通过为预备党员的日期",
)
FULL_ON = _date_column(
    "full_on",
    "转正时间",
    example="2015-10-07",
    help="预备党员不填",
)
CATEGORY = SheetColumn(
    "category",
    "党员类别",
    _parse_category,
    width=11,
    choices=("正式党员", "预备党员"),
    help="不填时按转正时间判断",
)
PHONE = SheetColumn(
    "phone",
    "联系电话",
    parse_phone,
    width=15,
    remark=remark_on_phone,
    decides=False,
)
GROUP = SheetColumn(
    "group",
    "所在党小组",
    label_for(PartyGroup.name),
    width=13,
    example="第一党小组",
)
STANDING = SheetColumn(
    "standing",
    "党籍状态",
    parse_standing,
    if_used=True,
    width=11,
    help="在册的不用填；已转出、停止党籍、去世的写明，不会当作在册党员导入",
)
DUES_CLASS = SheetColumn(
    "dues_class",
    "党费类别",
    named_value("dues_class", DUES_CLASSES.values()),
    lambda value: DUES_CLASSES.get(value, value),
    if_used=True,
    width=10,
    choices=tuple(DUES_CLASSES.values()),
    decides=False,
)
DUES_BASE = SheetColumn(
    "dues_base_fen",
    "党费计算基数",
    parse_money,
    yuan,
    looks="money",
    width=13,
    help="元，每年初核定一次",
    decides=False,
)
JOINED_ON = _date_column(
    "joined_on",
    "转入本支部时间",
    if_used=True,
    width=14,
    help="组织关系转入的填，在本支部入党的不填",
)
RETIRES_ON = _date_column(
    "retires_on",
    "预计退休日期",
    if_used=True,
    help="按人事部门确定的填，程序不推算；写到日",
)
LEFT_ON = _date_column(
    "left_on",
    "转出时间",
    if_used=True,
    help="转走的人才填；在册的不填",
)
LEFT_TO = SheetColumn("left_to", "转往单位", parse_text, if_used=True, width=16, decides=False)
DIED_ON = _date_column("died_on", "去世时间", if_used=True, help="去世的人才填；在册的不填")
NOTE = SheetColumn("note", "备注", parse_text, looks="long", width=24)
COLUMNS = (
    NAME, GENDER, ETHNIC, ID_NO, BORN_ON, NATIVE_PLACE, EDUCATION, DEGREE, UNIT, JOB_TITLE, POSTS, ADMITTED_ON, FULL_ON,
    CATEGORY, STANDING, PHONE, GROUP, DUES_CLASS, DUES_BASE, RETIRES_ON, JOINED_ON, LEFT_ON, LEFT_TO, DIED_ON,
    NOTE,
)  # fmt: skip
COLUMN: Mapping[str, SheetColumn] = {column.name: column for column in COLUMNS}
"""The columns of the roster by name: what a refusal about a member's field names."""
KEPT_AS_TYPED = (
    GENDER, ETHNIC, ID_NO, BORN_ON, NATIVE_PLACE, EDUCATION, DEGREE, UNIT, JOB_TITLE, PHONE, ADMITTED_ON, FULL_ON,
    DUES_CLASS, DUES_BASE, RETIRES_ON, JOINED_ON, NOTE,
)  # fmt: skip
"""Columns whose value is a field of the member and may change by an import."""
PRECISIONS: Mapping[str, str] = {
    "born_on": "born_precision",
    "admitted_on": "admitted_precision",
    "full_on": "full_precision",
}
"""Dates that may be known only to their month or year, and the field that says how exactly."""


def roster_sheet(today: date | None = None) -> Sheet:
    """Return the sheet of the roster; `today` refuses ID numbers with a birth after it."""

    def parse_id(value: object, field: Named) -> IdNumber:
        return parse_id_number(value, field, today)

    return Sheet(
        kind="members",
        title="党员名册",
        keys=("name", "id_no"),
        note="一名党员一行；有身份证号的按身份证号找到原有党员并更新，没有的按姓名和出生日期。空着的格不改原有内容。",
        columns=tuple(replace(column, parse=parse_id) if column is ID_NO else column for column in COLUMNS),
    )
