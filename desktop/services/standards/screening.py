"""What a score shows to whom: the points are the same for everybody, the titles of restricted records are not."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.base import Base
from desktop.models.standards import DISCIPLINE
from desktop.services.standards.score import DimensionScore, FallenGate, ItemScore, Score
from desktop.services.standards.verdict import Used

WITHHELD = "内部掌握"
"""What stands in the place of the title of a restricted record, for whoever is not entitled to it."""
WITHHELD_GATE = "内部掌握的限定条件"
"""What a gate is called whose ground is not for who works here."""


def restricted_ids(session: Session) -> set[str]:
    """Return the ids of every restricted record; `session` reads the whole."""
    found: set[str] = set()
    for mapper in Base.registry.mappers:
        model: type[Base] = mapper.class_
        if model.__restricted__ is not None:
            column, values = model.__restricted__
            found.update(session.scalars(select(model.__table__.c.id).where(model.__table__.c[column].in_(values))))
    return found


def screened(score: Score, withheld: Collection[str] | None) -> Score:
    """Return `score` with the day alone of each record in `withheld`, and of gates of discipline what they do to the
    grade; every figure stays as it is. None: nothing is withheld."""
    if withheld is None:
        return score

    def shown(used: tuple[Used, ...]) -> tuple[Used, ...]:
        return tuple(replace(each, title=WITHHELD, withheld=True) if each.id in withheld else each for each in used)

    def gate(of: FallenGate) -> FallenGate:
        return replace(of, name=WITHHELD_GATE, ground=WITHHELD) if of.id in DISCIPLINE else of

    def item(of: ItemScore) -> ItemScore:
        criteria = tuple(replace(each, used=shown(each.used)) for each in of.criteria)
        return replace(of, verdict=replace(of.verdict, used=shown(of.verdict.used)), criteria=criteria)

    def dimension(of: DimensionScore) -> DimensionScore:
        return replace(of, items=tuple(item(each) for each in of.items))

    return replace(
        score,
        gates=tuple(gate(each) for each in score.gates),
        dimensions=tuple(dimension(each) for each in score.dimensions),
        items=tuple(item(each) for each in score.items),
    )
