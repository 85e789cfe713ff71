"""Small forms of the ledger: a payment of one member, a month of several, an assessment."""

from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLineEdit

from desktop.models.vocabulary.dues import DuesClass, DuesKind, DuesMeans, DuesRelief
from desktop.services.dues import keeping
from desktop.services.dues.assessing import AssessmentRow, AssessmentService, parse_pay, typed_pay
from desktop.services.dues.collecting import PEOPLE, PaymentRow, PaymentService
from desktop.services.dues.keeping import AssessmentDraft, PaymentDraft
from desktop.services.dues.ledger import LedgerService
from desktop.services.dues.reckoning import LedgerRow
from desktop.services.dues.words import grouped, percent, yuan
from desktop.services.errors import Input, InvalidInput
from desktop.services.spreadsheets.numbers import parse_money
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import link, row, set_text, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo
from desktop.ui.widgets.people import PeopleGrid

MONTHS = [(month, f"{month}月") for month in range(1, 13)]
PAYMENTS, ASSESSMENTS = "dues_payments", "dues_assessments"
NOTHING = ""


def _line(item: Input, words: str = "", hint: str = "", note: str = "") -> tuple[str, Field]:
    return item.name, Field(item.label, edit(item.label, words, hint), note=note)


def _day(item: Input, value: date | None, *, required: bool = False, note: str = "") -> tuple[str, Field]:
    return item.name, Field(item.label, DateEdit(item.label, value, required=required), required=required, note=note)


def _choice(item: Input, options: list[tuple[object, str]], value: object = None) -> tuple[str, Field]:
    return item.name, Field(item.label, Choice(item.label, options, value))


def _fen(words: object, item: Input) -> int | None:
    """Return a typed amount in fen, None for nothing.

    Raises:
        InvalidInput: it is no amount.
    """
    return parse_money(str(words), item) if str(words or "").strip() else None


class PaymentDialog(FormDialog):
    """收党费: the months of one member, new or already kept."""

    def __init__(
        self, page: Page, year: int, member: LedgerRow, first: int, last: int, payment: PaymentRow | None
    ) -> None:
        self._payments, self._member, self._year, self._payment = (
            page.desk.service(PaymentService),
            member,
            year,
            payment,
        )
        owed = sum(cell.owed_fen for cell in member.cells[first - 1 : last])
        kept = payment
        means: list[tuple[object, str]] = [(NOTHING, "没有记"), *((each, each.label) for each in DuesMeans)]
        kinds: list[tuple[object, str]] = [(NOTHING, "按日期定"), *((each, each.label) for each in DuesKind)]
        self.fields = FieldSet(
            (
                _choice(keeping.FROM_MONTH, list(MONTHS), kept.from_month if kept else first),
                _choice(keeping.TO_MONTH, list(MONTHS), kept.to_month if kept else last),
                (
                    keeping.AMOUNT.name,
                    Field(
                        keeping.AMOUNT.label,
                        edit(keeping.AMOUNT.label, yuan(kept.amount_fen if kept else owed) if kept or owed else ""),
                        required=True,
                        note=f"每月应交{yuan(member.monthly_fen)}元" if member.monthly_fen is not None else "",
                    ),
                ),
                _day(keeping.PAID_ON, kept.paid_on if kept else page.desk.store.today),
                _choice(keeping.MEANS, means, (kept.means or NOTHING) if kept else DuesMeans.CASH),
                _choice(keeping.KIND, kinds, kept.kind if kept else NOTHING),
                _line(keeping.RECEIPT, kept.receipt_no if kept else ""),
                _line(keeping.COLLECTED_BY, kept.collected_by if kept else ""),
                _line(keeping.NOTE, kept.note if kept else ""),
            ),
            columns=2,
        )
        remove = [row(link("删除这一笔", self._remove, "trash"), ...)] if payment else []
        about = payment.id if payment else f"{member.member_id}"
        super().__init__(
            page,
            f"{'修改' if payment else '登记'}{member.name}的党费",
            *remove,
            self.fields,
            fields=(self.fields,),
            verb="保存" if payment else "收下",
            needs=PAYMENTS,
            draft="dues_payment" if payment else "dues_payment_new",
            about=about,
            rev=payment.rev if payment else None,
        )

    def submit(self) -> None:
        """Keep the payment."""
        if not self.readable(required=True):
            return
        payment, name, rev = self._payment, self._member.name, self.rev
        values = self.fields.changed() if payment else self.fields.values()

        def work() -> str:
            typed: dict[str, Any] = {
                name: value or None if name in ("means", "kind") else value for name, value in values.items()
            }
            if "amount_fen" in typed:
                typed["amount_fen"] = _fen(typed["amount_fen"], keeping.AMOUNT) or 0
            if payment:
                return self._payments.pay(replace(self._payments.payment(payment.id).draft(), **typed), payment.id, rev)
            return self._payments.pay(PaymentDraft(member_id=self._member.member_id, year=self._year, **typed))

        self.keep(work, f"{name}的党费已{'改好' if payment else '收下'}。")

    def _remove(self) -> None:
        payment = self._payment
        if payment is not None:
            self.keep(
                lambda: self._payments.remove([payment.id]),
                f"已删除{self._member.name}{payment.months}的一笔党费。",
                undo=lambda: self.page.act(lambda: self._payments.restore([payment.id]), "已恢复。"),
            )


