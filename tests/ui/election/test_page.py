"""换届选举: votes typed are counted with each key, the one next step is done, the result stands, posts follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.branches import Post
from desktop.services.branches import BranchService
from desktop.services.election.service import ElectionService
from desktop.ui.election.forms import CandidateDialog, ElectionDialog, HandOverDialog, PeopleDialog, StepDialog
from desktop.ui.election.page import ElectionPage
from desktop.ui.main_window import Shell
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice
from tests.services.election.hall import hall, prepared
from tests.stores import new_store
from tests.ui.desks import desk_on, put, settle
from tests.ui.lint import faults

TIED = {"李建国": 9, "王秀英": 8, "周立军": 6, "陈晓东": 6}


@contextmanager
def election_desk(
    qtbot: QtBot, folder: Path, *, ready: bool = True, size: tuple[int, int] = (1366, 696)
) -> Iterator[Shell]:
    store = new_store(folder / "store")
    hall(store)
    if ready:
        prepared(store, ElectionService(store))
    with desk_on(qtbot, store, size) as shell:
        yield shell


def open_page(qtbot: QtBot, shell: Shell) -> ElectionPage:
    shell.desk.open("team", "posts")
    settle(qtbot, shell)
    shell.page().open_elections()  # type: ignore[attr-defined]
    settle(qtbot, shell)
    return cast(ElectionPage, shell.page())


def dialog_of(qtbot: QtBot, shell: Shell, kind: type[Any]) -> Any:
    settle(qtbot, shell)
    found: list[Any] = [each for each in cast(list[Any], shell.findChildren(kind)) if each.isVisible()]
    assert found
    assert faults(found[-1]) == []
    return found[-1]


def fill(page: ElectionPage, present: int, votes: dict[str, int]) -> None:
    for name in ("present", "issued", "collected"):
        put(page.counting.numbers[name], str(present))
    put(page.counting.numbers["void"], "0")
    for line in page.counting.lines:
        yes = votes[line.line.name]
        for mark, number in (("yes", yes), ("no", present - yes), ("abstain", 0)):
            put(line.edits[mark], str(number))


def test_votes_are_counted_with_each_key_and_a_tie_leads_to_a_second_round(qtbot: QtBot, tmp_path: Path) -> None:
    with election_desk(qtbot, tmp_path) as shell:
        page = open_page(qtbot, shell)
        assert faults(shell) == []
        page.open_tab("计票")
        assert (page.deed_button.text(), page.deed_button.isEnabled()) == ("开始投票", True)
        page.deed_button.click()
        settle(qtbot, shell)
        assert (page.deed_button.text(), page.deed_button.isEnabled()) == ("票数没有填全", False)
        assert page.counting.numbers["due"].text() == "12"
        fill(page, 10, TIED)
        assert page.deed_button.text() == "开始第二次投票"
        assert [line.chip.words for line in page.counting.lines] == ["当选", "当选", "同票待定", "同票待定"]
        assert page.rules_chip.words == "1 条要处理"
        put(page.counting.lines[0].edits["no"], "3")
        assert page.counting.result is not None
        assert page.counting.result.checks[0].words.startswith("李建国 赞成 9 + 不赞成 3")
        assert (page.deed_button.text(), page.deed_button.isEnabled()) == ("票数对不上", False)
        put(page.counting.lines[0].edits["no"], "1")
        assert faults(shell) == []
        page.deed_button.click()
        settle(qtbot, shell)
        assert [line.line.name for line in page.counting.lines] == ["周立军", "陈晓东"]
        assert page.counting.rounds is not None
        first = page.service.elections()[0].rounds[0]
        assert first.count.elected == ("李建国", "王秀英")
        page.counting.open_round(first.id)
        assert all(part.isReadOnly() for part in page.counting.numbers.values())


def test_enter_goes_down_a_column_and_what_is_typed_is_a_draft(qtbot: QtBot, tmp_path: Path) -> None:
    with election_desk(qtbot, tmp_path) as shell:
        page = open_page(qtbot, shell)
        page.do_next()
        settle(qtbot, shell)
        first, second = page.counting.lines[0].edits["yes"], page.counting.lines[1].edits["yes"]
        first.setFocus()
        QTest.keyClicks(first, "7")
        QTest.keyClick(first, Qt.Key.Key_Return)
        assert shell.focusWidget() is second
        last = page.counting.lines[-1].edits["yes"]
        last.setFocus()
        QTest.keyClick(last, Qt.Key.Key_Return)
        assert shell.focusWidget() is page.counting.lines[0].edits["no"]
        assert page.counting.dirty
        assert not page.save_button.isHidden()
        page.save_button.click()
        settle(qtbot, shell)
        assert page.service.elections()[0].rounds[0].tallies[0].yes == 7
        assert not page.counting.dirty


def test_the_result_stands_and_the_approval_makes_term_and_posts(qtbot: QtBot, tmp_path: Path) -> None:
    with election_desk(qtbot, tmp_path) as shell:
        page = open_page(qtbot, shell)
        for votes, present in (({**TIED, "陈晓东": 4, "周立军": 7}, 10), ({"李建国": 3}, 3)):
            page.do_next()
            settle(qtbot, shell)
            fill(page, present, votes)
            page.save_numbers()
            settle(qtbot, shell)
        assert page.deed_button.text() == "定下结果"
        page.do_next()
        dialog_of(qtbot, shell, Dialog).verb.click()
        settle(qtbot, shell)
        assert page.election is not None
        assert page.election.settled
        assert page.deed_button.text() == "登记批复，交接"
        assert all(part.isReadOnly() for part in page.counting.numbers.values())
        page.do_next()
        form = dialog_of(qtbot, shell, HandOverDialog)
        assert form.fields.values()["new_expires_on"] == date(2029, 11, 19)
        put(form.fields.fields["approved_on"].control, "2026-11-22")
        put(form.fields.fields["approval_no"].control, "周烟党30号")
        works = {each.name: each.id for each in form.people}
        for name, post in (("王秀英", Post.ORG_COMMISSIONER), ("周立军", Post.DISCIPLINE_COMMISSIONER)):
            cast(Choice, form.works.fields[works[name]].control).set_value(post.value)
        form.verb.click()
        settle(qtbot, shell)
        held = {(each.post, each.member) for each in BranchService(shell.desk.store).posts()}
        assert held == {
            (Post.SECRETARY, "李建国"),
            (Post.ORG_COMMISSIONER, "王秀英"),
            (Post.DISCIPLINE_COMMISSIONER, "周立军"),
        }
        assert (page.deed_button.text(), page.deed_button.isEnabled()) == ("已交接", False)


def test_an_empty_page_begins_an_election_and_says_when(qtbot: QtBot, tmp_path: Path) -> None:
    with election_desk(qtbot, tmp_path, ready=False) as shell:
        page = open_page(qtbot, shell)
        assert faults(shell) == []
        assert page.empty.button is not None
        assert page.empty.button.text() == "开始换届"
        assert "2026-07-10" in page.empty.step.text()
        page.empty.button.click()
        form = dialog_of(qtbot, shell, ElectionDialog)
        assert form.fields.fields["term_no"].control.text() == "4"
        put(form.fields.fields["seats"].control, "9")
        form.verb.click()
        settle(qtbot, shell)
        assert form.fields.fields["seats"].fault() == "支委会3至7人，不设支委会的填0。"
        put(form.fields.fields["seats"].control, "3")
        form.verb.click()
        settle(qtbot, shell)
        assert page.election is not None
        assert page.election.title == "第4届支部委员会换届选举"
        assert (page.deed_button.text(), page.deed_button.isEnabled()) == ("开始投票", False)
        assert page.why.text() == "先定选举大会日期"


def test_steps_candidates_and_tellers_are_written_down(qtbot: QtBot, tmp_path: Path) -> None:
    with election_desk(qtbot, tmp_path) as shell:
        page = open_page(qtbot, shell)
        election = page.election
        assert election is not None
        StepDialog(page, election, election.steps[1]).open()
        form = dialog_of(qtbot, shell, StepDialog)
        put(form.fields.fields["done_on"].control, "2026-09-20")
        form.verb.click()
        settle(qtbot, shell)
        assert page.election is not None
        assert str(page.election.steps[1].done_on) == "2026-09-20"
        page.open_tab("候选人")
        page.candidates.add_button.click()
        form = dialog_of(qtbot, shell, CandidateDialog)
        someone = next(key for key, name in page.people if name == "韩美玲")
        cast(Choice, form.fields.fields["member_id"].control).set_value(someone)
        for name in ("nominated", "nominated_full"):
            put(form.fields.fields[name].control, "5")
        put(form.fields.fields["note"].control, "新")
        form.verb.click()
        settle(qtbot, shell)
        table = page.candidates.table
        assert [row.name for row in table.model.rows()][-1] == "韩美玲"
        table.select(lambda row: row.name == "韩美玲")
        page.candidates.up_button.click()
        settle(qtbot, shell)
        assert [row.name for row in table.model.rows()][-2] == "韩美玲"
        PeopleDialog(page, page.election).open()
        form = dialog_of(qtbot, shell, PeopleDialog)
        put(form.fields.fields["tellers"].control, "李建国")
        form.verb.click()
        settle(qtbot, shell)
        assert form.fields.fields["tellers"].fault() == "李建国是候选人，不能监票。"
        assert faults(shell) == []


def test_in_a_small_window_steps_are_one_line_and_rules_a_tab(qtbot: QtBot, tmp_path: Path) -> None:
    with election_desk(qtbot, tmp_path, size=(1093, 542)) as shell:
        page = open_page(qtbot, shell)
        for name in page.tabs():
            page.open_tab(name.partition(" ")[0])
            settle(qtbot, shell)
            assert faults(shell) == []
            assert page.deed_button.isVisible()
        assert page.left.isHidden()
        assert not page.step_choice.isHidden()
        assert any(name.startswith("规则") for name in page.tabs())


def test_the_main_button_stays_whatever_is_in_view(qtbot: QtBot, tmp_path: Path) -> None:
    with election_desk(qtbot, tmp_path) as shell:
        page = open_page(qtbot, shell)
        for size in ((1366, 696), (1093, 542), (1366, 696)):
            shell.resize(*size)
            for name in page.tabs():
                page.open_tab(name.partition(" ")[0])
                settle(qtbot, shell)
                assert page.deed_button.isVisible(), (size, name)
                assert faults(shell) == []


def test_a_vacancy_leads_to_filling_the_place_and_a_search_to_the_elections(qtbot: QtBot, tmp_path: Path) -> None:
    with election_desk(qtbot, tmp_path, ready=False) as shell:
        shell.desk.open("team", "posts", kind="election")
        settle(qtbot, shell)
        page = cast(ElectionPage, shell.page())
        assert isinstance(page, ElectionPage)
        assert not any(form.isVisible() for form in cast(list[ElectionDialog], shell.findChildren(ElectionDialog)))
        shell.desk.back()
        settle(qtbot, shell)
        shell.desk.open("team", "posts", kind="by_election", new=True)
        form = dialog_of(qtbot, shell, ElectionDialog)
        assert form.fields.fields["kind"].control.value() == "by"
        assert form.fields.fields["seats"].control.text() == "1"
        assert form.fields.fields["term_no"].control.text() == "3"
        form.verb.click()
        settle(qtbot, shell)
        assert form.more.fields["reason"].fault() == "写明谁的职务空缺、为什么。"
