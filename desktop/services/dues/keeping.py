"""What an assessment and a payment may be: the fields, and what is refused of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.models.dues import PayPart
from desktop.models.vocabulary.dues import DuesClass, DuesKind, DuesMeans, DuesRelief
from desktop.services.errors import Input, InvalidInput

MEMBER = Input("member_id", "党员")
FROM_MONTH = Input("from_month", "从几月")
TO_MONTH = Input("to_month", "到几月")
AMOUNT = Input("amount_fen", "金额")
PAID_ON = Input("paid_on", "交纳日期")
MEANS = Input("means", "交纳方式")
KIND = Input("kind", "种类")
RECEIPT = Input("receipt_no", "凭证号")
COLLECTED_BY = Input("collected_by", "经手人")
NOTE = Input("note", "备注")
CLASS = Input("dues_class", "类别")
PAY = Input("pay", "工资组成")
BASE = Input("base_fen", "基数")
MONTHLY = Input("monthly_fen", "月交")
ASSESSED_ON = Input("assessed_on", "核定日期")
RELIEF = Input("relief", "少交或免交")
DECIDED_ON = Input("decided_on", "支部大会讨论日期")
APPROVED_BY = Input("approved_by", "批准的上级党委")
DOCUMENT_NO = Input("document_no", "批复文号")
SHARE = Input("share", "上缴比例")
CHECKED_ON = Input("checked_on", "核对台账的日期")
GROUND = Input("ground", "台账名称")
REASON = Input("reason", "理由和期限")
ENTRY = Input("entry", "哪一笔补录")
BACK_REASON = Input("reason", "撤掉的理由")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentDraft:
    """What is typed of an assessment. `monthly_fen` counts only where the table does not give it (少交、农民)."""

    member_id: str
    year: int
    from_month: int = 1
    dues_class: DuesClass = DuesClass.WORKING
    pay: tuple[PayPart, ...] = ()
    base_fen: int | None = None
    monthly_fen: int | None = None
    assessed_on: date | None = None
    relief: DuesRelief | None = None
    decided_on: date | None = None
    approved_by: str = ""
    document_no: str = ""
    reason: str = ""
    note: str = ""

    @property
    def base(self) -> int | None:
        """The base: what the parts of the pay give, else what was typed."""
        if not self.pay:
            return self.base_fen
        return sum(-part.fen if part.deducted else part.fen for part in self.pay)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDraft:
    """What is typed of a payment; without a kind the day says it."""

    member_id: str
    year: int
    from_month: int
    to_month: int
    amount_fen: int
    paid_on: date | None
    means: DuesMeans | None = None
    kind: DuesKind | None = None
    receipt_no: str = ""
    collected_by: str = ""
    note: str = ""


def refuse_assessment(values: Mapping[str, Any], today: date) -> None:
    """Refuse stored values of an assessment that nobody could have typed.

    Raises:
        InvalidInput: at the first field that contradicts another.
    """
    dues_class, base = values["dues_class"], values["base_fen"]
    if dues_class.by_base and base is None:
        raise InvalidInput(BASE, f"{dues_class.label}党员的党费按基数算，不能为空")
    if values["assessed_on"] is not None and values["assessed_on"] > today:
        raise InvalidInput(ASSESSED_ON, "在今天之后")
    relief = values["relief"]
    if relief is DuesRelief.EXEMPT and values["monthly_fen"]:
        raise InvalidInput(MONTHLY, "免交的月交应为0")
    if relief is None:
        return
    if values["decided_on"] is None:
        raise InvalidInput(DECIDED_ON, f"{relief.label}要经支部大会讨论，写明日期")
    if values["decided_on"] > today:
        raise InvalidInput(DECIDED_ON, "在今天之后")
    if not values["approved_by"]:
        raise InvalidInput(APPROVED_BY, f"{relief.label}要经上级党委批准，写明批准机关")
    if not values["reason"]:
        raise InvalidInput(REASON, "写明理由和期限")


def refuse_payment(values: Mapping[str, Any], today: date) -> None:
    """Refuse stored values of a payment that nobody could have typed.

    Raises:
        InvalidInput: the months are in no order, there is no amount, or its day lies ahead.
    """
    if values["to_month"] < values["from_month"]:
        raise InvalidInput(TO_MONTH, "早于起始月份")
    if values["amount_fen"] <= 0:
        raise InvalidInput(AMOUNT, "应大于0")
    if values["paid_on"] is not None and values["paid_on"] > today:
        raise InvalidInput(PAID_ON, "在今天之后")
