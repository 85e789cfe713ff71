"""Papers about dues (党费): the ledger to sign, the assessment, the slip, the notice, a receipt and a reminder."""

from collections.abc import Sequence
from datetime import date

from desktop.models.dues import MONTHS
from desktop.services.archive.blocks import (
    TURN,
    Block,
    Column,
    Document,
    Fields,
    Heading,
    Look,
    Note,
    PageBreak,
    Paragraph,
    Side,
    Signatures,
    Table,
    Title,
)
from desktop.services.archive.wording import day
from desktop.services.dues.assessing import AssessmentRow
from desktop.services.dues.collecting import PaymentRow
from desktop.services.dues.ledger import Ledger, QuarterSum
from desktop.services.dues.reckoning import QUARTER_MONTHS, Cell, CellState, LedgerRow
from desktop.services.dues.using import Funds
from desktop.services.dues.words import grouped, in_capitals, months_words, percent, yuan
from desktop.services.numbers import percent as share_of
from desktop.services.standards.dues_rules import DuesRules

PAGE_ROWS = 12
SIGNED = (
    "支部书记：" + "　" * 8 + "收缴人（组织委员）：" + "　" * 8 + "监督人（党员代表）：" + "　" * 8 + "年　　月　　日"
)
"""One line to sign, as the forms in use have it: it stays on the page of the last members."""
UNPAID, NOT_DUE = "△", "—"
LEDGER_COLUMNS = (
    Column("序号", 0.9, Side.CENTER),
    Column("姓名", 2.5),
    Column("基数", 2.6, Side.RIGHT),
    Column("比例", 1.5, Side.CENTER),
    Column("月应交", 2.2, Side.RIGHT),
    *(Column(f"{month}月", 2.2, Side.RIGHT) for month in range(1, MONTHS + 1)),
    Column("累计", 3.0, Side.RIGHT),
    Column("上半年", 1.8, Side.CENTER),
    Column("下半年", 1.8, Side.CENTER),
)
LEAD = 5
"""Columns before the months."""


def ledger_document(ledger: Ledger, branch: str, names: Sequence[LedgerRow] | None = None) -> Document:
    """Return the register of dues of a year (党费收缴登记表): twelve members a page, with places to sign."""
    title = f"{ledger.year}年度党费收缴登记表"
    rows = sorted(ledger.rows if names is None else names, key=lambda row: row.member_id)
    blocks: list[Block] = []
    pages = [rows[at : at + PAGE_ROWS] for at in range(0, len(rows), PAGE_ROWS)] or [[]]
    for number, page in enumerate(pages):
        if number:
            blocks.append(PageBreak())
        blocks.append(Title(f"{branch}{TURN}党费收缴登记表", f"（{ledger.year}年度，单位：元）"))
        lines = [_ledger_line(PAGE_ROWS * number + place, row, ledger) for place, row in enumerate(page, start=1)]
        lines.append(_sum_line("本页计", page))
        if number == len(pages) - 1 and len(pages) > 1:
            lines.append(_sum_line("支部计", rows))
        lines += [_days_line(rows, ledger), _blank_line("收款人"), _remitted_line(ledger)]
        blocks.append(Table(LEDGER_COLUMNS, tuple(lines), record="党费收缴登记表", dense=True))
    blocks += [
        Note(
            f"“{UNPAID}”为未交，补交后填实交数并注明日期；“{NOT_DUE}”为不在本支部交纳。“收齐日”写月.日，“收款人”由收款人逐月签字，“上缴”写日期和收据号；“上半年”“下半年”由本人签字。基数每年初核定，一般全年不变。"
            + (f"{len(ledger.provisional)}人没有核定，暂按名册上的基数。" if ledger.provisional else "")
            + _unrecorded(ledger, "空着")
        ),
        *(Note(words) for words in _remarks(rows)),
        Paragraph(SIGNED, indent=False),
    ]
    return _document(title, branch, f"{ledger.year}年度", ledger.on, blocks, landscape=True)


def _ledger_line(number: int, row: LedgerRow, ledger: Ledger) -> tuple[str, ...]:
    return (
        str(number),
        row.name,
        yuan(row.base_fen) or NOT_DUE,
        percent(row.rate_ppm) or NOT_DUE,
        "" if row.monthly_fen is None else yuan(row.monthly_fen),
        *(_cell(cell) for cell in row.cells),
        yuan(row.paid_fen),
        "",
        "",
    )


