"""附件: the files of one record, as a column of a form page."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.messages import present
from desktop.models.attachments import PORTRAIT
from desktop.models.file_names import plain_name
from desktop.models.vocabulary.access import Act
from desktop.services.attachments import (
    Attached,
    AttachmentRow,
    AttachmentService,
    MarkedSecret,
    NotLookedAt,
    Refused,
    attach_several,
    refused_at_once,
)
from desktop.services.attachments.viewing import ViewingService
from desktop.services.errors import AppError, InvalidInput
from desktop.services.progress import Progress
from desktop.services.several import Outcome, each_of
from desktop.ui.bringing import FileDrops, copied_files, copied_picture
from desktop.ui.dialogs import ask_open_many, ask_save, show_error
from desktop.ui.output import open_file
from desktop.ui.page import Needs, Page
from desktop.ui.several import tell_refused
from desktop.ui.table_model import Column, DataTable, Txt
from desktop.ui.waiting_files import WaitingFiles
from desktop.ui.widgets import EmptyState, appear, box, button, card, col, fixed, link, row, text
from desktop.ui.widgets.buttons import PushButton
from desktop.ui.widgets.dialogs import Dialog, confirm, inform
from desktop.ui.widgets.fields import Choice
from desktop.ui.widgets.keys import shortcut
from desktop.ui.widgets.looking import looking
from desktop.ui.widgets.progress import ProgressStrip

ANY_FILE = "所有文件 (*)"
NO_KIND = "没有选种类"
EMPTY_STEP = "签到表、照片、方案等，有就附上，可以拖进来、粘贴；没有也不扣分。"
LIST_HEIGHT = 300  # of the list in a dialog of its own


def _columns(kind_name: Callable[[str | None], str]) -> tuple[Column[AttachmentRow], ...]:
    return (
        Column("文件名", lambda file: file.name),
        Column("佐证种类", lambda file: kind_name(file.evidence_kind), width=130, tone="sub", fold=420),
        Column("大小", lambda file: file.size_bytes, text=file_size, cell=_size, width=96, align="r"),
        Column("添加", lambda file: file.added_on, width=110, tone="sub", fold=560),
        Column("添加人", lambda file: file.added_by, width=90, tone="sub", fold=640),
    )


def _size(file: AttachmentRow) -> Txt:
    """Say how large a file is, or that it is only named here: its content did not come with a package yet."""
    return Txt(file_size(file.size_bytes), "sub", align="r", px=13) if file.here else Txt("没随包来", "bad", align="r")


def _called(path: Path) -> str:
    return f"“{plain_name(path.name)}”"


def _reason(error: AppError) -> str:
    return f"{error.reason}。" if isinstance(error, InvalidInput) else present(error).title


def file_size(size: int) -> str:
    """Return a size in bytes as people say it."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(size / 1000, 0.1):.1f} KB"


def open_attachment(page: Page, file: AttachmentRow, opener: QPushButton, strip: ProgressStrip | None = None) -> None:
    """Hand a copy of a file to the desktop's program; asked first where the kind can run."""
    viewing = page.desk.service(ViewingService)

    def show() -> None:
        page.call(
            lambda progress: viewing.copy(file.id, progress),
            open_file,
            strip=strip,
            words="正在打开",
            buttons=(opener,),
        )

    ask_to_run(page, file, show, opener, (opener,))


def ask_to_run(
    page: Page, file: AttachmentRow, show: Callable[[], object], over: QWidget, buttons: Sequence[QPushButton] = ()
) -> None:
    """Do `show`, where a file can do harm when it is opened only after a word of warning `over` what asks."""
    viewing = page.desk.service(ViewingService)

    def told_of(warning: str) -> None:
        if not warning:
            show()
            return
        words = f"{warning}。不清楚它从哪里来、做什么用，就不要打开，先问清楚交来的人。"
        confirm(over, "这个文件打开后可能会运行", words, "仍要打开", show, destructive=True)

    page.read(lambda: viewing.warning(file.id), told_of, buttons=buttons, long=True)


