"""A questionnaire on paper: the sheet to hand out, and what came of it with percentages and means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desktop.models.questionnaires import Question
from desktop.models.vocabulary.registers import QuestionKind
from desktop.services.archive.blocks import (
    TURN,
    Bar,
    Bars,
    Block,
    Document,
    Fields,
    Heading,
    Keep,
    Note,
    Paragraph,
    Signatures,
    Space,
    Title,
)
from desktop.services.archive.wording import day
from desktop.services.errors import Input, InvalidInput
from desktop.services.numbers import digits, percent
from desktop.services.registers.service import RegisterRow

KIND = "questionnaire"
QUESTIONS = Input("questions", "题目")
_LINE = "＿" * 30
_ROOM_MM = 4.0


@dataclass(frozen=True, slots=True)
class Figure:
    """What a question came to: how many answered, each choice with its number and share, and the mean of scores."""

    answered: int
    choices: tuple[tuple[str, int, float], ...]
    mean: float | None


def figure_of(question: Question, collected: int) -> Figure | None:
    """Return the figure of a question whose answers are typed, None before and of words.

    A share is one of those who answered; where several may be ticked, of the sheets that came back.
    """
    numbers = question.numbers
    if question.kind in (None, QuestionKind.WORDS) or not numbers or len(numbers) != len(question.choices):
        return None
    answered = collected if question.kind is QuestionKind.SEVERAL else sum(numbers)
    if not answered:
        return None
    choices = tuple(
        (choice, number, number / answered) for choice, number in zip(question.choices, numbers, strict=True)
    )
    mean = None
    if question.kind is QuestionKind.SCORE:
        mean = sum(float(choice) * number for choice, number, _share in choices) / answered
    return Figure(answered, choices, mean)


def questionnaire_document(row: RegisterRow, branch: str, *, results: bool) -> Document:
    """Return the sheet of a questionnaire, or with `results` what came of it.

    Raises:
        InvalidInput: it has no questions yet.
    """
    if not _questions(row):
        raise InvalidInput(QUESTIONS, "还没有写题目，先写题目再打印")
    return result_document(row, branch) if results else sheet_document(row, branch)


def sheet_document(row: RegisterRow, branch: str) -> Document:
    """Return the sheet to be filled in, without a name."""
    opening = str(row.values.get("purpose") or "").strip()
    blocks: list[Block] = [
        Title(row.heading, f"（{branch}）"),
        Paragraph(opening or "为了改进工作，请您如实填写，不写姓名。"),
        Note("单选、打分在一个“□”里打“√”；多选可以打几个；问答写在横线上。"),
    ]
    for number, question in enumerate(_questions(row), start=1):
        kind = question.kind or QuestionKind.WORDS
        said: list[Block] = [Paragraph(f"{number}．{question.text}（{kind.label}）", indent=False)]
        if kind is QuestionKind.WORDS:
            said += [Paragraph(_LINE, indent=False), Paragraph(_LINE, indent=False)]
        else:
            said.append(Paragraph("　　".join(f"□ {choice}" for choice in question.choices)))
        blocks += [Keep(tuple(said)), Space(_ROOM_MM)]
    return _document(row, branch, f"{row.heading}问卷", blocks)


def result_document(row: RegisterRow, branch: str) -> Document:
    """Return what the questionnaire came to, question by question."""
    collected = int(row.values.get("collected") or 0)
    blocks: list[Block] = [
        Title(f"{branch}{TURN}问卷调查结果", f"（{row.heading}）"),
        Fields(
            tuple(
                (label, value)
                for label, value in (
                    ("日期", day(row.on)),
                    ("调查对象", row.texts.get("asked_whom", "")),
                    ("发出", f"{row.texts.get('handed_out') or '—'}份"),
                    ("收回", f"{collected}份"),
                )
            ),
            record=row.heading,
        ),
    ]
    for number, question in enumerate(_questions(row), start=1):
        blocks.append(Keep((Heading(f"{number}．{question.text}", 2, listed=False), *_answers(question, collected))))
    if row.texts.get("finding"):
        blocks += [Heading("结论和整改", 2, listed=False), Paragraph(row.texts["finding"])]
    blocks.append(Signatures(("统计人", "支部书记")))
    return _document(row, branch, f"{row.heading}问卷结果", blocks)


def _answers(question: Question, collected: int) -> list[Block]:
    figure = figure_of(question, collected)
    blocks: list[Block] = []
    if figure is not None:
        bars = tuple(
            Bar(choice, number, 0, figure.answered, f"{number}人　{percent(number, figure.answered)}")
            for choice, number, _share in figure.choices
        )
        mean = "" if figure.mean is None else f"平均{digits(round(figure.mean, 2))}分，"
        blocks += [Bars(bars), Note(f"{mean}{figure.answered}人作答。")]
    elif question.kind is not QuestionKind.WORDS:
        blocks.append(Note("还没有填各选项的人数。"))
    if question.answers:
        blocks.append(Paragraph(question.answers, lead="意见："))
    elif question.kind is QuestionKind.WORDS:
        blocks.append(Note("没有填意见摘要。"))
    return blocks


def _questions(row: RegisterRow) -> Sequence[Question]:
    return row.values.get("questions") or ()


def _document(row: RegisterRow, branch: str, title: str, blocks: Sequence[Block]) -> Document:
    return Document(
        title=title,
        author=branch,
        subject=row.heading,
        day=row.on or date.min,
        blocks=tuple(blocks),
        running_foot=branch,
        bookmarks=False,
    )
