"""What waits for headquarters in a year, the latest first: each deed with its words, whom it is about, by when, and
where; what waits in another year is one deed that leads to that year.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop import __version__
from desktop.models.race import RacePeriod
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.models.vocabulary.stores import PartnerState
from desktop.models.vocabulary.transfers import OrderState
from desktop.services.backup import BackupService
from desktop.services.branch_overview import BranchOverview
from desktop.services.clock import spoken
from desktop.services.handing_over import HANDOVER, HandoverService
from desktop.services.headquarters import HeadquartersService
from desktop.services.improvement.headquarters import AllPlans
from desktop.services.points.deciding import DecidingService
from desktop.services.race.appeals import AppealService
from desktop.services.race.corrections import upheld_words
from desktop.services.race.editions import period_name, period_order, race_span, scheme_in_force
from desktop.services.race.periods import PUBLISHED
from desktop.services.race.records import declared_by
from desktop.services.reminders import reminders
from desktop.services.reporting_due import Due, Lateness, due_quarter, dues
from desktop.services.sampling.appeals import SampleAppealService, WaitingAppeal
from desktop.services.sampling.service import SamplingService
from desktop.services.sync.moving import MOVING, MovingService
from desktop.services.sync.sent import unreceived
from desktop.services.transferring.orders import OrderService
from desktop.services.transferring.unfinished import unfinished_transfers

if TYPE_CHECKING:
    from desktop.services.store import Store

MOST_NAMED = 4
HERE, TRANSFERS, OTHER_YEAR = "", "transfers", "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing to do. `where` is the area and tab to go to: the overview itself, by `show`, where it is none."""

    words: str
    verb: str
    who: tuple[str, ...] = ()
    of_each: str = ""
    """What is said under the name of each branch it is about."""
    due_on: date | None = None
    area: str = HERE
    tab: str = ""
    show: str = ""
    urges: bool = False
    """Whether those it is about are asked for something by a paper (催报单)."""
    where: Mapping[str, str] = field(default_factory=dict)
    guides: bool = False
    """What leads through steps that were begun: it comes first of all until it is ended."""
    period: str = ""
    """Which period the deed is about, where it is about one: the page has to show it."""

    @property
    def year(self) -> int | None:
        """The year it is about; None where it waits whatever the year."""
        return race_span(self.period).first.year if self.period else None

    @property
    def named(self) -> str:
        """Whom it is about, the first of many by name."""
        more = f"等 {len(self.who)} 个" if len(self.who) > MOST_NAMED else ""
        return "、".join(self.who[:MOST_NAMED]) + more

    def days_late(self, today: date) -> int | None:
        """Return how many days it is late, negative while there is time; None without a day."""
        return None if self.due_on is None else (today - self.due_on).days

    def when(self, today: date) -> str:
        """Say how late it is: 逾期 12 天, 今天到期, 还有 5 天."""
        late = self.days_late(today)
        if late is None:
            return ""
        return f"逾期 {late} 天" if late > 0 else f"还有 {-late} 天" if late else "今天到期"


def deeds(store: "Store", rows: Sequence[BranchOverview], due: Due) -> list[Deed]:
    """Return what waits, by lateness: late, due next, without a day; `rows` and `due` are those of the overview.

    What is about a period waits in the year of `due` alone, and in any other for whoever turns to it.
    """
    today = store.today
    asked = dict.fromkeys((due, due_quarter(store)))
    enrolled = {row.branch_id for row in rows if row.state is PartnerState.ACTIVE}
    of_samples = SampleAppealService(store).waiting()
    found = [
        *(deed for each in asked for deed in _reports(rows, each, today)),
        *_races(store, rows),
        *_held(rows, takes=store.rights.may(Act.EXCHANGE)),
        *_appeals(store, {each.period for each in of_samples}),
        *_checks(store),
        *_sample_appeals(store, of_samples),
        *_claims(store),
        *_unreceived(store),
        *_remarks(store, enrolled),
        *_moves(store),
        *_guided(store),
        *_unattended(store, rows),
        *_behind(rows),
        *_others(store, rows),
        *_backup(store, rows),
    ]
    if store.rights.looks_only:
        found = [
            replace(deed, verb=f"看{deed.verb.removeprefix('去')}") if deed.verb[0] == "去" else deed for deed in found
        ]
    return sorted(
        _by_year(found, due.year), key=lambda deed: (not deed.guides, deed.due_on is None, deed.due_on or today)
    )


