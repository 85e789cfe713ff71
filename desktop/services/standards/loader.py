"""Facts of one branch from the database: a dozen plain SQL queries, no mapped object per row."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Date,
    Select,
    String,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from desktop.models.branches import Branch, PartyGroup, PostAssignment, Term
from desktop.models.brands import Brand
from desktop.models.duties import DutyList, Talk
from desktop.models.improvement import Issue, PdcaAction, PdcaPlan, PdcaStep
from desktop.models.initiatives import PartyPlusProject
from desktop.models.learning import TrainingRecord
from desktop.models.meetings import ActionItem, AppraisalResult, Attendance, Meeting, Vote
from desktop.models.members import Member, MemberCondition, StatusChange
from desktop.models.race import RaceResult
from desktop.models.registers import REGISTERS, Register, StateChange
from desktop.models.standards import GateFinding
from desktop.models.venues import Venue
from desktop.models.vocabulary import (
    AppraisalGrade,
    GroupState,
    IssueSource,
    MeetingState,
    MemberStatus,
    PdcaStage,
    PledgeResult,
    Post,
)
from desktop.models.volunteering import CustomerAssignment, MentoringPair, OpinionRound, VolunteerActivity
from desktop.services.standards.facts import (
    ACTIVITY_KINDS,
    AppraisalFact,
    AttendanceFact,
    ClassFact,
    Facts,
    Flag,
    GateFact,
    GroupFact,
    HoursFact,
    MeetingFact,
    MemberFact,
    PlanFact,
    PostFact,
    RecordFact,
    SubjectFact,
    TalkFact,
    Target,
    TaskFact,
    TermFact,
    VoteFact,
)
from desktop.services.standards.vocabulary import ENTITY_STATES, ROSTER_FIELDS

COUNTED = tuple(state for state in MeetingState if state.counts)
NEVER = date.min
STAGE_OF_LETTER = {"P": "planning", "D": "doing", "C": "checking", "A": "adjusting"}
OTHER_NAMES = {
    "dues_payment": "党费收缴台账",
    "development_case": "发展党员台账",
    "transfer": "组织关系转接",
    "points_publication": "积分公示",
    "pdca_plan": "提质升级计划",
}

_one: BindParameter[str] = bindparam("branch")
_day: BindParameter[date] = bindparam("first")
_end: BindParameter[date] = bindparam("last")
_year: BindParameter[int] = bindparam("year")


def kept_kinds() -> frozenset[str]:
    """Return the kinds of record this program keeps: every declared register, and what has its own tables."""
    return frozenset({*REGISTERS, "member", "meeting", "appraisal", "pdca_plan"})


@cache
def register_names() -> Mapping[str, str]:
    """Return the Chinese names of registers, their states, sources of issues and stages of plans."""
    found = dict(OTHER_NAMES)
    for kind, register in REGISTERS.items():
        found[kind] = register.title
        states = next((f.choices for f in register.fields if f.name == "state"), None)
        for state in states or ():
            found[f"{kind}.{state.value}"] = state.label
    found.update({f"issue.{source.value}": source.label for source in IssueSource})
    found.update({f"pdca_plan.{stage.value}": stage.label for stage in PdcaStage})
    return found


def load_facts(session: Session, branch_id: str, year: int, race_scheme: str = "") -> Facts:
    """Return what the rules need about one branch for one year.

    Args:
        race_scheme: text of the race scheme in force, for the stages its PDCA templates ask for.
    """
    load = _Load(session, branch_id, year)
    load.venues = dict(load.all(_VENUES))
    profile = load.all(
        select(Branch.name, Branch.kind, Branch.founded_on, Branch.covered_units, Branch.recorded_since).where(
            Branch.branch_id == _one
        )
    )
    name, kind, founded_on, units, recorded_since = profile[0] if profile else ("", "branch", None, [], None)
    meetings = load.meetings()
    members = load.members()
    records = load.records()
    return Facts(
        name=name,
        kind=str(kind),
        founded_on=founded_on,
        covered_units=len(units) if units else None,
        store_created_on=recorded_since,
        kept=kept_kinds(),
        members=members,
        groups=load.groups(),
        posts=load.posts(),
        terms=load.terms(),
        meetings=meetings,
        records=records,
        subjects=load.subjects(members),
        training=load.hours(TrainingRecord, TrainingRecord.participants, TrainingRecord.centralised),
        volunteering=load.hours(VolunteerActivity, VolunteerActivity.hours, literal(True)),
        talks=load.talks(),
        appraisals=load.appraisals(members, meetings),
        issues=load.issues(),
        opinions=load.opinions(),
        plans=load.plans(),
        classes=load.classes(),
        plan_templates=plan_templates(race_scheme) if race_scheme else {},
        gates=load.gates(),
        names=register_names(),
    )


@lru_cache(maxsize=8)
def plan_templates(race_scheme: str) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Return by race class the stages a plan must reach and within how many days, from the race scheme's text."""
    return {
        template["class"]: tuple((STAGE_OF_LETTER[step["stage"]], step["within_days"]) for step in template["steps"])
        for template in tomllib.loads(race_scheme).get("pdca_templates", ())
    }


