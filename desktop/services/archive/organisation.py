"""The body itself as papers of the archive: profile, party groups, terms, posts, and members with files of theirs."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch, PartyGroup, PostAssignment, Term
from desktop.models.elections import Election
from desktop.models.members import Member
from desktop.models.vocabulary.elections import Seat
from desktop.services.archive.blocks import Block, Fields
from desktop.services.archive.papers import Names, load_names
from desktop.services.archive.wording import day
from desktop.services.election.loading import counted, election_law, load_elections
from desktop.services.ordinals import by_number
from desktop.services.standards.evidence import BRANCH, ELECTION, GROUP, MEMBER, POST, TERM
from desktop.services.standards.verdict import Used


@dataclass(frozen=True, slots=True)
class Sheet:
    """One record of the body. `stands`: it holds in the year of the archive and is bound, also uncounted."""

    used: Used
    title: str
    pairs: tuple[tuple[str, str], ...]
    stands: bool
    blocks: tuple[Block, ...] = ()
    """What follows the form: a table of its own."""


def load_sheets(session: Session, branch_id: str, year: int, on: date, with_files: Collection[str]) -> dict[str, Sheet]:
    """Return the records of a branch by id; of members those with an id in `with_files`: the rest are on the roster."""
    names, first, last = load_names(session, branch_id), date(year, 1, 1), min(on, date(year, 12, 31))
    sheets = [
        *_profile(session, branch_id),
        *_groups(session, branch_id, first, last),
        *_terms(session, branch_id, first, last),
        *_posts(session, branch_id, first, last, names),
        *_elections(session, branch_id, first, last, names),
        *_members(session, branch_id, with_files, names),
    ]
    return {sheet.used.id: sheet for sheet in sheets}


def sheet_blocks(sheet: Sheet) -> tuple[Block, ...]:
    """Return a record as a form."""
    return (Fields(tuple(pair for pair in sheet.pairs if pair[1]), record=sheet.title), *sheet.blocks)


def _profile(session: Session, branch_id: str) -> Iterator[Sheet]:
    row = session.get(Branch, branch_id)
    if row is None:
        return
    pairs = (
        ("名称", row.name),
        ("简称", row.short_name or ""),
        ("代码", row.code),
        ("类型", row.kind.label),
        ("成立日期", day(row.founded_on)),
        ("成立批复文号", row.establish_approval_no or ""),
        ("覆盖单位", "、".join(row.covered_units)),
    )
    yield Sheet(Used(BRANCH, row.id, row.founded_on, row.name), "党支部基本情况", pairs, True)


def _groups(session: Session, branch_id: str, first: date, last: date) -> Iterator[Sheet]:
    query = select(PartyGroup).where(PartyGroup.branch_id == branch_id, PartyGroup.deleted_at_utc.is_(None))
    for group in sorted(session.scalars(query), key=lambda group: by_number(group.name)):
        pairs = (
            ("党小组", group.name),
            ("所在单位", group.unit or ""),
            ("状态", group.state.label),
            ("设立日期", day(group.from_on)),
            ("撤销日期", day(group.dissolved_on)),
        )
        stands = _overlaps(group.from_on, group.dissolved_on, first, last)
        yield Sheet(Used(GROUP, group.id, group.from_on, group.name), f"党小组：{group.name}", pairs, stands)


def _terms(session: Session, branch_id: str, first: date, last: date) -> Iterator[Sheet]:
    query = select(Term).where(Term.branch_id == branch_id, Term.deleted_at_utc.is_(None)).order_by(Term.elected_on)
    terms = session.scalars(query).all()
    for position, term in enumerate(terms):
        followed = terms[position + 1].elected_on if position + 1 < len(terms) else None
        pairs = (
            ("届次", f"第{term.term_no}届"),
            ("选举日期", day(term.elected_on)),
            ("届满日期", day(term.expires_on)),
            ("批复日期", day(term.approved_on)),
            ("批复文号", term.approval_no or ""),
            ("延期或提前到", day(term.shifted_to)),
            ("延期或提前批准文号", term.shift_approval_no or ""),
        )
        title = f"第{term.term_no}届支部委员会"
        stands = _overlaps(term.elected_on, followed, first, last)
        yield Sheet(Used(TERM, term.id, term.elected_on, title), title, pairs, stands)


def _posts(session: Session, branch_id: str, first: date, last: date, names: Names) -> Iterator[Sheet]:
    query = select(PostAssignment).where(PostAssignment.branch_id == branch_id, PostAssignment.deleted_at_utc.is_(None))
    for held in session.scalars(query.order_by(PostAssignment.id)):
        post, member = held.post.label, names.member(held.member_id)
        group = names.groups.get(held.group_id or "", "")
        pairs = (
            ("职务", post),
            ("党小组", group),
            ("姓名", member),
            ("任职日期", day(held.from_on)),
            ("免职日期", day(held.to_on)),
            ("产生方式", held.how.label),
            ("批复文号", held.approval_no or ""),
            ("免职批复文号", held.end_approval_no or ""),
        )
        of_group = f"{group}组长".replace("小组组长", "小组长") if group else post
        title = f"任职：{of_group} {member}"
        stands = _overlaps(held.from_on, held.to_on, first, last)
        yield Sheet(Used(POST, held.id, held.from_on, title), title, pairs, stands)


def _elections(session: Session, branch_id: str, first: date, last: date, names: Names) -> Iterator[Sheet]:
    """Yield the elections whose congress was in the year; the numbers of each round in one line."""
    for kept in load_elections(session, branch_id):
        election: Election = kept.election
        votes = election_law(session, election, last).votes
        rounds = []
        for round_ in kept.rounds:
            found = counted(round_, election, votes[round_.seat.poll.rule])
            marks = "、".join(f"{line.name}{line.yes if line.yes is not None else '—'}票" for line in round_.tallies)
            hall = (
                f"应到{_n(round_.due)}，实到{_n(round_.present)}，发出{_n(round_.issued)}，"
                f"收回{_n(round_.collected)}，无效{_n(round_.void)}；{marks}；"
            )
            outcome = f"当选：{'、'.join(found.elected) or '无'}" if found.valid else "无效或没有填全"
            rounds.append((f"{round_.seat.label}第{round_.no}次投票", hall + outcome))
        elected = [
            f"{names.member(each.member_id)}{'' if each.seat is Seat.COMMITTEE else each.seat.label}"
            for each in kept.candidates
            if each.elected
        ]
        pairs = (
            ("种类", election.kind.label),
            ("届次", f"第{election.term_no}届"),
            ("选举大会", day(election.congress_on)),
            ("地点", election.congress_place or ""),
            ("补选原因", election.reason or ""),
            ("监票人", "、".join(election.tellers)),
            ("计票人", "、".join(election.counters)),
            *rounds,
            ("当选", "、".join(elected)),
            ("结果批复", "，".join(filter(None, (day(election.approved_on), election.approval_no or "")))),
            ("交接日期", day(election.handed_over_on)),
            *((f"更正 {day(each.on)}", f"{each.text}（{each.reason}）") for each in kept.corrections),
        )
        title = f"第{election.term_no}届{election.kind.label}"
        held = election.congress_on
        stands = held is not None and first <= held <= last
        yield Sheet(Used(ELECTION, election.id, held, title), title, pairs, stands)


def _n(number: int | None) -> str:
    return "—" if number is None else str(number)


def _members(session: Session, branch_id: str, ids: Collection[str], names: Names) -> Iterator[Sheet]:
    query = select(Member).where(Member.branch_id == branch_id, Member.deleted_at_utc.is_(None)).order_by(Member.id)
    for member in session.scalars(query):
        if member.id in ids:
            name = names.member(member.id)
            pairs = (
                ("姓名", name),
                ("党小组", names.groups.get(member.group_id or "", "")),
                ("状态", member.status.label),
            )
            yield Sheet(Used(MEMBER, member.id, None, name), f"党员材料：{name}", pairs, True)


def _overlaps(begun: date | None, ended: date | None, first: date, last: date) -> bool:
    """Tell whether something from `begun` (None: always) to `ended` (None: still) holds between two days."""
    return (begun is None or begun <= last) and (ended is None or ended >= first)
