"""What would run here and fail on the PCs with Windows, read from the source: there nobody sees it before a user."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("desktop", "installer", "tests")


def formats(tree: ast.AST) -> Iterator[int]:
    """The lines with a format of dates that Windows refuses: an unpadded number, or a letter that is not ASCII."""
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            parts = node.format_spec.values
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "strftime":
            parts = node.args
        for part in parts:
            form = part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""
            if "%" in form and (not form.isascii() or "%-" in form):
                yield part.lineno


def texts(tree: ast.AST) -> Iterator[int]:
    """The lines that read or write text as the code page of the PC has it: GBK on the desks this is for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            before = {"read_text": 0, "write_text": 1}.get(node.func.attr)
            named = any(keyword.arg == "encoding" for keyword in node.keywords)
            if before is not None and len(node.args) <= before and not named:
                yield node.lineno


@pytest.mark.parametrize(("wrong", "folders"), [(formats, FOLDERS), (texts, ("desktop",))])
def test_nothing_is_written_that_only_another_system_understands(
    wrong: Callable[[ast.AST], Iterator[int]], folders: tuple[str, ...]
) -> None:
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")) if file != Path(__file__)]
    assert [f"{file.relative_to(ROOT)}:{line}" for file in files for line in wrong(ast.parse(file.read_bytes()))] == []


@pytest.mark.parametrize("way", ["f'{day:%m 月 %d 日}'", "f'{day:%-m-%-d}'", "day.strftime('%Y年')"])
def test_no_such_format_stays_unseen(way: str) -> None:
    assert list(formats(ast.parse(way)))


@pytest.mark.parametrize("way", ["path.read_text()", "path.write_text('党')"])
def test_no_such_text_stays_unseen(way: str) -> None:
    assert list(texts(ast.parse(way)))