def _unrecorded(ledger: Ledger, told: str, months: range = range(1, MONTHS + 1)) -> str:
    """Say of which months nobody knows who paid, and what the paper does with them; "" where all are known."""
    unknown = [(ledger.year, month) for month in ledger.unrecorded if month in months]
    return f"{months_words(unknown, ledger.year)}没有交纳记录，{told}。" if unknown else ""


def _cell(cell: Cell) -> str:
    if cell.paid_fen:
        return yuan(cell.paid_fen)
    if cell.state is CellState.OWED:
        return UNPAID
    return {CellState.NONE: NOT_DUE, CellState.EXEMPT: "免"}.get(cell.state, "")


def _sum_line(words: str, rows: Sequence[LedgerRow]) -> tuple[str, ...]:
    sums = [sum(row.cells[month].paid_fen for row in rows) for month in range(MONTHS)]
    return ("", words, "", "", "", *(yuan(amount) if amount else "" for amount in sums), yuan(sum(sums)), "", "")


def _days_line(rows: Sequence[LedgerRow], ledger: Ledger) -> tuple[str, ...]:
    """Say on which day the last of a month came in, where all did."""
    days = []
    for sums in ledger.months:
        paid = [row.cells[sums.month - 1].paid_on for row in rows if row.cells[sums.month - 1].due_fen]
        known = [on for on in paid if on is not None]
        whole = bool(sums.payers) and sums.settled == sums.payers and len(known) == len(paid)
        days.append(f"{max(known).month}.{max(known).day}" if whole else "")
    return ("", "收齐日", "", "", "", *days, "", "", "")


def _blank_line(words: str) -> tuple[str, ...]:
    return ("", words, *[""] * (len(LEDGER_COLUMNS) - 2))


def _remitted_line(ledger: Ledger) -> tuple[str, ...]:
    """Say in the last month of each quarter when it was handed up, and under which receipt."""
    cells = [""] * MONTHS
    for quarter in ledger.quarters:
        told = [f"{on.month}.{on.day} {receipt}".strip() for on, receipt in quarter.remitted]
        cells[quarter.quarter * QUARTER_MONTHS - 1] = "；".join(told)
    return ("", "上缴", "", "", "", *cells, "", "", "")


def _remarks(rows: Sequence[LedgerRow]) -> list[str]:
    relieved = [f"{row.name}{row.relief.label}" for row in rows if row.relief is not None]
    quarterly = [row.name for row in rows if row.quarterly]
    found = []
    if relieved:
        found.append(f"经支部大会讨论、上级党委批准：{'、'.join(relieved)}。")
    if quarterly:
        found.append(f"经支部同意按季交纳：{'、'.join(quarterly)}。")
    return found


def assessment_document(rows: Sequence[AssessmentRow], rules: DuesRules, branch: str, year: int, on: date) -> Document:
    """Return the yearly assessment (党费核定表), with the parts of pay that somebody has, to be signed."""
    parts = [*rules.pay_items, *rules.deductions]
    used = [name for name in parts if any(part.name == name for row in rows for part in row.pay)]
    cut = set(rules.deductions)
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("姓名", 1.8),
        Column("类别", 1.5, Side.CENTER),
        *(Column(f"{'减' if name in cut else ''}{name}", 1.7, Side.RIGHT) for name in used),
        Column("基数", 2.0, Side.RIGHT),
        Column("比例", 1.2, Side.CENTER),
        Column("每月应交", 1.8, Side.RIGHT),
        Column("起月", 1.0, Side.CENTER),
        Column("备注", 3.0),
        Column("本人签字", 2.0, Side.CENTER),
    )
    lines = tuple(
        (
            str(number),
            row.name,
            row.dues_class.label,
            *(next((yuan(part.fen) for part in row.pay if part.name == name), "") for name in used),
            yuan(row.base_fen) or NOT_DUE,
            percent(row.rate_ppm) or NOT_DUE,
            "" if row.monthly_fen is None else yuan(row.monthly_fen),
            f"{row.from_month}月",
            _assessed_note(row),
            "",
        )
        for number, row in enumerate(rows, start=1)
    )
    blocks: list[Block] = [
        Title(f"{branch}{TURN}党费核定表", f"（{year}年度，共{len({row.member_id for row in rows})}人，单位：元）"),
        Table(columns, lines, record="党费核定表", dense=True),
        Note(f"基数：{rules.base}。"),
        Signatures(("填报人", "支部书记", "审核（上级党委）")),
    ]
    return _document(f"{year}年度党费核定表", branch, f"{year}年度", on, blocks, landscape=True)


