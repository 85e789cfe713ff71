"""What else belongs to a meeting: speeches as lines."""

from desktop.models.meetings import Speech
from desktop.services.meetings.speeches import IN_FORM, read_speeches
from desktop.ui.meetings.extras import speech_lines


def test_words_that_nobody_in_particular_said_stay_as_they_are() -> None:
    speeches = (Speech("", "到会党员逐一发表意见。"),)
    lines = speech_lines(speeches, {})
    assert lines == "到会党员逐一发表意见。"
    assert read_speeches(lines, division=IN_FORM) == speeches
    named = (Speech("赵文博", "结合岗位谈了认识。"), Speech("李建国", "提出要求。"))
    assert read_speeches(speech_lines(named, {}), division=IN_FORM) == named
