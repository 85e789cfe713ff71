"""The verb about spot checks: which records a number draws of every branch, to look at or to keep."""

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.outcome import Outcome
from desktop.cli.terminal import open_for
from desktop.models.vocabulary.stores import StoreKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.services.sampling.rows import BranchDraw


def sample(options: argparse.Namespace) -> Outcome:
    """Say what a seed draws for a period; with --keep it stands, and is printed and judged in the window."""
    from desktop.services.sampling.drawing import new_seed
    from desktop.services.sampling.service import SamplingService

    with open_for(options, StoreKind.HEADQUARTERS) as store:
        sampling = SamplingService(store)
        seed = options.seed if options.seed is not None else sampling.seed(options.period) or new_seed()
        plans = sampling.plan(options.period, seed)
        if options.keep and not (plans and all(plan.kept for plan in plans)):
            sampling.draw(options.period, seed)
            plans = sampling.plan(options.period, seed)
    return Outcome(of_draw(options.period, str(seed), plans), _lines(str(seed), plans))


def of_draw(period: str, seed: str, plans: "Sequence[BranchDraw]") -> dict[str, Any]:
    """Return the object of `sample`; `measure` is days late or hundredths alike."""
    return {
        "period": period,
        "seed": seed,
        "records": [
            {
                "branch": plan.code,
                "kind": drawn.kind,
                "id": drawn.id,
                "on": drawn.on.isoformat(),
                "reason": drawn.reason.value,
                "measure": drawn.measure or None,
                "title": drawn.title,
                "item": drawn.item_id,
                "number": drawn.number,
            }
            for plan in plans
            for drawn in plan.drawn
        ],
        "branches": [
            {
                "branch": plan.code,
                "name": plan.name,
                "population": plan.population,
                "late": plan.late,
                "alike": plan.alike,
                "drawn": len(plan.drawn),
                "kept": plan.kept,
                "left_out": plan.left_out or None,
            }
            for plan in plans
        ],
    }


def _lines(seed: str, plans: "Sequence[BranchDraw]") -> str:
    out = [f"抽样编号 {seed}：{len(plans)} 个支部，抽中 {sum(len(plan.drawn) for plan in plans)} 条"]
    for plan in plans:
        said = plan.left_out or f"{plan.population} 条里抽 {len(plan.drawn)} 条" + ("，已抽定" if plan.kept else "")
        out.append(f"  {plan.code} {plan.name}：{said}")
        out += [f"    {each.number} {each.on} {each.title}（{each.reason.label}）" for each in plan.drawn]
    return "\n".join(out)
