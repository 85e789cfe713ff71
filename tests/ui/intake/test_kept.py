"""Answers that were given and not imported yet: kept for each file, found again, and read only if they are ours."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.services.intake.answers import Answers, Spot
from desktop.ui.intake import kept
from desktop.ui.intake.hand import InHand
from tests.ui.desks import empty_desk, settle

ANSWERS = Answers(columns={Spot("在册党员", 4): "id_no"})


def test_of_each_file_the_answers_are_kept_apart(qtbot: QtBot, tmp_path: Path) -> None:
    first = InHand(kind="members", path=tmp_path / "一.xlsx", answers=ANSWERS)
    pasted = InHand(kind="members", text="姓名\t性别\n李建国\t男", answers=Answers(sheets={"粘贴的内容": True}))
    other = InHand(kind="meetings", path=tmp_path / "一.xlsx", answers=ANSWERS)
    with empty_desk(qtbot, tmp_path) as shell:
        for hand in (first, pasted, other):
            shell.desk.drafts.note(kept.key_of(hand), kept.words_of(hand), None)
        shell.desk.drafts.flush()
        settle(qtbot, shell)
        begun = kept.all_begun(shell.desk.store, "members")
        assert {part.name for part in begun} == {"一.xlsx", "粘贴的内容"}
        assert next(part for part in begun if part.path is not None).answers == ANSWERS
        shell.desk.drafts.forget(kept.key_of(first))
        settle(qtbot, shell)
        assert [part.name for part in kept.all_begun(shell.desk.store, "members")] == ["粘贴的内容"]


def test_a_file_that_nobody_answered_about_is_not_kept() -> None:
    assert kept.words_of(InHand(kind="members", path=Path("名册.xlsx"))) == {}
