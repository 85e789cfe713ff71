"""Questionnaires (问卷调查): what was asked of whom, and the sums of the answers, typed once; no sheet is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.checks import Check, at_most
from desktop.models.registers import Event, field, lines, part, register
from desktop.models.vocabulary.registers import QuestionKind, RegisterArea

MOST_QUESTIONS = 12
_PARTED = re.compile(r"[、；;，,/／\s]+")
_COUNT = re.compile(r"\d{1,6}")
_SCORE = re.compile(r"\d{1,3}(\.\d)?")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what may be ticked, and how many ticked each; of words a summary."""

    text: str = part("题目", default="")
    kind: QuestionKind | None = part("题型")
    options: str = part("选项", default="")
    counts: str = part("各选项人数", default="")
    answers: str = part("意见摘要", default="")

    @property
    def choices(self) -> tuple[str, ...]:
        """Return what may be ticked."""
        return parted(self.options)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return how many ticked each choice; none while the answers are not typed, or cannot be read."""
        found = parted(self.counts)
        return tuple(map(int, found)) if all(_COUNT.fullmatch(each) for each in found) else ()


def parted(text: str) -> tuple[str, ...]:
    """Return the parts of a list in one field: 满意、基本满意、不满意."""
    return tuple(part for part in _PARTED.split(text.strip()) if part)


def _asked_well() -> Check:
    """Return a check that questions can be asked, and that the sums are those of as many sheets as came back."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        questions = values.get("questions") or ()
        if len(questions) > MOST_QUESTIONS:
            return "questions", f"最多{MOST_QUESTIONS}题，长了没有人认真填"
        for number, question in enumerate(questions, start=1):
            if reason := _fault(question, values.get("collected")):
                return "questions", f"第{number}题{reason}"
        return None

    return check


def _fault(question: Question, collected: int | None) -> str:
    if not question.text.strip():
        return "没有写题目"
    if question.kind is None:
        return "没有选题型"
    if question.kind is QuestionKind.WORDS:
        return "是问答题，没有选项人数" if question.counts else ""
    if len(question.choices) < 2:
        return "至少要有两个选项，用顿号分开"
    if question.kind is QuestionKind.SCORE and not all(_SCORE.fullmatch(each) for each in question.choices):
        return "是打分题，选项写分数，如 5、4、3、2、1"
    if not question.counts.strip():
        return ""
    if len(question.numbers) != len(question.choices):
        return f"有{len(question.choices)}个选项，人数也要写{len(question.choices)}个，没有人选的写0"
    if collected is None:
        return "写了人数，收回的份数也要填"
    most = sum(question.numbers) if question.kind is not QuestionKind.SEVERAL else max(question.numbers)
    return f"的人数超过收回的{collected}份" if most > collected else ""


@register(
    "问卷调查",
    area=RegisterArea.SERVING,
    dimension="D7",
    checks=(at_most("collected", "handed_out", "多于发出的份数"), _asked_well()),
    hint="不记名的简短问卷：先写题目和选项，打印发出；收回以后把每个选项的人数填一次，百分比和平均分自动算。",
)
class Questionnaire(Event, Base):
    """A short questionnaire and the sums of its answers (问卷调查)."""

    asked_whom: Mapped[str | None] = field("调查对象", required=True)
    purpose: Mapped[str | None] = field("调查目的", listed=False, long=True, help="印在问卷开头")
    handed_out: Mapped[int | None] = field("发出份数")
    collected: Mapped[int | None] = field("收回份数")
    questions: Mapped[tuple[Question, ...]] = lines(
        "题目",
        Question,
        help="选项和人数用顿号分开、一样多，如“满意、基本满意、不满意”和“40、6、2”；问答题只写意见摘要",
    )
    finding: Mapped[str | None] = field("结论和整改", listed=False, long=True)
