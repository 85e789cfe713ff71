"""One plain word for one thing, wherever a secretary reads it: in the window, in messages, in the manual."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READ = tuple(
    path
    for folder in ("desktop", "resources")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".toml", ".md") and "migrations" not in path.parts
)


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("U 盘|Ｕ盘|优盘", "U盘"),
        ("数据目录", "数据文件夹"),
        ("密钥(?!匙)|公钥|私钥", "钥匙"),
        ("建库", "用本程序以前"),
    ],
)
def test_a_thing_has_one_plain_name(word: str, instead: str) -> None:
    pattern = re.compile(word)
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in READ
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == [], f"say {instead}"
