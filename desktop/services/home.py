"""What the first page says: read on the worker in one go, from the services."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.models.improvement import Issue
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.stores import PackageState
from desktop.services.appraisal.todo import appraisal_tasks
from desktop.services.backup import BackupRow, BackupService
from desktop.services.branches import BranchService
from desktop.services.development.deadlines import case_deadlines
from desktop.services.dues.todo import dues_tasks
from desktop.services.duties.standing import duty_works
from desktop.services.election.todo import election_tasks
from desktop.services.handing_over import HANDOVER, HandoverService
from desktop.services.improvement.rows import PlanRow
from desktop.services.improvement.service import ImprovementService
from desktop.services.improvement.todo import issue_works
from desktop.services.meetings import ActionRow, MeetingService
from desktop.services.members.deadlines import deadlines
from desktop.services.points.todo import points_tasks
from desktop.services.race.branch_race import BranchRace
from desktop.services.race.rows import RaceRow
from desktop.services.reminders import Bucket, reminders
from desktop.services.snoozing import SnoozeRow, SnoozeService
from desktop.services.standards.score import Score
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import PENDING, Where
from desktop.services.sync.moving import MOVING, MovingService
from desktop.services.sync.results import SentRow
from desktop.services.sync.sent import sent_packages
from desktop.services.works import Work
from desktop.services.works_from_above import works_from_above
from desktop.services.year_plan.todo import plan_works
from desktop.services.year_turn.service import LAST_REMINDER, YearTurnService, reminded

if TYPE_CHECKING:
    from desktop.services.store import Store


ISSUE = Issue.__tablename__


@dataclass(frozen=True, slots=True)
class PutOff:
    """A thing to do that was put off, with the note that says until when and why."""

    work: Work
    note: SnoozeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All the first page shows."""

    today: date
    score: Score
    last_year: Score | None
    works: tuple[Work, ...]
    secretary: str
    members: int
    backup: BackupRow | None
    sent: SentRow | None
    race: RaceRow | None
    plan: PlanRow | None
    put_off: tuple[PutOff, ...] = ()

    def bucket(self, bucket: Bucket) -> tuple[Work, ...]:
        """Return the work of one bucket, the most urgent first."""
        return tuple(work for work in self.works if work.bucket is bucket)


def read_home(store: "Store", year: int, on: date) -> Home:
    """Read everything for the first page."""
    standard = StandardService(store)
    score = standard.score(on, year)
    before = standard.score(date(year - 1, 12, 31), year - 1)
    branches = BranchService(store)
    holders = [holder.member for holder in branches.posts() if holder.post is Post.SECRETARY]
    sent = [package for package in sent_packages(store) if package.state is not PackageState.SUPERSEDED]
    counted = [*_gaps(score, store.today), *_coming(score, store.today)]
    told = _untold(_members(store), counted, store.today)
    appraisals = _appraisals(store)
    works = [
        *counted,
        *_tasks(store),
        *told,
        *_cases(store),
        *_dues(store),
        *_untold(_points(store), counted, store.today),
        *appraisals,
        *_untold(_issues(store), [*counted, *appraisals], store.today),
        *works_from_above(store),
        *_guided(store),
        *_turn(store),
        *_elections(store),
        *_duties(store),
        *_planned(store),
    ]
    noted = SnoozeService(store).standing()
    shown = [work for work in works if work.guides or work.key not in noted]
    return Home(
        today=store.today,
        score=score,
        last_year=before if _was_kept(before) else None,
        works=tuple(
            sorted(shown, key=lambda work: (not work.guides, not work.first, work.by or store.today, work.what))
        ),
        secretary=holders[0] if len(holders) == 1 else "",
        members=sum(group.size for group in branches.groups()),
        backup=BackupService(store).last_verified(),
        sent=sent[0] if sent else None,
        race=BranchRace(store).latest(),
        plan=ImprovementService(store).current(),
        put_off=tuple(PutOff(work, noted[work.key]) for work in works if work.key in noted and not work.guides),
    )


def _was_kept(score: Score) -> bool:
    """Whether a year's work was written down at all: a roster alone says nothing about it."""
    return any(used.kind == "meeting" for item in score.items for used in item.used)


def _gaps(score: Score, today: date) -> list[Work]:
    out: dict[tuple[str, str, str], Work] = {}
    waiting = {item.id for item in score.items if item.status == PENDING}
    for job in score.jobs:
        if not job.mendable:
            continue
        key = (job.what, job.first.where.page, repr(job.first.where))
        if key in out:
            out[key] = replace(out[key], source=f"{out[key].source.removesuffix('等')}等")
            continue
        days = [gap.by for gap in job.gaps if gap.by is not None]
        out[key] = Work(
            what=job.what,
            source=f"{job.item_id} {job.title}",
            who=job.who.name or job.who.post,
            by=min(days, default=today),
            bucket=Bucket.LATE,
            verb=job.first.verb,
            where=job.first.where,
            item_id=job.item_id,
            first=job.item_id in waiting and min(days, default=score.on) == score.on,
        )
    return list(out.values())


