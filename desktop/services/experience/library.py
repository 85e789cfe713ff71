"""The library at a branch (经验库): what headquarters published, and what the branch made of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from desktop.models.brands import MethodSpread
from desktop.models.history import SettingName
from desktop.models.improvement import PdcaAction
from desktop.models.vocabulary.registers import SpreadDirection
from desktop.services.errors import Input, InvalidInput
from desktop.services.experience.rows import EXPERIENCE, SPREAD, Adoption, Entry
from desktop.services.improvement.measure import holders_of
from desktop.services.improvement.plan import Action
from desktop.services.improvement.records import PLAN, action_records, due_in, open_plan
from desktop.services.improvement.service import ImprovementService
from desktop.services.quoting import in_quotes
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store

DONE = Input("method", "做了什么")
ON = Input("adopted_on", "采用日期")
RESULT = Input("result", "效果")
BRAND = Input("brand_id", "相关品牌")


@dataclass(frozen=True, slots=True)
class Adopting:
    """What a branch says of an entry it adopted."""

    done: str
    on: date | None
    result: str = ""
    brand_id: str | None = None


class LibraryService:
    """The published entries, and what this branch adopted."""

    def __init__(self, store: Store) -> None:
        self._store, self._registers = store, RegisterService(store)

    def entries(self) -> list[Entry]:
        """Return what headquarters published, the newest first."""
        rows = self._registers.rows(EXPERIENCE)
        learned = {}
        for row in reversed(self._registers.rows(SPREAD)):
            if row.values["experience_id"]:
                learned[row.values["experience_id"]] = row
        with self._store.reading() as session:
            query = select(PdcaAction.rolled_over_from_id, PdcaAction.id, PdcaAction.what).where(
                PdcaAction.branch_id == self._store.branch_id,
                PdcaAction.rolled_over_from_id.in_([row.id for row in rows]),
                PdcaAction.deleted_at_utc.is_(None),
            )
            actions = {entry: (action, what) for entry, action, what in session.execute(query)}
        found = []
        for row in sorted(rows, key=lambda each: (each.values["published_on"], each.id), reverse=True):
            spread, (action, what) = learned.get(row.id), actions.get(row.id, ("", ""))
            adoption = None
            if spread is not None:
                adoption = Adoption(
                    record=spread.id,
                    entry=row.id,
                    title=row.heading,
                    branch_id=self._store.branch_id,
                    code="",
                    branch=spread.texts["learner"],
                    on=spread.values["adopted_on"],
                    done=spread.texts["method"],
                    result=spread.texts["result"],
                    brand=spread.texts["brand_id"],
                    measure=what,
                )
            brand = spread.values["brand_id"] if spread is not None else None
            found.append(Entry(row=row, adoption=adoption, brand_id=brand, action_id=action))
        return found

    def brands(self) -> list[tuple[str, str]]:
        """Return the brands of this branch, id and name."""
        return [(row.id, row.heading) for row in self._registers.rows("brand")]

    def adopt(self, entry: str, said: Adopting) -> str:
        """Say that this branch works by an entry now, and how; return the id of the row in 推广借鉴.

        An entry is adopted once: said again, the same row says the newer words. It goes up with the next package.

        Raises:
            InvalidInput: it is not said what was done or since when, or the day lies ahead.
            NotFound: there is no such entry.
        """
        self._store.rights.require_any(MethodSpread.__tablename__)
        if not said.done.strip():
            raise InvalidInput(DONE, "写明照着做了什么")
        if said.on is None:
            raise InvalidInput(ON, "不能为空")
        if said.on > self._store.today:
            raise InvalidInput(ON, "不能晚于今天")
        row = self._registers.row(EXPERIENCE, entry)
        values: dict[str, object] = {
            "event_on": said.on,
            "adopted_on": said.on,
            "method": said.done.strip(),
            "result": said.result.strip() or None,
            "brand_id": said.brand_id,
        }
        known = self._adopted(entry)
        if known is None:
            values |= {
                "title": f"采用{in_quotes(row.heading)}",
                "direction": SpreadDirection.LEARNED,
                "learner": self._store.setting(SettingName.NAME),
                "origin": row.texts["origin"],
                "experience_id": entry,
            }
        return self._registers.save(SPREAD, values, known)

    def to_action(self, entry: str) -> str:
        """Make an entry a measure of the open plan; return the measure's id. Twice gives the same one.

        Raises:
            InvalidInput: no plan is open, or it is being checked already.
            NotFound: there is no such entry.
        """
        row = self._registers.row(EXPERIENCE, entry)
        with self._store.reading() as session:
            plan = open_plan(session, self._store.branch_id)
            if plan is None:
                raise InvalidInput(PLAN, "没有进行中的计划")
            plan_id = plan.id
            known = [each.id for each in action_records(session, plan_id) if each.rolled_over_from_id == entry]
            posts = holders_of(session, self._store.branch_id, self._store.today)
            due_on = due_in(session, plan, self._store.today)
        if known:
            return known[0]
        action = Action(
            what=f"学用经验：{row.heading}（{row.texts['origin']}）",
            owner_id=posts.get("secretary"),
            owner_post="secretary",
            due_on=due_on,
            unit="项",
            base=0.0,
            goal=1.0,
            rolled_over_from_id=entry,
        )
        return ImprovementService(self._store).add_action(plan_id, action)

    def _adopted(self, entry: str) -> str | None:
        with self._store.reading() as session:
            return session.scalar(
                select(MethodSpread.id)
                .where(
                    MethodSpread.branch_id == self._store.branch_id,
                    MethodSpread.experience_id == entry,
                    MethodSpread.deleted_at_utc.is_(None),
                )
                .order_by(MethodSpread.id.desc())
            )
