"""One branch of 总览 looked at in the pane: what it sent, how it is scored, what it came to, and what may be done."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLayout

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.numbers import points, signed
from desktop.services.race.editions import period_name
from desktop.services.reporting_due import Lateness
from desktop.ui.headquarters.overview_cells import class_tag
from desktop.ui.widgets import button, link, row, text
from desktop.ui.widgets.pane import fact, heading

if TYPE_CHECKING:
    from desktop.services.branch_overview import BranchOverview
    from desktop.ui.headquarters.overview import OverviewPage
    from desktop.ui.page import Desk

SCORE_WIDTH, RACE_WIDTH = 84, 96


def show_branch(page: "OverviewPage", branch: "BranchOverview") -> None:
    """Fill the pane of `page` with a branch."""
    tag = class_tag(branch)
    page.pane.show_head(branch.name, code=branch.code, state=tag.text, tone=tag.tone)
    reads = button("打开支部", lambda: page.read_branch(branch), icon="eye")
    page.pane.show_body(
        *((row(reads, ...),) if branch.last_seq is not None else ()),
        fact("分组", page.group_name(branch)),
        *((fact("党总支", branch.county),) if branch.county else ()),
        _roster(page, branch),
        fact("登记", branch.state.label),
        *_reported(page, branch),
        heading("标准化"),
        *_scores(branch),
        *_rating(page.desk, branch),
        *_race(page.desk, branch),
        heading("改进"),
        fact("计划", "，".join(filter(None, (branch.plan, branch.plan_stage)))),
        fact("没办结的意见", f"{branch.remarks_open} 条"),
    )
    page.pane.show_foot(*_foot(page, branch))


def _roster(page: "OverviewPage", branch: "BranchOverview") -> QLayout:
    if branch.last_seq is None:
        return fact("在册党员", "")
    return fact("在册党员", link(f"{branch.members} 人", lambda: page.read_branch(branch, "members", "roster")))


def _reported(page: "OverviewPage", branch: "BranchOverview") -> list[Any]:
    last = f"第 {branch.last_seq} 号，{branch.last_received_on} 收" if branch.last_seq else "还没收到"
    missing, due = branch.attachments_missing, _due_words(page, branch)
    urges = page.lateness(branch).missing and page.desk.may(Act.EXPORT)
    return [
        heading("报送"),
        fact("最后一包", last),
        *((fact("本期", due),) if due else ()),
        *((row(link("打印催报单", lambda: page.urge([branch], each=True)), ...),) if urges else ()),
        fact("已报期次", "、".join(period_name(period) for period in branch.periods)),
        fact("等待决定", f"{branch.held} 个包" if branch.held else ""),
        fact("程序", " ".join(filter(None, (branch.program, "比这里旧" if branch.program_behind else "")))),
        fact("标准", _standard(branch)),
        fact("缺少附件", f"{missing} 个，随反馈包请它补报" if missing else ""),
    ]


def _due_words(page: "OverviewPage", branch: "BranchOverview") -> str:
    """Say whether the quarter was handed in, and by which day it had to be."""
    lateness, due = page.lateness(branch), page.due
    if due is None or lateness is Lateness.NOT_ASKED:
        return ""
    if lateness is Lateness.NOT_OWED:
        return f"{due.name}不用报，{branch.owed.words}"
    if lateness is Lateness.REPORTED:
        return f"{due.name}已报"
    ends = f"{due.closes_on:%m-%d}"
    return f"{due.name}还没报，{ends} 截止" if lateness is Lateness.DUE else f"{due.name}还没报，{ends} 已截止"


def _standard(branch: "BranchOverview") -> str:
    lacking = f"没有{'、'.join(branch.standards_behind)}，随反馈包下发" if branch.standards_behind else ""
    return "；".join(filter(None, (f"{branch.standard} 版" if branch.standard else "", lacking)))


def _scores(branch: "BranchOverview") -> list[Any]:
    """Return own and verified rate, from which data and for which day both are reckoned, and what each rests on."""
    own = verified = ""
    if branch.own_rate is not None:
        own = points(branch.own_rate) if branch.own_rated else "待评，支部还没有自评质量"
    if branch.rate is not None:
        verified = points(branch.rate) if branch.quality_rated else "待评，还没有评定质量"
    pending = "" if branch.pending is None else f"{points(branch.pending)} 分"
    apart = signed(branch.apart, "")
    known = branch.scored_on is not None
    return [
        *([fact("所用数据", f"第 {branch.last_seq} 号包，{branch.last_received_on} 收", SCORE_WIDTH)] if known else ()),
        *([fact("计算日", _day_words(branch), SCORE_WIDTH)] if known else ()),
        fact("自评得分率", own, SCORE_WIDTH),
        fact("核定得分率", "算不出" if branch.broken else verified, SCORE_WIDTH),
        fact("核定比自评", apart, SCORE_WIDTH),
        fact("核定待评", pending, SCORE_WIDTH),
    ]


def _day_words(branch: "BranchOverview") -> str:
    day, came = branch.scored_on, branch.last_received_on
    later = day is not None and came is not None and day > came
    return f"{day}，包以后的事没有算进去" if later else f"{day}"


def _rating(desk: "Desk", branch: "BranchOverview") -> list[Any]:
    broken = text("报来的数据算不出得分，请支部核对后重新报送。", "bad", wrap=True)
    rates = branch.last_seq is not None and desk.has("assess", "ratings")
    way = link("去评定", lambda: desk.open("assess", "ratings", branch=branch.branch_id))
    return [*((broken,) if branch.broken else ()), *((row(way, ...),) if rates else ())]


def _race(desk: "Desk", branch: "BranchOverview") -> list[Any]:
    if not branch.race_class:
        return []
    rank = f"第 {branch.rank} 名 / {branch.ranked}" if branch.rank else "未排名"
    total = "未计总分" if branch.total is None else f"{points(branch.total)} 分，"
    why = link("看为什么", lambda: desk.open("race", "race", branch=branch.branch_id))
    return [
        heading("赛马"),
        fact(period_name(branch.race_period), f"{total}{rank}", RACE_WIDTH),
        row(why, ...),
    ]


def _foot(page: "OverviewPage", branch: "BranchOverview") -> list[Any]:
    desk = page.desk
    remark = button("提意见", lambda: desk.open("send", "remarks", branch=branch.branch_id), icon="message")
    renames = desk.offered("partners", link("改名称", lambda: page.change(branch)))
    if branch.state is PartnerState.ACTIVE:
        more = [
            link("复制公开钥匙", lambda: page.copy_key(branch)),
            desk.offered(Act.EXCHANGE, link("停用登记", lambda: page.revoke(branch))),
        ]
    else:
        more = [desk.offered(Act.EXCHANGE, link("重写邀请文件", lambda: page.invite(branch)))]
    return [*((desk.offered("remarks", remark),) if desk.has("send") else ()), ..., renames, *more]
