"""Records are drawn of what branches sent, looked at on the spot, and judged with a ground."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.sync import Partner
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.sampling import SampleReason, SampleVerdict
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.archive.sampling import SamplingPapers
from desktop.services.errors import InvalidInput, Stale
from desktop.services.sampling.book import SampleBook
from desktop.services.sampling.drawing import quota
from desktop.services.sampling.service import Judgement, SamplingService, Signed
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.services.sampling.conftest import PERIOD


def test_a_plan_keeps_nothing_and_its_draw_is_what_it_said(headquarters: Store, sampling: SamplingService) -> None:
    (plan,) = sampling.plan(PERIOD, 7)
    scoring = StandardService(headquarters).pack(date(2026, 9, 30)).scoring
    assert len(plan.drawn) == quota(plan.population, scoring.sample_ratio, scoring.sample_min)
    assert all(date(2026, 7, 1) <= each.on <= date(2026, 9, 30) for each in plan.drawn)
    assert sampling.sheets(PERIOD) == []
    assert sampling.draw(PERIOD, "07") == 1
    (sheet,) = sampling.sheets(PERIOD)
    assert [row.record_id for row in sheet.records] == [each.id for each in plan.drawn]
    assert (sheet.seed, sheet.population, sampling.seed(PERIOD)) == ("7", plan.population, "7")
    (again,) = sampling.plan(PERIOD, 7)
    assert (again.kept, again.drawn) == (True, plan.drawn)


def test_what_is_drawn_is_not_drawn_again_nor_by_another_number(sampling: SamplingService) -> None:
    sampling.draw(PERIOD, 7)
    with pytest.raises(InvalidInput, match="已按7号抽过"):
        sampling.draw(PERIOD, 8)
    with pytest.raises(InvalidInput, match="没有还能抽的支部"):
        sampling.draw(PERIOD, 7)


def test_late_records_come_first(sampling: SamplingService) -> None:
    (plan,) = sampling.plan(PERIOD, 3)
    reasons = [each.reason for each in plan.drawn]
    assert reasons == sorted(reasons, key=list(SampleReason).index)


@pytest.mark.parametrize(
    ("verdict", "ground", "heard", "field"),
    [
        (SampleVerdict.INCOMPLETE, " ", "", "ground"),
        (SampleVerdict.ABSENT, "", "", "ground"),
        (SampleVerdict.FABRICATED, "三人签名笔迹相同", "", "heard"),
    ],
)
def test_a_verdict_against_a_branch_has_its_ground_and_hears_it(
    sampling: SamplingService, verdict: SampleVerdict, ground: str, heard: str, field: str
) -> None:
    sampling.draw(PERIOD, 7)
    (sheet,) = sampling.sheets(PERIOD)
    with pytest.raises(InvalidInput) as refused:
        sampling.judge([Judgement(sheet.records[0].id, verdict, ground, heard)])
    assert (refused.value.name, refused.value.facts["record"]) == (field, sheet.records[0].id)


def test_verdicts_of_a_sheet_are_kept_together_or_not_at_all(sampling: SamplingService) -> None:
    sampling.draw(PERIOD, 7)
    (sheet,) = sampling.sheets(PERIOD)
    all_true = [Judgement(row.id, SampleVerdict.TRUE) for row in sheet.records]
    with pytest.raises(InvalidInput):
        sampling.judge([*all_true[1:], replace(all_true[0], verdict=SampleVerdict.INCOMPLETE)])
    assert sampling.sheets(PERIOD)[0].judged == 0
    assert sampling.judge(all_true) == len(sheet.records)
    assert sampling.judge(all_true) == 0
    assert sampling.sheets(PERIOD)[0].done


def test_words_without_a_verdict_are_kept_and_not_called_one(sampling: SamplingService) -> None:
    sampling.draw(PERIOD, 7)
    (sheet,) = sampling.sheets(PERIOD)
    first, second = (row.id for row in sheet.records[:2])
    seen = Judgement(first, None, "原件在县局，下次再看")
    kept = sampling.fill_in(sheet.id, Signed("周敏"), [seen, Judgement(second, SampleVerdict.TRUE)])
    assert kept.words == "认定1条，1条只写了看到的、没有认定"
    noted = sampling.fill_in(sheet.id, Signed("周敏"), [replace(seen, ground="原件借走了")])
    assert (noted.words, sampling.sheets(PERIOD)[0].judged) == ("1条只写了看到的、没有认定", 1)
    assert sampling.fill_in(sheet.id, Signed("周敏"), []).words == ""


def test_a_missing_original_is_replaced_once_and_both_stay(sampling: SamplingService) -> None:
    sampling.draw(PERIOD, 7)
    (sheet,) = sampling.sheets(PERIOD)
    gone = sheet.records[0]
    sampling.judge([Judgement(gone.id, SampleVerdict.ABSENT, "原件送去归档")])
    (after,) = sampling.sheets(PERIOD)
    assert len(after.records) == len(sheet.records) + 1
    assert after.records[-1].stands_for == gone.id
    assert len({row.record_id for row in after.records}) == len(after.records)
    sampling.judge([Judgement(gone.id, SampleVerdict.ABSENT, "原件送去装订")])
    assert len(sampling.sheets(PERIOD)[0].records) == len(after.records)


def test_who_looked_is_written_down_with_a_day_that_can_be(sampling: SamplingService) -> None:
    sampling.draw(PERIOD, 7)
    (sheet,) = sampling.sheets(PERIOD)
    with pytest.raises(InvalidInput, match="不能早于抽样那天"):
        sampling.sign(sheet.id, Signed("周敏", date(2026, 10, 1)))
    with pytest.raises(InvalidInput, match="不能为空"):
        sampling.sign(sheet.id, Signed(" "))
    sampling.sign(sheet.id, Signed("周敏、李卫东", date(2026, 10, 12), "到现场"))
    (signed,) = sampling.sheets(PERIOD)
    assert (signed.checked_by, signed.way) == ("周敏、李卫东", "到现场")


def test_a_sheet_comes_back_whole_on_the_state_it_was_read_in(sampling: SamplingService) -> None:
    sampling.draw(PERIOD, 7)
    (sheet,) = sampling.sheets(PERIOD)
    first = sheet.records[0]
    judged = [Judgement(first.id, SampleVerdict.TRUE, rev=first.rev)]
    assert sampling.fill_in(sheet.id, Signed("周敏"), judged, sheet.rev).judged == 1
    with pytest.raises(Stale):
        sampling.judge([Judgement(first.id, SampleVerdict.INCOMPLETE, "缺签到", rev=first.rev)])
    with pytest.raises(Stale):
        sampling.sign(sheet.id, Signed("李卫东"), sheet.rev)


def test_the_sheets_are_printed_once_something_is_drawn(
    headquarters: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    papers = SamplingPapers(headquarters)
    with pytest.raises(InvalidInput, match="还没有抽样"):
        papers.sheet(PERIOD, tmp_path / "核查表.pdf")
    sampling.draw(PERIOD, 7)
    assert papers.sheet(PERIOD, tmp_path / "核查表.pdf").pages >= 1


def test_a_revoked_branch_keeps_its_name_and_nobody_is_to_check_there(
    headquarters: Store, sampling: SamplingService, tmp_path: Path
) -> None:
    sampling.draw(PERIOD, 7)
    (before,) = sampling.sheets(PERIOD)
    with headquarters.unit_of_work("停用", Act.EXCHANGE) as session:
        for partner in session.scalars(select(Partner)):
            partner.state = PartnerState.REVOKED
    (sheet,) = sampling.sheets(PERIOD)
    assert (sheet.code, sheet.name) == (before.code, before.name)
    assert (before.waits, sheet.waits, sheet.done) == (True, False, False)
    SamplingPapers(headquarters).sheet(PERIOD, tmp_path / "sheet.pdf")
    assert f"{before.name}" in text_of(tmp_path / "sheet.pdf").replace("\n", "")
    book, path = SampleBook(headquarters), tmp_path / "核查表.xlsx"
    assert book.export(path) == len(sheet.records)
    assert book.import_file(path).rejected == []


def test_a_period_that_has_not_begun_is_not_drawn_and_a_branch_draws_nothing(
    sampling: SamplingService, branch: Store
) -> None:
    with pytest.raises(InvalidInput, match="还没有开始"):
        sampling.plan("2027Q1", 7)
    with pytest.raises(InvalidInput, match="由市公司办理"):
        SamplingService(branch).plan(PERIOD, 7)
