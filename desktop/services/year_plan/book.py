"""The plan of a year as a workbook: days in and out; what was held already is never changed by it."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.activities import PlannedActivity
from desktop.models.branches import PartyGroup
from desktop.models.history import SettingName
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import MeetingKind, MeetingState
from desktop.models.vocabulary.stores import Use
from desktop.services.branches import BranchService
from desktop.services.errors import InvalidInput, Named
from desktop.services.intake.answers import Answers
from desktop.services.intake.known import Known
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking, TakingBook
from desktop.services.leaving import leaving
from desktop.services.meetings.naming import title
from desktop.services.meetings.sheet import parse_clock, parse_kind, show_kind
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.quoting import quoted
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet, SheetColumn
from desktop.services.spreadsheets.text import label_for, name_for, parse_text
from desktop.services.year_plan.days import refusal
from desktop.services.year_plan.rows import ACTIVITY, MEETING, Event, MeetingPlan
from desktop.services.year_plan.service import YearPlanService
from desktop.services.year_plan.sheet import OTHER

if TYPE_CHECKING:
    from desktop.services.store import Store

LABELS = tuple(show_kind(kind) for kind in MeetingKind)


def parse_activity(value: object, field: Named) -> MeetingKind | None:
    """Return the kind of meeting a cell names, None for anything else that is planned."""
    try:
        return parse_kind(value, field)
    except InvalidInput:
        return None


def _show(value: Any) -> object:
    return show_kind(value) if isinstance(value, MeetingKind) else value


ON = SheetColumn("planned_on", "计划日期", parse_date, required=True, looks="date", width=12)
KIND = SheetColumn("kind", "类型", parse_activity, _show, choices=(*LABELS, OTHER), width=14, blanks=True)
GROUP = SheetColumn("group", "党小组", label_for(PartyGroup.name), help="党小组会必填", width=12)
TOPIC = SheetColumn("topic", "主题或议题", parse_text, looks="long", width=32)
CLOCK = SheetColumn("started_at", "开始时间", parse_clock, example="15:00", width=10, decides=False)
PLACE = SheetColumn("place", "地点或形式", label_for(Meeting.place), width=16)
CHAIR = SheetColumn("chair", "主持或主讲", name_for(Meeting.chair_name), width=12)
SCOPE = SheetColumn("scope", "参加范围", parse_text, width=18)
WHO = SheetColumn("who", "责任人", parse_text, help="只用来看：会议的责任人按标准和职务定", width=12)
RESULT = SheetColumn("result", "完成情况", parse_text, help="只用来看：开过的请导入会议记录", width=14)
SHEET = Sheet(
    kind="year_plan",
    title="三会一课计划表",
    columns=(ON, KIND, GROUP, TOPIC, CLOCK, PLACE, CHAIR, SCOPE, WHO, RESULT),
    keys=("planned_on", "topic"),
    note="一行一次：会议按类型和日期认，其他活动按主题和日期认",
)


class PlanBook(TakingBook):
    """The plan of a year (三会一课计划表)."""

    name = "year_plan"
    title = SHEET.title
    tables = (Meeting.__tablename__, PlannedActivity.__tablename__)

    def sheet(self) -> Sheet:
        """Return every column."""
        return SHEET

    def known(self) -> Known:
        """Return the names of members."""
        with self._store.reading() as session:
            return Known(names=frozenset(member.name for member in roster_of(self._store, session).members.values()))

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> "_PlanImport":
        """Begin to hold rows against what is planned and what was held."""
        return _PlanImport(session, self._store, result, answers)

    def template(self, path: Path) -> None:
        """Write the sheet to fill in."""
        tables.template(path, SHEET)

    def export(self, path: Path, year: int | None = None) -> int:
        """Write what has a day in a year (this one) as a workbook that imports again unchanged; return how many rows.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        of_year = year or self._store.today.year
        rows = self.rows(of_year)
        heading = f"{self._store.setting(SettingName.NAME)}{of_year}年{self.title}"
        with leaving(self._store, path):
            count = tables.write(path, SHEET, rows, title=heading, on=self._store.today)
        self._store.audit(Use.EXPORT, f"{self.title}，{count}行")
        return count

    def rows(self, year: int | None = None) -> Rows:
        """Return what has a day in a year (this one)."""
        of_year = year or self._store.today.year
        groups = {group.id: group.name for group in BranchService(self._store).groups()}
        events = YearPlanService(self._store).year(of_year).events
        return [_row(one, groups) for one in events if one.on.year == of_year and one.source in (MEETING, ACTIVITY)]


def _row(event: Event, groups: Mapping[str, str]) -> dict[str, object]:
    meets = event.source == MEETING
    return {
        "planned_on": event.on,
        "kind": MeetingKind(event.kind) if meets else OTHER,
        "group": groups.get(event.group_id or ""),
        "topic": event.topic if meets else event.name,
        "started_at": event.started_at or None,
        "place": event.place,
        "chair": event.chair,
        "who": event.who,
        "result": event.state.label,
    }


