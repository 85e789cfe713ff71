"""Another look while the program runs: what is open looks as if it had been opened in it, and nothing is closed."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.ui import theme
from desktop.ui.colours import Look
from desktop.ui.guided import HandoverPage, MovePage
from desktop.ui.main_window import Shell
from desktop.ui.manual import ManualDialog
from desktop.ui.pages import pages_for
from desktop.ui.printing.preview import Made, PreviewDialog
from desktop.ui.shortcuts import ShortcutsDialog, keys_in_view
from desktop.ui.widgets.dialogs import confirm, inform
from tests.ui.desks import desk_on, go, sample_desk, settle
from tests.ui.full import full_store
from tests.ui.printing.test_job import A4, paper
from tests.ui.test_every_page import places

SIZE = (1366, 696)


def app() -> QApplication:
    return cast(QApplication, QApplication.instance())


@pytest.fixture(autouse=True)
def light_again(qapp: QObject) -> Iterator[None]:
    theme.change(app(), Look.LIGHT)
    yield
    theme.change(app(), Look.LIGHT)


ELSEWHERE = "settings/appearance"
"""Names the folder of the store, which is another each time."""


def seen(qtbot: QtBot, shell: Shell) -> dict[str, QImage]:
    """Return what every page looks like, each with its own first row and cursor."""
    pages = {}
    for area, tab in places(pages_for(shell.desk.store.kind.value)):
        page = go(qtbot, shell, area, tab)
        shell.navigation.list.setFocus()
        settle(qtbot, shell)
        pages[f"{area}/{tab}"] = picture(page)
    return pages


def picture(part: QWidget) -> QImage:
    return part.grab().toImage()


@pytest.mark.parametrize("kind", list(StoreKind), ids=lambda kind: kind.value)
def test_every_open_page_turns_dark_as_if_it_had_been_opened_so(qtbot: QtBot, tmp_path: Path, kind: StoreKind) -> None:
    with desk_on(qtbot, full_store(tmp_path / "store", kind), SIZE) as shell:
        seen(qtbot, shell)
        theme.change(app(), Look.DARK)
        turned, side = seen(qtbot, shell), picture(shell.navigation)
    with desk_on(qtbot, full_store(tmp_path / "again", kind), SIZE) as shell:
        opened, beside = seen(qtbot, shell), picture(shell.navigation)
    assert [place for place, page in turned.items() if page != opened[place] and place != ELSEWHERE] == []
    assert side == beside


def test_what_is_open_over_a_page_turns_too_and_keeps_what_was_typed(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "store"), SIZE) as shell:
        go(qtbot, shell, "meetings", "list", kind="branch_congress", new=True)
        form = shell.page()
        fields = cast(list[QLineEdit], form.findChildren(QLineEdit))
        topic = next(field for field in fields if field.isVisible() and not field.isReadOnly())
        topic.setFocus()
        topic.setText("还没写完")
        theme.change(app(), Look.DARK)
        settle(qtbot, shell)
        assert shell.page() is form
        assert topic.text() == "还没写完"
        assert topic.palette().text().color().name() == theme.INK.lower()


def test_an_icon_is_drawn_in_the_look_of_now_and_as_sharp_as_it_is_shown(qtbot: QtBot) -> None:
    drawn = theme.icon("flag", theme.RED)
    light = drawn.pixmap(QSize(20, 20), 1.5).toImage()
    assert light.size() == QSize(30, 30)
    theme.change(app(), Look.CONTRAST)
    assert drawn.pixmap(QSize(20, 20), 1.5).toImage() != light
    pale = drawn.pixmap(QSize(20, 20), 1.5, QIcon.Mode.Disabled).toImage()
    assert pale != drawn.pixmap(QSize(20, 20), 1.5).toImage()


def test_a_text_size_is_offered_where_the_window_has_room_for_it() -> None:
    assert theme.fitting_scales(QSize(1366, 728)) == ["标准", "大", "特大"]
    assert theme.fitting_scales(QSize(1093, 582)) == ["标准", "大"]  # 125 %
    assert theme.fitting_scales(QSize(911, 485)) == ["标准"]  # 150 %


def opened(qtbot: QtBot, shell: Shell, name: str, pdf: bytes) -> QWidget:
    """Open what stands over a page: a dialog, or a guided page."""
    page = go(qtbot, shell, *HOME)
    shell.navigation.list.setFocus()
    made: QWidget
    if name in PUSHED:
        made = PUSHED[name](shell.desk)
        shell.desk.push(made)
        settle(qtbot, shell)
        return shell
    if name == "preview":
        made = PreviewDialog(page, Made("名册", pdf), shell.desk.tasks)
    elif name == "keys":
        made = ShortcutsDialog(page, keys_in_view(shell, page))
    elif name == "manual":
        made = ManualDialog(page, "平时/外观")
    elif name == "question":
        made = confirm(page, "要删除吗", "删除后在回收站。", "删除", lambda: None, destructive=True)
    else:
        made = inform(page, "没有写成", "磁盘满了。", "换一个位置。", code="E-DISK", bad=True)
    made.show()
    settle(qtbot, shell)
    if name == "preview":
        qtbot.waitUntil(lambda: cast(PreviewDialog, made).place.text() != "")
    return made


HOME = ("home", "home")
PUSHED = {"move": MovePage, "handover": HandoverPage}
OVER = ("move", "handover", "preview", "keys", "manual", "question", "told")


@pytest.mark.parametrize("name", OVER)
def test_what_stands_over_a_page_turns_as_if_it_had_been_opened_so(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    app().setCursorFlashTime(0)
    pdf = paper(A4, A4)
    pictures = []
    for first in (Look.LIGHT, Look.DARK):
        theme.change(app(), first)
        with sample_desk(qtbot, tmp_path / first, SIZE) as shell:
            part = opened(qtbot, shell, name, pdf)
            theme.change(app(), Look.DARK)
            settle(qtbot, shell)
            pictures.append(picture(part))
            if part is not shell:
                part.close()
    turned, fresh = pictures
    assert turned == fresh
