"""The numbers of the regulations (党内法规) that rules and services share: read from TOML, every number checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from desktop.paths import resource
from desktop.services.development.rules import (
    DevelopmentRules,
    DevelopmentStage,
    DevelopmentStep,
    read_editions,
    read_stages,
    read_steps,
)
from desktop.services.errors import PackInvalid
from desktop.services.quoting import quoted
from desktop.services.standards.appraisal_rules import AppraisalRules, read_appraisal
from desktop.services.standards.dues_rules import DuesRules, read_dues
from desktop.services.standards.pack import Basis
from desktop.services.standards.shapes import refuse_strange
from desktop.services.standards.vocabulary import MEETING_KINDS, PERIODS
from desktop.services.toml_tables import Table, parse_toml, read_toml
from desktop.services.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Comparison:
    """A share of a count of people, `of` those due or present, to be reached ("ge") or passed ("gt", 过半数)."""

    of: str
    num: int
    den: int
    cmp: str

    def holds(self, count: int, due: int, present: int) -> bool:
        """Return whether `count` reaches the threshold, exactly (no floats)."""
        left, right = count * self.den, self._whole(due, present) * self.num
        return left > right if self.cmp == "gt" else left >= right

    def least(self, due: int, present: int) -> int:
        """Return the smallest count that reaches the threshold."""
        exact, rest = divmod(self._whole(due, present) * self.num, self.den)
        return exact + 1 if rest or self.cmp == "gt" else exact

    def words(self) -> str:
        """Return the share in the regulations' words: 应到会人数的半数以上."""
        whole = "应到会" if self.of == "due" else "实到会"
        if (self.num, self.den) == (1, 2):
            return f"{whole}人数的{'过半数' if self.cmp == 'gt' else '半数以上'}"
        digits = "〇一二三四五六七八九十"
        known = max(self.num, self.den) < len(digits)
        share = f"{digits[self.den]}分之{digits[self.num]}" if known else f"{self.num}/{self.den}"
        return f"{whole}人数的{share}{'（超过）' if self.cmp == 'gt' else '（不少于）'}"

    def _whole(self, due: int, present: int) -> int:
        return due if self.of == "due" else present


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRule:
    """When a vote of this kind is valid and when it is carried, and the clause that says so.

    `election`: decided per candidate (当选) instead of per motion (通过). `held_in`: the kind of meeting it belongs
    to, empty where it is at home in any. `surplus`: by what share of the seats candidates must exceed them (差额).
    `equal_number`: as many candidates as seats (等额). `unfilled`: how many of those present must agree before seats
    that nobody won stay empty.
    `written_counts`: an opinion handed in beforehand by an absent voter counts in favour or not, never as present.
    """

    id: str
    name: str
    quorum: Comparison
    passing: Comparison
    election: bool
    secret: bool
    surplus: Fraction
    held_in: str
    written_counts: bool
    basis: str
    confidence: str
    equal_number: bool = False
    unfilled: Comparison | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRule:
    """How often a kind of meeting is due; `closes` ("03-31") for kinds that count for a year (所属年度).

    `quorum`: how many of those expected must be there for the meeting to be one; None where no rule says so.
    """

    id: str
    name: str
    min: int
    per: str
    counts_for: str
    closes: str
    quorum: Comparison | None
    each: str
    applies_if: str
    basis: str
    confidence: str


QUORUMS = {"half_or_more_of_committee": Comparison("due", 1, 2, "ge")}
"""The words by which a kind of meeting says its quorum."""


@dataclass(frozen=True, slots=True)
class LeaveReason:
    """A word for leave (请假事由) and other words for the same."""

    name: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRule:
    """Class hours (学时): which meetings count and for how much."""

    member_hours: int
    committee_hours: int
    committee_min_sessions: int
    hours_per_day: int
    study_meetings: tuple[str, ...]
    hours_per_meeting: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchLimits:
    """Numbers about the branch itself."""

    min_full_members: int
    usual_max_members: int
    joint_branch_max_units: int
    committee_threshold: int
    committee_min: int
    committee_usual_max: int
    committee_max: int
    term_years: int
    term_shift_max_years: int
    secretary_min_party_years: int


