"""Packages out: what goes with them, what is asked again, and what goes wrong on the way."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop.messages import present
from desktop.models.attachments import StoredFile
from desktop.models.race import RaceResult
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PackageState
from desktop.services.errors import Cancelled, InvalidInput, NotFound, PackageRefused, StorageFailure
from desktop.services.files import FilePort
from desktop.services.headquarters import HeadquartersService
from desktop.services.sync import package_writer
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages
from tests.services.sync.pairs import Pair, add_member, attach, names, states
from tests.services.sync.parties import dump, enrol, make


def test_results_not_published_stay_at_headquarters(pair: Pair) -> None:
    with pair.headquarters.unit_of_work("计分", Act.EXCHANGE) as session:
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
    assert pair.take(*reversed(files)) == ["OK", "I-STALE", "I-STALE"], "a late one still brings its attachments"
    with pair.headquarters.reading() as session:
        assert set(session.scalars(select(StoredFile.sha256))) == sums
    pair.hear(pair.answer())
    assert states(pair.branch) == [PackageState.ACKED] * 3


def test_each_side_has_its_own_verbs(pair: Pair, tmp_path: Path) -> None:
    with pytest.raises(PackageRefused, match="E-WRONG-KIND"):
        Sender(pair.headquarters).pack(pair.stick)
    with pytest.raises(PackageRefused, match="E-WRONG-KIND"):
        Sender(pair.branch).answer(None, pair.stick)
    with pytest.raises(InvalidInput):
        Sender(pair.branch).pack(pair.stick, "三季度")
    with make(tmp_path / "lonely") as lonely, pytest.raises(PackageRefused, match="E-NOT-ENROLLED"):
        Sender(lonely).pack(pair.stick)


def test_a_stick_that_fails_leaves_the_package_in_the_outbox(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.services.sync import usb

    def gone(*_: object, **__: object) -> None:
        raise StorageFailure("E-USB-GONE", file="x")

    with monkeypatch.context() as pulled:
        pulled.setattr(usb, "copy_verified", gone)
        with pytest.raises(StorageFailure, match="E-USB-GONE"):
            pair.report()
    (row,) = sent_packages(pair.branch)
    assert (row.state, row.here) == (PackageState.PREPARED, True)
    copied = Sender(pair.branch).copy(row.package_hash, pair.stick)
    assert states(pair.branch) == [PackageState.COPIED]
    assert pair.take(copied) == ["OK"]


def test_a_package_that_never_left_is_used_again_until_there_is_something_else_to_say(pair: Pair) -> None:
    sender = Sender(pair.branch)
    first = sender.pack(None)
    assert first.file.parent == pair.branch.folder / "outbox"
    assert sender.pack(None).package_hash == first.package_hash
    assert states(pair.branch) == [PackageState.PREPARED]
    add_member(pair.branch, "赵敏")
    sender.pack(None)
    assert states(pair.branch) == [PackageState.SUPERSEDED, PackageState.PREPARED]
    assert not first.file.exists()
    with pytest.raises(NotFound):
        sender.copy(first.package_hash, pair.stick)


def test_writes_that_fail_burn_no_number_and_leave_no_spare_package(pair: Pair) -> None:
    class NoRoom(FilePort):
        def free_space(self, folder: Path) -> int:
            return 1000

    for _ in range(3):
        with pytest.raises(StorageFailure, match="E-DISK-FULL"):
            Sender(pair.headquarters, NoRoom()).answer(None, pair.stick)
    (packed,) = Sender(pair.headquarters).answer(None, pair.stick)
    assert packed.seq == 1
    assert [row.state for row in sent_packages(pair.headquarters)] == [PackageState.COPIED]
    assert len(list((pair.headquarters.folder / "outbox").iterdir())) == 1
    assert Sender(pair.headquarters).answer(None, pair.stick)[0].seq == 2, "written once more, it is another"


def test_headquarters_knows_for_whom_there_is_something_new(pair: Pair) -> None:
    sender = Sender(pair.headquarters)
    assert sender.due() == {"ZK03"}
    sender.answer(None, None)
    assert sender.due() == {"ZK03"}, "built, and not written yet"
    sender.answer(None, pair.stick)
    assert sender.due() == set()
    HeadquartersService(pair.headquarters).add_remark(pair.branch.branch_id, "补签到表")
    assert sender.due() == {"ZK03"}
    sender.answer(None, pair.stick)
    assert sender.due() == set()
    pair.take(pair.report())
    assert sender.due() == {"ZK03"}, "its receipt"


def test_a_folder_that_vanishes_on_the_way_is_not_made_anew_and_everybody_without_a_package_is_named(
    pair: Pair, tmp_path: Path
) -> None:
    with make(tmp_path / "second") as second, make(tmp_path / "third") as third:
        enrol(pair.headquarters, second, "ZK04", "第四党支部", tmp_path / "files")
        enrol(pair.headquarters, third, "ZK05", "第五党支部", tmp_path / "files")
    target = tmp_path / "反馈"

    class Pulled(FilePort):
        """After the second file is in its place, the folder is gone."""

        placed = 0

        def fsync_dir(self, folder: Path) -> None:
            super().fsync_dir(folder)
            if folder == target:
                self.placed += 1
                if self.placed == 2:
                    shutil.rmtree(target)

    with pytest.raises(StorageFailure) as caught:
        Sender(pair.headquarters, Pulled()).answer(None, target)
    assert not target.exists()
    facts = caught.value.facts
    assert (facts["written"], facts["total"], facts["absent"]) == (0, 3, ["ZK03", "ZK04", "ZK05"])
    assert "写好并读回的有0个，没有写好：ZK03、ZK04、ZK05" in present(caught.value).kept
    assert set(states(pair.headquarters)) == {PackageState.PREPARED}

    made = Sender(pair.headquarters).answer(None, target)
    assert [packed.seq for packed in made] == [1, 1, 1]
    assert all(packed.file.is_file() for packed in made)


def test_what_is_gone_when_all_is_written_is_not_said_to_be_written(pair: Pair, tmp_path: Path) -> None:
    with make(tmp_path / "second") as second:
        enrol(pair.headquarters, second, "ZK04", "第四党支部", tmp_path / "files")

    class Losing(FilePort):
        """The first file is lost while the second is being written."""

        def replace(self, source: Path, target: Path) -> None:
            super().replace(source, target)
            if target.parent == pair.stick and "ZK04" in target.name:
                next(pair.stick.glob("ZK03*")).unlink()

    with pytest.raises(StorageFailure) as caught:
        Sender(pair.headquarters, Losing()).answer(None, pair.stick)
    assert (caught.value.code, caught.value.facts["absent"]) == ("E-COPY-GONE", ["ZK03"])
    named = {row.partner: row.state for row in sent_packages(pair.headquarters)}
    assert named == {"第三党支部": PackageState.PREPARED, "第四党支部": PackageState.COPIED}


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


def test_a_damaged_attachment_stops_the_package_and_is_called_by_its_own_name(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, random.Random(1).randbytes(300_000))
    (stored,) = (pair.branch.folder / "att").rglob("*.age")
    content = bytearray(stored.read_bytes())
    content[150_000] ^= 1
    stored.write_bytes(content)
    with pytest.raises(StorageFailure) as caught:
        Sender(pair.branch).pack(pair.stick)
    assert (caught.value.code, caught.value.facts["file"]) == ("E-ATT-DAMAGED", "签到表.bin")
    assert sent_packages(pair.branch) == []


def test_a_package_that_finds_no_room_on_the_way_out_stays_here_and_says_so(pair: Pair) -> None:
    class NoRoom(FilePort):
        def free_space(self, folder: Path) -> int:
            return 0

    with pytest.raises(StorageFailure) as caught:
        Sender(pair.branch, NoRoom()).pack(pair.stick)
    assert (caught.value.code, caught.value.facts["packed"]) == ("E-DISK-FULL", True)
    (row,) = sent_packages(pair.branch)
    assert (row.state, row.here) == (PackageState.PREPARED, True)