class _Load:
    """One reading of one branch's year; every method is one or two queries."""

    def __init__(self, session: Session, branch_id: str, year: int) -> None:
        self._connection = session.connection()
        self._given = {
            "branch": branch_id,
            "year": year,
            "first": date(year, 1, 1),
            "last": date(year, 12, 31),
        }
        self._year = year
        self._leaders: dict[str, str] = {}
        self.venues: dict[str, str] = {}

    def all(self, statement: Any) -> Sequence[Any]:
        return self._connection.execute(statement, self._given).all()

    def members(self) -> tuple[MemberFact, ...]:
        flags: dict[str, list[Flag]] = defaultdict(list)
        for member_id, kind, since, until in self.all(_CONDITIONS):
            flags[member_id].append(Flag(str(kind), since, until))
        changes: dict[str, list[tuple[MemberStatus, date]]] = defaultdict(list)
        for member_id, status, on in self.all(_STATUS_CHANGES):
            changes[member_id].append((status, on))
        found = []
        for row in self.all(_MEMBERS):
            values = dict(zip(_MEMBER_FIELDS, row[: len(_MEMBER_FIELDS)], strict=True))
            member_id, status, dues_class, joined_on, left_on = row[len(_MEMBER_FIELDS) :]
            history = changes.get(member_id, [])
            own = flags.get(member_id, [])
            own.extend(_suspensions(status, history))
            if dues_class == "retired" and not any(flag.name == "retired" for flag in own):
                own.append(Flag("retired"))
            until = left_on - timedelta(days=1) if left_on else None
            if until is None and not status.on_roster:
                gone = [on for to, on in history if to == status]
                until = gone[-1] - timedelta(days=1) if gone else NEVER
            found.append(
                MemberFact(
                    id=member_id,
                    name=values["name"],
                    category=str(values["category"]),
                    since=joined_on or values["admitted_on"],
                    until=until,
                    admitted_on=values["admitted_on"],
                    full_on=values["full_on"],
                    group_id=values["group_id"],
                    flags=tuple(own),
                    filled=frozenset(field for field, value in values.items() if value not in (None, "")),
                )
            )
        return tuple(found)

    def posts(self) -> tuple[PostFact, ...]:
        found = []
        for post_id, member_id, post, since, until, group_id in self.all(_POSTS):
            found.append(PostFact(post_id, member_id, post.value, since, until))
            if post is Post.GROUP_LEADER and group_id and until is None:
                self._leaders[group_id] = member_id
        return tuple(found)

    def groups(self) -> tuple[GroupFact, ...]:
        self.posts()
        return tuple(
            GroupFact(
                group_id,
                name,
                self._leaders.get(group_id),
                since,
                dissolved_on or (NEVER if state is GroupState.DISSOLVED else None),
            )
            for group_id, name, since, dissolved_on, state in self.all(_GROUPS)
        )

    def terms(self) -> tuple[TermFact, ...]:
        return tuple(
            TermFact(term_id, elected, expires, ended, shifted, approval or ("已批准" if shifted else ""))
            for term_id, elected, expires, ended, shifted, approval in self.all(_TERMS)
        )

    def meetings(self) -> tuple[MeetingFact, ...]:
        attendance: dict[str, list[AttendanceFact]] = defaultdict(list)
        for meeting_id, member_id, state, reason in self.all(_ATTENDANCE):
            attendance[meeting_id].append(AttendanceFact(member_id, state, reason or ""))
        votes: dict[str, list[VoteFact]] = defaultdict(list)
        for meeting_id, *vote in self.all(_VOTES):
            votes[meeting_id].append(VoteFact(*vote))
        tasks: dict[str, list[TaskFact]] = defaultdict(list)
        for meeting_id, task_id, what, due, done, owner in self.all(_TASKS):
            tasks[meeting_id].append(TaskFact(task_id, what, due, done, owner=owner or ""))
        found = []
        for row in self.all(_MEETINGS):
            found.append(
                MeetingFact(
                    id=row.id,
                    kind=row.kind.value,
                    held_on=row.held_on,
                    title=row.topic,
                    for_year=row.for_year,
                    group_id=row.group_id,
                    speaker_ids=frozenset(row.speaker_ids or ()),
                    agenda_tags=frozenset(row.tags or ()),
                    attendance=tuple(attendance.get(row.id, ())),
                    votes=tuple(votes.get(row.id, ())),
                    tasks=tuple(tasks.get(row.id, ())),
                    followed_up=bool(row.follow_up and row.follow_up.strip()),
                    confirmed_on=row.confirmed_on,
                    created_on=_utc_day(row.created_at_utc),
                    minutes=_minutes(row.started_at, row.ended_at),
                    venue_id=row.venue_id or self.venues.get((row.place or "").strip()),
                )
            )
        return tuple(found)

    def records(self) -> tuple[RecordFact, ...]:
        changes: dict[str, list[tuple[str, date]]] = defaultdict(list)
        for record_id, state, on in self.all(_STATE_CHANGES):
            changes[record_id].append((state, on))
        targets: dict[str, tuple[Target, ...]] = {
            record_id: tuple(_target(line) for line in lines or ()) for record_id, lines in self.all(_TARGETS)
        }
        found = []
        for row in self.all(_records()):
            kind, record_id, event_on, title, subject, tag, venue, created, outcome, state, state_on, *days = row
            when = event_on or state_on or _utc_day(created) or NEVER
            states: tuple[tuple[str, date], ...] = ()
            if state is not None:
                own = dict(zip(_stage_dates(kind), days, strict=False))
                states = _timeline(kind, state, state_on or when, changes.get(record_id, []), own)
            found.append(
                RecordFact(
                    id=record_id,
                    kind=kind,
                    event_on=when,
                    title=title or "",
                    subjects=frozenset((subject,)) if subject else frozenset(),
                    tags=frozenset((tag,)) if tag else frozenset(),
                    states=states,
                    targets=targets.get(record_id, ()),
                    outcome=None if outcome is None else outcome == PledgeResult.KEPT.value,
                    created_on=_utc_day(created),
                    venue_id=venue if kind not in ACTIVITY_KINDS else self.venues.get((venue or "").strip()),
                )
            )
        return tuple(found)

    def subjects(self, members: Iterable[MemberFact]) -> Mapping[str, tuple[SubjectFact, ...]]:
        names = {m.id: m.name for m in members}
        signed = tuple(
            SubjectFact(list_id, title, date(year, 1, 1), date(year, 12, 31))
            for list_id, title, year in self.all(_DUTY_LISTS)
        )
        spans: dict[str, list[tuple[date | None, date | None]]] = defaultdict(list)
        for member_id, since, until in self.all(_ASSIGNMENTS):
            spans[member_id].append((since, until))
        assigned = tuple(
            SubjectFact(
                member_id,
                names.get(member_id, ""),
                None if any(since is None for since, _ in own) else min(since for since, _ in own if since),
                None if any(until is None for _, until in own) else max(until for _, until in own if until),
            )
            for member_id, own in spans.items()
        )
        pairs = tuple(SubjectFact(*row) for row in self.all(_PAIRS))
        return {"signed_post": signed, "assigned_member": assigned, "mentoring_pair": pairs}

    def hours(self, model: Any, lines: Any, central: Any) -> tuple[HoursFact, ...]:
        rows = self.all(
            select(model.id, model.event_on, model.title, type_coerce(lines, JSON), central).where(
                model.branch_id == _one, model.deleted_at_utc.is_(None), model.event_on.between(_day, _end)
            )
        )
        return tuple(
            HoursFact(
                record_id, line["member_id"], on, int(Fraction(str(line.get("hours") or 0)) * 60), bool(course), title
            )
            for record_id, on, title, people, course in rows
            for line in people or ()
            if line.get("member_id")
        )

    def talks(self) -> tuple[TalkFact, ...]:
        return tuple(
            TalkFact(talk_id, on, talker, talkee, kind.value)
            for talk_id, on, talker, talkee, kind in self.all(_TALKS)
            if talker and talkee
        )

    def appraisals(self, members: Sequence[MemberFact], meetings: Sequence[MeetingFact]) -> tuple[AppraisalFact, ...]:
        rows = self.all(_APPRAISALS)
        if not rows:
            return ()
        held = [m.held_on for m in meetings if m.kind == "democratic_appraisal" and m.for_year == self._year]
        on = max(held) if held else min(_utc_day(row[2]) or date(self._year, 12, 31) for row in rows)
        by_id = {m.id: m for m in members}
        total = sum(m.on_roster(on) for m in members)
        probationary = sum(1 for member_id, *_ in rows if member_id in by_id and not by_id[member_id].is_full(on))
        excellent = sum(grade is AppraisalGrade.EXCELLENT for _, grade, _ in rows)
        return (AppraisalFact(f"appraisal-{self._year}", self._year, on, total, excellent, probationary),)

    def issues(self) -> tuple[TaskFact, ...]:
        return tuple(
            TaskFact(issue_id, title, due, closed, source.value, opened, owner or "")
            for issue_id, title, due, closed, source, opened, owner in self.all(_ISSUES)
        )

    def opinions(self) -> tuple[TaskFact, ...]:
        return tuple(
            TaskFact(
                round_id,
                line.get("text") or title,
                _day_of(line.get("reply_due")),
                _day_of(line.get("replied_on")),
                "opinion",
                on,
            )
            for round_id, on, title, lines in self.all(_OPINIONS)
            for line in lines or ()
        )

    def plans(self) -> tuple[PlanFact, ...]:
        stages: dict[str, list[tuple[str, date]]] = defaultdict(list)
        for plan_id, stage, on in self.all(_PLAN_STEPS):
            name = PdcaStage.CLOSED if stage is PdcaStage.ROLLED_OVER else stage
            stages[plan_id].append((name.value, on))
        actions: dict[str, list[Target]] = defaultdict(list)
        for plan_id, *target in self.all(_PLAN_ACTIONS):
            actions[plan_id].append(Target(*target))
        return tuple(
            PlanFact(
                plan_id,
                race_class.value,
                opened_on,
                tuple(stages.get(plan_id, ())),
                tuple(actions.get(plan_id, ())),
                title,
            )
            for plan_id, race_class, opened_on, title in self.all(_PLANS)
        )

    def classes(self) -> tuple[ClassFact, ...]:
        return tuple(
            ClassFact(race_class.value, published_on or _period_end(period))
            for race_class, published_on, period in self.all(_CLASSES)
        )

    def gates(self) -> tuple[GateFact, ...]:
        return tuple(GateFact(gate, ground, item or "", on) for gate, ground, item, on in self.all(_GATES))