def _assessed_note(row: AssessmentRow) -> str:
    if not row.id:
        return "未核定"
    relief = f"{row.relief.label}，{row.approved_by}{row.document_no}批准" if row.relief else ""
    return "；".join(filter(None, (relief, row.reason if row.relief else "", row.note)))


def remittance_document(ledger: Ledger, quarter: QuarterSum, branch: str) -> Document:
    """Return the slip that goes with the money of a quarter to the superior committee (党费上缴单)."""
    last = quarter.quarter * QUARTER_MONTHS
    cells = [cell for row in ledger.rows for cell in row.cells[last - QUARTER_MONTHS : last]]
    payers = sum(any(cell.due_fen for cell in row.cells[last - QUARTER_MONTHS : last]) for row in ledger.rows)
    made_good = sum(cell.paid_fen for cell in cells if cell.state is CellState.MADE_GOOD)
    owed = [
        row.name for row in ledger.rows
        if any(cell.state is CellState.OWED for cell in row.cells[last - QUARTER_MONTHS : last])
    ]  # fmt: skip
    receipts = "；".join(f"{day(on)} {receipt}".strip() for on, receipt in quarter.remitted)
    pairs = (
        ("上缴单位", branch),
        ("所属期", f"{ledger.year}年{last - QUARTER_MONTHS + 1}月至{last}月"),
        ("应交党费人数", f"{payers}人"),
        ("应交（元）", grouped(quarter.due_fen)),
        ("实收（元）", grouped(quarter.paid_fen)),
        ("其中补缴（元）", grouped(made_good)),
        *((("上缴比例", percent(quarter.share_ppm)),) if quarter.share_ppm is not None else ()),
        ("本次上缴（元）", grouped(quarter.to_remit_fen or quarter.remitted_fen)),
        ("已上缴（元）", grouped(quarter.remitted_fen)),
        ("收据号", receipts or "　"),
    )
    blocks: list[Block] = [
        Title("党费上缴单", f"（{ledger.year}年第{quarter.quarter}季度）"),
        Fields(pairs, record="党费上缴单"),
    ]
    if owed:
        blocks.append(Note(f"本季度还没有交齐：{'、'.join(owed)}。"))
    if unknown := _unrecorded(ledger, "没有计入实收", range(last - QUARTER_MONTHS + 1, last + 1)):
        blocks.append(Note(unknown))
    blocks += [
        Note("上缴比例按上级党委的规定；大额党费另行全额上缴，不在此数内。"),
        Signatures(("交款人", "收款人", "日期")),
    ]
    return _document(f"{ledger.year}年{quarter.quarter}季度党费上缴单", branch, f"{ledger.year}年", ledger.on, blocks)


def notice_document(ledger: Ledger, branch: str, funds: Funds | None = None) -> Document:
    """Return the notice of what was collected and handed up (党费收缴公示), without bases: those are personal.

    `funds` are the dues the branch had to spend, where any are on record.
    """
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("姓名", 2.2),
        Column("应交（元）", 2.0, Side.RIGHT),
        Column("实交（元）", 2.0, Side.RIGHT),
        Column("交至", 1.6, Side.CENTER),
    )
    rows = sorted(ledger.rows, key=lambda row: row.member_id)
    waiting = (CellState.AHEAD, CellState.OPEN, CellState.UNRECORDED)
    over = [[cell for cell in row.cells if cell.state not in waiting] for row in rows]
    due = [sum(cell.due_fen for cell in cells) for cells in over]
    lines = tuple(
        (str(number), row.name, yuan(asked), yuan(row.paid_fen), f"{row.paid_to}月" if row.paid_to else NOT_DUE)
        for number, (row, asked) in enumerate(zip(rows, due, strict=True), start=1)
    )
    settled = sum(not row.owed and not row.unrecorded for row in rows)
    remitted = sum(quarter.remitted_fen for quarter in ledger.quarters)
    share = NOT_DUE if ledger.unrecorded else share_of(settled, len(rows), none=NOT_DUE)
    unknown = _unrecorded(ledger, "没有计入到期应交，也算不出收缴率：按纸质台账补记以后再公布")
    blocks: list[Block] = [
        Title(f"{branch}{TURN}党费收缴公示", f"（{ledger.year}年，截至{day(ledger.on)}）"),
        Paragraph(
            f"应交党费{len(rows)}人，已交齐{settled}人，收缴率{share}；到期应交{grouped(sum(due))}元，"
            f"实交{grouped(ledger.paid_fen)}元，已上缴上级党委{grouped(remitted)}元。现予公布，接受党员监督。"
        ),
        *([Note(unknown)] if unknown else []),
        Table(columns, lines, record="党费收缴公示"),
        *_funds(funds, ledger.year),
        Signatures(("支部书记", "公布日期")),
    ]
    return _document(f"{ledger.year}年党费收缴公示", branch, f"{ledger.year}年", ledger.on, blocks)


