"""Packages in, on real stores: the whole road, the four rules, and every refusal that leaves things as they were."""

import hashlib
import io
import random
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from desktop import __version__
from desktop.models import schema
from desktop.models.attachments import StoredFile
from desktop.models.branches import Branch
from desktop.models.meetings import AgendaItem, Meeting
from desktop.models.members import Member
from desktop.models.race import RaceResult, Remark
from desktop.models.standards import StandardPack
from desktop.models.sync import Partner, ReceivedPackage, SyncPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RaceClass
from desktop.models.vocabulary.stores import PackageState, PartnerState, StoreKind
from desktop.services.errors import NotFound, PackageRefused
from desktop.services.files import FilePort
from desktop.services.history import HistoryService
from desktop.services.opening import open_store
from desktop.services.sync import package_wrapper
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.installation import own_identities
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.stale import stale_local
from tests.services.sync.pairs import QUIET, Pair, add_member, attach, copy_of, names, numbered, states
from tests.services.sync.parties import dump, enrol, make, missing, reopened


def test_the_trail_of_uses_says_in_chinese_what_went_out_and_what_came_in(pair: Pair) -> None:
    packed = Sender(pair.branch).pack(pair.stick, "2026Q1")
    Receiver(pair.headquarters).receive([packed.file])
    out, came = (HistoryService(store).uses()[0].sentence for store in (pair.branch, pair.headquarters))
    assert out == "生成数据包 上报 ZK03 第 1 号"
    assert came == "导入数据包 ZK03 第 1 号"
    Receiver(pair.headquarters).receive([packed.file])
    again = HistoryService(pair.headquarters).uses()[0].sentence
    assert again.startswith(f"导入数据包 ZK03 第 1 号：没有收下，“{packed.file.name}”已经导入过（")
    rubbish = pair.stick / "坏.dzp"
    rubbish.write_bytes(b"x" * 5000)
    Receiver(pair.headquarters).receive([rubbish])
    assert HistoryService(pair.headquarters).uses()[0].sentence == (
        "导入数据包 没有收下，“坏.dzp”不是有效的数据包，或已被改动"
    )


