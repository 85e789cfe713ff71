"""What a person decides about packages: whose line of data is true, whether lost data come back, whom to trust."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox

from desktop.models.vocabulary.access import Act
from desktop.services.sync.kinds import KindChanges, by_kind
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.results import Result, TakeBack
from desktop.services.sync.rows import Changes
from desktop.ui.dialogs import ask_folder, ask_open_many
from desktop.ui.keys import HELP_WORDS
from desktop.ui.page import Page
from desktop.ui.sync.common import PACKAGES
from desktop.ui.widgets import button, col, row, text
from desktop.ui.widgets.dialogs import Dialog, confirm
from desktop.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from desktop.services.sync.enrolment import PendingInvitation

Received = Callable[[list[Result]], object]
"""Shows what became of files."""
MOST_KINDS = 8


class ForkDialog(Dialog):
    """A package of another line of data: take it as the true one, drop it, or leave it for later."""

    def __init__(
        self, page: Page, words: str, changes: Changes, accept: Callable[[], None], discard: Callable[[], None]
    ):
        added, changed, removed = (sum(part.values()) for part in _parts(changes))
        self.discard_button = button("不用这个包", self._discard)
        super().__init__(
            page,
            "两份数据不是一条线，以哪一份为准？",
            text(words, wrap=True),
            text(f"以这个包为准：新增{added}条、修改{changed}条、删除{removed}条；之前自动备份。", wrap=True),
            text("不用这个包：本机数据不变，隔离的文件删除，对方下次收到包时知道。", wrap=True),
            row(..., self.discard_button),
            verb="以这个包为准",
            cancel="以后再定",
            wide=True,
        )
        self.accepted.connect(accept)
        self._drop = discard

    def _discard(self) -> None:
        self.reject()
        self._drop()


def decide_fork(page: Page, package_hash: str, words: str, received: Received, strip: ProgressStrip) -> None:
    """Show what the quarantined package would change, and let the user decide; `words` say what to ask, and whom."""
    receiver = page.desk.service(Receiver)

    def accept() -> None:
        page.call(
            lambda progress: [receiver.accept_fork(package_hash, progress)],
            received,
            strip=strip,
            words="正在接受数据",
        )

    def discard() -> None:
        page.act(lambda: receiver.discard_fork(package_hash), "已放弃这个包，本机数据没有改动。")

    page.call(
        lambda progress: receiver.preview_fork(package_hash, progress),
        lambda changes: ForkDialog(page, words, changes, accept, discard).open(),
        strip=strip,
        words="正在比较数据",
    )


def take_back(page: Page, received: Received, strip: ProgressStrip) -> None:
    """Ask for headquarters' copy of this branch's own data, and put it in the place of what is here."""
    files = ask_open_many(page, "选择总部给的移交包", PACKAGES)
    if not files:
        return
    receiver = page.desk.service(Receiver)

    def take() -> None:
        page.call(lambda progress: receiver.take_back(files, progress), received, strip=strip, words="正在取回总部数据")

    page.call(
        lambda progress: receiver.preview_take_back(files, progress),
        lambda copy: confirm(
            page, "用总部的数据替换本机记录？", take_back_words(copy), "取回总部数据", take, destructive=True
        ),
        strip=strip,
        words="正在比较数据",
    )


def take_back_words(copy: TakeBack) -> str:
    """Say which copy headquarters gives back, and what becomes of the records here, kind by kind."""
    taken = f"（{copy.taken_on}收）" if copy.taken_on is not None else ""
    whose = f"总部最后收下的是本支部第{copy.seq}号包{taken}" if copy.seq else "总部没有写明这份数据来自第几号包"
    lines = [f"{whose}，移交包在{copy.made_on}写出。"]
    kinds = by_kind(copy.changes)
    if kinds:
        added, changed, removed = (sum(part.values()) for part in _parts(copy.changes))
        lines.append(f"与它比较，本机记录将替换{changed}条、删除{removed}条（那以后新登记的），找回{added}条：")
        lines += [_kind_words(kind) for kind in kinds[:MOST_KINDS]]
        if len(kinds) > MOST_KINDS:
            lines.append(f"另有{len(kinds) - MOST_KINDS}类记录。")
    else:
        lines.append("本机记录和它一样，没有要替换的。")
    lines.append("之前自动备份。从不外传的内容（提醒、诫勉谈话的正文，回收站）总部没有，替换后只在备份里。")
    return "\n".join(lines)


def _kind_words(kind: KindChanges) -> str:
    counts = (("替换", kind.changed), ("删除", kind.removed), ("找回", kind.added))
    return f"{kind.title}：" + "，".join(f"{verb}{number}条" for verb, number in counts if number)


def _parts(changes: Changes) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    return changes.added, changes.changed, changes.removed


class FingerprintDialog(Dialog):
    """Headquarters' fingerprint, to be compared with the paper letter before the invitation counts."""

    def __init__(
        self,
        page: Page,
        invitation: "PendingInvitation",
        folder: Path,
        join: Callable[["PendingInvitation", Path, bool], None],
    ) -> None:
        self.help_box = QCheckBox("允许总部协助重设密码")
        self.help_box.setAccessibleDescription(HELP_WORDS)
        asked = col(self.help_box, row(22, (text(HELP_WORDS, "small", wrap=True), 1), gap=0), gap=2)
        super().__init__(
            page,
            f"加入{invitation.headquarters}",
            text(f"本支部的代码和名称将是：{invitation.code}　{invitation.name}", wrap=True),
            text("请把下面的数字与公函上的指纹逐组核对：", "sub", wrap=True),
            text(invitation.fingerprint, "h2"),
            text("不一致就不要继续，请联系总部。", "small"),
            asked if page.desk.may(Act.USERS) else None,
            verb="数字一致，加入",
            wide=True,
        )
        self._invitation, self._folder, self._join = invitation, folder, join
        self.verb.setFocus()  # a consent is not ticked by the way

    def submit(self) -> None:
        """Take the invitation and write the registration beside it."""
        folder = ask_folder(self, "登记文件写到哪里", self._folder)
        if folder is not None:
            allowed = self.help_box.isChecked()
            self.accept()
            self._join(self._invitation, folder, allowed)
