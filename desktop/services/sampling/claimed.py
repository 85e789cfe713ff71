"""What a drawn record says: the lines its branch wrote, read beside the verdict on it."""

from typing import TYPE_CHECKING

from desktop.services.errors import NotFound
from desktop.services.meetings import MeetingDetail, MeetingService
from desktop.services.registers.lookup import register_of
from desktop.services.registers.service import RegisterRow, RegisterService
from desktop.services.sampling.rows import SampledRow
from desktop.services.standards.evidence import MEETING
from desktop.services.sync.branch_store import branch_store

if TYPE_CHECKING:
    from desktop.services.store import Store

Line = tuple[str, str]
"""What a line is called, and what it says."""


class ClaimedService:
    """Reads drawn records at headquarters, as the branch sent them last."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def lines(self, found: SampledRow) -> tuple[Line, ...]:
        """Return the lines of a drawn record that say something; nothing where the branch has it no more."""
        try:
            with branch_store(self._store, found.branch_id) as records:
                if found.kind == MEETING:
                    return _meeting(MeetingService(records).detail(found.record_id))
                return _row(RegisterService(records).row(found.kind, found.record_id))
        except NotFound:
            return ()


def _row(row: RegisterRow) -> tuple[Line, ...]:
    if row.deleted:
        return ()
    register = register_of(row.kind)
    told = [(field.label, row.texts[field.name]) for field in register.fields if field.name != register.heading]
    return _said(*told, ("附件", f"{row.attachments} 个" if row.attachments else ""))


def _meeting(detail: MeetingDetail) -> tuple[Line, ...]:
    row = detail.row
    if row.deleted:
        return ()
    when = " – ".join(filter(None, (row.started_at, row.ended_at)))
    agenda = ("：".join(filter(None, (item.title or item.content, item.resolution))) for item in detail.draft.agenda)
    return _said(
        ("类型", "，".join(filter(None, (row.kind.label, row.group)))),
        ("时间地点", "，".join(filter(None, (when, row.place)))),
        ("主持人", row.chair),
        ("记录人", row.recorder),
        ("到会", f"应到 {row.due}，实到 {row.present}" if row.due else ""),
        ("议程", "\n".join(f"{number}. {words}" for number, words in enumerate(agenda, start=1))),
        ("附件", f"{row.attachments} 个" if row.attachments else ""),
    )


def _said(*lines: Line) -> tuple[Line, ...]:
    return tuple((name, words) for name, words in lines if words)