def _coming(score: Score, today: date) -> list[Work]:
    out = []
    for gap in score.upcoming:
        if (days := (gap.by - today).days if gap.by is not None else reminders().month_days) > reminders().month_days:
            continue
        out.append(
            Work(
                what=gap.what,
                source=f"{gap.item_id} {gap.title}",
                who=gap.who.name or gap.who.post,
                by=gap.by,
                bucket=Bucket.of(max(0, days)),
                verb=gap.verb,
                where=gap.where,
                item_id=gap.item_id,
            )
        )
    return out


def _members(store: "Store") -> list[Work]:
    """Return what the rules ask to be decided about members: late, or due within a month."""
    return [
        Work(
            what=deadline.what,
            source="，".join(filter(None, (deadline.rule, deadline.basis))),
            who="",
            by=deadline.by,
            bucket=Bucket.of((deadline.by - store.today).days),
            verb=deadline.verb,
            where=deadline.where,
        )
        for deadline in deadlines(store)
        if (deadline.by - store.today).days <= reminders().month_days
    ]


def _untold(works: list[Work], counted: list[Work], today: date) -> list[Work]:
    """Return what no gap of the score says already: the same form about the same record or person, as soon."""
    told: dict[tuple[str, str, str], date] = {}
    for work in counted:
        if work.where is not None and work.by is not None:
            told[_about(work.where)] = min(work.by, told.get(_about(work.where), work.by))
    return [
        work
        for work in works
        if work.where is None
        or work.by is None
        or work.where.page == "members"
        or told.get(_about(work.where), date.max) > max(work.by, today)
    ]


def _about(where: Where) -> tuple[str, str, str]:
    known = where.prefill
    page = "" if where.kind == ISSUE else where.page  # a problem stands in its register, and on the list of its year
    return page, where.kind, known.get("id") or known.get("subject") or known.get("member_id") or ""


def _issues(store: "Store") -> list[Work]:
    """Return the problems that nobody took off the list: late, or due within a month."""
    return [
        Work(
            what=f"“{issue.title}”{'到期未销号' if issue.by < store.today else f'应在{issue.by.isoformat()}前销号'}",
            source="问题整改清单",
            who=issue.owner,
            by=issue.by,
            bucket=Bucket.of((issue.by - store.today).days),
            verb="销号",
            where=Where("registers", ISSUE, {"id": issue.issue_id}),
        )
        for issue in issue_works(store)
        if (issue.by - store.today).days <= reminders().month_days
    ]


def _cases(store: "Store") -> list[Work]:
    """Return what admissions ask for: late, or due within a month."""
    return [
        Work(
            what=deadline.what,
            source=deadline.rule,
            who="",
            by=deadline.by,
            bucket=Bucket.of((deadline.by - store.today).days),
            verb="看发展党员",
            where=Where("development", "development_case", {"id": deadline.case_id, "step": str(deadline.no)}),
        )
        for deadline in case_deadlines(store)
        if (deadline.by - store.today).days <= reminders().month_days
    ]


def _dues(store: "Store") -> list[Work]:
    """Return what dues ask: arrears with an alarm, the month that runs, what a quarter has not handed up."""
    return [
        Work(
            what=task.what,
            source=task.rule,
            who="",
            by=task.by,
            bucket=Bucket.of((task.by - store.today).days),
            verb=task.verb,
            where=Where("dues", "dues_payment", {"month": task.month.isoformat(), "id": task.member_id}),
        )
        for task in dues_tasks(store)
        if (task.by - store.today).days <= reminders().month_days or task.member_id
    ]


def _points(store: "Store") -> list[Work]:
    """Return what the quarter that is over asks before its points are published."""
    return [
        Work(
            what=task.what,
            source="党员积分",
            who="",
            by=task.by,
            bucket=Bucket.of(min(reminders().month_days, (task.by - store.today).days)),
            verb=task.verb,
            where=Where("points", "points_claim", {"stand": task.stand} | _of_year(task.year, store.today))
            if task.stand
            else Where("points", "points_publication", _of_year(task.year, store.today)),
        )
        for task in points_tasks(store)
    ]


def _of_year(year: int, today: date) -> dict[str, str]:
    """Return what leads to a year that is not the present one."""
    return {} if year == today.year else {"year": str(year)}


