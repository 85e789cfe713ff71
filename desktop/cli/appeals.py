"""The verb about appeals against a published result: what branches raised, until when, and what was decided."""

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.branches import open_branch
from desktop.cli.outcome import Outcome

if TYPE_CHECKING:
    from desktop.services.race.raising import RaisedAppeal
    from desktop.services.race.rows import AppealRow


def appeals(options: argparse.Namespace) -> Outcome:
    """Say the appeals of a period: at a branch its own, at headquarters those of all, or what the one named sees."""
    with open_branch(options, own=None) as store:
        if store.is_headquarters:
            from desktop.services.race.appeals import AppealService

            service = AppealService(store)
            window = service.window(options.period)
            until = window.last if window is not None else None
            found = [
                {
                    "branch": row.code,
                    "item": row.indicator,
                    "raised_on": row.received_on.isoformat(),
                    "in_package": bool(row.raised_id),
                    "state_name": row.state.label,
                    "decided_on": row.decided_on.isoformat() if row.decided_on else None,
                    **_said(row, row.indicator_name),
                }
                for row in service.appeals(options.period)
            ]
        else:
            from desktop.services.race.raising import RaisingService

            raising = RaisingService(store)
            own, told = raising.raised(options.period), raising.told(options.period)
            until = raising.appealable(options.period).until
            found = [
                {
                    "branch": None,
                    "item": each.item,
                    "raised_on": each.raised_on.isoformat(),
                    "in_package": each.sent and bool(each.id),
                    "state_name": each.state_words,
                    "decided_on": each.decided_on or None,
                    **_said(each, each.item_name),
                }
                for each in (*own, *told)
            ]
        left = (until - store.today).days if until is not None else None
    data = {
        "period": options.period,
        "appeal_by": until.isoformat() if until is not None else None,
        "days_left": left,
        "appeals": found,
    }
    return Outcome(data, _lines(data))


def _said(appeal: "AppealRow | RaisedAppeal", item_name: str) -> dict[str, Any]:
    """Return what both sides say alike."""
    return {
        "item_name": item_name,
        "wished": appeal.wished,
        "ground": appeal.ground,
        "raised_by": appeal.raised_by,
        "late": appeal.late,
        "state": appeal.state.value,
        "decided_by": appeal.decided_by,
        "decision": appeal.decision,
        "outcome": appeal.outcome,
    }


def _lines(data: dict[str, Any]) -> str:
    left = data["days_left"]
    lines = ["结果还没有公布。"]
    if left is not None:
        lines = [f"申诉期到 {data['appeal_by']}，{f'还有 {left} 天' if left >= 0 else f'已过 {-left} 天'}"]
    for each in data["appeals"]:
        about = "，".join(filter(None, (each["item_name"] or "整个结果", each["wished"] and f"要求{each['wished']}")))
        late = "（逾期）" if each["late"] else ""
        whose = f"{each['branch']}  " if each["branch"] else ""
        lines.append(f"  {each['state_name']}  {whose}{each['raised_on']}{late} {each['raised_by']}：{about}")
        lines.append(f"      {each['ground']}")
        if each["decision"]:
            lines.append(f"      {each['decided_on']} {each['decided_by']}：{each['decision']}")
        if each["outcome"]:
            lines.append(f"      {each['outcome']}")
    if not data["appeals"]:
        lines.append("没有申诉。")
    return "\n".join(lines)
