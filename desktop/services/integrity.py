"""Is everything still there and whole? (数据检查) Reads all of a store, changes nothing, names what is wrong."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select

from desktop.models.attachments import Attachment, StoredFile
from desktop.models.database import Bare, faults_in, quick_fault
from desktop.models.history import SettingName
from desktop.paths import DATABASE
from desktop.services.backup import BackupRow, BackupService
from desktop.services.errors import NotFound, StorageFailure
from desktop.services.files import FilePort
from desktop.services.progress import Progress, silent
from desktop.services.security.vault import NAME, SPARE, Vault
from desktop.services.unit_of_work import media_fault

if TYPE_CHECKING:
    from desktop.services.store import Store


_NAMES_TOLD = 3
_OF_THE_DISK = ("E-DISK", "E-DISK-FULL", "E-DISK-RO", "E-DB-BUSY")

log = logging.getLogger(__name__)
_CHECK_EVERY = timedelta(days=7)

FROM_BACKUP = "请从最近一次验证过的备份恢复。"
ATTACH_AGAIN = "请重新添加这个文件，或从备份恢复。"
COMES_AGAIN = "下次反馈会请支部补送，收到后自动补齐。"
NOT_NAMED = "它不属于任何记录，不影响使用；确认无用后可以删除。"
RENEW_SLOTS = "在设置里修改一次密码，就会重新写好。"
BACK_UP_LATER = "请检查磁盘空间，再手动备份一次。"
CHECK_LATER = "请检查磁盘，再检查一次数据。"
BACK_UP_AGAIN = "请现在做一次备份，旧的这份不能再用。"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: its code, and for the user what it is and what to do next."""

    code: str
    what: str
    next: str


def check(store: "Store", progress: Progress = silent) -> list[Problem]:
    """Read the database, every attachment, the key slots and the backups of an open store.

    `progress` is told (done, total) things read.

    Raises:
        Cancelled: by `progress`.
    """
    steps: list[Step] = [
        partial(_database, store),
        partial(_slots, store, NAME),
        partial(_slots, store, SPARE),
        *_attachments(store),
        *_backups(store),
        partial(_orphans, store),
    ]
    problems: list[Problem] = []
    for done, step in enumerate(steps):
        progress(done, len(steps))
        problems += step()
    progress(len(steps), len(steps))
    return problems


def begin_day(store: "Store", progress: Progress = silent) -> list[Problem]:
    """Do what each log-in owes the data; return what the user has to hear of.

    After a crash, and every week, the database is read through both ways, else its pages are checked quickly; once a
    day it is backed up. A backup that fails is a problem told, not a reason to keep anybody from working. A store that
    is only looked at is owed nothing.

    Raises:
        Cancelled: by `progress`.
    """
    if store.look is not None:
        return []
    progress(0, 2)
    if store.was_unclean or not timedelta(0) <= store.today - _checked_on(store) < _CHECK_EVERY:
        problems = _database(store)
        if not problems:
            store.set_setting(SettingName.CHECKED_ON, store.today.isoformat())
    else:
        problems = _pages(store)
    progress(1, 2)
    if not problems:
        try:
            BackupService(store).backup_if_due()
        except StorageFailure as error:
            problems = [Problem(error.code, "今天的自动备份没有做成。", BACK_UP_LATER)]
    progress(2, 2)
    return problems


def _checked_on(store: "Store") -> date:
    text = store.setting(SettingName.CHECKED_ON) or store.setting(SettingName.CREATED_ON)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


Step = Callable[[], list[Problem]]


def _database(store: "Store") -> list[Problem]:
    return _looked_at(store, faults_in)


def _pages(store: "Store") -> list[Problem]:
    return _looked_at(store, lambda connection: list(filter(None, [quick_fault(connection)])))


def _looked_at(store: "Store", look: Callable[[Bare], list[str]]) -> list[Problem]:
    """Return what `look` finds in the database; what SQLite calls it is for the log, not for people."""
    file = store.folder / DATABASE
    try:
        connection = store.bare()
        try:
            faults = look(connection)
        finally:
            connection.close()
    except sqlcipher.Error as error:
        faults = [str(error)]
    if not faults:
        return []
    log.error("faults in the database: %s", faults)
    if media_fault(faults[0], file) in _OF_THE_DISK:  # nothing is known of the data
        return [Problem("E-DISK", "数据没有检查成：磁盘读写出错，或空间不足。", CHECK_LATER)]
    return [Problem("E-DB-DAMAGED", f"数据损坏（{len(faults)}处）。", FROM_BACKUP)]


def _slots(store: "Store", name: str) -> list[Problem]:
    try:
        vault = Vault.read(store.folder / name, FilePort())
    except StorageFailure:
        return [Problem("E-DB-DAMAGED", f"钥匙文件{name}缺失或损坏。", RENEW_SLOTS)]
    if not vault.fits(store.key):
        return [Problem("E-KEY-WRONG-VAULT", f"钥匙文件{name}不属于这份数据。", RENEW_SLOTS)]
    return []


def _attachments(store: "Store") -> Iterator[Step]:
    """Give one step for each content that the database names."""
    named: dict[str, list[str]] = {}
    with store.reading() as session:
        for sha256, name in session.execute(
            select(Attachment.sha256, Attachment.name)
            .where(Attachment.deleted_at_utc.is_(None))
            .order_by(Attachment.id)
        ):
            named.setdefault(sha256, []).append(name)
        stored = {row.sha256: row.id for row in session.scalars(select(StoredFile))}
    for sha256 in sorted(named.keys() | stored.keys()):
        yield partial(_content, store, stored.get(sha256), sha256, named.get(sha256, ["已删除的附件"]))


def _content(store: "Store", file_id: str | None, sha256: str, names: list[str]) -> list[Problem]:
    what = "、".join(f"“{name}”" for name in names[:_NAMES_TOLD]) + ("等" if len(names) > _NAMES_TOLD else "")
    recover = COMES_AGAIN if store.is_headquarters else ATTACH_AGAIN
    if file_id is None:
        return [Problem("E-ATT-MISSING", f"附件{what}的内容不在本机。", recover)]
    try:
        store.att.verify(file_id, sha256)
    except StorageFailure as error:
        state = "的内容不在本机。" if error.code == "E-ATT-MISSING" else "损坏，无法打开。"
        return [Problem(error.code, f"附件{what}{state}", recover)]
    return []


def _orphans(store: "Store") -> list[Problem]:
    with store.reading() as session:
        known = {store.att.path(file_id) for file_id in session.scalars(select(StoredFile.id))}
    return [
        Problem("E-ATT-ORPHAN", f"附件文件夹里多出文件{path.relative_to(store.att.folder)}。", NOT_NAMED)
        for path in sorted(store.att.folder.rglob("*"))
        if path.is_file() and path not in known
    ]


def _backups(store: "Store") -> Iterator[Step]:
    service = BackupService(store)
    for row in service.list():
        yield partial(_backup, service, row)


def _backup(service: BackupService, row: BackupRow) -> list[Problem]:
    try:
        service.verify(row)
    except (StorageFailure, NotFound):
        return [Problem("E-BACKUP-DAMAGED", f"{row.made_on.isoformat()}的备份损坏。", BACK_UP_AGAIN)]
    return []
