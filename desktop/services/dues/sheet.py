"""Dues as Excel sheets: the ledger with its months as columns or a payment a line, and the assessment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from desktop.models.dues import MONTHS
from desktop.models.vocabulary.dues import DuesKind, DuesMeans, DuesRelief
from desktop.services.errors import InvalidInput, Named
from desktop.services.members.sheet import DUES_CLASSES
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.identity import parse_id_number
from desktop.services.spreadsheets.numbers import parse_decimal, parse_integer, parse_money
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn, yuan
from desktop.services.spreadsheets.text import parse_name, parse_text, plain
from desktop.services.spreadsheets.words import named_value
from desktop.services.standards.dues_rules import DuesRules

PAID_MARKS = frozenset("√✓✔☑") | {"已交", "已缴", "已收", "交", "是", "对", "正常"}
OWED_MARKS = frozenset("△×✗欠") | {"未交", "未缴", "欠交", "欠缴", "否"}
EXEMPT_MARKS = frozenset({"免", "免交", "免缴"})
DUE, OWED = "due", "owed"
"""What a mark without an amount says of a month: all that is due is paid, or it is not."""
MONTH_NAMES = ("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_SPAN = re.compile(
    r"(?:(?P<y>\d{4})[年.\-/])?(?P<a>\d{1,2})月?(?:份)?(?:[-—–~至到](?:\d{4}[年.\-/])?(?P<z>\d{1,2})月?(?:份)?)?"
)
_QUARTER = re.compile(r"(?:(?P<y>\d{4})年)?第?(?P<q>[一二三四1-4])季度?")
_HALVES = {"上半年": (1, 6), "下半年": (7, 12), "全年": (1, 12)}
_NAME = re.compile(r"[(（].*$")


@dataclass(frozen=True, slots=True)
class Span:
    """Months named in a cell; the year only where it is written."""

    first: int
    last: int
    year: int | None = None


def parse_span(value: object, field: Named) -> Span:
    """Return the months a cell names: 3月, 2026年3月, 1-3月, 一季度, 全年, or a number.

    Raises:
        InvalidInput: it names none.
    """
    text = plain(value).replace(" ", "")
    for number, name in enumerate(MONTH_NAMES, start=1):
        if text in (name, f"{name}份"):
            return Span(number, number)
    if text in _HALVES:
        return Span(*_HALVES[text])
    if (quarter := _QUARTER.fullmatch(text)) is not None:
        last = 3 * _QUARTERS[quarter["q"]]
        return Span(last - 2, last, int(quarter["y"]) if quarter["y"] else None)
    found = _SPAN.fullmatch(text)
    first = int(found["a"]) if found else 0
    last = int(found["z"] or first) if found else 0
    if found is None or not 1 <= first <= last <= MONTHS:
        raise InvalidInput(field, f"{quoted(text)}看不出是哪几个月，写成3月、1-3月或一季度")
    return Span(first, last, int(found["y"]) if found["y"] else None)


def parse_month_cell(value: object, field: Named) -> object:
    """Return what a cell of the month grid says: an amount in fen, `DUE`, or `OWED`.

    Raises:
        InvalidInput: neither an amount nor a mark that is known.
    """
    text = plain(value).replace(" ", "")
    if text in PAID_MARKS:
        return DUE
    if text in OWED_MARKS or text in EXEMPT_MARKS:
        return OWED
    try:
        return parse_money(value, field)
    except InvalidInput as error:
        raise InvalidInput(field, f"{quoted(text)}不是金额，也不是已交（√）、未交（△）的记号") from error


def parse_rate(value: object, field: Named) -> int:
    """Return a rate as parts per million, from 1.5%, 0.015 or 1.5 (per cent).

    Raises:
        InvalidInput: it is none.
    """
    text = plain(value)
    number = parse_decimal(value, field, places=6, units="%％")
    of_hundred = "%" in text or "％" in text or number >= Decimal("0.1")
    share = number / 100 if of_hundred else number
    if not 0 <= share <= 1:
        raise InvalidInput(field, "不是比例")
    return int(share * 1_000_000)


def person(value: object, field: Named) -> str:
    """Return a name as the roster finds it; brackets may hold the last digits of the number."""
    return str(parse_text(value, field))


def bare_name(text: str) -> str:
    """Return a name without what stands in brackets behind it."""
    return _NAME.sub("", text).replace(" ", "").replace("\u3000", "")


def _year(value: object, field: Named) -> int:
    return parse_integer(value, field, 1900, 2099)


def _fen(value: object) -> object:
    return yuan(value)


def _rate(value: object) -> object:
    return f"{Decimal(value) / 10_000:f}%" if isinstance(value, int) else value


def _label(value: object) -> object:
    return getattr(value, "label", value)


def _coded(values: Mapping[str, str]) -> SheetColumn:
    parse = named_value("dues_class", values.values())
    return SheetColumn("dues_class", "类别", parse, _label, width=10, choices=tuple(values.values()), decides=False)


def _choice(name: str, label: str, options: "type[DuesKind | DuesMeans | DuesRelief]") -> SheetColumn:
    labels = {option.label: option for option in options}

    def parse(value: object, field: Named) -> object:
        text = plain(value).replace(" ", "")
        found = labels.get(text) or next((each for words, each in labels.items() if text and text in words), None)
        if found is None:
            raise InvalidInput(field, f"可填：{'、'.join(labels)}")
        return found

    return SheetColumn(name, label, parse, _label, choices=tuple(labels), decides=False)


NAME = SheetColumn(
    "name",
    "姓名",
    person,
    required=True,
    width=12,
    example="张三",
    help="名册上的姓名；同名的加身份证号后四位：张伟（1234）",
)
ID_NO = SheetColumn("id_no", "身份证号", parse_id_number, width=20, if_used=True)
YEAR = SheetColumn("year", "年度", _year, looks="integer", width=8, help="不填取标题里的年份")
CLASS = _coded(DUES_CLASSES)
BASE = SheetColumn("base_fen", "基数", parse_money, _fen, looks="money", width=12, help="元")
RATE = SheetColumn("rate_ppm", "比例", parse_rate, _rate, width=8, help="不填按分档表算", decides=False)
MONTHLY = SheetColumn("monthly_fen", "月应缴党费", parse_money, _fen, looks="money", width=11)
MONTH_COLUMNS = tuple(
    SheetColumn(
        f"m{month}",
        f"{month}月",
        parse_month_cell,
        _fen,
        looks="money",
        width=9,
        help="实交金额；√ 是交了应交的数，△ 是没交",
    )
    for month in range(1, MONTHS + 1)
)
DUE_SUM = SheetColumn("due_sum", "全年应缴党费", parse_money, _fen, looks="money", width=12, decides=False)
PAID_SUM = SheetColumn("paid_sum", "全年实缴党费", parse_money, _fen, looks="money", width=12, decides=False)
NOTE = SheetColumn("note", "备注", parse_text, looks="long", width=20)
SPAN = SheetColumn("span", "所属月份", parse_span, width=12, help="一笔一行的台账填；3月、1-3月、一季度")
PAID = SheetColumn("paid_fen", "实缴党费", parse_money, _fen, looks="money", width=11)
PAID_ON = SheetColumn("paid_on", "交纳日期", parse_date, looks="date", width=13)
MEANS = _choice("means", "交纳方式", DuesMeans)
KIND = _choice("kind", "种类", DuesKind)
RECEIPT = SheetColumn("receipt_no", "凭证号", parse_text, width=12)
COLLECTED_BY = SheetColumn("collected_by", "经手人", parse_name, width=10)
GRID = (NAME, YEAR, CLASS, BASE, RATE, MONTHLY, *MONTH_COLUMNS, DUE_SUM, PAID_SUM, NOTE)
LINES = (NAME, ID_NO, YEAR, SPAN, PAID, PAID_ON, MEANS, KIND, RECEIPT, COLLECTED_BY, NOTE)
LEDGER = Sheet(
    kind="dues",
    title="党费收缴台账",
    keys=("name",),
    note="一名党员一行，每月一列，填实交的金额。也可以一笔一行，填所属月份和实缴党费。",
    columns=tuple(dict.fromkeys((*GRID, *LINES))),
)
LEDGER_GRID = Sheet(
    kind="dues", title=LEDGER.title, keys=LEDGER.keys, columns=GRID, note="一名党员一行，每月一列，填实交的金额。"
)
FROM_MONTH = SheetColumn(
    "from_month",
    "从几月起",
    lambda value, field: parse_integer(value, field, 1, MONTHS),
    looks="integer",
    width=9,
    help="不填从1月起",
)
ASSESSED_ON = SheetColumn("assessed_on", "核定日期", parse_date, looks="date", width=13)
PAY, CUT = "pay", "cut"


def assessment_sheet(rules: DuesRules) -> Sheet:
    """Return the sheet of the assessment; the parts of pay are those of the rules."""
    pay = tuple(_part(PAY, place, name) for place, name in enumerate(rules.pay_items))
    cut = tuple(_part(CUT, place, name) for place, name in enumerate(rules.deductions))
    return Sheet(
        kind="dues_assessment",
        title="党费核定表",
        keys=("name",),
        note="一名党员一行。工资组成和基数填一样就行；两样都填的，应相等。扣除的填正数。",
        columns=(NAME, ID_NO, YEAR, FROM_MONTH, CLASS, *pay, *cut, BASE, RATE, MONTHLY, ASSESSED_ON, NOTE),
    )


def _part(prefix: str, place: int, name: str) -> SheetColumn:
    return SheetColumn(f"{prefix}{place}", name, parse_money, _fen, looks="money", width=11, if_used=True)
