"""Words of the points of members (党员积分)."""

from desktop.models.vocabulary.labels import Labelled


class ClaimState(Labelled):
    """Where a claim of points stands. From approved on it counts; revoked it stays and counts no more."""

    SUBMITTED = "submitted", "待核实"
    VERIFIED = "verified", "待审核"
    APPROVED = "approved", "已审核"
    REJECTED = "rejected", "退回"
    REVOKED = "revoked", "已撤销"

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to say yes or no."""
        return self in (ClaimState.SUBMITTED, ClaimState.VERIFIED)


class CheckVerdict(Labelled):
    """What was found when a claim was held against its originals (核对原件)."""

    TRUE = "true", "属实"
    FALSE = "false", "不实"
    ABSENT = "absent", "原件不在"

    @property
    def settled(self) -> bool:
        """Whether it says something of the claim; else the originals are still to be looked at."""
        return self is not CheckVerdict.ABSENT
