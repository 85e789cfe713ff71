"""What is asked about an election, named once for service, form and message, and how each is understood."""

from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.elections import BallotLayout, ElectionKind, Seat
from desktop.services.errors import Input
from desktop.services.typed import Asked, choice, day, text, whole

LONG, WORD = 4000, 60

KIND = Input("kind", "种类")
TERM_NO = Input("term_no", "届次")
EXPIRES_ON = Input("expires_on", "本届届满日期")
SEATS = Input("seats", "委员应选名额")
DEPUTY_SEATS = Input("deputy_seats", "副书记名额")
SECRETARY_SEATS = Input("secretary_seats", "书记名额")
CONGRESS_ON = Input("congress_on", "选举大会日期")
CONGRESS_PLACE = Input("congress_place", "选举大会地点")
REASON = Input("reason", "补选原因")
EXCLUDED = Input("excluded", "不计入应到会的人和原因")
SUPERIOR = Input("superior", "上级党组织")
CHAIR = Input("chair", "大会主持人")
TELLERS = Input("tellers", "监票人")
COUNTERS = Input("counters", "计票人")
LAYOUT = Input("layout", "选票版式")
ORDER_SAID_BY = Input("order_said_by", "次序的依据")
NOTE = Input("note", "备注")
SHIFTED_TO = Input("shifted_to", "延期或提前到")
SHIFT_REASON = Input("shift_reason", "原因")
SHIFT_APPROVED_ON = Input("shift_approved_on", "上级批准日期")
SHIFT_APPROVAL_NO = Input("shift_approval_no", "批准文号")
DONE_ON = Input("done_on", "办理日期")
DOCUMENT_NO = Input("document_no", "文号")
STEP_NOTE = Input("note", "情况")
SEAT = Input("seat", "候选职务")
MEMBER = Input("member_id", "候选人")
NOMINATED = Input("nominated", "提名党员数")
NOMINATED_FULL = Input("nominated_full", "提名正式党员数")
POST = Input("post", "分工")
HELD_ON = Input("held_on", "投票日期")
DUE = Input("due", "应到会")
PRESENT = Input("present", "实到会")
ISSUED = Input("issued", "发出")
COLLECTED = Input("collected", "收回")
VOID = Input("void", "无效")
VOID_REASONS = Input("void_reasons", "无效票的原因")
WRITTEN_IN = Input("written_in", "另选人")
AGREED = Input("left_agreed", "同意不再选的人数")
TEXT = Input("text", "更正内容")
WHY = Input("why", "更正原因")
APPROVED_ON = Input("approved_on", "批复日期")
APPROVAL_NO = Input("approval_no", "批复文号")
NEW_EXPIRES_ON = Input("new_expires_on", "新一届届满日期")
HANDED_OVER_ON = Input("handed_over_on", "交接日期")
RESULT = Input("result", "选举结果")

BEGIN: Asked = {
    KIND: choice(ElectionKind),
    TERM_NO: whole,
    EXPIRES_ON: day,
    SEATS: whole,
    SECRETARY_SEATS: whole,
    DEPUTY_SEATS: whole,
    CONGRESS_ON: day,
    CONGRESS_PLACE: text(80),
    REASON: text(LONG),
    EXCLUDED: text(LONG),
    SUPERIOR: text(80),
    CHAIR: text(WORD),
    LAYOUT: choice(BallotLayout),
    NOTE: text(LONG),
}
SHIFT: Asked = {SHIFTED_TO: day, SHIFT_REASON: text(LONG), SHIFT_APPROVED_ON: day, SHIFT_APPROVAL_NO: text(WORD)}
STEP: Asked = {DONE_ON: day, DOCUMENT_NO: text(WORD), STEP_NOTE: text(LONG)}
CANDIDATE: Asked = {
    SEAT: choice(Seat),
    MEMBER: text(36),
    NOMINATED: whole,
    NOMINATED_FULL: whole,
    POST: choice(Post),
    NOTE: text(LONG),
}
ROUND: Asked = {
    HELD_ON: day,
    DUE: whole,
    PRESENT: whole,
    ISSUED: whole,
    COLLECTED: whole,
    VOID: whole,
    VOID_REASONS: text(LONG),
}