def _live(model: Any) -> Any:
    return (model.branch_id == _one) & model.deleted_at_utc.is_(None)


_MEMBER_FIELDS = ROSTER_FIELDS
_MEMBERS = (
    select(
        *(getattr(Member, field) for field in ROSTER_FIELDS),
        Member.id,
        Member.status,
        Member.dues_class,
        Member.joined_on,
        Member.left_on,
    )
    .where(_live(Member))
    .order_by(Member.id)
)
_CONDITIONS = select(
    MemberCondition.member_id, MemberCondition.kind, MemberCondition.from_on, MemberCondition.to_on
).where(_live(MemberCondition))
_STATUS_CHANGES = (
    select(StatusChange.member_id, StatusChange.to_status, StatusChange.on)
    .where(_live(StatusChange))
    .order_by(StatusChange.on, StatusChange.id)
)
_POSTS = (
    select(
        PostAssignment.id,
        PostAssignment.member_id,
        PostAssignment.post,
        PostAssignment.from_on,
        PostAssignment.to_on,
        PostAssignment.group_id,
    )
    .where(_live(PostAssignment))
    .order_by(PostAssignment.from_on, PostAssignment.id)
)
_GROUPS = (
    select(PartyGroup.id, PartyGroup.name, PartyGroup.from_on, PartyGroup.dissolved_on, PartyGroup.state)
    .where(_live(PartyGroup))
    .order_by(PartyGroup.id)
)
_TERMS = select(
    Term.id, Term.elected_on, Term.expires_on, Term.handed_over_on, Term.shifted_to, Term.shift_approval_no
).where(_live(Term))

