"""Turns an exception into words: what happened, what is kept, what to do next. Window and command line share it.

Services raise facts; a refusal is worded here and nowhere else. The codes are those of the error catalogue.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop import __version__
from desktop.services.errors import OF_A_BRANCH, AppError, InvalidInput, PackInvalid
from desktop.services.files import failure_of
from desktop.services.quoting import quoted, readable

log = logging.getLogger(__name__)
UNCHANGED = "原有数据没有改动。"
_MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Message:
    """What the user reads about a failure."""

    title: str
    kept: str = ""
    next: str = ""
    code: str = ""

    def __str__(self) -> str:
        """Return it as one line, for the command line."""
        return "".join(part for part in (self.title, self.kept, self.next) if part)


def is_code(text: str) -> bool:
    """Tell whether this is a code of the catalogue; what only looks like one may be anybody's word."""
    return text in _WORDS or text in _OTHER_CODES


def present(error: BaseException) -> Message:
    """Return the words for `error`. What is no `AppError`, nor said by the system of a file, is a defect of ours.

    The words of a defect point to the log, so it is written there, wherever they are shown.
    """
    told = _told((failure_of(error) if isinstance(error, OSError) else None) or error)
    return Message(readable(told.title), readable(told.kept), readable(told.next), told.code)


def _told(error: BaseException) -> Message:
    if isinstance(error, PackInvalid):
        line = f"第{error.line}行" if error.line and f"第{error.line}行" not in error.reason else ""
        place = "，".join(part for part in (line, error.item) if part)
        field = f"{'的' if error.item else ''}“{error.field}”" if error.field else ""
        return Message(
            f"标准文件“{error.file}”不能用：{place}{field}{error.reason}。",
            "在用的标准没有改动。",
            "请把这句话告诉提供标准文件的人。",
            error.code,
        )
    if isinstance(error, InvalidInput):
        return Message(f"“{error.label}”{_sentence(error.reason)}", "没有保存。", "请改好再试。", error.code)
    if isinstance(error, AppError):
        words = _WORDS.get(error.code)
        if words is not None:
            title, kept, step = words(error.facts)
            kept = _written(error.facts) or kept
            return Message(title, kept, step, error.code)
        return Message("这一步没有完成。", UNCHANGED, "请再试一次；还不行，请把日志文件交给维护人员。", error.code)
    log.error("a defect is told", exc_info=error)
    return Message("程序遇到意外，这一步没有完成。", "没有保存任何改动。", "请把日志文件交给维护人员。", _DEFECT)


Words = tuple[str, str, str]


def _sentence(reason: str) -> str:
    return reason if reason.endswith(("。", "！", "？")) else reason + "。"


def _written(facts: dict[str, Any]) -> str:
    """Say of a run of several packages which are there and which are not; empty for other errors."""
    total, written = facts.get("total", 1), facts.get("written", 0)
    if total < 2:
        return ""
    absent = list(dict.fromkeys(facts["absent"]))
    names = "、".join(absent[:_MOST_NAMES]) + (f"等{len(absent)}个支部" if len(absent) > _MOST_NAMES else "")
    return f"共{total}个包，写好并读回的有{written}个，没有写好：{names}。全部的包都在本机，再写时接着用，不另编号。"


def _fixed(title: str, kept: str = UNCHANGED, step: str = "") -> Callable[[dict[str, Any]], Words]:
    """Words whose only fact is the file: {file} is filled in."""

    def words(facts: dict[str, Any]) -> Words:
        file = facts.get("file", "")
        return title.replace("{file}", f"“{file}”" if file else "文件"), kept, step

    return words


def _wrong_kind(facts: dict[str, Any]) -> Words:
    """At headquarters a verb of a branch reads one: `option` says how to tell which."""
    if facts.get("given"):
        return _other_file(facts)
    step = "请核对是支部还是总部的数据。"
    if facts.get("option"):
        step = f"这是总部的数据，请用{facts['option']}写明看哪个支部。"
    return "这一步不属于这种数据文件夹。", UNCHANGED, step


def _megabytes(size: object) -> str:
    number = float(str(size or 0)) / 1_000_000
    if number < 0.1:
        return f"{number * 1000:.0f} KB"
    return f"{number / 1000:.1f} GB" if number >= 1000 else f"{number:.1f} MB"


