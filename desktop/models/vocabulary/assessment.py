"""Words of the assessment of branches (考评)."""

from desktop.models.vocabulary.labels import Labelled


class AssessmentState(Labelled):
    """How far the assessment of a branch for a period has come, in order; all of it follows from what is kept.

    `NOT_ASKED`: the branch does not owe a report of the period and sent none.
    """

    NOT_ASKED = "not_asked", "不用报"
    OPEN = "open", "未自评"
    SELF_DONE = "self_done", "已自评"
    SUBMITTED = "submitted", "已报送"
    VERIFIED = "verified", "已核定"
    PUBLISHED = "published", "已公布"
    APPEALED = "appealed", "申诉中"
    FINAL = "final", "已定"

    @property
    def step(self) -> int:
        """Where it stands in `STEPS`, counted from 0; all of them are behind what is final."""
        return _AT[self]


STEPS = ("自评", "报送", "核定", "公示", "申诉", "定案")
"""The way of an assessment, as a strip of steps shows it."""
_AT = {
    AssessmentState.NOT_ASKED: 0,
    AssessmentState.OPEN: 0,
    AssessmentState.SELF_DONE: 1,
    AssessmentState.SUBMITTED: 2,
    AssessmentState.VERIFIED: 3,
    AssessmentState.PUBLISHED: 4,
    AssessmentState.APPEALED: 4,
    AssessmentState.FINAL: len(STEPS),
}
