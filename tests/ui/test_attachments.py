"""Files of a record: attached, saved, removed, asked about where they bear a secrecy mark."""

from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from desktop.models.attachments import Attachment
from desktop.services.attachments import AttachmentService
from desktop.services.registers import RegisterService
from desktop.services.terms import TermDraft, TermService
from desktop.ui import attachments as attachments_module
from desktop.ui.attachments import AttachmentsDialog
from desktop.ui.posts.page import PostsPage
from desktop.ui.registers.form import RegisterForm
from desktop.ui.widgets.dialogs import Dialog
from tests.ui.desks import sample_desk, settle
from tests.ui.intake.test_arrivals import drop
from tests.ui.lint import faults
from tests.ui.registers.forms import open_kept, open_register


def test_files_are_attached_saved_and_removed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper, copy = tmp_path / "平面图.txt", tmp_path / "副本.txt"
    paper.write_text("活动室平面图", "utf-8")
    monkeypatch.setattr(attachments_module, "ask_open_many", lambda *_: [paper])
    monkeypatch.setattr(attachments_module, "ask_save", lambda *_: copy)
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_kept(qtbot, shell)
        shell.tab_bar.setCurrentIndex(1)
        settle(qtbot, shell)
        panel = form.attachments
        panel.evidence_kind.set_value("photo")
        panel.add_button.click()
        settle(qtbot, shell)
        assert [(row.name, row.evidence_kind) for row in panel.table.model.rows()] == [("平面图.txt", "photo")]
        assert faults(shell) == []
        panel.table.step(1)
        panel.save_button.click()
        settle(qtbot, shell)
        assert copy.read_text("utf-8") == "活动室平面图"
        panel.remove_button.click()
        settle(qtbot, shell)
        assert panel.table.model.rowCount() == 0


def test_a_file_with_a_secrecy_mark_is_asked_about_before_it_is_taken(qtbot: QtBot, tmp_path: Path) -> None:
    paper = tmp_path / "机密★10年.txt"
    paper.write_text("机密★10年", "utf-8")
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_kept(qtbot, shell)
        form.attachments.attach([paper])
        qtbot.waitUntil(lambda: shell.findChild(Dialog) is not None)
        dialog = cast(Dialog, shell.findChild(Dialog))
        dialog.reject()
        settle(qtbot, shell)
        row = shell.desk.service(RegisterService).rows("venue", 2026)[0]
        assert row.attachments == 0


def test_a_bad_file_among_several_is_named_with_its_reason_and_the_others_are_attached(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / name for name in ("签到表.txt", "空白.txt", "机密★10年.txt", "秘密★5年.txt", "通知.txt")]
    for file in files:
        file.write_text("" if file.stem == "空白" else file.stem, "utf-8")
    monkeypatch.setattr(attachments_module, "ask_open_many", lambda *_: files)
    with sample_desk(qtbot, tmp_path) as shell:
        panel = open_kept(qtbot, shell).attachments
        panel.add_button.click()
        for words, answer in (
            (("有 1 个文件没有添加", "“空白.txt”：文件是空的。", "添加好的 2 个都在。"), Dialog.accept),
            (("“机密★10年.txt”",), Dialog.reject),
            (("“秘密★5年.txt”",), Dialog.accept),
        ):
            settle(qtbot, shell)
            [dialog] = [each for each in cast(list[Dialog], shell.findChildren(Dialog)) if each.isVisible()]
            told = "\n".join(label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel)))
            assert all(part in told for part in words)
            assert faults(dialog) == []
            answer(dialog)
        settle(qtbot, shell)
        assert [row.name for row in panel.table.model.rows()] == ["签到表.txt", "通知.txt", "秘密★5年.txt"]


@pytest.mark.parametrize("kind", ["branches", "party_groups", "terms", "post_assignments"])
def test_what_the_body_itself_is_takes_files(qtbot: QtBot, tmp_path: Path, kind: str) -> None:
    paper = tmp_path / "上级批复.txt"
    paper.write_text("同意", "utf-8")
    with sample_desk(qtbot, tmp_path) as shell:
        store = shell.desk.store
        term = TermDraft(term_no=3, elected_on=date(2025, 3, 1), expires_on=date(2028, 3, 1))
        shell.desk.service(TermService).save_term(term)
        area, tab = ("settings", "profile") if kind == "branches" else ("team", "posts")
        shell.desk.open(area, tab)
        settle(qtbot, shell)
        page = shell.page()
        if isinstance(page, PostsPage):
            page.table.step(1)
            if kind == "party_groups":
                page.open_group(page.branches.groups()[0])
            elif kind == "terms":
                page.open_term(page.terms.terms()[0])
            else:
                page.show_files()
        if kind != "post_assignments":
            buttons = cast(list[QPushButton], shell.findChildren(QPushButton))
            next(each for each in buttons if each.accessibleName().endswith("的附件")).click()
        dialog = shell.findChild(AttachmentsDialog)
        assert dialog is not None
        dialog.panel.attach([paper])
        settle(qtbot, shell)
        assert faults(dialog) == []
        assert (dialog.panel.kind, dialog.panel.table.model.rowCount()) == (kind, 1)
        dialog.accept()
        settle(qtbot, shell)
        with store.reading() as session:
            assert session.scalars(select(Attachment.record_kind)).all() == [kind]


