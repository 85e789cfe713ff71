"""Words of what headquarters does for branches by the class they came into."""

from desktop.models.vocabulary.labels import Labelled


class SharingKind(Labelled):
    """How branches are shown what another does well."""

    DEMONSTRATION = "demonstration", "现场观摩"
    SEMINAR = "seminar", "经验座谈"


class SharingRole(Labelled):
    """As what a branch is there."""

    HOST = "host", "承办"
    COMES = "comes", "参加"


class Counted(Labelled):
    """Which records of what headquarters arranged for a branch count for a measure of its plan."""

    DEMONSTRATION_ATTENDED = "demonstration_attended", "参加现场观摩"
    DEMONSTRATION_HOSTED = "demonstration_hosted", "承办现场观摩"
    SEMINAR_HOSTED = "seminar_hosted", "承办经验座谈"
    HELPING = "helping", "结对帮带别的支部"
    VISITED = "visited", "上级派员联系"

    @property
    def unit(self) -> str:
        """What they are counted in: branches that are helped, else times."""
        return "个" if self is Counted.HELPING else "次"
