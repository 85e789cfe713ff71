"""A congress planned from an admission: what it is about, its agenda, its votes, who comes besides the members."""

from collections.abc import Sequence
from typing import Any

from desktop.models.vocabulary.development import HelperRole
from desktop.services.development.rows import CaseRow
from desktop.services.development.windows import CONFIRM, CONGRESS


def congress_step(case: CaseRow) -> int:
    """Return the step whose congress comes next: the one that admits, after it the one that confirms."""
    return CONFIRM if CONGRESS in case.view.case.steps else CONGRESS


def congress_plan(case: CaseRow, alike: Sequence[CaseRow] = ()) -> dict[str, Any]:
    """Return what the form of the congress begins with: topic, agenda, one vote a person, observers.

    `alike` are others whose congress is the same: each is discussed and voted on by itself (逐个讨论表决).
    """
    items: list[str] = []
    votes: list[dict[str, str]] = []
    topics: list[str] = []
    observers: list[dict[str, str]] = []
    for each in (case, *alike):
        step = each.view.step(congress_step(each)).step
        plan = step.congress
        if plan is None:
            topics.append(f"{step.name}：{each.name}")
            continue
        introducers = "、".join(helper.name for helper in each.having(HelperRole.INTRODUCER))
        words = {"{name}": each.name, "{introducers}": introducers}
        subject = _filled(plan.subject, words)
        topics.append(_filled(plan.topic, words))
        items += [_filled(item, words) for item in plan.agenda]
        items.append(subject)
        votes.append({"kind": plan.vote, "subject": subject})
        if plan.observed:
            observers.append({"name": each.name, "post": each.job_title})
    return {"topic": "；".join(topics), "agenda": items, "votes": votes, "observers": observers}


def ready_alike(case: CaseRow, cases: Sequence[CaseRow]) -> list[CaseRow]:
    """Return the other cases whose next step is the same congress, without anything that breaks a rule."""
    no = congress_step(case)
    return [
        each
        for each in cases
        if each.id != case.id
        and each.view.next is not None
        and each.view.next.step.no == no
        and not each.view.breaches
        and each.state.active
    ]


def _filled(words: str, facts: dict[str, str]) -> str:
    for holder, fact in facts.items():
        words = words.replace(holder, fact)
    return words
