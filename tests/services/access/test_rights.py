"""Roles are held at the door to the database: what a user may not see is not read, what may not be written is not."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from types import FrameType

import pytest
from sqlalchemy.orm import Session

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.meetings import MeetingKind, TalkKind
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.attachments import AttachmentService
from desktop.services.branches import BranchService
from desktop.services.errors import NotAllowed, NotFound
from desktop.services.headquarters import HeadquartersService
from desktop.services.history import HistoryService
from desktop.services.inspections.reading import BroughtList, BroughtPoint, ListHead
from desktop.services.inspections.service import InspectionDraft, InspectionService
from desktop.services.meetings.rows import MeetingDraft
from desktop.services.meetings.service import MeetingService
from desktop.services.members.service import MemberService
from desktop.services.opening import open_store
from desktop.services.registers.service import RegisterService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.members.people import GAO, LI
from tests.stores import CHEAP, LOGIN, PASSWORD, clock_at, new_store

ROOT = Path(__file__).resolve().parents[3]
OTHER = "春风-细雨-77"
AT = "2026-11-22 09:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def group_meeting(group_id: str, topic: str = "学习") -> MeetingDraft:
    return MeetingDraft(kind=MeetingKind.GROUP_MEETING, held_on=date(2026, 4, 9), group_id=group_id, topic=topic)


def as_user(folder: Path, login: str, password: str = OTHER) -> Store:
    return open_store(folder, password, login, clock=clock_at(AT))


@pytest.fixture
def talks(folder: Path) -> dict[str, str]:
    """A store with two members, an open and a restricted talk, a file at each, and one user of every role."""
    with new_store(folder, at=AT) as store:
        members = MemberService(store)
        ids = [members.register(person) for person in (GAO, LI)]
        registers, files = RegisterService(store), AttachmentService(store)
        made = {"member": ids[0], "other": ids[1]}
        for kind in (TalkKind.HEART_TALK, TalkKind.ADMONITION):
            talk = {"event_on": "2026-03-05", "title": "谈话", "kind": kind, "talker_id": ids[0], "talkee_id": ids[1]}
            made[kind] = registers.save("talk", {**talk, "points": f"要点{kind.label}"})
            paper = folder.parent / f"{kind}.txt"
            paper.write_text(kind.label, encoding="utf-8")
            files.attach("talk", made[kind], paper)
        branches = BranchService(store)
        made["group"] = branches.save_group("第一党小组")
        made["elsewhere"] = branches.save_group("第二党小组")
        members.place_in_group(ids[1:], made["group"])
        members.place_in_group(ids[:1], made["elsewhere"])
        branches.assign(Post.DISCIPLINE_COMMISSIONER, ids[0], date(2026, 1, 1))
        branches.assign(Post.GROUP_LEADER, ids[1], date(2026, 4, 1), group_id=made["group"])
        users = UserService(store)
        users.add("委员", OTHER, ["committee"], ids[1], cost=CHEAP)
        users.add("纪检", OTHER, ["committee"], ids[0], cost=CHEAP)
        users.add("组长", OTHER, ["group_leader"], ids[1], cost=CHEAP)
        users.add("查看", OTHER, ["branch_reader"], cost=CHEAP)
    return made


@pytest.mark.parametrize("login", ["委员", "组长", "查看"])
def test_a_restricted_talk_is_on_no_road_of_whom_it_does_not_concern(
    folder: Path, talks: dict[str, str], login: str
) -> None:
    secret = talks[TalkKind.ADMONITION]
    with as_user(folder, login) as store:
        registers = RegisterService(store)
        assert [row.id for row in registers.rows("talk", 2026)] == [talks[TalkKind.HEART_TALK]]
        assert registers.counts(["talk"]) == {"talk": 1}
        with pytest.raises(NotFound):
            registers.row("talk", secret)
        assert HistoryService(store).of("talk", secret) == []
        assert AttachmentService(store).list("talk", secret) == []
        assert HistoryService(store).of("talk", talks[TalkKind.HEART_TALK])


@pytest.mark.parametrize(("login", "password"), [("纪检", OTHER), (LOGIN, PASSWORD)])
def test_who_is_entitled_sees_it(folder: Path, talks: dict[str, str], login: str, password: str) -> None:
    secret = talks[TalkKind.ADMONITION]
    with as_user(folder, login, password) as store:
        assert RegisterService(store).row("talk", secret).texts["points"] == "要点诫勉谈话"
        assert HistoryService(store).of("talk", secret)
        assert len(AttachmentService(store).list("talk", secret)) == 1


def test_figures_that_all_must_share_are_the_same_for_everybody(folder: Path, talks: dict[str, str]) -> None:
    told = []
    for login, password in ((LOGIN, PASSWORD), ("查看", OTHER)):
        with as_user(folder, login, password) as store:
            told.append(StandardService(store).score().total)
    assert told[0] == told[1]


@pytest.mark.parametrize("first", ["desktop.services.unit_of_work", "desktop.services.access.rights"])
def test_the_right_is_asked_before_anything_else_looks_at_a_row_whatever_was_imported_first(first: str) -> None:
    told = (
        f"import {first}, desktop.services.opening\n"
        "from sqlalchemy.orm import Session\n"
        "print(*[hears.__module__ for hears in Session().dispatch.before_flush])"
    )
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["desktop.services.access.rights", "desktop.services.unit_of_work"]


def test_a_reader_changes_nothing(folder: Path, talks: dict[str, str]) -> None:
    with as_user(folder, "查看") as store:
        for attempt in (
            lambda: RegisterService(store).save("talk", {"title": "改过"}, talks[TalkKind.HEART_TALK]),
            lambda: RegisterService(store).remove("talk", talks[TalkKind.HEART_TALK]),
            lambda: MemberService(store).update(talks["member"], {"phone": "13800000000"}),
            lambda: BranchService(store).save_group("第三党小组"),
            lambda: UserService(store).add("又一个", OTHER, ["secretary"]),
            lambda: UserService(store).change_roles("查看", ["secretary"]),
            lambda: UserService(store).offer_recovery_code(),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    with as_user(folder, LOGIN, PASSWORD) as store:
        assert RegisterService(store).row("talk", talks[TalkKind.HEART_TALK]).texts["title"] == "谈话"


def test_a_restricted_row_is_written_by_the_entitled_only(folder: Path, talks: dict[str, str]) -> None:
    talk = {
        "event_on": "2026-04-05",
        "title": "谈",
        "kind": TalkKind.REMINDER,
        "talker_id": talks["member"],
        "talkee_id": talks["other"],
    }
    with as_user(folder, "委员") as store:
        with pytest.raises(NotAllowed):
            RegisterService(store).save("talk", talk)
        RegisterService(store).save("talk", {**talk, "kind": TalkKind.HEART_TALK})
    with as_user(folder, "纪检") as store:
        RegisterService(store).save("talk", talk)


def test_a_group_leader_writes_the_meetings_of_the_own_group(folder: Path, talks: dict[str, str]) -> None:
    with as_user(folder, "组长") as store:
        meetings = MeetingService(store)
        made = meetings.record(group_meeting(talks["group"]))
        meetings.record(group_meeting(talks["group"], topic="改过的议题"), made)
        congress = MeetingDraft(kind=MeetingKind.BRANCH_CONGRESS, held_on=date(2026, 4, 9), topic="学习")
        for other in (group_meeting(talks["elsewhere"]), congress):
            with pytest.raises(NotAllowed):
                meetings.record(other)
        with pytest.raises(NotAllowed):
            meetings.confirm(made)


def test_a_file_goes_with_the_meeting_it_is_attached_to(folder: Path, talks: dict[str, str], tmp_path: Path) -> None:
    photo = tmp_path / "合影.txt"
    photo.write_text("合影", encoding="utf-8")
    with as_user(folder, LOGIN, PASSWORD) as store:
        other = MeetingService(store).record(group_meeting(talks["elsewhere"]))
    with as_user(folder, "组长") as store:
        own = MeetingService(store).record(group_meeting(talks["group"]))
        AttachmentService(store).attach("meetings", own, photo)
        with pytest.raises(NotAllowed):
            AttachmentService(store).attach("meetings", other, photo)


def test_nobody_makes_a_meeting_of_others_one_of_their_own(folder: Path, talks: dict[str, str]) -> None:
    congress = MeetingDraft(kind=MeetingKind.BRANCH_CONGRESS, held_on=date(2026, 4, 9), topic="学习")
    with as_user(folder, LOGIN, PASSWORD) as store:
        theirs = [MeetingService(store).record(draft) for draft in (congress, group_meeting(talks["elsewhere"]))]
    with as_user(folder, "组长") as store:
        for meeting in theirs:
            with pytest.raises(NotAllowed):
                MeetingService(store).record(group_meeting(talks["group"]), meeting)


def test_a_row_is_offered_to_whom_the_door_lets_through(folder: Path, talks: dict[str, str]) -> None:
    with as_user(folder, "组长") as store:
        may = store.rights.may_write_row
        assert may("meetings", {"kind": MeetingKind.GROUP_MEETING})
        assert may("meetings", {"kind": MeetingKind.GROUP_MEETING, "group_id": talks["group"]})
        assert not may("meetings", {"kind": MeetingKind.GROUP_MEETING, "group_id": talks["elsewhere"]})
        assert not may("meetings", {"kind": MeetingKind.BRANCH_CONGRESS, "group_id": None})
        assert not may("members", {})


def test_what_changes_is_gathered_as_often_for_many_rows_as_for_a_few(folder: Path) -> None:
    asked = [0]

    def note(frame: FrameType, event: str, _given: object) -> None:
        asked[0] += (
            event == "call"
            and frame.f_code.co_name in ("dirty", "new")
            and isinstance(frame.f_locals.get("self"), Session)
        )

    found = []
    with new_store(folder, at=AT) as store:
        for count in (2, 20):
            points = tuple(BroughtPoint({"title": f"标准{n}"}) for n in range(count))
            service = InspectionService(store)
            brought = InspectionDraft(title="检查表", received_on=store.today)
            made = service.take_in(BroughtList("表", "", (ListHead("标准", "title"),), points), brought)
            asked[0] = 0
            sys.setprofile(note)
            try:
                service.remove(made)
            finally:
                sys.setprofile(None)
            found.append(asked[0])
    assert found[0] == found[1] > 0


def test_settings_that_bind_others_are_no_free_settings(tmp_path: Path) -> None:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, AT) as store:
        UserService(store).add("查看", OTHER, ["headquarters_reader"], cost=CHEAP)
    with as_user(tmp_path / "hq", "查看") as store:
        with pytest.raises(NotAllowed):
            HeadquartersService(store).rename("别的单位")
        with pytest.raises(NotAllowed):
            UserService(store).lock_after(30)


def test_the_rights_of_a_post_end_with_the_post(folder: Path, talks: dict[str, str]) -> None:
    with as_user(folder, LOGIN, PASSWORD) as store:
        branches = BranchService(store)
        post = next(row for row in branches.posts() if row.post is Post.DISCIPLINE_COMMISSIONER)
        branches.end_post(post.id, date(2026, 11, 21))
    with as_user(folder, "纪检") as store:
        assert not store.rights.may(Act.RESTRICTED)
        assert len(RegisterService(store).rows("talk", 2026)) == 1
