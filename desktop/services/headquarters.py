"""What headquarters sees of all branches at once (总览), and the remarks it sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.history import SettingName
from desktop.models.improvement import RemarkAnswer
from desktop.models.race import Remark
from desktop.models.sync import Invitation, Partner
from desktop.models.vocabulary.race import RemarkKind
from desktop.services.branch_overview import BranchOverview, branches_of, last_scored, overview_rows
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.progress import Progress, silent
from desktop.services.race.editions import race_span
from desktop.services.reporting_due import Due, due_quarter
from desktop.services.spreadsheets.text import NO_NAME, is_name
from desktop.services.standards.kept_figures import reckon
from desktop.services.statistics.across import BranchesStatistics
from desktop.services.store import Store, put_setting
from desktop.services.sync.key_files import MAX_NAME
from desktop.services.sync.partners import NAME, check_group
from desktop.services.unit_of_work import action_of, note_change
from desktop.services.years import year_of_work

UNIT = Input("name", "单位名称")
COUNTY = Input("county", "党总支")
MAX_COUNTY = 40
BRANCH = Input("branch", "支部")
TEXT = Input("text", "意见")
DUE_ON = Input("due_on", "办理期限")
ITEM = Input("item_id", "针对条目")


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
    late_days: int = 0
    """How many days the answer that is waited for is late; 0 where it is not."""

    @property
    def waits(self) -> bool:
        """Whether an answer is waited for that says it is done."""
        return self.kind.asks and self.answered_on is None


class HeadquartersService:
    """All branches of this headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def overview(
        self, year: int | None = None, progress: Progress = silent, *, at_once: bool = False
    ) -> list[BranchOverview]:
        """Return every branch by code, with what it handed in last and how it stands in `year`.

        Scores and classes are of that year alone: of its last day, and of its latest race; without one it is the year
        that people here work on (`year_of_work`). `at_once`: nothing is reckoned; a score is the one kept last, of the
        day it says, and `to_reckon` where it is not that of the day (see `reckon`).
        """
        wanted = year_of_work(self._store) if year is None else year
        return overview_rows(self._store, wanted, progress, at_once=at_once)

    def reckon(self, branch_ids: Sequence[str], year: int | None = None) -> None:
        """Reckon the scores of some branches, of today or of the last day of a past `year`, for the overview, and count
        what the statistics are opened with.
        """
        on = self._store.today if year is None else last_scored(year, self._store.today)
        if on is not None:
            reckon(self._store, branch_ids, on)
            BranchesStatistics(self._store).keep(branch_ids)

    def due(self, year: int | None = None) -> Due:
        """Return the quarter whose packages are due now, or were last: of a `year`, where one is given."""
        return due_quarter(self._store, year)

    # -- names ----------------------------------------------------------------------------------

    def name(self) -> str:
        """Return what this headquarters is called."""
        return self._store.setting(SettingName.NAME)

    def rename(self, name: str) -> None:
        """Call this headquarters `name`: in new invitations at once, at the branches with the next feedback.

        Raises:
            InvalidInput: the name is empty or too long.
        """
        self._store.rights.require_setting(SettingName.NAME)
        name = _name(name, UNIT)
        with self._store.unit_of_work(f"单位名称改为“{name}”") as session:
            put_setting(session, SettingName.NAME, name)

    def change_branch(self, branch_id: str, name: str, group: str, county: str | None = None) -> None:
        """Correct name, race group and county (党总支) of a branch; races not scored yet go by the new group.

        An invitation that is still open brings the new name too; an enrolled branch learns it with the next feedback.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: name, group or county do not fit.
            NotFound: there is no such branch.
        """
        self._store.rights.require_table(Partner.__tablename__)
        name = _name(name, NAME)
        with self._store.unit_of_work(f"修改支部“{name}”的名称、分组或党总支") as session:
            put_branch(session, branch_id, name, group, county, today=self._store.today)

    # -- remarks -------------------------------------------------------------------------------

    def remarks(self, branch_id: str | None = None) -> list[SentRemark]:
        """Return the remarks sent (to one branch), newest first, with the answers that came in."""
        with self._store.reading() as session:
            names = {partner.org: (partner.code, partner.name) for partner in branches_of(session)}
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
                done = not remark.kind.asks or (answer is not None and answer.done_on is not None)
                late = 0 if done or remark.due_on is None else (self._store.today - remark.due_on).days
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
                        late_days=max(late, 0),
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
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: nothing is said, the branch is unknown, or the day to answer by is past.
        """
        self._store.rights.require_table(Remark.__tablename__)
        if not text.strip():
            raise InvalidInput(TEXT, "不能为空")
        if due_on is not None and due_on < self._store.today:
            raise InvalidInput(DUE_ON, "不能早于今天")
        span = race_span(period) if period else None
        with self._store.unit_of_work("给支部提意见") as session:
            names = {partner.org: partner.name for partner in branches_of(session)}
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
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: there is none of this id.
        """
        self._store.rights.require_table(Remark.__tablename__)
        with self._store.unit_of_work("撤回给支部的意见") as session:
            remark = session.get(Remark, remark_id)
            if remark is None or remark.deleted_at_utc is not None:
                raise NotFound(what="意见")
            remark.deleted_at_utc = utc_text(self._store.clock())

    def renew_remark(self, remark_id: str) -> None:
        """Put a remark that was taken back in its place again, with all it says.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: there is none of this id that was taken back.
        """
        self._store.rights.require_table(Remark.__tablename__)
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
    if not is_name(name):
        raise InvalidInput(field, NO_NAME)
    return name


def put_branch(
    session: Session, branch_id: str, name: str, group: str, county: str | None = None, *, today: date
) -> None:
    """Keep name, race group and county (None: as it is) of a branch, and what they were before.

    Raises:
        InvalidInput: group or county do not fit.
        NotFound: there is no such branch.
    """
    if county is not None and len(county.strip()) > MAX_COUNTY:
        raise InvalidInput(COUNTY, f"最多{MAX_COUNTY}字")
    if county and county.strip() and not is_name(county):
        raise InvalidInput(COUNTY, NO_NAME)
    check_group(session, group, today)
    known = session.scalars(select(Partner).where(Partner.org == branch_id)).all()
    if not known:
        raise NotFound(what="支部")
    for row in known:
        said = {"name": name, "group_kind": group, "county": row.county if county is None else county.strip()}
        before = {key: getattr(row, key) for key, value in said.items() if getattr(row, key) != value}
        for key in before:
            setattr(row, key, said[key])
        if before:
            note_change(session, row, before, {key: said[key] for key in before})
    waiting = select(Invitation).where(Invitation.org == branch_id, Invitation.used_at_utc.is_(None))
    for invitation in session.scalars(waiting):
        invitation.name, invitation.group_kind = name, group
