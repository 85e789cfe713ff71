"""Members on a day, counted by what they are (党员基本情况): each group of figures sums up to all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.members import Member
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.branches import ConditionKind, GroupState, MemberCategory, MemberStatus, Post
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.members.rows import full_years
from desktop.services.spreadsheets.codes import codes
from desktop.services.statistics.bands import Bands, load_bands

if TYPE_CHECKING:
    from desktop.services.store import Store

UNKNOWN = "没填"
HAN = "汉族"
POSTS, CIRCUMSTANCES = "党内职务", "情况"
OVERLAPPING = (POSTS, CIRCUMSTANCES)
"""Groups in which one person may stand several times, or not at all: they sum up to nothing."""
NO_YEARS = "预备党员（没有起算）"
ENTITLED = (ConditionKind.PROBATION_DISCIPLINE, ConditionKind.RIGHTS_SUSPENDED, ConditionKind.CORRECTION)
"""Circumstances that are figures for those alone who may see decisions of discipline."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody behind a figure; `kind` is what their record is, where they are no member."""

    id: str
    name: str
    kind: str = "member"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: of which group, of what, and who."""

    group: str
    label: str
    people: tuple[Person, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.people)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that has to be so, with its arithmetic; `holds` says whether it is."""

    what: str
    words: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """The members of a day by every group."""

    on: date
    total: int
    figures: tuple[Figure, ...]
    checks: tuple[Check, ...]


def belongs(roster: Roster, member: Member, on: date) -> bool:
    """Return whether statistics count the member on `on`: on the roster, and membership not suspended (停止党籍)."""
    return roster.belongs(member, on) and roster.status(member, on) is not MemberStatus.SUSPENDED


class StatisticsService:
    """Counts the members of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def counts(self, on: date | None = None) -> Counts:
        """Return the members of a day (today) by category, sex, nation, age, education, admission and party group."""
        day = on or self._store.today
        with self._store.reading() as session:
            roster = roster_of(self._store, session)
            members = [member for member in roster.members.values() if belongs(roster, member, day)]
            figures = (
                *_figures(roster, members, day, load_bands()),
                *_posts(roster, members, day),
                *_circumstances(roster, members, day, entitled=self._store.rights.may(Act.RESTRICTED)),
            )
        return Counts(day, len(members), figures, tuple(sums(figures, len(members))))


def sums(figures: Iterable[Figure], total: int) -> list[Check]:
    """Return for each group of figures whether it sums up to all members, everybody counted once."""
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.group not in OVERLAPPING:
            groups.setdefault(figure.group, []).append(figure)
    found = []
    for group, parts in groups.items():
        count, people = sum(part.count for part in parts), {each.id for part in parts for each in part.people}
        found.append(Check(f"{group}合计", f"{count} = 党员总数 {total}", count == total == len(people)))
    return found


def _figures(roster: Roster, members: Sequence[Member], on: date, bands: Bands) -> Iterable[Figure]:
    genders, nations = codes("gender"), codes("ethnic")
    groups = [group.name for group in roster.groups.values() if group.state is GroupState.ACTIVE]
    yield from _counted(
        "类别", members, lambda each: roster.category(each, on).label, [c.label for c in MemberCategory]
    )
    yield from _counted("性别", members, lambda each: genders.name(each.gender)[:1], ["男", "女"])
    yield from _counted("民族", members, lambda each: nations.name(each.ethnic), [HAN])
    yield from _counted("年龄", members, lambda each: _age(each, on, bands), bands.ages)
    educated = [name for name, _first in bands.education]
    yield from _counted("学历", members, lambda each: bands.educated(each.education or ""), educated)
    periods = [name for name, _last in bands.admitted]
    yield from _counted(
        "入党时间", members, lambda each: bands.admitted_in(each.admitted_on) if each.admitted_on else "", periods
    )
    years = [NO_YEARS, *bands.standings]
    yield from _counted("党龄", members, lambda each: _standing(roster, each, on, bands), years)
    yield from _counted("党小组", members, lambda each: roster.group_name(each.group_id) or "没有编组", groups)


def _standing(roster: Roster, member: Member, on: date, bands: Bands) -> str:
    """Return the band of full years as a full member (党龄)."""
    if roster.category(member, on) is MemberCategory.PROBATIONARY_MEMBER:
        return NO_YEARS
    return bands.standing(full_years(member.full_on, on)) if member.full_on is not None else ""


def _posts(roster: Roster, members: Sequence[Member], on: date) -> Iterable[Figure]:
    """Give who holds which post; somebody who holds several is in each."""
    held = {member.id: roster.posts_of(member.id, on) for member in members}
    for post in Post:
        people = tuple(Person(member.id, member.name) for member in members if post in held[member.id])
        if people:
            yield Figure(POSTS, post.label, people)


def _circumstances(roster: Roster, members: Sequence[Member], on: date, *, entitled: bool) -> Iterable[Figure]:
    """Give of whom what holds on the day (流动、出国、离退休 …)."""
    holds = {member.id: roster.circumstances(member, on) for member in members}
    for kind in ConditionKind:
        people = tuple(Person(member.id, member.name) for member in members if kind in holds[member.id])
        if people and (entitled or kind not in ENTITLED):
            yield Figure(CIRCUMSTANCES, kind.label, people)


def _counted(
    group: str, members: Sequence[Member], kind: Callable[[Member], str], order: Iterable[str]
) -> Iterable[Figure]:
    """Return the figures of a group in `order`, then what else there is; who lacks the fact is counted too."""
    found: dict[str, list[Person]] = {name: [] for name in order}
    for member in members:
        found.setdefault(kind(member) or UNKNOWN, []).append(Person(member.id, member.name))
    for label, people in found.items():
        if people:
            yield Figure(group, label, tuple(people))


def _age(member: Member, on: date, bands: Bands) -> str:
    born = member.born_on
    if born is None:
        return ""
    return bands.age(full_years(born, on))
