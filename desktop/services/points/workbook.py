"""Claims of points as a workbook: what was handed in, and what was said to it; what is kept is never changed."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.points import PointsClaim
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.points import ClaimState
from desktop.services.errors import Input, InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.known import Known
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking, TakingBook
from desktop.services.members.lookup import roster_of
from desktop.services.members.roster import Roster
from desktop.services.points.claim_rows import ClaimRow
from desktop.services.points.claim_rules import (
    CHOICE,
    EVENT_ON,
    MEETING,
    OUTCOME,
    RATING,
    RULE,
    TITLE,
    VERIFIER,
    approving,
    of_secretary,
)
from desktop.services.points.claims import ClaimDraft, ClaimService
from desktop.services.points.scheme import Rule
from desktop.services.points.standing import standing_of
from desktop.services.quoting import quoted
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.numbers import parse_integer
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet, SheetColumn
from desktop.services.spreadsheets.text import parse_name, parse_text, plain
from desktop.services.standards.editions import points_on

if TYPE_CHECKING:
    from desktop.services.store import Store

OWN = Input("own", "审核")
SHEET = Sheet(
    kind="points_claims",
    title="积分申报表",
    columns=(
        SheetColumn("name", "姓名", parse_text, required=True, width=12),
        SheetColumn("event_on", EVENT_ON.label, parse_date, required=True, looks="date", width=12),
        SheetColumn("rule", RULE.label, parse_text, required=True, help="写条款的编号或名称", width=22),
        SheetColumn("title", TITLE.label, parse_text, required=True, looks="long", width=26),
        SheetColumn("outcome", OUTCOME.label, parse_text, looks="long", width=30),
        SheetColumn("rating", RATING.label, parse_integer, looks="integer", if_used=True, width=8),
        SheetColumn("choice", CHOICE.label, parse_text, if_used=True, width=10),
        SheetColumn("handed_in_on", "申报日期", parse_date, looks="date", help="不写就是导入那天", width=12),
        SheetColumn("verified_by", VERIFIER.label, parse_name, help="写了核实人就登记为已核实", width=12),
        SheetColumn("verified_on", "核实日期", parse_date, looks="date", width=12),
        SheetColumn("approved_on", "审核日期", parse_date, looks="date", help="审核的支委会是哪天开的", width=12),
        SheetColumn("approved_by", "审核", parse_text, help="书记的申报写上级党组织；别的只用来看", width=18),
        SheetColumn(
            "reason", "退回原因", parse_text, looks="long", help="写了原因、没有审核日期的登记为退回", width=20
        ),
        SheetColumn("state", "状态", parse_text, help="只用来看", width=10),
    ),
    keys=("name", "title"),
    note="一行一笔申报；已经申报过的按姓名、事项日期和事项认，内容不改，只补核实、审核或者退回",
)


class ClaimBook(TakingBook):
    """The claims of points of a branch (积分申报表)."""

    name = SHEET.kind
    title = SHEET.title
    tables = (PointsClaim.__tablename__,)

    def sheet(self) -> Sheet:
        """Return every column."""
        return SHEET

    def known(self) -> Known:
        """Return the names of members."""
        with self._store.reading() as session:
            return Known(names=frozenset(member.name for member in roster_of(self._store, session).members.values()))

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> "_ClaimImport":
        """Begin to hold rows against the claims that are kept."""
        return _ClaimImport(session, self._store, result, answers)

    def template(self, path: Path) -> None:
        """Write the sheet to fill in."""
        tables.template(path, SHEET)

    def export(self, path: Path, year: int | None = None) -> int:
        """Write the claims about a year, or all, as a workbook that imports again unchanged; return how many rows.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        return self._write(path, SHEET, self.rows(year))

    def rows(self, year: int | None = None) -> Rows:
        """Return the claims about a year, or all, oldest first."""
        days = select(PointsClaim.event_on).where(
            PointsClaim.branch_id == self._store.branch_id, PointsClaim.deleted_at_utc.is_(None)
        )
        with self._store.reading() as session:
            years = sorted({on.year for on in session.scalars(days)}) if year is None else [year]
        service = ClaimService(self._store)
        return [_line(row) | {"id": row.id} for each in years for row in reversed(service.claims(each))]


def _line(row: ClaimRow) -> dict[str, object]:
    return {
        "name": row.name,
        "event_on": row.event_on,
        "rule": f"{row.rule} {row.rule_name}".strip(),
        "title": row.title,
        "outcome": row.outcome,
        "rating": row.rating,
        "choice": row.choice,
        "handed_in_on": row.handed_in_on,
        "verified_by": row.verified_by,
        "verified_on": row.verified_on,
        "approved_on": row.approved_on,
        "approved_by": row.approved_by,
        "reason": row.reason,
        "state": row.state,
    }