class AttachmentsPanel(QWidget):
    """Files of the record `kind`/`record_id`; before the record is kept (`record_id` empty) chosen files wait for it.

    With `append_only` (minutes that are confirmed) files are added and never taken away. Who may not write the record
    (`needs` where the right to write its kind does not decide alone) opens its files only.
    """

    def __init__(
        self,
        page: Page,
        kind: str,
        record_id: str = "",
        *,
        append_only: bool = False,
        needs: Needs | None = None,
        waiting: str = "",
        reads: bool = False,
        step: str = EMPTY_STEP,
    ) -> None:
        """Show them; `waiting` names the draft of a new record whose files wait, where one kind has several.

        `reads`: the record is another's, its files are only opened. `step`: what an empty list says is to be attached.
        """
        super().__init__()
        self._reads, self._step = reads, step
        self._append_only, self._kind_names, self._allowed = append_only, dict[str, str](), False
        self._then: Callable[[], object] | None = None
        self._left = 0
        self._page, self.kind, self.record_id = page, kind, record_id
        self._service = page.desk.service(AttachmentService)
        self.add_button = button("添加附件", self.choose, icon="upload")
        self.open_button = button("打开", self.open, "small", "eye")
        self.save_button = page.desk.offered(Act.EXPORT, button("另存为", self.save_as, "small", "download"))
        self.remove_button = button("删除", self.remove, "small", "trash")
        self.evidence_kind = Choice("佐证种类", [(None, NO_KIND)], width=150)
        self._strip = ProgressStrip()
        empty = EmptyState("paperclip", "还没有附件。", step, "添加附件", self.choose)
        columns = _columns(lambda kind: self._kind_names.get(kind or "", ""))
        self.table: DataTable[AttachmentRow] = DataTable(columns, "附件", empty, look="bare")
        appear(self.remove_button, not append_only)
        actions = [self.open_button, self.save_button, self.remove_button, self.add_button]
        self._kinds = box(row(text("新附件的佐证种类", "sub"), self.evidence_kind, ...))
        named = lambda kind: self._kind_names.get(kind or "", "")  # noqa: E731 - one line
        self.waiting = None if record_id else WaitingFiles(page, waiting or kind, named)
        self.setLayout(col(card("附件", self._kinds, self.waiting, (self.table, 1), self._strip, action=actions)))
        self.offer(needs or kind)
        FileDrops(self, self._welcome, self.attach)
        shortcut(self, QKeySequence.StandardKey.Paste, "粘贴截图或复制的文件作附件", self.paste)
        self.table.picked.connect(lambda _row: self._enable())
        self.table.opened.connect(lambda _row: self.open())
        self._enable()

    def offer(self, needs: Needs) -> None:
        """Offer to add and delete files to whom is allowed what it needs, and to nobody else."""
        allowed = self._allowed = not self._reads and self._page.desk.allows(needs)
        for part in (self.add_button, self.remove_button, self.table.empty.button):
            if isinstance(part, PushButton):
                part.withhold(not allowed)
        appear(self._kinds, allowed)
        self.table.empty.say("还没有附件。", self._step if allowed else "")

    def load(self) -> None:
        """Read the list on the worker and show it."""

        def work() -> tuple[Sequence[AttachmentRow], Sequence[tuple[str, str]]]:
            rows = self._service.list(self.kind, self.record_id) if self.record_id else ()
            return rows, self._service.kinds()

        self._page.read(work, lambda got: self._show(*got))

    def _show(self, rows: Sequence[AttachmentRow], kinds: Sequence[tuple[str, str]]) -> None:
        self._kind_names = {PORTRAIT: "本人照片", **dict(kinds)}
        self.evidence_kind.set_options([(None, NO_KIND), *kinds], self.evidence_kind.value())
        self.table.set_rows(rows, same=lambda file: file.id)
        self._enable()

    def choose(self) -> None:
        """Ask for files and attach them."""
        paths = ask_open_many(self, "添加附件（可以选几个）", ANY_FILE)
        if paths:
            self.attach(paths)

    def paste(self) -> None:
        """Attach the files or the picture that were copied; other words are nobody's here."""
        paths, picture = copied_files(), copied_picture()
        if not (paths or picture) or not self._allowed:
            return
        if paths:
            self.attach(paths)
        elif not self.record_id:
            self._page.desk.say("粘贴的图片还没有文件：先保存这条记录再粘贴，或存成文件再选。")
        elif picture is not None:
            self._attach_picture(picture)

    def _attach_picture(self, picture: bytes) -> None:
        kind = self.evidence_kind.value()
        name = f"粘贴的图片{self._page.desk.store.clock():%Y%m%d-%H%M%S}.png"

        def work(_progress: Progress) -> AttachmentRow:
            return self._service.attach_picture(self.kind, self.record_id, picture, name, evidence_kind=kind)

        self._page.call(
            work, lambda _row: self.load(), failed=self._failed, strip=self._strip, words="正在加密保存图片",
            buttons=(self.add_button,),
        )  # fmt: skip

    def _welcome(self) -> bool:
        """Whether files can be added here: by whom may write the record."""
        return self._allowed

    def keep_waiting(self, record_id: str, then: Callable[[], object]) -> None:
        """Attach what was chosen before the record was kept as `record_id`; `then` follows where nothing is to tell."""
        groups = list(self.waiting.take().items()) if self.waiting is not None else []
        self.record_id, self._then = record_id, then
        if not groups:
            then()
        for evidence_kind, paths in groups:
            self._left += 1
            self._attach(paths, evidence_kind)

    def attach(self, paths: Sequence[Path], *, confirmed: bool = False, waiting: Sequence[Refused] = ()) -> None:
        """Attach the files at `paths` and tell which were refused, and why; to a record not kept yet once it is.

        A secrecy mark is asked about file by file: of these, unless it is `confirmed`, then of those `waiting` for it.
        """
        if not self.record_id and self.waiting is not None:
            waits, kind = self.waiting, self.evidence_kind.value()

            def chosen(refused: Sequence[Refused]) -> None:
                kept = {each.path for each in refused}
                if fine := [path for path in paths if path not in kept]:
                    waits.add(fine, kind)
                if refused:
                    told = [f"{_called(each.path)}：{_reason(each.error)}" for each in refused]
                    inform(
                        self,
                        f"有 {len(refused)} 个文件不能添加",
                        *told,
                        "别的文件照样添加。" if fine else "请另选文件。",
                        bad=True,
                    )

            self._page.read(lambda: refused_at_once(paths), chosen)
        else:
            self._attach(paths, self.evidence_kind.value(), confirmed=confirmed, waiting=waiting)

    def _attach(
        self,
        paths: Sequence[Path],
        evidence_kind: str | None,
        *,
        confirmed: bool = False,
        waiting: Sequence[Refused] = (),
    ) -> None:
        sizes: dict[str, int] = {}

        def work(progress: Progress) -> Attached:
            sizes.update((path.stem, path.stat().st_size) for path in paths if path.is_file())
            return attach_several(
                self._service,
                self.kind,
                self.record_id,
                paths,
                evidence_kind=evidence_kind,
                confirmed=confirmed,
                progress=progress,
            )

        def done(attached: Attached) -> None:
            self.load()
            self._tell_smaller(attached, sizes)
            asked = [each for each in attached.refused if isinstance(each.error, MarkedSecret | NotLookedAt)]
            refused = [each for each in attached.refused if each not in asked]
            asked += waiting
            if refused or attached.left:
                self._tell(attached, refused, lambda: self._ask(asked, evidence_kind))
            else:
                self._ask(asked, evidence_kind)
            self._settle(whole=not (refused or attached.left or asked))

        self._page.call(
            work,
            done,
            failed=self._failed,
            strip=self._strip,
            words="正在加密保存附件" if len(paths) == 1 else f"正在加密保存 {len(paths)} 个附件",
            buttons=(self.add_button,),
        )

    def _tell_smaller(self, attached: Attached, sizes: Mapping[str, int]) -> None:
        """Say how many photos were kept smaller than they came."""
        smaller = sum(row.size_bytes < sizes.get(Path(row.name).stem, 0) for row in attached.rows)
        if smaller:
            self._page.desk.say(f"{smaller} 张照片按标准的尺寸缩小保存，原来的文件没有动。")

    def _failed(self, error: Exception) -> None:
        self.load()
        show_error(self, error)

    def _tell(self, attached: Attached, refused: Sequence[Refused], then: Callable[[], object]) -> None:
        """Say which files were not attached and why, and how many were; then do `then`."""
        told = [f"{_called(each.path)}：{_reason(each.error)}" for each in refused]
        if attached.left:
            told.append(f"取消了，没有添加：{'、'.join(map(_called, attached.left))}。")
        fine = len(attached.rows)
        told.append(f"添加好的 {fine} 个都在。" if fine else "原来的附件没有变。")
        missing = len(refused) + len(attached.left)
        dialog = inform(self, f"有 {missing} 个文件没有添加", *told, bad=bool(refused))
        dialog.finished.connect(lambda _how: then())

    def _settle(self, *, whole: bool) -> None:
        """Go on once all that waited is attached, unless there is something to read or to answer here."""
        then, self._left = self._then, self._left - 1
        if then is None:
            return
        if not whole:
            self._then = None
        elif self._left <= 0:
            self._then = None
            then()

    def _ask(self, asked: Sequence[Refused], evidence_kind: str | None) -> None:
        """Ask about the first of the files that carry a secrecy mark, then about the next."""
        if not asked:
            return
        first, waiting = asked[0], asked[1:]

        def answered(how: int) -> None:
            if how == Dialog.DialogCode.Accepted:
                self._attach([first.path], evidence_kind, confirmed=True, waiting=waiting)
            else:
                self._ask(waiting, evidence_kind)

        title = "这个文件带有密级标志" if isinstance(first.error, MarkedSecret) else "这个文件没法查看"
        words = f"{_called(first.path)}：{_reason(first.error)}确实不是涉密文件才可以添加。"
        question = confirm(self, title, words, "不涉密，添加", lambda: None, destructive=True)
        question.finished.connect(answered)

    def open(self) -> None:
        """Hand a copy of the chosen file to the desktop's program; asked first where the kind can run."""
        file = self.table.current()
        if file is None:
            return

        open_attachment(self._page, file, self.open_button, self._strip)

    def save_as(self) -> None:
        """Write the chosen file, decrypted, where the user says."""
        file = self.table.current()
        target = ask_save(self, "附件另存为", file.name, ANY_FILE) if file else None
        if file is None or target is None:
            return
        self._page.call(
            lambda progress: self._service.save(file.id, target, progress),
            lambda _none: self._page.desk.say(
                f"已存为“{target.name}”", lambda: ask_to_run(self._page, file, lambda: open_file(target), self), "打开"
            ),
            strip=self._strip,
            words="正在写出",
            buttons=(self.save_button,),
        )

    def remove(self) -> None:
        """Put the chosen files into the recycle bin."""
        files, store = self.table.chosen(), self._page.desk.store
        if len(files) == 1:
            said = f"已删除附件“{files[0].name}”。"
            self._page.act(lambda: self._service.remove(files[0].id), said, then=lambda _none: self.load())
        elif files:
            named = [(file.id, file.name) for file in files]
            self._page.act(
                lambda: each_of(store, "删除选中的附件", named, self._service.remove),
                lambda outcome: f"已删除 {len(outcome.done)} 个附件。",
                then=self._removed,
            )

    def _removed(self, outcome: Outcome) -> None:
        self.load()
        tell_refused(self._page, "删除", "个", outcome)

    def _enable(self) -> None:
        chosen = self.table.current() is not None
        self.open_button.setEnabled(chosen)
        self.save_button.setEnabled(chosen)
        self.remove_button.setEnabled(chosen and not self._append_only)


class AttachmentsDialog(Dialog):
    """The files of a record that has no page of its own."""

    def __init__(
        self,
        page: Page,
        title: str,
        kind: str,
        record_id: str,
        *,
        append_only: bool = False,
        needs: Needs | None = None,
        reads: bool = False,
        step: str = EMPTY_STEP,
    ) -> None:
        self.panel = AttachmentsPanel(
            page, kind, record_id, append_only=append_only, needs=needs, reads=reads, step=step
        )
        super().__init__(page, title, fixed(self.panel, height=LIST_HEIGHT), verb="关闭", cancel="", wide=True)
        self.panel.load()


def files_link(page: Page, title: str, kind: str, record_id: str, *, reads: bool = False) -> QWidget:
    """Return a link that opens the files of a record; `reads`: of one that is another's."""
    opener = looking(
        link("附件", lambda: AttachmentsDialog(page, title, kind, record_id, reads=reads).open(), "paperclip")
    )
    opener.setAccessibleName(title)
    return opener
