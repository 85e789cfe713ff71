"""The statements that read one branch's year: parameters `branch`, `year`, and its `first` and `last` day.

Each is driven by an index: where a row can belong to the year in several ways, one indexed arm a way, joined by UNION.
"""

from datetime import date

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    String,
    and_,
    bindparam,
    cast,
    literal,
    select,
    type_coerce,
    union,
    union_all,
)

from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.models.base import Record
from desktop.models.branches import Branch, PartyGroup, PostAssignment, Term
from desktop.models.brands import Brand
from desktop.models.duties import DutyList, Talk
from desktop.models.improvement import Issue, PdcaAction, PdcaPlan, PdcaStep
from desktop.models.initiatives import LeanProject, PartyPlusProject
from desktop.models.learning import TrainingRecord
from desktop.models.meetings import ActionItem, Attendance, Meeting, Vote
from desktop.models.members import Member, MemberCondition, StatusChange
from desktop.models.points import PointsPublication
from desktop.models.race import RaceResult
from desktop.models.registers import StateChange
from desktop.models.sampling import SampledRecord, SampleSheet
from desktop.models.standards import GateFinding
from desktop.models.venues import Venue
from desktop.models.vocabulary.meetings import MeetingState
from desktop.models.volunteering import CustomerAssignment, MentoringPair, OpinionRound, VolunteerActivity
from desktop.services.standards.vocabulary import ROSTER_FIELDS

BRANCH: BindParameter[str] = bindparam("branch")
FIRST: BindParameter[date] = bindparam("first")
LAST: BindParameter[date] = bindparam("last")
YEAR: BindParameter[int] = bindparam("year")


def live(model: type[Record]) -> ColumnElement[bool]:
    """Return what holds for the rows of the branch that are not in the recycle bin."""
    return (model.branch_id == BRANCH) & model.deleted_at_utc.is_(None)


MEMBERS = (
    select(
        *(getattr(Member, field) for field in ROSTER_FIELDS),
        Member.id,
        Member.status,
        Member.dues_class,
        Member.dues_base_fen,
        Member.joined_on,
        Member.left_on,
    )
    .where(live(Member))
    .order_by(Member.id)
)
CONDITIONS = select(
    MemberCondition.member_id, MemberCondition.kind, MemberCondition.from_on, MemberCondition.to_on
).where(live(MemberCondition))
STATUS_CHANGES = (
    select(
        StatusChange.member_id,
        StatusChange.to_status,
        StatusChange.on,
        StatusChange.from_status,
        StatusChange.joined_before,
        StatusChange.left_before,
    )
    .where(live(StatusChange))
    .order_by(StatusChange.on, StatusChange.id)
)
POSTS = (
    select(
        PostAssignment.id,
        PostAssignment.member_id,
        PostAssignment.post,
        PostAssignment.from_on,
        PostAssignment.to_on,
        PostAssignment.group_id,
    )
    .where(live(PostAssignment))
    .order_by(PostAssignment.from_on, PostAssignment.id)
)
GROUPS = (
    select(PartyGroup.id, PartyGroup.name, PartyGroup.from_on, PartyGroup.dissolved_on, PartyGroup.state)
    .where(live(PartyGroup))
    .order_by(PartyGroup.id)
)
TERMS = select(
    Term.id, Term.elected_on, Term.expires_on, Term.handed_over_on, Term.shifted_to, Term.shift_approval_no
).where(live(Term))

PROFILE = select(Branch.name, Branch.kind, Branch.founded_on, Branch.covered_units, Branch.recorded_since).where(
    Branch.branch_id == BRANCH
)
VENUES = select(Venue.title, Venue.id).where(live(Venue)).order_by(Venue.id)

