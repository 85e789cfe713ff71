"""People who are no members of the party (党外人员): on file once, chosen wherever a record speaks of them."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.registers import Kept, field, register
from desktop.models.vocabulary.development import Gender, PersonKind
from desktop.models.vocabulary.registers import RegisterArea


@register(
    "党外人员",
    area=RegisterArea.LEARNING,
    dimension="D3",
    hint="入党申请人、积极分子、参加测评的职工、结对的对象，登记一次，别的记录里直接选。",
)
class Person(Kept, Base):
    """Somebody who is no member: an applicant, an activist, staff that vote, a partner."""

    name: Mapped[str] = field("姓名", required=True, type_=String(60))
    kind: Mapped[PersonKind] = field("类别", required=True, default=PersonKind.STAFF)
    gender: Mapped[Gender | None] = field("性别")
    ethnic: Mapped[str | None] = field("民族", listed=False)
    born_on: Mapped[date | None] = field("出生日期", happened=True)
    native_place: Mapped[str | None] = field("籍贯", listed=False)
    education: Mapped[str | None] = field("学历", listed=False)
    unit: Mapped[str | None] = field("所在部门")
    job_title: Mapped[str | None] = field("工作岗位")
    phone: Mapped[str | None] = field("联系电话")
    affiliation: Mapped[str | None] = field("政治面貌", listed=False, help="共青团员、群众、民主党派等")
    note: Mapped[str | None] = field("备注", listed=False, long=True)
