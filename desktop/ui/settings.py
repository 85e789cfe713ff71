"""设置: who we are, who may log in, how the window behaves, which standards hold, and what the program is made of."""

from functools import partial
from typing import Any, cast

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from desktop.models.history import SettingName
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import OrgKind
from desktop.services.attachments.records import BRANCHES
from desktop.services.branches import BranchProfile, BranchService
from desktop.services.handing_over import HANDOVER
from desktop.services.security.vault import RecoveryOffer
from desktop.services.standards.editions import HANDED_OUT, Edition, since_words
from desktop.services.standards.service import StandardService
from desktop.services.sync.enrolment import EnrolmentService
from desktop.ui import theme
from desktop.ui.about import AboutCard
from desktop.ui.attachments import files_link
from desktop.ui.colours import Look
from desktop.ui.data_key import DataKeyLine, offer_new_key
from desktop.ui.dialogs import ask_save
from desktop.ui.drafting import Drafting
from desktop.ui.keys import HelpLine, KeysLine
from desktop.ui.page import Desk, Page
from desktop.ui.recovery_sheet import RecoverySheet
from desktop.ui.system_look import wanted
from desktop.ui.table_model import Column, DataTable, Tag
from desktop.ui.users import UsersCard
from desktop.ui.widgets import banner, box, button, card, col, row, rule, scroll, set_text, text
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.dialogs import Dialog, inform
from desktop.ui.widgets.fields import Choice, Field, FieldSet, count_faults, edit, memo
from desktop.ui.widgets.layout import Item, at_most

COLUMN_WIDTH = 720
IDLE_CHOICES = (5, 10, 15, 20, 30)
CODE_DUE = "上一个恢复码没有确认抄好（中途锁定、断电，或者密码是由总部协助重设的），请现在换一个。"
WARNING = "本系统不得录入、存储、传输国家秘密和工作秘密。"


def _page(*cards: QWidget) -> QWidget:
    """Return cards under one another, not wider than can be read."""
    holder = box(col(*cards, ..., gap=12, pad=(0, 0, 8, 0)))
    return scroll(at_most(holder, COLUMN_WIDTH))