def _funds(funds: Funds | None, year: int) -> list[Block]:
    """Return what was left, came back and was spent by purpose."""
    if funds is None:
        return []
    lines = (
        (f"{year - 1}年末结余", grouped(funds.opening_fen)),
        (f"{year}年上级下拨、返还", grouped(funds.income_fen)),
        *((f"支出：{purpose.label}", grouped(amount)) for purpose, amount in funds.spent),
        ("结余", grouped(funds.closing_fen)),
    )
    columns = (Column("项目", 5), Column("金额（元）", 2, Side.RIGHT))
    return [Heading("党费使用情况", listed=False), Table(columns, lines, record="党费使用情况")]


def receipt_document(row: LedgerRow, payments: Sequence[PaymentRow], ledger: Ledger, branch: str) -> Document:
    """Return what a member is given for what was paid (党费收条): every payment of a year, the sum in capitals."""
    payments = sorted(payments, key=lambda payment: (payment.from_month, payment.to_month, payment.id))
    total = sum(payment.amount_fen for payment in payments)
    columns = (
        Column("所属月份", 2.0, Side.CENTER),
        Column("金额（元）", 1.8, Side.RIGHT),
        Column("交纳日期", 2.2, Side.CENTER),
        Column("类别", 1.6, Side.CENTER),
        Column("方式", 1.4, Side.CENTER),
        Column("收款人", 1.8, Side.CENTER),
        Column("备注", 2.6),
    )
    lines = tuple(
        (
            payment.months,
            yuan(payment.amount_fen),
            day(payment.paid_on),
            payment.kind.label,
            payment.means.label if payment.means is not None else "",
            payment.collected_by,
            "，".join(filter(None, (f"票据号{payment.receipt_no}" if payment.receipt_no else "", payment.note))),
        )
        for payment in payments
    )
    pairs = (
        ("交款人", row.name),
        ("所属年度", f"{ledger.year}年"),
        ("合计（元）", grouped(total)),
        ("大写", in_capitals(total)),
        ("交至", f"{row.paid_to}月" if row.paid_to else ""),
        ("截至", day(ledger.on)),
    )
    blocks: list[Block] = [
        Title("党费收条", f"（{branch}）"),
        Paragraph(f"今收到{row.name}同志交来{ledger.year}年党费，明细如下。"),
        Table(columns, lines, record="党费收条"),
        Fields(tuple(pair for pair in pairs if pair[1]), record="党费收条"),
        Note("本条由支部开给本人留存，不代替上级党委开具的党费收据。"),
        Signatures(("收款人", "交款人", "日期")),
    ]
    return _document(f"{row.name}{ledger.year}年党费收条", branch, f"{ledger.year}年", ledger.on, blocks)


def reminder_document(row: LedgerRow, ledger: Ledger, branch: str) -> Document:
    """Return what a member in arrears is given (党费催交单): which months, how much, what the rules say."""
    pairs = (
        ("姓名", row.name),
        ("每月应交（元）", "" if row.monthly_fen is None else yuan(row.monthly_fen)),
        ("欠交月份", months_words(row.owed, ledger.year)),
        ("欠交（元）", grouped(row.owed_fen)),
        ("截至", day(ledger.on)),
    )
    rules = ledger.rules
    words = (
        f"党员应当按月主动交纳党费，补交一般不超过{rules.arrears_max_months}个月。"
        f"没有正当理由，连续{rules.quit_months}个月不交纳党费的，按自行脱党处理。请于收到后交清；确有困难的，请向支部说明。"
    )
    blocks: list[Block] = [
        Title("党费催交单", f"（{branch}）"),
        Fields(tuple(pair for pair in pairs if pair[1]), record="党费催交单"),
        Paragraph(words),
        Signatures(("组织委员", "本人签收", "日期")),
    ]
    return _document(f"{row.name}党费催交单", branch, f"{ledger.year}年", ledger.on, blocks)


def _document(
    title: str, branch: str, subject: str, on: date, blocks: Sequence[Block], *, landscape: bool = False
) -> Document:
    return Document(
        title=title,
        author=branch,
        subject=subject,
        day=on,
        blocks=tuple(blocks),
        running_head="" if landscape else title,
        running_foot=branch,
        look=Look.BOOK,
        landscape=landscape,
    )
