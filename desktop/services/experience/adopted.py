"""Which branches adopted what of the library, and how their totals of the race moved since, at headquarters."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from desktop.models.brands import Brand, MethodSpread
from desktop.models.experience import Experience
from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.services.experience.rows import Adoption
from desktop.services.improvement.counting import Arrangements
from desktop.services.improvement.plan import Action, progress
from desktop.services.improvement.totals import before_after, quarter_totals
from desktop.services.race.records import racers
from desktop.services.store import Store


class AdoptedService:
    """What the branches reported of the library."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def branches(self) -> int:
        """Return how many branches are enrolled."""
        with self._store.reading() as session:
            return len(racers(session))

    def adoptions(self) -> list[Adoption]:
        """Return every adoption the enrolled branches reported, the newest first, those without a day last."""
        with self._store.reading() as session:
            known = {racer.branch_id: racer for racer in racers(session)}
            titles = dict(
                session.execute(
                    select(Experience.id, Experience.title).where(Experience.deleted_at_utc.is_(None))
                ).all()
            )
            rows = session.scalars(
                select(MethodSpread)
                .where(MethodSpread.experience_id.in_(titles), MethodSpread.deleted_at_utc.is_(None))
                .order_by(MethodSpread.id)
            ).all()
            brands = dict(
                session.execute(
                    select(Brand.id, Brand.title).where(Brand.id.in_([row.brand_id for row in rows if row.brand_id]))
                ).all()
            )
            measures = {
                (action.branch_id, action.rolled_over_from_id): action
                for action in session.scalars(
                    select(PdcaAction)
                    .where(PdcaAction.rolled_over_from_id.in_(titles), PdcaAction.deleted_at_utc.is_(None))
                    .order_by(PdcaAction.id)
                )
            }
            totals = quarter_totals(session)
            plans = {
                plan.id: plan
                for plan in session.scalars(
                    select(PdcaPlan).where(PdcaPlan.id.in_([measure.plan_id for measure in measures.values()]))
                )
            }
            arranged, found = Arrangements(session), []
            for row in rows:
                racer, entry = known.get(row.branch_id), row.experience_id or ""
                if racer is None:
                    continue
                measure = measures.get((row.branch_id, entry))
                before, after = (
                    before_after(totals.get(row.branch_id, {}), row.adopted_on) if row.adopted_on else (None, None)
                )
                found.append(
                    Adoption(
                        record=row.id,
                        entry=entry,
                        title=titles[entry],
                        branch_id=row.branch_id,
                        code=racer.code,
                        branch=racer.name,
                        on=row.adopted_on,
                        done=row.method or "",
                        result=row.result or "",
                        brand=brands.get(row.brand_id or "", ""),
                        measure=measure.what if measure is not None else "",
                        progress=_reached(arranged, plans, measure, self._store.today),
                        before=before,
                        after=after,
                    )
                )
        return sorted(found, key=lambda each: (each.on is None, -(each.on.toordinal() if each.on else 0), each.code))


def _reached(
    arranged: Arrangements, plans: Mapping[str, PdcaPlan], measure: PdcaAction | None, today: date
) -> float | None:
    if measure is None:
        return None
    actual = arranged.actual(plans[measure.plan_id], measure, today)
    share = progress(Action(measure.what, base=measure.base, goal=measure.goal, actual=actual))
    return None if share is None else float(share)
