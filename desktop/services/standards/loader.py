"""Facts of one branch from the database: a dozen plain SQL queries, no mapped object per row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypeVarTuple

from sqlalchemy.engine import Row
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TypedReturnsRows

from desktop.models.members import retired_by_dues
from desktop.models.vocabulary.appraisal import QuotaBase
from desktop.models.vocabulary.branches import ConditionKind, GroupState, Post
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.models.vocabulary.race import PdcaStage
from desktop.models.vocabulary.registers import PledgeResult
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.clock import Clock, day_of
from desktop.services.development.loading import activists, load_cases
from desktop.services.dues.facts import dues_facts
from desktop.services.election.facts import elections_of_terms, poll_facts
from desktop.services.improvement.counting import Arrangements
from desktop.services.members.transfers import moves_of
from desktop.services.ordinals import by_number
from desktop.services.race.editions import race_span
from desktop.services.race.scheme import Scheme
from desktop.services.spells import NEVER, Step, stays, suspensions
from desktop.services.standards import queries
from desktop.services.standards.facts import (
    ACTIVITY_KINDS,
    AppraisalFact,
    ClassFact,
    Facts,
    Flag,
    GateFact,
    GroupFact,
    HoursFact,
    MemberFact,
    PlanFact,
    PostFact,
    RecordFact,
    SubjectFact,
    TalkFact,
    Target,
    TermFact,
    TransferFact,
)
from desktop.services.standards.kinds import PUBLICATION, kept_kinds, register_names
from desktop.services.standards.meeting_facts import AttendanceFact, MeetingFact, TaskFact, VoteFact
from desktop.services.standards.register_rows import register_rows, stage_dates, timeline
from desktop.services.standards.vocabulary import ROSTER_FIELDS

STAGE_OF_LETTER = {"P": "planning", "D": "doing", "C": "checking", "A": "adjusting"}
Columns = TypeVarTuple("Columns")


def load_facts(
    session: Session,
    branch_id: str,
    year: int,
    clock: Clock,
    on: date | None = None,
    scheme: Scheme | None = None,
) -> Facts:
    """Return what the rules need about one branch for one year, by the law of the day `on`.

    Args:
        clock: in whose zone the moments of typing become days; its day is `on` where none is given.
        scheme: the race scheme in force, for the stages its PDCA templates ask for.
    """
    day = clock().date() if on is None else on
    load = _Load(session, branch_id, year, clock)
    meetings = load.meetings()
    members = load.members()
    profile = load.profile()
    cases = load_cases(session, branch_id)
    activist = tuple(SubjectFact(each.person_id, each.name, each.since, each.until) for each in activists(cases))
    return Facts(
        name=profile.name,
        kind=profile.kind,
        founded_on=profile.founded_on,
        covered_units=len(profile.covered_units) or None,
        store_created_on=profile.recorded_since,
        kept=kept_kinds(),
        members=members,
        groups=load.groups(),
        posts=load.posts(),
        terms=load.terms(elections_of_terms(session, branch_id)),
        polls=poll_facts(session, branch_id, day),
        meetings=meetings,
        records=(*load.records(), *load.publications()),
        subjects={**load.subjects(members), "activist": activist},
        training=load.hours(queries.TRAINING),
        volunteering=load.hours(queries.VOLUNTEERING),
        dues=dues_facts(session, branch_id, year, day, members, load.bases),
        talks=load.talks(),
        transfers=transfers_out(session, branch_id),
        cases=tuple(kept.fact for kept in cases),
        appraisals=load.appraisals(members, meetings),
        issues=load.issues(),
        opinions=load.opinions(),
        plans=load.plans(),
        classes=load.classes(),
        plan_templates={} if scheme is None else plan_templates(scheme),
        gates=load.gates(),
        read_on=day,
        names=register_names(),
    )


def transfers_out(session: Session, branch_id: str) -> tuple[TransferFact, ...]:
    """Return the moves out of a branch, by its ledger and the states of its members; not what came to nothing."""
    return tuple(
        TransferFact(move.record_id, move.issued_on, move.closed_on, move.valid_days, move.name, move.member_id)
        for move in moves_of(session, branch_id)
        if move.direction is TransferDirection.OUT and not move.returned
    )


def plan_templates(scheme: Scheme) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Return by race class the stages a plan must reach and within how many days, by the race scheme."""
    return {
        template.class_id: tuple((STAGE_OF_LETTER[step.stage], step.within_days) for step in template.steps)
        for template in scheme.templates
    }