_VENUES = select(Venue.title, Venue.id).where(_live(Venue)).order_by(Venue.id)

_of_year = or_(Meeting.held_on.between(_day, _end), Meeting.for_year == _year)
_with_due_task = Meeting.id.in_(
    select(ActionItem.meeting_id).where(ActionItem.branch_id == _one, ActionItem.due_on.between(_day, _end))
)
_counted = _live(Meeting) & Meeting.state.in_(COUNTED)
_MEETINGS = (
    select(
        Meeting.id,
        Meeting.kind,
        Meeting.held_on,
        Meeting.topic,
        Meeting.for_year,
        Meeting.group_id,
        Meeting.speaker_ids,
        Meeting.tags,
        Meeting.follow_up,
        Meeting.confirmed_on,
        Meeting.created_at_utc,
        Meeting.started_at,
        Meeting.ended_at,
        Meeting.venue_id,
        Meeting.place,
    )
    .where(_counted, or_(_of_year, _with_due_task))
    .order_by(Meeting.held_on, Meeting.id)
)
_ATTENDANCE = (
    select(Attendance.meeting_id, Attendance.member_id, cast(Attendance.state, String), Attendance.reason)
    .join(Meeting, Meeting.id == Attendance.meeting_id)
    .where(_counted, Meeting.held_on.between(_day, _end))
)
_VOTES = (
    select(
        Vote.meeting_id,
        Vote.id,
        Vote.kind,
        Vote.subject,
        Vote.due,
        Vote.present,
        Vote.yes,
        Vote.no,
        Vote.abstain,
        Vote.declared_passed,
    )
    .join(Meeting, Meeting.id == Vote.meeting_id)
    .where(_counted, Meeting.held_on.between(_day, _end))
    .order_by(Vote.meeting_id, Vote.position)
)
_TASKS = (
    select(
        ActionItem.meeting_id,
        ActionItem.id,
        ActionItem.what,
        ActionItem.due_on,
        ActionItem.done_on,
        ActionItem.owner_id,
    )
    .join(Meeting, Meeting.id == ActionItem.meeting_id)
    .where(_counted, or_(Meeting.held_on.between(_day, _end), ActionItem.due_on.between(_day, _end)))
    .order_by(ActionItem.meeting_id, ActionItem.position)
)
_STATE_CHANGES = (
    select(StateChange.record_id, StateChange.state, StateChange.on)
    .where(_live(StateChange))
    .order_by(StateChange.on, StateChange.id)
)
_TARGETS = union_all(
    *(select(model.id, type_coerce(model.targets, JSON)).where(_live(model)) for model in (Brand, PartyPlusProject))
)
_DUTY_LISTS = (
    select(DutyList.id, DutyList.title, DutyList.year)
    .where(_live(DutyList), DutyList.year == _year, DutyList.signed_on.is_not(None))
    .order_by(DutyList.id)
)
_ASSIGNMENTS = (
    select(CustomerAssignment.member_id, CustomerAssignment.from_on, CustomerAssignment.to_on)
    .where(_live(CustomerAssignment))
    .order_by(CustomerAssignment.id)
)
_PAIRS = (
    select(MentoringPair.id, MentoringPair.title, MentoringPair.from_on, MentoringPair.to_on)
    .where(_live(MentoringPair))
    .order_by(MentoringPair.id)
)
_TALKS = select(Talk.id, Talk.event_on, Talk.talker_id, Talk.talkee_id, Talk.kind).where(
    _live(Talk), Talk.event_on.between(_day, _end)
)
_APPRAISALS = select(AppraisalResult.member_id, AppraisalResult.grade, AppraisalResult.created_at_utc).where(
    _live(AppraisalResult), AppraisalResult.for_year == _year
)
_ISSUES = select(
    Issue.id, Issue.title, Issue.due_on, Issue.closed_on, Issue.source, Issue.event_on, Issue.owner_id
).where(_live(Issue), Issue.due_on >= _day)
_OPINIONS = select(
    OpinionRound.id, OpinionRound.event_on, OpinionRound.title, type_coerce(OpinionRound.opinions, JSON)
).where(_live(OpinionRound))
_PLANS = (
    select(PdcaPlan.id, PdcaPlan.race_class, PdcaPlan.opened_on, PdcaPlan.title)
    .where(_live(PdcaPlan))
    .order_by(PdcaPlan.opened_on, PdcaPlan.id)
)
_PLAN_STEPS = (
    select(PdcaStep.plan_id, PdcaStep.stage, PdcaStep.on).where(_live(PdcaStep)).order_by(PdcaStep.on, PdcaStep.id)
)
_PLAN_ACTIONS = (
    select(PdcaAction.plan_id, PdcaAction.base, PdcaAction.goal, PdcaAction.actual, PdcaAction.due_on)
    .where(_live(PdcaAction))
    .order_by(PdcaAction.plan_id, PdcaAction.position)
)
_CLASSES = select(RaceResult.race_class, RaceResult.published_on, RaceResult.period).where(
    RaceResult.branch_id == _one, RaceResult.race_class.is_not(None)
)
_GATES = select(GateFinding.gate_id, GateFinding.ground, GateFinding.item_id, GateFinding.found_on).where(
    _live(GateFinding), GateFinding.year == _year
)


