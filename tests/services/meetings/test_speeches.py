"""Speeches in one text: every word is kept, nobody is given another's words, what is written reads back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.models.meetings import Speech
from desktop.services.meetings.speeches import IN_CELL, IN_FORM, NOBODY, Division, read_speeches, write_speeches
from tests.services.meetings.texts import TEXTS


def test_speeches_keep_every_word() -> None:
    known = {"张三": "1", "李四": "2"}
    cell = "张三：汇报走访；客户反映两点；李四：同意。\n会议要求：按期落实；大家鼓掌"
    found = read_speeches(cell, known.get)
    assert found == (
        Speech("张三", "汇报走访；客户反映两点", "1"),
        Speech("李四", "同意。", "2"),
        Speech("会议要求", "按期落实；大家鼓掌", None),
    )
    assert read_speeches(write_speeches(found), known.get) == found
    assert read_speeches("到会党员逐一发表意见。", known.get) == (Speech("", "到会党员逐一发表意见。", None),)


def test_a_form_has_a_line_for_each_speech() -> None:
    speeches = read_speeches("高红卫：传达精神；再说一点\n还有\n谢雪莲:谈体会", division=IN_FORM)
    assert speeches == (Speech("高红卫", "传达精神；再说一点\n还有"), Speech("谢雪莲", "谈体会"))


def test_words_of_nobody_stay_nobodys() -> None:
    speeches = (Speech("", "会议要求：按期落实"), Speech("张三", "同意"), Speech("", "大家鼓掌"))
    cell = write_speeches(speeches)
    assert cell == f"{NOBODY}：会议要求：按期落实；\n张三：同意；\n{NOBODY}：大家鼓掌"
    assert read_speeches(cell) == speeches


def test_a_list_within_a_speech_makes_no_other_speaker() -> None:
    speeches = (Speech("张三", "总结如下；优点：团结；缺点：松散"),)
    assert [speech.name for speech in read_speeches(write_speeches(speeches))] == ["张三"]


SPEAKERS = st.sampled_from(["张三", "李四", "王局长", "张伟（1234）", ""])
SPEECHES = st.builds(Speech, SPEAKERS | st.just(NOBODY) | TEXTS, TEXTS)


@pytest.mark.parametrize("division", [IN_CELL, IN_FORM])
@example([Speech("张三", ";\t;")])
@example([Speech("", "张三：同意")])
@example([Speech("张三", "甲"), Speech("", "乙")])
@example([Speech("张三", "甲；；李四：乙")])
@given(st.lists(SPEECHES))
def test_speeches_always_read_back(division: Division, speeches: list[Speech]) -> None:
    text = write_speeches(speeches, division)
    assert write_speeches(read_speeches(text, division=division), division) == text


@pytest.mark.parametrize("division", [IN_CELL, IN_FORM])
@given(
    st.lists(
        st.builds(Speech, st.sampled_from(["张三", "李四", "张伟（1234）", ""]), TEXTS.map(lambda text: f"好{text}好"))
    )
)
def test_every_speech_stays_its_speakers(division: Division, speeches: list[Speech]) -> None:
    again = read_speeches(write_speeches(speeches, division), division=division)
    assert [speech.name for speech in again] == [speech.name for speech in speeches]
