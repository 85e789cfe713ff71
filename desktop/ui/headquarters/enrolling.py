"""Branches coming in and changing: the invitation, the registration whose fingerprint is compared, name and group."""

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.branch_overview import BranchOverview
from desktop.services.headquarters import COUNTY
from desktop.services.sync.enrolment import InvitationFile
from desktop.services.sync.partners import CODE, GROUP, NAME
from desktop.ui.dialogs import ask_folder
from desktop.ui.form_dialog import FormDialog
from desktop.ui.headquarters.parts import file_fact
from desktop.ui.output import print_paper
from desktop.ui.page import Page
from desktop.ui.widgets import link, row, text
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit
from desktop.ui.widgets.pane import fact

if TYPE_CHECKING:
    from desktop.services.archive.writing import Sink
    from desktop.services.sync.enrolment import PendingRegistration
    from desktop.ui.headquarters.overview import OverviewPage

LEARNS = {
    PartnerState.ACTIVE: "支部导入下一个反馈包后，显示新的名称和分组。",
    PartnerState.INVITED: "交出去的邀请文件照旧有效，登记时按新的名称和分组。",
    PartnerState.REVOKED: "再次邀请它时，按新的名称和分组。",
}
RACES = "没有计分的赛马按新的分组排，已经计分、公布的不变。"


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
            needs=Act.EXCHANGE,
            draft="invite",
            about=branch.branch_id if branch else "",
        )
        self._overview = page

    def submit(self) -> None:
        """Ask where, and write the invitation."""
        if not self.readable(required=True):
            return
        folder = ask_folder(self, "邀请文件写到哪里", to_write=True)
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
        self._page, self._written = page, written
        self.print_link = page.desk.offered(Act.EXPORT, link("打印公函", self.print_letter, icon="printer"))
        super().__init__(
            page,
            f"已写好给{written.name}的邀请",
            file_fact("文件", written.path),
            fact("有效期至", written.expires_on.isoformat()),
            text("把印着下面这组指纹的公函和文件一起当面交给支部：", "sub", wrap=True),
            digits,
            row(self.print_link, ...),
            text("支部交回登记文件后，在这里导入，核对支部报来的指纹。", "small", wrap=True),
            verb="知道了",
            cancel="",
            wide=True,
        )

    def print_letter(self) -> None:
        """Show the letter that is handed over with the file, to be printed or saved."""
        store, written = self._page.desk.store, self._written

        def write(to: "Sink") -> object:
            from desktop.services.archive.inviting import InvitingPapers  # brings reportlab

            return InvitingPapers(store).letter(written, to)

        print_paper(self._page, f"{written.name}邀请函", write)


class RegistrationDialog(Dialog):
    """The fingerprint of a branch, to be compared by telephone before its packages count."""

    def __init__(self, page: Page, registration: "PendingRegistration") -> None:
        words = "这个支部换了电脑或钥匙；确认后，旧电脑生成的包不再接受。" if registration.replaces else ""
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


class BranchDialog(FormDialog):
    """Name and race group of a branch, corrected after the invitation."""

    def __init__(self, page: "OverviewPage", branch: BranchOverview) -> None:
        groups = [(group.id, group.name) for group in page.groups]
        self.fields = FieldSet(
            (
                (NAME.name, Field(NAME.label, edit(NAME.label, branch.name), required=True)),
                (GROUP.name, Field(GROUP.label, Choice(GROUP.label, groups, branch.group), required=True)),
                (COUNTY.name, Field(COUNTY.label, edit(COUNTY.label, branch.county), note="县级局党总支，没有就空着")),
            )
        )
        super().__init__(
            page,
            f"修改{branch.code}的名称和分组",
            self.fields,
            text(f"{LEARNS[branch.state]}{RACES}党总支只在这里用来筛选和合计。", "sub", wrap=True),
            fields=(self.fields,),
            verb="保存",
            needs="partners",
            draft="branch_names",
            about=branch.branch_id,
        )
        self._service, self._branch = page.service, branch

    def submit(self) -> None:
        """Keep name and group."""
        if self.readable(required=True):
            values, branch = self.fields.values(), self._branch
            self.keep(
                lambda: self._service.change_branch(
                    branch.branch_id, values[NAME.name], values[GROUP.name], values[COUNTY.name] or ""
                ),
                f"{branch.code}的名称和分组已改。",
            )
