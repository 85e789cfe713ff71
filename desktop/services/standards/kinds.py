"""The kinds of record that rules may ask for, and what people call them."""

from collections.abc import Mapping
from functools import cache

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.race import IssueSource, PdcaStage

PUBLICATION = "points_publication"
OTHER_NAMES = {
    "dues_payment": "党费收缴台账",
    "development_case": "发展党员台账",
    PUBLICATION: "积分公示",
    "pdca_plan": "提质升级计划",
}


def kept_kinds() -> frozenset[str]:
    """Return the kinds of record this program keeps: every declared register, and what has its own tables."""
    own = {"member", "meeting", "appraisal", "pdca_plan", "dues_payment", "development_case", "election", PUBLICATION}
    return frozenset({*REGISTERS, *own})


@cache
def register_names() -> Mapping[str, str]:
    """Return the Chinese names of registers, their states, sources of issues and stages of plans."""
    found = dict(OTHER_NAMES)
    for kind, register in REGISTERS.items():
        found[kind] = register.title
        states = next((f.choices for f in register.fields if f.name == "state"), None)
        for state in states or ():
            found[f"{kind}.{state.value}"] = state.label
    found.update({f"issue.{source.value}": source.label for source in IssueSource})
    found.update({f"pdca_plan.{stage.value}": stage.label for stage in PdcaStage})
    return found
