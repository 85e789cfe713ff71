"""The manual page of `branch-desk`, written from what the command line says of itself."""

import argparse
import os
import re
from collections.abc import Iterator

from installer.bundles.contents import NAME, version

COLUMNS = "76"


def manual_page() -> str:
    """The page as troff, UTF-8, Chinese like all that the program says."""
    from desktop.cli.parser import make_parser

    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = COLUMNS  # argparse folds its lines by it
    try:
        parser = make_parser()
        lines = [f'.TH {NAME.upper()} 1 "" "{NAME} {version()}" "支部工作台"', *_page(parser)]
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
    return "\n".join(lines) + "\n"


def verbs(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The verbs of a parser, each with its own."""
    return {
        name: verb
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, verb in action.choices.items()
    }


def _page(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield from (".SH 名称", f"{NAME} \\- 支部工作台：党支部的日常工作记录、标准化、迎检档案和报送")
    yield from (".SH 概要", f".B {NAME}", "[文件 ...]", ".br", f".B {NAME}", "\\-\\-store 数据文件夹", ".br")
    yield from (f".B {NAME}", "命令 [选项]", ".SH 说明", _plain(parser.description or ""))
    yield _plain("命令前不要密码参数：密码从提示读入，或取自环境变量 BRANCH_DESK_PASSWORD。")
    yield _plain("给出数据包（.dzp）、钥匙文件（.dzk）或备份（.dzbak）时打开窗口，到收它的那一页。")
    yield ".SH 命令"
    for name, verb in verbs(parser).items():
        yield f".SS {_plain(name)}"
        yield ".nf"
        yield from map(_plain, verb.format_help().rstrip().splitlines())
        yield ".fi"
    yield from (".SH 退出状态", _plain("0 做完；1 被拒绝或只做了一部分；2 用法不对。"), ".SH 文件")
    yield from (".TP", ".I ~/.local/share/branch\\-desk/data", "没有另选时，数据在这里；卸载程序不动它。")


def _plain(line: str) -> str:
    """A line that troff prints as it stands."""
    escaped = line.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", escaped)
