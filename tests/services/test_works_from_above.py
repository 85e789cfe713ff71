"""What is asked of a branch from above stands on its first page until it is done or its time is over."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.race import Remark
from desktop.models.sampling import SampledRecord, SampleSheet
from desktop.models.vocabulary.race import RemarkKind
from desktop.models.vocabulary.sampling import SampleReason, SampleVerdict
from desktop.services.appeals import Raised
from desktop.services.improvement.remarks import RemarkService
from desktop.services.opening import open_store
from desktop.services.sampling.appeals import SampleAppealService
from desktop.services.store import Store
from desktop.services.works_from_above import works_from_above
from tests.stores import LOGIN, PASSWORD, clock_at, new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:
        yield opened


def said(store: Store) -> list[tuple[str, str, date | None]]:
    return [(work.what, work.verb, work.by) for work in works_from_above(store)]


def asked(store: Store, kind: RemarkKind, text: str, due_on: date | None = None) -> str:
    with store.unit_of_work("收反馈") as session:
        row = Remark(branch_id=store.branch_id, kind=kind, text=text, made_on=store.today, due_on=due_on)
        session.add(row)
        session.flush()
        return row.id


def test_what_headquarters_asked_stands_there_until_it_is_answered_or_told_elsewhere(store: Store) -> None:
    due = date(store.today.year, store.today.month, 28)
    task = asked(store, RemarkKind.TASK, "报三季度总结", due)
    remark = asked(store, RemarkKind.REMARK, "支委会每月至少一次")
    asked(store, RemarkKind.CORRECTION, "日期不对", due)
    asked(store, RemarkKind.NOTICE, "十月三十日开会")  # is only read
    assert set(said(store)) == {
        ("报三季度总结", "去答复", due), ("日期不对", "去更正", due), ("支委会每月至少一次", "去答复", None),
    }  # fmt: skip
    RemarkService(store).to_task(task)
    assert [verb for what, verb, _by in said(store) if what == "报三季度总结"] == ["看任务"]
    RemarkService(store).answer(remark, "已补上", store.today)
    assert "支委会每月至少一次" not in {what for what, _verb, _by in said(store)}


def found_wanting(store: Store) -> str:
    """Keep a verdict of a spot check against the branch, as the feedback brings it; returns the record drawn."""
    with store.unit_of_work("收反馈") as session:
        sheet = SampleSheet(
            branch_id=store.branch_id, period="2026Q3", seed="7", drawn_on=store.today, population=12, checked_by="周敏"
        )
        session.add(sheet)
        session.flush()
        row = SampledRecord(
            branch_id=store.branch_id, sheet_id=sheet.id, position=1, of_kind="meeting", of_id="m1",
            of_day=store.today, title="九月支委会", item_id="D4-02", number="2026-D4-02-001",
            reason=SampleReason.RANDOM, verdict=SampleVerdict.INCOMPLETE, ground="缺两人签名", judged_on=store.today,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def test_a_verdict_against_the_branch_stands_there_as_long_as_it_may_appeal(store: Store, tmp_path: Path) -> None:
    sampled = found_wanting(store)
    ((what, verb, by),) = said(store)
    assert (what, verb) == ("看抽查认定“九月支委会”有瑕疵，有不同意见的提出申诉", "看认定")
    assert by is not None
    folder = store.folder
    store.close()
    with open_store(folder, PASSWORD, LOGIN, clock=clock_at(f"{by.replace(year=by.year + 1)} 09:00")) as later:
        assert said(later) == [], "the time to appeal is over"
    with open_store(folder, PASSWORD, LOGIN, clock=clock_at(f"{by} 09:00")) as again:
        assert len(said(again)) == 1
        SampleAppealService(again).raise_appeal(sampled, Raised(raised_by="刘志强", ground="签名在背面"))
        assert said(again) == []
