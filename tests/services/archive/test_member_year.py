"""The year of a member on paper: one page, whatever there is to tell, and no restricted talk on it."""

from datetime import date
from pathlib import Path

from desktop.models.vocabulary.meetings import MeetingKind, TalkKind
from desktop.services.archive.documents import DocumentService
from desktop.services.meetings import ActionDraft, MeetingDraft, MeetingService
from desktop.services.registers.service import RegisterService
from tests.services.archive.checker import check, text_of
from tests.services.meetings.people import people
from tests.stores import new_store


def test_a_full_year_is_one_page_to_sign_without_restricted_talks(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2026-11-26 09:00") as store:
        ids = people(store)
        li, registers = ids["李四"], RegisterService(store)
        long = "每月走访三户零售客户、帮助新客户经理熟悉业务并当年出师的承诺事项"
        for number in range(1, 11):
            registers.save(
                "commitment", {"event_on": date(2026, number, 8), "title": f"{long}{number}", "member_id": li}
            )
            for kind in (TalkKind.HEART_TALK, TalkKind.ADMONITION):
                talk = {"kind": kind, "talker_id": ids["赵一"], "talkee_id": li, "title": "谈话"}
                registers.save("talk", {"event_on": date(2026, number, 9), **talk})
            actions = (ActionDraft(f"{long}{number}", li, due_on=date(2026, 11, 1)),)
            for meeting in (MeetingKind.THEME_DAY, MeetingKind.PARTY_LECTURE):
                MeetingService(store).record(
                    MeetingDraft(kind=meeting, held_on=date(2026, number, 15), topic="学习", actions=actions)
                )
        path = tmp_path / "一页.pdf"
        written = DocumentService(store).member_year(li, 2026, path)
    assert written.pages == 1
    check(path)
    text = text_of(path)
    assert "李四2026年度情况" in text
    assert "10次：" in text
    assert "另有8次；内部掌握的10次不印" in text
    assert "另有8项" in text
    assert "10/10" in text
    assert "组织生活会" in text
    assert "20件任务逾期没完成" in text
