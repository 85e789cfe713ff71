"""From one secretary to the next: the new one in, the old one out, for good and with a trail."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.branches import Post
from desktop.services.access.users import UserService
from desktop.services.backup import BackupService
from desktop.services.backup.restoring import restore
from desktop.services.branches import BranchService
from desktop.services.data_key import change_data_key, forget_old_copies
from desktop.services.drafts import DraftService
from desktop.services.errors import AppError, NotAllowed
from desktop.services.history import HistoryService
from desktop.services.members.service import MemberService
from desktop.services.opening import open_store
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store

OTHER, NEXT, ORG = "春风-细雨-77", "接任", "组织"
DAY = "2020-01-01"
AT = "2026-11-22 09:00"


def as_user(folder: Path, login: str, password: str) -> Store:
    return open_store(folder, password, login, clock=clock_at(AT))


def test_a_secretary_hands_over_to_the_next(tmp_path: Path) -> None:
    folder, taken, stick = tmp_path / "store", tmp_path / "拷走的", tmp_path / "备份.bdbk"
    with new_store(folder, at=AT) as store:
        people = [MemberService(store).register(person) for person in (GAO, LI)]
        BranchService(store).assign(Post.SECRETARY, people[0], date(2024, 1, 5))
        DraftService(store).save("register.talk", "", {"title": "没写完"})
        UserService(store).add(NEXT, OTHER, ["secretary"], cost=CHEAP)
        stick = BackupService(store).to_file(stick)
    shutil.copytree(folder, taken)

    with as_user(folder, NEXT, OTHER) as store:
        users = UserService(store)
        assert users.unfinished(LOGIN) == 1
        assert DraftService(store).all() == []  # nobody reads what another has not finished
        users.remove(LOGIN)
        changed = change_data_key(store, {NEXT: OTHER}, cost=CHEAP)
        forget_old_copies(store, changed.old_copies)
        told = [(use.actor, use.sentence) for use in HistoryService(store).uses()]
        assert [row.login for row in users.users()] == [NEXT]
    expected = [(LOGIN, f"增加使用人 {NEXT}（书记）"), (NEXT, f"停用使用人 {LOGIN}"), (NEXT, "更换数据钥匙")]
    assert [entry for entry in reversed(told) if entry in expected] == expected

    with pytest.raises(AppError):
        as_user(folder, LOGIN, PASSWORD)
    for old in (taken, _restored(stick, tmp_path / "恢复的")):  # what was carried away before stays readable
        with as_user(old, LOGIN, PASSWORD) as store:
            assert len(MemberService(store).roster()) == 2
    with as_user(folder, NEXT, OTHER) as store:
        assert len(MemberService(store).roster()) == 2


def _restored(backup: Path, folder: Path) -> Path:
    restore(backup, folder, password=PASSWORD)
    return folder


@pytest.fixture
def committee(tmp_path: Path) -> tuple[Path, list[str]]:
    """Return a store with a secretary, an organisation commissioner with a log-in by post, and one without a post."""
    with new_store(tmp_path / "store", at=AT) as store:
        members = MemberService(store)
        people = [members.register({"name": name, "joined_on": DAY}) for name in ("高红", "李晓", "孙三")]
        for post, member in zip((Post.SECRETARY, Post.ORG_COMMISSIONER), people, strict=False):
            BranchService(store).assign(post, member, date(2024, 1, 5))
        for login, member in ((ORG, people[1]), (NEXT, people[2])):
            UserService(store).add(login, OTHER, ["committee"], member, cost=CHEAP)
    return tmp_path / "store", people


def test_a_post_that_changes_hands_takes_its_rights_along(committee: tuple[Path, list[str]]) -> None:
    folder, people = committee
    with as_user(folder, LOGIN, PASSWORD) as store:
        assert {user.login: user.who for user in UserService(store).users()} == {
            LOGIN: "",
            ORG: "李晓，组织委员",
            NEXT: "孙三，没有在任职务",
        }
        BranchService(store).assign(Post.ORG_COMMISSIONER, people[2], date(2026, 11, 22))
        assert {user.login: user.posts for user in UserService(store).users()} == {
            LOGIN: (),
            ORG: (),
            NEXT: (Post.ORG_COMMISSIONER,),
        }
    with as_user(folder, ORG, OTHER) as store:
        assert not store.rights.may_write("members")
        with pytest.raises(NotAllowed):
            MemberService(store).register({"name": "周四", "joined_on": DAY})
    with as_user(folder, NEXT, OTHER) as store:
        MemberService(store).register({"name": "周四", "joined_on": DAY})


def test_nobody_who_does_not_manage_users_gives_or_keeps_rights_by_a_post_of_their_own(
    committee: tuple[Path, list[str]],
) -> None:
    folder, people = committee
    with as_user(folder, ORG, OTHER) as store:
        branches = BranchService(store)
        held = {row.post: row.id for row in branches.posts()}
        with pytest.raises(NotAllowed):
            branches.assign(Post.SECRETARY, people[1], date(2026, 11, 22))
        with pytest.raises(NotAllowed):
            branches.end_post(held[Post.ORG_COMMISSIONER], date(2026, 11, 22))
        with pytest.raises(NotAllowed):  # whose place another would take
            branches.assign(Post.ORG_COMMISSIONER, people[2], date(2026, 11, 22))
        branches.assign(Post.PUBLICITY_COMMISSIONER, people[2], date(2026, 11, 22))
        assert {row.post: row.member_id for row in branches.posts()} == {
            Post.SECRETARY: people[0],
            Post.ORG_COMMISSIONER: people[1],
            Post.PUBLICITY_COMMISSIONER: people[2],
        }
