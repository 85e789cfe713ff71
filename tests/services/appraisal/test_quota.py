"""A third in whole numbers. Cases of domain §2.8: case, rule, result."""

import pytest

from desktop.models.vocabulary.appraisal import QuotaBase
from desktop.services.appraisal.quota import Quota


@pytest.mark.parametrize(
    ("people", "excellent", "allowed", "most"),
    [
        (22, 7, True, 7),  # 7×3 = 21 ≤ 22
        (22, 8, False, 7),  # 8×3 = 24 > 22
        (9, 3, True, 3),  # exactly a third is allowed
        (9, 4, False, 3),
        (10, 3, True, 3),  # floored, never rounded: 10 / 3 = 3.33…
        (11, 4, False, 3),  # 11 / 3 = 3.67 is still 3
        (2, 1, False, 0),  # a branch of two has nobody excellent
        (3, 1, True, 1),
        (0, 0, True, 0),
    ],
)
def test_excellent_are_at_most_a_third_in_whole_numbers(people: int, excellent: int, allowed: bool, most: int) -> None:
    quota = Quota(people, 1, 3)
    assert quota.allows(excellent) is allowed
    assert quota.most == most
    assert quota.over(excellent) == max(0, excellent - most)


def test_the_arithmetic_is_said_with_both_products() -> None:
    quota = Quota(22, 1, 3, QuotaBase.RATED)
    assert quota.words(7) == "参评党员22人的三分之一：7×3=21 ≤ 22，8×3=24 > 22"
    assert quota.words(9).endswith("9×3=27 > 22")
