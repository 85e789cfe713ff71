"""A correction changes what an upheld appeal opened; everything else stands as it was published."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.race import RaceInput
from desktop.models.sync import Partner
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.race.appeals import AppealService, NewAppeal
from desktop.services.race.inputs import InputService
from desktop.services.race.marks import MarkService
from desktop.services.race.rows import RaceRow, RaceTable, TypedFigure
from desktop.services.race.service import RaceService
from desktop.services.race.sheet import RaceInputImporter
from desktop.services.race.trying import TrialService
from desktop.services.standards.ratings import RatingService
from desktop.services.store import Store
from tests.services.race.typed import PARTS, figures, ids, plan, refused, scored_by_an_older_program, workbook
from tests.stores import clock_at

PERIOD = "2026Q3"


@pytest.fixture
def published(store: Store, race: RaceService) -> dict[str, RaceRow]:
    """The published rows of three rated branches, and an appeal of the last one upheld two days later."""
    for code, share in (("XC", "0.9"), ("SQ", "0.8"), ("LY", "0.7")):
        branch = ids(race)[code]
        InputService(store).set_inputs(PERIOD, figures(branch, share))
        rate(store, branch)
        plan(store, branch, date(2026, 7, 10), (date(2026, 9, 1), 10, 8))
    race.score(PERIOD)
    rows = by_code(race.publish(PERIOD))
    store.clock = clock_at("2026-10-14 09:00")
    return rows


def by_code(race: RaceTable) -> dict[str, RaceRow]:
    return {row.code: row for row in race.rows}


def rate(store: Store, branch: str) -> None:
    RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)


def report_less(store: Store, branch: str) -> None:
    """A later package of the branch says that its plan reached half of what it had said."""
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        plans = select(PdcaPlan.id).where(PdcaPlan.branch_id == branch)
        for action in session.scalars(select(PdcaAction).where(PdcaAction.plan_id.in_(plans))):
            action.actual = (action.actual or 0) / 2


def upheld(store: Store, branch: str) -> str:
    raised = NewAppeal(branch_id=branch, raised_by="李某", received_on=date(2026, 10, 14), ground="评低了")
    appeal = AppealService(store).take_up(PERIOD, raised)
    AppealService(store).decide(appeal, AppealState.UPHELD, decided_by="科务会", decision="核对属实")
    return appeal


def improvement(row: RaceRow) -> str:
    return next(indicator.parts[0].value_text for indicator in row.indicators if indicator.id == "H6")


def test_what_came_in_since_moves_only_the_branch_whose_appeal_was_upheld(
    store: Store, race: RaceService, published: dict[str, RaceRow]
) -> None:
    branches = ids(race)
    for code in ("SQ", "LY"):
        report_less(store, branches[code])
    upheld(store, branches["LY"])
    anew = by_code(race.score(PERIOD))
    assert improvement(anew["LY"]) != improvement(published["LY"])
    for code in ("XC", "SQ"):
        assert anew[code].total == published[code].total
        assert [each.parts for each in anew[code].indicators] == [each.parts for each in published[code].indicators]
    assert by_code(race.publish(PERIOD))["SQ"].total == published["SQ"].total


def test_a_correction_tried_out_opens_the_branch_that_appealed_alone(
    store: Store, race: RaceService, published: dict[str, RaceRow]
) -> None:
    branches = ids(race)
    for code in ("SQ", "LY"):
        report_less(store, branches[code])
    raised = NewAppeal(branch_id=branches["LY"], raised_by="李某", received_on=store.today, ground="评低了")
    appeal = AppealService(store).take_up(PERIOD, raised)
    tried = TrialService(store).tried(appeal, PERIOD)
    assert tried.own
    assert tried.others == ()
    assert AppealService(store).decide(appeal, AppealState.UPHELD, decided_by="科务会", decision="属实")
    assert by_code(race.score(PERIOD))["LY"].total != published["LY"].total


def test_a_figure_corrected_under_the_appeal_of_another_counts(
    store: Store, race: RaceService, published: dict[str, RaceRow]
) -> None:
    branches = ids(race)
    appeal = upheld(store, branches["LY"])
    InputService(store).set_inputs(PERIOD, figures(branches["SQ"], "0.5", ["H2"]), appeal=appeal)
    anew = by_code(race.score(PERIOD))
    assert (anew["SQ"].total or 0) < (published["SQ"].total or 0)
    assert anew["XC"].total == published["XC"].total
    InputService(store).clear_input(PERIOD, branches["SQ"], "H2", appeal=appeal)
    gone = next(indicator for indicator in by_code(race.score(PERIOD))["SQ"].indicators if indicator.id == "H2")
    assert gone.points is None, "what was taken away under the appeal does not come back out of what was published"


def test_who_took_part_and_in_which_group_stands(
    store: Store, race: RaceService, published: dict[str, RaceRow]
) -> None:
    upheld(store, ids(race)["LY"])
    with store.unit_of_work("调整支部", Act.EXCHANGE) as session:
        partners = {partner.code: partner for partner in session.scalars(select(Partner))}
        partners["XC"].state = PartnerState.REVOKED
        partners["SQ"].group_kind = "leaf"
        partners["NEW"].state = PartnerState.ACTIVE
    anew = by_code(race.score(PERIOD))
    assert anew.keys() == published.keys()
    assert {code: (row.group, row.total, row.rank) for code, row in anew.items()} == {
        code: (row.group, row.total, row.rank) for code, row in published.items()
    }


def test_before_publishing_whatever_is_known_counts(store: Store, race: RaceService) -> None:
    branch = ids(race)["SQ"]
    for code in ("XC", "SQ", "LY"):
        InputService(store).set_inputs(PERIOD, figures(ids(race)[code], "0.8"))
        rate(store, ids(race)[code])
        plan(store, ids(race)[code], date(2026, 7, 10), (date(2026, 9, 1), 10, 8))
    before = by_code(race.score(PERIOD))["SQ"]
    report_less(store, branch)
    assert improvement(by_code(race.score(PERIOD))["SQ"]) != improvement(before)


@pytest.mark.parametrize("older", [False, True], ids=["told", "older"])
@pytest.mark.parametrize("waiting", [("LY",), ("LY", "XC")], ids=["one_appeal", "two_appeals"])
def test_a_figure_out_of_the_records_stands_whatever_was_typed_beside_it_under_the_appeal_of_another(
    store: Store, race: RaceService, published: dict[str, RaceRow], waiting: tuple[str, ...], older: bool
) -> None:
    branches = ids(race)
    if older:
        scored_by_an_older_program(store)
    appeal, *_ = (upheld(store, branches[code]) for code in waiting)
    InputService(store).set_inputs(PERIOD, figures(branches["SQ"], "0.1", ["H6"]), appeal=appeal)
    assert improvement(by_code(race.score(PERIOD))["SQ"]) == improvement(published["SQ"])
    InputService(store).clear_input(PERIOD, branches["SQ"], "H6", appeal=appeal)
    assert improvement(by_code(race.score(PERIOD))["SQ"]) == improvement(published["SQ"])


def test_what_was_typed_with_the_words_of_the_records_is_known_to_be_typed(store: Store, race: RaceService) -> None:
    branches = ids(race)
    rate(store, branches["SQ"])
    value = PARTS["H6"].zero + (PARTS["H6"].full - PARTS["H6"].zero) / 2
    copied = TypedFigure(branches["SQ"], "H6", value, None, "到期措施1条的平均达成率")
    for each in (*figures(branches["SQ"], "0.8"), copied):
        InputService(store).set_inputs(PERIOD, [each])
    race.score(PERIOD)
    told = {part.id: part for row in race.publish(PERIOD).rows for each in row.indicators for part in each.parts
            if row.code == "SQ"}  # fmt: skip
    assert (told["H1"].typed, told["H2"].typed, told["H6"].typed) == (False, True, True)
    store.clock = clock_at("2026-10-14 09:00")
    appeal = upheld(store, branches["LY"])
    with store.unit_of_work("依据改写", Act.EXCHANGE) as session:
        for row in session.scalars(select(RaceInput).where(RaceInput.indicator == "H6")):
            row.ground = "台账"  # the words of the figure and of the result are not what tells it
    assert not {cell.part: cell for cell in InputService(store).inputs(PERIOD) if cell.code == "SQ"}["H6"].automatic
    InputService(store).set_inputs(PERIOD, figures(branches["SQ"], "1", ["H6"]), appeal=appeal)
    anew = by_code(race.score(PERIOD))["SQ"]
    assert next(each.parts[0].points for each in anew.indicators if each.id == "H6") == PARTS["H6"].weight


@pytest.mark.parametrize("older", [False, True], ids=["told", "older"])
def test_a_typed_figure_put_right_under_two_appeals_in_turn_counts_and_says_what_was_published(
    store: Store, race: RaceService, published: dict[str, RaceRow], older: bool
) -> None:
    branches = ids(race)
    if older:
        scored_by_an_older_program(store)
    first, second = (upheld(store, branches[code]) for code in ("LY", "XC"))
    for appeal, share in ((first, "0.3"), (second, "0.5")):
        InputService(store).set_inputs(PERIOD, figures(branches["SQ"], share, ["H2"]), appeal=appeal)
    anew = next(each.parts[0] for each in by_code(race.score(PERIOD))["SQ"].indicators if each.id == "H2")
    was = next(each.parts[0] for each in published["SQ"].indicators if each.id == "H2")
    assert anew.value == figures(branches["SQ"], "0.5", ["H2"])[0].value
    assert f"原为{was.value_text}，样本{was.samples}（{was.ground}）" in anew.ground


def test_the_page_of_figures_shows_what_was_published_where_that_stands(
    store: Store, race: RaceService, published: dict[str, RaceRow]
) -> None:
    branches = ids(race)
    for code in ("SQ", "LY"):
        report_less(store, branches[code])
    upheld(store, branches["LY"])
    cells = {(cell.code, cell.part): cell for cell in InputService(store).inputs(PERIOD)}
    anew = by_code(race.score(PERIOD))
    for code, row in anew.items():
        parts = [part for indicator in row.indicators for part in indicator.parts]
        assert [cells[code, part.id].value_text for part in parts] == [part.value_text for part in parts]
    assert cells["SQ", "H6"].automatic
    assert not cells["SQ", "H2"].automatic, "people typed it, for want of a publication"


def test_who_took_part_is_corrected_also_after_leaving_and_nobody_else_is(
    store: Store, race: RaceService, published: dict[str, RaceRow]
) -> None:
    branches = ids(race)
    upheld(store, branches["LY"])
    with store.unit_of_work("调整支部", Act.EXCHANGE) as session:
        partners = {partner.code: partner for partner in session.scalars(select(Partner))}
        partners["LY"].state = PartnerState.REVOKED
        partners["NEW"].state = PartnerState.ACTIVE
        new = partners["NEW"].org
    assert {racer.code for racer in race.racers(PERIOD)} == set(published)
    assert {cell.code for cell in InputService(store).inputs(PERIOD)} == set(published)
    InputService(store).set_inputs(PERIOD, figures(branches["LY"], "1", ["H2"]))
    MarkService(store).add(PERIOD, branches["LY"], "P-01", "通报")
    assert [row.name for row in MarkService(store).marks(PERIOD)] == ["鹿邑县党支部"]
    told = "没有参加2026年三季度的评比，公布的结果里没有它"
    late = NewAppeal(branch_id=new, raised_by="李某", received_on=store.today, ground="没有排进去")
    assert refused(AppealService(store).take_up, PERIOD, late) == ("支部", told)
    assert refused(InputService(store).set_inputs, PERIOD, figures(new, "1", ["H2"])) == ("支部", told)
    assert refused(MarkService(store).add, PERIOD, new, "P-01", "通报") == ("支部", told)


def test_a_line_taken_under_the_appeal_of_another_is_told_what_was_published_in_its_place(
    store: Store, race: RaceService, published: dict[str, RaceRow], tmp_path: Path
) -> None:
    upheld(store, ids(race)["LY"])
    report_less(store, ids(race)["SQ"])
    rows = (("SQ", PERIOD, "H6", 1, None, "台账"), ("SQ", PERIOD, "H2", 92, 30, "积分册"))
    taken = RaceInputImporter(store).import_file(workbook(tmp_path / "race_inputs.xlsx", *rows))
    assert (taken.accepted + taken.updated, [(each.row, each.reason) for each in taken.warnings]) == (
        2,
        [(2, f"到期措施1条的平均达成率是{improvement(published['SQ'])}，按它计分，录入的不采用")],
    )
    anew = by_code(race.score(PERIOD))["SQ"]
    assert improvement(anew) == improvement(published["SQ"])
    assert next(each.parts[0].value_text for each in anew.indicators if each.id == "H2") == "92"
