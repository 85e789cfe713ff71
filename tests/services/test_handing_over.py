"""Handing over the post: every step is ticked by what was done, nobody ticks by hand."""

from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.stores import StoreKind, Use
from desktop.services.access.users import UserService
from desktop.services.backup import BackupService
from desktop.services.branches import BranchService
from desktop.services.deeds import deeds
from desktop.services.errors import NotAllowed
from desktop.services.handing_over import HandoverService
from desktop.services.home import read_home
from desktop.services.members import MemberService
from desktop.services.opening import open_store
from desktop.services.reminders import Bucket
from desktop.services.reporting_due import due_quarter
from desktop.services.snoozing import SnoozeService
from desktop.services.store import Store
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store

NEW = "接手人"
NOW = "2026-11-27 09:00"


def done(store: Store) -> dict[str, bool]:
    handover = HandoverService(store).state()
    assert handover is not None
    return {step.key: step.done for step in handover.steps}


def left(store: Store) -> int:
    return sum(not each for each in done(store).values())


def named(store: Store) -> list[str]:
    """What the first page says of a handover."""
    if store.is_headquarters:
        return [deed.words for deed in deeds(store, [], due_quarter(store)) if deed.verb == "去交接"]
    return [work.what for work in read_home(store, store.today.year, store.today).works if work.verb == "去交接"]


@pytest.mark.parametrize("kind", StoreKind)
def test_the_first_page_names_the_next_step_of_a_handover_until_it_was_ended(tmp_path: Path, kind: StoreKind) -> None:
    with new_store(tmp_path / "data", kind, NOW) as store:
        assert named(store) == []
        HandoverService(store).begin()
        assert named(store) == [f"交接还有 {left(store)} 步：备一份到U盘"]
        BackupService(store).to_file(tmp_path)
        assert named(store) == [f"交接还有 {left(store)} 步：增加接手人"]
        HandoverService(store).end()
        assert named(store) == []


def test_a_handover_that_was_begun_comes_before_what_is_late_and_is_not_put_off(tmp_path: Path) -> None:
    with new_store(tmp_path / "data", at=NOW) as store:
        HandoverService(store).begin()
        home = read_home(store, store.today.year, store.today)
        first, second = home.works[:2]
        assert (first.verb, second.bucket) == ("去交接", Bucket.LATE)
        SnoozeService(store).put_off(first.key, first.what, date(2026, 12, 10), "忙")
        home = read_home(store, store.today.year, store.today)
        assert home.works[0] == first
        assert home.put_off == ()


def test_the_steps_are_ticked_by_what_was_really_done(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with new_store(folder, at=NOW) as store:
        service = HandoverService(store)
        assert service.state() is None
        service.begin()
        assert [key for key, ticked in done(store).items() if ticked] == ["drafts"]
        BackupService(store).to_file(tmp_path)
        UserService(store).add(NEW, PASSWORD, ["secretary"], cost=CHEAP)
        assert [key for key, ticked in done(store).items() if ticked] == ["drafts", "backup", "successor"]
    with open_store(folder, PASSWORD, NEW, clock=clock_at(NOW)) as store:
        store.audit(Use.LOG_IN)
        UserService(store).remove(LOGIN)
        ticked = done(store)
        assert ticked["came"]
        assert ticked["removed"]
        assert not ticked["data_key"]
        handover = HandoverService(store).state()
        assert handover is not None
        assert (handover.former, handover.done) == (LOGIN, False)
        HandoverService(store).end()
        assert HandoverService(store).state() is None


def test_the_post_is_not_handed_over_by_an_end_alone(tmp_path: Path) -> None:
    with new_store(tmp_path / "data", at=NOW) as store:
        members, branches = MemberService(store), BranchService(store)
        old, new = (
            members.register({"name": name, "admitted_on": "2010-07-01", "full_on": "2011-07-01"})
            for name in ("高红卫", "杨秀英")
        )
        held = branches.assign(Post.SECRETARY, old, date(2020, 1, 1))
        store.clock = clock_at("2026-11-28 09:00")
        HandoverService(store).begin()
        branches.end_post(held, date(2026, 11, 27))
        assert not done(store)["posts"]
        branches.assign(Post.SECRETARY, new, date(2026, 11, 28))
        assert done(store)["posts"]


def test_who_does_not_manage_users_hands_nothing_over(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with new_store(folder, at=NOW) as store:
        UserService(store).add("看看", PASSWORD, ["branch_reader"], cost=CHEAP)
    with open_store(folder, PASSWORD, "看看", clock=clock_at(NOW)) as store, pytest.raises(NotAllowed):
        HandoverService(store).begin()
