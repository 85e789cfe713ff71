"""Days that admissions ask for: to do before them, an alarm after them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.services.development.rows import CaseRow
from desktop.services.development.service import DevelopmentService
from desktop.services.development.windows import CONFIRM, CONGRESS, CULTIVATE, LIST, PROBATION, PROPOSE, Frame

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules
    from desktop.services.store import Store

RULE = "发展党员"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDeadline:
    """What has to be done about a case by a day, in which step."""

    case_id: str
    no: int
    what: str
    by: date
    rule: str = RULE


def case_deadlines(store: "Store") -> list[CaseDeadline]:
    """Return what the admissions of this branch ask for, soonest first; a held case asks for nothing."""
    service = DevelopmentService(store)
    rows = service.cases()
    if not rows:
        return []
    law = service.law()
    found = [each for row in rows if not row.view.case.held for each in _of(row, law, store.today)]
    return sorted(found, key=lambda deadline: (deadline.by, deadline.what))


def _of(row: CaseRow, law: "PartyRules", today: date) -> Iterator[CaseDeadline]:
    view, done = row.view, row.view.case.steps
    coming = view.next
    if coming is not None and coming.latest is not None and coming.step.no != CONFIRM:
        usual = "一般" if coming.usual else ""
        what = f"{row.name}：{coming.step.name}，{usual}最晚{coming.latest}"
        yield CaseDeadline(case_id=row.id, no=coming.step.no, what=what, by=coming.latest)
    if view.review_due is not None:
        no = PROBATION if CONGRESS in done else CULTIVATE
        what = f"{row.name}：每半年考察一次，{view.review_due}前写出考察意见"
        yield CaseDeadline(case_id=row.id, no=no, what=what, by=view.review_due)
    listing = view.case
    if listing.publicity_from and LIST not in done:
        last = view.step(LIST).earliest or listing.publicity_to
        if last is not None:
            what = f"{row.name}：公示到{last}满期，登记公示情况"
            yield CaseDeadline(case_id=row.id, no=LIST, what=what, by=last)
    if CONGRESS in done and CONFIRM not in done and row.member_id is None:  # on the roster its own alarm says so
        ends = Frame(view.case, law, today).probation_ends()
        if ends is not None:
            what = f"{row.name}的预备期{ends}{'已满' if ends < today else '届满'}，召开党员大会讨论转正、延长或取消"
            yield CaseDeadline(case_id=row.id, no=CONFIRM, what=what, by=ends)
    due = view.step(PROPOSE)
    if (
        due.earliest is not None
        and PROPOSE not in done
        and coming is not None
        and coming.step.no in (CULTIVATE, PROPOSE)
    ):
        what = f"{row.name}：{due.earliest}起培养考察满期，可以讨论列为发展对象"
        if due.earliest >= today:
            yield CaseDeadline(case_id=row.id, no=PROPOSE, what=what, by=due.earliest)
