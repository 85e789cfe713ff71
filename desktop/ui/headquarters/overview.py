"""总览: every branch with its last package, how it stands, and the way in for a new branch."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.models.vocabulary.stores import PartnerState
from desktop.services.headquarters import BranchOverview, HeadquartersService
from desktop.services.progress import Progress
from desktop.services.race.editions import period_name, scheme_in_force
from desktop.services.race.scheme import RaceGroup
from desktop.services.sync.enrolment import CODE, GROUP, NAME, EnrolmentService, InvitationFile
from desktop.ui.dialogs import ask_folder, ask_open
from desktop.ui.form_dialog import FormDialog
from desktop.ui.headquarters.parts import file_fact
from desktop.ui.output import export_sheet
from desktop.ui.page import Desk, Page
from desktop.ui.race.explain import TONES
from desktop.ui.table_model import Column, DataTable, Tag, Two, Txt
from desktop.ui.widgets import EmptyState, button, col, link, row, text
from desktop.ui.widgets.dialogs import Dialog, confirm
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading

if TYPE_CHECKING:
    from desktop.services.sync.enrolment import PendingRegistration

KEY_FILES = "登记文件 (*.dzk)"
LATE_DAYS = 100
"""Without a package for more than a quarter a branch is late."""


def _lag(branch: BranchOverview) -> Txt:
    if branch.lag_days is None:
        return Txt("还没收到", "wait", px=13)
    late = branch.lag_days > LATE_DAYS
    return Txt(f"{branch.lag_days} 天前" if branch.lag_days else "今天", "bad" if late else "sub", px=13)


def _rate(branch: BranchOverview) -> Txt:
    if branch.broken:
        return Txt("算不出", "bad", align="r")
    if branch.rate is None:
        return Txt("—", "sub", align="r")
    if not branch.quality_rated:
        return Txt("待评", "wait", align="r")
    return Txt(f"{branch.rate:.2f}", align="r")


def _class(branch: BranchOverview) -> Tag:
    if branch.state is not PartnerState.ACTIVE:
        return Tag(branch.state.label, "run" if branch.state is PartnerState.INVITED else "none")
    return Tag(branch.race_class_name, TONES.get(branch.race_class, "none"))


def _package(branch: BranchOverview) -> Two:
    if branch.last_seq is None:
        return Two("—", "")
    return Two(f"第 {branch.last_seq} 号", f"{branch.last_received_on}")


COLUMNS: tuple[Column[BranchOverview], ...] = (
    Column("编号", lambda branch: branch.code, width=76, tone="sub"),
    Column("支部", lambda branch: branch.name),
    Column("最后一包", lambda branch: branch.last_received_on, cell=_package, width=112, fold=640),
    Column("距今", lambda branch: branch.lag_days if branch.lag_days is not None else 9999, cell=_lag, width=86),
    Column("已报", lambda branch: len(branch.periods), text=lambda n: f"{n} 期", width=66, tone="sub", fold=760),
    Column("核定得分率", lambda branch: branch.rate or 0, cell=_rate, width=100, align="r"),
    Column(
        "待评",
        lambda branch: branch.pending,
        text=lambda v: "—" if v is None else f"{v:.2f}",
        width=78,
        align="r",
        tone="sub",
        fold=820,
    ),
    Column("类别", lambda branch: branch.race_class_name, cell=_class, width=96),
)


class InviteDialog(FormDialog):
    """Code, name and group of a branch that is to join."""

    def __init__(self, page: "OverviewPage", branch: BranchOverview | None = None) -> None:
        groups = [(group.id, group.name) for group in page.groups]
        code, name, group = (branch.code, branch.name, branch.group) if branch else ("", "", None)
        self.fields = FieldSet(
            (
                (CODE.name, Field(CODE.label, edit(CODE.label, code), required=True, note="字母和数字")),
                (NAME.name, Field(NAME.label, edit(NAME.label, name), required=True)),
                (GROUP.name, Field(GROUP.label, Choice(GROUP.label, groups, group), required=True)),
            )
        )
        words = "程序写一个邀请文件，当面交给支部；公函上印出指纹，支部要逐组核对。"
        super().__init__(
            page,
            "邀请支部",
            text(words, "sub", wrap=True),
            self.fields,
            fields=(self.fields,),
            verb="写邀请文件",
            draft="invite",
            about=branch.branch_id if branch else "",
        )
        self._overview = page

    def submit(self) -> None:
        """Ask where, and write the invitation."""
        if not self.readable(required=True):
            return
        folder = ask_folder(self, "邀请文件写到哪里")
        if folder is not None:
            self.write(folder)

    def write(self, folder: Path) -> None:
        """Write the invitation to `folder`."""
        values, enrolment = self.fields.values(), self._overview.enrolment

        def done(written: InvitationFile) -> None:
            self.accept()
            InvitedDialog(self._overview, written).open()

        self.page.act(
            lambda: enrolment.invite(values[CODE.name], values[NAME.name], values[GROUP.name], folder),
            then=done,
            fields=(self.fields,),
            buttons=(self.verb,),
        )


class InvitedDialog(Dialog):
    """What the letter that goes with the invitation must say."""

    def __init__(self, page: "OverviewPage", written: InvitationFile) -> None:
        digits = text(written.fingerprint, "code", wrap=True)
        super().__init__(
            page,
            f"已写好给{written.name}的邀请",
            file_fact("文件", written.path),
            fact("有效期至", written.expires_on.isoformat()),
            text("把下面的指纹印在公函上，和文件一起当面交给支部：", "sub", wrap=True),
            digits,
            text("支部交回登记文件后，在这里导入，核对支部报来的指纹。", "small", wrap=True),
            verb="知道了",
            cancel="",
            wide=True,
        )


class RegistrationDialog(Dialog):
    """The fingerprint of a branch, to be compared by telephone before its packages count."""

    def __init__(self, page: "OverviewPage", registration: "PendingRegistration") -> None:
        words = "这个支部换了电脑或密钥；确认后，旧电脑生成的包不再接受。" if registration.replaces else ""
        super().__init__(
            page,
            f"{registration.code}　{registration.name}申请登记",
            text("请打电话请支部书记报出指纹，逐组核对：", "sub", wrap=True),
            text(registration.fingerprint, "code", wrap=True),
            text(words, "body", "part", wrap=True) if words else None,
            text("不一致就不要登记。", "small"),
            verb="数字一致，登记",
            wide=True,
        )
        self._page, self._registration = page, registration

    def submit(self) -> None:
        """Trust the keys."""
        self._page.act(
            self._registration.confirm,
            lambda partner: f"{partner.name}已登记，可以收它的报送包了。",
            then=lambda _partner: self.accept(),
            buttons=(self.verb,),
        )


class OverviewPage(Page):
    """All branches, and one looked at."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service, self.enrolment = desk.service(HeadquartersService), desk.service(EnrolmentService)
        self.groups: tuple[RaceGroup, ...] = ()
        self.export_button = button("导出", self.export, icon="download")
        self.register_button = button("导入登记文件", self.register, icon="file-certificate")
        self.invite_button = button("邀请支部", self.invite, "primary", "user-plus")
        step = "先写邀请文件交给支部；支部交回登记文件，就能收它的报送包。"
        empty = EmptyState("building-community", "还没有支部。", step, "邀请支部", self.invite)
        self.table: DataTable[BranchOverview] = DataTable(COLUMNS, "各支部", empty, height=46)
        self.pane = DetailPane("支部")
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)
        self.pane.moved.connect(self.table.step)
        self.pane.closed.connect(self.table.clear_selection)

    def bar_actions(self) -> tuple[QWidget, ...]:
        """The list out, and branches in."""
        return (self.export_button, self.register_button, self.invite_button)

    def reload(self) -> None:
        """Read where every branch stands."""
        store = self.desk.store

        def work(progress: Progress) -> tuple[list[BranchOverview], tuple[RaceGroup, ...]]:
            with store.reading() as session:
                groups = tuple(scheme_in_force(session, store.today).groups)
            return self.service.overview(progress=progress), groups

        self.call(work, lambda read: self._loaded(*read))

    def go(self, where: dict[str, Any]) -> None:
        """Look at the branch asked for."""
        wanted = where.get("record")
        self.table.select(lambda branch: branch.branch_id == wanted)

    def export(self) -> None:
        """Write the list to a workbook."""
        export_sheet(self, self.table.model.sheet("支部总览"))

    def invite(self, branch: BranchOverview | None = None) -> None:
        """Ask which branch is to join."""
        InviteDialog(self, branch).open()

    def register(self, file: Path | None = None) -> None:
        """Read the registration of a branch; nothing counts before its fingerprint was compared."""
        chosen = file or ask_open(self, "选择支部的登记文件", KEY_FILES)
        if chosen is not None:
            self.read(
                lambda: self.enrolment.accept_registration(chosen),
                lambda registration: RegistrationDialog(self, registration).open(),
            )

    def show_row(self, branch: BranchOverview) -> None:
        """Look at one branch."""
        tag = _class(branch)
        self.pane.show_head(branch.name, code=branch.code, state=tag.text, tone=tag.tone)
        group = next((known.name for known in self.groups if known.id == branch.group), branch.group)
        rate = _rate(branch).text
        last = f"第 {branch.last_seq} 号，{branch.last_received_on} 收" if branch.last_seq else "还没收到"
        missing = branch.attachments_missing
        parts: list[Any] = [
            fact("分组", group),
            fact("在册党员", f"{branch.members} 人" if branch.last_seq is not None else ""),
            fact("登记", branch.state.label),
            heading("报送"),
            fact("最后一包", last),
            fact("已报期次", "、".join(period_name(period) for period in branch.periods)),
            fact("等待决定", f"{branch.held} 个包" if branch.held else ""),
            fact("缺少附件", f"{missing} 个，随反馈包请它补报" if missing else ""),
            heading("标准化"),
            fact("核定得分率", rate),
            fact("待评", "" if branch.pending is None else f"{branch.pending:.2f} 分"),
        ]
        if branch.broken:
            parts.append(text("报来的数据算不出得分，请支部核对后重新报送。", "bad", wrap=True))
        if branch.last_seq is not None and self.desk.has("standards", "ratings"):
            parts.append(row(link("去评定", lambda: self._open("standards", "ratings", branch)), ...))
        if branch.race_class:
            rank = f"第 {branch.rank} 名 / {branch.ranked}" if branch.rank else "未排名"
            total = "未计总分" if branch.total is None else f"{branch.total:.2f} 分，"
            parts += [
                heading("赛马"),
                fact(period_name(branch.race_period), f"{total}{rank}", 96),
                row(link("看为什么", lambda: self._open("race", "race", branch)), ...),
            ]
        parts += [heading("改进"), fact("计划", "，".join(filter(None, (branch.plan, branch.plan_stage))))]
        parts.append(fact("未答复意见", f"{branch.remarks_open} 条"))
        self.pane.show_body(*parts)
        foot: list[Any] = []
        if self.desk.has("send"):
            foot.append(
                button("提意见", lambda: self.desk.open("send", "remarks", branch=branch.branch_id), icon="message")
            )
        foot.append(...)
        if branch.state is PartnerState.ACTIVE:
            foot += [link("复制公钥", lambda: self.copy_key(branch)), link("停用登记", lambda: self._revoke(branch))]
        else:
            foot.append(link("重写邀请文件", lambda: self.invite(branch)))
        self.pane.show_foot(*foot)
        self.split.open_pane()

    def _open(self, area: str, tab: str, branch: BranchOverview) -> None:
        self.desk.open(area, tab, branch=branch.branch_id)

    def _revoke(self, branch: BranchOverview) -> None:
        words = "以后这台电脑生成的包一律不收。电脑丢失或密钥泄露时才这样做；要再收包，得重新邀请。"
        confirm(self, f"停用{branch.name}的登记？", words, "停用", lambda: self._revoked(branch), destructive=True)

    def _revoked(self, branch: BranchOverview) -> None:
        self.act(lambda: self.enrolment.revoke(branch.branch_id), f"{branch.name}的登记已停用。")

    def copy_key(self, branch: BranchOverview) -> None:
        """Put the line that proves the packages of a branch by standard tools into the clipboard."""

        def done(line: str) -> None:
            QGuiApplication.clipboard().setText(line)
            self.desk.say(f"{branch.name}的公钥已复制，用法见手册附录。")

        self.read(lambda: self.enrolment.allowed_signer(branch.branch_id), done)

    def _loaded(self, rows: list[BranchOverview], groups: tuple[RaceGroup, ...]) -> None:
        self.groups = groups
        current = self.table.current()
        self.table.set_rows(rows, same=lambda branch: branch.branch_id)
        if current is not None:
            again = self.table.current()
            if again is not None:
                self.show_row(again)
