"""What became of a member over the years (履历): states, circumstances, posts, honours, certificates, decisions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.appraisal import Appraisal, AppraisalResult
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.conduct import DisciplineKind
from desktop.services.errors import NotFound
from desktop.services.member_year.rows import HonourLine, PostLine
from desktop.services.member_year.service import honours_of
from desktop.services.members import ConditionRow, ConditionService, LifeService, StatusRow
from desktop.services.members.discipline import Term, decisions, term
from desktop.services.members.law import member_law
from desktop.services.members.lookup import roster_of
from desktop.services.registers.service import RegisterService

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    """A training the member took part in, with the number of the certificate where there is one."""

    id: str
    on: date | None
    title: str
    hours: Fraction
    number: str


@dataclass(frozen=True, slots=True)
class PledgedLine:
    """A pledge, and what was found of it."""

    id: str
    on: date | None
    title: str
    result: str


@dataclass(frozen=True, slots=True)
class GroupLine:
    """The member went from one party group to another (调整编组); no group is an empty text."""

    on: date
    before: str
    after: str

    @property
    def words(self) -> str:
        """Say it: 由第一党小组调到第二党小组."""
        if not self.after:
            return f"离开{self.before}，没有编入党小组"
        return f"由{self.before}调到{self.after}" if self.before else f"编入{self.after}"


@dataclass(frozen=True, slots=True)
class GradeLine:
    """The grade of a democratic appraisal."""

    year: int
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """A punishment or disposal, and when it ends by itself."""

    id: str
    on: date
    kind: DisciplineKind
    why: str
    by: str
    term: Term
    ended_on: date | None

    @property
    def ends(self) -> str:
        """Say when it ends, and what is doubtful about it."""
        term, words = self.term, []
        if self.ended_on is not None:
            words.append(f"{self.ended_on}办结")
        elif term.ends_on is not None:
            words.append(f"{term.ends_on}期满")
        if term.effect_until is not None:
            words.append(f"影响期到{term.effect_until}")
        if term.rejoin_from is not None:
            words.append(f"{term.rejoin_from}以前不得重新入党")
        return "，".join(filter(None, (*words, term.doubt)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Career:
    """Everything; `entitled`: whether decisions are shown to whoever looks, and not only none on file."""

    steps: Sequence[StatusRow]
    conditions: Sequence[ConditionRow]
    groups: Sequence[GroupLine]
    posts: Sequence[PostLine]
    honours: Sequence[HonourLine]
    certificates: Sequence[CertificateLine]
    pledges: Sequence[PledgedLine]
    grades: Sequence[GradeLine]
    decisions: Sequence[DecisionLine]
    entitled: bool


class CareerService:
    """The career of members of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def career(self, member_id: str) -> Career:
        """Return what is on file about a member over all years, the newest first.

        Decisions of discipline are there for those entitled alone.

        Raises:
            NotFound: there is no such member.
        """
        store = self._store
        with store.reading() as session:
            roster = roster_of(store, session)
            if member_id not in roster.members:
                raise NotFound(what="党员")
            held = [post for post in roster.posts if post.member_id == member_id]
            posts = [PostLine(post.post, post.from_on, post.to_on) for post in held]
            groups = [
                GroupLine(move.on, roster.group_name(move.from_group_id), roster.group_name(move.to_group_id))
                for move in roster.moves(member_id)
            ]
            grades = list(_grades(session, member_id))
            decided = list(self._decisions(session, member_id))
        return Career(
            steps=LifeService(store).history(member_id),
            conditions=ConditionService(store).conditions(member_id),
            groups=groups[::-1],
            posts=sorted(posts, key=lambda post: post.from_on or date.min, reverse=True),
            honours=honours_of(store, member_id),
            certificates=list(self._trainings(member_id)),
            pledges=[
                PledgedLine(row.id, row.on, row.heading, row.texts["result"])
                for row in RegisterService(store).rows("commitment")
                if row.values["member_id"] == member_id
            ],
            grades=grades,
            decisions=decided[::-1],
            entitled=store.rights.may(Act.RESTRICTED),
        )

    def _trainings(self, member_id: str) -> Iterator[CertificateLine]:
        for row in RegisterService(self._store).rows("training_record"):
            lines = [line for line in row.values["participants"] if line.member_id == member_id]
            if lines:
                hours = sum((Fraction(str(line.hours or 0)) for line in lines), Fraction(0))
                numbers = "、".join(filter(None, (line.certificate_no for line in lines)))
                yield CertificateLine(id=row.id, on=row.on, title=row.heading, hours=hours, number=numbers)

    def _decisions(self, session: Session, member_id: str) -> Iterator[DecisionLine]:
        law = member_law(session, self._store.today)
        for row in decisions(session, self._store.branch_id).get(member_id, ()):
            yield DecisionLine(
                id=row.id,
                on=row.event_on,
                kind=row.kind,
                why=row.title,
                by="，".join(filter(None, (row.decided_by, row.document_no))),
                term=term(row, law),
                ended_on=row.ended_on,
            )


def _grades(session: Session, member_id: str) -> Iterator[GradeLine]:
    """Give the grades of rounds that are decided, and of years that have no round on file."""
    open_rounds = select(Appraisal.for_year).where(
        Appraisal.branch_id == AppraisalResult.branch_id,
        Appraisal.deleted_at_utc.is_(None),
        Appraisal.decided_on.is_(None),
    )
    query = select(AppraisalResult.for_year, AppraisalResult.grade).where(
        AppraisalResult.member_id == member_id,
        AppraisalResult.deleted_at_utc.is_(None),
        AppraisalResult.for_year.not_in(open_rounds),
    )
    for year, grade in session.execute(query.order_by(AppraisalResult.for_year.desc())):
        if grade is not None:
            yield GradeLine(year, grade.label)
