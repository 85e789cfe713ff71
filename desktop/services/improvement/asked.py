"""Measures whose words the scheme in force counts by records, in a plan that began before it did.

A plan is drafted from the scheme of its day. Once an edition counts one of its measures by records, the measure counts
so too: by itself where nobody said anything else of it, at one press where somebody did. The branch owns its plan, so
it is done there, and headquarters learns of it with the next package.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.history import Change
from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.vocabulary.following import Counted
from desktop.services.improvement.plan import PLANNABLE, Action, unit_of
from desktop.services.improvement.records import action_records, open_plan
from desktop.services.quoting import quoted
from desktop.services.race.editions import scheme_in_force
from desktop.services.race.scheme import ClassAction
from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """What the scheme in force asks of the class of a plan and counts by records, by its words."""

    version: str
    counted: Mapping[str, ClassAction]

    def of(self, measure: Action | PdcaAction) -> ClassAction | None:
        """Return what a measure with a typed figure could count by; None where its words are others."""
        if measure.counts is not None or measure.item_id or measure.indicator:
            return None
        return self.counted.get(measure.what)

    def counts(self, measure: Action) -> Counted | None:
        """Return which records a measure with a typed figure could count by, or None."""
        found = self.of(measure)
        return None if found is None else found.counts


def asked_of(session: Session, plan: PdcaPlan, today: date) -> Asked:
    """Return what the scheme in force asks of a plan; nothing of one whose measures are not changed any more."""
    if plan.stage not in PLANNABLE:
        return Asked("", {})
    scheme = scheme_in_force(session, today)
    asked = scheme.race_class(plan.race_class.value).actions
    return Asked(scheme.version, {each.text: each for each in asked if each.counts is not None})


def begin_to_count(row: PdcaAction, asked: ClassAction) -> None:
    """Let records tell the figure of a measure: it begins at nothing where it had no beginning, and has their unit."""
    row.base = 0.0 if row.base is None else row.base
    if row.unit in ("", unit_of(asked.text, None)):
        row.unit = unit_of(asked.text, asked.counts)
    row.counts = asked.counts


def count_as_asked(store: Store) -> tuple[str, ...]:
    """Let the measures of the open plan count that the scheme in force counts and nobody touched; return their words.

    One of whose figure or way of counting somebody said something is left as it is, and so is one of which the history
    of this store does not tell.
    """
    if not store.rights.may_write(PdcaAction.__tablename__):
        return ()
    with store.reading() as session:
        plan = open_plan(session, store.branch_id)
        if plan is None:
            return ()
        asked = asked_of(session, plan, store.today)
        found = [row.id for row in _untouched(session, plan, asked)]
    if not found:
        return ()
    with store.unit_of_work(f"赛马方案{quoted(asked.version)}改按记录计数的措施") as session:
        rows = [session.get_one(PdcaAction, key) for key in found]
        for row in rows:
            begin_to_count(row, asked.counted[row.what])
        return tuple(row.what for row in rows)


def _untouched(session: Session, plan: PdcaPlan, asked: Asked) -> Iterator[PdcaAction]:
    """Give the measures the plan began with whose figure nobody typed and whose way of counting nobody chose."""
    begun = _begun_by(session, plan)
    for row in action_records(session, plan.id):
        if asked.of(row) is None or row.actual is not None or row.base:
            continue
        if begun and _begun_by(session, row) == begun and not _chosen(session, row):
            yield row


def _begun_by(session: Session, row: PdcaAction | PdcaPlan) -> str:
    """Return the id of the action that made a row; "" of one that came in another way."""
    return next((change.action_id for change in _history(session, row) if change.before is None), "")


def _chosen(session: Session, row: PdcaAction) -> bool:
    """Whether somebody ever chose how a measure counts, here or in the plan it was taken over from."""
    said = PdcaAction.counts.key
    former: PdcaAction | None = row
    while former is not None:
        if any(said in (change.before or {}) or said in (change.after or {}) for change in _history(session, former)):
            return True
        former = session.get(PdcaAction, former.rolled_over_from_id) if former.rolled_over_from_id else None
    return False


def _history(session: Session, row: PdcaAction | PdcaPlan) -> list[Change]:
    query = select(Change).where(Change.record_kind == row.__tablename__, Change.record_id == row.id)
    return list(session.scalars(query.order_by(Change.at_utc)))
