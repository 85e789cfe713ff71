"""The right column of the ledger: arrears with what to do, the facts of the year, what an inspection will ask."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.services.dues.ledger import Ledger
from desktop.services.dues.paper import PaperEntry
from desktop.services.dues.reckoning import LedgerRow
from desktop.services.dues.words import months_words, yuan
from desktop.ui.dues.dialogs import PAYMENTS
from desktop.ui.widgets import Chip, Item, button, link, row, rule, text

if TYPE_CHECKING:
    from desktop.ui.dues.page import DuesPage

ALARM_TONES = {"remind": "wait", "warn": "part", "report": "bad", "quit": "solid"}


def side_items(page: "DuesPage", ledger: Ledger, found: Sequence[str], on_paper: Sequence[PaperEntry]) -> list[Item]:
    """Return who is in arrears with what to do, the facts of the year, what an inspection will ask, the clauses."""
    alarmed = ledger.alarmed
    chip = Chip("")
    chip.show_state(f"{len(alarmed)} 人" if alarmed else "没有", "bad" if alarmed else "good")
    items: list[Item] = [row(text("欠交预警", "h2"), chip, ...)]
    if ledger.unrecorded:
        months = months_words([(ledger.year, month) for month in ledger.unrecorded], ledger.year)
        told = f"{months}在这里没有交纳记录（格里写“无”），不算欠交：纸质台账上交了的，一次记为已交。"
        paper = page.desk.offered(PAYMENTS, button("按纸质台账记", page.take_paper, "small"))
        items += [text(told, "small", wrap=True), row(paper, ...), rule()]
    for each in alarmed:
        items += [*_alarm(page, ledger, each), rule()]
    for facts in _facts(ledger):
        items.append(row(text(facts[0], "sub"), ..., text(facts[1], "sub")))
    if on_paper:
        payments = sum(len(each.payments) for each in on_paper)
        items.append(row(text("纸质台账补录", "sub"), ..., link(f"{payments} 笔", page.open_paper_entries)))
    if found:
        items += [6, text("检查时会问到", "strong")]
        items += [text(words, "small", wrap=True) for words in found]
    items += [
        6,
        text("依据", "strong"),
        text("党费收缴、使用和管理的规定；党员教育管理工作条例第三十一条", "small", wrap=True),
    ]
    return items


def _alarm(page: "DuesPage", ledger: Ledger, member: LedgerRow) -> list[Item]:
    alarm = member.alarm
    if alarm is None:
        return []
    chip = Chip("")
    chip.show_state(alarm.name, ALARM_TONES.get(alarm.id, "part"))
    words = alarm.words
    if (full := member.quits_on(ledger.rules)) is not None and alarm.id == "report":
        words = f"{full.month} 月 {full.day} 日满 {ledger.rules.quit_months} 个月。" + words.partition("。")[2]
    pay = page.desk.offered(PAYMENTS, button("补收", lambda: page.make_good(member), "small"))
    paper = page.desk.offered(Act.EXPORT, button("催交单", lambda: page.remind(member), "small"))
    talk = page.desk.offered("talk", button("谈话", lambda: page.talk(member), "small"))
    return [
        row(text(member.name, "strong"), chip, ..., text(yuan(member.owed_fen), "strong")),
        text(f"{months_words(member.owed, ledger.year)}，{len(member.owed)} 个月", "sub"),
        text(words, "small", "bad" if alarm.id in ("report", "quit") else "", wrap=True),
        row(pay, talk, paper, ..., gap=6),
    ]


def _facts(ledger: Ledger) -> list[tuple[str, str]]:
    assessed = f"{ledger.assessed_on:%m-%d} 核定 {ledger.assessed} 人" if ledger.assessed_on else (
        f"已核定 {ledger.assessed} 人" if ledger.assessed else "还没有核定"
    )  # fmt: skip
    quarterly = sum(each.quarterly for each in ledger.rows)
    published = f"{ledger.published_on:%m-%d} 已公布" if ledger.published_on else "今年还没有公布"
    return [("核定", assessed), ("按季交", f"{quarterly} 人" if quarterly else "没有"), ("公布", published)]
