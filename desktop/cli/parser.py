"""Which verbs there are, what each takes, and what is said in Chinese of a command that is mistyped."""

import argparse
import re
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from desktop.cli import verbs
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import InvalidInput

USAGE = 2
"""The exit status of wrong usage."""


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all verbs; what it parses has `run`, the verb to call."""
    parser = _Parser(prog="branch-desk", description="支部工作台。不带命令时打开窗口；带命令时在命令行里做同样的事。")
    verb = _Verbs(parser.add_subparsers(title="命令", metavar="命令", required=True))

    options = verb("init", verbs.init, "建立数据目录")
    options.add_argument(
        "--as", dest="kind", choices=[kind.value for kind in StoreKind], required=True, help="支部或总部"
    )
    options.add_argument("--name", required=True, help="名称")
    options.add_argument("--code", default="", help="代码；以总部邀请为准")
    options.add_argument("--login", default="管理员", help="登录名")

    options = verb("import", verbs.import_, "从 Excel 导入")
    options.add_argument("kind", nargs="?", help="members、meetings 或登记簿名")
    options.add_argument("file", nargs="?", type=Path, help="Excel 文件")
    options.add_argument("--dry-run", action="store_true", help="只看结果，不保存")
    options.add_argument("--rejects", type=Path, help="退回的行写到这个 Excel 文件")
    options.add_argument("--list", action="store_true", help="列出所有表格种类")

    for name, run, words in (("export", verbs.export, "导出到 Excel"), ("template", verbs.template, "写出空表")):
        options = verb(name, run, words)
        options.add_argument("kind", help="表格种类，见 import STORE --list")
        options.add_argument("file", type=Path, help="写到哪个 Excel 文件")

    options = verb("score", verbs.score, "标准化得分和缺项")
    options.add_argument("--on", type=_date, help="按哪一天算，默认今天")
    options.add_argument("--year", type=int, help="算哪一年，默认那一天所在的年")
    options.add_argument("--branch", help="总部：支部代码")

    options = verb("archive", verbs.archive, "生成检查档案")
    options.add_argument("--year", type=int, required=True, help="年度")
    options.add_argument("--to", type=Path, required=True, help="存到哪个文件夹")

    options = verb("invite", verbs.invite, "总部：给一个支部写邀请文件")
    options.add_argument("--code", required=True, help="支部代码")
    options.add_argument("--name", required=True, help="支部名称")
    options.add_argument("--group", default="mixed", help="赛马分组")
    options.add_argument("--to", type=Path, required=True, help="写到哪个文件或文件夹")

    options = verb("enrol", verbs.enrol, "支部：接受邀请；总部：接受登记")
    options.add_argument("file", type=Path, help="邀请文件或登记文件")
    options.add_argument("--to", type=Path, help="支部：登记文件写到哪里")
    options.add_argument("--yes", action="store_true", help="指纹已经核对")

    options = verb("pack", verbs.pack, "支部：生成报送包")
    options.add_argument("--to", type=Path, required=True, help="写到哪个文件夹")
    options.add_argument("--period", help="申报完成的期间，如 2026Q3")

    options = verb("receive", verbs.receive, "总部：收报送包；支部：收反馈包")
    options.add_argument("files", nargs="+", type=Path, help="数据包")

    options = verb("race", verbs.race, "总部：赛马")
    options.add_argument("--period", required=True, help="期间，如 2026Q3")
    options.add_argument("--to", type=Path, help="排名写到这个 Excel 文件")

    options = verb("answer", verbs.answer, "总部：生成反馈包")
    options.add_argument("--branch", help="只给这个支部，默认全部")
    options.add_argument("--to", type=Path, required=True, help="写到哪个文件夹")

    options = verb("hand-back", verbs.hand_back, "总部：把收过的数据交还丢了数据的支部")
    options.add_argument("--branch", required=True, help="支部代码")
    options.add_argument("--to", type=Path, required=True, help="写到哪个文件夹")

    options = verb("take-back", verbs.take_back, "支部：用总部的移交包替换本机记录，之前自动备份")
    options.add_argument("files", nargs="+", type=Path, help="移交包")

    verb("check", verbs.check, "检查数据是否完好")
    options = verb("backup", verbs.backup, "备份到一个文件")
    options.add_argument("--to", type=Path, help="写到哪里，默认数据目录的 backup")

    options = verb("restore", verbs.restore, "从备份恢复", store=False)
    options.add_argument("file", type=Path, help="备份文件")
    options.add_argument("--to", type=Path, required=True, help="恢复成哪个数据目录")

    options = verb("demo", verbs.demo, "用样例数据走一遍全过程", store=False)
    options.add_argument("to", type=Path, help="放到哪个文件夹")
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

    def __call__(self, name: str, run: verbs.Verb, words: str, store: bool = True) -> argparse.ArgumentParser:
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