COUNTED = Meeting.deleted_at_utc.is_(None) & Meeting.state.in_([state for state in MeetingState if state.counts])
HELD = (Meeting.branch_id == BRANCH) & Meeting.held_on.between(FIRST, LAST)
_held = select(Meeting.id).where(HELD)
_for_year = select(Meeting.id).where(Meeting.branch_id == BRANCH, Meeting.for_year == YEAR)
_due = (ActionItem.branch_id == BRANCH) & ActionItem.due_on.between(FIRST, LAST)
MEETINGS = (
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
        Meeting.satisfied,
        Meeting.asked,
    )
    .where(COUNTED, Meeting.id.in_(union(_held, _for_year, select(ActionItem.meeting_id).where(_due))))
    .order_by(Meeting.held_on, Meeting.id)
)
ATTENDANCE = (
    select(Attendance.meeting_id, Attendance.member_id, cast(Attendance.state, String), Attendance.reason)
    .join(Meeting, Meeting.id == Attendance.meeting_id)
    .where(COUNTED, HELD)
)
VOTES = (
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
        Vote.written,
        Vote.written_yes,
        Vote.declared_passed,
    )
    .join(Meeting, Meeting.id == Vote.meeting_id)
    .where(COUNTED, HELD)
    .order_by(Vote.meeting_id, Vote.position)
)
TASKS = (
    select(
        ActionItem.meeting_id,
        ActionItem.id,
        ActionItem.what,
        ActionItem.due_on,
        ActionItem.done_on,
        ActionItem.owner_id,
    )
    .join(Meeting, Meeting.id == ActionItem.meeting_id)
    .where(
        COUNTED,
        ActionItem.id.in_(
            union(select(ActionItem.id).where(ActionItem.meeting_id.in_(_held)), select(ActionItem.id).where(_due))
        ),
    )
    .order_by(ActionItem.meeting_id, ActionItem.position)
)
STATE_CHANGES = (
    select(StateChange.record_id, StateChange.state, StateChange.on)
    .where(live(StateChange))
    .order_by(StateChange.on, StateChange.id)
)
TARGETS = union_all(
    *(
        select(model.id, type_coerce(model.targets, JSON)).where(live(model))
        for model in (Brand, LeanProject, PartyPlusProject)
    )
)
DUTY_LISTS = (
    select(DutyList.id, DutyList.title, DutyList.year)
    .where(live(DutyList), DutyList.year == YEAR, DutyList.signed_on.is_not(None))
    .order_by(DutyList.id)
)
ASSIGNMENTS = (
    select(CustomerAssignment.member_id, CustomerAssignment.from_on, CustomerAssignment.to_on)
    .where(live(CustomerAssignment))
    .order_by(CustomerAssignment.id)
)
PAIRS = (
    select(MentoringPair.id, MentoringPair.title, MentoringPair.from_on, MentoringPair.to_on)
    .where(live(MentoringPair))
    .order_by(MentoringPair.id)
)
TALKS = select(Talk.id, Talk.event_on, Talk.talker_id, Talk.talkee_id, Talk.kind).where(
    live(Talk), Talk.event_on.between(FIRST, LAST)
)
APPRAISALS = select(
    AppraisalResult.member_id,
    AppraisalResult.grade,
    AppraisalResult.created_at_utc,
    AppraisalResult.review_on.is_not(None) | AppraisalResult.written.is_not(None),
).where(live(AppraisalResult), AppraisalResult.for_year == YEAR, AppraisalResult.grade.is_not(None))
APPRAISAL_ROUNDS = select(
    Appraisal.id, Appraisal.decided_on, Appraisal.quota_base, Appraisal.peer_on, Appraisal.valid
).where(live(Appraisal), Appraisal.for_year == YEAR)
ISSUES = select(
    Issue.id, Issue.title, Issue.due_on, Issue.closed_on, Issue.source, Issue.event_on, Issue.owner_id
).where(live(Issue), Issue.due_on >= FIRST)
PUBLICATIONS = select(
    PointsPublication.id,
    PointsPublication.posted_on,
    PointsPublication.year,
    PointsPublication.quarter,
    PointsPublication.created_at_utc,
).where(
    live(PointsPublication),
    PointsPublication.year.in_((YEAR, YEAR - 1)),
    PointsPublication.posted_on.between(FIRST, LAST),
)
OPINIONS = select(
    OpinionRound.id, OpinionRound.event_on, OpinionRound.title, type_coerce(OpinionRound.opinions, JSON)
).where(live(OpinionRound))
PLANS = (
    select(PdcaPlan.id, PdcaPlan.race_class, PdcaPlan.opened_on, PdcaPlan.title)
    .where(live(PdcaPlan))
    .order_by(PdcaPlan.opened_on, PdcaPlan.id)
)
PLAN_STEPS = (
    select(PdcaStep.plan_id, PdcaStep.stage, PdcaStep.on).where(live(PdcaStep)).order_by(PdcaStep.on, PdcaStep.id)
)
PLAN_ACTIONS = (
    select(
        PdcaAction.plan_id,
        PdcaAction.base,
        PdcaAction.goal,
        PdcaAction.actual,
        PdcaAction.due_on,
        PdcaAction.id,
        PdcaAction.rolled_over_from_id,
        PdcaAction.counts,
    )
    .where(live(PdcaAction))
    .order_by(PdcaAction.plan_id, PdcaAction.position)
)
CLASSES = select(RaceResult.race_class, RaceResult.published_on).where(
    RaceResult.branch_id == BRANCH, RaceResult.race_class.is_not(None), RaceResult.published_on.is_not(None)
)
GATES = (
    select(GateFinding.gate_id, GateFinding.ground, GateFinding.item_id, GateFinding.found_on, SampleSheet.period)
    .outerjoin(
        SampledRecord, and_(SampledRecord.finding_id == GateFinding.id, SampledRecord.mark_id.is_not(None))
    )  # of a race that was not published yet
    .outerjoin(SampleSheet, SampleSheet.id == SampledRecord.sheet_id)
    .where(live(GateFinding), GateFinding.year == YEAR)
)


def _of_year(model: type[TrainingRecord | VolunteerActivity]) -> ColumnElement[bool]:
    return live(model) & model.event_on.between(FIRST, LAST)


TRAINING = select(
    TrainingRecord.id,
    TrainingRecord.event_on,
    TrainingRecord.title,
    type_coerce(TrainingRecord.participants, JSON),
    TrainingRecord.centralised,
).where(_of_year(TrainingRecord))
VOLUNTEERING = select(
    VolunteerActivity.id,
    VolunteerActivity.event_on,
    VolunteerActivity.title,
    type_coerce(VolunteerActivity.hours, JSON),
    literal(True),
).where(_of_year(VolunteerActivity))
