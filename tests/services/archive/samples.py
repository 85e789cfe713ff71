"""A document with every kind of block, for the tests of the PDF writer."""

import io
from collections.abc import Callable
from datetime import date
from typing import BinaryIO

from PIL import Image

from desktop.services.archive.blocks import (
    Band,
    Bar,
    Bars,
    Block,
    Column,
    Contents,
    Cover,
    Document,
    Fields,
    Heading,
    Jpeg,
    Keep,
    Look,
    Note,
    Opener,
    PageBreak,
    PageOf,
    PagesOf,
    Paragraph,
    Picture,
    Radar,
    Side,
    Signatures,
    Space,
    Table,
    Title,
)
from desktop.services.archive.showing import shown_of
from tests.services.archive.checker import RARE

DAY = date(2026, 11, 22)
SENTENCE = (
    "会议传达学习了上级文件精神，研究部署下一阶段“三会一课”工作；支部书记张𬸚、组织委员李䶮、宣传委员王𫖯发言。"
    "会议强调：要坚持党建引领，把党建和中心工作一起谋划、一起部署、一起考核（详见附件《2026年第4季度计划》），"
    "使PDCA循环管理落到实处！"
)


def shown(open_source: Opener) -> Jpeg:
    """Return a picture that can be shown."""
    (page,) = shown_of(open_source).pages
    return page


def photo(mode: str = "RGB", size: tuple[int, int] = (2400, 1800), kind: str = "JPEG") -> Callable[[], BinaryIO]:
    """Return what opens an image of the given mode."""

    def opened() -> BinaryIO:
        buffer = io.BytesIO()
        Image.linear_gradient("L").resize(size).convert(mode).save(buffer, kind)
        buffer.seek(0)
        return buffer

    return opened


def everything(look: Look = Look.BOOK, landscape: bool = False) -> Document:
    """Return a document in which every block occurs."""
    blocks: list[Block] = [
        Cover("中共云河县烟草专卖局支部委员会", "党支部标准化建设检查档案", "2026年度", (("全宗号", "Z109"),)),
        Contents(2),
        Title("组织生活记录", "（2026年度）"),
        Heading("D4-01 支部党员大会", 1),
        Table(
            (Column("编号", 3), Column("题名", 5), Column("页号", 1, Side.CENTER), Column("页数", 1, Side.CENTER)),
            tuple((f"2026-D4-01-00{n}", f"第{n}次会议", PageOf(f"e{n}"), PagesOf(f"e{n}")) for n in (1, 2)),
        ),
    ]
    for number in (1, 2):
        blocks += [
            PageBreak(),
            Heading(f"2026-D4-01-00{number} 支部党员大会", 2, f"e{number}"),
            Fields((("主持人", "张𬸚"), ("记录人", "李䶮"), ("出席", "、".join(RARE)), ("地点", "党员活动室"))),
            Heading("发言", 3, listed=False),
            *[Paragraph(SENTENCE * (1 + turn % 3), lead=f"王{RARE[turn]}：") for turn in range(12)],
            Signatures(("主持人", "记录人", "日期")),
        ]
    names = ("组织", "班子", "教育", "生活", "载体", "场所", "服务", "保障")
    blocks += [
        Heading("得分", 1),
        Radar(names, (0.9, 0.7, 0.8, 0.95, 0.4, 0.6, 0.55, 0.75), (0.8,) * 8, ("本支部", "合格线")),
        Bars(tuple(Bar(name, index, 2.0, 12.0, f"{index}.00") for index, name in enumerate(names)), ("已得", "待评")),
        Space(5),
        Keep((Note("会场照片如下。"), Picture(shown(photo()), "图1 会场", 60))),
        Picture(shown(photo("RGBA", (300, 200), "PNG")), "图2 签到表"),
        Picture(shown(photo("CMYK", (300, 200))), "图3 印刷件"),
        Picture(None, "图4 损坏的文件"),
        Table((Column("序号"), Column("事由", 6)), ()),
        Table(
            (Column("序号"), Column("事由", 6)),
            (Band("第一组"), *((str(n), SENTENCE * (1 + 14 * (n == 7))) for n in range(20)), Band("第二组"), ("1", "")),
        ),
    ]
    return Document(
        title="组织生活记录 & <档案>",
        author="云河县站党支部",
        subject="样张",
        day=DAY,
        blocks=tuple(blocks),
        running_head="页眉",
        running_foot="云河县站党支部　2026年度",
        look=look,
        landscape=landscape,
    )
