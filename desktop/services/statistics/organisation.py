"""What the yearly statistics ask of the branch as a body: who was trained how often (培训), its term (组织)."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch, Term
from desktop.models.learning import TrainingRecord
from desktop.models.vocabulary.branches import ConditionKind, Post
from desktop.services.statistics.affairs import Year
from desktop.services.statistics.counts import Figure, Person
from desktop.services.statistics.learning import HoursRow

TRAINED = "集中培训（人次）"
NEW_MEMBERS = "“新党员”培训没有统一口径，没有数"


def trainings(session: Session, branch_id: str, year: Year) -> Iterator[Figure]:
    """Give who took part in central courses of the year, each time: all, secretaries, members on the move.

    Posts and circumstances are those of the day of the course.
    """
    roster, posts = year.roster, (("合计", None), ("党支部书记", Post.SECRETARY))
    query = select(TrainingRecord).where(
        TrainingRecord.branch_id == branch_id, TrainingRecord.deleted_at_utc.is_(None), TrainingRecord.centralised
    )
    taken = [
        (line.member_id, record.event_on, record.title)
        for record in session.scalars(query.order_by(TrainingRecord.event_on, TrainingRecord.id))
        if year.holds(record.event_on)
        for line in record.participants
        if line.member_id in roster.members
    ]

    def times(found: Sequence[tuple[str, date, str]]) -> tuple[Person, ...]:
        return tuple(Person(who, f"{roster.members[who].name}（{on:%m-%d} {what}）") for who, on, what in found)

    for label, post in posts:
        yield Figure(
            TRAINED, label, times([each for each in taken if post is None or post in roster.posts_of(*each[:2])])
        )
    mobile = [each for each in taken if ConditionKind.MOBILE in roster.circumstances(roster.members[each[0]], each[1])]
    yield Figure(TRAINED, "流动党员", times(mobile))


def reached(rows: Sequence[HoursRow]) -> str:
    """Say whether the branch reached the hours of the year: by its members, and by secretary and committee alone."""
    asked = [row for row in rows if row.learning.target is not None]
    if not asked:
        return ""
    parts = [("全体党员", asked), ("书记和支委", [row for row in asked if row.learning.on_committee])]
    words = []
    for who, members in parts:
        lacking = sum(not row.learning.reached for row in members)
        if members:
            words.append(f"{who}{f'还有{lacking}人没有达标' if lacking else '都达标'}")
    return f"学时：{'，'.join(words)}"


def standing(session: Session, branch_id: str, year: Year) -> str:
    """Say what kind of branch it is, its term, whether there was an election in the year, or one is overdue."""
    branch = session.get(Branch, branch_id)
    kind = f"{branch.kind.label}，" if branch is not None else ""
    term = session.scalars(
        select(Term)
        .where(Term.branch_id == branch_id, Term.deleted_at_utc.is_(None), Term.elected_on <= year.on)
        .order_by(Term.elected_on.desc())
    ).first()
    if term is None:
        return f"组织：{kind}没有登记届次，任期和换届没有数"
    words = [f"第{term.term_no}届", f"{term.elected_on}选举", f"{term.expires_on}届满"]
    if year.holds(term.elected_on):
        words.append("本年换届")
    approved = term.shifted_to if term.shift_approval_no else None  # without its number it does not count
    until = max(term.expires_on, approved or term.expires_on)
    if until > term.expires_on:
        words.append(f"经批准延期到{until}")
    if until < year.on:
        words.append("到期没有换届")
    return f"组织：{kind}{'，'.join(words)}"
