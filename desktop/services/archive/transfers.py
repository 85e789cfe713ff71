"""The request for a letter of transfer: the superior committee issues it; its form is set and never imitated."""

from collections.abc import Mapping
from datetime import date

from desktop.models.vocabulary.transfers import TransferDirection
from desktop.services.archive.blocks import (
    Block,
    Document,
    Fields,
    Heading,
    Look,
    Note,
    Paragraph,
    Side,
    Signatures,
    Space,
    Title,
)
from desktop.services.archive.wording import day
from desktop.services.dues.words import CAPITALS
from desktop.services.members.moving import MovingMember

BLANK = "＿＿＿＿＿＿"


def transfer_request(moving: MovingMember, branch: str, on: date) -> Document:
    """Return the request of a branch, and below it what the letter says, in the order of its form, to copy from."""
    out = "内部转接" if moving.direction is TransferDirection.INTERNAL else "转接"
    whose = f"{moving.name}同志（{'，'.join(filter(None, _about(moving)))}）"
    paid = f"党费已交至{moving.paid_until.year}年{moving.paid_until.month}月。" if moving.paid_until else ""
    blocks: list[Block] = [
        Title(f"关于{out}{moving.name}同志组织关系的申请"),
        Paragraph(f"{BLANK}党委：", indent=False),
        Paragraph(
            f"我支部{whose}因{BLANK}，申请将组织关系由{moving.from_org or branch}转到{moving.to_org or BLANK}。"
            f"{paid}现申请开具组织关系介绍信，请予办理。"
        ),
        Space(6),
        Paragraph(branch, side=Side.RIGHT, indent=False),
        Paragraph(day(on), side=Side.RIGHT, indent=False),
        Heading("介绍信抄填内容", listed=False),
        Note("按介绍信各栏的次序排列，供开具时照抄；本页不是介绍信，介绍信由上级党委在统一印制的信上填写、盖章。"),
        Fields(tuple(_letter(moving, branch).items()), record="介绍信抄填内容"),
    ]
    if moving.doubt:
        blocks.append(Note(f"开具前核对：{moving.doubt}。"))
    blocks += [
        Note("介绍信由本人或经机要交通携带，不用普通快递；回执在一个月内寄回原所在党委，收到以前仍由原支部管理。"),
        Signatures(("支部书记", "本人", "日期")),
    ]
    title = f"{moving.name}组织关系转接申请"
    return Document(
        title=title,
        author=branch,
        subject="组织关系转接申请",
        day=on,
        blocks=tuple(blocks),
        running_head="",
        running_foot=branch,
        look=Look.OFFICIAL,
    )


def _about(moving: MovingMember) -> tuple[str, ...]:
    return (
        moving.gender,
        f"{moving.age}岁" if moving.age is not None else "",
        moving.ethnic,
        moving.category,
        f"身份证号{moving.id_no}" if moving.id_no else "",
    )


def _letter(moving: MovingMember, branch: str) -> Mapping[str, str]:
    paid, days = moving.paid_until, moving.valid_days
    return {
        "编号（由开具的党委编）": moving.letter_no,
        "抬头（接收的党委）": "",
        "姓名": moving.name,
        "性别": moving.gender,
        "年龄": f"{moving.age}岁" if moving.age is not None else "",
        "民族": moving.ethnic,
        "正式或预备": moving.category,
        "身份证号码": moving.id_no,
        "由": moving.from_org or branch,
        "去": moving.to_org,
        "党费交到": f"{capital_year(paid.year)}年{capital(paid.month)}月" if paid else "",
        "有效期": f"{capital(days)}天" if days else "",
        "党员联系电话": moving.phone,
        "原所在基层党委、地址、电话、邮编": "",
    }


def capital_year(year: int) -> str:
    """Return a year digit by digit in capitals: 贰零贰陆."""
    return "".join(CAPITALS[int(digit)] for digit in str(year))


def capital(number: int) -> str:
    """Return a number below a thousand in capitals: 拾壹, 叁拾, 玖拾, 壹佰贰拾."""
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words = f"{CAPITALS[hundreds]}佰" if hundreds else ""
    if tens:
        words += f"{CAPITALS[tens]}拾" if tens > 1 or hundreds else "拾"
    elif hundreds and units:
        words += "零"
    return words + (CAPITALS[units] if units else "") or CAPITALS[0]
