"""Reckons the points of a year: entries by rule and fact, caps, vetoes, exemptions, levels. No database, no clock."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median as middle

from desktop.services.points.scheme import (
    ATTENDANCE,
    BASE,
    CONTRIBUTION,
    HOURS,
    MAP,
    PER_EVENT,
    PER_YEAR,
    RATED,
    RECENT,
    REWARD,
    VETO,
    Level,
    PointsScheme,
    Rule,
)
from desktop.services.spells import ALWAYS, Stays, came
from desktop.services.standards.periods import add_months, month_end

TENTH = Decimal("0.1")
NOTHING = Decimal("0.0")
MONTHS = 12
UNRANKED = "不排名"
NOTHING_KNOWN = "这一年没有记录"
AT_CAP, COUNTED_ONCE = "已到上限", "同一事项只按最高一项计"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something known of a member: a fact of the records, or a claim that was approved (`claim_id`).

    `source` is what the rules call it, or the id of a rule. `value` of `of`: hours, a share, a rating, or once.
    `asked`: it counts only without a good reason, which somebody has to decide; until then it is a question.
    `told`: who decided that it counts, and on what ground, where that was said above.
    """

    source: str
    member_id: str
    on: date
    kind: str
    record_id: str
    title: str = ""
    value: Fraction = Fraction(1)
    of: Fraction = Fraction(1)
    choice: str = ""
    claim_id: str = ""
    asked: bool = False
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member as the points see somebody: when on the roster; `flags` with the day they began."""

    id: str
    name: str
    stays: Stays = ALWAYS
    flags: tuple[tuple[str, date | None], ...] = ()

    def months(self, year: int) -> int:
        """Return in how many months of a year the member was on the roster, if only for a day."""
        firsts = [date(year, month, 1) for month in range(1, MONTHS + 1)]
        return sum(any(stay.meets(first, month_end(first)) for stay in self.stays) for first in firsts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger. A rule of shares has one line that rests on all its `records`; `note` says why less,
    `told` who above decided that it counts."""

    member_id: str
    rule: str
    name: str
    points: Decimal
    on: date
    kind: str
    record_id: str
    title: str
    records: tuple[str, ...] = ()
    claim_id: str = ""
    note: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPoints:
    """The year of one member so far. Who is `exempt`, for the reason it says, has no level.

    `vetoes` are rules that hold the level down.

    `questions` count for nothing: to be decided is whether there was a good reason (正当理由), each with its rule.
    """

    member_id: str
    name: str
    base: Decimal
    contribution: Decimal
    reward: Decimal
    deduction: Decimal
    total: Decimal
    level: str
    level_name: str
    exempt: str
    vetoes: tuple[str, ...]
    by_category: Mapping[str, Decimal]
    entries: tuple[Entry, ...]
    questions: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsYear:
    """The points of a branch for a year, as of a day: members in the order given, and the median of the ranked."""

    year: int
    on: date
    members: tuple[MemberPoints, ...]
    median: Decimal | None
    top_limit: int | None
    """How many may have the highest level; None where nothing limits it."""

    @property
    def ranked(self) -> tuple[MemberPoints, ...]:
        """Those who have a level."""
        return tuple(member for member in self.members if not member.exempt)

    def asked(self, until: date) -> tuple[Entry, ...]:
        """Return what is to be decided of everybody, of the days until `until`."""
        return tuple(each for member in self.members for each in member.questions if each.on <= until)


def rounded(points: Fraction) -> Decimal:
    """Return points to one place, half up (away from zero)."""
    return (Decimal(points.numerator) / Decimal(points.denominator)).quantize(TENTH, ROUND_HALF_UP)


def reckon(
    scheme: PointsScheme, people: Sequence[Person], known: Iterable[Happened], year: int, on: date
) -> PointsYear:
    """Return the points of `people` for `year` by what happened in it until the day `on`.

    Where nothing at all is known of the year, nobody is ranked: what is not known is not nought.
    """
    by_member: dict[str, list[Happened]] = defaultdict(list)
    for fact in known:
        if fact.on.year == year and fact.on <= on:
            by_member[fact.member_id].append(fact)
    members = [_member(scheme, person, by_member.get(person.id, ()), year, on) for person in people]
    if not by_member:
        members = [replace(member, level="", level_name=UNRANKED, exempt=NOTHING_KNOWN) for member in members]
    ranked = [member for member in members if not member.exempt]
    for level in scheme.levels:
        if level.max_ratio is not None:
            members = _limited(scheme, level, members, int(level.max_ratio * len(ranked)))
    top = scheme.levels[0].max_ratio
    totals = [member.total for member in ranked]
    return PointsYear(
        year=year,
        on=on,
        members=tuple(members),
        median=Decimal(middle(totals)) if totals else None,
        top_limit=None if top is None else int(top * len(ranked)),
    )


