"""Files the system hands to the program, by a double click or with a later start: the page that takes each kind."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.paths import OWN_FILES

if TYPE_CHECKING:
    from desktop.ui.main_window import Shell

PACKAGE, KEY, BACKUP = KINDS = OWN_FILES
BY_SENDERS = "收发数据包由有这项权限的同志来做，文件没有导入。"
BY_KEEPERS = "试开备份由有备份权限的同志来做。"
RESTORING = "要用这份备份恢复，先锁定（Ctrl+L），在登录页点“从备份恢复”。"


def take(shell: "Shell", files: Sequence[Path]) -> None:
    """Bring `files` to the pages of an open store that take them; what none takes is named."""
    from desktop.models.vocabulary.access import Act  # brings SQLAlchemy: not before the first window

    desk = shell.desk
    packages, keys, backups = (_of_kind(files, kind) for kind in KINDS)
    strange = [path.name for path in files if path.suffix.lower() not in KINDS]
    if packages or keys:
        if not desk.may(Act.EXCHANGE):
            desk.say(BY_SENDERS)
        elif desk.store.is_headquarters:
            if packages:
                desk.open("receive", "receive", files=packages)
            for key in keys[:1]:
                desk.open("home", "home", file=key)
        else:
            where = {"files": packages} if packages else {"invitation": keys[0]}
            desk.open("archive", "hand_in", **where)
    elif backups:
        if desk.may(Act.BACKUP):
            desk.open("archive" if desk.has("archive", "backups") else "settings", "backups")
            desk.say(RESTORING)
        else:
            desk.say(BY_KEEPERS)
    if strange:
        desk.say(f"“{'、'.join(strange)}”不是本程序的文件。")


def take_before(page: QWidget, files: Sequence[Path]) -> bool:
    """Let the assistant or the log-in take what needs no open store: a backup to be restored. False if it cannot."""
    from desktop.ui.login import LoginPage
    from desktop.ui.setup import SetupPage

    backups = _of_kind(files, BACKUP)
    if not backups or not isinstance(page, LoginPage | SetupPage):
        return False
    page.open_restore(backups[0])
    return True


def waiting_words(files: Sequence[Path]) -> str:
    """Return what the log-in says of files that wait for an open store."""
    names = "、".join(path.name for path in files)
    return f"登录以后打开“{names}”。" if names else ""


def _of_kind(files: Sequence[Path], kind: str) -> list[Path]:
    return [path for path in files if path.suffix.lower() == kind]