@dataclass(frozen=True, kw_only=True)
class PartyRules:
    """The numbers of the regulations (党内法规) that rules and services share."""

    version: str
    as_of: date
    regulations: tuple[Basis, ...]
    meetings: Mapping[str, MeetingRule]
    votes: Mapping[str, VoteRule]
    branch: BranchLimits
    training: TrainingRule
    development: Mapping[str, DevelopmentRules]
    development_stages: tuple[DevelopmentStage, ...]
    development_steps: tuple[DevelopmentStep, ...]
    calendars: Mapping[int, WorkCalendar]
    due_exclusions: tuple[str, ...]
    leave_reasons: tuple[LeaveReason, ...]
    without_leave: tuple[str, ...]
    dues: DuesRules
    appraisal: AppraisalRules
    letter_max_days: int

    def quorate(self, meeting: str, due: int, present: int) -> bool:
        """Return whether a meeting of this kind is valid by how many of those expected came; no list says nothing."""
        rule = self.meetings.get(meeting)
        return not due or rule is None or rule.quorum is None or rule.quorum.holds(present, due, present)

    def leave_word(self, reason: str) -> str:
        """Return the standard's word for what was given as reason of leave: 出差 is 公差, 病假住院 is 病假."""
        words = {word: known.name for known in self.leave_reasons for word in (known.name, *known.synonyms)}
        text = "".join(reason.split())
        if text in words:
            return words[text]
        begun = max((word for word in words if text.startswith(word)), key=len, default="")
        return words.get(begun, text)

    def excuses(self, reason: str) -> bool:
        """Return whether what was given as reason of an absence speaks of leave: 无故缺席 does not, nor no word."""
        text = "".join(reason.split())
        return bool(text) and not text.startswith(self.without_leave)

    def regulation(self, regulation_id: str) -> str:
        """Return the name of a regulation, its id where the file does not name it."""
        return next((known.name for known in self.regulations if known.id == regulation_id), regulation_id)

    def closes(self, meeting: str) -> str:
        """Return "MM-DD" of the next year at which a for-year kind closes, "" for kinds counted by date."""
        rule = self.meetings.get(meeting)
        return rule.closes if rule and rule.counts_for == "for_year" else ""


def parse_party_rules(
    source: str | bytes,
    file: str = "party_rules.toml",
    faults: list[PackInvalid] | None = None,
    *,
    strict: bool = False,
) -> PartyRules:
    """Read the numbers of the regulations. Fields that only people read are left where they are; `strict` (as
    `read_toml`) they are checked, too.

    Raises:
        PackInvalid: a number the program computes with is missing or of the wrong type.
    """
    root = read_toml(source, file, faults=faults, strict=strict)
    root.choice("schema", ("party-rules/1",), "格式")
    votes = {rule.id: rule for rule in root.rows("votes", _vote, whole=False)}
    for kind in ("congress_ordinary", "committee_decision"):
        if kind not in votes:
            root.refuse("votes", f"缺少表决种类“{kind}”", whole=True)
    rules = PartyRules(
        version=root.text("version"),
        as_of=root.day("as_of"),
        regulations=root.rows("regulations", _regulation, whole=False),
        meetings={rule.id: rule for rule in root.rows("meetings", _meeting, whole=False)},
        votes=votes,
        branch=_branch_limits(root.table("branch")),
        training=_training(root.table("training")),
        development=read_editions(root),
        development_stages=read_stages(root),
        development_steps=read_steps(root),
        calendars={
            calendar.year: calendar
            for calendar in root.rows("work_calendar", _calendar, key="year", least=0, whole=False)
        },
        due_exclusions=root.table("due_exclusions").texts("reasons"),
        leave_reasons=root.rows("leave_reasons", _leave_reason, key="name") if root.has("leave_reasons") else (),
        without_leave=root.table("absence").texts("without_leave") if root.has("absence") else (),
        dues=read_dues(root.table("dues")),
        appraisal=read_appraisal(root.table("appraisal"), root.table("training").integer("hours_per_half_day")),
        letter_max_days=root.table("membership").integer("letter_max_days"),
    )
    if strict:
        refuse_strange(root, _brought())
    return rules


@cache
def _brought() -> Mapping[str, object]:
    """Return the file that the program brings."""
    return parse_toml(resource("standards/party_rules.toml").read_bytes(), "party_rules.toml")


