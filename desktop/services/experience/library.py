"""The library at a branch (经验库): what headquarters published, and what the branch made of it."""

from sqlalchemy import select

from desktop.models.improvement import PdcaAction
from desktop.services.errors import InvalidInput
from desktop.services.experience.adopting import Adopting, AdoptingService, Shown
from desktop.services.experience.rows import EXPERIENCE, Adoption, Entry
from desktop.services.improvement.measure import holders_of
from desktop.services.improvement.plan import Action
from desktop.services.improvement.records import PLAN, action_records, due_in, open_plan
from desktop.services.improvement.service import ImprovementService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store

EXPERIENCE_ID = "experience_id"
"""The column of 推广借鉴 that points to an entry."""


class LibraryService:
    """The published entries, and what this branch adopted."""

    def __init__(self, store: Store) -> None:
        self._store, self._registers, self._adopting = store, RegisterService(store), AdoptingService(store)

    def entries(self) -> list[Entry]:
        """Return what headquarters published, the newest first."""
        rows = self._registers.rows(EXPERIENCE)
        learned = self._adopting.by_shown(EXPERIENCE_ID)
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
        return self._adopting.brands()

    def adopt(self, entry: str, said: Adopting) -> str:
        """Say that this branch works by an entry now, and how; return the id of the row in 推广借鉴.

        Raises:
            InvalidInput: as `AdoptingService.adopt`.
            NotFound: there is no such entry.
        """
        row = self._registers.row(EXPERIENCE, entry)
        shown = Shown(column=EXPERIENCE_ID, id=entry, title=row.heading, origin=row.texts["origin"])
        return self._adopting.adopt(shown, said)

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
