"""An appeal against a published result, written at the branch (提升 > 赛马结果, 标准化 > 考评结果)."""

from desktop.services.race.raising import Appealable, RaisingService
from desktop.ui.appeals import GROUPS_STAND, RaiseDialog
from desktop.ui.page import Page
from desktop.ui.widgets import text

HINT = "写明核定、计分哪里不对，依据哪份材料，谁可以证明。"


def open_appeal(page: Page, period: str, item: str = "") -> None:
    """Ask for an appeal against the published result of a period, about one item of it first chosen."""
    service = page.desk.service(RaisingService)

    def show(found: Appealable) -> None:
        if found.refused:
            page.desk.say(f"{found.refused}。")
            return
        known = item if item in dict(found.items) else ""
        RaiseDialog(
            page,
            f"申诉：{found.period_name}赛马结果和考评得分",
            text(f"{found.words}。", "sub", "bad" if found.days_left < 0 else "", wrap=True),
            text(f"{GROUPS_STAND}；请告诉市公司改分组，从没有计分的一期起照新的排。", "small", wrap=True),
            work=lambda raised: service.raise_appeal(period, raised),
            draft=f"appeal.{period}",
            items=found.items,
            item=known,
            hint=HINT,
        ).open()

    page.read(lambda: service.appealable(period), show)