def _member(scheme: PointsScheme, person: Person, facts: Sequence[Happened], year: int, on: date) -> MemberPoints:
    questions = tuple(
        _entry(rule, fact, NOTHING)
        for rule in (*scheme.deductions, *scheme.vetoes)
        for fact in facts
        if fact.asked and fact.source in rule.sources
    )
    facts = sorted((fact for fact in facts if not fact.asked), key=lambda fact: (fact.on, fact.record_id))
    found: dict[str, list[Happened]] = defaultdict(list)
    for fact in facts:
        found[fact.source].append(fact)
    months = person.months(year) if scheme.prorate_months else MONTHS
    own: dict[str, list[Happened]] = {}
    for rule in scheme.rules:
        listed = [fact for key in (*rule.sources, rule.id) for fact in found.get(key, ())]
        if listed:
            own[rule.id] = sorted(listed, key=lambda fact: (fact.on, fact.record_id)) if len(listed) > 1 else listed
    once = _once(scheme, own) if scheme.same_event_once else frozenset()
    entries: list[Entry] = []
    by_category: dict[str, Decimal] = {}
    sums = {BASE: NOTHING, CONTRIBUTION: NOTHING}
    for category in scheme.categories:
        reached = NOTHING
        for rule in category.rules:
            made = _entries(rule, own.get(rule.id, ()), months, once)
            entries += made
            reached += sum((entry.points for entry in made), start=NOTHING)
        by_category[category.id] = min(reached, rounded(category.cap))
        sums[category.group] += by_category[category.id]
    rewards = [entry for rule in scheme.rewards for entry in _events(rule, own.get(rule.id, ()), once)]
    deductions = [entry for rule in scheme.deductions for entry in _events(rule, own.get(rule.id, ()), frozenset())]
    entries += rewards + deductions
    base = min(sums[BASE], rounded(scheme.base_total))
    contribution = min(sums[CONTRIBUTION], rounded(scheme.contribution_total))
    reward = min(sum((entry.points for entry in rewards), start=NOTHING), rounded(scheme.reward_cap))
    deduction = sum((entry.points for entry in deductions), start=NOTHING)
    total = max(rounded(scheme.floor), min(rounded(scheme.regular_total), base + contribution) + reward + deduction)
    exempt = _exempt(scheme, person, year, on)
    vetoes = tuple(rule for rule in scheme.vetoes if rule.id in own)
    level = None if exempt else _level(scheme, total, vetoes)
    return MemberPoints(
        member_id=person.id,
        name=person.name,
        base=base,
        contribution=contribution,
        reward=reward,
        deduction=deduction,
        total=total,
        level=level.id if level else "",
        level_name=level.name if level else UNRANKED,
        exempt=exempt,
        vetoes=tuple(rule.id for rule in vetoes),
        by_category=by_category,
        entries=tuple(sorted(entries, key=lambda entry: (entry.on, entry.rule, entry.record_id))),
        questions=questions,
    )


def _once(scheme: PointsScheme, own: Mapping[str, Sequence[Happened]]) -> frozenset[tuple[str, int]]:
    """Return rule and place of each event that counts under another rule already, where it gives most."""
    best: dict[tuple[str, str], tuple[Fraction, str, int]] = {}
    lost: set[tuple[str, int]] = set()
    for rule in scheme.rules:
        if rule.kind not in (PER_EVENT, REWARD):
            continue
        for place, fact in enumerate(own.get(rule.id, ())):
            key = (fact.kind, fact.record_id) if fact.record_id else (fact.on.isoformat(), fact.title.strip())
            before = best.get(key)
            if before is None or rule.points > before[0]:
                best[key] = (rule.points, rule.id, place)
                if before is not None:
                    lost.add(before[1:])
            else:
                lost.add((rule.id, place))
    return frozenset(lost)


