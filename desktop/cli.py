"""The command line: every step of the main job without a window, by the same services.

stdout carries the result (with --json exactly one JSON object); progress, questions and refusals go to stderr.
Exit status: 0 done; 1 refused or partly done, with one line saying why and what was kept; 2 wrong usage.
"""

import argparse
import getpass
import json
import logging
import os
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from desktop.logs import log_to
from desktop.messages import present
from desktop.models.vocabulary import RacePeriodState, StoreKind
from desktop.services.clock import Clock, now
from desktop.services.errors import AppError, Cancelled, InvalidInput, NotFound, PackageRefused, StorageFailure
from desktop.services.opening import create_store, open_store
from desktop.services.progress import Progress
from desktop.services.store import Store

if TYPE_CHECKING:
    from desktop.services.spreadsheets.results import ImportResult
    from desktop.services.sync.results import Result

PASSWORD_VARIABLE = "BRANCH_DESK_PASSWORD"
DONE, REFUSED, USAGE = 0, 1, 2

log = logging.getLogger(__name__)


def main(arguments: Sequence[str], clock: Clock = now) -> int:
    """Run one verb by the time of `clock` and return the exit status."""
    logging.getLogger("desktop").addHandler(logging.NullHandler())  # until a store is open there is no log
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    options.clock = clock
    try:
        outcome: Outcome = options.run(options)
    except Cancelled:
        _say("已取消，没有保存改动。")
        return REFUSED
    except KeyboardInterrupt:
        _say("已中断，没有留下不完整的文件。")
        return REFUSED
    except AppError as error:
        return _refused(error, options.json)
    except Exception as error:
        log.error("a defect reached the command line", exc_info=error)
        return _refused(error, options.json)
    try:
        if options.json:
            _print_json(outcome.data)
        elif outcome.text:
            print(outcome.text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader had enough (… | head); what the verb did stays done
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if outcome.refusal:
        _say(outcome.refusal)
    return REFUSED if outcome.refusal else DONE


def _refused(error: Exception, as_json: bool) -> int:
    """Say why a verb did nothing, to people and to scripts."""
    message = present(error)
    _say(str(message))
    if as_json:
        _print_json({"error": {"code": message.code, "message": str(message)}})
    return REFUSED


class Outcome:
    """What a verb did: the object for --json, the text for people, and what was refused, if anything was."""

    def __init__(self, data: dict[str, Any], text: str, refusal: str = "") -> None:
        self.data, self.text, self.refusal = data, text, refusal


Verb = Callable[[argparse.Namespace], Outcome]


def _init(options: argparse.Namespace) -> Outcome:
    given = os.environ.get(PASSWORD_VARIABLE)
    password = _new_password() if given is None else given
    kind = StoreKind(options.kind)
    made = create_store(options.store, kind, options.name, options.login, password, options.code, clock=options.clock)
    made.store.close()
    data = {"store": str(options.store), "kind": kind.value, "name": options.name, "recovery_code": made.recovery_code}
    text = (
        f"已建立{kind.label}的数据目录：{options.store}\n"
        f"恢复码（只显示这一次，请抄下来锁好）：\n  {made.recovery_code}\n"
        "本系统不得录入、存储、传输国家秘密和工作秘密。"
    )
    return Outcome(data, text)


def _import(options: argparse.Namespace) -> Outcome:
    from desktop.services.workbooks import book, books

    with _open(options) as store:
        if options.list:
            kinds = books(store)
            listing = [{"kind": kind.name, "title": kind.title} for kind in kinds]
            return Outcome({"kinds": listing}, "\n".join(f"{kind.name:28}{kind.title}" for kind in kinds))
        if options.kind is None or options.file is None:
            raise InvalidInput("用法", "要写明表格种类和文件，例如 members 名册.xlsx；种类见 --list")
        workbook = book(store, options.kind)
        result = workbook.import_file(options.file, dry_run=options.dry_run, progress=_progress("导入"))
    verb = "试导入（没有保存）" if options.dry_run else "导入"
    lines = [
        f"{verb}：读到{result.read}行，新增{result.accepted}，更新{result.updated}，"
        f"未变{result.unchanged}，退回{len(result.rejected)}"
    ]
    lines += [f"  更新 {one.record} {one.field}：{one.before or '空'} → {one.after or '空'}" for one in result.changes]
    lines += [f"  建议 第{one.row}行 {one.record} {one.field}：{one.value}（{one.reason}）" for one in result.proposals]
    lines += [f"  提醒 {one.sheet} 第{one.row}行 {one.field}：{one.reason}" for one in result.warnings]
    lines += [f"  退回 {one.sheet} 第{one.row}行 {one.field}“{one.value}”：{one.reason}" for one in result.rejected]
    refusal = ""
    if result.rejected:
        kept = "没有保存" if options.dry_run else "其余行已保存"
        refusal = f"{len(result.rejected)}行没有导入，{kept}{_rejects_written(options.rejects, result)}。"
    return Outcome(result.as_json(), "\n".join(lines), refusal)


def _rejects_written(path: Path | None, result: "ImportResult") -> str:
    """Write the rows that were refused to `path`, if there is one; say where they are, or why not there."""
    from desktop.services.spreadsheets.tables import write_rejects

    if path is None:
        return ""
    try:
        write_rejects(path, result.rejected)
    except StorageFailure as error:
        return f"；退回的行没有写出：{present(error).title.rstrip('。')}"
    return f"；见{path}"


def _export(options: argparse.Namespace) -> Outcome:
    from desktop.services.workbooks import book

    with _open(options) as store:
        rows = book(store, options.kind).export(options.file)
    return Outcome({"file": str(options.file), "rows": rows}, f"已导出{rows}行：{options.file}")


def _template(options: argparse.Namespace) -> Outcome:
    from desktop.services.workbooks import book

    with _open(options) as store:
        book(store, options.kind).template(options.file)
    return Outcome({"file": str(options.file)}, f"已写出空表：{options.file}")


def _score(options: argparse.Namespace) -> Outcome:
    from desktop.services.standards.service import StandardService

    with _open(options) as store:
        service = StandardService(store)
        branch = _branch(store, options.branch) if options.branch else None
        score = service.score(options.on or store.today, options.year, branch)
        return Outcome(score.as_json(), score.as_text())


def _archive(options: argparse.Namespace) -> Outcome:
    from desktop.services.archive.service import ArchiveService

    with _open(options, StoreKind.BRANCH) as store:
        made = ArchiveService(store).build(options.year, options.to, progress=_progress("生成档案"))
    lines = [f"已生成{options.year}年检查档案：{made.dir}"]
    lines += [f"  {one.file}  {one.pages}页" for one in made.volumes]
    return Outcome(made.as_json(), "\n".join(lines))


def _invite(options: argparse.Namespace) -> Outcome:
    from desktop.services.sync.enrolment import EnrolmentService

    with _open(options) as store:
        made = EnrolmentService(store).invite(options.code, options.name, options.group, options.to)
    data = {
        "file": str(made.path),
        "code": made.code,
        "name": made.name,
        "expires_on": made.expires_on.isoformat(),
        "fingerprint": made.fingerprint,
    }
    text = f"邀请文件：{made.path}（{made.expires_on}前有效）\n总部指纹（请随公函书面告知支部）：{made.fingerprint}"
    return Outcome(data, text)


def _enrol(options: argparse.Namespace) -> Outcome:
    from desktop.services.sync.enrolment import EnrolmentService

    with _open(options) as store:
        service = EnrolmentService(store)
        if store.is_headquarters:
            registration = service.accept_registration(options.file)
            _compare(registration.name, registration.fingerprint, options.yes)
            partner = registration.confirm()
            data = {"code": partner.code, "name": partner.name, "fingerprint": registration.fingerprint, "file": None}
            return Outcome(data, f"已登记：{partner.name}（{partner.code}）")
        invitation = service.accept_invitation(options.file)
        _compare(invitation.headquarters, invitation.fingerprint, options.yes)
        written = invitation.confirm(options.to or options.file.parent)
    data = {
        "code": written.code,
        "name": written.name,
        "fingerprint": written.fingerprint,
        "headquarters_fingerprint": invitation.fingerprint,
        "file": str(written.path),
    }
    return Outcome(data, f"登记文件已写出，请交回总部：{written.path}\n本机指纹：{written.fingerprint}")


def _pack(options: argparse.Namespace) -> Outcome:
    from desktop.services.sync.sending import Sender

    with _open(options) as store:
        packed = Sender(store).pack(options.to, options.period, progress=_progress("打包"))
    text = f"报送包已写到：{packed.file}\n第{packed.seq}号，等待总部回执。"
    return Outcome(packed.as_json(), text)


def _receive(options: argparse.Namespace) -> Outcome:
    from desktop.services.sync.receiving import Receiver

    with _open(options) as store:
        results = Receiver(store).receive(options.files, progress=_progress("收包"))
    return _taken(results)


def _taken(results: "list[Result]") -> Outcome:
    """Say file by file what came of it."""
    rows = [one.as_json() for one in results]
    lines = [f"{Path(str(row['file'])).name}：{row['message']}" for row in rows]
    bad = [row for row in rows if str(row["code"]).startswith("E-")]
    refusal = f"{len(bad)}个文件没有接收，原有数据没有改动；其余{len(rows) - len(bad)}个已处理。" if bad else ""
    return Outcome({"results": rows}, "\n".join(lines), refusal)


def _hand_back(options: argparse.Namespace) -> Outcome:
    from desktop.services.sync.sending import Sender

    with _open(options, StoreKind.HEADQUARTERS) as store:
        packed = Sender(store).hand_back(options.branch, options.to, progress=_progress("生成移交包"))
    text = f"移交包已写到：{packed.file}\n请支部用 take-back 取回。"
    return Outcome(packed.as_json(), text)


def _take_back(options: argparse.Namespace) -> Outcome:
    from desktop.services.sync.receiving import Receiver

    with _open(options, StoreKind.BRANCH) as store:
        results = Receiver(store).take_back(options.files, progress=_progress("取回"))
    return _taken(results)


def _race(options: argparse.Namespace) -> Outcome:
    from desktop.services.race.service import RaceService

    with _open(options, StoreKind.HEADQUARTERS) as store:
        service = RaceService(store)
        table = service.race(options.period)
        if table.state in (RacePeriodState.OPEN, RacePeriodState.CLOSED, RacePeriodState.SCORED) and table.ended:
            table = service.score(options.period, _progress("计分"))
        if options.to is not None:
            service.export(options.period, options.to)
    lines = [f"{table.period_name} 赛马（{table.scheme_title} {table.scheme_version}）"]
    for row in table.rows:
        total = "—" if row.total is None else f"{row.total:.2f}"
        place = "—" if row.rank is None else f"第{row.rank}名"
        lines.append(f"  {place}  {row.name}  {total}  {row.class_name}")
        lines += [f"      {reason}" for reason in row.reasons]
    return Outcome(table.as_json(), "\n".join(lines))


def _answer(options: argparse.Namespace) -> Outcome:
    from desktop.services.race.service import RaceService
    from desktop.services.sync.sending import Sender

    with _open(options, StoreKind.HEADQUARTERS) as store:
        RaceService(store).publish_scored()  # what goes out to the branches is public
        codes = [options.branch] if options.branch else None
        made = Sender(store).answer(codes, options.to, progress=_progress("生成反馈包"))
    text = "\n".join(f"反馈包：{one.file}" for one in made) or "没有要反馈的支部。"
    return Outcome({"files": [one.as_json() for one in made]}, text)


def _check(options: argparse.Namespace) -> Outcome:
    from desktop.services.integrity import check

    with _open(options) as store:
        problems = check(store, _progress("检查"))
    data = {
        "ok": not problems,
        "problems": [{"code": one.code, "what": one.what, "next": one.next} for one in problems],
    }
    text = "\n".join(f"{one.what}{one.next}" for one in problems) or "检查完毕，没有发现问题。"
    return Outcome(data, text, f"发现{len(problems)}个问题，数据没有改动。" if problems else "")


def _backup(options: argparse.Namespace) -> Outcome:
    from desktop.services.backup import BackupService

    with _open(options) as store:
        file = BackupService(store).to_file(options.to, _progress("备份"))
    return Outcome({"file": str(file)}, f"备份已写出并核对：{file}")


def _restore(options: argparse.Namespace) -> Outcome:
    from desktop.services.backup import restore

    password = _password("备份当时的密码：")
    old = restore(options.file, options.to, password, clock=options.clock, progress=_progress("恢复")).former
    text = f"已恢复到：{options.to}\n下次报送时总部会请你们确认。" + (f"\n原来的数据留在：{old}" if old else "")
    return Outcome({"store": str(options.to), "previous": str(old) if old else None}, text)


def _demo(options: argparse.Namespace) -> Outcome:
    from desktop.services.demo import run

    result = run(options.to, progress=_progress("示范"))
    return Outcome(result.as_json(), result.as_text())


# options


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="branch-desk", description="支部工作台。不带命令时打开窗口；带命令时在命令行里做同样的事。")
    verbs = parser.add_subparsers(title="命令", metavar="命令", required=True)
    verb = _Verbs(verbs)

    one = verb("init", _init, "建立数据目录")
    one.add_argument("--as", dest="kind", choices=[kind.value for kind in StoreKind], required=True, help="支部或总部")
    one.add_argument("--name", required=True, help="名称")
    one.add_argument("--code", default="", help="代码；以总部邀请为准")
    one.add_argument("--login", default="管理员", help="登录名")

    one = verb("import", _import, "从 Excel 导入")
    one.add_argument("kind", nargs="?", help="members、meetings 或登记簿名")
    one.add_argument("file", nargs="?", type=Path, help="Excel 文件")
    one.add_argument("--dry-run", action="store_true", help="只看结果，不保存")
    one.add_argument("--rejects", type=Path, help="退回的行写到这个 Excel 文件")
    one.add_argument("--list", action="store_true", help="列出所有表格种类")

    for name, run, words in (("export", _export, "导出到 Excel"), ("template", _template, "写出空表")):
        one = verb(name, run, words)
        one.add_argument("kind", help="表格种类，见 import STORE --list")
        one.add_argument("file", type=Path, help="写到哪个 Excel 文件")

    one = verb("score", _score, "标准化得分和缺项")
    one.add_argument("--on", type=_date, help="按哪一天算，默认今天")
    one.add_argument("--year", type=int, help="算哪一年，默认那一天所在的年")
    one.add_argument("--branch", help="总部：支部代码")

    one = verb("archive", _archive, "生成检查档案")
    one.add_argument("--year", type=int, required=True, help="年度")
    one.add_argument("--to", type=Path, required=True, help="存到哪个文件夹")

    one = verb("invite", _invite, "总部：给一个支部写邀请文件")
    one.add_argument("--code", required=True, help="支部代码")
    one.add_argument("--name", required=True, help="支部名称")
    one.add_argument("--group", default="mixed", help="赛马分组")
    one.add_argument("--to", type=Path, required=True, help="写到哪个文件或文件夹")

    one = verb("enrol", _enrol, "支部：接受邀请；总部：接受登记")
    one.add_argument("file", type=Path, help="邀请文件或登记文件")
    one.add_argument("--to", type=Path, help="支部：登记文件写到哪里")
    one.add_argument("--yes", action="store_true", help="指纹已经核对")

    one = verb("pack", _pack, "支部：生成报送包")
    one.add_argument("--to", type=Path, required=True, help="写到哪个文件夹")
    one.add_argument("--period", help="申报完成的期间，如 2026Q3")

    one = verb("receive", _receive, "总部：收报送包；支部：收反馈包")
    one.add_argument("files", nargs="+", type=Path, help="数据包")

    one = verb("race", _race, "总部：赛马")
    one.add_argument("--period", required=True, help="期间，如 2026Q3")
    one.add_argument("--to", type=Path, help="排名写到这个 Excel 文件")

    one = verb("answer", _answer, "总部：生成反馈包")
    one.add_argument("--branch", help="只给这个支部，默认全部")
    one.add_argument("--to", type=Path, required=True, help="写到哪个文件夹")

    one = verb("hand-back", _hand_back, "总部：把收过的数据交还丢了数据的支部")
    one.add_argument("--branch", required=True, help="支部代码")
    one.add_argument("--to", type=Path, required=True, help="写到哪个文件夹")

    one = verb("take-back", _take_back, "支部：用总部的移交包替换本机记录，之前自动备份")
    one.add_argument("files", nargs="+", type=Path, help="移交包")

    verb("check", _check, "检查数据是否完好")
    one = verb("backup", _backup, "备份到一个文件")
    one.add_argument("--to", type=Path, help="写到哪里，默认数据目录的 backup")

    one = verb("restore", _restore, "从备份恢复", store=False)
    one.add_argument("file", type=Path, help="备份文件")
    one.add_argument("--to", type=Path, required=True, help="恢复成哪个数据目录")

    one = verb("demo", _demo, "用样例数据走一遍全过程", store=False)
    one.add_argument("to", type=Path, help="放到哪个文件夹")
    return parser


