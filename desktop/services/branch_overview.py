"""Every branch at headquarters in one row (总览): what it handed in last, how it stands in a year, what it runs."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from desktop.models.improvement import PdcaPlan, PdcaStep, RemarkAnswer
from desktop.models.race import RaceResult, Remark
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary.race import PdcaStage, RemarkKind
from desktop.models.vocabulary.stores import PartnerState, StandardKind
from desktop.services.clock import day_of
from desktop.services.errors import Unreckonable
from desktop.services.files import FilePort
from desktop.services.members.counting import members_on
from desktop.services.owing import Owed, Owing
from desktop.services.progress import Progress
from desktop.services.race.details import row_of
from desktop.services.race.editions import period_order, race_span
from desktop.services.race.rows import RaceRow
from desktop.services.standards.editions import HANDED_OUT, edition_on
from desktop.services.standards.kept_figures import KeptFigures, StandardFigure
from desktop.services.store import Store
from desktop.services.sync.boxes import Boxes
from desktop.services.sync.contents import missing_contents
from desktop.services.sync.editions_told import is_older
from desktop.services.sync.package_format import Kind
from desktop.services.sync.protocol import Decision

_PREFERRED = (PartnerState.ACTIVE, PartnerState.INVITED, PartnerState.REVOKED)
"""Which registration of a branch stands for it, where there are several."""
_ENDED = (PdcaStage.CLOSED, PdcaStage.ROLLED_OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchOverview:
    """One branch in the overview of headquarters.

    `members` and plan are those of the last day of the year, of today in the present one.

    `owed`: which periods it owes. `lag_days` counts from the last accepted package to today, None before the first.
    `held`: its packages that wait for a decision; `attachments_missing`: contents its rows name and headquarters lacks.
    `rate` is the verified score's rate of judged points, `pending` the points not judged yet; `own_rate` that of the
    branch's own judgements of the same records; all on the day `scored_on`, None before the first package, and
    where the data of the branch cannot be reckoned with: `broken`.
    `to_reckon`: they are not reckoned as of the last day yet.
    `race_…`: the result of the latest race of the year, which is the same for all branches.
    `program` and `standard`: the versions it worked with when it made its last package, "" where that does not say;
    `standards_behind`: the standards in force here (中文) of which it did not have that edition then.
    """

    branch_id: str
    code: str
    name: str
    group: str
    county: str
    state: PartnerState
    members: int
    last_seq: int | None
    last_received_on: date | None
    last_code: str
    lag_days: int | None
    owed: Owed
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
    to_reckon: bool
    program: str
    program_behind: bool
    standard: str
    standards_behind: tuple[str, ...]
    race_period: str
    race_published: bool
    race_class: str
    race_class_name: str
    rank: int | None
    ranked: int | None
    total: Decimal | None
    plan: str
    plan_stage: str
    remarks_open: int

    @property
    def apart(self) -> Decimal | None:
        """By how much headquarters' rate is above the branch's own; None where either judged no quality."""
        if self.rate is None or self.own_rate is None or not self.quality_rated or not self.own_rated:
            return None
        return self.rate - self.own_rate


def overview_rows(store: Store, year: int, progress: Progress, *, at_once: bool) -> list[BranchOverview]:
    """Return every branch by code as it stands in `year`; see `HeadquartersService.overview`."""
    on = last_scored(year, store.today)
    with store.reading() as session:
        partners = branches_of(session)
        facts = _Facts.read(store, session, year)
    rows, figures = [], None if on is None else KeptFigures(store, on)
    for done, partner in enumerate(partners, start=1):
        rows.append(facts.row(store, partner, figures, at_once=at_once))
        progress(done, len(partners))
    if figures is not None:
        figures.keep()
    return rows


def last_scored(year: int, today: date) -> date | None:
    """Return the day on which scores of a year are reckoned: today, the last of a past year, None of one to come."""
    return None if year > today.year else min(today, date(year, 12, 31))


def programs_told(store: Store) -> list[tuple[str, str]]:
    """Return code and program of each branch, as its last package tells it; none where no package came."""
    with store.reading() as session:
        runs = _runs(session, store.today, _reports(session, Boxes(store.folder, FilePort())))
        return [(partner.code, runs[partner.org].program) for partner in branches_of(session) if partner.org in runs]


@dataclass(slots=True)
class _Reports:
    """What came in from one branch. `last_…` of the last accepted package but `last_code`, of the last of all."""

    last_seq: int | None = None
    last_at_utc: str | None = None
    last_code: str = ""
    last_id: str = ""
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
    runs: dict[str, "_Runs"]
    owing: Owing

    @classmethod
    def read(cls, store: Store, session: Session, year: int) -> "_Facts":
        """Read everything; of the races of `year` the latest. What was handed in, and by which program, is of today."""
        on = last_scored(year, store.today) or store.today
        reports = _reports(session, Boxes(store.folder, FilePort()))
        return cls(
            reports=reports,
            members=members_on(session, on),
            races=_races(session, year),
            plans=_plans(session, on),
            remarks=_open_remarks(session),
            runs=_runs(session, store.today, reports),
            owing=Owing(session, store.clock),
            missing={org: len(missing_contents(session, store.att, org, sent=True)) for org in reports},
        )

    def row(self, store: Store, partner: Partner, figures: KeptFigures | None, *, at_once: bool) -> BranchOverview:
        """Return one branch, its score reckoned as of the day of `figures`, or `at_once` as it is kept."""
        org = partner.org
        report, race = self.reports.get(org, _Reports()), self.races.get(org)
        day = day_of(report.last_at_utc, store.clock) if report.last_at_utc is not None else None
        scored = _Scored()
        if day is not None and figures is not None:
            scored = _kept(figures, org) if at_once else _reckoned(figures, org)
        figure, own = scored.verified, scored.own
        plan, stage = self.plans.get(org, ("", ""))
        runs = self.runs.get(org, _Runs())
        return BranchOverview(
            branch_id=org,
            code=partner.code,
            name=partner.name,
            group=partner.group_kind,
            county=partner.county,
            state=partner.state,
            members=self.members.get(org, 0),
            last_seq=report.last_seq,
            last_received_on=day,
            last_code=report.last_code,
            lag_days=(store.today - day).days if day is not None else None,
            owed=self.owing.of(org),
            periods=tuple(sorted(report.periods, reverse=True)),
            held=report.held,
            attachments_missing=self.missing.get(org, 0),
            rate=figure.rate if figure is not None else None,
            pending=figure.pending if figure is not None else None,
            quality_rated=figure is not None and figure.quality_rated,
            own_rate=own.rate if own is not None else None,
            own_rated=own is not None and own.quality_rated,
            scored_on=scored.on,
            broken=scored.broken,
            to_reckon=scored.to_reckon,
            program=runs.program,
            program_behind=runs.program_behind,
            standard=runs.standard,
            standards_behind=runs.standards_behind,
            race_period=race.period if race is not None else "",
            race_published=race is not None and race.published_on is not None,
            race_class=race.class_id if race is not None else "",
            race_class_name=race.class_name if race is not None else "",
            rank=race.rank if race is not None else None,
            ranked=race.group_size if race is not None else None,
            total=race.total if race is not None else None,
            plan=plan,
            plan_stage=stage,
            remarks_open=self.remarks.get(org, 0),
        )


@dataclass(frozen=True, slots=True)
class _Scored:
    """Verified and own score of a branch, and of which day."""

    verified: StandardFigure | None = None
    own: StandardFigure | None = None
    on: date | None = None
    broken: bool = False
    to_reckon: bool = False


def _reckoned(figures: KeptFigures, org: str) -> _Scored:
    try:
        return _Scored(*figures.both(org), figures.on)
    except Unreckonable:
        return _Scored(broken=True)


def _kept(figures: KeptFigures, org: str) -> _Scored:
    verified, own = figures.latest(org), figures.latest(org, verified=False)
    failed = [each.on for each in (verified, own) if each is not None and each.figure is None]
    if failed:
        return _Scored(broken=True, to_reckon=max(failed) < figures.on)
    if verified is None or own is None or verified.on != own.on:
        return _Scored(to_reckon=True)
    return _Scored(verified.figure, own.figure, verified.on, to_reckon=verified.on < figures.on)


def branches_of(session: Session) -> list[Partner]:
    """Return each branch once, by code: the installation in use before one invited or revoked."""
    partners: dict[str, Partner] = {}
    for partner in session.scalars(select(Partner).order_by(Partner.code, Partner.id)):
        before = partners.get(partner.org)
        if before is None or _PREFERRED.index(partner.state) < _PREFERRED.index(before.state):
            partners[partner.org] = partner
    return sorted(partners.values(), key=lambda partner: partner.code)


def spelled(store: "Store", code: str) -> str:
    """Return a code as the branch was registered with it, whatever the case of its letters; else as it is."""
    with store.reading() as session:
        codes = [partner.code for partner in branches_of(session)]
    alike = [known for known in codes if known.upper() == code.upper()]
    return alike[0] if code not in codes and len(alike) == 1 else code


def _reports(session: Session, boxes: Boxes) -> dict[str, _Reports]:
    """Return what came in from each branch, by its uid."""
    reports: dict[str, _Reports] = defaultdict(_Reports)
    package = ReceivedPackage
    query = (
        select(package.sender, package.seq, package.package_hash, package.code, package.accepted, package.period,
               package.received_at_utc, package.id)
        .where(package.kind == Kind.REPORT.value)
        .order_by(package.received_at_utc, literal_column("received_packages.rowid"))
    )  # fmt: skip
    for sender, seq, package_hash, code, accepted, period, at_utc, row_id in session.execute(query):
        report = reports[sender]
        report.last_code = code
        if accepted:
            report.last_seq, report.last_at_utc, report.last_id = seq, at_utc, row_id
            report.periods.update({period} if period and at_utc >= race_span(period).last.isoformat() else ())
        report.held += code == Decision.FORK.value and boxes.holds(package_hash)
    return dict(reports)


@dataclass(frozen=True, slots=True)
class _Runs:
    """What a branch worked with when it made its last package; see `BranchOverview`."""

    program: str = ""
    program_behind: bool = False
    standard: str = ""
    standards_behind: tuple[str, ...] = ()


def _runs(session: Session, today: date, reports: Mapping[str, _Reports]) -> dict[str, _Runs]:
    """Return for each branch the program and the editions its last package tells of, beside those here."""
    here = {kind: edition_on(session, kind, today).version for kind in HANDED_OUT}
    standard = here[StandardKind.BRANCH_STANDARD]
    package = ReceivedPackage
    query = select(package.sender, func.json_extract(package.header, "$.schema.app"), package.editions).where(
        package.id.in_([report.last_id for report in reports.values() if report.last_id])
    )
    found: dict[str, _Runs] = {}
    for sender, program, told in session.execute(query):
        editions: Mapping[str, list[str]] = told or {}
        of_standard = editions.get(StandardKind.BRANCH_STANDARD.value, [])
        found[sender] = _Runs(
            program=program or "",
            program_behind=is_older(program or ""),
            standard=standard if standard in of_standard else next(reversed(of_standard), ""),
            standards_behind=tuple(
                f"{kind.label}{version}版"
                for kind, version in here.items()
                if editions and version not in editions.get(kind.value, [])
            ),
        )
    return found


def _races(session: Session, year: int) -> dict[str, RaceRow]:
    """Return the result of each branch in the latest race of a year: of one race for all."""
    query = select(RaceResult).where(RaceResult.period.startswith(str(year)))
    results = session.scalars(query).all()
    latest = max((result.period for result in results), key=period_order, default="")
    return {result.branch_id: row_of(result) for result in results if result.period == latest}


def _plans(session: Session, on: date) -> dict[str, tuple[str, str]]:
    """Return title and stage (中文) of the plan each branch worked on at the end of the day `on`."""
    entered: dict[str, PdcaStage] = {}
    later: set[str] = set()
    steps = select(PdcaStep).where(PdcaStep.deleted_at_utc.is_(None)).order_by(PdcaStep.on, PdcaStep.id)
    for step in session.scalars(steps):
        if step.on <= on:
            entered[step.plan_id] = step.stage
        else:
            later.add(step.plan_id)
    found = {}
    plans = select(PdcaPlan).where(PdcaPlan.deleted_at_utc.is_(None), PdcaPlan.opened_on <= on)
    for plan in session.scalars(plans.order_by(PdcaPlan.opened_on)):
        stage = entered.get(plan.id, PdcaStage.PLANNING) if plan.id in later else plan.stage
        if stage not in _ENDED:
            found[plan.branch_id] = (plan.title, stage.label)
    return found


def _open_remarks(session: Session) -> dict[str, int]:
    """Return how many remarks to each branch wait for an answer that says it is done."""
    done = RemarkAnswer.deleted_at_utc.is_(None), RemarkAnswer.done_on.is_not(None)
    query = (
        select(Remark.branch_id, func.count())
        .where(
            Remark.deleted_at_utc.is_(None),
            Remark.kind.in_([kind for kind in RemarkKind if kind.asks]),
            Remark.id.not_in(select(RemarkAnswer.remark_id).where(*done)),
        )
        .group_by(Remark.branch_id)
    )
    return dict(session.execute(query).all())
