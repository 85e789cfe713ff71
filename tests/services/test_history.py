"""What happened to a record, and what the store was used for, in words people read."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.branches import PartyGroup
from desktop.models.history import AuditEntry
from desktop.models.members import Member
from desktop.models.sampling import CheckLine, SampledRecord, SampleSheet
from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.sampling import CheckState, SampleCheck, SampleReason, SampleVerdict
from desktop.models.vocabulary.stores import StoreKind, TrailKind, Use
from desktop.services.backup import BackupService
from desktop.services.history import KINDS, FieldChange, HistoryService
from desktop.services.members import MemberService
from desktop.services.store import Store
from tests.stores import LOGIN, new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data", at="2026-11-23 06:00") as opened:
        yield opened


def uses(store: Store) -> list[str]:
    return [use.sentence for use in HistoryService(store).uses()]


@pytest.mark.parametrize("use", Use)
def test_every_use_is_shown_in_chinese_with_its_object(store: Store, use: Use) -> None:
    store.audit(use, "党员名册")
    assert uses(store)[0] == f"{use.label} 党员名册"
    assert not use.label.isascii()


def test_what_older_programs_wrote_down_by_its_label_is_still_read(store: Store) -> None:
    with store.sessions.begin() as session:
        session.add(AuditEntry(at_utc="2026-03-01T00:30:00Z", actor="王芳", action="查看身份证号", detail="张三"))
    row = HistoryService(store).uses()[0]
    assert (row.sentence, row.actor) == ("查看身份证号 张三", "王芳")


def test_a_use_is_dated_on_the_calendar_of_the_reader(store: Store) -> None:
    store.audit(Use.EXPORT)
    assert HistoryService(store).uses()[0].at.date() == date(2026, 11, 23)


def test_the_trail_holds_uses_and_changes_by_who_did_them_each_act_once(store: Store) -> None:
    with store.unit_of_work("设立党小组") as session:
        session.add_all(PartyGroup(branch_id=store.branch_id, name=name) for name in ("一组", "二组"))
    store.audit(Use.EXPORT, "党员名册，3行")
    lines = [(line.actor, line.kind, line.sentence) for line in HistoryService(store).trail()]
    assert lines.count((LOGIN, TrailKind.RECORDS, "设立党小组")) == 1
    assert (LOGIN, TrailKind.OUTPUT, "导出表格 党员名册，3行") in lines
    assert HistoryService(store).trail(date(2026, 11, 24)) == []
    of_today = HistoryService(store).trail(date(2026, 11, 23))
    assert {line.at.date() for line in of_today} == {date(2026, 11, 23)}
    assert [line.sentence for line in of_today] == [words for _actor, _kind, words in lines[: len(of_today)]]


def test_a_backup_by_hand_and_one_to_a_file_leave_a_trace_the_daily_one_does_not(store: Store, tmp_path: Path) -> None:
    before = uses(store)
    BackupService(store).backup_if_due()
    assert uses(store) == before
    BackupService(store).backup()
    made = BackupService(store).to_file(tmp_path)
    assert uses(store) == [f"{Use.BACKUP_FILE.label} {made.name}", Use.BACKUP.label, *before]


def test_a_record_tells_its_changes_by_the_labels_it_is_asked_for(store: Store) -> None:
    with store.unit_of_work("设立党小组“一组”") as session:
        session.add(group := PartyGroup(branch_id=store.branch_id, name="一组"))
    with store.unit_of_work("修改党小组“一组”") as session:
        session.scalars(select(PartyGroup)).one().name = "第一党小组"
    changed, made = HistoryService(store).of(PartyGroup.__tablename__, group.id, {"name": "名称"})
    assert (changed.sentence, changed.actor) == ("修改党小组“一组”", LOGIN)
    assert changed.fields == (FieldChange("名称", "一组", "第一党小组"),)
    assert made.fields == (FieldChange("名称", "", "一组"),)


def test_a_title_with_quotation_marks_stands_in_others_in_a_line_of_history(store: Store) -> None:
    with store.unit_of_work("设立党小组“学“二十大”小组”") as session:
        session.add(group := PartyGroup(branch_id=store.branch_id, name="学“二十大”小组"))
    (made,) = HistoryService(store).of(PartyGroup.__tablename__, group.id, {"name": "名称"})
    assert made.sentence == "设立党小组“学‘二十大’小组”"
    assert made.fields == (FieldChange("名称", "", "学“二十大”小组"),), "what was typed stays as it was"


def test_a_new_store_of_headquarters_starts_its_trail_with_the_first_log_in(tmp_path: Path) -> None:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        assert set(uses(store)) == {Use.LOG_IN.label}


def test_every_use_has_its_kind_in_the_trail() -> None:
    assert set(KINDS) == set(Use)


def test_an_id_number_is_masked_in_every_history(store: Store) -> None:
    members = MemberService(store)
    member_id = members.register({"name": "高红卫", "id_no": "412723198411206933", "admitted_on": "2005-7-1"})
    (change,) = HistoryService(store).of("members", member_id, {"id_no": "身份证号"})
    assert change.fields == (FieldChange("身份证号", "", "4127************33"),)


def test_choices_lines_and_yes_or_no_are_told_in_words(store: Store) -> None:
    look = CheckLine(SampleCheck.SIGN_IN, CheckState.WRONG, "一人代签")
    day = date(2026, 9, 1)
    with store.unit_of_work("抽查") as session:
        sheet = SampleSheet(branch_id=store.branch_id, period="2026Q3", seed="1", drawn_on=day, population=1)
        session.add(sheet)
        session.flush()
        drawn = SampledRecord(branch_id=store.branch_id, sheet_id=sheet.id, position=1, of_kind="talk", of_id="t",
                              of_day=day, title="谈话", item_id="D4-08", number="1", reason=SampleReason.RANDOM,
                              verdict=SampleVerdict.FABRICATED, checks=(look,))  # fmt: skip
        session.add(drawn)
    (told,) = HistoryService(store).of("sampled_records", drawn.id, {"verdict": "认定", "checks": "核对"})
    assert {change.label: change.after for change in told.fields} == {
        "认定": "不实",
        "核对": "签到原件，不符，一人代签",
    }
    member_id = MemberService(store).register({"name": "高红卫", "admitted_on": "2005-7-1"})
    with store.unit_of_work("延长") as session:
        member = session.get_one(Member, member_id)
        member.extended_once, member.status = True, MemberStatus.SUSPENDED
    told, _made = HistoryService(store).of("members", member_id, {"status": "状态", "extended_once": "延长过预备期"})
    assert set(told.fields) == {FieldChange("状态", "在册", MemberStatus.SUSPENDED.label),
                                FieldChange("延长过预备期", "否", "是")}  # fmt: skip
