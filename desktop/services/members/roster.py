"""The roster as of any day: who belonged to the branch, who had the vote, who was expected where.

应到 always comes from here, from the roster of that day, never from today's.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import GroupMove, PartyGroup, PostAssignment
from desktop.models.members import Member, MemberCondition, StatusChange, retired_by_dues
from desktop.models.vocabulary.branches import ConditionKind, GroupState, MemberCategory, MemberStatus, Post
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.errors import InvalidInput, Named
from desktop.services.members.law import member_law
from desktop.services.quoting import quoted
from desktop.services.spells import Stays, Step, here, status_on, stays, turns
from desktop.services.spreadsheets.names import PERSON_NAME, clean_name
from desktop.services.spreadsheets.text import plain

_WITHOUT_VOTE = (ConditionKind.PROBATION_DISCIPLINE, ConditionKind.RIGHTS_SUSPENDED, ConditionKind.DUE_EXCLUDED)
_NOT_AT_WORK = (ConditionKind.RETIRED, ConditionKind.MOBILE, ConditionKind.ABROAD, ConditionKind.LONG_ILLNESS)
_Row = TypeVar("_Row", Member, StatusChange, MemberCondition, PostAssignment, PartyGroup, GroupMove)
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Expected:
    """A person expected at a meeting (应到), and whether the person could vote on that day."""

    member_id: str
    name: str
    has_vote: bool


class Roster:
    """Members, groups and posts of one branch, loaded at once and asked by date."""

    def __init__(
        self,
        members: Iterable[Member],
        changes: Iterable[StatusChange] = (),
        conditions: Iterable[MemberCondition] = (),
        posts: Iterable[PostAssignment] = (),
        groups: Iterable[PartyGroup] = (),
        voting: frozenset[str] = frozenset({MemberCategory.FULL_MEMBER.value}),
        moves: Iterable[GroupMove] = (),
    ) -> None:
        self.members = {member.id: member for member in members}
        self.groups = {group.id: group for group in groups}
        self.posts = list(posts)
        self._voting = voting
        self._namesakes: dict[date, Counter[str]] = {}
        self._changes: dict[str, list[StatusChange]] = {}
        for change in sorted(changes, key=lambda change: (change.on, change.id)):
            self._changes.setdefault(change.member_id, []).append(change)
        self._moves: dict[str, list[GroupMove]] = {}
        for move in sorted(moves, key=lambda move: (move.on, move.id)):
            self._moves.setdefault(move.member_id, []).append(move)
        self._conditions: dict[str, list[MemberCondition]] = {}
        for condition in conditions:
            self._conditions.setdefault(condition.member_id, []).append(condition)

    @classmethod
    def load(cls, session: Session, branch_id: str, voting: frozenset[str] | None = None) -> "Roster":
        """Load the roster of a branch; `voting` are the categories with the vote (party_rules.toml)."""
        if voting is None:
            voting = member_law(session, date.max).voting_categories
        return cls(
            _kept(session, Member, branch_id),
            _kept(session, StatusChange, branch_id),
            _kept(session, MemberCondition, branch_id),
            _kept(session, PostAssignment, branch_id),
            _kept(session, PartyGroup, branch_id),
            voting,
            _kept(session, GroupMove, branch_id),
        )

    # one member on a day

    def belongs(self, member: Member, on: date) -> bool:
        """Tell whether the branch answered for the member on `on`."""
        return here(self.stays(member), on)

    def stays(self, member: Member) -> Stays:
        """Return from when to when the branch answered for the member, oldest first."""
        return stays(member.status, member.admitted_on, member.joined_on, member.left_on, self._steps(member))

    def _steps(self, member: Member) -> list[Step]:
        return [
            Step(step.to_status, step.on, step.from_status, step.joined_before, step.left_before)
            for step in self._changes.get(member.id, ())
        ]

    def status(self, member: Member, on: date) -> MemberStatus:
        """Return the state the member was in on `on`."""
        return status_on(member.status, self._steps(member), on)

    def group_of(self, member: Member, on: date) -> str | None:
        """Return the party group the member was in on `on`; before the first move known, the one it began in."""
        moves = self._moves.get(member.id, ())
        later = next((move for move in moves if move.on > on), None)
        return later.from_group_id if later is not None else member.group_id

    def moves(self, member_id: str) -> Sequence[GroupMove]:
        """Return from which group to which a member went, oldest first."""
        return self._moves.get(member_id, ())

    def changes(self, member_id: str) -> Sequence[StatusChange]:
        """Return the steps of a member's life-cycle, oldest first."""
        return self._changes.get(member_id, ())

    def category(self, member: Member, on: date) -> MemberCategory:
        """Tell whether the person was a full or a probationary member on `on`."""
        if member.full_on is not None:
            return MemberCategory.FULL_MEMBER if member.full_on <= on else MemberCategory.PROBATIONARY_MEMBER
        return member.category

    def conditions(self, member_id: str, on: date | None = None) -> list[MemberCondition]:
        """Return the circumstances that held on `on`, or all of them."""
        return [
            condition
            for condition in self._conditions.get(member_id, ())
            if on is None or _within(condition.from_on, condition.to_on, on)
        ]

    def circumstances(self, member: Member, on: date) -> tuple[ConditionKind, ...]:
        """Return what held of the member on `on`, each once: circumstances noted, and retired by the class of dues."""
        kinds = [condition.kind for condition in self.conditions(member.id, on)]
        if retired_by_dues(member.dues_class, (condition.kind for condition in self.conditions(member.id))):
            kinds.append(ConditionKind.RETIRED)
        return tuple(dict.fromkeys(kinds))

    def has_vote(self, member: Member, on: date) -> bool:
        """Tell whether the member counts in 应到会有表决权 on `on`."""
        return self.belongs(member, on) and self._votes(member, on)

    def _votes(self, member: Member, on: date) -> bool:
        """Tell whether one who belongs has the vote."""
        return (
            self.category(member, on).value in self._voting
            and self.status(member, on) is not MemberStatus.SUSPENDED
            and not any(condition.kind in _WITHOUT_VOTE for condition in self.conditions(member.id, on))
        )

    def at_work(self, member: Member, on: date) -> bool:
        """Tell whether things may be asked of the member on `on`: not retired, away, long ill or suspended."""
        return (
            self.belongs(member, on)
            and self.status(member, on) is not MemberStatus.SUSPENDED
            and not any(kind in _NOT_AT_WORK for kind in self.circumstances(member, on))
        )

    # many

    def on(self, on: date) -> list[Member]:
        """Return who was on the roster on `on`, in the order of entry."""
        return [member for member in self.members.values() if self.belongs(member, on)]

    def named(self, on: date) -> Mapping[str, str]:
        """Return name → id of those on the roster of `on` whose name nobody shares."""
        names: dict[str, list[str]] = {}
        for member in self.on(on):
            names.setdefault(member.name, []).append(member.id)
        return {name: ids[0] for name, ids in names.items() if len(ids) == 1}

    def holders(self, on: date) -> list[PostAssignment]:
        """Return the posts held on `on`."""
        return [held for held in self.posts if _within(held.from_on, held.to_on, on)]

    def posts_of(self, member_id: str, on: date) -> tuple[Post, ...]:
        """Return the posts a member held on `on`, by rank."""
        held = {assignment.post for assignment in self.holders(on) if assignment.member_id == member_id}
        return tuple(post for post in Post if post in held)

    def committee(self, on: date) -> list[Member]:
        """Return who sat on the branch committee on `on`, by rank (without a committee: secretary and deputy)."""
        held = {(assignment.post, assignment.member_id) for assignment in self.holders(on)}
        ranked = [(post, member_id) for post in Post for member_id in self.members if (post, member_id) in held]
        ids = dict.fromkeys(member_id for post, member_id in ranked if post.on_committee)
        return [self.members[member_id] for member_id in ids if self.belongs(self.members[member_id], on)]

    def expected(self, kind: MeetingKind, on: date, group_id: str | None = None) -> list[Expected]:
        """Return who was expected at a meeting of `kind` on `on` (应到).

        A congress counts everyone who must be counted for votes: retired and absent members too, without those
        suspended or excluded with consent. Other meetings ask for the members at work, probationary ones included.
        """
        if kind is MeetingKind.COMMITTEE_MEETING:
            people = self.committee(on)
        elif kind is MeetingKind.GROUP_MEETING:
            people = [m for m in self.on(on) if self.group_of(m, on) == group_id and self.at_work(m, on)]
        elif kind is MeetingKind.BRANCH_CONGRESS:
            people = [member for member in self.on(on) if self._counted(member, on)]
        else:
            people = [member for member in self.on(on) if self.at_work(member, on)]
        return [Expected(member.id, member.name, self._votes(member, on)) for member in people]

    def _counted(self, member: Member, on: date) -> bool:
        excluded = any(condition.kind is ConditionKind.DUE_EXCLUDED for condition in self.conditions(member.id, on))
        return self.status(member, on) is not MemberStatus.SUSPENDED and not excluded

    def find(self, name: str, on: date, field: Named = PERSON_NAME) -> Member:
        """Return the member called `name` on the roster of `on`; 张伟（1234） tells two by their last ID digits.

        Raises:
            InvalidInput: nobody or more than one is called so.
        """
        base, *rest = re.split(r"[（(]", name, maxsplit=1)
        wanted, tail = clean_name(base, field), plain("".join(rest)).rstrip(") ").upper()
        matching = [member for member in self.members.values() if member.name == wanted and self.belongs(member, on)]
        if tail and len(matching) > 1:
            matching = [member for member in matching if ends_with(member, tail)]
        if len(matching) == 1:
            return matching[0]
        if matching:
            raise InvalidInput(field, f"名册上有{len(matching)}个{quoted(wanted)}，请在姓名后用括号注明身份证号后四位")
        if any(member.name == wanted for member in self.members.values()):
            raise InvalidInput(field, f"{quoted(wanted)}在{on}不在名册上")
        raise InvalidInput(field, f"名册上没有{quoted(wanted)}")

    def label(self, member_id: str, on: date) -> str:
        """Return the name of a member, with the last ID digits where another of that name is on the roster."""
        member = self.members.get(member_id)
        if member is None:
            return ""
        if on not in self._namesakes:
            self._namesakes[on] = Counter(member.name for member in self.on(on))
        twins = self._namesakes[on][member.name]
        return f"{member.name}（{last_digits(member)}）" if twins > 1 else member.name

    def group_called(self, text: str) -> PartyGroup | None:
        """Return the group that `text` names: 第一党小组, 第1党小组 and 一组 are one."""
        wanted = group_key(text)
        matching = [group for group in self.groups.values() if group_key(group.name) == wanted]
        active = [group for group in matching if group.state is GroupState.ACTIVE]
        return next(iter(active or matching), None)

    def group_name(self, group_id: str | None) -> str:
        """Return the name of a group, empty for none."""
        group = self.groups.get(group_id or "")
        return group.name if group is not None else ""


