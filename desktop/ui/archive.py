"""归档报送 > 档案: build the inspection volumes of a year and open them."""

from pathlib import Path

from desktop.models.vocabulary.access import Act
from desktop.services.archive.manifest import read_volumes
from desktop.services.archive.rows import Archive, Volume
from desktop.services.archive.service import ArchiveService
from desktop.services.archive.verifying import Verdict, verify
from desktop.services.progress import Progress
from desktop.ui.archive_place import ArchivePlace
from desktop.ui.dialogs import ask_folder
from desktop.ui.output import open_file, print_handbook
from desktop.ui.page import Desk, Page
from desktop.ui.standards.self_check import SelfCheckLine
from desktop.ui.table_model import Column, DataTable
from desktop.ui.widgets import EmptyState, button, card, fixed, row, rule, set_text, text
from desktop.ui.widgets.dialogs import inform
from desktop.ui.widgets.layout import wide
from desktop.ui.widgets.progress import ProgressStrip

SIDE_WIDTH = 332
PROBLEMS_SHOWN = 8
COLUMNS: tuple[Column[Volume], ...] = (
    Column("卷", lambda volume: volume.file.removesuffix(".pdf")),
    Column("页数", lambda volume: volume.pages, text=lambda pages: f"{pages} 页", width=90, align="r", tone="sub"),
    Column("校验值", lambda volume: volume.sha256[:16], width=160, tone="sub", fold=620),
)


class ArchivePage(Page):
    """档案."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(ArchiveService)
        self.place = ArchivePlace(self._moved, makes=desk.may(Act.EXPORT))
        self._made: Archive | None = None
        self.make_button = self.desk.offered(Act.EXPORT, button("生成档案", self.make, "primary", "archive"))
        self.open_button = button("打开文件夹", self.show_folder, icon="folder-open")
        self.check_button = button("核对一份档案", self.check, icon="shield-check")
        self.book_button = self.desk.offered(
            Act.EXPORT, button("工作手册", lambda: print_handbook(self), icon="printer")
        )
        self.book_button.setToolTip("党支部工作手册：基本情况、名册、计划、全部会议记录、党费、活动和总结，一个文件")
        self.strip = ProgressStrip()
        self._title = text("", "h2")
        empty = EmptyState(
            "archive",
            "还没有在这里生成档案。",
            "按八个维度成卷，附得分报告、名册、目录和校验清单。",
            "生成档案",
            self.make,
        )
        self.desk.offered(Act.EXPORT, empty.button)
        self.table: DataTable[Volume] = DataTable(COLUMNS, "案卷", empty, height=38, look="bare")
        self.table.opened.connect(self._open_volume)
        self._summary = text("", "sub", wrap=True)
        self.self_check = SelfCheckLine(self)
        side = card(
            self._title,
            text("把今年的会议记录、登记簿和附件按检查顺序装成 PDF，任何电脑都能打开。", "sub", wrap=True),
            rule(),
            text("缺项写进卷末的说明页，不会留空，也不会编造。提醒、诫勉谈话不进档案。", "sub", wrap=True),
            text("同样的数据两次生成，文件一字不差，可以用校验清单核对。", "sub", wrap=True),
            ...,
            self.self_check,
            self.strip,
            self.place,
            fixed(wide(self.make_button), height=38),
            gap=10,
        )
        self.setLayout(
            row(
                (
                    card(
                        "案卷",
                        (self.table, 1),
                        self._summary,
                        action=[self.book_button, self.check_button, self.open_button],
                    ),
                    1,
                ),
                fixed(side, SIDE_WIDTH),
                gap=12,
                pad=(24, 14, 24, 16),
            )
        )
        self.open_button.setEnabled(False)

    def reload(self) -> None:
        """Say which year would be built."""
        set_text(self._title, f"{self.desk.year} 年度检查档案")
        self.self_check.load()
        folder, own = self.place.of_year(self.desk.year), self.desk.store.branch_id
        self.read(lambda: read_volumes(folder, own), lambda volumes: self._found(folder, volumes), long=True)

    def make(self) -> None:
        """Build the volumes of the year in view."""
        if not self.place.stands():
            self.desk.say(f"没有生成：存放的位置变了，现在是“{self.place.folder}”。请再点一次。")
            return
        year, folder = self.desk.year, self.place.of_year(self.desk.year)
        self.call(
            lambda progress: self.service.build_apart(year, folder, progress=progress, substitute=True),
            self._built,
            strip=self.strip,
            words="正在生成档案",
            buttons=(self.make_button,),
            long=True,
        )

    def check(self) -> None:
        """Check the signature, the set of files and every hash of an archive on disk."""
        folder = ask_folder(self, "选择要核对的档案文件夹", self.place.folder)
        if folder is None:
            return

        def work(progress: Progress) -> tuple[Verdict, str]:
            verdict = verify(folder, progress)
            return verdict, "" if verdict.signer is None else self.service.known_as(verdict.signer)

        self.call(work, self._checked, strip=self.strip, words="正在核对", long=True)

    def show_folder(self) -> None:
        """Open the folder of the archive just made."""
        if self._made is not None:
            open_file(self._made.dir)

    def _moved(self) -> None:
        self._made = None
        self.reload()

    def _found(self, folder: Path, volumes: tuple[Volume, ...]) -> None:
        """Show what lies in the folder already, made here, at 迎检准备 or on another day."""
        if self._made is not None and self._made.dir == folder:
            return
        self._made = Archive(folder, volumes, ()) if volumes else None
        self.table.set_rows(volumes)
        self.open_button.setEnabled(bool(volumes))
        pages = sum(volume.pages for volume in volumes)
        found = f"文件夹里已有 {len(volumes)} 卷 {pages} 页，是以前生成的。双击一卷即可打开。"
        set_text(self._summary, found if volumes else "")

    def _built(self, made: Archive) -> None:
        self._made = made
        self.table.set_rows(made.volumes)
        self.open_button.setEnabled(True)
        set_text(
            self._summary,
            f"共 {len(made.volumes)} 卷 {made.pages} 页，缺项 {len(made.gaps)} 处已写进说明页。双击一卷即可打开。",
        )
        self.desk.say(f"档案已生成：{made.dir}")
        self.place.tell_aside(made)

    def _checked(self, found: tuple[Verdict, str]) -> None:
        verdict, known_as = found
        signed = _signed(verdict, known_as)
        if verdict.ok:
            inform(self, "核对无误", "签名有效，文件不多不少，每一个都与生成时完全一致。", *signed)
            return
        more = len(verdict.problems) - PROBLEMS_SHOWN
        rest = (f"还有 {more} 处问题。",) if more > 0 else ()
        told = [problem.what for problem in verdict.problems[:PROBLEMS_SHOWN]]
        inform(self, f"这份档案有 {len(verdict.problems)} 处问题", *told, *rest, *signed, bad=True)

    def _open_volume(self, volume: Volume) -> None:
        if self._made is not None:
            open_file(Path(self._made.dir) / volume.file)


def _signed(verdict: Verdict, known_as: str) -> tuple[str, ...]:
    """Say who signed an archive, and whether this computer knows the key."""
    signer = verdict.signer
    if signer is None:
        return ()
    name = signer.name + (f"（{signer.code}）" if signer.code else "")
    known = "没有登记过这个指纹，请向签名的单位核对。"
    if known_as:
        known = "是本机的钥匙。" if known_as == "本机" else f"与登记的“{known_as}”一致。"
    return (f"签名：{name}，指纹 {signer.fingerprint}，{known}",)
