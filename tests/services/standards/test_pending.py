"""What cannot be judged yet says which form changes that: from the first day on, and once there is a roster."""

from pathlib import Path

import pytest

from desktop.services.members import MemberService
from desktop.services.standards.kinds import kept_kinds
from desktop.services.standards.score import Score
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import PENDING
from tests.services.members.people import GAO, LI
from tests.stores import new_store

UNKEPT = {"points_published": "points_publication"}
"""Rules about records that the program does not keep yet."""


def silent(score: Score) -> set[str]:
    """Return the rules of the items that wait without a form to fill in."""
    return {
        item.item.rule.kind
        for item in score.items
        if item.status == PENDING and not any(gap.where.page for gap in item.gaps)
    }


@pytest.mark.parametrize("people", [(), (GAO, LI)])
def test_every_item_that_waits_names_its_form(tmp_path: Path, people: tuple[dict[str, str], ...]) -> None:
    with new_store(tmp_path / "data", at="2027-04-01 09:00") as store:
        for person in people:
            MemberService(store).register(person)
        score = StandardService(store).score(store.today, 2026)
        assert silent(score) == {rule for rule, kind in UNKEPT.items() if kind not in kept_kinds()}
