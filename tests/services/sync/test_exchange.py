"""The whole road on real stores: report, receipt, feedback; and every refusal that leaves things as they were."""

import hashlib
import io
import random
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from desktop.models import schema
from desktop.models.attachments import Attachment, StoredFile
from desktop.models.base import Travel, new_id
from desktop.models.branches import Branch
from desktop.models.duties import Talk
from desktop.models.meetings import AgendaItem, Attendance, Meeting
from desktop.models.members import Member
from desktop.models.race import RaceResult, Remark
from desktop.models.standards import StandardPack
from desktop.models.sync import Partner, ReceivedPackage, SyncPackage
from desktop.models.vocabulary import (
    AttendanceState,
    MeetingKind,
    MemberCategory,
    MemberStatus,
    PackageState,
    PartnerState,
    RaceClass,
    StoreKind,
    TalkKind,
)
from desktop.services.attachments import AttachmentService
from desktop.services.errors import Cancelled, InvalidInput, NotFound, PackageRefused, StorageFailure
from desktop.services.files import FilePort
from desktop.services.opening import open_store
from desktop.services.store import Store
from desktop.services.sync import package_format, package_writer, rows
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.installation import own_identities
from desktop.services.sync.package_format import Header
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.stale import declare_local_valid, stale_local
from desktop.services.sync.turns import recover
from tests.services.sync.parties import dump, enrol, make, missing, reopened

QUIET = ("audit", "received_packages")


@dataclass
class Pair:
    """A branch and its headquarters, enrolled, and a stick between them."""

    headquarters: Store
    branch: Store
    stick: Path

    def report(self, period: str | None = None) -> Path:
        return Sender(self.branch).pack(self.stick, period).file

    def take(self, *files: Path) -> list[str]:
        return [one.code for one in Receiver(self.headquarters).receive(files)]

    def answer(self) -> Path:
        return Sender(self.headquarters).answer(None, self.stick)[0].file

    def hear(self, *files: Path) -> list[str]:
        return [one.code for one in Receiver(self.branch).receive(files)]


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a headquarters and a branch that know each other, with some work done; tests copy them."""
    folder = tmp_path_factory.mktemp("enrolled")
    with (
        make(folder / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
        make(folder / "branch", name="草稿") as branch,
    ):
        EnrolmentService(headquarters).save_escrow(folder / "escrow.txt")
        enrol(headquarters, branch, "ZK03", "第三党支部", folder / "files", "leaf")
        fill(branch)
    return folder


@pytest.fixture
def pair(enrolled: Path, tmp_path: Path) -> Iterator[Pair]:
    from tests.stores import LOGIN, PASSWORD, clock_at

    for name in ("hq", "branch"):
        shutil.copytree(enrolled / name, tmp_path / name)
    clock = clock_at("2026-03-02 09:00")
    (tmp_path / "stick").mkdir()
    with (
        open_store(tmp_path / "hq", PASSWORD, LOGIN, clock=clock) as headquarters,
        open_store(tmp_path / "branch", PASSWORD, LOGIN, clock=clock) as branch,
    ):
        yield Pair(headquarters, branch, tmp_path / "stick")


def member(store: Store, name: str) -> Member:
    return Member(
        branch_id=store.branch_id, name=name, category=MemberCategory.FULL_MEMBER, status=MemberStatus.FULL_MEMBER
    )


def add_member(store: Store, name: str) -> str:
    with store.unit_of_work(f"登记党员“{name}”") as session:
        row = member(store, name)
        session.add(row)
        session.flush()
        return row.id


def fill(store: Store) -> None:
    with store.unit_of_work("开始") as session:
        people = [member(store, name) for name in ("王芳", "麦麦提·吐尔逊", "𠮷野")]
        meeting = Meeting(
            branch_id=store.branch_id,
            kind=MeetingKind.BRANCH_CONGRESS,
            held_on=date(2026, 2, 10),
            for_year=2026,
            topic="学习",
            agenda=(AgendaItem("议题", "内容", "同意"),),
            tags=["lecture"],
        )
        session.add_all([*people, meeting])
        session.flush()
        session.add_all(
            Attendance(
                branch_id=store.branch_id,
                meeting_id=meeting.id,
                member_id=one.id,
                state=AttendanceState.PRESENT,
                has_vote=True,
            )
            for one in people
        )


def attach(store: Store, folder: Path, content: bytes, name: str = "签到表.bin") -> str:
    """Attach a file to the branch's profile; return its hash."""
    path = folder / name
    path.write_bytes(content)
    AttachmentService(store).attach("branch", store.branch_id, path)
    return hashlib.sha256(content).hexdigest()


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return sorted(session.scalars(select(Member.name)))


def states(store: Store) -> list[PackageState]:
    return [row.state for row in reversed(Sender(store).sent())]


# the whole road


