"""The drawings of the statistics."""

from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.headquarters.figures import LABEL, MOST, Heat, HeatRow


def test_names_beside_the_heat_table_are_whole_unless_they_take_too_much(qtbot: QtBot) -> None:
    heat = Heat("得分率", lambda _rate: "good")
    qtbot.addWidget(heat)
    heat.resize(800, 200)
    name = "专卖队所类支部 12 个"
    heat.show_rows(("组织体系", "支部班子"), [HeatRow("a", name, (84.0, None))])
    assert heat._place(0, 0).left() - 6 > QFontMetricsF(theme.font(12)).horizontalAdvance(name)
    heat.show_rows(("组织体系",), [HeatRow("a", name * 9, (84.0,))])
    assert LABEL < heat._place(0, 0).left() <= 800 * MOST + 2