def _entries(
    rule: Rule, facts: Sequence[Happened], months: int, once: frozenset[tuple[str, int]]
) -> list[Entry]:  # fmt: skip
    if not facts:
        return []
    if rule.kind == PER_EVENT:
        return _events(rule, facts, once)
    if rule.kind == PER_YEAR:
        return [_entry(rule, facts[0], rounded(rule.points))]
    if rule.kind == HOURS:
        return _hours(rule, facts, months)
    if rule.kind == RATED:
        share = min(Fraction(1), max(Fraction(0), facts[-1].value / rule.scale_max))
        return [_entry(rule, facts[-1], rounded(rule.points * share))]
    if rule.kind == MAP:
        return [_entry(rule, facts[-1], rounded(rule.by_choice.get(facts[-1].choice, Fraction(0))))]
    return _share(rule, facts)


def _events(rule: Rule, facts: Sequence[Happened], once: frozenset[tuple[str, int]]) -> list[Entry]:
    made, reached = [], NOTHING
    each, cap = rounded(rule.points), None if rule.cap is None else rounded(rule.cap)
    for place, fact in enumerate(facts):
        if (rule.id, place) in once:
            made.append(replace(_entry(rule, fact, NOTHING), note=COUNTED_ONCE))
            continue
        points = each if cap is None else min(each, cap - reached)
        reached += points
        made.append(replace(_entry(rule, fact, points), note="" if points == each else AT_CAP))
    return made


def _hours(rule: Rule, facts: Sequence[Happened], months: int) -> list[Entry]:
    """Return a line for every record, which adds to the points of the hours before it."""
    full = Fraction(rule.full_hours * months, MONTHS)
    made, hours, reached = [], Fraction(0), NOTHING
    for fact in facts:
        hours += fact.value
        then = rounded(rule.points * min(Fraction(1), hours / full)) if full else NOTHING
        made.append(replace(_entry(rule, fact, then - reached), note=AT_CAP if then == reached else ""))
        reached = then
    return made


def _share(rule: Rule, facts: Sequence[Happened]) -> list[Entry]:
    counted = [fact for fact in facts if not (fact.choice in rule.neutral and fact.value < fact.of)]
    asked = sum((fact.of for fact in counted), start=Fraction(0))
    if not asked:
        return []
    share = min(Fraction(1), sum((fact.value for fact in counted), start=Fraction(0)) / asked)
    if rule.kind == ATTENDANCE:
        share = min(Fraction(1), max(Fraction(0), (share - rule.zero_at) / (rule.full_at - rule.zero_at)))
    records = tuple(fact.record_id for fact in counted if fact.record_id)
    return [replace(_entry(rule, counted[-1], rounded(rule.points * share)), records=records)]


def _entry(rule: Rule, fact: Happened, points: Decimal) -> Entry:
    return Entry(
        member_id=fact.member_id,
        rule=rule.id,
        name=rule.name,
        points=points,
        on=fact.on,
        kind=fact.kind,
        record_id=fact.record_id,
        title=fact.title,
        records=(fact.record_id,) if fact.record_id else (),
        claim_id=fact.claim_id,
        told=fact.told,
    )


def _exempt(scheme: PointsScheme, person: Person, year: int, on: date) -> str:
    for exemption in scheme.exemptions:
        if exemption.flag == RECENT:
            since = came(person.stays, on)
            if since is not None and since.year == year and add_months(since, exemption.months) > on:
                return exemption.reason
            continue
        for flag, since in person.flags:
            if flag == exemption.flag and (since is None or add_months(since, exemption.months) <= on):
                return exemption.reason
    return ""


def _level(scheme: PointsScheme, total: Decimal, vetoes: Sequence[Rule]) -> Level:
    places = {level.id: place for place, level in enumerate(scheme.levels)}
    place = next(place for place, level in enumerate(scheme.levels) if total >= level.least)
    return scheme.levels[max([place, *(places[rule.max_level] for rule in vetoes if rule.kind == VETO)])]


def _limited(
    scheme: PointsScheme, level: Level, members: Sequence[MemberPoints], limit: int
) -> list[MemberPoints]:  # fmt: skip
    """Leave a level to at most `limit`: of equal totals at the limit nobody has it, for nobody says who is before."""
    having = sorted((member.total for member in members if member.level == level.id), reverse=True)
    if len(having) <= limit:
        return list(members)
    first_out = having[limit]
    below = scheme.levels[min(scheme.levels.index(level) + 1, len(scheme.levels) - 1)]
    return [
        replace(member, level=below.id, level_name=below.name)
        if member.level == level.id and member.total <= first_out
        else member
        for member in members
    ]
