"""What the forms of a draft know beyond the file: optional fields, codes of each kind of file, what each rule of
points asks for, and what is left to the program.
"""

from collections.abc import Mapping
from decimal import Decimal

from desktop.models.vocabulary.following import Counted
from desktop.models.vocabulary.labels import Labelled
from desktop.models.vocabulary.stores import StandardKind
from desktop.services.points.scheme import (
    ATTENDANCE,
    FLAGS,
    GROUPS,
    HOURS,
    MONTH_RATIO,
    PER_EVENT,
    PER_YEAR,
    RATED,
    RATIO,
)
from desktop.services.standards.editing.words import Tree
from desktop.services.standards.vocabulary import MEETING_KINDS, PERIODS


class Holds(Labelled):
    """What a field of a form holds."""

    TEXT = "text", "一行文字"
    MEMO = "memo", "几行文字"
    LINES = "lines", "每行一项"
    NUMBERS = "numbers", "每行一个数字"
    WHOLE = "whole", "整数"
    NUMBER = "number", "数字"
    CHOICE = "choice", "选一个"
    CHOICES = "choices", "选几个"
    YES_NO = "yes_no", "是或否"
    DAY = "day", "日期"
    PAIR = "pair", "几分之几"


OPTIONAL: Mapping[str, Mapping[str, Holds]] = {
    "items": {"applies_if": Holds.CHOICE, "gate": Holds.CHOICE, "enabled": Holds.YES_NO},
    "levels": {"max_ratio": Holds.NUMBER, "follow_up": Holds.LINES},
    "posts": {"note": Holds.TEXT},
    "sub_items": {"min_samples": Holds.WHOLE},
    "agenda_tags": {"study": Holds.YES_NO},
}
"""Fields that a table of a list may have and need not."""
CODES: Mapping[StandardKind, Mapping[str, tuple[str, ...]]] = {
    StandardKind.BRANCH_STANDARD: {"nature": ("trace", "outcome")},
    StandardKind.MEMBER_POINTS: {
        "group": GROUPS,
        "meetings": MEETING_KINDS,
        "publish_per": ("quarter",),
        "flag": FLAGS,
    },
    StandardKind.HORSE_RACE: {"source": ("auto", "hq", "survey"), "counts": tuple(each.value for each in Counted)},
    StandardKind.PARTY_RULES: {
        "per": PERIODS,
        "held_in": MEETING_KINDS,
        "study_meetings": MEETING_KINDS,
        "of": ("due", "present"),
        "cmp": ("gt", "ge"),
        "status": ("in_force", "superseded"),
        "confidence": ("text", "second", "memory"),
    },
}
"""Codes that fields of a kind of file hold, where no list of the file has them."""
ENTRIES: Mapping[str, tuple[str, ...]] = {"actions": ("text", "counts")}
"""Lists whose entries are a text, or a table of the text and more: what each entry may say, the text first."""
SEEN = frozenset({"source", "auto_source", "formula"})
"""Fields that hold what the program can find: what the file names already is offered."""
LEFT = frozenset(
    {
        "schema", "id", "key", "pack_id", "scheme_id", "rounding", "policy", "unrated_quality", "method", "cycle",
        "states", "final_period", "rank_count_rounding", "tie", "late_entry_factor", "extra_evidence_bonus",
        "system_outputs_only", "color_hint", "text_length_scores_nothing", "verify_post", "approve_post", "rater",
        "confirm", "evidence_kind", "committee_member_claims_need", "secretary_claims_need", "self_approval_allowed",
    }
)  # fmt: skip
"""What keeps what it is from one edition to the next, or what the program knows but one way of."""
FOR_READING: Mapping[StandardKind, frozenset[str]] = {
    StandardKind.BRANCH_STANDARD: frozenset({"nature"}),
    StandardKind.PARTY_RULES: frozenset(
        {
            "convener", "fixed_day", "one_by_one", "voters", "returned_le_issued", "teller_not_candidate",
            "report_for_approval", "no_vote", "project_branch_min_months", "approval_reply_max_months",
            "village_term_years", "general_branch_members", "party_committee_members", "new_secretary_within_months",
            "grade_names", "bracket_mode", "starts", "transfer_month", "reduction_needs", "voluntary_extra",
            "letter_same_city_days", "extend_times", "hours_per_day", "min_full_members", "usual_max_members",
            "committee_usual_max", "rounding_steps", "may_combine_with", "superseded_by",
        }
    ),
}  # fmt: skip
"""What a file says for people to look up: nothing is reckoned by it, and its form says so."""
LEFT_OF_THE_WHOLE: Mapping[StandardKind, frozenset[str]] = {StandardKind.HORSE_RACE: frozenset({"period"})}
POINT_RULES: Mapping[str, Mapping[str, object]] = {
    ATTENDANCE: {
        "meetings": ["branch_congress"],
        "full_points": 1,
        "full_at": Decimal("0.95"),
        "zero_at": Decimal("0.5"),
        "neutral_reasons": [],
    },
    PER_EVENT: {"source": "", "points": 1, "cap": 1},
    PER_YEAR: {"source": "", "points": 1},
    RATED: {"source": "", "scale_max": 4, "points": 1},
    RATIO: {"source": "", "points": 1},
    HOURS: {"source": "", "full_hours": 32, "points": 1},
    MONTH_RATIO: {"source": "", "points": 1},
}
"""What a rule of points of each way of counting asks for, each with what it begins with. Rules by a table (map) keep
their way.
"""


def point_rule(old: Tree, kind: str) -> Tree:
    """Return a rule of points with another way of counting; what both ask for stays."""
    kept: Tree = {name: old[name] for name in ("id", "name") if name in old}
    asked = {name: old.get(name, begins) for name, begins in POINT_RULES[kind].items()}
    if "source" in asked and not asked["source"]:
        asked["source"] = old.get("source", "")
    return {**kept, "kind": kind, **asked}