class CollectDialog(FormDialog):
    """收一个月: everyone who has not paid, all ticked; one day and one way for all."""

    def __init__(self, page: Page, year: int, month: int, people: tuple[LedgerRow, ...]) -> None:
        self._payments, self._year, self._month = page.desk.service(PaymentService), year, month
        self._sums = {each.member_id: each.cells[month - 1].owed_fen for each in people}
        self.grid = PeopleGrid(PEOPLE.label, ("没交", "已交"))
        self.grid.set_people([(each.member_id, each.name) for each in people], self._sums)
        self._sum = text("", "sub")
        everyone = row(
            link("全选", lambda: self.grid.tick_all(True)), link("全不选", lambda: self.grid.tick_all(False)), ...
        )
        means: list[tuple[object, str]] = [(each, each.label) for each in DuesMeans]
        self.fields = FieldSet(
            (
                _day(keeping.PAID_ON, page.desk.store.today, required=True),
                _choice(keeping.MEANS, means, DuesMeans.CASH),
                _line(keeping.COLLECTED_BY),
            )
        )
        super().__init__(
            page,
            f"收{month}月党费",
            everyone,
            self.grid,
            self.fields,
            self._sum,
            fields=(self.fields,),
            verb="确认收",
            needs=PAYMENTS,
            draft="dues_collect",
            about=f"{year}-{month}",
            wide=True,
        )
        self.grid.changed.connect(self._count)
        self._count()

    def _count(self) -> None:
        ticked = self.grid.ticked()
        total = sum(self._sums[each] for each in ticked)
        self.verb.setText(f"确认收 {len(ticked)} 人")
        self.verb.setEnabled(bool(ticked))
        set_text(self._sum, f"共 {grouped(total)} 元；收下的都记这一天、这一种方式，个别不同的在格子里改。")

    def submit(self) -> None:
        """Collect of everyone ticked."""
        if not self.readable():
            return
        values, people = self.fields.values(), list(self.grid.ticked())
        on, means, by = values["paid_on"], values["means"], values["collected_by"]
        made: list[str] = []

        def work() -> int:
            made.extend(self._payments.collect(self._year, self._month, people, on, means, collected_by=by))
            return len(made)

        self.keep(
            work,
            lambda count: f"已收{self._month}月党费 {count} 人。",
            undo=lambda: self.page.act(lambda: self._payments.remove(made), f"已撤销，{len(made)} 人仍是待交。"),
        )


class ShareDialog(FormDialog):
    """上缴比例: what the superior committee sets; without it the ledger proposes to hand up all."""

    def __init__(self, page: Page, share_ppm: int | None) -> None:
        self._ledgers = page.desk.service(LedgerService)
        note = "按上级党委的通知填，空着就按实收全额提出；各级留存的比例由省里规定，程序不代填。"
        item = keeping.SHARE
        self.fields = FieldSet(
            ((item.name, Field(item.label, edit(item.label, percent(share_ppm), "如 60%"), note=note)),)
        )
        super().__init__(
            page,
            "党费上缴比例",
            self.fields,
            fields=(self.fields,),
            verb="保存",
            needs=PAYMENTS,
            draft="dues_share",
        )

    def submit(self) -> None:
        """Keep it; what was handed up already stays as it is."""
        if self.readable():
            words = str(self.fields.values()[keeping.SHARE.name])
            self.keep(
                lambda: self._ledgers.set_share(words),
                lambda share: (
                    "以后的待上缴按实收全额算。" if share is None else f"以后的待上缴按实收的{percent(share)}算。"
                ),
            )


