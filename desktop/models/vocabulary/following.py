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
