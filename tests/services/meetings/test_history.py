"""The history of a meeting tells before and after of who was away, of votes and of tasks, in one line an action."""

from datetime import date
from pathlib import Path

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.history import ChangeRow, HistoryService
from desktop.services.meetings import RECORD_KIND, MeetingService
from desktop.services.meetings.history import PARTS
from desktop.services.meetings.rows import Absence, ActionDraft, MeetingDraft, VoteDraft
from desktop.services.members import MemberService
from desktop.services.store import Store
from tests.stores import new_store

HELD = date(2026, 3, 5)


def newest(store: Store, meeting_id: str) -> ChangeRow:
    return HistoryService(store).of(RECORD_KIND, meeting_id, {"topic": "议题", **PARTS})[0]


def test_who_was_away_votes_and_tasks_are_told_before_and_after(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2026-03-20 09:00") as store:
        who = {
            name: MemberService(store).register({"name": name, "admitted_on": "2010-06-01", "full_on": "2011-06-01"})
            for name in ("陈晓东", "秦海波", "李建国")
        }
        service = MeetingService(store)
        leave = Absence(who["秦海波"], "出差")
        task = ActionDraft("走访商户", owner_id=who["李建国"], due_on=date(2026, 3, 31))
        vote = VoteDraft("congress_ordinary", "年度计划", due=3, present=2, yes=2, no=0, abstain=0)
        first = MeetingDraft(
            MeetingKind.BRANCH_CONGRESS, HELD, "09:00", topic="大会", absences=(leave,), actions=(task,), votes=(vote,)
        )
        meeting = service.record(first)
        again = MeetingDraft(MeetingKind.BRANCH_CONGRESS, HELD, "09:00", topic="3月大会")
        service.record(again, meeting)
        found = {field.label: (field.before, field.after) for field in newest(store, meeting).fields}
        assert found["议题"] == ("大会", "3月大会")
        assert found["请假和缺席"] == (f"{who['秦海波']}，请假，出差", "")
        assert found["会后任务"] == (f"走访商户，{who['李建国']}，2026-03-31前", "")
        assert found["表决"] == ("年度计划，应到3，实到2，赞成2，反对0，弃权0", "")
        assert len(HistoryService(store).of(RECORD_KIND, meeting, PARTS)) == 2


def test_making_up_is_told_with_the_day_and_the_way(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at="2026-03-20 09:00") as store:
        ids = [
            MemberService(store).register({"name": name, "admitted_on": "2010-06-01", "full_on": "2011-06-01"})
            for name in ("陈晓东", "秦海波")
        ]
        service = MeetingService(store)
        meeting = service.record(
            MeetingDraft(MeetingKind.BRANCH_CONGRESS, HELD, "09:00", topic="大会", absences=(Absence(ids[1]),))
        )
        service.made_up(meeting, [ids[1]], date(2026, 3, 10))
        [field] = newest(store, meeting).fields
        assert (field.label, field.before, field.after) == ("补课", "", f"{ids[1]}，2026-03-10")
