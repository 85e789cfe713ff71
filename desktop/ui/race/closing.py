"""封账 and 重新开放: the missing are named, their penalty is ticked by a person, opening again has a ground."""

from collections.abc import Callable

from desktop.models.vocabulary.access import Act
from desktop.services.numbers import digits
from desktop.services.race.closing import REOPEN_GROUND, ClosingService
from desktop.services.race.rows import RaceTable
from desktop.services.race.scheme import UNREPORTED, Scheme
from desktop.ui.form_dialog import FormDialog
from desktop.ui.page import Page
from desktop.ui.widgets import Item, text
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Field, FieldSet, memo
from desktop.ui.widgets.ticks import TickLine, Ticks


class CloseDialog(Dialog):
    """Asks before a period is closed; nothing is ticked that no person ticked."""

    def __init__(self, page: Page, race: RaceTable, scheme: Scheme, then: Callable[[list[str]], object]) -> None:
        self._then = then
        lines = [TickLine(result.branch_id, f"{result.code} {result.name}") for result in race.proposed]
        said = f"{race.handed_in} 个支部已报，共 {race.expected} 个" if race.expected else "这一期没有支部要报"
        body: list[Item] = [text(f"封账后到的报送包不算本期按时。{said}。", wrap=True)]
        if race.not_handed_in:
            body.append(text(f"还没报的：{'、'.join(race.not_handed_in)}。", wrap=True))
        if race.not_asked:
            body.append(text(f"不用报的：{'、'.join(race.not_asked)}。", "sub", wrap=True))
        penalty = next((penalty for penalty in scheme.penalties if penalty.id == UNREPORTED), None)
        self.ticks = Ticks("未报的支部", lines if penalty is not None else ())
        if penalty is not None and lines:
            points = digits(abs(penalty.points))
            words = f"要登记“{penalty.name}”（{penalty.id}，每{penalty.unit}扣 {points} 分）的，在这里勾选："
            body += [text(words, "sub", wrap=True), self.ticks]
        super().__init__(page, f"{race.period_name}封账？", *body, verb="封账", wide=True)

    def submit(self) -> None:
        """Close the period, with the penalties ticked."""
        ticked = list(self.ticks.value())
        self.accept()
        self._then(ticked)


class ReopenDialog(FormDialog):
    """Why a closed period is opened again."""

    def __init__(self, page: Page, race: RaceTable) -> None:
        self._period, self._service = race.period, page.desk.service(ClosingService)
        hint = "写明为什么，如两个支部的报送包被退回重报。"
        ground = Field(REOPEN_GROUND.label, memo(REOPEN_GROUND.label, "", hint, lines=2), required=True)
        self.fields = FieldSet(((REOPEN_GROUND.name, ground),))
        words = "重新开放后按当时的数据试算，再封账、计分。封账时因没报登记的扣分一起撤下，另外登记的扣分和否决不动。"
        super().__init__(
            page, f"重新开放{race.period_name}", text(words, "sub", wrap=True), self.fields, fields=(self.fields,),
            verb="重新开放", needs=Act.PUBLISH, draft=f"race_reopen.{race.period}", wide=True,
        )  # fmt: skip

    def submit(self) -> None:
        """Open it again."""
        if not self.readable(required=True):
            return
        ground, service, period = self.fields.values()[REOPEN_GROUND.name], self._service, self._period
        self.keep(lambda: service.reopen(period, ground), "已重新开放，理由记在本期经过里。")
