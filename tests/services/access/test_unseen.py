"""Whoever corrects records without seeing all of them: nothing hidden is lost by it or named."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from desktop.models.attachments import Attachment
from desktop.models.duties import Talk
from desktop.models.users import User
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.meetings import TalkKind
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.attachments import AttachmentService
from desktop.services.branches import BranchService
from desktop.services.errors import InvalidInput, NotAllowed, NotFound
from desktop.services.intake.record import ImportRecord
from desktop.services.members.records import MemberRecords
from desktop.services.members.service import MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from desktop.services.workbooks import book
from tests.services.access.holders import AT, OTHER, Doors, Holder, Made, talks
from tests.sheets import workbook
from tests.stores import CHEAP, new_store

SECRETARY = Holder("secretary")
DEPUTY = Holder("committee", Post.DEPUTY_SECRETARY)
ORGANISER = Holder("committee", Post.ORG_COMMISSIONER)


def _made(folder: Path, kind: StoreKind) -> Made:
    """Make a branch with its talks; two records of one person beside `other`, with log-ins for three."""
    with new_store(folder, kind, AT) as store:
        ids = talks(store)
        members, users = MemberService(store), UserService(store)
        ids["double"] = members.register({"name": "李双", "joined_on": "2020-01-01"})
        ids["linked"] = members.register({"name": "李登录", "joined_on": "2020-01-01"})
        for holder in (DEPUTY, ORGANISER):
            member = members.register({"name": f"王{(holder.post or Post.SECRETARY).label}", "joined_on": "2020-01-01"})
            BranchService(store).assign(holder.post or Post.SECRETARY, member, date(2026, 1, 1))
            users.add(holder.login, OTHER, [holder.role], member, cost=CHEAP)
        users.add(SECRETARY.login, OTHER, [SECRETARY.role], cost=CHEAP)
        users.add("linked", OTHER, ["committee"], ids["linked"], cost=CHEAP)
        head = ["日期", "标题", "谈话类型", "谈话人", "谈话对象", "谈话要点"]
        people = [RegisterService(store).row("talk", ids["open"]).texts[name] for name in ("talker_id", "talkee_id")]
        kinds = (TalkKind.ADMONITION, TalkKind.HEART_TALK)
        rows = [["2026-04-05", f"导入{kind.label}", kind.label, *people, "要点"] for kind in kinds]
        assert book(store, "talk").import_file(workbook(folder.parent / "谈话.xlsx", [head, *rows])).accepted == len(
            rows
        )
    return Made(folder, ids)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Doors]:
    doors = Doors(tmp_path, _made)
    yield doors
    doors.close()


def _whose(store: Store, talk: str) -> str | None:
    with store.reading(whole=True) as session:
        return session.get_one(Talk, talk).talkee_id


def test_a_merge_takes_along_the_restricted_talk_of_whom_it_makes_one(opened: Doors) -> None:
    store, ids = opened.open(ORGANISER), opened.ids(StoreKind.BRANCH)
    assert not store.rights.may(Act.RESTRICTED)
    MemberRecords(store).merge(ids["double"], ids["other"])
    assert [_whose(store, ids[key]) for key in ("open", "secret")] == [ids["double"]] * 2


def test_who_was_admonished_is_not_removed_by_whom_that_is_not_told(opened: Doors) -> None:
    store, ids = opened.open(ORGANISER), opened.ids(StoreKind.BRANCH)
    talk = {"event_on": "2026-06-01", "talker_id": ids["member"], "talkee_id": ids["double"], "points": "要点"}
    RegisterService(opened.open(SECRETARY)).save("talk", {**talk, "kind": TalkKind.ADMONITION, "title": "诫勉"})
    with store.sessions.begin() as session:  # as the store stands in which the secretary wrote it
        secret = session.get_one(Talk, ids["secret"])
        secret.talkee_id = ids["double"]
    with pytest.raises(InvalidInput) as refused:
        MemberRecords(store).remove(ids["double"], "录错了")
    assert "（不便列出的记录）" in refused.value.reason
    with pytest.raises(InvalidInput) as refused:
        MemberRecords(opened.open(SECRETARY)).remove(ids["double"], "录错了")
    assert "谈话" in refused.value.reason
    MemberRecords(store).merge(ids["linked"], ids["double"])
    assert _whose(store, ids["secret"]) == ids["linked"]


def test_a_log_in_changes_its_member_by_the_hand_of_who_manages_users_alone(opened: Doors) -> None:
    store, ids = opened.open(DEPUTY), opened.ids(StoreKind.BRANCH)
    with pytest.raises(InvalidInput) as refused:
        MemberRecords(store).merge(ids["double"], ids["linked"])
    assert "书记" in refused.value.reason
    for attempt in (_relink, _relink_many):
        with pytest.raises(NotAllowed):
            attempt(store, ids["double"])
    assert not store.rights.may_write("users")
    MemberRecords(store).merge(ids["linked"], ids["double"])
    theirs = opened.open(SECRETARY)
    MemberRecords(theirs).merge(ids["double"], ids["linked"])
    assert next(user.member_id for user in UserService(theirs).users() if user.login == "linked") == ids["double"]


def _relink(store: Store, member: str) -> None:
    with store.unit_of_work("换人") as session:
        session.scalars(select(User).where(User.login == "linked")).one().member_id = member


def _relink_many(store: Store, member: str) -> None:
    with store.unit_of_work("换人") as session:
        session.execute(update(User).values(member_id=member))


def test_an_import_is_taken_back_whole_or_not_at_all(opened: Doors) -> None:
    store = opened.open(DEPUTY)
    with pytest.raises(NotAllowed):
        ImportRecord(store).undo_last()
    assert ImportRecord(store).runs()[0].undone_at is None
    ImportRecord(opened.open(SECRETARY)).undo_last()


@pytest.mark.parametrize("kind", ["talk", "meetings"])
def test_a_file_is_not_put_to_what_is_not_seen(opened: Doors, tmp_path: Path, kind: str) -> None:
    store, ids = opened.open(DEPUTY), opened.ids(StoreKind.BRANCH)
    paper = tmp_path / "夹带.txt"
    paper.write_text("夹带", encoding="utf-8")
    contents = list(store.att.ids())
    with pytest.raises((NotAllowed, NotFound)):  # under a kind it is not of, it is not there
        AttachmentService(store).attach(kind, ids["secret"], paper)
    assert list(store.att.ids()) == contents
    with store.reading(whole=True) as session:
        assert paper.name not in set(session.scalars(select(Attachment.name)))
    AttachmentService(store).attach("talk", ids["open"], paper)
