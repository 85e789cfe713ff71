"""From a case to the roster: probationary after the approval, extended, full; asked of people, never inferred."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.development import DevelopmentCase
from desktop.models.members import Member
from desktop.models.people import Person
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.development import CaseState
from desktop.services.development import fields as asked
from desktop.services.development.rows import CaseRow
from desktop.services.development.service import DevelopmentService
from desktop.services.development.windows import APPROVE, CONFIRM, CONFIRM_APPROVE, CONGRESS, Frame
from desktop.services.errors import InvalidInput
from desktop.services.members.life import LifeService, Paper
from desktop.services.members.lookup import find_member
from desktop.services.members.service import MemberService
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.codes import codes
from desktop.services.standards.periods import add_months
from desktop.services.typed import refuse_ahead

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the roster is to say, offered once the steps are there: a person decides.

    `what`: "admit" (入党时间 `on` is the day of the congress), "link" (this person is on the roster already, as
    `member_id`) or "confirm" (转正时间 `on` is the end of probation).
    """

    what: str
    on: date
    words: str
    member_id: str = ""


class Becoming:
    """What a case changes in the roster of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._service = DevelopmentService(store)

    def proposal(self, row: CaseRow) -> Proposal | None:
        """Return what may be entered into the roster now, or None."""
        done = row.view.case.steps
        today = self._store.today
        if row.member_id is None:
            if CONGRESS in done and APPROVE in done and row.state.active:
                on = done[CONGRESS]
                same = self._on_roster(row, on)
                if same:
                    words = f"名册上已经有{row.name}，入党时间也是{on}，是同一个人就关联起来"
                    return Proposal("link", on, words, same)
                words = f"上级已批准，把{row.name}列入名册为预备党员，入党时间是支部大会那天（{on}）"
                return Proposal("admit", on, words)
            return None
        if CONFIRM in done and CONFIRM_APPROVE in done and row.state.active:
            ends = self._ends(row)
            if ends is not None and ends <= today:
                words = f"上级已批准，{row.name}转为正式党员，转正时间是预备期满那天（{ends}）"
                return Proposal("confirm", ends, words)
        return None

    def admit(self, case_id: str, *, group_id: str | None = None) -> str:
        """Enter somebody into the roster as a probationary member; return the member's id.

        Raises:
            InvalidInput: the congress or the approval is not written down, or the roster refuses a value.
            Conflict: the ID number is on the roster already.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        row = self._service.case(case_id)
        if row.member_id is not None:
            raise InvalidInput(asked.PERSON, "已经在名册上")
        done = row.view.case.steps
        if CONGRESS not in done or APPROVE not in done:
            raise InvalidInput(asked.DONE_ON, "支部大会表决和上级审批都登记了才能列入名册")
        with self._store.unit_of_work(f"{quoted(row.name)}列入名册为预备党员") as session:
            case = session.get_one(DevelopmentCase, case_id)
            person = session.get_one(Person, case.person_id)
            values: dict[str, object] = {
                "name": person.name,
                "id_no": case.id_no,
                "gender": person.gender.label if person.gender else None,
                "ethnic": _coded("ethnic", person.ethnic),
                "born_on": person.born_on,
                "native_place": person.native_place,
                "education": _coded("education", person.education),
                "unit": person.unit,
                "job_title": person.job_title,
                "phone": person.phone,
                "admitted_on": done[CONGRESS],
                "category": MemberCategory.PROBATIONARY_MEMBER.label,
                "group_id": group_id,
            }
            given = {name: value for name, value in values.items() if value not in (None, "")}
            member_id = MemberService(self._store).enter(session, given)
            case.member_id = member_id
            if case.extended_to is not None:
                member = session.get_one(Member, member_id)
                member.probation_ends_on, member.extended_once = case.extended_to, True
            return member_id

    def link(self, case_id: str, member_id: str) -> None:
        """Say which member of the roster the person of a case already is.

        Raises:
            InvalidInput: the member has another name, or is who another case is about.
            NotFound: there is no such case or member.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        row = self._service.case(case_id)
        with self._store.unit_of_work(f"关联{quoted(row.name)}和名册上的党员") as session:
            member = find_member(self._store, session, member_id)
            if member.name != row.name:
                raise InvalidInput(asked.PERSON, f"名册上的是{quoted(member.name)}，不是{quoted(row.name)}")
            taken = select(DevelopmentCase.id).where(
                DevelopmentCase.member_id == member.id,
                DevelopmentCase.id != case_id,
                DevelopmentCase.deleted_at_utc.is_(None),
            )
            if session.scalar(taken.limit(1)):
                raise InvalidInput(asked.PERSON, f"名册上的{quoted(member.name)}已经关联了另一件发展党员记录")
            session.get_one(DevelopmentCase, case_id).member_id = member.id

    def extend(self, case_id: str, until: date, on: date, document_no: str = "") -> None:
        """Extend probation once, in the case and, where the person is on it, in the roster.

        Raises:
            InvalidInput: no congress, extended already, or outside the months the rules allow.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        row = self._service.case(case_id)
        if row.extended_to is not None:
            raise InvalidInput(asked.EXTENDED_TO, "只能延长一次")
        congress = row.view.case.steps.get(CONGRESS)
        if congress is None:
            raise InvalidInput(asked.EXTENDED_TO, "还没有支部大会接收的日期")
        refuse_ahead({"extended_on": on}, self._store.today, asked.EXTENDED_ON)
        rules = Frame(row.view.case, self._service.law(), self._store.today).rules(CONFIRM)
        ends = add_months(congress, rules.probation_months)
        least, most = rules.extend_months
        if not add_months(ends, least) <= until <= add_months(ends, most):
            raise InvalidInput(asked.EXTENDED_TO, f"须在原届满日（{ends}）之后{least}至{most}个月之内")
        with self._store.unit_of_work(f"延长{quoted(row.name)}的预备期至{until}") as session:
            case = session.get_one(DevelopmentCase, case_id)
            case.extended_to, case.extended_on, case.extended_document = until, on, document_no.strip() or None
            if self._on_probation(session, case.member_id):
                LifeService(self._store).extend(session, case.member_id or "", until, document_no=document_no)

    def confirm(self, case_id: str, full_on: date | None = None, reason: str = "") -> None:
        """Make the member a full one; 转正时间 is the end of probation, another day needs a reason.

        Raises:
            InvalidInput: the vote or the approval is not written down, another day without a reason, or the roster
                refuses the step.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        row = self._service.case(case_id)
        done = row.view.case.steps
        if CONFIRM not in done or CONFIRM_APPROVE not in done:
            raise InvalidInput(asked.DONE_ON, "支部大会讨论转正和上级审批都登记了才能转正")
        if row.member_id is None:
            raise InvalidInput(asked.PERSON, "还没有列入名册")
        ends = self._ends(row)
        on = full_on or ends or done[CONFIRM]
        if ends is not None and on != ends and not reason.strip():
            raise InvalidInput(asked.WHY_LATE, f"期满日是{ends}，改成别的日期写明理由")
        confirmed, approved = row.step(CONFIRM), row.step(CONFIRM_APPROVE)
        paper = Paper(
            document_no=approved.document_no,
            approving_org=approved.decided_by,
            meeting_id=confirmed.meeting_id,
            note="；".join(filter(None, (f"支部大会{done[CONFIRM]}讨论", reason.strip()))),
        )
        with self._store.unit_of_work(f"{quoted(row.name)}转为正式党员") as session:
            case = session.get_one(DevelopmentCase, case_id)
            if self._on_probation(session, case.member_id):
                LifeService(self._store).step(session, row.member_id, MemberStatus.FULL_MEMBER, on, paper)
            case.state, case.state_on, case.state_reason = CaseState.FULL, on, reason.strip() or "按期转正"

    def _on_roster(self, row: CaseRow, on: date) -> str:
        """Return the member of the roster who is this person: of that name, with that number or admitted that day."""
        with self._store.reading() as session:
            number = session.get_one(DevelopmentCase, row.id).id_no
            named = session.scalars(
                select(Member).where(
                    Member.branch_id == self._store.branch_id,
                    Member.name == row.name,
                    Member.deleted_at_utc.is_(None),
                )
            )
            return next((each.id for each in named if each.admitted_on == on or (number and each.id_no == number)), "")

    def _ends(self, row: CaseRow) -> date | None:
        return Frame(row.view.case, self._service.law(), self._store.today).probation_ends()

    def _on_probation(self, session: Session, member_id: str | None) -> bool:
        member = session.get(Member, member_id) if member_id else None
        return (
            member is not None
            and member.deleted_at_utc is None
            and member.branch_id == self._store.branch_id
            and member.status is MemberStatus.PROBATIONARY
        )


def _coded(table: str, name: str | None) -> str | None:
    """Return a word only where the code table of the roster knows it; other words stay on file with the person."""
    if not name:
        return None
    try:
        return codes(table).parse(name)
    except InvalidInput:
        return None
