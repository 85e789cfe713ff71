"""The roster of this branch: who belongs, what changes in a member's life, Excel in and out."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import new_id
from desktop.models.branches import PartyGroup, PostAssignment
from desktop.models.members import Member, MemberCondition, StatusChange
from desktop.models.vocabulary import (
    ConditionKind,
    DatePrecision,
    MeetingKind,
    MemberCategory,
    MemberStatus,
    Use,
)
from desktop.services.clock import utc_text
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.members import rules
from desktop.services.members.importer import PLAIN_FIELDS, roster_doubts
from desktop.services.members.law import add_months, member_law
from desktop.services.members.roster import Expected, Roster
from desktop.services.members.rows import ConditionRow, MemberRow, StatusRow
from desktop.services.members.sheet import partial_text, roster_sheet
from desktop.services.spreadsheets.codes import code_name, codes
from desktop.services.spreadsheets.dates import PartialDate, Precision
from desktop.services.spreadsheets.identity import IdNumber, masked, parse_id_number

if TYPE_CHECKING:
    from desktop.services.store import Store

_LEAVING = (
    MemberStatus.QUIT_REMOVED,
    MemberStatus.AUTO_QUIT_REMOVED,
    MemberStatus.PERSUADED_OUT,
    MemberStatus.REMOVED,
    MemberStatus.EXPELLED,
)
TRANSITIONS: Mapping[MemberStatus, tuple[MemberStatus, ...]] = {
    MemberStatus.PROBATIONARY: (
        MemberStatus.FULL_MEMBER,
        MemberStatus.PROBATION_CANCELLED,
        MemberStatus.TRANSFER_PENDING,
        *_LEAVING,
        MemberStatus.DECEASED,
    ),
    MemberStatus.FULL_MEMBER: (
        MemberStatus.TRANSFER_PENDING,
        MemberStatus.SUSPENDED,
        *_LEAVING,
        MemberStatus.DECEASED,
    ),
    MemberStatus.TRANSFER_PENDING: (
        MemberStatus.TRANSFERRED_OUT,
        MemberStatus.FULL_MEMBER,
        MemberStatus.PROBATIONARY,
        MemberStatus.DECEASED,
    ),
    MemberStatus.SUSPENDED: (MemberStatus.FULL_MEMBER, MemberStatus.REMOVED, MemberStatus.DECEASED),
    MemberStatus.TRANSFERRED_OUT: (MemberStatus.FULL_MEMBER, MemberStatus.PROBATIONARY),
}
"""The life-cycle: from each state, the states that may follow (转入 again after 转出; 恢复党籍 after 停止党籍)."""
_NEEDS_DOCUMENT = (MemberStatus.SUSPENDED, MemberStatus.PROBATION_CANCELLED, *_LEAVING)


class MemberService:
    """The members of this branch. At headquarters `branch_id` chooses the branch, for reading."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # reading

    def roster(
        self,
        on: date | None = None,
        *,
        branch_id: str | None = None,
        group_id: str | None = None,
        category: MemberCategory | None = None,
        text: str = "",
        former: bool = False,
    ) -> list[MemberRow]:
        """Return the roster as of `on` (today if not given), in the order people were entered.

        `text` keeps those whose name, unit, job or phone contains it. `former` asks for those who left instead.
        """
        day = on or self._store.today
        with self._store.reading() as session:
            book = self._book(session, branch_id)
            members = [one for one in book.members.values() if not book.belongs(one, day)] if former else book.on(day)
            rows = [_row(book, one, day) for one in members]
        return [
            row
            for row in rows
            if (group_id is None or row.group_id == group_id)
            and (category is None or row.category is category)
            and (not text or any(text in part for part in (row.name, row.unit, row.job_title, row.phone)))
        ]

    def member(self, member_id: str, on: date | None = None) -> MemberRow:
        """Return one member; NotFound if there is none."""
        with self._store.reading() as session:
            book = self._book(session, None)
            return _row(book, self._of(book, member_id), on or self._store.today)

    def id_number(self, member_id: str) -> str:
        """Return the whole ID number of a member. That it was looked at is remembered."""
        with self._store.reading() as session:
            member = self._find(session, member_id)
            name, number = member.name, member.id_no or ""
        self._store.audit(Use.SHOW_ID, name)
        return number

    def expected(
        self, kind: MeetingKind, on: date, group_id: str | None = None, branch_id: str | None = None
    ) -> list[Expected]:
        """Return who was expected at a meeting of `kind` on `on`, from the roster of that day (应到)."""
        with self._store.reading() as session:
            return self._book(session, branch_id).expected(kind, on, group_id)

    def history(self, member_id: str) -> list[StatusRow]:
        """Return the steps of a member's life-cycle, oldest first."""
        with self._store.reading() as session:
            return [
                StatusRow(
                    one.id,
                    one.from_status,
                    one.to_status,
                    one.on,
                    one.meeting_id,
                    one.approving_org or "",
                    one.document_no or "",
                    one.note or "",
                )
                for one in self._book(session, None).changes(member_id)
            ]

    def conditions(self, member_id: str) -> list[ConditionRow]:
        """Return the circumstances of a member, present and past."""
        with self._store.reading() as session:
            return [
                ConditionRow(one.id, one.kind, one.from_on, one.to_on, one.reason or "", one.place or "")
                for one in self._book(session, None).conditions(member_id)
            ]

    def next_states(self, member_id: str) -> tuple[MemberStatus, ...]:
        """Return the states that may follow the present one."""
        with self._store.reading() as session:
            return TRANSITIONS.get(self._find(session, member_id).status, ())

    def doubts(self, on: date | None = None) -> list[str]:
        """Return what looks odd in the roster as a whole."""
        with self._store.reading() as session:
            return list(roster_doubts(self._book(session, None), on or self._store.today))

    # changing

    def register(self, values: Mapping[str, Any]) -> str:
        """Add a member; return the id. `values` by field; texts are understood as people write them.

        Fields: name, gender, ethnic, id_no, born_on, native_place, education, degree, unit, job_title, phone,
        admitted_on, full_on, category, group_id, dues_class, dues_base_fen, joined_on, note.

        Raises:
            InvalidInput: a value breaks a rule; facts["name"] is the field.
            Conflict: the ID number is on the roster already.
        """
        today = self._store.today
        with self._store.unit_of_work(f"登记党员“{values.get('name') or ''}”") as session:
            law = member_law(session, today)
            understood = self._understood(session, values, None)
            category = understood.pop("category", None)
            facts = _facts(None, understood, category)
            _refuse(facts, today)
            if category is None:
                category = rules.propose_category(facts, today, law)[0]
            is_full = category is MemberCategory.FULL_MEMBER
            member = Member(
                id=new_id(),
                branch_id=self._store.branch_id,
                category=category,
                status=MemberStatus.FULL_MEMBER if is_full else MemberStatus.PROBATIONARY,
                **understood,
            )
            if not is_full and facts.admitted_on:
                member.probation_ends_on = add_months(facts.admitted_on, law.probation_months)
            session.add(member)
            session.flush()
            return member.id

    def update(self, member_id: str, values: Mapping[str, Any], rev: int | None = None) -> None:
        """Change fields of a member; fields not given stay, an empty text empties a field.

        Category and status change by `transition`, never here.

        Raises:
            InvalidInput: a value breaks a rule.
            Conflict: changed since revision `rev` was read, or the ID number is taken.
        """
        if "category" in values:
            raise InvalidInput("党员类别", "转正等变动请用“变动”办理", name="category")
        with self._store.reading() as session:
            name = self._find(session, member_id).name
        with self._store.unit_of_work(f"修改党员“{name}”") as session:
            member = self._find(session, member_id)
            if rev is not None and member.rev != rev:
                raise Conflict(what="党员", reason="这名党员的信息刚被改过，请重新打开再改")
            understood = self._understood(session, values, member)
            _refuse(_facts(member, understood, member.category), self._store.today)
            for field, value in understood.items():
                setattr(member, field, value)

    def warnings(self, values: Mapping[str, Any], member_id: str | None = None) -> list[tuple[str, str]]:
        """Return what is allowed but worth a look in typed `values`: (field, reason)."""
        with self._store.reading() as session:
            member = self._find(session, member_id) if member_id else None
            understood = self._understood(session, values, member, check_number=False)
            category = understood.pop("category", None)
            number = understood.get("id_no", member.id_no if member else None)
            identity = parse_id_number(number, today=self._store.today) if number else None
            law = member_law(session, self._store.today)
            return rules.doubts(_facts(member, understood, category), identity, self._store.today, law)

    def transition(
        self,
        member_id: str,
        to: MemberStatus,
        on: date,
        *,
        document_no: str = "",
        approving_org: str = "",
        meeting_id: str | None = None,
        note: str = "",
    ) -> None:
        """Move a member to the next state of the life-cycle on the day `on`.

        Someone who leaves the roster is no longer on it from `on`, and leaves every post the day before.

        Raises:
            InvalidInput: the state cannot follow the present one, the day is impossible, a document is missing.
        """
        with self._store.reading() as session:
            name = self._find(session, member_id).name
        with self._store.unit_of_work(f"党员“{name}”变动：{to.label}") as session:
            member = self._find(session, member_id)
            self._check_transition(session, member, to, on, document_no)
            session.add(
                StatusChange(
                    branch_id=member.branch_id,
                    member_id=member.id,
                    from_status=member.status,
                    to_status=to,
                    on=on,
                    meeting_id=meeting_id,
                    approving_org=approving_org.strip() or None,
                    document_no=document_no.strip() or None,
                    note=note.strip() or None,
                )
            )
            if member.status is MemberStatus.PROBATIONARY and to is MemberStatus.FULL_MEMBER:
                member.full_on, member.full_precision = on, DatePrecision.DAY
                member.category = MemberCategory.FULL_MEMBER
            if member.status is MemberStatus.TRANSFERRED_OUT:
                member.joined_on, member.left_on = on, None
            member.status = to
            if not to.on_roster:
                member.left_on = on
                self._leave_posts(session, member, on)

    def _check_transition(self, session: Session, member: Member, to: MemberStatus, on: date, document_no: str) -> None:
        if to not in TRANSITIONS.get(member.status, ()):
            raise InvalidInput("变动", f"“{member.status.label}”之后不能是“{to.label}”", name="to")
        if on > self._store.today:
            raise InvalidInput("变动日期", "在今天之后", name="on")
        if member.admitted_on is not None and on < member.admitted_on:
            raise InvalidInput("变动日期", "早于入党时间", name="on")
        last = session.scalars(
            select(StatusChange.on)
            .where(StatusChange.member_id == member.id, StatusChange.deleted_at_utc.is_(None))
            .order_by(StatusChange.on.desc())
        ).first()
        if last is not None and on < last:
            raise InvalidInput("变动日期", f"早于上一次变动（{last}）", name="on")
        if to in _NEEDS_DOCUMENT and not document_no.strip():
            raise InvalidInput("文号", f"“{to.label}”须填批准文件的文号", name="document_no")
        is_confirmed = member.status is MemberStatus.PROBATIONARY and to is MemberStatus.FULL_MEMBER
        if is_confirmed and member.admitted_on is not None:
            law = member_law(session, on)
            latest = rules.last_day(member.admitted_on, member.admitted_precision)
            if on < add_months(member.admitted_on, law.probation_months):
                raise InvalidInput("变动日期", f"预备期不满{law.probation_months}个月", name="on")
            if on > add_months(latest, law.longest_probation_months + law.probation_months):
                raise InvalidInput("变动日期", "距入党时间过长，请核对", name="on")

    def _leave_posts(self, session: Session, member: Member, on: date) -> None:
        held = select(PostAssignment).where(
            PostAssignment.member_id == member.id,
            PostAssignment.to_on.is_(None),
            PostAssignment.deleted_at_utc.is_(None),
        )
        for one in session.scalars(held):
            one.to_on = on - timedelta(days=1)

    def extend_probation(self, member_id: str, until: date, *, document_no: str = "", note: str = "") -> None:
        """Extend probation once (延长预备期) until `until`.

        Raises:
            InvalidInput: not in probation, extended already, or outside the months the rules allow.
        """
        with self._store.reading() as session:
            name = self._find(session, member_id).name
        with self._store.unit_of_work(f"延长“{name}”的预备期") as session:
            member = self._find(session, member_id)
            if member.status is not MemberStatus.PROBATIONARY or member.admitted_on is None:
                raise InvalidInput("预备期", "不在预备期，或没有入党时间", name="until")
            if member.extended_once:
                raise InvalidInput("预备期", "只能延长一次", name="until")
            law = member_law(session, self._store.today)
            ends = member.probation_ends_on or add_months(member.admitted_on, law.probation_months)
            least, most = law.extend_months
            if not add_months(ends, least) <= until <= add_months(ends, most):
                raise InvalidInput("延长至", f"须在原届满日之后{least}至{most}个月之内", name="until")
            member.probation_ends_on, member.extended_once = until, True
            if document_no.strip() or note.strip():
                told = " ".join(filter(None, (f"延长预备期至{until}", document_no.strip(), note.strip())))
                member.note = "\n".join(filter(None, (member.note, told)))

    def set_condition(
        self,
        member_id: str,
        kind: ConditionKind,
        from_on: date | None,
        to_on: date | None = None,
        *,
        reason: str = "",
        place: str = "",
        condition_id: str | None = None,
    ) -> str:
        """Note or change a circumstance of a member (离退休、流动、长期病假 …); return its id.

        Raises:
            InvalidInput: it ends before it begins, or overlaps another of the same kind.
        """
        if from_on is not None and to_on is not None and to_on < from_on:
            raise InvalidInput("止", "早于起始日期", name="to_on")
        with self._store.reading() as session:
            name = self._find(session, member_id).name
        with self._store.unit_of_work(f"登记“{name}”的情况：{kind.label}") as session:
            query = select(MemberCondition).where(
                MemberCondition.member_id == member_id, MemberCondition.deleted_at_utc.is_(None)
            )
            others = session.scalars(query).all()
            for one in others:
                if one.kind is kind and one.id != condition_id and _overlap(one, from_on, to_on):
                    raise InvalidInput("起", f"与已登记的“{kind.label}”时间重叠", name="from_on")
            found = next((one for one in others if one.id == condition_id), None)
            if condition_id is not None and found is None:
                raise NotFound(what="情况")
            if found is None:
                found = MemberCondition(id=new_id(), branch_id=self._store.branch_id, member_id=member_id)
                session.add(found)
            found.kind, found.from_on, found.to_on = kind, from_on, to_on
            found.reason, found.place = reason.strip() or None, place.strip() or None
            return found.id

    def remove_condition(self, condition_id: str) -> None:
        """Put a circumstance noted by mistake into the recycle bin."""
        with self._store.unit_of_work("删除党员的情况登记") as session:
            found = session.get(MemberCondition, condition_id)
            if found is None:
                raise NotFound(what="情况")
            found.deleted_at_utc = utc_text(self._store.clock())

    def place_in_group(self, member_ids: Sequence[str], group_id: str | None) -> None:
        """Put members into a group, or into none."""
        with self._store.unit_of_work("调整党员所在党小组") as session:
            if group_id is not None and session.get(PartyGroup, group_id) is None:
                raise NotFound(what="党小组")
            for member_id in member_ids:
                self._find(session, member_id).group_id = group_id

    # inside

    def _book(self, session: Session, branch_id: str | None) -> Roster:
        law = member_law(session, self._store.today)
        return Roster.load(session, branch_id or self._store.branch_id, law.voting_categories)

    @staticmethod
    def _of(book: Roster, member_id: str) -> Member:
        if member_id not in book.members:
            raise NotFound(what="党员")
        return book.members[member_id]

    def _find(self, session: Session, member_id: str | None) -> Member:
        member = session.get(Member, member_id) if member_id else None
        if member is None or member.branch_id != self._store.branch_id or member.deleted_at_utc is not None:
            raise NotFound(what="党员")
        return member

    def _understood(
        self, session: Session, values: Mapping[str, Any], member: Member | None, check_number: bool = True
    ) -> dict[str, Any]:
        """Return typed values as stored ones."""
        sheet = roster_sheet(self._store.today)
        columns = {column.name: column for column in sheet.columns}
        understood: dict[str, Any] = {}
        identity: IdNumber | None = None
        for name, value in values.items():
            if name == "group_id":
                understood[name] = value or None
                continue
            if name not in columns or name in ("posts", "group"):
                raise InvalidInput(name, "不能在这里修改", name=name)
            if value is None or (isinstance(value, str) and not value.strip()):
                if name == "name":
                    raise InvalidInput("姓名", "没有姓名", name=name)
                understood[name] = None
                continue
            if isinstance(value, str):
                try:
                    value = columns[name].parse(value, columns[name])
                except InvalidInput as error:
                    raise InvalidInput(error.field, error.reason, name=name) from error
            if isinstance(value, IdNumber):
                identity, value = value, value.number
            if isinstance(value, PartialDate):
                if name in ("admitted_on", "full_on"):
                    understood[name.replace("_on", "_precision")] = DatePrecision(value.precision.value)
                elif value.precision is not Precision.DAY:
                    raise InvalidInput(columns[name], "请写到日")
                value = value.on
            elif name in ("admitted_on", "full_on"):
                understood.setdefault(name.replace("_on", "_precision"), DatePrecision.DAY)
            understood[name] = MemberCategory(value) if name == "category" else value
        if member is None and "name" not in understood:
            raise InvalidInput("姓名", "没有姓名", name="name")
        if understood.get("category", MemberCategory.FULL_MEMBER) is None:
            del understood["category"]
        if identity is not None:
            for name, value in (("born_on", identity.born_on), ("gender", identity.gender)):
                if understood.get(name, getattr(member, name) if member else None) is None:
                    understood[name] = value
            if check_number:
                self._refuse_taken(session, identity.number, member)
        return understood

    def _refuse_taken(self, session: Session, number: str, member: Member | None) -> None:
        other = session.scalar(select(Member).where(Member.branch_id == self._store.branch_id, Member.id_no == number))
        if other is not None and (member is None or other.id != member.id):
            where = "回收站里" if other.deleted_at_utc else "名册上"
            raise Conflict(what="身份证号", reason=f"这个身份证号是{where}“{other.name}”的", name="id_no")