@dataclass(frozen=True, slots=True)
class _Profile:
    name: str = ""
    kind: str = "branch"
    founded_on: date | None = None
    covered_units: Sequence[str] = ()
    recorded_since: date | None = None


class _Load:
    """One reading of one branch's year; every method is one or two queries."""

    def __init__(self, session: Session, branch_id: str, year: int, clock: Clock) -> None:
        self._connection = session.connection()
        self._given = {
            "branch": branch_id,
            "year": year,
            "first": date(year, 1, 1),
            "last": date(year, 12, 31),
        }
        self._branch, self._year = branch_id, year
        moment = clock()
        self._clock = lambda: moment
        self._venues: Mapping[str, str] = dict(self.all(queries.VENUES))
        self._posts = self.all(queries.POSTS)
        self.bases: dict[str, tuple[str | None, int | None]] = {}

    def all(self, statement: TypedReturnsRows[*Columns]) -> Sequence[Row[*Columns]]:
        """Return the rows of a statement of `queries`."""
        return self._connection.execute(statement, self._given).all()

    def profile(self) -> _Profile:
        """Return what the branch says of itself; headquarters may not have it yet."""
        rows = self.all(queries.PROFILE)
        if not rows:
            return _Profile()
        name, kind, founded_on, units, recorded_since = rows[0]
        return _Profile(name, str(kind), founded_on, units or (), recorded_since)

    def members(self) -> tuple[MemberFact, ...]:
        flags: dict[str, list[Flag]] = defaultdict(list)
        for member_id, kind, since, until in self.all(queries.CONDITIONS):
            flags[member_id].append(Flag(str(kind), since, until))
        changes: dict[str, list[Step]] = defaultdict(list)
        for member_id, to, on, was, joined, left in self.all(queries.STATUS_CHANGES):
            changes[member_id].append(Step(to, on, was, joined, left))
        found = []
        for row in self.all(queries.MEMBERS):
            values = dict(zip(ROSTER_FIELDS, row[: len(ROSTER_FIELDS)], strict=True))
            member_id, status, dues_class, base_fen, joined_on, left_on = row[len(ROSTER_FIELDS) :]
            self.bases[member_id] = (dues_class, base_fen)
            history = changes.get(member_id, [])
            own = flags.get(member_id, [])
            if retired_by_dues(dues_class, (ConditionKind(flag.name) for flag in own)):
                own.append(Flag(ConditionKind.RETIRED.value))
            own.extend(Flag("suspended", *span) for span in suspensions(status, history))
            found.append(
                MemberFact(
                    id=member_id,
                    name=values["name"],
                    category=str(values["category"]),
                    stays=stays(status, values["admitted_on"], joined_on, left_on, history),
                    admitted_on=values["admitted_on"],
                    full_on=values["full_on"],
                    group_id=values["group_id"],
                    flags=tuple(own),
                    filled=frozenset(field for field, value in values.items() if value not in (None, "")),
                )
            )
        return tuple(found)

    def posts(self) -> tuple[PostFact, ...]:
        return tuple(
            PostFact(post_id, member_id, post.value, since, until)
            for post_id, member_id, post, since, until, _ in self._posts
        )

    def groups(self) -> tuple[GroupFact, ...]:
        leaders = {
            group_id: member_id
            for _, member_id, post, _, until, group_id in self._posts
            if post is Post.GROUP_LEADER and until is None
        }
        return tuple(
            GroupFact(
                group_id,
                name,
                leaders.get(group_id),
                since,
                dissolved_on or (NEVER if state is GroupState.DISSOLVED else None),
            )
            for group_id, name, since, dissolved_on, state in sorted(
                self.all(queries.GROUPS), key=lambda row: by_number(row[1])
            )
        )

    def terms(self, elections: Mapping[str, str]) -> tuple[TermFact, ...]:
        return tuple(
            TermFact(
                id=term_id,
                elected_on=elected,
                expires_on=expires,
                ended_on=ended,
                shift_until=shifted,
                shift_approval=approval or "",
                election_id=elections.get(term_id, ""),
            )
            for term_id, elected, expires, ended, shifted, approval in self.all(queries.TERMS)
        )

    def meetings(self) -> tuple[MeetingFact, ...]:
        attendance: dict[str, list[AttendanceFact]] = defaultdict(list)
        for meeting_id, member_id, state, reason in self.all(queries.ATTENDANCE):
            attendance[meeting_id].append(AttendanceFact(member_id, state, reason or ""))
        votes: dict[str, list[VoteFact]] = defaultdict(list)
        for vote in self.all(queries.VOTES):
            votes[vote.meeting_id].append(
                VoteFact(
                    id=vote.id,
                    kind=vote.kind,
                    title=vote.subject,
                    due=vote.due,
                    present=vote.present,
                    yes=vote.yes,
                    no=vote.no,
                    abstain=vote.abstain,
                    written=vote.written,
                    written_yes=vote.written_yes,
                    passed=vote.declared_passed,
                )
            )
        tasks: dict[str, list[TaskFact]] = defaultdict(list)
        for meeting_id, task_id, what, due, done, owner in self.all(queries.TASKS):
            tasks[meeting_id].append(TaskFact(task_id, what, due, done, owner=owner or ""))
        found = []
        for row in self.all(queries.MEETINGS):
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
                    created_on=self._typed_on(row.created_at_utc),
                    minutes=_minutes(row.started_at, row.ended_at),
                    venue_id=row.venue_id or self._venues.get((row.place or "").strip()),
                    satisfied=row.satisfied,
                    asked=row.asked,
                )
            )
        return tuple(found)

    def records(self) -> tuple[RecordFact, ...]:
        changes: dict[str, list[tuple[str, date]]] = defaultdict(list)
        for record_id, state, on in self.all(queries.STATE_CHANGES):
            changes[record_id].append((state, on))
        targets: dict[str, tuple[Target, ...]] = {
            record_id: tuple(_target(line) for line in lines or ()) for record_id, lines in self.all(queries.TARGETS)
        }
        found = []
        for row in self.all(register_rows()):
            kind, record_id, event_on, title, subject, tag, venue, created, outcome, *judged = row
            satisfied, asked, state, state_on, *days = judged
            when = event_on or state_on or self._typed_on(created) or NEVER
            states: tuple[tuple[str, date], ...] = ()
            if state is not None:
                own = dict(zip(stage_dates(kind), days, strict=False))
                states = timeline(kind, state, state_on or when, changes.get(record_id, []), own)
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
                    satisfied=satisfied,
                    asked=asked,
                    created_on=self._typed_on(created),
                    venue_id=venue if kind not in ACTIVITY_KINDS else self._venues.get((venue or "").strip()),
                )
            )
        return tuple(found)

    def publications(self) -> tuple[RecordFact, ...]:
        """Return what was posted of the points in the year, by the day it was posted."""
        return tuple(
            RecordFact(
                id=row_id,
                kind=PUBLICATION,
                event_on=posted_on,
                title=f"{year}年第{quarter}季度积分公示",
                created_on=self._typed_on(created),
            )
            for row_id, posted_on, year, quarter, created in self.all(queries.PUBLICATIONS)
        )

    def subjects(self, members: Iterable[MemberFact]) -> Mapping[str, tuple[SubjectFact, ...]]:
        names = {m.id: m.name for m in members}
        signed = tuple(
            SubjectFact(list_id, title, date(year, 1, 1), date(year, 12, 31))
            for list_id, title, year in self.all(queries.DUTY_LISTS)
        )
        spans: dict[str, list[tuple[date | None, date | None]]] = defaultdict(list)
        for member_id, since, until in self.all(queries.ASSIGNMENTS):
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
        pairs = tuple(SubjectFact(*row) for row in self.all(queries.PAIRS))
        return {"signed_post": signed, "assigned_member": assigned, "mentoring_pair": pairs}

    def hours(self, statement: TypedReturnsRows[str, date | None, str, Any, bool]) -> tuple[HoursFact, ...]:
        rows = self.all(statement)
        return tuple(
            HoursFact(
                record_id, line["member_id"], on, int(Fraction(str(line.get("hours") or 0)) * 60), bool(course), title
            )
            for record_id, on, title, people, course in rows
            for line in people or ()
            if on is not None and line.get("member_id")
        )

    def talks(self) -> tuple[TalkFact, ...]:
        return tuple(
            TalkFact(talk_id, on, talker, talkee, kind.value)
            for talk_id, on, talker, talkee, kind in self.all(queries.TALKS)
            if talker and talkee
        )

    def appraisals(self, members: Sequence[MemberFact], meetings: Sequence[MeetingFact]) -> tuple[AppraisalFact, ...]:
        rows, rounds = self.all(queries.APPRAISALS), self.all(queries.APPRAISAL_ROUNDS)
        if rounds and rounds[0][1] is None:  # grades count once the branch has set them
            return (AppraisalFact(rounds[0][0], self._year, date(self._year, 12, 31), 0, 0, decided=False),)
        if not rows:
            return ()
        by_id = {m.id: m for m in members}
        fact_id, on, base, lacking = f"appraisal-{self._year}", None, QuotaBase.ALL_MEMBERS, []
        if rounds:
            fact_id, on, base, peer_on, valid = rounds[0]
            unreviewed = sum(not row[3] for row in rows)
            said = (
                ("自评" if unreviewed else ""),
                ("互评" if peer_on is None else ""),
                ("测评" if valid is None else ""),
            )
            lacking = [step for step in said if step]
        if on is None:
            held = [m.held_on for m in meetings if m.kind == "democratic_appraisal" and m.for_year == self._year]
            on = max(held) if held else min(self._typed_on(row[2]) or date(self._year, 12, 31) for row in rows)
        total = len(rows) if base is QuotaBase.RATED else sum(m.on_roster(on) for m in members)
        probationary = sum(1 for member_id, *_ in rows if member_id in by_id and not by_id[member_id].is_full(on))
        excellent = sum(row[1] is AppraisalGrade.EXCELLENT for row in rows)
        fact = AppraisalFact(
            fact_id, self._year, on, total, excellent, probationary, lacking=tuple(lacking), decided=True
        )
        return (fact,)

    def issues(self) -> tuple[TaskFact, ...]:
        return tuple(
            TaskFact(
                id=issue_id,
                title=title,
                due=due,
                done_on=closed,
                source=source.value,
                opened_on=opened,
                owner=owner or "",
            )
            for issue_id, title, due, closed, source, opened, owner in self.all(queries.ISSUES)
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
            for round_id, on, title, lines in self.all(queries.OPINIONS)
            for line in lines or ()
        )

    def plans(self) -> tuple[PlanFact, ...]:
        stages: dict[str, list[tuple[str, date]]] = defaultdict(list)
        for plan_id, stage, on in self.all(queries.PLAN_STEPS):
            name = PdcaStage.CLOSED if stage is PdcaStage.ROLLED_OVER else stage
            stages[plan_id].append((name.value, on))
        plans, arranged = self.all(queries.PLANS), Arrangements(self._connection)
        running = {
            plan_id: opened_on
            for plan_id, _, opened_on, _ in plans
            if PdcaStage.CLOSED.value not in dict(stages.get(plan_id, ()))
        }
        actions: dict[str, list[Target]] = defaultdict(list)
        for plan_id, base, goal, actual, due, action_id, before, counts in self.all(queries.PLAN_ACTIONS):
            days = None
            if counts is not None and plan_id in running:
                found = arranged.of(self._branch, counts, running[plan_id], date.max)
                days = tuple(each.on for each in found)
            actions[plan_id].append(Target(base, goal, actual, due, action_id, before, days=days))
        return tuple(
            PlanFact(
                plan_id,
                race_class.value,
                opened_on,
                tuple(stages.get(plan_id, ())),
                tuple(actions.get(plan_id, ())),
                title,
            )
            for plan_id, race_class, opened_on, title in plans
        )

    def classes(self) -> tuple[ClassFact, ...]:
        return tuple(
            ClassFact(race_class.value, published_on)
            for race_class, published_on in self.all(queries.CLASSES)
            if race_class is not None and published_on is not None
        )

    def _typed_on(self, text: str | None) -> date | None:
        return day_of(text, self._clock) if text else None

    def gates(self) -> tuple[GateFact, ...]:
        return tuple(
            GateFact(gate, ground, item or "", on if period is None else min(on, race_span(period).last))
            for gate, ground, item, on, period in self.all(queries.GATES)
        )


def _target(line: Mapping[str, float | None]) -> Target:
    return Target(line.get("base"), line.get("goal"), line.get("actual"))


def _minutes(start: str | None, end: str | None) -> int | None:
    if not start or not end:
        return None
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
    return last - first if last > first else None


def _day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
