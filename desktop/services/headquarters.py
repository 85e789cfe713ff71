"""What headquarters sees of all branches at once (总览), and the remarks it sends them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.improvement import PdcaPlan, RemarkAnswer
from desktop.models.members import Member
from desktop.models.race import RaceResult, Remark
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary import MemberStatus, PartnerState, PdcaStage
from desktop.services.clock import utc_text
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.progress import Progress, silent
from desktop.services.race.editions import period_order, race_span
from desktop.services.race.figures import standard_figure
from desktop.services.race.view import row_of
from desktop.services.store import Store
from desktop.services.unit_of_work import action_of

_PREFERRED = (PartnerState.ACTIVE, PartnerState.INVITED, PartnerState.REVOKED)
"""Which registration of a branch stands for it, where there are several."""
_ON_ROSTER = tuple(status for status in MemberStatus if status.on_roster)


@dataclass(frozen=True, slots=True)
class BranchOverview:
    """One branch in the overview of headquarters.

    `lag_days` counts from the last accepted package to today, None before the first. `rate` is the verified
    score's rate of judged points, `pending` the points not judged yet; both None before the first package.
    """

    branch_id: str
    code: str
    name: str
    group: str
    state: PartnerState
    members: int
    last_seq: int | None
    last_received_on: date | None
    last_code: str
    lag_days: int | None
    periods: tuple[str, ...]
    rate: Decimal | None
    pending: Decimal | None
    quality_rated: bool
    race_period: str
    race_class: str
    race_class_name: str
    rank: int | None
    ranked: int | None
    total: Decimal | None
    plan: str
    plan_stage: str
    remarks_open: int

    def as_json(self) -> dict[str, object]:
        """Return the branch as one JSON object."""
        return {
            "code": self.code,
            "name": self.name,
            "group": self.group,
            "state": self.state,
            "members": self.members,
            "last_seq": self.last_seq,
            "last_received_on": self.last_received_on.isoformat() if self.last_received_on else None,
            "lag_days": self.lag_days,
            "periods": list(self.periods),
            "rate": float(self.rate) if self.rate is not None else None,
            "pending": float(self.pending) if self.pending is not None else None,
            "class": self.race_class or None,
            "rank": self.rank,
            "total": float(self.total) if self.total is not None else None,
        }


@dataclass(frozen=True, slots=True)
class SentRemark:
    """A remark to a branch and its answer, if one has come in."""

    id: str
    branch_id: str
    code: str
    name: str
    period: str | None
    item_id: str | None
    text: str
    due_on: date | None
    made_on: date
    answer: str
    answered_on: date | None


class HeadquartersService:
    """All branches of this headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def overview(self, period: str | None = None, progress: Progress = silent) -> list[BranchOverview]:
        """Return every branch by code, with what it handed in last and how it stands.

        `period` asks for the class of that race; else of the latest one.
        """
        wanted = race_span(period).code if period else None
        with self._store.reading() as session:
            partners = _partners(session)
            accepted: dict[str, list[ReceivedPackage]] = defaultdict(list)
            last_code: dict[str, str] = {}
            for package in session.scalars(
                select(ReceivedPackage)
                .where(ReceivedPackage.kind == "report")
                .order_by(ReceivedPackage.received_at_utc)
            ):
                last_code[package.sender] = package.code
                if package.accepted:
                    accepted[package.sender].append(package)
            sent = {
                org: (
                    packages[-1].seq,
                    _local_day(packages[-1].received_at_utc, self._store),
                    tuple(sorted({p.period for p in packages if p.period}, reverse=True)),
                )
                for org, packages in accepted.items()
            }
            members: dict[str, int] = {}
            for branch_id, count in session.execute(
                select(Member.branch_id, func.count())
                .where(Member.deleted_at_utc.is_(None), Member.status.in_(_ON_ROSTER))
                .group_by(Member.branch_id)
            ):
                members[branch_id] = count
            query = select(RaceResult)
            if wanted is not None:
                query = query.where(RaceResult.period == wanted)
            results = sorted(session.scalars(query), key=lambda result: period_order(result.period))
            races = {result.branch_id: row_of(result) for result in results}
            plans = {
                plan.branch_id: (plan.title, plan.stage.label)
                for plan in session.scalars(
                    select(PdcaPlan)
                    .where(
                        PdcaPlan.deleted_at_utc.is_(None),
                        PdcaPlan.stage.notin_((PdcaStage.CLOSED, PdcaStage.ROLLED_OVER)),
                    )
                    .order_by(PdcaPlan.opened_on)
                )
            }
            answered = set(session.scalars(select(RemarkAnswer.remark_id).where(RemarkAnswer.deleted_at_utc.is_(None))))
            remarks: dict[str, int] = defaultdict(int)
            for remark in session.scalars(select(Remark).where(Remark.deleted_at_utc.is_(None))):
                remarks[remark.branch_id] += remark.id not in answered
            heads = [(p.org, p.code, p.name, p.group_kind, p.state) for p in partners]
        rows = []
        for done, (org, code, name, group, state) in enumerate(heads, start=1):
            seq, day, periods = sent.get(org, (None, None, ()))
            figure = standard_figure(self._store, org, self._store.today) if day is not None else None
            race = races.get(org)
            title, stage = plans.get(org, ("", ""))
            rows.append(
                BranchOverview(
                    branch_id=org,
                    code=code,
                    name=name,
                    group=group,
                    state=state,
                    members=members.get(org, 0),
                    last_seq=seq,
                    last_received_on=day,
                    last_code=last_code.get(org, ""),
                    lag_days=(self._store.today - day).days if day is not None else None,
                    periods=periods,
                    rate=figure.rate if figure is not None else None,
                    pending=figure.pending if figure is not None else None,
                    quality_rated=figure is not None and figure.quality_rated,
                    race_period=race.period if race is not None else "",
                    race_class=race.class_id if race is not None else "",
                    race_class_name=race.class_name if race is not None else "",
                    rank=race.rank if race is not None else None,
                    ranked=race.group_size if race is not None else None,
                    total=race.total if race is not None else None,
                    plan=title,
                    plan_stage=stage,
                    remarks_open=remarks[org],
                )
            )
            progress(done, len(heads))
        return rows

    # -- remarks -------------------------------------------------------------------------------

    def remarks(self, branch_id: str | None = None) -> list[SentRemark]:
        """Return the remarks sent (to one branch), newest first, with the answers that came in."""
        with self._store.reading() as session:
            names = {partner.org: (partner.code, partner.name) for partner in _partners(session)}
            answers = {
                answer.remark_id: answer
                for answer in session.scalars(select(RemarkAnswer).where(RemarkAnswer.deleted_at_utc.is_(None)))
            }
            query = select(Remark).where(Remark.deleted_at_utc.is_(None))
            if branch_id is not None:
                query = query.where(Remark.branch_id == branch_id)
            rows = []
            for remark in session.scalars(query.order_by(Remark.made_on.desc(), Remark.id.desc())):
                answer = answers.get(remark.id)
                code, name = names.get(remark.branch_id, ("", ""))
                rows.append(
                    SentRemark(
                        remark.id,
                        remark.branch_id,
                        code,
                        name,
                        remark.period,
                        remark.item_id,
                        remark.text,
                        remark.due_on,
                        remark.made_on,
                        answer.text if answer is not None else "",
                        answer.done_on if answer is not None else None,
                    )
                )
            return rows

    def add_remark(
        self,
        branch_id: str,
        text: str,
        *,
        item_id: str | None = None,
        due_on: date | None = None,
        period: str | None = None,
    ) -> str:
        """Write a remark to a branch; it goes out with the next answer. Return its id.

        Raises:
            InvalidInput: nothing is said, the branch is unknown, or the day to answer by is past.
        """
        if not text.strip():
            raise InvalidInput("意见", "不能为空")
        if due_on is not None and due_on < self._store.today:
            raise InvalidInput("办理期限", "不能早于今天")
        span = race_span(period) if period else None
        with self._store.unit_of_work("给支部提意见") as session:
            names = {partner.org: partner.name for partner in _partners(session)}
            if branch_id not in names:
                raise InvalidInput("支部", "没有登记的支部", record=branch_id)
            action_of(session).sentence = f"给{names[branch_id]}提意见"
            remark = Remark(
                branch_id=branch_id,
                period=span.code if span is not None else None,
                item_id=item_id,
                text=text.strip(),
                due_on=due_on,
                made_on=self._store.today,
            )
            session.add(remark)
            session.flush()
            return remark.id

    def withdraw_remark(self, remark_id: str) -> None:
        """Take a remark back; the branch sees it no more after the next answer.

        Raises:
            NotFound: there is none of this id.
        """
        with self._store.unit_of_work("撤回给支部的意见") as session:
            remark = session.get(Remark, remark_id)
            if remark is None or remark.deleted_at_utc is not None:
                raise NotFound(what="意见")
            remark.deleted_at_utc = utc_text(self._store.clock())


def _partners(session: Session) -> list[Partner]:
    """Return each branch once: the installation in use before one invited or revoked."""
    found: dict[str, Partner] = {}
    for partner in session.scalars(select(Partner).order_by(Partner.code, Partner.id)):
        known = found.get(partner.org)
        if known is None or _PREFERRED.index(partner.state) < _PREFERRED.index(known.state):
            found[partner.org] = partner
    return sorted(found.values(), key=lambda partner: partner.code)


def _local_day(text: str, store: Store) -> date:
    """Return the local date of a stored time."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return moment.astimezone(store.clock().tzinfo).date()
