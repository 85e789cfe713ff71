"""Words of the yearly organisational life meeting and the appraisal of members (组织生活会、民主评议)."""

from desktop.models.vocabulary.labels import Labelled


class QuotaBase(Labelled):
    """Of whom the third is counted that may be excellent; the notice of the year says which."""

    ALL_MEMBERS = "all_members", "党员总数"
    RATED = "rated", "参评党员"


class Concerned(Labelled):
    """Whom a criticism, an opinion or a problem is about; the lists of both are kept apart."""

    COMMITTEE = "committee", "班子"
    PERSON = "person", "个人"


class FoundBy(Labelled):
    """How a problem to be put right came to light."""

    SELF_REVIEW = "self_review", "自查"
    CRITICISM = "criticism", "批评"
    OPINION = "opinion", "征求意见"
    SUPERIOR = "superior", "上级"


class OpinionGiver(Labelled):
    """Who was asked for an opinion before the meeting."""

    MEMBER = "member", "党员"
    STAFF = "staff", "职工"
    CUSTOMER = "customer", "客户"
    SUPERIOR = "superior", "上级"
