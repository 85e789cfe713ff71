"""The cases of a branch (发展党员): looked at, begun, taken from step to step; nothing is ever inferred."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.development import CaseHelper, CaseInquiry, CasePaper, CaseStep, DevelopmentCase, OfCase
from desktop.models.members import Member
from desktop.models.people import Person
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.development import CaseState, PaperForm
from desktop.models.vocabulary.stores import Use
from desktop.services.clock import utc_text
from desktop.services.development import fields as asked
from desktop.services.development.examine import examine
from desktop.services.development.law import development_law
from desktop.services.development.loading import Kept, load_cases
from desktop.services.development.rows import CaseRow, ReviewRow, helper_row, inquiry_row, paper_row, step_row
from desktop.services.development.somebody import (
    complete,
    identity_of,
    refuse_again,
    refuse_born_after,
    refuse_second,
)
from desktop.services.development.windows import APPLY
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.quoting import quoted
from desktop.services.registers.keeping import Keeper
from desktop.services.registers.lookup import load_names, register_of
from desktop.services.revisions import check_revision
from desktop.services.spreadsheets.identity import masked
from desktop.services.standards.editions import law_on
from desktop.services.typed import refuse_ahead, understand
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules
    from desktop.services.store import Store

PERSON_KIND = "person"
Part = CasePaper | CaseHelper | CaseInquiry
_OWN: tuple[type[Any], ...] = (CaseStep, CasePaper, CaseHelper, CaseInquiry)
_PARTS: tuple[type[Part], ...] = (CasePaper, CaseHelper, CaseInquiry)


class DevelopmentService:
    """The cases of this branch. At headquarters `branch_id` chooses the branch, for reading."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # reading

    def law(self, on: date | None = None) -> "PartyRules":
        """Return the rules: the newest edition of the file in force, which holds every edition by its date."""
        day = on or self._store.today
        with self._store.reading() as session:
            return development_law(law_on(session, day, day.year))

    def cases(
        self, on: date | None = None, *, branch_id: str | None = None, ended: bool | None = False
    ) -> list[CaseRow]:
        """Return the cases that go on, as known on a day, once begun; `ended` asks for the others, None for all."""
        day = on or self._store.today
        law = self.law()
        with self._store.reading() as session:
            kept = load_cases(session, branch_id or self._store.branch_id)
            chosen = [each for each in kept if ended is None or each.case.state.active is not ended]
            return [self._row(session, each, law, day) for each in chosen if each.begun(day)]

    def case(self, case_id: str, on: date | None = None) -> CaseRow:
        """Return one case.

        Raises:
            NotFound: there is none, or it lies in the recycle bin.
        """
        law = self.law()
        with self._store.reading() as session:
            found = session.get(DevelopmentCase, case_id)
            if found is None or found.deleted_at_utc is not None:
                raise NotFound(what="发展党员")
            kept = load_cases(session, found.branch_id, case_id)[0]
            return self._row(session, kept, law, on or self._store.today)

    def deleted(self) -> list[CaseRow]:
        """Return the cases in the recycle bin."""
        law = self.law()
        with self._store.reading() as session:
            kept = load_cases(session, self._store.branch_id, deleted=True)
            return [self._row(session, each, law, self._store.today) for each in kept]

    def people(self) -> list[tuple[str, str]]:
        """Return (id, name) of the people on file who are no members."""
        with self._store.reading() as session:
            names = session.execute(
                select(Person.id, Person.name)
                .where(Person.branch_id == self._store.branch_id, Person.deleted_at_utc.is_(None))
                .order_by(Person.id)
            )
            return [(person_id, name) for person_id, name in names]

    def id_number(self, case_id: str) -> str:
        """Return the whole ID number of somebody. That it was looked at is remembered.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.IDENTITY)
        with self._store.reading() as session:
            case = self._find(session, case_id)
            name, number = session.get_one(Person, case.person_id).name, case.id_no or ""
        self._store.audit(Use.SHOW_ID, name)
        return number

    # the case

    def begin(self, values: Mapping[str, object]) -> str:
        """Begin a case with the day of the application; return its id.

        `values`: person_id of somebody on file, or the fields of a new person; applied_on, id_no, note.

        Raises:
            InvalidInput: a value breaks a rule, or a case of this person goes on already, by file, ID number or name.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        typed = dict(values)
        applied = understand({asked.APPLIED_ON: asked.STEP[asked.DONE_ON]}, _taken(typed, asked.APPLIED_ON))
        done_on = applied.get("applied_on")
        if not isinstance(done_on, date):
            raise InvalidInput(asked.APPLIED_ON, "不能为空")
        refuse_ahead(applied, self._store.today, asked.APPLIED_ON)
        number, note = typed.pop("id_no", None), typed.pop("note", None)
        person_id = str(typed.pop("person_id", "") or "")
        with self._store.unit_of_work("登记入党申请人") as session:
            person = self._person(session, person_id, typed)
            identity = identity_of(number, self._store.today)
            refuse_again(session, person, identity)
            refuse_second(session, person, asked.PERSON)
            complete(person, identity)
            refuse_born_after(person, done_on, asked.APPLIED_ON)
            action_of(session).sentence = f"登记入党申请人{quoted(person.name)}"
            case = DevelopmentCase(
                branch_id=self._store.branch_id,
                person_id=person.id,
                id_no=identity.number if identity is not None else None,
                state=CaseState.OPEN,
                note=str(note).strip() or None if note else None,
            )
            session.add(case)
            session.flush()
            session.add(CaseStep(branch_id=case.branch_id, case_id=case.id, no=APPLY, done_on=done_on))
            return case.id

    def change(self, case_id: str, values: Mapping[str, object], rev: int | None = None) -> None:
        """Change what is kept of the case as a whole: state, edition, special approval, extension, note, ID number.

        Raises:
            InvalidInput: a value breaks a rule: an edition or an end without a reason; or
                it is to go on while another case of this person does.
            Stale: it was changed since revision `rev` was read.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        typed = dict(values)
        number = typed.pop("id_no", None)
        understood = understand(asked.CASE, typed)
        refuse_ahead(understood, self._store.today, asked.STATE_ON, asked.EXTENDED_ON)
        law = self.law()
        with self._changing(case_id, "修改{}的发展党员记录", rev) as (session, case):
            after = {name: understood.get(name, getattr(case, name)) for name in ("state", "state_on", "state_reason")}
            if after["state"] is not CaseState.OPEN and not after["state_reason"]:
                raise InvalidInput(asked.STATE_REASON, "写明原因")
            ruleset = understood.get("ruleset", case.ruleset)
            if ruleset and ruleset not in law.development:
                raise InvalidInput(asked.RULESET, "没有这一版的数据")
            if ruleset and not understood.get("ruleset_reason", case.ruleset_reason):
                raise InvalidInput(asked.RULESET_REASON, "写明为什么整件按这一版")
            for name, value in understood.items():
                setattr(case, name, value)
            if "state" in understood and "state_on" not in understood:
                case.state_on = self._store.today
            person = session.get_one(Person, case.person_id)
            if number is not None:
                identity = identity_of(number, self._store.today)
                case.id_no = identity.number if identity is not None else None
                complete(person, identity)
            if case.state.active:
                refuse_second(session, person, asked.STATE, case)

    def remove(self, case_id: str) -> None:
        """Put a case into the recycle bin with all that belongs to it."""
        with self._changing(case_id, "删除{}的发展党员记录", None) as (session, case):
            at = utc_text(self._store.clock())
            case.deleted_at_utc = at
            for row in _belonging(session, case_id):
                row.deleted_at_utc = row.deleted_at_utc or at

    def restore(self, case_id: str) -> None:
        """Take a case out of the recycle bin, with what went there with it.

        Raises:
            NotFound: it is not there.
            InvalidInput: another case of this person goes on meanwhile.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        with self._store.unit_of_work("恢复发展党员记录") as session:
            case = session.get(DevelopmentCase, case_id)
            if case is None or case.branch_id != self._store.branch_id or case.deleted_at_utc is None:
                raise NotFound(what="发展党员")
            at, case.deleted_at_utc = case.deleted_at_utc, None
            person = session.get_one(Person, case.person_id)
            person.deleted_at_utc = None
            if case.state.active:
                refuse_second(session, person, asked.PERSON, case)
            for row in _belonging(session, case_id):
                if row.deleted_at_utc == at:
                    row.deleted_at_utc = None

    # steps

    def record_step(self, case_id: str, no: int, values: Mapping[str, object], rev: int | None = None) -> None:
        """Write down what was done in a step; fields not given stay.

        A date that breaks a rule is kept and told as a breach: only what cannot be is refused.

        Raises:
            InvalidInput: a day lies ahead or before the birth, an end before its beginning, no such step.
            Stale: the step was changed since revision `rev` was read.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        step = next((step for step in self.law().development_steps if step.no == no), None)
        if step is None:
            raise InvalidInput(asked.DONE_ON, "细则里没有这一步")
        understood = understand(asked.STEP, values)
        days = (asked.DONE_ON, asked.FROM_ON, asked.CONSENT_ON, asked.OPINION_ON)
        refuse_ahead(understood, self._store.today, *days)
        with self._changing(case_id, f"登记{{}}第{no}步“{step.name}”", None) as (session, case):
            row = _step(session, case_id, no)
            if row is None:
                row = CaseStep(branch_id=case.branch_id, case_id=case_id, no=no)
                session.add(row)
            else:
                check_revision(row, rev, "这一步")
            for name, value in understood.items():
                setattr(row, name, value)
            if row.done_on:
                refuse_born_after(session.get_one(Person, case.person_id), row.done_on, asked.DONE_ON)
            if row.from_on and row.to_on and row.to_on < row.from_on:
                raise InvalidInput(asked.TO_ON, "早于起")
            if understood.get("opinion") and not row.opinion_on:
                row.opinion_on = self._store.today

    def clear_step(self, case_id: str, no: int) -> None:
        """Take back what was written down of a step; its papers stay."""
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        with self._changing(case_id, f"清除{{}}第{no}步的登记", None) as (session, _):
            row = _step(session, case_id, no)
            if row is not None:
                row.deleted_at_utc = utc_text(self._store.clock())

    # papers, people, inquiries

    def save_paper(
        self, case_id: str, no: int, values: Mapping[str, object], paper_id: str = "", rev: int | None = None
    ) -> str:
        """Keep a paper of a step, or change one; return its id.

        Raises:
            InvalidInput: it has no name, or its day lies ahead.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        understood = understand(asked.PAPER, values)
        refuse_ahead(understood, self._store.today, asked.DATED_ON)
        if not paper_id and not understood.get("name"):
            raise InvalidInput(asked.PAPER_NAME, "不能为空")
        step = next((step for step in self.law().development_steps if step.no == no), None)
        known = step.paper(str(understood["name"])) if step is not None and understood.get("name") else None
        if known is not None:
            understood["name"] = known.name
            if not paper_id and not understood.get("author"):
                understood["author"] = known.author or None
        if not paper_id or "form" in understood:
            understood["form"] = understood.get("form") or PaperForm.ORIGINAL
        return self._keep(CasePaper, case_id, paper_id, "材料", {"step_no": no, **understood}, rev)

    def save_helper(
        self, case_id: str, values: Mapping[str, object], helper_id: str = "", rev: int | None = None
    ) -> str:
        """Keep a contact person or introducer, or change one; return the id.

        Raises:
            InvalidInput: nobody is chosen or named, or the days are in the wrong order.
            Stale: it was changed since revision `rev` was read.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        understood = understand(asked.HELPER, values)
        if not helper_id and not understood.get("member_id") and not understood.get("name"):
            raise InvalidInput(asked.MEMBER, "选一名党员，或写姓名")
        if not helper_id and not understood.get("role"):
            raise InvalidInput(asked.ROLE, "不能为空")
        return self._keep(CaseHelper, case_id, helper_id, "培养联系人或介绍人", understood, rev)

    def save_inquiry(
        self, case_id: str, values: Mapping[str, object], inquiry_id: str = "", rev: int | None = None
    ) -> str:
        """Keep a letter of the political review, or change one; return its id.

        Raises:
            InvalidInput: it does not say about whom, or the reply comes before the letter.
            Stale: it was changed since revision `rev` was read.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        understood = understand(asked.INQUIRY, values)
        if not inquiry_id and not understood.get("relation"):
            raise InvalidInput(asked.RELATION, "写明是谁，如父亲、母亲、本人原单位")
        refuse_ahead(understood, self._store.today, asked.SENT_ON, asked.REPLIED_ON)
        if "waived" in understood and understood["waived"] is None:
            understood["waived"] = False
        return self._keep(CaseInquiry, case_id, inquiry_id, "政审函调", understood, rev)

    def remove_part(self, case_id: str, part_id: str) -> None:
        """Put a paper, a helper or an inquiry into the recycle bin.

        Raises:
            NotFound: it does not belong to the case.
        """
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        with self._changing(case_id, "删除{}的一条记录", None) as (session, _):
            for model in _PARTS:
                row: Any = session.get(model, part_id)
                if row is not None and row.case_id == case_id:
                    row.deleted_at_utc = utc_text(self._store.clock())
                    return
            raise NotFound(what="记录")

    # inside

    def _keep(
        self,
        model: type[Part],
        case_id: str,
        row_id: str,
        what: str,
        values: Mapping[str, object],
        rev: int | None = None,
    ) -> str:
        with self._changing(case_id, f"登记{{}}的{what}", None) as (session, case):
            if not row_id:
                row: Any = model(
                    branch_id=case.branch_id,
                    case_id=case_id,
                    **{name: value for name, value in values.items() if value is not None},
                )
                _refuse_order(row)
                session.add(row)
                session.flush()
                return str(row.id)
            row = session.get(model, row_id)
            if row is None or row.case_id != case_id or row.deleted_at_utc is not None:
                raise NotFound(what=what)
            check_revision(row, rev, what)
            for name, value in values.items():
                setattr(row, name, value)
            _refuse_order(row)
            return row_id

    def _person(self, session: Session, person_id: str, values: Mapping[str, object]) -> Person:
        register = register_of(PERSON_KIND)
        if person_id:
            found = session.get(Person, person_id)
            if found is None or found.branch_id != self._store.branch_id or found.deleted_at_utc is not None:
                raise NotFound(what="党外人员")
            return found
        names = load_names(session, register, self._store.branch_id, self._store.today)
        keeper = Keeper(register, self._store.branch_id, self._store.today, names, {})
        kept = keeper.keep(session, None, keeper.understood({"name": None, **values}))
        return session.get_one(Person, kept.id)

    @contextmanager
    def _changing(self, case_id: str, sentence: str, rev: int | None) -> Iterator[tuple[Session, DevelopmentCase]]:
        self._store.rights.require_any(DevelopmentCase.__tablename__)
        with self._store.reading() as session:
            name = session.get_one(Person, self._find(session, case_id).person_id).name
        with self._store.unit_of_work(sentence.format(quoted(name))) as session:
            case = self._find(session, case_id)
            check_revision(case, rev, "发展党员记录")
            yield session, case

    def _find(self, session: Session, case_id: str) -> DevelopmentCase:
        case = session.get(DevelopmentCase, case_id)
        if case is None or case.branch_id != self._store.branch_id or case.deleted_at_utc is not None:
            raise NotFound(what="发展党员")
        return case

    def _row(self, session: Session, kept: Kept, law: "PartyRules", on: date) -> CaseRow:
        case, person = kept.case, kept.person
        attached: dict[str, int] = dict(
            session.execute(
                select(Attachment.record_id, func.count())
                .where(
                    Attachment.record_kind == CasePaper.__tablename__,
                    Attachment.record_id.in_([paper.id for paper in kept.papers]),
                    Attachment.deleted_at_utc.is_(None),
                )
                .group_by(Attachment.record_id)
            ).all()
        )
        names = _names(session, [helper.member_id for helper in kept.helpers])
        return CaseRow(
            id=case.id,
            rev=case.rev,
            person_id=person.id,
            name=person.name,
            gender=person.gender.label if person.gender else "",
            ethnic=person.ethnic or "",
            born_on=person.born_on,
            native_place=person.native_place or "",
            education=person.education or "",
            unit=person.unit or "",
            job_title=person.job_title or "",
            phone=person.phone or "",
            affiliation=person.affiliation or "",
            id_no=masked(case.id_no or ""),
            state=case.state,
            state_on=case.state_on,
            state_reason=case.state_reason or "",
            ruleset=case.ruleset or "",
            ruleset_reason=case.ruleset_reason or "",
            special_reason=case.special_reason or "",
            extended_to=case.extended_to,
            extended_on=case.extended_on,
            extended_document=case.extended_document or "",
            member_id=case.member_id,
            note=case.note or "",
            steps={no: step_row(step) for no, step in kept.steps.items()},
            papers=tuple(paper_row(paper, attached.get(paper.id, 0)) for paper in kept.papers),
            helpers=tuple(helper_row(helper, names) for helper in kept.helpers),
            inquiries=tuple(inquiry_row(inquiry) for inquiry in kept.inquiries),
            reviews=tuple(
                ReviewRow(
                    id=review.id,
                    on=review.event_on,
                    from_on=review.from_on,
                    to_on=review.to_on,
                    finding=review.finding or "",
                    branch_opinion=review.branch_opinion or "",
                )
                for review in kept.reviews
            ),
            view=examine(kept.fact, law, on),
        )