def _leave_reason(table: Table) -> LeaveReason:
    return LeaveReason(table.text("name"), table.texts("synonyms", ()))


def _regulation(table: Table) -> Basis:
    return Basis(
        table.text("id"), table.text("name"), table.day("effective_from").isoformat(), table.text("status", "")
    )


def _branch_limits(table: Table) -> BranchLimits:
    return BranchLimits(
        min_full_members=table.integer("min_full_members", least=1),
        usual_max_members=table.integer("usual_max_members", least=1),
        joint_branch_max_units=table.integer("joint_branch_max_units", least=1),
        committee_threshold=table.integer("committee_threshold_full_members", least=1),
        committee_min=table.integer("committee_min", least=1),
        committee_usual_max=table.integer("committee_usual_max", least=1),
        committee_max=table.integer("committee_max", least=1),
        term_years=table.integer("term_years", least=1),
        term_shift_max_years=table.integer("term_shift_max_years", default=1),
        secretary_min_party_years=table.integer("secretary_min_party_years", default=0),
    )


def _training(table: Table) -> TrainingRule:
    return TrainingRule(
        member_hours=table.integer("member_hours"),
        committee_hours=table.integer("committee_hours"),
        committee_min_sessions=table.integer("committee_min_sessions"),
        hours_per_day=table.integer("hours_per_day"),
        study_meetings=table.choices("study_meetings", MEETING_KINDS, "会议种类"),
        hours_per_meeting=table.number("hours_per_meeting"),
    )


def _comparison(table: Table) -> Comparison:
    found = Comparison(
        table.choice("of", ("due", "present"), "基数"),
        table.integer("num", least=1),
        table.integer("den", least=1),
        table.choice("cmp", ("gt", "ge"), "比较"),
    )
    table.done()
    return found


def _written_counts(table: Table) -> bool:
    """Whether written opinions count: by a former edition, which only noted that it was to be verified, they do not."""
    field = "written_opinion_counts"
    if table.is_text(field):
        table.choice(field, ("verify",), "取值")
        return False
    return table.yes_no(field, default=False)


def _vote(table: Table) -> VoteRule:
    election = table.has("elected")
    passing = "elected" if election else "pass"
    return VoteRule(
        id=table.text("id"),
        name=table.text("name"),
        quorum=_comparison(table.table("quorum", f"{table.item} quorum")),
        passing=_comparison(table.table(passing, f"{table.item} {passing}")),
        election=election,
        secret=table.yes_no("secret", default=False),
        surplus=table.share("surplus_candidates_ratio") if table.has("surplus_candidates_ratio") else Fraction(0),
        held_in=table.choice("held_in", MEETING_KINDS, "会议种类", default=""),
        written_counts=_written_counts(table),
        basis=table.text("basis"),
        confidence=table.text("confidence"),
        equal_number=table.yes_no("equal_number", default=False),
        unfilled=_comparison(table.table("unfilled", f"{table.item} unfilled")) if table.has("unfilled") else None,
    )


def _meeting(table: Table) -> MeetingRule:
    closes = table.text("closes", "")
    if closes:
        try:
            date.fromisoformat(f"2001-{closes}")
        except ValueError:
            table.refuse("closes", "应为“月-日”")
    return MeetingRule(
        id=table.text("id"),
        name=table.text("name"),
        min=table.integer("min", least=1),
        per=table.choice("per", PERIODS, "周期"),
        counts_for=table.choice("counts_for", ("for_year", "held_on"), "计入方式", default="held_on"),
        closes=closes,
        quorum=QUORUMS[table.choice("quorum", tuple(QUORUMS), "到会要求")] if table.has("quorum") else None,
        each=table.text("each", ""),
        applies_if=table.text("applies_if", ""),
        basis=table.text("basis"),
        confidence=table.text("confidence"),
    )


def _calendar(table: Table) -> WorkCalendar:
    year = table.integer("year", least=1900)
    days: list[frozenset[str]] = []
    for field in ("holidays", "extra_workdays"):
        values = table.texts(field)
        for value in values:
            try:
                date.fromisoformat(f"{year}-{value}")
            except ValueError:
                table.refuse(field, f"{quoted(value)}不是日期")
        days.append(frozenset(values))
    return WorkCalendar(year, days[0], days[1])
