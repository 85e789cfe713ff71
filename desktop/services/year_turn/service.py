"""The turn of the year of a branch: what is open goes along, the rest begins from last year's, one step at a time."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.dues import DuesAssessment
from desktop.models.meetings import ActionItem, Meeting
from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.labels import Labelled
from desktop.services.clock import utc_text
from desktop.services.dues.assessing import AssessmentService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.improvement.todo import issue_works
from desktop.services.inspections.todo import inspection_works
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import Where
from desktop.services.superior.todo import superior_works
from desktop.services.year_plan.rows import MEETING
from desktop.services.year_plan.service import Done, YearPlanService
from desktop.services.year_turn.carried import CARRIED, Carried, is_of

if TYPE_CHECKING:
    from desktop.services.store import Store

DUES = DuesAssessment.__tablename__
PLAN = "work_summary"
MEETINGS = "year_plan"
"""The step that plans the meetings of the year."""
DECEMBER = 12
LAST_REMINDER = (2, 15)
"""Month and day until which the first page asks for the turn of the year."""


class TurnState(Labelled):
    """Where a step of the turn of the year stands."""

    GOES_ALONG = "goes_along", "自动接着"
    TO_DO = "to_do", "待确认"
    DONE = "done", "已办"
    NOTHING = "nothing", "没有要带的"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnStep:
    """One step: what it is about, where it stands, whom or what it would begin anew, whom it leaves out and why."""

    id: str
    title: str
    words: str
    state: TurnState
    rows: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    where: Where | None = None
    """The place to do it, or to look at it."""
    verb: str = "带过来"


@dataclass(frozen=True, slots=True)
class Begun:
    """What a step wrote: so many rows of a table, to be taken back together."""

    step: str
    ids: tuple[str, ...]
    planned: Done | None = None
    """For the meetings of the year: what the plan did."""

    @property
    def words(self) -> str:
        """What was done, without a full stop."""
        if self.planned is not None:
            return self.planned.words.rstrip("。")
        return f"已带过来 {len(self.ids)} 条，可以逐条再改"


def turn_year(today: date) -> int:
    """Return the year that begins: the next one from December on."""
    return today.year + (today.month == DECEMBER)


class YearTurnService:
    """The turn from last year to `year` at this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def steps(self, year: int) -> list[TurnStep]:
        """Return the steps in the order in which they are done."""
        dues = self._dues(year)
        carried = [self._carried(each, year) for each in CARRIED]
        return [self._open(), self._judged(year - 1), dues, self._plan(year), self._meetings(year), *carried]

    def waiting(self, year: int) -> int:
        """Return how many steps wait for a confirmation; none where there was no last year to begin from."""
        steps = {step.id: step for step in self.steps(year)}
        from_last_year = [steps[each.kind].state is not TurnState.NOTHING for each in CARRIED]
        if not any(from_last_year) and not self._assessed(year - 1):
            return 0
        return sum(step.state is TurnState.TO_DO for step in steps.values())

    def _assessed(self, year: int) -> int:
        model = DuesAssessment
        kept = model.branch_id == self._store.branch_id, model.deleted_at_utc.is_(None), model.year == year
        with self._store.reading() as session:
            return session.scalar(select(func.count()).select_from(model).where(*kept)) or 0

    def begin(self, step_id: str, year: int) -> Begun:
        """Begin `year` with what a step shows, in one action; return what was written.

        Raises:
            InvalidInput: there is nothing to begin with.
            NotFound: there is no such step.
        """
        if step_id == DUES:
            return self._begin_dues(year)
        if step_id == MEETINGS:
            return self._begin_meetings(year)
        carried = next((each for each in CARRIED if each.kind == step_id), None)
        if carried is None:
            raise NotFound(what="结转的步骤", name=step_id)
        self._store.rights.require_any(carried.kind)
        register, service = REGISTERS[carried.kind], RegisterService(self._store)
        rows, _left = self._to_renew(carried, year)
        if not rows:
            raise InvalidInput(register.field(register.heading), "去年没有可以带过来的，或者都带过来了")
        today = self._store.today
        drafts = [service.understand(carried.kind, carried.renew(row.values, year, today)) for row in rows]
        with self._store.unit_of_work(f"年度结转：{year}年{register.title}{len(drafts)}条") as session:
            ids = tuple(service.keep(session, draft).id for draft in drafts)
        return Begun(step_id, ids)

    def take_back(self, begun: Begun) -> None:
        """Put what a step wrote into the recycle bin, in one action."""
        if begun.planned is not None:
            YearPlanService(self._store).take_back(begun.planned)
            return
        model = DuesAssessment if begun.step == DUES else REGISTERS[begun.step].model
        self._store.rights.require_any(model.__tablename__)
        at = utc_text(self._store.clock())
        with self._store.unit_of_work(f"撤销年度结转，{len(begun.ids)}条") as session:
            for row in session.scalars(select(model).where(model.id.in_(begun.ids))):
                row.deleted_at_utc = at

    # steps

    def _open(self) -> TurnStep:
        """Say what is not done yet: it needs nobody to carry it."""
        with self._store.reading() as session:
            tasks = self._count_tasks(session)
        issues = len(issue_works(self._store))
        above, points = len(superior_works(self._store)), sum(work.count for work in inspection_works(self._store))
        rows = (("没有销号的问题", issues), ("会后任务", tasks), ("上级任务", above), ("专项检查待备的项目", points))
        there = tuple(f"{label} {count} 件" for label, count in rows if count)
        words = "没办完的照旧在工作台待办里提醒到办完为止，不用重新登记；提升规划也接着走。"
        state = TurnState.GOES_ALONG if there else TurnState.NOTHING
        return TurnStep(id="open", title="没办完的事", words=words, state=state, rows=there)

    def _count_tasks(self, session: Session) -> int:
        query = select(func.count()).select_from(ActionItem).join(Meeting, Meeting.id == ActionItem.meeting_id)
        kept = Meeting.branch_id == self._store.branch_id, Meeting.deleted_at_utc.is_(None)
        return session.scalar(query.where(*kept, ActionItem.done_on.is_(None))) or 0

    def _judged(self, year: int) -> TurnStep:
        pack = StandardService(self._store).pack(year=year)
        words = f"{year}年的得分、档案按“{pack.title}”{pack.version}版算，以后换了标准也不变；补录的仍计入{year}年。"
        where = Where("results", "", {})
        return TurnStep(id="judged", title=f"{year}年的考评", words=words, state=TurnState.GOES_ALONG, where=where)

    def _dues(self, year: int) -> TurnStep:
        rows = AssessmentService(self._store).rows(year)
        waiting = [row for row in rows if not row.id]
        ready = tuple(row.name for row in waiting if row.monthly_fen is not None)
        lacking = tuple(f"{row.name}：名册和去年都没有基数" for row in waiting if row.monthly_fen is None)
        state = TurnState.TO_DO if ready else TurnState.DONE if rows and not waiting else TurnState.NOTHING
        return TurnStep(
            id=DUES,
            title=f"{year}年党费核定",
            words="按名册的基数，没有的按去年核定的带过来；工资变了的，带过来以后逐个改。",
            state=state,
            rows=ready,
            left_out=lacking,
            where=Where("dues", "dues_assessment", {"month": date(year, 1, 1).isoformat()}),
        )

    def _plan(self, year: int) -> TurnStep:
        rows = RegisterService(self._store).rows(PLAN, year)
        done = any(row.values.get("kind") == "plan" for row in rows)
        return TurnStep(
            id=PLAN,
            title=f"{year}年工作计划",
            words="标准要求的会议和活动，下一步排日子；支部自己的年度计划在这里登记，附上文件。",
            state=TurnState.DONE if done else TurnState.TO_DO,
            where=Where("registers", PLAN, {"kind": "plan", "title": f"{year}年党支部工作计划"}),
        )

    def _meetings(self, year: int) -> TurnStep:
        service = YearPlanService(self._store)
        rows = tuple(duty.title for duty in service.fillable(year))
        begun = any(event.source == MEETING and event.on.year == year for event in service.year(year).events)
        return TurnStep(
            id=MEETINGS,
            title=f"{year}年三会一课安排",
            words="标准还要开的会，按主题党日和平常的日子排好，避开节假日；已经排的、开过的不动，排好以后可以逐次改。",
            state=TurnState.TO_DO if rows else TurnState.DONE if begun else TurnState.NOTHING,
            rows=rows,
            where=Where("year_plan", MEETINGS, {}),
            verb="按标准排",
        )

    def _carried(self, carried: Carried, year: int) -> TurnStep:
        register = REGISTERS[carried.kind]
        rows, left_out = self._to_renew(carried, year)
        begun = any(is_of(carried, row.values, year) for row in RegisterService(self._store).rows(carried.kind))
        state = TurnState.TO_DO if rows else TurnState.DONE if begun else TurnState.NOTHING
        return TurnStep(
            id=carried.kind,
            title=f"{year}年{register.title}",
            words=carried.words,
            state=state,
            rows=tuple(self._named(row) for row in rows),
            left_out=left_out,
            where=Where("registers", carried.kind, {}),
        )

    # inside

    def _to_renew(self, carried: Carried, year: int) -> tuple[list[RegisterRow], tuple[str, ...]]:
        """Return the rows of last year that have none of this year to follow them, and those that can have none."""
        every = RegisterService(self._store).rows(carried.kind)
        there = {carried.key(row.values) for row in every if is_of(carried, row.values, year)}
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
        rows, left_out = list[RegisterRow](), list[str]()
        last = [row for row in reversed(every) if carried.of_year(row.values, year - 1)]
        if carried.alone and there and len(last) == 1:
            return [], ()
        followed = set(there)
        for row in last:
            if carried.key(row.values) in followed:
                continue
            if carried.key(row.values) in there:
                left_out.append(f"{self._named(row)}：和要带过来的另一条相同，只带一条")
            elif _left(roster, row, date(year, 1, 1)):
                left_out.append(f"{self._named(row)}：已经不在名册上，另外安排人")
            else:
                there.add(carried.key(row.values))
                rows.append(row)
        return rows, tuple(left_out)

    def _named(self, row: RegisterRow) -> str:
        who = row.texts.get("member_id", "")
        return f"{row.heading}（{who}）" if who and who not in row.heading else row.heading

    def _begin_meetings(self, year: int) -> Begun:
        done = YearPlanService(self._store).fill(year)
        return Begun(MEETINGS, tuple(row_id for _source, row_id in done.made), done)

    def _begin_dues(self, year: int) -> Begun:
        service = AssessmentService(self._store)
        before = {row.id for row in service.rows(year)}
        service.carry_over(year)
        return Begun(DUES, tuple(row.id for row in service.rows(year) if row.id and row.id not in before))


def _left(roster: Roster, row: RegisterRow, on: date) -> bool:
    """Tell whether a row stands for somebody who is not on the roster any more."""
    member = roster.members.get(str(row.values.get("member_id") or ""))
    return member is not None and not roster.belongs(member, on)


def reminded(today: date) -> bool:
    """Tell whether the first page asks for the turn of the year on a day."""
    return (today.month, today.day) <= LAST_REMINDER
