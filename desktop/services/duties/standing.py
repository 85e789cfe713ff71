"""Where every duty of the signed lists stands: settled by the newest check, or open, or late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.duties import DutyCheck, DutyItem, DutyList, DutyState
from desktop.models.members import Member
from desktop.models.vocabulary.registers import DutyItemState, DutyListState

if TYPE_CHECKING:
    from desktop.services.store import Store

SETTLED = (DutyItemState.DONE, DutyItemState.WAIVED)
NAMED, LONGEST = 2, 20
HALF_YEAR = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty with what the checks said of it; `checked_on` None: no check named it yet."""

    list_id: str
    list_title: str
    owner: str
    what: str
    due_on: date | None
    state: DutyItemState
    checked_on: date | None

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.state not in SETTLED


@dataclass(frozen=True, slots=True)
class DutyWork:
    """What is to be done about one list: its duties that are late, or due soon."""

    list_id: str
    what: str
    owner: str
    by: date
    late: bool


def standing(
    item: DutyItem, checks: Iterable[tuple[date, DutyState]], today: date
) -> tuple[DutyItemState, date | None]:
    """Return where a duty stands, and the day of the check that said so.

    The newest check that names it decides, of one day the last of `checks`; what none settled is late after its day.
    """
    told = [(on, line.state) for on, line in checks if _same(line.what, item.what) and line.state is not None]
    newest = max(reversed(told), key=lambda each: each[0], default=None)
    if newest is not None and newest[1] in SETTLED:
        return newest[1], newest[0]
    late = item.due_on is not None and item.due_on < today
    late = late or (newest is not None and newest[1] is DutyItemState.OVERDUE)
    return (DutyItemState.OVERDUE if late else DutyItemState.OPEN), newest[0] if newest is not None else None


def duties(session: Session, branch_id: str, today: date, year: int | None = None) -> list[Duty]:
    """Return the duties of the lists that are signed, list by list; those of a year, or of this one and the last."""
    years = (year,) if year is not None else (today.year - 1, today.year)
    names = dict(session.execute(select(Member.id, Member.name).where(Member.branch_id == branch_id)).all())
    query = select(DutyList).where(
        DutyList.branch_id == branch_id, DutyList.deleted_at_utc.is_(None), DutyList.year.in_(years)
    )
    checks: dict[str, list[tuple[date, DutyState]]] = {}
    held = select(DutyCheck).where(DutyCheck.branch_id == branch_id, DutyCheck.deleted_at_utc.is_(None))
    for check in session.scalars(held.order_by(DutyCheck.id)):
        checks.setdefault(check.duty_list_id or "", []).extend((check.event_on, line) for line in check.states)
    found = []
    for row in session.scalars(query.order_by(DutyList.year, DutyList.id)):
        if row.signed_on is None or row.state is DutyListState.DRAFT:
            continue
        for item in row.items:
            state, on = standing(item, checks.get(row.id, ()), today)
            settled = row.state is DutyListState.SETTLED and state not in SETTLED
            found.append(
                Duty(
                    list_id=row.id,
                    list_title=row.title,
                    owner=names.get(row.member_id or "", ""),
                    what=item.what,
                    due_on=item.due_on,
                    state=DutyItemState.DONE if settled else state,
                    checked_on=on,
                )
            )
    return found


def to_mark(store: "Store", list_id: str) -> tuple[DutyState, ...]:
    """Return a line for every duty of a signed list that no check settled yet: a new check has only to mark them."""
    with store.reading() as session:
        year = session.scalar(select(DutyList.year).where(DutyList.id == list_id))
        found = [] if year is None else duties(session, store.branch_id, store.today, year)
    return tuple(DutyState(what=each.what) for each in found if each.list_id == list_id and each.open)


def check_title(today: date) -> str:
    """Return what a check made on a day is called."""
    return f"{today.year}年{'上' if today.month <= HALF_YEAR else '下'}半年对账"


def duty_works(store: "Store", days: int) -> list[DutyWork]:
    """Return what is to be done about the lists: one work for those late, one for those due within `days`."""
    today = store.today
    with store.reading() as session:
        waiting = [each for each in duties(session, store.branch_id, today) if each.open and each.due_on is not None]
    groups: dict[tuple[str, bool], list[Duty]] = {}
    for duty in waiting:
        if duty.due_on is not None and (duty.due_on - today).days <= days:
            groups.setdefault((duty.list_id, duty.due_on < today), []).append(duty)
    found = []
    for (list_id, late), members in groups.items():
        ranked = sorted(members, key=lambda duty: duty.due_on or today)
        named = "、".join(_cut(duty.what) for duty in ranked[:NAMED])
        more = f"等{len(ranked)}件" if len(ranked) > NAMED else ""
        words = f"{ranked[0].list_title}：{named}{more}{'过了期限，对账销号' if late else ''}"
        found.append(DutyWork(list_id, words, ranked[0].owner, ranked[0].due_on or today, late))
    return sorted(found, key=lambda work: (work.by, work.what))


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST] + "…"


def _same(first: str, second: str) -> bool:
    return "".join(first.split()) == "".join(second.split())
