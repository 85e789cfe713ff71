"""Words of the assessment of branches (考评)."""

from desktop.models.vocabulary.labels import Labelled


class AssessmentState(Labelled):
    """How far the assessment of a branch for a period has come, in order; all of it follows from what is kept."""

    OPEN = "open", "未自评"
    SELF_DONE = "self_done", "已自评"
    SUBMITTED = "submitted", "已报送"
    VERIFIED = "verified", "已核定"
    PUBLISHED = "published", "已公布"
    APPEALED = "appealed", "申诉中"
    FINAL = "final", "已定"
