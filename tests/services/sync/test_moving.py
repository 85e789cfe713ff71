"""Moving to a new PC: identity goes along, the old copy hands nothing in, and both say what they hold."""

from pathlib import Path

import pytest

from desktop.services.backup import restore
from desktop.services.deeds import deeds
from desktop.services.errors import PackageRefused, StorageFailure
from desktop.services.home import read_home
from desktop.services.opening import open_store
from desktop.services.reporting_due import due_quarter
from desktop.services.store import Store
from desktop.services.sync.moving import MovingService, Place
from desktop.services.sync.sending import Sender
from tests.services.sync.pairs import Pair, add_member
from tests.stores import LOGIN, PASSWORD, clock_at


def compared(store: Store) -> list[str]:
    """The ways that the first page offers to the comparison with the old PC."""
    return [work.verb for work in read_home(store, store.today.year, store.today).works if "旧电脑" in work.what]


def test_the_new_pc_goes_on_as_the_same_branch_and_the_old_one_hands_nothing_in(pair: Pair, tmp_path: Path) -> None:
    assert pair.take(pair.report()) == ["OK"]
    moving = MovingService(pair.branch)
    assert moving.state().place is Place.AT_HOME
    file = moving.write(pair.stick)
    left = moving.state()
    assert compared(pair.branch) == [], "what is compared is on the new PC"
    assert (left.place, left.then) == (Place.LEFT, left.now)
    with pytest.raises(PackageRefused, match="E-MOVED"):
        Sender(pair.branch).pack(pair.stick)

    later, slow = clock_at("2026-03-03 10:00"), clock_at("2020-01-01 00:00")  # the battery of the new PC is empty
    there = restore(file, tmp_path / "new" / "data", PASSWORD, clock=slow).folder
    with open_store(there, PASSWORD, LOGIN, clock=later) as new:
        arrived = MovingService(new).state()
        assert (arrived.place, arrived.now) == (Place.ARRIVED, left.then)
        assert compared(new) == ["去核对"]
        add_member(new, "新来的")
        packed = Sender(new).pack(pair.stick)
        MovingService(new).settle()
        assert MovingService(new).state().place is Place.AT_HOME
        assert compared(new) == []
    assert pair.take(packed.file) == ["OK"], "no new registration, no fork"

    moving.settle()
    assert moving.state().place is Place.AT_HOME
    assert pair.take(pair.report()) == ["E-FORK"], "both handed in: headquarters is told"


def test_a_backup_that_could_not_be_written_moves_nothing(pair: Pair, tmp_path: Path) -> None:
    moving = MovingService(pair.branch)
    target = tmp_path / "file"
    target.touch()
    with pytest.raises(StorageFailure):
        moving.write(target / "below")
    assert moving.state().place is Place.AT_HOME


def test_headquarters_that_moved_sends_nothing_down_from_the_old_pc(pair: Pair) -> None:
    pair.take(pair.report())
    MovingService(pair.headquarters).write(pair.stick)
    with pytest.raises(PackageRefused, match="E-MOVED"):
        Sender(pair.headquarters).answer(None, pair.stick)


def test_the_overview_of_a_headquarters_that_moved_names_the_comparison_until_it_is_done(
    pair: Pair, tmp_path: Path
) -> None:
    file = MovingService(pair.headquarters).write(pair.stick)
    there = restore(file, tmp_path / "new" / "data", PASSWORD).folder
    with open_store(there, PASSWORD, LOGIN, clock=pair.headquarters.clock) as new:
        named = [(deed.verb, deed.tab) for deed in deeds(new, [], due_quarter(new)) if "旧电脑" in deed.words]
        assert named == [("去核对", "backups")]
        MovingService(new).settle()
        assert not [deed for deed in deeds(new, [], due_quarter(new)) if "旧电脑" in deed.words]