def test_the_whole_road(pair: Pair, tmp_path: Path) -> None:
    content = random.Random(1).randbytes(3_000_000)
    sha256 = attach(pair.branch, tmp_path, content)
    packed = Sender(pair.branch).pack(pair.stick, "2026Q1")
    assert packed.file.parent == pair.stick
    assert packed.file.name.startswith("ZK03_上报_000001_20260302_")
    assert packed.sha256 == hashlib.sha256(packed.file.read_bytes()).hexdigest()
    assert (packed.seq, packed.attachments, packed.counts["members"]) == (1, 1, 3)
    assert states(pair.branch) == [PackageState.COPIED]

    (result,) = Receiver(pair.headquarters).receive([packed.file])
    assert (result.code, result.sender, result.seq, result.attachments) == ("OK", "ZK03", 1, 1)
    assert result.changes.added == {"attachments": 1, "branches": 1, "meetings": 1, "members": 3, "attendances": 3}
    assert "新增9条" in result.message
    with pair.headquarters.reading() as session:
        assert {row.branch_id for row in session.scalars(select(Member))} == {pair.branch.branch_id}
        assert session.scalars(select(Meeting)).one().agenda == (AgendaItem("议题", "内容", "同意"),)
        stored = session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256)).one()
    assert pair.headquarters.att.read(stored.id) == content
    assert [(row.sender, row.seq, row.period, row.held) for row in Receiver(pair.headquarters).received()] == [
        ("第三党支部", 1, "2026Q1", False)
    ]
    assert missing(pair.headquarters) == []

    with pair.headquarters.unit_of_work("下发") as session:
        session.add(
            RaceResult(
                branch_id=pair.branch.branch_id,
                period="2026Q1",
                scheme_version="1",
                group="leaf",
                group_size=1,
                race_class=RaceClass.MIDDLE,
                published_on=date(2026, 4, 10),
                detail={"reasons": ["样本少"], "total": 71.25},
            )
        )
        session.add(Remark(branch_id=pair.branch.branch_id, text="补齐记录", made_on=date(2026, 3, 1)))
    (result,) = Receiver(pair.branch).receive([pair.answer()])
    assert (result.code, result.sender) == ("OK", "市公司党建科")
    assert result.changes.added == {"race_results": 1, "remarks": 1}
    assert states(pair.branch) == [PackageState.ACKED]
    with pair.branch.reading() as session:
        assert session.scalars(select(RaceResult)).one().detail == {"reasons": ["样本少"], "total": 71.25}
        assert session.scalars(select(Remark.branch_id)).one() == pair.branch.branch_id
        assert session.scalars(select(Partner.state)).one() is PartnerState.ACTIVE
        assert all(session.scalars(select(StandardPack.from_headquarters)))
    assert Sender(pair.branch).pack(pair.stick).attachments == 0, "what arrived is not sent again"


def test_the_second_report_says_what_changed(pair: Pair) -> None:
    pair.take(pair.report())
    gone = add_member(pair.branch, "来了又走")
    with pair.branch.unit_of_work("修改") as session:
        session.scalars(select(Member).where(Member.name == "王芳")).one().phone = "13800000000"
    (result,) = Receiver(pair.headquarters).receive([pair.report()])
    assert (result.changes.added, result.changes.changed) == ({"members": 1}, {"members": 1})
    with pair.branch.unit_of_work("删除") as session:
        session.get_one(Member, gone).deleted_at_utc = "2026-03-02T00:00:00Z"
    (result,) = Receiver(pair.headquarters).receive([pair.report()])
    assert (result.changes.changed, result.changes.removed) == ({}, {"members": 1})
    assert names(pair.headquarters) == ["王芳", "麦麦提·吐尔逊", "𠮷野"]


def test_what_lies_in_the_recycle_bin_stays_with_all_that_hangs_on_it(pair: Pair, tmp_path: Path) -> None:
    (tmp_path / "照片.jpg").write_bytes(b"photo")
    with pair.branch.reading() as session:
        meeting = session.scalars(select(Meeting.id)).one()
    AttachmentService(pair.branch).attach("meeting", meeting, tmp_path / "照片.jpg")
    with pair.branch.unit_of_work("删除会议") as session:
        session.get_one(Meeting, meeting).deleted_at_utc = "2026-03-02T00:00:00Z"
    packed = Sender(pair.branch).pack(pair.stick)
    assert packed.attachments == 0
    assert pair.take(packed.file) == ["OK"]
    with pair.headquarters.reading() as session:
        assert session.scalar(select(func.count(Attachment.id))) == 0
        assert session.scalar(select(func.count(Meeting.id))) == 0
        assert session.scalar(select(func.count(Attendance.id))) == 0


