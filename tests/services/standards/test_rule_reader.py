"""What the rules of a standard may ask for."""

from desktop.services.standards.rule_reader import RULE_PARAMETERS
from desktop.services.standards.rules import RULES


def test_every_rule_kind_has_a_function_and_declared_parameters() -> None:
    assert set(RULES) == set(RULE_PARAMETERS)
