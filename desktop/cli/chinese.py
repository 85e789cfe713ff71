"""The command line in Chinese: help, and what is said of a command that is mistyped. Nothing heavy is imported here."""

import argparse
import re
from typing import Any, NoReturn

from desktop.services.quoting import LONGEST_QUOTE, quoted, shortened

USAGE = 2
"""The exit status of wrong usage."""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Lays out a help text in Chinese."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin with 用法."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class ChineseParser(argparse.ArgumentParser):
    """Speaks Chinese, of what a command takes and of what is mistyped; the status of that stays 2."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=_Help, add_help=False, **settings)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def add_argument(self, *names: Any, **settings: Any) -> argparse.Action:
        """Add an argument; what stands for its value is named in Chinese."""
        action = super().add_argument(*names, **settings)
        if action.metavar is None and action.nargs != 0 and (action.choices is None or not action.option_strings):
            action.metavar = _VALUES.get(action.dest, action.dest)
        return action

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and how to get help, and stop."""
        self.exit(USAGE, f"命令写法不对：{_in_chinese(message)}。\n{self.format_usage()}加 -h 看说明。\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Name a choice that is none before argparse lists it as Python writes it."""
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, f"没有{quoted(value)}，可以用 {'、'.join(map(str, action.choices))}")


_VALUES = {
    "store": "数据文件夹",
    "kind": "种类",
    "file": "文件",
    "files": "文件",
    "rejects": "文件",
    "folder": "文件夹",
    "member": "党员",
    "record": "记录",
    "to": "位置",
    "on": "日期",
    "year": "年度",
    "period": "期间",
    "branch": "代码",
    "code": "代码",
    "name": "名称",
    "group": "分组",
    "login": "登录名",
    "use": "用途",
    "deed": "做法",
    "choice": "做法",
}
"""What stands in a help text for the value of an argument."""

_MISTAKES = (
    (r"argument (\S+): ", r"\1 "),
    (r"the following arguments are required: (.*)", r"还缺 \1"),
    (r"ignored explicit argument .*", "后面不跟值"),
    (r"ambiguous option: (\S+) could match (.*)", r"\1 可以是 \2，请写全"),
    (r"unrecognized arguments: ", "不认识 "),
    (r"expected (one|at least one) argument", "后面要跟一个值"),
    (r"invalid Path value: '(.*)'", r"“\1”不是文件"),
    (r"invalid int value: '(.*)'", r"“\1”不是整数"),
)
"""How argparse words the usual mistakes, and how we say them."""


def _in_chinese(message: str) -> str:
    for pattern, words in _MISTAKES:
        message = re.sub(pattern, words, message, flags=re.DOTALL)
    if message.startswith("还缺 "):
        message = message.replace(", ", "、")
    return re.sub(rf"[^\s、]{{{2 * LONGEST_QUOTE},}}", lambda word: shortened(word[0]), message)
