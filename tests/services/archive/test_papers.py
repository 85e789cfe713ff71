"""What is printed of a meeting: loaded from the store, or made of a draft that is still being typed."""

from datetime import date
from pathlib import Path

import pytest

from desktop.models.meetings import Observer
from desktop.models.vocabulary.meetings import MakeUpWay, MeetingKind
from desktop.services.archive.binding import bind
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.papers import load_names, of_draft
from desktop.services.archive.service import ArchiveService
from desktop.services.meetings import (
    Absence,
    ActionDraft,
    AgendaItem,
    MeetingDraft,
    MeetingService,
    Speech,
    VoteDraft,
)
from desktop.services.meetings.votes import vote_kinds
from desktop.services.members import MemberService
from desktop.services.spreadsheets.identity import check_mark
from tests.services.archive.checker import text_of
from tests.services.meetings.people import people
from tests.stores import new_store

HELD_ON = date(2026, 11, 7)


@pytest.mark.parametrize("typed", ["2026-11-23 06:00", "2026-11-23 23:59"])
def test_a_meeting_typed_before_breakfast_is_as_late_on_paper_as_in_the_list(tmp_path: Path, typed: str) -> None:
    with new_store(tmp_path / "store", at=typed) as store:
        people(store)
        meeting_id = MeetingService(store).record(MeetingDraft(MeetingKind.COMMITTEE_MEETING, HELD_ON, topic="补录"))
        row = MeetingService(store).detail(meeting_id).row
        assert (row.created_on, row.late) == (date(2026, 11, 23), True)
        binding = bind(store, 2026, store.today)
        assert binding.papers[meeting_id].entered_on == row.created_on
        (piece,) = (piece for piece in binding.pieces.values() if piece.used.id == meeting_id)
        assert binding.is_late(piece)
        built = ArchiveService(store).build(2026, tmp_path / "档案")
    assert "补录：会后16天录入（2026年11月23日）。" in text_of(built.dir / "04-D4-党的组织生活.pdf")


def test_a_meeting_of_before_the_branch_recorded_here_is_late_on_no_paper_and_told_as_what_it_is(
    tmp_path: Path,
) -> None:
    with new_store(tmp_path / "store", at="2026-11-23 09:00") as store:
        people(store)
        draft = MeetingDraft(MeetingKind.COMMITTEE_MEETING, date(2025, 12, 20), topic="以前的会", for_year=2025)
        meeting_id = MeetingService(store).record(draft)
        row = MeetingService(store).detail(meeting_id).row
        binding = bind(store, 2025, store.today)
        (piece,) = (piece for piece in binding.pieces.values() if piece.used.id == meeting_id)
        assert (row.late, row.before_records, binding.is_late(piece)) == (False, True, False)
        built = ArchiveService(store).build(2025, tmp_path / "档案")
    words = text_of(built.dir / "04-D4-党的组织生活.pdf")
    assert "启用本系统前的会议，2026年11月23日录入。" in words
    assert "补录：" not in words


def typed(ids: dict[str, str]) -> MeetingDraft:
    """A meeting with everything a form can hold."""
    return MeetingDraft(
        MeetingKind.GROUP_MEETING,
        HELD_ON,
        started_at="15:00",
        ended_at="16:00",
        place="活动室",
        group_id=ids["第二党小组"],
        for_year=2026,
        chair_id=ids["李四"],
        recorder_name="外请记录员",
        speaker_ids=(ids["周五"],),
        topic="研究联系服务",
        agenda=(
            AgendaItem(
                "学讲话", "谈体会", tag="first_topic", source="某篇", leader="李四", form="领读", measures="照着做"
            ),
            AgendaItem("传达文件", "内容", "照办"),
        ),
        speeches=(Speech("", "有意见", ids["吴六"]), Speech("来宾", "有建议")),
        resolution="同意",
        plan="提前通知",
        follow_up="已走访",
        absences=(Absence(ids["周五"], "出差", date(2026, 11, 9), make_up_way=MakeUpWay.HOME, make_up_by="李四"),),
        number=11,
        planned_on=date(2026, 11, 5),
        planned_at="15:00",
        observers=(Observer("来宾", "镇党委组织委员"),),
        leave_by="李四",
        summary="会后抓好落实",
        satisfied=1,
        asked=1,
        double_life=(ids["李四"],),
        votes=(
            VoteDraft(
                kind="congress_ordinary",
                subject="通过计划",
                due=2,
                present=1,
                yes=1,
                no=0,
                abstain=0,
                declared_passed=True,
            ),
        ),
        actions=(ActionDraft("走访", ids["吴六"], due_on=date(2026, 11, 20)), ActionDraft("送达", None, "外单位")),
    )


def test_a_draft_is_printed_as_the_meeting_it_becomes(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        ids = people(store)
        draft = typed(ids)
        documents = DocumentService(store)
        before = documents.preview(draft)
        meeting_id = MeetingService(store).record(draft)
        documents.minutes(meeting_id, tmp_path / "minutes.pdf")
        assert before == (tmp_path / "minutes.pdf").read_bytes()
        sheets = [documents.sign_in(each, tmp_path / "sign.pdf").sha256 for each in (draft, meeting_id)]
    assert len(set(sheets)) == 1
    text = text_of(tmp_path / "minutes.pdf")
    for words in (
        "第二党小组会",
        "外请记录员",
        "主讲人周五",
        "吴六：有意见",
        "来宾：有建议",
        "请假：周五（出差，已于2026年11月9日上门送学（李四））",
        "准假：李四",
        "次数2026年第11次",
        "（60分钟）",
        "计划时间2026年11月5日15:00",
        "列席：来宾（镇党委组织委员）",
        "李四以普通党员身份参加",
        "第一议题：学讲话",
        "学习篇目：某篇",
        "研讨情况：谈体会",
        "贯彻措施：照着做",
        "会后抓好落实",
        "参加评价1人，满意1人",
        "通过计划",
    ):
        assert words in text


def test_a_draft_with_half_of_it_typed_can_be_looked_at(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        people(store)
        for kind in MeetingKind:
            draft = MeetingDraft(kind, HELD_ON, votes=(VoteDraft("", "还没选类型"),), actions=(ActionDraft(""),))
            assert DocumentService(store).preview(draft).startswith(b"%PDF")


def test_two_members_of_one_name_are_told_apart_in_the_preview_too(tmp_path: Path) -> None:
    with new_store(tmp_path / "store") as store:
        people(store)
        numbers = [body + check_mark(body) for body in ("41270119800101001", "41270119800101002")]
        for number in numbers:
            MemberService(store).register({"name": "徐超", "id_no": number, "admitted_on": "2010-07-01"})
        with store.reading() as session:
            names = load_names(session, store.branch_id)
        expected = MemberService(store).expected(MeetingKind.BRANCH_CONGRESS, HELD_ON)
        draft = MeetingDraft(MeetingKind.BRANCH_CONGRESS, HELD_ON)
        with store.reading() as session:
            paper = of_draft(session, draft, expected, names, vote_kinds())
    assert {person.name for person in paper.people if "徐超" in person.name} == {
        f"徐超（{number[-4:]}）" for number in numbers
    }