class Expectations:
    """Who was expected, by a roster that does not change meanwhile: of the days between two turns it is asked once."""

    def __init__(self, roster: Roster) -> None:
        self._roster, self._turns = roster, _turns(roster)
        self._known: dict[tuple[MeetingKind, int, str | None], list[Expected]] = {}
        self._named: dict[int, Mapping[str, str]] = {}

    def named(self, on: date) -> Mapping[str, str]:
        """Return what `Roster.named` says."""
        turn = bisect_right(self._turns, on)
        if turn not in self._named:
            self._named[turn] = self._roster.named(on)
        return self._named[turn]

    def at(self, kind: MeetingKind, on: date, group_id: str | None = None) -> list[Expected]:
        """Return what `Roster.expected` says."""
        key = (kind, bisect_right(self._turns, on), group_id)
        if key not in self._known:
            self._known[key] = self._roster.expected(kind, on, group_id)
        return self._known[key]


def _turns(roster: Roster) -> list[date]:
    """Return the days, in order, from which somebody else may be expected, or have the vote."""
    days: set[date | None] = set()
    for member in roster.members.values():
        days |= {member.full_on, *turns(roster.stays(member))}
        days |= {change.on for change in roster.changes(member.id)}
        for condition in roster.conditions(member.id):
            days |= {condition.from_on, _after(condition.to_on)}
    for held in roster.posts:
        days |= {held.from_on, _after(held.to_on)}
    return sorted(day for day in days if day is not None)


def _kept(session: Session, model: type[_Row], branch_id: str) -> Sequence[_Row]:
    query = select(model).where(model.branch_id == branch_id, model.deleted_at_utc.is_(None))
    return session.scalars(query.order_by(model.id)).all()


def _after(last: date | None) -> date | None:
    return None if last is None or last == date.max else last + timedelta(days=1)


def last_digits(member: Member) -> str:
    """Return what tells namesakes apart: the last four of the identity number, of the key where it is not known."""
    return (member.id_no or member.id)[-4:]


def ends_with(member: Member, digits: str) -> bool:
    """Tell whether `digits` are the last digits of `member`."""
    return (member.id_no or member.id).upper().endswith(digits.upper())


def _within(start: date | None, end: date | None, on: date) -> bool:
    return (start is None or start <= on) and (end is None or end >= on)


def group_key(text: str) -> str:
    """Return what makes two spellings of a group's name the same."""
    name = plain(text).replace(" ", "")
    name = re.sub(r"\d+", lambda number: _chinese_number(int(number[0])), name)
    return re.sub(r"(党小组|小组|组)$", "", name).removeprefix("第")


def _chinese_number(number: int) -> str:
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (
        _DIGITS[ones] if ones or not tens else ""
    )
