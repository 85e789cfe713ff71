"""Words of dues (党费): classes of payers, ways and kinds of payment, relief."""

from desktop.models.vocabulary.labels import Labelled


class DuesClass(Labelled):
    """By which table somebody pays."""

    WORKING = "working", "在职"
    RETIRED = "retired", "离退休"
    FARMER = "farmer", "农民"
    STUDENT = "student", "学生或无固定收入"

    @property
    def by_base(self) -> bool:
        """Whether the amount follows from a base and a rate."""
        return self in (DuesClass.WORKING, DuesClass.RETIRED)


class DuesRelief(Labelled):
    """What the branch decided and the superior committee approved."""

    REDUCED = "reduced", "少交"
    EXEMPT = "exempt", "免交"


class DuesMeans(Labelled):
    """How a payment came in."""

    CASH = "cash", "现金"
    TRANSFER = "transfer", "转账"
    AGENT = "agent", "委托他人代交"


class DuesKind(Labelled):
    """What a payment is for."""

    MONTHLY = "monthly", "按月交纳"
    QUARTERLY = "quarterly", "按季交纳"
    MADE_GOOD = "made_good", "补缴"
    VOLUNTARY = "voluntary", "自愿多交"


class DuesFlow(Labelled):
    """Which way dues go that a branch may spend."""

    OUT = "out", "支出"
    IN = "in", "收入"


class DuesPurpose(Labelled):
    """What dues were spent on (党费使用), as the rules list it."""

    TRAINING = "training", "培训党员"
    MEDIA = "media", "订阅党员教育报刊、资料和设备"
    PRAISE = "praise", "表彰先进"
    HARDSHIP = "hardship", "补助生活困难党员"
    DISASTER = "disaster", "补助遭受严重自然灾害的党员和修缮设施"
    OTHER = "other", "其他"


class DuesRounding(Labelled):
    """To what the monthly amount is rounded, half up (四舍五入)."""

    FEN = "0.01", "到分"
    JIAO = "0.1", "到角"
    YUAN = "1", "到元"
