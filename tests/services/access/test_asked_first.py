"""Who may not do a thing hears that, and nothing of what was given: the right is asked before anything is looked up."""

import ast
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.branches import BranchService
from desktop.services.dues.assessing import AssessmentService
from desktop.services.errors import NotAllowed
from desktop.services.headquarters import HeadquartersService
from desktop.services.meetings.service import MeetingService
from desktop.services.members.conditions import ConditionService
from desktop.services.opening import open_store
from desktop.services.race.marks import MarkService
from desktop.services.snoozing import SnoozeService
from desktop.services.store import Store
from desktop.services.year_plan.service import Done, YearPlanService
from tests.stores import CHEAP, clock_at, new_store

AT, OTHER, NOBODY = "2026-11-22 09:00", "春风-细雨-77", "no such id"
SERVICES = Path("desktop/services")
UNASKED = {
    "DraftService.save": "what somebody has begun to type is the own draft",
    "DraftService.drop": "as DraftService.save",
    "Store.together": "around verbs that ask for themselves",
}
"""Verbs that need no right of their own, and why."""


def late(tree: ast.AST) -> Iterator[str]:
    """Give the public verbs that open an action, not under a right of its own, before they ask for one."""
    for service in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for verb in (node for node in service.body if isinstance(node, ast.FunctionDef)):
            calls = [node for node in ast.walk(verb) if isinstance(node, ast.Call)]
            opened = [c.lineno for c in calls if _called(c) == "unit_of_work" and len(c.args) == 1 and not c.keywords]
            asked = [call.lineno for call in calls if _called(call).startswith("require")]
            if not verb.name.startswith("_") and opened and min(asked, default=min(opened)) >= min(opened):
                yield f"{service.name}.{verb.name}"


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def test_every_verb_asks_for_the_right_before_it_opens_its_action() -> None:
    found = {name for path in SERVICES.rglob("*.py") for name in late(ast.parse(path.read_text(encoding="utf-8")))}
    assert found == UNASKED.keys()


ASKED: tuple[tuple[StoreKind, str, Callable[[Store], object]], ...] = (
    (StoreKind.BRANCH, "branch_reader", lambda store: BranchService(store).restore_group(NOBODY)),
    (StoreKind.BRANCH, "branch_reader", lambda store: AssessmentService(store).remove(NOBODY)),
    (StoreKind.BRANCH, "branch_reader", lambda store: AssessmentService(store).restore(NOBODY)),
    (StoreKind.BRANCH, "branch_reader", lambda store: ConditionService(store).remove(NOBODY)),
    (StoreKind.BRANCH, "branch_reader", lambda store: MeetingService(store).remove(NOBODY)),
    (StoreKind.BRANCH, "branch_reader", lambda store: MeetingService(store).restore(NOBODY)),
    (StoreKind.BRANCH, "branch_reader", lambda store: SnoozeService(store).put_off("", "事", date(2020, 1, 1), "")),
    (StoreKind.BRANCH, "branch_reader", lambda store: SnoozeService(store).take_up(NOBODY)),
    (StoreKind.BRANCH, "branch_reader", lambda store: YearPlanService(store).notify(NOBODY)),
    (StoreKind.BRANCH, "branch_reader", lambda store: YearPlanService(store).take_back(Done("", (("x", NOBODY),), ()))),
    (StoreKind.HEADQUARTERS, "headquarters_reader", lambda store: MarkService(store).remove(NOBODY)),
    (StoreKind.HEADQUARTERS, "headquarters_reader", lambda store: HeadquartersService(store).withdraw_remark(NOBODY)),
    (StoreKind.HEADQUARTERS, "headquarters_reader", lambda store: HeadquartersService(store).renew_remark(NOBODY)),
)


@pytest.mark.parametrize("kind", [StoreKind.BRANCH, StoreKind.HEADQUARTERS])
def test_who_may_only_look_is_told_so_whatever_was_given(tmp_path: Path, kind: StoreKind) -> None:
    role = next(role for of, role, _verb in ASKED if of is kind)
    with new_store(tmp_path / "store", kind, AT) as store:
        UserService(store).add("查看", OTHER, [role], cost=CHEAP)
    with open_store(tmp_path / "store", OTHER, "查看", clock=clock_at(AT)) as store:
        for verb in (verb for of, _role, verb in ASKED if of is kind):
            with pytest.raises(NotAllowed):
                verb(store)
