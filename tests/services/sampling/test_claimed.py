"""What a drawn record says is read at headquarters, line by line, as its branch sent it."""

from dataclasses import replace

from desktop.models.base import new_id
from desktop.models.meetings import AgendaItem, Meeting
from desktop.services.meetings import MeetingService
from desktop.services.registers import RegisterService
from desktop.services.sampling.claimed import ClaimedService
from desktop.services.sampling.rows import SampledRow
from desktop.services.sampling.service import SamplingService
from desktop.services.standards.evidence import MEETING
from desktop.services.store import Store
from tests.services.sampling.conftest import PERIOD


def drawn(sampling: SamplingService, seed: str) -> list[SampledRow]:
    sampling.draw(PERIOD, seed)
    return [found for sheet in sampling.sheets(PERIOD) for found in sheet.records]


def test_a_row_of_a_register_is_told_by_its_own_lines(headquarters: Store, sampling: SamplingService) -> None:
    service = ClaimedService(headquarters)
    found = next(each for each in drawn(sampling, "7") if each.kind != MEETING)
    lines = dict(service.lines(found))
    row = next(each for each in RegisterService(headquarters).rows(found.kind, branch_id=found.branch_id)
               if each.id == found.record_id)  # fmt: skip
    assert set(lines.values()) <= set(row.texts.values())
    assert row.heading not in lines.values(), "that is the title already"
    assert all(lines.values()), "what is empty has no line"
    assert service.lines(replace(found, record_id=new_id())) == (), "the branch has it no more"


def test_a_meeting_is_told_by_who_came_and_what_was_decided(headquarters: Store, sampling: SamplingService) -> None:
    found = drawn(sampling, "7")[0]
    held = MeetingService(headquarters).meetings(branch_id=found.branch_id)
    meeting = next(each for each in held if each.due and each.place)
    with headquarters.unit_of_work("议程") as session:
        kept = session.get_one(Meeting, meeting.id)
        kept.agenda = (AgendaItem("研究党费", "", "同意"), AgendaItem("", "听汇报"))
    lines = dict(ClaimedService(headquarters).lines(replace(found, kind=MEETING, record_id=meeting.id)))
    assert lines["到会"] == f"应到 {meeting.due}，实到 {meeting.present}"
    assert meeting.place in lines["时间地点"]
    assert lines["议程"] == "1. 研究党费：同意\n2. 听汇报"
