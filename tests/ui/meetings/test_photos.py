"""归入照片: a folder is looked through, put right and attached; nothing is attached unasked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from desktop.services.attachments import AttachmentService
from desktop.services.meetings.rows import MeetingRow
from desktop.services.meetings.service import MeetingService
from desktop.ui.intake.page import IntakePage
from desktop.ui.main_window import Shell
from desktop.ui.meetings.listing import MeetingsPage
from desktop.ui.meetings.photos import PhotosPage
from tests.documents import document
from tests.ui.desks import go, sample_desk, settle
from tests.ui.intake.test_arrivals import drop


@pytest.fixture
def shell(qtbot: QtBot, tmp_path: Path) -> Iterator[Shell]:
    with sample_desk(qtbot, tmp_path / "data") as opened:
        yield opened


def alone(shell: Shell) -> list[MeetingRow]:
    """Meetings that are the only ones of their day, without files."""
    rows = MeetingService(shell.desk.store).meetings()
    days = [row.held_on for row in rows]
    return [row for row in rows if days.count(row.held_on) == 1 and not row.attachments]


def pictures(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for number, name in enumerate(names):
        Image.new("RGB", (4, 4), (number * 20, 0, 0)).save(folder / name)
    return folder


def looked(qtbot: QtBot, shell: Shell, folder: Path) -> PhotosPage:
    page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
    assert drop(page, folder)
    settle(qtbot, shell)
    settle(qtbot, shell)
    return cast(PhotosPage, shell.page())


def files(shell: Shell, meeting: MeetingRow) -> list[str]:
    return [row.name for row in AttachmentService(shell.desk.store).list("meetings", meeting.id)]


def test_a_dropped_folder_is_listed_put_right_attached_and_taken_back(
    qtbot: QtBot, shell: Shell, tmp_path: Path
) -> None:
    first, second = alone(shell)[:2]
    page = looked(qtbot, shell, pictures(tmp_path / "照片", f"{first.held_on}.png", "大家.png"))
    assert (page.put_button.text(), page.put_button.isEnabled(), files(shell, first)) == ("附上 1 个", True, [])
    page.table.select(lambda line: line.photo.name == "大家.png")
    assert page.meeting.values()[0] is None
    page.meeting.set_value(second.id)
    assert page.put_button.text() == "附上 2 个"
    page.put_button.click()
    settle(qtbot, shell)
    assert (files(shell, first), files(shell, second)) == ([f"{first.held_on}.png"], ["大家.png"])
    settle(qtbot, shell)
    assert not page.put_button.isEnabled()


def test_ticks_are_taken_and_left(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    first = alone(shell)[0]
    page = looked(qtbot, shell, pictures(tmp_path / "照片", f"{first.held_on}.png"))
    page._toggle()
    assert not page.put_button.isEnabled()
    page._toggle()
    assert page.put_button.text() == "附上 1 个"


def test_more_photos_than_the_standard_wants_are_told_and_not_attached(
    qtbot: QtBot, shell: Shell, tmp_path: Path
) -> None:
    first = alone(shell)[0]
    names = [f"{first.held_on}_{number}.png" for number in range(4)]
    page = looked(qtbot, shell, pictures(tmp_path / "照片", *names))
    assert page.put_button.text() == "附上 3 个"
    page.table.select(lambda line: not line.taken)
    page._toggle()
    assert [f"{first.held_on}" in words and "勾了 4 张" in words for words in page.too_many()] == [True]
    assert not page.put_button.isEnabled()


def test_a_folder_without_photos_says_so_where_the_next_is_chosen(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    page = looked(qtbot, shell, pictures(tmp_path / "照片"))
    assert "没有照片" in page.fault.text()
    assert page.put_button.isHidden()


def test_a_dropped_folder_of_minutes_begins_the_import(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    day = date(2026, 3, 31)
    words = f"支部党员大会记录\n时间：{day}\n地点：会议室\n参加人员：全体党员\n议题：学习"
    document(tmp_path / "会议" / "一.docx", words)
    page = cast(MeetingsPage, go(qtbot, shell, "meetings", "list"))
    assert drop(page, tmp_path / "会议")
    settle(qtbot, shell)
    settle(qtbot, shell)
    intake = cast(IntakePage, shell.page())
    assert (intake.hand.name, [look.records for look in intake.hand.looks]) == ("会议", [1])
    assert intake.start.folder_button.isVisibleTo(intake.start)
