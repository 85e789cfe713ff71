"""提升 > 经验库 at headquarters: what was chosen from the branches, recommended and published, and who adopted it."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.registers import RegisterArea
from desktop.services.experience.adopted import AdoptedService
from desktop.services.experience.choosing import Candidate, ChoosingService
from desktop.services.experience.rows import EXPERIENCE, SPREAD, Adoption
from desktop.services.numbers import points
from desktop.services.registers.service import RegisterRow
from desktop.services.standards.verdict import Used
from desktop.ui.output import export_button, print_button
from desktop.ui.page import Desk, Page
from desktop.ui.places import open_record_of
from desktop.ui.registers.form import RegisterForm
from desktop.ui.registers.page import RegistersPage
from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import EmptyState, Item, RowButton, button, col, link, row, text
from desktop.ui.widgets.fields import edit
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading

ADOPTIONS, CANDIDATES = "经验采用情况", "可选的做法"


def moved(adoption: Adoption) -> str:
    """Return the totals of the race before and after, as far as there are."""
    if adoption.before is None and adoption.after is None:
        return "—"
    said = (points(total) for total in (adoption.before, adoption.after))
    return " → ".join(said)


def _change(adoption: Adoption) -> Txt:
    tone = "sub" if not adoption.change else "good" if adoption.change > 0 else "bad"
    return Txt(moved(adoption), tone)


class ChosenPage(RegistersPage):
    """经验库 at headquarters."""

    areas = (RegisterArea.EXPERIENCE,)

    def __init__(self, desk: Desk) -> None:
        self.choosing, self.adopted = desk.service(ChoosingService), desk.service(AdoptedService)
        self.adoptions: list[Adoption] = []
        super().__init__(desk)
        self.choose_button = desk.offered(EXPERIENCE, button("从支部选", self.open_candidates, icon="search"))

    def bar_actions(self) -> Sequence[QWidget]:
        """What the branches have to choose from, Excel in and out, and a new entry."""
        return (self.choose_button, *super().bar_actions())

    def reload(self) -> None:
        """Read the entries, and who adopted them."""
        super().reload()
        self.read(self.adopted.adoptions, self._heard)

    def first_step(self) -> tuple[str, Callable[[], object]]:
        """Look through what the branches reported."""
        return "从支部选", self.open_candidates

    def open_candidates(self) -> None:
        """Show what the branches reported that can be chosen."""
        self.desk.push(CandidatesPage(self.desk))

    def facts_beside(self, record: RegisterRow) -> Sequence[Item]:
        """Who adopted it, each with the totals of the race before and after."""
        mine = [each for each in self.adoptions if each.entry == record.id]
        if record.values["published_on"] is None and not mine:
            return ()
        said = [text(f"{len(mine)} 个支部采用。" if mine else "还没有支部报来采用情况。", "sub", wrap=True)]
        return (heading("谁采用了"), *said, *map(self._way, mine))

    def verbs_beside(self, record: RegisterRow) -> Sequence[QWidget]:
        """Publish it, or take it back."""
        if record.values["published_on"] is None:
            verb = link("发布", lambda: self.publish(record), "send")
        else:
            verb = link("撤下", lambda: self.withdraw(record), "x")
        return (self.desk.offered(EXPERIENCE, verb),)

    def publish(self, record: RegisterRow) -> None:
        """Send the entry to every branch with the next answer."""
        if not record.values["recommendation"]:
            self.desk.say("先写推荐意见：为什么推荐、别的支部怎样学。")
            self.desk.push(RegisterForm(self.desk, self.register, record.id))
            return
        self.act(lambda: self.choosing.publish(record.id), "已发布，随下一个反馈包发给全部支部。")

    def withdraw(self, record: RegisterRow) -> None:
        """Take the entry back; it can be published again."""
        self.act(
            lambda: self.choosing.withdraw(record.id),
            "已撤下，下一个反馈包以后支部看不到它。",
            undo=lambda: self.act(lambda: self.choosing.publish(record.id)),
        )

    def _way(self, adoption: Adoption) -> QWidget:
        said = f"{adoption.on or '没有写日期'}　赛马总分 {moved(adoption)}"
        lines = [text(adoption.branch, "strong"), text(adoption.done, wrap=True), text(said, "small", wrap=True)]
        if adoption.measure:
            lines.append(text(f"措施：{adoption.measure}", "small", wrap=True))
        layout = col(*lines, gap=0, pad=(0, 4, 0, 4))
        return RowButton(f"打开 {adoption.branch} 的记录", layout, lambda: look(self.desk, adoption))

    def _heard(self, adoptions: list[Adoption]) -> None:
        self.adoptions = adoptions
        current = self.table.current()
        if current is not None:
            self.show_row(current)


def look(desk: Desk, adoption: Adoption) -> None:
    """Go to the row in which a branch says what it adopted."""
    open_record_of(desk, adoption.branch_id, Used(SPREAD, adoption.record))


CANDIDATE_COLUMNS: tuple[Column[Candidate], ...] = (
    Column("支部", lambda each: each.branch, cell=lambda each: Two(each.branch, each.code), width=190),
    Column("台账", lambda each: each.register, width=140, tone="sub", fold=620),
    Column("名称", lambda each: each.title, cell=lambda each: Two(each.title, each.method.splitlines()[0])),
    Column("日期", lambda each: each.on, width=106, tone="sub", fold=860),
    Column("状态", lambda each: each.state or "—", width=96, tone="sub", fold=760),
    Column("经验库", lambda each: bool(each.chosen), cell=lambda each: _chosen(each), width=92),
)


def _chosen(candidate: Candidate) -> Tag:
    return Tag("已收进", "good") if candidate.chosen else Tag("—", "none")


class CandidatesPage(Page):
    """What the branches reported that can be chosen for the library."""

    title = CANDIDATES

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(ChoosingService)
        self.needle = edit("筛选做法", hint="支部、名称、做法里的字", width=190)
        self.needle.setClearButtonEnabled(True)
        self.needle.textChanged.connect(lambda _words: self._filter())
        words = "支部报来的品牌、融合项目、精益课题、小改小革、品牌活动和示范岗，写了怎么做的都在这里。"
        empty = EmptyState("file-text", "支部还没有报来写明做法的品牌和项目。", "收了报送包再来选。")
        self.table: DataTable[Candidate] = DataTable(CANDIDATE_COLUMNS, CANDIDATES, empty, height=46)
        self.pane = DetailPane(CANDIDATES)
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(
            col(row((text(words, "sub", wrap=True), 1), self.needle), (self.split, 1), gap=10, pad=(24, 14, 24, 16))
        )
        self.table.picked.connect(self.show_row)

    def focus_filter(self) -> None:
        """Put the cursor into the words to filter by."""
        self.needle.setFocus()

    def reload(self) -> None:
        """Read what there is to choose from."""
        self.read(self.service.candidates, self._loaded)

    def show_row(self, each: Candidate) -> None:
        """Look at one record, with the ways to it and into the library."""
        self.pane.show_head(each.title, each.code, "已收进经验库" if each.chosen else "", "good")
        body: list[Item] = [fact("支部", each.branch), fact("台账", each.register)]
        body += [heading("怎么做"), text(each.method, wrap=True)]
        body += [heading("成效"), text(each.effect, wrap=True)] if each.effect else []
        self.pane.show_body(*body)
        take = None
        if not each.chosen:
            take = self.desk.offered(EXPERIENCE, button("收进经验库", lambda: self.take(each), "primary", "plus"))
        self.pane.show_foot(
            link(
                "看支部的记录", lambda: open_record_of(self.desk, each.branch_id, Used(each.kind, each.record)), "eye"
            ),
            ...,
            take,
        )
        self.split.open_pane()

    def take(self, each: Candidate) -> None:
        """Choose a record; its form opens for the words of the recommendation."""
        self.act(
            lambda: self.service.take(each.kind, each.record), "已收进经验库，写推荐意见，再发布。", then=self._taken
        )

    def _taken(self, entry: str) -> None:
        from desktop.services.registers.lookup import register_of

        self.desk.back()
        self.desk.push(RegisterForm(self.desk, register_of(EXPERIENCE), entry))

    def _loaded(self, found: list[Candidate]) -> None:
        self.table.set_rows(found, same=lambda each: each.record)
        self._filter()

    def _filter(self) -> None:
        needle = self.needle.text().strip().casefold()
        self.table.model.set_filter(
            (
                lambda each: any(
                    needle in words.casefold() for words in (each.branch, each.code, each.title, each.method)
                )
            )
            if needle
            else None
        )


ADOPTION_COLUMNS: tuple[Column[Adoption], ...] = (
    Column("支部", lambda each: each.branch, cell=lambda each: Two(each.branch, each.code), width=190),
    Column("采用的做法", lambda each: each.title, cell=lambda each: Two(each.title, each.done)),
    Column("采用日期", lambda each: each.on, width=106, tone="sub", fold=620),
    Column("提升计划的措施", lambda each: each.measure or "—", width=180, tone="sub", fold=960),
    Column("赛马总分前后", lambda each: each.change or 0, cell=_change, width=132, fold=560),
)


class AdoptedPage(Page):
    """采用情况: every adoption the branches reported, with the totals of the race before and after."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(AdoptedService)
        self.export_button = export_button(self, lambda: self.table.model.sheet(ADOPTIONS))
        self.print_button = print_button(self, lambda: self.table.model.sheet(ADOPTIONS))
        self.words = text("", "sub", wrap=True)
        empty = EmptyState("file-text", "支部还没有报来采用情况。", "支部在“提升 > 经验库”里写采用，随报送包来。")
        self.table: DataTable[Adoption] = DataTable(ADOPTION_COLUMNS, ADOPTIONS, empty, height=46)
        self.pane = DetailPane(ADOPTIONS)
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(row((self.words, 1)), (self.split, 1), gap=10, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.table.opened.connect(lambda each: look(self.desk, each))

    def bar_actions(self) -> Sequence[QWidget]:
        """The list out."""
        return (self.export_button, self.print_button)

    def reload(self) -> None:
        """Read who adopted what."""
        self.read(lambda: (self.service.adoptions(), self.service.branches()), lambda got: self._loaded(*got))

    def show_row(self, each: Adoption) -> None:
        """Look at one adoption."""
        self.pane.show_head(each.branch, each.code)
        facts = [
            ("做法", each.title),
            ("采用", str(each.on or "")),
            ("品牌", each.brand),
            ("措施", each.measure),
            ("完成", f"{each.progress:.0%}" if each.progress is not None else ""),
            ("赛马总分", moved(each)),
        ]
        body: list[Item] = [fact(name, value) for name, value in facts if value]
        body += [heading("做了什么"), text(each.done, wrap=True)]
        body += [heading("效果"), text(each.result, wrap=True)] if each.result else []
        self.pane.show_body(*body)
        self.pane.show_foot(button("看支部的记录", lambda: look(self.desk, each), icon="eye"), ...)
        self.split.open_pane()

    def _loaded(self, adoptions: list[Adoption], branches: int) -> None:
        self.table.set_rows(adoptions, same=lambda each: each.record)
        came, risen = len({each.branch_id for each in adoptions}), sum((each.change or 0) > 0 for each in adoptions)
        self.words.setText(
            f"{branches} 个支部里 {came} 个采用了经验库的做法，共 {len(adoptions)} 条，{risen} 条采用以后赛马总分上升。"
            "前一个数是采用时已结束的最近一季，后一个数是之后公布的最近一季。"
        )
