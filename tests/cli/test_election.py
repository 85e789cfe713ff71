"""`election`: a round of ballots from a file, counted without a store."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main

WHOLE = """
kind = "committee"
due = 22
present = 19
seats = 5
issued = 19
collected = 19
void = 1
[votes]
"李建国" = 18
"王秀英" = 17
"周立军" = 16
"陈晓东" = 14
"孙海燕" = 11
"郑志刚" = 11
"""


def told(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    file = tmp_path / "计票.toml"
    file.write_text(text, "utf-8")
    status = main(["election", str(file), "--json"])
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return status, answer


def test_a_round_is_told_with_who_is_elected_and_who_stands_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = told(tmp_path, WHOLE, capsys)
    assert (status, found) == (
        DONE,
        {
            "valid": True,
            "elected": ["李建国", "王秀英", "周立军", "陈晓东"],
            "runoff": ["孙海燕", "郑志刚"],
            "seats_left": 1,
            "reasons": ["第5席同票，再投一次：孙海燕、郑志刚各11票，只对这2人投"],
        },
    )
    assert main(["election", str(tmp_path / "计票.toml")]) == DONE
    assert "5 孙海燕：赞成11票，同票待定" in capsys.readouterr().out


def test_an_invalid_round_elects_nobody_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = told(tmp_path, WHOLE.replace("present = 19", "present = 17"), capsys)
    assert status == DONE
    assert (found["valid"], found["elected"], found["runoff"], found["seats_left"]) == (False, [], [], 5)
    assert "到会够五分之四：17 < 22 × 4/5，至少到18人，不能选举" in found["reasons"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("void = 1", "", "的“void”缺少这个字段"),
        ("due = 22", 'due = "22"', "的“due”应为整数"),
        ("due = 22", "due = 22\nnote = 1", "的“note”不认识这个字段"),
        ('kind = "committee"', 'kind = "group"', "种类“group”不存在"),
        ("seats = 5", "seats = 5.5", "的“seats”应为整数"),
        ('"李建国" = 18', '"李建国" = true', "的“李建国”应为整数"),
        ("void = 1", "void = ", "不是有效的 TOML"),
        ('"李建国" = 18', '" " = 18', "的“votes”有一个候选人没有写姓名"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_round_is_refused_by_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, reason: str
) -> None:
    status, found = told(tmp_path, WHOLE.replace(old, new), capsys)
    assert status != DONE
    assert reason in json.dumps(found, ensure_ascii=False)


def test_a_name_without_quotation_marks_is_refused_with_how_to_write_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = told(tmp_path, WHOLE.replace('"王秀英" = 17', "王秀英 = 17"), capsys)
    line = WHOLE.splitlines().index('"王秀英" = 17') + 1
    assert status != DONE
    assert f'第{line}行的姓名要加英文引号，写成 "王秀英" =' in str(found["error"])


def test_a_file_that_is_no_utf8_is_refused_without_advice_from_lines_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "计票.toml"
    file.write_bytes(WHOLE.encode("utf-16"))
    assert main(["election", str(file), "--json"]) != DONE
    assert "“计票.toml”不是 UTF-8 文字" in (out := capsys.readouterr().out)
    assert "英文引号" not in out


def test_a_name_with_blanks_around_it_is_the_same_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = told(tmp_path, WHOLE.replace('"郑志刚"', '" 孙海燕"'), capsys)
    assert (status, found["valid"], found["elected"]) == (DONE, False, [])
    assert "候选人：孙海燕写了两次" in found["reasons"]  # type: ignore[operator]


def test_seats_below_one_are_said_and_nothing_is_reckoned_with_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = told(tmp_path, WHOLE.replace("seats = 5", "seats = -3"), capsys)
    assert (status, found["valid"], found["seats_left"]) == (DONE, False, 0)
    assert found["reasons"] == ["应选名额：应选名额至少1名"]


def test_a_missing_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["election", str(tmp_path / "没有.toml"), "--json"]) != DONE
    assert "error" in json.loads(capsys.readouterr().out)
