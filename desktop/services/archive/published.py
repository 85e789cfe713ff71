"""The sums of a quarter as they were posted (积分公示): the table of them, and the publications of a year to bind, each
with what was found of the originals of its claims.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.points import PointsCheck, PointsClaim, PointsPublication, PublishedLine
from desktop.services.archive.blocks import Block, Column, Heading, Side, Table
from desktop.services.archive.organisation import Sheet
from desktop.services.archive.wording import day, short_day
from desktop.services.numbers import NONE
from desktop.services.points.ledger import quarter_end
from desktop.services.points.publishing import TENTHS
from desktop.services.standards.kinds import PUBLICATION
from desktop.services.standards.periods import quarter_name
from desktop.services.standards.verdict import Used

HALVES_UP_TO = 40
"""Up to so many names stand in two columns of a page."""
HALF = (
    Column("序号", 0.9, Side.CENTER),
    Column("姓名", 1.7, Side.CENTER),
    Column("基础", 1.0, Side.CENTER),
    Column("作用", 1.0, Side.CENTER),
    Column("奖励", 1.0, Side.CENTER),
    Column("扣分", 1.0, Side.CENTER),
    Column("得分", 1.0, Side.CENTER),
)

CHECKED = (
    Column("申报", 3.0),
    Column("党员", 1.6),
    Column("认定", 1.4, Side.CENTER),
    Column("核对情况", 4.4),
    Column("核对人", 1.6),
    Column("核对日期", 1.8, Side.CENTER),
)


def publication_sheets(session: Session, branch_id: str, year: int, on: date) -> dict[str, Sheet]:
    """Return what was posted until the day, by id; of the year before it is bound only where it counts."""
    query = select(PointsPublication).where(
        PointsPublication.branch_id == branch_id,
        PointsPublication.deleted_at_utc.is_(None),
        PointsPublication.year.in_((year, year - 1)),
        PointsPublication.posted_on <= on,
    )
    found = {}
    rows = session.scalars(query.order_by(PointsPublication.posted_on, PointsPublication.id)).all()
    checked = _checked(session, branch_id, rows, on)
    for row in rows:
        meeting = session.get(Meeting, row.meeting_id) if row.meeting_id else None
        pairs = (
            ("公示期", f"{day(row.posted_on)}至{day(row.ends_on)}"),
            ("审核", f"{day(meeting.held_on)}{meeting.kind.label}" if meeting is not None else ""),
            ("张贴处", row.place),
            ("受理人", row.contact),
            ("积分办法", row.edition),
            ("申报", f"{len(row.claim_ids)}笔"),
        )
        title = f"{row.year}年第{quarter_name(row.quarter)}积分公示"
        table = published_table(row.lines, [line.name for line in row.lines])
        used = Used(PUBLICATION, row.id, row.posted_on, title)
        found[row.id] = Sheet(used, title, pairs, row.year == year, (table, *checked.get(row.id, ())))
    return found


def _checked(
    session: Session, branch_id: str, publications: Sequence[PointsPublication], on: date
) -> Mapping[str, tuple[Block, ...]]:
    """Return by publication what was found of originals until its day; of what was found later by the last of its year.

    `publications`: in the order in which they were posted. What was taken back stands there too, and says so.
    """
    query = (
        select(PointsCheck, PointsClaim.title, PointsClaim.event_on)
        .join(PointsClaim, PointsClaim.id == PointsCheck.claim_id)
        .where(PointsCheck.branch_id == branch_id, PointsCheck.deleted_at_utc.is_(None), PointsCheck.compared_on <= on)
        .order_by(PointsCheck.compared_on, PointsCheck.id)
    )
    last = {row.year: row.id for row in publications}
    placed: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    names = dict(session.execute(select(Member.id, Member.name).where(Member.branch_id == branch_id)).all())
    for check, title, event_on in session.execute(query):
        ready = (
            row.id
            for row in publications
            if row.year == event_on.year
            and event_on <= quarter_end(row.year, row.quarter)
            and check.compared_on <= row.posted_on
        )
        home = next(ready, last.get(event_on.year))
        if home is not None:
            taken = f"（{short_day(check.revoked_on)}撤销：{check.revoke_reason}）" if check.revoked_on else ""
            said = f"{check.found}{taken}" or NONE
            who, by = names.get(check.member_id, ""), names.get(check.compared_by_id, "")
            placed[home].append((title, who, check.verdict.label, said, by, short_day(check.compared_on)))
    heading = Heading("申报核对原件", level=3, listed=False)
    return {home: (heading, Table(CHECKED, tuple(lines), record="积分核对")) for home, lines in placed.items()}


def evidence_of(session: Session, sheets: Mapping[str, Sheet]) -> dict[str, tuple[str, str]]:
    """Return of each claim that publications count the id of the first of them, and what the claim is about."""
    rows = session.scalars(
        select(PointsPublication)
        .where(PointsPublication.id.in_(sheets))
        .order_by(PointsPublication.posted_on, PointsPublication.id)
    )
    first: dict[str, str] = {}
    for row in rows:
        for claim_id in row.claim_ids:
            first.setdefault(claim_id, row.id)
    titles = session.execute(select(PointsClaim.id, PointsClaim.title).where(PointsClaim.id.in_(first)))
    return {claim_id: (first[claim_id], title) for claim_id, title in titles}


def published_table(lines: Sequence[PublishedLine], names: Sequence[str]) -> Table:
    """Return the sums as they are posted; many stand in two columns."""
    rows = [_line(number, line, name) for number, (line, name) in enumerate(zip(lines, names, strict=True), start=1)]
    if not 2 <= len(rows) <= HALVES_UP_TO:
        return Table(HALF, tuple(rows), record="积分公示")
    half = -(-len(rows) // 2)
    empty = ("",) * len(HALF)
    beside = [*rows[half:], *([empty] * (half - len(rows[half:])))]
    both = tuple((*left, *right) for left, right in zip(rows[:half], beside, strict=True))
    return Table((*HALF, *HALF), both, record="积分公示", dense=True)


def _line(number: int, line: PublishedLine, name: str) -> tuple[str, ...]:
    deduction = f"−{_tenths(line.deduction)}" if line.deduction else NONE
    reward = _tenths(line.reward) if line.reward else NONE
    sums = _tenths(line.base), _tenths(line.contribution), reward, deduction, _tenths(line.total)
    return (str(number), name, *sums)


def published_names(lines: Sequence[PublishedLine], groups: Mapping[str, str]) -> list[str]:
    """Return the names in order; those that are the same with their group."""
    times = Counter(line.name for line in lines)
    return [
        f"{line.name}（{groups[line.member_id]}）" if times[line.name] > 1 and groups.get(line.member_id) else line.name
        for line in lines
    ]


def _tenths(value: int) -> str:
    return f"{Decimal(value) / TENTHS:f}"