class ProfilePage(Page):
    """设置 > 基本情况."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.branches = desk.service(BranchService)
        self._lines = {
            "name": edit("名称"),
            "short_name": edit("简称"),
            "establish_approval_no": edit("成立批复文号"),
            "fonds_no": edit("全宗号"),
        }
        self._kind = Choice("类型", [(kind.value, kind.label) for kind in OrgKind])
        self._founded, self._units = DateEdit("成立日期"), memo("覆盖单位")
        self.fields = FieldSet(
            (
                ("name", Field("名称", self._lines["name"], required=True)),
                ("short_name", Field("简称", self._lines["short_name"])),
                ("kind", Field("类型", self._kind)),
                ("founded_on", Field("成立日期", self._founded)),
                ("establish_approval_no", Field("成立批复文号", self._lines["establish_approval_no"])),
                ("fonds_no", Field("全宗号", self._lines["fonds_no"], note="归档用，没有可不填")),
                ("covered_units", Field("覆盖单位", self._units, note="每行一个，如 营销部、专卖所")),
            ),
            columns=2,
        )
        self.save_button = self.desk.offered("branches", button("保存", self.submit, "primary", "check"))
        self.drafting = Drafting.over(self, (self.fields,), "profile", needs="branches")
        self.drafting.reread.connect(self.reload)
        count_faults(self.save_button, self.fields.fields.values())
        self._code = text("", "sub", wrap=True)
        files = files_link(self, "党支部基本情况的附件", BRANCHES, desk.store.branch_id)
        sheet = card("党支部基本情况", self._code, self.drafting, self.fields, action=files)
        self.setLayout(col((_page(sheet), 1), pad=(24, 14, 24, 16)))

    def bar_actions(self) -> tuple[QWidget, ...]:
        """The one primary action."""
        return (self.save_button,)

    def reload(self) -> None:
        """Read the profile."""
        self.read(self.branches.profile, self._show)

    def submit(self) -> None:
        """Keep the profile."""
        self.fields.calm()
        if not self.fields.check():
            return
        values = {name: value or None for name, value in self.fields.changed().items()}
        if "kind" in values:
            values["kind"] = OrgKind(str(values["kind"]))
        if "covered_units" in values:
            lines = (values["covered_units"] or "").splitlines()
            values["covered_units"] = [line.strip() for line in lines if line.strip()]
        rev = self.drafting.rev
        self.act(
            lambda: self.branches.change_profile(values, rev),
            "已保存。",
            fields=(self.fields,),
            again=self.submit,
            buttons=(self.save_button,),
        )

    def _show(self, profile: BranchProfile) -> None:
        code = (
            f"代码 {profile.code}，由总部邀请文件确定。"
            if profile.code
            else "还没有代码：导入总部的邀请文件后自动填上。"
        )
        set_text(self._code, code)

        def fill() -> None:
            for name, line in self._lines.items():
                line.setText(getattr(profile, name))
            self._kind.set_value(profile.kind.value)
            self._founded.set_value(profile.founded_on)
            self._units.setPlainText("\n".join(profile.covered_units))

        self.drafting.refresh(fill, profile.rev)


class NewCodeDialog(Dialog):
    """A new recovery code: written down and checked before the old one is void. Nothing of it becomes a draft."""

    def __init__(self, page: "SecurityPage", offer: RecoveryOffer, why: str = "") -> None:
        self.sheet = RecoverySheet(offer.code, page.desk.jobs, partial(page.desk.store.setting, SettingName.NAME))
        self._offer, self._page = offer, page
        words = f"{why}只显示这一次。抄好、核对之前，原来的恢复码照旧有效；换过之后，旧备份仍用旧码打开。"
        introduction = text(words, "sub", wrap=True)
        super().__init__(page, "换一个恢复码", introduction, self.sheet, verb="我已抄好，换用新码", wide=True)

    def submit(self) -> None:
        """Put the new code in force when two of its groups were typed again."""
        if self.sheet.copied():
            self._page.act(
                lambda: self._page.users.service.take_recovery_code(self._offer),
                "恢复码已更换，旧恢复码已作废。",
                then=lambda _none: self._taken(),
                buttons=(self.verb,),
            )

    def _taken(self) -> None:
        self.accept()
        offer_new_key(self._page, "以前的备份、拷走的数据，用旧恢复码还能打开。")


class SecurityPage(Page):
    """设置 > 使用人与安全."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.users = UsersCard(self)
        self.idle = Choice("无人操作多久后锁定", [(minutes, f"{minutes} 分钟") for minutes in IDLE_CHOICES], width=120)
        self.idle.activated.connect(lambda _index: self._save_idle())
        self.idle.setEnabled(desk.may(Act.USERS))
        branch = not desk.store.is_headquarters
        self._help = HelpLine(self) if branch and desk.may(Act.USERS) else None
        self._keys = KeysLine(self) if desk.may(Act.KEYS) else None
        safety = card(
            "安全",
            row(text("无人操作后自动锁定"), ..., self.idle),
            rule(),
            *(self._recovery() if desk.may(Act.USERS) else ()),
            *((self._help, rule()) if self._help is not None else ()),
            *((self._keys, rule()) if self._keys is not None else ()),
            *(self._escrow() if desk.store.is_headquarters and desk.may(Act.KEYS) else ()),
            text(WARNING, "sub", "bad", wrap=True),
        )
        self.setLayout(col((_page(self.users, safety), 1), pad=(24, 14, 24, 16)))

    def _recovery(self) -> tuple[Item, ...]:
        """Return the lines on the recovery code and the data key, for whoever manages users."""
        self.code_button = button("换一个恢复码", lambda: self.new_code(), "small", "key")
        title = col(text("恢复码"), text("忘记密码时用。换新码后旧码作废。", "small"), gap=2)
        return (row((title, 1), self.code_button), rule(), DataKeyLine(self), rule())

    def _escrow(self) -> tuple[Item, ...]:
        """Return the line on the second key, which only headquarters has. What is not placed is not built."""
        self.escrow_button = button("生成并另存", self.save_escrow, "small", "device-usb")
        words = "本机坏了又没有备份时，用它打开各支部的报送包。存到单独的U盘，锁好。"
        title = col(text("备用解密钥匙"), text(words, "small", wrap=True), gap=2)
        return (row((title, 1), self.escrow_button), rule())

    def reload(self) -> None:
        """Read users and idle time."""
        store = self.desk.store
        self.users.reload()
        for line in (self._help, self._keys):
            if line is not None:
                line.reload()
        self.read(lambda: int(store.setting(SettingName.IDLE_MINUTES, "10")), self.idle.set_value)

    def go(self, where: dict[str, Any]) -> None:
        """Offer the new recovery code that is due, or show the steps of handing over."""
        if where.get("code_due") and self.desk.may(Act.USERS):
            self.new_code(CODE_DUE)
        if where.get("kind") == HANDOVER:
            self.users.hand_over()

    def new_code(self, why: str = "") -> None:
        """Offer a new recovery code; the old one holds until it is written down. `why`: why it is due."""
        self.read(
            self.users.service.offer_recovery_code,
            lambda offer: NewCodeDialog(self, offer, why).open(),
            buttons=(self.code_button,),
        )

    def save_escrow(self) -> None:
        """Write a second key of headquarters to a file of its own; a former one keeps what it opened."""
        path = ask_save(self, "备用解密钥匙另存为", "备用解密钥匙.txt", "钥匙文件 (*.txt)")
        if path is None:
            return
        service = self.desk.service(EnrolmentService)
        self.act(
            lambda: service.save_escrow(path),
            then=lambda _public: inform(
                self,
                "备用解密钥匙已另存",
                str(path),
                "请把这个文件放到单独的U盘里锁好，不要留在这台电脑上。各支部下次收到反馈后开始使用。",
            ),
            buttons=(self.escrow_button,),
        )

    def _save_idle(self) -> None:
        minutes, users = int(self.idle.value()), self.users.service
        self.act(lambda: users.lock_after(minutes), "已保存，下次打开时生效。")


