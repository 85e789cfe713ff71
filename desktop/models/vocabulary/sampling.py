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


class SampleCheck(Labelled):
    """What is looked at of a drawn record on the spot; the sheet has a column for each."""

    ORIGINAL = "original", "记录原件"
    SIGN_IN = "sign_in", "签到原件"
    PHOTOS = "photos", "照片原图"
    ASKED = "asked", "询问的人"


class CheckState(Labelled):
    """How what was looked at is, held against the record."""

    FINE = "fine", "相符"
    WRONG = "wrong", "不符"
    MISSING = "missing", "没有"