def _disk_full(facts: dict[str, Any]) -> Words:
    sizes = f"（需要{_megabytes(facts['need'])}，剩{_megabytes(facts.get('free'))}）" if facts.get("need") else ""
    kept = _kept(facts, "没有留下不完整的文件，原有数据没有改动。")
    return f"磁盘或U盘空间不足{sizes}。", kept, "请腾出空间或换一个盘再试。"


def _disk(facts: dict[str, Any]) -> Words:
    if facts.get("missing"):
        return f"找不到“{facts['missing']}”。", _kept(facts), "请核对文件和文件夹的位置后再试。"
    step = "请检查磁盘，或重新插入U盘后再试。"
    if facts.get("in_doubt"):
        step = "请检查磁盘，关闭程序再打开，看这一步在不在，再接着做。"
    return f"{_file(facts) or '文件'}无法读写。", _kept(facts), step


def _read_only(facts: dict[str, Any]) -> Words:
    step = "请检查文件夹的权限，U盘请看写保护开关，或换一个位置。"
    return f"{_file(facts) or '文件'}只能读，不能写。", _kept(facts), step


def _too_long(facts: dict[str, Any]) -> Words:
    file = str(facts.get("file", ""))
    shown = f"“{file[:20]}{'…' if len(file) > 20 else ''}”" if file else "文件"
    length = f"（{facts['length']}个字符）" if facts.get("length") else ""
    return (
        f"{shown}连同文件夹的名字太长{length}，系统不接受。",
        _kept(facts),
        "请换一个离盘根近的文件夹，或把名字改短。",
    )


def _held(facts: dict[str, Any]) -> Words:
    step = "请在 Excel、WPS 等里关掉它再试；要写的话，也可以换一个文件名。"
    return f"{_file(facts) or '文件'}正被别的程序（如表格软件、杀毒软件）打开着。", _kept(facts), step


def _disk_place(what: str) -> Callable[[dict[str, Any]], Words]:
    """Words about a folder where a file belongs, or the other way round."""
    return lambda facts: (f"{_file(facts) or '这个位置'}{what}。", _kept(facts), "请核对位置后再试。")


def _copy_gone(facts: dict[str, Any]) -> Words:
    title = f"写完以后再读，{_file(facts) or '文件'}不在了或不完整。"
    return title, _kept(facts), "请看U盘或文件夹还在不在，再写一次。"


def _kept(facts: dict[str, Any], otherwise: str = UNCHANGED) -> str:
    """Say of a package that was built but not copied that it is not lost, and of an action whether it counts."""
    if facts.get("in_doubt"):
        return "这一步可能已经保存，也可能没有，原有数据没有损坏。"
    return "数据包仍保存在本机。" if facts.get("packed") else otherwise


def _damaged(facts: dict[str, Any]) -> Words:
    step = f"请从{facts['date']}的备份恢复。" if facts.get("date") else "请从最近一次验证过的备份恢复。"
    return f"数据文件{_file(facts)}损坏。", "原文件已保留。", step


def _conflict(facts: dict[str, Any]) -> Words:
    reason = facts.get("reason") or f"{facts.get('what', '记录')}已经存在"
    return _sentence(str(reason)), UNCHANGED, ""


def _not_found(facts: dict[str, Any]) -> Words:
    name = quoted(facts["name"]) if facts.get("name") else _file(facts)
    return f"找不到{facts.get('what', '记录')}{name}。", UNCHANGED, "请核对后再试。"


def _not_allowed(facts: dict[str, Any]) -> Words:
    what = facts.get("what", "做这一步")
    return f"您的角色不能{what}。", UNCHANGED, "请有这项权限的同志来做，或请管理使用人的同志调整您的角色。"


def _only_looked(facts: dict[str, Any]) -> Words:
    if facts.get("why") == OF_A_BRANCH:
        return "这是支部报来的数据，总部只能查看，这一步没有做。", UNCHANGED, "请提意见，由支部自己改，再报上来。"
    state = looked_state(facts.get("why", ""))
    return f"{state}，现在只能查看，这一步没有做。", UNCHANGED, LOOKED_STEP[facts.get("why", "") == "E-DISK-RO"]


def looked_state(why: str) -> str:
    """Return what is the matter with the disk of a store that is only looked at."""
    return "数据文件夹只能读，不能写" if why == "E-DISK-RO" else "数据文件夹所在的磁盘已满"