def test_texts_of_restricted_talks_never_leave(pair: Pair, tmp_path: Path) -> None:
    texts = {"points": "机密一", "answer": "机密二", "note": "机密三", "follow_up": "机密四", "place": "机密五"}
    due = date(2026, 3, 9)
    with pair.branch.unit_of_work("谈话") as session:
        for kind in (TalkKind.ADMONITION, TalkKind.HEART_TALK):
            session.add(
                Talk(
                    branch_id=pair.branch.branch_id,
                    event_on=date(2026, 3, 1),
                    title=f"与某人的{kind.label}",
                    kind=kind,
                    talker_id="a",
                    talkee_id="b",
                    follow_up_due=due,
                    **texts,
                )
            )
        session.flush()
        restricted = session.scalars(select(Talk.id).where(Talk.kind == TalkKind.ADMONITION)).one()
    (tmp_path / "谈话记录.txt").write_bytes(b"text")
    AttachmentService(pair.branch).attach("talk", restricted, tmp_path / "谈话记录.txt")
    assert pair.take(pair.report()) == ["OK"]
    with pair.headquarters.reading() as session:
        hidden = session.scalars(select(Talk).where(Talk.kind == TalkKind.ADMONITION)).one()
        assert (hidden.title, hidden.talkee_id, hidden.event_on) == ("诫勉谈话", "b", date(2026, 3, 1))
        assert not any(getattr(hidden, name) for name in (*texts, "follow_up_due"))
        open_talk = session.scalars(select(Talk).where(Talk.kind == TalkKind.HEART_TALK)).one()
        assert (open_talk.points, open_talk.follow_up_due) == ("机密一", due)
        assert session.scalar(select(func.count(Attachment.id))) == 0


def test_results_not_published_stay_at_headquarters(pair: Pair) -> None:
    with pair.headquarters.unit_of_work("计分") as session:
        result = RaceResult(
            branch_id=pair.branch.branch_id, period="2026Q1", scheme_version="1", group="leaf", group_size=1
        )
        session.add(result)
    pair.hear(pair.answer())
    with pair.branch.reading() as session:
        assert session.scalar(select(func.count(RaceResult.id))) == 0


def test_headquarters_hears_only_of_its_own_branches(pair: Pair, tmp_path: Path) -> None:
    with make(tmp_path / "second", name="第二") as second:
        enrol(pair.headquarters, second, "ZK02", "第二党支部", tmp_path / "files")
        add_member(second, "李静")
        other = Sender(second).pack(pair.stick).file
        assert pair.take(pair.report(), other) == ["OK", "OK"]
        assert names(pair.headquarters) == ["李静", "王芳", "麦麦提·吐尔逊", "𠮷野"]
        feedback = Sender(pair.headquarters).answer(["ZK02"], pair.stick)
        assert [one.code for one in feedback] == ["ZK02"]
        assert pair.hear(feedback[0].file) == ["E-PKG-TO"]
        assert [one.code for one in Receiver(second).receive([feedback[0].file])] == ["OK"]
    with pytest.raises(NotFound):
        Sender(pair.headquarters).answer(["ZK99"], pair.stick)


# attachments


def test_a_lost_attachment_is_asked_for_again(pair: Pair, tmp_path: Path) -> None:
    sha256 = attach(pair.branch, tmp_path, b"important" * 1000)
    pair.take(pair.report())
    with pair.headquarters.reading() as session:
        stored = session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256)).one()
    pair.headquarters.att.delete(stored.id)
    assert missing(pair.headquarters) == [sha256]
    pair.hear(pair.answer())
    again = Sender(pair.branch).pack(pair.stick)
    assert again.attachments == 1
    assert pair.take(again.file) == ["OK"]
    assert missing(pair.headquarters) == []


def test_unanswered_attachments_go_with_every_report(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, b"one")
    lost = Sender(pair.branch).pack(pair.stick)
    second = Sender(pair.branch).pack(pair.stick)
    assert (lost.attachments, second.attachments) == (1, 1)
    assert pair.take(second.file) == ["OK"]


