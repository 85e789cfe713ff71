"""Rules about what must be closed in time: transfers, issues, plans."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from desktop.services.standards.facts import ClassFact, Facts, PlanFact, TransferFact
from desktop.services.standards.meeting_facts import TaskFact
from desktop.services.standards.verdict import NOT_APPLICABLE, RUNNING
from tests.services.standards.samples import branch, item_verdict, judge

F = Fraction


@pytest.mark.parametrize(
    ("transfer", "on", "expected"),
    [
        (TransferFact("x", date(2026, 1, 1), date(2026, 2, 1), 30), date(2026, 5, 1), 0),
        (TransferFact("x", date(2026, 1, 1), date(2026, 1, 31), 30), date(2026, 5, 1), 1),
        (TransferFact("x", date(2026, 1, 1)), date(2026, 4, 1), RUNNING),
        (TransferFact("x", date(2026, 1, 1)), date(2026, 4, 2), 0),
        (TransferFact("x", date(2026, 1, 1), date(2026, 5, 1), 200), date(2026, 5, 2), 0),
        (None, date(2026, 5, 1), NOT_APPLICABLE),
    ],
)
def test_transfers_are_closed_within_the_letter(transfer: TransferFact | None, on: date, expected: Any) -> None:
    verdict = judge("transfer_closed", branch(transfers=(transfer,) if transfer else ()), on, max_days=90)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


def issue(name: str, due: date, done: date | None, source: str = "inspection") -> TaskFact:
    return TaskFact(name, name, due, done, source, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("issues", "expected"),
    [
        ((), NOT_APPLICABLE),
        ((issue("a", date(2026, 3, 1), date(2026, 3, 1)), issue("b", date(2026, 3, 1), date(2026, 3, 2))), F(1, 2)),
        ((issue("a", date(2026, 3, 1), None),), 0),
        ((issue("a", date(2026, 9, 1), None),), RUNNING),
        ((issue("a", date(2026, 3, 1), None, "org_life"),), NOT_APPLICABLE),
    ],
)
def test_issues_are_closed_by_their_day(issues: tuple[TaskFact, ...], expected: Any) -> None:
    verdict = item_verdict("D8-07", branch(issues=issues), date(2026, 5, 1))
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected


TEMPLATES = {"lagging": (("planning", 15), ("doing", 60), ("checking", 75), ("adjusting", 90))}


def plan(*stages: tuple[str, date]) -> Facts:
    return branch(
        classes=(ClassFact("lagging", date(2026, 4, 20)),),
        plan_templates=TEMPLATES,
        plans=(PlanFact("plan", "lagging", date(2026, 4, 25), (("planning", date(2026, 4, 25)), *stages)),),
    )


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        (branch(), date(2026, 6, 30), RUNNING),
        (plan(("doing", date(2026, 5, 20))), date(2026, 6, 30), 1),
        (plan(), date(2026, 6, 30), 0),
        (plan(("doing", date(2026, 7, 2))), date(2026, 6, 30), 0),
        (plan(("doing", date(2026, 5, 20)), ("checking", date(2026, 7, 5))), date(2026, 9, 30), 1),
        (plan(("doing", date(2026, 5, 20))), date(2026, 9, 30), F(1, 2)),
        (
            branch(classes=(ClassFact("lagging", date(2026, 4, 20)),), plan_templates=TEMPLATES),
            date(2026, 6, 30),
            0,
        ),
    ],
)
def test_a_plan_reaches_the_stage_its_template_asks_for(facts: Facts, on: date, expected: Any) -> None:
    verdict = item_verdict("D5-06", facts, on)
    assert (verdict.state if isinstance(expected, str) else verdict.ratio) == expected