class _Parser(argparse.ArgumentParser):
    """Says in Chinese that a command is mistyped; the status stays 2."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and how to get help, and stop."""
        usage = self.format_usage().replace("usage:", "用法：")
        self.exit(USAGE, f"命令写法不对：{_in_chinese(message)}。\n{usage}加 -h 看说明。\n")


_MISTAKES = (
    (r"argument (\S+): ", r"\1 "),
    (r"the following arguments are required: (.*)", r"还缺 \1"),
    (r"invalid choice: '(.*?)' \(choose from (.*)\)", r"没有“\1”，可以用 \2"),
    (r"unrecognized arguments: (.*)", r"不认识 \1"),
    (r"expected (one|at least one) argument", "后面要跟一个值"),
    (r"invalid int value: '(.*)'", r"“\1”不是整数"),
)
"""How argparse words the usual mistakes, and how we say them."""


def _in_chinese(message: str) -> str:
    for pattern, words in _MISTAKES:
        message = re.sub(pattern, words, message)
    return message


class _Verbs:
    """Adds verbs to the parser; each takes a store unless it says otherwise, and --json."""

    def __init__(self, verbs: Any) -> None:
        self._verbs = verbs

    def __call__(self, name: str, run: Verb, words: str, store: bool = True) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = self._verbs.add_parser(name, help=words, description=words)
        if store:
            parser.add_argument("store", type=Path, help="数据目录")
        parser.add_argument("--json", action="store_true", help="结果写成一个 JSON 对象")
        parser.set_defaults(run=run)
        return parser


