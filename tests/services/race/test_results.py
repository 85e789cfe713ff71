"""The list of results: what was published, the class and its grounds, a draft until it is settled, never an amount."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from desktop.models.vocabulary.race import AppealState
from desktop.services.archive.race import RacePapers
from desktop.services.race.appeals import AppealService, NewAppeal
from desktop.services.race.inputs import InputService
from desktop.services.race.marks import MarkService
from desktop.services.race.results import ResultListService
from desktop.services.race.service import RaceService
from desktop.services.standards.ratings import RatingService
from desktop.services.store import Store
from tests.services.archive.checker import pages_of, text_of
from tests.services.race.typed import figures, ids, refused
from tests.stores import clock_at

PERIOD = "2026Q3"


@pytest.fixture
def published(store: Store, race: RaceService) -> RaceService:
    """The race of a quarter, published on 12 October 2026, with a penalty of the last branch."""
    for code, share in (("XC", "1"), ("SQ", "0.8"), ("LY", "0.7")):
        branch = ids(race)[code]
        InputService(store).set_inputs(PERIOD, figures(branch, share))
        RatingService(store).rate("D4-10", 0, level="3", ground="抽查", branch_id=branch, year=2026)
    MarkService(store).add(PERIOD, ids(race)["LY"], "P-02", "督办单17号")
    race.score(PERIOD)
    race.publish(PERIOD)
    store.clock = clock_at("2026-10-14 09:00")
    return race


def words(path: Path) -> str:
    return text_of(path).replace("\n", "").replace(" ", "")


def test_the_list_has_class_place_and_grounds_and_is_a_draft_until_settled(
    store: Store, published: RaceService, tmp_path: Path
) -> None:
    service = ResultListService(store)
    found = service.results(PERIOD)
    assert [line.place for line in found.lines] == ["第1名/3", "第2名/3", "第3名/3"]
    assert found.lines[-1].grounds[-1] == "扣分：有责投诉或舆情查实1件，扣2分（督办单17号）。"
    assert (found.final, found.title) == (False, "2026年三季度党支部赛马结果名单（公示稿）")
    RacePapers(store).result_list(PERIOD, tmp_path / "名单.pdf", "评先评优")
    RacePapers(store).notice(PERIOD, tmp_path / "通报.pdf")
    said = words(tmp_path / "名单.pdf")
    assert "公示稿" in said
    assert "用于评先评优" in said
    notice = words(tmp_path / "通报.pdf")
    assert "请在2026年10月19日以前提出申诉" in notice
    store.clock = clock_at("2026-10-20 09:00")
    published.settle(PERIOD)
    found = service.results(PERIOD)
    assert (found.final, found.title) == (True, "2026年三季度党支部赛马结果名单")
    service.export(PERIOD, tmp_path / "名单.xlsx", "薪酬绩效")
    page = openpyxl.load_workbook(tmp_path / "名单.xlsx").active
    assert page is not None
    assert sum(1 for cells in page.iter_rows(values_only=True) if "沈丘县党支部" in cells) == 1
    RacePapers(store).notice(PERIOD, tmp_path / "通报.pdf")
    assert "提出申诉" not in words(tmp_path / "通报.pdf")


def test_a_branch_whose_appeal_is_open_is_not_to_be_used_yet(store: Store, published: RaceService) -> None:
    branch = ids(published)["SQ"]
    appeal = NewAppeal(branch_id=branch, raised_by="李某", received_on=date(2026, 10, 14), ground="算少了")
    AppealService(store).take_up(PERIOD, appeal)
    found = ResultListService(store).results(PERIOD)
    assert {line.code: line.held for line in found.lines} == {"XC": "", "SQ": "申诉中，暂不采用", "LY": ""}
    assert found.undecided == 1


@pytest.mark.parametrize("length", range(40, 460, 60))
def test_no_page_of_a_decision_is_signed_without_a_word_of_it(
    store: Store, published: RaceService, tmp_path: Path, length: int
) -> None:
    service = AppealService(store)
    raised = NewAppeal(branch_id=ids(published)["LY"], raised_by="书记", received_on=store.today, ground="投诉已撤。")
    appeal = service.take_up(PERIOD, raised)
    reason = "投诉经查属实，" * (length // 7)
    service.decide(appeal, AppealState.REJECTED, decided_by="科务会", decision=reason)
    RacePapers(store).decision(appeal, PERIOD, tmp_path / "决定书.pdf")
    *_before, last = pages_of(tmp_path / "决定书.pdf")
    assert "属实" in last


def test_there_is_no_list_before_publishing_and_none_for_a_use_the_scheme_does_not_name(
    store: Store, published: RaceService, tmp_path: Path
) -> None:
    service = ResultListService(store)
    assert refused(service.results, "2026Q2") == ("评比周期", "2026年二季度的结果还没有公布，公布以后才有名单")
    assert refused(service.export, PERIOD, tmp_path / "x.xlsx", "发奖金")[0] == "用于"
    assert not (tmp_path / "x.xlsx").exists()


def test_a_notice_after_an_upheld_appeal_says_what_it_corrects(
    store: Store, published: RaceService, tmp_path: Path
) -> None:
    RacePapers(store).notice(PERIOD, tmp_path / "通报.pdf")
    assert "更正" not in words(tmp_path / "通报.pdf")
    branch, service = ids(published)["SQ"], AppealService(store)
    raised = NewAppeal(branch_id=branch, raised_by="李某", received_on=store.today, ground="算少了")
    appeal = service.take_up(PERIOD, raised)
    service.decide(appeal, AppealState.UPHELD, decided_by="科务会", decision="核对属实")
    InputService(store).set_inputs(PERIOD, figures(branch, "0.9"))
    published.score(PERIOD)
    published.publish(PERIOD)
    RacePapers(store).notice(PERIOD, tmp_path / "更正.pdf")
    said = words(tmp_path / "更正.pdf")
    assert "关于更正2026年三季度党支部“赛马”评比结果的通报" in said
    changed = ResultListService(store).results(PERIOD).appeals[0]
    assert f"更正：{changed.name}{changed.outcome}。".replace(" ", "") in said


def test_a_notice_of_corrections_names_every_branch_whose_result_is_not_what_was_published_first(
    store: Store, published: RaceService, tmp_path: Path
) -> None:
    appeals, branches = AppealService(store), ids(published)
    for code, value in (("SQ", "0.9"), ("LY", "0.6")):
        raised = NewAppeal(branch_id=branches[code], raised_by="李某", received_on=store.today, ground="算错了")
        appeal = appeals.take_up(PERIOD, raised)
        appeals.decide(appeal, AppealState.UPHELD, decided_by="科务会", decision="核对属实")
        InputService(store).set_inputs(PERIOD, figures(branches["SQ"], value), appeal=appeal)
        published.score(PERIOD)
        published.publish(PERIOD)
    found = ResultListService(store).results(PERIOD)
    (now,) = [line for line in found.lines if line.code == "SQ"]
    (told,) = [each for each in found.changed if each.startswith(now.name)]
    assert f"→ {now.total}" in told
    RacePapers(store).notice(PERIOD, tmp_path / "更正.pdf")
    assert f"更正：{'；'.join(found.changed)}。".replace(" ", "") in words(tmp_path / "更正.pdf")
