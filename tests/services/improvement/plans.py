"""Results and words for the tests of plans: what feedback brings, and what people write."""

from datetime import date
from decimal import Decimal

import pytest

from desktop.models.race import RaceResult
from desktop.models.vocabulary.race import RaceClass
from desktop.services.errors import InvalidInput
from desktop.services.improvement.service import ImprovementService
from desktop.services.race.details import detail_of
from desktop.services.race.scheme import default_scheme
from desktop.services.race.scoring import Entry, Reading
from desktop.services.race.standings import standings
from desktop.services.store import Store

SCHEME = default_scheme()
PARTS = {part.id: part for indicator in SCHEME.indicators for part in indicator.parts}
SHARES = {"middle": "0.75", "lagging": "0.5", "advanced": "0.96"}


def receive(store: Store, class_id: str, period: str = "2026Q3", published: bool = True) -> None:
    """Put a result into the branch as feedback does: ours among two strong ones."""
    entries = [
        Entry(
            branch=name,
            name=name,
            readings={key: Reading(p.zero + (p.full - p.zero) * Decimal(s), 30) for key, p in PARTS.items()},
        )
        for name, s in ((store.branch_id, SHARES[class_id]), ("南岭县站党支部", "0.97"), ("石桥县站党支部", "0.3"))
    ]
    rows = standings(SCHEME, entries)
    row = next(row for row in rows if row.branch == store.branch_id)
    assert row.class_id == class_id
    with store.unit_of_work("收反馈") as session:
        session.add(
            RaceResult(
                branch_id=store.branch_id,
                period=period,
                scheme_version="2026.1",
                group="mixed",
                group_size=3,
                total_hundredths=int((row.total or 0) * 100),
                rank=row.rank,
                race_class=RaceClass(class_id),
                published_on=date(2026, 10, 18) if published else None,
                detail=detail_of(
                    SCHEME, row, rows, code="XC", previous_rank=None, handed_in=True, unreported="", grounds={}
                ),
            )
        )


def fill(service: ImprovementService, plan_id: str, letter: str) -> None:
    plan = service.plan(plan_id)
    stage = next(stage for stage in plan.stages if stage.letter == letter)
    service.edit_plan(plan_id, fields={letter: {name: "已写明" for name, _ in stage.required}})


def refused(call: object, *args: object, **more: object) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        call(*args, **more)  # type: ignore[operator]
    return caught.value.label, caught.value.reason
