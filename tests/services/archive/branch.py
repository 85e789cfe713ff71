"""A branch with some months of work behind it, in a real store."""

from datetime import date
from pathlib import Path

from PIL import Image

from desktop.models.meetings import ActionItem, AgendaItem, Attendance, Correction, Meeting, Speech, Vote
from desktop.models.vocabulary.meetings import AttendanceState, MeetingKind, MeetingState, TalkKind
from desktop.paths import resource
from desktop.services.attachments import AttachmentService
from desktop.services.members import MemberRow, MemberService, RosterBook
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from tests.services.archive.samples import SENTENCE
from tests.stores import new_store

SECRET_WORDS = "不得外传的提醒内容"


def branch_at_work(folder: Path, months: int = 3) -> Store:
    """Return a store with the sample roster, meetings of the first `months` of 2026, registers and attachments."""
    store = new_store(folder / "store")
    RosterBook(store).import_file(resource("samples/shenqiu/roster.xlsx"))
    people = MemberService(store).roster(date(2026, 1, 10))
    meetings = [
        add_meeting(store, people, kind, date(2026, month, day))
        for month in range(1, months + 1)
        for kind, day in (
            (MeetingKind.COMMITTEE_MEETING, 4),
            (MeetingKind.GROUP_MEETING, 9),
            (MeetingKind.THEME_DAY, 15),
            *(((MeetingKind.BRANCH_CONGRESS, 20), (MeetingKind.PARTY_LECTURE, 25)) if month % 3 == 1 else ()),
        )
    ]
    add_records(store, people)
    add_files(store, meetings[2], folder)
    return store


def add_meeting(store: Store, people: list[MemberRow], kind: MeetingKind, on: date) -> str:
    """Add one meeting with everything a meeting can have; return its id."""
    group = people[0].group_id if kind is MeetingKind.GROUP_MEETING else None
    expected = MemberService(store).expected(kind, on, group)
    with store.unit_of_work(f"记录{kind.label}") as session:
        meeting = Meeting(
            branch_id=store.branch_id,
            kind=kind,
            held_on=on,
            started_at="15:00",
            ended_at="16:20",
            place="党员活动室",
            group_id=group,
            for_year=on.year,
            chair_id=people[0].id,
            recorder_id=people[1].id,
            speaker_ids=[people[0].id] if kind is MeetingKind.PARTY_LECTURE else [],
            topic="学习条例（试行），研究一季度工作",
            agenda=(
                AgendaItem("传达学习上级文件", SENTENCE, "按分工抓好落实，每月报告一次。"),
                AgendaItem("研究志愿服务安排", "各党小组分别认领任务。", ""),
            ),
            speeches=tuple(Speech("", SENTENCE, each.id) for each in people[2:6]),
            resolution="同意以上安排，由组织委员督办。",
            plan="提前三天发出通知和议题。",
            follow_up="已走访零售客户12户。" if kind is MeetingKind.THEME_DAY else "",
            state=MeetingState.CONFIRMED,
            confirmed_on=on,
            confirmed_by=people[0].name,
        )
        session.add(meeting)
        session.flush()
        for index, each in enumerate(expected):
            away = index == 3
            session.add(
                Attendance(
                    branch_id=store.branch_id,
                    meeting_id=meeting.id,
                    member_id=each.member_id,
                    state=AttendanceState.LEAVE if away else AttendanceState.PRESENT,
                    reason="出差" if away else None,
                    has_vote=each.has_vote,
                    make_up_on=date(2026, on.month, 28) if away else None,
                )
            )
        if kind is MeetingKind.BRANCH_CONGRESS:
            session.add(
                Vote(
                    branch_id=store.branch_id,
                    meeting_id=meeting.id,
                    position=1,
                    kind="admit_probationary",
                    subject="接收王某为预备党员",
                    due=28,
                    present=27,
                    yes=27,
                    no=0,
                    abstain=0,
                    declared_passed=True,
                )
            )
            session.add(
                Correction(
                    branch_id=store.branch_id,
                    meeting_id=meeting.id,
                    on=date(2026, on.month, 27),
                    text="记录人应为谢雪莲。",
                    reason="笔误",
                )
            )
        session.add(
            ActionItem(
                branch_id=store.branch_id,
                meeting_id=meeting.id,
                position=1,
                what="整理走访问题清单",
                owner_id=people[4].id,
                due_on=date(2026, on.month, 28),
                done_on=date(2026, on.month, 27),
                result="已汇总9条",
            )
        )
        return str(meeting.id)


def add_records(store: Store, people: list[MemberRow]) -> None:
    """Add rows of several registers, one of a restricted kind among them."""
    registers = RegisterService(store)
    for month in (1, 2, 3):
        registers.save(
            "notice_board_update",
            {"event_on": date(2026, month, 8), "title": f"{month}月公开栏更新", "content": SENTENCE, "note": "已拍照"},
        )
        registers.save(
            "volunteer_activity",
            {
                "event_on": date(2026, month, 18),
                "title": f"{month}月协助烟农育苗",
                "hours": "；".join(f"{each.name}|2.5" for each in people[:8]),
            },
        )
    for kind, words in ((TalkKind.HEART_TALK, "思想稳定"), (TalkKind.REMINDER, SECRET_WORDS)):
        registers.save(
            "talk",
            {
                "event_on": date(2026, 2, 3),
                "title": f"{kind.label}一次" if kind is TalkKind.HEART_TALK else SECRET_WORDS,
                "kind": kind,
                "talker_id": people[0].id,
                "talkee_id": people[5].id,
                "points": words,
            },
        )


def add_files(store: Store, meeting_id: str, folder: Path) -> None:
    """Attach a photo and a text to a meeting."""
    photo, text = folder / "会场照片.jpg", folder / "签到表.txt"
    Image.linear_gradient("L").resize((2000, 1500)).convert("RGB").save(photo, "JPEG")
    text.write_text("签到" * 3000, "utf-8")
    for path in (photo, text):
        AttachmentService(store).attach("meetings", meeting_id, path)
