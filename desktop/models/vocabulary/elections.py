"""Words of elections: what is elected, where an election stands, how somebody fared in a round."""

from desktop.models.vocabulary.labels import Labelled


class PollKind(Labelled):
    """What a round of ballots fills."""

    COMMITTEE = "committee", "支部委员会委员"
    SECRETARY = "secretary", "书记、副书记"

    @property
    def rule(self) -> str:
        """The kind of vote of party_rules.toml that the round goes by."""
        return "election" if self is PollKind.COMMITTEE else "secretary_election"


class Seat(Labelled):
    """What somebody stands for."""

    COMMITTEE = "committee", "委员"
    SECRETARY = "secretary", "书记"
    DEPUTY = "deputy", "副书记"

    @property
    def poll(self) -> PollKind:
        """The kind of round that fills it."""
        return PollKind.COMMITTEE if self is Seat.COMMITTEE else PollKind.SECRETARY


class ElectionKind(Labelled):
    """Why there is an election."""

    FULL = "full", "换届选举"
    BY = "by", "补选"


class BallotLayout(Labelled):
    """How a ballot of the committee is printed."""

    ROWS = "rows", "姓名排一行"
    LINES = "lines", "姓名逐行"


class CandidateOrder(Labelled):
    """By what the candidates are said to be in order; nothing is said where nobody chose."""

    STROKES = "strokes", "按姓氏笔画为序"
    UNRANKED = "unranked", "排名不分先后"


class StepState(Labelled):
    """Where a step of an election stands."""

    DONE = "done", "已办"
    LATE = "late", "过期"
    NEXT = "next", "该办"
    COMING = "coming", "待办"


class Fared(Labelled):
    """How somebody fared in a round of ballots."""

    ELECTED = "elected", "当选"
    TIED = "tied", "同票待定"
    BEATEN = "beaten", "未当选"
    SHORT = "short", "未过半"
    OPEN = "open", "待计"


class Finding(Labelled):
    """What the numbers of a round say of one rule."""

    BREACH = "breach", "不符"
    DECIDE = "decide", "要处理"
    OPEN = "open", "未填"
    KEPT = "kept", "符合"
