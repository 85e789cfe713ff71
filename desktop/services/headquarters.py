"""What headquarters sees of all branches at once (总览), and the remarks it sends them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from desktop.models.history import SettingName
from desktop.models.improvement import PdcaPlan, RemarkAnswer
from desktop.models.members import Member
from desktop.models.race import RaceResult, Remark
from desktop.models.sync import Invitation, Partner, ReceivedPackage
from desktop.models.vocabulary.branches import MemberStatus
from desktop.models.vocabulary.race import PdcaStage, RemarkKind
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.clock import day_of, utc_text
from desktop.services.errors import Input, InvalidInput, NotFound, Unreckonable
from desktop.services.files import FilePort
from desktop.services.progress import Progress, silent
from desktop.services.race.details import row_of
from desktop.services.race.editions import period_name, period_order, race_span, scheme_in_force
from desktop.services.race.rows import RaceRow
from desktop.services.standards.kept_figures import KeptFigures
from desktop.services.store import Store, put_setting
from desktop.services.sync.boxes import Boxes
from desktop.services.sync.contents import missing_contents
from desktop.services.sync.enrolment import NAME, check_group
from desktop.services.sync.key_files import MAX_NAME
from desktop.services.sync.package_format import Kind
from desktop.services.sync.protocol import Decision
from desktop.services.unit_of_work import action_of

UNIT = Input("name", "单位名称")
BRANCH = Input("branch", "支部")
TEXT = Input("text", "意见")
DUE_ON = Input("due_on", "办理期限")
ITEM = Input("item_id", "针对条目")

_PREFERRED = (PartnerState.ACTIVE, PartnerState.INVITED, PartnerState.REVOKED)
"""Which registration of a branch stands for it, where there are several."""
_ON_ROSTER = tuple(status for status in MemberStatus if status.on_roster)


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchOverview:
    """One branch in the overview of headquarters.

    `lag_days` counts from the last accepted package to today, None before the first. `held`: its packages that wait
    for a decision; `attachments_missing`: contents its rows name and headquarters lacks. `rate` is the
    verified score's rate of judged points, `pending` the points not judged yet; `own_rate` that of the branch's own
    judgements of the same records; all on the day `scored_on`, None before the first package, and where the data of
    the branch cannot be reckoned with: `broken`.
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
    held: int
    attachments_missing: int
    rate: Decimal | None
    pending: Decimal | None
    quality_rated: bool
    own_rate: Decimal | None
    own_rated: bool
    scored_on: date | None
    broken: bool
    race_period: str
    race_class: str
    race_class_name: str
    rank: int | None
    ranked: int | None
    total: Decimal | None
    plan: str
    plan_stage: str
    remarks_open: int


class Lateness(Enum):
    """How a branch stands with the package of the quarter that ended last."""

    NOT_ASKED = "not_asked"
    REPORTED = "reported"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Due:
    """The quarter that ended last: its code and name, and the last day for its packages by the scheme in force."""

    period: str
    name: str
    closes_on: date

    def lateness(self, branch: BranchOverview, today: date) -> Lateness:
        """Return how `branch` stands with the package of the quarter."""
        if branch.state is not PartnerState.ACTIVE:
            return Lateness.NOT_ASKED
        if self.period in branch.periods:
            return Lateness.REPORTED
        return Lateness.DUE if today <= self.closes_on else Lateness.LATE


@dataclass(frozen=True, slots=True, kw_only=True)
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
    kind: RemarkKind = RemarkKind.REMARK
    about_kind: str = ""
    about_id: str = ""
    about_name: str = ""
    declined: bool = False


