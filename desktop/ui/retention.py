"""设置 > 保存期限: what has passed its period, why, since when; nothing goes that is not ticked, with a reason."""

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.retention import Proposal, RetentionService, Rule, load_rules
from desktop.services.retention.service import REASON
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import EmptyState, appear, banner, box, button, card, clear, col, link, row, scroll, text
from desktop.ui.widgets.fields import Field, FieldSet, memo
from desktop.ui.widgets.layout import add

MOST_SHOWN = 100
INTRODUCTION = "程序只列出过了保存期限的材料，从不自己删除。逐件勾选、写明理由，才清除；清除记在使用记录里。"
COPIES = "以前的备份里还有，等备份按期淘汰；外面的备份文件、导出的文件请自行处理。"
NOT_YOURS = "您的角色不能按保存期限清除材料，请管理使用人的同志来做。"


class ClearDialog(FormDialog):
    """The last question before something goes for good, and why it goes."""

    def __init__(self, page: "RetentionPage", chosen: Sequence[Proposal]) -> None:
        self._service, self._chosen = page.service, chosen
        rules = dict.fromkeys(each.rule for each in chosen)
        lines = [
            text(f"{rule.title} {sum(each.rule is rule for each in chosen)} 件：{rule.effect}。", wrap=True)
            for rule in rules
        ]
        hint = "如：年度清理，已满期限，支委会 12 月 3 日议定。"
        reason = Field(REASON.label, memo(REASON.label, "", hint, lines=2), required=True)
        self.fields = FieldSet(((REASON.name, reason),))
        super().__init__(
            page, f"清除选中的 {len(chosen)} 件？", *lines, text(COPIES, "sub", wrap=True), self.fields,
            fields=(self.fields,), verb="清除", needs=Act.ERASE, draft="retention", wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Clear what was ticked."""
        if not self.readable(required=True):
            return
        service, reason, keys = (
            self._service,
            str(self.fields.values()[REASON.name]),
            [each.key for each in self._chosen],
        )
        self.keep(lambda: service.clear(keys, reason), lambda count: f"已清除 {count} 件，理由记在使用记录里。")


class RetentionPage(Page):
    """保存期限."""

    own_period = True

    title = "保存期限"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(RetentionService)
        self.ticks: dict[str, QCheckBox] = {}
        self._proposals: list[Proposal] = []
        self.clear_button = desk.offered(Act.ERASE, button("清除选中的", self.ask, "", "trash"))
        self._list = col(gap=12)
        self.setLayout(
            col(text(INTRODUCTION, "sub", wrap=True), (scroll(box(self._list)), 1), gap=10, pad=(24, 14, 24, 16))
        )

    def bar_actions(self) -> Sequence[QWidget]:
        """Clear what is ticked."""
        return (self.clear_button,)

    def reload(self) -> None:
        """Read what has passed its period."""
        if self.desk.may(Act.ERASE):
            self.read(self.service.proposals, self._show, long=True)
        else:
            clear(self._list)
            add(self._list, banner("wait", "info-circle", NOT_YOURS))
            self._list.addStretch(1)

    def ask(self) -> None:
        """Ask for the reason to clear what is ticked."""
        chosen = [each for each in self._proposals if each.key in self.ticks and self.ticks[each.key].isChecked()]
        if chosen:
            ClearDialog(self, chosen).open()

    def _show(self, proposals: list[Proposal]) -> None:
        self._proposals = proposals
        self.ticks.clear()
        clear(self._list)
        for rule in load_rules():
            found = [each for each in proposals if each.rule is rule]
            if found:
                add(self._list, self._card(rule, found))
        if not proposals:
            periods = "；".join(f"{rule.title}：{rule.why}" for rule in load_rules())
            nothing = EmptyState("shield-check", "没有过了保存期限的材料。", f"到期以后列在这里。{periods}。")
            add(self._list, box(col(nothing), "card"))
        self._list.addStretch(1)
        self._count()

    def _card(self, rule: Rule, found: Sequence[Proposal]) -> QWidget:
        shown = found[:MOST_SHOWN]
        for each in shown:
            self.ticks[each.key] = QCheckBox(f"{each.what}　自 {each.since:%Y-%m-%d} 起，{each.due:%Y-%m-%d} 到期")
            self.ticks[each.key].toggled.connect(lambda _on: self._count())
        ticks = [self.ticks[each.key] for each in shown]
        every = link("全选", lambda: _tick(ticks))
        more = f"先列最早的 {MOST_SHOWN} 件，共 {len(found)} 件。" if len(found) > MOST_SHOWN else ""
        rest = text(more, "small")
        appear(rest, bool(more))
        return card(
            f"{rule.title}　{len(found)} 件",
            text(f"{rule.why}。清除：{rule.effect}。", "sub", wrap=True),
            col(*ticks, gap=6),
            row(every, ..., rest),
        )

    def _count(self) -> None:
        self.clear_button.setEnabled(any(tick.isChecked() for tick in self.ticks.values()))


def _tick(ticks: Sequence[QCheckBox]) -> None:
    for tick in ticks:
        tick.setChecked(True)
