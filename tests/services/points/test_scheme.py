"""The rules of points are read whole, and a fault is named by item and field."""

import pytest

from desktop.paths import resource
from desktop.services.errors import PackInvalid
from desktop.services.points.scheme import KINDS, read_points
from desktop.services.standards.editions import check_standard

TEXT = resource("standards/member_points.toml").read_text("utf-8")


def test_the_rules_that_come_with_the_program_use_every_kind_and_add_up() -> None:
    scheme = read_points(TEXT)
    assert {rule.kind for category in scheme.categories for rule in category.rules} == set(KINDS)
    caps = {group: sum(c.cap for c in scheme.categories if c.group == group) for group in ("base", "contribution")}
    assert caps == {"base": scheme.base_total, "contribution": scheme.contribution_total}
    assert {exemption.reason for exemption in scheme.exemptions} == set(scheme.exempt_reasons)
    assert [level.id for level in scheme.levels] == ["pioneer", "good", "pass", "warn"]


@pytest.mark.parametrize(
    ("old", "new", "item", "field"),
    [
        ('kind = "attendance_ratio"', 'kind = "guess"', "B1-01", "kind"),
        ("base_total = 60 ", "base_total = 61 ", "", "base_total"),
        ("contribution_total = 40 ", "contribution_total = 39 ", "", "contribution_total"),
        ("regular_total = 100", "regular_total = 110", "", "regular_total"),
        ("sample_ratio = 0.1", "sample_ratio = 0", "", "sample_ratio"),
        ("max_photos_per_claim = 3", "max_photos_per_claim = 0", "", "max_photos_per_claim"),
        ("false_claim_penalty = -10", "false_claim_penalty = -11", "", "false_claim_penalty"),
        ("zero_at = 0.50", "zero_at = 0.99", "B1-01", "zero_at"),
        ("points = -2", "points = 2", "K-01", "points"),
        ('max_level = "pass"', 'max_level = "high"', "V-04", "max_level"),
        ("full_hours = 16", "full_hours = 0", "C1-01", "full_hours"),
        ('id = "C1-02"', 'id = "B1-01"', "", "id"),
    ],
)
def test_a_fault_is_refused_where_it_stands(old: str, new: str, item: str, field: str) -> None:
    with pytest.raises(PackInvalid) as refused:
        check_standard(TEXT.replace(old, new, 1), "积分.toml")
    assert refused.value.field == field
    assert item in (refused.value.item, "")


def test_rules_that_name_no_source_of_exemptions_and_vetoes_are_read_as_before() -> None:
    lines = [line for line in TEXT.splitlines() if not line.startswith(("auto_source", "months =", "    { reason"))]
    old = "\n".join(lines).replace("when = [\n]", "")
    assert read_points(old).exemptions == ()


def test_an_edition_kept_already_is_read_though_its_sums_do_not_add_up_and_it_says_nothing_of_claims() -> None:
    lines = [line for line in TEXT.splitlines() if not line.startswith(("max_photos", "sample_ratio", "false_claim"))]
    old = read_points("\n".join(lines).replace("base_total = 60 ", "base_total = 61 "))
    assert not any((old.max_photos, old.sample_ratio, old.for_false_claims))


def test_what_a_false_claim_costs_is_a_deduction_of_the_rules() -> None:
    scheme = read_points(TEXT)
    assert scheme.false_claim < 0
    assert {rule.points for rule in scheme.for_false_claims} == {scheme.false_claim}
