"""标准 > 标准文件: the editions headquarters keeps and hands out, and a new one from its file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.access import Act
from desktop.services.errors import PackInvalid
from desktop.services.standards.editing.checking import Problem
from desktop.services.standards.editing.service import Compared, EditingService, look_at
from desktop.services.standards.editions import HANDED_OUT, Edition, since_words
from desktop.services.standards.service import StandardService
from desktop.ui.dialogs import ask_open, ask_save
from desktop.ui.headquarters.standard_dialogs import ProblemsDialog
from desktop.ui.output import told
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag, Two
from desktop.ui.widgets import EmptyState, Item, banner, button, col, text
from desktop.ui.widgets.dialogs import Dialog, confirm
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact

FILES = "标准文件 (*.toml)"
HOW_TO_CHANGE = "要改标准，到“起草”里改；也可以另存为文件，改好内容和版本号，再从“增加版本”启用。"
SHOWN = 12
"""So many differences are listed before a file is added."""


def _state(edition: Edition, today: date) -> Tag:
    if edition.in_force:
        return Tag("在用", "good")
    return Tag("待启用", "wait") if edition.effective_from > today else Tag("已更替", "none")


def _columns(today: Callable[[], date]) -> tuple[Column[Edition], ...]:
    return (
        Column("标准", lambda edition: edition.title, cell=lambda edition: Two(edition.title, edition.kind.label)),
        Column("版本", lambda edition: edition.version, width=110, tone="sub"),
        Column(
            "自何时起",
            lambda edition: edition.since,
            text=since_words,
            width=120,
            tone="sub",
            order=lambda edition: edition.effective_from,
        ),
        Column(
            "状态",
            lambda edition: _state(edition, today()).text,
            cell=lambda edition: _state(edition, today()),
            width=140,
        ),
    )


def _differences(compared: Compared) -> list[Item]:
    found = compared.differences
    lines = [f"{part.differs.label} {part.item or '整份'}：{part.words}" for part in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"还有 {len(found) - SHOWN} 处，启用前可以在“起草”里从这个文件起草，逐条看")
    return [text(line, "small", wrap=True) for line in lines]


class EditionDialog(Dialog):
    """A new edition, read and found sound; it counts once confirmed."""

    def __init__(self, page: "EditionsPage", file: Path, compared: Compared) -> None:
        edition = compared.new
        words = "启用后随下一个反馈包发给各支部；过去的年度仍按当年的版本计分。"
        super().__init__(
            page,
            "增加这个版本？",
            fact("标准", edition.title),
            fact("种类", edition.kind.label),
            fact("版本", edition.version),
            fact("自何时起", since_words(edition.since)),
            fact("检查", "格式、编号、权重都符合要求"),
            fact("不同", f"和在用的 {compared.old.version} 比 {len(compared.differences)} 处"),
            *_differences(compared),
            text(words, "sub", wrap=True),
            verb="启用",
            wide=True,
        )
        self._page, self._edition, self._file = page, edition, file

    def submit(self) -> None:
        """Keep the edition."""
        service, new = self._page.service, self._edition

        def add() -> str:
            had = service.keeps(new)
            kept = service.add_edition(new.text, self._file.name)
            called = f"{kept.title} {kept.version}"
            if had:
                return f"{called}已经有了，内容相同，没有再增加。"
            later = kept.effective_from > self._page.desk.store.today
            return f"已增加{called}，{kept.effective_from} 起用。" if later else f"已启用{called}。"

        self._page.act(
            add,
            lambda said: said,
            then=lambda _kept: self.accept(),
            buttons=(self.verb,),
        )


class EditionsPage(Page):
    """标准文件."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(StandardService)
        self.editing = desk.service(EditingService)
        self.add_button = self.desk.offered(Act.STANDARDS, button("增加版本", self.choose, "primary", "plus"))
        empty = EmptyState("book", "还没有标准文件。", "选择标准文件，检查无误后启用。", "增加版本", self.choose)
        self.desk.offered(Act.STANDARDS, empty)
        self.table: DataTable[Edition] = DataTable(_columns(lambda: desk.store.today), "标准文件", empty, height=46)
        self.pane = DetailPane("标准文件")
        self.split = ListWithPane(self.table, self.pane)
        words = "标准只在这里更换，随反馈包发给支部；支部不能自己改。"
        self.setLayout(col(banner("wait", "book", words), (self.split, 1), gap=12, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> tuple[QWidget, ...]:
        """A new edition."""
        return (self.add_button,)

    def reload(self) -> None:
        """Read every edition kept."""

        def work() -> list[Edition]:
            return [edition for kind in HANDED_OUT for edition in self.service.editions(kind)]

        self.read(work, lambda rows: self.table.set_rows(rows, same=lambda edition: edition.id))

    def choose(self) -> None:
        """Ask for the file of a new edition."""
        file = ask_open(self, "选择标准文件", FILES)
        if file is not None:
            self.read_file(file)

    def read_file(self, file: Path) -> None:
        """Read and check `file`; nothing is kept before it is confirmed."""

        def work() -> tuple[Problem, ...] | Compared:
            looked = look_at(self.desk.store, file)
            if looked.edition is None:
                return looked.problems
            if looked.edition.kind not in HANDED_OUT:
                raise PackInvalid(file.name, "文件", "schema", "不是标准、积分规则、赛马方案或党内法规数字")
            return self.editing.compare(looked.edition)

        def then(found: tuple[Problem, ...] | Compared) -> None:
            if isinstance(found, Compared):
                EditionDialog(self, file, found).open()
            else:
                ProblemsDialog(self, f"“{file.name}”不能用，有 {len(found)} 处要改", found, None).open()

        self.read(work, then, buttons=(self.add_button,))

    def show_row(self, edition: Edition) -> None:
        """Look at one edition."""
        tag = _state(edition, self.desk.store.today)
        self.pane.show_head(edition.title, edition.version, tag.text, tag.tone)
        self.pane.show_body(
            fact("种类", edition.kind.label),
            fact("自何时起", since_words(edition.since)),
            fact("来源", "市公司增加" if edition.from_headquarters else "程序自带"),
            fact("篇幅", f"{len(edition.text.splitlines())} 行"),
            text(HOW_TO_CHANGE, "sub", wrap=True) if self.desk.may(Act.STANDARDS) else ...,
        )
        save = self.desk.offered(Act.EXPORT, button("另存为文件", lambda: self.save(edition), icon="download"))
        back = None
        if self.editing.withdrawable(edition):
            back = self.desk.offered(Act.STANDARDS, button("撤回", lambda: self.withdraw(edition), icon="history"))
        self.pane.show_foot(back, ..., save)
        self.split.open_pane()

    def withdraw(self, edition: Edition) -> None:
        """Ask, and take back an edition that does not hold yet."""
        confirm(
            self,
            f"撤回 {edition.title} {edition.version}？",
            "撤回以后各支部收下一个反馈包时也不再有这一版；要再用可以从文件重新增加。",
            "撤回",
            lambda: self.act(
                lambda: self.editing.withdraw(edition.id),
                f"已撤回 {edition.title} {edition.version}。",
                then=lambda _gone: self.pane.close_pane(),
            ),
        )

    def save(self, edition: Edition) -> None:
        """Ask where, and write the text of an edition."""
        path = ask_save(self, "另存标准文件", f"{edition.kind}-{edition.version}.toml", FILES)
        if path is not None:
            self.write(edition, path)

    def write(self, edition: Edition, path: Path) -> None:
        """Write the text of an edition to `path`."""
        self.read(lambda: self.service.save_edition(edition, path), lambda _none: told(self, path))