def test_many_attachments_take_several_packages(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sums = {attach(pair.branch, tmp_path, bytes([n]) * 100_000, f"{n}.bin") for n in range(5)}
    split = package_writer.split_blobs
    monkeypatch.setattr(package_writer, "split_blobs", lambda blobs: split(blobs, 250_000))
    packed = Sender(pair.branch).pack(pair.stick)
    files = [packed.file, *(one.file for one in packed.more)]
    assert [packed.attachments, *(one.attachments for one in packed.more)] == [2, 2, 1]
    assert packed.as_json()["files"] == [str(file) for file in files]
    assert pair.take(*reversed(files)) == ["OK", "I-STALE", "I-STALE"], "a late one still brings its attachments"
    with pair.headquarters.reading() as session:
        assert set(session.scalars(select(StoredFile.sha256))) == sums
    pair.hear(pair.answer())
    assert states(pair.branch) == [PackageState.ACKED] * 3


# the four rules


def test_a_repeat_says_nothing_new(pair: Pair) -> None:
    file = pair.report()
    pair.take(file)
    before = dump(pair.headquarters)
    (result,) = Receiver(pair.headquarters).receive([file])
    assert result.code == "I-DUP"
    assert "2026-03-02" in result.message
    assert dump(pair.headquarters) == before


def test_an_older_package_changes_no_row(pair: Pair) -> None:
    first = pair.report()
    add_member(pair.branch, "新人")
    second = pair.report()
    assert pair.take(second, first) == ["OK", "I-STALE"]
    assert "新人" in names(pair.headquarters)
    assert pair.take(first) == ["I-STALE"]


def test_a_lost_package_heals_with_the_next(pair: Pair) -> None:
    for name in ("甲", "乙"):
        add_member(pair.branch, name)
        pair.report().unlink()
    add_member(pair.branch, "丙")
    assert pair.take(pair.report()) == ["OK"]
    assert names(pair.headquarters) == names(pair.branch)


def copy_of(store: Store, target: Path) -> Path:
    """A raw copy of a store's folder, as someone makes who knows no better."""
    return shutil.copytree(store.folder, target, ignore=shutil.ignore_patterns("app.lock*", "*-shm"))


def test_two_lines_of_descent_are_never_mixed(pair: Pair, tmp_path: Path) -> None:
    from tests.stores import LOGIN, PASSWORD, clock_at

    pair.take(pair.report())
    twin_folder = copy_of(pair.branch, tmp_path / "twin")
    add_member(pair.branch, "真")
    pair.take(pair.report())
    with open_store(twin_folder, PASSWORD, LOGIN, clock=clock_at("2026-03-03 09:00")) as twin:
        add_member(twin, "假")
        fork = Sender(twin).pack(pair.stick).file
    before = dump(pair.headquarters, QUIET)
    assert pair.take(fork) == ["E-FORK"]
    assert dump(pair.headquarters, QUIET) == before
    assert [row.forked for row in Receiver(pair.headquarters).received()][:1] == [True]
    assert pair.hear(pair.answer()) == ["OK"], "the receipt of the true line goes on"
    add_member(pair.branch, "真二")
    assert pair.take(pair.report()) == ["OK"]

    held = [one for one in Receiver(pair.headquarters).received() if one.held]
    before = dump(pair.headquarters)
    seen_first = Receiver(pair.headquarters).preview_fork(held[0].package_hash)
    assert (seen_first.added, seen_first.removed) == ({"members": 1}, {"members": 2})
    assert dump(pair.headquarters) == before
    taken = Receiver(pair.headquarters).accept_fork(held[0].package_hash)
    assert taken.code == "OK"
    assert "假" in names(pair.headquarters)
    assert "真" not in names(pair.headquarters)
    assert taken.changes == seen_first
    assert pair.take(pair.report()) == ["E-FORK"]
    (true_line,) = [one for one in Receiver(pair.headquarters).received() if one.held]
    Receiver(pair.headquarters).discard_fork(true_line.package_hash)
    assert not any(row.held for row in Receiver(pair.headquarters).received())
    with pytest.raises(NotFound):
        Receiver(pair.headquarters).accept_fork(held[0].package_hash)
    with pytest.raises(NotFound):
        Receiver(pair.headquarters).accept_fork("../../x")


def test_a_restored_copy_notices_that_it_is_old(pair: Pair, tmp_path: Path) -> None:
    from tests.stores import LOGIN, PASSWORD, clock_at

    pair.take(pair.report())
    old = copy_of(pair.branch, tmp_path / "old")
    pair.take(pair.report())
    feedback = pair.answer()
    with open_store(old, PASSWORD, LOGIN, clock=clock_at("2026-03-03 09:00")) as restored:
        sender, receiver = Sender(restored), Receiver(restored)
        assert [one.code for one in receiver.receive([feedback])] == ["E-STALE-LOCAL"]
        stale = stale_local(restored)
        assert stale is not None
        assert (stale.seq, stale.known) == (2, 1)
        with pytest.raises(PackageRefused, match="E-STALE-LOCAL"):
            sender.pack(pair.stick)
        declare_local_valid(restored)
        assert stale_local(restored) is None
        again = sender.pack(pair.stick)
        assert pair.take(again.file) == ["E-FORK"]
        receiver.receive([pair.answer()])
        assert stale_local(restored) is None, "headquarters has not decided yet, the secretary has"
        Receiver(pair.headquarters).accept_fork(again.package_hash)
        assert [one.code for one in receiver.receive([pair.answer()])] == ["OK"]
        assert sender.sent()[0].state is PackageState.ACKED


def test_a_branch_that_lost_its_data_takes_headquarters_copy_back(pair: Pair, tmp_path: Path) -> None:
    from tests.stores import LOGIN, PASSWORD, clock_at

    old = copy_of(pair.branch, tmp_path / "old")
    content = random.Random(3).randbytes(200_000)
    sha256 = attach(pair.branch, tmp_path, content)
    for name in ("甲", "乙"):
        add_member(pair.branch, name)
        pair.take(pair.report())
    back = Sender(pair.headquarters).hand_back("ZK03", pair.stick)
    assert "移交" in back.file.name
    feedback = pair.answer()
    with open_store(old, PASSWORD, LOGIN, clock=clock_at("2026-03-03 09:00")) as restored:
        sender, receiver = Sender(restored), Receiver(restored)
        before = dump(restored)
        assert [one.code for one in receiver.receive([back.file])] == ["E-WRONG-KIND"], "never by the way"
        assert dump(restored) == before
        assert [one.code for one in receiver.receive([feedback])] == ["E-STALE-LOCAL"]
        (late,) = receiver.take_back([back.file])
        assert late.code == "I-STALE", "an answer came in since: headquarters hands back once more"
        again = Sender(pair.headquarters).hand_back("ZK03", pair.stick)
        (result,) = receiver.take_back([again.file])
        assert (result.code, result.attachments) == ("OK", 1)
        assert result.changes.added == {"attachments": 1, "members": 2}
        assert names(restored) == names(pair.branch)
        with restored.reading() as session:
            stored = session.scalars(select(StoredFile.id).where(StoredFile.sha256 == sha256)).one()
        assert restored.att.read(stored) == content
        assert stale_local(restored) is None
        add_member(restored, "丙")
        packed = sender.pack(pair.stick)
        assert (packed.seq, packed.attachments) == (3, 0)
        assert pair.take(packed.file) == ["OK"]
        assert [one.code for one in receiver.receive([pair.answer()])] == ["OK"]
    with pytest.raises(NotFound):
        Sender(pair.headquarters).hand_back("ZK99", pair.stick)
    with pytest.raises(PackageRefused, match="E-WRONG-KIND"):
        Receiver(pair.headquarters).take_back([back.file])


def test_a_raw_restore_is_noticed_by_the_witness_beside_the_database(pair: Pair, tmp_path: Path) -> None:
    pair.report()
    old = copy_of(pair.branch, tmp_path / "copy")
    pair.report()
    pair.branch.close()
    for path in pair.branch.folder.glob("main.db*"):
        path.unlink()
    for path in old.glob("main.db*"):
        shutil.copy(path, pair.branch.folder)
    with reopened(pair.branch) as restored:
        sender = Sender(restored)
        with pytest.raises(PackageRefused, match="E-STALE-LOCAL"):
            sender.pack(pair.stick)
        declare_local_valid(restored)
        assert sender.pack(pair.stick).seq == 2


# whom to believe


def test_strangers_revoked_and_second_pcs_are_refused(pair: Pair, tmp_path: Path) -> None:
    file = pair.report()
    hq = EnrolmentService(pair.headquarters)
    invitation = hq.invite("ZK03", "第三党支部", "mixed", tmp_path / "again.dzk")
    with make(tmp_path / "new") as fresh:
        registration = EnrolmentService(fresh).accept_invitation(invitation.path).confirm(tmp_path / "r.dzk")
        early = Sender(fresh).pack(pair.stick).file
        before = dump(pair.headquarters)
        assert pair.take(early) == ["E-INSTALL"]
        assert dump(pair.headquarters) == before
        hq.accept_registration(registration.path).confirm()
        assert pair.take(file, early) == ["E-INSTALL", "OK"]
    hq.revoke(pair.branch.branch_id)
    assert pair.take(file, early) == ["E-PKG-SENDER", "E-PKG-SENDER"]
    with make(tmp_path / "hq2", StoreKind.HEADQUARTERS, "另一单位") as other:
        assert [one.code for one in Receiver(other).receive([file])] == ["E-PKG-TO"]


def test_each_side_has_its_own_verbs(pair: Pair, tmp_path: Path) -> None:
    with pytest.raises(PackageRefused, match="E-WRONG-KIND"):
        Sender(pair.headquarters).pack(pair.stick)
    with pytest.raises(PackageRefused, match="E-WRONG-KIND"):
        Sender(pair.branch).answer(None, pair.stick)
    with pytest.raises(InvalidInput):
        Sender(pair.branch).pack(pair.stick, "三季度")
    with make(tmp_path / "lonely") as lonely, pytest.raises(PackageRefused, match="E-NOT-ENROLLED"):
        Sender(lonely).pack(pair.stick)


def test_one_bad_file_never_stops_the_rest(pair: Pair, tmp_path: Path) -> None:
    good = pair.report()
    broken = tmp_path / "broken.dzp"
    broken.write_bytes(good.read_bytes()[:-100])
    text = tmp_path / "text.dzp"
    text.write_text("hello")
    results = Receiver(pair.headquarters).receive([broken, tmp_path / "missing.dzp", text, good])
    assert [one.code for one in results] == ["E-PKG-TRUNC", "E-DISK", "E-PKG-FORMAT", "OK"]
    assert results[0].as_json()["file"] == str(broken)
    assert "不完整" in results[0].message


def test_every_refusal_says_what_happened_and_changes_nothing(pair: Pair, tmp_path: Path) -> None:
    from tests.stores import LOGIN, PASSWORD, clock_at

    first = pair.report()
    twin = copy_of(pair.branch, tmp_path / "twin")
    add_member(pair.branch, "新人")
    second = pair.report()
    assert pair.take(second) == ["OK"]
    with open_store(twin, PASSWORD, LOGIN, clock=clock_at("2026-03-03 09:00")) as copied:
        add_member(copied, "旁支")
        fork = Sender(copied).pack(tmp_path / "other stick").file
    with (
        make(tmp_path / "hq2", StoreKind.HEADQUARTERS, "另一单位") as foreign,
        make(tmp_path / "b2", name="外单位支部") as stranger,
    ):
        enrol(foreign, stranger, "XX01", "外单位支部", tmp_path / "files")
        elsewhere = Sender(stranger).pack(tmp_path / "other stick").file
        data = pair.report().read_bytes()
        signature = data.index(b"BEGIN SSH SIGNATURE") + 300
        files = {
            "truncated": (data[:-40], "E-PKG-TRUNC", "不完整，可能拷贝时中断"),
            "text": ("名单".encode(), "E-PKG-FORMAT", "不是有效的数据包"),
            "body": (_flipped(data, 5000), "E-PKG-HASH", "内容校验失败"),
            "signature": (_flipped(data, signature), "E-PKG-SIG", "签名校验失败"),
            "elsewhere": (elsewhere.read_bytes(), "E-PKG-TO", "不是发给本单位的"),
            "twin": (fork.read_bytes(), "E-FORK", "已隔离，未合并"),
            "older": (first.read_bytes(), "I-STALE", "早于已导入的数据（2026-03-02）"),
            "again": (second.read_bytes(), "I-DUP", "已经导入过（2026-03-02），没有新内容"),
        }
        before = dump(pair.headquarters, QUIET)
        for name, (content, code, words) in files.items():
            path = tmp_path / f"{name}.dzp"
            path.write_bytes(content)
            (result,) = Receiver(pair.headquarters).receive([path])
            assert (result.code, f"“{name}.dzp”" in result.message) == (code, True)
            assert words in result.message
            assert "原有数据没有改动" in result.message or code.startswith("I-")
            assert dump(pair.headquarters, QUIET) == before, name
        EnrolmentService(pair.headquarters).revoke(pair.branch.branch_id)
        (result,) = Receiver(pair.headquarters).receive([second])
        assert result.code == "E-PKG-SENDER"
        assert "未登记或已停用：ZK03" in result.message


def _flipped(data: bytes, at: int) -> bytes:
    """One bit changed and the checksums of the wrapper made right again."""
    changed = bytearray(data)
    changed[at] ^= 1
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            start = info.header_offset + package_format.local_header_size(info.filename)
            parts[info.filename] = bytes(changed[start : start + info.file_size])
    return _wrapped(parts)


def _wrapped(parts: dict[str, bytes]) -> bytes:
    entries = [package_format.Entry(name, zlib.crc32(data), len(data)) for name, data in parts.items()]
    content = b"".join(one.local_header() + parts[one.name] for one in entries)
    return content + package_format.directory(entries)


# rows that do not fit: truly signed, by a branch whose program is not ours


def forged(pair: Pair, change: Callable[[list[tuple[str, dict[str, Any]]]], object]) -> Path:
    """A report of the branch whose rows were changed before they were signed."""
    import desktop.services.sync.package_writer as writer

    real = writer.write_package

    def changed(path: Path, header: Header, extras: Any, records: Any, *rest: Any) -> Any:
        taken = [(table, dict(row)) for table, row in records]
        change(taken)
        return real(path, header, extras, taken, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "write_package", changed)
        return pair.report()


def of(rows_: list[tuple[str, dict[str, Any]]], table: str) -> dict[str, Any]:
    return next(row for name, row in rows_ if name == table)


BAD: dict[str, tuple[Callable[[list[tuple[str, dict[str, Any]]]], object], str]] = {
    "unknown table": (lambda taken: taken.append(("settings", {"id": "1"})), "数据表"),
    "table of headquarters": (lambda taken: taken.append(("remarks", {"id": "1"})), "数据表"),
    "unknown column": (lambda taken: of(taken, "members").update(extra=1), "不认识的字段"),
    "missing column": (lambda taken: of(taken, "members").pop("name"), "缺少字段name"),
    "number for text": (lambda taken: of(taken, "members").update(name=5), "类型不对"),
    "empty": (lambda taken: of(taken, "members").update(name=None), "不能为空"),
    "too long": (lambda taken: of(taken, "members").update(name="长" * 1000), "超过"),
    "not in the list": (lambda taken: of(taken, "members").update(status="king"), "可选范围"),
    "no date": (lambda taken: of(taken, "meetings").update(held_on="2026-02-30"), "不是日期"),
    "other spelling of a date": (lambda taken: of(taken, "meetings").update(held_on="20260210"), "不是日期"),
    "no integer": (lambda taken: of(taken, "meetings").update(for_year=True), "不是整数"),
    "huge integer": (lambda taken: of(taken, "meetings").update(for_year=1 << 70), "不是整数"),
    "wrong lines": (lambda taken: of(taken, "meetings").update(agenda=[{"title": "x"}]), "内容不符"),
    "wrong list": (lambda taken: of(taken, "meetings").update(tags=[1]), "类型不对"),
    "no such reference": (lambda taken: of(taken, "attendances").update(member_id="nobody"), "不存在"),
    "id twice": (lambda taken: taken.append(("members", dict(of(taken, "members")))), "重复"),
    "someone else's profile": (lambda taken: of(taken, "branches").update(id=new_id()), "支部概况"),
    "no profile": (lambda taken: taken.remove(("branches", of(taken, "branches"))), "支部概况"),
    "two alike": (
        lambda taken: taken.append(("attendances", {**of(taken, "attendances"), "id": new_id()})),
        "重复的记录",
    ),
}


def test_rows_that_do_not_fit_refuse_the_whole_package(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, b"content")
    before = dump(pair.headquarters, QUIET)
    for kind, (change, reason) in BAD.items():
        (result,) = Receiver(pair.headquarters).receive([forged(pair, change)])
        assert result.code == "E-PKG-CONTENT", kind
        assert reason in str(result.facts["reason"]), kind
        assert reason in result.message
        assert dump(pair.headquarters, QUIET) == before, kind
    pair.hear(pair.answer())
    assert states(pair.branch) == [PackageState.REJECTED] * len(BAD)
    assert pair.take(pair.report()) == ["OK"], "the next sound package heals it"


def test_the_sender_cannot_write_rows_of_others(pair: Pair, tmp_path: Path) -> None:
    pair.take(pair.report())
    with pair.headquarters.reading() as session:
        theirs = session.scalars(select(Member.id)).first()
    with make(tmp_path / "second", name="第二") as second:
        enrol(pair.headquarters, second, "ZK02", "第二党支部", tmp_path / "files")
        add_member(second, "李静")
        other = Pair(pair.headquarters, second, pair.stick)
        claim = forged(other, lambda taken: of(taken, "members").update(branch_id=pair.branch.branch_id))
        assert other.take(claim) == ["OK"]
        with pair.headquarters.reading() as session:
            owner = session.scalars(select(Member.branch_id).where(Member.name == "李静")).one()
            assert owner == second.branch_id, "whose rows they are is said by the sender's key"
        before = dump(pair.headquarters, QUIET)
        theft = forged(other, lambda taken: of(taken, "members").update(id=theirs))
        assert other.take(theft) == ["E-PKG-CONTENT"]
        assert dump(pair.headquarters, QUIET) == before


# versions


def test_a_package_of_a_newer_program_waits_for_the_update(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(schema, "HEAD", "9999")
        file = pair.report()
    before = dump(pair.headquarters, QUIET)
    (result,) = Receiver(pair.headquarters).receive([file])
    assert result.code == "E-SCHEMA-NEWER"
    assert "0.1.0" in result.message
    assert dump(pair.headquarters, QUIET) == before
    assert [one.held for one in Receiver(pair.headquarters).received()] == [True]
    known = schema.known
    monkeypatch.setattr(schema, "known", lambda revision: revision == "9999" or known(revision))
    monkeypatch.setattr(schema, "HEAD", "9999")
    (late,) = Receiver(pair.headquarters).receive([])
    assert late.code == "OK"
    assert not any(one.held for one in Receiver(pair.headquarters).received())
    assert names(pair.headquarters) == names(pair.branch)


def test_rows_of_an_older_program_go_through_the_migrations(pair: Pair, tmp_path: Path) -> None:
    with pair.branch.reading() as session:
        was = list(rows.outgoing(session, Travel.UP, pair.branch.branch_id))
    numbered = [(line, table, row) for line, (table, row) in enumerate(was, start=1)]
    became = list(rows.through_migrations(numbered, schema.HEAD, Travel.UP, tmp_path))
    assert [(table, row) for _, table, row in became] == was
    assert not list(tmp_path.glob("*.db*"))
    with pytest.raises(PackageRefused, match="E-PKG-CONTENT"):
        list(rows.through_migrations([(1, "members", {"nothing": 1})], schema.HEAD, Travel.UP, tmp_path))
    assert not list(tmp_path.glob("*.db*"))


# what goes wrong on the way


def test_a_stick_that_fails_leaves_the_package_in_the_outbox(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.services.sync import usb

    def gone(*_: object, **__: object) -> None:
        raise StorageFailure("E-USB-GONE", file="x")

    with monkeypatch.context() as pulled:
        pulled.setattr(usb, "copy_verified", gone)
        with pytest.raises(StorageFailure, match="E-USB-GONE"):
            pair.report()
    (row,) = Sender(pair.branch).sent()
    assert (row.state, row.here) == (PackageState.PREPARED, True)
    copied = Sender(pair.branch).copy(row.package_hash, pair.stick)
    assert states(pair.branch) == [PackageState.COPIED]
    assert pair.take(copied) == ["OK"]


def test_a_package_that_never_left_is_replaced_by_the_next(pair: Pair) -> None:
    sender = Sender(pair.branch)
    first = sender.pack(None)
    assert first.file.parent == pair.branch.folder / "outbox"
    sender.pack(None)
    assert states(pair.branch) == [PackageState.SUPERSEDED, PackageState.PREPARED]
    assert not first.file.exists()
    with pytest.raises(NotFound):
        sender.copy(first.package_hash, pair.stick)


def test_cancelling_leaves_nothing(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, random.Random(1).randbytes(3_000_000))

    def stop_at(limit: int) -> Callable[[int, int], None]:
        def told(done: int, total: int) -> None:
            if done * 100 >= limit * total:
                raise Cancelled

        return told

    before = dump(pair.branch)
    with pytest.raises(Cancelled):
        Sender(pair.branch).pack(pair.stick, progress=stop_at(30))
    assert dump(pair.branch) == before
    assert not list((pair.branch.folder / "outbox").iterdir())
    assert not list(pair.stick.iterdir())
    file = pair.report()
    before = dump(pair.headquarters)
    for limit in (10, 60, 90):
        with pytest.raises(Cancelled):
            Receiver(pair.headquarters).receive([file], stop_at(limit))
        assert dump(pair.headquarters) == before
        assert not list((pair.headquarters.folder / "inbox").iterdir())


def test_a_full_disk_at_headquarters_changes_nothing(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, random.Random(1).randbytes(300_000))
    file = pair.report()
    before = dump(pair.headquarters)

    class Full(FilePort):
        def open_excl(self, path: Path) -> Any:
            raise OSError(28, "No space left on device")

    (result,) = Receiver(pair.headquarters, Full()).receive([file])
    assert result.code == "E-DISK-FULL"
    assert dump(pair.headquarters) == before


def test_a_damaged_attachment_stops_the_package_and_is_called_by_its_own_name(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, random.Random(1).randbytes(300_000))
    (stored,) = (pair.branch.folder / "att").rglob("*.age")
    content = bytearray(stored.read_bytes())
    content[150_000] ^= 1
    stored.write_bytes(content)
    with pytest.raises(StorageFailure) as caught:
        Sender(pair.branch).pack(pair.stick)
    assert (caught.value.code, caught.value.facts["file"]) == ("E-ATT-DAMAGED", "签到表.bin")
    assert Sender(pair.branch).sent() == []


def test_a_package_that_finds_no_room_on_the_way_out_stays_here_and_says_so(pair: Pair) -> None:
    class NoRoom(FilePort):
        def free_space(self, folder: Path) -> int:
            return 0

    with pytest.raises(StorageFailure) as caught:
        Sender(pair.branch, NoRoom()).pack(pair.stick)
    assert (caught.value.code, caught.value.facts["packed"]) == ("E-DISK-FULL", True)
    (row,) = Sender(pair.branch).sent()
    assert (row.state, row.here) == (PackageState.PREPARED, True)


def test_a_crash_between_note_and_name_is_finished_at_the_next_start(pair: Pair) -> None:
    sender = Sender(pair.branch)
    packed = sender.pack(None)
    outbox = pair.branch.folder / "outbox"
    packed.file.rename(outbox / "4711.part")
    (outbox / "4712.part").write_bytes(b"half")
    (pair.branch.folder / "inbox" / "4713.part").write_bytes(b"half")
    recover(pair.branch)
    assert [path.name for path in outbox.iterdir()] == [packed.file.name]
    assert not list((pair.branch.folder / "inbox").iterdir())


def test_only_one_packing_or_receiving_runs_at_a_time(pair: Pair) -> None:
    sender = Sender(pair.branch)

    def again(done: int, total: int) -> None:
        with pytest.raises(PackageRefused, match="E-BUSY"):
            Receiver(pair.branch).receive([])

    sender.pack(None, progress=again)


def test_the_branch_is_reminded_after_thirty_days(pair: Pair) -> None:
    pair.report()
    assert Sender(pair.branch).unanswered() is None
    with reopened(pair.branch, "2026-04-05 09:00") as later:
        waiting = Sender(later).unanswered()
        assert waiting is not None
        assert waiting.seq == 1


def test_no_word_of_the_records_lies_open_on_the_disk(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, "王芳的签到表".encode() * 100)
    pair.take(pair.report())
    pair.hear(pair.answer())
    words = ["王芳".encode(), "吐尔逊".encode(), "签到表".encode(), "学习".encode()]
    for folder in (pair.branch.folder, pair.headquarters.folder, pair.stick):
        for path in folder.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert not any(word in data for word in words), path


def test_the_order_of_arrival_does_not_matter(pair: Pair, tmp_path: Path) -> None:
    files = []
    for number in range(6):
        add_member(pair.branch, f"党员{number}")
        files.append(pair.report())
    broken = tmp_path / "broken.dzp"
    broken.write_bytes(files[3].read_bytes()[:5000] + b"x" + files[3].read_bytes()[5001:])
    source = random.Random(9)
    states_seen = set()
    for round_ in range(4):
        target = copy_of(pair.headquarters, tmp_path / f"round {round_}")
        from tests.stores import LOGIN, PASSWORD, clock_at

        with open_store(target, PASSWORD, LOGIN, clock=clock_at("2026-03-03 09:00")) as headquarters:
            order = [*files, broken]
            source.shuffle(order)
            Receiver(headquarters).receive(order)
            states_seen.add(tuple(names(headquarters)))
    assert states_seen == {tuple(names(pair.branch))}


def test_both_sides_keep_what_came_in(pair: Pair) -> None:
    pair.take(pair.report())
    pair.hear(pair.answer())
    assert len(list((pair.headquarters.folder / "inbox").glob("*.dzp"))) == 1
    assert len(list((pair.branch.folder / "inbox").glob("*.dzp"))) == 1
    with pair.branch.reading() as session:
        assert session.scalar(select(func.count(SyncPackage.id))) == 1
        assert session.scalar(select(func.count(ReceivedPackage.id))) == 1
        assert session.scalar(select(func.count(Branch.id))) == 1
        assert len(own_identities(session)) == 1
