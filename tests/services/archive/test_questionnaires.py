"""Questionnaires: what can be asked, sums that fit the sheets that came back, the sheet and the result on paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.models.questionnaires import MOST_QUESTIONS, Question
from desktop.models.vocabulary.registers import QuestionKind
from desktop.services.archive.documents import DocumentService
from desktop.services.archive.questionnaires import figure_of
from desktop.services.errors import InvalidInput
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.archive.checker import check, text_of
from tests.stores import new_store

ONE, SEVERAL, SCORE, WORDS = QuestionKind
GOOD = Question("送货是否满意", ONE, "满意、基本满意、不满意", "40、6、2")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "data") as opened:
        yield opened


def save(store: Store, *questions: Question, **given: Any) -> str:
    values = {"title": "客户服务问卷", "event_on": "2026-11-02", "asked_whom": "零售客户", "collected": 48}
    return RegisterService(store).save("questionnaire", {**values, "questions": questions, **given})


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question("", ONE, "是、否"), "第1题没有写题目"),
        (Question("满意吗"), "没有选题型"),
        (Question("满意吗", ONE, "满意"), "至少要有两个选项"),
        (Question("打几分", SCORE, "好、坏"), "选项写分数"),
        (Question("满意吗", ONE, "是、否", "48"), "人数也要写2个"),
        (Question("满意吗", ONE, "是、否", "40、9"), "超过收回的48份"),
        (Question("用过哪些", SEVERAL, "甲、乙", "49、1"), "超过收回的48份"),
        (Question("有什么建议", WORDS, "", "3"), "没有选项人数"),
    ],
)
def test_what_cannot_be_asked_or_cannot_be_the_sum_is_refused(store: Store, question: Question, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        save(store, question)
    assert refused.value.name == "questions"


def test_it_stays_short_and_no_more_comes_back_than_went_out(store: Store) -> None:
    with pytest.raises(InvalidInput, match="最多12题"):
        save(store, *[GOOD] * (MOST_QUESTIONS + 1))
    with pytest.raises(InvalidInput, match="多于发出的份数"):
        save(store, GOOD, handed_out=40)
    assert save(store, Question("用过哪些", SEVERAL, "甲、乙", "48、48"))


def test_a_figure_is_of_those_who_answered_or_of_the_sheets_where_several_may_be_ticked() -> None:
    one = figure_of(Question("满意吗", ONE, "是、否", "30、10"), 48)
    assert one is not None
    assert (one.answered, one.choices[0], one.mean) == (40, ("是", 30, 0.75), None)
    several = figure_of(Question("用过哪些", SEVERAL, "甲、乙", "24、12"), 48)
    assert several is not None
    assert [share for _choice, _number, share in several.choices] == [0.5, 0.25]
    score = figure_of(Question("打几分", SCORE, "5 4 3", "2 1 1"), 48)
    assert score is not None
    assert score.mean == 4.25
    assert figure_of(Question("打几分", SCORE, "5、4"), 48) is None


def test_the_sheet_asks_and_the_result_tells(store: Store, tmp_path: Path) -> None:
    words = Question("有什么建议", WORDS, answers="希望早一点送货。")
    papers, record = DocumentService(store), save(store, GOOD, words, purpose="请您评价送货服务。")
    sheet, result = tmp_path / "问卷.pdf", tmp_path / "结果.pdf"
    papers.questionnaire(record, sheet)
    papers.questionnaire(record, result, results=True)
    for path in (sheet, result):
        check(path)
    asked, told = ("".join(text_of(path).split()) for path in (sheet, result))
    for part in ("请您评价送货服务。", "1．送货是否满意（单选）", "□满意□基本满意□不满意", "2．有什么建议（问答）"):
        assert part in asked
    assert "希望早一点送货" not in asked
    for part in ("40人83.3%", "48人作答", "希望早一点送货。"):
        assert part in told
    with pytest.raises(InvalidInput, match="还没有写题目"):
        papers.questionnaire(save(store), sheet)
