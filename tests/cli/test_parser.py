"""The help of every verb is in Chinese, with an example that the verb understands."""

import argparse
import re

import pytest

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


@pytest.mark.parametrize("verb", verbs())
def test_the_example_of_a_verb_can_be_typed_as_it_stands(verb: str) -> None:
    example = verbs()[verb].format_help().rpartition("branch-desk ")[2].split()
    assert example[0] == verb
    assert make_parser().parse_args(example).run
