"""设置 > 基本情况 at headquarters: what it is called."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.services.headquarters import UNIT, HeadquartersService
from desktop.ui.drafting import Drafting
from desktop.ui.page import Desk, Page
from desktop.ui.widgets import box, button, card, col, text
from desktop.ui.widgets.fields import Field, FieldSet, count_faults, edit
from desktop.ui.widgets.layout import at_most

WIDTH = 720
WHO_LEARNS = (
    "改过以后：新写的邀请文件用新名称；已经登记的支部，导入下一个反馈包后显示新名称；"
    "已经交出去、还没用的邀请文件照旧有效，写的是原来的名称。"
)


class HeadquartersProfilePage(Page):
    """基本情况."""

    own_period = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.service = desk.service(HeadquartersService)
        self.name = edit(UNIT.label)
        self.fields = FieldSet(((UNIT.name, Field(UNIT.label, self.name, required=True)),))
        self.save_button = desk.offered("partners", button("保存", self.submit, "primary", "check"))
        self.drafting = Drafting.over(self, (self.fields,), "headquarters_profile", "name", needs="partners")
        self.drafting.reread.connect(self.reload)
        count_faults(self.save_button, self.fields.fields.values())
        sheet = card("市公司基本情况", self.drafting, self.fields, text(WHO_LEARNS, "sub", wrap=True))
        holder = box(col(sheet, ...))
        self.setLayout(col(at_most(holder, WIDTH), pad=(24, 14, 24, 16)))

    def bar_actions(self) -> Sequence[QWidget]:
        """The one primary action."""
        return (self.save_button,)

    def reload(self) -> None:
        """Read the name."""
        self.read(self.service.name, lambda name: self.drafting.refresh(lambda: self.name.setText(name)))

    def submit(self) -> None:
        """Keep the name."""
        self.fields.calm()
        name = self.fields.values()[UNIT.name]
        self.act(
            lambda: self.service.rename(name),
            "已保存。支部导入下一个反馈包后显示新名称。",
            fields=(self.fields,),
            buttons=(self.save_button,),
        )
