"""Admissions from Excel: what each row begins or changes, and why a row is refused. Dates are taken as written."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import new_id, plain
from desktop.models.development import CaseHelper, CasePaper, CaseStep, DevelopmentCase
from desktop.models.members import Member
from desktop.models.people import Person
from desktop.models.vocabulary.development import CaseState, HelperRole, PaperForm, PersonKind
from desktop.services.development.loading import Kept, load_cases
from desktop.services.development.sheet import (
    DONE_ON,
    ID_NO_NAME,
    NAME,
    PERSONAL,
    SHEET,
    STATE,
    STEP,
    STEP_LABELS,
)
from desktop.services.development.windows import CONTACTS, INTRODUCERS, LIST, TRAINING
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.dates import PartialDate, Precision
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import as_cell

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules
    from desktop.services.store import Store

_OF_STEP: Mapping[str, tuple[int, str]] = {
    **{f"s{no}": (no, "done_on") for no in STEP_LABELS},
    "consent_on": (LIST, "consent_on"),
    "publicity_from": (LIST, "from_on"),
    "publicity_to": (LIST, "to_on"),
    "days": (TRAINING, "days"),
    "hours": (TRAINING, "hours"),
}
"""Column → step and field."""
_ROLES = {"contacts": (HelperRole.CONTACT, CONTACTS), "introducers": (HelperRole.INTRODUCER, INTRODUCERS)}


class _Case:
    """A case while rows are held against it."""

    def __init__(self, case: DevelopmentCase, person: Person, kept: Kept | None) -> None:
        self.case, self.person, self.is_new = case, person, kept is None
        self.steps: dict[int, CaseStep] = dict(kept.steps) if kept else {}
        self.papers = {(paper.step_no, paper.name) for paper in kept.papers} if kept else set()
        self.helpers: list[CaseHelper] = list(kept.helpers) if kept else []
        self.rows = 0

    def put_back(self) -> Callable[[], None]:
        """Return what makes it again what it is now."""
        steps, papers, helpers, rows = dict(self.steps), set(self.papers), list(self.helpers), self.rows

        def back() -> None:
            self.steps, self.papers, self.helpers, self.rows = steps, papers, helpers, rows

        return back


class CaseImport(Taking):
    """One import: works on the loaded cases and adds what is new to the session."""

    def __init__(
        self, session: Session, store: "Store", law: "PartyRules", result: ImportResult, answers: Answers
    ) -> None:
        super().__init__(result, answers)
        self._session, self._branch_id, self._today, self._law = session, store.branch_id, store.today, law
        self._cases = [_Case(kept.case, kept.person, kept) for kept in load_cases(session, store.branch_id)]
        query = select(Member).where(Member.branch_id == store.branch_id, Member.deleted_at_utc.is_(None))
        self._members: dict[str, list[Member]] = {}
        for member in session.scalars(query):
            self._members.setdefault(member.name, []).append(member)
        people = select(Person).where(Person.branch_id == store.branch_id, Person.deleted_at_utc.is_(None))
        self._people: dict[str, list[Person]] = {}
        for person in session.scalars(people):
            self._people.setdefault(person.name, []).append(person)
        self._last: dict[str, str] = {}
        self._ids = iter(sorted(new_id() for _ in range(result.read)))  # in the order of the list: pages keep it

    def take(self, row: Row) -> None:
        """Take one row, or refuse it."""
        for name, reason in row.open:
            self.result.warnings.append(row.warn(name, f"{reason}，这一格没有登记"))
        self.take_whole(self._session, row, self._take)

    def _take(self, row: Row) -> None:
        name = row.get(NAME.name) or self._last.get(row.sheet) or self._called_by(row.sheet)
        if not name:
            raise InvalidInput(NAME, "没有姓名；一步一行的纪实表，每行、第一行或工作表名要有姓名")
        self._last[row.sheet] = name
        steps = self._steps(row)
        self._refuse_ahead(row, steps)
        found = self._find(row, name)
        if found is not None:
            self.if_refused(found.put_back())
        changes: list[tuple[str, str, str, str]] = []
        if found is None:
            found = self._begin(row, name)
        changes += self._personal(row, found)
        changes += self._write_steps(found, steps)
        changes += self._write_people(row, found)
        changes += self._write_papers(row, found)
        changes += self._write_case(row, found)
        found.rows += 1
        self._count(row, found, changes)

    def _called_by(self, sheet: str) -> str:
        """Return the one person in the making whose name a sheet is called by: a record of one person a sheet."""
        named = {case.person.name for case in self._cases if case.person.name and case.person.name in sheet}
        return named.pop() if len(named) == 1 else ""

    def _count(self, row: Row, found: _Case, changes: list[tuple[str, str, str, str]]) -> None:
        name = found.person.name
        if found.is_new and found.rows == 1:
            self.result.accepted += 1
            self.added(row, name, {label: after for _, label, _, after in changes})
            return
        if not changes:
            self.result.unchanged += 1
            self.kept(row, name)
            return
        self.result.updated += 1
        for field, label, before, after in changes:
            self.changed(row, name, label, before, after, name=field)

    # reading a row

    def _steps(self, row: Row) -> dict[int, dict[str, tuple[str, object]]]:
        """Return what a row says of steps: number → field of the step → (column, value)."""
        said: dict[int, dict[str, tuple[str, object]]] = {}
        for column, (no, field) in _OF_STEP.items():
            value = row.get(column)
            if value is not None and not self.untaken(row, column):
                said.setdefault(no, {})[field] = (column, value)
        if row.get(STEP.name) is not None:
            no = self._number(str(row.get(STEP.name)))
            for column in ("done_on", "result", "handler"):
                value = row.get(column)
                if value is not None:
                    said.setdefault(no, {})[column] = (column, value)
        elif row.get(DONE_ON.name) is not None:
            raise InvalidInput(STEP, "有办理时间，没有写是哪一步")
        return said

    def _number(self, text: str) -> int:
        steps = self._law.development_steps
        if text.isdigit():
            no = int(text)
            if any(step.no == no for step in steps):
                return no
            raise InvalidInput(STEP, f"细则没有第{no}步")
        named = [step.no for step in steps if text in step.name or step.name in text]
        named = named or [step.no for step in steps if any(paper.is_called(text) for paper in step.papers)]
        if len(named) != 1:
            raise InvalidInput(STEP, f"看不出{quoted(text)}是哪一步，写步骤的序号")
        return named[0]

    def _refuse_ahead(self, row: Row, steps: Mapping[int, Mapping[str, tuple[str, object]]]) -> None:
        for fields in steps.values():
            for field, (column, value) in fields.items():
                if isinstance(value, date) and field != "to_on" and value > self._today:
                    raise InvalidInput(SHEET.column(column), f"{value}在今天之后，办过再登记")
        posted, down = row.get("publicity_from"), row.get("publicity_to")
        if posted and down and down < posted:
            raise InvalidInput(SHEET.column("publicity_to"), "早于公示开始时间")

    def _find(self, row: Row, name: str) -> _Case | None:
        number, born_on = row.get(ID_NO_NAME), _born(row)
        if number:
            for case in self._cases:
                if case.case.id_no == number:
                    return case
        named = [
            case
            for case in self._cases
            if case.person.name == name
            and not (number and case.case.id_no and case.case.id_no != number)
            and not (born_on and case.person.born_on and case.person.born_on != born_on)
        ]
        going = [case for case in named if case.case.state.active] or named
        if len(going) > 1:
            raise InvalidInput(NAME, f"有{len(going)}个{quoted(name)}在培养，填身份证号或出生日期")
        return going[0] if going else None

    # writing

    def _begin(self, row: Row, name: str) -> _Case:
        on_file = [
            person
            for person in self._people.get(name, ())
            if not (_born(row) and person.born_on and person.born_on != _born(row))
            and not any(case.person is person for case in self._cases)
        ]
        if len(on_file) == 1:
            person = on_file[0]
        else:
            person = Person(id=new_id(), branch_id=self._branch_id, name=name, kind=PersonKind.STAFF)
            self._session.add(person)
        case = DevelopmentCase(
            id=next(self._ids),
            branch_id=self._branch_id,
            person_id=person.id,
            id_no=row.get(ID_NO_NAME),
            state=CaseState.OPEN,
        )
        self._session.add(case)
        found = _Case(case, person, None)
        self._cases.append(found)
        self.if_refused(lambda: self._cases.remove(found))
        return found

    def _set(self, target: Any, field: str, value: object, column: str) -> list[tuple[str, str, str, str]]:
        before = getattr(target, field)
        if plain(before) == plain(value):
            return []
        setattr(target, field, value)
        return [(column, SHEET.column(column).label, _said(before), _said(value))]

    def _personal(self, row: Row, found: _Case) -> list[tuple[str, str, str, str]]:
        changes = []
        for column in PERSONAL:
            value = row.get(column.name)
            if value is None or self.untaken(row, column.name):
                continue
            if isinstance(value, PartialDate):
                if value.precision is not Precision.DAY:  # no day is made up; the words stay with the person
                    changes += self._note_birth(row, found)
                    continue
                value = value.on
            target: object = found.case if column.name == ID_NO_NAME else found.person
            changes += self._set(target, column.name, value, column.name)
        return changes

    def _note_birth(self, row: Row, found: _Case) -> list[tuple[str, str, str, str]]:
        words = f"出生：{row.shown('born_on')}"
        if found.person.born_on is not None or words in (found.person.note or ""):
            return []
        self.result.warnings.append(row.warn("born_on", "只有年月，没有日，记在备注里"))
        found.person.note = "\n".join(filter(None, (found.person.note, words)))
        return [("born_on", SHEET.column("born_on").label, "", row.shown("born_on"))]

    def _write_steps(
        self, found: _Case, steps: Mapping[int, Mapping[str, tuple[str, object]]]
    ) -> list[tuple[str, str, str, str]]:
        changes: list[tuple[str, str, str, str]] = []
        for no, fields in steps.items():
            step = found.steps.get(no)
            if step is None:
                step = CaseStep(branch_id=self._branch_id, case_id=found.case.id, no=no)
                self._session.add(step)
                found.steps[no] = step
            for field, (column, value) in fields.items():
                told = self._set(step, field, value, column)
                if column == DONE_ON.name:
                    told = [(column, f"第{no}步", before, after) for _, _, before, after in told]
                changes += told
        return changes

    def _write_people(self, row: Row, found: _Case) -> list[tuple[str, str, str, str]]:
        changes = []
        for column, (role, no) in _ROLES.items():
            names = row.get(column)
            if not names or self.untaken(row, column):
                continue
            known = [helper for helper in found.helpers if helper.role is role and helper.to_on is None]
            there = [self._called(helper) for helper in known]
            new = [name for name in names if name not in there]
            since = found.steps[no].done_on if no in found.steps else None
            for name, helper_id in zip(new, sorted(new_id() for _ in new), strict=True):
                members = self._members.get(name, [])
                if len(members) != 1:
                    why = "名册里没有这名党员" if not members else "名册里有同名的党员"
                    self.result.warnings.append(row.warn(column, f"{name}：{why}，只记了姓名"))
                helper = CaseHelper(
                    id=helper_id,
                    branch_id=self._branch_id,
                    case_id=found.case.id,
                    role=role,
                    member_id=members[0].id if len(members) == 1 else None,
                    name=None if len(members) == 1 else name,
                    from_on=since,
                )
                self._session.add(helper)
                found.helpers.append(helper)
            if new:
                changes.append((column, role.label, "、".join(there), "、".join([*there, *new])))
        return changes

    def _called(self, helper: CaseHelper) -> str:
        for name, members in self._members.items():
            if any(member.id == helper.member_id for member in members):
                return name
        return helper.name or ""

    def _write_papers(self, row: Row, found: _Case) -> list[tuple[str, str, str, str]]:
        names = row.get("paper")
        if not names or row.get(STEP.name) is None:
            return []
        no = self._number(str(row.get(STEP.name)))
        step = next(step for step in self._law.development_steps if step.no == no)
        new = []
        for name in names:
            known = step.paper(name)
            called = known.name if known else name
            if (no, called) in found.papers:
                continue
            found.papers.add((no, called))
            new.append(called)
            paper = CasePaper(
                branch_id=self._branch_id,
                case_id=found.case.id,
                step_no=no,
                name=called,
                author=known.author if known else None,
                dated_on=row.get(DONE_ON.name),
                form=PaperForm.ORIGINAL,
            )
            self._session.add(paper)
        return [("paper", f"第{no}步材料", "", "、".join(new))] if new else []

    def _write_case(self, row: Row, found: _Case) -> list[tuple[str, str, str, str]]:
        changes = []
        for column in ("extended_to", "state_reason", "note"):
            value = row.get(column)
            if value is not None and not self.untaken(row, column):
                changes += self._set(found.case, column, value, column)
        state = row.get(STATE.name)
        if state is not None and not self.untaken(row, STATE.name):
            if state is not CaseState.OPEN and not found.case.state_reason:
                found.case.state_reason = "导入时写的状态"
            told = self._set(found.case, "state", state, STATE.name)
            if told and found.case.state_on is None:
                found.case.state_on = max(
                    (step.done_on for step in found.steps.values() if step.done_on), default=self._today
                )
            changes += told
        return changes


def _born(row: Row) -> date | None:
    """Return the birthday a row gives, where it gives a day."""
    value = row.get("born_on")
    return value.on if isinstance(value, PartialDate) and value.precision is Precision.DAY else None


def _said(value: object) -> str:
    """Return a value as people read it."""
    return "" if value is None else str(as_cell(value))
