"""Members counted on a day: every figure has its people, every group sums up to all."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.branches import MemberStatus
from desktop.services.members import LifeService, MemberService
from desktop.services.statistics.bands import load_bands
from desktop.services.statistics.counts import UNKNOWN, Counts, Figure, Person, StatisticsService, sums
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store", at="2026-11-26 09:00") as opened:
        yield opened


def names(counts: Counts, group: str, label: str) -> list[str]:
    return [
        person.name
        for figure in counts.figures
        if (figure.group, figure.label) == (group, label)
        for person in figure.people
    ]


def test_a_rate_has_the_tone_of_the_whole_percent_that_is_shown_of_it() -> None:
    bands = load_bands()
    good, part = bands.rates
    assert [bands.tone(rate) for rate in (good, good - 0.4, good - 0.6)] == ["good", "good", "part"]
    assert [bands.tone(rate) for rate in (part - 0.4, part - 0.6)] == ["part", "bad"]
    assert bands.rate_words == f"{good} 及以上绿，{part} 及以上黄，不到 {part} 红"


@pytest.mark.parametrize(
    ("years", "band"), [(18, "30岁及以下"), (30, "30岁及以下"), (31, "31—35岁"), (70, "66—70岁"), (71, "71岁及以上")]
)
def test_bands_of_age_are_those_of_the_yearly_statistics(years: int, band: str) -> None:
    assert load_bands().age(years) == band


def test_everybody_is_in_one_figure_of_each_group_and_who_lacks_the_fact_is_counted_as_lacking(store: Store) -> None:
    members = MemberService(store)
    members.register(GAO)
    members.register(LI)
    members.register({"name": "王伟", "admitted_on": "2002-10-31", "full_on": "2003-10-31"})
    counts = StatisticsService(store).counts()
    assert counts.total == 3
    assert names(counts, "类别", "预备党员") == ["李晓燕"]
    assert names(counts, "学历", "大专") == ["高红卫"]
    assert names(counts, "年龄", "41—45岁") == ["高红卫"]
    assert names(counts, "入党时间", "1979年1月至2002年10月") == ["王伟"]
    assert names(counts, "年龄", UNKNOWN) == ["王伟"]
    assert {figure.group for figure in counts.figures} == {
        "类别", "性别", "民族", "年龄", "学历", "入党时间", "党龄", "党小组",
    }  # fmt: skip
    assert all(check.holds for check in counts.checks)
    assert StatisticsService(store).counts(date(2020, 1, 1)).total == 2


def test_who_is_suspended_is_not_counted(store: Store) -> None:
    gao = MemberService(store).register(GAO)
    LifeService(store).transition(gao, MemberStatus.SUSPENDED, date(2026, 5, 1), document_no="1号")
    assert StatisticsService(store).counts().total == 0
    assert StatisticsService(store).counts(date(2026, 4, 30)).total == 1


def test_a_group_that_does_not_sum_up_is_told() -> None:
    twice = (Person("a", "甲"), Person("a", "甲"))
    (check,) = sums([Figure("性别", "男", twice)], 2)
    assert not check.holds