LOOKED_STEP = ("请腾出磁盘空间，关闭程序再打开。", "请改好磁盘或文件夹的权限，关闭程序再打开。")


def looked_words(why: str) -> str:
    """Return what whoever opened a store only to look at it is told, after what is the matter."""
    step = LOOKED_STEP[why == "E-DISK-RO"]
    return f"记录都在，没有改动。查找、导出、档案、备份到别的盘照常能用，这期间不记使用记录，身份证号遮住。{step}"


def _busy(facts: dict[str, Any]) -> Words:
    holder = facts.get("holder")
    who = f"：{holder}" if holder else ""
    return f"这份数据正被另一个程序打开{who}。", UNCHANGED, "请先关闭那个程序。"


def _recovery(facts: dict[str, Any]) -> Words:
    group = facts.get("group")
    return f"恢复码第{group}组数字有误。" if group else "恢复码不完整或有误。", UNCHANGED, "请对照打印页重新输入。"


def _weak(facts: dict[str, Any]) -> Words:
    reason = str(facts.get("reason") or "太简单")
    return f"密码{_sentence(reason)}", "没有保存。", "至少8个字符，不要用常见的密码。"


def _content(facts: dict[str, Any]) -> Words:
    line = f"第{facts['line']}条记录" if facts.get("line") else "内容"
    row = f"（{_row(facts)}）" if facts.get("table") else ""
    step = "请发送方改好这条记录后重新生成。" if facts.get("field") else "请发送方更新程序后重新生成。"
    title = f"{_file(facts)}{line}{row}不合规：{_why(facts)}。"
    return title, "整包没有导入，原有数据没有改动。", step


def _unfit(facts: dict[str, Any]) -> Words:
    """A row of one's own that the other side would refuse."""
    return f"{_row(facts)}不合规：{_why(facts)}。", "数据包没有生成，原有数据没有改动。", "请先改好这条记录再生成。"


def _row(facts: dict[str, Any]) -> str:
    return f"{facts.get('table') or '记录'}{'“' + facts['row'] + '”' if facts.get('row') else ''}"


def _why(facts: dict[str, Any]) -> str:
    field = f"“{facts['field']}”" if facts.get("field") else ""
    return f"{field}{facts.get('reason') or '不符合规定'}"


def _secret(facts: dict[str, Any]) -> Words:
    mark = facts.get("mark") or "密级"
    return f"文件带有“{mark}”标志，本系统不得存储国家秘密和工作秘密。", "没有添加。", "确实不涉密，再确认添加。"


def _file(facts: dict[str, Any]) -> str:
    return f"“{facts['file']}”" if facts.get("file") else ""


def _package(text: str, kept: str = UNCHANGED, step: str = "") -> Callable[[dict[str, Any]], Words]:
    """Words about one package file; facts in {braces} are filled in where they are known."""

    def words(facts: dict[str, Any]) -> Words:
        told = text
        for name in ("to", "sender", "date", "app", "reason"):
            told = told.replace("{" + name + "}", str(facts.get(name) or "不明"))
        return f"{_file(facts)}{told}", kept, step

    return words


def _schema_newer(facts: dict[str, Any]) -> Words:
    """Between two releases programs of one version differ: its number alone would send who reads it nowhere."""
    app = str(facts.get("app") or "")
    kept = "数据包已保留，原有数据没有改动。"
    if app and app != __version__:
        return f"{_file(facts)}版本不匹配：需要程序{app}以上。", kept, "请升级程序后再导入。"
    same = f"，都写着{app}，比本机的新" if app else ""
    step = "请换上最近发的安装文件再导入；没有，就向带来数据包的一方要。"
    return f"{_file(facts)}版本不匹配：是更新的程序做的{same}。", kept, step


_GOES = {
    "上报": "请在市公司的“收包”里收，命令行用 receive。",
    "反馈": "请在支部的“报送”页点“导入总部反馈”，命令行用 receive。",
    "移交": "请在支部的“报送”页点“取回总部数据”，命令行用 take-back。",
    "邀请": "请在支部的“报送”页导入邀请文件，命令行用 enrol。",
    "登记": "请在市公司的“总览”点“导入登记或申请”，命令行用 enrol。",
    "解锁申请": "请在市公司的“总览”点“导入登记或申请”，命令行用 grant-unlock。",
    "解锁": "请在支部的登录页点“导入解锁文件”，命令行用 unlock。",
    "备份": "请在登录页点“从备份恢复”，命令行用 restore。",
    "标准": "请在市公司的“标准”页点“增加版本”，命令行用 standard；支部的随反馈包来，不用导入。",
    "表格": "请在它那一种的列表上点“导入”（分组和党总支在“总览”，评定在“核定”），命令行用 import。",
    "程序版本": "请插上它所在的U盘，在“收包”或“报送”页更新，命令行用 update。",
}
"""Where each kind of file of ours goes: the page, and the verb of the command line."""


