"""The brief of headquarters says every figure with what it rests on, and who is not counted."""

from pathlib import Path

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.archive.branches_statistics import write_statistics
from desktop.services.statistics.across import BranchesStatistics
from desktop.services.statistics.measures import VERIFIED, VERIFIED_RATE
from tests.services.archive.checker import check, text_of
from tests.ui.full import PERIOD, full_store


def test_the_brief_has_figures_groups_and_branches(tmp_path: Path) -> None:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        found = BranchesStatistics(store).period(PERIOD)
        write_statistics(store, found, tmp_path / "简报.pdf", "mixed")
    check(tmp_path / "简报.pdf")
    words = text_of(tmp_path / "简报.pdf")
    members = next(each for each in found.totals if each.measure.id == "members")
    assert f"在册党员{members.text}人1个支部合计" in words
    assert "2026年三季度党建统计简报" in words
    assert found.branches[0].name in words
    assert "核定均分" in words
    for each in found.totals:
        unit = "" if each.unit == "%" else each.unit
        said = "".join(f"{each.measure.name}{each.text}{unit}{each.words}".split())
        assert each.value is None or said in words
    none = [each.measure.heading for each in found.totals if each.value is None]
    assert none
    assert f"没有数据：{'、'.join(none)}。" in words
    (group,) = found.groups
    last = [each.text for each in group.totals if each.measure.id.startswith(VERIFIED)]
    mean = next(each.text for each in group.totals if each.measure == VERIFIED_RATE)
    assert "".join((*last, mean)) in words
