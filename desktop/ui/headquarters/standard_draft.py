"""标准 > 起草: a new edition written by forms, compared with the one in force, tried out, settled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Differs, StandardKind
from desktop.services.standards.editing.checking import Problem
from desktop.services.standards.editing.declared import ENTRIES
from desktop.services.standards.editing.draft import Node, StandardDraft
from desktop.services.standards.editing.forms import (
    FieldForm,
    add_criterion,
    add_entry,
    drop_entry,
    form_of,
    set_field,
)
from desktop.services.standards.editing.service import EditingService, Looked, look_at
from desktop.services.standards.editions import HANDED_OUT, Edition
from desktop.services.toml_tables import Path
from desktop.ui.cells import Cell, Txt
from desktop.ui.dialogs import ask_open
from desktop.ui.drafting import SavedDraft
from desktop.ui.headquarters.standard_dialogs import ProblemsDialog, SettleDialog, TrialDialog, WholeTrialDialog
from desktop.ui.headquarters.standard_form import DraftForm
from desktop.ui.headquarters.standard_papers import print_differences, print_edition, save_text
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Column, DataTable, Tag
from desktop.ui.widgets import EmptyState, Item, box, button, clear, col, link, row, scroll, text
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.keys import shortcut
from desktop.ui.widgets.layout import add, appear
from desktop.ui.widgets.progress import ProgressStrip
from desktop.ui.widgets.words import set_text

FILES = "标准文件 (*.toml)"
KEEP_MS = 1500
WEIGHTS = ("trace_weight", "quality_weight", "weight", "points", "cap")
"""Fields that F2 goes to, the first that is there."""
STEP = "从在用的版本起草，改好、比过、试算过再定版。"
TONES = {
    Differs.NEW: "good",
    Differs.CHANGED: "part",
    Differs.ENDED: "none",
    Differs.RESUMED: "good",
    Differs.GONE: "bad",
}


INDENT = 16


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the draft in the outline, so deep."""

    node: Node
    depth: int


def _named(line: Line) -> Txt:
    words = " ".join(part for part in (line.node.key, line.node.title) if part)
    return Txt(words, bold=not line.depth, indent=INDENT * line.depth)


def _tag(line: Line) -> Cell:
    if line.node.differs is not None:
        return Tag(line.node.differs.label, TONES[line.node.differs])
    return Tag("停", "none") if line.node.ended else Txt("")


COLUMNS: tuple[Column[Line], ...] = (
    Column(
        "条目",
        lambda line: " ".join(part for part in (line.node.key, line.node.title) if part),
        cell=_named,
    ),
    Column("", lambda line: "" if line.node.differs is None else line.node.differs.label, cell=_tag, width=44),
    Column("分值", lambda line: line.node.weight, width=58, tone="sub"),
)


