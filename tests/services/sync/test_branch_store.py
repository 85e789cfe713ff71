"""A branch read at headquarters: its own services over what it sent, nothing of others, nothing written."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from desktop.models.attachments import Attachment, StoredFile
from desktop.models.base import Base, Travel
from desktop.models.branches import Branch
from desktop.models.history import SettingName
from desktop.models.members import Member
from desktop.models.sync import SentContent
from desktop.models.users import User
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.rights import Rights
from desktop.services.attachments import AttachmentService
from desktop.services.data_key import change_data_key
from desktop.services.errors import NotFound, OnlyLooked
from desktop.services.headquarters import HeadquartersService
from desktop.services.history import HistoryService
from desktop.services.improvement.remarks import RemarkService
from desktop.services.meetings.service import MeetingService
from desktop.services.members.service import MemberService
from desktop.services.opening import open_store
from desktop.services.search.service import SearchService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.sync.branch_store import BranchStore, branch_store, note_reading
from tests.services.sync.pairs import Pair, add_member, attach
from tests.stores import LOGIN, PASSWORD, clock_at


@pytest.fixture(scope="module")
def sent(enrolled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a headquarters that took in what its branch sent, beside rows of another branch, and of the branch."""
    folder = tmp_path_factory.mktemp("sent")
    with opened(enrolled, folder) as pair:
        attach(pair.branch, folder, b"signed", "签到表.bin")
        assert pair.take(pair.report("2026Q1")) == ["OK"]
        stranger(pair.headquarters)
    return folder


