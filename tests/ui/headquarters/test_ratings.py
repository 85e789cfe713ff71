"""质量评定: judged and taken back."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.assessment import AssessmentService
from desktop.services.judging import waits
from desktop.services.race.editions import period_name
from desktop.services.race.service import RaceService
from desktop.services.standards.ratings import RatingService
from desktop.ui.headquarters.judging import ALL, LOOKING_KEYS, JudgingPage, criteria_of, following
from desktop.ui.headquarters.ratings import RatingsPage
from desktop.ui.standards.rating import RatingDialog
from tests.ui.desks import desk_on, go, settle
from tests.ui.full import full_store
from tests.ui.loop import loop_desk
from tests.ui.press import last, press


def test_a_branch_is_judged_and_the_judgement_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
        branch = page.branches.value()
        item = next(one for one in page.table.model.rows() if waits(one) and one.criteria[0].criterion.how == "rating")
        page.table.select(lambda one: one.id == item.id)
        page.rate(item, 0)
        dialog = cast(RatingDialog, last(shell))
        dialog.fields.fields["ground"].control.setPlainText("查阅台账")  # type: ignore[attr-defined]
        level = dialog.fields.fields["level"]
        level.control.set_value(None)  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        assert level.fault()
        level.control.set_value(3.0)  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        service = RatingService(shell.desk.store)
        assert service.ratings(2026, branch)[item.id, 0].ground == "查阅台账"
        press(shell, "撤回")
        settle(qtbot, shell)
        assert (item.id, 0) not in service.ratings(2026, branch)
        page.scope._buttons["waiting"].click()
        assert all(waits(one) for one in page.table.model.rows())


def test_traces_alone_are_no_verified_rate_in_the_head_of_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
        store, branch = shell.desk.store, page.branches.value()
        service = RatingService(store)
        for (item, number), rated in service.ratings(2026, branch, period=page._period).items():
            service.unrate(item, number, year=2026, branch_id=branch, period=rated.period)
        page.reload()
        settle(qtbot, shell)
        assert page.score is not None
        assert page.score.rate is not None, "traces were found"
        labels = cast(list[QLabel], page._head.findChildren(QLabel))
        assert "待评" in [label.text() for label in labels]


def test_a_second_branch_is_read_once_and_judged_as_itself(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
        assert page.branches.count() > 1, "the loop has two branches and more"
        first = page.branches.value()
        page.branches.setCurrentIndex(1)
        second = page.branches.value()
        assert (page._shown, first == second) == (first, False), (
            "what is in view stays the first until the other is read"
        )
        settle(qtbot, shell)  # a page that reads without end never settles
        assert page._shown == second
        page.table.step(1)
        settle(qtbot, shell)
        assert not page.pane.isHidden()


def test_criterion_after_criterion_is_judged_beside_its_records(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        ratings = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
        ratings.judge()
        settle(qtbot, shell)
        page = cast(JudgingPage, shell.page())
        assert page.judging is not None
        first, ground = page._at, page.fields.fields["ground"].control
        qtbot.waitUntil(lambda: page.evidence.paper.drawn is not None)
        assert first is not None
        page.submit()
        assert all(field.fault() for field in page.fields.fields.values()), "all that is missing, said at once"
        QTest.keyClick(page.items.view, Qt.Key.Key_2)  # where the cursor is when the page opens
        page.skip()
        settle(qtbot, shell)
        assert page._at != first
        assert page.fields.fields["ground"].control is not ground
        page._go_to(first)
        settle(qtbot, shell)
        assert page.fields.fields["level"].read() == 2.0, "what is typed and skipped waits as a draft"
        page.cite()
        page.fields.fields["ground"].control.insertPlainText(" 看过记录")  # type: ignore[attr-defined]
        page.submit()
        settle(qtbot, shell)
        rated = RatingService(shell.desk.store).ratings(2026, page.branch, period=page.period)[first]
        assert rated.level_hundredths == 200
        assert "看过记录" in rated.ground
        assert page._at == following(page.judging.score.items, first)


def test_the_second_criterion_of_an_item_comes_after_its_first(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        ratings = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
        service, branch, period = RatingService(shell.desk.store), ratings.branches.value(), ratings.periods.value()
        several = next(
            one
            for one in ratings.table.model.rows()
            if len(criteria_of(one)) > 1 and one.criteria[criteria_of(one)[0]].criterion.how == "rating"
        )
        numbers = criteria_of(several)
        for number in numbers:
            if (several.id, number) in service.ratings(2026, branch):
                service.unrate(several.id, number, year=2026, branch_id=branch)
        page = JudgingPage(shell.desk, branch, "支部", period, several.id)
        shell.desk.push(page)
        settle(qtbot, shell)
        page._go_to((several.id, numbers[0]))
        page.fields.fields["level"].control.set_value(3.0)  # type: ignore[attr-defined]
        page.fields.fields["ground"].control.setPlainText("看过记录")  # type: ignore[attr-defined]
        page.submit()
        settle(qtbot, shell)
        assert page._at == (several.id, numbers[1])


def test_where_nothing_waits_every_item_is_shown_and_gone_through_in_order(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        (row,) = AssessmentService(shell.desk.store).rows("2026Q2")
        assert row.left == 0
        page = JudgingPage(shell.desk, row.branch_id, row.name, "2026Q2")
        shell.desk.push(page)
        settle(qtbot, shell)
        assert page.judging is not None
        assert not any(map(waits, page.judging.score.items))
        assert page.scope.current() == ALL
        assert page.items.view.model().rowCount() > 1
        every = [(item.id, number) for item in page.judging.score.items for number in criteria_of(item)]
        assert page._at == every[0]
        page.skip()
        settle(qtbot, shell)
        assert page._at == every[1], "what is judged already is gone through in its order"


def test_what_a_published_result_rests_on_is_told_before_anything_is_typed(qtbot: QtBot, tmp_path: Path) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        periods = [row.period for row in RaceService(shell.desk.store).periods() if row.period.startswith("2026Q")]
        period = next(each for each in periods if RatingService(shell.desk.store).locked(each))
        page = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
        page.periods.setCurrentText(period_name(period))
        settle(qtbot, shell)
        item = next(one for one in page.table.model.rows() if one.criteria and one.criteria[0].criterion.typed)
        page.table.select(lambda one: one.id == item.id)
        page.show_row(item)
        reason = RatingService(shell.desk.store).locked(period)
        assert reason.endswith("；以后的周期另评")
        assert reason in " ".join(label.text() for label in cast(list[QLabel], page.findChildren(QLabel)))
        assert not page.rest_button.isEnabled()
        assert (page.judge_button.text(), page.judge_button.objectName()) == ("逐条看", "")
        verbs = cast(list[QPushButton], page.pane.findChildren(QPushButton))
        assert not [part.text() for part in verbs if "评定" in part.text()]
        page.judge(item)
        settle(qtbot, shell)
        judging = cast(JudgingPage, shell.page())
        assert (judging.save_button, dict(judging.fields.fields)) == (None, {})
        judging.submit()
        settle(qtbot, shell)
        assert judging.judging is not None
        assert judging.judging.locked == reason
        assert judging.keys.text() == LOOKING_KEYS
        open_period = next(each for each in page.periods.values() if not RatingService(shell.desk.store).locked(each))
        page = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
        page.periods.set_value(open_period)
        settle(qtbot, shell)
        assert (page.judge_button.text(), page.judge_button.objectName()) == ("逐条评", "primary")