EDITION_COLUMNS: tuple[Column[Edition], ...] = (
    Column("种类", lambda edition: edition.kind.label, width=130),
    Column("名称", lambda edition: edition.title),
    Column("版本", lambda edition: edition.version, width=90, tone="sub"),
    Column(
        "自何时起",
        lambda edition: edition.since,
        text=since_words,
        width=112,
        tone="sub",
        order=lambda edition: edition.effective_from,
    ),
    Column(
        "来源", lambda edition: "总部下发" if edition.from_headquarters else "程序自带", width=92, tone="sub", fold=560
    ),
    Column(
        "状态",
        lambda edition: edition.in_force,
        cell=lambda edition: Tag("在用" if edition.in_force else "留存", "good" if edition.in_force else "none"),
        width=80,
    ),
)


class StandardsInForcePage(Page):
    """设置 > 在用标准."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.standards = desk.service(StandardService)
        self.table: DataTable[Edition] = DataTable(EDITION_COLUMNS, "在用标准", height=40)
        here = desk.store.is_headquarters
        whence = "标准在“标准 > 标准文件”里维护，随反馈包下发" if here else "标准由总部随反馈包下发"
        words = f"{whence}；过去的年度按当年在用的版本计分，不受新版本影响。"
        self.setLayout(col(banner("wait", "book", words), (self.table, 1), gap=12, pad=(24, 14, 24, 16)))

    def reload(self) -> None:
        """Read the editions of every standards file."""

        def work() -> list[Edition]:
            return [edition for kind in HANDED_OUT for edition in self.standards.editions(kind)]

        self.read(work, lambda rows: self.table.set_rows(rows, same=lambda edition: edition.id))


def size_words(room: QSize) -> str:
    """Say what of the text sizes a screen that leaves `room` has no room for, and what is shown in its place."""
    fitting, chosen, shown = theme.fitting_scales(room), theme.text_scale_name(), theme.shown_scale_name()
    if chosen not in fitting:
        when, name = ("现在", shown) if shown != chosen else ("下次打开程序时", fitting[-1])
        return f"这块屏幕放不下“{chosen}”，{when}按“{name}”显示；换到放得下的屏幕，还是“{chosen}”。"
    return "" if len(fitting) == len(theme.SCALES) else "这块屏幕放不下更大的文字。"


class AppearancePage(Page):
    """设置 > 外观与关于."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        room = QGuiApplication.primaryScreen().availableSize()
        fitting = [
            name for name in theme.SCALES if name in theme.fitting_scales(room) or name == theme.text_scale_name()
        ]
        self.scale = Choice("文字大小", [(name, name) for name in fitting], theme.text_scale_name(), width=120)
        words = "颜色选了就换；文字大小下次打开程序时生效。"
        self.scale.activated.connect(lambda _index: self._save_scale())
        self.look = Choice("颜色", [(look, look.label) for look in Look], theme.chosen_look(), width=140)
        self.look.activated.connect(lambda _index: self._save_look())
        appearance = card(
            "外观",
            row(text("文字大小"), ..., self.scale),
            row(text("颜色"), ..., self.look),
            text(f"{words}{size_words(room)}", "small", wrap=True),
        )
        self.about = AboutCard(self)
        self.manual_button = self.about.manual_button
        self.setLayout(col((_page(appearance, self.about.card), 1), pad=(24, 14, 24, 16)))

    def _save_look(self) -> None:
        theme.save_look(self.look.value())
        theme.change(cast(QApplication, QApplication.instance()), wanted())

    def _save_scale(self) -> None:
        theme.save_text_scale(str(self.scale.value()))
        self.desk.say("已保存，下次打开程序时生效。")
