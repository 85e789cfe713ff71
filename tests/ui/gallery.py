"""Every shared part on one page, to look at and to test."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from desktop.ui import theme
from desktop.ui.page import Desk, Page
from desktop.ui.table_model import Bar, Column, DataTable, Tag, Total, Two, Txt
from desktop.ui.widgets import (
    Chip,
    EmptyState,
    Meter,
    RowButton,
    Segments,
    banner,
    box,
    button,
    card,
    col,
    figure,
    fixed,
    icon_button,
    link,
    row,
    rule,
    scroll,
    text,
)
from desktop.ui.widgets.charts import Radar, Ring
from desktop.ui.widgets.dates import DateEdit
from desktop.ui.widgets.fields import Choice, Field, FieldSet, edit, memo
from desktop.ui.widgets.pane import DetailPane, ListWithPane, fact, heading
from desktop.ui.widgets.people import PeopleGrid
from desktop.ui.widgets.periods import PeriodCell, PeriodStrip, Stepper


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the sample table."""

    code: str
    name: str
    why: str
    got: float
    full: float
    state: str
    tone: str


ROWS = (
    Row(code="D4-01", name="支部党员大会", why="每季度 1 次", got=1.11, full=1.11, state="达标", tone="good"),
    Row(code="D4-02", name="支部委员会会议", why="每月 1 次，缺 6 月", got=1.0, full=1.11, state="部分", tone="part"),
    Row(code="D4-03", name="党小组会", why="未划分党小组，2 分已分摊", got=0, full=0, state="不适用", tone="none"),
    Row(code="D4-06", name="组织生活会", why="本年度内开", got=0, full=1.11, state="进行中", tone="run"),
    Row(code="D4-08", name="谈心谈话", why="还差 31 对", got=0.22, full=0.56, state="未达标", tone="bad"),
    Row(code="D4-10", name="议事表决规范", why="4 次表决都合规", got=1.11, full=1.11, state="待评", tone="wait"),
)
COLUMNS: tuple[Column[Row], ...] = (
    Column("编号", lambda r: r.code, width=76, tone="sub"),
    Column("做什么", lambda r: r.name, cell=lambda r: Two(r.name, r.why)),
    Column("痕迹", lambda r: r.got, cell=lambda r: Bar(r.got, r.full) if r.full else Txt("—", "sub"), width=120),
    Column("总分", lambda r: r.got, cell=lambda r: Total(r.got * 80, 100, "part", 85), width=190, fold=640),
    Column("状态", lambda r: r.state, cell=lambda r: Tag(r.state, r.tone), width=90),
)
PEOPLE = ("李建国", "赵文博", "王秀英", "陈晓东", "周立军", "孙海燕", "吴国强", "欧阳雪梅", "阿卜杜拉·买买提", "杨燕")


class ListPage(Page):
    """A list with its detail pane."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.table = DataTable(COLUMNS, "检查清单", EmptyState("clipboard-check", "还没有条目。"), height=51)
        self.pane = DetailPane()
        self.split = ListWithPane(self.table, self.pane)
        self.setLayout(col(self.split, pad=(24, 14, 24, 16)))
        self.table.picked.connect(self.show_row)

    def bar_actions(self) -> tuple[QWidget, ...]:
        """Return filters and buttons."""
        return (
            Segments((("all", "全部条目"), ("gaps", "只看缺的"), ("mine", "我负责的"))),
            button("导出", None, "", "download"),
            button("打印缺项单", None, "", "printer"),
        )

    def reload(self) -> None:
        self.table.set_rows(ROWS, same=lambda r: r.code)

    def show_row(self, item: Row) -> None:
        """Look at one row."""
        self.pane.show_head(item.name, item.code, item.state, item.tone)
        months = [
            PeriodCell(str(m), "ok" if m < 6 else "no" if m == 6 else "run" if m == 11 else "") for m in range(1, 13)
        ]
        self.pane.show_body(
            heading("怎么算"),
            text("每月至少开 1 次支委会。只看已过去的 1—10 月；本月在进行，不算缺。", wrap=True),
            PeriodStrip(months),
            banner("bad", "alert-circle", "缺 6 月的会", "开过就补录，没开如实说明", button("补录", None, "primary")),
            heading("用到的记录", link("全部 9 条")),
            RowButton("10-16 研究第四季度计划", row(text("10-16", "sub"), text("研究第四季度计划"), ..., pad=6)),
            fact("依据", "支部工作条例第十二条"),
        )
        self.pane.show_foot(button("看 6 月日历", None, "", "calendar-event"), ..., text("责任人 李建国", "sub"))
        self.split.open_pane()


class PartsPage(Page):
    """Charts, fields, banners and the rest."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        ring, radar = Ring(), Radar()
        ring.show_parts(100, [(70.3, theme.GREEN_BAR, "已得"), (19.5, theme.SLATE_BAR, "待评")], "70.3", "已得分")
        names = ("组织体系", "班子队伍", "教育管理", "组织生活", "工作载体", "活动场所", "服务群众", "基本保障")
        this, last = (96, 88, 89, 85, 81, 91, 84, 88), (90, 92, 80, 70, 66, 90, 74, 82)
        radar.show_series(names, [(theme.FAINT, "去年", last), (theme.RED, "今年", this)], with_values=True)
        self.people = PeopleGrid()
        self.people.set_people([(name, name) for name in PEOPLE], ["吴国强"])
        self.fields = FieldSet(
            (
                ("name", Field("姓名", edit("姓名", "张文博"), required=True)),
                ("kind", Field("党员类别", Choice("党员类别", ((1, "正式党员"), (2, "预备党员"))))),
                ("on", Field("入党时间", DateEdit("入党时间", date(2016, 7, 1)), required=True)),
                ("note", Field("备注", memo("备注", lines=2))),
            ),
            columns=2,
        )
        self.fields.refuse("name", "姓名不能为空。")
        chips = [
            Chip(words, tone)
            for words, tone in zip(
                ("达标", "部分", "未达标", "待评", "进行中", "不适用", "先进"), theme.TONES, strict=True
            )
        ]
        left = col(
            card(
                "图表",
                row(fixed(ring, 132, 132), (radar, 1), gap=12),
                action=link("看缺什么"),
            ),
            card(
                "状态",
                row(*chips, ...),
                Meter(100, (70, "good"), (20, "wait"), height=8),
                Stepper(
                    (
                        ("生成报送包", "11-23 09:12，第 13 号"),
                        ("写入U盘", "写完自动回读核对"),
                        ("总部回执", "带回U盘后导入"),
                    ),
                    1,
                ),
            ),
        )
        right = col(
            card("到会", self.people, rule(), self.fields),
            banner("wait", "usb", "U盘“支部报送”（E:）", "空 14.2 GB，可写", button("写入U盘", None, "primary", "usb")),
            row(figure("84.2", "总部核定"), figure("中间", "第 4 名 / 9"), ..., icon_button("trash", "删除"), gap=26),
            box(col(EmptyState("users", "还没有党员。", "从 Excel 名册导入最快。", "导入名册")), "card"),
        )
        self.setLayout(col(scroll(row((left, 1), (right, 1), gap=12, pad=(24, 14, 24, 16)))))
