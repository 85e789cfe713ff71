"""The help of every verb is in Chinese, with an example that the verb understands."""

import argparse
import re
from pathlib import Path

import pytest

from desktop.__main__ import OF_THE_WINDOW
from desktop.app import main as window
from desktop.cli.chinese import USAGE
from desktop.cli.main import main
from desktop.cli.parser import make_parser

ENGLISH = re.compile(r"usage|positional|optional|options|arguments|show this|exit|default|help message", re.IGNORECASE)


def verbs() -> dict[str, argparse.ArgumentParser]:
    (action,) = (each for each in make_parser()._actions if isinstance(each, argparse._SubParsersAction))
    return dict(action.choices)


@pytest.mark.parametrize("verb", ["", *verbs()])
def test_the_help_speaks_chinese_throughout(verb: str) -> None:
    parser = verbs()[verb] if verb else make_parser()
    text = parser.format_help()
    assert text.startswith("用法：")
    assert ENGLISH.search(text.replace("--help", "")) is None
    assert "选项:" in text
    for action in parser._actions:
        verbs_themselves = isinstance(action, argparse._SubParsersAction)
        assert action.help or verbs_themselves
        assert action.choices is not None or action.nargs == 0 or re.search("[\u4e00-\u9fff]", str(action.metavar))


def test_the_readme_tells_of_every_verb_and_of_no_other() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    table = text[text.index("| Verb |") : text.index("Every verb takes")]
    told = [re.findall(r"`([a-z-]+)", line.split(" | ")[0]) for line in table.splitlines()]
    assert sorted(name for names in told for name in names) == sorted(verbs())


@pytest.mark.parametrize("verb", verbs())
def test_the_example_of_a_verb_can_be_typed_as_it_stands(verb: str) -> None:
    example = verbs()[verb].format_help().rpartition("branch-desk ")[2].split()
    assert example[0] == verb
    assert make_parser().parse_args(example).run


@pytest.mark.parametrize(
    "words",
    [
        ["--store"],
        ["--store", "甲", "乙"],
        ["--diagnose-input", "甲"],
        ["--diagnose-input=甲"],
        ["飞"],
        ["--版本"],
        ["init"],
        ["init", "甲", "--as"],
        ["init", "甲", "--as", "乙", "--name", "丙"],
        ["import", "甲", "乙", "丙", "丁"],
        ["import", "甲", "--list=乙"],
        ["score", "甲", "--on", "乙"],
        ["score", "甲", "--year", "乙"],
        ["score", "甲", "--json=乙"],
        ["score", "甲", "--branch", "--on"],
        ["attach", "甲"],
        ["receive", "甲"],
        ["hand-back", "甲", "--"],
        ["restore", "甲", "--t"],
        ["score", "甲", "--on", "字" * 5000],
        ["standard"],
        ["standard", "甲", "飞", "乙"],
        ["help-by-hq", "甲", "飞"],
        ["export", "甲", "乙", "丙", "字" * 5000],
    ],
)
def test_what_is_mistyped_is_said_in_chinese_with_status_two(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    start = window if words[0].partition("=")[0] in OF_THE_WINDOW else main
    try:
        status = start(words)
    except SystemExit as stop:
        status = int(stop.code or 0)
    out, err = capsys.readouterr()
    assert (status, out) == (USAGE, "")
    assert err.startswith("命令写法不对：")
    assert len(err) < 700
    actions = [action for parser in verbs().values() for action in parser._actions]
    names = {name for action in actions for name in action.option_strings}
    choices = {str(choice) for action in actions for choice in action.choices or ()}
    for name in sorted({*names, *choices, *verbs(), *OF_THE_WINDOW, "branch-desk"}, key=len, reverse=True):
        err = err.replace(name, "")
    assert ", " not in err
    assert not re.search("[A-Za-z]{2,}", err), err


@pytest.mark.parametrize(
    "verb", [name for name, parser in verbs().items() if "--year" in parser._option_string_actions]
)
@pytest.mark.parametrize("year", ["0", "1", "1899", "2100", "99999", "二六", "２００"])
def test_a_year_that_no_record_can_have_is_refused_before_anything_is_read(
    verb: str, year: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rest = {"member": ["高红卫"], "archive": ["--to", "a"], "handbook": ["--to", "a"]}.get(verb, [])
    assert main([verb, "数据", *rest, "--year", year]) != 0
    assert "不是年份：写四位数字，从1900到2099" in capsys.readouterr().err


@pytest.mark.parametrize(
    "verb", [name for name, parser in verbs().items() if "--period" in parser._option_string_actions]
)
@pytest.mark.parametrize("typed", ["２０２６Ｑ３", "２０２６q3", " 2026q3 "])
def test_a_period_is_taken_as_it_is_meant_however_wide_it_was_typed(verb: str, typed: str) -> None:
    words = [verb, "数据", "--period", typed, *(["--to", "a.xlsx"] if verb == "pack" else [])]
    assert make_parser().parse_args(words).period == "2026Q3"


def test_a_year_is_taken_in_wide_digits_too() -> None:
    assert make_parser().parse_args(["score", "数据", "--year", "２０２６"]).year == 2026


@pytest.mark.parametrize(
    ("verb", "file", "endings"),
    [("race", "排名.csv", ".xlsx"), ("results", "名单.txt", ".xlsx、.pdf、.docx"), ("results", "名单", ".pdf")],
)
def test_a_file_is_not_written_under_an_ending_that_says_otherwise(
    verb: str, file: str, endings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, "数据", "--period", "2026Q3", "--to", file]) == USAGE
    told = capsys.readouterr().err
    assert f"“{file}”的扩展名写成" in told
    assert endings in told


@pytest.mark.parametrize(
    "words",
    [
        "handbook 甲 --to CON.pdf",
        "extract 甲 张伟 --to 存/nul.pdf",
        "archive 甲 --year 2026 --to aux",
        "race 甲 --period 2026Q3 --to prn.xlsx",
        "results 甲 --period 2026Q3 --to COM1.docx",
        "backup 甲 --to con.dzbak",
        "export 甲 members lpt1.xlsx",
        "template 甲 members CON.xlsx",
        "import 甲 members 表.xlsx --rejects CON.xlsx",
        "restore 备份.dzbak --to NUL",
        "demo aux",
    ],
)
def test_nothing_is_written_to_what_windows_takes_for_a_device(capsys: pytest.CaptureFixture[str], words: str) -> None:
    assert main(words.split()) == USAGE
    assert "是设备的名字，Windows 不能用它存文件，请换一个名字" in capsys.readouterr().err


def test_every_place_that_is_written_to_is_looked_at() -> None:
    written = {"to", "rejects"}
    for verb, parser in verbs().items():
        for action in parser._actions:
            if action.dest in written or str(action.help).startswith("写到"):
                assert action.type is not Path, f"{verb} {action.dest}"
