"""Admissions as an Excel sheet: a person a row with a column a step (名册), or a step a row (全程纪实)."""

import re
from collections.abc import Mapping
from typing import Any

from desktop.models.people import Person
from desktop.models.vocabulary.development import CaseState, Gender
from desktop.models.vocabulary.labels import Labelled
from desktop.services.errors import InvalidInput, Named
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.dates import parse_date, parse_partial_date
from desktop.services.spreadsheets.identity import parse_id_number
from desktop.services.spreadsheets.numbers import parse_integer
from desktop.services.spreadsheets.sheets import Parser, Sheet, SheetColumn
from desktop.services.spreadsheets.text import name_for, parse_name, parse_text, plain

STEP_NUMBER = re.compile(r"第?(\d{1,2})(?:步|[.、．]|$|\s|(?=\D))")


def parse_people(value: object, field: Named) -> tuple[str, ...]:
    """Return the names in a cell: 张三、李四; 张三 李四."""
    text = parse_text(value, field)
    return tuple(dict.fromkeys(filter(None, (part.strip() for part in re.split(r"[、，,；;/\s\n]+", text)))))


def parse_step(value: object, field: Named) -> str:
    """Return what a cell says a step is: its number, or its name as written."""
    text = plain(value)
    found = STEP_NUMBER.match(text)
    return found[1] if found else text


def one_of(kind: type[Labelled]) -> Parser:
    """Return the parser of one word of `kind`."""

    def parse(value: object, field: Named) -> Labelled:
        text = plain(value).replace(" ", "")
        for each in kind:
            if text in (each.label, each.value):
                return each
        raise InvalidInput(field, f"{quoted(text)}不在可选项中：" + "、".join(each.label for each in kind))

    return parse


def _gender(value: object, field: Named) -> Labelled:
    found: Labelled = one_of(Gender)(plain(value).removesuffix("性"), field)
    return found


def _identity(value: object, field: Named) -> str:
    return parse_id_number(value, field).number


def _day(name: str, label: str, **more: Any) -> SheetColumn:
    return SheetColumn(name, label, parse_date, looks="date", width=13, decides=False, if_used=True, **more)


NAME = SheetColumn("name", "姓名", name_for(Person.name), width=10)
ID_NO_NAME = "id_no"
PERSONAL: tuple[SheetColumn, ...] = (
    SheetColumn("gender", "性别", _gender, width=6, choices=tuple(each.label for each in Gender), decides=False),
    SheetColumn("ethnic", "民族", parse_text, width=8, if_used=True),
    SheetColumn("id_no", "身份证号", _identity, width=21, if_used=True, decides=False),
    SheetColumn("born_on", "出生日期", parse_partial_date, looks="date", width=13, decides=False),
    SheetColumn("native_place", "籍贯", parse_text, width=12, if_used=True),
    SheetColumn("education", "学历", parse_text, width=10, if_used=True),
    SheetColumn("affiliation", "政治面貌", parse_text, width=10, if_used=True),
    SheetColumn("unit", "所在部门", parse_text, width=14, if_used=True),
    SheetColumn("job_title", "工作岗位", parse_text, width=12),
    SheetColumn("phone", "联系电话", parse_text, width=14, if_used=True),
)
STEP_LABELS: Mapping[int, str] = {
    1: "申请入党时间",
    2: "谈话时间",
    3: "确定为入党积极分子时间",
    4: "积极分子备案时间",
    5: "确定培养联系人时间",
    6: "培养考察完成时间",
    7: "支委会讨论发展对象时间",
    8: "确定为发展对象时间",
    9: "确定入党介绍人时间",
    10: "政治审查时间",
    11: "集中培训时间",
    12: "支委会审查时间",
    13: "预审时间",
    14: "填写入党志愿书时间",
    15: "支部大会接收时间",
    16: "组织谈话时间",
    17: "党委审批时间",
    18: "组织部门备案时间",
    19: "编入党支部时间",
    20: "入党宣誓时间",
    21: "继续教育考察完成时间",
    22: "转正申请时间",
    23: "转正大会时间",
    24: "转正审批时间",
    25: "材料归档时间",
}
"""What lists call the day of each step."""
CONSENT = _day("consent_on", "上级党委同意时间")
POSTED = _day("publicity_from", "公示开始时间")
TAKEN_DOWN = _day("publicity_to", "公示结束时间")
DAYS = SheetColumn("days", "培训天数", parse_integer, looks="integer", width=9, decides=False, if_used=True)
HOURS = SheetColumn("hours", "培训学时", parse_integer, looks="integer", width=9, decides=False, if_used=True)
EXTENDED = _day("extended_to", "预备期延长至")
CONTACTS_COLUMN = SheetColumn(
    "contacts", "培养联系人", parse_people, "、".join, width=14, if_used=True, example="张三、李四"
)
INTRODUCERS_COLUMN = SheetColumn("introducers", "入党介绍人", parse_people, "、".join, width=14, if_used=True)
STATE = SheetColumn(
    "state",
    "状态",
    one_of(CaseState),
    width=10,
    choices=tuple(state.label for state in CaseState),
    decides=False,
    if_used=True,
)
REASON = SheetColumn("state_reason", "状态说明", parse_text, looks="long", width=16, if_used=True)
NOTE = SheetColumn("note", "备注", parse_text, looks="long", width=20, if_used=True)
STEP = SheetColumn(
    "step", "程序", parse_step, width=18, if_used=True, help="一步一行的纪实表：写步骤的序号或名称，再写办理时间"
)
DONE_ON = _day("done_on", "办理时间")
RESULT = SheetColumn("result", "主要内容和结果", parse_text, looks="long", width=30, if_used=True)
HANDLER = SheetColumn("handler", "经办人", parse_name, width=10, if_used=True)
PAPER = SheetColumn("paper", "材料名称", parse_people, "、".join, width=20, if_used=True, help="几份用顿号隔开")


def _steps() -> tuple[SheetColumn, ...]:
    found: list[SheetColumn] = []
    for no, label in STEP_LABELS.items():
        if no == 8:
            found += [CONSENT, POSTED, TAKEN_DOWN]
        if no == 9:
            found.append(INTRODUCERS_COLUMN)
        found.append(_day(f"s{no}", label))
        if no == 5:
            found.append(CONTACTS_COLUMN)
        if no == 11:
            found += [DAYS, HOURS]
        if no == 22:
            found.append(EXTENDED)
    return tuple(found)


SHEET = Sheet(
    kind="development_case",
    title="发展党员",
    keys=("name", "done_on"),
    note="一人一行，每一步填办理日期，没办的空着；也可以一步一行（姓名、程序、办理时间）。空着的格不改原有内容。",
    columns=(NAME, *PERSONAL, *_steps(), STEP, DONE_ON, RESULT, HANDLER, PAPER, STATE, REASON, NOTE),
)
