"""What a standard may speak of: periods, kinds of meeting, conditions, metrics, stages, fields of the roster."""

from collections.abc import Mapping

PERIODS = ("month", "quarter", "half_year", "year")
ITEM_PERIODS = ("once", *PERIODS, "term", "event")
MEETING_KINDS = (
    "branch_congress",
    "committee_meeting",
    "group_meeting",
    "party_lecture",
    "theme_day",
    "org_life_meeting",
    "democratic_appraisal",
)
EACH = (
    "member",
    "committee_member",
    "secretary",
    "group",
    "activist",
    "mobile_member",
    "signed_post",
    "assigned_member",
    "mentoring_pair",
)
CONDITIONS = ("has_committee", "has_groups", "has_activists")
METRICS = (
    "brand_target_ratio",
    "commitment_kept_ratio",
    "idea_implemented_ratio",
    "issue_closed_ratio",
    "meeting_task_done_ratio",
    "opinion_reply_ratio",
    "party_plus_target_ratio",
    "pdca_target_ratio",
    "theme_day_followup_ratio",
    "venue_use_match_ratio",
)
PDCA_STAGES = ("planning", "doing", "checking", "adjusting", "closed")
TALK_PAIRS = ("committee-committee", "committee-member", "member-any")
ISSUE_SOURCES = ("org_life", "inspection", "appraisal", "opinion")
ROSTER_FIELDS = (
    "name",
    "id_no",
    "gender",
    "ethnic",
    "born_on",
    "native_place",
    "education",
    "degree",
    "job_title",
    "unit",
    "phone",
    "admitted_on",
    "full_on",
    "category",
    "group_id",
)
ENTITY_STATES: Mapping[str, tuple[str, ...]] = {
    "party_plus_project": ("proposed", "approved", "active", "evaluated", "closed"),
    "lean_project": ("proposed", "approved", "running", "verified", "closed", "promoted"),
    "practical_deed": ("collected", "selected", "doing", "done", "reviewed"),
    "improvement_idea": ("submitted", "reviewed", "adopted", "implemented", "effect_confirmed"),
    "brand": ("conceived", "declared", "building", "reviewed", "recognised", "promoted", "retired"),
}
MEASURED = frozenset({"party_plus_project", "lean_project"})
"""Projects that end with figures: base, goal and what was reached."""
END_STATES = frozenset({"closed", "done", "promoted", "effect_confirmed", "retired"})