def _by_year(found: Sequence[Deed], year: int) -> Iterator[Deed]:
    """Give what waits in a year or whatever the year, and for any other year one deed that leads there."""
    others: dict[int, list[Deed]] = {}
    for deed in found:
        if deed.year in (None, year):
            yield deed
        else:
            others.setdefault(deed.year or year, []).append(deed)
    for other, waiting in others.items():
        yield Deed(
            words=f"{other}年还有 {len(waiting)} 件要办",
            verb=f"看{other}年",
            due_on=min((deed.due_on for deed in waiting if deed.due_on is not None), default=None),
            show=OTHER_YEAR,
            period=str(other),
        )


def reasons(branch: BranchOverview, due: Due, today: date, waiting: Sequence[Deed] = ()) -> tuple[str, ...]:
    """Return why a branch needs following up, the gravest first."""
    lateness = due.lateness(branch, today)
    named = (
        (lateness is Lateness.LATE, f"{due.name}包没到"),
        (branch.broken, "报来的数据算不出得分"),
        (branch.held > 0, f"{branch.held} 个包等待决定"),
        (branch.remarks_open > 0, f"{branch.remarks_open} 条意见没办结"),
        (branch.attachments_missing > 0, f"缺 {branch.attachments_missing} 个附件"),
        (branch.program_behind, f"程序还是 {branch.program} 版"),
        (bool(branch.standards_behind), f"没有{'、'.join(branch.standards_behind)}"),
    )
    about = [deed.of_each for deed in waiting if deed.of_each and branch.name in deed.who]
    return (*(words for holds, words in named if holds), *about)


def _reports(rows: Sequence[BranchOverview], due: Due, today: date) -> Iterator[Deed]:
    missing = due.missing(rows, today)
    if missing:
        ends = f"{due.closes_on.month} 月 {due.closes_on.day} 日{'已截止' if today > due.closes_on else '截止'}"
        yield Deed(
            words=f"{len(missing)} 个支部还没报{due.name}（{ends}）",
            verb="看是哪些",
            who=tuple(row.name for row in missing),
            due_on=due.closes_on,
            show="late",
            urges=True,
            period=due.period,
        )


def _races(store: "Store", rows: Sequence[BranchOverview]) -> Iterator[Deed]:
    """Give the races that branches reported and nobody published: of every quarter that is over and of every year, for
    the result of a year needs those of its quarters. They are to be closed once all came in or their day is over, then
    to be scored and published. A quarter of a year that was published waits no more.
    """
    reported = {period for row in rows for period in row.periods}
    reported |= {race_span(period).whole for period in reported if period in declared_by(race_span(period).whole)}
    with store.reading() as session:
        states = _states(session)
        done = {period for period, state in states.items() if state in PUBLISHED}
        waiting = {
            period: timedelta(days=scheme_in_force(session, race_span(period).last).publish_days)
            for period in sorted(reported, key=period_order)
            if not done & {period, race_span(period).whole} and race_span(period).last < store.today
        }
    for due, (period, publish_days) in zip(dues(store, tuple(waiting)), waiting.items(), strict=True):
        if states.get(period, RacePeriodState.OPEN) is RacePeriodState.OPEN:
            missing, free = due.missing(rows, store.today), due.free(rows, store.today)
            if (missing or free) and store.today <= due.closes_on:
                continue
            said = "还没封账" if missing else f"{'该报的' if free else ''}都报来了，还没封账"
            words, verb, due_on = said, "去封账", due.closes_on
        else:
            words, verb = "封账了，还没公布", "去公布"
            due_on = race_span(period).last + publish_days
        verb = verb if store.rights.may(Act.PUBLISH) else "看赛马"
        yield Deed(words=f"{due.name}赛马{words}", verb=verb, due_on=due_on, area="race", tab="race", period=period)


def _states(session: Session) -> Mapping[str, RacePeriodState]:
    return dict(session.execute(select(RacePeriod.period, RacePeriod.state)).all())


def _held(rows: Sequence[BranchOverview], *, takes: bool) -> Iterator[Deed]:
    waiting = [row for row in rows if row.held]
    if waiting:
        count = sum(row.held for row in waiting)
        yield Deed(
            words=f"{count} 个包等您决定" if takes else f"{count} 个包还没有决定",
            verb="去收包" if takes else "看收包",
            who=tuple(row.name for row in waiting),
            area="receive",
            where={"view": "held"},
        )


def _decides(store: "Store") -> str:
    """Return the verb for an appeal that waits: whoever may not decide it is only shown it."""
    return "去决定" if store.rights.may(Act.PUBLISH) else "看申诉"


