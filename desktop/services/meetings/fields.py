"""What a refusal about a meeting can be about. Form and sheet find their field by its name, or else by its label."""

from desktop.services.errors import Input

MEETING = Input("meeting", "会议")
KIND = Input("kind", "会议类型")
HELD_ON = Input("held_on", "日期")
SPAN = Input("started_at", "时间")
GROUP = Input("group_id", "党小组")
TOPIC = Input("topic", "议题")
CHAIR = Input("chair_id", "主持人")
RECORDER = Input("recorder_id", "记录人")
ABSENCES = Input("absences", "缺席人员")
MAKE_UP_ON = Input("absences", "补课日期")
VOTES = Input("votes", "表决")
VOTE_KIND = Input("vote_kinds", "表决类型")
ACTIONS = Input("actions", "会后任务")
NUMBER = Input("number", "次数")
PLANNED = Input("planned_on", "计划时间")
OBSERVERS = Input("observers", "列席人员")
RATED = Input("asked", "现场评价")
JOINT = Input("joint_with_id", "合并召开")

# asked after the meeting, each in a dialog of its own
CANCEL_REASON = Input("reason", "原因")
CORRECTION = Input("text", "更正内容")
CORRECTION_REASON = Input("reason", "更正原因")
DONE_ON = Input("done_on", "完成日期")
RESULT = Input("result", "结果")
FOLLOW_UP = Input("text", "后续成果")
ABSENTEE = Input("member_id", "补课")
MADE_UP_ON = Input("on", "补课日期")
MADE_UP_CONTENT = Input("content", "内容")
MADE_UP_BY = Input("by", "补课人")
