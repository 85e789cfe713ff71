"""Members of this branch who live and work elsewhere (流出党员): the list that is handed up, from what is on record."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from desktop.models.history import SettingName
from desktop.models.learning import MobileContact
from desktop.models.vocabulary.branches import ConditionKind
from desktop.services.members.lookup import roster_of
from desktop.services.members.rows import row_of

if TYPE_CHECKING:
    from desktop.services.store import Store

TITLE = "流出党员登记表"
HEADS = (
    "姓名",
    "性别",
    "出生年月",
    "文化程度",
    "原职业",
    "外出时间",
    "外出地点",
    "流出原因",
    "联系电话",
    "最近联系",
    "组织关系所在支部",
    "组织关系状态",
)


def outflow(store: "Store", on: date | None = None) -> list[tuple[str, ...]]:
    """Return a row a member who is away on the day `on` (today), by the day of leaving; columns as in `HEADS`."""
    day = on or store.today
    found: list[tuple[date, str, tuple[str, ...]]] = []
    branch = store.setting(SettingName.NAME)
    with store.reading() as session:
        roster = roster_of(store, session)
        query = select(MobileContact.member_id, func.max(MobileContact.event_on)).where(
            MobileContact.branch_id == store.branch_id,
            MobileContact.deleted_at_utc.is_(None),
            MobileContact.event_on <= day,
        )
        contacts = dict(session.execute(query.group_by(MobileContact.member_id)).all())
        for member in roster.on(day):
            for condition in roster.conditions(member.id, day):
                if condition.kind is ConditionKind.MOBILE:
                    row = row_of(roster, member, day)
                    since = condition.from_on
                    cells = (
                        row.name,
                        row.gender_text,
                        row.born_text[:7],
                        row.education_text,
                        "　".join(filter(None, (row.unit, row.job_title))),
                        since.isoformat() if since else "",
                        condition.place or "",
                        condition.reason or "",
                        row.phone,
                        str(contacts.get(member.id) or ""),
                        branch,
                        row.status.label,
                    )
                    found.append((since or date.min, row.name, cells))
    return [cells for _since, _name, cells in sorted(found)]
