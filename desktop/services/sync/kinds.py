"""What people call the rows of a package, kind by kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.models.registers import every_register
from desktop.services.sync.rows import Changes
from desktop.services.sync.sense import called

TITLES: Mapping[str, str] = {
    "meetings": "会议",
    "attendances": "参会情况",
    "votes": "表决",
    "action_items": "会后任务",
    "corrections": "会议记录更正",
    "appraisals": "民主评议",
    "appraisal_results": "评议结果",
    "members": "党员",
    "member_conditions": "党员情况",
    "status_changes": "党员变动",
    "development_cases": "发展党员",
    "development_steps": "发展党员步骤",
    "development_papers": "发展党员材料",
    "development_helpers": "培养联系人和介绍人",
    "development_inquiries": "政审函调",
    "dues_assessments": "党费核定",
    "dues_payments": "党费交纳",
    "points_claims": "积分申报",
    "points_checks": "积分核对",
    "points_publications": "积分公示",
    "branches": "党支部基本情况",
    "party_groups": "党小组",
    "post_assignments": "任职",
    "group_moves": "调整编组",
    "terms": "届次",
    "elections": "换届选举",
    "election_steps": "换届步骤",
    "election_candidates": "候选人",
    "election_rounds": "投票",
    "election_corrections": "换届更正",
    "attachments": "附件",
    "self_ratings": "质量自评",
    "pdca_plans": "改进计划",
    "pdca_steps": "改进计划各步",
    "pdca_actions": "改进措施",
    "remark_answers": "意见答复",
    "appeals": "申诉",
    "state_changes": "状态变化",
}
"""The tables that are no registers, in the order in which people look for them."""


@dataclass(frozen=True, slots=True)
class KindChanges:
    """How many records of one kind an import adds, changes and removes."""

    title: str
    added: int
    changed: int
    removed: int


def by_kind(changes: Changes) -> tuple[KindChanges, ...]:
    """Return the changes kind by kind, those without any left out."""
    titles = {**TITLES, **{register.kind: register.title for register in every_register()}}
    order = [*titles, *sorted({*changes.added, *changes.changed, *changes.removed} - set(titles))]
    counted = (
        KindChanges(
            titles.get(table) or called(table) or "其他",
            changes.added.get(table, 0),
            changes.changed.get(table, 0),
            changes.removed.get(table, 0),
        )
        for table in order
    )
    return tuple(kind for kind in counted if kind.added or kind.changed or kind.removed)