@pytest.fixture(scope="module")
def looked(sent: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both sides, for tests that change neither."""
    with opened(sent, tmp_path_factory.mktemp("looked")) as pair:
        yield pair


@pytest.fixture
def both(sent: Path, tmp_path: Path) -> Iterator[Pair]:
    """Both sides, to work in."""
    with opened(sent, tmp_path) as pair:
        yield pair


@contextlib.contextmanager
def opened(source: Path, folder: Path) -> Iterator[Pair]:
    """Open copies of a headquarters and its branch."""
    for name in ("hq", "branch"):
        shutil.copytree(source / name, folder / name)
    (folder / "stick").mkdir()
    clock = clock_at("2026-03-02 09:00")
    with (
        open_store(folder / "hq", PASSWORD, LOGIN, clock=clock) as headquarters,
        open_store(folder / "branch", PASSWORD, LOGIN, clock=clock) as branch,
    ):
        yield Pair(headquarters, branch, folder / "stick")


@pytest.fixture
def read(looked: Pair) -> Iterator[BranchStore]:
    """The branch as headquarters reads it."""
    with branch_store(looked.headquarters, "ZK03") as store:
        yield store


def stranger(headquarters: Store) -> None:
    """Put a member of another branch beside those of ours."""
    with headquarters.unit_of_work("收包", Act.EXCHANGE) as session:
        session.add(Branch(id="b" * 36, branch_id="b" * 36, code="ZK99", name="别的支部"))
        mate = session.scalars(select(Member)).first()
        assert mate is not None
        session.add(Member(branch_id="b" * 36, name="王芳", category=mate.category, status=mate.status))


def test_its_services_say_what_they_say_in_the_branch(looked: Pair, read: BranchStore) -> None:
    assert read.kind is StoreKind.BRANCH
    assert not read.is_headquarters
    assert read.branch_id == looked.branch.branch_id
    assert read.setting(SettingName.NAME) == "第三党支部"
    assert (read.shown.code, read.shown.seq, read.shown.period) == ("ZK03", 1, "2026Q1")
    assert [row.name for row in MemberService(read).roster()] == [
        row.name for row in MemberService(looked.branch).roster()
    ]
    meetings = MeetingService(read).meetings(2026)
    assert meetings == MeetingService(looked.branch).meetings(2026)
    assert MeetingService(read).detail(meetings[0].id) == MeetingService(looked.branch).detail(meetings[0].id)
    assert StandardService(read).score() == StandardService(looked.branch).score()


def test_every_table_shows_the_rows_of_that_branch_alone(read: BranchStore) -> None:
    with read.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0
        assert session.scalars(select(Branch.name)).all() == ["第三党支部"]
        for mapper in Base.registry.mappers:
            table = mapper.class_.__table__
            if "branch_id" in table.c:
                owners = set(session.scalars(select(table.c.branch_id)))
                assert owners <= {read.branch_id}, table.name
                assert not owners or mapper.class_.__travels__ is not Travel.NEVER, table.name


def test_attachments_open_as_far_as_the_branch_sent_them_itself(both: Pair) -> None:
    read = branch_store(both.headquarters, "ZK03")
    (paper,) = AttachmentService(read).list("branches", read.branch_id)
    assert AttachmentService(read).read(paper.id) == b"signed"
    with both.headquarters.unit_of_work("忘记", Act.EXCHANGE) as session:
        for sent in session.scalars(select(SentContent)):
            session.delete(sent)
    with read.reading() as session:
        assert session.scalars(select(StoredFile)).all() == []
        assert len(session.scalars(select(Attachment)).all()) == 1
    assert [row.here for row in AttachmentService(read).list("branches", read.branch_id)] == [False]


def test_nothing_is_written_by_whatever_way(read: BranchStore) -> None:
    refusals = (
        lambda: read.unit_of_work("改").__enter__(),
        lambda: read.unit_of_work("改", Act.EXCHANGE).__enter__(),
        lambda: read.upkeep().__enter__(),
        lambda: read.set_setting(SettingName.NAME, "别名"),
        read.bare,
    )
    for write in refusals:
        with pytest.raises(OnlyLooked):
            write()
    with read.sessions() as session, pytest.raises(OperationalError):
        session.execute(delete(Member))


def test_rights_are_those_of_headquarters_to_look_and_to_export(
    looked: Pair, read: BranchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read.rights.looks_only
    assert read.rights.acts == {Act.EXPORT, Act.RESTRICTED}
    monkeypatch.setattr(looked.headquarters, "rights", Rights())
    with branch_store(looked.headquarters, read.branch_id) as plain:
        assert plain.rights.acts == frozenset()


def test_the_trail_of_headquarters_says_which_branch_was_opened(both: Pair) -> None:
    read = branch_store(both.headquarters, "ZK03")
    note_reading(read)
    assert HistoryService(both.headquarters).uses()[0].sentence == "查看支部数据 ZK03"


def test_what_comes_later_is_seen_at_once(both: Pair) -> None:
    read = branch_store(both.headquarters, "ZK03")
    add_member(both.branch, "后来者")
    assert both.take(both.report()) == ["OK"]
    assert "后来者" in [row.name for row in MemberService(read).roster()]


def test_remarks_and_their_answers_are_there(both: Pair) -> None:
    read = branch_store(both.headquarters, "ZK03")
    HeadquartersService(both.headquarters).add_remark(read.branch_id, "补会议记录")
    assert [row.text for row in RemarkService(read).remarks()] == ["补会议记录"]


def test_search_finds_what_the_branch_has_and_counts_nothing_of_others(looked: Pair, read: BranchStore) -> None:
    SearchService(read).refresh()
    assert SearchService(looked.headquarters).find("王芳").total == 2
    assert SearchService(read).find("王芳").total == 1


def test_it_goes_on_with_a_new_data_key_and_ends_with_headquarters(both: Pair) -> None:
    read = branch_store(both.headquarters, "ZK03")
    change_data_key(both.headquarters, {LOGIN: PASSWORD})
    assert len(MemberService(read).roster()) == 3
    both.headquarters.close()
    assert read.key == b""
    assert both.headquarters.lent == []


def test_a_branch_that_sent_nothing_cannot_be_read(pair: Pair) -> None:
    for code in ("ZK03", "ZK99"):
        with pytest.raises(NotFound):
            branch_store(pair.headquarters, code)
