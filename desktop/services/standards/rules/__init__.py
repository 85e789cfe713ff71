"""Trace rules: one function per rule kind of a pack, found by name. Each looks at facts and answers a `Verdict`.

Source: the rule kinds of the standard pack (branch_standard.toml); limits come from the pack's parameters, shared
numbers of the regulations from `facts.law`.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

from desktop.services.standards.facts import Facts
from desktop.services.standards.pack import Rule
from desktop.services.standards.periods import Span
from desktop.services.standards.rules.closing import issue_closed, pdca_stage, transfer_closed
from desktop.services.standards.rules.counting import Params, with_share
from desktop.services.standards.rules.hours import dues_paid, training_hours, volunteer_hours
from desktop.services.standards.rules.meetings import archive_ready, attendance_rate, meeting_count, vote_valid
from desktop.services.standards.rules.people import (
    appraisal_valid,
    committee_size,
    development_valid,
    group_assignment,
    member_limits,
    post_filled,
    post_requirement,
    roster_complete,
    talk_coverage,
    term_valid,
)
from desktop.services.standards.rules.records import points_published, project_state, record_count
from desktop.services.standards.verdict import JUDGED, NOT_APPLICABLE, PENDING, RUNNING, ZERO, Verdict

RuleFunction = Callable[[Facts, Params, Span], Verdict]


def evaluate(rule: Rule, facts: Facts, span: Span) -> Verdict:
    """Return the verdict of `rule`, whatever its kind."""
    if rule.kind == "all_of":
        return all_of(facts, {"rules": rule.rules}, span)
    return RULES[rule.kind](facts, rule.params, span)


def all_of(facts: Facts, params: Params, span: Span) -> Verdict:
    """Mean of the sub-rules that have something to judge; one that cannot be judged yet makes all wait."""
    verdicts = [evaluate(rule, facts, span) for rule in params["rules"]]
    live = [v for v in verdicts if v.state != NOT_APPLICABLE]
    used = tuple({(u.kind, u.id): u for v in verdicts for u in v.used}.values())
    notes = tuple(note for v in verdicts for note in v.notes)
    cells = next((v.cells for v in verdicts if v.cells), ())
    if not live:
        return Verdict(NOT_APPLICABLE, notes=notes)
    if any(v.state == PENDING for v in live):
        return Verdict(PENDING, None, used, cells, tuple(m for v in live for m in v.missing), notes=notes)
    judged = [v for v in live if v.state == JUDGED]
    if not judged:
        share = Fraction(1, len(live))
        needs = tuple(with_share(m, m.share * share) for v in live for m in v.missing)
        return Verdict(RUNNING, None, used, cells, needs, notes=notes)
    share = Fraction(1, len(judged))
    ratio = sum((v.ratio or ZERO for v in judged), ZERO) * share
    missing = tuple(with_share(m, m.share * share) for v in judged for m in v.missing)
    waiting = tuple(m for v in live if v.state == RUNNING for m in v.missing)
    upcoming = tuple(with_share(m, m.share * share) for v in judged for m in v.upcoming)
    return Verdict(
        state=JUDGED,
        ratio=ratio,
        used=used,
        cells=cells,
        missing=missing,
        upcoming=(*upcoming, *(with_share(m, ZERO) for m in waiting)),
        notes=notes,
    )


RULES: Mapping[str, RuleFunction] = {
    "meeting_count": meeting_count,
    "attendance_rate": attendance_rate,
    "record_count": record_count,
    "training_hours": training_hours,
    "volunteer_hours": volunteer_hours,
    "dues_paid": dues_paid,
    "talk_coverage": talk_coverage,
    "member_limits": member_limits,
    "committee_size": committee_size,
    "group_assignment": group_assignment,
    "term_valid": term_valid,
    "post_filled": post_filled,
    "post_requirement": post_requirement,
    "roster_complete": roster_complete,
    "development_valid": development_valid,
    "appraisal_valid": appraisal_valid,
    "vote_valid": vote_valid,
    "transfer_closed": transfer_closed,
    "issue_closed": issue_closed,
    "points_published": points_published,
    "pdca_stage": pdca_stage,
    "project_state": project_state,
    "archive_ready": archive_ready,
    "all_of": all_of,
}
