"""A gate is found by headquarters with its ground; it caps the grade until it is withdrawn."""

import pytest

from desktop.services.errors import InvalidInput, NotFound
from desktop.services.standards.gates import GateService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store

BRANCH = "01900000-0000-7000-8000-000000000001"


def test_a_finding_caps_the_grade_and_zeroes_its_item_until_it_is_withdrawn(headquarters: Store) -> None:
    gates, standards = GateService(headquarters), StandardService(headquarters)
    gates.find(BRANCH, "fabrication", "抽查认定补造记录。", "书记10月9日说会开过，记录是后补的", item_id="D4-01")
    result = standards.score(branch_id=BRANCH)
    assert [gate.id for gate in result.gates] == ["fabrication"]
    assert result.item("D4-01").fabricated
    (finding,) = gates.findings(BRANCH)
    told = "抽查认定补造记录；支部说明：书记10月9日说会开过，记录是后补的"
    assert (finding.item_id, finding.ground, finding.found_on) == ("D4-01", told, headquarters.today)
    assert result.gates[0].ground == told, "the branch, papers and lists tell what it said too"
    assert finding.gate in {gate.name for gate in gates.gates()}
    gates.withdraw(finding.id)
    assert not gates.findings(BRANCH)
    assert not standards.score(branch_id=BRANCH).gates
    with pytest.raises(NotFound):
        gates.withdraw(finding.id)


@pytest.mark.parametrize(
    ("gate", "ground", "heard", "item", "field"),
    [
        ("fabrication", " ", "没有说明", None, "ground"),
        ("fabrication", "看到的", " ", None, "heard"),
        ("rain", "看到的", "没有说明", None, "gate_id"),
        ("fabrication", "看到的", "没有说明", "D9-99", "item"),
    ],
)
def test_a_finding_needs_a_gate_its_ground_and_that_the_branch_was_heard(
    headquarters: Store, gate: str, ground: str, heard: str, item: str | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        GateService(headquarters).find(BRANCH, gate, ground, heard, item_id=item)
    assert caught.value.name == field


def test_a_branch_finds_nothing_about_itself(store: Store) -> None:
    with pytest.raises(InvalidInput, match="由市公司办理"):
        GateService(store).find(store.branch_id, "fabrication", "x", "没有说明")
