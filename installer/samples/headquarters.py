"""What the invented headquarters enters: ratings of quality, figures of the race, spot checks, what follows from it."""

import tomllib
from collections.abc import Iterable
from datetime import date
from typing import Any

from installer.samples.sheets import SAMPLES, as_cell

PERIOD = "2026Q3"
RACE_HEAD = ("支部", "评比周期", "指标", "数值", "样本数", "依据")
FIGURES = {
    # code: H2 (None: the branch published its points), H3-1, H3-2, H3-3, H4, samples, H5, H7
    "ZK01": ("86", "96.5%", "82%", "75%", "89.5%", 42, "3", "88%"),
    "ZK02": ("89", "97.5%", "88%", "80%", "91%", 38, "3.25", "90.5%"),
    "ZK03": ("88", "97.2%", "86%", "80%", "91%", 8, "3.25", "89%"),
    "ZK04": (None, "99.8%", "100%", "100%", "97.4%", 51, "4", "98%"),
    "ZK05": ("71", "87.5%", "52%", "20%", "79%", 26, "1", "70%"),
}
GROUNDS = {
    "H2": "三季度积分公示表中位数", "H3-1": "营销、专卖系统9月报表", "H3-2": "党建+项目季度台账，业务科确认",
    "H3-3": "企管科精益课题评审表", "H4": "三季度问卷汇总", "H5": "党建科评审会评定", "H7": "9月下旬现场核查表",
}  # fmt: skip


RATING_HEAD = ("支部", "年度", "条目", "质量标准", "评定", "依据")
LEVELS = {
    # code: levels given in turn, share of favourable answers, every n-th criterion is not rated yet
    "ZK01": (("3", "3", "2.5", "3"), 0.84, 9),
    "ZK02": (("3.5", "3", "3", "3.5"), 0.87, 11),
    "ZK03": (("3", "2.5", "3", "3"), 0.85, 7),
    "ZK04": (("4", "3.5", "4", "3.5"), 0.93, 0),
    "ZK05": (("1", "1.5", "1", "2"), 0.65, 6),
}
RATING_GROUNDS = {
    "rating": "考评组查阅记录并询问当事人", "site": "9月下旬现场抽查", "survey": "现场发放测评表",
}  # fmt: skip


def criteria() -> list[tuple[str, int, str]]:
    """Return item, place and way of every criterion that people rate."""
    with (SAMPLES.parent / "standards" / "branch_standard.toml").open("rb") as file:
        pack = tomllib.load(file)
    return [
        (item["id"], number, criterion["how"])
        for dimension in pack["dimensions"]
        for item in dimension["items"]
        for number, criterion in enumerate(item["quality"], start=1)
        if criterion["how"] in RATING_GROUNDS
    ]


def rating_rows() -> Iterable[tuple[Any, ...]]:
    """Yield headquarters' judgement of quality: every criterion people rate, but for some not looked at yet."""
    for code, (levels, favourable, skipped) in LEVELS.items():
        for turn, (item, number, how) in enumerate(criteria(), start=1):
            if skipped and turn % skipped == 0:
                continue
            asked = 18 + turn % 5
            value = f"{round(asked * favourable)}/{asked}" if how == "survey" else levels[turn % len(levels)]
            yield code, 2026, item, str(number), value, RATING_GROUNDS[how]


def race_rows() -> Iterable[tuple[Any, ...]]:
    """Yield what headquarters enters for the race: one line per branch and indicator, then penalties."""
    for code, (points, business, plus, lean, satisfied, samples, brand, site) in FIGURES.items():
        values = {
            "H2": points, "H3-1": business, "H3-2": plus, "H3-3": lean, "H4": satisfied, "H5": brand, "H7": site,
        }  # fmt: skip
        for key, value in values.items():
            if value is None:
                continue
            yield code, PERIOD, key, value, samples if key == "H4" else None, GROUNDS[key]
    yield "ZK05", PERIOD, "P-02", "1", None, "市局督办单〔2026〕17号，责任投诉查实"


