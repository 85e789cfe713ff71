"""The numbers of the yearly organisational life meeting and appraisal (民主评议), as an edition has them."""

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.models.vocabulary.appraisal import QuotaBase
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.services.toml_tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalRules:
    """How many may be excellent, and what is asked before and after. A number an old edition does not say is 0."""

    excellent: tuple[int, int]
    base: QuotaBase
    rate_probationary: bool
    study_hours: int
    notice_days: int
    publish_workdays: int
    follow_up: Mapping[AppraisalGrade, tuple[str, ...]]
    basis: str

    def steps(self, grade: AppraisalGrade | None) -> tuple[str, ...]:
        """Return what is done, in order, about somebody of this grade."""
        return self.follow_up.get(grade, ()) if grade is not None else ()


def read_appraisal(table: Table, hours_per_half_day: int) -> AppraisalRules:
    """Read the table [appraisal] of the rules.

    Raises:
        PackInvalid: a number the program computes with is missing or of the wrong type.
    """
    numerator, denominator = table.pair("excellent_max_ratio")
    if denominator <= 0 or not 0 <= numerator <= denominator:
        table.refuse("excellent_max_ratio", "应为不大于1的分数")
    grades = tuple(grade.value for grade in AppraisalGrade)
    follow_up = {
        AppraisalGrade(row.choice("grade", grades, "等次")): row.texts("steps")
        for row in (table.tables("follow_up", key="grade") if table.has("follow_up") else ())
    }
    return AppraisalRules(
        excellent=(numerator, denominator),
        base=QuotaBase(table.choice("excellent_base", tuple(base.value for base in QuotaBase), "基数")),
        rate_probationary=table.yes_no("rate_probationary", default=False),
        study_hours=hours_per_half_day * table.integer("study_half_days", default=0),
        notice_days=table.integer("notice_days", default=0),
        publish_workdays=table.integer("publish_workdays", default=0),
        follow_up=follow_up,
        basis=table.text("basis", ""),
    )