def test_a_damaged_copy_of_a_package_taken_before_is_called_damaged(pair: Pair) -> None:
    report = pair.report()
    assert pair.take(report) == ["OK"]
    data = bytearray(report.read_bytes())
    data[len(data) // 2] ^= 1
    flipped = pair.stick / "坏.dzp"
    flipped.write_bytes(data)
    assert pair.take(flipped, report) == ["E-PKG-HASH", "I-DUP"]
    assert Receiver(pair.headquarters).received()[0].accepted


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

    with pair.headquarters.unit_of_work("下发", Act.EXCHANGE) as session:
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


def test_a_repeat_says_nothing_new(pair: Pair) -> None:
    file = pair.report()
    pair.take(file)
    before = dump(pair.headquarters)
    (result,) = Receiver(pair.headquarters).receive([file])
    assert result.code == "I-DUP"
    assert "2026-03-02" in result.message
    assert dump(pair.headquarters) == before


def test_a_package_taken_before_eight_in_the_morning_came_on_that_day(pair: Pair) -> None:
    """In UTC it is still the day before."""
    first, second = pair.report(), pair.report()
    with reopened(pair.headquarters, "2026-03-05 07:30") as early:
        receiver = Receiver(early)
        assert [result.code for result in receiver.receive([second])] == ["OK"]
        repeated, older = receiver.receive([second, first])
    assert (repeated.code, repeated.facts["date"]) == ("I-DUP", "2026-03-05")
    assert (older.code, older.facts["date"]) == ("I-STALE", "2026-03-05")


def test_an_older_package_changes_no_row(pair: Pair) -> None:
    first = pair.report()
    add_member(pair.branch, "新人")
    second = pair.report()
    assert pair.take(second, first) == ["OK", "I-STALE"]
    assert "新人" in names(pair.headquarters)
    assert pair.take(first) == ["I-STALE"]


def test_a_lost_package_heals_with_the_next(pair: Pair) -> None:
    for name in ("王甲", "王乙"):
        add_member(pair.branch, name)
        pair.report().unlink()
    add_member(pair.branch, "王丙")
    assert pair.take(pair.report()) == ["OK"]
    assert names(pair.headquarters) == names(pair.branch)


def test_two_lines_of_descent_are_never_mixed(pair: Pair, tmp_path: Path) -> None:
    from tests.stores import LOGIN, PASSWORD, clock_at

    pair.take(pair.report())
    twin_folder = copy_of(pair.branch, tmp_path / "twin")
    add_member(pair.branch, "王真")
    pair.take(pair.report())
    with open_store(twin_folder, PASSWORD, LOGIN, clock=clock_at("2026-03-03 09:00")) as twin:
        add_member(twin, "王假")
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
    assert taken.file.name == fork.name, "the name of the file as it came in, not that in quarantine"
    assert fork.name in {row.file_name for row in Receiver(pair.headquarters).received() if row.accepted}
    assert "王假" in names(pair.headquarters)
    assert "王真" not in names(pair.headquarters)
    assert taken.changes == seen_first
    assert pair.take(pair.report()) == ["E-FORK"]
    (true_line,) = [one for one in Receiver(pair.headquarters).received() if one.held]
    Receiver(pair.headquarters).discard_fork(true_line.package_hash)
    assert HistoryService(pair.headquarters).uses()[0].sentence == f"放弃另一台电脑的数据包 {true_line.file_name}"
    assert not any(row.held for row in Receiver(pair.headquarters).received())
    with pytest.raises(NotFound):
        Receiver(pair.headquarters).accept_fork(held[0].package_hash)
    with pytest.raises(NotFound):
        Receiver(pair.headquarters).accept_fork("../../x")


def test_a_branch_that_lost_its_data_takes_headquarters_copy_back(pair: Pair, tmp_path: Path) -> None:
    from tests.stores import LOGIN, PASSWORD, clock_at

    old = copy_of(pair.branch, tmp_path / "old")
    content = random.Random(3).randbytes(200_000)
    sha256 = attach(pair.branch, tmp_path, content)
    for name in ("王甲", "王乙"):
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
        assert [one.code for one in receiver.receive([feedback])] == ["I-BEHIND"]
        with pytest.raises(PackageRefused, match="I-STALE"):
            receiver.preview_take_back([back.file])
        (late,) = receiver.take_back([back.file])
        assert late.code == "I-STALE", "an answer came in since: headquarters hands back once more"
        again = Sender(pair.headquarters).hand_back("ZK03", pair.stick)
        add_member(restored, "王丁")
        held = dump(restored)
        copy = receiver.preview_take_back([again.file])
        assert (copy.seq, copy.taken_on) == (2, pair.headquarters.today)
        assert copy.changes.removed == {"members": 1}
        assert dump(restored) == held, "looking changes nothing"
        (result,) = receiver.take_back([again.file])
        assert result.changes == copy.changes
        assert (result.code, result.attachments) == ("OK", 1)
        assert result.changes.added == {"attachments": 1, "members": 2}
        assert names(restored) == names(pair.branch)
        with restored.reading() as session:
            stored = session.scalars(select(StoredFile.id).where(StoredFile.sha256 == sha256)).one()
        assert restored.att.read(stored) == content
        assert stale_local(restored) is None
        add_member(restored, "王丙")
        packed = sender.pack(pair.stick)
        assert (packed.seq, packed.attachments) == (3, 0)
        assert pair.take(packed.file) == ["OK"]
        assert [one.code for one in receiver.receive([pair.answer()])] == ["OK"]
    with pytest.raises(NotFound):
        Sender(pair.headquarters).hand_back("ZK99", pair.stick)
    with pytest.raises(PackageRefused, match="E-WRONG-KIND"):
        Receiver(pair.headquarters).take_back([back.file])


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


def test_one_bad_file_never_stops_the_rest(pair: Pair, tmp_path: Path) -> None:
    good = pair.report()
    broken = tmp_path / "broken.dzp"
    broken.write_bytes(good.read_bytes()[:-100])
    text = tmp_path / "text.dzp"
    text.write_text("hello")
    results = Receiver(pair.headquarters).receive([broken, tmp_path / "missing.dzp", text, good])
    assert [one.code for one in results] == ["E-PKG-TRUNC", "E-DISK", "E-PKG-FORMAT", "OK"]
    assert results[0].file == broken
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
        assert "未登记或已停用（ZK03）" in result.message


def _flipped(data: bytes, at: int) -> bytes:
    """One bit changed and the checksums of the wrapper made right again."""
    changed = bytearray(data)
    changed[at] ^= 1
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            start = info.header_offset + package_wrapper.local_header_size(info.filename)
            parts[info.filename] = bytes(changed[start : start + info.file_size])
    return _wrapped(parts)


def _wrapped(parts: dict[str, bytes]) -> bytes:
    entries = [package_wrapper.Entry(name, zlib.crc32(data), len(data)) for name, data in parts.items()]
    content = b"".join(one.local_header() + parts[one.name] for one in entries)
    return content + package_wrapper.directory(entries)


def test_a_package_of_a_newer_program_waits_for_the_update(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(schema, "HEAD", "9999")
        file = pair.report()
    before = dump(pair.headquarters, QUIET)
    (result,) = Receiver(pair.headquarters).receive([file])
    assert result.code == "E-SCHEMA-NEWER"
    assert f"是更新的程序做的，都写着{__version__}，比本机的新。" in result.message, "the number alone says nothing"
    assert dump(pair.headquarters, QUIET) == before
    assert [one.held for one in Receiver(pair.headquarters).received()] == [True]
    known = schema.known
    monkeypatch.setattr(schema, "known", lambda revision: revision == "9999" or known(revision))
    monkeypatch.setattr(schema, "HEAD", "9999")
    (late,) = Receiver(pair.headquarters).receive([])
    assert late.code == "OK"
    assert not any(one.held for one in Receiver(pair.headquarters).received())
    assert names(pair.headquarters) == names(pair.branch)


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
        add_member(pair.branch, numbered(number))
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