def _taken(values: dict[str, object], field: Input) -> dict[str, object]:
    return {field.name: values.pop(field.name, None)}


def _refuse_order(row: Part) -> None:
    """Refuse an end before its beginning, whichever of the two was typed."""
    if isinstance(row, CaseHelper) and row.from_on and row.to_on and row.to_on < row.from_on:
        raise InvalidInput(asked.TO_ON, "早于起")
    if isinstance(row, CaseInquiry) and row.sent_on and row.replied_on and row.replied_on < row.sent_on:
        raise InvalidInput(asked.REPLIED_ON, "早于发函日期")


def _step(session: Session, case_id: str, no: int) -> CaseStep | None:
    return session.scalar(
        select(CaseStep)
        .where(CaseStep.case_id == case_id, CaseStep.no == no, CaseStep.deleted_at_utc.is_(None))
        .order_by(CaseStep.id.desc())
    )


def _belonging(session: Session, case_id: str) -> list[OfCase]:
    found: list[OfCase] = []
    for model in _OWN:
        found.extend(session.scalars(select(model).where(model.case_id == case_id)))
    return found


def _names(session: Session, ids: list[str | None]) -> dict[str, str]:
    wanted = [member_id for member_id in ids if member_id]
    return dict(session.execute(select(Member.id, Member.name).where(Member.id.in_(wanted))).all())
