"""Which record is evidence of which item, and the one number it keeps everywhere: 2026-D4-01-003.

A record may count for several items (a lecture of the secretary for 党课 and for 书记讲党课). It is bound once, at the
item that asks for exactly its kind, and numbered there; the others refer to that number.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from desktop.models.registers import REGISTERS
from desktop.services.standards.kinds import PUBLICATION
from desktop.services.standards.pack import Rule
from desktop.services.standards.score import Score
from desktop.services.standards.verdict import Used

MEETING, PLAN = "meeting", "pdca_plan"
ADMISSION = "development_case"
BRANCH, GROUP, TERM, POST, MEMBER = "branch", "party_group", "term", "post_assignment", "member"
ELECTION = "election"
YEAR_PLAN = "year_plan"
ORGANISATION = (BRANCH, GROUP, TERM, POST, ELECTION)
"""Records of the body itself. A member is a line of the roster and a paper of its own only where files are attached."""

_BY_THE_WAY = ("attendance_rate", "archive_ready", "vote_valid")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A record that is bound into the archive, at its item."""

    number: str
    item_id: str
    used: Used


@dataclass(frozen=True)
class Numbers:
    """The numbers of a year: by record, and by item in the order of binding."""

    of_record: Mapping[tuple[str, str], Numbered]
    of_item: Mapping[str, tuple[Numbered, ...]]

    def find(self, used: Used) -> Numbered | None:
        """Return where a record is bound; None if it is only a line of a list (roster, dues …)."""
        return self.of_record.get((used.kind, used.id))


def is_bound(used: Used) -> bool:
    """Tell whether a record is a paper of its own: a meeting, a row of a register, a plan, an admission, a term …"""
    return used.kind in (MEETING, PLAN, ADMISSION, PUBLICATION, *ORGANISATION) or used.kind in REGISTERS


def number_evidence(score: Score) -> Numbers:
    """Return the number of every record that a score rests on."""
    wanted: defaultdict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
    records: dict[tuple[str, str], Used] = {}
    for position, item in enumerate(score.items):
        closeness = _closeness(item.item.rule)
        for used in item.used:
            if is_bound(used):
                key = used.kind, used.id
                wanted[key].append((closeness, position, item.id))
                records.setdefault(key, used)
    homes: defaultdict[str, list[Used]] = defaultdict(list)
    for key, claims in wanted.items():
        homes[min(claims)[2]].append(records[key])
    of_item = {item_id: _numbered(score.year, item_id, used) for item_id, used in homes.items()}
    return Numbers({(n.used.kind, n.used.id): n for each in of_item.values() for n in each}, of_item)


def home_of_kind(score: Score, kind: str, meeting: str = "") -> str | None:
    """Return the item that asks for records of `kind` (for meetings: of the kind `meeting`) and nothing more."""
    for item in score.items:
        rule = item.item.rule
        for each in (rule, *rule.rules):
            if _closeness(each):
                continue
            asked = each.params.get("record") or each.params.get("entity")
            if (kind == MEETING and each.params.get("meeting") == meeting) or asked == kind:
                return item.id
    return None


def home_of_rule(score: Score, rule: str) -> str | None:
    """Return the first item that is judged by a rule of this kind."""
    for item in score.items:
        if rule in (item.item.rule.kind, *(each.kind for each in item.item.rule.rules)):
            return item.id
    return None


def _numbered(year: int, item_id: str, used: Iterable[Used]) -> tuple[Numbered, ...]:
    ordered = sorted(used, key=lambda record: (record.on or date.min, record.id))
    return tuple(Numbered(f"{year}-{item_id}-{n:03d}", item_id, record) for n, record in enumerate(ordered, start=1))


def _closeness(rule: Rule) -> int:
    """Return 0 where a rule asks for exactly one kind of record; more, the more it only looks at it by the way."""
    if rule.rules:
        return min(map(_closeness, rule.rules))
    if rule.kind in _BY_THE_WAY:
        return 3
    if rule.kind == "meeting_count":
        narrowed = "agenda_tag" in rule.params or "speaker_post" in rule.params or rule.params.get("meeting") == "any"
        return 2 if narrowed else 0
    if rule.kind == "record_count":
        return 1 if "tag" in rule.params else 0
    return 0 if rule.kind == "project_state" else 1
