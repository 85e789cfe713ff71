"""Own and verified score are compared only over what both judged."""

from desktop.services.standards.comparing import compare
from desktop.services.standards.quality import Rated
from tests.services.standards.samples import branch, scored

HALF, FULL = Rated(level_hundredths=200), Rated(level_hundredths=400)


def test_what_one_side_did_not_judge_is_not_compared() -> None:
    own = scored(branch(), {})
    verified = scored(branch(), {("D1-01", 0): FULL, ("D4-01", 0): FULL})
    whole, parts = compare(own, verified)
    assert whole.verified > whole.own
    assert (whole.both, whole.apart) == (0, None)
    assert all(part.apart is None for part in parts)


def test_what_both_judged_is_compared_by_its_own_points() -> None:
    own = scored(branch(), {("D1-01", 0): FULL, ("D4-01", 0): HALF})
    verified = scored(branch(), {("D1-01", 0): HALF, ("D4-02", 0): FULL})
    whole, parts = compare(own, verified)
    part = own.item("D1-01").criteria[0]
    assert (whole.both, whole.apart) == (1, -(part.max // 2))
    assert {each.id: each.apart for each in parts if each.both} == {"D1": whole.apart}
    assert sum(each.own for each in parts) == whole.own
