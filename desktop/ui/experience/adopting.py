"""What a branch says of something it adopted, asked beside what headquarters showed it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLayout

from desktop.services.experience.adopting import BRAND, DONE, ON, RESULT, Adopting
from desktop.services.experience.rows import SPREAD
from desktop.services.improvement.learned import TOLD_HERE
from desktop.ui.page import Desk
from desktop.ui.widgets import link
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, memo
from desktop.ui.widgets.pane import heading

KEPT = "已记入“推广借鉴”，随下一个报送包上报。"


def adopted_heading(desk: Desk, record: str) -> QLayout:
    """Return the heading over what this branch adopted, with the way to the record of it, if there is one."""
    look = link("看推广借鉴", lambda: desk.open("service", "carriers", kind=SPREAD, record=record), "eye")
    return heading(TOLD_HERE, *([look] if record else []))


def adopting_fields(said: Adopting, brands: Sequence[tuple[str, str]]) -> FieldSet:
    """Return the fields, filled with what was said before; `brands`: those of this branch, id and name."""
    return FieldSet(
        (
            (DONE.name, Field(DONE.label, memo(DONE.label, said.done, "照着做了哪几件", lines=3), required=True)),
            (ON.name, Field(ON.label, DateEdit(ON.label, said.on), required=True)),
            (RESULT.name, Field(RESULT.label, memo(RESULT.label, said.result, lines=2))),
            (BRAND.name, Field(BRAND.label, Choice(BRAND.label, [(None, "没有"), *brands], said.brand_id))),
        )
    )


def adopting(fields: FieldSet) -> Adopting:
    """Return what the fields say."""
    values = fields.values()
    return Adopting(values[DONE.name] or "", values[ON.name], values[RESULT.name] or "", values[BRAND.name])
