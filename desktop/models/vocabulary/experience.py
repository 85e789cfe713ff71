"""Words of the library of methods and brands that headquarters recommends."""

from desktop.models.vocabulary.labels import Labelled


class ExperienceKind(Labelled):
    """What is recommended."""

    BRAND = "brand", "党建品牌"
    METHOD = "method", "工作方法"
    FUSION = "fusion", "党建+融合项目"
    LEAN = "lean", "精益改善"


class ExperienceState(Labelled):
    """Whether branches are shown an entry."""

    DRAFT = "draft", "未发布"
    PUBLISHED = "published", "已发布"