def _other_file(facts: dict[str, Any]) -> Words:
    """A whole file of ours, but not of the kind that this step takes."""
    given = str(facts["given"])
    return (
        f"{_file(facts) or '这'}是{given}文件，不能用在这一步。",
        UNCHANGED,
        _GOES.get(given, "请核对选的是哪个文件。"),
    )


def _no_package(facts: dict[str, Any]) -> Words:
    if facts.get("given"):  # whole, but another kind of file than this step takes
        return _other_file(facts)
    return f"{_file(facts)}不是有效的数据包，或已被改动。", UNCHANGED, "请从原电脑重新拷贝。"


_AS_IT_WAS = "没有安装，现在的程序和数据都没有动。"


def _update(text: str, step: str) -> Callable[[dict[str, Any]], Words]:
    """Words about a new version of the program that was not installed."""

    def words(facts: dict[str, Any]) -> Words:
        told = text
        for name in ("file", "reason", "version", "own"):
            told = told.replace("{" + name + "}", str(facts.get(name) or "不明"))
        return _sentence(told), _AS_IT_WAS, step

    return words


def _clock(facts: dict[str, Any]) -> Words:
    today, last = facts.get("today", ""), facts.get("last", "")
    which = "早于" if today < last else "远远晚于"
    title = f"电脑上的日期是{today}，{which}最近一次使用的日期{last}，可能不对。"
    return title, UNCHANGED, "请先改正电脑的日期，不然会议、补录和到期都会记错。"


