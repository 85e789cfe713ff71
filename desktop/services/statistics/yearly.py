"""The counts a branch gives to the yearly party statistics as of 31 December (年报底数), with their checks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.development import CaseStep, DevelopmentCase
from desktop.models.members import Member
from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.labels import Labelled
from desktop.services.development.windows import APPROVE
from desktop.services.members.law import member_law
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.spells import turns
from desktop.services.statistics.affairs import Year, affairs
from desktop.services.statistics.counts import Check, Figure, Person, StatisticsService, belongs
from desktop.services.statistics.learning import hours_list
from desktop.services.statistics.organisation import NEW_MEMBERS, reached, standing, trainings

if TYPE_CHECKING:
    from desktop.services.store import Store

CHANGES = "数量变化"


class Move(Labelled):
    """How somebody came to be counted, or no longer is."""

    ADMITTED = "admitted", "发展党员"
    RESTORED = "restored", "恢复党籍"
    MOVED_IN = "moved_in", "转入"
    PUT_OUT = "put_out", "出党"
    SUSPENDED = "suspended", "停止党籍"
    DIED = "died", "去世"
    MOVED_OUT = "moved_out", "转出"
    UNEXPLAINED = "unexplained", "离开，没有登记怎样离开的"

    @property
    def adds(self) -> bool:
        """Whether one more is counted."""
        return self in (Move.ADMITTED, Move.RESTORED, Move.MOVED_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCounts:
    """The counts of a year: `final` once its last day is over."""

    year: int
    on: date
    final: bool
    figures: tuple[Figure, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...]


class YearlyService:
    """Counts the year of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def year(self, year: int) -> YearCounts:
        """Return the counts of a year, as of its last day or of today.

        New members count by the approval of the superior, where an admission has its day: approved in January is next
        year's, though the congress was in December.
        """
        before, on = date(year - 1, 12, 31), min(self._store.today, date(year, 12, 31))
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            approved = _approvals(session, self._store.branch_id)
            start = [m for m in roster.members.values() if _counts(roster, m, before, approved)]
            end = [m for m in roster.members.values() if _counts(roster, m, on, approved)]
            moves: dict[Move, list[Person]] = {move: [] for move in Move}
            for member in roster.members.values():
                for move in _moves(roster, member, before, on, approved):
                    moves[move].append(Person(member.id, member.name))
            counted = Year(roster, member_law(session, on), year, before, on)
            happened, said = affairs(self._store, session, counted, end)
            happened += trainings(session, self._store.branch_id, counted)
            body = standing(session, self._store.branch_id, counted)
            waiting = [m for m in end if m.admitted_on is not None and not _knows(m, approved)]
            new = [m.name for m in waiting if m.admitted_on is not None and m.admitted_on.year == year]
        came = sum(len(people) for move, people in moves.items() if move.adds)
        went = sum(len(people) for move, people in moves.items() if not move.adds)
        due = len(start) + came - went
        words = f"上年底 {len(start)} + 增加 {came} − 减少 {went} = {due}，实有 {len(end)}"
        if due != len(end):
            words += f"，差 {len(end) - due}"
        listed = [move for move in Move if move is not Move.UNEXPLAINED or moves[move]]
        structure = StatisticsService(self._store).counts(on)
        same = structure.total == len(end)
        checks = [Check("应有 = 实有", words, due == len(end))]
        if same:
            checks += structure.checks
        else:
            told = f"名册 {structure.total}，其中批准日期在以后的不算，实有 {len(end)}"
            checks.append(Check("名册与实有", told, structure.total >= len(end)))
        hours, notes = hours_list(self._store, year), []
        if new:
            notes.append(f"{'、'.join(new)}没有上级批准日期，按支部大会那天算")
        if moves[Move.UNEXPLAINED]:
            notes.append("有人离开而没有登记变动，去“变动”里补上")
        return YearCounts(
            year=year,
            on=on,
            final=on == date(year, 12, 31),
            figures=(
                Figure(CHANGES, "上年底总数", _people(start)),
                *(Figure(CHANGES, f"{'增加' if m.adds else '减少'}：{m.label}", tuple(moves[m])) for m in listed),
                Figure(CHANGES, "实有数", _people(end)),
                *(figure for figure in (*happened, *hours.figures) if figure.people),
                *(structure.figures if same else ()),
            ),
            checks=tuple(checks),
            notes=(*notes, *said, *filter(None, (body, reached(hours.rows), NEW_MEMBERS))),
        )


def _people(members: list[Member]) -> tuple[Person, ...]:
    return tuple(Person(member.id, member.name) for member in members)


def _approvals(session: Session, branch_id: str) -> Mapping[str, date]:
    """Return on which day the admission of a member was approved."""
    rows = session.execute(
        select(DevelopmentCase.member_id, CaseStep.done_on)
        .join(CaseStep, CaseStep.case_id == DevelopmentCase.id)
        .where(
            DevelopmentCase.branch_id == branch_id,
            DevelopmentCase.deleted_at_utc.is_(None),
            CaseStep.deleted_at_utc.is_(None),
            CaseStep.no == APPROVE,
        )
    )
    return {member_id: day for member_id, day in rows if member_id is not None and day is not None}


def _knows(member: Member, approved: Mapping[str, date]) -> bool:
    return member.id in approved


def _counts(roster: Roster, member: Member, on: date, approved: Mapping[str, date]) -> bool:
    return belongs(roster, member, on) and approved.get(member.id, on) <= on


def _moves(roster: Roster, member: Member, before: date, on: date, approved: Mapping[str, date]) -> Iterator[Move]:
    """Return how a member came and went between two days, each turn once."""
    days = {*turns(roster.stays(member)), *(change.on for change in roster.changes(member.id))}
    if member.id in approved:
        days.add(approved[member.id])
    for day in sorted(day for day in days if before < day <= on):
        was = _counts(roster, member, day - timedelta(days=1), approved)
        now = _counts(roster, member, day, approved)
        if now and not was:
            yield _entry(roster, member, day, approved)
        elif was and not now:
            yield _exit(roster.status(member, day), roster.status(member, on))


def _entry(roster: Roster, member: Member, day: date, approved: Mapping[str, date]) -> Move:
    was = roster.status(member, day - timedelta(days=1))
    changed = any(change.on == day for change in roster.changes(member.id))
    if changed and was is MemberStatus.TRANSFERRED_OUT:
        return Move.MOVED_IN
    if changed and (was is MemberStatus.SUSPENDED or not was.on_roster):
        return Move.RESTORED
    if day in (approved.get(member.id), member.admitted_on):
        return Move.ADMITTED
    return Move.MOVED_IN


def _exit(*states: MemberStatus) -> Move:
    """Return how somebody went, by the state of that day, else by the state at the end."""
    for status in states:
        if status is MemberStatus.SUSPENDED:
            return Move.SUSPENDED
        if status is MemberStatus.DECEASED:
            return Move.DIED
        if status is MemberStatus.TRANSFERRED_OUT:
            return Move.MOVED_OUT
        if not status.on_roster:
            return Move.PUT_OUT
    return Move.UNEXPLAINED
