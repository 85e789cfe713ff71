"""自评互评, 反馈: the lines of all members in one grid, typed or pasted, a draft until they are saved at once."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.services.appraisal.rows import Line, Round, StepKey, StepState
from desktop.services.appraisal.service import AppraisalService
from desktop.services.appraisal.sheet import RESULTS
from desktop.services.errors import InvalidInput, Stale
from desktop.ui.appraisal.dialogs import LINES, day_field
from desktop.ui.drafting import Drafting
from desktop.ui.page import Desk, Page
from desktop.ui.stale import ask_whose
from desktop.ui.widgets import appear, box, button, col, link, row, set_text, text
from desktop.ui.widgets.fields import FieldSet
from desktop.ui.widgets.typing_grid import TypedLine, TypingGrid

REVIEW = ("review_on", "self_grade", "review", "peer", "written", "read_by", "excused")
FEEDBACK = ("fed_back_on", "fed_back_by", "praise", "faults", "hopes", "signed_on")
REGISTERED = "registered_on"
WRITTEN = ("written", "read_by")
TITLES = {StepKey.REVIEW: "登记全体的自评互评", StepKey.FEEDBACK: "登记全体的反馈"}
SAVED = {StepKey.REVIEW: "自评互评", StepKey.FEEDBACK: "反馈"}
HINT = (
    "直接打字，或从 Excel 粘贴：第一列是姓名的按姓名对上，带表头的按栏目对上。"
    "Ctrl+D 把一格往下填，Ctrl+Z 撤回，长文字里 Shift+Enter 换行。"
)


class _Whose:
    """What `ask_whose` needs to know of one line of the grid."""

    def __init__(self, page: "LinesPage", stale: Stale) -> None:
        self._page, self._stale = page, stale
        found = next(line for line in page.found.lines if line.id == stale.record_id)
        self._key = found.member_id
        self.rev: int | None = None
        self.reread = page.drafting.reread
        self.labels = {column.name: column.label for column in page.grid.cells.columns}

    def words(self) -> dict[str, object]:
        """Return what was typed into the line."""
        return dict(self._page.grid.values().get(self._key, {}))

    def done(self) -> None:
        """Nothing: the draft is one of the whole grid."""

    def discard(self) -> None:
        """Give up what was typed into the line; the rest of the draft stays."""
        typed = self._page.grid.typed()
        if isinstance(typed, dict):
            typed.pop(self._key, None)
            self._page.grid.type_again(typed)

    def take_over(self, rev: int) -> None:
        """Let what was typed go over revision `rev` too."""
        self._page.grid.cells.revs[self._key] = rev


class LinesPage(Page):
    """The self-reviews, or the feedback, of everybody."""

    def __init__(self, desk: Desk, found: Round, key: StepKey) -> None:
        super().__init__(desk)
        self.service, self.found, self.key = desk.service(AppraisalService), found, key
        self.title = TITLES[key]
        names = REVIEW if key is StepKey.REVIEW else FEEDBACK
        if key is StepKey.FEEDBACK and found.step(StepKey.PUBLISH).state is not StepState.AHEAD:
            names = (*names, REGISTERED)
        self.grid = TypingGrid([RESULTS.column(name) for name in names], self.title)
        self.grid.show_lines([_typed(line, names) for line in self._lines()])
        reviews = key is StepKey.REVIEW
        self.fields = FieldSet([day_field("peer_on", found.facts.peer_on)] if reviews else [], columns=4)
        appear(self.fields, reviews)
        self.told = text("", "sub", wrap=True)
        self.save_button = desk.offered(LINES, button("保存", self.submit, "primary", "check"))
        controls: dict[str, QWidget] = {name: field.control for name, field in self.fields.fields.items()}
        self.drafting = Drafting(
            self, {**controls, "lines": self.grid}, f"appraisal_{key.value}_lines", found.id, needs=LINES
        )
        self.fields.drafting = self.drafting
        self.drafting.reread.connect(self.desk.back)
        self.looks = self.drafting.looks
        fill = desk.offered(LINES, link("往下填", self.grid.fill_down))
        hint = text(HINT, "small", wrap=True)
        self.setLayout(
            col(
                box(
                    col(self.drafting, self.fields, row((hint, 1), fill, gap=12), self.told, gap=8,
                        pad=(16, 12, 16, 10)), "card",
                ),
                (box(col(self.grid, pad=4), "card"), 1),
                gap=10, pad=(24, 14, 24, 16),
            )
        )  # fmt: skip
        self.grid.changed.connect(self._count)
        self.grid.said.connect(lambda words: self.desk.say(f"{words}。"))
        self._count()
        self.setFocusProxy(self.grid)

    def bar_actions(self) -> Sequence[QWidget]:
        """The one primary action."""
        return (self.save_button,)

    def submit(self) -> None:
        """Keep the lines of everybody at once."""
        self.grid.settle()
        self.fields.calm()
        if not self.fields.check():
            return
        why = self.grid.fault()
        if why:
            set_text(self.told, f"{why}。", "bad")
            self.grid.setFocus()
            return
        lines, hall = self.grid.values(), {}
        if self.key is StepKey.REVIEW and self.fields.values()["peer_on"] != self.found.facts.peer_on:
            hall = self.fields.values()
        if not lines and not hall:
            self.drafting.done()
            self.desk.back()
            self.desk.say("没有改动。")
            return
        year, revs = self.found.for_year, dict(self.grid.cells.revs)
        self.act(
            lambda: self.service.note_many(year, lines, hall, revs),
            f"{len(lines)}人的{SAVED[self.key]}已保存。" if lines else "已保存。",
            then=lambda _none: self.desk.back(),
            drafts=(self.drafting,),
            failed=self._refused,
            buttons=(self.save_button,),
        )

    def _refused(self, error: Exception) -> None:
        from desktop.ui.dialogs import show_error

        if isinstance(error, Stale):
            ask_whose(self, error, _Whose(self, error), self.submit)
        elif isinstance(error, InvalidInput):
            if not self.fields.take(error):
                set_text(self.told, f"{error.label}：{error.reason}，都没有保存，改好再存。", "bad")
        else:
            show_error(self, error)

    def _lines(self) -> Sequence[Line]:
        return self.found.lines if self.key is StepKey.REVIEW else self.found.rated

    def _count(self) -> None:
        """Say who is still missing, as it is typed."""
        cells = self.grid.cells
        names = [column.name for column in cells.columns]

        def there(at: int, name: str) -> str:
            return cells.words[at][names.index(name)]

        if self.key is StepKey.REVIEW:
            waiting = [
                line.name
                for at, line in enumerate(cells.lines)
                if not there(at, "review_on") and not there(at, "written") and not there(at, "excused")
            ]
            words = "没交自评"
        else:
            waiting = [line.name for at, line in enumerate(cells.lines) if not there(at, "fed_back_on")]
            words = "没反馈"
        some = f"：{'、'.join(waiting[:8])}{'等' if len(waiting) > 8 else ''}"
        set_text(self.told, f"还有 {len(waiting)} 人{words}{some}" if waiting else f"{len(cells.lines)} 人都填了")


def _typed(line: Line, names: Sequence[str]) -> TypedLine:
    values: dict[str, Any] = {name: getattr(line, name) for name in names}
    locked = () if line.absent or line.written else WRITTEN
    return TypedLine(line.member_id, line.name, values, line.rev, locked)
