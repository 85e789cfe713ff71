"""The clause a step of admission rests on, as far as the rules data know it; a full text is not among them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.services.development.examine import StepView

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules

SURE = {
    "text": "见到条文原文",
    "second": "转述资料多处一致，没有对照原文",
    "memory": "凭记忆，使用前请对照原文核对",
}
"""What the rules data say of where their numbers come from."""


@dataclass(frozen=True, slots=True)
class ClauseFact:
    """One thing that is known of a clause: what it is called, and what it is."""

    name: str
    value: str


def clause_facts(view: StepView, law: "PartyRules") -> tuple[ClauseFact, ...]:
    """Return what is known of the clause of a step, in the order it is read."""
    edition = law.development.get(view.edition)
    regulation = next((known for known in law.regulations if edition and known.id == edition.regulation), None)
    articles = "、".join(f"第{no}条" for no in view.step.article.split(",")) if view.step.article else "条号没有登记"
    step = view.step
    whole = "".join(f"{part}。" for part in (step.limit, f"由{step.decides}办理" if step.decides else "") if part)
    facts = [
        ClauseFact("规定", view.regulation),
        ClauseFact("条", articles),
        ClauseFact("要求", whole or "没有期限"),
    ]
    if edition is not None:
        facts.append(ClauseFact("适用", f"{edition.name}，办理日期在{edition.effective_from}以后的按这一版"))
    if regulation is not None:
        state = {"in_force": "现行", "superseded": "已被新版代替，以前办的步骤仍按它"}.get(regulation.status, "")
        facts.append(ClauseFact("施行", "，".join(filter(None, (f"{regulation.effective}起", state)))))
    if edition is not None:
        facts.append(ClauseFact("来源", f"{SURE.get(edition.confidence, '没有注明')}；规则数据{law.version}版"))
    return tuple(facts)
