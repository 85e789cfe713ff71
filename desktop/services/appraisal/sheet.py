"""A round as Excel sheets: a line a year of its preparation, and a line a member of what became of it."""

from desktop.models.vocabulary.appraisal import QuotaBase
from desktop.models.vocabulary.labels import Labelled
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.appraisal.keeping import VOTES, of_line, of_round
from desktop.services.errors import InvalidInput, Named
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.numbers import parse_decimal, parse_integer
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn
from desktop.services.spreadsheets.text import parse_text, plain

NOT_GRADED = frozenset({"不评定", "不评定等次", "不定等次", "不评等次", "未评定", "—", "-", "/", "不参评"})
"""What stands for no grade, of probationary members most often."""


def _year(value: object, field: Named) -> int:
    return parse_integer(plain(value).rstrip("年度"), field, 1900, 2099)


def _hours(value: object, field: Named) -> float:
    return float(parse_decimal(value, field, places=1))


def _grade(value: object, field: Named) -> AppraisalGrade | None:
    """Return the grade a cell names; None where it says that there is none.

    Raises:
        InvalidInput: it names neither.
    """
    text = plain(value).replace(" ", "").removesuffix("党员").removesuffix("等次")
    if text in NOT_GRADED:
        return None
    found = next((grade for grade in AppraisalGrade if text in (grade.label, grade.value)), None)
    if found is None:
        raise InvalidInput(field, f"{quoted(text)}不是等次，可填：{'、'.join(grade.label for grade in AppraisalGrade)}")
    return found


def _standing(value: object, field: Named) -> bool:
    """Return whether a cell says a full member."""
    text = plain(value).replace(" ", "")
    if "预备" in text:
        return False
    if "正式" in text:
        return True
    raise InvalidInput(field, "可填：正式党员、预备党员")


def _base(value: object, field: Named) -> QuotaBase:
    text = plain(value).replace(" ", "")
    found = next((base for base in QuotaBase if base.label in text), None)
    if found is None:
        raise InvalidInput(field, f"可填：{'、'.join(base.label for base in QuotaBase)}")
    return found


def _labels(options: type[Labelled]) -> tuple[str, ...]:
    return tuple(option.label for option in options)


def _day(name: str, *, line: bool = False) -> SheetColumn:
    item = of_line(name) if line else of_round(name)
    return SheetColumn(name, item.label, parse_date, looks="date", width=13)


def _count(name: str, *, line: bool = False, if_used: bool = False) -> SheetColumn:
    item = of_line(name) if line else of_round(name)
    return SheetColumn(
        name, item.label, lambda value, field: parse_integer(value, field, 0, 9999), looks="integer", width=9,
        if_used=if_used,
    )  # fmt: skip


def _text(name: str, *, line: bool = False, long: bool = False) -> SheetColumn:
    item = of_line(name) if line else of_round(name)
    return SheetColumn(name, item.label, parse_text, looks="long" if long else "text", width=20 if long else 12)


YEAR = SheetColumn("for_year", "年度", _year, looks="integer", width=8, help="不填按现在办的年度")
NAME = SheetColumn(
    "name", "姓名", parse_text, required=True, width=12, example="张三",
    help="名册上的姓名；同名的加身份证号后四位：张伟（1234）",
)  # fmt: skip
STANDING = SheetColumn(
    "full", "党籍状态", _standing, lambda value: None if value is None else "正式党员" if value else "预备党员",
    choices=("正式党员", "预备党员"), decides=False, help="只用来核对，不改名册",
)  # fmt: skip
SELF = SheetColumn("self_grade", "自评等次", _grade, choices=_labels(AppraisalGrade), decides=False)
GRADE = SheetColumn("grade", "评议结果", _grade, choices=_labels(AppraisalGrade))
RESULTS = Sheet(
    kind="appraisal",
    title="民主评议结果",
    keys=("name",),
    note="一名党员一行。只填姓名和评议结果也可以；有测评票的填各等次的票数，程序核对合计。",
    columns=(
        YEAR,
        NAME,
        STANDING,
        _day("review_on", line=True),
        SELF,
        _text("review", line=True, long=True),
        _text("peer", line=True, long=True),
        _text("written", line=True, long=True),
        _text("read_by", line=True),
        *(_count(name, line=True) for name in VOTES),
        GRADE,
        _text("reason", line=True, long=True),
        _day("decided_on"),
        _day("fed_back_on", line=True),
        _text("fed_back_by", line=True),
        _text("praise", line=True, long=True),
        _text("faults", line=True, long=True),
        _text("hopes", line=True, long=True),
        _day("signed_on", line=True),
        _day("registered_on", line=True),
        _text("excused", line=True),
    ),
)
ROUNDS = Sheet(
    kind="appraisal_round",
    title="组织生活会准备",
    keys=("for_year", "plan_on"),
    note="一个年度一行：准备、测评的发出收回、公布。会议本身在会议台账里。",
    columns=(
        YEAR,
        _text("theme"),
        _day("plan_on"),
        _day("study_on"),
        SheetColumn("study_hours", of_round("study_hours").label, _hours, looks="decimal", width=9),
        _text("study_topics"),
        _day("notice_on"),
        _day("planned_on"),
        _day("opinions_on"),
        _day("committee_review_on"),
        _text("guest"),
        _day("peer_on"),
        _day("ballots_on"),
        *(_count(name) for name in ("issued", "collected", "valid")),
        *(_count(name, if_used=True) for name in ("branch_good", "branch_fair", "branch_average", "branch_poor")),
        SheetColumn("quota_base", of_round("quota_base").label, _base, choices=_labels(QuotaBase), decides=False),
        _text("decided_by"),
        _day("published_on"),
        _day("reported_on"),
        _text("note", long=True),
    ),
)