@cache
def _records() -> Any:
    """One query over every declared register: whatever is declared is counted, with no code of its own."""
    width = max((len(_stage_dates(kind)) for kind in REGISTERS), default=0)
    return union_all(*(_rows_of(register, width) for register in REGISTERS.values()))


@cache
def _stage_dates(kind: str) -> tuple[str, ...]:
    """Return the states of a register whose day is a field of its own (done_on, started_on for the active state)."""
    register = REGISTERS[kind]
    model = register.model
    states = next((f.choices for f in register.fields if f.name == "state"), None)
    found = [state.value for state in states or () if hasattr(model, f"{state.value}_on")]
    if register.states and register.states.active and register.states.starts:
        found.append(register.states.active.value)
    return tuple(dict.fromkeys(found))


def _stage_columns(register: Register) -> list[Any]:
    columns = []
    for state in _stage_dates(register.kind):
        name = f"{state}_on"
        if not hasattr(register.model, name) and register.states:
            name = register.states.starts or name
        columns.append(getattr(register.model, name))
    return columns


def _rows_of(register: Register, width: int) -> Select[Any]:
    model = register.model

    def text(name: str | None) -> Any:
        return cast(getattr(model, name), String) if name and hasattr(model, name) else cast(null(), String)

    def day(column: Any) -> Any:
        return column if column is not None else cast(null(), Date)

    has_state = any(f.name == "state" for f in register.fields)
    on = getattr(model, register.date_field) if register.date_field else None
    stages = _stage_columns(register)
    query = select(
        literal(register.kind, String).label("kind"),
        model.id.label("id"),
        type_coerce(day(on), Date).label("event_on"),
        text(register.heading).label("title"),
        text(register.subject).label("subject"),
        text(register.tag).label("tag"),
        text("place" if register.kind in ACTIVITY_KINDS else "venue_id").label("venue"),
        model.created_at_utc.label("created"),
        text("result" if register.kind == "commitment" else None).label("outcome"),
        text("state" if has_state else None).label("state"),
        type_coerce(day(getattr(model, "state_on", None)), Date).label("state_on"),
        *(type_coerce(day(stages[n] if n < len(stages) else None), Date).label(f"stage{n}") for n in range(width)),
    ).where(_live(model))
    if on is not None and not has_state:
        query = query.where(on.between(_day, _end))
    return query


