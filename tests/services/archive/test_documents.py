"""Single papers: minutes, sign-in tables, roster, registers, score report, lists."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.models.meetings import Meeting
from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.archive.blocks import Written
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.service import ArchiveService
from desktop.services.errors import NotFound
from desktop.services.improvement.from_race import take_result
from desktop.services.improvement.service import ImprovementService
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.archive.branch import SECRET_WORDS, branch_at_work
from tests.services.archive.checker import check, text_of
from tests.services.archive.conftest import ON
from tests.services.improvement.plans import fill, receive
from tests.stores import new_store


def meeting_of(store: Store, kind: MeetingKind) -> str:
    with store.reading() as session:
        found = session.scalars(select(Meeting.id).where(Meeting.kind == kind).order_by(Meeting.held_on)).first()
    assert found is not None
    return found


@pytest.mark.parametrize("kind", list(MeetingKind)[:5], ids=str)
def test_minutes_carry_everything_that_was_recorded(branch: Store, tmp_path: Path, kind: MeetingKind) -> None:
    path = tmp_path / "minutes.pdf"
    DocumentService(branch).minutes(meeting_of(branch, kind), path)
    check(path)
    text = text_of(path)
    for words in (
        "2026年1月",
        "15:00—16:20",
        "党员活动室",
        "主持人高红卫",
        "记录人杨秀英",
        "应到",
        "实到：",
        "请假：",
        "出差，已于2026年1月28日补课",
        "传达学习上级文件",
        "按分工抓好落实，每月报告一次。",
        "王新民：会议传达学习了上级文件精神",
        "同意以上安排，由组织委员督办。",
        "整理走访问题清单",
        "已汇总9条",
        "提前三天发出通知和议题。",
        "主持人签字：",
    ):
        assert words in text
    assert ("已走访零售客户12户。" in text) == (kind is MeetingKind.THEME_DAY)


def test_minutes_say_what_the_numbers_of_a_vote_mean_and_by_which_clause(branch: Store, tmp_path: Path) -> None:
    path = tmp_path / "congress.pdf"
    DocumentService(branch).minutes(meeting_of(branch, MeetingKind.BRANCH_CONGRESS), path)
    text = text_of(path)
    assert "接收王某为预备党员（接收预备党员，无记名投票）" in text
    assert "应到会有表决权28人，实到27人，须应到会人数的过半数，即至少15人：有效。" in text
    assert "赞成27人，须应到会人数的过半数，即至少15人：通过。" in text
    assert "依据《中国共产党发展党员工作细则" in text
    assert "2026年1月27日更正：记录人应为谢雪莲。（更正原因：笔误）" in text


def test_a_sign_in_table_names_everyone_expected_and_nobody_as_present(branch: Store, tmp_path: Path) -> None:
    path = tmp_path / "blank.pdf"
    DocumentService(branch).sign_in(meeting_of(branch, MeetingKind.BRANCH_CONGRESS), path)
    check(path)
    text = text_of(path)
    assert "签名" in text
    assert "高红卫" in text
    assert "实到" not in text


def test_a_meeting_that_is_not_there_is_not_found(branch: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        DocumentService(branch).minutes("0" * 36, tmp_path / "none.pdf")


def test_the_roster_masks_id_numbers(branch: Store, tmp_path: Path) -> None:
    path = tmp_path / "roster.pdf"
    DocumentService(branch).roster(path, ON)
    check(path)
    text = text_of(path)
    assert "4127************39" in text
    assert "412723198411204639" not in text
    assert "其中有表决权的29人" in text


@pytest.mark.parametrize("kind", list(REGISTERS))
def test_every_register_prints_from_its_declaration(branch: Store, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "register.pdf"
    DocumentService(branch).register(kind, path, 2026)
    text = text_of(path)
    assert REGISTERS[kind].title in text
    assert SECRET_WORDS not in text


def test_a_register_shows_its_rows_and_says_what_it_withholds(branch: Store, tmp_path: Path) -> None:
    path = tmp_path / "register.pdf"
    DocumentService(branch).register("volunteer_activity", path, 2026)
    check(path)
    assert text_of(path).index("1月协助烟农育苗") < text_of(path).index("3月协助烟农育苗")
    DocumentService(branch).register("talk", path, 2026)
    check(path)
    assert "谈心谈话一次" in text_of(path)
    assert "另有1条属内部掌握的记录，不在此打印。" in text_of(path)


def test_the_score_report_shows_every_item_and_the_gaps(branch: Store, tmp_path: Path) -> None:
    path = tmp_path / "score.pdf"
    DocumentService(branch).score_report(path, ON, 2026)
    check(path)
    text = text_of(path)
    for words in (
        "一、各维度得分",
        "D4-10议事表决规范",
        "三、缺项清单",
        "可以补齐的",
        "登记本届支委会的选举日期和任期",
        "自评得分率待评",  # nobody judged quality: by traces alone there is no rate, here as in the window
    ):
        assert words in text


@pytest.mark.parametrize("columns", [3, 9])
def test_any_list_prints_as_it_is_shown(branch: Store, tmp_path: Path, columns: int) -> None:
    path = tmp_path / "list.pdf"
    heads = [f"列{index}" for index in range(columns)]
    written: Callable[..., Written] = DocumentService(branch).table
    written("迎检补缺分工表", heads, [[f"第{row}行第{index}格" for index in range(columns)] for row in range(80)], path)
    check(path)
    assert "第79行第0格" in text_of(path)


def test_an_improvement_plan_prints_and_is_evidence_of_its_item(tmp_path: Path) -> None:
    with branch_at_work(tmp_path, months=1) as store:
        receive(store, "middle")
        taken = take_result(store)
        assert taken.plan_id is not None
        fill(ImprovementService(store), taken.plan_id, "P")
        path = tmp_path / "plan.pdf"
        DocumentService(store).plan(taken.plan_id, path)
        check(path)
        assert "里程碑已写明" in text_of(path)
        assert "到先进支部观摩1次" in text_of(path)
        built = ArchiveService(store).build(2026, tmp_path / "档案", date(2026, 12, 31))
    volume = built.dir / "05-D5-工作载体搭建.pdf"
    check(volume)
    assert "2026-D5-06-001" in text_of(volume)
    assert "到先进支部观摩1次" in text_of(volume)


def test_the_same_minutes_come_out_the_same_twice(branch: Store, tmp_path: Path) -> None:
    meeting = meeting_of(branch, MeetingKind.THEME_DAY)
    first = DocumentService(branch).minutes(meeting, tmp_path / "a.pdf")
    second = DocumentService(branch).minutes(meeting, tmp_path / "b.pdf")
    assert first.sha256 == second.sha256
    assert date(2026, 1, 15).isoformat() not in text_of(tmp_path / "a.pdf")


def test_a_talk_is_printed_to_be_signed_and_what_nobody_signs_without_a_place_for_it(tmp_path: Path) -> None:
    with new_store(tmp_path / "data") as store:
        service, registers, members = DocumentService(store), RegisterService(store), MemberService(store)
        first, second = (
            members.register({"name": name, "admitted_on": "2010-07-01", "full_on": "2011-07-01"})
            for name in ("赵一", "钱二")
        )
        values = {"event_on": "2026-03-05", "title": "岗位变动谈心", "talker_id": first, "talkee_id": second}
        talk = registers.save("talk", {**values, "trigger": "调到专卖科", "answer": "服从安排"})
        assert service.record("talk", talk, tmp_path / "谈话.pdf").pages == 1
        words = text_of(tmp_path / "谈话.pdf")
        for expected in ("谈话记录", "赵一", "调到专卖科", "服从安排", "谈话对象：", "记录人："):
            assert expected in words
        check_id = registers.save("security_check", {"event_on": "2026-03-05", "title": "自查", "finding": "好"})
        assert service.record("security_check", check_id, tmp_path / "自查.pdf").pages == 1
        assert "签字" not in text_of(tmp_path / "自查.pdf")
        made_public = registers.save(
            "party_affairs_publicity", {"event_on": "2026-03-05", "title": "党费公开", "matter": "一季度党费"}
        )
        service.record("party_affairs_publicity", made_public, tmp_path / "公开.pdf")
        words = text_of(tmp_path / "公开.pdf")
        assert "党务公开审批表" in words
        assert all(f"{who}：" in words for who in ("提出人", "审核人", "审批人"))
