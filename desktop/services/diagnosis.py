"""诊断信息: one text for whoever helps. Versions, sizes, counts and error codes; no name, no content, no path."""

import platform
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import func, select

from desktop import __version__
from desktop.crashes import LOGS
from desktop.messages import is_code
from desktop.models import schema
from desktop.models.base import Base
from desktop.paths import DATABASE
from desktop.services.backup import BackupService
from desktop.services.clock import utc_text
from desktop.services.files import FilePort, write_atomically
from desktop.services.standards.editions import HANDED_OUT
from desktop.services.standards.service import StandardService

if TYPE_CHECKING:
    from desktop.services.store import Store

_CODE = re.compile(r"\b[EI]-[A-Z]+(?:-[A-Z]+)*\b")
_LEVEL = re.compile(r"^\d{4}-\d\d-\d\d \S+ (ERROR|WARNING|CRITICAL) ")
_KIND = re.compile(r"^[A-Z]\w*(?:Error|Exception|Warning|Interrupt)$")


def save_diagnosis(store: "Store", path: Path, of_the_window: Sequence[str] = ()) -> None:
    """Write the text to `path`; `of_the_window`: what only the window knows (screen, fonts, input).

    Raises:
        StorageFailure: the disk refuses; no half file is left.
    """
    write_atomically(path, "\n".join([*_lines(store, of_the_window), ""]).encode("utf-8"), FilePort())


def _lines(store: "Store", of_the_window: Sequence[str]) -> Iterator[str]:
    yield "支部工作台 诊断信息（没有姓名、内容和路径）"
    yield f"生成：{utc_text(store.clock())}（UTC）"
    yield ""
    yield "【程序】"
    yield f"版本 {__version__}，数据库版本 {schema.HEAD}，{'打包' if getattr(sys, 'frozen', False) else '源码'}运行"
    yield f"Python {platform.python_version()}，SQLite {sqlcipher.sqlite_version}"
    yield f"系统 {platform.system()} {platform.release()} {platform.machine()} {' '.join(platform.libc_ver())}".rstrip()
    yield from of_the_window
    yield ""
    yield "【数据】"
    yield f"种类：{'市公司' if store.is_headquarters else '党支部'}，{'只能查看' if store.look is not None else '可写'}"
    yield from _sizes(store)
    yield from _editions(store)
    yield "各表条数：" + "，".join(f"{table} {count}" for table, count in _counts(store))
    yield ""
    yield "【提示编号和错误】"
    yield from _errors(store.folder / LOGS)


def _sizes(store: "Store") -> Iterator[str]:
    folder = store.folder
    yield f"数据库 {_kilobytes([folder / DATABASE])} KB"
    for name, words in (("att", "附件"), ("outbox", "待交的包"), ("inbox", "收下的包"), ("backup", "本机备份")):
        files = [path for path in (folder / name).rglob("*") if path.is_file()] if (folder / name).is_dir() else []
        yield f"{words} {len(files)} 个文件，{_kilobytes(files)} KB"
    usage = shutil.disk_usage(folder)
    yield f"数据所在的磁盘：共 {usage.total >> 20} MB，空 {usage.free >> 20} MB"
    last = BackupService(store).last_verified()
    yield f"最近一次验证过的备份：{last.made_on.isoformat() if last is not None else '没有'}"


def _kilobytes(files: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in files if path.is_file()) >> 10


def _editions(store: "Store") -> Iterator[str]:
    service = StandardService(store)
    for kind in HANDED_OUT:
        used = [edition.version for edition in service.editions(kind) if edition.in_force]
        yield f"在用标准 {kind.value}：{'、'.join(used) or '没有'}"


def _counts(store: "Store") -> Iterator[tuple[str, int]]:
    with store.reading() as session:
        for table in Base.metadata.sorted_tables:
            count = session.scalar(select(func.count()).select_from(table)) or 0
            if count:
                yield table.name, count


def _errors(folder: Path) -> Iterator[str]:
    """Give what the logs hold, counted: levels, codes we know, kinds of defects. Never a line of them."""
    levels, codes, kinds = Counter[str](), Counter[str](), Counter[str]()
    for path in sorted(folder.glob("*.log*")) if folder.is_dir() else ():
        for line in path.read_text("utf-8", errors="replace").splitlines():
            if level := _LEVEL.match(line):
                levels[level[1]] += 1
                codes.update(code for code in _CODE.findall(line) if is_code(code))
            elif _KIND.match(line):
                kinds[line] += 1
    for words, found in (("日志", levels), ("提示编号", codes), ("意外", kinds)):
        yield f"{words}：" + ("，".join(f"{name} {count} 次" for name, count in found.most_common()) or "没有")
