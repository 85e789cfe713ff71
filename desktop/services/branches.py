"""The branch itself: profile, groups, and who holds which post from when to when."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch, GroupMove, PartyGroup, PostAssignment
from desktop.models.file_names import plain_text
from desktop.models.history import SettingName
from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.vocabulary.branches import GroupState, MemberCategory, OrgKind, Post, PostHow
from desktop.services.errors import Conflict, Input, InvalidInput, NotFound
from desktop.services.members.placing import place
from desktop.services.members.roster import Roster
from desktop.services.ordinals import by_number
from desktop.services.revisions import check_revision
from desktop.services.store import put_setting
from desktop.services.unit_of_work import action_of

if TYPE_CHECKING:
    from desktop.services.store import Store

PROFILE = {
    field.name: field
    for field in (
        Input("name", "名称"),
        Input("short_name", "简称"),
        Input("kind", "类别"),
        Input("founded_on", "成立日期"),
        Input("region_code", "行政区划代码"),
        Input("fonds_no", "全宗号"),
        Input("establish_approval_no", "成立批复文号"),
        Input("covered_units", "覆盖单位"),
    )
}
"""What a branch may change of its profile, by name."""
POST = Input("post", "职务")
MEMBER = Input("member_id", "党员")
GROUP = Input("group_id", "党小组")
FROM_ON = Input("from_on", "任职日期")
TO_ON = Input("to_on", "免职日期")
HOW = Input("how", "方式")
APPROVAL_NO = Input("approval_no", "批复文号")
END_APPROVAL_NO = Input("end_approval_no", "免职批复文号")
GROUP_NAME = Input("name", "党小组名称")
GROUP_UNIT = Input("unit", "所在队所或部门")
DISSOLVED_ON = Input("dissolved_on", "撤销日期")
TO_GROUP = Input("to_group_id", "党员编入")

_SINGLE = frozenset(Post) - {Post.DEPUTY_SECRETARY}
"""Posts of one holder (a group's leader: one in each group)."""
_Row = TypeVar("_Row", PartyGroup, PostAssignment, GroupMove)


@dataclass(frozen=True, slots=True, kw_only=True)
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
    rev: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A party group, its leader of today and how many members it has."""

    id: str
    name: str
    unit: str
    state: GroupState
    leader: str
    size: int
    dissolved_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
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
    end_approval_no: str


class BranchService:
    """Profile, groups and posts of a branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def profile(self, branch_id: str | None = None) -> BranchProfile:
        """Return the profile of this branch, or of the branch `branch_id` at headquarters.

        Raises:
            NotFound: there is no such branch.
        """
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
                rev=row.rev,
            )

    def change_profile(self, values: Mapping[str, object], rev: int | None = None) -> None:
        """Change fields of the profile. Name and code come from headquarters' invitation once there is one.

        Raises:
            InvalidInput: the name is empty, or a field is not the branch's to change.
            Stale: the profile was changed since revision `rev` was read.
        """
        self._store.rights.require_any(Branch.__tablename__)
        for name in sorted(set(values) - set(PROFILE)):
            raise InvalidInput(Input(name, name), "不能在这里修改")
        if "name" in values and not str(values["name"] or "").strip():
            raise InvalidInput(PROFILE["name"], "不能为空")
        founded = values.get("founded_on")
        if isinstance(founded, date) and founded > self._store.today:
            raise InvalidInput(PROFILE["founded_on"], "晚于今天")
        with self._store.unit_of_work("修改党支部基本情况") as session:
            branch = session.get_one(Branch, self._store.branch_id)
            check_revision(branch, rev, "党支部基本情况")
            for name, value in values.items():
                setattr(branch, name, list(value) if isinstance(value, tuple) else value)
            if "name" in values:
                put_setting(session, SettingName.NAME, branch.name)

    # party groups

    def groups(self) -> list[GroupRow]:
        """Return the party groups, active ones first, by their numbers."""
        today = self._store.today
        with self._store.reading() as session:
            groups = session.scalars(self._mine(PartyGroup)).all()
            people = session.execute(
                select(Member.group_id, Member.left_on, Member.status).where(
                    Member.branch_id == self._store.branch_id, Member.deleted_at_utc.is_(None)
                )
            ).all()
            leaders = {
                held.group_id: _name(session, held.member_id)
                for held in session.scalars(self._mine(PostAssignment))
                if held.post is Post.GROUP_LEADER and _holds(held, today)
            }
            sizes = Counter(
                group_id
                for group_id, left_on, status in people
                if status.on_roster and (left_on is None or left_on > today)
            )
            rows = [
                GroupRow(
                    id=group.id,
                    name=group.name,
                    unit=group.unit or "",
                    state=group.state,
                    leader=leaders.get(group.id, ""),
                    size=sizes[group.id],
                    dissolved_on=group.dissolved_on,
                )
                for group in groups
            ]
        return sorted(rows, key=lambda group: (group.state is not GroupState.ACTIVE, by_number(group.name)))

    def save_group(self, name: str, unit: str = "", group_id: str | None = None) -> str:
        """Make a group or rename it; return its id.

        Raises:
            InvalidInput: no name.
            Conflict: a group of that name exists, or existed: it can be taken back.
        """
        self._store.rights.require_any(PartyGroup.__tablename__)
        title = name.strip()
        if not title:
            raise InvalidInput(GROUP_NAME, "不能为空")
        with self._store.unit_of_work(f"{'修改' if group_id else '设立'}党小组“{title}”") as session:
            for other in session.scalars(self._mine(PartyGroup).where(PartyGroup.name == title)):
                if other.id != group_id:
                    reason = "已有这个名称的党小组"
                    if other.state is GroupState.DISSOLVED:
                        reason = "这个名称的党小组已撤销，可以在党小组里恢复它"
                    raise Conflict(what="党小组", name=GROUP_NAME.name, reason=reason)
            group = session.get(PartyGroup, group_id) if group_id else None
            if group is None:
                group = PartyGroup(branch_id=self._store.branch_id, from_on=self._store.today)
                session.add(group)
            group.name, group.unit = title, unit.strip() or None
            session.flush()
            return group.id

    def dissolve_group(self, group_id: str, on: date, to_group_id: str | None = None) -> None:
        """End a group on its last day `on` (撤销); its leader leaves the post that day, its members go to another.

        Raises:
            InvalidInput: it is dissolved already, the day lies ahead, before the group began or before a meeting it
                held, or nobody says where its members go.
        """
        self._store.rights.require_any(PartyGroup.__tablename__)
        with self._store.reading() as session:
            name = session.get_one(PartyGroup, group_id).name
        with self._store.unit_of_work(f"撤销党小组“{name}”") as session:
            group = session.get_one(PartyGroup, group_id)
            if group.state is GroupState.DISSOLVED:
                raise InvalidInput(DISSOLVED_ON, f"已在{group.dissolved_on}撤销")
            if on > self._store.today:
                raise InvalidInput(DISSOLVED_ON, "晚于今天")
            self._refuse_before_meetings(session, group_id, on)
            if group.from_on is not None and on < group.from_on:
                raise InvalidInput(DISSOLVED_ON, f"早于设立日期（{group.from_on}）")
            people = session.scalars(
                select(Member).where(
                    Member.group_id == group_id, Member.deleted_at_utc.is_(None), Member.left_on.is_(None)
                )
            ).all()
            if people and to_group_id is None:
                raise InvalidInput(TO_GROUP, f"还有{len(people)}名党员编在这个小组，选改编到哪个小组")
            if people:
                target = session.get(PartyGroup, to_group_id)
                if target is None or target.id == group_id or target.state is GroupState.DISSOLVED:
                    raise InvalidInput(TO_GROUP, "不是在运行的另一个党小组")
                action_of(session).sentence = plain_text(f"撤销党小组“{name}”，{len(people)}名党员编入“{target.name}”")
            for person in people:
                place(session, person, to_group_id, on + timedelta(days=1))
            group.state, group.dissolved_on = GroupState.DISSOLVED, on
            for held in self._leaders(session, group_id):
                if held.to_on is None:
                    held.to_on = on

    def _refuse_before_meetings(self, session: Session, group_id: str, on: date) -> None:
        """Refuse to end a group before a meeting it held: who was expected there would be nobody any more."""
        query = select(Meeting.held_on, Meeting.state).where(
            Meeting.branch_id == self._store.branch_id,
            Meeting.group_id == group_id,
            Meeting.held_on > on,
            Meeting.deleted_at_utc.is_(None),
        )
        last = max((held_on for held_on, state in session.execute(query) if state.counts), default=None)
        if last is not None:
            raise InvalidInput(DISSOLVED_ON, f"这个小组{last}还开过会")

    def restore_group(self, group_id: str) -> None:
        """Take a dissolved group back (恢复), with the leader who left the post when it ended.

        Those who went to another group on that day, and are still there, come back too.
        """
        self._store.rights.require_any(PartyGroup.__tablename__)
        with self._store.reading() as session:
            name = session.get_one(PartyGroup, group_id).name
        with self._store.unit_of_work(f"恢复党小组“{name}”") as session:
            group = session.get_one(PartyGroup, group_id)
            for held in self._leaders(session, group_id):
                if held.to_on is not None and held.to_on == group.dissolved_on:
                    held.to_on = None
            if group.dissolved_on is not None:
                moved = self._mine(GroupMove).where(
                    GroupMove.from_group_id == group_id, GroupMove.on == group.dissolved_on + timedelta(days=1)
                )
                for move in session.scalars(moved):
                    person = session.get_one(Member, move.member_id)
                    if person.group_id == move.to_group_id:
                        place(session, person, group_id, move.on)
            group.state, group.dissolved_on = GroupState.ACTIVE, None

    def _leaders(self, session: Session, group_id: str) -> Sequence[PostAssignment]:
        return session.scalars(
            self._mine(PostAssignment).where(
                PostAssignment.post == Post.GROUP_LEADER, PostAssignment.group_id == group_id
            )
        ).all()

    # posts

    def posts(self, history: bool = False) -> list[PostRow]:
        """Return who holds which post today, by rank of the post; with `history` everyone who ever did."""
        today = self._store.today
        order = {post: rank for rank, post in enumerate(Post)}
        with self._store.reading() as session:
            groups = dict(session.execute(select(PartyGroup.id, PartyGroup.name)).all())
            rows = [
                PostRow(
                    id=held.id,
                    post=held.post,
                    member_id=held.member_id,
                    member=_name(session, held.member_id),
                    group=groups.get(held.group_id or "", ""),
                    from_on=held.from_on,
                    to_on=held.to_on,
                    how=held.how,
                    approval_no=held.approval_no or "",
                    end_approval_no=held.end_approval_no or "",
                )
                for held in session.scalars(self._mine(PostAssignment))
                if history or _holds(held, today)
            ]
        return sorted(rows, key=lambda row: (order[row.post], by_number(row.group), row.from_on or date.min))

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
            InvalidInput: the post needs a group, the day lies ahead, is not after the predecessor's first one or is not
                told where there is a predecessor, the member already holds it, or is a probationary member, who cannot
                be elected to the committee.
        """
        self._store.rights.require_any(PostAssignment.__tablename__)
        if post is Post.GROUP_LEADER and group_id is None:
            raise InvalidInput(GROUP, "党小组长要写明是哪个小组")
        if from_on is not None and from_on > self._store.today:
            raise InvalidInput(FROM_ON, "晚于今天")
        with self._store.unit_of_work(f"任职：{post.label}") as session:
            roster = Roster.load(session, self._store.branch_id)
            member, day = roster.members.get(member_id), from_on or self._store.today
            probationary = member is not None and roster.category(member, day) is MemberCategory.PROBATIONARY_MEMBER
            if post.on_committee and probationary:
                raise InvalidInput(MEMBER, f"预备党员没有被选举权，不能任{post.label}")
            leaving: list[PostAssignment] = []
            for held in session.scalars(self._mine(PostAssignment)):
                same = held.post is post and held.group_id == group_id and held.to_on is None
                if same and held.member_id == member_id:
                    raise InvalidInput(POST, "这名党员已在任")
                was = held.post is post and held.group_id == group_id and post in _SINGLE
                if was and from_on is None:
                    raise InvalidInput(FROM_ON, f"有前任{_name(session, held.member_id)}，要写从哪天起")
                if same and post in _SINGLE:
                    if held.from_on is not None and day <= held.from_on:
                        name = _name(session, held.member_id)
                        raise InvalidInput(FROM_ON, f"不晚于前任{name}的任职日期（{held.from_on}）")
                    leaving.append(held)
            if member is not None:  # before anything is written: its history has the sentence
                former = [_name(session, held.member_id) for held in leaving]
                ended = f"，接替{'、'.join(former)}" if former else ""
                action_of(session).sentence = plain_text(f"任职：{member.name} {post.label}{ended}")
            for held in leaving:
                held.to_on = day - timedelta(days=1)
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

    def end_post(self, assignment_id: str, to_on: date, *, end_approval_no: str = "") -> None:
        """Note the last day of someone in a post, and the number of the letter that approved it.

        Raises:
            InvalidInput: the day is before the first one or lies ahead.
        """
        self._store.rights.require_any(PostAssignment.__tablename__)
        with self._store.unit_of_work("免职") as session:
            held = session.get_one(PostAssignment, assignment_id)
            if held.from_on is not None and to_on < held.from_on:
                raise InvalidInput(TO_ON, "早于任职日期")
            if to_on > self._store.today:
                raise InvalidInput(TO_ON, "晚于今天")
            words = f"免职：{_name(session, held.member_id)} {held.post.label}，任至 {to_on}"
            action_of(session).sentence = plain_text(words)
            held.to_on, held.end_approval_no = to_on, end_approval_no.strip() or None

    def _mine(self, model: type[_Row]) -> Select[_Row]:
        return select(model).where(model.branch_id == self._store.branch_id, model.deleted_at_utc.is_(None))


def _name(session: Session, member_id: str) -> str:
    member = session.get(Member, member_id)
    return member.name if member is not None else ""


def _holds(held: PostAssignment, on: date) -> bool:
    return (held.from_on is None or held.from_on <= on) and (held.to_on is None or held.to_on >= on)
