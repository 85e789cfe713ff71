"""Help (F1): the manual at the page in view, searched, over forms and before the log-in."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.services.manual import Topic, chapters
from desktop.ui.manual import ManualDialog, ManualPage, ManualView
from desktop.ui.settings import SecurityPage
from desktop.ui.users import PasswordDialog
from desktop.ui.window import MainWindow
from tests.ui.desks import empty_desk, go, keep, settle
from tests.ui.lint import faults


def test_f1_opens_the_manual_at_the_page_in_view_and_once_more_its_search(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        under = go(qtbot, shell, "members", "dues")
        shell.show_help()
        settle(qtbot, shell)
        page = cast(ManualPage, shell.page())
        assert page.pane.shown() == "党员/党费"
        assert page.view.toPlainText().startswith("党员\n")
        assert faults(shell) == []
        shell.show_help()
        assert shell.page() is page, "one manual, not two"
        page.pane.words.setText("年终评")
        assert page.pane.shown() == "市公司/赛马"
        assert len(page.view.extraSelections()) >= 1
        page.pane.words.setText("绝没有的词")
        assert page.pane.shown() == ""
        page.pane.words.clear()
        assert page.pane.list.count() > 40
        QTest.keyClick(page.pane.words, Qt.Key.Key_Escape)
        settle(qtbot, shell)
        assert shell.page() is under, "as over a form, Esc leaves it"


def test_f1_in_a_form_opens_the_manual_over_it(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(SecurityPage, go(qtbot, shell, "settings", "security"))
        form = PasswordDialog(page, page.users.service, "书记", own=True)
        form.open()
        form.show_help()
        over = cast(ManualDialog, form.findChild(ManualDialog))
        assert over.pane.shown() == "使用人和角色"
        over.reject()
        form.reject()


def test_f1_before_anything_is_open_tells_of_the_first_day(qtbot: QtBot, tmp_path: Path) -> None:
    window = MainWindow(tmp_path / "store")
    keep(qtbot, window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F1)
    over = cast(ManualDialog, window.findChild(ManualDialog))
    assert over.pane.shown() == "第一天"
    over.reject()


def dues_shown(qtbot: QtBot) -> tuple[ManualView, Topic]:
    """Show what the manual says of dues."""
    view = ManualView()
    keep(qtbot, view)
    view.resize(900, 600)
    view.show()
    topic = next(topic for chapter in chapters() for topic in chapter.topics if topic.key == "党员/党费")
    view.show_topic(topic)
    return view, topic


def test_pictures_come_one_after_another_into_places_of_their_size(qtbot: QtBot) -> None:
    view, topic = dues_shown(qtbot)
    name = QUrl(next(f"pictures/{piece.picture.name}" for piece in topic.pieces if piece.picture is not None))

    def shown() -> QImage:
        return cast(QImage, view.document().resource(QTextDocument.ResourceType.ImageResource.value, name))

    place = shown()
    qtbot.waitUntil(lambda: not view.reading)
    assert shown().size() == place.size()
    assert shown() != place


def test_the_topic_stands_at_the_top_and_pictures_keep_within_a_narrow_column(qtbot: QtBot) -> None:
    view, _topic = dues_shown(qtbot)
    for width in (820, 560):
        view.resize(width, 480)
        qtbot.waitUntil(lambda: view.cursorForPosition(QPoint(30, 12)).block().text().startswith("党费。"))
        assert view.horizontalScrollBar().maximum() == 0, "nothing is cut at the right"
        qtbot.waitUntil(lambda: not view.reading)