_WORDS: dict[str, Callable[[dict[str, Any]], Words]] = {
    "E-CANCEL": _fixed("操作已取消。", "没有产生不完整的文件，没有保存改动。"),
    "E-BUSY": _fixed("上一个操作还在进行。", UNCHANGED, "请等它结束，或先取消它。"),
    "E-CONFLICT": _conflict,
    "E-NOT-FOUND": _not_found,
    "E-NOT-ALLOWED": _not_allowed,
    "E-LOOK-ONLY": _only_looked,
    "E-BRANCH-DATA": _fixed("这个支部的数据算不出结果。", "其他支部照常计算。", "请它核对后重新报送。"),
    "E-STORE-BUSY": _busy,
    "E-CLOCK": _clock,
    "E-LOGIN": _fixed("密码不正确。", UNCHANGED, "请检查大小写和输入法；忘记密码可用恢复码。"),
    "E-RECOVERY-GROUP": _recovery,
    "E-PASSWORD-WEAK": _weak,
    "E-KEY-WRONG-VAULT": _fixed(
        "恢复码或钥匙不属于这份数据。", "未作任何改动。", "请核对是不是这台电脑、这个支部的恢复码。"
    ),
    "E-NO-HELP": _fixed(
        "这份数据没有开启总部协助，总部打不开它。",
        UNCHANGED,
        "请再找一找恢复码，或从备份恢复；都没有，就请总部交还它收过的数据。",
    ),
    "E-UNLOCK-NONE": _package(
        "在这里用不上：这台电脑没有等待答复的申请，或者它已经用过一次。", UNCHANGED, "还打不开，就重新申请。"
    ),
    "E-UNLOCK-OTHER": _package(
        "答复的不是最近这一份申请，或者是别处的申请。", UNCHANGED, "请用总部对最近一份申请的答复；没有，就重新申请。"
    ),
    "E-UNLOCK-OLD": _package("已经过期（{date}）。", UNCHANGED, "请重新申请，重新核对数字。"),
    "E-UNLOCK-USED": _package(
        "已经答复过（{date}），一份申请只答复一次。", UNCHANGED, "请支部重新申请，重新核对数字。"
    ),
    "E-DB-PLAIN": _fixed("数据没有加密，程序已停止。", UNCHANGED, "请联系管理员。"),
    "E-DB-DAMAGED": _damaged,
    "E-DB-NEWER": _fixed("数据由更新版本的程序创建。", UNCHANGED, "请先升级程序。"),
    "E-DB-BUSY": _fixed("数据正由别的操作占用。", UNCHANGED, "请稍后再试。"),
    "E-DISK": _disk,
    "E-DISK-RO": _read_only,
    "E-DISK-FULL": _disk_full,
    "E-DISK-HELD": _held,
    "E-DISK-LONG": _too_long,
    "E-DISK-FOLDER": _disk_place("是文件夹，这里要的是文件"),
    "E-DISK-FILE": _disk_place("是文件，这里要的是文件夹"),
    "E-DISK-SPECIAL": _disk_place("不是普通文件（是管道、设备或绕圈的链接），没有读"),
    "E-NO-PROGRAM": _package(
        "打不开：这台电脑上没有能打开它的程序。", UNCHANGED, "请装上能打开它的程序，或在别的电脑上打开。"
    ),
    "E-PRINT": _fixed(
        "打印机“{file}”没有收下。", "数据没有改动。", "请看它是否开机、连上、有纸；还不行，请另选一台打印机。"
    ),
    "E-USB-GONE": _fixed("U盘已断开。", "数据包仍保存在本机。", "请插好U盘重新写入。"),
    "E-USB-ELSEWHERE": _fixed(
        "U盘上的文件夹{file}是一个链接，指到U盘以外，没有写。", "数据包仍保存在本机。", "请删掉这个链接，或换一只U盘。"
    ),
    "E-USB-RO": _fixed("U盘写保护。", "数据包仍保存在本机。", "请拨动写保护开关，或换一只U盘。"),
    "E-USB-VERIFY": _fixed("写入后核对不一致，U盘可能损坏。", "数据包仍保存在本机。", "请换一只U盘。"),
    "E-USB-LOCKED": _fixed("{file}被其他程序（如杀毒软件）占用。", "数据包仍保存在本机。", "请稍后重试。"),
    "E-USB-BUSY": _fixed(
        "U盘{file}还有别的程序在用，没有弹出。",
        "写上去的已经核对无误。",
        "请关掉打开着U盘的窗口，从文件管理器里弹出，再拔。",
    ),
    "E-USB-EJECT": _fixed("系统没有让程序弹出U盘{file}。", "写上去的已经核对无误。", "请从文件管理器里弹出，再拔。"),
    "E-USB-CLOSED": _fixed("系统没有打开U盘{file}。", "什么也没有写。", "请在文件管理器里点开它，再回到这里。"),
    "E-COPY-GONE": _copy_gone,
    "E-ATT-ORPHAN": _fixed("附件文件夹里多出{file}。", "不影响使用。", "确认无用后可以删除。"),
    "E-BACKUP-DAMAGED": _fixed("备份{file}损坏。", "在用的数据不受影响。", "请现在做一次备份，旧的这份不能再用。"),
    "E-ATT-DAMAGED": _fixed("附件{file}损坏，无法打开。", "其他数据不受影响。", "请从最近一次验证过的备份恢复。"),
    "E-ATT-MISSING": _fixed("附件{file}不在这台电脑上。", "其他数据不受影响。", "请等对方重新报送，或从备份恢复。"),
    "E-SECRET-MARK": _secret,
    "E-SECRET-UNREAD": _fixed(
        "{file}第一页读不完，没法查看有没有密级标志。",
        "没有添加。",
        "可能是恶意文件；确知来历、确实不涉密，再确认添加。",
    ),
    "E-PKG-TRUNC": _package("不完整，可能拷贝时中断。", UNCHANGED, "请从原电脑重新拷贝。"),
    "E-PKG-FORMAT": _no_package,
    "E-PKG-FMT": _package("格式较新，本程序不认识。", UNCHANGED, "请升级程序后再导入。"),
    "E-PKG-SUITE": _package("加密方式较新，本程序不认识。", UNCHANGED, "请升级程序后再导入。"),
    "E-PKG-TO": _package("不是发给本单位的（收件：{to}）。", UNCHANGED, "请交给收件单位。"),
    "E-PKG-SENDER": _package("不能收：发送方未登记或已停用（{sender}）。", UNCHANGED, "请先办理登记。"),
    "E-PKG-SIG": _package("签名校验失败，可能被篡改，已拒绝。", UNCHANGED, "请向发送方核实并重新拷贝。"),
    "E-PKG-HASH": _package("内容校验失败，已拒绝。", UNCHANGED, "请从原电脑重新拷贝。"),
    "E-PKG-KEY": _package(
        "没有可用的钥匙解密（可能使用了旧的总部公开钥匙）。", UNCHANGED, "请发送方重新办理登记后再生成。"
    ),
    "E-PKG-CONTENT": _content,
    "E-ROW-UNFIT": _unfit,
    "I-DUP": _package("已经导入过（{date}），没有新内容，无需重复导入。", ""),
    "I-STALE": _package("早于已导入的数据（{date}），记录未变，只补收缺少的附件。", ""),
    "E-FORK": _package(
        "与已导入的数据来源不一致（可能恢复了旧备份），已隔离，未合并。", UNCHANGED, "请与发送方核对以哪一份为准。"
    ),
    "I-BEHIND": _package(
        "已导入。总部收过本支部更新的报送包，说明本机数据比总部旧。",
        "",
        "请到“报送”选择：恢复较新的备份、取回总部数据，或以本机数据为准。",
    ),
    "E-MOVED": _fixed(
        "这份数据已经移到新电脑，这台电脑不再生成数据包。",
        UNCHANGED,
        "请在新电脑上报送或下发；不换电脑了，在“备份 > 换电脑”点“还用这台电脑”。",
    ),
    "E-STALE-LOCAL": _package(
        "说明本机数据比总部旧。", UNCHANGED, "请到“报送”选择：恢复较新的备份、取回总部数据，或以本机数据为准。"
    ),
    "E-KEY-OLD": _package(
        "用的是{sender}已经换掉的旧钥匙，没有收下。",
        UNCHANGED,
        "请问对方：恢复过更换以前的备份，就先收一次对方的回执再重新生成，不行就重新邀请；不是对方生成的，旧钥匙可能在别人手里。",
    ),
    "E-KEY-UNKNOWN": _package(
        "用的是本机不认识的钥匙：{sender}换过钥匙，本机没有收到预告（可能恢复过备份）。",
        UNCHANGED,
        "请先给对方一个新的包，对方导入后再生成；还不行，就重新邀请。",
    ),
    "E-KEY-LOST": _package(
        "是发给本单位的，但本机没有打开它的钥匙：可能恢复过更换钥匙以前的备份。",
        UNCHANGED,
        "请恢复更换以后的备份；没有，就重新邀请支部。",
    ),
    "E-INSTALL": _package("来自另一台电脑：该支部已在别的电脑登记。", UNCHANGED, "请先办理换机移交。"),
    "E-SCHEMA-NEWER": _schema_newer,
    "E-TOKEN": _package("对应的邀请已使用或过期。", UNCHANGED, "请向总部重新申请邀请文件。"),
    "E-NOT-ENROLLED": _fixed("还没有与总部建立联系。", UNCHANGED, "请先导入总部给的邀请文件，并把登记文件交回总部。"),
    "E-WRONG-KIND": _wrong_kind,
    "E-UPD-SIGN": _update("新版本没有通过核对：{reason}", "请不要安装，向带来的人问清楚，重新要一份。"),
    "E-UPD-OLD": _update("那里的版本是{version}，不比现在用的{own}新。", "不用更新。"),
    "E-UPD-OTHER": _update("新版本{version}里没有这台电脑能用的安装文件。", "请市公司带上适合这台电脑的安装文件。"),
    "E-UPD-CLONE": _update("现在的程序是从源码运行的，不这样更新。", "请更新源码。"),
    "E-UPD-GONE": _update("U盘已断开，新版本没有拷完。", "请插好U盘，再更新一次。"),
    "E-UPD-OPEN": _update("程序还有别的窗口开着。", "请先关掉别的窗口，再更新一次。"),
    "E-UPD-PLACE": _update("程序所在的文件夹{file}不让写。", "请由当初放程序的人更新。"),
    "E-UPD-UNFIT": _update("新版本{file}在这台电脑上启动不了。", "请把这句话告诉市公司。"),
}
_DEFECT = "E-DEFECT"
_OTHER_CODES = frozenset((AppError.code, InvalidInput.code, PackInvalid.code, _DEFECT))
"""Codes whose words are made of what the error says."""
