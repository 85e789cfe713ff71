"""What the generator of many branches makes is a headquarters as the program makes it."""

from pathlib import Path

from desktop.services.demo import LOGIN, PASSWORD, clock_on
from desktop.services.headquarters import HeadquartersService
from desktop.services.opening import open_store
from tests.many_branches import PLAN, build, draw, multiply


def test_branches_are_drawn_over_all_groups_and_the_same_seed_draws_the_same() -> None:
    groups = ["office", "leaf", "mixed"]
    drawn = list(draw(12, groups, 3))
    assert {one.group for one in drawn} == set(groups)
    assert len({one.code for one in drawn}) == len({one.name for one in drawn}) == 12
    assert drawn == list(draw(12, groups, 3))
    assert drawn != list(draw(12, groups, 4))


def test_branches_hand_in_and_their_copies_stand_beside_them(tmp_path: Path) -> None:
    folder = build(tmp_path / "made", branches=1, processes=1)
    with open_store(folder, PASSWORD, LOGIN, clock=clock_on(PLAN["on"])) as headquarters:
        service = HeadquartersService(headquarters)
        (first,) = service.overview()
        multiply(headquarters, [first.branch_id], 2, 3)
        copies = [row for row in service.overview() if row.branch_id != first.branch_id]
    assert first.last_code == "OK"
    assert first.quality_rated
    assert [(row.members, row.periods, row.broken) for row in copies] == [(first.members, first.periods, False)] * 2