def _appeals(store: "Store", of_checks: Collection[str]) -> Iterator[Deed]:
    """Give what the results of a period ask for: appeals to decide, results to publish anew or to make final.

    `of_checks` are the periods in which an appeal against a drawn record still waits.
    """
    service = AppealService(store)
    for period in service.open_periods():
        appeals = service.appeals(period)
        waiting = [each for each in appeals if each.state is AppealState.PENDING]
        if waiting:
            yield Deed(
                words=f"{len(waiting)} 件申诉待决定（{period_name(period)}）",
                verb=_decides(store),
                who=tuple(each.name for each in waiting),
                of_each="申诉待决定",
                due_on=min(each.due_on for each in waiting),
                area="race",
                tab="appeals",
                where={"view": "waiting"},
                period=period,
            )
        upheld = [each for each in appeals if each.awaits_correction]
        if upheld:
            decided = upheld_words(each.state for each in upheld)
            yield Deed(
                words=f"{len(upheld)} 件{decided}，更正后还没重新公布（{period_name(period)}）",
                verb="去更正",
                who=tuple(each.name for each in upheld),
                of_each="更正后等重新公布",
                area="race",
                tab="race",
                period=period,
            )
        window = None if waiting or upheld or period in of_checks else service.window(period)
        if window is not None and store.today > window.last:
            yield Deed(
                words=f"{period_name(period)}赛马申诉期已满，还没定案",
                verb="去定案" if store.rights.may(Act.PUBLISH) else "看赛马",
                area="race",
                tab="race",
                period=period,
            )


def _checks(store: "Store") -> Iterator[Deed]:
    """Give the periods with drawn records nobody checked, of branches that are enrolled still."""
    service = SamplingService(store)
    with store.reading() as session:
        published = {period for period, state in _states(session).items() if state in PUBLISHED}
    for period in service.unfinished():
        open_sheets = [sheet for sheet in service.sheets(period) if sheet.waits]
        if not open_sheets:
            continue
        told = f"{period_name(period)}{'，结果已公布' if period in published else ''}"
        yield Deed(
            words=f"抽查还差 {len(open_sheets)} 个支部（{told}）",
            verb="去抽查",
            who=tuple(sheet.name for sheet in open_sheets),
            of_each="还没抽查完",
            area="assess",
            tab="sampling",
            period=period,
        )


def _sample_appeals(store: "Store", waiting: Sequence[WaitingAppeal]) -> Iterator[Deed]:
    for period in dict.fromkeys(each.period for each in waiting):
        mine = [each for each in waiting if each.period == period]
        yield Deed(
            words=f"{len(mine)} 件抽查申诉待决定（{period_name(period)}）",
            verb=_decides(store),
            who=tuple(dict.fromkeys(each.branch for each in mine)),
            of_each="抽查申诉待决定",
            due_on=min((each.until for each in mine if each.until is not None), default=None),
            area="assess",
            tab="sampling",
            where={"view": "waiting"},
            period=period,
        )


def _unreceived(store: "Store") -> Iterator[Deed]:
    days = reminders().receipt_days
    late = unreceived(store, days)
    if late:
        yield Deed(
            words=f"{len(late)} 个支部的反馈包写出 {days} 天还没有回执",
            verb="看是哪些",
            who=tuple(row.partner for row in late),
            of_each="反馈包没有回执",
            area="send",
            tab="packages",
            where={"view": "unreceived"},
        )


def _claims(store: "Store") -> Iterator[Deed]:
    waiting = DecidingService(store).waiting()
    if waiting:
        yield Deed(
            words=f"{len(waiting)} 笔书记的积分申报待核定",
            verb="去核定",
            who=tuple(dict.fromkeys(each.branch for each in waiting)),
            of_each="书记的积分申报待核定",
            area="assess",
            tab="claims",
            where={"view": "waiting"},
        )


def _remarks(store: "Store", enrolled: Collection[str]) -> Iterator[Deed]:
    """Give what was asked of branches that are enrolled still, for no other will answer."""
    remarks = HeadquartersService(store).remarks()
    waiting = [each for each in remarks if each.waits and each.branch_id in enrolled]
    if waiting:
        yield Deed(
            words=f"{len(waiting)} 条意见没办结",
            verb="看意见",
            who=tuple(dict.fromkeys(each.name for each in waiting)),
            due_on=min((each.due_on for each in waiting if each.due_on is not None), default=None),
            area="send",
            tab="remarks",
            where={"view": "waiting"},
        )