def corrected_rows() -> Iterable[tuple[Any, ...]]:
    """Yield the figure that an upheld appeal corrects once the result is published."""
    yield "ZK01", PERIOD, "H3-2", "86%", None, "党建+项目季度台账，10月12日业务科补充确认"


CHECK_HEAD = (
    "支部", "周期", "序号", "记录原件", "签到原件", "依据", "认定", "核查人", "核查日期", "核查方式",
)  # fmt: skip
CHECKED = {
    # code: how many of what was drawn were looked at, and where something was wrong: original, verdict, ground
    "ZK01": (5, {3: ("相符：缺记录人签名", "有瑕疵", "内容属实，原件没有记录人签名，已请支部补签")}),
    "ZK02": (5, {}),
    "ZK03": (5, {2: ("没有", "原件不在", "原件随县局档案移交，当天没有找到，改抽下一条")}),
    "ZK04": (5, {}),
    "ZK05": (3, {2: ("不符：日期写错一天", "有瑕疵", "活动属实，原件日期写成前一天，已请支部更正")}),
}
CHECKED_ON = date(2026, 10, 12)


def check_rows() -> Iterable[tuple[Any, ...]]:
    """Yield what was found of the records drawn: which they are changes with their numbers, so any would bear it."""
    for code, (count, flaws) in CHECKED.items():
        for position in range(1, count + 1):
            original, verdict, ground = flaws.get(position, ("相符", "属实", None))
            signed = ("赵国平、李敏", as_cell(CHECKED_ON), "到现场")
            yield code, PERIOD, position, original, None, ground, verdict, *signed


LIAISON_HEAD = ("联系日期", "联系事项", "支部", "联系人", "发现的问题", "下一步", "下次联系")


def liaison_rows() -> Iterable[tuple[Any, ...]]:
    """Yield how headquarters looked after the branch that lags."""
    yield (
        as_cell(date(2026, 8, 26)), "看三会一课记录，和支委座谈", "ZK05", "赵国平",
        "二季度以来支委会只开过一次，党课没有讲稿，主题党日常常只是看片。",
        "9月起每月支委会记录报来看；主题党日先报方案。", as_cell(date(2026, 9, 29)),
    )  # fmt: skip
    yield (
        as_cell(date(2026, 10, 12)), "通报三季度结果，一起排整改措施", "ZK05", "赵国平",
        "党费台账没有建，党建+项目没有立，责任投诉一件已查实。",
        "十月底前建好党费台账、报一个党建+项目；和淮阳区局结对，每月互访一次。", as_cell(date(2026, 11, 10)),
    )  # fmt: skip


SHARING_HEAD = ("日期", "名称", "形式", "承办支部", "地点", "介绍的做法", "参加的支部")


def sharing_rows() -> Iterable[tuple[Any, ...]]:
    """Yield the occasions to learn: one that was, with what was adopted, and one ahead."""
    yield (
        as_cell(date(2026, 9, 16)), "“阳光终端”现场观摩", "现场观摩", "ZK04", "柳湖街两户示范终端",
        "党员联系户挂牌、亮诉求和时限，月走访月销号。",
        "ZK01|挂牌先从十二户开始\nZK02|城区终端挂牌，问题月销号\nZK03\nZK05|柜台亮党员联系电话",
    )  # fmt: skip
    yield (
        as_cell(date(2026, 10, 22)), "三季度经验座谈会", "经验座谈", "ZK02", "项城市局三楼会议室",
        "满意度问卷怎样发、怎样收、怎样用。", "ZK01\nZK03\nZK04\nZK05",
    )  # fmt: skip


PAIR_HEAD = ("开始日期", "帮带内容", "被帮带支部", "帮带支部", "帮带到")


def pair_rows() -> Iterable[tuple[Any, ...]]:
    """Yield which branch helps which, with what."""
    yield as_cell(date(2026, 10, 12)), "三会一课记全、党费台账建起来", "ZK05", "ZK04", as_cell(date(2026, 12, 31))
    yield as_cell(date(2026, 10, 12)), "党建+项目立项和季度台账", "ZK03", "ZK02", as_cell(date(2027, 3, 31))
