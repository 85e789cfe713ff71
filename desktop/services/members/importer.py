"""The roster from Excel: whom each row means, what it changes, and why a row is refused."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import new_id
from desktop.models.branches import PartyGroup, PostAssignment
from desktop.models.members import Member, StatusChange
from desktop.models.vocabulary.branches import DatePrecision, GroupState, MemberCategory, MemberStatus, Post
from desktop.services.errors import InvalidInput
from desktop.services.intake.rows import Row, refused
from desktop.services.members import rules
from desktop.services.members.entry import facts_of
from desktop.services.members.law import MemberLaw, add_months
from desktop.services.members.roster import Roster
from desktop.services.members.rules import MemberFacts
from desktop.services.members.sheet import (
    BORN_ON,
    CATEGORY,
    DUES_CLASSES,
    GROUP,
    ID_NO,
    KEPT_AS_TYPED,
    NAME,
    POSTS,
    PRECISIONS,
    partial_text,
    post_named,
    show_posts,
)
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.codes import codes
from desktop.services.spreadsheets.dates import PartialDate, Precision
from desktop.services.spreadsheets.identity import IdNumber, masked
from desktop.services.spreadsheets.results import Changed, ImportResult, Proposal, Warned

SINGLE_POSTS = frozenset(Post) - {Post.DEPUTY_SECRETARY, Post.GROUP_LEADER}


class RosterImport:
    """One import: works on the loaded roster and adds what is new to the session; nothing is read row by row."""

    def __init__(self, session: Session, branch_id: str, today: date, law: MemberLaw, result: ImportResult) -> None:
        self._session, self._branch_id, self._today, self._law, self._result = session, branch_id, today, law, result
        self.roster = Roster.load(session, branch_id, law.voting_categories)
        self._by_id_no = {member.id_no: member for member in self.roster.members.values() if member.id_no}
        self._by_name: dict[str, list[Member]] = {}
        for member in self.roster.members.values():
            self._by_name.setdefault(member.name, []).append(member)
        recycled = select(Member.id_no).where(Member.branch_id == branch_id, Member.deleted_at_utc.is_not(None))
        self._recycled = set(session.scalars(recycled))
        self._had_posts = {(held.post, held.group_id) for held in self.roster.posts}
        self._seen: dict[str, Row] = {}
        self._posts: list[tuple[Row, Member, tuple[Post, ...], bool]] = []
        self._outcome: dict[str, str] = {}
        self._ids: Iterator[str] = iter(())

    def expect(self, rows: int) -> None:
        """Prepare ids for so many rows, in the order of the list: the roster keeps it."""
        self._ids = iter(sorted(new_id() for _ in range(rows)))

    def take(self, row: Row) -> None:
        """Take one row, or refuse it."""
        try:
            self._take(row)
        except InvalidInput as error:
            self._result.rejected.append(row.refuse(error))

    def finish(self) -> None:
        """Settle what only the whole list can say: posts handed on, and what the new roster looks odd in."""
        for row, member, posts, is_new in self._posts:
            self._settle_posts(row, member, posts, is_new)
        for outcome in self._outcome.values():
            setattr(self._result, outcome, getattr(self._result, outcome) + 1)
        for reason in roster_doubts(self.roster, self._today):
            self._result.warnings.append(_whole(reason))

    # one row

    def _take(self, row: Row) -> None:
        identity: IdNumber | None = row.get("id_no")
        values = self._values(row, identity)
        member = self._whom(row, identity, values.get(BORN_ON.name))
        facts = self._facts(member, values, row)
        faults = rules.faults(facts, self._today)
        if faults:
            self._result.rejected.append(refused(row, faults))
            return
        for name, reason in rules.doubts(facts, identity, self._today, self._law):
            self._result.warnings.append(row.warn(name, reason))
        posts = self._named_posts(row, values)
        if member is None:
            member = self._add(row, values, facts)
            self._outcome[member.id] = "accepted"
            is_new = True
        else:
            before = len(self._result.changes)
            self._update(row, member, values, facts)
            self._outcome[member.id] = "updated" if len(self._result.changes) > before else "unchanged"
            is_new = False
        self._seen[member.id] = row
        self._posts.append((row, member, posts, is_new))

    def _values(self, row: Row, identity: IdNumber | None) -> dict[str, object]:
        """Return the stored fields this row speaks of; what it leaves empty is not among them."""
        values: dict[str, object] = {}
        for column in KEPT_AS_TYPED:
            name, value = column.name, row.get(column.name)
            if value is None:
                continue
            if isinstance(value, IdNumber):
                value = value.number
            if isinstance(value, PartialDate):
                value = self._dated(row, name, value, identity, values)
            if value is not None:
                values[name] = value
        if identity is not None:
            if "born_on" not in values:
                values |= {"born_on": identity.born_on, "born_precision": DatePrecision.DAY}
            values.setdefault("gender", identity.gender)
        return values

    def _dated(
        self, row: Row, name: str, value: PartialDate, identity: IdNumber | None, values: dict[str, object]
    ) -> date | None:
        precision = DatePrecision(value.precision.value)
        if (
            name == "born_on"
            and identity is not None
            and value.on <= identity.born_on <= rules.last_day(value.on, precision)
        ):
            values[PRECISIONS[name]] = DatePrecision.DAY
            return identity.born_on
        if name in PRECISIONS:
            values[PRECISIONS[name]] = precision
        elif value.precision is not Precision.DAY:
            self._result.warnings.append(row.warn(name, "只有年月，没有登记"))
            return None
        return value.on

    def _named_posts(self, row: Row, values: dict[str, object]) -> tuple[Post, ...]:
        posts: tuple[Post, ...] = row.get("posts") or ()
        if not posts and "posts" not in row.given and (named := post_named(str(values.get("job_title", "")))):
            self._propose(row, POSTS.label, show_posts(named), "职务一栏写的是党内职务")
            return named
        return posts

    def _whom(self, row: Row, identity: IdNumber | None, born_on: object) -> Member | None:
        """Return the member this row means, None for a new one; refuse what cannot be told."""
        name = row.values["name"]
        if identity is not None and identity.number in self._recycled:
            raise InvalidInput(ID_NO, "这名党员在回收站中，请先恢复")
        member = self._by_id_no.get(identity.number) if identity is not None else None
        if member is not None and member.name != name:
            earlier = self._seen.get(member.id)
            where = f"第{earlier.number}行" if earlier is not None else "名册上"
            raise InvalidInput(ID_NO, f"身份证号是{where}{quoted(member.name)}的；确是改名的请在党员页面修改")
        if member is None:
            same = [
                candidate
                for candidate in self._by_name.get(name, ())
                if not (identity is not None and candidate.id_no)
                and (born_on is None or candidate.born_on is None or candidate.born_on == born_on)
            ]
            if len(same) > 1:
                raise InvalidInput(NAME, f"名册上有{len(same)}个{quoted(name)}，请填写身份证号")
            member = same[0] if same else None
        if member is None:
            if self._by_name.get(name):
                self._result.warnings.append(row.warn("name", f"名册上另有同名的{quoted(name)}，按两人登记"))
            return None
        if member.id in self._seen:
            unclear = "；是两个人，请写身份证号或出生日期" if identity is None and born_on is None else ""
            raise InvalidInput(NAME, f"与第{self._seen[member.id].number}行重复{unclear}")
        if not self.roster.status(member, self._today).on_roster:
            status = self.roster.status(member, self._today).label
            raise InvalidInput(NAME, f"名册中该党员{quoted(status)}，重新列入请在党员页面办理")
        return member

    def _facts(self, member: Member | None, values: Mapping[str, object], row: Row) -> MemberFacts:
        given = row.get("category")
        return facts_of(member, values, MemberCategory(given) if given else None, row.get("posts") or ())

    def _add(self, row: Row, values: Mapping[str, object], facts: MemberFacts) -> Member:
        category = facts.category
        if category is None:
            category, reason = rules.propose_category(facts, self._today, self._law)
            if reason:
                self._propose(row, CATEGORY.label, category.label, reason)
        is_full = category is MemberCategory.FULL_MEMBER
        member = Member(
            id=next(self._ids),
            branch_id=self._branch_id,
            name=row.values["name"],
            category=category,
            status=MemberStatus.FULL_MEMBER if is_full else MemberStatus.PROBATIONARY,
            admitted_precision=DatePrecision.DAY,
            full_precision=DatePrecision.DAY,
            extended_once=False,
        )
        for name, value in values.items():
            setattr(member, name, value)
        if not is_full and facts.admitted_on:
            member.probation_ends_on = add_months(facts.admitted_on, self._law.probation_months)
        group = row.get("group")
        if group and (placed := self._group(row, group)) is not None:
            member.group_id = placed.id
        self._session.add(member)
        self.roster.members[member.id] = member
        self._by_name.setdefault(member.name, []).append(member)
        if member.id_no:
            self._by_id_no[member.id_no] = member
        return member

    def _update(self, row: Row, member: Member, values: Mapping[str, object], facts: MemberFacts) -> None:
        for column in KEPT_AS_TYPED:
            name = column.name
            if name not in values or not _differs(member, name, values):
                continue
            before = shown_field(member, name)
            for field in (name, PRECISIONS.get(name, "")):
                if field in values:
                    setattr(member, field, values[field])
            self._change(row, member, column.label, before, shown_field(member, name))
        self._update_category(row, member, facts)
        group = self._group(row, row.get("group")) if row.get("group") else None
        if group is not None and group.id != member.group_id:
            self._change(row, member, GROUP.label, self.roster.group_name(member.group_id), group.name)
            member.group_id = group.id

    def _update_category(self, row: Row, member: Member, facts: MemberFacts) -> None:
        if member.category is MemberCategory.PROBATIONARY_MEMBER and facts.full_on is not None:
            self._change(row, member, CATEGORY.label, member.category.label, MemberCategory.FULL_MEMBER.label)
            self._session.add(
                StatusChange(
                    branch_id=self._branch_id,
                    member_id=member.id,
                    from_status=member.status,
                    to_status=MemberStatus.FULL_MEMBER,
                    on=facts.full_on,
                    note="名册导入",
                )
            )
            member.category, member.status = MemberCategory.FULL_MEMBER, MemberStatus.FULL_MEMBER
        elif facts.category is not None and facts.category is not member.category:
            self._result.warnings.append(
                row.warn("category", f"系统中为{member.category.label}，未改动；转正等变动请在党员页面办理")
            )

    def _group(self, row: Row, text: str) -> PartyGroup | None:
        """Return the group that `text` names, founded if need be; None for one that is dissolved."""
        group = self.roster.group_called(text)
        if group is not None and group.state is GroupState.DISSOLVED:
            self._result.warnings.append(row.warn("group", f"{quoted(group.name)}已撤销，没有编入"))
            return None
        if group is None:
            group = PartyGroup(id=new_id(), branch_id=self._branch_id, name=text, state=GroupState.ACTIVE)
            self._session.add(group)
            self.roster.groups[group.id] = group
            self._propose(row, "党小组", text, "名册上第一次出现，新设党小组")
        return group

    # posts, once every row is known

    def _settle_posts(self, row: Row, member: Member, posts: tuple[Post, ...], is_new: bool) -> None:
        present = [held for held in self.roster.holders(self._today) if held.member_id == member.id]
        for post in posts:
            group_id = member.group_id if post is Post.GROUP_LEADER else None
            if any(held.post is post and held.group_id == group_id for held in present):
                continue
            handed_on = self._hand_on(post, group_id)
            first = (post, group_id) not in self._had_posts
            assignment = PostAssignment(
                branch_id=self._branch_id,
                member_id=member.id,
                post=post,
                group_id=group_id,
                from_on=None if first else self._today,
            )
            self._session.add(assignment)
            self.roster.posts.append(assignment)
            if not is_new:
                self._outcome[member.id] = "updated"
                self._change(row, member, POSTS.label, "", post.label + (f"（接替{handed_on}）" if handed_on else ""))
        left = [held.post for held in present if held.post not in posts and _open(held, self._today)]
        if left and posts:
            for held in present:
                if held.post in left:
                    held.to_on = self._today - timedelta(days=1)
            self._outcome[member.id] = "updated"
            self._change(row, member, POSTS.label, show_posts(left), "已卸任")
        elif left and "posts" in row.given and any(_open(held, self._today) for held in present):
            self._result.warnings.append(row.warn("posts", f"名册上没有写职务，系统中仍任{show_posts(left)}，未改动"))

    def _hand_on(self, post: Post, group_id: str | None) -> str:
        """End the post of whoever held it, if the list no longer names that person for it; return the name."""
        if post not in SINGLE_POSTS and post is not Post.GROUP_LEADER:
            return ""
        for held in self.roster.holders(self._today):
            row = self._seen.get(held.member_id)
            if held.post is not post or held.group_id != group_id or row is None or "posts" not in row.given:
                continue
            if post not in (row.get("posts") or ()):
                held.to_on = self._today - timedelta(days=1)
                member = self.roster.members[held.member_id]
                self._outcome[member.id] = "updated"
                self._change(row, member, POSTS.label, post.label, "已卸任")
                return member.name
        return ""

    def _change(self, row: Row, member: Member, field: str, before: str, after: str) -> None:
        self._result.changes.append(Changed(member.name, field, before, after, row.number))

    def _propose(self, row: Row, field: str, value: str, reason: str) -> None:
        self._result.proposals.append(Proposal(row.sheet, row.number, row.values["name"], field, value, reason))


def _open(held: PostAssignment, today: date) -> bool:
    return held.to_on is None or held.to_on >= today


def _whole(reason: str) -> Warned:
    return Warned("", 0, "名册", reason)


def _differs(member: Member, name: str, values: Mapping[str, object]) -> bool:
    """Tell whether the row says something new; a coarser spelling of a known day (2014年10月) does not."""
    before, after = getattr(member, name), values[name]
    precision = values.get(PRECISIONS.get(name, ""), DatePrecision.DAY)
    if isinstance(before, date) and isinstance(after, date) and isinstance(precision, DatePrecision):
        is_coarse = precision is not DatePrecision.DAY
        if is_coarse:
            return not after <= before <= rules.last_day(after, precision)
    present = getattr(member, PRECISIONS.get(name, ""), DatePrecision.DAY)
    return bool(before != after or (name in PRECISIONS and present is not precision))


def shown_field(member: Member, name: str) -> str:
    """Return a field of a member as people read it; the ID number masked."""
    value = getattr(member, name)
    if value is None:
        return ""
    if name == "id_no":
        return masked(value)
    if name in ("gender", "ethnic", "education"):
        return codes(name).name(value)
    if name in PRECISIONS:
        return partial_text(value, getattr(member, PRECISIONS[name]))
    if name == "dues_base_fen":
        return f"{value / 100:.2f}"
    if name == "dues_class":
        return DUES_CLASSES.get(value, value)
    return str(value)


def roster_doubts(roster: Roster, today: date) -> Sequence[str]:
    """Return what looks odd in the roster as a whole: two secretaries, a leader of another group."""
    doubts: list[str] = []
    holders: dict[tuple[Post, str | None], list[str]] = {}
    for held in roster.holders(today):
        member = roster.members.get(held.member_id)
        if member is None or not roster.belongs(member, today):
            continue
        holders.setdefault((held.post, held.group_id), []).append(member.name)
        if held.post is Post.GROUP_LEADER and held.group_id != member.group_id:
            doubts.append(
                f"{quoted(member.name)}是{roster.group_name(held.group_id) or '党小组'}组长，但不编在这个小组"
            )
    for (post, group_id), names in holders.items():
        if len(names) > 1 and (post in SINGLE_POSTS or post is Post.GROUP_LEADER):
            doubts.append(f"{roster.group_name(group_id)}{post.label}有{len(names)}人：{'、'.join(names)}")
    return doubts
