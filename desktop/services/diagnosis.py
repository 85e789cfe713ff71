"""诊断信息: one text for whoever helps. Versions, sizes, counts and error codes; no name, no content, no path."""

import platform
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
_KIND = re.compile(r"^[A-Z]\w*(?:Error|Exception|Warning|Interrupt)$", re.ASCII)
_PLACE = re.compile(r"^  (desktop(?:\.[a-z0-9_]+)+:[0-9]+) ")
"""A line below the kind of a defect: a module of ours and where in it; the last of them is where it arose."""
_END = re.compile(r"^(?:Fatal Python error|Windows fatal exception): ([A-Za-z ]+)$")
_WHERE_IT_FELL = "Stack ", "Current thread "
"""How the stack of the thread that fell begins; the second where those of all threads were written."""
_ENDED_AT = re.compile(r'^  File "([a-z0-9_]+\.py)", line ([0-9]+) in ')


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
    """Give what the logs hold, counted: levels, codes we know, kinds of defects with their places. No line of them."""
    levels, codes = Counter[str](), Counter[str]()
    defects: list[_Defect] = []
    for path in sorted(folder.glob("*.log*")) if folder.is_dir() else ():
        lines = path.read_text("utf-8", errors="replace").splitlines()
        for line in lines:
            if level := _LEVEL.match(line):
                levels[level[1]] += 1
                codes.update(code for code in _CODE.findall(line) if is_code(code))
        defects += _defects(lines)
    for words, found in (("日志", levels), ("提示编号", codes)):
        yield f"{words}：" + ("，".join(f"{name} {count} 次" for name, count in found.most_common()) or "没有")
    yield "意外：" + ("，".join(_told(defects)) or "没有")


@dataclass(slots=True)
class _Defect:
    """A defect as a log tells it: its kind, and the place where it arose, "" where no module of ours is named."""

    kind: str
    place: str = ""


def _defects(lines: Iterable[str]) -> Iterator[_Defect]:
    """Give what ended a deed, or the whole program, with the innermost place of ours."""
    told: _Defect | None = None
    ended = current = False
    for line in lines:
        end = _END.match(line)
        if end is not None or _KIND.match(line):
            if told is not None:
                yield told
            told, ended, current = _Defect(line if end is None else end[1]), end is not None, False
        elif told is None:
            continue
        elif ended:
            current = current or line.startswith(_WHERE_IT_FELL)
            if current and not told.place and (place := _ENDED_AT.match(line)):
                told.place = f"{place[1]}:{place[2]}"
        elif place := _PLACE.match(line):
            told.place = place[1]
        elif not line.startswith("  "):
            yield told
            told = None
    if told is not None:
        yield told


def _told(defects: Iterable[_Defect]) -> Iterator[str]:
    kinds: dict[str, Counter[str]] = {}
    for defect in defects:
        kinds.setdefault(defect.kind, Counter())[defect.place] += 1
    for kind, places in sorted(kinds.items(), key=lambda each: -each[1].total()):
        said = "、".join(
            f"{place} {count} 次" if len(places) > 1 else place for place, count in places.items() if place
        )
        yield f"{kind} {places.total()} 次" + (f"（{said}）" if said else "")