class AssessmentDialog(FormDialog):
    """核定: base and class of one member from a month of the year on, with what was decided about it."""

    def __init__(self, page: Page, source: AssessmentRow, *, later: bool = False) -> None:
        self._assessments, self._source = page.desk.service(AssessmentService), source
        self._kept = source if source.id and not later else None
        self._deductions: tuple[str, ...] = ()
        self._words = text("", "sub", wrap=True)
        classes: list[tuple[object, str]] = [(each, each.label) for each in DuesClass]
        reliefs: list[tuple[object, str]] = [(NOTHING, "没有"), *((each, each.label) for each in DuesRelief)]
        kept = self._kept
        monthly = source.monthly_fen if source.relief or source.dues_class is DuesClass.FARMER else None
        first = page.desk.store.today.month if later else source.from_month
        self.fields = FieldSet(
            (
                _choice(keeping.CLASS, classes, source.dues_class),
                (
                    keeping.BASE.name,
                    Field(
                        keeping.BASE.label,
                        edit(keeping.BASE.label, yuan(source.base_fen), "元"),
                        note="扣除个税、社保、公积金、年金以后的月收入。",
                    ),
                ),
                _choice(keeping.FROM_MONTH, list(MONTHS), first),
                _day(keeping.ASSESSED_ON, (kept.assessed_on if kept else None) or page.desk.store.today),
                _choice(keeping.RELIEF, reliefs, source.relief or NOTHING),
                _line(keeping.MONTHLY, yuan(monthly), "按分档表算", "少交、农民党员才填。"),
                _day(keeping.DECIDED_ON, source.decided_on),
                _line(keeping.APPROVED_BY, source.approved_by),
                _line(keeping.DOCUMENT_NO, source.document_no),
                _line(keeping.REASON, source.reason),
                _line(keeping.NOTE, source.note),
                (
                    keeping.PAY.name,
                    Field(
                        keeping.PAY.label,
                        memo(keeping.PAY.label, typed_pay(source.pay), "岗位工资 5000\n住房公积金 600"),
                        note="一行一项，个税、社保、公积金、年金自动减；填了就按它算基数。",
                    ),
                ),
            ),
            columns=2,
        )
        super().__init__(
            page,
            f"{'修改' if kept else ''}{source.name}{source.year}年党费核定",
            self._words,
            self.fields,
            fields=(self.fields,),
            verb="保存" if kept else "核定",
            needs=ASSESSMENTS,
            draft="dues_assessment" if kept else "dues_assessment_new",
            about=kept.id if kept else source.member_id,
            rev=kept.rev if kept else None,
            wide=True,
        )
        ledgers = page.desk.service(LedgerService)
        page.read(lambda: ledgers.rules(source.year).deductions, self._know)
        pay = self.fields.fields[keeping.PAY.name].control
        pay.textChanged.connect(self._add_up)  # type: ignore[attr-defined]
        base = self.fields.fields[keeping.BASE.name].control
        dues_class = self.fields.fields[keeping.CLASS.name].control
        base.textChanged.connect(lambda _words: self._reckon())  # type: ignore[attr-defined]
        dues_class.currentIndexChanged.connect(lambda _at: self._reckon())  # type: ignore[attr-defined]
        self._reckon()

    def _know(self, deductions: tuple[str, ...]) -> None:
        self._deductions = deductions

    def _add_up(self) -> None:
        """Put the sum of the parts of pay into the base."""
        values = self.fields.values()
        try:
            pay = parse_pay(values["pay"], self._deductions)
        except InvalidInput:  # not written to its end; said at the field when it is kept
            return
        total = AssessmentDraft(member_id="", year=self._source.year, pay=pay).base
        control = self.fields.fields[keeping.BASE.name].control
        if pay and total is not None and total >= 0 and isinstance(control, QLineEdit):
            control.setText(yuan(total))

    def _reckon(self) -> None:
        """Say what the table gives for what stands in the fields."""
        values = self.fields.values()
        try:
            base = _fen(values["base_fen"], keeping.BASE)
        except InvalidInput:  # said at the field when it is kept
            base = None
        chosen: DuesClass = values["dues_class"]

        def show(found: tuple[int | None, int | None]) -> None:
            rate, monthly = found
            words = (
                "写基数，比例和月交自动算。"
                if monthly is None
                else f"按分档表：{percent(rate)} 月交 {yuan(monthly)} 元"
            )
            self._words.setText(words.replace("：  ", "："))

        self.page.read(lambda: self._assessments.reckoned(self._source.year, chosen, base), show)

    def submit(self) -> None:
        """Keep the assessment."""
        if not self.readable():
            return
        source, kept, rev = self._source, self._kept, self.rev
        values = self.fields.changed() if kept else self.fields.values()

        def work() -> str:
            typed = dict(values)
            for item in (keeping.BASE, keeping.MONTHLY):
                if item.name in typed:
                    typed[item.name] = _fen(typed[item.name], item)
            if "pay" in typed:
                typed["pay"] = parse_pay(typed["pay"], self._deductions)
            if "relief" in typed:
                typed["relief"] = typed["relief"] or None
            if kept:
                now = self._assessments.assessment(source.year, kept.id).draft()
                return self._assessments.save(replace(now, **typed), kept.id, rev)
            return self._assessments.save(AssessmentDraft(member_id=source.member_id, year=source.year, **typed))

        self.keep(work, f"{source.name}的党费已核定。")
