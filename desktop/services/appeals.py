"""Appeals as a branch raises them (申诉): what each says, and what may not be said in one.

What they are against, and who decides them, is said by the spot checks (`sampling.appeals`) and the race
(`race.raising`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists
from sqlalchemy.orm import Session

from desktop.models.appeals import Appeal
from desktop.models.base import LONGEST_NAMES
from desktop.models.sync import SyncPackage
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.sync.package_format import Kind
from desktop.services.typed import refuse_outside

if TYPE_CHECKING:
    from desktop.services.store import Store

RAISED_BY = Input("raised_by", "提出人")
RAISED_ON = Input("raised_on", "提出日期")
APPEAL_GROUND = Input("ground", "申诉理由")
WISHED = Input("wished", "要求改为")
ITEM = Input("item", "对哪一项")
AGAINST = Input("period", "申诉的对象")
WITHDRAWN_ON = Input("withdrawn_on", "撤回日期")
RAISED_ALREADY = "已经申诉过，等市公司决定"
STANDS = (Appeal.deleted_at_utc.is_(None), Appeal.withdrawn_on.is_(None))
"""What an appeal has to be so that somebody has to decide it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What a branch says in an appeal; `item` is empty for the whole of what it is against."""

    raised_by: str
    ground: str
    wished: str = ""
    item: str = ""


def worded(raised: Raised) -> Raised:
    """Return what is said without the space around it.

    Raises:
        InvalidInput: nobody raises it, or no ground is given.
    """
    said = replace(
        raised, raised_by=raised.raised_by.strip(), ground=raised.ground.strip(), wished=raised.wished.strip()
    )
    for field, words in ((RAISED_BY, said.raised_by), (APPEAL_GROUND, said.ground)):
        if not words:
            raise InvalidInput(field, "不能为空")
    if len(said.raised_by) > LONGEST_NAMES:
        raise InvalidInput(RAISED_BY, f"最多{LONGEST_NAMES}字")
    return said


def put_in(session: Session, store: "Store", appeal: Appeal, said: Raised) -> str:
    """Keep an appeal, new or raised again after it was taken back; it goes up with the next package."""
    appeal.deleted_at_utc = appeal.withdrawn_on = None
    appeal.raised_by, appeal.raised_on, appeal.ground = said.raised_by, store.today, said.ground
    appeal.item, appeal.wished = said.item, said.wished
    session.add(appeal)
    session.flush()
    return appeal.id


def take_back(session: Session, store: "Store", appeal_id: str) -> Appeal:
    """Take an appeal back; who calls looks first whether it is decided.

    One that went into no package yet is gone. Of any other the next package says since when it is withdrawn.

    Raises:
        NotFound: there is none of this id, or it is taken back already.
    """
    appeal = session.get(Appeal, appeal_id)
    if appeal is None or not stands(appeal):
        raise NotFound(what="申诉")
    packed = exists().where(SyncPackage.kind == Kind.REPORT.value, SyncPackage.built_at_utc >= appeal.created_at_utc)
    if session.scalar(packed.select()):
        appeal.withdrawn_on = store.today
    else:
        appeal.deleted_at_utc = utc_text(store.clock())
    return appeal


def stands(appeal: Appeal) -> bool:
    """Return whether an appeal is raised and not taken back."""
    return appeal.deleted_at_utc is None and appeal.withdrawn_on is None


def refuse_appeal(values: Mapping[str, Any], today: date) -> None:
    """Refuse stored values of an appeal that nobody could have raised.

    Raises:
        InvalidInput: it is against nothing or two things at once, lies in days to come, was taken back before it was
            raised, or gives no ground.
    """
    if (values["sampled_id"] is None) is (values["period"] is None):
        raise InvalidInput(AGAINST, "应是一条抽查记录或者一期结果")
    if values["raised_on"] > today:
        raise InvalidInput(RAISED_ON, "在今天之后")
    if values["withdrawn_on"] is not None:
        refuse_outside(WITHDRAWN_ON, values["withdrawn_on"], values["raised_on"], "提出申诉那天", today)
    if not values["ground"].strip():
        raise InvalidInput(APPEAL_GROUND, "不能为空")
