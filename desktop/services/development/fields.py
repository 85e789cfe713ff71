"""What is asked about a case, named once for service, form, sheet and message, and how each is understood."""

from desktop.models.vocabulary.development import CaseState, HelperRole, PaperForm
from desktop.services.errors import Input
from desktop.services.typed import Asked, choice, day, text, whole, yes_no

LONG, WORD = 4000, 60

PERSON = Input("person_id", "本人")
NAME = Input("name", "姓名")
ID_NO = Input("id_no", "身份证号")
APPLIED_ON = Input("applied_on", "申请入党时间")
DONE_ON = Input("done_on", "办理日期")
FROM_ON = Input("from_on", "起")
TO_ON = Input("to_on", "止")
CONSENT_ON = Input("consent_on", "上级同意日期")
DAYS = Input("days", "天数")
HOURS = Input("hours", "学时")
DECIDED_BY = Input("decided_by", "决定机关")
DOCUMENT_NO = Input("document_no", "文号")
RESULT = Input("result", "主要内容和结果")
HANDLER = Input("handler", "经办人")
MEETING = Input("meeting_id", "会议")
OPINION = Input("opinion", "处理意见")
OPINION_ON = Input("opinion_on", "处理意见日期")
NOTE = Input("note", "备注")
PAPER_NAME = Input("name", "材料名称")
AUTHOR = Input("author", "出具人")
DATED_ON = Input("dated_on", "形成日期")
FORM = Input("form", "原件或复印件")
PAGES = Input("pages", "页数")
PLACE = Input("place", "存放处")
ROLE = Input("role", "身份")
MEMBER = Input("member_id", "党员")
RELATION = Input("relation", "与本人关系")
INQUIRED = Input("name", "姓名")
ADDRESSED_TO = Input("addressed_to", "发往党组织")
LETTER_NO = Input("letter_no", "函号")
SENT_ON = Input("sent_on", "发函日期")
REPLIED_ON = Input("replied_on", "回函日期")
WAIVED = Input("waived", "不必函调")
FINDING = Input("finding", "结论")
STATE = Input("state", "状态")
STATE_ON = Input("state_on", "日期")
STATE_REASON = Input("state_reason", "说明")
RULESET = Input("ruleset", "适用细则")
RULESET_REASON = Input("ruleset_reason", "理由")
SPECIAL = Input("special_reason", "审批延长的特殊情况")
EXTENDED_TO = Input("extended_to", "延长至")
EXTENDED_ON = Input("extended_on", "决议日期")
EXTENDED_DOCUMENT = Input("extended_document", "批复文号")
FULL_ON = Input("full_on", "转正时间")
WHY_LATE = Input("why_late", "转正时间不是期满日的理由")
GROUP = Input("group_id", "党小组")

STEP: Asked = {
    DONE_ON: day,
    FROM_ON: day,
    TO_ON: day,
    CONSENT_ON: day,
    DAYS: whole,
    HOURS: whole,
    DECIDED_BY: text(80),
    DOCUMENT_NO: text(WORD),
    RESULT: text(LONG),
    HANDLER: text(WORD),
    MEETING: text(36),
    OPINION: text(LONG),
    OPINION_ON: day,
    NOTE: text(LONG),
}
PAPER: Asked = {
    PAPER_NAME: text(WORD),
    AUTHOR: text(WORD),
    DATED_ON: day,
    FORM: choice(PaperForm),
    PAGES: whole,
    PLACE: text(80),
    NOTE: text(LONG),
}
HELPER: Asked = {ROLE: choice(HelperRole), MEMBER: text(36), NAME: text(WORD), FROM_ON: day, TO_ON: day}
INQUIRY: Asked = {
    RELATION: text(20),
    INQUIRED: text(WORD),
    ADDRESSED_TO: text(80),
    LETTER_NO: text(WORD),
    SENT_ON: day,
    REPLIED_ON: day,
    WAIVED: yes_no,
    FINDING: text(LONG),
}
CASE: Asked = {
    STATE: choice(CaseState),
    STATE_ON: day,
    STATE_REASON: text(LONG),
    RULESET: text(20),
    RULESET_REASON: text(LONG),
    SPECIAL: text(LONG),
    EXTENDED_TO: day,
    EXTENDED_ON: day,
    EXTENDED_DOCUMENT: text(WORD),
    NOTE: text(LONG),
}