@pytest.mark.parametrize(("name", "asks"), [("签到表.txt", False), ("签到表.bat", True)])
def test_a_file_is_opened_and_one_that_can_run_only_after_a_warning(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, asks: bool
) -> None:
    paper, opened = tmp_path / name, list[tuple[str, str]]()
    paper.write_text("echo", "utf-8")
    monkeypatch.setattr(
        attachments_module, "open_file", lambda path: opened.append((path.name, path.read_text("utf-8")))
    )
    monkeypatch.setattr(attachments_module, "ask_save", lambda *_: tmp_path / f"副本{name}")
    with sample_desk(qtbot, tmp_path) as shell:
        panel = open_kept(qtbot, shell).attachments
        panel.attach([paper])
        settle(qtbot, shell)
        panel.table.step(1)
        panel.open_button.click()
        settle(qtbot, shell)
        if asks:
            dialog = cast(Dialog, shell.findChild(Dialog))
            assert opened == []
            assert faults(dialog) == []
            assert dialog.cancel is not None
            assert dialog.cancel.isDefault()
            dialog.accept()
            settle(qtbot, shell)
        assert opened == [(name, "echo")]


def test_files_are_dropped_and_pictures_pasted(qtbot: QtBot, tmp_path: Path) -> None:
    paper = tmp_path / "平面图.txt"
    paper.write_text("活动室平面图", "utf-8")
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(0x336699)
    with sample_desk(qtbot, tmp_path) as shell:
        form = open_kept(qtbot, shell)
        shell.tab_bar.setCurrentIndex(1)
        settle(qtbot, shell)
        assert drop(form.attachments, paper)
        settle(qtbot, shell)
        QGuiApplication.clipboard().setImage(picture)
        form.attachments.paste()
        settle(qtbot, shell)
        names = [row.name for row in form.attachments.table.model.rows()]
        assert names[0] == "平面图.txt"
        assert names[1].startswith("粘贴的图片")
        QGuiApplication.clipboard().setText("只是几个字")
        form.attachments.paste()
        settle(qtbot, shell)
        assert form.attachments.table.model.rowCount() == 2


def test_files_chosen_before_the_first_save_wait_with_the_draft_and_are_stored_with_the_record(
    qtbot: QtBot, tmp_path: Path
) -> None:
    paper, other = tmp_path / "平面图.txt", tmp_path / "照片说明.txt"
    for path in (paper, other):
        path.write_text(path.stem, "utf-8")
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_register(qtbot, shell)

        def new_form() -> RegisterForm:
            page.open_form({"title": "党员活动室"})
            settle(qtbot, shell)
            return cast(RegisterForm, shell.page())

        form = new_form()
        form.attachments.evidence_kind.set_value("photo")
        form.attachments.attach([paper, other])
        settle(qtbot, shell)
        shell.desk.back()
        form = new_form()
        waiting = form.attachments.waiting
        assert waiting is not None
        assert list(waiting.files) == [paper, other]
        waiting.drop(other)
        form.submit()
        settle(qtbot, shell)
        assert shell.page() is page
        row = shell.desk.service(RegisterService).rows("venue", 2026)[0]
        kept = shell.desk.service(AttachmentService).list("venue", row.id)
        assert [each.name for each in kept] == ["平面图.txt"]
        again = new_form().attachments.waiting
        assert again is not None
        assert again.files == {}


def test_an_empty_photo_is_refused_when_it_is_chosen_and_not_once_the_record_is_saved(
    qtbot: QtBot, tmp_path: Path
) -> None:
    empty, paper = tmp_path / "会议照片.jpg", tmp_path / "平面图.txt"
    empty.write_bytes(b"")
    paper.write_text("活动室平面图", "utf-8")
    with sample_desk(qtbot, tmp_path) as shell:
        open_register(qtbot, shell).open_form({"title": "党员活动室"})
        settle(qtbot, shell)
        form = cast(RegisterForm, shell.page())
        form.attachments.attach([empty, paper])
        settle(qtbot, shell)
        [dialog] = [each for each in cast(list[Dialog], shell.findChildren(Dialog)) if each.isVisible()]
        told = "\n".join(label.text() for label in cast(list[QLabel], dialog.findChildren(QLabel)))
        assert "“会议照片.jpg”：文件是空的。" in told
        assert form.attachments.waiting is not None
        assert list(form.attachments.waiting.files) == [paper]
        dialog.accept()


def test_a_file_that_waited_and_is_gone_is_named_and_the_record_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    paper = tmp_path / "平面图.txt"
    paper.write_text("活动室平面图", "utf-8")
    with sample_desk(qtbot, tmp_path) as shell:
        page = open_register(qtbot, shell)
        page.open_form({"title": "党员活动室"})
        settle(qtbot, shell)
        form = cast(RegisterForm, shell.page())
        form.attachments.attach([paper])
        settle(qtbot, shell)
        paper.unlink()
        form.submit()
        settle(qtbot, shell)
        assert shell.page() is form  # with what was refused, to be read
        dialog = cast(Dialog, shell.findChild(Dialog))
        assert "没有添加" in dialog.windowTitle() or dialog.isVisible()
        assert len(shell.desk.service(RegisterService).rows("venue", 2026)) == 1
