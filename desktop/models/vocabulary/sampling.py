"""Words of the spot checks of headquarters (考评抽查)."""

from desktop.models.vocabulary.labels import Labelled


class SampleReason(Labelled):
    """Why a record was drawn; they are drawn in this order."""

    LATE = "late", "补录"
    ALIKE = "alike", "雷同"
    RANDOM = "random", "随机"


class SampleVerdict(Labelled):
    """What headquarters found of a drawn record. Made-up counts only once somebody else confirmed it."""

    TRUE = "true", "属实"
    INCOMPLETE = "incomplete", "有瑕疵"
    FABRICATED = "fabricated", "不实"
    ABSENT = "absent", "原件不在"
