"""The rules of admissions that hold here: the numbers of the edition in force, over the course the program knows.

An edition that headquarters handed out before the course was written down (steps with their order and papers, editions
by date) says numbers only: it keeps them, the rest is the program's own.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from desktop.paths import resource
from desktop.services.development.rules import DevelopmentRules

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules

_NUMBERS = (
    "min_age",
    "talk_within_months",
    "contacts",
    "cultivate_min_months",
    "publicity_min_workdays",
    "publicity_first_day",
    "introducers",
    "training_min_days",
    "training_min_hours",
    "congress_after_pre_review_months",
    "approve_months",
    "oath_within_months",
    "probation_months",
    "extend_months",
    "confirm_approve_months",
)
"""What every edition of the file says."""


def development_law(law: "PartyRules") -> "PartyRules":
    """Return `law` with the whole course of admissions, whatever edition of the file it was read from."""
    if law.development and any(step.papers for step in law.development_steps):
        return law if any(step.congress for step in law.development_steps) else _with_agendas(law)
    ours = _built_in()
    return replace(
        law,
        development=_over(ours.development, law.development),
        development_stages=ours.development_stages,
        development_steps=ours.development_steps,
        regulations=tuple({known.id: known for known in (*law.regulations, *ours.regulations)}.values()),
    )


def _with_agendas(law: "PartyRules") -> "PartyRules":
    """Return `law` with what the congresses about somebody begin with: no number, so the program's own will do."""
    ours = {step.no: step.congress for step in _built_in().development_steps}
    steps = tuple(replace(step, congress=ours.get(step.no)) for step in law.development_steps)
    return replace(law, development_steps=steps)


def _over(
    ours: Mapping[str, DevelopmentRules], theirs: Mapping[str, DevelopmentRules]
) -> Mapping[str, DevelopmentRules]:
    found = dict(ours)
    for name, rules in theirs.items():
        if name in found:
            found[name] = replace(found[name], **{number: getattr(rules, number) for number in _NUMBERS})
    return found


@cache
def _built_in() -> "PartyRules":
    from desktop.services.standards.party_rules import parse_party_rules  # it reads the rules of this package

    return parse_party_rules(resource("standards/party_rules.toml").read_bytes())