class _PlanImport(Taking):
    """One import of a plan."""

    def __init__(self, session: Session, store: "Store", result: ImportResult, answers: Answers) -> None:
        super().__init__(result, answers)
        self._session, self._store = session, store
        self._plans = YearPlanService(store)
        self._roster: Roster = roster_of(store, session)

    def take(self, row: Row) -> None:
        """Plan what a row says, or refuse it."""
        self.take_whole(self._session, row, self._take)

    def _take(self, row: Row) -> None:
        day = row.get(ON.name)
        if not isinstance(day, date):
            raise InvalidInput(ON, "没有日期，排不上")
        kind = row.get(KIND.name)
        if isinstance(kind, MeetingKind):
            self._meeting(row, kind, day)
        else:
            self._activity(row, day)

    def _meeting(self, row: Row, kind: MeetingKind, day: date) -> None:
        group_id = self._group(row, kind)
        name = title(kind, day, self._roster.group_name(group_id))
        kept = self._kept(kind, day, group_id)
        if kept is not None and kept.state not in (MeetingState.PLANNED, MeetingState.NOTIFIED):
            self.result.unchanged += 1
            self.kept(row, name)
            return
        if kept is None:
            self._refuse_past(day)
            chair_id, chair_name = self._chair(row, day)
            plan = MeetingPlan(
                kind=kind,
                on=day,
                group_id=group_id,
                started_at=row.get(CLOCK.name) or "",
                place=row.get(PLACE.name) or "",
                topic=row.get(TOPIC.name) or "",
            )
            meeting = self._plans.add(self._session, plan)
            meeting.chair_id, meeting.chair_name = chair_id, chair_name or None
            self.result.accepted += 1
            self.added(row, name, self._told(row))
            return
        self._change(row, kept, name)

    def _change(self, row: Row, kept: Meeting, name: str) -> None:
        wanted: dict[str, object] = {
            "started_at": row.get(CLOCK.name),
            "place": row.get(PLACE.name),
            "topic": row.get(TOPIC.name),
        }
        columns: Sequence[SheetColumn] = (CLOCK, PLACE, TOPIC)
        changes = [
            (column, str(getattr(kept, column.name) or ""), str(wanted[column.name]))
            for column in columns
            if wanted[column.name] and wanted[column.name] != getattr(kept, column.name)
        ]
        if row.get(CHAIR.name):
            chair_id, chair_name = self._chair(row, kept.held_on)
            lecturer = kept.speaker_ids[0] if kept.speaker_ids else None
            if (chair_id or chair_name) not in (kept.chair_id, kept.chair_name, lecturer):
                before = self._roster.label(kept.chair_id, kept.held_on) if kept.chair_id else kept.chair_name or ""
                changes.append((CHAIR, before, str(row.get(CHAIR.name))))
                kept.chair_id, kept.chair_name = chair_id, chair_name or None
        if not changes:
            self.result.unchanged += 1
            self.kept(row, name)
            return
        for column, before, after in changes:
            self.changed(row, name, column.label, before, after, name=column.name)
            if column is not CHAIR:
                setattr(kept, column.name, wanted[column.name])
        self.result.updated += 1

    def _activity(self, row: Row, day: date) -> None:
        words = str(row.get(TOPIC.name) or "").strip()
        if not words:
            raise InvalidInput(TOPIC, "不是会议的，写明是什么活动")
        same = self._session.scalar(
            select(PlannedActivity).where(
                PlannedActivity.branch_id == self._store.branch_id,
                PlannedActivity.deleted_at_utc.is_(None),
                PlannedActivity.title == words,
                (PlannedActivity.planned_on == day) | (PlannedActivity.done_on == day),
            )
        )
        if same is not None:
            self.result.unchanged += 1
            self.kept(row, words)
            return
        self._refuse_past(day)
        activity = self._plans.add_activity(self._session, words, day)
        activity.place, activity.scope = row.get(PLACE.name), row.get(SCOPE.name)
        self.result.accepted += 1
        self.added(row, words, self._told(row))

    def _told(self, row: Row) -> dict[str, str]:
        return {column.label: row.shown(column.name) for column in SHEET.columns if row.get(column.name) is not None}

    def _group(self, row: Row, kind: MeetingKind) -> str | None:
        if kind is not MeetingKind.GROUP_MEETING:
            return None
        said = str(row.get(GROUP.name) or "")
        group = self._roster.group_called(said) if said else None
        if group is None:
            raise InvalidInput(GROUP, f"没有{quoted(said)}这个党小组" if said else "党小组会要写明是哪个小组")
        return group.id

    def _chair(self, row: Row, day: date) -> tuple[str | None, str]:
        """Return a member by name; who is none of the roster is kept by the name that is written."""
        said = str(row.get(CHAIR.name) or "").strip()
        if not said:
            return None, ""
        try:
            return self._roster.find(said, day, CHAIR).id, ""
        except InvalidInput:
            return None, said

    def _refuse_past(self, day: date) -> None:
        if why := refusal(None, day, self._store.today):
            raise InvalidInput(ON, why)

    def _kept(self, kind: MeetingKind, day: date, group_id: str | None) -> Meeting | None:
        return self._plans.standing(self._session, kind, day, group_id)