def _timeline(
    kind: str, state: str, since: date, changes: list[tuple[str, date]], own: Mapping[str, date | None]
) -> tuple[tuple[str, date], ...]:
    """Return the states of a record with the day it entered each: as noted, or as its own date fields say."""
    order = {name: number for number, name in enumerate(ENTITY_STATES.get(kind, ()))}
    days = dict(changes) or {state: since}
    days.setdefault(state, since)
    reached = order.get(state, -1)
    for name, on in own.items():
        if on is not None and order.get(name, reached + 1) <= reached:
            days[name] = on
    return tuple(sorted(days.items(), key=lambda entry: (entry[1], order.get(entry[0], 0))))


def _suspensions(status: MemberStatus, history: Sequence[tuple[MemberStatus, date]]) -> list[Flag]:
    found = []
    for number, (to, on) in enumerate(history):
        if to is MemberStatus.SUSPENDED:
            then = history[number + 1][1] if number + 1 < len(history) else None
            found.append(Flag("suspended", on, then - timedelta(days=1) if then else None))
    if status is MemberStatus.SUSPENDED and not found:
        found.append(Flag("suspended"))
    return found


def _target(line: Mapping[str, Any]) -> Target:
    return Target(line.get("base"), line.get("goal"), line.get("actual"))


def _minutes(start: str | None, end: str | None) -> int | None:
    if not start or not end:
        return None
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
    return last - first if last > first else None


def _utc_day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _period_end(period: str) -> date:
    year, _, quarter = period.partition("Q")
    if not quarter:
        return date(int(year), 12, 31)
    month = int(quarter) * 3
    return date(int(year) + month // 12, month % 12 + 1, 1) - timedelta(days=1)
