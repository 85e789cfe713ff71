"""Three branches at headquarters, and figures typed for them."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from desktop.models.base import new_id
from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.race import RaceResult
from desktop.models.sync import Partner
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import RaceClass
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.errors import InvalidInput
from desktop.services.race.rows import TypedFigure
from desktop.services.race.scheme import default_scheme
from desktop.services.race.service import RaceService
from desktop.services.store import Store

SCHEME = default_scheme()
PARTS = {part.id: part for indicator in SCHEME.indicators for part in indicator.parts}
TYPED = [key for key in PARTS if key != "H1"]
NAMES = {"XC": "项城市党支部", "SQ": "沈丘县党支部", "LY": "鹿邑县党支部"}


def admit(store: Store) -> None:
    """Enrol the branches, and invite one more."""
    with store.unit_of_work("登记支部", Act.EXCHANGE) as session:
        for code, name in NAMES.items():
            session.add(
                Partner(
                    org=new_id(), code=code, name=name, group_kind="mixed", install=new_id(), state=PartnerState.ACTIVE
                )
            )
        session.add(
            Partner(org=new_id(), code="NEW", name="刚邀请的支部", group_kind="leaf", state=PartnerState.INVITED)
        )


def ids(race: RaceService) -> dict[str, str]:
    return {racer.code: racer.branch_id for racer in race.racers()}


def figures(branch_id: str, share: str, parts: list[str] = TYPED) -> list[TypedFigure]:
    return [
        TypedFigure(
            branch_id, key, PARTS[key].zero + (PARTS[key].full - PARTS[key].zero) * Decimal(share), 30, "9月报表"
        )
        for key in parts
    ]


def refused(call: object, *args: object, **more: object) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        call(*args, **more)  # type: ignore[operator]
    return caught.value.label, caught.value.reason


def plan(store: Store, branch: str, opened: date, *actions: tuple[date, float, float | None]) -> None:
    with store.unit_of_work("收包", Act.EXCHANGE) as session:
        row = PdcaPlan(
            branch_id=branch, title="提升规划", race_class=RaceClass.MIDDLE, source_period="2026Q2", opened_on=opened
        )
        session.add(row)
        session.flush()
        for position, (due, goal, actual) in enumerate(actions):
            session.add(
                PdcaAction(
                    branch_id=branch, plan_id=row.id, position=position, what="措施", due_on=due, base=0, goal=goal,
                    actual=actual, actual_on=due if actual is not None else None,
                )
            )  # fmt: skip


def workbook(path: Path, *rows: tuple[object, ...], head: tuple[str, ...] | None = None) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(head or ("支部", "评比周期", "指标", "数值", "样本数", "依据"))
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def scored_by_an_older_program(store: Store) -> None:
    """Let every kept result be as programs left it that did not keep which figures people had typed."""
    with store.unit_of_work("旧版本的结果", Act.EXCHANGE) as session:
        for result in session.scalars(select(RaceResult)):
            detail = deepcopy(result.detail)
            for part in (part for indicator in detail["indicators"] for part in indicator["parts"]):
                del part["typed"]
            result.detail = detail