class HeadquartersService:
    """All branches of this headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def overview(self, period: str | None = None, progress: Progress = silent) -> list[BranchOverview]:
        """Return every branch by code, with what it handed in last and how it stands.

        `period` asks for the class of that race; else of the latest one.

        Raises:
            InvalidInput: `period` is none.
        """
        store = self._store
        race = race_span(period).code if period else None
        with store.reading() as session:
            partners = _partners(session)
            facts = _Facts.read(store, session, race)
        rows, figures = [], KeptFigures(store, store.today)
        for done, partner in enumerate(partners, start=1):
            rows.append(facts.row(store, partner, figures))
            progress(done, len(partners))
        figures.keep()
        return rows

    def due(self) -> Due:
        """Return the quarter whose packages are due now, or were last."""
        today = self._store.today
        quarter = (today.month - 1) // 3
        period = f"{today.year}Q{quarter}" if quarter else f"{today.year - 1}Q4"
        with self._store.reading() as session:
            days = scheme_in_force(session, today).close_days
        return Due(period, period_name(period), race_span(period).last + timedelta(days=days))

    # -- names ----------------------------------------------------------------------------------

    def name(self) -> str:
        """Return what this headquarters is called."""
        return self._store.setting(SettingName.NAME)

    def rename(self, name: str) -> None:
        """Call this headquarters `name`: in new invitations at once, at the branches with the next feedback.

        Raises:
            InvalidInput: the name is empty or too long.
        """
        name = _name(name, UNIT)
        self._store.rights.require_setting(SettingName.NAME)
        with self._store.unit_of_work(f"单位名称改为“{name}”") as session:
            put_setting(session, SettingName.NAME, name)

    def change_branch(self, branch_id: str, name: str, group: str) -> None:
        """Correct name and race group of a branch; races that are not scored yet go by the new group.

        An invitation that is still open brings the new name too; an enrolled branch learns it with the next feedback.

        Raises:
            InvalidInput: name or group do not fit.
            NotFound: there is no such branch.
        """
        name = _name(name, NAME)
        with self._store.unit_of_work(f"修改支部“{name}”的名称或分组") as session:
            check_group(session, group, self._store.today)
            known = session.scalars(select(Partner).where(Partner.org == branch_id)).all()
            if not known:
                raise NotFound(what="支部")
            waiting = select(Invitation).where(Invitation.org == branch_id, Invitation.used_at_utc.is_(None))
            for row in (*known, *session.scalars(waiting)):
                row.name, row.group_kind = name, group

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
                        id=remark.id,
                        branch_id=remark.branch_id,
                        code=code,
                        name=name,
                        period=remark.period,
                        item_id=remark.item_id,
                        text=remark.text,
                        due_on=remark.due_on,
                        made_on=remark.made_on,
                        answer=answer.text if answer is not None else "",
                        answered_on=answer.done_on if answer is not None else None,
                        kind=remark.kind,
                        about_kind=remark.about_kind or "",
                        about_id=remark.about_id or "",
                        about_name=remark.about_name,
                        declined=answer is not None and answer.declined,
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
            raise InvalidInput(TEXT, "不能为空")
        if due_on is not None and due_on < self._store.today:
            raise InvalidInput(DUE_ON, "不能早于今天")
        span = race_span(period) if period else None
        with self._store.unit_of_work("给支部提意见") as session:
            names = {partner.org: partner.name for partner in _partners(session)}
            if branch_id not in names:
                raise InvalidInput(BRANCH, "没有登记的支部", record=branch_id)
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

    def renew_remark(self, remark_id: str) -> None:
        """Put a remark that was taken back in its place again, with all it says.

        Raises:
            NotFound: there is none of this id that was taken back.
        """
        with self._store.unit_of_work("恢复撤回的意见") as session:
            remark = session.get(Remark, remark_id)
            if remark is None or remark.deleted_at_utc is None:
                raise NotFound(what="撤回的意见")
            remark.deleted_at_utc = None


def _name(typed: str, field: Input) -> str:
    """Return a name as it is kept.

    Raises:
        InvalidInput: it is empty or longer than the key files take.
    """
    name = typed.strip()
    if not name or len(name) > MAX_NAME:
        raise InvalidInput(field, f"不能为空，最多{MAX_NAME}字")
    return name


@dataclass(slots=True)
class _Reports:
    """What came in from one branch. `last_…` of the last accepted package but `last_code`, of the last of all."""

    last_seq: int | None = None
    last_at_utc: str | None = None
    last_code: str = ""
    periods: set[str] = field(default_factory=set)
    held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What the overview shows besides scores, read at once, by the uid of the branch."""

    reports: dict[str, _Reports]
    members: dict[str, int]
    races: dict[str, RaceRow]
    plans: dict[str, tuple[str, str]]
    remarks: dict[str, int]
    missing: dict[str, int]

    @classmethod
    def read(cls, store: Store, session: Session, race: str | None) -> "_Facts":
        """Read everything; `race` is the period of the race to show, None for each branch's latest."""
        reports = _reports(session, Boxes(store.folder, FilePort()))
        return cls(
            reports=reports,
            members=_members(session),
            races=_races(session, race),
            plans=_plans(session),
            remarks=_open_remarks(session),
            missing={org: len(missing_contents(session, store.att, org, sent=True)) for org in reports},
        )

    def row(self, store: Store, partner: Partner, figures: KeptFigures) -> BranchOverview:
        """Return one branch, its score reckoned as of today."""
        org = partner.org
        report, race = self.reports.get(org, _Reports()), self.races.get(org)
        day = day_of(report.last_at_utc, store.clock) if report.last_at_utc is not None else None
        figure, own, broken = None, None, False
        if day is not None:
            try:
                figure = figures.figure(org)
                own = figures.figure(org, verified=False)
            except Unreckonable:
                broken, figure = True, None
        plan, stage = self.plans.get(org, ("", ""))
        return BranchOverview(
            branch_id=org,
            code=partner.code,
            name=partner.name,
            group=partner.group_kind,
            state=partner.state,
            members=self.members.get(org, 0),
            last_seq=report.last_seq,
            last_received_on=day,
            last_code=report.last_code,
            lag_days=(store.today - day).days if day is not None else None,
            periods=tuple(sorted(report.periods, reverse=True)),
            held=report.held,
            attachments_missing=self.missing.get(org, 0),
            rate=figure.rate if figure is not None else None,
            pending=figure.pending if figure is not None else None,
            quality_rated=figure is not None and figure.quality_rated,
            own_rate=own.rate if own is not None else None,
            own_rated=own is not None and own.quality_rated,
            scored_on=store.today if figure is not None else None,
            broken=broken,
            race_period=race.period if race is not None else "",
            race_class=race.class_id if race is not None else "",
            race_class_name=race.class_name if race is not None else "",
            rank=race.rank if race is not None else None,
            ranked=race.group_size if race is not None else None,
            total=race.total if race is not None else None,
            plan=plan,
            plan_stage=stage,
            remarks_open=self.remarks.get(org, 0),
        )