def _date(text: str) -> date:
    from desktop.services.spreadsheets.dates import parse_date

    try:
        return parse_date(text)
    except InvalidInput as error:
        raise argparse.ArgumentTypeError(f"{text}：{error.reason}") from error


# helpers


def _open(options: argparse.Namespace, kind: StoreKind | None = None) -> Store:
    """Open the store of a verb; `kind` where the verb belongs to one kind alone."""
    from desktop.services.integrity import begin_day

    store = open_store(options.store, _password("密码："), clock=options.clock)
    if kind is not None and store.kind is not kind:
        store.close()
        raise PackageRefused("E-WRONG-KIND")
    log_to(options.store / "logs")
    for problem in begin_day(store):
        print(f"{problem.what}{problem.next}", file=sys.stderr)
    return store


def _password(question: str) -> str:
    given = os.environ.get(PASSWORD_VARIABLE)
    return _asked(question) if given is None else given


def _new_password() -> str:
    first = _asked("设一个密码（至少8个字符）：")
    if _asked("再输入一遍：") != first:
        raise InvalidInput("密码", "两次输入不一致")
    return first


def _asked(question: str) -> str:
    """Ask for a password without showing it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # nobody there, or it would be seen on the screen
            return getpass.getpass(question, sys.stderr)
    except (EOFError, getpass.GetPassWarning) as error:
        raise InvalidInput("密码", f"没有终端可以输入，在脚本里请设环境变量{PASSWORD_VARIABLE}") from error


def _branch(store: Store, code: str) -> str:
    """Return the uid of the branch with this code at headquarters."""
    from desktop.services.sync.enrolment import EnrolmentService

    found = next((one.org for one in EnrolmentService(store).partners() if one.code == code), None)
    if found is None:
        raise NotFound(what="支部", name=code)
    return found


def _compare(name: str, fingerprint: str, compared: bool) -> None:
    """Show whose fingerprint a file carries and ask whether it is the one told on paper or by telephone."""
    _say(f"{name}的指纹：{fingerprint}")
    if compared:
        return
    if not sys.stdin.isatty():
        raise InvalidInput("指纹", "需要人核对；在脚本里请先核对，再加 --yes")
    sys.stderr.write("请与书面或电话告知的指纹逐组核对。一致吗（是/否）？")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("是", "y", "yes", "一致"):
        raise Cancelled


def _progress(what: str) -> Progress:
    """Show a percentage on stderr where someone may be watching."""
    if not sys.stderr.isatty():
        return lambda done, total: None

    def report(done: int, total: int) -> None:
        sys.stderr.write(f"\r{what} {done * 100 // max(total, 1)}%" + ("\n" if done >= total else ""))
        sys.stderr.flush()

    return report


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))
