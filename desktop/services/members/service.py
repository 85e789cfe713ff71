"""The roster of this branch: who belongs, who is expected, registering and changing a member."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import new_id
from desktop.models.branches import PartyGroup
from desktop.models.members import Member
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import MemberCategory, MemberStatus
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.members import rules
from desktop.services.members.entry import MemberEntry, facts_of, read_entry, refuse
from desktop.services.members.handing_on import roster_doubts
from desktop.services.members.law import add_months, member_law
from desktop.services.members.lookup import find_member, name_of, roster_of
from desktop.services.members.placing import place
from desktop.services.members.roster import Expected, ends_with
from desktop.services.members.rows import MemberRow, row_of
from desktop.services.members.sheet import CATEGORY, ID_NO, JOINED_ON, NAME
from desktop.services.quoting import quoted
from desktop.services.revisions import check_revision
from desktop.services.spreadsheets.identity import parse_id_number

if TYPE_CHECKING:
    from desktop.services.store import Store


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
            roster = roster_of(self._store, session, branch_id)
            members = roster.on(day)
            if former:
                members = [member for member in roster.members.values() if not roster.belongs(member, day)]
            rows = [row_of(roster, member, day) for member in members]
        return [
            row
            for row in rows
            if (group_id is None or row.group_id == group_id)
            and (category is None or row.category is category)
            and (not text or any(text in part for part in (row.name, row.unit, row.job_title, row.phone)))
        ]

    def member(self, member_id: str, on: date | None = None) -> MemberRow:
        """Return one member.

        Raises:
            NotFound: there is none.
        """
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            if member_id not in roster.members:
                raise NotFound(what="党员")
            return row_of(roster, roster.members[member_id], on or self._store.today)

    def find(self, text: str) -> str:
        """Return the id of a member, on the roster or gone from it, named by id or by name: 张伟, 张伟（1234）.

        Raises:
            NotFound: nobody is called so.
            InvalidInput: several are.
        """
        name, _, digits = text.replace("(", "（").rstrip(")）").partition("（")
        with self._store.reading() as session:
            if session.get(Member, text) is not None:
                return text
            people = session.scalars(select(Member).where(Member.name == name.strip()).order_by(Member.id)).all()
        found = [member for member in people if ends_with(member, digits.strip())]
        if not found:
            raise NotFound(what="党员", name=text)
        if len(found) > 1:
            raise InvalidInput(NAME, f"有{len(found)}个{quoted(name)}，请在姓名后用括号注明身份证号后四位")
        return found[0].id

    def id_number(self, member_id: str) -> str:
        """Return the whole ID number of a member. That it was looked at is remembered.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.IDENTITY)
        with self._store.reading() as session:
            member = find_member(self._store, session, member_id)
            name, number = member.name, member.id_no or ""
        self._store.audit(Use.SHOW_ID, name)
        return number

    def expected(
        self, kind: MeetingKind, on: date, group_id: str | None = None, branch_id: str | None = None
    ) -> list[Expected]:
        """Return who was expected at a meeting of `kind` on `on`, from the roster of that day (应到)."""
        with self._store.reading() as session:
            return roster_of(self._store, session, branch_id).expected(kind, on, group_id)

    def doubts(self, on: date | None = None) -> list[str]:
        """Return what looks odd in the roster as a whole."""
        with self._store.reading() as session:
            return list(roster_doubts(roster_of(self._store, session), on or self._store.today))

    # changing

    def register(self, values: Mapping[str, object]) -> str:
        """Add a member; return the id. `values` by field; texts are understood as people write them.

        Fields: name, gender, ethnic, id_no, born_on, native_place, education, degree, unit, job_title, phone,
        admitted_on, full_on, category, group_id, dues_class, dues_base_fen, retires_on, joined_on, note.

        Raises:
            InvalidInput: a value breaks a rule; it names the field.
            Conflict: the ID number is on the roster already.
        """
        self._store.rights.require_any(Member.__tablename__)
        with self._store.unit_of_work(f"登记党员“{values.get('name') or ''}”") as session:
            return self.enter(session, values)

    def enter(self, session: Session, values: Mapping[str, object]) -> str:
        """Add a member in the action of somebody else; see `register`.

        Raises:
            InvalidInput, Conflict: as `register`.
        """
        today = self._store.today
        law = member_law(session, today)
        entry = read_entry(values, None, today)
        self._refuse_taken(session, entry, None)
        facts = facts_of(None, entry.values, entry.category)
        refuse(facts, today)
        _refuse_coming(entry, None, today)
        category = entry.category or rules.propose_category(facts, today, law)[0]
        is_full = category is MemberCategory.FULL_MEMBER
        member = Member(
            id=new_id(),
            branch_id=self._store.branch_id,
            category=category,
            status=MemberStatus.FULL_MEMBER if is_full else MemberStatus.PROBATIONARY,
            **entry.values,
        )
        if not is_full and facts.admitted_on:
            member.probation_ends_on = add_months(facts.admitted_on, law.probation_months)
        session.add(member)
        session.flush()
        return member.id

    def update(self, member_id: str, values: Mapping[str, object], rev: int | None = None) -> None:
        """Change fields of a member; fields not given stay, an empty text empties a field.

        Category and status change by `LifeService.transition`, never here.

        Raises:
            InvalidInput: a value breaks a rule.
            Conflict: changed since revision `rev` was read, or the ID number is taken.
        """
        self._store.rights.require_any(Member.__tablename__)
        if CATEGORY.name in values:
            raise InvalidInput(CATEGORY, "转正等变动请用“变动”办理")
        with self._store.unit_of_work(f"修改党员“{name_of(self._store, member_id)}”") as session:
            member = find_member(self._store, session, member_id)
            check_revision(member, rev, "党员信息")
            entry = read_entry(values, member, self._store.today)
            self._refuse_taken(session, entry, member)
            refuse(facts_of(member, entry.values, member.category), self._store.today)
            _refuse_coming(entry, member, self._store.today)
            for name, value in entry.values.items():
                if name != Member.group_id.key:
                    setattr(member, name, value)
            if Member.group_id.key in entry.values:
                group_id = entry.values[Member.group_id.key]
                place(session, member, str(group_id) if group_id else None, self._store.today)

    def warnings(self, values: Mapping[str, object], member_id: str | None = None) -> list[rules.Fault]:
        """Return what is allowed but worth a look in typed `values`: (field, reason)."""
        today = self._store.today
        with self._store.reading() as session:
            member = find_member(self._store, session, member_id) if member_id else None
            entry = read_entry(values, member, today)
            number = entry.values.get(ID_NO.name, member.id_no if member else None)
            identity = parse_id_number(number, ID_NO, today) if number else None
            law = member_law(session, today)
            category = entry.category or (member.category if member is not None else None)
            return rules.doubts(facts_of(member, entry.values, category), identity, today, law)

    def place_in_group(self, member_ids: Sequence[str], group_id: str | None) -> None:
        """Put members into a group, or into none.

        Raises:
            NotFound: there is no such group or member.
        """
        self._store.rights.require_any(Member.__tablename__)
        with self._store.unit_of_work("调整党员所在党小组") as session:
            if group_id is not None and session.get(PartyGroup, group_id) is None:
                raise NotFound(what="党小组")
            for member_id in member_ids:
                member = find_member(self._store, session, member_id)
                place(session, member, group_id, self._store.today)

    def _refuse_taken(self, session: Session, entry: MemberEntry, member: Member | None) -> None:
        if entry.identity is None:
            return
        number = entry.identity.number
        other = session.scalar(select(Member).where(Member.branch_id == self._store.branch_id, Member.id_no == number))
        if other is not None and (member is None or other.id != member.id):
            where = "回收站里" if other.deleted_at_utc else "名册上"
            reason = f"这个身份证号是{where}{quoted(other.name)}的"
            raise Conflict(what=ID_NO.label, name=ID_NO.name, reason=reason)


def _refuse_coming(entry: MemberEntry, member: Member | None, today: date) -> None:
    """Refuse a typed day of coming on which nobody can have come; one that stays as it was is not looked at."""
    joined = entry.values.get(JOINED_ON.name)
    if isinstance(joined, date) and (member is None or joined != member.joined_on):
        for _name, reason in rules.coming_faults(joined, member.left_on if member is not None else None, today):
            raise InvalidInput(JOINED_ON, reason)
