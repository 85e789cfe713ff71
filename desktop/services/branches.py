"""The branch itself: profile, groups, committee terms, and who holds which post from when to when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch, PartyGroup, PostAssignment, Term
from desktop.models.members import Member
from desktop.models.vocabulary import GroupState, OrgKind, Post, PostHow
from desktop.services.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from desktop.services.store import Store

PROFILE_FIELDS = (
    "name", "short_name", "kind", "founded_on", "region_code", "fonds_no", "establish_approval_no", "covered_units"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BranchProfile:
    """Who the branch is. `recorded_since` is the day this store was created."""

    id: str
    code: str
    name: str
    short_name: str
    kind: OrgKind
    group_kind: str
    founded_on: date | None
    region_code: str
    fonds_no: str
    establish_approval_no: str
    covered_units: tuple[str, ...]
    recorded_since: date | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A party group, its leader of today and how many members it has."""

    id: str
    name: str
    unit: str
    state: GroupState
    leader: str
    size: int


@dataclass(frozen=True, slots=True)
class PostRow:
    """Who holds or held a post. `from_on` None: since before our records; `to_on` None: still in it."""

    id: str
    post: Post
    member_id: str
    member: str
    group: str
    from_on: date | None
    to_on: date | None
    how: PostHow
    approval_no: str


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of the committee; `days_left` to its end (negative: 届满未换届)."""

    id: str
    term_no: int
    elected_on: date
    approved_on: date | None
    expires_on: date
    approval_no: str
    shifted_to: date | None
    days_left: int


class BranchService:
    """Profile, groups, posts and terms of a branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def profile(self, branch_id: str | None = None) -> BranchProfile:
        """Return the profile of this branch, or of the branch `branch_id` at headquarters."""
        with self._store.reading() as session:
            row = session.get(Branch, branch_id or self._store.branch_id)
            if row is None:
                raise NotFound(what="党支部")
            return BranchProfile(
                id=row.id,
                code=row.code,
                name=row.name,
                short_name=row.short_name or "",
                kind=row.kind,
                group_kind=row.group_kind,
                founded_on=row.founded_on,
                region_code=row.region_code or "",
                fonds_no=row.fonds_no or "",
                establish_approval_no=row.establish_approval_no or "",
                covered_units=tuple(row.covered_units),
                recorded_since=row.recorded_since,
            )

    def change_profile(self, values: Mapping[str, Any]) -> None:
        """Change fields of the profile. Name and code come from headquarters' invitation once there is one.

        Raises:
            InvalidInput: the name is empty, or a field is not the branch's to change.
        """
        unknown = set(values) - set(PROFILE_FIELDS)
        if unknown:
            raise InvalidInput("、".join(sorted(unknown)), "不能在这里修改")
        if "name" in values and not str(values["name"]).strip():
            raise InvalidInput("名称", "不能为空")
        founded = values.get("founded_on")
        if founded is not None and founded > self._store.today:
            raise InvalidInput("成立日期", "晚于今天")
        with self._store.unit_of_work("修改党支部基本情况") as session:
            row = session.get_one(Branch, self._store.branch_id)
            for name, value in values.items():
                setattr(row, name, list(value) if name == "covered_units" else value)

    def groups(self) -> list[GroupRow]:
        """Return the party groups, active ones first."""
        today = self._store.today
        with self._store.reading() as session:
            groups = session.scalars(self._mine(PartyGroup).order_by(PartyGroup.name)).all()
            people = session.execute(
                select(Member.group_id, Member.left_on, Member.status).where(
                    Member.branch_id == self._store.branch_id, Member.deleted_at_utc.is_(None)
                )
            ).all()
            leaders = {
                one.group_id: self._name(session, one.member_id)
                for one in session.scalars(self._mine(PostAssignment))
                if one.post is Post.GROUP_LEADER and _holds(one, today)
            }
            sizes: dict[str | None, int] = {}
            for group_id, left_on, status in people:
                if status.on_roster and (left_on is None or left_on > today):
                    sizes[group_id] = sizes.get(group_id, 0) + 1
            rows = [
                GroupRow(one.id, one.name, one.unit or "", one.state, leaders.get(one.id, ""), sizes.get(one.id, 0))
                for one in groups
            ]
        return sorted(rows, key=lambda row: row.state is not GroupState.ACTIVE)

    def save_group(self, name: str, unit: str = "", group_id: str | None = None) -> str:
        """Make a group or rename it; return its id.

        Raises:
            InvalidInput: no name. Conflict: a group of that name exists.
        """
        if not name.strip():
            raise InvalidInput("党小组名称", "不能为空")
        with self._store.unit_of_work(f"{'修改' if group_id else '设立'}党小组“{name}”") as session:
            group = session.get(PartyGroup, group_id) if group_id else None
            if group is None:
                group = PartyGroup(branch_id=self._store.branch_id, from_on=self._store.today)
                session.add(group)
            group.name, group.unit = name.strip(), unit.strip() or None
            session.flush()
            return group.id

    def dissolve_group(self, group_id: str, on: date) -> None:
        """End a group on its last day `on`; its members must have been placed elsewhere."""
        with self._store.unit_of_work("撤销党小组") as session:
            group = session.get_one(PartyGroup, group_id)
            left = session.scalar(
                select(Member.id).where(
                    Member.group_id == group_id, Member.deleted_at_utc.is_(None), Member.left_on.is_(None)
                )
            )
            if left is not None:
                raise InvalidInput("党小组", "还有党员编在这个小组，请先调整到其他小组")
            group.state, group.dissolved_on = GroupState.DISSOLVED, on

    def posts(self, history: bool = False) -> list[PostRow]:
        """Return who holds which post today, by rank of the post; with `history` everyone who ever did."""
        today = self._store.today
        order = {post: rank for rank, post in enumerate(Post)}
        with self._store.reading() as session:
            groups = dict(session.execute(select(PartyGroup.id, PartyGroup.name)).all())
            rows = [
                PostRow(
                    one.id,
                    one.post,
                    one.member_id,
                    self._name(session, one.member_id),
                    groups.get(one.group_id or "", ""),
                    one.from_on,
                    one.to_on,
                    one.how,
                    one.approval_no or "",
                )
                for one in session.scalars(self._mine(PostAssignment))
                if history or _holds(one, today)
            ]
        return sorted(rows, key=lambda row: (order[row.post], row.group, row.from_on or date.min))

    def assign(
        self,
        post: Post,
        member_id: str,
        from_on: date | None,
        *,
        group_id: str | None = None,
        how: PostHow = PostHow.ELECTED,
        approval_no: str = "",
    ) -> str:
        """Put a member into a post. Whoever held a post of one holder leaves it the day before; return the id.

        Raises:
            InvalidInput: the post needs a group, the day lies ahead, or the member already holds it.
        """
        if post is Post.GROUP_LEADER and group_id is None:
            raise InvalidInput("党小组", "党小组长要写明是哪个小组")
        if from_on is not None and from_on > self._store.today:
            raise InvalidInput("任职日期", "晚于今天")
        with self._store.unit_of_work(f"任职：{post.label}") as session:
            for one in session.scalars(self._mine(PostAssignment)):
                same = one.post is post and one.group_id == group_id and one.to_on is None
                if same and one.member_id == member_id:
                    raise InvalidInput("职务", "这名党员已在任")
                if same and post in _SINGLE:
                    one.to_on = (from_on or self._store.today) - timedelta(days=1)
            assignment = PostAssignment(
                branch_id=self._store.branch_id,
                member_id=member_id,
                post=post,
                group_id=group_id,
                from_on=from_on,
                how=how,
                approval_no=approval_no or None,
            )
            session.add(assignment)
            session.flush()
            return assignment.id

    def end_post(self, assignment_id: str, to_on: date) -> None:
        """Note the last day of someone in a post.

        Raises:
            InvalidInput: the day is before the first one or lies ahead.
        """
        with self._store.unit_of_work("免职") as session:
            one = session.get_one(PostAssignment, assignment_id)
            if one.from_on is not None and to_on < one.from_on:
                raise InvalidInput("免职日期", "早于任职日期")
            if to_on > self._store.today:
                raise InvalidInput("免职日期", "晚于今天")
            one.to_on = to_on

    def terms(self) -> list[TermRow]:
        """Return the committee's terms, newest first."""
        with self._store.reading() as session:
            return [
                TermRow(
                    one.id,
                    one.term_no,
                    one.elected_on,
                    one.approved_on,
                    one.expires_on,
                    one.approval_no or "",
                    one.shifted_to,
                    ((one.shifted_to or one.expires_on) - self._store.today).days,
                )
                for one in session.scalars(self._mine(Term).order_by(Term.elected_on.desc()))
            ]

    def save_term(self, values: Mapping[str, Any], term_id: str | None = None) -> str:
        """Keep a term: term_no, elected_on, expires_on and what is known of its approval; return its id.

        Raises:
            InvalidInput: a needed date is missing or the order of dates is impossible.
        """
        for name, label in (("term_no", "届次"), ("elected_on", "选举日期"), ("expires_on", "届满日期")):
            if not values.get(name):
                raise InvalidInput(label, "不能为空", name=name)
        if values["expires_on"] <= values["elected_on"]:
            raise InvalidInput("届满日期", "不晚于选举日期", name="expires_on")
        if values.get("approved_on") and values["approved_on"] < values["elected_on"]:
            raise InvalidInput("批复日期", "早于选举日期", name="approved_on")
        with self._store.unit_of_work(f"登记第{values['term_no']}届支委会") as session:
            term = session.get(Term, term_id) if term_id else None
            if term is None:
                term = Term(branch_id=self._store.branch_id)
                session.add(term)
            for name, value in values.items():
                setattr(term, name, value)
            session.flush()
            return term.id

    def _mine(self, model: Any) -> Any:
        return select(model).where(model.branch_id == self._store.branch_id, model.deleted_at_utc.is_(None))

    @staticmethod
    def _name(session: Session, member_id: str) -> str:
        member = session.get(Member, member_id)
        return member.name if member is not None else ""


_SINGLE = tuple(post for post in Post if post not in (Post.DEPUTY_SECRETARY,))


def _holds(one: PostAssignment, on: date) -> bool:
    return (one.from_on is None or one.from_on <= on) and (one.to_on is None or one.to_on >= on)
