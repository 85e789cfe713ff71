"""The paper of a talk that warns (提醒谈话单): written on by hand where nothing is known yet, signed by three.

Source: forms_org, 提醒谈话记录: whom (unit, post), by whom, when, where, why, what was said, the answer, what by when.
"""

from typing import TYPE_CHECKING

from desktop.services.archive.blocks import TURN, Block, Document, Fields, Note, Signatures, Title
from desktop.services.archive.wording import day
from desktop.services.errors import NotFound
from desktop.services.members import MemberService
from desktop.services.registers.service import RegisterService

if TYPE_CHECKING:
    from desktop.services.store import Store

TO_WRITE = "\n\n\n"
"""Room to write by hand."""


def warning_document(store: "Store", record_id: str, branch: str) -> Document:
    """Return the paper of a talk that warns; it names nobody in what the file is called.

    Raises:
        NotFound: there is no such talk, or it warns nobody.
    """
    row = RegisterService(store).row("talk", record_id)
    if not row.restricted:
        raise NotFound(what="提醒、诫勉谈话或批评教育")
    texts = row.texts
    about = MemberService(store).member(str(row.values["talkee_id"]))
    due = row.values["follow_up_due"]
    asked = "\n".join(filter(None, (texts["follow_up"], f"期限：{day(due)}" if due else "")))
    title = f"{texts['kind']}单"
    parts = (
        ("谈话对象", texts["talkee_id"]),
        ("单位职务", "，".join(filter(None, (about.unit, about.job_title, about.posts_text)))),
        ("谈话人", texts["talker_id"]),
        ("记录人", texts["recorder_id"]),
        ("时间", day(row.on)),
        ("地点", texts["place"]),
    )
    long = (
        ("谈话事由", texts["trigger"] or row.heading),
        ("谈话要点", texts["points"] or TO_WRITE),
        ("要求与时限", asked or TO_WRITE),
        ("对象说明和表态", texts["answer"] or TO_WRITE),
    )
    blocks: tuple[Block, ...] = (
        Title(f"{branch}{TURN}{title}"),
        Fields(parts, record=title),
        Fields(long, columns=1, record=title),
        Signatures(("谈话人", "谈话对象", "记录人", "日期")),
        Note("属内部掌握，由支部专人保管，不装入检查档案，不报送。"),
    )
    return Document(
        title=title,
        author=branch,
        subject=title,
        day=row.on or store.today,
        blocks=blocks,
        running_head=title,
        running_foot=branch,
        bookmarks=False,
    )
