"""Every refusal the program can raise has words of its own: what happened, what is kept, what to do."""

import re
from pathlib import Path

import pytest

from desktop import messages
from desktop.messages import present
from desktop.services.errors import (
    AppError,
    Input,
    InvalidInput,
    NotFound,
    PackageRefused,
    PackInvalid,
    StorageFailure,
    VaultError,
)

ROOT = Path(messages.__file__).parent
CODE = re.compile(r"\"([EI]-[A-Z]+(?:-[A-Z]+)*)\"")
NEVER_SHOWN_BY_CODE = {"E-APP", "E-INPUT", "E-PACK", "E-DEFECT"}


def codes_in_use() -> set[str]:
    found = {code for path in ROOT.rglob("*.py") for code in CODE.findall(path.read_text("utf-8"))}
    return found - NEVER_SHOWN_BY_CODE


@pytest.mark.parametrize("code", sorted(codes_in_use()))
def test_every_code_the_program_uses_has_words(code: str) -> None:
    message = present(PackageRefused(code, file="ZK01_上报.dzp"))
    assert message.code == code
    assert "没有完成" not in message.title
    assert not re.search(r"[A-Za-z]{4,}", message.title.replace("ZK01_上报.dzp", ""))


def test_a_defect_is_in_the_log_wherever_its_words_are_shown(caplog: pytest.LogCaptureFixture) -> None:
    present(NotFound())
    assert caplog.records == []
    assert "日志文件" in present(KeyError("a preview that was not drawn")).next
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_a_broken_rule_names_its_field_and_says_nothing_was_saved() -> None:
    message = present(InvalidInput(Input("id_no", "身份证号"), "校验码不对"))
    assert str(message).startswith("“身份证号”校验码不对。")
    assert message.kept == "没有保存。"


def test_a_full_disk_says_how_much_is_needed_and_left() -> None:
    message = present(StorageFailure("E-DISK-FULL", need=2_500_000_000, free=3_000_000))
    assert "需要2.5 GB，剩3.0 MB" in message.title


def test_a_mistyped_recovery_code_names_the_group() -> None:
    assert "第3组" in present(VaultError("E-RECOVERY-GROUP", group=3)).title


def test_a_bad_standards_file_names_file_item_and_field() -> None:
    title = present(PackInvalid("branch_standard.toml", "D4-02", "trace_weight", "应为数字")).title
    assert all(part in title for part in ("branch_standard.toml", "D4-02", "trace_weight", "应为数字"))


def test_what_is_missing_is_named() -> None:
    assert "“ZK09”" in present(NotFound(what="支部", name="ZK09")).title


def test_a_defect_tells_no_detail_to_the_user() -> None:
    message = present(ValueError("张三 410000199001011234"))
    assert "张三" not in str(message)
    assert message.code == "E-DEFECT"


def test_an_unknown_code_still_says_that_data_are_unchanged() -> None:
    assert "没有改动" in present(AppError()).kept


@pytest.mark.parametrize("code", ["E-DISK", "E-DISK-FULL", "E-DISK-RO"])
def test_a_package_that_could_not_be_copied_is_said_to_be_kept(code: str) -> None:
    assert present(StorageFailure(code, file="ZK01_上报.dzp", packed=True)).kept == "数据包仍保存在本机。"


def test_a_sound_file_in_the_wrong_place_is_not_called_damaged() -> None:
    message = present(PackageRefused("E-PKG-FORMAT", file="邀请.dzk", given="邀请"))
    assert message.title == "“邀请.dzk”是邀请文件，不能用在这一步。"
    assert "重新拷贝" not in message.next


@pytest.mark.parametrize("code", sorted(codes_in_use()))
def test_words_about_a_file_read_well_without_its_name_too(code: str) -> None:
    named = present(PackageRefused(code, file="ZK01_上报.dzp")).title
    assert not named.removeprefix("“ZK01_上报.dzp”").startswith("的")


def test_what_the_system_says_of_a_file_is_said_of_that_file_and_is_no_defect(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="长") as caught:
        (tmp_path / ("长" * 300)).stat()
    assert present(caught.value).code == "E-DISK-LONG"
    assert present(OSError("no file at all")).code == present(ValueError()).code
