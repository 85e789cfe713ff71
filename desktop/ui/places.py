"""Where in the window a gap is mended: from what a rule says (page, kind, prefill) to an area, a tab and its form."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.models.registers import declared
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.registers import RegisterArea
from desktop.ui.page import RowOf

if TYPE_CHECKING:
    from desktop.services.standards.verdict import Used, Where
    from desktop.ui.page import Desk, Needs

PLACES = {
    "meetings": ("meetings", "list"),
    "members": ("members", "roster"),
    "posts": ("team", "posts"),
    "development": ("members", "development"),
    "pdca": ("improve", "board"),
    "remarks": ("improve", "board"),
    "overview": ("home", "home"),
    "year_turn": ("home", "home"),
    "year_plan": ("meetings", "year"),
    "results": ("standards", "results"),
    "dues": ("members", "dues"),
    "points": ("members", "points"),
    "appraisal": ("meetings", "appraisal"),
    "sampled": ("standards", "sampled"),
    "transfers": ("members", "transfers"),
    "race_result": ("improve", "race"),
    "arranged": ("improve", "following"),
    "profile": ("settings", "profile"),
    "moving": ("archive", "backups"),
    "hand_in": ("archive", "hand_in"),
    "handover": ("settings", "security"),
}
TABLES = {
    "members": "members",
    "posts": "post_assignments",
    "election": "elections",
    "by_election": "elections",
    "term": "terms",
    "pdca": "pdca_plans",
    "remarks": "remark_answers",
    "dues": "dues_payments",
    "points": "points_publications",
    "points_claim": "points_claims",
    "development": "development_steps",
    "year_turn": "duty_list",
    "year_plan": "meetings",
    "appraisal": "appraisals",
    "transfers": "transfer",
    "race_result": "appeals",
    "arranged": "method_spread",
}
"""What is written where a gap of such a page or kind is mended."""
REGISTER_PLACES = {
    RegisterArea.DUTIES: ("team", "duties"),
    RegisterArea.ORG_LIFE: ("meetings", "activities"),
    RegisterArea.CADRES: ("team", "cadres"),
    RegisterArea.LEARNING: ("members", "learning"),
    RegisterArea.DUES: ("members", "learning"),
    RegisterArea.CARRIERS: ("service", "carriers"),
    RegisterArea.SERVING: ("service", "carriers"),
    RegisterArea.VENUES: ("service", "support"),
    RegisterArea.SUPPORT: ("service", "support"),
    RegisterArea.SUPERIOR: ("standards", "superior"),
    RegisterArea.INSPECTIONS: ("standards", "special"),
    RegisterArea.FOLLOWING: ("improve", "following"),
    RegisterArea.EXPERIENCE: ("improve", "experience"),
}
LOOKED_AT = ("meetings", "members", "registers", "arranged")
"""Pages that show one record to whoever may not write it too."""
LOOK = "看记录"
NO_PAGE = "本程序还没有这一项的填写页面"
RECORD_PAGES = {
    "meeting": "meetings",
    "member": "members",
    "development_case": "development",
    "post_assignment": "posts",
    "term": "posts",
    "election": "posts",
    "pdca_plan": "pdca",
    "branch": "overview",
    "appraisal": "appraisal",
    "points_publication": "points",
    "points_claim": "points",
    "sampled_record": "sampled",
    "party_group": "posts",
    "appeal": "race_result",
    "branch_profile": "profile",
}
RECORDS_ABOVE = {
    "sampled_record": ("assess", "sampling"),
    "race_appeal": ("race", "appeals"),
    "branch_profile": ("settings", "profile"),
}
"""Where headquarters has what it wrote itself: a file there hangs on a record that is no branch's page to show."""


def place_of(where: "Where") -> tuple[str, str]:
    """Return (area, tab) of a gap's place."""
    if where.page == "registers":
        return _register_place(where.kind)
    return PLACES.get(where.page, ("", ""))


def _register_place(kind: str) -> tuple[str, str]:
    register = declared(kind)
    return ("", "") if register is None else REGISTER_PLACES[register.area]


def mends(desk: "Desk", where: "Where") -> bool:
    """Return whether the roles of who works here reach to what the gap asks for; else it is the work of others."""
    return desk.allows(_needed(where)) and (where.needs is None or desk.may(where.needs))


def verb_at(desk: "Desk", where: "Where", verb: str) -> str:
    """Return the verb of the way to a gap's place: `verb` for whoever may do it, for others to look where there is
    something to look at, "" where no way is offered."""
    if not desk.has(*place_of(where)):
        return ""
    if mends(desk, where):
        return verb
    if "id" not in where.prefill or where.page not in LOOKED_AT:
        return ""
    return verb if "看" in verb else LOOK


def _needed(where: "Where") -> "Needs":
    """Return what whoever mends a gap has to be allowed."""
    if where.page == "registers":
        return where.kind
    if where.page == "meetings":
        known: dict[str, object] = {"kind": where.kind} if where.kind in set(MeetingKind) else {}
        if "group_id" in where.prefill:
            known["group_id"] = where.prefill["group_id"]
        return RowOf("meetings", **known)
    own = where.kind if where.kind in ("term", "election", "by_election", "points_claim") else where.page
    return TABLES.get(own, where.needs or where.page)


def way_words(desk: "Desk", where: "Where") -> str:
    """Return what is said where no way to the gap's page can be offered; "" where one is."""
    return "" if desk.has(*place_of(where)) else NO_PAGE


def open_where(desk: "Desk", where: "Where") -> None:
    """Go to where a gap is mended, with what the form can be filled with."""
    area, tab = place_of(where)
    prefill: dict[str, Any] = dict(where.prefill)
    record = prefill.pop("id", "")
    desk.open(area, tab, kind=where.kind, record=record, new=not record, prefill=prefill)


def asked_period(prefill: Mapping[str, Any], today: date) -> str:
    """Return in words the period that a gap speaks of, where it is past: its day is for the user to say."""
    try:
        first, last = (date.fromisoformat(str(prefill[name])) for name in ("from", "to"))
    except (KeyError, ValueError):
        return ""
    if last >= today:
        return ""
    year = "" if first.year == today.year else f"{first.year}年"
    month = "" if first.month == last.month else f"{last.month}月"
    return f"{year}{first.month}月{first.day}日至{month}{last.day}日"


def page_of_record(kind: str, above: bool = False) -> tuple[str, str]:
    """Return (area, tab) of the list that a record of `kind` is in; `above`: one of headquarters' own."""
    if above and kind in RECORDS_ABOVE:
        return RECORDS_ABOVE[kind]
    return PLACES[RECORD_PAGES[kind]] if kind in RECORD_PAGES else _register_place(kind)


def page_of_attached(kind: str) -> tuple[str, str]:
    """Return (area, tab) of the list that a record is in which is named as attachments name it, by its table."""
    return PLACES.get(kind) or page_of_record(kind)


def can_open_record(desk: "Desk", used: "Used") -> bool:
    """Return whether the window has the list the record is in, and who works here finds it there."""
    return not used.withheld and desk.has(*page_of_record(used.kind, desk.store.is_headquarters))


def open_record_of(desk: "Desk", branch_id: str, used: "Used") -> None:
    """At headquarters, go to one record of a branch on its own pages, to read."""
    area, tab = page_of_record(used.kind)
    desk.open_branch(branch_id, area, tab, kind=used.kind, record=used.id)


def open_record(desk: "Desk", used: "Used") -> None:
    """Go to one record."""
    area, tab = page_of_record(used.kind, desk.store.is_headquarters)
    desk.open(area, tab, kind=used.kind, record=used.id)
