"""Handing over the post: every step is ticked by what was done, nobody ticks by hand."""

from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import Use
from desktop.services.access.users import UserService
from desktop.services.backup import BackupService
from desktop.services.errors import NotAllowed
from desktop.services.handing_over import HandoverService
from desktop.services.opening import open_store
from desktop.services.store import Store
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store

NEW = "接手人"
NOW = "2026-11-27 09:00"


def done(store: Store) -> dict[str, bool]:
    handover = HandoverService(store).state()
    assert handover is not None
    return {step.key: step.done for step in handover.steps}


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


def test_who_does_not_manage_users_hands_nothing_over(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with new_store(folder, at=NOW) as store:
        UserService(store).add("看看", PASSWORD, ["branch_reader"], cost=CHEAP)
    with open_store(folder, PASSWORD, "看看", clock=clock_at(NOW)) as store, pytest.raises(NotAllowed):
        HandoverService(store).begin()