class _ClaimImport(Taking):
    """One import of claims."""

    def __init__(self, session: Session, store: "Store", result: ImportResult, answers: Answers) -> None:
        super().__init__(result, answers)
        self._session, self._store = session, store
        self._claims = ClaimService(store)
        self._roster: Roster = roster_of(store, session)
        self._rules: dict[int, Sequence[Rule]] = {}

    def take(self, row: Row) -> None:
        """Keep the claim of a row, or what was said to one that is kept; or refuse it.

        A new claim is kept although what the row says was said to it cannot be: that is told, and stays to be said.
        """
        self.take_whole(self._session, row, self._take)

    def _take(self, row: Row) -> None:
        day, words = row.get("event_on"), str(row.get("title") or "").strip()
        if not isinstance(day, date):
            raise InvalidInput(EVENT_ON, "没有日期")
        member = self._roster.find(str(row.get("name")), day, SHEET.column("name"))
        rule, what = self._rule(str(row.get("rule")), day.year), f"{member.name} {words}"
        claim = self._kept(member.id, day, words)
        if claim is None:
            draft = ClaimDraft(
                member_id=member.id,
                rule=rule.id,
                event_on=day,
                title=words,
                outcome=str(row.get("outcome") or ""),
                rating=row.get("rating"),
                choice=row.get("choice"),
            )
            claim = self._claims.keep(self._session, draft, row.get("handed_in_on") or self._store.today)
            try:
                self._rule_on(row, claim)
            except InvalidInput as error:
                words = f"已申报，“{claim.state.label}”；表里写的后面几步没有登记：{error.reason}"
                self.result.warnings.append(row.warn(error.name, words))
            self.result.accepted += 1
            self.added(row, what, {column.label: row.shown(column.name) for column in SHEET.columns})
            return
        given = {"rule": rule.id} | {name: row.get(name) for name in ("outcome", "rating", "choice", "handed_in_on")}
        for name, value in given.items():
            if value not in (None, "", getattr(claim, name)):
                column = SHEET.column(name)
                raise InvalidInput(column, "和已经申报的不一样，申报不能改；写错的退回后重新申报")
        before = claim.state
        try:
            self._rule_on(row, claim)
        except InvalidInput as error:
            if claim.state is before:
                raise
            self.result.warnings.append(row.warn(error.name, f"只登记到“{claim.state.label}”：{error.reason}"))
        if claim.state is before:
            self.result.unchanged += 1
            self.kept(row, what)
            return
        self.changed(row, what, "状态", before.label, claim.state.label, name="state")
        self.result.updated += 1

    def _rule_on(self, row: Row, claim: PointsClaim) -> None:
        """Write down what the row says was said to the claim, as far as nobody has said it yet."""
        reason, approved_on = row.get("reason"), row.get("approved_on")
        if row.get("verified_by") and claim.state is ClaimState.SUBMITTED:
            self._refuse_own(claim)
            on = row.get("verified_on") or self._store.today
            who = self._roster.find(str(row.get("verified_by")), on, VERIFIER)
            self._claims.say_verified(claim, self._roster, who.id, on)
        is_open = standing_of(self._session, claim).is_open
        if approved_on is not None and is_open:
            self._refuse_own(claim)
            self._approve(row, claim, approved_on)
        elif reason and approved_on is None and is_open:
            self._claims.say_rejected(self._session, claim, str(reason))

    def _approve(self, row: Row, claim: PointsClaim, on: date) -> None:
        if of_secretary(self._roster, claim, self._store.today):
            self._claims.say_answered(self._session, claim, self._roster, str(row.get("approved_by") or ""), on)
            return
        held = [meeting for meeting, _title in approving(self._store, self._session) if meeting.held_on == on]
        if not held:
            raise InvalidInput(MEETING, f"{on}没有支委会的记录（没有支委会的支部是党员大会），先登记会议")
        self._claims.say_approved(claim, self._roster, held[0])

    def _refuse_own(self, claim: PointsClaim) -> None:
        if self._store.rights.own_member == claim.member_id:
            raise InvalidInput(OWN, "自己的申报不能自己核实、审核")

    def _rule(self, text: str, year: int) -> Rule:
        if year not in self._rules:
            self._rules[year] = points_on(self._session, self._store.today, year).rules
        wanted = plain(text)
        found = [rule for rule in self._rules[year] if wanted in (rule.id, rule.name, f"{rule.id} {rule.name}")]
        if len(found) != 1:
            raise InvalidInput(RULE, f"积分办法里{'没有' if not found else '不只一条'}{quoted(text)}，写条款的编号")
        return found[0]

    def _kept(self, member_id: str, on: date, words: str) -> PointsClaim | None:
        """Return the claim that is kept of a thing: one that still counts before one that was closed."""
        found = self._session.scalars(
            select(PointsClaim)
            .where(
                PointsClaim.branch_id == self._store.branch_id,
                PointsClaim.deleted_at_utc.is_(None),
                PointsClaim.member_id == member_id,
                PointsClaim.event_on == on,
                PointsClaim.title == words,
            )
            .order_by(PointsClaim.id.desc())
        ).all()
        closed = (ClaimState.REJECTED, ClaimState.REVOKED)
        return next((claim for claim in found if claim.state not in closed), next(iter(found), None))
