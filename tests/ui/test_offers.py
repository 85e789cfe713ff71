"""What whoever works here may not do is offered on no page; a reader is told so in one line."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.opening import open_store
from desktop.ui.main_window import Shell
from tests.services.disks import fill, needs_mount, small_disk
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at
from tests.ui.desks import desk_on, go
from tests.ui.full import AT, full_store

OTHER = "shuangyu-2026"
LINE = "您的角色是查看人，只能查看。"
OUT = {"导出", "打印", "打印列表", "工作手册", "打印缺项单", "打印得分报告", "导出分工表", "导出记录", "生成档案"}
SEND = {
    "导入总部反馈",
    "生成报送包",
    "写入U盘",
    "写到文件夹",
    "邀请支部",
    "导入登记文件",
    "导入登记或申请",
    "选择报送包",
    "选择文件夹",
}
WRITE = {
    "记一次会议",
    "登记活动",
    "登记",
    "登记党员",
    "登记任职",
    "修改",
    "导入",
    "变动",
    "编组",
    "登记扣分或否决",
    "提意见",
    "从 Excel 导入",
}
BIND = {"确认", "公布结果", "封账", "定案", "增加版本", "作出决定", "备份到U盘或文件夹", "现在备份一次", "显示"}


def offered(qtbot: QtBot, shell: Shell) -> set[str]:
    """Return the words of every button that is in view on any page."""
    words: set[str] = set()
    for area in shell._areas:
        for tab in area.tabs:
            go(qtbot, shell, area.key, tab.key)
            parts = cast(list[QPushButton], shell.findChildren(QPushButton))
            words |= {part.text() for part in parts if part.isVisible()}
    return words


@pytest.mark.parametrize(
    ("kind", "role", "never", "still"),
    [
        (StoreKind.BRANCH, "branch_reader", OUT | SEND | WRITE | BIND, {"核对一份档案"}),
        (StoreKind.HEADQUARTERS, "headquarters_reader", OUT | SEND | WRITE | BIND, {"修改密码"}),
        (StoreKind.HEADQUARTERS, "clerk", {"增加版本", "定案", "封账", "公布结果", "增加使用人"}, {"导出", "邀请支部"}),
    ],
)
def test_no_page_offers_what_a_role_may_not_do(
    qtbot: QtBot, tmp_path: Path, kind: StoreKind, role: str, never: set[str], still: set[str]
) -> None:
    with full_store(tmp_path / "store", kind) as store:
        UserService(store).add("查看", OTHER, [role], cost=CHEAP)
    store = open_store(tmp_path / "store", OTHER, "查看", clock=clock_at(AT))
    with desk_on(qtbot, store) as shell:
        words = offered(qtbot, shell)
        lines = [label.text() for label in cast(list[QLabel], shell.findChildren(QLabel)) if label.isVisible()]
    assert words & never == set()
    assert still <= words
    assert (LINE in lines) is store.rights.looks_only


@needs_mount
def test_what_is_only_looked_at_says_why_and_offers_what_goes_elsewhere(qtbot: QtBot, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 64) as place:
        full_store(place / "store").close()
        fill(place)
        store = open_store(place / "store", PASSWORD, LOGIN, clock=clock_at(AT))
        with desk_on(qtbot, store) as shell:
            words = offered(qtbot, shell)
            lines = [label.text() for label in cast(list[QLabel], shell.findChildren(QLabel)) if label.isVisible()]
            go(qtbot, shell, "home")
            home = [label.text() for label in cast(list[QLabel], shell.findChildren(QLabel)) if label.isVisible()]
    assert "只能查看：数据文件夹所在的磁盘已满" in lines
    assert not [line for line in home if "同志" in line], "nobody else does what the disk is in the way of"
    kept = {
        "导出",
        "打印",
        "打印列表",
        "工作手册",
        "打印缺项单",
        "打印得分报告",
        "导出分工表",
        "导出记录",
        "生成档案",
        "备份到U盘或文件夹",
    }
    assert words & (OUT | SEND | WRITE | BIND | {"修改密码", "增加使用人", "换一个恢复码"}) <= kept
    assert {"生成档案", "备份到U盘或文件夹", "检查数据"} <= words