def _moves(store: "Store") -> Iterator[Deed]:
    """Give the moves between branches that wait for an order, and the orders that are not simply under way."""
    waiting = OrderService(store).waiting()
    reported = [each for each in waiting if each.state is OrderState.REPORTED]
    if reported:
        yield Deed(
            words=f"{len(reported)} 人转往公司内的支部，还没下发转接通知",
            verb="去下发",
            who=tuple(dict.fromkeys(each.branch for each in reported)),
            of_each="转接等下发通知",
            area="send",
            tab="transfers",
        )
    others = [each for each in waiting if each.state is not OrderState.REPORTED]
    if others:
        yield Deed(
            words=f"{len(others)} 份转接通知过期没有接收、被收回或撤回后仍接收",
            verb="看转接",
            who=tuple(dict.fromkeys(each.branch for each in others)),
            area="send",
            tab="transfers",
        )


def _unattended(store: "Store", rows: Sequence[BranchOverview]) -> Iterator[Deed]:
    """Give the lagging branches that nobody has been in touch with since that was published, and those that somebody
    was to be in touch with again by now.
    """
    plans = AllPlans(store)
    found, promised = set(plans.unattended()), plans.to_visit()
    again = [row for row in rows if row.branch_id in promised and row.branch_id not in found]
    if again:
        yield Deed(
            words=f"{len(again)} 个支部约好再联系的日子到了",
            verb="去联系",
            who=tuple(row.name for row in again),
            of_each="该再联系",
            due_on=min(promised[row.branch_id] for row in again),
            area="improve",
            tab="plans",
            where={"view": "unattended"},
        )
    named = tuple(row.name for row in rows if row.branch_id in found)
    if named:
        yield Deed(
            words=f"{len(named)} 个落后支部还没有联系",
            verb="去联系",
            who=named,
            of_each="落后，没有联系",
            area="improve",
            tab="plans",
            where={"view": "unattended"},
        )


def _behind(rows: Sequence[BranchOverview]) -> Iterator[Deed]:
    """Give what the last packages show to be older than here: programs, and editions of the standards."""
    old = [row for row in rows if row.state is PartnerState.ACTIVE and row.program_behind]
    if old:
        yield Deed(
            words=f"{len(old)} 个支部的程序比这里旧（这里 {__version__} 版）",
            verb="看是哪些",
            who=tuple(row.name for row in old),
            show="behind",
        )
    lacking = [row for row in rows if row.state is PartnerState.ACTIVE and row.standards_behind]
    if lacking:
        named = "、".join(dict.fromkeys(name for row in lacking for name in row.standards_behind))
        yield Deed(
            words=f"{len(lacking)} 个支部还没有{named}",
            verb="去下发",
            who=tuple(row.name for row in lacking),
            area="send",
        )


def _backup(store: "Store", rows: Sequence[BranchOverview]) -> Iterator[Deed]:
    """Give the backup that is to lie elsewhere than on this computer, from the first packages on. It has no day: what
    branches and deadlines ask for comes first.
    """
    last = BackupService(store).last_outside()
    since = last or min((row.last_received_on for row in rows if row.last_received_on is not None), default=None)
    if since is None or (store.today - since).days <= reminders().outside_backup_days:
        return
    yield Deed(
        words="还没有备份到U盘或文件夹" if last is None else f"上次备份到U盘或文件夹是 {spoken(last)}",
        verb="去备份" if store.rights.may(Act.BACKUP) else "看备份",
        area="settings",
        tab="backups",
    )


def _guided(store: "Store") -> Iterator[Deed]:
    """Give what a change of PC or of who works here waits for, by the page that leads through it; it has no day."""
    for words, act, verb, tab, kind in (
        (MovingService(store).unchecked(), Act.BACKUP, "去核对", "backups", MOVING),
        (HandoverService(store).unfinished(), Act.USERS, "去交接", "security", HANDOVER),
    ):
        if words:
            verb = verb if store.rights.may(act) else "看步骤"
            yield Deed(words=words, verb=verb, area="settings", tab=tab, where={"kind": kind}, guides=True)


def _others(store: "Store", rows: Sequence[BranchOverview]) -> Iterator[Deed]:
    twice = len(unfinished_transfers(store))
    if twice:
        yield Deed(words=f"{twice} 人同时在两个支部的名册上", verb="看是谁", show=TRANSFERS)
    invited = [row.name for row in rows if row.state is PartnerState.INVITED]
    if invited:
        yield Deed(words=f"{len(invited)} 个支部还没登记", verb="看是哪些", who=tuple(invited), show="invited")
