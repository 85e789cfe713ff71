"""Rows on their way: what stays here, what is not believed, what an older program wrote."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from desktop.messages import present
from desktop.models import schema
from desktop.models.attachments import Attachment
from desktop.models.base import Travel, new_id
from desktop.models.duties import Talk
from desktop.models.meetings import Attendance, Meeting
from desktop.models.members import Member
from desktop.models.venues import AssetCheck, Venue
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.meetings import TalkKind
from desktop.models.vocabulary.stores import PackageState
from desktop.services.attachments import AttachmentService
from desktop.services.errors import PackageRefused
from desktop.services.files import FilePort
from desktop.services.sync import rows
from desktop.services.sync.boxes import Boxes
from desktop.services.sync.package_header import Header
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.sense import travelling
from desktop.services.sync.sent import sent_packages
from tests.services.sync.pairs import QUIET, Pair, add_member, attach, states
from tests.services.sync.parties import dump, enrol, make

TALKER, TALKEE = new_id(), new_id()


def test_what_lies_in_the_recycle_bin_stays_with_all_that_hangs_on_it(pair: Pair, tmp_path: Path) -> None:
    (tmp_path / "照片.jpg").write_bytes(b"photo")
    with pair.branch.reading() as session:
        meeting = session.scalars(select(Meeting.id)).one()
    AttachmentService(pair.branch).attach("meetings", meeting, tmp_path / "照片.jpg")
    with pair.branch.unit_of_work("删除会议") as session:
        session.get_one(Meeting, meeting).deleted_at_utc = "2026-03-02T00:00:00Z"
    packed = Sender(pair.branch).pack(pair.stick)
    assert packed.attachments == 0
    assert pair.take(packed.file) == ["OK"]
    with pair.headquarters.reading() as session:
        assert session.scalar(select(func.count(Attachment.id))) == 0
        assert session.scalar(select(func.count(Meeting.id))) == 0
        assert session.scalar(select(func.count(Attendance.id))) == 0


def test_one_query_of_a_table_reads_the_rows_of_every_branch(pair: Pair) -> None:
    with pair.branch.reading() as session:
        owned = list(rows.outgoing(session, Travel.UP, pair.branch.org))
        built = rows._query.cache_info().misses
        assert list(rows.outgoing(session, Travel.UP, pair.branch.org)) == owned
        assert list(rows.outgoing(session, Travel.UP, new_id())) == [row for row in owned if "branch_id" not in row[1]]
        assert rows._query.cache_info().misses == built


def test_texts_of_restricted_talks_never_leave(pair: Pair, tmp_path: Path) -> None:
    texts = {
        "points": "机密一",
        "answer": "机密二",
        "note": "机密三",
        "follow_up": "机密四",
        "place": "机密五",
        "trigger": "机密六",
    }
    due = date(2026, 3, 9)
    with pair.branch.unit_of_work("谈话") as session:
        for kind in (TalkKind.ADMONITION, TalkKind.HEART_TALK):
            session.add(
                Talk(
                    branch_id=pair.branch.branch_id,
                    event_on=date(2026, 3, 1),
                    title=f"与某人的{kind.label}",
                    kind=kind,
                    talker_id=TALKER,
                    talkee_id=TALKEE,
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
        assert (hidden.title, hidden.talkee_id, hidden.event_on) == ("诫勉谈话", TALKEE, date(2026, 3, 1))
        assert not any(getattr(hidden, name) for name in (*texts, "follow_up_due"))
        open_talk = session.scalars(select(Talk).where(Talk.kind == TalkKind.HEART_TALK)).one()
        assert (open_talk.points, open_talk.follow_up_due) == ("机密一", due)
        assert session.scalar(select(func.count(Attachment.id))) == 0


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
    "unknown table": (lambda taken: taken.append(("settings", {"id": "1"})), "数据表“settings”不认识"),
    "table of headquarters": (
        lambda taken: taken.append(("remarks", {"id": "1"})),
        "（总部意见）不合规：不该在这个方向上来",
    ),
    "unknown column": (lambda taken: of(taken, "members").update(extra=1), "不认识的字段"),
    "missing column": (lambda taken: of(taken, "members").pop("name"), "缺少“姓名”"),
    "day before all days": (
        lambda taken: of(taken, "members").update(left_on="0001-01-01"),
        "“离开本支部日期”须在1900年",
    ),
    "no name": (lambda taken: of(taken, "members").update(name=""), "“姓名”没有姓名"),
    "no person's name": (lambda taken: of(taken, "members").update(name="张三1"), "姓名中有数字"),
    "no ID number": (lambda taken: of(taken, "members").update(id_no="11010519491231002Y"), "身份证号"),
    "unknown code": (lambda taken: of(taken, "members").update(ethnic="99"), "民族"),
    "admitted before born": (
        lambda taken: of(taken, "members").update(born_on="1990-01-01", admitted_on="1980-01-01"),
        "入党时间早于出生日期",
    ),
    "born tomorrow": (lambda taken: of(taken, "members").update(born_on="2027-01-01"), "出生日期在今天之后"),
    "held tomorrow": (lambda taken: of(taken, "meetings").update(held_on="2027-01-01"), "还没有到这一天"),
    "ended before it began": (
        lambda taken: of(taken, "meetings").update(started_at="10:00", ended_at="09:00"),
        "结束时间不晚于开始时间",
    ),
    "year of another age": (lambda taken: of(taken, "meetings").update(for_year=1 << 62), "“计入年度”须在1900至2099"),
    "id that is none": (lambda taken: of(taken, "venue").update(id="1"), "“编号”不是编号"),
    "register's text too long": (lambda taken: of(taken, "venue").update(title="长" * 201), "“名称”超过200字"),
    "register's number": (lambda taken: of(taken, "venue").update(seats=-1), "“可容纳人数”须在0至1000000之间"),
    "register's needed field": (lambda taken: of(taken, "venue").update(title=""), "“名称”不能为空"),
    "register's own check": (
        lambda taken: of(taken, "asset_check").update(counted=1, missing=2),
        "缺少件数多于清点件数",
    ),
    "register's day ahead": (lambda taken: of(taken, "asset_check").update(event_on="2027-01-01"), "还没有到这一天"),
    "points to another kind": (
        lambda taken: of(taken, "venue").update(admin_id=of(taken, "asset_check")["id"]),
        "“管理人”指向别的一类记录",
    ),
    "no file name": (lambda taken: of(taken, "attachments").update(name="../../etc/cron.d/x"), "“文件名”不能作文件名"),
    "no size": (lambda taken: of(taken, "attachments").update(size_bytes=-5), "“大小”须在"),
    "no moment": (lambda taken: of(taken, "members").update(created_at_utc=""), "“录入时间”不是时间"),
    "number for text": (lambda taken: of(taken, "members").update(name=5), "类型不对"),
    "empty": (lambda taken: of(taken, "members").update(name=None), "不能为空"),
    "too long": (lambda taken: of(taken, "members").update(name="长" * 1000), "超过"),
    "not in the list": (lambda taken: of(taken, "members").update(status="king"), "可选范围"),
    "no date": (lambda taken: of(taken, "meetings").update(held_on="2026-02-30"), "不是日期"),
    "other spelling of a date": (lambda taken: of(taken, "meetings").update(held_on="20260210"), "不是日期"),
    "no integer": (lambda taken: of(taken, "meetings").update(for_year=True), "不是整数"),
    "huge integer": (lambda taken: of(taken, "meetings").update(for_year=1 << 70), "须在1900"),
    "wrong lines": (lambda taken: of(taken, "meetings").update(agenda=[{"title": "x"}]), "内容不符"),
    "wrong list": (lambda taken: of(taken, "meetings").update(tags=[1]), "类型不对"),
    "no such reference": (lambda taken: of(taken, "attendances").update(member_id="nobody"), "“党员”不是编号"),
    "no such member": (lambda taken: of(taken, "attendances").update(member_id=new_id()), "“党员”指向不存在的记录"),
    "id twice": (lambda taken: taken.append(("members", dict(of(taken, "members")))), "重复"),
    "someone else's profile": (lambda taken: of(taken, "branches").update(id=new_id()), "支部概况"),
    "no profile": (lambda taken: taken.remove(("branches", of(taken, "branches"))), "支部概况"),
    "two alike": (
        lambda taken: taken.append(("attendances", {**of(taken, "attendances"), "id": new_id()})),
        "重复的记录",
    ),
}


def test_rows_that_nobody_could_have_typed_are_refused_in_the_words_of_their_page(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, b"content")
    branch_id = pair.branch.branch_id
    with pair.branch.unit_of_work("台账") as session:
        session.add(Venue(branch_id=branch_id, title="活动室"))
        session.add(AssetCheck(branch_id=branch_id, title="清点", event_on=date(2026, 3, 1), counted=3))
    with pair.branch.reading() as session:
        sound = list(rows.outgoing(session, Travel.UP, branch_id))
    for kind, (change, reason) in BAD.items():
        taken = deepcopy(sound)
        change(taken)
        incoming = [(line, table, row) for line, (table, row) in enumerate(taken, start=1)]
        with pair.headquarters.sessions() as session, pytest.raises(PackageRefused) as refusal:
            rows.replace_rows(session, Travel.UP, branch_id, incoming, pair.headquarters.today)
        assert refusal.value.code == "E-PKG-CONTENT", kind
        assert reason in present(refusal.value).title, kind


def test_rows_that_do_not_fit_refuse_the_whole_package(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, b"content")
    before = dump(pair.headquarters, QUIET)
    kinds = ("unknown table", "day before all days", "no such member", "two alike")
    for kind in kinds:
        change, reason = BAD[kind]
        (result,) = Receiver(pair.headquarters).receive([forged(pair, change)])
        assert result.code == "E-PKG-CONTENT", kind
        assert reason in result.message, kind
        assert dump(pair.headquarters, QUIET) == before, kind
    pair.hear(pair.answer())
    assert states(pair.branch) == [PackageState.REJECTED] * len(kinds)
    assert pair.take(pair.report()) == ["OK"], "the next sound package heals it"


def test_a_row_the_other_side_would_refuse_is_named_before_anything_is_sent(pair: Pair) -> None:
    someone = add_member(pair.branch, "李静")
    with pair.branch.unit_of_work("旧程序") as session:
        session.get_one(Member, someone).left_on = date(1, 1, 1)
    with pytest.raises(PackageRefused) as refusal:
        pair.report()
    assert present(refusal.value).title == "党员“李静”不合规：“离开本支部日期”须在1900年至2099年之间。"
    assert sent_packages(pair.branch) == [], "no number is spent on it"
    with pair.branch.unit_of_work("更正") as session:
        session.get_one(Member, someone).left_on = None
    assert pair.take(pair.report()) == ["OK"]


def test_whatever_travels_has_words_for_table_and_field() -> None:
    for way in (Travel.UP, Travel.DOWN):
        for name, carried in travelling(way).items():
            assert carried.label, name
            for column in carried.takes:
                assert carried.named(column).label != column, f"{name}.{column}"


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


def _came_in(pair: Pair) -> dict[str, dict[str, int]]:
    """Return by table where in the database of headquarters each row of the branch lies."""
    with pair.headquarters.reading() as session:
        return {
            name: dict(session.execute(text(f"SELECT id, rowid FROM {name}")).all())
            for name in ("members", "meetings", "attendances", "venue")
        }


@pytest.mark.parametrize("held", [rows._HELD, 0], ids=["few", "many"])
def test_of_what_comes_in_again_only_what_differs_is_written(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(rows, "_HELD", held)
    with pair.branch.unit_of_work("证号", Act.EXCHANGE) as session:
        gone = Member(**{**_person(pair), "name": "将离开", "id_no": "11010519491231002X"})
        session.add(gone)
    pair.take(pair.report())
    before = _came_in(pair)
    with pair.branch.unit_of_work("以后", Act.EXCHANGE) as session:
        session.delete(session.get_one(Member, gone.id))
        session.flush()
        session.add(Member(**{**_person(pair), "name": "后来的", "id_no": "11010519491231002X"}))
        session.scalars(select(Meeting)).one().topic = "改了议题"
    (result,) = Receiver(pair.headquarters).receive([pair.report()])
    changes = result.changes
    assert (changes.added, changes.changed, changes.removed) == ({"members": 1}, {"meetings": 1}, {"members": 1})
    after = _came_in(pair)
    with pair.branch.reading() as session, pair.headquarters.reading() as there:
        assert set(there.scalars(select(Member.name))) == set(session.scalars(select(Member.name)))
        assert there.scalars(select(Meeting.topic)).one() == "改了议题"
        assert set(there.scalars(select(Attendance.id))) == set(session.scalars(select(Attendance.id)))
        assert there.execute(text("PRAGMA foreign_key_check")).all() == []
    assert after["attendances"].keys() == before["attendances"].keys(), "they go with a meeting, and come again with it"
    if held:
        assert after["venue"] == before["venue"]
        stays = before["members"].keys() & after["members"].keys()
        assert {row: after["members"][row] for row in stays} == {row: before["members"][row] for row in stays}


def _person(pair: Pair) -> dict[str, Any]:
    return {
        "branch_id": pair.branch.branch_id,
        "category": MemberCategory.FULL_MEMBER,
        "status": MemberStatus.FULL_MEMBER,
    }


def test_rows_of_an_older_program_go_through_the_migrations(pair: Pair, tmp_path: Path) -> None:
    with pair.branch.reading() as session:
        was = list(rows.outgoing(session, Travel.UP, pair.branch.branch_id))
    numbered = [(line, table, row) for line, (table, row) in enumerate(was, start=1)]
    became = list(rows.through_migrations(numbered, schema.HEAD, Travel.UP, tmp_path))
    assert [(table, row) for _, table, row in became] == was
    assert not list(tmp_path.glob("*.part*"))
    with pytest.raises(PackageRefused, match="E-PKG-CONTENT"):
        list(rows.through_migrations([(1, "members", {"nothing": 1})], schema.HEAD, Travel.UP, tmp_path))
    assert not list(tmp_path.glob("*.part*"))


def test_a_disk_that_keeps_the_database_of_an_upgrade_is_no_refusal_and_the_inbox_is_cleared_of_it(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pair.branch.reading() as session:
        sound = list(rows.outgoing(session, Travel.UP, pair.branch.branch_id))
    numbered = [(line, table, row) for line, (table, row) in enumerate(sound, start=1)]

    def refused(path: Path, missing_ok: bool = False) -> None:
        raise OSError(30, "Read-only file system", str(path))

    inbox = pair.headquarters.folder / "inbox"
    with monkeypatch.context() as disk:
        disk.setattr(Path, "unlink", refused)
        assert len(list(rows.through_migrations(numbered, schema.HEAD, Travel.UP, inbox))) == len(sound)
    assert list(inbox.iterdir())
    Boxes(pair.headquarters.folder, FilePort()).clear_inbox()
    assert list(inbox.iterdir()) == []
