"""What is counted of one branch for a period, by the branch's own services, with the list behind every figure."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.vocabulary.branches import MemberCategory
from desktop.models.volunteering import VolunteerActivity
from desktop.services.development.service import DevelopmentService
from desktop.services.dues.ledger import LedgerService
from desktop.services.dues.words import months_words
from desktop.services.meetings.naming import title
from desktop.services.meetings.service import MeetingService
from desktop.services.members.lookup import roster_of
from desktop.services.numbers import digits
from desktop.services.points.ledger import PointsService
from desktop.services.race.editions import RaceSpan
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.sampling.population import drawn_from
from desktop.services.standards.evidence import MEETING, home_of_kind
from desktop.services.standards.facts import Facts
from desktop.services.standards.score import Score
from desktop.services.standards.service import Judged, StandardService
from desktop.services.statistics.counts import belongs
from desktop.services.statistics.learning import hours_list
from desktop.services.statistics.measures import (
    ADMITTED,
    ATTENDANCE,
    CASES,
    DUES_DUE,
    DUES_OWING,
    DUES_PAID,
    HELD,
    HOURS,
    LATE,
    LEAN,
    MEDIAN,
    MEETINGS,
    MEMBERS,
    OWN_RATE,
    PROBATIONARY,
    SERVICE,
    TOP_LEVEL,
    VERIFIED_RATE,
    Count,
    Line,
    Measure,
    of_dimension,
    rate_count,
)

if TYPE_CHECKING:
    from desktop.services.store import Store

FEN = 100
ELAPSED = ("met", "partly", "missing")
LEAN_KINDS = ("lean_project", "improvement_idea")
Counted = Iterator[tuple[Measure, Count]]


def branch_figures(store: "Store", span: RaceSpan, on: date) -> dict[Measure, Count]:
    """Return what can be counted of a branch in `span`, as its records tell on the day `on`.

    What cannot be counted is left out: it is no zero.
    """
    judged = StandardService(store).judged(on, span.first.year)
    found: dict[Measure, Count] = {}
    for part in (
        _members(store, span, on), _cases(store, on), _meetings(store, span, on), _held(judged.own, span),
        _late(store, span, judged),
        _dues(store, span, on), _hours(store, on, judged.facts), _service(store, span, on), _lean(store, span, on),
        _points(store, on, judged.facts), _scores(judged),
    ):  # fmt: skip
        found.update(part)
    return found


def _sum(lines: Sequence[Line]) -> Count:
    return Count(Fraction(len(lines)), lines=tuple(lines))


def _members(store: "Store", span: RaceSpan, on: date) -> Counted:
    with store.reading() as session:
        roster = roster_of(store, session)
        there = [
            (roster.category(member, on), Line(what=member.name, kind="member", record=member.id), member.admitted_on)
            for member in roster.members.values()
            if belongs(roster, member, on)
        ]
    yield MEMBERS, _sum([line for _, line, _ in there])
    yield PROBATIONARY, _sum([line for kind, line, _ in there if kind is MemberCategory.PROBATIONARY_MEMBER])
    new = [line for _, line, day in there if day is not None and span.first <= day <= on]
    yield ADMITTED, _sum(new)


def _cases(store: "Store", on: date) -> Counted:
    cases = DevelopmentService(store).cases(on)
    yield CASES, _sum([Line(what=case.name, note=case.view.stage, kind="case", record=case.id) for case in cases])


def _meetings(store: "Store", span: RaceSpan, on: date) -> Counted:
    held = [row for row in MeetingService(store).meetings(since=span.first, until=on) if row.state.counts]
    named = [(row, title(row.kind, row.held_on, row.group)) for row in held]
    yield MEETINGS, _sum([Line(what=name, kind=MEETING, record=row.id) for row, name in named])
    due = sum(row.due for row in held)
    if due:
        short = [
            Line(what=name, note=f"应到 {row.due}，实到 {row.present}", kind=MEETING, record=row.id)
            for row, name in named
            if row.present < row.due
        ]
        yield ATTENDANCE, Count(Fraction(sum(row.present for row in held)), Fraction(due), tuple(short))


def _held(score: Score, span: RaceSpan) -> Counted:
    """Count for each kind of meeting the periods of the standard that are over, and those that had theirs."""
    for kind, measure in HELD.items():
        home = home_of_kind(score, MEETING, kind.value)
        cells = score.item(home).cells if home is not None else ()
        over = [each for each in cells if each.state in ELAPSED and span.first <= each.first and each.last <= span.last]
        asked = sum(each.asked for each in over)
        if home is None or not asked:
            continue
        lacking = [
            Line(
                what=f"{each.label}{kind.label}",
                note="没有记录" if each.asked == 1 else f"缺 {each.asked - each.done} 次",
                item=home,
            )
            for each in over
            if each.done < each.asked
        ]
        yield measure, Count(Fraction(sum(each.done for each in over)), Fraction(asked), tuple(lacking))


def _late(store: "Store", span: RaceSpan, judged: Judged) -> Counted:
    records = drawn_from(store, judged.own, judged.facts, span, {})
    if records:
        late = [
            Line(what=each.title, note=f"{each.on}，{each.late} 天后录入", kind=each.kind, record=each.id)
            for each in records
            if each.late
        ]
        yield LATE, Count(Fraction(len(late)), Fraction(len(records)), tuple(late))


def _dues(store: "Store", span: RaceSpan, on: date) -> Counted:
    """Count dues of the months of the period; who owes is counted as of the day, whichever month it is for.

    A month of which nobody knows who paid is not counted; a branch that has no other in the period recorded none.
    """
    ledger = LedgerService(store).ledger(span.first.year, on)
    if not ledger.begun:
        return
    asked = [each for each in ledger.months if span.first.month <= each.month <= min(span.last, on).month]
    months = [each for each in asked if each.month not in ledger.unrecorded]
    if asked and not months:
        return
    yield DUES_DUE, Count(Fraction(sum(each.due_fen for each in months), FEN))
    yield DUES_PAID, Count(Fraction(sum(each.paid_fen for each in months), FEN))
    owing = [row for row in ledger.rows if row.owed]
    lines = [
        Line(what=row.name, note=f"欠 {months_words(row.owed, ledger.year)}", kind="member", record=row.member_id)
        for row in owing
    ]
    yield DUES_OWING, _sum(lines)


def _hours(store: "Store", on: date, facts: Facts) -> Counted:
    asked = [row for row in hours_list(store, on.year, on, facts).rows if row.learning.target is not None]
    if asked:
        lacking = [row for row in asked if not row.learning.reached]
        lines = [Line(what=row.name, note=row.state, kind="member", record=row.member_id) for row in lacking]
        yield HOURS, Count(Fraction(len(asked) - len(lacking)), Fraction(len(asked)), tuple(lines))


def _service(store: "Store", span: RaceSpan, on: date) -> Counted:
    with store.reading() as session:
        done = session.scalars(
            select(VolunteerActivity)
            .where(
                VolunteerActivity.branch_id == store.branch_id,
                VolunteerActivity.deleted_at_utc.is_(None),
                VolunteerActivity.event_on.between(span.first, on),
            )
            .order_by(VolunteerActivity.event_on)
        ).all()
        hours = [
            (each, sum((Fraction(str(line.hours)) for line in each.hours if line.hours), Fraction(0))) for each in done
        ]
        lines = [
            Line(
                what=each.title,
                note=f"{each.event_on}，{digits(float(sum_of))} 小时",
                kind="volunteer_activity",
                record=each.id,
            )
            for each, sum_of in hours
        ]
    yield SERVICE, Count(sum((sum_of for _, sum_of in hours), Fraction(0)), lines=tuple(lines))


def _lean(store: "Store", span: RaceSpan, on: date) -> Counted:
    service = RegisterService(store)
    rows = [row for kind in LEAN_KINDS for row in service.rows(kind)]
    within = [row for row in rows if span.first <= _day_of(row) <= on]
    yield LEAN, _sum([Line(what=row.heading, kind=row.kind, record=row.id) for row in within])


def _day_of(row: RegisterRow) -> date:
    begun = row.values.get("started_on")
    return row.on or (begun if isinstance(begun, date) else row.created_on)


def _points(store: "Store", on: date, facts: Facts) -> Counted:
    year = PointsService(store).year(on.year, on, facts=facts)
    if year.median is None:
        return
    yield MEDIAN, Count(Fraction(year.median))
    best = PointsService(store).scheme(on.year).levels[0].id
    first = [member for member in year.ranked if member.level == best]
    lines = [
        Line(what=member.name, note=f"{member.total} 分", kind="member", record=member.member_id) for member in first
    ]
    yield TOP_LEVEL, Count(Fraction(len(first)), Fraction(len(year.ranked)), tuple(lines))


def _scores(judged: Judged) -> Counted:
    """Count the rates of who judged quality: what traces alone come to is none."""
    for score, measure in ((judged.own, OWN_RATE), (judged.verified, VERIFIED_RATE)):
        rate = None if score.rate is None else Fraction(score.rate, FEN)
        counted = rate_count(rate, judged=score.quality_rated)
        if counted is None:
            continue
        yield measure, counted
        for part in score.dimensions:
            if part.judged:
                lines = [
                    Line(what=gap.what, note=item.item.title, item=item.id) for item in part.items for gap in item.gaps
                ]
                dimension = of_dimension(part.id, part.dimension.name, verified=measure is VERIFIED_RATE)
                yield dimension, Count(Fraction(part.score, FEN), Fraction(part.judged, FEN), tuple(lines))