def _partners(session: Session) -> list[Partner]:
    """Return each branch once, by code: the installation in use before one invited or revoked."""
    partners: dict[str, Partner] = {}
    for partner in session.scalars(select(Partner).order_by(Partner.code, Partner.id)):
        before = partners.get(partner.org)
        if before is None or _PREFERRED.index(partner.state) < _PREFERRED.index(before.state):
            partners[partner.org] = partner
    return sorted(partners.values(), key=lambda partner: partner.code)


def _reports(session: Session, boxes: Boxes) -> dict[str, _Reports]:
    """Return what came in from each branch, by its uid."""
    reports: dict[str, _Reports] = defaultdict(_Reports)
    package = ReceivedPackage
    query = (
        select(package.sender, package.seq, package.package_hash, package.code, package.accepted, package.period,
               package.received_at_utc)
        .where(package.kind == Kind.REPORT.value)
        .order_by(package.received_at_utc, literal_column("received_packages.rowid"))
    )  # fmt: skip
    for sender, seq, package_hash, code, accepted, period, at_utc in session.execute(query):
        report = reports[sender]
        report.last_code = code
        if accepted:
            report.last_seq, report.last_at_utc = seq, at_utc
            report.periods.update({period} if period else ())
        report.held += code == Decision.FORK.value and boxes.holds(package_hash)
    return dict(reports)


def _members(session: Session) -> dict[str, int]:
    """Return how many members each branch has on its roster."""
    query = (
        select(Member.branch_id, func.count())
        .where(Member.deleted_at_utc.is_(None), Member.status.in_(_ON_ROSTER))
        .group_by(Member.branch_id)
    )
    return dict(session.execute(query).all())


def _races(session: Session, period: str | None) -> dict[str, RaceRow]:
    """Return the result of each branch in the race of `period`, or in its latest one."""
    query = select(RaceResult)
    if period is not None:
        query = query.where(RaceResult.period == period)
    results = sorted(session.scalars(query), key=lambda result: period_order(result.period))
    return {result.branch_id: row_of(result) for result in results}


def _plans(session: Session) -> dict[str, tuple[str, str]]:
    """Return title and stage (中文) of the plan each branch works on."""
    ended = (PdcaStage.CLOSED, PdcaStage.ROLLED_OVER)
    plans = session.scalars(
        select(PdcaPlan)
        .where(PdcaPlan.deleted_at_utc.is_(None), PdcaPlan.stage.notin_(ended))
        .order_by(PdcaPlan.opened_on)
    )
    return {plan.branch_id: (plan.title, plan.stage.label) for plan in plans}


def _open_remarks(session: Session) -> dict[str, int]:
    """Return how many remarks to each branch have no answer yet."""
    answered = select(RemarkAnswer.remark_id).where(RemarkAnswer.deleted_at_utc.is_(None))
    query = (
        select(Remark.branch_id, func.count())
        .where(Remark.deleted_at_utc.is_(None), Remark.id.not_in(answered))
        .group_by(Remark.branch_id)
    )
    return dict(session.execute(query).all())
