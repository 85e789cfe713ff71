"""Penalties and vetoes (扣分项、否决项) that headquarters types with their ground."""

from desktop.models.race import RaceMark
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.race.corrections import appeals_of, correct, corrected_words, correcting
from desktop.services.race.editions import race_span
from desktop.services.race.periods import scheme_of, taking_part
from desktop.services.race.records import marks_of
from desktop.services.race.rows import MarkRow
from desktop.services.spreadsheets.branch_columns import BRANCH, GROUND
from desktop.services.store import Store

RULE = Input("rule", "事项")
COUNT = Input("count", "数量")


class MarkService:
    """The penalties and vetoes of the race, at headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def marks(self, period: str) -> list[MarkRow]:
        """Return the penalties and vetoes typed for a period, by branch."""
        span = race_span(period)
        scheme = scheme_of(self._store, span)
        with self._store.reading() as session:
            names = {racer.branch_id: racer for racer in taking_part(session, span.code)}
            rules: dict[str, tuple[str, bool, str]] = {p.id: (p.name, False, p.unit) for p in scheme.penalties}
            rules |= {veto.id: (veto.name, True, "") for veto in scheme.vetoes}
            appeals = {appeal.id: appeal for appeal in appeals_of(session, span.code)}
            rows = []
            for mark in marks_of(session, span.code):
                racer = names.get(mark.branch_id)
                name, veto, unit = rules.get(mark.rule_id, (mark.rule_id, False, ""))
                rows.append(
                    MarkRow(
                        id=mark.id,
                        branch_id=mark.branch_id,
                        code=racer.code if racer else "",
                        name=racer.name if racer else "",
                        rule_id=mark.rule_id,
                        rule_name=name,
                        veto=veto,
                        count=mark.count,
                        unit=unit,
                        ground=mark.ground,
                        corrected=corrected_words(mark, appeals),
                    )
                )
            return sorted(rows, key=lambda row: (row.code, row.rule_id, row.id))

    def add(
        self, period: str, branch_id: str, rule_id: str, ground: str, count: int = 1, appeal: str | None = None
    ) -> str:
        """Type a penalty (P-01 …) or veto (V-01 …) with its ground; return its id. `appeal` as for figures.

        Raises:
            InvalidInput: unknown branch or rule, no ground, or the result is published.
        """
        self._store.rights.require_any(RaceMark.__tablename__)
        span = race_span(period)
        scheme = scheme_of(self._store, span)
        rules = {p.id: p.name for p in scheme.penalties} | {v.id: v.name for v in scheme.vetoes}
        if rule_id not in rules:
            raise InvalidInput(RULE, "方案里没有这一项", value=rule_id)
        if not ground.strip():
            raise InvalidInput(GROUND, "不能为空，写明文号或核查记录")
        if not 1 <= count <= 999:
            raise InvalidInput(COUNT, "应为1到999的整数")
        with self._store.unit_of_work(f"登记{span.name}赛马“{rules[rule_id]}”") as session:
            under = correcting(session, span, branch_id, appeal)
            if branch_id not in {racer.branch_id for racer in taking_part(session, span.code)}:
                raise InvalidInput(BRANCH, "没有登记的支部", record=branch_id)
            mark = RaceMark(branch_id=branch_id, period=span.code, rule_id=rule_id, count=count, ground=ground.strip())
            correct(mark, under, "")
            session.add(mark)
            session.flush()
            return mark.id

    def remove(self, mark_id: str, appeal: str | None = None) -> None:
        """Take a penalty or veto back.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: there is none of this id.
            InvalidInput: the result is published.
        """
        self._store.rights.require_any(RaceMark.__tablename__)
        with self._store.unit_of_work("撤销赛马扣分或否决项") as session:
            mark = session.get(RaceMark, mark_id)
            if mark is None or mark.deleted_at_utc is not None:
                raise NotFound(what="扣分或否决项")
            under = correcting(session, race_span(mark.period), mark.branch_id, appeal)
            correct(mark, under, mark_words(mark))
            mark.deleted_at_utc = utc_text(self._store.clock())


def mark_words(mark: RaceMark) -> str:
    """Say a kept penalty or veto with its count and ground."""
    return f"{mark.count}件（{mark.ground}）"