class StandardDraftPage(Page):
    """起草."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(EditingService)
        self.draft: StandardDraft | None = None
        self.current: Edition | None = None
        self.form: DraftForm | None = None
        self._open: Path = ()
        self._shown: Path | None = None
        self._kind = HANDED_OUT[0]
        self.may_write = desk.may(Act.STANDARDS)
        self.kinds = Choice("标准种类", [(kind, kind.label) for kind in HANDED_OUT], width=170)
        self.kinds.currentIndexChanged.connect(lambda _index: self._turn(self.kinds.value()))
        self.saved = SavedDraft()
        self.back_button = desk.offered(Act.STANDARDS, button("撤销一步", self.step_back, icon="history"))
        self.check_button = button("检查", self.check, icon="clipboard-check")
        self.settle_button = desk.offered(Act.STANDARDS, button("定版", self.ask_to_settle, "primary", "send"))
        self.empty = EmptyState("book", "没有草稿。", STEP, "起草新版", self.begin)
        desk.offered(Act.STANDARDS, self.empty)
        self.from_file = desk.offered(Act.STANDARDS, button("从文件起草", self.choose, icon="table-import"))
        self.table: DataTable[Line] = DataTable(COLUMNS, "草稿的条目", height=34, sortable=False)
        self.table.setFixedWidth(330)
        self.table.picked.connect(self._pick)
        self.sums = text("", "small", wrap=True)
        self.table.put_below(box(col(self.sums, pad=(12, 8, 12, 8))))
        self._middle, self._side = QVBoxLayout(), QVBoxLayout()
        for part in (self._middle, self._side):
            part.setContentsMargins(16, 12, 14, 12)
        middle, side = box(col(scroll(box(self._middle))), "card"), box(col(scroll(box(self._side))), "card")
        side.setFixedWidth(304)
        self._work = box(row(self.table, (middle, 1), side, gap=12))
        self.strip = ProgressStrip()
        self._nothing = box(col(..., self.empty, row(..., self.from_file, ...), ..., gap=4), "card")
        self.setLayout(col((self._nothing, 1), self.strip, (self._work, 1), pad=(24, 14, 24, 16)))
        shortcut(self, "F2", "改选中条目的分值", self.to_weight)
        shortcut(self, "Ctrl+D", "在这一条后面加一条", self.add_after)
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(KEEP_MS)
        self._keeping.timeout.connect(self.keep)
        self._stand()

    def bar_actions(self) -> tuple[QWidget, ...]:
        """The kind of standard, a step back, checking, and settling."""
        return (self.saved, self.kinds, self.back_button, self.check_button, self.settle_button)

    def may_leave(self) -> bool:
        """Keep what was typed."""
        if self.form is not None:
            self.form.settle()
        if self._keeping.isActive():
            self.keep()
        return True

    def reload(self) -> None:
        """Read the draft that is kept, unless one is being written here."""
        kind = self._kind
        if self.draft is not None and self.draft.kind is kind:
            return

        def work() -> tuple[Edition, StandardDraft | None]:
            return self.service.current(kind), self.service.draft(kind)

        def then(found: tuple[Edition, StandardDraft | None]) -> None:
            if kind is self._kind:
                self.current = found[0]
                self._take(found[1])

        self.read(work, then)

    # a draft begins and ends

    def begin(self) -> None:
        """Begin a draft from the newest edition."""
        self.read(lambda: self.service.begin(self._kind), self._begun, buttons=(self.from_file,))

    def choose(self) -> None:
        """Ask for a file to begin from, or to take in place of the draft."""
        file = ask_open(self, "选择标准文件", FILES)
        if file is None:
            return

        def then(looked: Looked) -> None:
            if looked.edition is None:
                ProblemsDialog(self, f"“{looked.file}”有 {len(looked.problems)} 处要改", looked.problems, None).open()
                return
            edition = looked.edition
            if edition.kind is not self._kind:
                self.kinds.set_value(edition.kind)
            self.read(lambda: self.service.begin(edition.kind, edition.text), self._begun)

        self.read(lambda: look_at(self.desk.store, file), then)

    def _begun(self, draft: StandardDraft) -> None:
        self._take(draft)
        self.keep()

    def drop(self) -> None:
        """Give the draft up."""
        kind, text_kept = self._kind, self.draft.text if self.draft is not None else ""
        self._keeping.stop()
        self.act(
            lambda: self.service.drop(kind),
            "草稿已放弃。",
            then=lambda _none: self._take(None),
            undo=lambda: self.service.keep(kind, text_kept),
        )

    def keep(self) -> None:
        """Keep the draft as it stands."""
        self._keeping.stop()
        if self.draft is None:
            return
        kind, words = self.draft.kind, self.draft.text
        self.read(lambda: self.service.keep(kind, words), self.saved.kept, failed=self.saved.not_kept)

    def _turn(self, kind: StandardKind | None) -> None:
        if kind is None or kind is self._kind:
            return
        self.may_leave()
        self._kind = kind
        self._take(None)
        self.reload()

    def _take(self, draft: StandardDraft | None) -> None:
        self.draft, self._open, self._shown = draft, (), None
        appear(self.saved, False)
        self._stand()
        if draft is not None:
            first = draft.outline()[0]
            self._open = first.path
            self._refresh()
            self.show_part(first.below[0].path if first.below else first.path)

    def _stand(self) -> None:
        """Offer the draft, or its beginning."""
        there = self.draft is not None
        appear(self._work, there)
        appear(self._nothing, not there)
        for part in (self.back_button, self.check_button, self.settle_button):
            appear(part, there)
        if not there:
            version = self.current.version if self.current is not None else ""
            self.empty.say(f"在用 {version}，没有草稿。" if version else "没有草稿。", STEP)

    # what is shown

    def _refresh(self) -> None:
        """Show the outline, the sums and the differences of the draft as it stands."""
        draft = self.draft
        if draft is None:
            return
        lines: list[Line] = []
        for node in draft.outline():
            lines.append(Line(node, 0))
            if node.path == self._open and node.below:
                lines += _below(node, 1)
        self.table.set_rows(lines, same=lambda line: line.node.path)
        sums = draft.sums()
        off = [part.words for part in sums if part.have != part.want]
        whole = f"{sums[0].of} {sums[0].words}" if sums else ""
        set_text(self.sums, "；".join(off) if off else f"{whole}，都对得上" if whole else "", "part" if off else "good")
        self.back_button.setEnabled(draft.can_step_back)
        self.settle_button.setEnabled(not off)
        self.settle_button.setToolTip("；".join(off))
        self._show_side(draft)

    def _pick(self, line: Line) -> None:
        if line.node.path == self._shown:
            return
        if line.depth == 0 and self._open != line.node.path:
            self._open = line.node.path
            self._refresh()
        self._show_form(line.node.path)

    def show_part(self, path: Path) -> None:
        """Open a part of the draft, with its place in the outline."""
        draft = self.draft
        if draft is None:
            return
        root = next((node for node in draft.outline() if node.path and path[: len(node.path)] == node.path), None)
        if root is not None:
            self._open = root.path
            self._refresh()
        self.table.select(lambda line: line.node.path == path)
        self._show_form(path)

    def _show_form(self, path: Path) -> None:
        if self.form is not None:
            self.form.settle()
        draft = self.draft
        clear(self._middle)
        self.form = None
        self._shown = path
        if draft is None:
            return
        form = DraftForm(form_of(draft, path), may_write=self.may_write)
        form.typed.connect(self._typed)
        form.dropped.connect(lambda place: self._change(lambda: drop_entry(draft, place)))
        self.form = form
        for item in (*self._head(draft, path), form, ...):
            add(self._middle, item)

    def _head(self, draft: StandardDraft, path: Path) -> list[Item]:
        part = draft.at(path)
        table = part if isinstance(part, dict) else {}
        named = " ".join(str(table[field]) for field in ("id", "title", "name") if table.get(field))
        items: list[Item] = [text(named or "整份", "h2", wrap=True)]
        if not self.may_write or not path or not isinstance(path[-1], int):
            return items
        links: list[Item] = [link("加一条", lambda: self._added(path), "plus")]
        if "quality" in table:
            links.append(link("加一条质量标准", lambda: self._change(lambda: add_criterion(draft, path)), "plus"))
        for name in (name for name in ENTRIES if isinstance(table.get(name), list)):
            more = partial(add_entry, draft, (*path, name))
            links.append(link(f"加一条{draft.words.field(name)}", partial(self._change, more), "plus"))
        known = draft.before(path)
        if known is not None and known != part:
            links.append(link("恢复成在用版", lambda: self._change(lambda: draft.restore(path)), "refresh"))
        if table.get("enabled", True):
            words = "停用" if path[-2:-1] == ("items",) and known is not None else "去掉"
            links.append(link(words, lambda: self._ended(path), "trash"))
        if path[-2:-1] == ("items",) and draft.kind is StandardKind.BRANCH_STANDARD:
            links.append(link("试算", lambda: self.try_out(str(table.get("id"))), "target"))
        return [*items, row(*links, ..., gap=12)]

    def _show_side(self, draft: StandardDraft) -> None:
        clear(self._side)
        version = self.current.version if self.current is not None else ""
        found = draft.differences()
        items: list[Item] = [text(f"和在用的 {version} 比", "h2")]
        if not found:
            items.append(text("还没有不同。", "sub"))
        for part in found:
            name = " ".join(words for words in (part.item, part.title) if words) or "整份"
            go = link(f"{part.differs.label} {name}", partial(self.show_part, part.path))
            go.setEnabled(part.differs is not Differs.GONE)
            items += [row(go, ...), text(part.words, "small", wrap=True)]
        print_all = link("打印这一版", lambda: print_edition(self, draft), "printer")
        print_new = link("打印对照表", lambda: print_differences(self, draft, version), "printer")
        for paper in (print_all, print_new):
            self.desk.offered(Act.EXPORT, paper)
        save = self.desk.offered(Act.EXPORT, link("导出文件", lambda: save_text(self, draft), "download"))
        if draft.kind is StandardKind.BRANCH_STANDARD:
            items += [4, row(link("用全部支部试算", self.try_all, "target"), ...)]
        items += [8, row(print_new, print_all, ..., gap=12), row(save, ...)]
        if self.may_write:
            items += [
                row(link("导入文件", self.choose, "table-import"), link("放弃草稿", self.drop, "trash"), ..., gap=12)
            ]
        for item in (*items, ...):
            add(self._side, item)

    # changes

    def _typed(self, field: FieldForm, value: object) -> None:
        draft = self.draft
        if draft is None:
            return
        set_field(draft, field, value)
        if field.name in ("kind", "how", "entity", "record", "enabled"):  # other fields follow from it
            QTimer.singleShot(0, self, self._again)
        self._changed()

    def _change(self, change: Callable[[], object]) -> None:
        change()
        self._changed()
        self._again()

    def _again(self) -> None:
        if self._shown is not None:
            self._show_form(self._shown)

    def _changed(self) -> None:
        self._refresh()
        self._keeping.start()

    def _added(self, path: Path) -> None:
        if self.draft is not None:
            new = self.draft.add(path)
            self._changed()
            self.show_part(new)

    def _ended(self, path: Path) -> None:
        if self.draft is None:
            return
        self.form = None
        self.draft.end(path)
        self._changed()
        self.show_part(path if self.draft.at(path) is not None else path[:-2])

    def step_back(self) -> None:
        """Take the last step back."""
        if self.form is not None:
            self.form.settle()
            self.form = None
        if self.draft is not None and self.draft.step_back():
            self._changed()
            shown = self._shown or ()
            while shown and self.draft.at(shown) is None:
                shown = shown[:-1]
            self.show_part(shown)

    # deeds

    def check(self) -> None:
        """Say everything that is wrong with the draft, each with the way to it."""
        if self._sound(self.service.problems) is not None:
            self.desk.say("检查无误，可以定版。")

    def ask_to_settle(self) -> None:
        """Ask from which day the draft holds, and settle it."""
        draft = self._sound(lambda draft: draft.problems())  # the day and the number are asked for there
        if draft is not None:
            self.read(
                self.service.behind,
                lambda behind: SettleDialog(self, draft, behind, self._settled).open(),
                buttons=(self.settle_button,),
            )

    def _sound(self, problems_of: Callable[[StandardDraft], Sequence[Problem]]) -> StandardDraft | None:
        """Return the draft with what was typed, if nothing is wrong with it; else show what is."""
        draft = self.draft
        if draft is None:
            return None
        if self.form is not None:
            self.form.settle()
        problems = problems_of(draft)
        if problems:
            ProblemsDialog(self, f"有 {len(problems)} 处要改", problems, self.show_part).open()
            return None
        return draft

    def _settled(self, edition: Edition) -> None:
        self._keeping.stop()
        self.draft = None
        self._take(None)
        self.reload()
        self.desk.say(
            f"{edition.title} {edition.version} 已定版，自 {edition.effective_from} 起用，随下一个反馈包发给各支部。",
            lambda: self.desk.open("send"),
            "去下发",
        )

    def try_all(self) -> None:
        """Reckon what the whole draft would give every branch."""
        if self.form is not None:
            self.form.settle()
        draft, version = self.draft, self.current.version if self.current is not None else ""
        if draft is not None:
            self.call(
                lambda progress: self.service.trial_of_all(draft, progress),
                lambda trial: WholeTrialDialog(self, version, trial).open(),
                strip=self.strip,
                words="正在用各支部的数据试算",
                each=1,
                long=True,
            )

    def to_weight(self) -> None:
        """Put the cursor into the points of the part in view."""
        if self.form is not None:
            self.form.to_first(WEIGHTS)

    def add_after(self) -> None:
        """Put a new part behind the one in view."""
        path = self._shown
        if path and isinstance(path[-1], int) and self.may_write:
            self._added(path)

    def try_out(self, item_id: str) -> None:
        """Reckon what an item would give a branch."""
        if self.form is not None:
            self.form.settle()
        if self.draft is not None:
            TrialDialog.ask(self, self.draft, item_id)


def _below(node: Node, depth: int) -> list[Line]:
    return [line for inner in node.below for line in (Line(inner, depth), *_below(inner, depth + 1))]
