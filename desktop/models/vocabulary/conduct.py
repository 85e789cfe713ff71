"""Words of honours, punishments and disposals of members (荣誉表彰、党纪处分、组织处置)."""

from desktop.models.vocabulary.labels import Labelled


class HonourRecipient(Labelled):
    """Who was honoured, as the yearly statistics tell them apart (先进基层党组织、优秀共产党员、优秀党务工作者)."""

    MEMBER = "member", "党员"
    CADRE = "cadre", "党务工作者"
    BRANCH = "branch", "党支部"


class DisciplineKind(Labelled):
    """Punishments of party discipline (党纪处分), then disposals (组织处置); their terms are in party_rules.toml."""

    WARNING = "warning", "警告"
    SERIOUS_WARNING = "serious_warning", "严重警告"
    REMOVAL_FROM_PARTY_POST = "removal_from_party_post", "撤销党内职务"
    PROBATION_IN_PARTY = "probation_in_party", "留党察看"
    EXPULSION = "expulsion", "开除党籍"
    CORRECTION = "correction", "限期改正"
    PERSUADE_QUIT = "persuade_quit", "劝其退党"
    REMOVED = "removed", "除名"

    @property
    def restricted(self) -> bool:
        """Whether its text stays in this store: always."""
        return True

    @property
    def is_disposal(self) -> bool:
        """Whether it is a disposal of the organisation, which is no punishment."""
        return self in (DisciplineKind.CORRECTION, DisciplineKind.PERSUADE_QUIT, DisciplineKind.REMOVED)