def _refuse(facts: rules.Facts, today: date) -> None:
    labels = {**PLAIN_FIELDS, "category": "党员类别"}
    for name, reason in rules.faults(facts, today):
        raise InvalidInput(labels.get(name, name), reason, name=name)


def _facts(member: Member | None, values: Mapping[str, Any], category: MemberCategory | None) -> rules.Facts:
    def now(name: str) -> Any:
        return values[name] if name in values else getattr(member, name) if member is not None else None

    return rules.Facts(
        born_on=now("born_on"),
        gender=now("gender"),
        admitted_on=now("admitted_on"),
        admitted_precision=now("admitted_precision") or DatePrecision.DAY,
        full_on=now("full_on"),
        full_precision=now("full_precision") or DatePrecision.DAY,
        category=category,
    )


def _overlap(one: MemberCondition, from_on: date | None, to_on: date | None) -> bool:
    starts_before = one.from_on is None or to_on is None or one.from_on <= to_on
    ends_after = one.to_on is None or from_on is None or one.to_on >= from_on
    return starts_before and ends_after


def _row(book: Roster, member: Member, on: date) -> MemberRow:
    return MemberRow(
        id=member.id,
        name=member.name,
        id_no_masked=masked(member.id_no or ""),
        gender=member.gender,
        gender_text=str(code_name("gender")(member.gender))[:1],
        ethnic=member.ethnic,
        ethnic_text=codes("ethnic").name(member.ethnic),
        born_on=member.born_on,
        native_place=member.native_place or "",
        education=member.education,
        education_text=str(code_name("education")(member.education)),
        degree=member.degree or "",
        unit=member.unit or "",
        job_title=member.job_title or "",
        phone=member.phone or "",
        admitted_on=member.admitted_on,
        admitted_text=partial_text(member.admitted_on, member.admitted_precision),
        full_on=member.full_on,
        full_text=partial_text(member.full_on, member.full_precision),
        category=book.category(member, on),
        status=book.status(member, on),
        group_id=member.group_id,
        group=book.group_name(member.group_id),
        posts=book.posts_of(member.id, on),
        conditions=tuple(dict.fromkeys(one.kind for one in book.conditions(member.id, on))),
        has_vote=book.has_vote(member, on),
        at_work=book.at_work(member, on),
        probation_ends_on=member.probation_ends_on,
        extended_once=member.extended_once,
        dues_class=member.dues_class,
        dues_base_fen=member.dues_base_fen,
        joined_on=member.joined_on,
        left_on=member.left_on,
        note=member.note or "",
        rev=member.rev,
    )
