"""Results and words for the tests of plans: what feedback brings, and what people write."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from desktop.models.base import Base
from desktop.models.following import Attending, HelperPair, Liaison, SharingEvent
from desktop.models.race import RaceResult
from desktop.models.standards import StandardPack
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.following import Counted, SharingKind
from desktop.models.vocabulary.race import RaceClass
from desktop.models.vocabulary.stores import StandardKind
from desktop.paths import resource
from desktop.services.clock import utc_text
from desktop.services.errors import InvalidInput
from desktop.services.improvement.service import ImprovementService
from desktop.services.race.details import detail_of
from desktop.services.race.scheme import default_scheme
from desktop.services.race.scoring import Entry, Reading
from desktop.services.race.standings import standings
from desktop.services.standards.editions import edition_row
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


def arrange(store: Store, counts: Counted, on: date, title: str = "总部安排", *, branch: str = "", **more: Any) -> str:
    """Put a record of headquarters that counts so for a branch into a store, as feedback does; return its id."""
    org = branch or store.branch_id
    hosts = {Counted.DEMONSTRATION_HOSTED: SharingKind.DEMONSTRATION, Counted.SEMINAR_HOSTED: SharingKind.SEMINAR}
    if counts is Counted.VISITED:
        row: Base = Liaison(visited_on=on, title=title, subject_id=org, liaison="王科长", found="没有讲稿", **more)
    elif counts is Counted.HELPING:
        given = {"helped_id": "ly", "until": date(2027, 6, 30)} | more
        row = HelperPair(began_on=on, title=title, helper_id=org, **given)
    elif counts in hosts:
        row = SharingEvent(held_on=on, title=title, kind=hosts[counts], host_id=org, **more)
    else:
        given = {"host_id": "nl", "attending": (Attending("xc"), Attending(org))} | more
        row = SharingEvent(held_on=on, title=title, kind=SharingKind.DEMONSTRATION, **given)
    with store.unit_of_work("收反馈", Act.EXCHANGE) as session:
        row.branch_id = store.branch_id  # type: ignore[attr-defined]
        session.add(row)
        session.flush()
        return str(row.id)


def fill(service: ImprovementService, plan_id: str, letter: str) -> None:
    plan = service.plan(plan_id)
    stage = next(stage for stage in plan.stages if stage.letter == letter)
    service.edit_plan(plan_id, fields={letter: {name: "已写明" for name, _ in stage.required}})


def reach(store: Store, service: ImprovementService, plan_id: str, *, but: str = "") -> None:
    """Bring every measure of a plan to its goal, by hand or by a record of headquarters; one, by its id, to nothing."""
    for action in service.plan(plan_id).actions:
        if action.counts is not None:
            arrange(store, action.counts, store.today)
        else:
            service.record_actual(action.id, 0.0 if action.id == but else action.goal)


def refused(call: object, *args: object, **more: object) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        call(*args, **more)  # type: ignore[operator]
    return caught.value.label, caught.value.reason


def scheme_of_before() -> str:
    """Return the scheme as it was while nothing of a class was counted by records, in words."""
    text = resource("standards/horse_race.toml").read_text("utf-8")
    former = re.sub(r'\{ text = ("[^"]+"), counts = "[a-z_]+" \}', r"\1", text)
    assert former != text
    return former.replace(f'version = "{SCHEME.version}"', 'version = "2026.1"')


def work_by(store: Store, text: str) -> None:
    """Let a store have one edition of the scheme, as if it had always been in force."""
    with store.unit_of_work("换方案", Act.EXCHANGE) as session:
        for kept in session.scalars(select(StandardPack).where(StandardPack.kind == StandardKind.HORSE_RACE)):
            session.delete(kept)
        session.add(edition_row(text, utc_text(store.clock())))
