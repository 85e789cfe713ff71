"""An appeal as a branch writes it (申诉): against a verdict of the spot checks, or a published result."""

from collections.abc import Callable, Sequence

from desktop.services.appeals import APPEAL_GROUND, ITEM, RAISED_BY, WISHED, Raised
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo
from desktop.ui.widgets.layout import Item

APPEALS = "appeals"
GROUPS_STAND = "分组错了不在申诉里更正，公布的名次照当时的分组"
"""A correction moves nobody to another group: said where an appeal is raised, taken up or decided."""
SAID = "申诉已记下，随下一个报送包交给总部。有佐证的，点“附件”加上。"


class RaiseDialog(FormDialog):
    """Who appeals, against what, what is wished, and why."""

    def __init__(
        self,
        page: Page,
        title: str,
        *above: Item,
        work: Callable[[Raised], object],
        draft: str,
        about: str = "",
        items: Sequence[tuple[str, str]] = (),
        item: str = "",
        hint: str = "写明对哪一点有异议，原件在哪里，谁可以证明。",
    ) -> None:
        """`items`: what of it the appeal may be about, `item` chosen first; none where it is about all of it."""
        self._work = work
        fields = [(RAISED_BY.name, Field(RAISED_BY.label, edit(RAISED_BY.label), required=True))]
        if items:
            options = [(each, f"{each} {name}".strip()) for each, name in items]
            note = "如：改为 4 分、撤销扣分；可以不填"
            fields += [
                (ITEM.name, Field(ITEM.label, Choice(ITEM.label, options, item))),
                (WISHED.name, Field(WISHED.label, edit(WISHED.label), note=note)),
            ]
        ground = memo(APPEAL_GROUND.label, "", hint, lines=3)
        fields.append((APPEAL_GROUND.name, Field(APPEAL_GROUND.label, ground, required=True)))
        self.fields = FieldSet(fields)
        super().__init__(
            page, title, *above, self.fields, fields=(self.fields,), verb="提出申诉", needs=APPEALS, draft=draft,
            about=about, wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Raise it."""
        if not self.readable(required=True):
            return
        values = self.fields.values()
        raised = Raised(
            raised_by=values[RAISED_BY.name],
            ground=values[APPEAL_GROUND.name],
            wished=values.get(WISHED.name) or "",
            item=values.get(ITEM.name) or "",
        )
        self.keep(lambda: self._work(raised), SAID)
