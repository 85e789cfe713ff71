"""What a round and a line of it may be: the fields, and what is refused of them, typed, imported or sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.errors import Input, InvalidInput
from desktop.services.quoting import quoted

LONGEST_STUDY = 100
VOTES = ("votes_excellent", "votes_qualified", "votes_basically", "votes_unqualified")
"""The sums of ballots of a line, in the order of the grades."""
BRANCH_VOTES = ("branch_good", "branch_fair", "branch_average", "branch_poor")
GRADES = tuple(AppraisalGrade)
LOW = (AppraisalGrade.BASICALLY_QUALIFIED, AppraisalGrade.UNQUALIFIED)
"""Grades after which something is to be done."""
HAPPENED = (
    "plan_on",
    "study_on",
    "notice_on",
    "opinions_on",
    "committee_review_on",
    "peer_on",
    "ballots_on",
    "decided_on",
    "published_on",
    "reported_on",
)
_OF_LINE = ("review_on", "fed_back_on", "signed_on", "registered_on")
_COUNTS = ("issued", "collected", "valid", *BRANCH_VOTES)


def of_round(name: str) -> Input:
    """Return a field of the round by its column."""
    return Input(name, str(Appraisal.__table__.c[name].info["label"]))


def of_line(name: str) -> Input:
    """Return a field of a member's line by its column."""
    return Input(name, str(AppraisalResult.__table__.c[name].info["label"]))


STEP = Input("step", "民主评议")
GRADE = of_line("grade")


def refuse_round(values: Mapping[str, Any], today: date) -> None:
    """Refuse values of a round that nobody could have typed; what is not given is not judged.

    Raises:
        InvalidInput: a day lies ahead, or the ballots contradict each other; it names the field.
    """
    for name in HAPPENED:
        if (on := values.get(name)) is not None and on > today:
            raise InvalidInput(of_round(name), "在今天之后")
    hours = values.get("study_hours")
    if hours is not None and not 0 < hours <= LONGEST_STUDY:
        raise InvalidInput(of_round("study_hours"), f"应大于0，不多于{LONGEST_STUDY}")
    for name in _COUNTS:
        if (count := values.get(name)) is not None and count < 0:
            raise InvalidInput(of_round(name), "不能小于0")
    issued, collected, valid = (values.get(name) for name in ("issued", "collected", "valid"))
    if issued is not None and collected is not None and collected > issued:
        raise InvalidInput(of_round("collected"), f"收回{collected}张，多于发出的{issued}张，这次测评无效，应重新测评")
    if collected is not None and valid is not None and valid > collected:
        raise InvalidInput(of_round("valid"), f"有效{valid}张，多于收回的{collected}张")
    marks = [values.get(name) for name in BRANCH_VOTES]
    if collected is not None and sum(mark or 0 for mark in marks) > collected:
        raise InvalidInput(of_round(BRANCH_VOTES[0]), f"四项加起来多于收回的{collected}张")
    decided, published = values.get("decided_on"), values.get("published_on")
    if decided is not None and published is not None and published < decided:
        raise InvalidInput(of_round("published_on"), "早于定下等次的日期")


def refuse_line(values: Mapping[str, Any], today: date) -> None:
    """Refuse values of a member's line that nobody could have typed; what is not given is not judged.

    Raises:
        InvalidInput: a day lies ahead, a sum is below zero, or somebody who takes no part has a grade.
    """
    for name in _OF_LINE:
        if (on := values.get(name)) is not None and on > today:
            raise InvalidInput(of_line(name), "在今天之后")
    for name in VOTES:
        if (count := values.get(name)) is not None and count < 0:
            raise InvalidInput(of_line(name), "不能小于0")
    if values.get("excused") and values.get("grade") is not None:
        raise InvalidInput(GRADE, "没有参评的不评定等次")
    fed_back, signed = values.get("fed_back_on"), values.get("signed_on")
    if fed_back is not None and signed is not None and signed < fed_back:
        raise InvalidInput(of_line("signed_on"), "早于反馈日期")
    for step in values.get("follow_up") or ():
        if step.done_on is not None and step.done_on > today:
            raise InvalidInput(of_line("follow_up"), f"{quoted(step.step)}的日期在今天之后")