def _elections(store: "Store") -> list[Work]:
    """Return what elections ask: late, or due within a month."""
    return [
        Work(
            what=task.what,
            source="换届选举",
            who="",
            by=task.by,
            bucket=Bucket.of((task.by - store.today).days),
            verb=task.verb,
            where=Where("posts", "election", {"id": task.election_id, "step": task.step}),
        )
        for task in election_tasks(store)
        if (task.by - store.today).days <= reminders().month_days
    ]


def _duties(store: "Store") -> list[Work]:
    """Return the duties of signed lists that are late or due within a month: settled by a check."""
    return [
        Work(
            what=work.what,
            source="责任清单",
            who=work.owner,
            by=work.by,
            bucket=Bucket.of((work.by - store.today).days),
            verb="对账",
            where=Where("registers", "duty_check", {"subject": work.list_id}),
        )
        for work in duty_works(store, reminders().month_days)
    ]


def _planned(store: "Store") -> list[Work]:
    """Return what the plan of the year asks beside what the standard asks for itself."""
    return [
        Work(
            what=work.what,
            source="全年安排",
            who=work.who,
            by=work.by,
            bucket=Bucket.of((work.by - store.today).days),
            verb="看安排",
            where=Where("year_plan", "planned", {"id": work.event_id}),
        )
        for work in plan_works(store)
    ]


def _guided(store: "Store") -> list[Work]:
    """Return what a change of PC or of the secretary waits for, by the page that leads through it; it has no day."""
    ways = (
        (MovingService(store).unchecked(), "换电脑", "去核对", Where(MOVING, MOVING, needs=Act.BACKUP)),
        (HandoverService(store).unfinished(), "交接", "去交接", Where(HANDOVER, HANDOVER, needs=Act.USERS)),
    )
    return [
        Work(what=what, source=source, who="", by=None, bucket=Bucket.WEEK, verb=verb, where=where, guides=True)
        for what, source, verb, where in ways
        if what
    ]


def _turn(store: "Store") -> list[Work]:
    """Return the turn of the year, in its first weeks, as long as a step of it waits; a store begun lately has none."""
    if not reminded(store.today):
        return []
    waiting = YearTurnService(store).waiting(store.today.year)
    by = date(store.today.year, *LAST_REMINDER)
    return [
        Work(
            what=f"年度结转还有 {waiting} 步没有确认",
            source="党费核定、责任清单、学习计划照去年带过来",
            who="",
            by=by,
            bucket=Bucket.of((by - store.today).days),
            verb="去结转",
            where=Where("year_turn", "year_turn"),
        )
    ] * bool(waiting)


def _appraisals(store: "Store") -> list[Work]:
    """Return what the yearly appraisal asks: late, or due within a month."""
    return [
        Work(
            what=task.what,
            source=f"{task.for_year}年度组织生活会和民主评议",
            who=task.who,
            by=task.by,
            bucket=Bucket.of((task.by - store.today).days),
            verb=task.verb,
            where=Where(
                "appraisal",
                ISSUE if task.problem_id else "democratic_appraisal",
                {"for_year": str(task.for_year), **({"id": task.problem_id} if task.problem_id else {})},
            ),
        )
        for task in appraisal_tasks(store)
        if (task.by - store.today).days <= reminders().month_days or not task.problem_id
    ]


def _tasks(store: "Store") -> list[Work]:
    """Return the open tasks of meetings that are late, due within a month or without a day; those of others are told
    apart."""
    groups: dict[tuple[str, str, Bucket, bool], list[ActionRow]] = {}
    for task in MeetingService(store).actions(due_by=store.today + timedelta(days=reminders().month_days)):
        days = (task.due_on - store.today).days if task.due_on else reminders().month_days
        bucket = Bucket.of(days)
        own = store.rights.may_write_row(Meeting.__tablename__, {"kind": task.kind, "group_id": task.group_id})
        groups.setdefault((task.what, task.owner, bucket, own), []).append(task)
    out = []
    for (what, owner, bucket, _own), tasks in groups.items():
        first = min(tasks, key=lambda task: task.due_on or store.today)
        out.append(
            Work(
                what=what if len(tasks) == 1 else f"{what}，共 {len(tasks)} 件",
                source=f"会后任务 {first.meeting}" + ("等" if len(tasks) > 1 else ""),
                who=owner,
                by=first.due_on,
                bucket=bucket,
                verb="看会议",
                where=Where("meetings", first.kind, {"id": first.meeting_id, **_group(first)}),
            )
        )
    return out


def _group(task: ActionRow) -> dict[str, str]:
    return {"group_id": task.group_id} if task.group_id else {}
