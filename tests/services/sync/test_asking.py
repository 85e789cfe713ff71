"""Requests, tasks and notices go down with the feedback, answers come up with the report; each side owns its part."""

from datetime import date

from sqlalchemy import select

from desktop.models.meetings import Meeting
from desktop.models.vocabulary.race import RemarkKind
from desktop.services.deeds import deeds
from desktop.services.headquarters import HeadquartersService
from desktop.services.improvement.remarks import RemarkService
from desktop.services.reporting_due import due_quarter
from desktop.services.sync.asking import AskingService
from tests.services.race.typed import refused
from tests.services.sync.pairs import Pair, add_member

DUE = date(2026, 3, 31)


def meeting_of(pair: Pair) -> str:
    with pair.branch.reading() as session:
        return session.scalars(select(Meeting.id)).one()


def test_a_request_a_task_and_a_notice_go_down_and_their_answers_come_up(pair: Pair) -> None:
    asking, branch = AskingService(pair.headquarters), pair.branch.branch_id
    meeting = meeting_of(pair)
    assert pair.take(pair.report("2026Q1")) == ["OK"]
    asking.ask_to_correct(branch, meeting, "日期和签到表不一致", DUE, name="2月10日党员大会")
    asking.ask(RemarkKind.TASK, [branch], "报一季度总结", DUE)
    asking.ask(RemarkKind.NOTICE, [branch], "四月起用新标准")
    asking.ask_each(RemarkKind.REMARK, {branch: "按期开会\n支委会按期 1 / 2 次"})
    assert pair.hear(pair.answer()) == ["OK"]
    remarks = RemarkService(pair.branch)
    asked = {row.kind: row for row in remarks.remarks()}
    request = asked[RemarkKind.CORRECTION]
    assert (request.about_kind, request.about_id, request.about_name) == ("meetings", meeting, "2月10日党员大会")
    remarks.answer(request.id, "签到表写错了，会议日期不变", date(2026, 3, 2), declined=True)
    remarks.answer(asked[RemarkKind.TASK].id, "随包报来", date(2026, 3, 2))
    assert pair.take(pair.report()) == ["OK"]
    sent = {row.kind: row for row in HeadquartersService(pair.headquarters).remarks(branch)}
    assert (sent[RemarkKind.CORRECTION].declined, sent[RemarkKind.TASK].answer) == (True, "随包报来")
    assert [kind for kind, row in sent.items() if row.waits] == [RemarkKind.REMARK], "a notice is only read"
    overview = HeadquartersService(pair.headquarters).overview()
    assert [row.remarks_open for row in overview if row.branch_id == branch] == [1]
    words = [deed.words for deed in deeds(pair.headquarters, overview, due_quarter(pair.headquarters))]
    assert "1 条意见没办结" in words
    assert [row.kind for row in remarks.waiting()] == [RemarkKind.REMARK]
    assert asked[RemarkKind.REMARK].text.endswith("1 / 2 次")


def test_what_nobody_could_act_on_is_refused(pair: Pair) -> None:
    asking, branch = AskingService(pair.headquarters), pair.branch.branch_id
    add_member(pair.branch, "后来者")
    assert pair.take(pair.report()) == ["OK"]
    assert refused(asking.ask, RemarkKind.TASK, [branch], "报总结") == ("办理期限", "任务要写办理期限")
    assert refused(asking.ask, RemarkKind.TASK, [branch], " ", DUE) == ("意见", "不能为空")
    assert refused(asking.ask, RemarkKind.TASK, [], "报总结", DUE) == ("支部", "请选择")
    assert refused(asking.ask, RemarkKind.NOTICE, [branch, "nobody"], "通知") == ("支部", "没有登记的支部")
    assert refused(asking.ask, RemarkKind.REMARK, [branch], "意见")[0] == "类别"
    assert refused(asking.ask_each, RemarkKind.CORRECTION, {branch: "改"}, DUE)[0] == "类别"
    assert refused(asking.ask_each, RemarkKind.REMARK, {branch: "补录", "nobody": "补录"}) == ("支部", "没有登记的支部")
    assert refused(asking.ask_to_correct, branch, "没有的", "改")[0] == "哪条记录"
    assert HeadquartersService(pair.headquarters).remarks() == []
